"""A small road for tests: an invented operation with four places, and a real ledger filled event by event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corridor.base.ids import AccountId, DeviceId, PersonId, UserId
from corridor.base.moments import Moment, parse_moment
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.journey.board.board import Board
from corridor.ledger.accounts import OUTSIDE
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.book.ways import OperationWays
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.intake import Intake

OPERATION_TOML = """
name = "small-road"
titles = { en = "Small road", ru = "Малая дорога" }
languages = ["en", "ru"]
as_of_zone = "Europe/Moscow"
origin_country = "PSE"

[eligibility]
own_citizenships = ["RUS"]
relatives = ["spouse", "child"]

[[places]]
id = "town"
names = { en = "Town", ru = "Город" }
role = "origin"
zone = "Asia/Gaza"
country = "PSE"

[[places]]
id = "gate"
names = { en = "Gate", ru = "Ворота" }
role = "transit"
zone = "Africa/Cairo"
country = "EGY"

[[places]]
id = "camp"
names = { en = "Camp", ru = "Лагерь" }
role = "staging"
zone = "Africa/Cairo"
country = "EGY"

[[places]]
id = "home"
names = { en = "Home", ru = "Дом" }
role = "home"
zone = "Europe/Moscow"
country = "RUS"

[[legs]]
id = "town-gate"
source = "town"
target = "gate"
mode = "foot"
minutes = 60
minutes_min = 5

[[legs]]
id = "gate-camp"
source = "gate"
target = "camp"
mode = "bus"
minutes = 360
minutes_min = 60

[[legs]]
id = "camp-home"
source = "camp"
target = "home"
mode = "air"
minutes = 300
minutes_min = 60

[[stations]]
id = "gate-hall"
place = "gate"
service = "gate"

[[custodians]]
id = "ministry"
names = { en = "Ministry", ru = "Министерство" }
place = "home"

[[devices]]
id = "hq"
kind = "headquarters"

[[users]]
id = "officer"
name = "Officer"
role = "duty_officer"
"""


def small_operation() -> Operation:
    """The invented operation of this file."""
    operation = read_operation(OPERATION_TOML)
    assert isinstance(operation, Operation), operation
    return operation


def ways_of(operation: Operation) -> OperationWays:
    """What the book needs of an operation."""
    return OperationWays(
        minutes_min=operation.minutes_min_between,
        knows_place=operation.has_place,
        leg_ends={leg.id: (leg.source, leg.target) for leg in operation.legs},
    )


class Road:
    """A ledger that grows: each event is one signed batch of headquarters' device."""

    def __init__(self) -> None:
        self.operation = small_operation()
        key = SigningKey.from_seed(bytes(32))
        self.raw: list[bytes] = []
        self._recorder = Recorder(DeviceId("hq"), key)
        self._intake = Intake(DeviceId("hq"), key.public, lambda number: self.raw[number - 1])
        self._book = Book(ways_of(self.operation), self._intake, lambda number: self.raw[number - 1])

    def add(
        self,
        kind: str,
        when: str,
        *persons: str,
        source: str | None = None,
        target: str | None = None,
        received: str | None = None,
        facts: Mapping[str, Any] | None = None,
        by: str = "officer",
        **body: Any,
    ) -> None:
        """One event that happened `when`, and was received then unless `received` says otherwise.

        `facts` are of the body too, for those whose names are taken here.
        """
        draft = Draft(
            kind=kind,
            happened_at=parse_moment(when),
            by=UserId(by),
            persons=tuple(PersonId(person) for person in persons),
            source=None if source is None else AccountId(source),
            target=None if target is None else AccountId(target),
            body={**body, **(facts or {})},
        )
        raw, _ = self._recorder.mint((draft,))
        self.raw.append(raw)
        verdict = self._intake.take(len(self.raw), raw, parse_moment(received or when))
        assert verdict.status == "accepted", verdict

    def register(self, when: str, person: str, **body: Any) -> None:
        """Take one person into the book in the town: a grown-up citizen, unless the body says otherwise."""
        facts = {"party": "family", "citizenships": ["RUS"], "age_band": "adult", "relation": "citizen"} | body
        self.add("registered", when, person, source=OUTSIDE, target="place:town", **facts)

    def claim(self, when: str, code: str, value: int | None, at: str, **facts: Any) -> None:
        """A figure that the press published, about `at`; `facts` go over the rest of its body."""
        body = {"code": code, "value": value, "at": parse_moment(at), "said_by": "press", "certainty": "certain"}
        body |= {"definition": f"What the press calls {code}", "source": f"https://example.org/{code}"} | facts
        self.add("claimed", when, facts={key: fact for key, fact in body.items() if fact is not None})

    def board(self, at: str, known: str | None = None) -> Board:
        """The board at a time, as known at another (the same, unless given)."""
        return self.board_at(parse_moment(at), parse_moment(known or at))

    def board_at(self, at: Moment, known: Moment) -> Board:
        """The board at two moments."""
        return Board(self.operation, View(self._book, at, known))
