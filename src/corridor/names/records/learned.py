"""How alike are names by the learned vectors of their parts? What linking takes from the engine that finds names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.described import SCRIPTS
from corridor.names.model.weights import Floats, Model
from corridor.names.normalise import keys, part_of
from corridor.names.reasons import is_patronymic
from corridor.names.records.likeness import (
    OTHER_PART_MAX,
    OTHER_PART_MAX_IN_ONE_SCRIPT,
    SAME_PART_MIN,
    Alike,
    Places,
)

PARTS_KEPT = 6
"""Parts of a name that are compared: what a border list and a passport have in common lies among the first."""

SPELLINGS_KEPT = 4
"""Spellings of one person that are compared."""

PAIRS_AT_ONCE = 8_192
ASKED_AT_ONCE, COSINES_AT_ONCE = 1_024, 1 << 24
"""Who is asked for at once: fewer among many, so that what lies in memory stays small."""


class LearnedNames:
    """Names engine for linking: `LearnedNames(model)` called with the names of records."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, names: Sequence[Sequence[str]]) -> LearnedCompared:
        """Make the names of records ready to be compared."""
        return compared(self.model, names)


@dataclass(frozen=True, slots=True)
class LearnedCompared:
    """Names as vectors. A row of `parts` holds the places of a spelling's parts in `vectors`, -1 behind the last;
    `spellings` the places of a record's rows, -1 behind the last; `scripts` a spelling's script; `whole` the
    direction of the first spelling.
    """

    vectors: Floats
    weights: Floats
    patronymic: NDArray[np.bool_]
    parts: NDArray[np.int32]
    spellings: NDArray[np.int32]
    scripts: NDArray[np.uint8]
    whole: Floats

    def nearest(self, asked: Places, among: Places, k: int) -> tuple[Places, Places]:
        """The `k` nearest by the cosine of whole names, of the first spelling of each record."""
        others = self.whole[among]
        firsts: list[Places] = []
        seconds: list[Places] = []
        at_once = min(ASKED_AT_ONCE, COSINES_AT_ONCE // max(1, len(among)) + 1)
        for begin in range(0, len(asked), at_once):
            some = asked[begin : begin + at_once]
            cosines = self.whole[some] @ others.T
            cosines[some[:, None] == among[None, :]] = -1.0
            count = min(k, len(among))
            places = np.argpartition(cosines, len(among) - count, axis=1)[:, len(among) - count :]
            near = np.take_along_axis(cosines, places, axis=1) > NEAR_MIN
            rows, columns = np.nonzero(near)
            firsts.append(some[rows])
            seconds.append(among[places[rows, columns]])
        return np.concatenate(firsts), np.concatenate(seconds)

    def of_pairs(self, first: Places, second: Places) -> Alike:
        """How much of the shorter name is met in the longer, and how well its least met part."""
        best, kin = np.full(len(first), -1, np.float32), np.zeros(len(first), np.bool_)
        for one in range(self.spellings.shape[1]):
            for other in range(self.spellings.shape[1]):
                rows, others = self.spellings[first, one], self.spellings[second, other]
                there = np.flatnonzero((rows >= 0) & (others >= 0))
                for some in _chunks(there):
                    found = self._alike(rows[some], others[some])
                    better = found.likeness > best[some]
                    best[some[better]], kin[some[better]] = found.likeness[better], found.kin[better]
        return Alike(np.maximum(best, 0), kin)

    def _alike(self, rows: NDArray[np.int32], others: NDArray[np.int32]) -> Alike:
        parts, theirs = self._cut(rows), self._cut(others)
        cosines = np.einsum("pid,pjd->pij", self.vectors[parts], self.vectors[theirs], optimize=True)
        one_script = self.scripts[rows] == self.scripts[others]
        apart = np.where(one_script, np.float32(OTHER_PART_MAX_IN_ONE_SCRIPT), np.float32(OTHER_PART_MAX))
        return alike(cosines, self._weights(parts, theirs), self._weights(theirs, parts), apart)

    def _cut(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """The parts of these names, without the empty columns behind."""
        parts = self.parts[rows]
        return parts[:, : max(1, int((parts >= 0).sum(axis=1).max()))]

    def _weights(self, parts: NDArray[np.int32], others: NDArray[np.int32]) -> Floats:
        """How telling each part is. A patronymic counts for nothing where the other name has none."""
        there = parts >= 0
        mine = self.patronymic[parts] & there
        theirs = np.any(self.patronymic[others] & (others >= 0), axis=1, keepdims=True)
        dropped = mine & ~theirs & np.any(there & ~mine, axis=1, keepdims=True)
        return np.where(there & ~dropped, self.weights[parts], np.float32(0))


NEAR_MIN = 0.3
"""Names less alike than this (cosine of whole names) are no candidates by name."""

LEFT_OVER_COSTS = 0.1
"""What is taken off when nothing but one part of a long name is met: names in lists and passports differ in length."""

ONE_PART_MAX = 0.6
"""The most that names can be alike of which one part only can be compared."""


def alike(cosines: Floats, weights: Floats, others: Floats, apart: Floats) -> Alike:
    """The likeness of pairs of names from the cosines of their parts (pair, part, part) and how telling each part is.

    `apart`: at most so alike are two parts that show two people of one family. A weight of 0: no part. Each part is met
    by one part of the other name at most, the most alike first. Half of the likeness is how much of the name with fewer
    parts is met (of two with as many: the mean, so that it is the same both ways), half how well its least met part: of
    people of one family only the given name differs.
    """
    few, many = (weights > 0).sum(axis=1), (others > 0).sum(axis=1)
    left = np.where((weights > 0)[:, :, None] & (others > 0)[:, None, :], cosines, np.float32(-1))
    pairs, wide, broad = left.shape
    every = np.arange(pairs)
    met, met_others = np.zeros((pairs, wide), np.float32), np.zeros((pairs, broad), np.float32)
    for _ in range(min(wide, broad)):
        best = left.reshape(pairs, -1).argmax(axis=1)
        row, column = best // broad, best % broad
        value = np.maximum(left[every, row, column], 0)
        met[every, row] = np.maximum(met[every, row], value)
        met_others[every, column] = np.maximum(met_others[every, column], value)
        left[every, row, :] = -1
        left[every, :, column] = -1
    mine, theirs = _covered(met, weights), _covered(met_others, others)
    mean = (mine + theirs) / 2
    covered = np.where(few < many, mine, np.where(few > many, theirs, mean))
    least = np.where(
        few <= many,
        np.where(weights > 0, met, 1).min(axis=1),
        np.where(others > 0, met_others, 1).min(axis=1),
    )
    left_over = 1 - np.where(few < many, theirs, np.where(few > many, mine, mean))
    found = (covered + least) / 2 - LEFT_OVER_COSTS * left_over
    found = np.where(np.minimum(few, many) == 1, np.minimum(found, ONE_PART_MAX), found)
    likeness = np.where(np.minimum(few, many) > 0, np.clip(found, 0, 1), 0).astype(np.float32)
    most = met.max(axis=1)
    kin = (np.minimum(few, many) >= 2) & (most >= SAME_PART_MIN) & (least <= apart)
    return Alike(likeness, kin)


def _covered(met: Floats, weights: Floats) -> Floats:
    """How much of a name is met, telling parts counting for more."""
    answer: Floats = (met * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), np.float32(1e-9))
    return answer


def _chunks(places: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for begin in range(0, len(places), PAIRS_AT_ONCE):
        yield places[begin : begin + PAIRS_AT_ONCE]


def compared(model: Model, names: Sequence[Sequence[str]]) -> LearnedCompared:
    """The names of records as vectors; parts are told apart once, however many names share them."""
    known: dict[str, int] = {}
    rows: list[list[int]] = []
    scripts: list[int] = []
    spellings = np.full((len(names), max(1, min(SPELLINGS_KEPT, max(map(len, names), default=1)))), -1, np.int32)
    for record, some in enumerate(names):
        place = 0
        for name in some[:SPELLINGS_KEPT]:
            found = keys(name)[:PARTS_KEPT]
            if found:
                spellings[record, place] = len(rows)
                scripts.append(SCRIPTS.index(part_of(found[0]).script))
                rows.append([known.setdefault(key, len(known)) for key in found])
                place += 1
    parts = np.full((len(rows), PARTS_KEPT), -1, np.int32)
    for row, found_parts in enumerate(rows):
        parts[row, : len(found_parts)] = found_parts
    vectors = model.part_vectors(list(known)) if known else np.zeros((1, model.dimensions), np.float32)
    weights = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    whole = np.zeros((len(names), vectors.shape[1]), np.float32)
    for column in range(PARTS_KEPT):
        here = np.flatnonzero(spellings[:, 0] >= 0)
        numbers = parts[spellings[here, 0], column]
        there = numbers >= 0
        whole[here[there]] += vectors[numbers[there]]
    whole /= np.maximum(np.sqrt(np.einsum("ij,ij->i", whole, whole)), 1e-9)[:, None]
    patronymic = np.array([is_patronymic(part_of(key)) for key in known] or [False])
    return LearnedCompared(
        vectors / np.maximum(weights, 1e-9)[:, None],
        weights,
        patronymic,
        parts,
        spellings,
        np.array(scripts, np.uint8),
        whole,
    )
