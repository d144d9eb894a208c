"""Who may see what: signing in, roles, names through the one door that logs, and headers that keep pages safe."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import get_args

import pytest
from django.test import Client
from tests.hq.conftest import OpenRoad, Visit

from corridor.base.limits import IDLE_SECONDS_MAX, SIGN_IN_FAILURES_MAX, SIGN_IN_WINDOW_SECONDS
from corridor.base.operation import UserRole

EVENING = "at=2030-05-02T20:00Z&known=now"
PAGES = ("/", "/people/", "/people/home-1/", "/claims/")


def sign_in(client: Client, name: str, password: str, address: str = "127.0.0.1") -> int:
    """The status that signing in is answered with."""
    fields = {"username": name, "password": password, "next": "/"}
    return client.post("/sign-in/", fields, REMOTE_ADDR=address).status_code


@pytest.fixture
def demo(road: OpenRoad) -> dict[str, str]:
    """Demo accounts of the small road: name to password."""
    from corridor.hq.access.accounts import demo_accounts, ensure_demo_accounts  # noqa: PLC0415

    ensure_demo_accounts(road.operation)
    return {name: password for name, _role, password in demo_accounts(road.operation)}


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_sent_to_sign_in(visit: Visit, page: str) -> None:
    """Without signing in there is no page, whatever is asked."""
    answer = visit(None, f"{page}?{EVENING}")
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")


def test_server_says_that_it_is_alive_to_anybody(visit: Visit) -> None:
    """Whoever waits for the server learns that it is up, and nothing else."""
    assert visit(None, "/alive/").text == "alive\n"


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("alice", {"/", "/people/", "/people/home-1/", "/claims/"}),
        ("mark", {"/", "/people/", "/people/home-1/", "/claims/"}),
        ("petra", {"/", "/claims/"}),
    ],
)
def test_pages_by_role(visit: Visit, who: str, allowed: set[str]) -> None:
    """The press officer sees figures and no persons; the duty officer and the medic see both."""
    answers = {page: visit(who, f"{page}?{EVENING}").status for page in PAGES}
    assert answers == {page: 200 if page in allowed else 403 for page in PAGES}


def test_a_role_without_a_row_sees_nothing(road: OpenRoad, visit: Visit) -> None:
    """Rights are denied unless the table gives them; the table has a row for every role of the operation file."""
    from corridor.hq.access.rights import RIGHTS  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415

    assert set(RIGHTS) == set(get_args(UserRole))
    User.objects.create(name="stranger", full_name="Stranger", role="tourist")
    assert {visit("stranger", page).status for page in PAGES} == {403}


def test_names_are_read_through_the_door_that_logs(road: OpenRoad, visit: Visit) -> None:
    """A list with names leaves a line in the log: who read, whose, and why."""
    page = visit("alice", f"/people/?figure=staging&{EVENING}").text
    assert "Человек camp-1" in page
    reading = road.identities.reads()[-1]
    assert (reading.who, reading.role, reading.persons, reading.why) == (
        "alice", "duty_officer", ("camp-1",), "people list"
    )  # fmt: skip
    visit("alice", f"/people/home-1/?{EVENING}")
    assert "home-1" in road.identities.reads()[-1].persons


def test_press_officer_reads_no_name(road: OpenRoad, visit: Visit) -> None:
    """No page of the press officer touches the identity store."""
    for page in PAGES:
        assert "Человек" not in visit("petra", f"{page}?{EVENING}").text
    assert not road.identities.reads()


def test_liaison_sees_own_nationals_only(road: OpenRoad, visit: Visit) -> None:
    """The liaison of Kazakhstan opens five registered people into the one who is theirs."""
    answer = visit("lena", f"/people/?figure=registered&{EVENING}")
    assert "Гость" in answer.text
    assert "4 of them are not yours to look after and not shown" in answer.text
    assert [row.person for row in answer.context["rows"]] == ["guest-1"]
    assert visit("lena", f"/people/home-1/?{EVENING}").status == 404
    assert {reading.persons for reading in road.identities.reads()} == {("guest-1",)}


@pytest.mark.parametrize(
    ("role", "place", "seen"),
    [
        ("gate_officer", "gate", {"town-1", "guest-1", "bus-1", "camp-1"}),
        ("gate_officer", "town", {"town-1", "guest-1"}),
        ("reception_officer", "home", {"camp-1", "home-1"}),
        ("gate_officer", "", {"town-1", "guest-1", "bus-1", "camp-1", "home-1"}),
        ("duty_officer", "home", {"town-1", "guest-1", "bus-1", "camp-1", "home-1"}),
    ],
)
def test_who_serves_at_a_place_sees_those_near_it(
    road: OpenRoad, visit: Visit, role: str, place: str, seen: set[str]
) -> None:
    """At a gate or a reception one sees whoever is within a leg of it; headquarters' own roles see the whole road."""
    from corridor.hq.models import User  # noqa: PLC0415

    User.objects.create(name="stationed", full_name="Stationed", role=role, place=place)
    answer = visit("stationed", f"/people/?figure=registered&{EVENING}")
    assert {row.person for row in answer.context["rows"]} == seen
    pages = {person: visit("stationed", f"/people/{person}/?{EVENING}").status for person in ("town-1", "home-1")}
    assert pages == {person: 200 if person in seen else 404 for person in pages}
    read = {person for reading in road.identities.reads() for person in reading.persons}
    assert read <= seen, "nobody else's row was touched"


def test_a_page_of_before_shows_nobody_else(road: OpenRoad, visit: Visit) -> None:
    """Who somebody looks after is asked of today: the clocks of a page open nobody who was once near, or once thought
    to be of another state."""
    from corridor.hq.models import User  # noqa: PLC0415

    User.objects.create(name="stationed", full_name="Stationed", role="gate_officer", place="town")
    road.add("particulars_changed", "2030-05-03T06:00Z", "guest-1", citizenships=["RUS"])
    before, later = EVENING, "at=2030-05-03T07:00Z&known=2030-05-03T07:00Z"
    assert (
        visit("lena", f"/people/guest-1/?{before}").status == visit("lena", f"/people/guest-1/?{later}").status == 404
    )
    pages = [
        visit("stationed", f"/people/home-1/?at={at}&known=now").status
        for at in ("2030-05-01T09:00Z", "2030-05-02T18:00Z")
    ]
    assert pages == [404, 404]
    assert visit("alice", f"/people/guest-1/?{before}").status == 200
    assert {who for reading in road.identities.reads() if reading.who != "alice" for who in reading.persons} == set()


def test_care_is_for_those_who_care(road: OpenRoad, visit: Visit) -> None:
    """The medic reads why there is a hold; everybody else that there is one, until when, and what to do."""
    body = {"hold": "h1", "reason": "infectious", "instruction": "Do not board.", "owner": "mark"}
    road.add("hold_placed", "2030-05-02T17:00Z", "camp-1", review_at=1904018400000, **body)
    road.add("triaged", "2030-05-02T17:00Z", "camp-1", system="start", colour="yellow")
    medic = visit("mark", f"/people/camp-1/?{EVENING}").text
    assert "infectious" in medic
    assert "yellow" in medic
    officer = visit("alice", f"/people/camp-1/?{EVENING}").text
    assert "Do not board." in officer
    assert "hold until" in officer
    assert "infectious" not in officer
    assert "yellow" not in officer


@pytest.mark.parametrize("page", [*PAGES, "/sign-in/", "/nowhere/"])
def test_headers_keep_pages_safe(visit: Visit, page: str) -> None:
    """No inline script or style, no frame, no cache, no address told to others, on every page."""
    answer = visit("alice", page) if page != "/sign-in/" else visit(None, page)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert " onclick" not in answer.text


def test_names_are_shown_as_text(road: OpenRoad, visit: Visit) -> None:
    """A name that looks like a script is a name."""
    road.name("camp-1", "<script>alert(1)</script>")
    page = visit("alice", f"/people/?figure=staging&{EVENING}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_demo_accounts_are_one_for_each_role(road: OpenRoad, demo: dict[str, str]) -> None:
    """Each demo account signs in with the password that is printed, and lands on the first page."""
    from corridor.hq.access.accounts import demo_accounts  # noqa: PLC0415

    roles = [role for _name, role, _password in demo_accounts(road.operation)]
    assert len(roles) == len(set(roles)) == len({user.role for user in road.operation.users})
    client = Client()
    assert sign_in(client, "petra", demo["petra"]) == 302
    assert client.get("/").status_code == 200


def test_demo_accounts_sign_in_from_this_machine_only(demo: dict[str, str]) -> None:
    """A password that is printed for everybody opens nothing from another machine."""
    assert sign_in(Client(), "petra", demo["petra"], address="192.0.2.7") == 200
    assert sign_in(Client(), "petra", demo["petra"], address="::1") == 302


def test_a_password_of_its_own_is_kept(road: OpenRoad, demo: dict[str, str]) -> None:
    """Starting again does not bring the demo password back."""
    from corridor.hq.access.accounts import ensure_demo_accounts  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415

    user = User.objects.get(name="petra")
    user.set_password("correct horse battery")
    user.save()
    ensure_demo_accounts(road.operation)
    assert sign_in(Client(), "petra", demo["petra"]) == 200
    assert sign_in(Client(), "petra", "correct horse battery") == 302


def test_a_stronger_hash_is_no_password_of_its_own(demo: dict[str, str]) -> None:
    """What is asked of a demo account, or of a one-time password, is asked at the sign-in that makes its hash anew."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from corridor.hq.models import User  # noqa: PLC0415

    hashers = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("PBKDF2SHA1", "MD5")]
    with override_settings(PASSWORD_HASHERS=hashers):
        old = make_password(demo["petra"], hasher="md5")
        User.objects.filter(name="petra").update(password=old)
        assert sign_in(Client(), "petra", demo["petra"], "203.0.113.5") == 200
        User.objects.filter(name="petra").update(password=old, demo=False, must_change=True, password_until_ms=1)
        assert sign_in(Client(), "petra", demo["petra"]) == 200
        assert User.objects.get(name="petra").password.startswith("pbkdf2_sha1"), "the hash is made anew all the same"


def test_wrong_passwords_must_wait(demo: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """After too many wrong passwords the right one must wait too, from that address; later it may be tried again."""
    from corridor.hq.access import sign_in as page  # noqa: PLC0415

    now = page.time.time()
    monkeypatch.setattr(page.time, "time", lambda: now)
    answers = [sign_in(Client(), "petra", "wrong") for _ in range(SIGN_IN_FAILURES_MAX)]
    assert answers == [200] * SIGN_IN_FAILURES_MAX
    assert sign_in(Client(), "petra", demo["petra"]) == 429
    assert sign_in(Client(), "mark", demo["mark"]) == 302
    assert sign_in(Client(), "petra", demo["petra"], address="::1") == 302
    monkeypatch.setattr(page.time, "time", lambda: now + SIGN_IN_WINDOW_SECONDS + 1)
    assert sign_in(Client(), "petra", demo["petra"]) == 302


def test_idle_session_ends(demo: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A session goes on while somebody works, and ends when nobody does."""
    from corridor.hq.access import guard  # noqa: PLC0415

    client = Client()
    sign_in(client, "mark", demo["mark"])
    now = guard.time.time()
    for minutes in (20, 40, 60):
        monkeypatch.setattr(guard.time, "time", lambda minutes=minutes: now + minutes * 60)
        assert client.get("/").status_code == 200
    monkeypatch.setattr(guard.time, "time", lambda: now + 60 * 60 + IDLE_SECONDS_MAX + 1)
    assert client.get("/").status_code == 302


def test_news_keep_no_session_awake(demo: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen that only asks for its own news is a screen left alone."""
    from corridor.hq.access import guard  # noqa: PLC0415

    client = Client()
    sign_in(client, "mark", demo["mark"])
    now = guard.time.time()
    news = {"X-News": "1", "X-Fragment": "picture"}
    half = IDLE_SECONDS_MAX // 2
    assert client.get("/").status_code == 200
    monkeypatch.setattr(guard.time, "time", lambda: now + half)
    assert client.get("/", headers=news).status_code == 200
    monkeypatch.setattr(guard.time, "time", lambda: now + IDLE_SECONDS_MAX + 30)
    assert client.get("/", headers=news).status_code == 302


def test_users_follow_the_operation_file(road: OpenRoad, demo: dict[str, str]) -> None:
    """Who is no longer in the operation file cannot sign in any more."""
    from dataclasses import replace  # noqa: PLC0415

    from corridor.hq.access.accounts import ensure_accounts  # noqa: PLC0415

    left = tuple(user for user in road.operation.users if user.id != "petra")
    ensure_accounts(replace(road.operation, users=left))
    assert sign_in(Client(), "petra", demo["petra"]) == 200
    assert sign_in(Client(), "mark", demo["mark"]) == 302


def test_secret_key_is_its_owners_only(django: None, tmp_path: Path) -> None:
    """The key is made once, readable by its owner only; a key that others can read is not used."""
    from corridor.hq.kept import secret_key  # noqa: PLC0415

    file = tmp_path / "hq.key"
    key = secret_key(file)
    assert len(key) > 60
    assert secret_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        secret_key(file)


def test_an_earlier_key_is_read_where_it_was_put(django: None, tmp_path: Path) -> None:
    """Keys of before are read one a line from a file that only its owner can read; without the file there are none."""
    from corridor.hq.kept import earlier_keys  # noqa: PLC0415

    file = tmp_path / "hq.key.old"
    assert earlier_keys(file) == []
    file.write_text("first\nsecond\n")
    file.chmod(0o600)
    assert earlier_keys(file) == ["first", "second"]
    file.chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        earlier_keys(file)


PROXY, OUTER, READER = "10.0.0.1", "10.0.0.2", "192.0.2.7"


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "is_from"),
    [
        ("", PROXY, READER, PROXY),
        (PROXY, READER, "127.0.0.1", READER),
        (PROXY, PROXY, f"127.0.0.1, {READER}", READER),
        (f"{PROXY} {OUTER}", PROXY, f"127.0.0.1, {READER}, {OUTER}", READER),
        (PROXY, PROXY, "", PROXY),
        (PROXY, PROXY, "nonsense", PROXY),
        (PROXY, PROXY, f"{PROXY},{PROXY}", PROXY),
    ],
)
def test_only_a_named_proxy_is_believed(django: None, trusted: str, remote: str, forwarded: str, is_from: str) -> None:
    """The reader's address is what the last trusted proxy heard; what a reader writes into the header never counts."""
    from django.test import RequestFactory, override_settings  # noqa: PLC0415

    from corridor.hq.access.attempts import address_of  # noqa: PLC0415

    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(TRUSTED_PROXIES=frozenset(trusted.split())):
        assert address_of(request) == is_from


def test_behind_a_named_proxy_each_reader_waits_alone(demo: dict[str, str]) -> None:
    """Wrong passwords of one reader shut out that reader only, and who is not on this machine opens no demo account."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from corridor.hq.models import User  # noqa: PLC0415

    def tried(reader: str, password: str) -> int:
        fields = {"username": "petra", "password": password, "next": "/"}
        return Client().post("/sign-in/", fields, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=reader).status_code

    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # how slow a password is to guess is another test's
    with override_settings(TRUSTED_PROXIES=frozenset({PROXY}), PASSWORD_HASHERS=quick):
        User.objects.filter(name="petra").update(password=make_password(demo["petra"]))
        answers = [tried(READER, "wrong") for _ in range(SIGN_IN_FAILURES_MAX + 1)]
        assert answers == [200] * SIGN_IN_FAILURES_MAX + [429]
        assert tried("127.0.0.1", demo["petra"]) == 302
        assert tried("192.0.2.8", demo["petra"]) == 200


def test_a_form_sent_after_the_session_ended(demo: dict[str, str]) -> None:
    """Nothing is done and that is said; the way leads over the sign-in back to the form's page, never elsewhere."""
    host = "http://testserver"
    came_from = ((f"{host}/people/?figure=out", "/people/%3Ffigure%3Dout"), ("http://elsewhere/x", "/"), ("", "/"))
    for came, then in came_from:
        client = Client()
        answer = client.post("/own/role/", {"role": "medic"}, HTTP_REFERER=came)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={then}")
        page = client.get(answer.headers["Location"]).content.decode()
        assert "nothing was recorded. Sign in" in page


def test_a_form_older_than_the_sign_in(demo: dict[str, str]) -> None:
    """What is sent with the token of an earlier session is refused by a page of ours, in the reader's language."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["language"] = "ru"
    answer = client.post("/sign-in/", {"username": "petra", "password": demo["petra"]})
    assert answer.status_code == 403
    assert "Эта форма старше вашего входа" in answer.content.decode()


def test_an_address_of_forms_opened_as_a_page(visit: Visit) -> None:
    """Whoever opens it, by the browser's history maybe, is told what it is, and the way on."""
    answer = visit("alice", "/own/role/")
    assert answer.status == 405 and answer.headers["Allow"] == "POST"
    assert "it takes what a form sends" in answer.text and 'href="/"' in answer.text
