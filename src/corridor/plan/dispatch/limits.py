"""When may a party take each step: from its waits, and from the locks a movement officer put on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from corridor.base.ids import PartyId
from corridor.plan.problem import Lock, Party, Problem, Stop

NEVER = 1 << 40
"""A minute that does not come: a wait of which nobody knows the end."""


def waits_until(group: Iterable[Party], stops: Stop) -> int:
    """The first minute at which no wait of the group stops that step any more."""
    return max(
        (
            NEVER if wait.until_minute is None else wait.until_minute
            for party in group
            for wait in party.waits
            if wait.stops == stops
        ),
        default=0,
    )


class Locks:
    """The locks by party, and whether a step is barred by them."""

    def __init__(self, problem: Problem) -> None:
        self.by_party: dict[PartyId, list[Lock]] = defaultdict(list)
        for lock in problem.locks:
            self.by_party[lock.party].append(lock)
        self.behind = {leg.id: leg.source in {gate.id for gate in problem.gates} for leg in problem.legs}

    def _of(self, group: Sequence[Party]) -> Iterable[Lock]:
        return (lock for party in group for lock in self.by_party.get(party.id, ()))

    def bar_flight(self, group: Sequence[Party], flight: str) -> bool:
        """Whether somebody of the group may not take the flight."""
        return any((lock.flight == flight) is not lock.keep for lock in self._of(group) if lock.flight is not None)

    def bar_crossing(self, group: Sequence[Party], gate: str, minute: int) -> bool:
        """Whether somebody of the group may not cross there and then."""
        return any(
            (lock.gate == gate and lock.minute in (None, minute)) is not lock.keep
            for lock in self._of(group)
            if lock.gate is not None
        )

    def bar_leg(self, group: Sequence[Party], leg: str, minute: int) -> bool:
        """Whether somebody of the group may not leave on that leg then."""
        return any(
            (lock.leg == leg and lock.minute in (None, minute)) is not lock.keep
            for lock in self._of(group)
            if lock.leg is not None and self.behind[lock.leg] == self.behind[leg]  # type: ignore[index]
        )
