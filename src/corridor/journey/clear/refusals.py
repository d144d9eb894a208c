"""Every expected no of clearance; those it shares stand in registration."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

UNKNOWN_AUTHORITY = RefusalKind(
    "unknown_authority", "The operation has no authority {authority}.", "Choose one of the operation's authorities."
)
LIST_ALREADY_RECEIVED = RefusalKind(
    "list_already_received", "This file is already here as list {list}.", "Use that list; nothing is to be done."
)
LIST_ID_TAKEN = RefusalKind(
    "list_id_taken", "The id {list} already belongs to another list.", "Give the new list an id of its own."
)
NO_EARLIER_EDITION = RefusalKind(
    "no_earlier_edition",
    "There is no list {replaces} of {authority} that this one could replace.",
    "Name an earlier list of the same authority, or none.",
)
UNKNOWN_LIST = RefusalKind("unknown_list", "There is no list {list}.", "Import the list first.")
NO_SUCH_ROW = RefusalKind("no_such_row", "List {list} has no row {row}; its last is {last_row}.", "Look at the list.")
ROW_TAKEN = RefusalKind(
    "row_taken", "Row {row} of list {list} is already {person}.", "Take the row from {person} first if it is not them."
)
ALREADY_LISTED = RefusalKind(
    "already_listed",
    "{person} is already row {row} of list {list}.",
    "Take that row from them first if it is not them.",
)
NOT_LISTED = RefusalKind("not_listed", "{person} is not row {row} of list {list}.", "Look at the person's lists.")
ALREADY_JUDGED = RefusalKind(
    "already_judged", "Row {row} of list {list} and {person} are already {verdict}.", "Nothing is to be done."
)
ENDS_BEFORE_START = RefusalKind(
    "ends_before_start", "The clearance would end before it starts.", "Correct the times of its validity."
)
ALREADY_REFUSED = RefusalKind(
    "already_refused", "{authority} already refused: {persons}.", "Leave them out; a later list changes it."
)
NOBODY_CHOSEN = RefusalKind(
    "nobody_chosen", "Nobody is chosen for row {row}.", "Choose one of ours, or look for somebody else."
)
NO_ROW_READ = RefusalKind(
    "no_row_read",
    "No row of {file} names anybody, so nothing was taken in.",
    "Choose the columns again, or another file.",
)

CATALOGUE: tuple[RefusalKind, ...] = (
    UNKNOWN_AUTHORITY,
    LIST_ALREADY_RECEIVED,
    LIST_ID_TAKEN,
    NO_EARLIER_EDITION,
    UNKNOWN_LIST,
    NO_SUCH_ROW,
    ROW_TAKEN,
    ALREADY_LISTED,
    NOT_LISTED,
    ALREADY_JUDGED,
    ENDS_BEFORE_START,
    ALREADY_REFUSED,
    NOBODY_CHOSEN,
    NO_ROW_READ,
)
