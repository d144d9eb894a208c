"""How alike are the names of two records, and whose names are nearest? What linking asks of a names engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Places: TypeAlias = NDArray[np.int64]
"""Places of records, from 0."""
Likeness: TypeAlias = NDArray[np.float32]
"""From 0 (nothing alike) to 1 (the same)."""


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike the names of pairs are, and which of them are names of two people of one family.

    `kin`: one part is the same, yet another has nothing like it in the other name, though both have at least two parts
    to compare: brothers and sisters, twins above all, agree in everything but the given name.
    """

    likeness: Likeness
    kin: NDArray[np.bool_]


SAME_PART_MIN = 0.75
OTHER_PART_MAX = 0.35
OTHER_PART_MAX_IN_ONE_SCRIPT = 0.5
"""For kin: one part at least so alike, and another at most so alike. In one script a name is seldom spelled so that it
looks like another one, and twins are given names that sound alike."""


class NamesCompared(Protocol):
    """The names of a fixed list of records, ready to be compared."""

    def nearest(self, asked: Places, among: Places, k: int) -> tuple[Places, Places]:
        """Pairs (of `asked`, of `among`): for each asked record its at most `k` nearest others by name."""
        ...

    def of_pairs(self, first: Places, second: Places) -> Alike:
        """How alike the names of each pair are: the most alike spellings of the two records count."""
        ...


class CompareNames(Protocol):
    """A names engine, as linking needs it."""

    def __call__(self, names: Sequence[Sequence[str]]) -> NamesCompared:
        """Make the names of records (all spellings of each) ready to be compared."""
        ...
