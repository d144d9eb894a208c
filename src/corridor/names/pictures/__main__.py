"""Learn the letters: `python -m corridor.names.pictures -o FILE --seed 1`.

Four minutes of one core; the same weights for the same seed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from corridor.names.pictures import invented
from corridor.names.pictures.cells import evened
from corridor.names.pictures.drawing import draw
from corridor.names.pictures.glyphs import Cut
from corridor.names.pictures.learning import drawn, learn
from corridor.names.pictures.letters import NONE, SIGNS, Letters, letters_of
from corridor.names.pictures.samples import LEVELS, cells_of, damage_of, how_bad, print_of, view_of

FIXED: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4,AVX512_ICL,AVX512_SPR",
}
"""How numbers are summed while learning: never by how many threads or how new a processor there is (AVX2 is needed)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Draw, learn, try on zones of the cut that was held out, write the weights with their card."""
    parser = argparse.ArgumentParser(prog="python -m corridor.names.pictures", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", type=int, default=2_400)
    parser.add_argument("--epochs", type=int, default=6)
    given = parser.parse_args(argv)
    rng = np.random.default_rng([given.seed, 1])
    cells, usual, shows = drawn(given.pictures, "round_ends", rng)
    _say(f"{len(cells)} patches of {given.pictures} zones")
    learned = learn(cells, usual, shows, epochs=given.epochs, rng=np.random.default_rng([given.seed, 2]), progress=_say)
    packed = letters_of(learned.table({}))
    card = {**CARD, "seed": given.seed, "patches": len(cells), "characters_wrong_of_10000": tried(packed, given.seed)}
    given.output.write_text(json.dumps(learned.table(card), indent=1) + "\n", encoding="utf-8")
    _say(json.dumps(card, indent=1))
    return 0


CARD: Final[dict[str, Any]] = {
    "what": "Which character of a machine-readable zone a small patch of a picture shows.",
    "data": "Drawn zones of nobody in OCR-B (msk-ocrb, round ends); the cut with sharp ends is held out for trying.",
    "licence": "Apache-2.0; the shapes are free of conditions (Norbert Schwarz) and public domain (Matthew Skala).",
    "weak": "No real photograph was ever tried. Other prints than OCR-B are not read.",
}


def tried(letters: Letters, seed: int, zones: int = 60) -> dict[str, dict[str, float]]:
    """Of 10,000 characters, how many are read wrongly: by the cut of the print and how bad the pictures are."""
    found: dict[str, dict[str, float]] = {}
    for cut in ("round_ends", "sharp_ends"):
        rng = np.random.default_rng([seed, 3])
        found[cut] = {level: _wrong(letters, cut, how_bad(level), zones, rng) for level in LEVELS}
    return found


def _wrong(letters: Letters, cut: Cut, bad: float, zones: int, rng: np.random.Generator) -> float:
    wrong = asked = 0
    for _ in range(zones):
        print = print_of(bad, cut, rng)
        pitch = float(np.exp(rng.uniform(np.log(12), np.log(34))))
        picture = draw(invented.zone(rng), print, view_of(bad, pitch, rng), damage_of(bad, rng), rng)
        cells, usual, shows = cells_of(picture, print.spacing_pitches, pitch, rng)
        some = shows != NONE
        best = letters.odds(evened(cells[some], usual[some]))[:, : len(SIGNS) - 1].argmax(1)
        wrong += int((best != shows[some]).sum())
        asked += int(some.sum())
    return round(10_000 * wrong / asked, 1)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in FIXED.items()):
        # NumPy's library reads them when it is loaded, so the program starts anew with them
        again = [sys.executable, "-m", "corridor.names.pictures", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, **FIXED})
    sys.exit(main())
