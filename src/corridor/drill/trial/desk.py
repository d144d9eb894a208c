"""What desks do in a drill: orders that would split a family, and readings of names; laws 7 and 9 look at both."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from corridor.base.ids import AccountId, MovementId, PartyId, PersonId, PlaceId, UserId
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.base.refusal import Refusal
from corridor.drill.trial.disk import Fuse
from corridor.drill.trial.truth import WAYS
from corridor.journey import orders
from corridor.journey.arrive.rules import Place
from corridor.journey.board.board import Board
from corridor.journey.move.orders import Passenger, PlanAboard, TakeOff
from corridor.journey.register import access
from corridor.journey.register.identity import Identity, NameAs, encode
from corridor.journey.register.orders import WaiveSplit
from corridor.journey.register.rows import MemoryIdentityRows
from corridor.ledger.book.view import View
from corridor.ledger.device import wire
from corridor.ledger.event import Draft

if TYPE_CHECKING:
    from corridor.drill.trial.world import World

_PLACES = (("town", "origin"), ("gate", "transit"), ("camp", "staging"), ("home", "home"), ("hostel", "shelter"))
_LEGS = (
    ("crossing", "town", "gate", "foot"),
    ("road", "gate", "camp", "bus"),
    ("flight", "camp", "home", "air"),
    ("ride", "home", "hostel", "bus"),
)
_SHELTER = PlaceId("hostel")
_OFFICER = UserId("duty")
_ROLES = ("duty_officer", "gate_officer", "partner_liaison", "press_officer", "cook")
_READS = frozenset({"duty_officer", "gate_officer"})
"""Who of these reads everybody's names; said here again, apart from the program's own table."""


def _operation() -> Operation:
    """The operation file of every drill: the places and legs of `truth`, and somewhere to sleep."""
    text = 'name = "drill"\ntitles = { en = "Drill" }\nlanguages = ["en"]\nas_of_zone = "UTC"\norigin_country = "PSE"\n'
    text += '[eligibility]\nown_citizenships = ["RUS"]\nrelatives = []\n'
    for name, role in _PLACES:
        text += f'[[places]]\nid = "{name}"\nnames = {{ en = "{name}" }}\nrole = "{role}"\nzone = "UTC"\n'
        text += 'country = "RUS"\n' + ("beds = 500\n" if role == "shelter" else "")
    for name, source, target, mode in _LEGS:
        text += f'[[legs]]\nid = "{name}"\nsource = "{source}"\ntarget = "{target}"\n'
        text += f'mode = "{mode}"\nminutes = 60\nminutes_min = 5\n'
    text += '[[custodians]]\nid = "ministry"\nnames = { en = "Ministry" }\nplace = "home"\n'
    text += '[[devices]]\nid = "headquarters"\nkind = "headquarters"\n'
    text += '[[users]]\nid = "duty"\nname = "Duty"\nrole = "duty_officer"\n'
    operation = read_operation(text)
    assert isinstance(operation, Operation), operation
    return operation


OPERATION = _operation()


class Given(NamedTuple):
    """Rows that were read out of the store: whose, and how many readings were in the log by then."""

    persons: tuple[PersonId, ...]
    logged: int


class DrillRows(MemoryIdentityRows):
    """The identity store beside headquarters' ledger: its process can be killed at a write, and it has a backup."""

    def __init__(self) -> None:
        super().__init__()
        self.fuse = Fuse()
        self.given: list[Given] = []
        self._backed_up = (0, 0)

    def get(self, persons: Collection[PersonId]) -> Mapping[PersonId, bytes]:
        """The rows of these people; that they were given is remembered apart from the log."""
        self.given.append(Given(tuple(persons), len(self._readings)))
        return super().get(persons)

    def log_read(self, reading: access.Reading) -> None:
        """Keep the reading. Raises Killed, before or after it is durable."""
        self.fuse.burn()
        super().log_read(reading)
        self.fuse.burn()

    def back_up(self) -> None:
        """Last night's backup from now on."""
        self._backed_up = (len(self._readings), len(self.given))

    def restore(self) -> None:
        """Go on with last night's backup: what was read since is in no log, and nobody can ask for it."""
        readings, given = self._backed_up
        del self._readings[readings:]
        del self.given[given:]


def read_names(world: World, number: int, rng: random.Random) -> None:
    """Somebody asks for the names of some people, who may or may not; the officer who asks may give no reason."""
    rows = world.rows
    rows.fuse = world.headquarters.store.fuse
    everybody = sorted({person for fact in world.schedule.facts for person in fact.persons})
    if not rows.count():
        for person in everybody:
            name = NameAs(text=f"Name of {person}", script="latin", part="full", source="typed")
            rows.put(person, encode(Identity(names=(name,))), world.now)
    asked = rng.sample(everybody, min(len(everybody), rng.randint(1, 3)))
    role, why = rng.choice(_ROLES), rng.choice(("at the gate", "on the list", ""))

    def read() -> None:
        access.see_persons(rows, UserId(role), role, asked, why, world.now, country="RUS")

    world.counts["names asked for"] += 1
    world.at_headquarters(read)


def readings_logged(world: World) -> Iterator[str]:
    """Law 9: whatever row was given, the reading just before it in the log names it, with who and why, and who may."""
    readings = world.rows.reads()
    for given in world.rows.given:
        by = readings[given.logged - 1] if given.logged else None
        if by is None or by.refused is not None or not set(given.persons) <= set(by.persons):
            yield f"Law 9: the rows of {', '.join(given.persons)} were read, and the log does not say by whom."
        elif by.role not in _READS or not by.why:
            yield f"Law 9: the rows of {', '.join(given.persons)} were read by {by.role}, why: {by.why!r}."


def order(world: World, number: int, rng: random.Random) -> None:
    """An officer plans a family or some of it aboard, takes some off, gives them beds, or writes that it waives."""
    headquarters, now = world.headquarters, world.now
    view = headquarters.view(now, now)
    registered = [event.persons for event in view.events(("registered",))]
    if not registered:
        return  # an officer names only whom the screen shows
    family = rng.choice(sorted(set(registered)))
    some = family if rng.random() < 0.4 else tuple(rng.sample(family, rng.randint(1, len(family))))
    given = _orders(rng, family, some, world.schedule.setting.days)
    decided = orders.decide(given, Board(OPERATION, view), now)
    if isinstance(decided, Refusal):
        world.counts["orders refused"] += 1
        return
    if world.at_headquarters(lambda: _record(world, decided)):
        world.counts["orders carried out"] += 1
        world.breaches += _kept_together(world, given, family, view)


def _orders(rng: random.Random, family: tuple[PersonId, ...], some: tuple[PersonId, ...], days: int) -> orders.Order:
    movement = MovementId(f"{rng.choice(('bus', 'plane'))}-{rng.randrange(days + 1)}")
    which = rng.choices(("plan", "off", "place", "waive"), (5, 2, 3, 1))[0]
    if which == "plan":
        return PlanAboard(movement=movement, by=_OFFICER, passengers=tuple(Passenger(person=one) for one in some))
    if which == "off":
        return TakeOff(movement=movement, by=_OFFICER, persons=some, why="full")
    if which == "place":
        return Place(persons=some, by=_OFFICER, shelter=_SHELTER)
    waived = {"party": PartyId(f"of-{family[0]}"), "persons": some, "said_by": family[0]}
    return WaiveSplit(by=_OFFICER, why="they asked", **waived)  # type: ignore[arg-type]


def _record(world: World, drafts: tuple[Draft, ...]) -> None:
    world.headquarters.writer.record(drafts, world.now)


def _kept_together(world: World, given: orders.Order, family: tuple[PersonId, ...], view: View) -> Iterator[str]:
    """Law 7: by headquarters' own records, read here line by line, everybody of a family who did not waive stands on
    the manifest or sleeps at the shelter that the order is about. Who is past the place a movement leaves is not left
    behind; what earlier orders did was judged by what was known then."""
    together: dict[str, set[str]] = defaultdict(set)
    waived: set[str] = set()
    for line in _own_lines(world):
        said = msgspec.json.decode(line.body)
        if line.kind == "planned_aboard":
            together[said["movement"]] |= set(line.persons)
        elif line.kind == "taken_off":
            together[said["movement"]] -= set(line.persons)
        elif line.kind == "placed":
            together[said["shelter"]] |= set(line.persons)
        elif line.kind == "split_waived":
            waived |= set(line.persons)
    bound = set(family) - waived
    about = {str(getattr(given, field, None)) for field in ("movement", "shelter")}
    for name, persons in sorted(one for one in together.items() if one[0] in about):
        left_out = {one for one in bound - persons if not _is_past(view.account_of(one), name)}
        if bound & persons and left_out:
            there, apart = (", ".join(sorted(some)) for some in (bound & persons, left_out))
            yield f"Law 7: {there} of a family are on {name}, {apart} are not, and nobody waived it."


def _is_past(account: AccountId | None, movement: str) -> bool:
    """Whether somebody is at an end, or at a place from which nobody comes back to where the movement leaves."""
    source = {"bus": PlaceId("gate"), "plane": PlaceId("camp")}.get(movement.partition("-")[0])
    if source is None or account is None:
        return False  # a shelter is for everybody
    type_, _, place = account.partition(":")
    return type_ == "end" or (type_ == "place" and place != source and WAYS.minutes_min(PlaceId(place), source) is None)


def _own_lines(world: World) -> Iterator[wire.Line]:
    """Every line of headquarters' own chain, in order."""
    for row in world.headquarters.store.batches():
        if row.status == "accepted" and b'"device":"headquarters"' in row.raw[:120]:
            for line in wire.read_lines(wire.unframe(row.raw).lines):
                assert line is not None, "headquarters writes what can be read"
                yield line
