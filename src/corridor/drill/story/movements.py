"""Which convoys and flights went, who was planned, boarded and seen getting out, and what was counted at the doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corridor.base.ids import DeviceId, LegId, MovementId, PersonId, VehicleId
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Moment
from corridor.base.operation import Fleet
from corridor.drill.people.invented import Party, Person
from corridor.drill.plan import Convoy, Flight
from corridor.drill.story.diary import Diary, lap
from corridor.journey.move import events as move
from corridor.ledger.accounts import aboard_account, place_account
from corridor.ledger.kinds import COUNTED

PERSONS_PER_COACH = 34  # how full a coach is planned, so that doctors and luggage fit; invented
MISCOUNTED_SHARE = 0.12  # of head counts that are off by one; invented


def run_convoys(diary: Diary) -> None:
    """Every convoy with those who crossed before it."""
    for convoy in diary.plan.convoys:
        groups = [group.id for group in diary.plan.groups if group.convoy == convoy.id]
        _convoy(diary, convoy, diary.parties_of(*groups))


def run_flights(diary: Diary) -> None:
    """Every flight with those who waited for it, and the seats offered to partners."""
    for flight in diary.plan.flights:
        groups = [group.id for group in diary.plan.groups if group.flight == flight.id]
        _flight(diary, flight, diary.parties_of(*groups))
    _offers(diary)
    _roll_calls(diary)


def _roll_calls(diary: Diary) -> None:
    """Every day with people at the staging place, at one hour, they are counted; the last count is right."""
    plan = diary.plan
    stays = [
        stay_in_staging(diary, person)[:2]
        for party in diary.parties
        if plan.group(party.group).crosses is not None
        for person in party.members
    ]
    first, last = min(begins for begins, _ in stays), max(ends for _, ends in stays)
    days = range(first // DAY_MS, last // DAY_MS + 1)
    moments = [Moment(day * DAY_MS + plan.roll_call_hour * HOUR_MS) for day in days]
    counts = [(at, sum(begins <= at < ends for begins, ends in stays)) for at in moments]
    counts = [(at, people) for at, people in counts if people]
    for at, people in counts:
        _count(diary, plan.devices.staging, place_account(plan.staging), people, at, sure=at == counts[-1][0])


def boarding(departs: Moment, persons: int) -> Moment:
    """When boarding begins: twenty minutes, and more for many."""
    return Moment(departs - (20 + persons // 3) * MINUTE_MS)


def _fleets(diary: Diary, leg: LegId) -> list[Fleet]:
    """Our own fleets that serve a leg, those with the most seats first."""
    fleets = [fleet for fleet in diary.operation.fleets if leg in fleet.legs and fleet.partner is None]
    assert fleets, f"no fleet of the operation serves {leg}"
    return sorted(fleets, key=lambda fleet: -fleet.seats)


def _vehicles(diary: Diary, leg: LegId, parties: Sequence[Party]) -> dict[VehicleId, tuple[Fleet, list[Party]]]:
    """Which party rides in which vehicle: no party in two, no vehicle over its seats."""
    fleets = _fleets(diary, leg)
    persons = sum(len(party.members) for party in parties)
    fleet = fleets[0]
    if fleet.vehicles > 2:
        small = [each for each in fleets if each.seats >= persons + 2]
        fleet = small[-1] if small else fleet
    count = 1 if fleet.vehicles <= 2 else -(-persons // min(PERSONS_PER_COACH, fleet.seats))
    while True:
        loads: dict[VehicleId, tuple[Fleet, list[Party]]] = {
            VehicleId(f"{fleet.id}-{number}"): (fleet, []) for number in range(1, count + 1)
        }
        for party in sorted(parties, key=lambda each: -len(each.members)):
            least = min(loads.values(), key=lambda load: sum(len(each.members) for each in load[1]))
            least[1].append(party)
        most = max(sum(not lap(person) for party in load for person in party.members) for _, load in loads.values())
        if most <= fleet.seats - (1 if fleet.vehicles > 2 else 0):
            return loads
        count += 1


def _plan(
    diary: Diary, movement: MovementId, leg: LegId, loads: Mapping[VehicleId, tuple[Fleet, list[Party]]], at: Moment,
    departs: Moment | None, arrives: Moment | None,
) -> None:  # fmt: skip
    """Announce a movement and name its escorts by the rules of the fleets that serve the leg."""
    plan = diary.plan
    vehicles = tuple(
        move.Vehicle(
            vehicle=name,
            seats=fleet.seats,
            stretchers=fleet.stretchers,
            wheelchairs=fleet.wheelchairs,
            type=fleet.kind,
        )
        for name, (fleet, _) in loads.items()
    )
    body = move.MovementPlanned(movement=movement, leg=leg, vehicles=vehicles, departs_at=departs, arrives_at=arrives)
    diary.note(plan.headquarters, plan.users.movement, move.MOVEMENT_PLANNED, body, at)
    persons = sum(len(party.members) for _, load in loads.values() for party in load)
    # The story gives everybody a seat, so that of the rules only those that count everybody ask for anything.
    ruled = [rule for fleet in _fleets(diary, leg) for rule in fleet.escorts if rule.counted == "persons"]
    rules = {rule.role: rule for rule in ruled}
    for turn, rule in enumerate(rules.values(), start=1):
        escort = move.EscortAssigned(movement=movement, role=rule.role, count=rule.needed(persons))
        later = Moment(at + turn * 5 * MINUTE_MS)
        diary.note(plan.headquarters, plan.users.movement, move.ESCORT_ASSIGNED, escort, later)


def _convoy(diary: Diary, convoy: Convoy, parties: Sequence[Party]) -> None:
    loads = _vehicles(diary, convoy.leg, parties)
    at = Moment(convoy.departs - 5 * HOUR_MS)
    _plan(diary, convoy.id, convoy.leg, loads, at, convoy.departs, convoy.arrives)
    _go(diary, convoy, loads, convoy.device, diary.plan.devices.staging, Moment(boarding(convoy.departs, 0) - HOUR_MS))


def _flight(diary: Diary, flight: Flight, parties: Sequence[Party]) -> None:
    plan = diary.plan
    loads = _vehicles(diary, flight.leg, parties)
    _plan(diary, flight.id, flight.leg, loads, flight.planned_at, None, None)
    known = move.MovementChanged(
        movement=flight.id, departs_at=flight.departs, arrives_at=flight.arrives, why="The hour of departure is set."
    )
    diary.note(plan.headquarters, plan.users.movement, move.MOVEMENT_CHANGED, known, flight.known_at)
    persons = sum(len(party.members) for party in parties)
    planned = Moment(boarding(flight.departs, persons) - 100 * MINUTE_MS)
    arrived = max(diary.reached_at[_convoy_of(diary, party), person] for party in parties for person in party.persons)
    _go(diary, flight, loads, plan.devices.staging, plan.devices.home, max(planned, Moment(arrived + MINUTE_MS)))


def _convoy_of(diary: Diary, party: Party) -> MovementId:
    convoy = diary.plan.group(party.group).convoy
    assert convoy is not None, "who flies came with a convoy"
    return convoy


def _go(
    diary: Diary, movement: Convoy | Flight, loads: Mapping[VehicleId, tuple[Fleet, list[Party]]],
    leaving: DeviceId, reaching: DeviceId, planned: Moment,
) -> None:  # fmt: skip
    """Plan, board, close, leave, reach, get out: person by person, and the counts at the doors."""
    plan, rng = diary.plan, diary.rng
    leg = diary.operation.leg(movement.leg)
    aboard, officer = aboard_account(movement.id), plan.users.movement
    seated = [(person, name) for name, (_, load) in loads.items() for party in load for person in party.members]
    people = len(seated)
    begins = boarding(movement.departs, people)
    closes = Moment(movement.departs - 6 * MINUTE_MS)
    planned = min(planned, Moment(begins - 4 * MINUTE_MS))
    for turn, (person, vehicle) in enumerate(seated):
        place_type: move.PlaceType = "lap" if lap(person) else "seat"
        at = Moment(planned + turn * 2 * SECOND_MS)
        body = move.PlannedAboard(movement=movement.id, place_type=place_type, vehicle=vehicle)
        diary.note(plan.headquarters, officer, move.PLANNED_ABOARD, body, at, (person.id,))
    unscanned = movement.unscanned if isinstance(movement, Convoy) else 0
    for turn, (person, vehicle) in enumerate(seated):
        at = Moment(begins + (closes - begins) * turn // people + rng.randrange(4 * SECOND_MS))
        diary.boarded_at[movement.id, person.id] = at
        if turn >= people - unscanned:
            continue  # the book will find them getting out
        on = move.Boarded(movement=movement.id, place_type="lap" if lap(person) else "seat", vehicle=vehicle)
        diary.note(
            leaving, officer, move.BOARDED, on, at, (person.id,), source=place_account(leg.source), target=aboard
        )
    shut = move.BoardingClosed(movement=movement.id, souls=people, planned=people)
    diary.note(leaving, officer, move.BOARDING_CLOSED, shut, Moment(closes + MINUTE_MS))
    _count(diary, leaving, aboard, people, Moment(closes + 2 * MINUTE_MS))
    left = move.Departed(movement=movement.id, place=leg.source, souls=people)
    diary.note(leaving, officer, move.DEPARTED, left, movement.departs)
    there = move.Arrived(movement=movement.id, place=leg.target, souls=people)
    diary.note(reaching, officer, move.ARRIVED, there, movement.arrives)
    target = place_account(leg.target)
    for turn, (person, vehicle) in enumerate(seated):
        at = Moment(movement.arrives + (5 * 60 + turn * 12) * SECOND_MS + rng.randrange(4 * SECOND_MS))
        off = move.Alighted(movement=movement.id, vehicle=vehicle)
        diary.note(reaching, officer, move.ALIGHTED, off, at, (person.id,), source=aboard, target=target)
        diary.reached_at[movement.id, person.id] = at
    # How many of others stand there is not counted: who came is told apart at the door.
    _count(diary, reaching, aboard, 0, Moment(movement.arrives + (6 * 60 + people * 12) * SECOND_MS), sure=True)


def _count(diary: Diary, device: DeviceId, account: str, people: int, at: Moment, *, sure: bool = False) -> None:
    """A head count, off by one now and then."""
    wrong = not sure and people > 8 and diary.chance(MISCOUNTED_SHARE)
    body = {"account": account, "count": people - 1 if wrong else people}
    diary.note_plain(device, diary.plan.users.movement, COUNTED, body, at)


def _offers(diary: Diary) -> None:
    plan = diary.plan
    for one in plan.offers:
        offered = move.SeatsOffered(
            offer=one.id, movement=one.flight, partner=one.partner, seats=one.seats, answer_by=one.answered_at
        )
        diary.note(plan.headquarters, plan.users.movement, move.SEATS_OFFERED, offered, one.at)
        answered = Moment(one.answered_at - 10 * MINUTE_MS)
        if one.taken is None:
            declined = move.SeatsDeclined(offer=one.id, why=one.declined)
            diary.note(plan.headquarters, plan.users.movement, move.SEATS_DECLINED, declined, answered)
        else:
            taken = move.SeatsTaken(offer=one.id, seats=one.taken)
            diary.note(plan.headquarters, plan.users.movement, move.SEATS_TAKEN, taken, answered)


def stay_in_staging(diary: Diary, person: Person) -> tuple[Moment, Moment, MovementId | None]:
    """From getting out of the convoy to boarding the flight; until the hand-over for who does not fly."""
    group = diary.plan.group(person.group)
    assert group.convoy is not None, "only who crossed comes to staging"
    reached = diary.reached_at[group.convoy, PersonId(person.id)]
    if group.flight is None:
        return reached, diary.plan.hospital_abroad.handed_over_at, None
    return reached, diary.boarded_at[group.flight, person.id], group.flight
