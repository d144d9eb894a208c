"""How often do two people agree by chance? Counted in the records themselves: names that are alike, days of birth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor.names.records.likeness import Likeness, NamesCompared
from corridor.names.records.record import Record, is_rough
from corridor.names.records.settings import COMPARISONS, NAME_LEVELS

LEARN_FROM_RECORDS_MIN = 2_000
"""Registers smaller than this, and lists against any register, are weighed with the shipped numbers: too few of their
pairs are one person."""

RANDOM_NAMES_MAX, RANDOM_NAMES_PER_RECORD = 2_000_000, 50
SEED = 1
SHIPPED_COUNTS_FOR = 500_000
"""Random pairs that the shipped chances of names count for: names of strangers are seldom alike."""

LEVEL_THRESHOLDS = (0.42, 0.55, 0.62, 0.7, 0.8)
"""The least likeness of levels 1 to 5."""


def level_of(likeness: Likeness) -> NDArray[np.int8]:
    """The level of likeness, 0 to 5."""
    return np.searchsorted(np.array(LEVEL_THRESHOLDS, np.float32), likeness, side="right").astype(np.int8)


def chance_of_names(compared: NamesCompared, count: int) -> tuple[float, ...]:
    """How often names of two random records are of one family, and alike at levels 5 to 1."""
    rng = np.random.default_rng(SEED)  # always the same pairs: the same records give the same answer
    drawn = min(RANDOM_NAMES_MAX, RANDOM_NAMES_PER_RECORD * count)
    first, second = rng.integers(0, count, drawn), rng.integers(0, count, drawn)
    apart = first != second
    alike = compared.of_pairs(first[apart], second[apart])
    levels = np.where(alike.kin, 0, level_of(alike.likeness))
    counted = [int(alike.kin.sum()), *(int((levels == level).sum()) for level in range(NAME_LEVELS, 0, -1))]
    shipped = [level.u for level in COMPARISONS["names"] if level.u is not None]
    return tuple(
        (seen + share * SHIPPED_COUNTS_FOR) / (len(levels) + SHIPPED_COUNTS_FOR)
        for seen, share in zip(counted, shipped, strict=False)
    )


def chance_of_birth(records: Sequence[Record]) -> float | None:
    """How often two people of these records are born on one day by chance: the years as they are, any day as likely.

    Counted from pairs drawn at random it would count the same people too, who in a small register are many. None: no
    exact birth date is known.
    """
    known = [record.birth for record in records if record.birth is not None]
    years = Counter(birth.year for birth in known if not is_rough(birth))
    exact = sum(years.values())
    if not exact:
        return None
    share = exact / len(known)
    return share**2 * sum((count / exact) ** 2 for count in years.values()) / 365.25
