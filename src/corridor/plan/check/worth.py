"""What is a plan worth: how much of every goal it costs, and how many points that is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import get_args

from corridor.base.ids import PartyId
from corridor.plan.answer import GoalAmount
from corridor.plan.check.movements import seats_open
from corridor.plan.check.steps import Lookup, Steps, departures
from corridor.plan.problem import Goal, Hazard, Objective

GOALS: tuple[Goal, ...] = get_args(Goal)


def amounts(lookup: Lookup, roads: Mapping[PartyId, Steps]) -> dict[Goal, Fraction]:
    """How much of every goal the plan costs, exactly."""
    found: dict[Goal, Fraction] = dict.fromkeys(GOALS, Fraction(0))
    danger = staging = 0
    for steps in roads.values():
        party = steps.party
        danger += party.persons * party.weight * _danger_percent_minutes(lookup, steps)
        staging += party.persons * party.weight * _staging_percent_minutes(lookup, steps)
        found["permit_breaches"] += party.persons * _breaks_permit(lookup, steps)
        found["changes"] += party.persons * _changes(steps)
        if steps.flight is not None and party.prefers and steps.flight.home not in party.prefers:
            found["against_wish"] += party.persons
    found["danger_person_hours"] = Fraction(danger, 6000)
    found["staging_person_hours"] = Fraction(staging, 6000)
    _flights(lookup, roads, found)
    for convoy in lookup.plan.convoys:
        found["cost"] += sum(lookup.fleets[vehicle.fleet].cost_per_trip for vehicle in convoy.vehicles)
    return found


def value_of(objective: Objective, amounts: Mapping[Goal, Fraction]) -> float:
    """The points of a plan; with an order of goals the amount of the first."""
    if objective.order:
        return float(amounts[objective.order[0]])
    return float(sum(amounts[goal] * getattr(objective, goal) for goal in GOALS))


def as_goals(amounts: Mapping[Goal, Fraction]) -> tuple[GoalAmount, ...]:
    """The amounts as a plan carries them."""
    return tuple(GoalAmount(goal=goal, amount=float(amounts[goal])) for goal in GOALS)


def _percent_minutes(hazards: tuple[Hazard, ...], begin: int, end: int) -> int:
    """Minutes of a span, each times its hazard in percent."""
    extra = sum(
        (hazard.percent - 100) * max(0, min(end, hazard.until_minute) - max(begin, hazard.from_minute))
        for hazard in hazards
    )
    return 100 * max(0, end - begin) + extra


def _danger_percent_minutes(lookup: Lookup, steps: Steps) -> int:
    if steps.out:
        return 0
    problem, party = lookup.problem, steps.party
    left_behind = 100 * problem.objective.left_behind_minutes
    found, gate_from = 0, 0
    if party.stands == "origin":
        origin = next(one for one in problem.origins if one.id == party.place)
        if steps.approach is None:
            return _percent_minutes(origin.hazards, 0, problem.minutes) + left_behind
        leg, leaves = lookup.legs[steps.approach.leg], steps.approach.departs_minute
        gate_from = leaves + leg.minutes
        found = _percent_minutes(origin.hazards, 0, leaves) + _percent_minutes(leg.hazards, leaves, gate_from)
    assert steps.gate is not None, "who stands before a gate, or left for it, has one"
    hazards = lookup.gates[steps.gate].hazards
    if steps.crosses is None:
        return found + _percent_minutes(hazards, gate_from, problem.minutes) + left_behind
    return found + _percent_minutes(hazards, gate_from, steps.crosses)


def _staging_percent_minutes(lookup: Lookup, steps: Steps) -> int:
    if steps.crosses is None and not steps.out:
        return 0
    crossed = 0 if steps.crosses is None else steps.crosses
    end = lookup.problem.minutes + lookup.problem.objective.left_behind_minutes
    return sum(percent * (minute - crossed) for minute, percent in steps.departs or ((end, 100),))


def _breaks_permit(lookup: Lookup, steps: Steps) -> bool:
    party = steps.party
    until = party.permit_until_minute
    if until is None and party.permit_minutes is not None and steps.crosses is not None:
        until = steps.crosses + party.permit_minutes
    if until is None or (steps.crosses is None and not steps.out):
        return False
    gone = steps.departs[-1][0] if steps.departs else lookup.problem.minutes
    return gone > until


def _changes(steps: Steps) -> int:
    """How many of the two things the party was told are not so any more."""
    told = steps.party.announced
    if told is None:
        return 0
    flight = None if steps.flight is None else steps.flight.id
    crossing = told.crosses_minute is not None and told.crosses_minute != steps.crosses and not steps.out
    return crossing + (told.flight is not None and told.flight != flight)


def _flights(lookup: Lookup, roads: Mapping[PartyId, Steps], found: dict[Goal, Fraction]) -> None:
    """What flights cost: the last departure, seats left empty, money."""
    flyers: dict[str, list[Steps]] = {}
    for steps in roads.values():
        if steps.flight is not None:
            flyers.setdefault(steps.flight.id, []).append(steps)
    last = Fraction(0)
    for flight in lookup.problem.flights:
        run = lookup.runs.get(flight.id)
        if run is None or not run.flies or run.departs_minute is None:
            found["cost"] += flight.cancel_cost
            continue
        found["cost"] += flight.cost
        aboard = [steps.party for steps in flyers.get(flight.id, ())]
        booked = sum(party.seats for party in aboard)
        found["empty_seats"] += max(0, seats_open(flight, run, aboard) - booked)
        if aboard:
            times = departures(flight, run.departs_minute)
            last = max(last, Fraction(sum(percent * minute for minute, percent in times), 6000))
    found["last_departure_hours"] = last
