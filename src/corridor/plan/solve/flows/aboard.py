"""Who takes which flight, if everybody who crosses crosses as they do now? Many units and flights at once.

A linear program: every unit takes parts of a few flights, those that cost it least at the prices of seats there are.
Nearly all of them take one flight whole; the rest, and whom it does not fit after all, take the cheapest that does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.plan.problem import Flight
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import lag_of
from corridor.plan.solve.flows.program import Options, Program
from corridor.plan.solve.flows.room import left_room
from corridor.plan.solve.frame import Flags, Floats, Frame, Ints
from corridor.plan.solve.spans import Steps
from corridor.plan.solve.ways import Ways

FLIGHTS_OF_A_UNIT = 16
"""So many flights of a unit are looked at, and the one it has."""
FLIGHTS_AT_ONCE = 240
"""Of more flights than this some are planned after the other, each twice."""
SOON = 4
"""So many flights after one are those soon after it."""
_CORNER: Options = {"solver": "ipm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """A unit, its points on each flight there is to plan (infinite: it cannot take it; 0: on none), on which it counts
    for the sponsor's share, and which of them are which columns of the program."""

    unit: int
    seats: int
    points: Floats
    own: Flags
    at: Ints
    columns: Ints

    def wait(self, at: int) -> float:
        """Points a seat that it costs to take a flight soon after this one instead."""
        after = self.points[at + 1 : at + 1 + SOON]
        return float((min(0.0, after.min(initial=0.0)) - self.points[at]) / max(1, self.seats))


def flown_anew(draft: Draft, ways: Ways, seat_prices: Floats, stop: Callable[[], bool]) -> float:
    """Give the flights out anew, those of some days at a time; the points that saved. `seat_prices` is by flight what a
    seat is worth, to begin with."""
    runs, saved = draft.frame.runs, 0.0
    order = sorted(range(len(runs)), key=lambda i: (runs[i].mean, i))
    for begins in range(0, max(1, len(order) - FLIGHTS_AT_ONCE // 2), FLIGHTS_AT_ONCE // 2):
        if stop():
            break
        saved += _part(draft, ways, order[begins : begins + FLIGHTS_AT_ONCE], seat_prices, stop)
    return saved


def _part(draft: Draft, ways: Ways, flights: Sequence[int], seat_prices: Floats, stop: Callable[[], bool]) -> float:
    """The same for these flights and who is on them, or crosses and is on none."""
    those = {*flights, -1}
    out = [
        u
        for u, steps in enumerate(draft.steps)
        if steps is not None and steps.crosses >= 0 and steps.flight in those and _plain(draft.frame, u)
    ]
    worth, before = ways.worth, draft.kept()
    was = worth.whole(draft)
    had = {u: draft.ground(u) for u in out}
    seats = _Seats(draft, ways, flights, seat_prices)
    choices = [seats.choice(u, had[u]) for u in out]
    answer = seats.program.solve(options=_CORNER, stop=stop) if seats.program.columns else None
    if answer is None or answer.values is None:
        draft.back_to(before)
        return 0.0
    _board(draft, ways, choices, answer.values, flights)
    now = worth.whole(draft)
    touched = {steps.flight for steps in draft.steps if steps is not None and steps.flight in those}
    if now < was - 1e-6 and all(draft.share_holds(flight) for flight in touched if flight >= 0):
        return was - now
    draft.back_to(before)
    return 0.0


def _plain(frame: Frame, u: int) -> bool:
    """Whether a unit needs no more of a flight than places, and may go by itself: desks and escorts have no fractions,
    so that who needs them keeps the flight it has."""
    unit = frame.units[u]
    visits = any(frame.problem.parties[member].visits for member in unit.members)
    return not visits and not unit.stretchers and not unit.psychological and u not in frame.led_by


class _Seats:
    """The program: what flights have left, as rows, and units' flights as columns."""

    def __init__(self, draft: Draft, ways: Ways, flights: Sequence[int], seat_prices: Floats) -> None:
        self.draft, self.ways, self.frame, self.program = draft, ways, draft.frame, Program()
        frame, program = self.frame, self.program
        self.flights, self.prices = np.array(flights, dtype=np.int64), seat_prices[list(flights)]
        runs = [frame.runs[i] for i in flights]
        self.boards = np.array([run.boards_until for run in runs], dtype=np.int64)
        self.ready = self.boards - np.array([run.ground_minutes for run in runs], dtype=np.int64)
        self.means = np.array([run.mean / 60 for run in runs])
        self.percent = np.array([run.flight.own_percent_min / 100 for run in runs])
        room = left_room(draft)
        kept = np.array([float(draft.offers_kept(i)) for i in flights])
        places = room.places[:, self.flights]
        self.open = program.add_rows(len(flights), upper=places[0])
        limits = (places[0] + kept, places[1], places[2])
        self.places = [program.add_rows(len(flights), upper=most) for most in limits]
        self.share = program.add_rows(len(flights), lower=-room.beyond[self.flights])
        self.allowed: dict[tuple[str, ...], Flags] = {}
        self.own: dict[str, Floats] = {}
        self.offered: dict[str, Floats] = {}

    def choice(self, u: int, had: Steps) -> _Choice:
        """The columns of a unit: the flights that cost it least, the one it has, and none."""
        frame, program, points = self.frame, self.program, self.ways.worth.points
        unit, parties = frame.units[u], frame.problem.parties
        ready = had.crosses * frame.slot + lag_of(frame, unit)
        could = (self.ready >= ready) & (self.boards >= unit.fly_from)
        locked = self.ways.locked_flights(u)
        for member in unit.members:
            could &= self._allowed(parties[member].citizenships)
        if locked is not None:
            could &= np.array([locked(int(i)) for i in self.flights], dtype=np.bool_)
        besides = self.ways.worth.besides(u, had)
        hours = points["staging_person_hours"] * unit.weighted
        costs = hours * (self.means - frame.left_hours) + besides[self.flights] - besides[-1]
        costs = np.where(could, costs - points["empty_seats"] * unit.seats, np.inf)
        at = np.flatnonzero(could)
        if at.size > FLIGHTS_OF_A_UNIT:
            cheapest = np.argsort(costs[at] + unit.seats * self.prices[at], kind="stable")[:FLIGHTS_OF_A_UNIT]
            at = np.union1d(at[cheapest], at[self.flights[at] == had.flight])
        # Against no flight, which costs nothing here and needs no column.
        columns = program.add_columns(costs[at])
        program.put(np.repeat(program.add_rows(1, upper=1.0), len(at)), columns, 1.0)
        own = sum((persons * self._own(citizenship) for citizenship, persons in unit.own), np.zeros(len(costs)))
        counts = (self.percent > 0) & (own >= self.percent * unit.persons)
        self._uses(u, at, columns, own)
        return _Choice(unit=u, seats=unit.seats, points=costs, own=counts, at=at, columns=columns)

    def _uses(self, u: int, at: Ints, columns: Ints, own: Floats) -> None:
        """What the unit takes of these flights."""
        program, unit = self.program, self.frame.units[u]
        for rows, much in zip(self.places, (unit.seats, unit.stretchers, unit.wheelchairs), strict=True):
            if much:
                program.put(rows[at], columns, float(much))
        kept = np.zeros(len(self.flights))
        for member in unit.members:
            party = self.frame.problem.parties[member]
            if party.citizenships:
                kept += party.seats * self._offered(member, party.citizenships[0])
        program.put(self.open[at], columns, unit.seats - kept[at])
        shared = self.percent[at] > 0
        program.put(self.share[at[shared]], columns[shared], (own - self.percent * unit.persons)[at[shared]])

    def _allowed(self, citizenships: tuple[str, ...]) -> Flags:
        if citizenships not in self.allowed:
            of = [set(self.frame.runs[i].flight.allowed) for i in self.flights]
            could = [not allowed or bool(allowed & set(citizenships)) for allowed in of]
            gone = np.array([self.frame.runs[i].earliest < self.frame.end for i in self.flights])
            self.allowed[citizenships] = np.array(could, dtype=np.bool_) & gone
        return self.allowed[citizenships]

    def _own(self, citizenship: str) -> Floats:
        if citizenship not in self.own:
            self.own[citizenship] = np.array([float(citizenship in self._flight(i).own) for i in self.flights])
        return self.own[citizenship]

    def _offered(self, member: int, citizenship: str) -> Floats:
        """By flight whether seats are kept for who has this citizenship."""
        if citizenship not in self.offered:
            found = np.zeros(len(self.flights))
            for j, i in enumerate(self.flights):
                offer = self.draft.offer_of(int(i), member)
                found[j] = offer is not None and self._flight(i).offers[offer].answer != "declined"
            self.offered[citizenship] = found
        return self.offered[citizenship]

    def _flight(self, i: int) -> Flight:
        return self.frame.runs[i].flight


def _board(draft: Draft, ways: Ways, choices: Sequence[_Choice], values: Floats, flights: Sequence[int]) -> None:
    """Fill the flights in order of time: with those the answer has there, the sponsor's own first, then whom waiting
    costs most; who does not fit is among the next ones, and seats left over go to whoever of the next flights gains
    most by them."""
    due: list[list[_Choice]] = [[] for _ in (*flights, None)]
    for one in choices:
        took = values[one.columns]
        # Whoever has a half on no flight takes none if all are full.
        due[int(one.at[int(took.argmax())]) if took.sum() >= 0.5 else -1].append(one)
    boarded: set[int] = set()
    late: list[_Choice] = []
    for at, flight in enumerate(flights):
        here, late = [*late, *due[at]], []
        for one in sorted(here, key=lambda one, at=at: (not one.own[at], -one.wait(at), one.unit)):  # type: ignore[misc]
            if one.unit in boarded:
                continue
            if np.isfinite(one.points[at]) and _take(draft, ways, one.unit, flight):
                boarded.add(one.unit)
            else:
                late.append(one)
        boarded |= _called(
            draft, ways, [one for those in due[at + 1 : at + 1 + SOON] for one in those], boarded, at, flight
        )
    for one in sorted((*late, *due[-1]), key=lambda one: (-draft.frame.units[one.unit].weighted / one.seats, one.unit)):
        if one.unit not in boarded:
            _take(draft, ways, one.unit, None)


def _called(draft: Draft, ways: Ways, ahead: Sequence[_Choice], boarded: set[int], at: int, flight: int) -> set[int]:
    """Units of the next flights who take what is left on this one."""
    found: set[int] = set()
    could = [one for one in ahead if one.unit not in boarded and np.isfinite(one.points[at])]
    for one in sorted(could, key=lambda one: (-one.wait(at), one.unit)):
        left = int(draft.seats[flight] - draft.seats_booked[flight])
        if not left:
            break
        if one.seats <= left and _take(draft, ways, one.unit, flight):
            found.add(one.unit)
    return found


def _take(draft: Draft, ways: Ways, u: int, flight: int | None) -> bool:
    """Give a grounded unit this flight, if it fits (None: the best that fits, at last the hall)."""
    frame, upto = draft.frame, draft.steps[u]
    assert upto is not None, "a grounded unit has its way up to the crossing"
    minute = upto.crosses * frame.slot + frame.posts[upto.gate].gate.through_minutes
    for steps in ways.behind(u, upto, minute, flight):
        if flight is not None and steps.flight != flight:
            return False
        if draft.go_on(u, steps):
            return True
    return flight is None and draft.go_on(u, upto)
