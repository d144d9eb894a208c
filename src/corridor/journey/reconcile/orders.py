"""What headquarters may want done about contradictions: the orders, and the facts by which they are decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from corridor.base.ids import AccountId, EventId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.journey.reconcile.open import OpenDiscrepancy
from corridor.ledger.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignDiscrepancy:
    """Give an open discrepancy to somebody to see to."""

    by: UserId
    discrepancy: str
    owner: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainDiscrepancy:
    """Accept an open discrepancy as it is, and say why; it stays on record and is no longer red."""

    by: UserId
    discrepancy: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """Judge records that contradict: say where the person is, naming every record of the contradiction."""

    by: UserId
    person: PersonId
    records: tuple[EventId, ...]
    account: AccountId
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectRecord:
    """Take back one record that was made by mistake; its bytes stay, and it counts no more."""

    by: UserId
    record: EventId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountHeads:
    """Record how many people somebody counted somewhere; `unidentified` of them nobody could name."""

    by: UserId
    account: AccountId
    count: int
    unidentified: int | None = None  # None: nobody said


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRollCall:
    """Have the people of an account counted at a time, and every so many hours from then on."""

    by: UserId
    roll_call: str
    account: AccountId
    due_at: Moment
    every_hours: int | None = None  # None: once


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRollCall:
    """End a roll call: nobody is to be counted for it any more."""

    by: UserId
    roll_call: str
    why: str


ReconcileOrder = (
    AssignDiscrepancy | ExplainDiscrepancy | Reconcile | CorrectRecord | CountHeads | ScheduleRollCall | EndRollCall
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileFacts:
    """What reconciling is decided by.

    `open` are the open discrepancies by id; `conflicts` the records that hold each person in suspense; `find` gives a
    record that was received, None: none such; `corrected` are the records taken back already; `accounts` where people
    can be; `roll_calls` the names of those that run.
    """

    open: Mapping[str, OpenDiscrepancy]
    conflicts: Mapping[PersonId, tuple[EventId, ...]]
    find: Callable[[EventId], Event | None]
    corrected: frozenset[EventId]
    accounts: frozenset[AccountId]
    users: frozenset[UserId]
    roll_calls: frozenset[str]
