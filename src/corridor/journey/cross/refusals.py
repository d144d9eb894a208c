"""Every expected no at the crossing; those it shares stand in registration."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

ALREADY_CROSSED = RefusalKind("already_crossed", "Already crossed: {persons}.", "Leave them out.")
NOT_CLEARED = RefusalKind(
    "not_cleared", "Not cleared for {gate}: {persons}.", "Wait for the authorities' lists, or ask for a correction."
)
CALL_SPLITS_PARTY = RefusalKind(
    "call_splits_party",
    "{left} must travel with the people called and is not called.",
    "Call all of them, or record that the family waives it.",
)
NOT_CALLED = RefusalKind(
    "not_called",
    "Not called to {gate} for {for_date}: {persons}.",
    "Leave them out, or choose the gate and day of their call.",
)
STANDS_AT_GATE = RefusalKind(
    "stands_at_gate",
    "At {gate} already: {persons}.",
    "Record what became of them there: they crossed, or were turned back.",
)
TAKING_BACK_SPLITS_PARTY = RefusalKind(
    "taking_back_splits_party",
    "{left} must travel with the people whose call is taken back, and is still called.",
    "Take back the call of all of them, or record that the family waives it.",
)
NOT_TAKEN_BACK = RefusalKind(
    "call_not_taken_back",
    "The call to {gate} for {for_date} stands: {persons}.",
    "Take the call back first, or leave them out.",
)
DAY_PASSED = RefusalKind("day_passed", "{for_date} has passed; today is {today}.", "Choose today or a later day.")
NOT_YET = RefusalKind("not_yet", "{at} has not come yet.", "Correct the time, or leave it out for now.")
NO_WAY_THERE = RefusalKind(
    "no_way_there",
    "No leg of the operation goes through {gate} out of danger.",
    "Choose the gate at an end of that leg, or record where the people were seen.",
)
NO_SUCH_CROSSING = RefusalKind(
    "no_such_crossing", "There is no record {crossing} of a crossing.", "Open the crossing in the person's timeline."
)
NEEDS_NO_EXCEPTION = RefusalKind(
    "needs_no_exception", "The crossing {crossing} stands against no rule.", "Nothing is to be done."
)
SIGNED_BY_RECORDER = RefusalKind(
    "signed_by_recorder",
    "{by} recorded the crossing {crossing} and cannot sign for it too.",
    "Ask a second person to sign.",
)
ALREADY_SIGNED = RefusalKind(
    "already_signed", "{by} has already signed for the crossing {crossing}.", "Nothing is to be done."
)
UNKNOWN_GATE = RefusalKind("unknown_gate", "The operation has no gate {gate}.", "Choose one of the operation's gates.")
GATE_ALREADY = RefusalKind("gate_already", "The gate {gate} is already {state}.", "Nothing is to be done.")
UNKNOWN_LEG = RefusalKind("unknown_leg", "The operation has no leg {leg}.", "Choose one of the operation's legs.")
HAZARD_ID_TAKEN = RefusalKind(
    "hazard_id_taken", "There is already a hazard {hazard}.", "Give the new hazard an id of its own."
)
HAZARD_ENDS_BEFORE = RefusalKind(
    "hazard_ends_before",
    "The hazard would end at {until}, which is not after now.",
    "Correct its end, or leave it out.",
)
NO_SUCH_HAZARD = RefusalKind("no_such_hazard", "There is no hazard {hazard}.", "Look at the hazards in force.")
HAZARD_OVER = RefusalKind("hazard_over", "The hazard {hazard} ended at {ended}.", "Nothing is to be done.")

CATALOGUE: tuple[RefusalKind, ...] = (
    ALREADY_CROSSED,
    NOT_CLEARED,
    CALL_SPLITS_PARTY,
    NOT_CALLED,
    STANDS_AT_GATE,
    TAKING_BACK_SPLITS_PARTY,
    NOT_TAKEN_BACK,
    DAY_PASSED,
    NOT_YET,
    NO_WAY_THERE,
    NO_SUCH_CROSSING,
    NEEDS_NO_EXCEPTION,
    SIGNED_BY_RECORDER,
    ALREADY_SIGNED,
    UNKNOWN_GATE,
    GATE_ALREADY,
    UNKNOWN_LEG,
    HAZARD_ID_TAKEN,
    HAZARD_ENDS_BEFORE,
    NO_SUCH_HAZARD,
    HAZARD_OVER,
)
