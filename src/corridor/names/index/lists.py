"""Which names lie near a query: vectors in 8 bits, kept in lists around centres that the model brings along.

The centres never depend on what is in the index, so neither do the answers on the order in which it came. Dot products
of bytes are whole numbers that float32 holds exactly: they do not depend on how a matrix is cut into blocks.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.weights import Bytes, Floats
from corridor.names.storage import Slots, grown

EXACT_MAX = 30_000
"""Up to so many names all are looked through; above, the nearest lists until `SHARE` of the names was seen."""
SHARE = 0.3
"""A name typed wrong lies far from its own: half this share loses twice as many of those that a whole look finds."""
ROWS_AT_ONCE = 1_024
"""So many vectors are widened at once: what the processor keeps at hand."""

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
        self._owners: list[NDArray[np.int32]] = [np.zeros((0, 2), np.int32) for _ in centres]  # slot; norm, by its bits
        self._sizes = np.zeros(len(centres), np.int64)

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
            self._owners[place] = grown(self._owners[place], needed)
            self._vectors[place][size:needed] = vectors[rows]
            self._owners[place][size:needed, 0] = slots[rows]
            self._owners[place][size:needed, 1] = _norms(vectors[rows]).view(np.int32)
            self._sizes[place] = needed
        self.size += len(slots)

    def drop(self, slot: int, vector: Bytes) -> None:
        """Take one vector out; the last of its list moves to its place, and the bytes left over are cleared."""
        place = int(self.near(vector[None, :])[0])
        last = int(self._sizes[place]) - 1
        here = np.flatnonzero(self._owners[place][: last + 1, 0] == slot)
        assert len(here) == 1, "a name that is in the index lies in the list its vector says"
        for rows in (self._vectors[place], self._owners[place]):
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
        cosines = self._dots(chosen, asked)
        owners = np.concatenate([self._owners[place][: self._sizes[place]] for place in chosen])
        cosines /= owners[:, 1].view(np.float32) * np.sqrt(asked @ asked)
        return _nearest(owners[:, 0], cosines, wanted)

    def _dots(self, chosen: NDArray[np.int64], asked: Floats) -> Floats:
        """The dot products of all vectors of these lists, one list after the other."""
        found = np.empty(int(self._sizes[chosen].sum()), np.float32)
        block = np.empty((ROWS_AT_ONCE, len(asked)), np.float32)
        filled = done = 0
        for place in chosen.tolist():
            vectors, size, begin = self._vectors[place], int(self._sizes[place]), 0
            while begin < size:
                taken = min(size - begin, ROWS_AT_ONCE - filled)
                block[filled : filled + taken] = vectors[begin : begin + taken]
                begin, filled = begin + taken, filled + taken
                if filled == ROWS_AT_ONCE:
                    np.dot(block, asked, out=found[done : done + filled])
                    done, filled = done + filled, 0
        np.dot(block[:filled], asked, out=found[done:])
        return found

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
        slots, norms = self._owners[place][:size, 0], self._owners[place][:size, 1].view(np.float32)
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
        full = np.flatnonzero(self._sizes)
        nearness = asked @ self._centres[full].T
        order = np.argsort(-nearness, axis=1, kind="stable")
        if self.size <= EXACT_MAX:
            return [full[row] for row in order]
        enough = max(EXACT_MAX, int(self.size * SHARE))
        seen = np.cumsum(self._sizes[full][order], axis=1)
        return [full[row[: int(np.searchsorted(sums, enough)) + 1]] for row, sums in zip(order, seen, strict=True)]


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
