"""What is the best plan so far, and what is no plan below?"""

from __future__ import annotations

from collections.abc import Callable

from corridor.plan.answer import Plan
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.proof.proving import EXACT
from corridor.plan.solve.worth import Worth

Progress = Callable[[float, float | None], None]
"""Told the best value so far and the bound (None: none yet), whenever one of them gets better."""


class Best:
    """The best draft so far and the bound, told on."""

    def __init__(self, draft: Draft, worth: Worth, progress: Progress | None) -> None:
        self.draft, self.worth, self.progress = draft, worth, progress
        self.value = worth.whole(draft)
        self.kept = draft.kept()
        self.bound: float | None = None
        self.by_hand: Plan | None = None

    def better(self) -> bool:
        """Keep the draft as it is now if it is better than the best."""
        value = self.worth.whole(self.draft)
        if value >= self.value - 1e-9:
            return False
        self.value, self.kept = value, self.draft.kept()
        self.tell()
        return True

    def proved(self) -> bool:
        """Whether nothing better than the best is left."""
        return self.bound is not None and self.value <= self.bound + abs(self.bound) * EXACT

    def above(self, found: float) -> None:
        """No plan is below `found`."""
        if self.bound is None or found > self.bound:
            self.bound = found
            self.tell()

    def tell(self) -> None:
        """Say the best value and the bound."""
        if self.progress is not None:
            self.progress(self.value, self.bound)
