"""A medic at work in a real browser: from the reddest in the queue to the day's form, mostly by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import leave_by_key, press_key
from tests.browser.desks.conftest import AtDesk, Prepare

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import MINUTE_MS, Moment, parse_moment
from corridor.journey.board.board import Board
from corridor.ledger.book.view import View
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation

AT = parse_moment("2023-11-14T15:00Z")
PAGES = ("/care/", "/care/holds/", "/care/flights/", "/care/searches/", "/care/daily/?day=2023-11-13")


def in_cairo(opened: OpenOperation) -> tuple[PersonId, ...]:
    """Who stands in Cairo."""
    return Board(opened.operation, View(opened.book, AT, AT)).view.people(AccountId("place:cairo"))


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Somebody in Cairo is triaged red, and somebody else is on a hold that should have been reviewed."""

    def prepare(opened: OpenOperation) -> None:
        red, held = in_cairo(opened)[:2]
        facts = (
            ("triaged", red, 12, {"system": "start", "colour": "red", "walks": False, "breathing_per_minute": 36}),
            (
                "hold_placed",
                held,
                200,
                {
                    "hold": "h-a",
                    "reason": "infectious",
                    "instruction": "Own room.",
                    "owner": "medic",
                    "review_at": AT - 40 * MINUTE_MS,
                },
            ),
        )
        drafts = [
            Draft(
                kind=kind,
                happened_at=Moment(AT - ago * MINUTE_MS),
                by=UserId("medic"),
                persons=(person,),
                source=None,
                target=None,
                body=body,
            )
            for kind, person, ago, body in facts
        ]
        opened.writer.record(drafts, AT)

    return prepare


def test_the_reddest_is_seen_and_the_next_comes(at_desk: AtDesk) -> None:
    """The first of the queue is opened, codes are found by typing, an encounter without one is refused, and with one
    the next who waits is on the screen."""
    page = at_desk("medic", "/care/")
    first = page.locator(".facts-table tbody tr").first
    expect(first.locator(".triage")).to_have_text("red")
    press_key(page, "j")
    leave_by_key(page, "Enter")
    expect(page.locator(".record")).to_contain_text("Breathes more than 30 times a minute.")
    person = page.locator(".trail .id").inner_text()
    expect(page.locator("[data-code-search]")).to_be_focused()
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".codes .error")).to_be_visible()
    page.locator("[data-code-search]").fill("dehydr")
    expect(page.locator(".code-list label:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.get_by_label("Note").fill("Drank two litres.")
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".said")).to_contain_text("Encounter recorded.")
    expect(page.locator(".trail .id")).not_to_have_text(person)
    page.goto(page.url.split("/care/")[0] + f"/care/{person}/")
    expect(page.locator(".record")).not_to_contain_text("Drank two litres.")
    page.get_by_role("button", name="Open the sealed text").click()
    expect(page.locator(".opened")).to_contain_text("Drank two litres.")


def test_triage_says_the_colour_before_it_is_sent(at_desk: AtDesk) -> None:
    """While it is filled in the page says what is still to be observed, then the colour and why."""
    page = at_desk("medic", "/care/")
    page.locator(".facts-table a").last.click()
    press_key(page, "Escape")
    page.locator(".trail").click()
    leave_by_key(page, "t")
    expect(page.locator("#triage-colour")).to_contain_text("whether the person walks")
    page.get_by_role("group", name="System").get_by_label("START", exact=True).check()
    page.get_by_role("group", name="Walks").get_by_label("no", exact=True).check()
    page.get_by_label("Breaths in a minute").fill("24")
    page.get_by_role("group", name="Pulse felt").get_by_label("yes", exact=True).check()
    page.get_by_role("group", name="Follows simple commands").get_by_label("yes", exact=True).check()
    expect(page.locator("#triage-colour .triage")).to_have_text("yellow")
    page.get_by_role("button", name="Record the colour", exact=True).click()
    expect(page.locator(".said")).to_contain_text("is yellow. Does not walk; breathing")


def test_an_overdue_hold_is_reviewed(at_desk: AtDesk) -> None:
    """The hold in red is kept with a new time; a time that is past is refused and stays in its field."""
    page = at_desk("medic", "/care/holds/")
    row = page.locator(".facts-table tbody tr", has_text="Own room.")
    expect(row.locator(".tag.warn")).to_contain_text("overdue by")
    row.get_by_role("link", name="Review").click()
    page.get_by_label("Next review at").fill("2023-11-14T10:00")
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".wrong")).to_contain_text("which is past")
    expect(page.get_by_label("Next review at")).to_have_value("2023-11-14T10:00")
    page.get_by_label("Next review at").fill("2023-11-15T10:00")
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".said")).to_contain_text("Hold reviewed.")
    expect(page.locator(".hold")).to_contain_text("15 Nov 2023, 10:00")


def test_contacts_in_one_click(at_desk: AtDesk, tmp_path: Path) -> None:
    """From a person to everybody on their bus, and the list as PDF."""
    page = at_desk("medic", "/care/?where=place:cairo")
    page.locator(".facts-table a").last.click()
    page.get_by_role("link", name="Contact tracing").click()
    expect(page.locator(".desk-head h2")).to_contain_text("people shared a vehicle")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="List as PDF").click()
    fetched.value.save_as(tmp_path / "contacts.pdf")
    assert (tmp_path / "contacts.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("language", "looks"),
    [
        ("en", {"viewport": {"width": 320, "height": 800}}),
        ("ar", {"color_scheme": "dark"}),
        ("ru", {"viewport": {"width": 768, "height": 900}}),
    ],
)
def test_every_page_fits(at_desk: AtDesk, artefacts: Path, language: str, looks: dict[str, object]) -> None:
    """Nothing sticks out of the window, on a phone, mirrored and dark, or on a tablet; the pictures are kept."""
    page = at_desk("medic", "/care/", language=language, **looks)
    start = page.url.split("/care/")[0]
    person = page.locator(".facts-table .id").first.inner_text()
    forms = [f"/care/{person}/{does}/" for does in ("triage", "encounter", "hold", "fitness", "loss", "contacts")]
    for address in (*PAGES, *forms):
        page.goto(start + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        name = address.split("?")[0].strip("/").replace(f"/{person}", "").replace("/", "-")
        page.screenshot(path=str(artefacts / f"desk-{name}-{language}.png"), full_page=True)
