"""The forecast in a real browser: it leads the first page, a change that is switched on is answered, axe is content."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import TREE
from tests.browser.desks.conftest import AtDesk

AXE = (TREE / "tests/browser/vendor/axe.min.js").read_text()
FIND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.target.join(" ")).join(" | ")}`)"""
WALKED_WITHIN = 180_000  # milliseconds, on a machine that does other things too
SOONER = re.compile(r"All are out: .* sooner")
LATER = re.compile(r"Of 20 futures 0 end sooner")


@pytest.fixture(scope="module")
def chosen() -> dict[str, str]:
    """The server of this module walks futures, without compiling anything."""
    return {"CORRIDOR_FORECAST": "pure"}


def look(page: Page, pictures: Path, name: str) -> None:
    """Nothing serious is found, nothing sticks out, and a picture is kept."""
    page.evaluate(AXE)
    assert page.evaluate(FIND) == [], name
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
    if os.environ.get("CORRIDOR_SCREENSHOTS") == "1":
        page.screenshot(path=pictures / f"forecast-{name}.png", full_page=True)


def test_a_change_is_switched_on_and_answered(at_desk: AtDesk, artefacts: Path) -> None:
    """The first page leads with twenty dots; the what-if desk tells the difference of a switch, and takes it back."""
    page = at_desk("duty", "/forecast/what-if/")
    expect(page.locator("#what-if")).to_be_visible(timeout=WALKED_WITHIN)
    page.wait_for_load_state()
    expect(page.locator("#answer")).to_contain_text("Switch a change on")
    page.get_by_label("More flights home:", exact=True).check()
    expect(page.locator("#answer .headline")).to_have_text(SOONER, timeout=WALKED_WITHIN)
    expect(page.locator("#answer svg.futures circle")).to_have_count(20)
    expect(page).to_have_url(re.compile("on=flights_more&flights_more=1"))
    page.get_by_label("More flights home:", exact=True).uncheck()
    page.get_by_role("spinbutton", name=re.compile("The crossing stays closed for")).fill("9")
    expect(page.locator("#answer")).to_contain_text(LATER, timeout=WALKED_WITHIN)
    expect(page).to_have_url(re.compile("on=gate_closed_days&gate_closed_days=9"))
    look(page, artefacts, "what-if")
    page.goto(page.url.split("/forecast")[0] + "/")
    expect(page.locator(".outlook .headline")).to_contain_text("of 20 futures are out by")
    expect(page.locator(".outlook circle")).to_have_count(20)


def test_forecast_in_every_look(at_desk: AtDesk, artefacts: Path) -> None:
    """Its pages in three languages, dark, at the width of a small phone and in print: nothing serious, nothing out."""
    page = at_desk("press", "/forecast/", reduced_motion="reduce")
    home = page.url.split("/forecast")[0]
    expect(page.locator(".chart").first).to_be_visible(timeout=WALKED_WITHIN)
    page.wait_for_load_state()
    pages = {"overview": "/forecast/", "beliefs": "/forecast/beliefs/", "issued": "/forecast/issued/"}
    for language, light, width in (("en", "light", 1440), ("ar", "dark", 1440), ("ru", "light", 320)):
        page.context.add_cookies([{"name": "language", "value": language, "url": home}])
        page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        for name, address in pages.items():
            page.goto(home + address)
            look(page, artefacts, f"{name}-{language}-{light}-{width}")
    page.goto(home + "/forecast/")
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".chart path.band").first).to_be_attached()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
