"""What if each day had been planned: an operation's days planned again from what was known, and the score.

Who crosses when is as it was: lists and the gate decided that. What is planned is which aircraft fly, and who is
aboard. Two departures a day are on offer. Before each of them, when boarding begins, the board as of then, by what was
known then, is the problem; whether it goes, waits for the next one or is merged with it is decided by that plan. If it
goes, it takes those of its manifest who are really there, and others who are there and free to go in the places left.

A plan that is made anew before each departure may put off for ever: the next one always has more people. So nobody is
put off for more than an aircraft costs: it goes also where those who could board, had they gone at the first departure
they could have taken, would by the next one have been spared as many hours as it is worth. Of rules that know nothing
of what is to come none is better in the worst case, and where people come evenly it gives the best number of flights
(Dooly, Goldman and Scott, "TCP dynamic acknowledgment delay", STOC 1998: the same question of messages).

Whom lists have let pass does not come all at once: of them so many are counted on each day ahead as came of those let
pass before, by what the replay has seen so far. Asked for, families nobody can name yet are in a problem too: as many a
day as crossed on the mean of the days before it, less those who are counted on already. They fill no aircraft in truth;
they make a plan wait for tomorrow's where today's would leave half empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from corridor.base.ids import LegId, MovementId, PartyId, PersonId
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment
from corridor.base.operation import Fleet, Operation
from corridor.journey.board.board import Board
from corridor.journey.planning.flights import BOARDING_MINUTES
from corridor.journey.planning.people import Stand, StandOf, stand_on
from corridor.journey.planning.problem import problem_from, road_for
from corridor.journey.planning.road import Road
from corridor.ledger.accounts import parts
from corridor.plan.advice import Planner
from corridor.plan.answer import Plan
from corridor.plan.problem import Flight, Objective, Party, Problem

BoardAt = Callable[[Moment], Board]
"""The board at a moment, by what was known at that moment."""

DAYS_AHEAD = 4
HOURS_ON_OFFER = (6, 14)
"""Hours after the planning at which an aircraft could leave, each day."""
DAYS_BACK = 7
"""Days before a morning whose crossings say how many are expected a day; fewer at the beginning."""
FLIGHT_POINTS = 1500
"""What a flight costs, in hours that one person waits: about 120 people's half day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One person's road as it was: None where it was not walked, or not by flight."""

    person: PersonId
    crossed_at: Moment | None
    staged_at: Moment | None
    flown_at: Moment | None
    flight: MovementId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flown:
    """A flight of the replay: planned when, left when, for how many seats, by which aircraft, with whom."""

    planned_at: Moment
    left_at: Moment
    seats: int
    aircraft: str
    persons: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What flying so came to: aircraft, people flown, person-hours from crossing to departure, and people who were
    longer behind the gate than the permit allows (None: the operation has no such permit)."""

    aircraft: int
    flown: int
    staging_person_hours: float
    breaches: int | None
    mean_load: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """Both scores over the same people, and every flight flown anew."""

    really: Score
    planned: Score
    flights: tuple[Flown, ...]
    not_flown: tuple[PersonId, ...]


def journeys(board: Board, road: Road) -> dict[PersonId, Journey]:
    """Everybody's road as the board knows it: who crossed, reached staging and flew, and when."""
    movements = board.everybody.move.movements
    home = {leg.id for leg in road.way_home.values()}
    found: dict[PersonId, Journey] = {}
    for person in board.people("registered"):
        path = board.view.path_of(person)
        crossed = staged = flown = None
        flight: MovementId | None = None
        for posting in path.postings if path is not None else ():
            type_, name = parts(posting.target)
            if type_ == "place" and name in road.crossings and crossed is None:
                crossed = posting.at
            if type_ == "place" and any(staging.id == name for staging in road.stagings) and staged is None:
                staged = posting.at
            movement = movements.get(MovementId(name)) if type_ == "aboard" else None
            if movement is not None and movement.leg in home:
                flight, flown = movement.movement, movement.departed_at or posting.at
        found[person] = Journey(person=person, crossed_at=crossed, staged_at=staged, flown_at=flown, flight=flight)
    return found


@dataclass(slots=True)
class Coming:
    """How soon those come whom lists have let pass, as it was seen so far: `came` parties crossed of those who could,
    who were waited for `party_days` in all."""

    came: int = 0
    party_days: float = 0.0
    waited_for: frozenset[PartyId] = frozenset()
    asked_at: Moment | None = None

    def see(self, problem: Problem) -> None:
        """Look who has come of those who could when this was last asked; and remember who can now."""
        there = {party.id for party in problem.parties if party.stands == "origin"}
        if self.asked_at is not None:
            self.came += len(self.waited_for - there)
            self.party_days += len(self.waited_for) * (problem.start - self.asked_at) / DAY_MS
        let_pass = (p for p in problem.parties if p.stands == "origin" and all(w.until_minute == 0 for w in p.waits))
        self.waited_for = frozenset(party.id for party in let_pass if party.members)
        self.asked_at = problem.start

    def a_day(self) -> float:
        """The part of those who can come that comes in a day; all of them while nothing was seen."""
        return min(1.0, (self.came + 1) / (self.party_days + 1))


def replay(
    board_at: BoardAt,
    mornings: Sequence[Moment],
    last: Moment,
    planner: Planner,
    flight_points: int = FLIGHT_POINTS,
    *,
    expecting: bool = False,
) -> Replayed:
    """Plan anew before every departure on offer, fly what is then planned to go, and score it beside what was flown.

    `mornings` are the beginnings of the days; `last` is a moment by which everything has happened: its board tells who
    really was where when. A plan is made from the board of its moment and what was flown before it, and from nothing
    else. `flight_points` is what a flight costs, in hours that one person waits; with `expecting` families are in it
    whom nobody can name yet.
    """
    truth_board = board_at(last)
    road = road_for(truth_board, 24)
    truth = journeys(truth_board, road)
    gone: dict[PersonId, Moment] = {}
    flights: list[Flown] = []
    coming, away = Coming(), dict[str, Moment]()
    could_go: dict[PersonId, Moment] = {}
    on_offer = departures(mornings)
    for number in range(len(mornings) * len(HOURS_ON_OFFER)):
        departs = on_offer[number]
        board = board_at(Moment(departs - BOARDING_MINUTES * MINUTE_MS))
        offered = dict(enumerate(on_offer[number:], start=number))
        problem = problem_before(board, offered, gone, flight_points, coming, away, expecting=expecting)
        if problem.flights and any(party.stands == "staging" for party in problem.parties):
            flown, goes = _boarding(problem, planner(problem), departs, truth)
            for person in flown.persons if flown is not None else ():
                could_go.setdefault(person, departs)
            if flown is not None and (
                goes or _put_off(problem, flown, could_go, on_offer[number + 1]) >= flight_points
            ):
                flights.append(flown)
                gone |= dict.fromkeys(flown.persons, flown.left_at)
                away[flown.aircraft] = departs
    really = {journey.person: journey.flown_at for journey in truth.values() if journey.flown_at is not None}
    hours = _permit_hours(truth_board.operation, road)
    aircraft = {journey.flight for journey in truth.values() if journey.flight is not None}
    both = {person: gone[person] for person in really if person in gone}
    return Replayed(
        really=_score(len(aircraft), {person: really[person] for person in both}, truth, hours),
        planned=_score(len(flights), both, truth, hours),
        flights=tuple(flights),
        not_flown=tuple(sorted(set(really) - set(both))),
    )


def problem_before(
    board: Board,
    on_offer: Mapping[int, Moment],
    gone: Mapping[PersonId, Moment],
    flight_points: int = FLIGHT_POINTS,
    coming: Coming | None = None,
    away: Mapping[str, Moment] | None = None,
    *,
    expecting: bool = False,
) -> Problem:
    """The problem when a departure begins to board: who is left by then, as known then, and the departures on offer,
    by their number, from that one on.

    Who in truth has flown by now and was not flown in the replay stands in staging still. `coming` (None: nothing was
    seen yet) learns from it. `away` are aircraft that have left, and when.
    """
    road = road_for(board, 24 * DAYS_AHEAD)
    stand_of = _left(board, road, gone)
    objective = Objective(cost=1, empty_seats=0, last_departure_hours=0)
    flights = tuple(_offered(board, road, on_offer, flight_points, away or {}))
    problem = problem_from(board, hours=24 * DAYS_AHEAD, stand_of=stand_of, flights=flights, objective=objective)
    coming = coming or Coming()
    coming.see(problem)
    named = tuple(counted_on(problem.parties, coming.a_day()))
    expected = tuple(_expected(board, road, named)) if expecting else ()
    return msgspec.structs.replace(problem, parties=(*named, *expected))


def counted_on(parties: Sequence[Party], a_day: float) -> Iterator[Party]:
    """Who is out, and of those who may come so many, spread over the days ahead, as come when such a part of those who
    are left comes each day; who has no clearance yet changes no flight."""
    let_pass = [p for p in parties if p.stands == "origin" and all(w.until_minute is not None for w in p.waits)]
    yield from (party for party in parties if party.stands != "origin")
    for number, party in enumerate(let_pass):
        left = 1 - (number + 0.5) / len(let_pass)
        day, stay = 0, 1 - a_day
        while day < DAYS_AHEAD and stay > left:
            day, stay = day + 1, stay * (1 - a_day)
        if day < DAYS_AHEAD:
            yield msgspec.structs.replace(party, from_minute=max(party.from_minute, day * 24 * 60))


def _expected(board: Board, road: Road, coming: Sequence[Party]) -> Iterator[Party]:
    """Families who may cross on the days ahead but the first, by the days before the board's moment, besides those who
    are counted on (`coming`). They are as large as the families who crossed in those days, and weigh as much."""
    crossed = {person: one for person, one in journeys(board, road).items() if one.crossed_at is not None}
    if not crossed or not road.origins:
        return
    days = min(DAYS_BACK, -(-(board.at - min(one.crossed_at or board.at for one in crossed.values())) // DAY_MS))
    since = board.at - days * DAY_MS
    lately = {person for person, one in crossed.items() if (one.crossed_at or 0) >= since}
    groups = {board.everybody.group_of.get(person, frozenset((person,))) for person in lately}
    if not lately or not days:
        return
    size = max(1, round(len(lately) / len(groups)))
    weights = sorted(party.weight for party in coming) or [1]
    named = sum(party.persons for party in coming if party.stands == "origin")
    left = 0.0
    for day in range(1, DAYS_AHEAD):
        left += len(lately) / days
        taken = min(left, named)
        left, named = left - taken, named - int(taken)
        for number in range(int(left / size)):
            left -= size
            yield Party(
                id=PartyId(f"expected-{day}-{number}"),
                stands="origin",
                place=road.origins[0].id,
                seats=size,
                weight=weights[len(weights) // 2],
                from_minute=day * 24 * 60,
                permit_minutes=next((party.permit_minutes for party in coming if party.permit_minutes), None),
            )


def _left(board: Board, road: Road, gone: Mapping[PersonId, Moment]) -> StandOf:
    stands = stand_on(board, road)
    known = journeys(board, road)

    def stand(person: PersonId) -> Stand | None:
        if person in gone:
            return None
        journey = known.get(person)
        if journey is not None and journey.flown_at is not None and journey.staged_at is not None:
            staging = next(iter(road.way_home))
            return Stand("staging", staging, journey.staged_at)
        return stands(person)

    return stand


def _offered(
    board: Board, road: Road, on_offer: Mapping[int, Moment], flight_points: int, away: Mapping[str, Moment]
) -> Iterator[Flight]:
    """One flight of each of our own fleets' aircraft in turn, at each departure on offer that it is back for."""
    operation, ends = board.operation, board.at + DAYS_AHEAD * DAY_MS
    for place, leg in road.way_home.items():
        own = [fleet for fleet in operation.fleets if fleet.partner is None and _flies(fleet, leg.id, leg.mode)]
        if not own:
            continue
        fleet = own[0]
        turning = 2 * leg.minutes + (fleet.turnaround_minutes or 0)
        for number, leaves in on_offer.items():
            aircraft = f"{fleet.id}-{number % max(1, fleet.vehicles) + 1}"
            minute = (leaves - board.at) // MINUTE_MS
            if leaves >= ends or (aircraft in away and leaves < away[aircraft] + turning * MINUTE_MS):
                continue
            yield Flight(
                id=MovementId(f"in-{minute // 60}-hours"),
                airport=place,
                home=leg.target,
                seats=fleet.seats,
                stretchers=fleet.stretchers,
                wheelchairs=fleet.wheelchairs,
                departs_from_minute=minute,
                departs_until_minute=minute,
                boarding_minutes=BOARDING_MINUTES,
                optional=True,
                cost=flight_points,
                aircraft=aircraft,
                rotation_minutes=turning,
            )


def _flies(fleet: Fleet, leg: LegId, mode: str) -> bool:
    return fleet.mode == mode and (not fleet.legs or leg in fleet.legs)


def _boarding(
    problem: Problem, plan: Plan, departs: Moment, truth: Mapping[PersonId, Journey]
) -> tuple[Flown | None, bool]:
    """The departure that boards now, as it would go, and whether the plan says that it does; None: no aircraft is
    there for it, or nobody."""
    minute = (departs - problem.start) // MINUTE_MS
    flight = next((flight for flight in problem.flights if flight.departs_from_minute == minute), None)
    if flight is None:
        return None, False
    run = next((run for run in plan.flights if run.flight == flight.id and run.flies), None)
    parties = {party.id: party for party in problem.parties}
    booked = [] if run is None else [parties[row.party] for row in run.aboard]
    known = [party for party in parties.values() if party.members]
    others = sorted(known, key=lambda party: (-party.weight, party.from_minute, party.id))
    aboard: dict[PartyId, Party] = {}
    for party in (*booked, *others):
        if (
            party.id not in aboard
            and _boards(party, flight, departs, truth)
            and _fits(flight, [*aboard.values(), party])
        ):
            aboard[party.id] = party
    persons = tuple(person for party in aboard.values() for person in party.members)
    assert flight.aircraft is not None, "every flight on offer has its aircraft"
    flown = Flown(
        planned_at=problem.start, left_at=departs, seats=flight.seats, aircraft=flight.aircraft, persons=persons
    )
    return (flown if persons else None), run is not None


def _put_off(problem: Problem, flown: Flown, could_go: Mapping[PersonId, Moment], following: Moment) -> float:
    """What those who could board would have waited by the following departure since the first that they could have
    taken, in hours of one person, each hour times the party's weight."""
    weight_of = {person: party.weight for party in problem.parties for person in party.members}
    return sum((following - could_go[person]) / HOUR_MS * weight_of[person] for person in flown.persons)


def _boards(party: Party, flight: Flight, leaves: Moment, truth: Mapping[PersonId, Journey]) -> bool:
    """Whether the whole party was really in staging in time, and nothing known then held it."""
    boards = leaves - flight.boarding_minutes * MINUTE_MS
    minute = flight.departs_from_minute - flight.boarding_minutes
    held = any(w.stops == "fly" and (w.until_minute is None or w.until_minute > minute) for w in party.waits)
    staged = (truth[person].staged_at for person in party.members)
    return (
        bool(party.members)
        and not held
        and not party.bonds
        and all(one is not None and one <= boards for one in staged)
    )


def _fits(flight: Flight, aboard: Sequence[Party]) -> bool:
    return (
        sum(party.seats for party in aboard) <= flight.seats
        and sum(party.stretchers for party in aboard) <= flight.stretchers
        and sum(party.wheelchairs for party in aboard) <= flight.wheelchairs
    )


def _permit_hours(operation: Operation, road: Road) -> int | None:
    return min((permit.hours for permit in operation.permits if permit.starts_at in road.crossings), default=None)


def _score(
    aircraft: int, flown: Mapping[PersonId, Moment], truth: Mapping[PersonId, Journey], permit_hours: int | None
) -> Score:
    waited = []
    for person, left in flown.items():
        crossed = truth[person].crossed_at
        if crossed is not None:
            waited.append((left - crossed) / HOUR_MS)
    breaches = None if permit_hours is None else sum(hours > permit_hours for hours in waited)
    return Score(
        aircraft=aircraft,
        flown=len(flown),
        staging_person_hours=sum(waited),
        breaches=breaches,
        mean_load=len(flown) / aircraft if aircraft else 0.0,
    )


def departures(mornings: Sequence[Moment]) -> tuple[Moment, ...]:
    """The departures on offer on these days and on the days that are looked ahead from the last of them."""
    days = [*mornings, *(mornings[-1] + ahead * DAY_MS for ahead in range(1, DAYS_AHEAD + 1))] if mornings else []
    return tuple(Moment(day + hour * HOUR_MS) for day in days for hour in HOURS_ON_OFFER)


def mornings(first: Moment, last: Moment) -> tuple[Moment, ...]:
    """The same hour each day from one moment to another."""
    return tuple(Moment(moment) for moment in range(first, last, DAY_MS))
