"""The documents desk in a browser: the soonest permit, a certificate up to its receipt, a flight's papers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import leave_by_key, press_key
from tests.browser.desks.conftest import AtDesk


def test_a_certificate_from_drawing_up_to_the_receipt(at_desk: AtDesk, artefacts: Path) -> None:
    """Open the soonest permit, draw up, issue, print; drawing up for who shows nothing is refused with a remedy."""
    page = at_desk("consul", "/documents/")
    expect(page.locator(".clock-text").first).to_contain_text("left")
    page.screenshot(path=artefacts / "documents-cases.png", full_page=True)
    press_key(page, "j")
    leave_by_key(page, "Enter")
    expect(page.get_by_role("heading", name="Papers and permits")).to_be_visible()
    page.locator("#id_draw_up-type").select_option("return_certificate")
    page.get_by_role("button", name="Draw up", exact=True).click()
    expect(page.locator(".facts-table")).to_contain_text("drawn up")
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.locator(".said")).to_contain_text("Print the receipt")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Print the receipt").click()
    expect(opened.value).to_have_url(re.compile("/receipt/"))
    made = page.request.get(page.url + "receipt/")
    assert made.ok and made.body().startswith(b"%PDF")
    page.goto(page.url.split("/documents/")[0] + "/documents/lacking/?whom=all")
    page.locator(".facts-table tbody a").first.click()
    page.locator("#id_draw_up-type").select_option("return_certificate")
    page.get_by_role("button", name="Draw up", exact=True).click()
    expect(page.locator(".wrong").first).to_contain_text("Nothing establishes who")
    page.screenshot(path=artefacts / "documents-case.png", full_page=True)


def untick(page: Page) -> None:
    """Take every tick away."""
    page.wait_for_load_state()
    ticked = page.locator("input[name=person]:checked")
    while ticked.count():
        ticked.first.uncheck()


def test_the_papers_of_a_flight(at_desk: AtDesk, artefacts: Path) -> None:
    """Tick two, draw up, issue them, and the list to sign holds them; with nobody ticked it is refused."""
    page = at_desk("consul", "/documents/batch/?type=laissez_passer")
    untick(page)
    page.get_by_role("button", name="Draw up for those ticked").click()
    expect(page.locator(".wrong").first).to_contain_text("Nobody is ticked")
    untick(page)
    rows = page.locator("tbody tr", has_text="not needed")
    for number in (0, 1):
        rows.nth(number).locator("input[name=person]").check()
    page.get_by_role("button", name="Draw up for those ticked").click()
    expect(page.locator(".said")).to_contain_text("2 papers written down")
    page.get_by_role("button", name="Issue to those ticked").click()
    expect(page.locator(".said")).to_contain_text("2 papers written down")
    page.screenshot(path=artefacts / "documents-batch.png", full_page=True)
    base = page.url.split("/documents/")[0]
    made = page.request.get(base + "/documents/batch/print/?type=laissez_passer")
    assert made.ok and made.body().startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_nothing_sticks_out_on_a_phone(at_desk: AtDesk, artefacts: Path, language: str) -> None:
    """At 320 px no page of the desk scrolls sideways, in any language."""
    page = at_desk("duty", "/documents/", language=language, viewport={"width": 320, "height": 700})
    for number, address in enumerate(("", "lacking/?whom=all", "batch/", "p42422/")):
        page.goto(page.url.split("/documents/")[0] + f"/documents/{address}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.screenshot(path=artefacts / f"documents-{number}-{language}-phone.png", full_page=True)
