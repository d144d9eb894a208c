"""An operation like gaza-2023 with as many people as wanted, every stage of the road behind part of them.

Nobody here lives: ids, names and dates are made from a seed. Families of one to seven register; a part waits, of whom
some are on lists; a part has crossed, rides, stands in Cairo with its permit running; the rest was flown home and
received. About eight records name each person, most of them the whole family at once.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from bench.search import OPERATION, identities
from bench.workload import BATCH_EVENTS
from corridor.base.ids import AccountId, DeviceId, PersonId, UserId
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment, parse_moment
from corridor.base.refusal import Refusal
from corridor.drill.plan_file import load_replay
from corridor.journey.register.identity import Identity, encode
from corridor.ledger.checkpoint import pack
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.stores import Checkpoint
from corridor.opening import OpenOperation, open_operation

SEED = 2023
BEGIN, NOW = parse_moment("2023-11-12T06:00Z"), parse_moment("2023-12-20T12:00Z")
PHONES = 20
LIST_ROWS = 600
MANIFEST = 200
FLIGHT = "flight-bench"
AUTHORITIES = ("egypt", "israel", "gaza-crossings")
_BUS, _AIRCRAFT = 45, 120
USUAL = (45, 5, 8, 42)
"""Of a hundred families, how many wait, crossed, are in Cairo, were received."""
EXPECTED = (92, 3, 5, 0)
"""Everybody still before the gate or a leg from it: the largest roster that its phones can have."""
_AT_ONCE = 20  # batches of one commit
_IDENTITIES_AT_ONCE = 5_000


@dataclass(slots=True)
class Family:
    """A party on its way. `goes_on` is how far it comes: 0 waits, 1 crossed, 2 in Cairo, 3 received."""

    number: int
    persons: tuple[PersonId, ...]
    begins: Moment
    goes_on: int
    lists: int  # how many authorities have listed it


@dataclass(slots=True)
class Filled:
    """What was written, for asking about it."""

    people: int
    events: int
    movements: int
    names: dict[PersonId, Identity] = field(default_factory=dict)  # of the first thousands


def families(people: int, rng: random.Random, ahead: tuple[int, ...] = USUAL) -> Iterator[Family]:
    """Everybody in families, in the order in which they register."""
    first = number = 0
    while first < people:
        size = min(rng.choice((1, 3, 4, 5, 5, 6, 7)), people - first)
        persons = tuple(PersonId(f"p{one:07}") for one in range(first, first + size))
        begins = Moment(BEGIN + int(30 * DAY_MS * first / people) + rng.randrange(HOUR_MS))
        goes_on = rng.choices((0, 1, 2, 3), ahead)[0]
        yield Family(number, persons, begins, goes_on, 3 if goes_on else rng.choice((0, 0, 1, 3)))
        first, number = first + size, number + 1


class Rides:
    """Movements of one leg that fill up one after the other."""

    def __init__(self, word: str, leg: str, seats: int, source: str, target: str) -> None:
        self.word, self.leg, self.seats, self.source, self.target = word, leg, seats, source, target
        self.made = self._left = 0

    def take(self, family: Family, at: Moment, alights: bool) -> Iterator[Draft]:
        """A family rides: planned, boarded, and (unless it is still under way) alighted."""
        if self._left < len(family.persons):
            self.made, self._left = self.made + 1, self.seats
            vehicles = [
                {"vehicle": f"{self.word}-{self.made}-a", "seats": self.seats, "stretchers": 0, "wheelchairs": 0}
            ]
            body = {
                "movement": self.movement,
                "leg": self.leg,
                "vehicles": vehicles,
                "name": f"{self.word} {self.made}",
            }
            yield _draft("movement_planned", at, (), body=body)
            for kind, place, later in (("departed", self.source, 1), ("arrived", self.target, 6)):
                moment = Moment(at + later * HOUR_MS)
                yield _draft(kind, moment, (), body={"movement": self.movement, "place": place})
        self._left -= len(family.persons)
        seat = {"movement": self.movement, "place_type": "seat"}
        aboard = f"aboard:{self.movement}"
        yield _draft("planned_aboard", at, family.persons, body=seat)
        yield _draft("boarded", at, family.persons, f"place:{self.source}", aboard, seat)
        if alights:
            moment = Moment(at + 6 * HOUR_MS + 10 * MINUTE_MS)
            yield _draft(
                "alighted", moment, family.persons, aboard, f"place:{self.target}", {"movement": self.movement}
            )

    @property
    def movement(self) -> str:
        """The movement that fills now."""
        return f"{self.word}-{self.made}"


def _draft(
    kind: str,
    at: int,
    persons: tuple[PersonId, ...],
    source: str | None = None,
    target: str | None = None,
    body: Mapping[str, Any] | None = None,
) -> Draft:
    return Draft(
        kind=kind,
        happened_at=Moment(at),
        by=UserId("gate"),
        persons=persons,
        source=None if source is None else AccountId(source),
        target=None if target is None else AccountId(target),
        body=body or {},
    )


def road_of(family: Family, rng: random.Random, bus: Rides, flight: Rides) -> Iterator[Draft]:
    """Everything that was recorded of one family, in order."""
    at, persons = family.begins, family.persons
    for turn, person in enumerate(persons):
        body = {
            "party": f"f{family.number:06}",
            "citizenships": [rng.choice(("RUS", "RUS", "RUS", "PSE", "BLR"))],
            "age_band": "adult" if turn < 2 else rng.choice(("child", "child", "adult", "infant")),
            "sex": rng.choice(("female", "male")),
            "relation": "citizen" if turn < 2 else "relative",
        }
        yield _draft("registered", at, (person,), "outside", "place:gaza", body)
    yield _draft("contact_recorded", at + MINUTE_MS, persons, body={"channel": "phone", "reachable": True})
    paper = {"paper": f"paper-{family.number}", "type": "passport"}
    yield _draft("paper_recorded", at + 2 * MINUTE_MS, persons[:1], body=paper)
    if rng.random() < 0.05:
        yield _draft("need_recorded", at + 3 * MINUTE_MS, persons[:1], body={"need": "wheelchair"})
    for turn, authority in enumerate(AUTHORITIES[: family.lists]):
        for place, person in enumerate(persons):
            row = (int(person[1:]) % LIST_ROWS) + 1
            list_id = f"{authority}-{int(person[1:]) // LIST_ROWS}"
            held = {"list": list_id, "row": row, "reason": "same number"}
            yield _draft("listed", at + (2 + turn) * HOUR_MS + place, (person,), body=held)
    if family.goes_on == 0:
        return
    at = Moment(at + 2 * DAY_MS)
    if family.goes_on < 3:  # who is still under way crossed in the last two days, so that their permits run
        at = Moment(NOW - 6 * HOUR_MS - rng.randrange(40) * HOUR_MS)
    head = int(persons[0][1:])
    crossed = {"gate": "rafah", "list": f"egypt-{head // LIST_ROWS}"}
    yield _draft("crossed", at, persons, "place:gaza", "place:rafah", crossed)
    stay = {"permit": "transit-72h", "starts_at": at, "ends_at": at + 72 * HOUR_MS}
    yield _draft("permit_started", at + MINUTE_MS, persons, body=stay)
    if family.goes_on == 1:
        return
    if family.goes_on == 3:
        yield from bus.take(family, Moment(at + HOUR_MS), alights=True)
    else:
        yield _draft("sighted", at + 2 * HOUR_MS, persons, "place:rafah", "place:cairo", {"where": "hotel"})
    if rng.random() < 0.03:
        hold = {"hold": f"h-{family.number}", "reason": "medical", "instruction": "Rest", "owner": "medic"}
        yield _draft("hold_placed", at + 3 * HOUR_MS, persons[:1], body=hold | {"review_at": at + 20 * HOUR_MS})
        yield _draft("hold_lifted", at + 4 * HOUR_MS, persons[:1], body={"hold": f"h-{family.number}", "why": "well"})
    yield _draft("fitness_decided", at + 5 * HOUR_MS, persons, body={"decision": "fit"})
    if family.goes_on == 2:
        return
    yield from flight.take(family, Moment(at + 24 * HOUR_MS), alights=True)
    ended = {"permit": "transit-72h", "why": "left"}
    yield _draft("permit_ended", at + 25 * HOUR_MS, persons, body=ended)
    home = {"custodian": "domodedovo-headquarters", "place": "domodedovo"}
    yield _draft("received", at + 31 * HOUR_MS, persons, "place:domodedovo", "end:received", home)


def fill(
    folder: Path,
    people: int,
    environ: Mapping[str, str],
    named: int | None = None,
    ahead: tuple[int, ...] = USUAL,
) -> Filled:
    """Make an operation in a folder, with a ledger and identities of so many people; `named` None: all have names."""
    shutil.copy(OPERATION / "operation.toml", folder)
    opened = open_operation(str(folder), environ, progress=lambda text: None)
    assert isinstance(opened, OpenOperation), opened
    rng = random.Random(SEED)
    opened.database.run("SET synchronous_commit = off" if "DATABASE_URL" in environ else "PRAGMA synchronous=OFF")
    found = _write_events(opened, people, rng, ahead)
    for chunk in _chunks(_identities(min(people, people if named is None else named)), _IDENTITIES_AT_ONCE):
        opened.identities.put_many([(person, encode(identity), BEGIN) for person, identity in chunk])
        if len(found.names) < 2 * _IDENTITIES_AT_ONCE:
            found.names |= dict(chunk)
    opened.store.keep_checkpoint(Checkpoint(opened.store.count(), pack(opened.writer.intake)))
    opened.close()
    return found


def _write_events(opened: OpenOperation, people: int, rng: random.Random, ahead: tuple[int, ...]) -> Filled:
    keys = [SigningKey.from_seed(hashlib.sha256(f"phone {number}".encode()).digest()) for number in range(PHONES)]
    phones = [Recorder(DeviceId(f"phone-{number:02}"), key) for number, key in enumerate(keys)]
    enrolled = [
        _draft("device_enrolled", BEGIN, (), body={"device": phone.device, "public_key": key.public.hex()})
        for phone, key in zip(phones, keys, strict=True)
    ]
    opened.writer.record(enrolled, BEGIN)
    lists = [
        _draft("list_received", BEGIN, (), body=_list(authority, number))
        for authority in AUTHORITIES
        for number in range(people // LIST_ROWS + 1)
    ]
    for chunk in _chunks(iter(lists), 200):
        opened.writer.record(chunk, BEGIN)
    bus = Rides("bus", "rafah-cairo", _BUS, "rafah", "cairo")
    flight = Rides("flight", "cairo-domodedovo", _AIRCRAFT, "cairo", "domodedovo")
    waiting: list[list[Draft]] = [[] for _ in phones]
    raws: list[bytes] = []
    last = BEGIN
    in_cairo: list[PersonId] = []
    found = Filled(people=people, events=0, movements=0)

    def send() -> None:
        opened.writer.receive(raws, last)
        raws.clear()

    for family in families(people, rng, ahead):
        mine = waiting[family.number % PHONES]
        mine.extend(road_of(family, rng, bus, flight))
        in_cairo += family.persons if family.goes_on == 2 else ()
        while len(mine) >= BATCH_EVENTS:
            batch, mine[:] = mine[:BATCH_EVENTS], mine[BATCH_EVENTS:]
            raws.append(phones[family.number % PHONES].mint(batch)[0])
            found.events += len(batch)
            last = max(last, Moment(max(draft.happened_at for draft in batch) + 1))
        if len(raws) >= _AT_ONCE:
            send()
    raws += [phone.mint(drafts)[0] for phone, drafts in zip(phones, waiting, strict=True) if drafts]
    found.events += sum(map(len, waiting))
    last = Moment(NOW - HOUR_MS)
    send()
    found.movements = bus.made + flight.made + 1
    opened.writer.record(_flight(in_cairo), last)
    return found


def _flight(in_cairo: list[PersonId]) -> list[Draft]:
    """The flight whose manifest is asked for, still to leave."""
    at = Moment(NOW - HOUR_MS)
    vehicles = [{"vehicle": "il-76-a", "seats": MANIFEST + 20, "stretchers": 0, "wheelchairs": 0}]
    body = {"movement": FLIGHT, "leg": "cairo-domodedovo", "vehicles": vehicles, "name": "Flight of the bench"}
    planned = _draft("movement_planned", at, (), body=body | {"departs_at": NOW + 12 * HOUR_MS})
    seat = {"movement": FLIGHT, "place_type": "seat"}
    persons = in_cairo[-MANIFEST:]
    chunks = (tuple(persons[start : start + 20]) for start in range(0, len(persons), 20))
    return [planned, *(_draft("planned_aboard", at + 1, chunk, body=seat) for chunk in chunks)]


def _list(authority: str, number: int) -> dict[str, object]:
    digest = hashlib.sha256(f"{authority} {number}".encode()).hexdigest()
    facts = {"list": f"{authority}-{number}", "authority": authority, "for_date": "2023-11-20", "source": "embassy"}
    return {**facts, "sha256": digest, "rows": LIST_ROWS, "rows_sha256": digest}


def _identities(people: int) -> Iterator[tuple[PersonId, Identity]]:
    plan = load_replay(OPERATION)
    assert not isinstance(plan, Refusal), plan
    return identities(plan.names, people)


def _chunks(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while chunk := list(islice(items, size)):
        yield chunk
