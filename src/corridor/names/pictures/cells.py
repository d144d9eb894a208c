"""What does the reader of letters look at? A small patch about one character, as every picture gives it alike."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from corridor.names.pictures.drawing import Picture, Points, placed
from corridor.names.pictures.glyphs import Floats

CELL_ROWS: Final = 24
CELL_COLUMNS: Final = 20
CELL_PITCH: Final = 15.0
"""Pixels of a patch from one character to the next: a patch shows 1.6 pitches up and down, 1.33 across."""
FAINTEST: Final = 0.4
"""A patch is stretched to its own contrast, but to no less than this part of what is usual on the line."""


def finer(pitch: float) -> int:
    """Into how many places across and down a pixel of a patch is cut: a large picture is averaged, not skipped."""
    return max(1, round(pitch / CELL_PITCH))


def patches(
    picture: Picture, across: Points, down_lines: Points, spacing_pitches: float, fault: Points, cut: int
) -> NDArray[np.uint8]:
    """Patches about places of a picture: cells x `CELL_ROWS` x `CELL_COLUMNS`.

    `across` in characters, `down_lines` in lines; `fault` (cells x 5) is by how much the finder was wrong: moved across
    and down in pitches, too large across and down, turned in radians. `cut` is what `finer` says.
    """
    v, u = np.mgrid[0 : CELL_ROWS * cut, 0 : CELL_COLUMNS * cut].astype(np.float64)
    u = ((u + 0.5) / cut - CELL_COLUMNS / 2) / CELL_PITCH
    v = ((v + 0.5) / cut - CELL_ROWS / 2) / CELL_PITCH
    move_x, move_y, large_x, large_y, turn = (fault[:, at, None, None] for at in range(5))
    right = (u * np.cos(turn) - v * np.sin(turn)) * (1 + large_x) + move_x
    down = (u * np.sin(turn) + v * np.cos(turn)) * (1 + large_y) + move_y
    x, y = placed(picture.plane, across[:, None, None] + right, down_lines[:, None, None] + down / spacing_pitches)
    grey = picture.grey.astype(np.float32)
    rows, columns = grey.shape
    x, y = x.clip(0, columns - 1.001), y.clip(0, rows - 1.001)
    left, top = x.astype(np.int64), y.astype(np.int64)
    part_x, part_y = (x - left).astype(np.float32), (y - top).astype(np.float32)
    upper = grey[top, left] * (1 - part_x) + grey[top, left + 1] * part_x
    lower = grey[top + 1, left] * (1 - part_x) + grey[top + 1, left + 1] * part_x
    fine = (upper * (1 - part_y) + lower * part_y).reshape(len(x), CELL_ROWS, cut, CELL_COLUMNS, cut)
    found: NDArray[np.uint8] = np.round(fine.mean((2, 4))).astype(np.uint8)
    return found


def evened(cells: NDArray[np.uint8], usual: float | Floats) -> Floats:
    """Patches with mean 0 and spread 1, whatever the light; `usual` is the median spread on the line, or one a cell."""
    flat = cells.reshape(len(cells), -1).astype(np.float32)
    flat = flat - flat.mean(1, keepdims=True)
    spread = np.sqrt((flat * flat).mean(1))
    found: Floats = flat / np.maximum(np.maximum(spread, FAINTEST * np.asarray(usual, np.float32)), 1)[:, None]
    return found.reshape(cells.shape)


def spread_of(cells: NDArray[np.uint8]) -> Floats:
    """How much the grey values of each patch differ."""
    found: Floats = cells.reshape(len(cells), -1).astype(np.float32).std(1)
    return found
