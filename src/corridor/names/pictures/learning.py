"""How the weights of the letters are learned: steps of Adam over drawn patches, in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corridor.names.pictures.cells import CELL_COLUMNS, CELL_ROWS, evened
from corridor.names.pictures.glyphs import Cut, Floats
from corridor.names.pictures.letters import (
    FIRST,
    FIRST_STEP,
    FIRST_WINDOW,
    LAYERS,
    SECOND,
    SECOND_STEP,
    SECOND_WINDOW,
    SIGNS,
    THIRD,
    Letters,
    windows,
)
from corridor.names.pictures.samples import some_cells

BATCH: Final = 256
RATE: Final = 0.003
MEMORY: Final = (0.9, 0.999)
SURE_AT_MOST: Final = 0.02
"""So much of the truth is spread over all signs, so that the odds stay honest."""


def drawn(pictures: int, cut: Cut, rng: np.random.Generator) -> tuple[NDArray[np.uint8], Floats, NDArray[np.int64]]:
    """The patches of so many drawn zones."""
    found = [some_cells(rng, cut) for _ in range(pictures)]
    cells, usual, shows = zip(*found, strict=True)
    return np.concatenate(cells), np.concatenate(usual), np.concatenate(shows)


def begun(rng: np.random.Generator) -> Letters:
    """Weights that know nothing yet."""
    flat = -(-CELL_ROWS // 4) * -(-CELL_COLUMNS // 4) * SECOND
    shapes = {
        "first": (FIRST, FIRST_WINDOW**2),
        "second": (SECOND, SECOND_WINDOW**2 * FIRST),
        "third": (THIRD, flat),
        "last": (len(SIGNS), THIRD),
    }
    weights = {name: (rng.normal(0, np.sqrt(2 / shape[1]), shape)).astype(np.float32) for name, shape in shapes.items()}
    return Letters(weights, {name: np.zeros(shape[0], np.float32) for name, shape in shapes.items()})


def learn(
    cells: NDArray[np.uint8],
    usual: Floats,
    shows: NDArray[np.int64],
    *,
    epochs: int,
    rng: np.random.Generator,
    progress: Callable[[str], None],
) -> Letters:
    """The weights after so many passes over the patches."""
    letters = begun(rng)
    moments = {key: (np.zeros_like(value), np.zeros_like(value)) for key, value in _all(letters).items()}
    steps = epochs * (len(cells) // BATCH)
    step = 0
    for epoch in range(epochs):
        order = rng.permutation(len(cells))
        lost = []
        for begin in range(0, len(cells) - BATCH + 1, BATCH):
            rows = order[begin : begin + BATCH]
            step += 1
            loss, slopes = slopes_of(letters, evened(cells[rows], usual[rows]), shows[rows])
            lost.append(loss)
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps)) + 1e-5
            for key, value in _all(letters).items():
                first, second = moments[key]
                first += (1 - MEMORY[0]) * (slopes[key] - first)
                second += (1 - MEMORY[1]) * (slopes[key] ** 2 - second)
                value -= (
                    rate * first / (1 - MEMORY[0] ** step) / (np.sqrt(second / (1 - MEMORY[1] ** step)) + 1e-8)
                ).astype(np.float32)
        progress(f"pass {epoch + 1} of {epochs}: loss {np.mean(lost):.4f}")
    return letters


def slopes_of(letters: Letters, values: Floats, shows: NDArray[np.int64]) -> tuple[float, dict[str, Floats]]:
    """The loss (cross entropy) of a batch and its slope by every weight and offset (`name` and `name+`)."""
    count = len(values)
    seen = windows(values[..., None], FIRST_WINDOW, FIRST_STEP)
    first = np.maximum(letters.layer("first", seen), 0)
    seen_2 = windows(first, SECOND_WINDOW, SECOND_STEP)
    second = np.maximum(letters.layer("second", seen_2), 0)
    flat = second.reshape(count, -1)
    third = np.maximum(letters.layer("third", flat), 0)
    scores = letters.layer("last", third)
    scores = scores - scores.max(1, keepdims=True)
    odds = np.exp(scores)
    odds /= odds.sum(1, keepdims=True)
    truth = np.full_like(odds, SURE_AT_MOST / len(SIGNS))
    truth[np.arange(count), shows] += 1 - SURE_AT_MOST
    loss = float(-np.log(odds[np.arange(count), shows] + 1e-12).mean())
    found: dict[str, Floats] = {}

    def layer(name: str, slope: Floats, held: Floats) -> Floats:
        slope, held = slope.reshape(-1, slope.shape[-1]), held.reshape(-1, held.shape[-1])
        found[name], found[f"{name}+"] = slope.T @ held, slope.sum(0)
        before: Floats = slope @ letters.weights[name]
        return before

    slope = layer("last", (odds - truth) / count, third) * (third > 0)
    slope = layer("third", slope, flat).reshape(second.shape) * (second > 0)
    back = layer("second", slope, seen_2).reshape(seen_2.shape)
    layer("first", _gathered(back, first.shape, SECOND_WINDOW, SECOND_STEP) * (first > 0), seen)
    return loss, found


def _gathered(slopes: Floats, shape: tuple[int, ...], size: int, step: int) -> Floats:
    """The slopes of windows added up at the places they were cut from: `windows`, backwards."""
    count, rows, columns, channels = shape
    border = size // 2
    wide = np.zeros((count, rows + 2 * border, columns + 2 * border, channels), np.float32)
    high, broad = slopes.shape[1:3]
    cut = slopes.reshape(count, high, broad, size, size, channels)
    for row in range(size):
        for column in range(size):
            wide[:, row : row + step * high : step, column : column + step * broad : step] += cut[:, :, :, row, column]
    return wide[:, border : border + rows, border : border + columns]


def _all(letters: Letters) -> dict[str, Floats]:
    """Every array that is learned, by the name its slope has."""
    return {name: letters.weights[name] for name in LAYERS} | {f"{name}+": letters.offsets[name] for name in LAYERS}
