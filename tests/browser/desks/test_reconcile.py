"""A duty officer brings together what contradicts, from the alarm to the last record, in a real browser."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import leave_by_key, press_key
from tests.browser.desks.conftest import AtDesk, Prepare
from tests.hq.desks.trouble import make_trouble

from corridor.opening import OpenOperation


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Somebody in two places, a head count that differs, and more."""

    def prepare(opened: OpenOperation) -> None:
        make_trouble(opened)

    return prepare


def test_from_the_alarm_to_the_last_record(at_desk: AtDesk) -> None:
    """Alarm, list, a judgement that leaves a record out and is refused with what was typed, then the whole one."""
    page = at_desk("duty", "/")
    alarm = page.locator(".alarms a", has_text="discrepancies open")
    expect(alarm.locator(".number")).to_have_text("6")
    alarm.click()
    expect(page.locator("h1")).to_have_text("Reconcile")
    expect(page.locator(".tabs [aria-current]")).to_have_text("Reconcile")
    page.locator(".facts-table a", has_text="Two places").click()
    expect(page.locator(".side")).to_have_count(2)

    judge = page.locator("form[data-main]")
    judge.locator("[type=checkbox]").first.check()
    judge.locator("select").select_option("place:cairo")
    judge.locator("textarea").fill("I saw them at breakfast in the hotel.")
    leave_by_key(page, "Control+Enter")
    expect(page.locator(".wrong")).to_contain_text("must name every record")
    expect(page.locator(".wrong")).to_be_focused()
    expect(judge.locator("textarea")).to_have_value("I saw them at breakfast in the hotel.")

    for box in judge.locator("[type=checkbox]").all():
        box.check()
    judge.get_by_role("button", name="Judge").click()
    expect(page.locator(".said")).to_contain_text("out of suspense")
    expect(page.locator(".facts-table a", has_text="Two places")).to_have_count(0)


def test_a_head_count_by_keys_and_its_refusal(at_desk: AtDesk) -> None:
    """Rows by j, keys by ?, search by /; a count of nothing is refused beside its field, a right one ends the red."""
    page = at_desk("duty", "/reconcile/")
    press_key(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    press_key(page, "?")
    expect(page.locator("#keys")).to_be_hidden()
    press_key(page, "j")
    expect(page.locator(".facts-table tbody tr a").first).to_be_focused()
    press_key(page, "/")
    expect(page.locator("#q")).to_be_focused()

    page.goto(page.url + "roll-calls/")
    rafah = page.locator(".roll.red", has_text="Rafah")
    rafah.get_by_label("Counted").fill("-3")
    rafah.locator("form").evaluate("form => form.noValidate = true")
    rafah.get_by_role("button", name="Record the count").click()
    expect(page.locator(".roll .error")).to_be_visible()
    rafah = page.locator(".roll", has_text="Rafah")
    held = rafah.locator("span", has_text="The book has").inner_text().split()[3]
    rafah.get_by_label("Counted").fill(held)
    rafah.get_by_role("button", name="Record the count").click()
    expect(page.locator(".said")).to_contain_text("The book has as many")
    expect(page.locator(".roll.red")).to_have_count(0)


def test_news_come_without_a_flicker_and_never_over_a_form(at_desk: AtDesk) -> None:
    """Another officer's work appears by itself; while something is being typed the region is left alone."""
    page, other = at_desk("duty", "/reconcile/"), at_desk("gate", "/reconcile/")
    page.evaluate("window.stayed = true; document.querySelector('.facts-table tbody tr').mine = true")
    other.locator(".facts-table a", has_text="Hold overdue").click()
    other.locator("select[name=owner]").select_option("gate")
    other.get_by_role("button", name="Give").click()
    expect(other.locator(".said")).to_contain_text("Given to its owner")
    expect(page.locator("#queue")).to_contain_text("Timur Aliev")
    assert page.evaluate("window.stayed && document.querySelector('.facts-table tbody tr').mine"), (
        "the page was made anew"
    )

    rolls = at_desk("duty", "/reconcile/roll-calls/")
    rolls.clock.install()
    rolls.reload()
    with rolls.expect_response("**/reconcile/roll-calls/"):
        rolls.clock.fast_forward(11_000)
    rolls.get_by_label("Counted").first.fill("12")
    asked: list[str] = []
    rolls.on("request", lambda request: asked.append(urlsplit(request.url).path))
    rolls.clock.fast_forward(11_000)
    rolls.evaluate("fetch('/alive/').then(() => true)")  # what had been asked before is heard of by now
    assert asked == ["/alive/"], "a region asked for news while somebody wrote in it"
    expect(rolls.get_by_label("Counted").first).to_have_value("12")


LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 700}},
}


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_every_page_fits_every_screen(at_desk: AtDesk, artefacts: Path, language: str) -> None:
    """No page of the desk is wider than its screen, from 320 px; screenshots are kept for a person to look at."""
    for name, looks in LOOKS.items():
        page = at_desk("duty", "/reconcile/", language=language, **looks)
        places = {"list": page.url, "rolls": f"{page.url}roll-calls/"}
        places["one"] = str(page.locator(".facts-table tbody a").first.evaluate("link => link.href"))
        for what, address in places.items():
            page.goto(address)
            width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            page.screenshot(path=artefacts / f"reconcile-{what}-{language}-{name}.png", full_page=True)
            assert width <= 0, (what, language, name)
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
