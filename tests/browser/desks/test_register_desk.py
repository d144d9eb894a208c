"""The register desk in a browser: search, near persons, a new family by keyboard, a zone, cards, and the refusals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import leave_by_key
from tests.browser.desks.conftest import AtDesk

ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<1O"
"""The specimen of ICAO Doc 9303 with the letter O for its last digit."""


def test_a_person_from_the_search_to_the_card(at_desk: AtDesk, artefacts: Path) -> None:
    """Search, nobody; register by keyboard; the zone misread, mended, confirmed; a child joins; the card is a PDF."""
    page = at_desk("consul", "/register/")
    page.keyboard.type("Anna Eriksson")
    leave_by_key(page, "Enter")
    page.get_by_role("link", name="register a new person").click()
    expect(page.get_by_label("Full name, as written in one place")).to_have_value("Anna Eriksson")
    page.get_by_label("Birth date").fill("1974-08-12")
    page.get_by_label("Citizenships").fill("RUS")
    leave_by_key(page, "Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Registered")
    person = re.search(r"/register/([^/]+)/$", page.url)
    assert person is not None
    page.get_by_role("link", name="Zone of a document").click()
    page.fill("#zone", ZONE)
    page.get_by_role("button", name="Read and check").click()
    expect(page.locator(".faults .wrong")).to_contain_text("line 2, column 44")
    page.get_by_role("button", name="then every digit fits").click()
    expect(page.get_by_text("every digit fits")).to_be_visible()
    page.get_by_role("button", name="Write down the document").click()
    expect(page.locator(".wrong").first).to_contain_text("Not every field is confirmed")
    page.wait_for_load_state()
    for box in page.locator(".confirm-row input[type=checkbox]").all():
        box.check()
    page.screenshot(path=artefacts / "register-zone.png", full_page=True)
    page.get_by_role("button", name="Write down the document").click()
    expect(page.get_by_text("L898902C3")).to_be_visible()
    page.get_by_role("link", name="Party and ties", exact=True).click()
    page.locator("[data-search]").fill("p51941")
    leave_by_key(page, "Enter")
    page.get_by_role("link", name="This one").click()
    expect(page.locator("#id_join-other")).to_have_value("p51941")
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.locator(".said, .wrong").first).to_be_visible()
    made = page.request.get(page.url.split("/register/")[0] + f"/register/cards/?form=cards&person={person.group(1)}")
    assert made.ok and made.body().startswith(b"%PDF")


def test_somebody_near_must_be_looked_at(at_desk: AtDesk, artefacts: Path) -> None:
    """The same name in another script is shown with why; only after the tick is a second person made."""
    page = at_desk("lists", "/register/?q=Svetlana Isa")
    expect(page.locator(".found tbody tr").first).to_contain_text("Svetlana")
    page.get_by_role("link", name="register a new person").click()
    page.get_by_label("Full name, as written in one place").fill("Светлана Иса")
    page.locator("#id_age_band").select_option("adult")
    page.get_by_role("button", name="Register").click()
    expect(page.locator(".wrong").first).to_contain_text("Somebody in the book may be this person")
    page.screenshot(path=artefacts / "register-near.png", full_page=True)
    page.wait_for_load_state()
    for tick in page.get_by_label("is somebody else").all():
        tick.check()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("status").first).to_contain_text("Registered")


PAGES = ("/register/", "/register/?q=Isa", "/register/applications/", "/register/p51941/", "/register/p51941/party/",
         "/register/p51941/zone/", "/register/new/?q=x", "/register/withdrawn/")  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_nothing_sticks_out_on_a_phone(at_desk: AtDesk, artefacts: Path, language: str) -> None:
    """At 320 px no page of the desk scrolls sideways, in any language."""
    page = at_desk("duty", "/register/", language=language, viewport={"width": 320, "height": 700})
    for number, address in enumerate(PAGES):
        page.goto(page.url.split("/register/")[0] + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.screenshot(path=artefacts / f"register-{number}-{language}-phone.png", full_page=True)
