"""A passport's zone before the camera: read without network, compared field by field, found, recorded; or typed."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect
from tests.browser.field.conftest import Enrolled, GatePhone

from corridor.base.refusal import Refusal
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.writing import ZoneContent, write
from corridor.names.pictures.drawing import Picture, draw
from corridor.names.pictures.samples import damage_of, print_of, view_of

ZONES = 5
FRAMES = 2  # of each document, as a hand that is never quite still gives them
WIDTH, HEIGHT = 960, 600

CAMERA = """
const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 600 });
const drawing = canvas.getContext("2d");
let shown = [];
let turn = 0;
const paint = () => {
  drawing.fillStyle = "#777";
  drawing.fillRect(0, 0, 960, 600);
  if (shown.length) drawing.drawImage(shown[(turn += 1) % shown.length], 0, 0);
};
navigator.mediaDevices.getUserMedia = async () => {
  if (globalThis.refused) throw new DOMException("no", "NotAllowedError");
  paint();
  setInterval(paint, 100);
  return canvas.captureStream(20);
};
globalThis.hold = async (pictures) => {
  shown = await Promise.all(pictures.map(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    return image;
  }));
};
"""

FOUND = "document.querySelector('section.party, section.find .people li ~ li')"
"""One alone opens by itself, though they stand in the list for a moment."""

LATIN = """const rows = await phone.people.ask("inAccount", { id: "place:gaza" });
const latin = (names) => names.find((one) => /^[A-Za-z' -]+$/.test(one));
return rows.map(({ person, names, birth_year }) => [person, latin(names), birth_year])
  .filter(([, name, year]) => name && name.includes(" ") && year);"""


def zone_of(name: str, birth_year: int, number: str) -> tuple[str, ...]:
    """A passport's zone with somebody's name and year of birth."""
    given, surname = name.rsplit(" ", 1)
    written = write(
        ZoneContent(
            document_type="P",
            issuing_state="RUS",
            surname=surname,
            given_names=given,
            number=number,
            nationality="RUS",
            birth_date=ZoneDate(year=birth_year, month=3, day=5),
            sex="f",
            expiry_date=ZoneDate(year=2031, month=1, day=9),
        ),
        "TD3",
    )
    assert not isinstance(written, Refusal)
    return written.lines


def png(picture: Picture) -> str:
    """A grey picture as an address that an image is read from."""

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = np.hstack([np.zeros((len(picture.grey), 1), np.uint8), picture.grey])
    height, width = picture.grey.shape
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    raw = (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(rows.tobytes(), 1))
        + part(b"IEND", b"")
    )
    return f"data:image/png;base64,{base64.b64encode(raw).decode()}"


def frames(lines: tuple[str, ...], bad: float, rng: np.random.Generator, count: int = FRAMES) -> list[str]:
    """What the camera sees of one document."""
    print = print_of(bad, "sharp_ends", rng, above=2)
    seen = [draw(lines, print, view_of(bad, 18.5, rng, HEIGHT, WIDTH), damage_of(bad, rng), rng) for _ in range(count)]
    return [png(picture) for picture in seen]


def open_zone(phone: GatePhone) -> None:
    """Press Passport on the first screen."""
    phone.page.get_by_role("button", name="Passport").click()
    expect(phone.page.locator("form.zone")).to_be_visible()


def compare(page: Page) -> None:
    """Touch every marked field, as an officer does who has compared it, and ask for the person."""
    for _ in range(page.locator(".fields .look").count()):
        page.locator('.fields .look[aria-checked="false"]').first.click()
    page.get_by_role("button", name="As on the document").click()


def test_zones_are_scanned_without_network(enrolled: Enrolled, artefacts: Path) -> None:
    """Offline, by camera: passports are read as printed, every field is shown, the person found and recorded once."""
    phone = enrolled("gate-zones", init=CAMERA)
    page = phone.page
    rng = np.random.default_rng(14)
    people = phone.ask(LATIN)
    step = len(people) // ZONES
    seen: list[str] = []
    phone.context.set_offline(True)
    for at in range(ZONES):
        person, name, year = people[at * step]
        lines = zone_of(name, year, f"75{rng.integers(10**6, 10**7)}")
        page.evaluate("(pictures) => hold(pictures)", frames(lines, 0.35, rng))
        open_zone(phone)
        expect(page.locator(".fields")).to_contain_text(lines[1][:9])
        expect(page.locator("#zone")).to_have_value("\n".join(lines))
        expect(page.locator(".fields")).to_contain_text("05 Mar")
        expect(page.locator("video"), "a camera that has read is off").to_have_count(0)
        page.screenshot(path=artefacts / "phone-zone-read.png")
        compare(page)
        party = page.locator("section.party")
        phone.until(f"return {FOUND};")
        if page.locator("section.find .people li").count():  # others have names like it: the officer chooses
            page.locator("section.find .people button", has_text=name).first.click()
            expect(party).to_be_visible()
        page.get_by_role("button", name="Seen here").click()
        phone.until(f"return phone.outbox.waiting.count === {at + 1};")
        expect(page.locator("section.find")).to_be_visible()
        seen.append(person)
    records = phone.ask("return phone.records.map(({ event }) => event);")
    assert all(person in record["persons"] for person, record in zip(seen, records, strict=True))


def test_doubts_are_marked_and_typing_is_one_touch_away(enrolled: Enrolled, artefacts: Path) -> None:
    """What the camera is unsure of, and a wrong digit, must be touched; refused or seeing nothing, one types."""
    phone = enrolled("gate-zone-typed", init=CAMERA)
    page = phone.page
    go = page.get_by_role("button", name="As on the document")
    lines = zone_of("Anna Maria Eriksson", 1974, "L898902C3")
    phone.stop_clock()
    open_zone(phone)
    expect(page.locator(".told")).to_contain_text("Show the lines")
    page.screenshot(path=artefacts / "phone-zone-camera.png")
    phone.pass_time(7_000)
    expect(page.locator(".told")).to_contain_text("Nothing read yet")
    phone.press("Type it")
    expect(page.locator("video")).to_have_count(0)
    expect(page.locator("#zone")).to_be_focused()
    expect(go).to_be_disabled()
    page.locator("#zone").press_sequentially(f"{lines[0].lower()}\n{lines[1]}")
    expect(page.locator(".fields")).to_contain_text("ANNA MARIA")
    expect(go).to_be_enabled()
    page.fill("#zone", f"{lines[0]}\n{lines[1][:8]}8{lines[1][9:]}")
    expect(page.locator(".fields .look")).to_contain_text("The check digit does not fit")
    expect(go).to_be_disabled()
    page.locator(".fields .look").click()
    expect(go).to_be_enabled()
    covered = list(frames(lines, 0.35, np.random.default_rng(3)))
    page.evaluate(
        """async ([pictures, x, y]) => {
          const cover = async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 600 });
            const drawing = canvas.getContext("2d");
            drawing.drawImage(image, 0, 0);
            drawing.fillStyle = "rgba(120, 120, 120, 0.82)";
            drawing.fillRect(x, y, 36, 70);
            return canvas.toDataURL();
          };
          await hold(await Promise.all(pictures.map(cover)));
        }""",
        [covered, 300, 265],
    )
    phone.press("Camera")
    look = page.locator(".fields .look").first
    expect(look).to_be_visible()
    expect(page.locator(".fields .look .why").first).to_contain_text(
        re.compile(r"Unsure: .*line \d, character \d+|digit")
    )
    expect(go).to_be_disabled()
    page.screenshot(path=artefacts / "phone-zone-doubt.png")
    page.evaluate("globalThis.refused = true")
    phone.press("Camera")
    expect(page.locator(".told")).to_contain_text("not allowed. Type the lines")
    expect(page.locator("#zone")).to_be_focused()
