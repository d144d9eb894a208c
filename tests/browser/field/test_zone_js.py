"""Zones by camera: letters as in Python, drawn pictures read whole, doubts named, fields as Python reads them."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page

from corridor.base.refusal import Refusal
from corridor.names.mrz.layouts import layout_of
from corridor.names.mrz.reading import read
from corridor.names.pictures import invented
from corridor.names.pictures.drawing import Picture, draw
from corridor.names.pictures.samples import Level, damage_of, how_bad, print_of, view_of

GOLDEN = Path(__file__).parents[2] / "golden"
WIDTH, HEIGHT = 960, 540
REFERENCE = date(2023, 11, 14)

LETTERS = """async ({ cells, usual }) => {
  const { lettersBy } = await import("/field/zone/letters.js");
  const letters = lettersBy(await (await fetch("/field/zone-letters.json")).json());
  const bytes = Uint8Array.from(atob(cells), (one) => one.charCodeAt(0));
  const size = letters.cell.rows * letters.cell.columns;
  return Array.from({ length: bytes.length / size }, (_, at) => {
    const patch = Float32Array.from(bytes.subarray(at * size, (at + 1) * size));
    const mean = patch.reduce((sum, one) => sum + one, 0) / size;
    const spread = Math.sqrt(patch.reduce((sum, one) => sum + (one - mean) ** 2, 0) / size);
    const by = Math.max(spread, letters.cell.faintest * usual, 1);
    return [...letters.odds(patch.map((one) => (one - mean) / by))];
  });
}"""

READ = """async ({ pictures, width, height, apart }) => {
  const { lettersBy } = await import("/field/zone/letters.js");
  const { readPicture } = await import("/field/zone/reading.js");
  const { Votes } = await import("/field/zone/voting.js");
  const letters = lettersBy(await (await fetch("/field/zone-letters.json")).json());
  const votes = new Votes(letters.signs);
  return pictures.map((picture) => {
    const grey = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
    if (apart) votes.forget();
    const reading = readPicture({ grey, width, height }, letters);
    return [reading?.text ?? null, votes.add(reading)];
  });
}"""

ENDS = """async (ends) => {
  const { SHAPES } = await import("/field/zone/shapes.js");
  const { Votes } = await import("/field/zone/voting.js");
  const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ< ";
  const sure = (sign) => Float32Array.from(signs, (_, at) => (at === sign ? 0 : -20));
  const shape = SHAPES[1];
  const odds = shape.places.map((places) => [...places].map((place) => sure("dc".includes(place) ? 0 : 36)));
  const text = odds.map((line) => line.map((one) => signs[one.indexOf(0)]).join(""));
  const votes = new Votes(signs);
  return ends.map((some) => {
    const { doubts } = votes.add({ shape, odds, text, fits: 0, ends: some });
    return doubts.map(({ line, column }) => [line, column]);
  });
}"""

FIELDS = """async (texts) => {
  const { zoneFields } = await import("/field/people/zone_fields.js");
  return texts.map(zoneFields);
}"""


def pictures(level: Level, count: int, seed: int, lines: tuple[str, ...] | None = None) -> list[Picture]:
    """Frames of a camera with a zone of nobody in each, in the cut that nothing was learned from."""
    rng = np.random.default_rng([seed, 8])
    found = []
    for _ in range(count):
        zone = lines or invented.zone(rng)
        bad = how_bad(level)
        pitch = float(rng.uniform(0.75, 0.88)) * WIDTH / (len(zone[0]) + 2)
        print = print_of(bad, "sharp_ends", rng, above=int(rng.integers(0, 4)))
        found.append(draw(zone, print, view_of(bad, pitch, rng, HEIGHT, WIDTH), damage_of(bad, rng), rng))
    return found


def read_by_phone(
    page: Page, some: list[Picture], *, apart: bool = False
) -> list[tuple[list[str] | None, dict[str, Any] | None]]:
    """What the phone's modules say of each picture, and of all so far together (`apart`: of each alone)."""
    given = [base64.b64encode(picture.grey.tobytes()).decode() for picture in some]
    found = page.evaluate(READ, {"pictures": given, "width": WIDTH, "height": HEIGHT, "apart": apart})
    return [(text, together) for text, together in found]


def test_letters_are_those_of_python(modules: Page) -> None:
    """The phone's odds of every sign are the golden ones that Python is held to."""
    golden = json.loads((GOLDEN / "letters" / "cells.json").read_text())
    found = np.array(modules.evaluate(LETTERS, {"cells": golden["cells"], "usual": golden["usual"]}))
    assert np.abs(found - np.array(golden["odds"])).max() < 2e-3


def test_pictures_are_read_whole_and_doubts_are_named(modules: Page) -> None:
    """Usual pictures of one document each are read whole; where a worse one is read wrongly, its place is in doubt."""
    usual = pictures("usual", 5, 1)
    assert (
        sum(text == list(one.lines) for one, (text, _) in zip(usual, read_by_phone(modules, usual), strict=True)) == 5
    )
    worse = pictures("harder", 5, 2)
    wrong = named = 0
    for one, (text, together) in zip(worse, read_by_phone(modules, worse, apart=True), strict=True):
        if text is None or [len(line) for line in text] != [len(line) for line in one.lines]:
            continue
        assert together is not None
        doubts = {(doubt["line"], doubt["column"]) for doubt in together["doubts"]}
        misread = {
            (at, column)
            for at, (said, true) in enumerate(zip(together["lines"], one.lines, strict=True))
            for column, pair in enumerate(zip(said, true, strict=True))
            if pair[0] != pair[1]
        }
        wrong += len(misread)
        named += len(misread & doubts)
    assert wrong > 0, "the pictures are bad enough to show it"
    assert named >= 0.9 * wrong, (named, wrong)


def test_pictures_of_one_document_vote_and_another_document_starts_anew(modules: Page) -> None:
    """Four bad pictures of one zone together say it; the next document's picture is not mixed with them."""
    zone, other = (invented.zone(np.random.default_rng(seed)) for seed in (31, 32))
    found = read_by_phone(modules, [*pictures("hard", 4, 3, zone), *pictures("usual", 1, 4, other)])
    together = found[3][1]
    assert together is not None
    assert together["lines"] == list(zone)
    assert together["pictures"] == 4
    last = found[4][1]
    assert last is not None
    assert (last["lines"], last["pictures"]) == (list(other), 1)


def test_a_line_that_seems_to_go_on_is_in_doubt(modules: Page) -> None:
    """Where most pictures show a character beyond a line's end, its last one is marked; of two, both must."""
    last = {"line": 1, "column": 35}
    assert modules.evaluate(ENDS, [[last], [], [last]]) == [[[1, 35]], [], [[1, 35]]]


def test_a_page_without_a_zone_is_no_zone(modules: Page) -> None:
    """Print of other lengths, paper and a blank frame say nothing."""
    rng = np.random.default_rng(6)
    text = draw(("ABCDEFGHIJKLMN", "NOPQRSTUVWXYZ0"), print_of(0.3, "round_ends", rng, above=3),
                view_of(0.3, 30, rng, HEIGHT, WIDTH), damage_of(0.3, rng), rng)  # fmt: skip
    blank = Picture(grey=np.full((HEIGHT, WIDTH), 200, np.uint8), lines=(), plane=np.eye(3))
    noise = Picture(grey=rng.integers(0, 255, (HEIGHT, WIDTH)).astype(np.uint8), lines=(), plane=np.eye(3))
    assert [text for text, _ in read_by_phone(modules, [text, blank, noise])] == [None, None, None]


def test_fields_and_digits_are_those_of_python(modules: Page) -> None:
    """Of golden and spoilt zones every field says what `corridor.names.mrz` reads, and the same digits do not hold."""
    rng = np.random.default_rng(9)
    golden = json.loads((GOLDEN / "mrz" / "zones.json").read_text("utf-8"))["zones"]
    zones = [tuple(one["lines"]) for one in golden] + [invented.zone(rng) for _ in range(60)]
    spoilt = []
    for lines in zones[-30:]:
        at = int(rng.integers(0, len(lines[1])))
        spoilt.append((lines[0], lines[1][:at] + "7" + lines[1][at + 1 :], *lines[2:]))
    checked = 0
    for lines, fields in zip(
        [*zones, *spoilt], modules.evaluate(FIELDS, ["\n".join(one) for one in [*zones, *spoilt]]), strict=True
    ):
        layout = layout_of(lines)
        reading = read("\n".join(lines), REFERENCE)
        if fields is None or layout is None or layout.format.startswith("FRA") or isinstance(reading, Refusal):
            continue
        by_name = {field["name"]: field for field in fields}
        for check in reading.checks:
            name = check.name
            if name == "composite":
                own = all(field["holds"] is not False for field in fields if field["name"] != "composite")
                assert ("composite" in by_name) == (not check.fits and own), lines
            elif name in by_name and by_name[name]["holds"] is not None:
                assert by_name[name]["holds"] == check.fits, (lines, name)
                checked += 1
    assert checked > 200
