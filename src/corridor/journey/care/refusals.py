"""How care says no: every refusal of the stage, with its facts and one thing to do."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

NOT_OBSERVED = RefusalKind(
    "triage_not_observed",
    "The colour is not known: {question} was not observed.",
    "Observe it and enter it; do not guess.",
)
UNKNOWN_CODE = RefusalKind(
    "unknown_care_code", "There is no primary-care code {code}.", "Choose a code from the table, or other_illness."
)
NO_CODE = RefusalKind(
    "no_care_code", "The encounter {encounter} has no code.", "Choose at least one code, or other_illness."
)
ENCOUNTER_EXISTS = RefusalKind(
    "encounter_exists",
    "The encounter {encounter} of {person} is already recorded.",
    "Give this one its own id, or correct the recorded one.",
)
REVIEW_IN_THE_PAST = RefusalKind(
    "review_in_the_past", "The hold would be reviewed at {review_at}, which is past.", "Set a review time to come."
)
NO_INSTRUCTION = RefusalKind(
    "hold_without_instruction",
    "The hold says nothing to those who may not know its reason.",
    "Write what others must do, e.g. 'Do not board; call the doctor.'",
)
HOLD_EXISTS = RefusalKind("hold_exists", "The hold {hold} already exists.", "Give the new hold its own id.")
HOLD_NOT_ACTIVE = RefusalKind(
    "hold_not_active", "The hold {hold} is not active.", "Choose one of the person's active holds."
)
VALIDITY_PAST = RefusalKind(
    "fitness_validity_past", "The decision would be valid until {until}, which is past.", "Set an end to come."
)
VALIDITY_MISSING = RefusalKind(
    "fitness_without_end",
    "Fit to travel was decided without an end of validity.",
    "Say until when the person is fit.",
)
FIT_WHILE_HELD = RefusalKind(
    "fit_while_on_hold",
    "{person} cannot be declared fit while the hold {hold} is active.",
    "Review the hold first.",
)
WITHOUT_CONSENT = RefusalKind(
    "kept_without_consent",
    "{person} refused consent, so the words may not be kept.",
    "Remove the sealed text; only the refusal is recorded.",
)
NOTHING_SEALED = RefusalKind(
    "testimony_empty", "The testimony of {person} has no sealed text.", "Seal the text first, then record it."
)
TRACING_EXISTS = RefusalKind("tracing_exists", "The search {tracing} is already known.", "Give the new one its own id.")
TRACING_NOT_OPEN = RefusalKind(
    "tracing_not_open", "The search {tracing} is not open.", "Choose one of the person's open searches."
)
ON_HOLD = RefusalKind("on_hold", "On hold until {until}: {instruction}", "Ask the owner of the hold to review it.")
UNFIT = RefusalKind(
    "unfit_to_travel", "A doctor decided at {decided_at} against travelling now.", "Ask the medical desk."
)
FITNESS_EXPIRED = RefusalKind(
    "fitness_expired", "The decision that allowed travelling ran out at {until}.", "Have the person examined again."
)
NOT_EXAMINED = RefusalKind(
    "fitness_not_decided", "No doctor has decided whether the person can travel.", "Have the person examined."
)
NOT_FOR_CARE = RefusalKind(
    "sealed_for_care", "The role {role} may not open what care has sealed.", "Ask the medical desk what you need to do."
)
SEALED_NO_REASON = RefusalKind(
    "sealed_without_reason", "Nothing sealed is opened without a reason.", "Say why you read it."
)
SEALED_FOR_EVER = RefusalKind(
    "sealed_for_ever",
    "The text of {person} cannot be opened: its key was destroyed, or it was sealed elsewhere.",
    "Ask the person again, if it is still needed.",
)

CATALOGUE: tuple[RefusalKind, ...] = (
    NOT_OBSERVED,
    UNKNOWN_CODE,
    NO_CODE,
    ENCOUNTER_EXISTS,
    REVIEW_IN_THE_PAST,
    NO_INSTRUCTION,
    HOLD_EXISTS,
    HOLD_NOT_ACTIVE,
    VALIDITY_PAST,
    VALIDITY_MISSING,
    FIT_WHILE_HELD,
    WITHOUT_CONSENT,
    NOTHING_SEALED,
    TRACING_EXISTS,
    TRACING_NOT_OPEN,
    ON_HOLD,
    UNFIT,
    FITNESS_EXPIRED,
    NOT_EXAMINED,
    NOT_FOR_CARE,
    SEALED_NO_REASON,
    SEALED_FOR_EVER,
)
