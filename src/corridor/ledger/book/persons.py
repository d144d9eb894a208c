"""A set of people of one book: counted, joined and cut without reading anybody's id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

import numpy as np

from corridor.base.ids import PersonId
from corridor.ledger.book.rows import Bools
from corridor.ledger.columns import Ints, Names


class Persons(Set[PersonId]):
    """People by their numbers in a book: for every number whether it is in. Never changed once made.

    It is a set like any other; with another of the same book `&`, `|` and `-` take no time however many there are.
    """

    __slots__ = ("_count", "_ids", "_in")

    def __init__(self, ids: Names, inside: Bools) -> None:
        self._ids, self._in = ids, inside
        self._count = int(np.count_nonzero(inside))

    @classmethod
    def of(cls, ids: Names, numbers: Ints) -> Persons:
        """The people with these numbers, in any order."""
        inside = np.zeros(len(ids), dtype=np.bool_)
        inside[numbers] = True
        return cls(ids, inside)

    @property
    def ids(self) -> Names:
        """The ids of the book's people, by number."""
        return self._ids

    @property
    def numbers(self) -> Ints:
        """Their numbers, ascending."""
        return np.flatnonzero(self._in)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[PersonId]:
        texts = self._ids.texts
        return (PersonId(texts[number]) for number in self.numbers.tolist())

    def __contains__(self, person: object) -> bool:
        number = self._ids.numbers.get(person, -1) if isinstance(person, str) else -1
        return 0 <= number < len(self._in) and bool(self._in[number])

    def __hash__(self) -> int:
        return self._hash()

    def __repr__(self) -> str:
        return f"<{len(self)} people>"

    def __and__(self, other: Iterable[object]) -> Set[PersonId]:
        if isinstance(other, Persons) and other._ids is self._ids:
            common = min(len(self._in), len(other._in))
            return Persons(self._ids, self._in[:common] & other._in[:common])
        if isinstance(other, Set):
            return frozenset(one for one in other if one in self)
        return NotImplemented

    __rand__ = __and__

    def __or__(self, other: Iterable[PersonId]) -> Set[PersonId]:  # type: ignore[override]
        if isinstance(other, Persons) and other._ids is self._ids:
            inside = np.zeros(max(len(self._in), len(other._in)), dtype=np.bool_)
            inside[: len(self._in)] = self._in
            inside[: len(other._in)] |= other._in
            return Persons(self._ids, inside)
        return frozenset((*self, *other)) if isinstance(other, Set) else NotImplemented

    __ror__ = __or__

    def __sub__(self, other: Iterable[object]) -> Set[PersonId]:
        if isinstance(other, Persons) and other._ids is self._ids:
            inside = self._in.copy()
            common = min(len(self._in), len(other._in))
            inside[:common] &= ~other._in[:common]
            return Persons(self._ids, inside)
        return frozenset(one for one in self if one not in other) if isinstance(other, Set) else NotImplemented

    @classmethod
    def _from_iterable(cls, persons: Iterable[PersonId]) -> frozenset[PersonId]:  # type: ignore[override]
        """What the other operations of a set make."""
        return frozenset(persons)
