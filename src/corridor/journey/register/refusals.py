"""Every expected no of registration, and those that later stages share."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

NOBODY_NAMED = RefusalKind("nobody_named", "The order names nobody.", "Name the people it is about.")
TOO_MANY_NAMED = RefusalKind(
    "too_many_named",
    "The order names {named} people, and one record holds at most {most}.",
    "Give the order party by party.",
)
NAMED_TWICE = RefusalKind("named_twice", "The order names {person} more than once.", "Name each person once.")
NO_REASON = RefusalKind("no_reason", "The order gives no reason.", "Write the reason in a few words.")
UNKNOWN_PLACE = RefusalKind(
    "unknown_place", "The operation has no place {place}.", "Choose one of the operation's places."
)
NOT_REGISTERED = RefusalKind("not_registered", "Not in the book: {persons}.", "Register them first.")

ALREADY_REGISTERED = RefusalKind(
    "already_registered", "Already registered: {persons}.", "Change their particulars instead."
)
NOT_COMING = RefusalKind(
    "not_coming", "Withdrawn or dead: {persons}.", "Leave them out, or offer the journey again to who withdrew."
)
TWO_HEADS = RefusalKind("two_heads", "Party {party} would have {heads} heads.", "Name one head.")
NOT_IN_PARTY = RefusalKind("not_in_party", "Not in party {party}: {persons}.", "Name members of the party.")
MINORS_LEFT_ALONE = RefusalKind(
    "minors_left_alone",
    "Then {persons}, under age, would travel without any adult.",
    "First tie each of them to a guardian who travels.",
)
TIED_TO_SELF = RefusalKind("tied_to_self", "{person} cannot be tied to themselves.", "Name two people.")
GUARDIAN_IS_MINOR = RefusalKind(
    "guardian_is_minor", "{person} is under age and cannot be a guardian.", "Name an adult as the guardian."
)
ALREADY_TIED = RefusalKind("already_tied", "{person} and {other} already have the tie {tie}.", "Nothing is to be done.")
NOT_TIED = RefusalKind("not_tied", "{person} and {other} do not have the tie {tie}.", "Look at the ties of {person}.")
WAIVER_BY_MINOR = RefusalKind(
    "waiver_by_minor", "{said_by} is not known to be an adult.", "Ask an adult of the party whether it may be split."
)
ALREADY_WITHDRAWN = RefusalKind("already_withdrawn", "Already withdrawn: {persons}.", "Leave them out.")
NOT_WITHDRAWN = RefusalKind("not_withdrawn", "Not withdrawn: {persons}.", "Leave them out.")
ALREADY_DEAD = RefusalKind(
    "already_dead", "Recorded as dead: {persons}.", "Correct the death first if it was recorded by mistake."
)
NOT_AT_A_PLACE = RefusalKind(
    "not_at_a_place", "Not at a place now: {persons}.", "Wait until they are seen at a place, or close the discrepancy."
)
ALREADY_NEEDED = RefusalKind(
    "already_needed", "The need {need} is already recorded for {persons}.", "Nothing is to be done."
)
NOT_NEEDED = RefusalKind("not_needed", "The need {need} is not recorded for {persons}.", "Look at their needs.")
NOTHING_CHANGED = RefusalKind("nothing_changed", "The order changes nothing.", "Nothing is to be done.")
STILL_ON_THE_ROAD = RefusalKind(
    "still_on_the_road",
    "The road of {persons} has not ended, and nobody could find them without their names.",
    "Forget them after their road has ended.",
)
ALREADY_FORGOTTEN = RefusalKind("already_forgotten", "Already forgotten: {persons}.", "Nothing is to be done.")
IDENTITY_FORGOTTEN = RefusalKind(
    "identity_forgotten",
    "{person} was forgotten, and nothing of who they are is written any more.",
    "Register whoever comes back anew.",
)

TIE_WITHOUT_PERSON = RefusalKind(
    "tie_without_person",
    "The record ties nobody but {other} to {other} ({tie}).",
    "Keep the event, and correct it with a new one that names both.",
)
UNREADABLE_IDENTITY = RefusalKind(
    "unreadable_identity",
    "The identity of {person} cannot be read: {why}.",
    "Write the identity anew from the person's papers.",
)
ROLE_MAY_NOT_READ = RefusalKind(
    "role_may_not_read", "The role {role} may not read people's names.", "Ask the duty officer for a figure instead."
)
NOT_OWN_NATIONALS = RefusalKind(
    "not_own_nationals",
    "{number} of the people asked for are not citizens of the partner's country.",
    "Ask only for the partner's own citizens.",
)

SAME_ID = RefusalKind("same_id", "Both are {person}.", "Name two people.")
MERGED_INTO = RefusalKind(
    "merged_into", "{person} is the same person as {kept}.", "Give the order for {kept}, or part the two first."
)
NOT_MERGED = RefusalKind("not_merged", "{kept} and {dropped} are not merged.", "Look at the page of {kept}.")
ALREADY_COMPARED = RefusalKind(
    "already_compared", "{person} and {other} stand as {verdict} already.", "Nothing is to be done."
)

NOT_A_CODE = RefusalKind("not_a_code", "This is no code of a person.", "Scan it again, or search by name.")
CODE_OF_ANOTHER = RefusalKind(
    "code_of_another", "The code does not fit this operation, or was misread.", "Scan it again, or search by name."
)

CATALOGUE: tuple[RefusalKind, ...] = (
    NOBODY_NAMED,
    TOO_MANY_NAMED,
    NAMED_TWICE,
    NO_REASON,
    UNKNOWN_PLACE,
    NOT_REGISTERED,
    ALREADY_REGISTERED,
    NOT_COMING,
    TWO_HEADS,
    NOT_IN_PARTY,
    MINORS_LEFT_ALONE,
    TIED_TO_SELF,
    GUARDIAN_IS_MINOR,
    ALREADY_TIED,
    NOT_TIED,
    WAIVER_BY_MINOR,
    ALREADY_WITHDRAWN,
    NOT_WITHDRAWN,
    ALREADY_DEAD,
    NOT_AT_A_PLACE,
    ALREADY_NEEDED,
    NOT_NEEDED,
    NOTHING_CHANGED,
    STILL_ON_THE_ROAD,
    ALREADY_FORGOTTEN,
    IDENTITY_FORGOTTEN,
    TIE_WITHOUT_PERSON,
    UNREADABLE_IDENTITY,
    ROLE_MAY_NOT_READ,
    NOT_OWN_NATIONALS,
    NOT_A_CODE,
    CODE_OF_ANOTHER,
    SAME_ID,
    MERGED_INTO,
    NOT_MERGED,
    ALREADY_COMPARED,
)
