"""What is the best plan of a small problem? Every party whole, every convoy whole, in one integer program.

The program leaves some rules out (which vehicle of a convoy, the hall) and never adds one, so that what it cannot get
below no plan gets below. It has only what can still be in a plan better than the best one known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np

from corridor.plan.problem import Problem
from corridor.plan.solve.anew import made_whole, wanted
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import Classes, Crossing, classes
from corridor.plan.solve.flows.desks import moved
from corridor.plan.solve.flows.flow import Flow, build
from corridor.plan.solve.flows.program import Answer, Options
from corridor.plan.solve.frame import Flags, Floats, Frame, Ints
from corridor.plan.solve.prices.lower import fixed
from corridor.plan.solve.proof.ruling import Ruling
from corridor.plan.solve.proof.staying import put_permits, put_visits
from corridor.plan.solve.spans import Steps
from corridor.plan.solve.worth import Worth

BRANCHING: Options = {
    "mip_lp_solver": "ipx",
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
}
"""A plan near the best is known: half of the time went into looking for others beside the tree."""
EXACT = 1e-7
"""A share of the value below which two values are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the program found: steps by party (index), vehicles by road, slot and fleet; what no plan is below."""

    steps: dict[int, Steps]
    vehicles: dict[tuple[int, int, int], int]
    bound: float


def holds_for(problem: Problem) -> bool:
    """Whether the program leaves out no plan, so that its bound is one of the problem."""
    rules = [*(leg.escorts for leg in problem.legs), *(flight.escorts for flight in problem.flights)]
    pools = [[rule.pool for rule in those] for those in rules]
    return (
        not problem.objective.order
        and not any(party.stands != "origin" for party in problem.parties)
        and not any(flight.overbooked_seats_max for flight in problem.flights)
        and not any(len(set(those)) < len(those) for those in pools)
        and all(f.departs_from_minute == f.departs_until_minute < problem.minutes for f in problem.flights)
    )


def without_bonds(problem: Problem) -> Frame:
    """The problem with every party a unit of its own, in the order of the parties."""
    parties = tuple(msgspec.structs.replace(party, bonds=()) for party in problem.parties)
    return Frame(msgspec.structs.replace(problem, parties=parties))


def answered_whole(
    problem: Problem, ruling: Ruling, within: float, best: float, nodes: int, stop: Callable[[], bool]
) -> Proof | None:
    """The best that can be done with what costs no more than `within` at the prices of the bound, if it is better than
    `best`; None: there is nothing to decide."""
    frame = without_bonds(problem)
    worth = Worth(frame, first_only=True)
    of = classes(frame, alone=range(len(frame.units)))

    def looked_at(crossing: Crossing, road: int, leaves: Ints, crosses: Ints) -> Flags:
        found: Flags = ruling.left(crossing.units[0], road, within)[leaves, crosses]
        return found

    def flights(u: int) -> tuple[Flags, Floats]:
        return np.ones(len(frame.runs), dtype=np.bool_), worth.besides(u, None)

    flow = build(frame, worth, of, None, looked_at, flights, prompt=False, after=frame.slots, loads=True)
    whole = made_whole(flow, of)
    if not whole.size:
        return None
    _shares_of_vehicles(frame, flow, of)
    _last_departure(frame, worth, flow)
    _bonds(frame, problem, flow, of)
    _offers(frame, worth, flow, of)
    comes = put_visits(frame, problem, flow, of)
    put_permits(frame, worth, flow, of)
    always = fixed(frame, worth)
    options: Options = BRANCHING | {
        "mip_max_nodes": nodes,
        "mip_rel_gap": EXACT,
        "objective_bound": best - always + abs(best) * EXACT,
    }
    answer: Answer = flow.program.solve(options=options, stop=stop)
    steps: dict[int, Steps] = {}
    vehicles: dict[tuple[int, int, int], int] = {}
    if answer.values is not None:
        steps = wanted(Draft(frame), (), of.crossing, flow, answer.values)
        for i, (first, columns) in comes.items():
            there = np.flatnonzero(answer.values[columns] > 0.5)
            if there.size and steps[i].gate >= 0:
                steps[i] = moved(frame, steps[i].gate, steps[i], first + int(there[0]))
        for (road, fleet), columns in flow.vehicles.items():
            sent = np.round(np.where(columns >= 0, answer.values[columns], 0.0)).astype(np.int64)
            vehicles |= {(road, int(slot), fleet): int(sent[slot]) for slot in np.flatnonzero(sent)}
    return Proof(steps=steps, vehicles=vehicles, bound=min(best, answer.bound + always))


def _shares_of_vehicles(frame: Frame, flow: Flow, of: Classes) -> None:
    """A party takes of every vehicle no more places than it needs: a part of a vehicle carries that part of it."""
    for choice in flow.choices:
        if choice.road not in flow.convoy:
            continue
        one, fleets = of.crossing[choice.crossing], frame.roads[choice.road].fleets
        for at, name in ((1, "seats"), (2, "stretchers"), (3, "wheelchairs")):
            mine = round(one.counts[at] * one.persons)
            has = {fleet: int(getattr(frame.problem.fleets[fleet], name)) for fleet in fleets}
            if not 0 < mine < max(has.values(), default=0):
                continue
            slots, turn = np.unique(choice.leaves, return_inverse=True)
            rows = flow.program.add_rows(len(slots), upper=0.0)
            flow.program.put(rows[turn], choice.columns, float(mine))
            for fleet, places in has.items():
                if places:
                    flow.program.put(rows, flow.vehicles[choice.road, fleet][slots], -float(min(mine, places)))


def _last_departure(frame: Frame, worth: Worth, flow: Flow) -> None:
    """Columns that say whether somebody flies on a departure or later, each costing the hours since the one before."""
    means, turn = np.unique([run.mean for run in frame.runs], return_inverse=True)
    points = worth.points["last_departure_hours"] * np.diff(means, prepend=0.0) / 60
    if not points.any():
        return
    late = flow.program.add_columns(points, upper=1.0)
    by: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (index, flight), column in flow.flown.items():
        by[index].append((int(turn[flight]), column))
    for those in by.values():
        for at in range(len(means)):
            columns = [column for when, column in those if when >= at]
            if columns:
                row = flow.program.add_rows(1, upper=0.0)
                flow.program.put(np.repeat(row, len(columns)), columns, 1.0)
                flow.program.put(row, late[at : at + 1], -1.0)


def _offers(frame: Frame, worth: Worth, flow: Flow, of: Classes) -> None:
    """Others leave seats kept for an offer alone; and a seat that was kept, and is used as meant, fills none that would
    be empty."""
    program, points = flow.program, worth.points["empty_seats"]
    for flight, run in enumerate(frame.runs):
        kept = [offer for offer in run.flight.offers if offer.answer != "declined"]
        if not kept:
            continue
        draft = Draft(frame)
        by: dict[int | None, list[tuple[int, float]]] = defaultdict(list)
        for flying in of.flying:
            column = flow.flown.get((flying.index, flight))
            if column is not None:
                unit = frame.units[flying.units[0]]
                by[draft.offer_of(flight, unit.members[0])].append((column, float(unit.seats)))
        all_kept = float(sum(offer.seats for offer in kept))
        others = program.add_rows(1, upper=max(0.0, run.flight.seats - all_kept))
        for turn, offer in enumerate(run.flight.offers):
            theirs = by[turn] if offer.answer != "declined" else []
            seats = sum(each for _, each in theirs)
            if not theirs or run.flight.optional:
                continue
            # Used of those kept: all who fly of them, or all that are kept when they are as many.
            used = program.add_columns(np.array([points]), upper=float(offer.seats))
            full = program.add_columns(np.zeros(1), upper=1.0, whole=True)
            rows = program.add_rows(3, upper=0.0)
            columns = np.array([column for column, _ in theirs])
            places = np.array([each for _, each in theirs])
            program.put(np.repeat(rows[0], len(columns)), columns, places)
            program.put(rows[:1], used, -1.0)
            program.put(rows[:1], full, -seats)
            program.put(rows[1:2], full, float(offer.seats))
            program.put(rows[1:2], used, -1.0)
            program.put(rows[2:], full, float(offer.seats))
            program.put(np.repeat(rows[2], len(columns)), columns, -places)
        for at, those in by.items():
            if at is None or run.flight.offers[at].answer == "declined":
                for column, each in those:
                    program.put(others, [column], each)


def _bonds(frame: Frame, problem: Problem, flow: Flow, of: Classes) -> None:
    """Who is bonded takes only crossings and flights that the other takes."""
    crossings: dict[int, dict[tuple[int, int, int], int]] = defaultdict(dict)
    for choice in flow.choices:
        mine = crossings[of.crossing[choice.crossing].units[0]]
        for leaves, crosses, column in zip(choice.leaves, choice.crosses, choice.columns, strict=True):
            mine[choice.road, int(leaves), int(crosses)] = int(column)
    flights: dict[int, dict[tuple[int, int, int], int]] = defaultdict(dict)
    for (index, flight), column in flow.flown.items():
        flights[of.flying[index].units[0]][flight, 0, 0] = column
    for i, party in enumerate(problem.parties):
        for bond in party.bonds:
            j = frame.party_of[bond.party]
            if problem.parties[j].place != party.place:
                continue
            for steps in (crossings, flights):
                for key, column in steps[i].items():
                    row = flow.program.add_rows(1, upper=0.0)
                    flow.program.put(row, [column], 1.0)
                    if key in steps[j]:
                        flow.program.put(row, [steps[j][key]], -1.0)
