"""How well the phone reads drawn zones in a real browser: `python -m bench.zones --documents 30`.

Every document is drawn in the cut of OCR-B that nothing was learned from, as three frames of 1280 by 720 pixels; a zone
of 44 characters has 17 to 25 pixels a character. A frame is read by the app's own modules in Chromium. "Unseen" are
zones that were read wrongly while all their check digits hold and no wrong character is marked as doubtful.
"""

from __future__ import annotations

import argparse
import base64
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from bench.phone import serve
from corridor.names.mrz.checking import wrong_digits
from corridor.names.pictures import invented
from corridor.names.pictures.drawing import Picture, draw
from corridor.names.pictures.samples import LEVELS, Level, damage_of, how_bad, print_of, view_of

WIDTH, HEIGHT = 1280, 720
FRAMES = 3

BEGIN = """async () => {
  const { lettersBy } = await import("/field/zone/letters.js");
  const { readPicture } = await import("/field/zone/reading.js");
  const { Votes } = await import("/field/zone/voting.js");
  const letters = lettersBy(await (await fetch("/field/zone-letters.json")).json());
  const votes = new Votes(letters.signs);
  globalThis.forget = () => votes.forget();
  globalThis.look = (picture, width, height) => {
    const grey = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
    const began = performance.now();
    const reading = readPicture({ grey, width, height }, letters);
    const took = performance.now() - began;
    return { text: reading?.text ?? null, together: votes.add(reading), took };
  };
}"""


@dataclass
class Tally:
    """What became of the zones of one level."""

    zones: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, true: tuple[str, ...], lines: list[str] | None, doubts: list[dict[str, Any]]) -> None:
        """One zone: what it is, what was read (None: nothing), which characters are doubtful."""
        self.zones += 1
        if lines is None:
            self.counts["nothing"] += 1
            return
        fits = not wrong_digits(lines) and wrong_digits(lines) is not None
        if tuple(lines) == true:
            self.counts["right"] += 1
            self.counts["right, digits hold"] += fits
            self.counts["right, doubts"] += len(doubts)
            return
        marked = {(one["line"], one["column"]) for one in doubts}
        alike = [len(line) for line in lines] == [len(line) for line in true]
        wrong = {(a, b) for a, line in enumerate(lines) for b, one in enumerate(line) if alike and one != true[a][b]}
        self.counts["wrong, digits hold"] += fits
        self.counts["unseen"] += fits and (not alike or bool(wrong - marked))
        self.counts["characters wrong"] += len(wrong)
        self.counts["of them marked"] += len(wrong & marked)

    def row(self) -> str:
        """The figures in the order of the table's head."""
        names = ("right", "right, digits hold", "nothing", "wrong, digits hold", "unseen", "characters wrong",
                 "of them marked", "right, doubts")  # fmt: skip
        return " | ".join(str(self.counts[name]) for name in names)


def documents(level: Level, count: int, seed: int) -> Iterator[list[Picture]]:
    """Frames of so many documents."""
    rng = np.random.default_rng([seed, LEVELS.index(level)])
    for _ in range(count):
        lines, bad = invented.zone(rng), how_bad(level)
        pitch = float(rng.uniform(0.6, 0.9)) * WIDTH / (len(lines[0]) + 2)
        print = print_of(bad, "sharp_ends", rng, above=int(rng.integers(0, 6)))
        damage = damage_of(bad, rng)
        yield [draw(lines, print, view_of(bad, pitch, rng, HEIGHT, WIDTH), damage, rng) for _ in range(FRAMES)]


def measure(page: Page, level: Level, count: int, seed: int) -> tuple[Tally, Tally, list[float]]:
    """One frame of each document, all frames of it together, and milliseconds a frame."""
    one, all_frames, took = Tally(), Tally(), []
    for pictures in documents(level, count, seed):
        page.evaluate("forget()")
        for at, picture in enumerate(pictures):
            given = base64.b64encode(picture.grey.tobytes()).decode()
            found = page.evaluate("([picture, width, height]) => look(picture, width, height)", [given, WIDTH, HEIGHT])
            took.append(found["took"])
            together = found["together"] or {"lines": None, "doubts": []}
            if at == 0:
                one.add(picture.lines, together["lines"], together["doubts"])
        all_frames.add(pictures[0].lines, together["lines"], together["doubts"])
    return one, all_frames, took


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=30, help="of each level")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "a Chromium is needed"
    print("level, frames | zones | right | right, digits hold | nothing read | wrong, digits hold | unseen | "
          "characters wrong | of them marked | doubts in right zones | ms a frame p50 / p95")  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(serve())
        page.evaluate(BEGIN)
        for level in LEVELS:
            one, together, took = measure(page, level, given.documents, given.seed)
            p95 = sorted(took)[int(len(took) * 0.95)]
            print(f"{level}, one | {one.zones} | {one.row()} | {median(took):.0f} / {p95:.0f}", flush=True)
            print(f"{level}, {FRAMES} | {together.zones} | {together.row()} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
