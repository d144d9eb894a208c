"""A duty officer admits a device, is refused a wrong key, and revokes it, in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect
from tests.browser.conftest import leave_by_key
from tests.browser.desks.conftest import AtDesk

KEY = "5f" * 32


def test_a_device_comes_and_goes(at_desk: AtDesk) -> None:
    """A key cut short is refused with what was typed; the whole one is enrolled; revoking it says so on the list."""
    page = at_desk("duty", "/operation/")
    expect(page.locator(".tabs [aria-current]")).to_have_text("Operation")
    form = page.locator("form[data-main]")
    form.get_by_label("Name").fill("bus-7")
    form.get_by_label("Public key").fill(KEY[:-2])
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".wrong")).to_contain_text("This is no public key")
    expect(form.get_by_label("Name")).to_have_value("bus-7")
    form.get_by_label("Public key").fill(KEY)
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".said")).to_contain_text("begin at epoch 1")
    expect(page.locator("h1")).to_have_text("bus-7")

    revoke = page.locator("form[data-main]")
    revoke.get_by_label("Why").fill("Lost on the road")
    revoke.get_by_role("button", name="Revoke").click()
    expect(page.locator(".said")).to_contain_text("Revoked")
    page.goto(page.url.partition("/operation/")[0] + "/operation/orders/")
    expect(page.locator(".facts-table tbody tr").nth(0)).to_contain_text("RevokeDevice")
    expect(page.locator(".facts-table tbody tr").nth(2)).to_contain_text("bad_public_key")


def test_nothing_sticks_out(at_desk: AtDesk, tmp_path: Path) -> None:
    """On a phone and right to left no page of the desk is wider than the screen."""
    pages = ("", "devices/gate-1/", "reads/", "orders/", "users/", "users/of/gate/", "file/")
    for number, name in enumerate(pages):
        language, address = ("en", "ar")[number % 2], f"/operation/{name}"
        page = at_desk("duty", address, language=language, viewport={"width": 320, "height": 640}, color_scheme="dark")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        page.screenshot(path=tmp_path / f"{address.strip('/').replace('/', '-')}.png", full_page=True)
