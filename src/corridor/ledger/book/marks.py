"""Which events a view sees about each person or thing, and one number that tells whether they are still the same.

What is worked out from the events about somebody is a pure function of their set. So a set gets a mark: two views whose
marks of somebody are equal need not read their events again. Marks are sums of well mixed 64-bit numbers, one an event:
they do not depend on order, and two different sets agree by chance once in 2^64.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridor.base.ids import PersonId
from corridor.ledger.book.rows import distinct, event_keys, last_of_each
from corridor.ledger.book.view import View
from corridor.ledger.columns import Ints

Marks = npt.NDArray[np.uint64]

_STEP, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
"""Of Vigna's splitmix64, whose outputs for successive numbers pass the tests of randomness."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Keys of events by subject: of `subjects[i]` they are `keys[starts[i]:starts[i + 1]]`, with the mark `marks[i]`.

    Subjects (numbers of persons or things) are ascending, each there once and with at least one event.
    """

    subjects: Ints
    starts: Ints
    keys: Ints
    marks: Marks

    def of(self, subject: int) -> tuple[Ints, int]:
        """The keys of the events about one subject and their mark; no keys when it has none."""
        index = int(np.searchsorted(self.subjects, subject))
        if index == len(self.subjects) or self.subjects[index] != subject:
            return self.keys[:0], 0
        return self.keys[self.starts[index] : self.starts[index + 1]], int(self.marks[index])


def grouped(subject: Ints, keys: Ints, salted: Collection[int] = (), salt: int = 0) -> Grouped:
    """Events by subject; `subject` ascending, `keys` beside it. `salt` goes into the marks of the `salted` subjects, of
    which more than their events has changed."""
    starts = np.flatnonzero(np.append(True, subject[1:] != subject[:-1])) if len(subject) else np.empty(0, np.int64)
    subjects = subject[starts].astype(np.int64)
    marks = np.add.reduceat(_mixed(keys), starts) if len(starts) else np.empty(0, np.uint64)
    if len(salted):
        more = np.isin(subjects, np.fromiter(salted, dtype=np.int64))
        marks[more] += _mixed(np.array([salt], dtype=np.int64))
    return Grouped(subjects, np.append(starts, len(subject)), keys, marks)


def mark_of(keys: Ints, salt: int | None = None) -> int:
    """The mark of one subject's events; `salt` None: nothing else has changed of it."""
    with np.errstate(over="ignore"):
        found = _mixed(keys).sum(dtype=np.uint64)
        if salt is not None:
            found += _mixed(np.array([salt], dtype=np.int64))[0]
    return int(found)


def _mixed(keys: Ints) -> Marks:
    mixed = keys.astype(np.uint64) * _STEP + _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    found: Marks = mixed ^ (mixed >> np.uint64(31))
    return found


def about_persons(view: View, of_kinds: Collection[str]) -> tuple[Ints, Ints]:
    """Person number and event key of everything of these kinds that a view sees and that names somebody, by person."""
    rows, visible = view.rows, view.visible
    wanted = visible[_of_kinds(view, of_kinds)[rows.kind[visible]]]
    wanted = wanted[rows.person[wanted] >= 0]
    return rows.person[wanted], event_keys(rows.batch[wanted], rows.line[wanted])


def about_some(view: View, persons: Ints, of_kinds: Collection[str]) -> tuple[Ints, Ints]:
    """The same of the people with these numbers, which ascend."""
    rows = view.about(persons)
    wanted = _of_kinds(view, of_kinds)[rows.kind]
    return rows.person[wanted], event_keys(rows.batch[wanted], rows.line[wanted])


def about_person(view: View, person: PersonId, of_kinds: Collection[str]) -> Ints:
    """The keys of the events of these kinds that name one person."""
    rows = view.about_person(person)
    wanted = _of_kinds(view, of_kinds)[rows.kind]
    return event_keys(rows.batch[wanted], rows.line[wanted])


def latest_about(view: View, persons: Sequence[PersonId], of_kinds: Collection[str]) -> dict[PersonId, int]:
    """Of each of these people the key of the last event of these kinds; whoever has none is left out."""
    numbers = view.book.columns.persons.numbers
    rows = view.about(distinct(np.array([numbers[one] for one in persons if one in numbers], dtype=np.int64)))
    wanted = np.flatnonzero(_of_kinds(view, of_kinds)[rows.kind])
    last = wanted[last_of_each(rows.person[wanted])]
    keys = dict(zip(rows.person[last].tolist(), event_keys(rows.batch[last], rows.line[last]).tolist(), strict=True))
    return {one: keys[numbers[one]] for one in persons if numbers.get(one, -1) in keys}


def _of_kinds(view: View, of_kinds: Collection[str]) -> npt.NDArray[np.bool_]:
    """For every kind's number whether it is one of these."""
    kinds = view.book.columns.kinds
    found = np.zeros(len(kinds) + 1, dtype=np.bool_)  # one more: an empty ledger has rows of no kind
    found[[kinds.numbers[kind] for kind in of_kinds if kind in kinds.numbers]] = True
    return found
