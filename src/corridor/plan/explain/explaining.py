"""Why is this party not on this flight? Answered by putting it there and seeing what breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from corridor.base.ids import MovementId, PartyId
from corridor.plan.answer import Plan, Relaxation
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import clusters, floor_plan
from corridor.plan.dispatch.floor import Floor, Found
from corridor.plan.dispatch.limits import Locks
from corridor.plan.dispatch.loaded import floor_of
from corridor.plan.dispatch.rooms import Whatever
from corridor.plan.explain.missing import CLASSES, missing
from corridor.plan.explain.relaxing import Change, change, clock, cost, relaxed
from corridor.plan.problem import Party, Problem

FLIGHTS_TRIED = 12
"""Flights for which everything else is looked at too, the earliest first: beyond them a change is no news."""
PROVED_MAX = 6
"""Sets of changes that are tried out in full before giving up, the easiest first."""

WHY = {
    "seats": "too few seats are free",
    "stretchers": "no stretcher place is free",
    "wheelchairs": "no wheelchair place is free",
    "laps": "no lap is free",
    "share": "too many aboard would not be of the flight's own",
    "allowed": "the flight does not take its citizenship",
    "beds": "no bed is free until then",
    "holding": "the room before the gate is full",
    "hall": "the hall behind the gate is full",
    "gate": "nobody more can cross in time",
    "shift": "the station's queue is too long to be ready in time",
    "officers": "the station's queue is too long to be ready in time",
    "queue": "the station's queue is full",
    "pool": "no escort is free",
    "fleet": "no vehicle is free",
    "vehicles": "the convoys that would be in time are full",
    "wait": "it still waits",
    "validity": "its clearance runs out before",
    "lock": "it is locked",
}
"""What binds, by the kind of the first change that would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An answer from the model.

    `reason` is ``aboard``, ``room`` (it could be there: `costs_more` says what that is worth), ``too_late`` or
    ``nothing`` (no change that was tried helps), or the kind of the change that would help; `relaxations` are proved:
    with all of them made the party flies on `flight`, everybody else as before, by the checker.
    """

    party: PartyId
    reason: str
    says: str
    flight: MovementId | None = None
    costs_more: float | None = None
    relaxations: tuple[Relaxation, ...] = ()


def explain(problem: Problem, plan: Plan, party: PartyId, flight: MovementId | None = None) -> Explanation:
    """Why the party is not on the flight (None: not on any). The plan must be feasible; both ids must exist.

    Those bound to the party go where it goes. Only the party is moved, nobody else.
    """
    way = next((way for way in plan.ways if way.party == party), None)
    if way is not None and way.flight is not None and flight in (None, way.flight):
        departs = next(run.departs_minute for run in plan.flights if run.flight == way.flight)
        says = f"{party} is on {way.flight}, which leaves at {clock(problem, departs or 0)}."
        return Explanation(party=party, reason="aboard", says=says, flight=way.flight)
    return Question(problem, plan, party, flight).answer()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is looked past to see a way: limits, for which flights, and (`bare`) the party's own waits and locks."""

    ignored: frozenset[Whatever]
    flights: frozenset[MovementId]
    bare: bool


class Question:
    """One question: the party with those bound to it, the flights that would do, and the floor without them.

    `helped` is the attempt from which the proved changes came, once there are such.
    """

    def __init__(self, problem: Problem, plan: Plan, party: PartyId, flight: MovementId | None) -> None:
        self.problem, self.plan, self.party, self.flight = problem, plan, party, flight
        self.wanted = {one.id for one in problem.flights} if flight is None else {flight}
        cluster = next(those for those in clusters(problem.parties) if any(one.id == party for one in those))
        me = next(one for one in cluster if one.id == party)
        self.apart = sorted(one.id for one in cluster if (one.stands, one.place) != (me.stands, me.place))
        self.group = [one for one in cluster if (one.stands, one.place) == (me.stands, me.place)]
        self.ids = {one.id for one in self.group}
        self.floor = floor_of(problem, plan, self.ids)
        self.helped: Attempt | None = None

    def answer(self) -> Explanation:
        """The explanation: there is room; or the easiest changes that are proved; or neither."""
        if self.apart:
            says = f"{self.party} goes only with {', '.join(self.apart)}, who stand elsewhere: look at them together."
            return Explanation(party=self.party, reason="bond", says=says)
        everything = self._everything(self.wanted)
        for bare in (False, True):
            # Who could not be there with every limit gone cannot be with some of them.
            if self._find(self.floor, Attempt(everything, frozenset(self.wanted), bare)) is not None:
                answer = self.answer_by(self._attempts(bare=bare))
                if answer is not None:
                    return answer
        if self._find_bare(everything, self.wanted) is None:
            says = (
                f"{self.party} is not on {self._where()}: it could not be there in time even with nothing in the way."
            )
            return Explanation(party=self.party, reason="too_late", says=says)
        says = f"{self.party} is not on {self._where()}: no small change that was tried would place it."
        return Explanation(party=self.party, reason="nothing", says=says)

    def answer_by(self, attempts: Iterable[Attempt]) -> Explanation | None:
        """There is room, or the easiest of the changes that these attempts show and that are proved; None: neither."""
        found = None if self.apart else self.floor.find(self.group, self.wanted)
        if found is not None:
            return self._room(found)
        shown = [] if self.apart else [(one, self._changes(one)) for one in attempts]
        some = [(one, changes) for one, changes in shown if changes]
        for attempt, changes in sorted(some, key=lambda one: cost(one[1]))[:PROVED_MAX]:
            proved = self._proved([one.relaxation for one in changes])
            if proved is not None:
                self.helped = attempt
                flight, departs = proved
                help_ = " and ".join(one.relaxation.says for one in changes)
                why = WHY[changes[0].kind]
                says = (
                    f"{self.party} is not on {self._where()}: {why}. It would be on {flight} at {departs} with {help_}."
                )
                relaxations = tuple(one.relaxation for one in changes)
                return Explanation(
                    party=self.party, reason=changes[0].kind, says=says, flight=flight, relaxations=relaxations
                )
        return None

    def _where(self) -> str:
        return "any flight" if self.flight is None else self.flight

    def _room(self, found: Found) -> Explanation:
        self.floor.commit(self.group, found)
        there = floor_plan(self.floor, made_by=self.plan.made_by)
        assert found.rest.onward is not None and found.rest.onward.flight is not None, "only flights were wanted"
        more, flight = there.value - self.plan.value, found.rest.onward.flight
        worth = f"{more:,.0f} points more" if more >= 0 else f"{-more:,.0f} points less"
        says = f"{self.party} could be on {flight}: there is room. The plan would cost {worth}."
        return Explanation(party=self.party, reason="room", says=says, flight=flight, costs_more=more)

    # ------------------------------------------------------------------------------------------ what could be changed

    def _everything(self, flights: set[MovementId]) -> frozenset[Whatever]:
        """Every limit there is, of flights only those of these."""
        limits = {*self.floor.rooms.left, *(("vehicles", leg.id) for leg in self.problem.legs)}
        limits |= {("station", station.id) for station in self.problem.stations}
        return frozenset(limits) | frozenset((name, flight) for flight in flights for name in CLASSES)

    def _attempts(self, *, bare: bool) -> Iterator[Attempt]:
        """What to ignore, and for which flights: nothing, each limit by itself, all places of a flight, all of it."""
        wanted = frozenset(self.wanted)
        if bare:
            yield Attempt(frozenset(), wanted, bare)
        for limit in sorted(self._everything(set())):
            yield Attempt(frozenset({limit}), wanted, bare)
        order = [one.id for one in sorted(self.problem.flights, key=lambda one: one.departs_from_minute)]
        flights = [flight for flight in order if flight in self.wanted]
        for flight in flights:
            yield Attempt(frozenset((name, flight) for name in CLASSES), frozenset({flight}), bare)
        for flight in self._in_time(flights)[:FLIGHTS_TRIED]:
            yield Attempt(self._everything({flight}), frozenset({flight}), bare)

    def _in_time(self, wanted: Sequence[MovementId]) -> list[MovementId]:
        """The flights that the party could reach if nothing were full."""
        everything = self._everything(set(wanted))
        return [flight for flight in wanted if self._find_bare(everything, {flight}) is not None]

    def _changes(self, attempt: Attempt) -> list[Change]:
        """What has to be changed if the group takes the way that it then has; empty: there is none."""
        found = self._find(self.floor, attempt)
        if found is None:
            return []
        fresh = floor_of(self.problem, self.plan, self.ids, attempt.ignored)
        again = self._find(fresh, attempt)
        assert again is not None, "what was found once is found again"
        own = self._own(again) if attempt.bare else []
        lacks = missing(fresh, self.group, again)
        return [] if lacks is None else [*own, *lacks]

    def _find_bare(self, ignored: frozenset[Whatever], flights: Iterable[MovementId]) -> Found | None:
        return self._find(self.floor, Attempt(ignored, frozenset(flights), bare=True))

    def _find(self, floor: Floor, attempt: Attempt) -> Found | None:
        """A way with what the attempt looks past."""
        rooms, locks = floor.rooms, floor.locks
        kept, rooms.ignored = rooms.ignored, attempt.ignored
        group: Sequence[Party] = self.group
        if attempt.bare:
            group = [msgspec.structs.replace(one, waits=(), cross_until_minute=None) for one in group]
            floor.locks = floor.flights.locks = Locks(msgspec.structs.replace(self.problem, locks=()))
        try:
            return floor.find(group, set(attempt.flights))
        finally:
            rooms.ignored, floor.locks, floor.flights.locks = kept, locks, locks

    def _own(self, found: Found) -> list[Change]:
        """What of the group's own is in the way it found: waits that would have to end sooner, validity, locks."""
        onward = found.rest.onward
        assert onward is not None and onward.flight is not None and onward.departs is not None, "flights were wanted"
        flight = self.floor.flights.aircraft[onward.flight].flight
        steps = {
            "leave": None if found.approach is None else found.approach.ride.departs,
            "cross": found.crosses,
            "fly": onward.departs - flight.boarding_minutes,
        }
        numbers = {party.id: number for number, party in enumerate(self.problem.parties)}
        changes: list[Change] = []
        for party in self.group:
            path = f"$.parties[{numbers[party.id]}]"
            for turn, wait in enumerate(party.waits):
                minute = steps[wait.stops]
                if minute is not None and (wait.until_minute is None or wait.until_minute > minute):
                    says = f"{wait.for_what.replace('_', ' ')} of {party.id} done by {clock(self.problem, minute)}"
                    changes.append(change("wait", 1, f"{path}.waits[{turn}].until_minute", minute, says))
            latest, crosses = party.cross_until_minute, found.crosses
            if latest is not None and crosses is not None and crosses > latest:
                says = f"the clearance of {party.id} valid to {clock(self.problem, crosses)}"
                changes.append(change("validity", 1, f"{path}.cross_until_minute", crosses, says))
        for turn, lock in enumerate(self.problem.locks):
            if lock.party in self.ids:
                changes.append(change("lock", 1, f"$.locks[{turn}]", (), f"no lock on {lock.party}"))
        return changes

    def _proved(self, relaxations: Sequence[Relaxation]) -> tuple[MovementId, str] | None:
        """The flight and its time with these changes made, if the checker finds nothing against it."""
        problem = relaxed(self.problem, relaxations)
        floor = floor_of(problem, self.plan, self.ids)
        group = [party for party in problem.parties if party.id in self.ids]
        found = floor.find(group, self.wanted)
        if found is None or found.rest.onward is None or found.rest.onward.flight is None:
            return None
        floor.commit(group, found)
        if check(problem, floor_plan(floor, made_by=self.plan.made_by)):
            return None
        return found.rest.onward.flight, clock(problem, found.rest.onward.departs or 0)
