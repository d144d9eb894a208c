"""Where recorded care contradicts its rules: holds past review, colours that do not follow, words without consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corridor.base.ids import PersonId
from corridor.base.moments import Moment, iso
from corridor.base.refusal import Refusal
from corridor.journey.care.codes import CODES
from corridor.journey.care.state import CareState, ReportedLoss, Testimony, active_holds
from corridor.journey.care.triage import SYSTEMS, observed
from corridor.journey.findings import UNREADABLE_RECORD, Finding, FindingKind, unreadable_records

HOLD_OVERDUE = FindingKind(
    "hold_overdue",
    "The hold {hold} on {persons} was to be reviewed at {review_at}.",
    "Ask {owner} to lift it or to set a new review.",
)
HOLD_NOT_KNOWN = FindingKind(
    "hold_not_known",
    "A hold {hold} on {persons} was lifted that nobody placed.",
    "Ask who lifted it which hold was meant.",
)
REVIEW_NOT_KNOWN = FindingKind(
    "hold_review_not_known",
    "A hold {hold} on {persons} was reviewed that nobody placed.",
    "Ask who reviewed it which hold was meant.",
)
COLOUR_DISAGREES = FindingKind(
    "triage_colour_disagrees",
    "{persons} was recorded as {colour}, but what was observed gives {found}: {reason}",
    "Triage the person again.",
)
CODE_NOT_KNOWN = FindingKind(
    "care_code_not_known",
    "The encounter {encounter} of {persons} has the code {code}, which is not in the table.",
    "Correct the encounter; until then it counts as another diagnosis.",
)
KEPT_WITHOUT_CONSENT = FindingKind(
    "words_kept_without_consent",
    "Record {event} keeps words of {persons}, who refused consent.",
    "Ask the officer for data protection to erase them.",
)
NOT_TRACED = FindingKind(
    "missing_relative_not_traced",
    "{persons} reported a missing relative and agreed to a search, and none was opened.",
    "Open a search, or record why not.",
)
FIT_THOUGH_HELD = FindingKind(
    "fit_while_held",
    "{persons} was declared fit to travel while the hold {hold} was active.",
    "Ask the doctor and the owner of the hold which of the two counts.",
)
CATALOGUE: tuple[FindingKind, ...] = (
    HOLD_OVERDUE,
    HOLD_NOT_KNOWN,
    REVIEW_NOT_KNOWN,
    COLOUR_DISAGREES,
    CODE_NOT_KNOWN,
    KEPT_WITHOUT_CONSENT,
    NOT_TRACED,
    FIT_THOUGH_HELD,
    UNREADABLE_RECORD,
)


def findings(states: Mapping[PersonId, CareState], at: Moment) -> tuple[Finding, ...]:
    """What in these people's care needs somebody at that moment, by person."""
    return tuple(found for person, state in sorted(states.items()) for found in about_person(person, state, at))


def about_person(person: PersonId, state: CareState, at: Moment) -> Iterator[Finding]:
    """What in one person's care needs somebody at that moment."""
    yield from _holds(person, state, at)
    yield from _records(person, state)
    yield from _consent(person, state)
    yield from unreadable_records((person,), state.unreadable)


def turns(state: CareState) -> Iterator[Moment]:
    """The instants from which on something else may be found in the same state: a hold binds, is overdue, or ends."""
    for hold in state.holds:
        yield hold.placed_at
        yield hold.review_at
        if hold.lifted_at is not None:
            yield hold.lifted_at


def _holds(person: PersonId, state: CareState, at: Moment) -> list[Finding]:
    found = [
        HOLD_OVERDUE((person,), hold=hold.hold, review_at=iso(hold.review_at), owner=hold.owner)
        for hold in active_holds(state, at)
        if hold.review_at <= at
    ]
    found += [HOLD_NOT_KNOWN((person,), hold=hold) for hold in state.lifted_unknown]
    found += [REVIEW_NOT_KNOWN((person,), hold=hold) for hold in state.reviewed_unknown]
    if state.fitness is not None and state.fitness.decision != "unfit" and state.fitness_at is not None:
        found += [
            FIT_THOUGH_HELD((person,), hold=hold.hold)
            for hold in active_holds(state, state.fitness_at)
            if hold.reason in ("medical", "infectious", "psychological")
        ]
    return found


def _records(person: PersonId, state: CareState) -> list[Finding]:
    found = []
    for _, body in state.triages:
        given = SYSTEMS[body.system](observed(body))
        # A colour without the observations behind it is a fact as it stands; there is nothing to compare.
        if not isinstance(given, Refusal) and given.colour != body.colour:
            found.append(COLOUR_DISAGREES((person,), colour=body.colour, found=given.colour, reason=given.reason))
    for one in state.encounters:
        unknown = [code for code in one.codes if code not in CODES]
        found += [CODE_NOT_KNOWN((person,), encounter=one.encounter, code=code) for code in unknown]
    return found


def _consent(person: PersonId, state: CareState) -> list[Finding]:
    kept: tuple[Testimony | ReportedLoss, ...] = (*state.testimonies, *state.losses)
    found = [
        KEPT_WITHOUT_CONSENT((person,), event=one.event) for one in kept if one.consent == "refused" and one.sealed
    ]
    missing = any(one.loss == "relative_missing" and one.consent != "refused" for one in state.losses)
    if missing and not state.tracings:
        found.append(NOT_TRACED((person,)))
    return found
