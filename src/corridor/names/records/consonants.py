"""How alike are names by their consonants alone? A plain names engine for linking, where nothing was learned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np

from corridor.names.normalise import keys
from corridor.names.records.likeness import OTHER_PART_MAX, SAME_PART_MIN, Alike, Places
from corridor.names.skeleton import skeleton, skeleton_keys

ONE_PART_MAX = 0.6
"""The most that names can be alike of which one part only can be compared."""

NAMESAKES_MAX = 500
"""Records that share one pair of skeletons and are still counted as near: more tell nothing."""


class ConsonantNames:
    """Names engine for linking: compares skeletons of parts, spelling by spelling. Slow beyond some 100,000 pairs."""

    def __call__(self, names: Sequence[Sequence[str]]) -> ConsonantsCompared:
        """Make the names of records ready to be compared."""
        return ConsonantsCompared([[keys(name) for name in some] for some in names])


class ConsonantsCompared:
    """The parts of every spelling of every record."""

    def __init__(self, parts: Sequence[Sequence[tuple[str, ...]]]) -> None:
        self._bones = [[tuple(skeleton(key) or key for key in spelling) for spelling in some] for some in parts]
        self._keys = [frozenset(key for spelling in some for key in skeleton_keys(spelling)) for some in parts]

    def nearest(self, asked: Places, among: Places, k: int) -> tuple[Places, Places]:
        """The `k` that share most pairs of skeletons."""
        holders: dict[str, list[int]] = defaultdict(list)
        for place in among.tolist():
            for key in self._keys[place]:
                holders[key].append(place)
        first: list[int] = []
        second: list[int] = []
        for place in asked.tolist():
            met: Counter[int] = Counter()
            for key in self._keys[place]:
                if len(holders[key]) <= NAMESAKES_MAX:
                    met.update(holders[key])
            met.pop(place, None)
            near = sorted(met, key=lambda other: (-met[other], other))[:k]
            first += [place] * len(near)
            second += near
        return np.array(first, np.int64), np.array(second, np.int64)

    def of_pairs(self, first: Places, second: Places) -> Alike:
        """How much of the shorter name is met in the longer, and how well its least met part."""
        likeness, kin = np.zeros(len(first), np.float32), np.zeros(len(first), np.bool_)
        for row, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
            found = [_alike(a, b) for a in self._bones[one] for b in self._bones[other]]
            likeness[row], kin[row] = max(found, default=(0.0, False))
        return Alike(likeness, kin)


@lru_cache(maxsize=65_536)
def _parts_alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, bool]:
    short, long = sorted((one, other), key=len)
    if not short:
        return 0.0, False
    left, met = list(long), []
    for part in sorted(short, key=lambda part: (-max(_parts_alike(part, each) for each in long), part)):
        nearest = max(left, key=lambda each: _parts_alike(part, each))
        met.append(_parts_alike(part, nearest))
        left.remove(nearest)
    found = (sum(met) / len(met) + min(met)) / 2 * (ONE_PART_MAX if len(short) == 1 < len(long) else 1.0)
    return found, len(short) >= 2 and max(met) >= SAME_PART_MIN and min(met) <= OTHER_PART_MAX
