"""Who was received, where they were placed, who went to hospital, who was seen again and where they went on to."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from corridor.base.ids import EncounterId, FollowUpId, MovementId, PersonId, PlaceId
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Moment
from corridor.drill.people.invented import Party, Person
from corridor.drill.story.diary import Diary
from corridor.journey.arrive import events as arrive
from corridor.journey.care import events as care
from corridor.ledger.accounts import end_account, place_account

PLACEMENT_ENDED_SHARE = 0.15  # of parties in shelters, within the time told; invented
SEEN_AGAIN_SHARE = 0.95  # of follow-ups due; invented


def come_home(diary: Diary) -> None:
    """Receive everybody who landed, party by party, and follow them as far as the story goes."""
    homes = _homes(diary)
    admitted = _admitted(diary)
    last = max(flight.arrives for flight in diary.plan.flights) + 2 * DAY_MS
    for party in diary.parties:
        flight = diary.plan.group(party.group).flight
        if flight is None:
            continue
        received = _receive(diary, party, flight, admitted, relatives=party.id not in homes)
        if party.id in homes:
            _place(diary, party, homes[party.id], received, Moment(last))
        else:
            _onward(diary, party, Moment(received + HOUR_MS))
        for person in party.members:
            if person.id in admitted or diary.chance(diary.plan.shares.follow_up):
                _follow_up(diary, person, received, Moment(last))


def choose(parties: Sequence[Party], persons: int, children: int, rng: Random) -> tuple[Party, ...]:
    """Whole parties that have exactly so many people and children together; as near as can be where none do.

    Which sums can be reached is kept as the bits of one whole number: people times `wide` plus children.
    """
    order = rng.sample(list(parties), len(parties))
    wide = sum(party.children for party in order) + 1
    steps = [len(party.members) * wide + party.children for party in order]
    reached = [1]
    for step in steps:
        reached.append(reached[-1] | reached[-1] << step)
    sums = [
        (abs(people - persons) * 2 + abs(minors - children), people * wide + minors)
        for people in range(max(0, persons - 12), persons + 13)
        for minors in range(min(wide, people + 1))
        if reached[-1] >> (people * wide + minors) & 1
    ]
    left = min(sums)[1]
    chosen = []
    for turn in range(len(order), 0, -1):
        if not reached[turn - 1] >> left & 1:
            left -= steps[turn - 1]
            chosen.append(order[turn - 1])
    assert left == 0, "the sum was reached by these parties"
    return tuple(chosen)


def _flown(diary: Diary, flights: Sequence[MovementId]) -> list[Party]:
    return [party for party in diary.parties if diary.plan.group(party.group).flight in flights]


def _homes(diary: Diary) -> dict[str, PlaceId]:
    """Which party is placed where: the named shelters first, then the rest of each count by weight."""
    plan, rng = diary.plan, diary.rng
    homes: dict[str, PlaceId] = {}
    for one in plan.sheltered:
        open_to = [party for party in _flown(diary, one.flights) if party.id not in homes]
        for party in choose(open_to, one.persons, one.children, rng):
            homes[party.id] = one.shelter
    for housed in plan.housed:
        flown = _flown(diary, housed.flights)
        already = [party for party in flown if party.id in homes]
        open_to = [party for party in flown if party.id not in homes]
        persons = housed.persons - sum(len(party.members) for party in already)
        children = housed.children - sum(party.children for party in already)
        for party in choose(open_to, persons, children, rng):
            chosen = rng.choices(plan.shelters, [each.weight for each in plan.shelters])[0]
            homes[party.id] = chosen.shelter
    return homes


def _admitted(diary: Diary) -> set[PersonId]:
    """Who goes to hospital from the aircraft."""
    admitted: set[PersonId] = set()
    for one in diary.plan.hospitalised:
        people = [person for party in _flown(diary, one.flights) for person in party.members]
        minors = [person.id for person in people if person.minor]
        adults = [person.id for person in people if not person.minor]
        admitted.update(diary.rng.sample(minors, one.children))
        admitted.update(diary.rng.sample(adults, one.persons - one.children))
    named = {flight for one in diary.plan.hospitalised for flight in one.flights}
    others = [flight.id for flight in diary.plan.flights if flight.id not in named]
    admitted.update(
        person
        for party in _flown(diary, others)
        for person in party.persons
        if diary.chance(diary.plan.shares.hospital)
    )
    return admitted


def _receive(diary: Diary, party: Party, flight: MovementId, admitted: set[PersonId], *, relatives: bool) -> Moment:
    """Through customs and medics to whoever receives the party; when the last of it was received."""
    plan, rng = diary.plan, diary.rng
    device = plan.devices.home
    at = Moment(max(diary.reached_at[flight, person] for person in party.persons) + rng.randint(15, 50) * MINUTE_MS)
    source, target = place_account(plan.home), end_account("received")
    for person in party.members:
        at = Moment(at + rng.randint(8, 25) * SECOND_MS)
        if person.id in admitted:
            seen = care.EncounterRecorded(
                encounter=EncounterId(f"d-{person.id}"),
                place=plan.home,
                codes=(rng.choice(("respiratory_infection", "blast_wound_old", "dehydration", "heart_disease")),),
                disposition="admitted",
                outcome="follow_up",
                relation="direct",
                note=diary.sealed(),
            )
            before = Moment(at - 10 * MINUTE_MS)
            diary.note(device, plan.users.medic, care.ENCOUNTER, seen, before, (person.id,))
        body = arrive.Received(custodian=plan.home_custodian, place=plan.home, relatives=relatives)
        diary.note(device, plan.users.reception, arrive.RECEIVED, body, at, (person.id,), source=source, target=target)
    return at


def _place(diary: Diary, party: Party, shelter: PlaceId, at: Moment, last: Moment) -> None:
    """A shelter takes the party, and some go on from there."""
    plan, rng = diary.plan, diary.rng
    device, officer = plan.devices.home, plan.users.reception
    rooms = -(-len(party.members) // 5)
    placed_at = Moment(at + rng.randint(3 * 60, 6 * 60) * MINUTE_MS)
    first = rng.randint(1, 90)
    room = f"{first}" if rooms == 1 else f"{first}-{first + rooms - 1}"
    body = arrive.Placed(shelter=shelter, room=room)
    diary.note(device, officer, arrive.PLACED, body, placed_at, party.persons)
    leaves = Moment(placed_at + rng.randint(6, 14) * DAY_MS)
    if leaves < last and diary.chance(PLACEMENT_ENDED_SHARE):
        ended = arrive.PlacementEnded(shelter=shelter, why="Goes on to relatives.")
        diary.note(device, officer, arrive.PLACEMENT_ENDED, ended, leaves, party.persons)
        _onward(diary, party, leaves)


def _onward(diary: Diary, party: Party, at: Moment) -> None:
    mode: arrive.OnwardMode = diary.rng.choice(("car", "rail", "air"))
    body = arrive.OnwardJourney(to=diary.rng.choice(diary.plan.onward), mode=mode)
    persons = party.persons
    diary.note(diary.plan.devices.home, diary.plan.users.reception, arrive.ONWARD_JOURNEY, body, at, persons)


def _follow_up(diary: Diary, person: Person, at: Moment, last: Moment) -> None:
    """Somebody must see the person again within days, and mostly does."""
    plan, rng = diary.plan, diary.rng
    form: arrive.FollowUpType = rng.choice(("medical", "psychological"))
    name = FollowUpId(f"u-{person.id}")
    due = Moment(at + rng.randint(3 * 24, 7 * 24) * HOUR_MS)
    body = arrive.FollowUpDue(follow_up=name, type=form, due_at=due)
    who = (person.id,)
    noted = Moment(at + HOUR_MS)
    diary.note(plan.devices.home, plan.users.reception, arrive.FOLLOW_UP_DUE, body, noted, who)
    seen = Moment(at + rng.randint(24, 7 * 24) * HOUR_MS)
    if seen < last and diary.chance(SEEN_AGAIN_SHARE):
        outcome: arrive.FollowUpOutcome = rng.choices(
            ("well", "treated", "referred", "not_reached", "declined"), (6, 4, 1, 1, 1)
        )[0]
        done = arrive.FollowUpDone(follow_up=name, outcome=outcome)
        diary.note(plan.devices.home, plan.users.reception, arrive.FOLLOW_UP_DONE, done, seen, who)
