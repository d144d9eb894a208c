"""A movement officer fills a convoy family by family and follows it until everybody is out, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import leave_by_key
from tests.browser.desks.conftest import AtDesk

PAGES = ("/move/", "/move/convoy-1113/", "/move/flight-2/people/?which=rest", "/move/flight-3/seats/", "/move/plan/")


def chosen(page: Page) -> int:
    """How many people are ticked, as the page says."""
    return int(page.locator("[data-count]").inner_text())


def test_a_convoy_from_the_first_family_to_the_last_alighted(at_desk: AtDesk) -> None:
    """One of a family alone is refused with the others' names; all ready families board, a wrong count is refused with
    what was typed, then doors shut, it leaves, arrives, and the three columns meet."""
    page = at_desk("movement", "/move/")
    page.locator(".facts-table a", has_text="Convoy 14 Nov").click()
    page.locator(".desk-parts a", has_text="Put people on").click()
    page.locator("section.group").first.locator("[name=persons]").first.check()
    page.get_by_role("button", name="Put on the manifest").click()
    expect(page.locator(".wrong")).to_contain_text("This would leave out")
    expect(page.locator(".wrong")).to_be_focused()
    expect(page.get_by_role("link", name="record its waiver")).to_be_visible()
    page.wait_for_load_state()
    for group in page.locator("[data-group]").all():
        group.check()
    people = chosen(page)
    assert people > 10
    page.get_by_role("button", name="Put on the manifest").click()
    expect(page.locator(".said")).to_contain_text(f"{people} people planned")

    leave_by_key(page, "m")
    expect(page.locator(".columns-three .number").first).to_have_text(str(people))
    page.get_by_label("everybody").check()
    leave_by_key(page, "b")
    expect(page.locator(".said")).to_contain_text(f"{people} people boarded")
    page.get_by_label("Souls counted aboard").fill(str(people - 1))
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".wrong")).to_contain_text(f"{people} are recorded aboard")
    expect(page.get_by_label("Souls counted aboard")).to_have_value(str(people - 1))
    page.get_by_label("Souls counted aboard").fill(str(people))
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".said")).to_contain_text("Boarding closed")

    page.get_by_role("button", name="It left now").click()
    expect(page.locator("h1 .tag")).to_have_text("departed")
    page.get_by_role("button", name="It arrived now").click()
    expect(page.locator(".difference")).to_contain_text("boarded not alighted")
    page.wait_for_load_state()
    page.get_by_label("everybody").check()
    leave_by_key(page, "o")
    expect(page.locator(".columns-three .number")).to_have_text([str(people)] * 3)
    expect(page.locator(".difference")).to_have_count(0)


def test_the_papers_are_fetched(at_desk: AtDesk, tmp_path: Path) -> None:
    """The manifest comes as a PDF and as a workbook, by their links."""
    page = at_desk("movement", "/move/convoy-1113/")
    for link, start in (("PDF", b"%PDF"), ("Spreadsheet", b"PK")):
        with page.expect_download() as fetched:
            page.get_by_role("link", name=link).click()
        fetched.value.save_as(tmp_path / link)
        assert (tmp_path / link).read_bytes().startswith(start)


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
    page = at_desk("movement", "/move/", language=language, **looks)
    for address in (*PAGES, "/"):
        page.goto(page.url.split("/move/")[0].rstrip("/") + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        name = address.strip("/").replace("/", "-").split("?")[0].rstrip("-") or "home"
        page.screenshot(path=str(artefacts / f"desk-{name}-{language}.png"), full_page=True)
