"""What if each day had been planned: an operation's days planned again from what was known, and the score.

Who crosses when is as it was: lists and the gate decided that. What is planned is which aircraft fly, and who is
aboard. Each morning the board as of then, by what was known then, is the problem, with two flights a day on offer; the
flights of the next twenty-four hours are flown by that plan, with those of its manifest who are really there, and
others who are there and free to go in the places left. The rest is planned again next morning.

Asked for, families nobody can name yet are in a morning's problem too: as many a day as crossed on the mean of the days
before it, less those whom lists have let pass already. They fill no aircraft in truth; they make a plan wait for
tomorrow's where today's would leave half empty.
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
    """A flight of the replay: planned when, left when, for how many seats, with whom."""

    planned_at: Moment
    left_at: Moment
    seats: int
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


def replay(
    board_at: BoardAt,
    mornings: Sequence[Moment],
    last: Moment,
    planner: Planner,
    flight_points: int = FLIGHT_POINTS,
    *,
    expecting: bool = False,
) -> Replayed:
    """Plan every morning anew, fly what is planned, and score it beside what was flown.

    `last` is a moment by which everything has happened: its board tells who really was where when. A morning's plan
    is made from that morning's board and what was flown before it, and from nothing else. `flight_points` is what a
    flight costs, in hours that one person waits; with `expecting` families are in it whom nobody can name yet.
    """
    truth_board = board_at(last)
    road = road_for(truth_board, 24)
    truth = journeys(truth_board, road)
    gone: dict[PersonId, Moment] = {}
    flights: list[Flown] = []
    for morning in mornings:
        board = board_at(morning)
        problem = morning_problem(board, gone, flight_points, expecting)
        if any(party.stands != "origin" for party in problem.parties):
            for flown in _day(problem, planner(problem), truth):
                flights.append(flown)
                gone |= dict.fromkeys(flown.persons, flown.left_at)
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


def morning_problem(
    board: Board, gone: Mapping[PersonId, Moment], flight_points: int = FLIGHT_POINTS, expecting: bool = False
) -> Problem:
    """The problem of one morning: who is left by then, as known then, and the aircraft on offer.

    Who in truth has flown by now and was not flown in the replay stands in staging still.
    """
    road = road_for(board, 24 * DAYS_AHEAD)
    stand_of = _left(board, road, gone)
    objective = Objective(cost=1, empty_seats=0, last_departure_hours=0)
    flights = tuple(_on_offer(board.operation, road, flight_points))
    problem = problem_from(board, hours=24 * DAYS_AHEAD, stand_of=stand_of, flights=flights, objective=objective)
    coming = tuple(party for party in problem.parties if _may_come(party))
    expected = tuple(_expected(board, road, coming)) if expecting else ()
    return msgspec.structs.replace(problem, parties=(*coming, *expected))


def _expected(board: Board, road: Road, coming: Sequence[Party]) -> Iterator[Party]:
    """Families who may cross on the days ahead but the first, by the days before the board's moment. They are as large
    as the families who crossed in those days, and weigh as much."""
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


def _may_come(party: Party) -> bool:
    """Whether the party is out, or could come within the plan: who has no clearance yet changes no flight."""
    return party.stands != "origin" or all(wait.until_minute is not None for wait in party.waits)


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


def _on_offer(operation: Operation, road: Road, flight_points: int) -> Iterator[Flight]:
    """One flight of each of our own fleets' aircraft in turn, at each hour on offer of each day ahead."""
    for place, leg in road.way_home.items():
        own = [fleet for fleet in operation.fleets if fleet.partner is None and _flies(fleet, leg.id, leg.mode)]
        if not own:
            continue
        fleet = own[0]
        turning = 2 * leg.minutes + (fleet.turnaround_minutes or 0)
        offered = [day * 24 + hour for day in range(DAYS_AHEAD) for hour in HOURS_ON_OFFER]
        for number, hour in enumerate(offered):
            yield Flight(
                id=MovementId(f"day-{hour // 24 + 1}-{hour % 24:02d}"),
                airport=place,
                home=leg.target,
                seats=fleet.seats,
                stretchers=fleet.stretchers,
                wheelchairs=fleet.wheelchairs,
                departs_from_minute=60 * hour,
                departs_until_minute=60 * hour,
                boarding_minutes=BOARDING_MINUTES,
                optional=True,
                cost=flight_points,
                aircraft=f"{fleet.id}-{number % max(1, fleet.vehicles) + 1}",
                rotation_minutes=turning,
            )


def _flies(fleet: Fleet, leg: LegId, mode: str) -> bool:
    return fleet.mode == mode and (not fleet.legs or leg in fleet.legs)


def _day(problem: Problem, plan: Plan, truth: Mapping[PersonId, Journey]) -> Iterator[Flown]:
    """The flights of the plan's first day, as they would have gone."""
    parties = {party.id: party for party in problem.parties}
    flights = {flight.id: flight for flight in problem.flights}
    taken: set[str] = set()
    runs = [run for run in plan.flights if run.flies and run.departs_minute is not None]
    for run in sorted(runs, key=lambda run: run.departs_minute or 0):
        flight, minute = flights[run.flight], run.departs_minute or 0
        if minute >= DAY_MS // MINUTE_MS:
            break
        leaves = Moment(problem.start + minute * MINUTE_MS)
        booked = [parties[row.party] for row in run.aboard]
        known = [party for party in parties.values() if party.members]
        others = sorted(known, key=lambda party: (-party.weight, party.from_minute, party.id))
        aboard: list[Party] = []
        for party in (*booked, *others):
            if party.id not in taken and _boards(party, flight, leaves, truth) and _fits(flight, [*aboard, party]):
                aboard.append(party)
                taken.add(party.id)
        persons = tuple(person for party in aboard for person in party.members)
        if persons:
            yield Flown(planned_at=problem.start, left_at=leaves, seats=flight.seats, persons=persons)


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


def mornings(first: Moment, last: Moment) -> tuple[Moment, ...]:
    """The same hour each day from one moment to another."""
    return tuple(Moment(moment) for moment in range(first, last, DAY_MS))
