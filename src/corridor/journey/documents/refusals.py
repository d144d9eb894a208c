"""How documents says no: every refusal of the stage, with its facts and one thing to do."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

PAPER_EXISTS = RefusalKind("paper_exists", "The paper {paper} is already known.", "Give the new one its own id.")
PAPER_NOT_KNOWN = RefusalKind(
    "paper_not_known", "There is no paper {paper} of {person}.", "Record or draw it up first."
)
PAPER_IS_VOID = RefusalKind("paper_is_void", "The paper {paper} is void: {why}.", "Draw up a new one.")
PAPER_ALREADY_ISSUED = RefusalKind(
    "paper_already_issued", "The paper {paper} is already in the person's hand.", "Nothing is left to do."
)
PAPER_VALIDITY_PAST = RefusalKind(
    "paper_validity_past", "The paper would be valid until {valid_until}, which is past.", "Set an end to come."
)
PAPER_VALIDITY_REVERSED = RefusalKind(
    "paper_validity_reversed",
    "The paper would be valid until {valid_until}, before it begins at {valid_from}.",
    "Enter the two dates again.",
)
IDENTITY_NOT_ESTABLISHED = RefusalKind(
    "identity_not_established",
    "Nothing establishes who {person} is: no paper in hand and fewer than two witnesses.",
    "Record a paper with a photograph, or two citizens who vouch.",
)
PAPER_NOT_MISSING = RefusalKind(
    "paper_not_missing", "{person} has a {type} in hand.", "Void that paper first if it cannot be used."
)
PERMIT_NOT_IN_OPERATION = RefusalKind(
    "permit_not_in_operation", "The operation has no permit {permit}.", "Choose one of {permits}."
)
PERMIT_RUNNING = RefusalKind(
    "permit_running", "The permit {permit} already runs until {ends_at}.", "End it first, as extended or cancelled."
)
PERMIT_NOT_RUNNING = RefusalKind(
    "permit_not_running", "The permit {permit} of {person} is not running.", "Choose a permit that has started."
)

CATALOGUE: tuple[RefusalKind, ...] = (
    PAPER_EXISTS,
    PAPER_NOT_KNOWN,
    PAPER_IS_VOID,
    PAPER_ALREADY_ISSUED,
    PAPER_VALIDITY_PAST,
    PAPER_VALIDITY_REVERSED,
    IDENTITY_NOT_ESTABLISHED,
    PAPER_NOT_MISSING,
    PERMIT_NOT_IN_OPERATION,
    PERMIT_RUNNING,
    PERMIT_NOT_RUNNING,
)
