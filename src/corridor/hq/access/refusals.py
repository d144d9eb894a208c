"""Every expected no to a change of somebody's account."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

NOT_ADMINISTRATOR = RefusalKind(
    "not_administrator", "Your role ({role}) does not change accounts.", "Ask the duty officer."
)
NOT_YOURSELF = RefusalKind("not_yourself", "Nobody changes their own account here.", "Ask another duty officer.")
NAME_TAKEN = RefusalKind("name_taken", "There is or was a user {name} already.", "Choose another name.")
NAME_WRONG = RefusalKind(
    "name_wrong",
    "{name} is no name to sign in with.",
    "Write 2 to 64 small letters a to z, digits and dashes, a letter first.",
)
NO_REASON = RefusalKind("account_no_reason", "No reason is given.", "Write why, for whoever reads the log later.")
ROLES_WRONG = RefusalKind(
    "roles_wrong",
    "These roles cannot be held together, or there are none: {roles}.",
    "Give one role at least, and the roles of an auditor and of a liaison alone.",
)
PARTNER_WRONG = RefusalKind(
    "partner_wrong", "A partner liaison has a partner, and nobody else has one.", "Choose the partner state, or none."
)
PLACE_WRONG = RefusalKind("place_wrong", "There is no place {place}.", "Choose a place of the operation.")
ACCOUNT_CLOSED = RefusalKind("account_closed", "The account of {name} is closed.", "Open it again first.")
NOT_AGREEING = RefusalKind(
    "account_not_agreeing",
    "Somebody else must look at this account: you changed it, it is yours, or your own waits.",
    "Ask another duty officer or the auditor.",
)
NOTHING_WAITS = RefusalKind(
    "account_nothing_waits",
    "Nothing of this account waits, or it was changed since you opened the page.",
    "Look at the page again.",
)

CATALOGUE = (
    NOT_ADMINISTRATOR, NOT_YOURSELF, NAME_TAKEN, NAME_WRONG, NO_REASON, ROLES_WRONG,
    PARTNER_WRONG, PLACE_WRONG, ACCOUNT_CLOSED, NOT_AGREEING, NOTHING_WAITS,
)  # fmt: skip
