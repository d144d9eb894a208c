"""How do the characters of a zone look? OCR-B in two cuts and any weight, as ink per place of a cell.

The shapes are those of the `msk-ocrb` sources of Norbert Schwarz ("you may freely use, modify and/or distribute this
file, without limitation") and Matthew Skala (public domain), as Debian's fonts-ocr-b 0.3 ships them, drawn once at 96
places a pitch. The font itself is not part of the project.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.names.mrz.checking import ALPHABET

Floats: TypeAlias = NDArray[np.float32]
Cut = Literal["round_ends", "sharp_ends"]

PITCH_PLACES: Final = 96
"""Places of a shape from one character to the next."""
HEIGHT_PLACES: Final = 160
"""Places of a shape from top to bottom; the middle of the capitals is in the middle."""
SOFT_PLACES: Final = 3.0
"""How far a stroke's edge is softened, so that a threshold makes it bolder or lighter."""


@cache
def softened(cut: Cut) -> Floats:
    """Every character of `ALPHABET` as soft-edged ink, 0 to 1: characters x `HEIGHT_PLACES` x `PITCH_PLACES`."""
    raw = files("corridor.names.pictures").joinpath("tables/glyphs-1.npz").read_bytes()
    packed = np.load(io.BytesIO(raw), allow_pickle=False)[cut]
    shapes = np.unpackbits(packed, axis=2)[:, :, :PITCH_PLACES].astype(np.float32)
    assert len(shapes) == len(ALPHABET), "a shape for every character of a zone"
    return spread(spread(shapes, SOFT_PLACES, 1), SOFT_PLACES, 2)


def spread(values: Floats, sigma: float, axis: int) -> Floats:
    """Values blurred along one axis by a bell curve of `sigma` places; edges are continued."""
    if sigma <= 0.05:
        return values
    reach = max(1, int(np.ceil(2.5 * sigma)))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2).astype(np.float32)
    weights /= weights.sum()
    size = values.shape[axis]
    wide = np.pad(values, [(reach, reach) if at == axis else (0, 0) for at in range(values.ndim)], mode="edge")
    found = np.zeros_like(values)
    for place, weight in enumerate(weights):
        found += weight * np.take(wide, range(place, place + size), axis=axis)
    return found


def inked(cut: Cut, pitch: int, *, boldness: float, height: float, slant: float) -> Floats:
    """Shapes at `pitch` places a character: characters x rows x `2 * pitch`, each in the middle of a box twice as wide.

    `boldness` from -1 (light) to 1 (bold); `height` stretches upwards (1: as drawn); `slant` is the shift to the right
    in rows a row up.
    """
    ink = np.clip((softened(cut) - (0.5 - 0.3 * boldness)) * 6 + 0.5, 0, 1)
    rows = round(pitch * HEIGHT_PLACES / PITCH_PLACES)
    down = _resample(HEIGHT_PLACES, rows, pitch / PITCH_PLACES * height)
    across = _resample(PITCH_PLACES, 2 * pitch, pitch / PITCH_PLACES)
    drawn: Floats = np.einsum("rh,chw,pw->crp", down, ink, across, optimize=True).astype(np.float32)
    if slant:
        for row in range(rows):
            drawn[:, row] = np.roll(drawn[:, row], round(slant * (rows / 2 - row)), axis=1)
    return drawn


def _resample(before: int, after: int, scale: float) -> Floats:
    """A matrix that shrinks or stretches about the middle by `scale`, every new place a mean of what it covers."""
    centre = (np.arange(after) + 0.5 - after / 2) / scale + before / 2
    reach = max(0.5, 0.5 / scale) + 0.5
    away = np.abs(centre[:, None] - (np.arange(before)[None, :] + 0.5))
    weights = np.clip(reach - away, 0, 1)
    sums: Floats = (weights / np.maximum(weights.sum(1, keepdims=True), 1 if scale > 1 else 1 / scale)).astype(
        np.float32
    )
    return sums
