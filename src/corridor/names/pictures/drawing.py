"""How does a zone look to a camera? A page with print and paper, seen at an angle, and where each character lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.names.mrz.checking import ALPHABET
from corridor.names.pictures.damage import Damage, spoilt
from corridor.names.pictures.glyphs import Cut, Floats, inked

Points: TypeAlias = NDArray[np.float64]

MARGIN_PITCHES: Final = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """How a zone was printed, and on what. `spacing_pitches`: from line to line; `pattern`: how dark the paper's is."""

    cut: Cut = "round_ends"
    boldness: float = 0.0
    height: float = 1.0
    slant: float = 0.0
    spacing_pitches: float = 2.5
    contrast: float = 0.85
    paper: float = 225.0
    pattern: float = 0.0
    uneven: float = 0.0  # how much the ink of one character differs from another's
    above: int = 0  # lines of other print above the zone


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where the camera stands: pixels a character, turn in degrees, how much nearer one side is, the picture's size.

    `rows` and `columns` None: as large as the zone. `shift` moves it, in pixels. `sag_pitches`: how far the page hangs
    down in the middle of the picture, as a page does that nobody presses flat.
    """

    pitch: float
    turn_degrees: float = 0.0
    tilt_across: float = 0.0  # pitch at the right over pitch at the left, less one
    tilt_down: float = 0.0
    rows: int | None = None
    columns: int | None = None
    shift: tuple[float, float] = (0.0, 0.0)
    sag_pitches: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawn picture: grey values 0 to 255, what it says, and how (character, line) becomes pixels.

    `plane` is the homography of the page: column 0 is the middle of the first character, line 0 the middle of the
    first line. It is that of the flat page: `View.sag_pitches` is not in it.
    """

    grey: NDArray[np.uint8]
    lines: tuple[str, ...]
    plane: Points


def placed(plane: Points, across: Points, down: Points) -> tuple[Points, Points]:
    """Pixels (x, y) of places given in characters and lines."""
    depth = plane[2, 0] * across + plane[2, 1] * down + plane[2, 2]
    return (
        (plane[0, 0] * across + plane[0, 1] * down + plane[0, 2]) / depth,
        (plane[1, 0] * across + plane[1, 1] * down + plane[1, 2]) / depth,
    )


def draw(lines: Sequence[str], print: Print, view: View, damage: Damage, rng: np.random.Generator) -> Picture:
    """The zone's picture; the same generator gives the same picture."""
    pitch = int(np.clip(np.ceil(view.pitch * 1.15), 10, 64))
    page, first = _page(lines, print, pitch, rng)
    width = len(lines[0])
    high = view.rows or round((2 * MARGIN_PITCHES + (len(lines) - 1) * print.spacing_pitches + 1) * view.pitch)
    wide = view.columns or round((width + 2 * MARGIN_PITCHES) * view.pitch)
    seen = _plane(view, width, len(lines), print.spacing_pitches, wide, high)
    back = np.linalg.inv(seen)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float64)
    y -= view.sag_pitches * view.pitch * np.sin(np.pi * x / wide)
    across, down = placed(np.asarray(back, np.float64), x, y)
    column = across * pitch + first[0]
    row = down * print.spacing_pitches * pitch + first[1]
    grey = spoilt(_sampled(page, column, row), damage, view.pitch, rng)
    return Picture(grey=np.round(grey).astype(np.uint8), lines=tuple(lines), plane=seen)


def _page(
    lines: Sequence[str], print: Print, pitch: int, rng: np.random.Generator
) -> tuple[Floats, tuple[float, float]]:
    """The paper seen straight from above, and the middle of the zone's first character on it (column, row)."""
    shapes = inked(print.cut, pitch, boldness=print.boldness, height=print.height, slant=print.slant)
    rows = shapes.shape[1]
    margin, step = round(MARGIN_PITCHES * pitch), round(print.spacing_pitches * pitch)
    top = margin + print.above * step
    width = len(lines[0])
    ink = np.zeros((top + margin + (len(lines) - 1) * step + rows, 2 * margin + (width + 1) * pitch), np.float32)

    def put(line: str, row: int, column: int, dark: float) -> None:
        for place, letter in enumerate(line):
            left = column + place * pitch
            box = ink[row : row + rows, left : left + 2 * pitch]
            shape = shapes[ALPHABET.index(letter)][:, : box.shape[1]]
            np.maximum(box, shape * dark * (1 - print.uneven * rng.random()), out=box)

    for at, line in enumerate(lines):
        put(line, top - rows // 2 + at * step, margin, 1.0)
    for at in range(print.above):  # the data page above the zone: shorter lines that begin anywhere
        length = int(rng.integers(4, width // 2 + 1))
        text = "".join(ALPHABET[one] for one in rng.integers(36, size=length))
        put(
            text,
            max(0, top - rows // 2 - (at + 1) * step - pitch),
            margin + int(rng.integers(width - length)) * pitch,
            0.8,
        )
    paper = np.full(ink.shape, print.paper, np.float32)
    if print.pattern:
        paper -= print.pattern * _guilloche(ink.shape[0], ink.shape[1], pitch, rng)
    page: Floats = (paper * (1 - print.contrast * ink)).astype(np.float32)
    # a box of two pitches: the character's middle is one pitch right of its left edge
    return page, (margin + pitch - 0.5, top - rows // 2 + rows / 2 - 0.5)


def _guilloche(rows: int, columns: int, pitch: int, rng: np.random.Generator) -> Floats:
    """Wavy lines as of safe paper, 0 to 1."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) / pitch
    found = np.zeros((rows, columns), np.float32)
    for _ in range(2):
        angle, often = rng.uniform(0, np.pi), rng.uniform(0.8, 5)
        wave = rng.uniform(0.2, 1.5) * np.sin(rng.uniform(0.2, 1.2) * (x + y) + rng.uniform(0, 6))
        found += 0.5 * (np.sin(often * (np.cos(angle) * x + np.sin(angle) * y) + wave) > rng.uniform(0, 0.8))
    return found


def _plane(view: View, width: int, lines: int, spacing: float, wide: int, high: int) -> Points:
    """From (character, line) to pixels: centred, scaled, turned, nearer at one side."""
    centred = np.array([[1, 0, -(width - 1) / 2], [0, spacing, -(lines - 1) / 2 * spacing], [0, 0, 1.0]])
    near = np.array([[1, 0, 0], [0, 1, 0], [-view.tilt_across / (2 * width), -view.tilt_down / (2 * width), 1.0]])
    angle = np.deg2rad(view.turn_degrees)
    cos, sin = np.cos(angle) * view.pitch, np.sin(angle) * view.pitch
    turned = np.array(
        [[cos, -sin, (wide - 1) / 2 + view.shift[0]], [sin, cos, (high - 1) / 2 + view.shift[1]], [0, 0, 1]]
    )
    found: Points = turned @ near @ centred
    return found


def _sampled(page: Floats, column: Points, row: Points) -> Floats:
    """The page at places between its pixels; beyond its edges, a dark table."""
    rows, columns = page.shape
    left, top = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    right, low = (column - left).astype(np.float32), (row - top).astype(np.float32)
    inside = (left >= 0) & (left < columns - 1) & (top >= 0) & (top < rows - 1)
    at = np.where(inside, top * columns + left, 0)
    flat = page.ravel()
    upper = flat[at] * (1 - right) + flat[at + 1] * right
    lower = flat[at + columns] * (1 - right) + flat[at + columns + 1] * right
    found: Floats = np.where(inside, upper * (1 - low) + lower * low, np.float32(70))
    return found
