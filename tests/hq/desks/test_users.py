"""Accounts on screen: made with a password for one time, changed, closed, helped in again; who may not, and the log."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from tests.hq.desks.conftest import SignIn, posted
from tests.hq.desks.trouble import make_trouble

from corridor.base.limits import ONE_TIME_PASSWORD_SECONDS_MAX
from corridor.base.moments import HOUR_MS, Moment
from corridor.opening import OpenOperation

NEW = "/operation/users/new/"
ASKED = {"name": "night-medic", "full_name": "Vera Orlova", "roles": ["medic"], "place": "cairo", "partner": ""}
OWN = "a long password of mine"


def page_of(name: str) -> str:
    """The address of an account."""
    return f"/operation/users/of/{name}/"


def handed(answer: Any) -> str:
    """The one-time password that a page shows."""
    found = re.search(r'class="one-time" dir="ltr">([a-z2-9-]{14})<', answer.content.decode())
    assert found is not None, answer.content.decode()[-3000:]
    return found.group(1)


def does(client: Client, name: str, deed: str, why: str = "asked in person") -> Any:
    """What pressing a button on an account answers."""
    return posted(client, page_of(name), {"does": deed, f"{deed}-why": why})


def agrees(client: Client, name: str, up_to: int | None = None) -> Any:
    """What a second person's look at an account answers; `up_to` None: at all that waits."""
    from corridor.hq.models import AccountChange  # noqa: PLC0415 - the settings are not ready before

    last = AccountChange.objects.filter(about=name).exclude(what__startswith="own_").order_by("-id")[0].pk
    asked = {"does": "agree", "agree-up_to": last if up_to is None else up_to, "agree-why": "asked the hospital"}
    return client.post(page_of(name), {**asked, "token": "a-token-of-a-form"})


def account(name: str) -> Any:
    """An account as it is kept."""
    from corridor.hq.models import User  # noqa: PLC0415 - the settings are not ready before

    return User.objects.get(name=name)


def logged(name: str) -> list[tuple[str, str, str]]:
    """What the log says of an account, the earliest first: who, what, why; what the file began with left out."""
    from corridor.hq.models import AccountChange  # noqa: PLC0415

    rows = AccountChange.objects.filter(about=name).exclude(who="", what="created").order_by("id")
    return [(row.who, row.what, row.why) for row in rows]


def entered(name: str, password: str) -> Client:
    """Somebody who typed name and password."""
    client = Client()
    client.post("/sign-in/", {"username": name, "password": password, "next": "/"})
    return client


def test_a_new_account_from_password_to_work(practice: OpenOperation, as_role: SignIn) -> None:
    """A duty officer makes it, hands the password over, it opens one page only; with a password of one's own all."""
    duty = as_role("duty_officer")
    answer = posted(duty, NEW, {**ASKED, "why": "night shift"})
    password = handed(answer)
    assert "before somebody else has looked" in answer.content.decode()
    assert password not in duty.get(page_of("night-medic")).content.decode(), "it is shown once"
    client = entered("night-medic", password)
    assert client.get("/care/").headers["Location"] == "/own/password/"
    assert client.get("/own/app/").headers["Location"] == "/own/password/"
    again = {"new_password1": password, "new_password2": password}
    assert client.post("/own/password/", again).status_code == 422, "not the same once more"
    client.post("/own/password/", {"new_password1": OWN, "new_password2": OWN})
    assert client.get("/care/").headers["Location"] == "/own/", "it reads restricted notes: a second person is needed"
    assert "waits for a second person" in client.get("/own/").content.decode()
    assert agrees(as_role("auditor"), "night-medic").status_code == 302
    assert client.get("/care/").status_code == 200
    assert entered("night-medic", password).get("/care/").status_code == 302
    assert logged("night-medic") == [
        ("duty", "created", "night shift"), ("night-medic", "own_password", ""),
        ("auditor", "agreed", "asked the hospital"),
    ]  # fmt: skip
    from corridor.hq.models import AccountChange, GivenOrder  # noqa: PLC0415

    kept = [str(row) for rows in (AccountChange, GivenOrder) for row in rows.objects.values_list()]
    assert not any(password in row or OWN in row for row in kept), "no log holds a password"


def test_a_one_time_password_runs_out(practice: OpenOperation, as_role: SignIn) -> None:
    """A day later it opens nothing."""
    password = handed(posted(as_role("duty_officer"), NEW, {**ASKED, "why": "night shift"}))
    user = account("night-medic")
    user.password_until_ms -= ONE_TIME_PASSWORD_SECONDS_MAX * 1000 + 1
    user.save()
    assert entered("night-medic", password).get("/own/password/").status_code == 302


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": "gate"}, "name_taken"),
        ({"name": "Night Medic"}, "name_wrong"),
        ({"roles": ["auditor", "duty_officer"]}, "roles_wrong"),
        ({"roles": ["partner_liaison"]}, "partner_wrong"),
        ({"partner": "kazakhstan"}, "partner_wrong"),
    ],
)
def test_accounts_that_are_refused(practice: OpenOperation, as_role: SignIn, wrong: dict[str, Any], code: str) -> None:
    """A name that is or was somebody's, roles that do not go together, a liaison without a state."""
    from corridor.hq.models import GivenOrder, User  # noqa: PLC0415

    before = User.objects.count()
    answer = posted(as_role("duty_officer"), NEW, {**ASKED, "why": "night shift", **wrong})
    assert answer.status_code == 409
    assert User.objects.count() == before
    assert GivenOrder.objects.order_by("-id")[0].refused == code


def test_roles_are_given_and_taken(practice: OpenOperation, as_role: SignIn) -> None:
    """With a second role one acts in either, one at a time; taken away it is gone with the session."""
    duty, gate = as_role("duty_officer"), as_role("gate_officer")
    asked = {"does": "change", "full_name": "Timur Aliev", "place": "rafah", "partner": "", "why": "both shifts"}
    assert posted(duty, page_of("gate"), {**asked, "roles": ["gate_officer", "movement_officer"]}).status_code == 302
    assert gate.get("/cross/").status_code == 302, "the session ended with the change"
    gate = as_role("gate")
    assert gate.get("/cross/").status_code == 200 and gate.get("/move/").status_code == 403
    gate.post("/own/role/", {"role": "movement_officer"})
    assert gate.get("/cross/").status_code == 403 and gate.get("/move/").status_code == 200
    gate.post("/own/role/", {"role": "duty_officer"})
    assert account("gate").role == "movement_officer", "a role one does not hold is not taken"
    posted(duty, page_of("gate"), {**asked, "roles": ["gate_officer"]})
    assert account("gate").roles == ("gate_officer",)
    assert [what for _who, what, _why in logged("gate")] == ["changed", "acts_as", "changed"]


def test_nobody_raises_themselves(practice: OpenOperation, as_role: SignIn) -> None:
    """A duty officer changes every account but their own; nobody else changes any; a refused try is logged."""
    from corridor.hq.models import GivenOrder  # noqa: PLC0415

    asked = {"does": "change", "full_name": "Anna", "roles": ["duty_officer", "medic"], "place": "", "partner": ""}
    duty = as_role("duty_officer")
    answer = duty.post(page_of("duty"), {**asked, "why": "curious", "token": "a-token-of-a-form"})
    assert answer.status_code == 409 and account("duty").roles == ("duty_officer",)
    assert (
        duty.post(page_of("duty"), {"does": "close", "close-why": "x", "token": "a-token-of-a-form"}).status_code == 409
    )
    auditor = as_role("auditor")
    answer = auditor.post(page_of("gate"), {**asked, "why": "curious", "token": "a-token-of-a-form"})
    assert answer.status_code == 409 and account("gate").roles == ("gate_officer",)
    assert auditor.post(NEW, {**ASKED, "why": "x", "token": "a-token-of-a-form"}).status_code == 409
    for deed in ("password", "factors", "sessions", "close", "open"):
        answer = auditor.post(page_of("gate"), {"does": deed, f"{deed}-why": "x", "token": "a-token-of-a-form"})
        assert answer.status_code == 409, deed
    refused = list(GivenOrder.objects.order_by("id").values_list("refused", flat=True))
    assert refused == ["not_yourself"] * 2 + ["not_administrator"] * 7


def test_of_two_who_close_each_other_one_is_left(practice: OpenOperation, as_role: SignIn) -> None:
    """Whoever was closed a moment ago closes nobody: somebody who may change accounts is always left."""
    from corridor.base.refusal import Refusal  # noqa: PLC0415
    from corridor.hq.access import administering  # noqa: PLC0415

    made = administering.create(
        account("duty"), practice.operation, "second-duty",
        administering.Facts(full_name="B", roles=("duty_officer",), place="", partner=""), "two shifts", 1,
    )  # fmt: skip
    assert not isinstance(made, Refusal)
    first, second = account("duty"), made.user
    assert administering.close(first, account("second-duty"), "quarrel", 2) is None
    answer = administering.close(second, account("duty"), "quarrel", 2)
    assert answer is not None and answer.code == "not_administrator"
    assert account("duty").is_active


def test_nobody_comes_to_restricted_notes_or_a_second_signature_alone(practice: OpenOperation, as_role: SignIn) -> None:
    """An account that one person made or raised acts only after another has looked; neither the maker nor an account
    of the maker's is that other; the role that was there before goes on being held back only by what was given."""
    duty = as_role("duty_officer")
    posted(duty, NEW, {**ASKED, "name": "shadow", "roles": ["duty_officer"], "why": "second shift"})
    asked = {"does": "change", "full_name": "Timur Aliev", "place": "rafah", "partner": "", "why": "helps out"}
    posted(duty, page_of("gate"), {**asked, "roles": ["gate_officer", "medic"]})
    made = account("shadow")
    made.must_change = False  # as once they have chosen a password of their own
    made.save()
    shadow = as_role("shadow")
    assert agrees(duty, "gate").status_code == 409, "who changed it"
    assert shadow.post(page_of("gate"), {"does": "agree"}).status_code == 403, "an account that waits itself"
    assert as_role("gate").get("/cross/").headers["Location"] == "/own/"
    auditor = as_role("auditor")
    assert ">2</span> accounts changed by one person" in auditor.get("/alarms/").content.decode()
    assert "I looked, and it is right" in auditor.get(page_of("gate")).content.decode()
    assert agrees(auditor, "gate").status_code == 302 and agrees(auditor, "shadow").status_code == 302
    assert as_role("gate").get("/cross/").status_code == 200
    assert shadow.get("/").status_code == 200
    again = agrees(auditor, "gate")
    assert again.status_code == 409 and "Look at the page again." in again.content.decode()


def test_what_was_not_seen_is_not_agreed_to(practice: OpenOperation, as_role: SignIn) -> None:
    """A change made while the second person had the page open is not covered by their look."""
    from corridor.hq.models import AccountChange  # noqa: PLC0415

    duty, auditor = as_role("duty_officer"), as_role("auditor")
    posted(duty, NEW, {**ASKED, "why": "night shift"})
    seen = AccountChange.objects.get(about="night-medic", what="created").pk
    does(duty, "night-medic", "password", "lost the slip")
    assert agrees(auditor, "night-medic", seen).status_code == 409
    assert agrees(auditor, "night-medic").status_code == 302


def test_what_gives_nothing_does_not_wait(practice: OpenOperation, as_role: SignIn) -> None:
    """A new password of a medic raises the alarm and locks nobody out; a role that reads no notes does neither."""
    from corridor.hq.access import agreeing  # noqa: PLC0415

    duty = as_role("duty_officer")
    asked = {"does": "change", "full_name": "Timur Aliev", "place": "", "partner": "", "why": "moved"}
    posted(duty, page_of("gate"), {**asked, "roles": ["gate_officer", "movement_officer"]})
    does(duty, "medic", "password", "forgot it")
    assert set(agreeing.all_waiting()) == {"medic"} and not agreeing.held_back(account("medic"))
    posted(duty, page_of("medic"), {**asked, "roles": ["medic"]})
    does(duty, "medic", "close", "left")
    assert agreeing.all_waiting() == {}, "a closed account opens nothing"


def test_who_was_made_on_screen_owns_holds_and_discrepancies(practice: OpenOperation, as_role: SignIn) -> None:
    """They are offered as owners, taken by the rules, and called by their name; who left is offered no more."""
    from corridor.hq.served import served  # noqa: PLC0415 - the settings are not ready before
    from corridor.journey.care.rules import PlaceHold  # noqa: PLC0415
    from corridor.journey.orders import decide  # noqa: PLC0415
    from corridor.journey.reconcile.open import open_discrepancies  # noqa: PLC0415

    make_trouble(practice)
    duty, medic = as_role("duty_officer"), as_role("medic")
    posted(duty, NEW, {**ASKED, "roles": ["medic"], "why": "night shift"})
    posted(duty, NEW, {**ASKED, "name": "night-lists", "full_name": "Zoya Lis", "roles": ["list_officer"], "why": "x"})
    one = next(one for one in open_discrepancies(served().board_now()) if one.persons)
    page = f"/reconcile/{one.id}/"
    shown = duty.get(page).content.decode()
    assert '<option value="night-lists">Zoya Lis</option>' in shown and "night-medic" not in shown
    assert duty.post(f"{page}assign/", {"owner": "night-lists", "token": "a-token-of-a-form"}).status_code == 302
    assert "Zoya Lis" in duty.get(page).content.decode()
    does(duty, "night-lists", "close", "left")
    shown = duty.get(page).content.decode()
    assert "Zoya Lis" in shown and 'value="night-lists"' not in shown, "what they own stays, they are offered no more"
    board, now = served().board_now(), served().now()
    asked: dict[str, Any] = {"person": one.persons[0], "by": "medic", "hold": "h-1", "owner": "night-medic"}
    order = PlaceHold(**asked, reason="medical", instruction="rest", review_at=Moment(now + HOUR_MS))
    drafts = decide(order, board, now)
    assert isinstance(drafts, tuple)
    practice.writer.record(drafts, now)
    assert "Vera Orlova" in medic.get("/care/holds/").content.decode()


def test_closed_and_opened_again(practice: OpenOperation, as_role: SignIn) -> None:
    """A closed account's session is over at once and its password opens nothing, until it is opened again."""
    duty, gate = as_role("duty_officer"), as_role("gate_officer")
    user = account("gate")
    user.set_password(OWN)
    user.save()
    gate = entered("gate", OWN)
    assert gate.get("/").status_code == 200
    assert does(duty, "gate", "close", "left the operation").status_code == 302
    assert gate.get("/").status_code == 302
    assert entered("gate", OWN).get("/").status_code == 302
    assert does(duty, "gate", "open", "came back").status_code == 302
    assert entered("gate", OWN).get("/").status_code == 200
    assert [(what, why) for _who, what, why in logged("gate")] == [
        ("closed", "left the operation"), ("opened", "came back")
    ]  # fmt: skip


def test_no_reason_no_change(practice: OpenOperation, as_role: SignIn) -> None:
    """Nothing is done to an account without a reason for the log."""
    duty = as_role("duty_officer")
    assert does(duty, "gate", "close", "").status_code == 422
    assert account("gate").is_active and logged("gate") == []


def test_a_lost_factor_is_reset(practice: OpenOperation, as_role: SignIn) -> None:
    """Its sessions end, it is logged with its reason, the owner sees it; on the shell the same for the last officer."""
    from corridor.hq.access import factors  # noqa: PLC0415

    duty, medic = as_role("duty_officer"), as_role("medic")
    factors.add_app(account("medic"), factors.fresh_secret(), 1, "phone", 1)
    factors.fresh_recovery_codes(account("medic"))
    assert does(duty, "medic", "factors", "phone fell into the sea").status_code == 302
    assert not factors.has_factor(account("medic")) and account("medic").recovery_codes.count() == 0
    assert medic.get("/care/").status_code == 302
    assert "phone fell into the sea" in as_role("medic").get("/own/").content.decode()
    factors.add_app(account("duty"), factors.fresh_secret(), 1, "phone", 1)
    call_command("forget_factors", "duty", why="phone lost", stdout=StringIO())
    assert not factors.has_factor(account("duty"))
    assert logged("duty")[-1] == ("", "factors_reset", "phone lost")
    with pytest.raises(CommandError, match="no user nobody"):
        call_command("forget_factors", "nobody", why="x")


def test_sessions_are_ended(practice: OpenOperation, as_role: SignIn) -> None:
    """Signed out everywhere, and in again."""
    duty, gate = as_role("duty_officer"), as_role("gate_officer")
    assert gate.get("/").status_code == 200
    does(duty, "gate", "sessions", "tablet left in a taxi")
    assert gate.get("/").status_code == 302 and as_role("gate_officer").get("/").status_code == 200


def test_the_file_is_the_seed(practice: OpenOperation, as_role: SignIn) -> None:
    """What was changed or made on screen outlives a start; what the file says anew counts; who leaves it is closed."""
    from dataclasses import replace  # noqa: PLC0415

    from corridor.hq.access.accounts import ensure_accounts  # noqa: PLC0415

    duty, operation = as_role("duty_officer"), practice.operation
    posted(duty, NEW, {**ASKED, "why": "night shift"})
    asked = {"does": "change", "full_name": "Timur Aliev", "roles": ["list_officer"], "place": "", "partner": ""}
    posted(duty, page_of("gate"), {**asked, "why": "moved"})
    ensure_accounts(operation)
    assert account("gate").role == "list_officer" and account("night-medic").is_active
    users = tuple(replace(one, role="consul") if one.id == "gate" else one for one in operation.users)
    ensure_accounts(replace(operation, users=tuple(one for one in users if one.id != "press")))
    assert account("gate").role == "consul" and not account("press").is_active and account("night-medic").is_active
    assert logged("gate")[-1] == ("", "file_changed", "") and logged("press")[-1] == ("", "closed", "")


def test_the_auditor_sees_accounts_and_no_buttons(practice: OpenOperation, as_role: SignIn) -> None:
    """Who lacks the factor they must have is marked, for whoever may read users."""
    with override_settings(SECOND_FACTOR="everybody"):
        page = as_role("auditor").get("/operation/users/").content.decode()
    assert "Ilya Vetrov" in page and "New account" not in page
    page = as_role("auditor").get(page_of("gate")).content.decode()
    assert "Rafah" in page and 'name="does"' not in page


def test_what_was_done_meanwhile_stays_done(practice: OpenOperation, as_role: SignIn) -> None:
    """A page opened before somebody closed the account, or ended its sessions, takes neither back."""
    from corridor.base.refusal import Refusal  # noqa: PLC0415
    from corridor.hq.access import administering  # noqa: PLC0415

    duty, seen = account("duty"), account("gate")
    assert administering.end_all_sessions(duty, account("gate"), "lost tablet", 1) is None
    assert administering.end_all_sessions(duty, account("gate"), "and again", 2) is None
    assert administering.close(duty, account("gate"), "left", 3) is None
    answer = administering.hand_password(duty, seen, "forgot it", 4)
    assert isinstance(answer, Refusal) and answer.code == "account_closed"
    assert not account("gate").is_active and account("gate").sessions_began == 3
    assert administering.reopen(duty, account("gate"), "came back", 5) is None
    assert administering.end_all_sessions(duty, seen, "lost tablet", 6) is None
    assert account("gate").sessions_began == 4


def test_who_left_the_file_and_came_back_signs_in_anew(practice: OpenOperation, as_role: SignIn) -> None:
    """A session from before somebody left the operation file is over for good."""
    from dataclasses import replace  # noqa: PLC0415

    from corridor.hq.access.accounts import ensure_accounts  # noqa: PLC0415

    press, operation = as_role("press_officer"), practice.operation
    assert press.get("/").status_code == 200
    ensure_accounts(replace(operation, users=tuple(one for one in operation.users if one.id != "press")))
    ensure_accounts(operation)
    assert account("press").is_active and press.get("/").status_code == 302


def test_an_own_page_gives_back_nothing_that_was_taken(practice: OpenOperation, as_role: SignIn) -> None:
    """Who chooses a password or a role in the moment in which their account is closed or loses it gets neither back."""
    import time  # noqa: PLC0415

    from django.contrib.messages.storage.cookie import CookieStorage  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415

    from corridor.hq.access import administering, own  # noqa: PLC0415

    duty, client = account("duty"), as_role("gate_officer")
    facts = administering.Facts(full_name="B", roles=("gate_officer", "medic"), place="", partner="")
    assert administering.change(duty, practice.operation, account("gate"), facts, "two posts", 1) is None

    def asked(page: Any, **fields: str) -> Any:
        request: Any = RequestFactory().post("/own/", fields)
        request.user, request.session, request._messages = seen, client.session, CookieStorage(request)
        request.session["proved_at"] = time.time()
        return page(request)

    seen = account("gate")
    one = administering.Facts(full_name="B", roles=("gate_officer",), place="", partner="")
    assert administering.change(duty, practice.operation, account("gate"), one, "one post", 2) is None
    assert asked(own.act_as, role="medic").status_code == 302
    assert account("gate").roles == ("gate_officer",)
    assert administering.close(duty, account("gate"), "left", 3) is None
    password = "correct horse battery staple"
    assert asked(own.password, new_password1=password, new_password2=password).status_code == 302
    assert not account("gate").is_active and account("gate").check_password(password)


def test_times_of_no_place_are_told_by_the_readers_clocks(practice: OpenOperation, as_role: SignIn) -> None:
    """Who works in Cairo reads the accounts by Cairo's clocks, somebody in Moscow by Moscow's, and who works anywhere
    by the operation's, here Moscow's; each with the letters of the clocks."""
    from corridor.hq.models import User  # noqa: PLC0415 - the settings are not ready before

    User.objects.filter(name="gate").update(last_login=datetime(2023, 11, 14, 15, tzinfo=UTC))
    told = {}
    for place in ("cairo", "domodedovo", "", "no-such-place"):
        User.objects.filter(name="duty").update(place=place)
        page = as_role("duty_officer").get("/operation/users/").content.decode()
        found = re.search(r'datetime="2023-11-14T15:00:00Z">[^<]* (\d\d:\d\d) <span class="zone">(\w+)', page)
        assert found is not None, place
        told[place] = found.groups()
    assert told == {
        "cairo": ("17:00", "EET"),
        "domodedovo": ("18:00", "MSK"),
        "": ("18:00", "MSK"),
        "no-such-place": ("18:00", "MSK"),
    }
