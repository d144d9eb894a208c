"""The second factor: codes that count once, recovery codes, no session before the second step, who must show one."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.test import Client, override_settings
from tests.hq.conftest import OpenRoad

from corridor.base.limits import (
    PROOF_SECONDS_MAX,
    SECOND_FAILURES_MAX,
    SECOND_STEP_SECONDS_MAX,
    SIGN_IN_FAILURES_MAX,
)

PASSWORD = "correct horse battery"
NOON = 1_900_000_005.0
"""When these tests take place, in seconds: five seconds into a step."""


class Clock:
    """The machine's clock, for the code under test; an app reads the same one."""

    def __init__(self) -> None:
        self.now = NOON

    def time(self) -> float:
        """The seconds."""
        return self.now


@pytest.fixture(autouse=True)
def quick_hashes(django: None) -> Iterator[None]:
    """How slow a password is to guess is not what these tests are about."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def clock(django: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands until it is moved."""
    from corridor.hq.access import accounts, guard, own, sign_in  # noqa: PLC0415 - the settings are not ready before

    clock = Clock()
    for module in (accounts, guard, own, sign_in):
        monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def alice(road: OpenRoad, clock: Clock) -> Any:
    """A duty officer with a password of her own."""
    from corridor.hq.models import User  # noqa: PLC0415

    user = User.objects.get(name="alice")
    user.set_password(PASSWORD)
    user.save()
    return user


def given_password(client: Client, name: str = "alice", password: str = PASSWORD, **asked: str) -> Any:
    """What the first step answers."""
    return client.post("/sign-in/", {"username": name, "password": password, "next": "/claims/"}, **asked)


def given_code(client: Client, code: str, **asked: str) -> Any:
    """What the second step answers."""
    return client.post("/sign-in/second/", {"code": code}, **asked)


def is_in(client: Client) -> bool:
    """Whether a page of headquarters opens."""
    return client.get("/claims/").status_code == 200


class App:
    """An authenticator app, made by the library's own generator from what the page shows."""

    def __init__(self, page: str, clock: Clock) -> None:
        found = re.search(r'class="id secret" dir="ltr">([A-Z2-7 ]+)<', page)
        assert found is not None, "the page shows the secret to type"
        secret = found.group(1).replace(" ", "")
        self.totp = TOTP(base64.b32decode(secret + "=" * (-len(secret) % 8)), 6, SHA1(), 30)
        self.clock = clock

    def code(self, steps: int = 0) -> str:
        """The code that it shows now, or so many half minutes from now."""
        return self.totp.generate(self.clock.now + 30 * steps).decode()


@pytest.fixture
def app(alice: Any, clock: Clock) -> Iterator[App]:
    """Alice sets an app up; half an hour later."""
    client = Client()
    given_password(client)
    app = App(client.get("/own/app/").content.decode(), clock)
    answer = client.post("/own/app/", {"code": app.code(), "title": "my phone"})
    app.recovery = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", answer.content.decode())  # type: ignore[attr-defined]
    assert len(app.recovery) == 10  # type: ignore[attr-defined]
    clock.now += 1800
    yield app


def test_no_session_before_the_second_step(app: App) -> None:
    """The right password alone opens no page and signs nobody in; the code does, and goes where one was going."""
    client = Client()
    assert given_password(client).headers["Location"] == "/sign-in/second/"
    assert not is_in(client) and "_auth_user_id" not in client.session
    before = client.session.session_key
    assert given_code(client, app.code()).headers["Location"] == "/claims/"
    assert is_in(client) and client.session.session_key != before


def test_a_code_counts_once(app: App) -> None:
    """A code that was used, the one that set the app up among them, and an older one are refused; the next is taken."""
    first, second = Client(), Client()
    given_password(first)
    given_password(second)
    assert given_code(first, app.code()).status_code == 302
    assert given_code(second, app.code()).status_code == 200 and not is_in(second)
    assert given_code(second, app.code(-1)).status_code == 200 and not is_in(second)
    assert given_code(second, app.code(+1)).status_code == 302 and is_in(second)


def test_the_code_that_set_up_the_app_is_used_up(alice: Any, clock: Clock) -> None:
    """Whoever saw it typed cannot sign in with it."""
    client = Client()
    given_password(client)
    app = App(client.get("/own/app/").content.decode(), clock)
    client.post("/own/app/", {"code": app.code()})
    other = Client()
    given_password(other)
    assert given_code(other, app.code()).status_code == 200 and not is_in(other)


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_a_code_of_another_time_is_refused(app: App, clock: Clock, steps: int) -> None:
    """A clock may be half a minute away, not more."""
    client = Client()
    given_password(client)
    assert given_code(client, app.code(steps)).status_code == 200 and not is_in(client)


def test_digits_of_any_script(app: App) -> None:
    """A code typed on an Arabic keyboard, with a space in it, is the same code."""
    client = Client()
    given_password(client)
    code = app.code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert given_code(client, f"{code[:3]} {code[3:]}").status_code == 302 and is_in(client)


def test_a_recovery_code_counts_once(app: App) -> None:
    """It takes the app's place one time, in capitals or without its dash too, and the log says so."""
    from corridor.hq.models import AccountChange  # noqa: PLC0415

    code = app.recovery[3]  # type: ignore[attr-defined]
    for typed, opens in ((code.upper().replace("-", ""), True), (code, False)):
        client = Client()
        given_password(client)
        assert (given_code(client, typed).status_code == 302) is opens and is_in(client) is opens
    assert AccountChange.objects.filter(about="alice", what="recovery_used").count() == 1


def test_factors_live_on_under_another_key(app: App) -> None:
    """With another secret key the app's codes and the recovery codes of the one before still open, the app for good."""
    codes: list[str] = app.recovery  # type: ignore[attr-defined]
    old = settings.SECRET_KEY
    with override_settings(SECRET_KEY="another key " * 5):
        client = Client()
        given_password(client)
        assert given_code(client, codes[0]).status_code == 200, "nothing of a key that is not kept opens"
    with override_settings(SECRET_KEY="another key " * 5, SECRET_KEY_FALLBACKS=[old]):
        for code in (codes[0], app.code()):
            client = Client()
            given_password(client)
            assert given_code(client, code).status_code == 302 and is_in(client)
    with override_settings(SECRET_KEY="another key " * 5):
        client = Client()
        given_password(client)
        assert given_code(client, codes[1]).status_code == 200
        assert given_code(client, app.code(+1)).status_code == 302 and is_in(client)


def test_wrong_codes_must_wait(app: App, clock: Clock) -> None:
    """After five wrong codes the right one waits, although the password was given again in between."""
    client = Client()
    for _ in range(SIGN_IN_FAILURES_MAX):
        given_password(client)
        assert given_code(client, "000000").status_code == 200
    assert given_password(client).status_code == 429
    other = Client(REMOTE_ADDR="192.0.2.9")
    given_password(other)
    assert given_code(other, app.code()).status_code == 302


def test_guessing_codes_from_many_addresses(app: App) -> None:
    """However many addresses a guesser has, the wrong codes of one name are counted together."""
    client = Client()
    given_password(client)
    for number in range(SECOND_FAILURES_MAX):
        assert given_code(client, "000000", REMOTE_ADDR=f"192.0.2.{number}").status_code == 200
    assert given_code(client, app.code(), REMOTE_ADDR="192.0.2.200").status_code == 429 and not is_in(client)


def test_the_second_step_runs_out(app: App, clock: Clock) -> None:
    """A screen left between the steps is a screen that asks for the password again; a changed password ends it too."""
    from corridor.hq.models import User  # noqa: PLC0415

    client, other = Client(), Client()
    given_password(client)
    given_password(other)
    clock.now += SECOND_STEP_SECONDS_MAX + 1
    assert given_code(client, app.code()).headers["Location"] == "/sign-in/"
    clock.now -= 60
    user = User.objects.get(name="alice")
    user.set_password("another long password")
    user.save()
    assert given_code(other, app.code()).headers["Location"] == "/sign-in/" and not is_in(other)


def test_secrets_are_not_readable_in_the_database(app: App) -> None:
    """A copy of the database holds neither the app's secret nor a recovery code, and without the key makes no codes."""
    from corridor.hq.access import factors  # noqa: PLC0415
    from corridor.hq.models import Factor, RecoveryCode  # noqa: PLC0415

    kept = bytes(Factor.objects.get(user__name="alice").secret)
    secret = factors.unseal(kept)
    assert secret is not None and secret not in kept
    codes = {code.replace("-", "") for code in app.recovery}  # type: ignore[attr-defined]
    assert not codes & set(RecoveryCode.objects.values_list("hashed", flat=True))
    with override_settings(SECRET_KEY="another-key"):
        assert factors.unseal(kept) is None


def test_setting_up_ends_other_sessions(alice: Any, clock: Clock) -> None:
    """A session begun with a password alone, perhaps by a thief, ends with the first factor; one's own stays."""
    thief, client = Client(), Client()
    given_password(thief)
    given_password(client)
    assert is_in(thief)
    app = App(client.get("/own/app/").content.decode(), clock)
    client.post("/own/app/", {"code": app.code()})
    assert not is_in(thief) and is_in(client)


def test_changes_ask_for_the_password_again(app: App, clock: Clock) -> None:
    """Ten minutes after signing in, no factor is taken away and no codes are made without the password."""
    from corridor.hq.models import Factor  # noqa: PLC0415

    client = Client()
    given_password(client)
    given_code(client, app.code())
    clock.now += PROOF_SECONDS_MAX + 1
    factor = Factor.objects.get(user__name="alice")
    for address in (f"/own/factors/{factor.pk}/remove/", "/own/codes/", "/own/app/", "/own/password/"):
        assert client.post(address).headers["Location"].startswith("/own/proof/?next="), address
    assert Factor.objects.filter(pk=factor.pk).exists()
    assert client.post("/own/proof/", {"password": "wrong", "next": "/own/app/"}).status_code == 200
    away = client.post("/own/proof/", {"password": PASSWORD, "next": "https://example.org/"})
    assert away.headers["Location"] == "/own/", "nobody is sent elsewhere"
    client.post(f"/own/factors/{factor.pk}/remove/")
    assert not Factor.objects.filter(pk=factor.pk).exists()


def test_nobody_takes_away_anothers_factor(app: App, road: OpenRoad) -> None:
    """A factor's number in the address opens nobody else's account."""
    from corridor.hq.models import Factor, User  # noqa: PLC0415

    mark = User.objects.get(name="mark")
    mark.set_password(PASSWORD)
    mark.save()
    client = Client()
    given_password(client, "mark")
    factor = Factor.objects.get(user__name="alice")
    assert client.post(f"/own/factors/{factor.pk}/remove/").status_code == 404
    assert Factor.objects.filter(pk=factor.pk).exists()


@pytest.mark.parametrize(
    ("setting", "confined"),
    [("nobody", set()), ("identity", {"alice", "mark"}), ("everybody", {"alice", "mark", "petra"})],
)
def test_who_must_show_a_second_factor(road: OpenRoad, clock: Clock, setting: str, confined: set[str]) -> None:
    """By the word of the setting: nobody, who reads identities, or everybody; the others work as before."""
    from corridor.hq.models import User  # noqa: PLC0415

    with override_settings(SECOND_FACTOR=setting):
        for name in ("alice", "mark", "petra"):
            user = User.objects.get(name=name)
            user.set_password(PASSWORD)
            user.save()
            client = Client()
            given_password(client, name)
            assert is_in(client) is (name not in confined), name
            assert client.get("/own/").status_code == 200


def test_who_must_show_one_sets_it_up_first(alice: Any, clock: Clock) -> None:
    """Signed in without the factor that is demanded, one reaches the pages to set it up and no other; then all."""
    with override_settings(SECOND_FACTOR="identity"):
        client = Client()
        given_password(client)
        assert client.get("/people/").headers["Location"] == "/own/"
        assert client.post("/operation/users/new/", {}).status_code == 403
        app = App(client.get("/own/app/").content.decode(), clock)
        client.post("/own/app/", {"code": app.code()})
        assert client.get("/people/").status_code == 200
        factor = alice.factors.get()
        client.post(f"/own/factors/{factor.pk}/remove/")
        assert alice.factors.count() == 1, "the last one stays where one is demanded"


def test_demo_accounts_and_a_practice_need_none(road: OpenRoad, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make run` and a practice open with the password that is printed."""
    from corridor.hq import served  # noqa: PLC0415
    from corridor.hq.access.accounts import ensure_demo_accounts  # noqa: PLC0415
    from corridor.hq.access.factors import demanded  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415

    ensure_demo_accounts(road.operation)
    user = User.objects.get(name="mark")
    with override_settings(SECOND_FACTOR="everybody"):
        assert not demanded(user)
        user.set_password(PASSWORD)
        assert demanded(user)
        monkeypatch.setattr(served.served(), "practice_from", 1)
        assert not demanded(user)
