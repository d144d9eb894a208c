"""Which buckets of the model the parts of names fall into: hashes of their character n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.names.normalise import ABD, ARTICLE, PART_CHARS_MAX

Ints: TypeAlias = NDArray[np.int32]

LENGTHS = (2, 3, 4, 5)
SHORT_MAX = 3
"""N-grams up to this length share the lower half of the buckets, so that rare long ones never blur them."""
BUCKETS = 1 << 17
_HALF = BUCKETS // 2
_START, _END = 2, 3
_STEP = np.uint32(0x01000193)
_WHOLE = 7


@dataclass(frozen=True, slots=True)
class Grams:
    """The buckets of several parts one after the other; part `i` has those from ``starts[i]`` to ``starts[i + 1]``."""

    buckets: Ints
    starts: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many buckets each part has; at least one."""
        return np.diff(np.append(self.starts, len(self.buckets)))


def grams_of(keys: Sequence[str]) -> Grams:
    """The buckets of each key: n-grams of 2 to 5 characters, ends marked; the whole part; its prefix if any.

    The hash is FNV-1a over code points in 32 bits, with the length mixed in, so that another language can repeat it.
    """
    marks = [key[0] if key[:1] in (ARTICLE, ABD) else "" for key in keys]
    texts = [key[len(mark) :][:PART_CHARS_MAX] for key, mark in zip(keys, marks, strict=True)]
    lengths = np.array([len(text) + 2 for text in texts], np.int64)
    width = int(lengths.max(initial=2))
    codes = np.zeros((len(keys), width), np.uint32)
    codes[:, 0] = _START
    flat = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
    rows = np.repeat(np.arange(len(keys)), lengths - 2)
    begin = np.cumsum(lengths - 2) - (lengths - 2)
    columns = np.arange(len(flat)) - np.repeat(begin, lengths - 2) + 1
    codes[rows, columns] = flat
    codes[np.arange(len(keys)), lengths - 1] = _END

    found: list[Ints] = []
    owners: list[NDArray[np.int64]] = []
    for length in LENGTHS:
        if width < length:
            break
        hashed = np.full((len(keys), width - length + 1), 0x811C9DC5 ^ length, np.uint32)
        for offset in range(length):
            hashed = (hashed ^ codes[:, offset : offset + width - length + 1]) * _STEP
        fits = np.arange(width - length + 1)[None, :] + length <= lengths[:, None]
        found.append(_spread(hashed[fits], upper=length > SHORT_MAX))
        owners.append(np.nonzero(fits)[0])
    whole = np.full(len(keys), 0x811C9DC5 ^ _WHOLE, np.uint32)
    for place in range(width):
        whole = np.where(place < lengths, (whole ^ codes[:, place]) * _STEP, whole)
    found.append(_spread(whole, upper=True))
    owners.append(np.arange(len(keys)))
    marked = np.array([row for row, mark in enumerate(marks) if mark], np.int64)
    if len(marked):
        # which script the prefix is in: the block of 256 of the part's first letter
        blocks = codes[marked, 1] >> np.uint32(8)
        seeds = np.array([ord(marks[row]) for row in marked], np.uint32) ^ np.uint32(0x811C9DC5)
        found.append(_spread((seeds * _STEP ^ blocks) * _STEP, upper=False))
        owners.append(marked)
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    buckets = np.concatenate(found)[order]
    starts = np.searchsorted(owner[order], np.arange(len(keys)))
    return Grams(buckets, starts)


def _spread(hashed: NDArray[np.uint32], *, upper: bool) -> Ints:
    """The bucket of each hash, in one half; its low bits alone are poorly mixed."""
    hashed = (hashed ^ (hashed >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    hashed = hashed ^ (hashed >> np.uint32(13))
    return (hashed & np.uint32(_HALF - 1)).astype(np.int32) + np.int32(_HALF if upper else 0)
