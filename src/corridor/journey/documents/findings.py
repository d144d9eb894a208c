"""Where recorded documents contradict their rules: permits overstayed, papers void or ended that nobody knew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corridor.base.ids import PersonId
from corridor.base.moments import MINUTE_MS, Moment, iso
from corridor.journey.documents.state import DocumentState
from corridor.journey.findings import UNREADABLE_RECORD, Finding, FindingKind, unreadable_records

PERMIT_BREACHED = FindingKind(
    "permit_breached",
    "The permit {permit} of {persons} ran out at {ends_at} and was not ended.",
    "Ask the authority for an extension, or record when {persons} left.",
)
PERMIT_ENDED_LATE = FindingKind(
    "permit_ended_late",
    "The permit {permit} of {persons} ran out at {ends_at} and was ended {late_minutes} min late.",
    "Tell the authority, with the reason.",
)
PERMIT_NOT_STARTED = FindingKind(
    "permit_end_not_known",
    "A permit {permit} of {persons} was ended that was not running.",
    "Ask who ended it, and record when it began.",
)
VOID_NOT_KNOWN = FindingKind(
    "void_paper_not_known",
    "The paper {paper} of {persons} was declared void, and nobody recorded it.",
    "Ask which paper was meant.",
)
CATALOGUE: tuple[FindingKind, ...] = (
    PERMIT_BREACHED,
    PERMIT_ENDED_LATE,
    PERMIT_NOT_STARTED,
    VOID_NOT_KNOWN,
    UNREADABLE_RECORD,
)


def findings(states: Mapping[PersonId, DocumentState], at: Moment) -> tuple[Finding, ...]:
    """What in these people's documents needs somebody at that moment, by person."""
    return tuple(found for person, state in sorted(states.items()) for found in about_person(person, state, at))


def turns(state: DocumentState) -> Iterator[Moment]:
    """The instants from which on something else may be found in the same state: permits that run end."""
    return (stay.ends_at for stay in state.stays if stay.ended_at is None)


def about_person(person: PersonId, state: DocumentState, at: Moment) -> tuple[Finding, ...]:
    """What in one person's documents needs somebody at that moment."""
    found = []
    for stay in state.stays:
        if stay.ended_at is None and stay.ends_at <= at:
            found.append(PERMIT_BREACHED((person,), permit=stay.permit, ends_at=iso(stay.ends_at)))
        elif stay.overstayed_ms:
            late_minutes = -(-stay.overstayed_ms // MINUTE_MS)
            found.append(
                PERMIT_ENDED_LATE((person,), permit=stay.permit, ends_at=iso(stay.ends_at), late_minutes=late_minutes)
            )
    found += [PERMIT_NOT_STARTED((person,), permit=permit) for permit in state.ended_not_known]
    found += [VOID_NOT_KNOWN((person,), paper=paper) for paper in state.void_not_known]
    return (*found, *unreadable_records((person,), state.unreadable))
