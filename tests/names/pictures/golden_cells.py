"""Write the golden cells anew after learning: `python -m tests.names.pictures.golden_cells`."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np

from corridor.names.pictures import invented
from corridor.names.pictures.cells import evened, spread_of
from corridor.names.pictures.drawing import draw
from corridor.names.pictures.letters import SIGNS, shipped, shipped_table
from corridor.names.pictures.samples import cells_of, damage_of, print_of, view_of

FILE = Path(__file__).parents[2] / "golden" / "letters" / "cells.json"
CELLS = 24


def golden() -> dict[str, object]:
    """Some patches of a hard picture, and what the shipped letters say of them."""
    rng = np.random.default_rng(21)
    print = print_of(0.6, "sharp_ends", rng)
    picture = draw(invented.characters(rng), print, view_of(0.6, 21.0, rng), damage_of(0.6, rng), rng)
    cells, _, _ = cells_of(picture, print.spacing_pitches, 21.0, rng)
    cells = cells[rng.permutation(len(cells))[:CELLS]]
    usual = round(float(np.median(spread_of(cells))), 4)
    odds = shipped().odds(evened(cells, usual))
    return {
        "about": "Patches of 24 rows x 20 columns, one byte a pixel, and the odds of every sign by Python.",
        "weights": shipped_table()["version"],
        "signs": SIGNS,
        "usual": usual,
        "cells": base64.b64encode(cells.tobytes()).decode(),
        "shows": "".join(SIGNS[one] for one in odds.argmax(1)),
        "odds": [[round(float(one), 4) for one in row] for row in odds],
    }


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(golden(), indent=1) + "\n", encoding="utf-8")
