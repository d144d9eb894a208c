"""Which events the benches measure: made from a seed, so that every run of a size takes in the same bytes.

`crossings` is the shape that the targets are stated in: 343-byte events, each one person's move between 320 places,
in signed batches of 100 from 500 devices that all write at the same time. `road` is what an operation looks like:
parties of 1 to 6 persons, one event in five that moves nobody, movements with people aboard, batches that come late
and batches that come twice.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bench.road_operation import CAMP, FAR_SIDE, HOME, SHELTERS, TOWNS
from corridor.base.ids import AccountId, DeviceId, MovementId, PersonId, PlaceId, UserId
from corridor.base.moments import DAY_MS, Moment, parse_moment
from corridor.ledger.accounts import OUTSIDE, aboard_account, end_account, place_account
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft

ROOT_DEVICE = DeviceId("hq")
BATCH_EVENTS = 100
DEVICES = 500
PERSONS = 50_000
START = parse_moment("2023-11-12T00:00:00Z")
SPAN_MS = 60 * DAY_MS
_AT_WORK = 20  # devices of the road that write at the same time; the others rest
_LATE, _REPEATED, _STANDING_STILL = 0.01, 0.005, 0.2
_BUS, _AIRCRAFT = 48, 150


def root_key() -> SigningKey:
    """The key the bench's ledgers are founded with; anything made with it is invented."""
    return SigningKey.from_seed(bytes(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One batch on its way: the bytes and when headquarters gets them."""

    received_at: Moment
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A ledger still to be taken in. `enrolment` comes first and is no part of what is measured."""

    name: str
    events: int  # repeats not counted
    rows: int  # events times the persons they name
    persons: int
    enrolment: tuple[bytes, ...]
    batches: tuple[Sent, ...]
    keys: Mapping[DeviceId, bytes]  # public keys by device

    @property
    def bytes_per_event(self) -> float:
        """Bytes on the wire an event, its share of its batch's header and signature included."""
        return self.line_bytes / self.events

    @property
    def line_bytes(self) -> int:
        """Bytes of all the events' own lines, each event once."""
        return sum(sum(map(len, raw.split(b"\n")[3:])) for raw in {sent.raw for sent in self.batches})

    @property
    def end(self) -> Moment:
        """After the last event and the last arrival."""
        return Moment(max(sent.received_at for sent in self.batches) + 1)


@dataclass(slots=True)
class _Desk:
    """Devices that fill batches of 100 and send each when it is full."""

    rng: random.Random
    recorders: list[Recorder]
    buffers: list[list[Draft]]
    sent: list[Sent] = field(default_factory=list)

    def write(self, device: int, draft: Draft) -> bool:
        """Record one event on a device; True when that filled a batch, which is then sent."""
        buffer = self.buffers[device]
        buffer.append(draft)
        if len(buffer) < BATCH_EVENTS:
            return False
        self.send(device)
        return True

    def send(self, device: int) -> None:
        """Sign and send what a device has recorded."""
        buffer = self.buffers[device]
        if buffer:
            raw, _ = self.recorders[device].mint(buffer)
            self.sent.append(Sent(received_at=Moment(buffer[-1].happened_at + 1000), raw=raw))
            buffer.clear()

    def finish(self, name: str, events: int, rows: int, persons: int, seeds: list[SigningKey]) -> Workload:
        """Send what is left and put everything in the order of arrival."""
        for device in range(len(self.recorders)):
            self.send(device)
        names = [recorder.device for recorder in self.recorders]
        keys = {device: key.public for device, key in zip(names, seeds, strict=True)}
        return Workload(
            name=name,
            events=events,
            rows=rows,
            persons=persons,
            enrolment=_enrolment(keys),
            batches=tuple(sorted(self.sent, key=lambda sent: sent.received_at)),
            keys=keys,
        )


def _desk(events: int, rng: random.Random, devices: int = DEVICES) -> tuple[_Desk, list[SigningKey]]:
    """As many devices as fill at least one batch each, at most so many."""
    count = max(1, min(devices, events // BATCH_EVENTS))
    seeds = [SigningKey.from_seed(rng.randbytes(32)) for _ in range(count)]
    recorders = [Recorder(DeviceId(f"device-{index:03d}"), key) for index, key in enumerate(seeds)]
    return _Desk(rng, recorders, [[] for _ in recorders]), seeds


def _enrolment(keys: Mapping[DeviceId, bytes]) -> tuple[bytes, ...]:
    headquarters = Recorder(ROOT_DEVICE, root_key())
    drafts = [
        Draft(
            kind="device_enrolled",
            happened_at=START,
            by=UserId("root"),
            body={"device": device, "public_key": key.hex()},
        )
        for device, key in keys.items()
    ]
    return tuple(headquarters.mint(drafts[start : start + 250])[0] for start in range(0, len(drafts), 250))


def crossings(events: int, persons: int = PERSONS, seed: int = 1, most_devices: int = DEVICES) -> Workload:
    """Random moves of single persons between 320 places, every device writing in every round: the stated target."""
    rng = random.Random(seed)
    desk, seeds = _desk(events, rng, most_devices)
    devices = len(desk.recorders)
    places = [place_account(PlaceId(f"p{number}")) for number in range(320)]
    where: list[AccountId] = [OUTSIDE] * persons
    step = SPAN_MS // events
    turns = list(range(devices))
    for number in range(events):
        if number % devices == 0:
            rng.shuffle(turns)
        device = turns[number % devices]
        person = rng.randrange(persons)
        target = rng.choice(places)
        if target == where[person]:
            target = places[(places.index(target) + 1) % len(places)]
        body = {"gate": "rafah-1", "list": "egypt-2023-11-12", "row": number, "note": "x" * 105}
        draft = Draft(
            kind="crossed",
            happened_at=Moment(START + number * step),
            by=UserId(f"officer-{device:03d}"),
            persons=(PersonId(f"person-{person:06d}"),),
            source=where[person],
            target=target,
            body=body,
        )
        where[person] = target
        desk.write(device, draft)
    return desk.finish("crossings", events, events, persons, seeds)


# --- the road ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Party:
    name: str
    persons: tuple[PersonId, ...]
    account: AccountId = OUTSIDE
    wander: int = 0  # moves between towns before the way out


@dataclass(slots=True)
class _Ride:
    """A bus or an aircraft that waits for people."""

    movement: MovementId
    leg: str
    seats: int
    source: AccountId
    target: AccountId
    parties: list[_Party] = field(default_factory=list)

    @property
    def souls(self) -> int:
        """People aboard."""
        return sum(len(party.persons) for party in self.parties)


_Made = tuple[str, tuple[PersonId, ...], AccountId | None, AccountId | None, Mapping[str, object]]


class _Road:
    """Parties that register, wander between towns, cross, ride and arrive; one `_Made` after another."""

    def __init__(self, rng: random.Random, persons: int, events: int) -> None:
        self._rng = rng
        self._parties = _parties(rng, persons)
        self._queue: deque[_Made] = deque()
        self._rides: dict[AccountId, _Ride] = {}
        self._numbers: dict[str, int] = {}
        # So that the road takes about as long as there are events: the way out is some 8 moves of each party.
        moves = (events * (1 - _STANDING_STILL) - persons) / len(self._parties)
        for party in self._parties:
            party.wander = max(0, int(rng.uniform(0, 2) * (moves - 8)))

    def next(self) -> _Made:
        """The next event of the road."""
        while not self._queue:
            party = self._rng.choice(self._parties)
            if party.account == OUTSIDE:
                self._register(party)
            elif self._rng.random() < _STANDING_STILL:
                self._stand_still(party)
            elif not party.account.startswith(("aboard:", "end:")):  # these wait, or have arrived
                self._move(party)
        return self._queue.popleft()

    def _register(self, party: _Party) -> None:
        party.account = place_account(self._rng.choice(TOWNS))
        for index, person in enumerate(party.persons):
            body = {
                "party": party.name,
                "citizenships": [self._rng.choice(("RUS", "RUS", "PSE", "BLR", "KAZ"))],
                "age_band": "adult" if index < 2 else self._rng.choice(("child", "child", "adult", "infant")),
                "sex": self._rng.choice(("female", "male")),
                "relation": self._rng.choice(("citizen", "relative")),
                "channel": "phone",
                "application": f"A-2023-{person}",
            }
            self._queue.append(("registered", (person,), OUTSIDE, party.account, body))

    def _stand_still(self, party: _Party) -> None:
        kind, body = self._rng.choice(_STILL)
        self._queue.append((kind, party.persons, None, None, dict(body)))

    def _move(self, party: _Party) -> None:
        if party.account in _TOWN_ACCOUNTS and party.wander > 0:
            party.wander -= 1
            others = [town for town in _TOWN_ACCOUNTS if town != party.account]
            self._step(party, "sighted", self._rng.choice(others), {"where": "district 4, school"})
        elif party.account in _TOWN_ACCOUNTS:
            body = {"gate": "gate-1", "list": "list-egypt-2023-11-12", "row": self._rng.randrange(1, 900)}
            self._step(party, "crossed", place_account(FAR_SIDE), body)
        elif party.account in (place_account(FAR_SIDE), place_account(CAMP)):
            self._board(party)
        elif party.account == place_account(HOME) and self._rng.random() < 0.5:
            body = {"custodian": "ministry", "place": HOME}
            self._step(party, "received", end_account("received"), body)
        else:
            others = [place_account(shelter) for shelter in SHELTERS if place_account(shelter) != party.account]
            self._step(party, "sighted", self._rng.choice(others), {"where": "reception desk"})

    def _step(self, party: _Party, kind: str, target: AccountId, body: Mapping[str, object]) -> None:
        self._queue.append((kind, party.persons, party.account, target, body))
        party.account = target

    def _board(self, party: _Party) -> None:
        source = party.account
        ride = self._rides.get(source)
        if ride is None:
            ride = self._rides[source] = self._plan(source)
        body = {"movement": ride.movement, "place_type": "seat"}
        self._queue.append(("planned_aboard", party.persons, None, None, dict(body)))
        self._step(party, "boarded", aboard_account(ride.movement), body)
        ride.parties.append(party)
        if ride.souls >= ride.seats - 6:
            self._run(self._rides.pop(source))

    def _plan(self, source: AccountId) -> _Ride:
        by_bus = source == place_account(FAR_SIDE)
        leg, word, seats = ("far-camp", "bus", _BUS) if by_bus else ("camp-home", "flight", _AIRCRAFT)
        number = self._numbers[word] = self._numbers.get(word, 0) + 1
        movement = MovementId(f"{word}-{number}")
        vehicles = [{"vehicle": f"{word}-{number}-a", "seats": seats, "stretchers": 0, "wheelchairs": 0}]
        body = {"movement": movement, "leg": leg, "vehicles": vehicles, "name": f"{word} {number}"}
        self._queue.append(("movement_planned", (), None, None, body))
        return _Ride(movement, leg, seats, source, place_account(CAMP if by_bus else HOME))

    def _run(self, ride: _Ride) -> None:
        facts = {"movement": ride.movement, "souls": ride.souls}
        self._queue.append(("departed", (), None, None, facts | {"place": ride.source.partition(":")[2]}))
        self._queue.append(("arrived", (), None, None, facts | {"place": ride.target.partition(":")[2]}))
        for party in ride.parties:
            self._step(party, "alighted", ride.target, {"movement": ride.movement})


_TOWN_ACCOUNTS = tuple(place_account(town) for town in TOWNS)
_STILL: tuple[tuple[str, dict[str, object]], ...] = (
    ("contact_recorded", {"channel": "phone", "reachable": True}),
    ("called", {"gate": "gate-1", "for_date": "2023-11-20"}),
    ("need_recorded", {"need": "medication", "detail": "insulin, twice a day, has a week's supply with them"}),
    ("check_made", {"check": "check-77", "against": "list-egypt-2023-11-12", "result": "clear"}),
    ("fitness_decided", {"decision": "fit", "until": "2023-11-30T00:00:00Z", "needs": ["seat"]}),
    ("paper_recorded", {"paper": "paper-5531", "type": "return_certificate", "issuer": "RUS"}),
)


def _parties(rng: random.Random, persons: int) -> list[_Party]:
    parties: list[_Party] = []
    first = 0
    while first < persons:
        size = min(rng.randint(1, 6), persons - first)
        members = tuple(PersonId(f"person-{number:06d}") for number in range(first, first + size))
        parties.append(_Party(f"party-{len(parties):06d}", members))
        first += size
    return parties


def road(events: int, persons: int | None = None, seed: int = 1) -> Workload:
    """An operation: parties on the whole road, batches that come late or twice; 20 events a person unless said.

    500 devices, 20 of them at work at a time, so that a record reaches headquarters within hours of the next one of
    the same person; one batch in a hundred comes up to three days late, one in two hundred twice.
    """
    rng = random.Random(seed)
    people = max(6, min(PERSONS, events // 20)) if persons is None else persons
    desk, seeds = _desk(events, rng)
    devices = len(desk.recorders)
    made = _Road(rng, people, events)
    at_work = list(range(min(_AT_WORK, devices)))
    step = SPAN_MS // events
    rows = 0
    for number in range(events):
        turn = rng.randrange(len(at_work))
        kind, persons_named, source, target, body = made.next()
        rows += max(1, len(persons_named))
        draft = Draft(
            kind=kind,
            happened_at=Moment(START + number * step),
            by=UserId(f"officer-{at_work[turn]:03d}"),
            persons=persons_named,
            source=source,
            target=target,
            body=body,
        )
        if desk.write(at_work[turn], draft) and devices > len(at_work):
            at_work[turn] = rng.choice([device for device in range(devices) if device not in at_work])
    workload = desk.finish("road", events, rows, people, seeds)
    desk.sent[:] = workload.batches
    _disturb(desk.sent, rng)
    return desk.finish("road", events, rows, people, seeds)


def _disturb(sent: list[Sent], rng: random.Random) -> None:
    """Some batches come late, some come again."""
    for index, one in enumerate(list(sent)):
        if rng.random() < _LATE:
            one = Sent(received_at=Moment(one.received_at + rng.randrange(3 * DAY_MS)), raw=one.raw)
            sent[index] = one
        if rng.random() < _REPEATED:
            sent.append(Sent(received_at=Moment(one.received_at + rng.randrange(DAY_MS)), raw=one.raw))


WORKLOADS: dict[str, Callable[[int], Workload]] = {"crossings": crossings, "road": road}


def groups(workload: Workload, size: int = 64) -> Iterator[tuple[list[bytes], Moment]]:
    """The batches in the groups that share one commit, and when each group is taken in."""
    for start in range(0, len(workload.batches), size):
        group = workload.batches[start : start + size]
        yield [sent.raw for sent in group], group[-1].received_at
