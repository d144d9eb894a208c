"""Which pairs of records are worth weighing? All that share a document, and by name the nearest of about the same age.

Comparing everybody with everybody is out of reach from some thousands on. Two records of one person that share neither
a document, nor year, nor day and month of birth could not be told from two people by their names anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.names.records.likeness import NamesCompared, Places
from corridor.names.records.record import Record, document_key

NEAREST = 10
"""How many of the nearest names are taken in each group of an age: a namesake beyond the tenth has nothing to show."""

SHARED_DOCUMENT_MAX = 50
"""Records with one document number that are all paired: a family has fewer, a placeholder number more."""

SHARED_DAY_MAX = 20
"""Records born on one day that are all paired, whatever their names; of more only the nearest names are."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of places, each once, `first` before `second`, in order."""

    first: Places
    second: Places

    def __len__(self) -> int:
        return len(self.first)


def candidates(records: Sequence[Record], compared: NamesCompared, split: int | None = None) -> Pairs:
    """The pairs to be weighed. `split`: records before this place are one register, the rest another, and only pairs
    across are wanted; None: one register, and any two may be the same person.
    """
    found: list[tuple[Places, Places]] = []
    for group in _sharing(records):
        first, second = np.triu_indices(len(group), 1)
        found.append((group[first], group[second]))
    for asked, among in _of_one_age(records):
        if split is None:
            found.append(compared.nearest(asked, among, NEAREST))
            continue
        for some, others in ((asked < split, among >= split), (asked >= split, among < split)):
            if some.any() and others.any():
                found.append(compared.nearest(asked[some], among[others], NEAREST))
    if not found:
        nothing = np.zeros(0, np.int64)
        return Pairs(nothing, nothing)
    first = np.concatenate([pair[0] for pair in found]).astype(np.int64)
    second = np.concatenate([pair[1] for pair in found]).astype(np.int64)
    low, high = np.minimum(first, second), np.maximum(first, second)
    wanted = low != high if split is None else (low < split) & (high >= split)
    joined = np.unique(low[wanted] * len(records) + high[wanted])
    return Pairs(joined // len(records), joined % len(records))


def _groups(keyed: Iterator[tuple[Hashable, int]]) -> Iterator[Places]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for key, place in keyed:
        groups[key].append(place)
    for group in groups.values():
        if len(group) > 1:
            yield np.array(sorted(set(group)), np.int64)


def _sharing(records: Sequence[Record]) -> Iterator[Places]:
    """Groups that share a document number, or a whole birth date that few share."""
    documents = (
        (key, place)
        for place, record in enumerate(records)
        for number in record.documents
        if (key := document_key(number)) is not None
    )
    for group in _groups(documents):
        if len(group) <= SHARED_DOCUMENT_MAX:
            yield group
    days = (
        ((birth.year, birth.month, birth.day), place)
        for place, record in enumerate(records)
        if (birth := record.birth) is not None and birth.day is not None
    )
    for group in _groups(days):
        if len(group) <= SHARED_DAY_MAX:
            yield group


def _of_one_age(records: Sequence[Record]) -> Iterator[tuple[Places, Places]]:
    """Who is asked for, and among whom: a year of birth and the next; a day and month; those without a birth date."""
    of_year: dict[int, list[int]] = defaultdict(list)
    of_day: dict[tuple[int, int], list[int]] = defaultdict(list)
    unborn: list[int] = []
    for place, record in enumerate(records):
        if record.birth is None:
            unborn.append(place)
            continue
        of_year[record.birth.year].append(place)
        if record.birth.month is not None and record.birth.day is not None:
            of_day[record.birth.month, record.birth.day].append(place)
    for year, group in sorted(of_year.items()):
        both = np.array(sorted(group + of_year.get(year + 1, [])), np.int64)
        yield both, both
    for day, group in sorted(of_day.items()):
        if day != (1, 1):
            same = np.array(group, np.int64)
            yield same, same
    if unborn:
        yield np.array(unborn, np.int64), np.arange(len(records), dtype=np.int64)
