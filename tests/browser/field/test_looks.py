"""How the phone's screens look: axe, contrast AAA, big targets, nothing sideways, three languages, by day and night."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from tests.browser.field.conftest import Enrolled, GatePhone

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
TARGET_PIXELS = 48
SCREENS = ("find", "party", "stop", "why", "triage", "count", "unknown", "movements", "movement", "souls", "outbox",
           "record", "more", "zone", "lock")  # fmt: skip

SEEN = """async (rules) => {
  const found = await axe.run(document, { resultTypes: ["violations"], ...rules });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(" ")}`);
}"""
EVERYTHING: dict[str, Any] = {"rules": {"color-contrast-enhanced": {"enabled": True}, "region": {"enabled": False}}}
CONTRAST: dict[str, Any] = {"runOnly": ["color-contrast-enhanced"]}

SMALL = """(least) => [...document.querySelectorAll("button, input, textarea, .file")]
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && height && (width < least || height < least))
  .map(([what, { width, height }]) => `${what} ${width}x${height}`)"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def show(phone: GatePhone, screen: str, person: str) -> None:
    """Bring a screen up by its own module, as a touch on the screen before would."""
    phone.ask(
        """const load = async (path) => import(`/field/screens/${path}.js`);
        const [screen, person] = given;
        const { restart } = corridor;
        const app = corridor;
        app.said = null;
        const find = (await load("find")).findScreen;
        await app.restart(find);
        const shown = (await phone.party(person)).person;
        const pressed = async (part) => {
          const before = document.querySelector("main");
          [...document.querySelectorAll("button")].find((one) => one.matches(part)).click();
          while (document.querySelector("main") === before) await new Promise((done) => setTimeout(done, 10));
        };
        app.mode = screen.startsWith("move") || screen === "souls" ? "movement" : "gate";
        const { movements } = phone.kept.instructions;
        app.ride = { movement: movements[0].id, vehicle: movements[0].vehicles[0]?.id ?? null, way: "board" };
        const { partyScreen } = await load("party");
        if (["party", "stop", "why"].includes(screen)) await app.go(partyScreen, { id: person });
        if (screen === "stop") await pressed("button.main");
        if (screen === "why") await pressed(".actions button:nth-of-type(4)");
        if (screen === "triage") await app.go((await load("triage")).triageScreen, { person: shown });
        if (screen === "count") await app.go((await load("count")).countScreen);
        if (screen === "unknown") await app.go((await load("unknown")).unknownScreen);
        if (screen === "movements") await app.go((await load("movement")).movementsScreen);
        if (screen === "movement" || screen === "souls") await app.go((await load("movement")).movementScreen);
        if (screen === "souls") await pressed(".bottom button:nth-of-type(2)");
        if (screen === "outbox" || screen === "record") await app.go((await load("outbox")).outboxScreen);
        if (screen === "record") await pressed("button.record");
        if (screen === "more") await app.go((await load("more")).moreScreen);
        if (screen === "zone") {
          const text = "P<EGYHASSAN<<OMAR<<<<<<<<<<<<<<<<<<<<<<<<<<<\\nA123456784EGY7506214M2911302<<<<<<<<<<<<<<04";
          await app.go((await load("zone")).zoneScreen, { text, doubts: [{ line: 0, column: 7, or: "5" }] });
        }
        if (screen === "lock") await app.restart((await load("lock")).lockScreen);
        if (screen === "find") {
          const input = document.querySelector("#find");
          input.value = "mohammed";
          input.dispatchEvent(new Event("input"));
          while (!document.querySelector(".people li")) await new Promise((done) => setTimeout(done, 10));
        }""",
        [screen, person],
    )


def faults(page: Page, rules: dict[str, Any] | None) -> list[str]:
    """What is wrong with the screen as it stands."""
    found: list[str] = page.evaluate(SEEN, rules) if rules else []
    found += page.evaluate(SMALL, TARGET_PIXELS)
    if (wider := page.evaluate(SIDEWAYS)) > 0:
        found.append(f"{wider} pixels too wide")
    return found


def test_every_screen_in_three_languages_by_day_and_night(enrolled: Enrolled, artefacts: Path) -> None:
    """Axe finds nothing, contrast is AAA by day and night, every target is 48 pixels or more, nothing sticks out."""
    phone = enrolled("gate-looks", reduced_motion="reduce")
    page = phone.page
    person = phone.ask(
        """const there = await phone.people.ask("inAccount", { id: "place:gaza" });
        return there.find(({ party, colour }) => party && colour === "not").person;"""
    )
    phone.ask(
        "await phone.record([{ at: phone.now(), kind: 'at_gate', persons: [given], body: { gate: 'rafah' } }]);", person
    )
    page.evaluate(AXE)
    found = []
    looks = (("en", "light", EVERYTHING), ("ru", "dark", CONTRAST), ("ar", "light", None))
    for language, scheme, rules in looks:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        phone.ask("await corridor.speak(given);", language)
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        for screen in SCREENS:
            show(phone, screen, person)
            found += [f"{screen} {language}: {fault}" for fault in faults(page, rules)]
            page.screenshot(path=artefacts / f"phone-{screen}-{language}.png")
    assert not found, "\n".join(found)


def test_a_narrow_phone_and_large_letters(enrolled: Enrolled) -> None:
    """At 320 pixels, and with letters half as large again, nothing sticks out sideways."""
    phone = enrolled("gate-narrow", viewport={"width": 320, "height": 568})
    person = phone.ask('return (await phone.people.ask("inAccount", { id: "place:gaza" }))[0].person;')
    phone.ask(
        "await phone.record([{ at: phone.now(), kind: 'at_gate', persons: [given], body: { gate: 'rafah' } }]);", person
    )
    phone.ask("await corridor.speak('ru'); document.documentElement.style.fontSize = '27px';")
    found = []
    for screen in SCREENS:
        show(phone, screen, person)
        if (wider := phone.page.evaluate(SIDEWAYS)) > 0:
            found.append(f"{screen}: {wider} pixels too wide")
    assert not found
