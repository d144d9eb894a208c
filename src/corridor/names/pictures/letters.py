"""Which character does a patch show? A small network of two layers of windows and two whole ones, in 8 bits."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corridor.names.mrz.checking import ALPHABET
from corridor.names.pictures.cells import CELL_COLUMNS, CELL_PITCH, CELL_ROWS, FAINTEST
from corridor.names.pictures.glyphs import Floats

SIGNS: Final = ALPHABET + " "
"""What a patch may show; the last one is none: beside a line, between two characters, paper."""
NONE: Final = len(SIGNS) - 1
FORMAT: Final = 1
"""The shape of the table of weights; `field/zone/letters.js` reads this one."""
SHIPPED: Final = "tables/letters-1.json"

FIRST_WINDOW, FIRST_STEP, FIRST = 5, 2, 12
SECOND_WINDOW, SECOND_STEP, SECOND = 3, 2, 24
THIRD = 80
LAYERS: Final = ("first", "second", "third", "last")


@dataclass(frozen=True, slots=True)
class Letters:
    """The weights, each layer outputs x inputs, and its offsets. Windows are laid out row, column, channel."""

    weights: dict[str, Floats]
    offsets: dict[str, Floats]

    def odds(self, evened: Floats) -> Floats:
        """How well each sign fits each patch of `cells.evened`: cells x `SIGNS`, as logarithms of what adds up to 1."""
        held = np.maximum(self.layer("first", windows(evened[..., None], FIRST_WINDOW, FIRST_STEP)), 0)
        held = np.maximum(self.layer("second", windows(held, SECOND_WINDOW, SECOND_STEP)), 0)
        held = np.maximum(self.layer("third", held.reshape(len(evened), -1)), 0)
        scores = self.layer("last", held)
        scores = scores - scores.max(1, keepdims=True)
        found: Floats = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        return found

    def layer(self, name: str, values: Floats) -> Floats:
        """One layer's sums, before they are cut off at 0."""
        found: Floats = values @ self.weights[name].T + self.offsets[name]
        return found

    def table(self, card: dict[str, Any]) -> dict[str, Any]:
        """The weights as plain JSON, a row in 8 bits with its scale, and the card of what they are."""
        layers = {}
        for name in LAYERS:
            scales = np.abs(self.weights[name]).max(1) / 127
            rows = np.round(self.weights[name] / scales[:, None]).astype(np.int8)
            layers[name] = {
                "shape": list(rows.shape),
                "rows": base64.b64encode(rows.tobytes()).decode(),
                "scales": [float(f"{scale:.6g}") for scale in scales],
                "offsets": [float(f"{offset:.6g}") for offset in self.offsets[name]],
            }
        cell = {"rows": CELL_ROWS, "columns": CELL_COLUMNS, "pitch": CELL_PITCH, "faintest": FAINTEST}
        steps = {"first": [FIRST_WINDOW, FIRST_STEP], "second": [SECOND_WINDOW, SECOND_STEP]}
        table = {"format": FORMAT, "signs": SIGNS, "cell": cell, "windows": steps, "layers": layers}
        version = hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()[:12]
        return {"version": version, "card": card, **table}


def windows(values: Floats, size: int, step: int) -> Floats:
    """Every window of `size` x `size` of cells x rows x columns x channels, with a border of zeroes."""
    border = size // 2
    wide = np.pad(values, ((0, 0), (border, border), (border, border), (0, 0)))
    cut = np.lib.stride_tricks.sliding_window_view(wide, (size, size), axis=(1, 2))[:, ::step, ::step]
    found: Floats = cut.transpose(0, 1, 2, 4, 5, 3).reshape(*cut.shape[:3], -1)
    return found


def letters_of(table: dict[str, Any]) -> Letters:
    """The weights from a table of `Letters.table`."""
    weights: dict[str, Floats] = {}
    offsets: dict[str, Floats] = {}
    for name, layer in table["layers"].items():
        rows: NDArray[np.int8] = np.frombuffer(base64.b64decode(layer["rows"]), np.int8).reshape(layer["shape"])
        weights[name] = rows.astype(np.float32) * np.array(layer["scales"], np.float32)[:, None]
        offsets[name] = np.array(layer["offsets"], np.float32)
    return Letters(weights, offsets)


@cache
def shipped_table() -> dict[str, Any]:
    """The table that ships with the program, with its card; the phone reads the same one."""
    table: dict[str, Any] = json.loads(files("corridor.names.pictures").joinpath(SHIPPED).read_text(encoding="utf-8"))
    return table


@cache
def shipped() -> Letters:
    """The weights that ship with the program."""
    return letters_of(shipped_table())
