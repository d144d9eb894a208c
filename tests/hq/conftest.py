"""What tests of headquarters share: Django on a database of its own, a small road, and people who work there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from tests import a_road
from tests.a_road import Road

from corridor.base.ids import PersonId
from corridor.base.moments import Moment, parse_moment
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.journey.register.identity import Identity, NameAs, encode
from corridor.journey.register.rows import MemoryIdentityRows
from corridor.journey.versions.state import Versions
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View

WORKERS = """
[[partners]]
id = "kazakhstan"
names = { en = "Kazakhstan", ru = "Казахстан" }
country = "KAZ"

[[users]]
id = "alice"
name = "Alice Duty"
role = "duty_officer"

[[users]]
id = "mark"
name = "Mark Medic"
role = "medic"

[[users]]
id = "petra"
name = "Petra Press"
role = "press_officer"

[[users]]
id = "lena"
name = "Lena Liaison"
role = "partner_liaison"
partner = "kazakhstan"
"""


@pytest.fixture(scope="session")
def django(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Django set up once for the whole run, on a new SQLite file."""
    home = tmp_path_factory.mktemp("hq-home")
    names = ("CORRIDOR_HOME", "CORRIDOR_OPERATION", "DATABASE_URL", "CORRIDOR_SECOND_FACTOR")
    kept = {name: os.environ.get(name) for name in names}
    assert "corridor.hq.settings" not in sys.modules, "the settings must first be read with the tests' own home"
    os.environ["CORRIDOR_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.hq.settings"
    os.environ["CORRIDOR_SECOND_FACTOR"] = "nobody"  # tests of it demand it themselves
    for name in ("CORRIDOR_OPERATION", "DATABASE_URL"):
        os.environ.pop(name, None)
    import django  # noqa: PLC0415 - only when a test of headquarters runs
    from django.core.management import call_command  # noqa: PLC0415
    from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: PLC0415

    django.setup()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    yield
    teardown_test_environment()
    for name, value in kept.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


class OpenRoad(Road):
    """A small road as headquarters opens it: with workers, and the names of its people in a store that logs."""

    def __init__(self) -> None:
        super().__init__()
        operation = read_operation(a_road.OPERATION_TOML + WORKERS)
        assert isinstance(operation, Operation), operation
        self.operation = operation
        self.identities = MemoryIdentityRows()

    @property
    def book(self) -> Book:
        """The book, as an open operation gives it."""
        return self._book

    def operation_at(self, at: Moment, known: Moment) -> Operation:
        """The operation, which has one version only."""
        return self.operation

    def versions(self, known: Moment) -> Versions:
        """No version was ever proposed."""
        return Versions()

    def view(self, at: Moment, known: Moment) -> View:
        """The book at two clocks."""
        return View(self._book, at, known)

    def name(self, person: str, name: str) -> None:
        """Write a person's name into the identity store."""
        row = Identity(names=(NameAs(text=name, script="cyrillic", part="full", source="passport"),))
        self.identities.put(PersonId(person), encode(row), Moment(0))


@pytest.fixture
def road(django: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRoad]:
    """Four people and a guest of Kazakhstan on 2 May 2030: one home, one in camp, one aboard a bus, one in town.

    Today is 1 June 2030.
    """
    from corridor.hq import served  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.access.accounts import ensure_accounts  # noqa: PLC0415

    road = OpenRoad()
    for person in ("home-1", "camp-1", "bus-1", "town-1"):
        road.register("2030-05-02T06:00Z", person)
        road.name(person, f"Человек {person}")
    road.register("2030-05-02T06:00Z", "guest-1", party="guests", citizenships=["KAZ"])
    road.name("guest-1", "Гость")
    crossed = ("home-1", "camp-1", "bus-1")
    road.add("crossed", "2030-05-02T07:00Z", *crossed, source="place:town", target="place:gate", gate="gate")
    road.add("movement_planned", "2030-05-02T07:05Z", movement="bus", leg="gate-camp", name="Bus 1", vehicles=[])
    road.add("sighted", "2030-05-02T09:00Z", "home-1", source="place:gate", target="place:camp")
    road.add("sighted", "2030-05-02T09:10Z", "camp-1", target="place:camp", received="2030-05-02T21:00Z")
    road.add(
        "boarded", "2030-05-02T11:00Z", "bus-1", source="place:gate", target="aboard:bus", movement="bus",
        place_type="seat",
    )  # fmt: skip
    road.add("departed", "2030-05-02T11:30Z", movement="bus", place="gate")
    road.add("sighted", "2030-05-02T15:00Z", "home-1", source="place:camp", target="place:home")
    road.add(
        "received", "2030-05-02T16:00Z", "home-1", source="place:home", target="end:received", custodian="ministry",
        place="home",
    )  # fmt: skip
    monkeypatch.setattr(served.Served, "now", staticmethod(lambda: parse_moment("2030-06-01T00:00Z")))
    served.serve(road)
    ensure_accounts(road.operation)
    yield road
    forget_everybody()


def forget_everybody() -> None:
    """Nothing of one test is left for the next."""
    from django.contrib.sessions.models import Session  # noqa: PLC0415

    from corridor.hq.models import AccountChange, Choice, FailedSignIn, GivenOrder, User  # noqa: PLC0415

    for rows in (Session, FailedSignIn, GivenOrder, Choice, AccountChange, User):
        rows.objects.all().delete()


@dataclass(frozen=True)
class Answer:
    """What a page answered."""

    status: int
    text: str
    headers: Any
    context: Any


Visit = Callable[..., Answer]


@pytest.fixture
def visit(road: OpenRoad) -> Visit:
    """Somebody, signed in by name, asks for a page; None is nobody."""

    def visit(who: str | None, address: str, **headers: str) -> Answer:
        from corridor.hq.models import User  # noqa: PLC0415

        client = Client(headers=headers)
        if who is not None:
            client.force_login(User.objects.get(name=who))
        response = client.get(address)
        return Answer(response.status_code, response.content.decode(), response.headers, response.context)

    return visit
