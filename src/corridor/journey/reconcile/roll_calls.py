"""Which roll calls there are: where and when people are to be counted, and whether they were, and whether it met."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import AccountId
from corridor.base.moments import HOUR_MS, Moment, is_moment
from corridor.journey.reconcile.open import id_of_count
from corridor.ledger.accounts import is_account
from corridor.ledger.book.discrepancies import HeadCount, last_counts
from corridor.ledger.book.view import View
from corridor.ledger.event import Event
from corridor.ledger.kinds import ROLL_CALL_ENDED, ROLL_CALL_SCHEDULED

EARLY_MS = HOUR_MS
"""A count up to this long before a roll call is due is its count: people are counted when the bus is there."""

RollCallState = Literal["waiting", "overdue", "differs", "explained", "met"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """People of one account to be counted: once, or again and again.

    `due_at` is the last time it was due, None: not yet; `next_due_at` None: not again. `counted` None: not since it was
    due. It is red while `overdue` (due and not counted) or `differs` (counted, and neither equal nor explained).
    """

    roll_call: str
    account: AccountId
    first_due_at: Moment
    every_hours: int | None
    due_at: Moment | None
    next_due_at: Moment | None
    counted: HeadCount | None
    state: RollCallState

    @property
    def red(self) -> bool:
        """Whether somebody must do something now."""
        return self.state in ("overdue", "differs")


def roll_calls(view: View, differing: Collection[str], explained: Collection[str]) -> tuple[RollCall, ...]:
    """Every roll call that was scheduled and not ended, red ones first, then by the time they are due next.

    `differing` and `explained` are the ids of open discrepancies (`id_of_count`); of a count that differs and was
    explained the id is in both.
    """
    counts = last_counts(view)
    scheduled: dict[str, RollCall] = {}
    for event in view.events((ROLL_CALL_SCHEDULED, ROLL_CALL_ENDED)):
        name = event.body.get("roll_call")
        if event.kind == ROLL_CALL_ENDED:
            scheduled.pop(str(name), None)
        elif (read := _read(event, view.at, counts, differing, explained)) is not None:
            scheduled.setdefault(read.roll_call, read)
    return tuple(sorted(scheduled.values(), key=lambda one: (not one.red, one.next_due_at or 0, one.roll_call)))


def _read(
    event: Event,
    at: Moment,
    counts: dict[AccountId, HeadCount],
    differing: Collection[str],
    explained: Collection[str],
) -> RollCall | None:
    """A roll call from its event; None when the body has another shape."""
    name, account, first, every = (event.body.get(one) for one in ("roll_call", "account", "due_at", "every_hours"))
    if not isinstance(name, str) or not isinstance(account, str) or not is_moment(first):
        return None
    if every is not None and (not isinstance(every, int) or every < 1):
        return None
    if not is_account(account):
        return None
    step = None if every is None else every * HOUR_MS
    passed = 0 if step is None or at < first else (at - first) // step
    due = None if at < first else first + passed * (step or 0)
    ahead = first if due is None else None if step is None else due + step
    count = counts.get(AccountId(account))
    counted = count if count is not None and due is not None and count.at >= due - EARLY_MS else None
    return RollCall(
        roll_call=name,
        account=AccountId(account),
        first_due_at=Moment(first),
        every_hours=every,
        due_at=None if due is None else Moment(due),
        next_due_at=Moment(ahead) if ahead is not None and is_moment(ahead) else None,
        counted=counted,
        state=_state(due is not None, counted, differing, explained),
    )


def _state(
    due: bool, counted: HeadCount | None, differing: Collection[str], explained: Collection[str]
) -> RollCallState:
    if not due:
        return "waiting"
    if counted is None:
        return "overdue"
    id_ = id_of_count(counted.event)
    if id_ not in differing:
        return "met"
    return "explained" if id_ in explained else "differs"
