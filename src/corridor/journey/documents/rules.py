"""What may be done with documents: papers recorded, missed, drawn up, issued and voided; permits started and ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from corridor.base.ids import PaperId, PermitId, PersonId, UserId
from corridor.base.moments import HOUR_MS, Moment, iso
from corridor.base.refusal import Refusal
from corridor.journey.documents import events as kinds
from corridor.journey.documents.events import PaperType, PermitEnd
from corridor.journey.documents.refusals import (
    IDENTITY_NOT_ESTABLISHED,
    PAPER_ALREADY_ISSUED,
    PAPER_EXISTS,
    PAPER_IS_VOID,
    PAPER_NOT_KNOWN,
    PAPER_NOT_MISSING,
    PAPER_VALIDITY_PAST,
    PAPER_VALIDITY_REVERSED,
    PERMIT_NOT_IN_OPERATION,
    PERMIT_NOT_RUNNING,
    PERMIT_RUNNING,
)
from corridor.journey.documents.state import DocumentState, Paper
from corridor.journey.kinds import Kind, draft
from corridor.ledger.event import Draft

PHOTO_PAPERS: tuple[PaperType, ...] = ("passport", "national_id", "laissez_passer", "icrc_etd", "eu_etd")
"""Papers with a photograph: any of them establishes who a person is."""

WITNESSES_MIN = 2
"""Citizens who vouch for a person without a paper (practice of the Russian return certificate)."""

IDENTITY_PAPERS: tuple[PaperType, ...] = ("return_certificate", "laissez_passer", "icrc_etd", "eu_etd")
"""Papers that say who the bearer is, so that it must be established before one is drawn up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaper:
    """Record a paper the person showed."""

    person: PersonId
    by: UserId
    paper: PaperId
    type: PaperType
    issuer: str | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMissing:
    """Record that a paper of this type is needed and not there."""

    person: PersonId
    by: UserId
    type: PaperType
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawUpPaper:
    """Prepare a paper for the person."""

    person: PersonId
    by: UserId
    paper: PaperId
    type: PaperType
    valid_until: Moment | None = None
    witnesses: tuple[PersonId, ...] = ()  # citizens in the book who vouch for who the person is


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePaper:
    """Put a paper that was drawn up into the person's hand."""

    person: PersonId
    by: UserId
    paper: PaperId


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidPaper:
    """Say that a paper counts no more."""

    person: PersonId
    by: UserId
    paper: PaperId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPermit:
    """Start the clock of one of the operation's permits, now or at the moment the person entered."""

    person: PersonId
    by: UserId
    permit: PermitId
    paper: PaperId | None = None
    starts_at: Moment | None = None  # None: now


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPermit:
    """Stop the clock of a permit."""

    person: PersonId
    by: UserId
    permit: PermitId
    why: PermitEnd


DocumentOrder = RecordPaper | ReportMissing | DrawUpPaper | IssuePaper | VoidPaper | StartPermit | EndPermit
ORDERS: tuple[type, ...] = (
    RecordPaper,
    ReportMissing,
    DrawUpPaper,
    IssuePaper,
    VoidPaper,
    StartPermit,
    EndPermit,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What a document rule needs: the person's papers, the hours of the operation's permits, and the witnesses."""

    state: DocumentState
    permit_hours: Mapping[PermitId, int] = field(default_factory=dict)
    witnesses: int = 0  # citizens who vouch for who the person is


def decide(order: DocumentOrder, facts: DocumentFacts, now: Moment) -> tuple[Draft, ...] | Refusal:
    """The events an order becomes, or why not."""
    state = facts.state
    match order:
        case RecordPaper():
            return _record(order, state, now)
        case ReportMissing():
            if any(paper.type == order.type and paper.valid(now) for paper in state.papers):
                return PAPER_NOT_MISSING(person=order.person, type=order.type)
            return _draft(kinds.PAPER_MISSING, kinds.PaperMissing(type=order.type, why=order.why), order, now)
        case DrawUpPaper():
            return _draw_up(order, facts, now)
        case IssuePaper():
            return _issue(order, state, now)
        case VoidPaper():
            paper = _find(state, order.paper)
            if paper is None:
                return PAPER_NOT_KNOWN(paper=order.paper, person=order.person)
            if paper.standing == "void":
                return PAPER_IS_VOID(paper=order.paper, why=paper.void_why)
            return _draft(kinds.PAPER_VOID, kinds.PaperVoid(paper=order.paper, why=order.why), order, now)
        case StartPermit():
            return _start(order, facts, now)
        case EndPermit():
            if not any(stay.permit == order.permit and stay.ended_at is None for stay in state.stays):
                return PERMIT_NOT_RUNNING(permit=order.permit, person=order.person)
            return _draft(kinds.PERMIT_ENDED, kinds.PermitEnded(permit=order.permit, why=order.why), order, now)
        case _:
            assert_never(order)


def _draft(kind: Kind, body: object, order: DocumentOrder, now: Moment) -> tuple[Draft, ...]:
    return (draft(kind, body, at=now, by=order.by, persons=(order.person,)),)


def _find(state: DocumentState, paper: PaperId) -> Paper | None:
    return next((one for one in state.papers if one.paper == paper), None)


def _record(order: RecordPaper, state: DocumentState, now: Moment) -> tuple[Draft, ...] | Refusal:
    if _find(state, order.paper) is not None:
        return PAPER_EXISTS(paper=order.paper)
    if order.valid_from is not None and order.valid_until is not None and order.valid_until <= order.valid_from:
        return PAPER_VALIDITY_REVERSED(valid_from=iso(order.valid_from), valid_until=iso(order.valid_until))
    # An expired paper is recorded like any other: it still tells who the person is.
    body = kinds.PaperRecorded(
        paper=order.paper,
        type=order.type,
        issuer=order.issuer,
        valid_from=order.valid_from,
        valid_until=order.valid_until,
    )
    return _draft(kinds.PAPER_RECORDED, body, order, now)


def _draw_up(order: DrawUpPaper, facts: DocumentFacts, now: Moment) -> tuple[Draft, ...] | Refusal:
    state = facts.state
    if _find(state, order.paper) is not None:
        return PAPER_EXISTS(paper=order.paper)
    if order.valid_until is not None and order.valid_until <= now:
        return PAPER_VALIDITY_PAST(valid_until=iso(order.valid_until))
    shown = any(paper.type in PHOTO_PAPERS and paper.standing == "in_hand" for paper in state.papers)
    if order.type in IDENTITY_PAPERS and not shown and facts.witnesses < WITNESSES_MIN:
        return IDENTITY_NOT_ESTABLISHED(person=order.person)
    body = kinds.PaperDrawnUp(
        paper=order.paper, type=order.type, valid_until=order.valid_until, witnesses=order.witnesses
    )
    return _draft(kinds.PAPER_DRAWN_UP, body, order, now)


def _issue(order: IssuePaper, state: DocumentState, now: Moment) -> tuple[Draft, ...] | Refusal:
    paper = _find(state, order.paper)
    if paper is None:
        return PAPER_NOT_KNOWN(paper=order.paper, person=order.person)
    if paper.standing == "void":
        return PAPER_IS_VOID(paper=order.paper, why=paper.void_why)
    if paper.standing == "in_hand":
        return PAPER_ALREADY_ISSUED(paper=order.paper)
    if paper.valid_until is not None and paper.valid_until <= now:
        return PAPER_VALIDITY_PAST(valid_until=iso(paper.valid_until))
    body = kinds.PaperIssued(paper=order.paper, type=paper.type, valid_until=paper.valid_until)
    return _draft(kinds.PAPER_ISSUED, body, order, now)


def _start(order: StartPermit, facts: DocumentFacts, now: Moment) -> tuple[Draft, ...] | Refusal:
    if order.permit not in facts.permit_hours:
        known = ", ".join(sorted(facts.permit_hours)) or "none"
        return PERMIT_NOT_IN_OPERATION(permit=order.permit, permits=known)
    for stay in facts.state.stays:
        if stay.permit == order.permit and stay.ended_at is None:
            return PERMIT_RUNNING(permit=order.permit, ends_at=iso(stay.ends_at))
    starts_at = now if order.starts_at is None else order.starts_at
    body = kinds.PermitStarted(
        permit=order.permit,
        paper=order.paper,
        starts_at=starts_at,
        ends_at=Moment(starts_at + facts.permit_hours[order.permit] * HOUR_MS),
    )
    return _draft(kinds.PERMIT_STARTED, body, order, now)
