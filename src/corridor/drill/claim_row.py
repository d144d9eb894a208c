"""What somebody published: one row of an operation's claims."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A published figure: `at` what it speaks of, `known` when it was said. `value` None: said to be not known."""

    code: str
    value: int | None
    at: Moment
    known: Moment
    said_by: str
    certainty: str
    definition: str
    source: str
    note: str | None  # None: nothing was noted
