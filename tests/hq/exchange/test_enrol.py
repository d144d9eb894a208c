"""Enrolling a phone: one code, one key, one account; and every way in which it is refused."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.hq.desks.conftest import posted
from tests.hq.exchange.conftest import Phone

from corridor.base.limits import ENROL_CODE_SECONDS_MAX, ENROL_FAILURES_MAX
from corridor.base.moments import SECOND_MS, Moment
from corridor.journey.devices.facts import enrolments
from corridor.opening import OpenOperation


def test_code_admits_one_key(opened: OpenOperation) -> None:
    """The phone hears whose it is; its key is enrolled in the name of the officer who made the code."""
    from corridor.hq.models import GivenOrder  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415

    phone = Phone()
    told = phone.enrol()
    assert (told["device"], told["epoch"], told["user"], told["place"]) == ("gate-1", 1, "gamal", "gate")
    assert (told["role"], told["operation"], told["user_name"]) == ("gate_officer", "small-road", "Gamal Gate")
    stands = enrolments(served().board_now())["gate-1"]
    assert (stands.user, stands.place, stands.epochs) == ("gamal", "gate", ((1, phone.key.public.hex()),))
    given = GivenOrder.objects.get(order="EnrolDevice:phone")
    assert (given.who, given.refused, len(given.events)) == ("alice", "", 1)


def test_lost_answer_is_asked_for_again(opened: OpenOperation) -> None:
    """The same call again answers the same and enrols nothing twice; the code with another key is refused."""
    phone, other = Phone(), Phone("gate-2")
    code = phone.code()
    first, again = phone.ask_to_enrol(code), phone.ask_to_enrol(code)
    assert first.status_code == again.status_code == 200
    batches = opened.store.count()
    assert phone.ask_to_enrol(code).status_code == 200
    assert opened.store.count() == batches
    stranger = other.ask_to_enrol(code)
    assert (stranger.status_code, stranger.json()["refusal"]["code"]) == (403, "code_not_good")


def test_new_key_begins_the_next_epoch(opened: OpenOperation, phone: Phone) -> None:
    """A wiped phone scans a new code for its name and goes on in epoch 2 with a new key."""
    fresh = Phone("gate-1")
    fresh.key = Phone("gate-1 wiped").key
    assert fresh.enrol()["epoch"] == 2


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"code": "A" * 26}, 403, "code_not_good"),
        ({"code": "no code"}, 403, "code_not_good"),
        ({"proof": "0" * 128}, 403, "enrolment_not_proved"),
        ({"public_key": "zz"}, 400, "not_an_exchange"),
        ({"more": 1}, 400, "not_an_exchange"),
        ({"app": "x" * 5_000}, 413, "exchange_too_large"),
    ],
)
def test_wrong_enrolment_is_refused(opened: OpenOperation, changed: dict[str, object], status: int, code: str) -> None:
    """A wrong code, proof or body enrols nobody."""
    phone = Phone()
    answer = phone.ask_to_enrol(phone.code(), **changed)
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (status, code)
    assert "gate-1" not in opened.writer.intake.trust.keys


def test_old_and_replaced_codes_are_refused(opened: OpenOperation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code is good for half an hour, and until another is made for the same phone."""
    from corridor.hq.served import served  # noqa: PLC0415

    phone = Phone()
    replaced, code = phone.code(), phone.code()
    assert phone.ask_to_enrol(replaced).status_code == 403
    later = Moment(served().now() + ENROL_CODE_SECONDS_MAX * SECOND_MS + 1)
    monkeypatch.setattr(type(served()), "now", lambda self: later)
    assert phone.ask_to_enrol(code).json()["refusal"]["code"] == "code_not_good"


@pytest.mark.parametrize(("user", "closed"), [("petra", False), ("lena", False), ("gamal", True), ("nobody", False)])
def test_account_must_take_a_phone(opened: OpenOperation, user: str, closed: bool) -> None:
    """A press officer, a liaison, a closed account and one that is not there take no phone."""
    from corridor.hq.models import User  # noqa: PLC0415

    if closed:
        User.objects.filter(name=user).update(is_active=False)
    phone = Phone(user=user)
    assert phone.ask_to_enrol(phone.code()).json()["refusal"]["code"] == "account_not_good"


def test_an_account_that_waits_for_a_second_person_takes_no_phone(opened: OpenOperation) -> None:
    """Who made a medic's account reads and records nothing as that medic alone, on a phone as little as on screen."""
    from corridor.hq.access import administering, agreeing  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415

    alice, petra = (User.objects.get(name=name) for name in ("alice", "petra"))
    facts = administering.Facts(full_name="Night Medic", roles=("medic",), place="", partner="")
    made = administering.create(alice, opened.operation, "night-medic", facts, "night shift", 1)
    assert isinstance(made, administering.Handed)
    phone = Phone("medic-2", user="night-medic", place="")
    assert phone.ask_to_enrol(phone.code()).json()["refusal"]["code"] == "account_not_good"
    User.objects.filter(name="petra").update(role="auditor")
    petra.refresh_from_db()
    assert agreeing.agree(petra, made.user, agreeing.waiting(made.user)[-1].pk, "asked", 2) is None
    phone.enrol()
    assert phone.pull()["refusal"] is None
    facts = administering.Facts(full_name="Night Medic", roles=("medic", "psychologist"), place="", partner="")
    assert administering.change(alice, opened.operation, made.user, facts, "talks too", 3) is None
    assert phone.pull()["refusal"]["code"] == "account_not_good"


def test_code_dies_with_the_right_of_its_officer(opened: OpenOperation) -> None:
    """A code made by somebody who gives no such orders, or no longer, admits nobody."""
    phone = Phone()
    assert phone.ask_to_enrol(phone.code(by="mark")).json()["refusal"]["code"] == "code_not_good"


def test_guessing_gets_slow(opened: OpenOperation) -> None:
    """After thirty wrong codes an address waits, with the seconds said, even with a good one; sign-ins do not wait."""
    from corridor.hq.access.accounts import now_ms  # noqa: PLC0415
    from corridor.hq.access.attempts import wait_minutes  # noqa: PLC0415

    phone = Phone()
    for _ in range(ENROL_FAILURES_MAX):
        assert phone.ask_to_enrol("A" * 26).status_code == 403
    answer = phone.ask_to_enrol(phone.code())
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (429, "too_many_tries")
    assert 0 < int(answer["Retry-After"]) <= 15 * 60
    assert wait_minutes("alice", "127.0.0.1", now_ms()) == 0


def test_officer_makes_the_code_on_the_page(opened: OpenOperation) -> None:
    """The page shows a code once, as a picture and to type; typed without its dashes it enrols the phone."""
    from corridor.hq.models import EnrolCode, User  # noqa: PLC0415

    duty = Client()
    duty.force_login(User.objects.get(name="alice"))
    page = posted(duty, "/operation/phones/", {"user": "gamal", "place": "gate", "device": "gate-1"})
    assert page.status_code == 200
    assert "data:image/svg+xml" in page.content.decode()
    typed = re.search(r'class="one-time" dir="ltr">([A-Z2-7-]+)<', page.content.decode())
    assert typed is not None
    code = typed.group(1).replace("-", "")
    assert not EnrolCode.objects.filter(hashed__contains=code.lower()).exists(), "only its hash is kept"
    assert Phone().ask_to_enrol(code).status_code == 200


@pytest.mark.parametrize(
    ("who", "device", "status"), [("alice", "hq", 409), ("alice", "with blank", 409), ("mark", "gate-1", 403)]
)
def test_code_is_made_only_where_it_could_be_used(opened: OpenOperation, who: str, device: str, status: int) -> None:
    """Headquarters' own name and one that is no name are refused at once; a medic makes no codes."""
    from corridor.hq.models import EnrolCode, User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(name=who))
    fields = {"user": "gamal", "place": "gate", "device": device, "token": "12345678"}
    assert client.post("/operation/phones/", fields).status_code == status
    assert not EnrolCode.objects.exists()


def test_only_posts_are_answered(opened: OpenOperation) -> None:
    """Phones' addresses answer no GET, and every answer forbids keeping and guessing."""
    for address in ("/field/enrol", "/field/exchange"):
        answer = Client().get(address)
        assert answer.status_code == 405
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "set-cookie" not in {name.lower() for name in answer.headers}
