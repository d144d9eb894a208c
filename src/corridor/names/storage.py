"""How an index keeps a million texts and what points to them without a Python object for each."""

from __future__ import annotations

import math
import mmap
import zlib
from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Slots: TypeAlias = NDArray[np.int32]

_PRIVATE: dict[str, int] = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
"""A process that forks keeps an index of its own; elsewhere than on Unix there are no flags and no forks."""

Scalar = TypeVar("Scalar", bound=np.generic)

SLACK = 1.125
OWN_PAGES_MIN = 1 << 16
"""Arrays of so many bytes lie in pages of their own, which go back to the system when the array is outgrown."""


def grown(rows: NDArray[Scalar], needed: int) -> NDArray[Scalar]:
    """The array with room for at least `needed` rows; new rows are zero."""
    if needed <= len(rows):
        return rows
    shape = (max(needed, int(len(rows) * SLACK) + 16), *rows.shape[1:])
    larger: NDArray[Scalar]
    if math.prod(shape) * rows.itemsize < OWN_PAGES_MIN:
        larger = np.zeros(shape, rows.dtype)
    else:
        # In the heap, a thousand lists that grow side by side leave holes as large as half of what they keep.
        larger = np.ndarray(shape, rows.dtype, mmap.mmap(-1, math.prod(shape) * rows.itemsize, **_PRIVATE))
    larger[: len(rows)] = rows
    return larger


class Texts:
    """Texts by slot in one run of bytes. A text that is dropped is overwritten at once."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._starts = np.zeros(0, np.int64)
        self._lengths = np.zeros(0, np.int32)
        self._dead = 0

    def put(self, slot: int, text: str) -> None:
        """Keep the text of a slot that has none."""
        raw = text.encode("utf-8", "surrogatepass")
        self._starts = grown(self._starts, slot + 1)
        self._lengths = grown(self._lengths, slot + 1)
        self._starts[slot], self._lengths[slot] = len(self._bytes), len(raw)
        self._bytes += raw

    def get(self, slot: int) -> str:
        """The text of a slot."""
        start = int(self._starts[slot])
        return self._bytes[start : start + int(self._lengths[slot])].decode("utf-8", "surrogatepass")

    def drop(self, slot: int) -> None:
        """Forget the text of a slot."""
        start, length = int(self._starts[slot]), int(self._lengths[slot])
        self._bytes[start : start + length] = bytes(length)
        self._lengths[slot] = 0
        self._dead += length
        if self._dead > 65_536 and self._dead * 2 > len(self._bytes):
            self._pack()

    def _pack(self) -> None:
        packed = bytearray()
        for slot in np.flatnonzero(self._lengths):
            start, length = int(self._starts[slot]), int(self._lengths[slot])
            self._starts[slot] = len(packed)
            packed += self._bytes[start : start + length]
        self._bytes, self._dead = packed, 0


def hashed(text: str) -> int:
    """Under which number a text is posted."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


class Postings:
    """Which slots a number points to: sorted arrays, and a small dictionary of what came since they were sorted."""

    def __init__(self) -> None:
        self._numbers = np.zeros(0, np.uint32)
        self._slots = np.zeros(0, np.int32)
        self._waiting: list[tuple[NDArray[np.uint32], Slots]] = []
        self._recent: dict[int, list[int]] = {}
        self._recent_count = 0

    def add(self, numbers: Sequence[int], slots: Sequence[int], *, many: bool = False) -> None:
        """Post slots. When there are `many`, they are found only once `settle` was called."""
        if many:
            self._waiting.append((np.array(numbers, np.uint32), np.array(slots, np.int32)))
            return
        for number, slot in zip(numbers, slots, strict=True):
            self._recent.setdefault(number, []).append(slot)
        self._recent_count += len(numbers)
        if self._recent_count > 4_096 + len(self._slots) // 16:
            self.settle()

    def settle(self) -> None:
        """Sort in all that came since the last time, and leave out what was taken back."""
        recent = [(number, slot) for number, some in self._recent.items() for slot in some]
        live = self._slots >= 0
        self._waiting.append(
            (np.array([row[0] for row in recent], np.uint32), np.array([row[1] for row in recent], np.int32))
        )
        numbers = np.concatenate([self._numbers[live], *(some for some, _ in self._waiting)])
        slots = np.concatenate([self._slots[live], *(some for _, some in self._waiting)])
        order = np.argsort(numbers, kind="stable")
        self._numbers, self._slots = numbers[order], slots[order]
        self._waiting, self._recent, self._recent_count = [], {}, 0

    def remove(self, number: int, slot: int) -> None:
        """Take back one posting."""
        recent = self._recent.get(number, [])
        if slot in recent:
            recent.remove(slot)
            self._recent_count -= 1
            if not recent:
                del self._recent[number]
            return
        first, last = (int(np.searchsorted(self._numbers, np.uint32(number), side)) for side in ("left", "right"))
        here = first + np.flatnonzero(self._slots[first:last] == slot)
        assert len(here), "only what was posted is taken back"
        self._slots[here[0]] = -1

    def slots(self, numbers: Iterable[int]) -> Slots:
        """Every slot posted under any of the numbers, each once, in order."""
        asked = np.array(sorted(set(numbers)), np.uint32)  # of another type, all numbers would be copied first
        firsts = np.searchsorted(self._numbers, asked)
        lasts = np.searchsorted(self._numbers, asked, "right")
        found = [self._slots[first:last] for first, last in zip(firsts, lasts, strict=True) if last > first]
        found += [np.array(self._recent[int(number)], np.int32) for number in asked if int(number) in self._recent]
        every = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int32)
        return every[every >= 0]
