"""How much work is there still to do? Asked all the time, by everything that takes long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]
"""Seconds of work so far, from any beginning: processor time, for a solver that shares its machine."""

SECONDS_OF_A_PART = 6.0
STEPS_OF_A_PART = 2000
FINISHING = 8.0
"""Writing a plan down and checking it take so many times what it takes to look through its problem first."""
ONCE_MORE = 1.2
"""What comes next is foreseen to take as long as the longest like it so far, and a little more."""


@dataclass(slots=True)
class Work:
    """How much work there is still to do: seconds by a clock, or a number of steps, which is the same everywhere.

    A step is about a thousandth of a second: small things ask once, a large program as often as it is large. `spare`
    are seconds set aside to finish; `longest` is the longest time between two askings within a part of the work (such
    as an integer program, which cannot be stopped in between).
    """

    clock: Clock
    began: float
    seconds: float
    limit: int | None
    done: int = 0
    spare: float = 0.0
    longest: float = 0.0

    def looked_through(self, began: float) -> None:
        """The problem has been looked through once since then: so the time to finish in can be foreseen."""
        if self.limit is None:
            self.spare = FINISHING * (self.clock() - began)

    def uncounted(self, since: float) -> None:
        """What was done since then is done once on a machine, and is not counted."""
        if self.limit is None:
            self.began += self.clock() - since

    def within(self) -> Callable[[], bool]:
        """Asked whether one part of the work has gone on long enough, or all of it is over."""
        begun, done = self.clock() if self.limit is None else 0.0, self.done
        asked = begun

        def long_enough() -> bool:
            nonlocal asked
            if self.limit is not None:
                return self.over() or self.done - done > STEPS_OF_A_PART
            now = self.clock()
            self.longest, asked = max(self.longest, now - asked), now
            return self.closing() or now - begun > SECONDS_OF_A_PART

        return long_enough

    def over(self, share: float = 1.0) -> bool:
        """Whether so large a share of all work is done; each asking is a step of work."""
        self.done += 1
        if self.limit is not None:
            return self.done >= self.limit * share
        return self.clock() - self.began >= (self.seconds - self.spare) * share

    def closing(self) -> bool:
        """Whether another part would not come to its end any more; smaller things may."""
        if self.over():
            return True
        if self.limit is not None:
            return False
        left = self.seconds - self.spare - (self.clock() - self.began)
        return left < min(self.longest * ONCE_MORE, self.seconds / 2)
