"""What may be done about contradictions: the rules by which an order becomes drafts or is refused."""

from __future__ import annotations

from typing import Any

from corridor.base.ids import AccountId
from corridor.base.moments import Moment, iso
from corridor.base.refusal import Refusal
from corridor.journey.cross.findings import (
    CROSSED_EXPIRED,
    CROSSED_ON_OTHER_ROW,
    CROSSED_REFUSED,
    CROSSED_WAITING,
    CROSSED_WITHOUT_LIST,
)
from corridor.journey.reconcile import refusals as no
from corridor.journey.reconcile.open import CONFLICTS
from corridor.journey.reconcile.orders import (
    AssignDiscrepancy,
    CorrectRecord,
    CountHeads,
    EndRollCall,
    ExplainDiscrepancy,
    Reconcile,
    ReconcileFacts,
    ReconcileOrder,
    ScheduleRollCall,
)
from corridor.journey.register.refusals import NO_REASON
from corridor.ledger import kinds
from corridor.ledger.event import Draft

SIGNED = tuple(
    kind.code
    for kind in (CROSSED_WITHOUT_LIST, CROSSED_ON_OTHER_ROW, CROSSED_REFUSED, CROSSED_EXPIRED, CROSSED_WAITING)
)
"""Crossings against a rule of clearance: a second person signs for them, words alone are not enough."""

NEVER_CORRECTED = (
    kinds.DEVICE_ENROLLED,
    kinds.DEVICE_REVOKED,
    kinds.CORRECTED,
    kinds.BRANCH_BELIEVED,
)
"""Records that act on the ledger when they come in; taking them back would not undo what they did."""


def decide(order: ReconcileOrder, facts: ReconcileFacts, now: Moment) -> tuple[Draft, ...] | Refusal:
    """The drafts that carry the order out at `now`, or why it may not be done."""
    refused = _wordless(order) or _refusal(order, facts, now)
    if refused is not None:
        return refused
    if isinstance(order, Reconcile):
        body = {"records": [str(record) for record in order.records], "says": order.says.strip()}
        return (
            Draft(
                kind=kinds.RECONCILED,
                happened_at=now,
                by=order.by,
                persons=(order.person,),
                target=order.account,
                body=body,
            ),
        )
    kind, body = _recorded(order)
    return (Draft(kind=kind, happened_at=now, by=order.by, body=body),)


def _recorded(order: ReconcileOrder) -> tuple[str, dict[str, Any]]:
    """The kind and body of an order that names no person."""
    if isinstance(order, AssignDiscrepancy):
        return kinds.DISCREPANCY_ASSIGNED, {"discrepancy": order.discrepancy, "owner": order.owner}
    if isinstance(order, ExplainDiscrepancy):
        return kinds.DISCREPANCY_EXPLAINED, {"discrepancy": order.discrepancy, "why": order.why.strip()}
    if isinstance(order, CorrectRecord):
        return kinds.CORRECTED, {"of": str(order.record), "why": order.why.strip()}
    if isinstance(order, CountHeads):
        body: dict[str, Any] = {"account": order.account, "count": order.count}
        return kinds.COUNTED, body | ({} if order.unidentified is None else {"unidentified": order.unidentified})
    if isinstance(order, ScheduleRollCall):
        body = {"roll_call": order.roll_call, "account": order.account, "due_at": order.due_at}
        body |= {} if order.every_hours is None else {"every_hours": order.every_hours}
        return kinds.ROLL_CALL_SCHEDULED, body
    assert isinstance(order, EndRollCall)
    return kinds.ROLL_CALL_ENDED, {"roll_call": order.roll_call, "why": order.why.strip()}


def _wordless(order: ReconcileOrder) -> Refusal | None:
    """Whoever closes, takes back or ends something says why."""
    said = order.says if isinstance(order, Reconcile) else getattr(order, "why", None)
    return NO_REASON() if isinstance(said, str) and not said.strip() else None


def _refusal(order: ReconcileOrder, facts: ReconcileFacts, now: Moment) -> Refusal | None:
    if isinstance(order, AssignDiscrepancy | ExplainDiscrepancy):
        return _about_open(order, facts)
    if isinstance(order, Reconcile):
        return _about_judging(order, facts)
    if isinstance(order, CorrectRecord):
        return _about_correcting(order, facts)
    if isinstance(order, CountHeads):
        return _about_account(order.account, facts)
    if isinstance(order, ScheduleRollCall):
        if order.roll_call in facts.roll_calls:
            return no.ROLL_CALL_EXISTS(roll_call=order.roll_call)
        if order.due_at <= now:
            return no.DUE_PAST(due_at=iso(order.due_at))
        return _about_account(order.account, facts)
    if order.roll_call not in facts.roll_calls:
        return no.ROLL_CALL_NOT_KNOWN(roll_call=order.roll_call)
    return None


def _about_open(order: AssignDiscrepancy | ExplainDiscrepancy, facts: ReconcileFacts) -> Refusal | None:
    found = facts.open.get(order.discrepancy)
    if found is None:
        return no.NOT_OPEN(discrepancy=order.discrepancy)
    if isinstance(order, AssignDiscrepancy):
        return None if order.owner in facts.users else no.UNKNOWN_USER(user=order.owner)
    if found.code in CONFLICTS:
        return no.MUST_BE_JUDGED(discrepancy=order.discrepancy)
    if found.code in SIGNED:
        return no.MUST_BE_SIGNED(discrepancy=order.discrepancy)
    return None


def _about_judging(order: Reconcile, facts: ReconcileFacts) -> Refusal | None:
    if order.person not in facts.conflicts:
        return no.NO_CONFLICT(person=order.person)
    missing = [str(record) for record in facts.conflicts[order.person] if record not in order.records]
    if missing:
        return no.RECORDS_MISSING(person=order.person, missing=", ".join(missing))
    strange = next((record for record in order.records if facts.find(record) is None), None)
    if strange is not None:
        return no.RECORD_NOT_KNOWN(record=str(strange))
    return _about_account(order.account, facts)


def _about_correcting(order: CorrectRecord, facts: ReconcileFacts) -> Refusal | None:
    event = facts.find(order.record)
    if event is None:
        return no.RECORD_NOT_KNOWN(record=str(order.record))
    if order.record in facts.corrected:
        return no.ALREADY_CORRECTED(record=str(order.record))
    return no.NOT_TO_CORRECT(record=str(order.record)) if event.kind in NEVER_CORRECTED else None


def _about_account(account: AccountId, facts: ReconcileFacts) -> Refusal | None:
    return None if account in facts.accounts else no.ACCOUNT_NOT_KNOWN(account=account)
