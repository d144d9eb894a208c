"""What a broken or hostile phone records: it is kept, told as what cannot be read, and takes no page away."""

from __future__ import annotations

import dataclasses
from typing import Any, get_type_hints

import pytest
from django.test import Client
from tests.hq.exchange.conftest import Phone

from corridor.base.limits import LAST_MOMENT_MS
from corridor.base.moments import Moment
from corridor.journey.board.board import Board
from corridor.journey.catalogue import KINDS
from corridor.journey.kinds import body_of
from corridor.ledger.kinds import CLAIMED, CORRECTED, COUNTED, DEVICE_ENROLLED, ROLL_CALL_SCHEDULED
from corridor.opening import OpenOperation

MICROSECONDS = 1_700_000_000_000_000
"""A moment as a clock that counts in microseconds writes it: the year 55,840."""
PAGES = (
    "/", "/alarms/", "/held-back/", "/people/", "/people/p1/", "/claims/", "/cross/", "/cross/hazards/", "/move/",
    "/move/m-1/", "/move/m-1/seats/", "/move/m-1/manifest.xlsx", "/arrive/", "/arrive/follow-ups/", "/arrive/shelters/",
    "/arrive/people/p1/", "/documents/", "/documents/p1/", "/register/p1/", "/reconcile/", "/reconcile/roll-calls/",
    "/operation/devices/gate-1/", "/operation/reads/", "/forecast/",
)  # fmt: skip
MEDICS = ("/care/", "/care/p1/", "/care/holds/", "/care/flights/", "/care/searches/")


def board() -> Board:
    """The board as it is now."""
    from corridor.hq.served import served  # noqa: PLC0415 - the settings are not ready before

    return served().board_now()


def desk(who: str = "alice") -> Client:
    """Somebody at headquarters."""
    from corridor.hq.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(name=who))
    return client


@pytest.fixture
def person(opened: OpenOperation, phone: Phone) -> str:
    """Somebody in the town, seen by the phone, and a movement that it planned."""
    seen = phone.drafted("sighted", "p1", target="place:town")
    vehicles = [{"vehicle": "v1", "seats": 40, "stretchers": 0, "wheelchairs": 0}]
    phone.exchange(
        phone.record(seen, phone.drafted("movement_planned", movement="m-1", leg="gate-camp", vehicles=vehicles))
    )
    return "p1"


def with_moments(kind: str) -> list[str]:
    """The fields of a kind's body that are moments."""
    hints = get_type_hints(KINDS[kind].body)
    return [
        one.name
        for one in dataclasses.fields(KINDS[kind].body)
        if Moment in (hints[one.name], *getattr(hints[one.name], "__args__", ()))
    ]


def test_a_moment_that_no_calendar_has_takes_no_page_away(opened: OpenOperation, phone: Phone, person: str) -> None:
    """A clock in microseconds, a year before 1970, text for a number: the record is kept, and every page answers."""
    facts: dict[str, Any] = {
        "movement": "m-1", "hold": "h1", "reason": "medical", "instruction": "Rest.", "owner": "mark",
        "decision": "fit", "permit": "transit", "paper": "c1", "type": "passport", "follow_up": "u1", "shelter": "home",
        "hazard": "z1", "offer": "o1", "partner": "kazakhstan", "seats": 1, "gate": "gate", "for_date": "2030-06-01",
        "to": "Kazan", "list": "l1", "row": 1, "place_type": "seat", "seat": "\x0b12", "vehicle": "v1",
    }  # fmt: skip
    drafts = [
        phone.drafted(kind, "p1", **{name: facts[name] for name in get_type_hints(KINDS[kind].body) if name in facts},
                      **{field: wrong})
        for kind in KINDS
        for field in with_moments(kind)
        for wrong in (MICROSECONDS, -1, LAST_MOMENT_MS + 1, "2030-99-99T00:00Z")
    ]  # fmt: skip
    assert len(drafts) > 40, "there are such kinds"
    drafts += [
        phone.drafted(
            "planned_aboard", "p1", **{name: facts[name] for name in ("movement", "place_type", "seat", "vehicle")}
        ),
        phone.drafted(CLAIMED, code="out", value=5, at=-MICROSECONDS),
        phone.drafted(ROLL_CALL_SCHEDULED, roll_call="r1", account="place:town", due_at=MICROSECONDS),
        phone.drafted(ROLL_CALL_SCHEDULED, roll_call="r2", account="place:town", due_at=0, every_hours=2**50),
        phone.drafted(ROLL_CALL_SCHEDULED, roll_call="r3", account="place:100%d", due_at=0),
        phone.drafted(COUNTED, account="nowhere", count=3),
        phone.drafted(COUNTED, account="place:town", count=True, unidentified=[1]),
        phone.drafted("need_recorded", "p1", need="wheelchair", detail="2030-99-99"),
    ]
    for first in range(0, len(drafts), 200):
        told = phone.exchange(phone.record(*drafts[first : first + 200]))
        assert [one["status"] for one in told["verdicts"]] == ["accepted"]
    answers = {page: desk().get(page).status_code for page in PAGES}
    answers |= {page: desk("mark").get(page).status_code for page in MEDICS}
    assert {page: status for page, status in answers.items() if status not in (200, 302)} == {}
    untold = {one.kind for one in drafts if one.kind in KINDS} - {
        kind_of(one.data["event"]) for one in told_of(board())
    }
    assert untold <= {"planned_aboard", "need_recorded"}, "each that cannot be read is a finding; these two can"


def told_of(now: Board) -> list[Any]:
    """What is open of records that cannot be read."""
    from corridor.journey.reconcile.open import open_discrepancies  # noqa: PLC0415

    return [one for one in open_discrepancies(now) if one.code == "unreadable_record"]


def kind_of(record: Any) -> str:
    """What a record is of."""
    event = board().view.book.find(record)
    assert event is not None
    return event.kind


def test_a_record_that_cannot_be_read_is_told_to_readers_of_its_stage(
    opened: OpenOperation, phone: Phone, person: str
) -> None:
    """One of registration, of a list or of the gate is not passed over; one of care is told to care's readers only."""
    from corridor.hq.desks.reconcile.words import may_see  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415

    wrong = [
        ("joined_party", {"party": 7}),
        ("crossed", {"gate": 7}),
        ("listed", {"list": "l1"}),
        ("triaged", {"colour": "blue"}),
    ]
    of_road = [("gate_closed", {"gate": 7}), ("list_received", {"list": "l1"})]
    drafts = [
        phone.drafted(kind, "p1", target="place:gate" if kind == "crossed" else None, **body) for kind, body in wrong
    ]
    phone.exchange(phone.record(*drafts, *(phone.drafted(kind, **body) for kind, body in of_road)))
    told = told_of(board())
    assert sorted(kind_of(one.data["event"]) for one in told) == sorted(kind for kind, _ in (*wrong, *of_road))
    for name, sees in (("gamal", False), ("mark", True)):
        of_care = [one for one in told if may_see(User.objects.get(name=name), one) and one.stage == "care"]
        assert bool(of_care) is sees


@pytest.mark.parametrize("wrong", [-1, LAST_MOMENT_MS + 1, MICROSECONDS, True, "now"])
def test_a_body_with_such_a_moment_cannot_be_read(wrong: object) -> None:
    """Its refusal names the field; the last moment that is told apart can be read."""
    told = {"hold": "h1", "reason": "medical", "instruction": "Rest.", "owner": "mark"}
    read = body_of(KINDS["hold_placed"].body, "hold_placed", {**told, "review_at": wrong})
    assert getattr(read, "code", "") == "unreadable_body" and "review_at" in str(read)
    assert body_of(KINDS["hold_placed"].body, "hold_placed", {**told, "review_at": LAST_MOMENT_MS}).review_at


def test_a_phone_enrols_nobody(opened: OpenOperation, phone: Phone) -> None:
    """What a phone says of whose records it makes, and where, binds it to nobody else and to no other place."""
    from corridor.hq.exchange.phones import phones_of  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.journey.devices.facts import bindings  # noqa: PLC0415

    key = phone.key.public.hex()
    phone.exchange(phone.record(phone.drafted(DEVICE_ENROLLED, device=phone.name, public_key=key, user="alice")))
    assert bindings(board().view)[phone.name] == ("gamal", "gate")
    other = Phone("gate-2")
    other.enrol()  # what bindings are known by is read again
    binding = phones_of(served()).binding_of(served(), phone.name)  # type: ignore[arg-type]
    assert (binding.user, binding.place) == ("gamal", "gate")


def test_a_correction_of_anothers_record_takes_nothing_back(opened: OpenOperation, phone: Phone, person: str) -> None:
    """It does not strike the record on the person's page, and headquarters can still take it back; nor does one that
    names no record stop anything."""
    from corridor.journey.reconcile.facts import reconcile_facts  # noqa: PLC0415

    other = Phone("gate-2")
    other.enrol()
    (record,) = (event.id for event in board().view.events_of("p1"))  # type: ignore[arg-type]
    said = [other.drafted(CORRECTED, of=text, why="a joke") for text in (str(record), "no/such/record", "a")]
    other.exchange(other.record(*said))
    lines = desk().get("/people/p1/").context["lines"]
    assert [line.mark for line in lines if line.event is not None and line.event.id == record] == [""]
    assert reconcile_facts(board()).corrected == frozenset()
    phone.exchange(phone.record(phone.drafted(CORRECTED, of=str(record), why="the wrong person")))
    assert reconcile_facts(board()).corrected == {record}
