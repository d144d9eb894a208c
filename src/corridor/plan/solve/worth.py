"""What is a way worth, and a whole draft? Points of the objective, exactly as docs/reference/plan.md says."""

from __future__ import annotations

import numpy as np

from corridor.plan.problem import Goal
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.frame import Floats, Frame, Ints, Road, Unit
from corridor.plan.solve.spans import Steps

_STEP = 1_000_000.0
"""With an order of goals, a goal outweighs the next one by this: more than any plan of this program differs in it."""


class Worth:
    """The points of a problem's objective for ways and drafts of it."""

    def __init__(self, frame: Frame, *, first_only: bool = False) -> None:
        """With `first_only` an order of goals is only its first goal, as a plan's value is."""
        self.frame = frame
        self.latest_first = sorted(range(len(frame.runs)), key=lambda i: -frame.runs[i].mean)
        self.until = np.array([*(run.latest for run in frame.runs), frame.end])
        objective = frame.problem.objective
        goals: tuple[Goal, ...] = (
            *("danger_person_hours", "staging_person_hours", "permit_breaches", "last_departure_hours"),
            *("empty_seats", "cost", "changes", "against_wish"),
        )
        self.points: dict[Goal, float] = {goal: float(getattr(objective, goal)) for goal in goals}
        if objective.order:
            self.points = dict.fromkeys(goals, 0.0)
            for rank, goal in enumerate(objective.order[:1] if first_only else objective.order):
                self.points[goal] = 1.0 if first_only else _STEP ** (min(3, len(objective.order)) - 1 - rank)

    def danger(self, unit: Unit, steps: Steps | None) -> float:
        """Hours in danger, times hazard, of each of the unit."""
        frame = self.frame
        if unit.stage > 1:
            return 0.0
        left = frame.problem.objective.left_behind_minutes / 60
        here = frame.danger_of[unit.place] if unit.stage == 0 else frame.posts[frame.gate_of[unit.place]].danger_hours
        if steps is None or steps.crosses < 0:
            return float(here[-1]) + left
        crosses = steps.crosses * frame.slot
        if unit.stage == 1:
            return float(here[crosses])
        road = frame.roads[steps.road]
        at_gate = frame.posts[steps.gate].danger_hours
        leaves = steps.leaves * frame.slot
        rides = float(road.ride_hours[steps.leaves])
        return float(here[leaves]) + rides + float(at_gate[crosses] - at_gate[leaves + road.leg.minutes])

    def dangers(self, unit: Unit, road: Road, leaves: Ints, gate: int, crosses: Ints) -> Floats:
        """The same for many slots of leaving an origin and crossing."""
        frame, here = self.frame, self.frame.danger_of[unit.place]
        at_gate, out = frame.posts[gate].danger_hours, leaves * frame.slot
        found: Floats = here[out] + road.ride_hours[leaves]
        return found + at_gate[crosses * frame.slot] - at_gate[out + road.leg.minutes]

    def staging(self, unit: Unit, steps: Steps | None) -> float:
        """Hours from crossing to departing of each of the unit."""
        frame = self.frame
        begins = 0.0
        if unit.stage <= 1:
            if steps is None or steps.crosses < 0:
                return 0.0
            begins = steps.crosses * frame.slot / 60
        if steps is None or steps.flight < 0:
            return frame.left_hours - begins
        return frame.runs[steps.flight].mean / 60 - begins

    def way(self, u: int, steps: Steps | None) -> float:
        """Points of one unit on this way (None: it stays), less those of empty seats which it fills."""
        frame, points = self.frame, self.points
        unit = frame.units[u]
        total = points["danger_person_hours"] * unit.weighted * self.danger(unit, steps)
        total += points["staging_person_hours"] * unit.weighted * self.staging(unit, steps)
        run = frame.runs[steps.flight] if steps is not None and steps.flight >= 0 else None
        crosses = steps.crosses * frame.slot if steps is not None and steps.crosses >= 0 else None
        for member in unit.members:
            party = frame.problem.parties[member]
            ends = party.permit_until_minute
            if ends is None and party.permit_minutes is not None and crosses is not None:
                ends = crosses + party.permit_minutes
            if ends is not None and ends < (run.latest if run else frame.end):
                total += points["permit_breaches"] * party.persons
            if run and party.prefers and run.flight.home not in party.prefers:
                total += points["against_wish"] * party.persons
            if party.announced is not None:
                told = party.announced
                changed = told.crosses_minute is not None and told.crosses_minute != crosses
                total += points["changes"] * party.persons * changed
                changed = told.flight is not None and (run is None or told.flight != run.flight.id)
                total += points["changes"] * party.persons * changed
        if run:
            total -= points["empty_seats"] * unit.seats
        return total

    def besides(self, u: int, steps: Steps | None) -> Floats:
        """By flight, and last for no flight, the points of a unit that crosses so (None: it stays) besides its hours
        and seats: permits that run out, wishes, what it was told."""
        frame, points = self.frame, self.points
        found = np.zeros(len(frame.runs) + 1)
        crosses = steps.crosses * frame.slot if steps is not None and steps.crosses >= 0 else None
        for member in frame.units[u].members:
            party = frame.problem.parties[member]
            ends = party.permit_until_minute
            if ends is None and party.permit_minutes is not None and crosses is not None:
                ends = crosses + party.permit_minutes
            if ends is not None:
                found += points["permit_breaches"] * party.persons * (self.until > ends)
            if party.prefers:
                wished = np.array([run.flight.home in party.prefers for run in frame.runs])
                found[:-1] += points["against_wish"] * party.persons * ~wished
            if party.announced is not None and party.announced.flight is not None:
                found += points["changes"] * party.persons
                found[frame.flight_of[party.announced.flight]] -= points["changes"] * party.persons
        return found

    def flights(self, draft: Draft) -> float:
        """Points of the flights themselves: the last departure, the seats there are, the cost."""
        return sum(self.flight(draft, i) for i in range(len(self.frame.runs))) + self.last(draft)

    def flight(self, draft: Draft, flight: int) -> float:
        """Points of one flight itself, but for the last departure."""
        what, points = self.frame.runs[flight].flight, self.points
        if not draft.flies[flight]:
            return points["cost"] * what.cancel_cost
        escorts = sum(seats for _, seats in draft.flight_escorts[flight].values())
        seats = what.seats - escorts - draft.offers_kept(flight)
        return points["cost"] * what.cost + points["empty_seats"] * seats

    def last(self, draft: Draft) -> float:
        """Points of the last departure."""
        aboard, runs = draft.flight_counts, self.frame.runs
        means = (runs[i].mean for i in self.latest_first if draft.flies[i] and aboard[i][0])
        return self.points["last_departure_hours"] * next(means, 0.0) / 60

    def convoys(self, draft: Draft) -> float:
        """Points of the trips of vehicles."""
        fleets = self.frame.problem.fleets
        if not self.points["cost"]:
            return 0.0
        return self.points["cost"] * sum(
            fleets[v.fleet].cost_per_trip for loading in draft.loadings.values() for v in loading.vehicles
        )

    def whole(self, draft: Draft) -> float:
        """The value of the draft as a plan."""
        return (
            sum(self.way(u, steps) for u, steps in enumerate(draft.steps)) + self.flights(draft) + self.convoys(draft)
        )
