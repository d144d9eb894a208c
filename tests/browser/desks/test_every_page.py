"""Every page of headquarters in three languages, light and dark, wide and on a phone: axe finds nothing serious.

The pages are found as people find them, by links, from the first page on; a page that no link leads to fails the test
unless it stands in `NOT_BY_LINK` with its reason. With CORRIDOR_SCREENSHOTS=1 pictures of all are kept in artefacts/.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import TREE, Running
from tests.browser.desks.conftest import AtDesk, Prepare
from tests.hq.desks.trouble import make_trouble

from corridor.opening import OpenOperation

AXE = (TREE / "tests/browser/vendor/axe.min.js").read_text()
HQ = TREE / "src/corridor/hq"
PATH = re.compile(r'\bpath\(\s*"([^"]*)".*?\bname="([^"]+)"', re.S)
NO_PAGE = re.compile(r"\.(pdf|xlsx|csv|toml|json)$|/(sheet|print|receipt|cards)/$|^/(sign-out|language|alive)/$")
"""What answers with a paper to print, a table, or nothing to look at."""
NOT_BY_LINK = {
    "care-colour": "asked by the form of triage",
    **dict.fromkeys(("forecast-answer", "forecast-block"), "a region that a page asks for"),
    "care-sealed": "answers a form: the note opens on the person's page",
    "clear-file": "answers the form of the clear desk",
    "move-waiver": "linked beside a family that would be parted, and nobody is ready here",
    **dict.fromkeys(
        ("operation-draft", "operation-flipped", "operation-drop", "operation-throw-away"),
        "of a draft of the operation file, which nobody has here",
    ),
    **dict.fromkeys(
        ("operation-sign", "operation-reject", "operation-revert"),
        "answers a form of a version's page",
    ),
    **dict.fromkeys(
        ("operation-believe", "operation-enrol", "operation-revoke"),
        "answers a form of the operation's desk",
    ),
    **dict.fromkeys(
        ("own-codes", "own-passkey", "own-passkey-ask", "own-proof", "own-remove", "own-role"),
        "answers a form of one's own account, or stands before it",
    ),
    **dict.fromkeys(("field-enrol", "field-exchange"), "is where phones post to, without a person"),
    **dict.fromkeys(("sign-in-passkey", "sign-in-passkey-ask", "sign-in-second"), "answers the sign-in"),
    **dict.fromkeys(
        ("reconcile-assign", "reconcile-correct", "reconcile-explain", "reconcile-judge"),
        "answers a form of the discrepancy's page",
    ),
    **dict.fromkeys(("reconcile-count", "reconcile-end", "reconcile-schedule"), "answers a form of the roll calls"),
}
"""Pages that no link leads to, and why; their desk's own browser test looks at what they answer."""
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ALL: dict[str, Any] = {}
CONTRAST, ALL_ELSE = {"runOnly": ["color-contrast"]}, {"rules": {"color-contrast": {"enabled": False}}}
LOOKS: tuple[tuple[str, str, dict[str, int], str, dict[str, Any]], ...] = (
    ("en", "light", WIDE, "light", ALL),
    ("en", "dark", WIDE, "dark", CONTRAST),
    ("ar", "light", WIDE, "arabic", ALL_ELSE),
    ("ru", "light", PHONE, "phone", ALL),
)
"""Language, light, window, the picture's name, and what axe looks at that the looks before had not shown."""
FIND = """async (rules) => {
    const rows = {include: ["html"], exclude: ["tbody tr:nth-child(n + 6)"]};
    const found = await axe.run(rows, {resultTypes: ["violations"], ...rules});
    const where = one => one.nodes.slice(0, 3).map(node => node.target.join(" ")).join(" | ");
    return found.violations.filter(one => ["serious", "critical"].includes(one.impact)).map(
        one => `${one.id} (${one.nodes.length}): ${where(one)}`);
}"""
"""Rules broken, with the first elements; the rows of a table after the fifth are made as those before."""

ENGLISH = """() => [...document.querySelectorAll(
    "main :is(label, legend, thead th, dt, summary, button, h2, .empty), nav a")].map(one =>
    [...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.textContent).join(" ").trim()
).filter(text => /[a-z]{4,}/i.test(text.replace(/operation[.]toml|JumpSTART|START|Enter/g, "")))"""
"""What labels an Arabic page in Latin letters; names and ids stand in elements of their own."""


def routes() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every page of headquarters by name, with the shape of its address, as the modules of addresses say."""
    for source in (HQ / "urls.py", *sorted(HQ.glob("desks/*/__init__.py"))):
        before = "/" if source.name == "urls.py" else f"/{source.parent.name}/"
        for shape, name in PATH.findall(source.read_text()):
            if not NO_PAGE.search(before + shape):
                yield name, re.compile(re.sub(r"<[^>]+>", "[^/]+", before + shape) + "$")


def links(page: Page) -> list[str]:
    """Where a page leads within headquarters: its links, and the searches and choices it offers."""
    found = page.eval_on_selector_all(
        "a[href], form[method=get]", "all => all.map(one => one.getAttribute(one.href ? 'href' : 'action') ?? '')"
    )
    here = urlsplit(page.url)
    whole = [urlsplit(urljoin(page.url, one)) for one in found]
    return [one._replace(scheme="", netloc="", fragment="").geturl() for one in whole if one.netloc == here.netloc]


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Somebody in two places, a head count that differs, and more, so that every desk has something to show."""

    def prepare(opened: OpenOperation) -> None:
        make_trouble(opened)

    return prepare


class Walk:
    """Somebody's walk through headquarters: what was found where."""

    def __init__(self, page: Page, home: str, pictures: Path | None) -> None:
        self.page = page
        self.home = home
        self.pictures = pictures
        self.wrong: list[str] = []

    def look(self, name: str, address: str) -> None:
        """Open a page in every look and note what axe and the page's width say."""
        for language, light, window, look, rules in LOOKS:
            self.page.context.add_cookies([{"name": "language", "value": language, "url": self.home}])
            self.page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
            self.page.set_viewport_size(window)  # type: ignore[arg-type]
            if look != "dark":  # the same page as the look before
                answer = self.page.goto(self.home + address)
                assert answer is not None
                if not answer.ok:
                    self.wrong.append(f"{look} {address} answered {answer.status}")
                self.page.evaluate(AXE)
            self.wrong += [f"{look} {address} {one}" for one in self.page.evaluate(FIND, rules)]
            if language == "ar":
                self.wrong += [f"{look} {address} says in English: {one}" for one in self.page.evaluate(ENGLISH)]
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.wrong.append(f"{look} {address} is wider than the window")
            if self.pictures is not None:
                self.page.screenshot(path=self.pictures / f"every-{name}-{look}.png", full_page=True)

    def go(self, starts: tuple[str, ...], ahead: dict[str, re.Pattern[str]], seen: set[str]) -> None:
        """Follow links from `starts`, to one page of each shape `ahead` that is not among those `seen`."""
        addresses = list(starts)
        for address in addresses:
            path = urlsplit(address).path
            name = next((name for name, shape in ahead.items() if shape.match(path)), None)
            if name is not None and name not in seen:
                seen.add(name)
                self.look(name, address)
                addresses += links(self.page)


def send_lists(page: Page) -> str:
    """One list for tomorrow taken in, with a row to decide; of another the address where its columns are looked at."""
    clear = page.url + "clear/"
    for authority in ("egypt", "israel"):
        page.goto(clear)
        page.select_option("#id_authority", authority)
        rows = f"name,passport\r\nSaad Aya,\r\nNobody {authority},\r\n".encode()
        file = {"name": "tomorrow.csv", "mimeType": "text/csv", "buffer": rows}
        page.set_input_files("#id_file", file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Look at its columns").click()
        expect(page.get_by_role("heading", name="Columns of")).to_be_visible()
        if authority == "egypt":
            page.get_by_role("button", name="Take the list in").click()
            expect(page.get_by_text("The list is here with 2 rows.")).to_be_visible()
    return urlsplit(page.url)._replace(scheme="", netloc="").geturl()


def make_plan(page: Page, home: str) -> None:
    """A plan of the movement desk, so that there are pages of one."""
    page.goto(home + "/move/plans/")
    page.fill("#id_seconds", "1")
    page.get_by_role("button", name="Make a plan").click()
    expect(page.get_by_role("heading", name="Convoys and flights")).to_be_visible(timeout=120_000)


def test_axe_finds_nothing_serious_on_any_page(
    chromium: Browser, at_desk: AtDesk, practising: Running, artefacts: Path
) -> None:
    """Contrast, names of fields, languages: no page breaks a rule of serious or critical impact, or sticks out."""
    pictures = artefacts if os.environ.get("CORRIDOR_SCREENSHOTS") == "1" else None
    shapes, seen = dict(routes()), {"sign-in"}
    with chromium.new_context(reduced_motion="reduce") as stranger:  # so that no colour is caught while it changes
        walk = Walk(stranger.new_page(), practising.address, pictures)
        walk.look("sign-in", "/sign-in/")
        wrong = walk.wrong
    for who in ("duty", "medic"):
        walk = Walk(at_desk(who, "/", reduced_motion="reduce"), practising.address, pictures)
        seen.discard("home")  # where each starts
        starts: tuple[str, ...] = ("/",)
        if who == "duty":
            starts += ("/alarms/", "/held-back/", "/register/new/?q=Nobody", send_lists(walk.page))
            make_plan(walk.page, practising.address)
        walk.go(starts, shapes, seen)
        wrong += walk.wrong
    assert not wrong, "\n".join(wrong)
    assert set(shapes) - seen == set(NOT_BY_LINK)
