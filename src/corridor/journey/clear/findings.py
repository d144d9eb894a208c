"""What in clearance contradicts itself: rows held to be two people, missing rows and lists, words that clash."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from corridor.base.ids import ListId, PersonId
from corridor.journey.clear.state import ClearState, Lists
from corridor.journey.findings import Finding, FindingKind

ROW_OF_TWO = FindingKind(
    "row_of_two", "Row {row} of list {list} is held to be {persons}.", "Take the row from all but one of them."
)
LISTED_TWICE = FindingKind(
    "listed_twice", "{persons} is held to be rows {rows} of list {list}.", "Take all but one of the rows from them."
)
UNKNOWN_LIST = FindingKind(
    "on_unknown_list",
    "{persons} is on list {list}, which never came in.",
    "Import the list, or take the row from them.",
)
NO_SUCH_ROW = FindingKind(
    "on_missing_row",
    "{persons} is row {row} of list {list}, which ends with row {last_row}.",
    "Look at the list, and take the row from them.",
)
REFUSED_WHILE_LISTED = FindingKind(
    "refused_while_listed",
    "{authority} listed {persons} on {list} and refused them later: {why}.",
    "Ask {authority} which of the two holds, and record the answer.",
)
LIST_CLASH = FindingKind(
    "list_clash",
    "The record {event} gives the id of another list; the first list with it stands.",
    "Import that list again under an id of its own.",
)

CATALOGUE: tuple[FindingKind, ...] = (
    ROW_OF_TWO,
    LISTED_TWICE,
    UNKNOWN_LIST,
    NO_SUCH_ROW,
    REFUSED_WHILE_LISTED,
    LIST_CLASH,
)


def findings(states: Mapping[PersonId, ClearState], lists: Lists) -> tuple[Finding, ...]:
    """What stands against itself in the clearance of these people and in the lists that came in."""
    holders: dict[tuple[ListId, int], list[PersonId]] = {}
    found: list[Finding] = []
    for person, state in sorted(states.items()):
        for row in rows_of(state):
            holders.setdefault(row, []).append(person)
        found.extend(about(person, state, lists))
    doubled = {row: persons for row, persons in holders.items() if len(persons) > 1}
    return (*found, *about_lists(doubled, lists))


def rows_of(state: ClearState) -> list[tuple[ListId, int]]:
    """The rows that are held to be a person."""
    return [(listing.list, listing.row) for listing in state.listings if listing.unlisted_at is None]


def about(person: PersonId, state: ClearState, lists: Lists) -> list[Finding]:
    """What stands against itself in one person's clearance."""
    rows: dict[ListId, list[int]] = {}
    for list_id, row in rows_of(state):
        rows.setdefault(list_id, []).append(row)
    found: list[Finding] = []
    for list_id, numbers in sorted(rows.items()):
        found.extend(_about_rows(person, list_id, sorted(numbers), lists))
    found.extend(_about_refusals(person, state, lists))
    return found


def about_lists(doubled: Mapping[tuple[ListId, int], Collection[PersonId]], lists: Lists) -> list[Finding]:
    """What stands against itself in the lists: rows held to be several people, lists with one id."""
    found = [ROW_OF_TWO(persons, row=row, list=list_id) for (list_id, row), persons in sorted(doubled.items())]
    return [*found, *(LIST_CLASH([], event=event) for event in lists.clashes)]


def _about_rows(person: PersonId, list_id: ListId, rows: list[int], lists: Lists) -> list[Finding]:
    """What is wrong with the rows of one list that are held to be a person."""
    found: list[Finding] = []
    if len(rows) > 1:
        found.append(LISTED_TWICE([person], rows=", ".join(map(str, rows)), list=list_id))
    statement = lists.statements.get(list_id)
    if statement is None:
        return [*found, UNKNOWN_LIST([person], list=list_id)]
    beyond = [row for row in rows if row > statement.last_row]
    return [
        *found,
        *(NO_SUCH_ROW([person], row=row, list=list_id, last_row=statement.last_row) for row in beyond),
    ]


def _about_refusals(person: PersonId, state: ClearState, lists: Lists) -> list[Finding]:
    """Refusals of an authority that stands by a list naming the same person on the same or a later day."""
    found: list[Finding] = []
    for listing in state.listings:
        statement = lists.statements.get(listing.list)
        if statement is None or listing.unlisted_at is not None:
            continue
        later = [one for one in state.refusals if one.authority == statement.authority and one.at >= statement.at]
        if later:
            found.append(
                REFUSED_WHILE_LISTED([person], authority=statement.authority, list=statement.list, why=later[-1].why)
            )
    return found
