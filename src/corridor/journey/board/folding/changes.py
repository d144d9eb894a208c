"""Whose state is another than on the board before: known from the folding, without looking everybody through."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Set
from typing import Generic, TypeVar

Id = TypeVar("Id", bound=str)
State = TypeVar("State")

_numbers = itertools.count(1)
_PART = 4
"""When more than one in so many has changed, all are looked at again."""


class States(dict[Id, State], Generic[Id, State]):
    """Every state of one board, by id; never changed once made. `follows` is the number of the states they were made
    from and `changed` whose state is another than there, who is new and who is there no more; 0: from nothing."""

    __slots__ = ("changed", "follows", "number")

    def __init__(self, states: Mapping[Id, State], follows: int = 0, changed: frozenset[Id] = frozenset()) -> None:
        super().__init__(states)
        self.number, self.follows, self.changed = next(_numbers), follows, changed


def changed_since(before: Mapping[Id, object], now: Mapping[Id, object]) -> Set[Id]:
    """Whose state is another object than it was, who is new and who is there no more."""
    if isinstance(before, States) and isinstance(now, States) and now.follows == before.number:
        return now.changed
    return {one for one, state in now.items() if before.get(one) is not state} | (before.keys() - now.keys())


def many(changed: Collection[object], among: Collection[object]) -> bool:
    """Whether so many have changed that looking at all again is quicker."""
    return len(changed) * _PART > len(among)
