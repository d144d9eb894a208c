"""What the letters are learned from, and what they are tried on: how bad pictures may be, level by level."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from corridor.names.mrz.checking import ALPHABET
from corridor.names.pictures import invented
from corridor.names.pictures.cells import finer, patches, spread_of
from corridor.names.pictures.damage import Damage
from corridor.names.pictures.drawing import Picture, Print, View, draw
from corridor.names.pictures.glyphs import Cut, Floats
from corridor.names.pictures.letters import NONE

Level = Literal["clean", "usual", "hard", "harder"]
LEVELS: Final[tuple[Level, ...]] = ("clean", "usual", "hard", "harder")
_HOW_BAD: Final = {"clean": 0.0, "usual": 0.35, "hard": 0.75, "harder": 1.2}
"""By how much everything is spoilt."""
LEARNED_TO: Final = 1.0
"""So much is learned from; what is tried goes beyond."""


def how_bad(level: Level) -> float:
    """By how much pictures of a level are spoilt."""
    return _HOW_BAD[level]


def print_of(bad: float, cut: Cut, rng: np.random.Generator, *, above: int = 0) -> Print:
    """Some way in which a document was printed."""
    return Print(
        cut=cut,
        boldness=float(rng.uniform(-0.2, 0.2) if bad == 0 else rng.uniform(-0.85, 0.85)),
        height=float(rng.uniform(0.9, 1.05)),
        slant=float(rng.normal(0, 0.02)),
        spacing_pitches=float(rng.uniform(2.2, 2.8)),
        contrast=float(rng.uniform(0.9 - 0.4 * min(bad, 1), 0.95)),
        paper=float(rng.uniform(215 - 60 * min(bad, 1), 245)),
        pattern=float(rng.uniform(0, 60 * bad)),
        uneven=0.3 * bad,
        above=above,
    )


def damage_of(bad: float, rng: np.random.Generator) -> Damage:
    """Some damage; `bad` 0 is none."""
    if bad == 0:
        return Damage(noise=1.5)

    def sometimes(share: float, most: float) -> float:
        return float(rng.uniform(0, most * bad)) if rng.random() < share else 0.0

    return Damage(
        blur_pitches=float(rng.uniform(0, 0.1 * bad)),
        motion_pitches=sometimes(0.3, 0.12),
        noise=float(rng.uniform(1, 14 * bad + 2)),
        light=min(0.85, sometimes(0.7, 0.6)),
        shadow=min(0.8, sometimes(0.4, 0.6)),
        glare=sometimes(0.3, 110),
        jpeg=int(rng.uniform(max(20, 85 - 50 * bad), 96)),
    )


def view_of(
    bad: float, pitch: float, rng: np.random.Generator, rows: int | None = None, columns: int | None = None
) -> View:
    """Somewhere the camera may stand."""
    tilt = 0.15 * bad
    return View(
        pitch=pitch,
        turn_degrees=float(rng.uniform(-5, 5) * min(bad, 1)),
        tilt_across=float(rng.uniform(-tilt, tilt)),
        tilt_down=float(rng.uniform(-tilt, tilt)),
        rows=rows,
        columns=columns,
        shift=(float(rng.uniform(-12, 12)), float(rng.uniform(-12, 12))) if rows else (0.0, 0.0),
        sag_pitches=float(rng.uniform(-bad, bad)) if rows else 0.0,  # not learned from: the finder takes it away
    )


def some_cells(rng: np.random.Generator, cut: Cut) -> tuple[NDArray[np.uint8], Floats, NDArray[np.int64]]:
    """Patches of one drawn zone as a finder that errs a little cuts them, the usual spread, and what each one shows."""
    lines = invented.zone(rng) if rng.random() < 0.35 else invented.characters(rng)
    bad = float(rng.uniform(0.05, LEARNED_TO))
    print = print_of(bad, cut, rng)
    pitch = float(np.exp(rng.uniform(np.log(11), np.log(36))))
    picture = draw(lines, print, view_of(bad, pitch, rng), damage_of(bad, rng), rng)
    return cells_of(picture, print.spacing_pitches, pitch, rng)


def cells_of(
    picture: Picture, spacing: float, pitch: float, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], Floats, NDArray[np.int64]]:
    """The patches of a picture: every character, and some places where there is none."""
    width, count = len(picture.lines[0]), len(picture.lines)
    across = np.tile(np.arange(width, dtype=np.float64), count)
    lines = np.repeat(np.arange(count), width)
    shows = np.array([ALPHABET.index(letter) for line in picture.lines for letter in line])
    beside = rng.choice([-1.6, -1.0, -0.7, width - 0.3, width, width + 0.6], size=3)
    between = rng.integers(0, width - 1, size=2 * count) + rng.uniform(0.42, 0.58, size=2 * count)
    off = rng.integers(0, width, size=2)
    none = np.concatenate([beside, between, off])
    none_lines = np.concatenate(
        [rng.integers(0, count, size=3 + 2 * count).astype(np.float64), [-1.0 / spacing, count - 1 + 1.1 / spacing]]
    )
    across, down = np.concatenate([across, none]), np.concatenate([lines, none_lines])
    shows = np.concatenate([shows, np.full(len(none), NONE)])
    whole = rng.normal(0, [0.03, 0.04, 0.015, 0.03, 0.012])  # the finder errs for all alike, and for each a little
    fault = whole + rng.normal(0, [0.03, 0.03, 0.02, 0.03, 0.01], (len(across), 5))
    cells = patches(picture, across, down, spacing, fault, finer(pitch))
    spread = spread_of(cells)
    usual = float(np.median(spread[: width * count]) * rng.uniform(0.9, 1.1))
    return cells, np.full(len(cells), usual, np.float32), shows
