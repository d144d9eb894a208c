"""A movement officer makes a plan, moves a party by hand, sees the cost, issues it, and is refused when it is stale."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tests.browser.desks.conftest import AtDesk

MADE = 120_000
"""Milliseconds to wait for a plan: a second or three of work, on a machine that does much else."""


def make_plan(page: Page) -> None:
    """Ask for a short plan on the page of plans, and wait until it is drawn without touching anything."""
    page.fill("#id_seconds", "1")
    page.get_by_role("button", name="Make a plan").click()
    expect(page.get_by_role("heading", name="Convoys and flights")).to_be_visible(timeout=MADE)


def test_a_plan_from_asking_to_its_refusal(at_desk: AtDesk) -> None:
    """The page draws the plan by itself when it is made; a family moved by hand costs points that are shown; the plan
    is issued; after a medic has stopped somebody the next issue is refused and names them."""
    page = at_desk("movement", "/move/")
    page.get_by_role("link", name=re.compile("^Plans")).click()
    make_plan(page)
    address = page.url
    convoys = page.locator(".lanes svg a")
    expect(convoys.first).to_be_visible()
    convoys.last.press("Enter")
    expect(page.get_by_role("region", name="Manifest")).to_be_visible()
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", name="Why this family is not on this flight")).to_be_visible()
    here = page.locator("tr", has_text="They are on it.")
    here.get_by_role("button", name="Not on this one").click()
    cost = page.locator(".by-hand .cost")
    expect(cost).to_be_visible(timeout=MADE)
    assert re.search(r"[+\N{MINUS SIGN}]?\d", cost.inner_text()), cost.inner_text()
    page.get_by_role("link", name="both side by side").click()
    expect(page.get_by_role("table").first).to_contain_text("Points, fewer is better")

    page.goto(address)
    page.get_by_role("link", name="Issue it").click()
    page.get_by_role("button", name="Issue the plan").click()
    expect(page.get_by_text("The plan is issued.")).to_be_visible()
    expect(page.locator("h1 .tag").first).to_have_text("issued")
    page.locator(".lanes svg a").last.click()
    person = page.locator("tbody th .id").first.inner_text()

    page.goto(address + "issue/")
    place_hold(at_desk("medic", f"/care/{person}/hold/"))
    page.get_by_role("button", name="Issue the plan").click()
    expect(page.get_by_text("The board has moved since the plan was made")).to_be_visible()
    expect(page.locator(".moved")).to_contain_text(person)
    expect(page.get_by_role("button", name="Make a new plan from here")).to_be_visible()


def place_hold(page: Page) -> None:
    """A medic stops somebody from travelling for four days."""
    page.select_option("#id_reason", "medical")
    page.select_option("#id_owner", "medic")
    page.fill("#id_instruction", "Own room.")
    page.fill("#id_review_at", "2023-11-18T10:00")
    with page.expect_navigation():
        page.locator("form.work button.main").first.click()
    expect(page.locator("main")).to_contain_text("Own room.")
