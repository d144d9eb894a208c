"""Which names lie near a query: vectors in 8 bits, kept in lists around centres that the model brings along.

The centres never depend on what is in the index, so neither do the answers on the order in which it came. Dot products
of bytes are whole numbers that float32 holds exactly: they do not depend on how a matrix is cut into blocks.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.weights import Bytes, Floats
from corridor.names.storage import Slots, grown

EXACT_MAX = 30_000
"""Up to so many names all are looked through; above, the nearest lists until `SHARE` of the names was seen."""
SHARE = 0.3
"""A name typed wrong lies far from its own: half this share loses twice as many of those that a whole look finds."""
ROWS_AT_ONCE = 1_024
"""About so many vectors are widened at once: what the processor keeps at hand."""

MERGED_AFTER = 8
"""After so many lists with something nearer, a query's finds are cut to the nearest."""

Found: TypeAlias = tuple[Slots, Floats]
"""Slots and their cosines with the query."""


class Lists:
    """Vectors by list; `size` of them in all."""

    def __init__(self, centres: Bytes) -> None:
        self.size = 0
        self._centres = centres.astype(np.float32)
        dimensions = centres.shape[1]
        self._vectors: list[Bytes] = [np.zeros((0, dimensions), np.int8) for _ in centres]
        self._slots: list[Slots] = [np.zeros(0, np.int32) for _ in centres]
        self._norms: list[Floats] = [np.zeros(0, np.float32) for _ in centres]
        self._sizes = np.zeros(len(centres), np.int64)
        self._rooms = threading.local()

    def near(self, vectors: Bytes) -> NDArray[np.int64]:
        """Which list each vector belongs to."""
        nearest: NDArray[np.int64] = np.argmax(vectors.astype(np.float32) @ self._centres.T, axis=1)
        return nearest

    def add(self, slots: Slots, vectors: Bytes) -> None:
        """Put vectors into their lists."""
        if not len(slots):
            return
        lists = np.concatenate([self.near(some) for some in np.array_split(vectors, len(vectors) // 65_536 + 1)])
        order = np.argsort(lists, kind="stable")
        firsts = np.flatnonzero(np.diff(lists[order], prepend=-1))
        for rows in np.split(order, firsts[1:]):
            place = int(lists[rows[0]])
            size, needed = int(self._sizes[place]), int(self._sizes[place]) + len(rows)
            self._vectors[place] = grown(self._vectors[place], needed)
            self._slots[place] = grown(self._slots[place], needed)
            self._norms[place] = grown(self._norms[place], needed)
            self._vectors[place][size:needed] = vectors[rows]
            self._slots[place][size:needed] = slots[rows]
            self._norms[place][size:needed] = _norms(vectors[rows])
            self._sizes[place] = needed
        self.size += len(slots)

    def drop(self, slot: int, vector: Bytes) -> None:
        """Take one vector out; the last of its list moves to its place, and the bytes left over are cleared."""
        place = int(self.near(vector[None, :])[0])
        last = int(self._sizes[place]) - 1
        here = np.flatnonzero(self._slots[place][: last + 1] == slot)
        assert len(here) == 1, "a name that is in the index lies in the list its vector says"
        kept: tuple[NDArray[Any], ...] = (self._vectors[place], self._slots[place], self._norms[place])
        for rows in kept:
            rows[here[0]] = rows[last]
            rows[last] = 0
        self._sizes[place] = last
        self.size -= 1

    def search(self, query: Bytes, wanted: int) -> Found:
        """The `wanted` names nearest to a query, and all that are as near as the last of them, in no order."""
        asked = query.astype(np.float32)
        chosen = self._chosen(asked[None, :])[0]
        if not len(chosen):
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        places = list(zip(chosen.tolist(), self._sizes[chosen].tolist(), strict=True))
        cosines = self._cosines(places, asked)
        return _nearest(np.concatenate([self._slots[place][:size] for place, size in places]), cosines, wanted)

    def _cosines(self, places: Sequence[tuple[int, int]], asked: Floats) -> Floats:
        """The cosines of all vectors of these lists of such sizes, one list after the other."""
        ends = np.cumsum([size for _, size in places])
        found = np.empty(int(ends[-1]), np.float32)
        firsts = np.flatnonzero(np.diff((ends - 1) // ROWS_AT_ONCE, prepend=-1)).tolist()
        last = 0
        for begin, end in pairwise([*firsts, len(places)]):
            first, last = last, int(ends[end - 1])
            widened, norms = self._room(last - first)
            np.concatenate([self._vectors[place][:size] for place, size in places[begin:end]], out=widened)
            np.concatenate([self._norms[place][:size] for place, size in places[begin:end]], out=norms)
            np.dot(widened, asked, out=found[first:last])
            found[first:last] /= norms
        found /= np.sqrt(asked @ asked)
        return found

    def _room(self, rows: int) -> tuple[Floats, Floats]:
        """Where so many vectors are widened and their norms put together: kept for each thread, as fresh memory costs
        as much as what is worked out in it."""
        kept: tuple[Floats, Floats] | None = getattr(self._rooms, "kept", None)
        if kept is None or len(kept[1]) < rows:
            size = max(rows, 2 * ROWS_AT_ONCE)
            kept = np.empty((size, self._centres.shape[1]), np.float32), np.empty(size, np.float32)
            self._rooms.kept = kept
        return kept[0][:rows], kept[1][:rows]

    def search_many(self, queries: Bytes, wanted: int) -> list[Found]:
        """The same for many queries, list by list, so that each list is read once."""
        asked = queries.astype(np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", asked, asked))
        chosen = self._chosen(asked)
        found: list[list[Found]] = [[] for _ in queries]
        least = np.full(len(queries), -np.inf, np.float32)
        first = np.array([places[0] if len(places) else -1 for places in chosen])
        asking: list[list[int]] = [[] for _ in self._sizes]
        for number, places in enumerate(chosen):
            for place in places[1:]:
                asking[place].append(number)
        for place in np.unique(first[first >= 0]):
            self._look(int(place), np.flatnonzero(first == place), asked, lengths, least, found, wanted)
        for place, numbers in enumerate(asking):
            if numbers:
                self._look(place, np.array(numbers), asked, lengths, least, found, wanted)
        return [_joined(some, wanted) for some in found]

    def _look(
        self,
        place: int,
        numbers: NDArray[np.int64],
        asked: Floats,
        lengths: Floats,
        least: Floats,
        found: list[list[Found]],
        wanted: int,
    ) -> None:
        """Look through one list for these queries; what is nearer than the least known so far is kept."""
        size = int(self._sizes[place])
        block = self._vectors[place][:size].astype(np.float32)
        slots, norms = self._slots[place][:size], self._norms[place][:size]
        cosines = (asked[numbers] @ block.T) / (lengths[numbers, None] * norms)
        near = np.flatnonzero(cosines >= least[numbers, None])
        if not len(near):
            return
        rows, columns = np.divmod(near, size)
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(rows)], strict=True):
            row, here = int(rows[start]), columns[start:end]
            number = int(numbers[row])
            found[number].append((slots[here], cosines[row, here]))
            if least[number] == -np.inf or len(found[number]) >= MERGED_AFTER:
                merged = _joined(found[number], wanted)
                found[number] = [merged]
                if len(merged[0]) >= wanted:
                    least[number] = merged[1].min()

    def _chosen(self, asked: Floats) -> list[NDArray[np.int64]]:
        """The lists to look through for each query, nearest first; empty ones are left out."""
        order = np.argsort(-(asked @ self._centres.T), axis=1, kind="stable")
        sizes = self._sizes[order]
        seen = np.cumsum(sizes, axis=1)
        enough = self.size if self.size <= EXACT_MAX else max(EXACT_MAX, int(self.size * SHARE))
        looked = (sizes > 0) & (seen - sizes < enough)
        return [row[some] for row, some in zip(order, looked, strict=True)]


def _norms(vectors: Bytes) -> Floats:
    whole = vectors.astype(np.float32)
    norms: Floats = np.sqrt(np.einsum("ij,ij->i", whole, whole))
    norms[norms == 0] = 1.0
    return norms


def _nearest(slots: Slots, cosines: Floats, wanted: int) -> Found:
    if len(cosines) <= wanted:
        return slots, cosines
    least = np.partition(cosines, len(cosines) - wanted)[len(cosines) - wanted]
    kept = cosines >= least
    return slots[kept], cosines[kept]


def _joined(found: list[Found], wanted: int) -> Found:
    if not found:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    if len(found) == 1:
        return _nearest(*found[0], wanted)
    return _nearest(np.concatenate([some[0] for some in found]), np.concatenate([some[1] for some in found]), wanted)
