"""How alike two parts sound letter by letter, over scripts: the best alignment by learned odds of each two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.weights import Floats

LETTERS_MAX = 16
ALPHABET: Final = (
    "abcdefghijklmnopqrstuvwxyz"
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїє"
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ"
    "אבגדהוזחטיכלמנסעפצקרשת׳"
)
"""The letters with learned odds: code 2 is the first. Code 0 is no letter, 1 any other."""
CODES = len(ALPHABET) + 2
_CODE = {letter: number for number, letter in enumerate(ALPHABET, start=2)}


def codes_of(texts: Sequence[str]) -> NDArray[np.uint8]:
    """The codes of the first 16 letters of each text, zeros behind."""
    codes = np.zeros((len(texts), LETTERS_MAX), np.uint8)
    for row, text in enumerate(texts):
        found = [_CODE.get(letter, 1) for letter in text[:LETTERS_MAX]]
        codes[row, : len(found)] = found
    return codes


def likeness(odds: Floats, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Floats:
    """The mean log odds per letter of the best alignment of each row of `first` with the same row of `second`.

    ``odds[a, b]`` is how much more often letters a and b stand for each other than by chance (log, natural);
    ``odds[a, 0]`` and ``odds[0, b]`` what a letter that stands for nothing costs.
    """
    total, lengths = best_totals(odds, first, second)
    return (total * 2 / np.maximum(1, lengths)).astype(np.float32)


def best_totals(odds: Floats, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> tuple[Floats, NDArray[np.int64]]:
    """The log odds of the best alignment of each row of `first` with the same row of `second`, and how many letters
    both have."""
    tables = alignment(odds, first, second)
    lengths = (first > 0).sum(axis=1), (second > 0).sum(axis=1)
    return tables[lengths[0], lengths[1], np.arange(len(first))], lengths[0] + lengths[1]


def joined_codes(codes: NDArray[np.uint8], places: NDArray[np.integer], joined: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The codes of the parts at these places, with those of the next part behind them where they are joined."""
    found = np.zeros((len(places), 2 * LETTERS_MAX), np.uint8)
    found[:, :LETTERS_MAX] = codes[places]
    rows = np.flatnonzero(joined)
    lengths = (found[rows] > 0).sum(axis=1)
    behind = codes[places[rows] + 1]
    row, column = np.nonzero(behind)
    found[rows[row], lengths[row] + column] = behind[row, column]
    return found


def alignment(odds: Floats, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Floats:
    """The best total for every two beginnings: ``[i, j, row]`` aligns i letters of the first with j of the second."""
    height, width = (int((codes > 0).sum(axis=1).max(initial=0)) for codes in (first, second))
    tables = np.zeros((height + 1, width + 1, len(first)), np.float32)
    of_first, of_second = first.T[:height].astype(np.int32) * len(odds), second.T[:width].astype(np.int32)
    pairs = np.take(odds, of_first[:, None] + of_second[None])
    lost_first, lost_second = odds[first[:, :height], 0].T, odds[0, second[:, :width]].T
    np.cumsum(lost_first, axis=0, out=tables[1:, 0])
    np.cumsum(lost_second, axis=0, out=tables[0, 1:])
    # One diagonal after the other, as no two of its places wait for each other: a place down and one back lies `width`
    # further in the flat tables, and one less in the flat pairs.
    flat = tables.reshape((height + 1) * (width + 1), len(first))
    across = pairs.reshape(height * width, len(first))
    for diagonal in range(height + width - 1 if height and width else 0):
        low, high = max(0, diagonal - width + 1), min(height, diagonal + 1)

        def places(start: int, step: int, low: int = low, high: int = high) -> slice:
            return slice(start + low * step, start + (high - 1) * step + 1, max(1, step))

        best = flat[places(diagonal, width)] + across[places(diagonal, width - 1)]
        np.maximum(best, flat[places(diagonal + 1, width)] + lost_first[low:high], out=best)
        beside = lost_second[diagonal - high + 1 : diagonal - low + 1][::-1]
        above = flat[places(diagonal + width + 1, width)]
        np.maximum(best, above + beside, out=flat[places(diagonal + width + 2, width)])
    return tables
