"""The frame of the desks: a practice is a copy as of its moment, and the door gives an order once, or says why not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils.translation import override
from tests.hq.desks.conftest import AFTERNOON, SignIn, now

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import MINUTE_MS, parse_moment
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.journey.care.refusals import FITNESS_EXPIRED
from corridor.journey.care.rules import PlaceHold
from corridor.journey.cross.refusals import GATE_ALREADY
from corridor.journey.documents.refusals import PERMIT_RUNNING
from corridor.journey.move.refusals import MAY_NOT_BOARD
from corridor.journey.register.identity import Identity, NameAs
from corridor.journey.register.orders import EndNeed, RecordNeed
from corridor.ledger.accounts import OUTSIDE
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation

TOKEN = "a-token-of-a-form"


def asked_by(role: str, token: str = TOKEN) -> Any:
    """A request of somebody of this role, with a form's token."""
    from corridor.hq.models import User  # noqa: PLC0415

    request = RequestFactory().post("/", {"token": token})
    request.user = User.objects.filter(role=role).first()
    return request


def served_board() -> Board:
    """The board as it is now."""
    from corridor.hq.served import served  # noqa: PLC0415

    return served().board_now()


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
    far = served().board_now().view.people("place:gaza")[0]  # type: ignore[arg-type]
    refused = keep_identity(asked_by("reception_officer"), far, frozenset({"contacts"}), add)
    assert isinstance(refused, Refusal) and refused.code == "not_your_people", "it receives people at Domodedovo"


def test_signing_in_shows_no_desk_that_the_role_may_not_open(as_role: SignIn) -> None:
    """The navigation has exactly the desks of the role."""
    from corridor.hq.access.rights import DESKS  # noqa: PLC0415
    from corridor.hq.desks.desk import desks  # noqa: PLC0415

    for role in ("duty_officer", "press_officer", "medic"):
        page = as_role(role).get("/").content.decode()
        for desk in desks():
            assert (f'<a href="/{desk.stage}/"' in page) == (role in DESKS[desk.stage])


def test_a_person_is_found_from_every_page_and_leads_to_the_desks(as_role: SignIn) -> None:
    """The frame has a search for whoever has a desk that finds people; their page leads to the reader's own desks."""
    person = min(served_board().people("staging"))
    desks = {"duty_officer": {"register", "documents", "arrive"}, "medic": {"care"}, "press_officer": set[str]()}
    for role, expected in desks.items():
        client = as_role(role)
        home = client.get("/").content.decode()
        assert ('id="find-person"' in home) == bool(expected)
        page = client.get(f"/people/{person}/").content.decode()
        found = set(re.findall(rf'class="button" href="/(\w+)/(?:people/)?{person}/"', page))
        assert found == expected
        for stage in found:
            assert client.get(f"/{stage}/{'people/' if stage == 'arrive' else ''}{person}/").status_code == 200
    assert 'name="q"' in as_role("duty_officer").get("/move/").content.decode()
    assert 'name="person"' in as_role("medic").get("/").content.decode()
    assert 'id="find-person"' not in as_role("duty_officer").get("/register/").content.decode()


def test_a_timeline_tells_what_happened_by_the_clocks_there(as_role: SignIn) -> None:
    """Registered at Gaza's clocks, come to Cairo at Cairo's, received at home's; all letters stand beside the times."""
    page = as_role("duty_officer").get(f"/people/{min(served_board().people('received'))}/").content.decode()
    zones = re.findall(r'class="happened" data-name="Happened"><time[^>]*>[^<]*<span class="zone">(\w+)<', page)
    assert zones[0] in ("EET", "EEST") and zones[-1] == "MSK" and len(set(zones)) >= 2
    heard = re.findall(r'data-name="Received"><time[^>]*>[^<]*<span class="zone">(\w+)<', page)
    assert heard and set(heard) == {"MSK"}, "received by headquarters' clocks"


def test_a_movement_is_called_by_its_name_or_by_what_it_is_and_when(as_role: SignIn) -> None:
    """A name that was given stays; else the mode and the departure by the clocks there, in the reader's language."""
    from corridor.hq.templatetags.words import leaves, movement_name  # noqa: PLC0415

    as_role("duty_officer")
    convoy = next(one for one in served_board().movements if one.movement == "convoy-1114")
    assert movement_name(convoy) == "Convoy 14 Nov, 19:30" and ">14 Nov 2023, 19:30 <" in leaves(convoy)
    assert "EET" in leaves(convoy), "Rafah's clocks, and not Moscow's"
    assert movement_name(replace(convoy, name="Families of Rafah")) == "Families of Rafah"
    assert movement_name(replace(convoy, departs_at=None)) == "Convoy, time not known (convoy-1114)"
    with override("ru"):
        assert movement_name(convoy) == "Колонна 14 ноября, 19:30"


def test_a_refusal_calls_things_by_their_names_and_tells_local_times(as_role: SignIn) -> None:
    """No id of a place, permit or custodian and no time in UTC is left in what a rule answers, in any language."""
    from corridor.hq.desks.refusals import said  # noqa: PLC0415

    as_role("duty_officer")
    permit = served_board().operation.permits[0]
    running = PERMIT_RUNNING(permit=permit.id, ends_at="2023-11-15T09:30:00Z")
    assert said(running)[0] == f"The permit {permit.names['en']} already runs until 15 Nov 2023, 12:30 MSK."
    closed = GATE_ALREADY(gate="rafah", state="closed")
    with override("ru"):
        assert "rafah" not in said(closed)[0] and "closed" not in said(closed)[0]
        assert "15 ноября 2023, 12:30 MSK" in said(running)[0]
    passed_on = MAY_NOT_BOARD(person="p1", why="x", remedy="y", because=FITNESS_EXPIRED(until="2023-11-14T10:00:00Z"))
    with override("ar"):
        assert "x" not in said(passed_on)[0].replace("p1", "") and "2023" in said(passed_on)[0]


def test_the_clocks_travel_with_every_link_of_the_frame(as_role: SignIn) -> None:
    """A time that somebody chose stands in every tab; from a page that shows now the way back leads to now."""
    client = as_role("duty_officer")
    for address in ("/?at=2023-11-13T13:30Z&known=then", "/move/?at=2023-11-13T13:30Z&known=then"):
        page = client.get(address).content.decode()
        tabs = re.findall(r'<a href="(/[^"]*)" data-clocks', page)
        assert len(tabs) > 5 and all(one.endswith("?at=2023-11-13T13:30Z&amp;known=then") for one in tabs)
    figure = re.search(r'href="(/people/\?figure=out[^"]*)"', client.get("/").content.decode())
    assert figure is not None and "live=1" in figure.group(1)
    behind = client.get(figure.group(1).replace("&amp;", "&")).content.decode()
    assert '<a href="/" data-clocks' in behind and 'href="/?at=' not in behind


def test_what_the_file_does_not_have_breaks_no_page(practice: OpenOperation, as_role: SignIn) -> None:
    """People at a place, and a movement on a leg, that no file in force has are on the pages all the same."""
    by, at, lost, nowhere = UserId("duty"), now(), PersonId("lost-1"), AccountId("place:atlantis")
    cairo, ghost = AccountId("place:cairo"), AccountId("aboard:ghost")
    aboard = served_board().view.people(cairo)[0]
    entered = {"party": "lost", "citizenships": ["RUS"], "age_band": "adult"}
    ride = {"movement": "ghost"}
    records = [
        Draft(
            kind="registered", happened_at=at, by=by, persons=(lost,), source=OUTSIDE, target=nowhere, body=entered
        ),
        Draft(kind="movement_planned", happened_at=at, by=by, body=ride | {"leg": "no-such-leg"}),
        Draft(kind="boarded", happened_at=at, by=by, persons=(aboard,), source=cairo, target=ghost, body=ride),
    ]  # fmt: skip
    practice.writer.record(records, at)
    assert [served_board().view.account_of(one) for one in (lost, aboard)] == [nowhere, ghost]
    client = as_role("duty_officer")
    pages = ["/", "/move/", "/move/ghost/", "/documents/", "/reconcile/", "/reconcile/roll-calls/", "/arrive/"]
    pages += [f"/{part}/{person}/" for part in ("people", "register", "documents") for person in (lost, aboard)]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert "atlantis" in client.get("/reconcile/").content.decode()
