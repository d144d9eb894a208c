"""Who may open what: every address by every role, and every order by every role; what nobody wrote down is denied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from django.urls import URLPattern, URLResolver
from tests.hq.desks.conftest import USERS, as_role, practice, practice_home

from corridor.base.operation import UserRole
from corridor.opening import OpenOperation

__all__ = ["as_role", "practice", "practice_home"]

ROLES = get_args(UserRole)
FIRST_PAGES = {
    "/": "figures",
    "/claims/": "figures",
    "/alarms/": "figures",
    "/held-back/": "persons",
    "/people/": "persons",
    "/people/<str:person>/": "persons",
}
"""The pages of no desk that a role needs a field for."""
OPEN_TO_ALL = {"/alive/", "/sign-in/", "/sign-out/", "/language/"}
PHONES = {"/field/enrol", "/field/exchange"}
"""Where phones prove by their key who they are and no session is asked for; tests of the exchange have the rules."""
OWN = ("/own/", "/sign-in/")
"""Addresses below these are of whoever asks, and show nobody else."""
MEDICS_ONLY = {
    "/care/flights/", "/care/daily/", "/care/daily.csv", "/care/<str:person>/colour/",
    "/care/<str:person>/contacts/", "/care/<str:person>/contacts.pdf",
}  # fmt: skip
"""Pages of a desk that ask for a field more: what medics found is not the psychologist's."""


def addresses() -> Iterator[str]:
    """Every address pattern of headquarters."""
    from corridor.hq.urls import urlpatterns  # noqa: PLC0415 - the settings are not ready before

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            address = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, address)
            else:
                yield address

    yield from walk(urlpatterns, "/")


def filled(address: str, person: str) -> str:
    """An address pattern with something in it; for a person somebody of the book."""
    numbered = re.sub(r"<int:[^>]+>", "1", address)
    return re.sub(r"<[^>]+>", lambda found: person if "person" in found[0] else "nothing-1", numbered)


def allowed(address: str) -> frozenset[str]:
    """The roles that the tables let open an address."""
    from corridor.hq.access.rights import DESKS, FIELDS  # noqa: PLC0415

    if address in FIRST_PAGES:
        return FIELDS[FIRST_PAGES[address]]  # type: ignore[index]
    entered = DESKS.get(address.split("/")[1], frozenset())
    if address.startswith("/operation/") and not address.startswith("/operation/file/") and address != "/operation/":
        return entered & FIELDS["audit"]  # a consul signs versions there, and reads no log and no account
    if address.startswith("/move/plans/"):
        return entered & FIELDS["plans"]  # a liaison is offered seats, and plans nobody
    return entered & FIELDS["care"] if address in MEDICS_ONLY else entered


@pytest.mark.parametrize("role", ROLES)
def test_every_address_by_every_role(practice: OpenOperation, role: str) -> None:
    """A page opens for the roles of its row and for no other; one that is in no table is open to nobody."""
    from django.test import Client  # noqa: PLC0415

    from corridor.hq.models import User  # noqa: PLC0415

    client = Client(raise_request_exception=True)
    client.force_login(User.objects.get(name=USERS[role]))
    person = min(practice.view(*both_clocks()).everybody())
    wrong = []
    for address in addresses():
        if address in OPEN_TO_ALL | PHONES or address.startswith(OWN) or "<path" in address:
            continue
        status = client.get(filled(address, person)).status_code
        if (status != 403) != (role in allowed(address)):
            wrong.append((address, status))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_sent_to_a_desk_that_is_closed(practice: OpenOperation, role: str) -> None:
    """A POST to a page of a desk asks the same table first, and changes nothing for anybody else."""
    from django.test import Client  # noqa: PLC0415

    from corridor.hq.access.rights import DESKS  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(name=USERS[role]))
    before = practice.store.count()
    closed = [one for one in addresses() if role not in DESKS.get(one.split("/")[1], {role})]
    assert [
        one for one in closed if client.post(filled(one, "p1"), {"token": "a-token-of-a-form"}).status_code != 403
    ] == []
    assert practice.store.count() == before


def both_clocks() -> tuple[int, int]:
    """Now, twice."""
    from corridor.hq.served import served  # noqa: PLC0415

    return served().now(), served().now()


def test_the_tables_deny_by_default(django: None) -> None:
    """A role, a desk or an order that no row names is denied."""
    from corridor.hq.access import rights  # noqa: PLC0415

    class Stranger:
        role = "spy"

    class Press:
        role = "press_officer"

    assert not rights.rights_of(Stranger()) and not rights.rights_of(None)
    assert not any(rights.may(Stranger(), field) for field in rights.FIELDS)
    assert not any(rights.may_enter(Stranger(), desk) for desk in rights.DESKS)
    assert not rights.may_enter(Press(), "no-such-desk")
    assert not any(rights.may_give(Stranger(), order) for orders in rights.ORDERS_OF.values() for order in orders)
    assert not rights.may_give(Press(), int)


def test_every_order_has_somebody_who_may_give_it(django: None) -> None:
    """No order of the journey is left without a role, and the roles that only read give none."""
    from corridor.hq.access.rights import ORDERS_OF  # noqa: PLC0415
    from corridor.journey.orders import Order  # noqa: PLC0415

    given = frozenset().union(*ORDERS_OF.values())
    assert {one.__name__ for one in get_args(Order)} == {one.__name__ for one in given}
    assert not ORDERS_OF["press_officer"] and not ORDERS_OF["auditor"]


def test_a_page_reads_no_more_of_an_identity_than_the_store_gives(django: None) -> None:
    """The fields that come from the identity row are held by no role that the store would refuse them to."""
    from corridor.hq.access.rights import FIELDS, IDENTITY_OF  # noqa: PLC0415
    from corridor.journey.register.access import ACCESS  # noqa: PLC0415

    for field, part in (("names", "names"), ("birth", "birth"), ("numbers", "documents"), ("contacts", "contacts")):
        assert {role for role in FIELDS[field] if part not in ACCESS[role].parts} == set(), field  # type: ignore[index,comparison-overlap]
    for role, parts in IDENTITY_OF.items():
        assert parts <= ACCESS[role].parts, role


FIELD_MATRIX = """
figures       duty list gate medic psychologist consul movement reception liaison press auditor
names         duty list gate medic psychologist consul movement reception liaison auditor
contacts      duty list consul reception liaison auditor
clearance     duty list gate consul movement liaison auditor
papers        duty list consul reception auditor
care          medic auditor
support       medic psychologist auditor
testimony     medic psychologist auditor
discrepancies duty list gate consul movement reception auditor
users         duty auditor
audit         duty auditor
"""
"""Written down a second time, by hand: a change of who may read what is made twice, or it is a mistake."""


def test_who_reads_what(django: None) -> None:
    """The sensitive fields are read by exactly these roles."""
    from corridor.hq.access.rights import FIELDS  # noqa: PLC0415

    for line in FIELD_MATRIX.strip().splitlines():
        field, *short = line.split()
        roles = {role for role in ROLES for name in short if role.startswith(name) or role.endswith(name)}
        roles |= {"partner_liaison"} if "liaison" in short else set()
        assert FIELDS[field] == roles, field  # type: ignore[index]
