"""A passkey and an app in a real browser, with Chromium's own virtual authenticator: made, shown, and asked for."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, CDPSession, Page, expect
from tests.browser.conftest import Running

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def at_home(chromium: Browser, practising: Running) -> Iterator[tuple[Page, CDPSession, str, str]]:
    """A browser with a fingerprint reader, the reader's id, and `localhost`: passkeys know no bare numbers."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    reader = context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    made = reader.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page, reader, made["authenticatorId"], practising.address.replace("127.0.0.1", "localhost")
    context.close()


def typed(page: Page, address: str, password: str) -> None:
    """Name and password of the auditor, on the way to their own account."""
    page.goto(f"{address}/sign-in/?next=/own/")
    page.fill("#id_username", "auditor")
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_load_state()  # a passkey is asked for by its script


def signed_out(page: Page) -> None:
    """Out again."""
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#sign-in-title")).to_be_visible()
    page.wait_for_load_state()


def test_a_passkey_alone_and_as_second_step(at_home: tuple[Page, CDPSession, str, str], practising: Running) -> None:
    """Made with its recovery codes, it signs in without a name, and after the password; a stranger's finger does not.

    An app set up beside it is taken too, and a passkey that its owner took away opens nothing.
    """
    page, reader, authenticator, address = at_home
    password = practising.passwords["auditor"]
    typed(page, address, password)
    page.get_by_label("What you call it").fill("my laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator("[data-codes] li")).to_have_count(10)
    page.get_by_role("link", name="They are kept").click()
    expect(page.locator(".factors li")).to_contain_text("my laptop")
    signed_out(page)

    page.goto(f"{address}/sign-in/?next=/own/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("h1", has_text="Your account")).to_be_visible()
    signed_out(page)

    typed(page, address, password)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert page.goto(f"{address}/own/") is not None
    expect(page.locator("#sign-in-title")).to_be_visible()
    typed(page, address, password)
    reader.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".passkey-said")).to_contain_text("Nothing was shown")
    reader.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("h1", has_text="Your account")).to_be_visible()

    page.get_by_role("link", name="Set up an app").click()
    page.get_by_text("Type it instead").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    app = TOTP(base64.b32decode(secret + "=" * (-len(secret) % 8)), 6, SHA1(), 30)
    page.get_by_label("Type the code that it shows").fill(app.generate(time.time()).decode())
    page.get_by_role("button", name="Set up", exact=True).click()
    expect(page.locator(".factors li")).to_have_count(2)
    page.get_by_role("button", name="Take away my laptop").click()
    expect(page.locator(".factors li")).to_have_count(1)
    signed_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".passkey-said")).to_contain_text("This passkey was not taken")
    typed(page, address, password)
    page.get_by_label("Code of your app").fill(app.generate(time.time() + 30).decode())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("h1", has_text="Your account")).to_be_visible()


def test_no_passkey_at_a_number(at_home: tuple[Page, CDPSession, str, str], practising: Running) -> None:
    """At a bare address the page says why there is no passkey, and offers the app."""
    page = at_home[0]
    page.goto(f"{practising.address}/sign-in/?next=/own/")
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    page.fill("#id_username", "press")
    page.fill("#id_password", practising.passwords["press"])
    page.press("#id_password", "Enter")
    expect(page.get_by_text("Not at this address")).to_be_visible()
    expect(page.get_by_role("link", name="Set up an app")).to_be_visible()
