"""A duty officer reads the morning of 17 November off the first page, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Running, SignedIn, Watched

from corridor.base.moments import HOUR_MS, parse_moment

MORNING = "2023-11-17T05:00Z"


def hour_of(moment: str) -> str:
    """A moment as the slider counts: whole hours since 1970."""
    return str(parse_moment(moment) // HOUR_MS)


def clocks_of(page: Page) -> dict[str, str]:
    """The two clocks of the page's address, as the page itself says it."""
    page.wait_for_load_state()
    return {name: values[0] for name, values in parse_qs(urlsplit(page.evaluate("location.href")).query).items()}


def move_to(page: Page, moment: str) -> None:
    """Move the slider there, and wait until the page has followed."""
    page.locator("#hour").fill(hour_of(moment))
    expect(page.locator(".moment")).to_have_attribute("data-at", str(parse_moment(moment)))


def sum_of(page: Page) -> str:
    """The figures row as it reads."""
    page.wait_for_load_state()
    return " ".join(page.locator(".sum .number, .sum .sign").all_inner_texts())


def test_the_morning_of_17_november(signed_in: SignedIn, headquarters: Running, watched: Watched) -> None:
    """Slider to the morning, 328 = 288 + 28 + 12, the 28 by name, one of them with their timeline, and back."""
    page = signed_in("duty")
    page.evaluate("window.stayed = true")
    move_to(page, MORNING)
    assert clocks_of(page) == {"at": MORNING, "known": "now"}
    assert sum_of(page) == "328 = 288 + 28 + 12"
    expect(page.locator("#at-said")).to_contain_text("17 November 2023")
    expect(page.locator(".key .applications_open .number")).to_have_text("887")
    expect(page.locator("#said")).to_contain_text("328 people out: 288 received, 28 in staging, 12 on the way")
    assert page.evaluate("window.stayed") is True, "the page was loaded anew"

    page.click(".sum .term.staging")
    expect(page.locator("h1 .number")).to_have_text("28")
    people = page.locator("table.people tbody tr")
    expect(people).to_have_count(28)
    assert clocks_of(page) | {"figure": "staging"} == clocks_of(page) | {"at": MORNING, "known": "now"}

    name = people.nth(0).locator("th a").inner_text()
    people.nth(0).locator("th a").click()
    expect(page.locator("h1")).to_contain_text(name.split(" · ")[0].strip())
    expect(page.locator(".place-now .where")).to_have_text("Cairo headquarters")
    page.wait_for_load_state()
    story = page.locator("table.timeline tbody tr")
    assert story.count() >= 4
    expect(page.locator("table.timeline")).to_contain_text("Crossed")
    times = story.locator("td.happened time").evaluate_all("all => all.map(one => one.dateTime)")
    assert times, "the timeline has times"
    assert max(times) <= "2023-11-17T05:00:00Z" or page.locator("tr.late").count() > 0

    page.get_by_role("link", name="To the corridor").click()
    assert clocks_of(page) == {"at": MORNING, "known": "now"}
    assert sum_of(page) == "328 = 288 + 28 + 12"
    assert not watched.complained
    hosts = {urlsplit(address).hostname for address in watched.asked if not address.startswith("data:")}
    assert hosts == {"127.0.0.1"}


def test_known_then_is_another_picture(signed_in: SignedIn, watched: Watched) -> None:
    """On the evening of 14 November one crossing had not been received yet; the switch tells both."""
    page = signed_in("duty")
    move_to(page, "2023-11-14T18:00Z")
    expect(page.locator(".sum .out .number")).to_have_text("209")
    page.get_by_label("as known then").check()
    expect(page.locator(".sum .out .number")).to_have_text("208")
    assert clocks_of(page) == {"at": "2023-11-14T18:00Z", "known": "then"}
    page.get_by_role("radio", name="as known at").check()
    page.wait_for_url("**/?at=2023-11-14T18:00Z&known=2023-11-14T18:00Z")
    page.locator("[name=known_local]").fill("2023-12-01T12:00")
    page.wait_for_url("**/?at=2023-11-14T18:00Z&known=2023-12-01T09:00Z")
    expect(page.locator(".sum .out .number")).to_have_text("209")
    move_to(page, "2023-11-14T17:00Z")
    assert clocks_of(page) == {"at": "2023-11-14T17:00Z", "known": "2023-12-01T09:00Z"}
    move_to(page, "2023-11-14T18:00Z")
    page.reload()
    expect(page.locator(".sum .out .number")).to_have_text("209")
    expect(page.get_by_role("radio", name="as known at")).to_be_checked()
    assert not watched.complained


def test_slider_by_keyboard_and_mouse(signed_in: SignedIn) -> None:
    """Arrow keys move an hour, page keys a day, a drag goes where the mouse goes; the slider keeps the focus."""
    page = signed_in("duty")
    move_to(page, MORNING)
    slider = page.locator("#hour")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".moment")).to_have_attribute("data-at", str(parse_moment("2023-11-17T06:00Z")))
    page.keyboard.press("PageUp")
    expect(page.locator(".moment")).to_have_attribute("data-at", str(parse_moment("2023-11-18T06:00Z")))
    expect(slider).to_be_focused()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("18 November 2023"))
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.3, 0.5, 0.7, 0.9):
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator(".moment")).to_have_attribute("data-at", str(int(slider.input_value()) * HOUR_MS))
    assert clocks_of(page)["at"] > "2023-12-2"


def test_flights_by_button(signed_in: SignedIn) -> None:
    """The button to the next departure goes where somebody is in the air."""
    page = signed_in("duty")
    move_to(page, "2023-11-14T12:00Z")
    page.click("#after")
    flight = page.locator(".ride.on_the_way .lozenge").filter(has=page.locator("[href='#i-air']"))
    expect(flight.locator(".number")).to_have_text("98")


def test_play_goes_on_by_itself(signed_in: SignedIn) -> None:
    """Play moves hour by hour until it is stopped."""
    page = signed_in("duty")
    move_to(page, MORNING)
    page.click("#play")
    expect(page.locator(".moment")).not_to_have_attribute("data-at", str(parse_moment(MORNING)))
    expect(page.locator(".moment")).not_to_have_attribute("data-at", str(parse_moment("2023-11-17T06:00Z")))
    page.click("#play")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")
    assert clocks_of(page)["at"] > MORNING


def test_without_scripts_the_form_does_the_same(signed_in: SignedIn) -> None:
    """No script: the slider is part of a form with a button, and the address is the same in the end."""
    page = signed_in("duty", java_script_enabled=False)
    page.goto(f"{page.url.split('?')[0]}?at=2023-11-17T04:00Z&known=now")
    page.locator("#hour").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**/?at={MORNING}&known=now")
    assert sum_of(page) == "328 = 288 + 28 + 12"


def test_press_officer_sees_figures_only(signed_in: SignedIn) -> None:
    """The press officer reads the same sum; its figures lead nowhere, and a list of people is not theirs."""
    page = signed_in("press")
    home = page.url.split("?")[0]
    move_to(page, MORNING)
    assert sum_of(page) == "328 = 288 + 28 + 12"
    staging = page.locator(".sum .term.staging")
    expect(staging).to_be_visible()
    assert staging.get_attribute("href") is None
    page.goto(f"{home}people/?figure=staging&at={MORNING}&known=now")
    expect(page.locator("h1")).to_have_text("Your role does not include this page.")


LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "arabic": {"locale": "ar"},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "narrow": {"viewport": {"width": 320, "height": 640}, "locale": "ru"},
    "tablet": {"viewport": {"width": 1024, "height": 768}},
    "wide": {"viewport": {"width": 1920, "height": 1080}},
}


@pytest.mark.parametrize("look", LOOKS)
def test_pages_fit_every_screen(signed_in: SignedIn, artefacts: Path, look: str) -> None:
    """From a narrow phone to a wide screen, left to right and right to left, nothing sticks out sideways."""
    page = signed_in("duty", **LOOKS[look])
    home = page.url.split("?")[0]
    addresses = {
        "home": f"{home}?at={MORNING}&known=now",
        "evening": f"{home}?at=2023-11-14T20:30Z&known=now",
        "people": f"{home}people/?figure=staging&at={MORNING}&known=now",
    }
    page.goto(addresses["people"])
    person = page.locator("table.people th a").first.get_attribute("href")
    addresses["person"] = f"{home.rstrip('/')}{person}"
    for name, address in addresses.items():
        page.goto(address)
        if name in ("home", "evening"):
            expect(page.locator("html.scripted")).to_have_count(1)
            inner = page.locator(".road").evaluate("road => road.scrollWidth - road.clientWidth")
            assert inner <= 0, f"the strip is {inner} pixels too wide"
        page.screenshot(path=artefacts / f"{name}-{look}.png", full_page=True)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} is {wider} pixels too wide"
