"""What comes between a document and its picture: light, shadow, glare, unsharpness, noise and JPEG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from corridor.names.pictures.glyphs import Floats, spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """How badly a picture is spoilt. Lengths are in pitches, from one character to the next: size changes nothing."""

    blur_pitches: float = 0.0  # sigma of unsharpness
    motion_pitches: float = 0.0  # sigma along the line, as of a hand that moves
    noise: float = 0.0  # sigma, of 255
    light: float = 0.0  # how much darker one side is than the other, 0 to 1
    shadow: float = 0.0  # how much an edge of shadow takes, 0 to 1
    glare: float = 0.0  # how much a bright spot adds, of 255
    jpeg: int = 100  # quality; 100: not packed


_LUMINANCE: Final = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    np.float32,
)
"""The luminance table of ITU-T T.81, annex K.1, at quality 50."""


def spoilt(picture: Floats, damage: Damage, pitch: float, rng: np.random.Generator) -> Floats:
    """The picture (rows x columns, 0 to 255) as a camera gives it; `pitch`: pixels from character to character."""
    rows, columns = picture.shape
    y, x = (
        (np.arange(rows, dtype=np.float32) / rows)[:, None],
        (np.arange(columns, dtype=np.float32) / columns)[None, :],
    )
    if damage.light:
        angle = rng.uniform(0, 2 * np.pi)
        side = np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)
        picture = picture * (1 - damage.light * (0.5 + side).clip(0, 1))
    if damage.shadow:
        angle, at, soft = rng.uniform(0, 2 * np.pi), rng.uniform(-0.3, 0.3), rng.uniform(0.005, 0.08)
        side = (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5) - at) / soft
        picture = picture * (1 - damage.shadow / (1 + np.exp(-side.clip(-30, 30))))
    if damage.glare:
        size = rng.uniform(2, 6) * pitch
        away = ((x - rng.uniform(0.2, 0.8)) * columns / size) ** 2 + ((y - rng.uniform(0.2, 0.8)) * rows / size) ** 2
        picture = picture + damage.glare * np.exp(-away / 2)
    picture = spread(picture, damage.blur_pitches * pitch, 0)
    picture = spread(picture, float(np.hypot(damage.blur_pitches, damage.motion_pitches)) * pitch, 1)
    if damage.noise:
        picture = picture + rng.normal(0, damage.noise, picture.shape).astype(np.float32)
    picture = picture.clip(0, 255)
    return packed_as_jpeg(picture, damage.jpeg) if damage.jpeg < 100 else picture


def packed_as_jpeg(picture: Floats, quality: int) -> Floats:
    """The picture after JPEG's cosine transform and rounding, quality 1 to 99; the rest of JPEG loses nothing."""
    rows, columns = picture.shape
    whole = np.pad(picture, ((0, -rows % 8), (0, -columns % 8)), mode="edge") - 128
    blocks = whole.reshape(whole.shape[0] // 8, 8, whole.shape[1] // 8, 8).transpose(0, 2, 1, 3)
    scale = 50 / quality if quality < 50 else 2 - quality / 50
    steps = np.maximum(np.round(_LUMINANCE * scale), 1)
    turned = np.round((_COSINES @ blocks @ _COSINES.T) / steps) * steps
    back = (_COSINES.T @ turned @ _COSINES).transpose(0, 2, 1, 3).reshape(whole.shape) + 128
    found: Floats = back[:rows, :columns].clip(0, 255)
    return found


def _cosines() -> Floats:
    place = np.arange(8)
    table = np.cos((2 * place[None, :] + 1) * place[:, None] * np.pi / 16) * 0.5
    table[0] /= np.sqrt(2)
    return table.astype(np.float32)


_COSINES: Final = _cosines()
