"""A list officer's evening in a real browser: from the file to who is called, by the keyboard, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import leave_by_key
from tests.browser.desks.conftest import AtDesk

from corridor.base.ids import PersonId
from corridor.journey.register.identity import Identity, decode, full_names
from corridor.opening import OpenOperation

Family = list[tuple[PersonId, Identity]]


@pytest.fixture(scope="module")
def known() -> dict[str, Family]:
    """Filled by `prepare`: a family of four or more that waits, all with passports."""
    return {}


@pytest.fixture(scope="module")
def prepare(known: dict[str, Family]):  # type: ignore[no-untyped-def]
    """Look up a family before anybody signs in; nothing is recorded."""

    def prepare(opened: OpenOperation) -> None:
        at = opened.book.last_received_at()
        view = opened.view(at, at)
        waiting = [event for event in view.events(("registered",)) if event.body.get("party")]
        parties: dict[str, list[PersonId]] = {}
        for event in waiting:
            parties.setdefault(str(event.body["party"]), []).extend(event.persons)
        named = view.with_kind("listed") | view.with_kind("called") | view.with_kind("crossed")
        for people in parties.values():
            rows = opened.identities.get(people)
            family = [(one, decode(one, rows[one])) for one in people if one in rows]
            with_passports = [
                (one, who)
                for one, who in family
                if isinstance(who, Identity) and who.documents and who.documents[0].number
            ]
            if len(with_passports) == len(people) >= 4 and not named & set(people):
                known["family"] = with_passports
                return

    return prepare


def a_file(family: Family) -> dict[str, str | bytes]:
    """A list with all of the family but the last, and one name without a document."""
    text = io.StringIO("")
    text.write("No,Subject of transit,Passport\r\n")
    for turn, (_, who) in enumerate(family[:-1], start=1):
        text.write(f"{turn},{full_names(who)[0]},{who.documents[0].number}\r\n")
    text.write(f"{len(family)},{full_names(family[-1][1])[0]},\r\n")
    return {"name": "tomorrow.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


def send(page: Page, file: dict[str, str | bytes], authority: str) -> None:
    """Send a file and look at its columns."""
    page.select_option("#id_authority", authority)
    page.set_input_files("#id_file", file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at its columns").click()
    expect(page.get_by_role("heading", name="Columns of")).to_be_visible()


def test_an_evening_by_the_keyboard(
    at_desk: AtDesk, practising: object, known: dict[str, Family], artefacts: Path
) -> None:
    """A column is chosen and saved, certain rows accepted with one key, a doubtful one judged unsure, taken back and
    decided; the family is whole, called for seven and told."""
    family = known["family"]
    page = at_desk("lists", "/clear/")
    expect(page.get_by_text("No list for this day yet")).to_have_count(3)
    send(page, a_file(family), "egypt")
    page.get_by_label("Subject of transit").select_option("name")
    page.get_by_role("button", name="Take the list in").click()
    expect(page.get_by_text(f"The list is here with {len(family)} rows.")).to_be_visible()
    leave_by_key(page, "a")
    expect(page.get_by_text(f"{len(family) - 1} rows accepted.")).to_be_visible()
    expect(page.get_by_role("heading", name=f"Row {len(family)}")).to_be_visible()
    leave_by_key(page, "u")
    expect(page.locator(".deciding h2 .tag")).to_have_text("unsure")
    leave_by_key(page, "z")
    expect(page.get_by_text("1 decision taken back.")).to_be_visible()
    expect(page.locator(".deciding h2 .tag")).to_have_text("doubtful")
    page.screenshot(path=artefacts / "clear-decide.png", full_page=True)
    page.locator(f".candidates input[value={family[-1][0]}]").check()
    leave_by_key(page, "s")
    expect(page.get_by_text("Every row is decided.")).to_be_visible()
    for authority in ("israel", "gaza-crossings"):
        page.goto(page.url.split("/clear/")[0] + "/clear/")
        file = a_file(family)
        file["buffer"] = bytes(file["buffer"]) + f"{len(family) + 1},Nobody {authority},\r\n".encode()  # type: ignore[arg-type]
        send(page, file, authority)
        page.get_by_label("Subject of transit").select_option("name")
        page.get_by_role("button", name="Take the list in").click()
        expect(page.locator(".deciding")).to_be_visible()
        leave_by_key(page, "a")
        expect(page.get_by_text(f"{len(family) - 1} rows accepted.")).to_be_visible()
        page.locator(f".candidates input[value={family[-1][0]}]").check()
        leave_by_key(page, "s")
        expect(page.get_by_role("link", name=f"same {len(family)}")).to_be_visible()
    page.goto(page.url.split("/clear/")[0] + "/clear/calls/")
    expect(page.get_by_role("heading", name=f"07:00 {len(family)} people")).to_be_visible()
    page.screenshot(path=artefacts / "clear-calls.png", full_page=True)
    page.get_by_label("Told by").select_option("phone")
    page.get_by_role("button", name="Record this hour as told").click()
    expect(page.get_by_text(f"{len(family)} people told.")).to_be_visible()


def test_a_file_that_is_no_table_is_refused(at_desk: AtDesk, known: dict[str, Family]) -> None:
    """A picture is no list: the page says so, and what to send; the form keeps the authority."""
    page = at_desk("lists", "/clear/")
    page.select_option("#id_authority", "israel")
    picture = {"name": "list.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 50}
    page.set_input_files("#id_file", picture)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at its columns").click()
    expect(page.get_by_role("alert")).to_contain_text("a picture")
    assert page.input_value("#id_authority") == "israel"
