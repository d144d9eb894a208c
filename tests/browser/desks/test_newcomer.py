"""A newcomer's walk: a real browser does what the tutorial says, from an empty register to a received plane."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.browser.conftest import TREE, Running, running

TUTORIAL = TREE / "docs" / "tutorial" / "own-operation.md"
PASSWORD = "harbour-drill-2030"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Headquarters of the example operation, nobody in it, started as the tutorial says."""
    folder = tmp_path_factory.mktemp("newcomer")
    subprocess.run([sys.executable, "-m", "corridor", "new", "harbour"], cwd=folder, check=True, capture_output=True)
    with running(folder, "--operation", str(folder / "harbour"), CORRIDOR_SECOND_FACTOR="nobody") as started:
        yield started


def _called(label: str) -> re.Pattern[str]:
    """A field by its label, whatever is said beside it: that it may be left out."""
    return re.compile(rf"^\s*{re.escape(label)}\s*(may be left out\s*)?$")


class Newcomer:
    """Somebody who does what the tutorial says: whatever they press or fill in stands in its section."""

    def __init__(self, chromium: Browser, address: str, artefacts: Path) -> None:
        self._chromium, self._address, self._artefacts = chromium, address, artefacts
        self._pages: dict[str, Page] = {}
        self._passwords: dict[str, str] = {}
        self._section, self._turn = "", 0
        text = TUTORIAL.read_text(encoding="utf-8")
        self._sections = dict(re.findall(r"^## (\d+)\. (.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
        self.page: Page

    def begin(self, number: int) -> None:
        """Go on to a section of the tutorial."""
        if self._section:
            self.picture()
        self._section, self._turn = self._sections[str(number)], number

    def told(self, words: str) -> None:
        """The tutorial's section says these words."""
        assert words in " ".join(self._section.split()), f"section {self._turn} of the tutorial does not say {words!r}"

    def picture(self) -> None:
        """Keep what is on the screen."""
        self.page.screenshot(path=self._artefacts / f"newcomer-{self._turn}.png", full_page=True)

    def sign_in(self, who: str, password: str | None = None) -> None:
        """Be somebody; a one-time password is changed at once."""
        self.told(f"`{who}`")
        if who not in self._pages:
            context = self._chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
            self._pages[who] = context.new_page()
        self.page = self._pages[who]
        if password is not None:
            self.page.goto(f"{self._address}/sign-in/")
            self.page.fill("#id_username", who)
            self.page.fill("#id_password", password)
            self.page.press("#id_password", "Enter")
            self.fill("New password", PASSWORD)
            self.fill("New password confirmation", PASSWORD)
            self.press("Change your password")

    def go(self, *ways: str) -> None:
        """Follow links, one after the other, as they are called."""
        for way in ways:
            self.told(f"**{way}**")
            tabs = self.page.locator(".tabs").get_by_role("link", name=way, exact=True)
            # The tabs stand before the page's own links; asked for as one, a page still on its way is waited for.
            tabs.or_(self.page.locator("main").get_by_role("link", name=way, exact=True)).first.click()
            self.page.wait_for_load_state()

    def fill(self, label: str, value: str, *, within: Locator | None = None) -> None:
        """Type into a field."""
        self.told(f"**{label}**")
        (within or self.page.locator("main")).get_by_label(_called(label)).first.fill(value)

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """Choose from a list."""
        self.told(f"**{label}**")
        self.told(option)
        choices = (within or self.page.locator("main")).get_by_label(_called(label)).first
        named = choices.locator("option", has_text=re.compile(rf"^\s*{re.escape(option)}\b")).first
        choices.select_option(named.get_attribute("value"))

    def press(self, name: str, within: Locator | None = None, *, key: bool = False) -> None:
        """Press a button; `key`: the letter of its key stands on it too."""
        self.told(f"**{name}**")
        buttons = (within or self.page.locator("main")).get_by_role("button", name=name, exact=not key)
        buttons.first.click()
        self.page.wait_for_load_state()

    def press_link(self, name: str) -> None:
        """Follow a link within the page, whatever else it says beside its name."""
        self.told(f"**{name}**")
        self.page.locator("main").get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def open(self, name: str) -> None:
        """Open what is folded."""
        self.told(f"**{name}**")
        self.page.locator("summary", has_text=name).first.click()

    @property
    def section(self) -> str:
        """The text of the section."""
        return self._section

    def written(self, language: str) -> str:
        """The block of the section in this language."""
        found = re.search(rf"```{language}\n(.*?)```", self._section, re.DOTALL)
        assert found is not None
        return found[1]

    def sees_figures(self, **figures: int) -> None:
        """The figures of the corridor's page."""
        self.page.locator(".tabs").get_by_role("link", name="Corridor").click()
        for code, number in figures.items():
            link = self.page.locator(f"a[href*='figure={code}']").first
            expect(link).to_have_text(re.compile(rf"^\s*{number}\b"))

    def sees(self, text: str) -> None:
        """What the tutorial says is then on the screen."""
        self.told(text)
        expect(self.page.locator("main")).to_contain_text(text)


@pytest.fixture
def newcomer(chromium: Browser, harbour: Running, artefacts: Path) -> Iterator[Newcomer]:
    """At the keyboard."""
    newcomer = Newcomer(chromium, harbour.address, artefacts)
    yield newcomer
    for page in newcomer._pages.values():
        page.context.close()


def test_from_an_empty_register_to_a_received_plane(newcomer: Newcomer, harbour: Running, tmp_path: Path) -> None:
    """Every section of the tutorial in its order; at its end five people are received and every figure adds up."""
    let_in(newcomer, harbour.passwords["one-time"])
    register(newcomer)
    newcomer.sees_figures(registered=5, applications_open=5)
    mend_a_paper(newcomer)
    take_in_lists(newcomer, tmp_path)
    cross(newcomer)
    convoy(newcomer)
    plan_the_flight(newcomer)
    fly(newcomer)
    receive(newcomer)
    newcomer.sees_figures(registered=5, out=5, received=5, applications_open=0, on_the_way=0, suspense=0)


def let_in(newcomer: Newcomer, one_time: str) -> None:
    """The duty officer comes in, and lets a medic and a consul in."""
    newcomer.begin(1)
    newcomer.sign_in("duty", one_time)
    handed = {}
    for name in ("Medic", "Consul"):
        newcomer.go("Operation", "Users", name)
        newcomer.open("One-time password")
        newcomer.fill("Why", "first day", within=newcomer.page.locator("details[open]"))
        newcomer.press("One-time password", within=newcomer.page.locator("details[open]"))
        shown = newcomer.page.locator("main").inner_text()
        handed[name.lower()] = re.findall(r"\b[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\b", shown)[0]
        newcomer.press_link("It is written down")
    for name, password in handed.items():
        newcomer.sign_in(name, password)


def register(newcomer: Newcomer) -> None:
    """Two families, by searching first."""
    newcomer.begin(2)
    newcomer.sign_in("duty")
    newcomer.go("Register")
    somebody(newcomer, "Anna Petrova", {"Birth date": "1990-03-14", "Telephone": "+357 99 123456"}, "75 1234567")
    another(newcomer, "Olga Petrova", {"Birth date": "1951-02-01"}, "75 1234569")
    newcomer.open("Record a need")
    newcomer.choose("Need", "wheelchair", within=newcomer.page.locator("details[open]"))
    newcomer.press("Write down", within=newcomer.page.locator("details[open]"))
    newcomer.go("Party and ties")
    newcomer.fill("Their full name", "Lev Petrov")
    newcomer.press("Search and register")
    newcomer.choose("Age", "infant")
    newcomer.choose("Role in the party", "child")
    papers(newcomer, "passport", "75 1234568")
    somebody(newcomer, "Ivan Orlov", {"Birth date": "1985-06-30"}, "75 7654321")
    another(newcomer, "Maria Orlova", {"Birth date": "1988-01-09"}, "45 998877", "national id")


def somebody(newcomer: Newcomer, name: str, facts: dict[str, str], passport: str) -> None:
    """Search for somebody, find nobody, and register them."""
    newcomer.fill("Name, document, birth date, telephone, party, code", name)
    newcomer.press("Search")
    newcomer.press_link("register a new person")
    for label, value in facts.items():
        newcomer.fill(label, value)
    papers(newcomer, "passport", passport)


def another(newcomer: Newcomer, name: str, facts: dict[str, str], number: str, type_: str = "passport") -> None:
    """Register somebody of the same party."""
    newcomer.go("Party and ties")
    newcomer.fill("Their full name", name)
    newcomer.press("Search and register")
    for label, value in facts.items():
        newcomer.fill(label, value)
    papers(newcomer, type_, number)


def papers(newcomer: Newcomer, type_: str, number: str) -> None:
    """Citizenship and paper, and the form is sent."""
    newcomer.fill("Citizenships", "RUS")
    newcomer.choose("Document", type_)
    newcomer.fill("Number", number)
    newcomer.fill("Issued by", "RUS")
    newcomer.press("Register")
    expect(newcomer.page.locator(".said")).to_contain_text("Registered")


def mend_a_paper(newcomer: Newcomer) -> None:
    """Who lost a passport gets a return certificate."""
    newcomer.begin(3)
    newcomer.sign_in("consul")
    newcomer.go("Documents", "Who lacks what", "Maria Orlova")
    newcomer.open("Record a paper that was shown")
    shown = newcomer.page.locator("details[open]")
    newcomer.choose("Paper", "national id", within=shown)
    newcomer.press("Record", within=shown)
    drawn_up = newcomer.page.locator("form", has=newcomer.page.get_by_role("button", name="Draw up", exact=True))
    newcomer.choose("Paper", "return certificate", within=drawn_up)
    newcomer.press("Draw up")
    newcomer.press("Issue")
    expect(newcomer.page.locator(".said")).to_be_visible()
    newcomer.go("Documents", "Who lacks what")
    expect(newcomer.page.locator(".facts-table tbody tr")).to_have_count(4)
    expect(newcomer.page.locator("main")).not_to_contain_text("Maria Orlova")


def take_in_lists(newcomer: Newcomer, folder: Path) -> None:
    """Both authorities' lists, matched to the people."""
    newcomer.begin(4)
    newcomer.sign_in("duty")
    rows = newcomer.written("csv")
    more = re.search(r"one more line: `([^`]+)`", newcomer.section)
    assert more is not None
    for authority, content in (("Port authority", rows), ("Border guard", f"{rows}{more[1]}\n")):
        file = folder / f"{authority.lower().replace(' ', '-')}.csv"
        newcomer.told(f"`{file.name}`")
        file.write_text(content, encoding="utf-8")
        newcomer.go("Clear")
        newcomer.choose("Authority", authority)
        newcomer.told("**File**")
        newcomer.page.set_input_files("#id_file", file)
        newcomer.press("Look at its columns")
        newcomer.press("Take the list in")
        newcomer.press("Accept all 5 certain rows", key=True)
        expect(newcomer.page.locator(".said")).to_contain_text("5 rows accepted")
    newcomer.go("Back to the evening")
    expect(newcomer.page.locator("main")).to_contain_text("Ready as whole families")


def cross(newcomer: Newcomer) -> None:
    """Both families cross."""
    newcomer.begin(5)
    newcomer.go("Cross")
    newcomer.told("**cleared, not called**")
    newcomer.page.locator("main").get_by_role("link", name=re.compile("5 *cleared, not called")).click()
    newcomer.page.wait_for_load_state()
    tick(newcomer, "input[data-group]")
    newcomer.press("Crossed", key=True)
    newcomer.sees("5 people recorded")


def tick(newcomer: Newcomer, boxes: str) -> None:
    """Tick both families."""
    expect(newcomer.page.locator(boxes).first).to_be_visible()
    for box in newcomer.page.locator(boxes).all():
        box.check()


def aboard(newcomer: Newcomer, reason: str = "") -> None:
    """Two families on the manifest, aboard, counted, and the doors are shut."""
    tick(newcomer, "[data-group]")
    newcomer.press("Put on the manifest")
    expect(newcomer.page.locator(".said")).to_contain_text("5 people planned")
    newcomer.press_link("Manifest")
    newcomer.told("**everybody**")
    newcomer.page.get_by_label("everybody").check()
    newcomer.press("Boarded", key=True)
    expect(newcomer.page.locator(".said")).to_contain_text("5 people boarded")
    newcomer.fill("Souls counted aboard", "5")
    if reason:
        newcomer.fill("Reason for a difference", reason)
    newcomer.press("Close boarding")
    expect(newcomer.page.locator(".said")).to_contain_text("Boarding closed")
    newcomer.press("It left now")
    expect(newcomer.page.locator(".said")).to_contain_text("Departed")


def convoy(newcomer: Newcomer) -> None:
    """A bus from the port to the camp."""
    newcomer.begin(6)
    newcomer.go("Move")
    plan(newcomer, "Ferry port – Staging camp", "Convoy 1", "Buses")
    aboard(newcomer)
    newcomer.press("It arrived now")
    newcomer.page.get_by_label("everybody").check()
    newcomer.press("Alighted", key=True)
    expect(newcomer.page.locator(".columns-three .number")).to_have_text(["5", "5", "5"])


def plan(newcomer: Newcomer, leg: str, name: str, fleet: str) -> None:
    """Plan a movement of one vehicle."""
    newcomer.press_link("Plan a movement")
    newcomer.press_link(leg)
    newcomer.fill("Name", name)
    newcomer.fill(fleet, "1")
    newcomer.press("Plan")
    expect(newcomer.page.locator(".said")).to_contain_text("Planned")


def plan_the_flight(newcomer: Newcomer) -> None:
    """The flight with its escorts, and everybody fit to fly."""
    newcomer.begin(7)
    newcomer.press_link("All movements")
    plan(newcomer, "Staging camp – Home airport", "Flight 1", "Aeroplane")
    newcomer.press_link("Times, vehicles, escorts")
    newcomer.fill("doctor", "1")
    newcomer.fill("psychologist", "1")
    newcomer.press("Assign")
    expect(newcomer.page.locator(".said")).to_be_visible()
    newcomer.sign_in("medic")
    newcomer.go("Care", "Fit to fly", "Ivan Orlov")
    for turn in range(5):
        newcomer.told("**fit**")
        newcomer.page.get_by_label("fit", exact=True).check()
        newcomer.press("Decide and next")
        expect(newcomer.page.locator(".said")).to_be_visible()
        if turn == 4:
            newcomer.told("fit 5")
            expect(newcomer.page.locator("main")).to_contain_text(re.compile(r"fit\s+5"))


def fly(newcomer: Newcomer) -> None:
    """It flies and lands."""
    newcomer.begin(8)
    newcomer.sign_in("duty")
    newcomer.go("Move")
    newcomer.press_link("Flight 1")
    newcomer.press_link("Put people on")
    aboard(newcomer, reason="nobody of theirs is here")
    newcomer.go("Corridor")
    newcomer.sees_figures(out=5, on_the_way=5)
    newcomer.picture()
    newcomer.go("Move")
    newcomer.press_link("Flight 1")
    newcomer.press("It arrived now")
    expect(newcomer.page.locator(".said")).to_contain_text("Arrived")


def receive(newcomer: Newcomer) -> None:
    """Received, one family placed."""
    newcomer.begin(9)
    newcomer.go("Arrive")
    newcomer.press_link("Flight 1")
    tick(newcomer, "tbody.party input")
    newcomer.press("Receive")
    newcomer.sees("5 people received")
    newcomer.press_link("Anna Petrova")
    newcomer.choose("Shelter", "Hostel")
    newcomer.press("Place in a shelter")
    expect(newcomer.page.locator(".said")).to_contain_text("Placed")
    newcomer.go("Operation")
    newcomer.press_link("Orders given")
    expect(newcomer.page.locator(".facts-table tbody tr").first).to_contain_text("Place")
    newcomer.go("Corridor")
