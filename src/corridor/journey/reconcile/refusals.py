"""Every expected no of reconciling."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

NOT_OPEN = RefusalKind(
    "discrepancy_not_open", "No discrepancy {discrepancy} is open.", "Look at the list: it may be closed by now."
)
UNKNOWN_USER = RefusalKind("unknown_user", "Nobody called {user} works here.", "Choose one of the operation's users.")
NO_CONFLICT = RefusalKind(
    "no_conflict", "No records about {person} contradict each other.", "Look at the list: it may be closed by now."
)
RECORDS_MISSING = RefusalKind(
    "records_missing",
    "The judgement about {person} must name every record that contradicts; it leaves out {missing}.",
    "Look at these records too, and judge all of them.",
)
RECORD_NOT_KNOWN = RefusalKind(
    "record_not_known", "No record {record} has been received.", "Choose the record from the person's timeline."
)
ACCOUNT_NOT_KNOWN = RefusalKind(
    "account_not_known",
    "{account} is no place of the operation, no movement and no end.",
    "Choose where people can be from the list.",
)
MUST_BE_JUDGED = RefusalKind(
    "must_be_judged",
    "Words alone do not close {discrepancy}: the people in it are in suspense.",
    "Judge the records: say where each person is.",
)
MUST_BE_SIGNED = RefusalKind(
    "must_be_signed",
    "Words alone do not close {discrepancy}: a crossing against a rule needs a signature.",
    "Let somebody other than who recorded it sign the exception at the crossing desk.",
)
ALREADY_CORRECTED = RefusalKind(
    "already_corrected", "The record {record} has been taken back already.", "Nothing is to be done."
)
NOT_TO_CORRECT = RefusalKind(
    "not_to_correct",
    "The record {record} acts on the ledger itself and is not taken back.",
    "Record what holds now with a new order.",
)
ROLL_CALL_EXISTS = RefusalKind(
    "roll_call_exists", "There is a roll call {roll_call} already.", "Give the new one another name."
)
ROLL_CALL_NOT_KNOWN = RefusalKind(
    "roll_call_not_known", "There is no roll call {roll_call}.", "Look at the list: it may be ended by now."
)
DUE_PAST = RefusalKind(
    "roll_call_due_past", "The roll call would have been due at {due_at}, which has passed.", "Choose a time to come."
)

CATALOGUE: tuple[RefusalKind, ...] = (
    NOT_OPEN,
    UNKNOWN_USER,
    NO_CONFLICT,
    RECORDS_MISSING,
    RECORD_NOT_KNOWN,
    ACCOUNT_NOT_KNOWN,
    MUST_BE_JUDGED,
    MUST_BE_SIGNED,
    ALREADY_CORRECTED,
    NOT_TO_CORRECT,
    ROLL_CALL_EXISTS,
    ROLL_CALL_NOT_KNOWN,
    DUE_PAST,
)
