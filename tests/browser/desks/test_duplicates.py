"""Somebody registered twice, in a browser: the pair with its reasons, merged and taken back by the keyboard."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect
from tests.browser.conftest import leave_by_key
from tests.browser.desks.conftest import AtDesk


def register(page: Page, name: str) -> None:
    """Register somebody born on the sixth of May 1991, and say of whoever is near that it is somebody else."""
    page.goto(page.url.split("/register/")[0] + f"/register/new/?q={name}")
    page.get_by_label("Birth date").fill("1991-05-06")
    page.get_by_label("Citizenships").fill("RUS")
    page.get_by_role("button", name="Register").click()
    page.wait_for_load_state()
    if near := page.locator("input[name=other]").all():
        for box in near:
            box.check()
        page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("status").first).to_contain_text("Registered")


def test_a_pair_is_merged_and_taken_back_by_the_keyboard(at_desk: AtDesk, artefacts: Path) -> None:
    """The pair says why part by part; `s` makes one person of it, `z` two again; different is a decision too."""
    page = at_desk("lists", "/register/")
    register(page, "Ульяна Ветрова")
    register(page, "Uliana Vetrova")
    page.goto(page.url.split("/register/")[0] + "/register/")
    page.get_by_role("link", name="Duplicates", exact=True).click()
    pair = page.locator(".pair")
    expect(pair).to_contain_text("Are these one person?")
    expect(pair.locator(".name-part").first).to_contain_text("same sound in another script")
    page.screenshot(path=artefacts / "register-duplicates.png", full_page=True)
    leave_by_key(page, "s")
    expect(page.get_by_role("status").first).to_contain_text("Written down")
    page.get_by_role("link", name="merged").click()
    page.locator(".facts-table a").first.click()
    expect(page.locator(".pair")).to_contain_text("One person under two numbers")
    page.screenshot(path=artefacts / "register-merged.png", full_page=True)
    leave_by_key(page, "z")
    expect(page.get_by_role("status").first).to_contain_text("taken back")
    expect(page.locator(".pair")).to_contain_text("Are these one person?")
    leave_by_key(page, "d")
    expect(page.get_by_role("link", name="different")).to_contain_text("1")
