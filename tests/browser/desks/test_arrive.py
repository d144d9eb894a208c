"""A reception officer at work in a real browser: a plane lands, families are received, placed and handed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import leave_by_key
from tests.browser.desks.conftest import AtDesk, Prepare

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import MINUTE_MS, Moment, parse_moment
from corridor.journey.board.board import Board
from corridor.ledger.book.view import View
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation

AT = parse_moment("2023-11-14T15:00Z")
CAIRO = AccountId("place:cairo")


def fact(kind: str, ago: int, persons: tuple[PersonId, ...] = (), target: str | None = None, **body: object) -> Draft:
    """Something that happened so many minutes ago; whoever moves leaves Cairo."""
    return Draft(
        kind=kind, happened_at=Moment(AT - ago * MINUTE_MS), by=UserId("gate"), persons=persons,
        source=CAIRO if target else None, target=AccountId(target) if target else None, body=body,
    )  # fmt: skip


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Two families have flown home on flight-2 and sit in it; Kaluga has one bed left."""

    def prepare(opened: OpenOperation) -> None:
        board = Board(opened.operation, View(opened.book, AT, AT))
        here = set(board.view.people(CAIRO))
        together = sorted(tuple(sorted(group)) for group in board.everybody.groups if len(group) > 1 and group <= here)
        flown = together[:2]
        drafts = [
            fact("boarded", 300, family, "aboard:flight-2", movement="flight-2", place_type="seat") for family in flown
        ]
        drafts += [
            fact("departed", 290, movement="flight-2", place="cairo"),
            fact("arrived", 6, movement="flight-2", place="domodedovo"),
        ]
        free = board.everybody.shelters["kaluga"].free  # type: ignore[index]
        assert free is not None
        others = [one for one in sorted(board.everybody.register) if one not in {p for f in flown for p in f}]
        placed = [one for one in others if one not in board.everybody.arrive][: free - 1]
        drafts += [
            fact("placed", 5, tuple(placed[first : first + 60]), shelter="kaluga")
            for first in range(0, len(placed), 60)
        ]
        opened.writer.record(drafts, AT)

    return prepare


def test_a_family_is_received_placed_and_handed_over(at_desk: AtDesk) -> None:
    """Nobody ticked is refused; then the family is received out of the plane, finds Kaluga full with another named,
    sleeps in Klin together, and the region signs for them."""
    page = at_desk("reception", "/arrive/")
    page.get_by_role("link", name="Flight 14 Nov").click()
    expect(page.locator(".needs")).to_contain_text("women")
    page.get_by_label("Met by relatives").select_option("yes")
    page.get_by_role("button", name="Receive", exact=True).click()
    expect(page.locator(".wrong")).to_contain_text("Tick the parties")
    expect(page.get_by_label("Met by relatives")).to_have_value("yes")
    page.wait_for_load_state()
    party = page.locator("tbody.party").first
    people = party.locator("tr").count()
    person = party.locator(".id").first.inner_text()
    party.locator("input").check()
    page.get_by_role("button", name="Receive", exact=True).click()
    expect(page.locator(".said")).to_contain_text(f"{people} people received.")
    expect(page.locator("tbody.party").first.locator("input")).to_have_count(0)

    page.goto(page.url.split("/arrive/")[0] + f"/arrive/people/{person}/place/")
    page.get_by_label("Shelter").select_option("kaluga")
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".wrong")).to_contain_text("1 free places")
    expect(page.locator(".wrong .remedy")).to_contain_text("nearest other")
    page.get_by_label("Shelter").select_option("klin")
    page.get_by_label("Room").fill("12")
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".said")).to_contain_text("Placed.")
    expect(page.locator(".card")).to_contain_text("room 12")

    page.locator(".trail").click()
    leave_by_key(page, "h")
    page.get_by_label("Taken by").select_option("klin-shelter")
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".said")).to_contain_text("Handed over.")
    page.get_by_role("link", name="To the landings").click()
    page.locator(".desk-parts a", has_text="Handovers").click()
    expect(page.locator(".handover .waits")).to_contain_text("not signed for")
    page.get_by_role("button", name="Sign for them").click()
    expect(page.locator(".handover")).to_contain_text("signed by Shelter in Klin")


def test_the_list_is_fetched(at_desk: AtDesk, tmp_path: Path) -> None:
    """The reception list comes as a PDF and as a workbook, by their links."""
    page = at_desk("reception", "/arrive/flights/flight-2/")
    for link, start in (("List as PDF", b"%PDF"), ("As spreadsheet", b"PK")):
        with page.expect_download() as fetched:
            page.get_by_role("link", name=link).click()
        fetched.value.save_as(tmp_path / "list")
        assert (tmp_path / "list").read_bytes().startswith(start)


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
    page = at_desk("reception", "/arrive/flights/flight-2/", language=language, **looks)
    start = page.url.split("/arrive/")[0]
    person = page.locator(".parties .id").first.inner_text()
    forms = [f"/arrive/people/{person}/{does}/" for does in ("place", "hand-over", "onward", "follow-up")]
    pages = ("/arrive/", "/arrive/flights/flight-2/", "/arrive/shelters/?shelter=kaluga", "/arrive/handovers/")
    for address in (*pages, "/arrive/follow-ups/", *forms):
        page.goto(start + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        name = address.split("?")[0].strip("/").replace(f"/people/{person}", "").replace("/", "-")
        page.screenshot(path=str(artefacts / f"desk-{name}-{language}.png"), full_page=True)
