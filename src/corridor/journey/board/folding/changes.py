"""Whose state is another than on the board before: known from the folding, without looking everybody through."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Set
from typing import Generic, TypeVar

Id = TypeVar("Id", bound=str)
State = TypeVar("State")

_numbers = itertools.count(1)
_TRAIL_MAX = 64
_PART = 4
"""When more than one in so many has changed, all are looked at again."""


class States(dict[Id, State], Generic[Id, State]):
    """Every state of one board, by id; never changed once made. `trail` is the number of the states they were made from
    with whose state is another than there, who is new and who is there no more, and so on back; the latest first."""

    __slots__ = ("number", "trail")

    def __init__(
        self,
        states: Mapping[Id, State],
        follows: States[Id, State] | None = None,
        changed: frozenset[Id] = frozenset(),
    ) -> None:
        """`follows` None: they were made from nothing."""
        super().__init__(states)
        self.number = next(_numbers)
        self.trail: tuple[tuple[int, frozenset[Id]], ...] = ()
        if follows is not None:
            self.trail = ((follows.number, changed), *follows.trail[: _TRAIL_MAX - 1])


def changed_since(before: Mapping[Id, object], now: Mapping[Id, object]) -> Set[Id]:
    """Whose state is another object than it was, who is new and who is there no more; where `now` follows `before`
    over several boards, whoever changed on one of them."""
    if before is now:
        return frozenset()
    if isinstance(before, States) and isinstance(now, States):
        changed: set[Id] = set()
        for number, those in now.trail:
            changed |= those
            if number == before.number:
                return changed
    return {one for one, state in now.items() if before.get(one) is not state} | (before.keys() - now.keys())


def many(changed: Collection[object], among: Collection[object]) -> bool:
    """Whether so many have changed that looking at all again is quicker."""
    return len(changed) * _PART > len(among)
