"""The frame of the desks: a practice is a copy as of its moment, and the door gives an order once, or says why not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from tests.hq.desks.conftest import AFTERNOON, SignIn

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import MINUTE_MS, parse_moment
from corridor.base.refusal import Refusal
from corridor.journey.care.rules import PlaceHold
from corridor.journey.register.identity import Identity, NameAs
from corridor.journey.register.orders import EndNeed, RecordNeed
from corridor.opening import OpenOperation

TOKEN = "a-token-of-a-form"


def asked_by(role: str, token: str = TOKEN) -> Any:
    """A request of somebody of this role, with a form's token."""
    from corridor.hq.models import User  # noqa: PLC0415

    request = RequestFactory().post("/", {"token": token})
    request.user = User.objects.filter(role=role).first()
    return request


def somebody(practice: OpenOperation) -> PersonId:
    """A person of the practice who needs no wheelchair."""
    from corridor.hq.served import served  # noqa: PLC0415

    register = served().board_now().everybody.register
    return min(person for person, state in register.items() if "wheelchair" not in state.needs)


def test_a_practice_holds_what_was_received_by_then(practice: OpenOperation) -> None:
    """No batch is younger than the practice's start, the book has its people, and the clock starts there."""
    from corridor.hq.served import served  # noqa: PLC0415

    start = parse_moment(AFTERNOON)
    received = [row.received_at for row in practice.store.batches()]
    assert len(received) > 500 and max(received) <= start
    assert start <= served().now() < start + 5 * MINUTE_MS
    assert len(served().board_now().people("registered")) == 1074
    assert practice.records


def test_the_same_form_does_it_once(practice: OpenOperation) -> None:
    """A form sent twice is carried out once, and the second sending answers what the first did."""
    from corridor.hq.desks.door import Given, give  # noqa: PLC0415
    from corridor.hq.models import GivenOrder  # noqa: PLC0415

    person, before = somebody(practice), practice.store.count()
    order = RecordNeed(by=UserId("medic"), persons=(person,), need="wheelchair")
    first, again = give(asked_by("medic"), order), give(asked_by("medic"), order)
    assert isinstance(first, Given) and isinstance(again, Given)
    assert (first.again, again.again, again.events) == (False, True, first.events)
    assert practice.store.count() == before + 1
    other_form = give(asked_by("medic", "another-form"), order)
    assert isinstance(other_form, Refusal) and other_form.code == "already_needed"
    assert list(GivenOrder.objects.values_list("refused", flat=True)) == ["", "already_needed"]


def test_a_refused_form_may_be_sent_again(practice: OpenOperation) -> None:
    """A no uses up no token: what was refused may be corrected and sent from the same form."""
    from corridor.hq.desks.door import Given, give  # noqa: PLC0415

    person = somebody(practice)
    refused = give(asked_by("medic"), EndNeed(by=UserId("medic"), persons=(person,), need="wheelchair"))
    assert isinstance(refused, Refusal) and refused.code == "not_needed"
    assert isinstance(give(asked_by("medic", "a-form-between"), RecordNeed(
        by=UserId("medic"), persons=(person,), need="wheelchair")), Given)  # fmt: skip
    assert isinstance(give(asked_by("medic"), EndNeed(by=UserId("medic"), persons=(person,), need="wheelchair")), Given)


def test_orders_about_one_person_see_each_other(practice: OpenOperation) -> None:
    """Of two orders of one call about the same person, the second is decided by what the first did."""
    from corridor.hq.desks.door import Given, give_all  # noqa: PLC0415

    order = RecordNeed(by=UserId("medic"), persons=(somebody(practice),), need="wheelchair")
    first, second = give_all(asked_by("medic"), [order, order])
    assert isinstance(first, Given)
    assert isinstance(second, Refusal) and second.code == "already_needed"


@pytest.mark.parametrize("role", ["press_officer", "auditor", "gate_officer", "movement_officer"])
def test_a_role_gives_its_own_orders_only(practice: OpenOperation, role: str) -> None:
    """Whoever is not a medic places no hold, and nothing is recorded."""
    from corridor.hq.desks.door import give  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415

    request, before = asked_by(role), practice.store.count()
    order: Any = PlaceHold(
        person=somebody(practice), by=UserId(request.user.name), hold="h-1", reason="medical", instruction="rest",  # type: ignore[arg-type]
        owner=UserId("medic"), review_at=parse_moment("2023-11-14T18:00Z"),
    )  # fmt: skip
    refused = give(request, order)
    assert isinstance(refused, Refusal) and refused.code == "not_yours"
    assert practice.store.count() == before
    assert served().version == served().version


def test_names_are_written_in_the_store_and_said_in_the_book(practice: OpenOperation) -> None:
    """An identity part is written anew, the others stay, and the event tells the part and the version, not the name."""
    from corridor.hq.desks.door import Given, keep_identity  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.journey.register.identity import decode  # noqa: PLC0415

    person = somebody(practice)
    before = decode(person, practice.identities.get((person,))[person])
    assert isinstance(before, Identity) and before.names
    name = NameAs(text="Mariam Quzzat", script="latin", part="full", source="passport")

    def add(identity: Identity) -> Identity:
        assert identity.names == before.names
        return Identity(names=(*identity.names, name))

    request = asked_by("consul")
    given = keep_identity(request, person, frozenset({"names"}), add)
    assert isinstance(given, Given)
    after = decode(person, practice.identities.get((person,))[person])
    assert isinstance(after, Identity)
    assert (after.names, after.birth, after.documents) == ((*before.names, name), before.birth, before.documents)
    event = served().board_now().view.events_of(person)[-1]
    assert (event.kind, event.body) == ("identified", {"fields": ["names"], "version": before.version + 1})
    refused = keep_identity(asked_by("medic"), person, frozenset({"names"}), add)
    assert isinstance(refused, Refusal) and refused.code == "not_yours"


def test_signing_in_shows_no_desk_that_the_role_may_not_open(as_role: SignIn) -> None:
    """The navigation has exactly the desks of the role."""
    from corridor.hq.access.rights import DESKS  # noqa: PLC0415
    from corridor.hq.desks.desk import desks  # noqa: PLC0415

    for role in ("duty_officer", "press_officer", "medic"):
        page = as_role(role).get("/").content.decode()
        for desk in desks():
            assert (f'<a href="/{desk.stage}/"' in page) == (role in DESKS[desk.stage])
