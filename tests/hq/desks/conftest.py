"""What tests of desks share: gaza-2023 as of the afternoon of 14 November 2023, and people signed in at their desks.

The practice is made once for the whole run and copied for every test, so that each may change what it likes.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.hq.conftest import forget_everybody

from corridor.base.moments import Moment, parse_moment
from corridor.base.refusal import Refusal
from corridor.opening import Found, OpenOperation, find_operation, open_found, read_found
from corridor.practice import make_practice

AFTERNOON = "2023-11-14T15:00Z"
USERS = {
    "duty_officer": "duty",
    "list_officer": "lists",
    "gate_officer": "gate",
    "medic": "medic",
    "psychologist": "psychologist",
    "consul": "consul",
    "movement_officer": "movement",
    "reception_officer": "reception",
    "partner_liaison": "liaison-kz",
    "press_officer": "press",
    "auditor": "auditor",
}
"""The first user of each role in gaza-2023."""
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(scope="session")
def practice_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice as it was made, for copying; nobody works in it."""
    home = tmp_path_factory.mktemp("practice-home")
    environ = {"CORRIDOR_HOME": str(home)}
    refused = make_practice("gaza-2023", parse_moment(AFTERNOON), environ, lambda text: None)
    assert refused is None, refused
    return home / "practice"


@pytest.fixture
def practice(django: None, practice_home: Path, tmp_path: Path) -> Iterator[OpenOperation]:
    """A practice of this test's own, served by this process; its clock runs on from the afternoon."""
    from corridor.hq import served  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.access.accounts import ensure_accounts  # noqa: PLC0415

    home = tmp_path / "practice"
    shutil.copytree(practice_home, home)
    environ = {"CORRIDOR_HOME": str(home)}
    found = find_operation("gaza-2023", environ)
    assert isinstance(found, Found)
    operation = read_found(found)
    assert not isinstance(operation, Refusal)
    opened = open_found(found, operation, environ)
    assert isinstance(opened, OpenOperation)
    served.serve(opened, practice_from=parse_moment(AFTERNOON))
    ensure_accounts(operation)
    yield opened
    opened.close()
    forget_everybody()


SignIn = Callable[[str], Client]


@pytest.fixture
def as_role(practice: OpenOperation) -> SignIn:
    """A client signed in as the first user of a role (or as a user by name)."""

    def as_role(role: str) -> Client:
        from corridor.hq.models import User  # noqa: PLC0415

        client = Client()
        client.force_login(User.objects.get(name=USERS.get(role, role)))
        return client

    return as_role


def posted(client: Client, address: str, fields: dict[str, Any], **more: Any) -> Any:
    """What a page answers to its form, filled in as a browser would: with the token that the page gave."""
    page = client.get(address)
    assert page.status_code == 200, (page.status_code, address)
    token = TOKEN.search(page.content.decode())
    assert token is not None, f"{address} has no form"
    return client.post(address, {"token": token.group(1), **fields}, **more)


def now() -> Moment:
    """Headquarters' clock."""
    from corridor.hq.served import served  # noqa: PLC0415

    return served().now()
