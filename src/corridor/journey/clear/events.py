"""What can happen in clearance: the bodies of its events and their kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from corridor.base.ids import AuthorityId, ListId
from corridor.base.moments import Moment
from corridor.journey.kinds import Kind

DateText = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
"""A calendar day, YYYY-MM-DD."""
Sha256Hex = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""A SHA-256 in 64 small hexadecimal digits."""
RowNumber = Annotated[int, Meta(ge=1)]
"""The number of a row in the file as received, from 1."""

CheckResult = Literal["clear", "not_clear", "not_checked"]
Verdict = Literal["different", "unsure", "open"]
"""What an officer says of a row and a person who are not held to be the same; `open` takes back what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReceived:
    """An authority's list came in. The bytes lie in the archive under `sha256`; `rows_sha256` is of the rows read."""

    list: ListId
    authority: AuthorityId
    for_date: DateText
    source: str
    sha256: Sha256Hex
    rows: Annotated[int, Meta(ge=0)]
    rows_sha256: Sha256Hex
    last_row: Annotated[int, Meta(ge=0)] | None = None  # the highest row number; None: rows are numbered 1 to `rows`
    valid_until: Moment | None = None  # None: the list does not say
    replaces: ListId | None = None  # an earlier edition of the same list; None: none

    def __post_init__(self) -> None:
        date.fromisoformat(self.for_date)  # a day that the calendar has; ValueError otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of a list is the event's person, and why it is held to be."""

    list: ListId
    row: RowNumber
    reason: str
    valid_from: Moment | None = None  # None: from the time of the list
    valid_until: Moment | None = None  # None: as long as the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlisted:
    """The row is not this person after all, or was struck out."""

    list: ListId
    row: RowNumber
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowJudged:
    """An officer looked at the row beside the person: somebody else, or not to be told yet."""

    list: ListId
    row: RowNumber
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceRefused:
    """An authority said no to the event's persons; it holds until the authority lists them later."""

    authority: AuthorityId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMade:
    """The persons were checked against something. "Not checked" is a result of its own and never means clear."""

    check: str
    against: str
    result: CheckResult


LIST_RECEIVED = Kind(
    name="list_received",
    stage="clear",
    body=ListReceived,
    moves=False,
    says="List {list} of {authority} for {for_date} received from {source}: {rows} rows.",
)
LISTED = Kind(name="listed", stage="clear", body=Listed, moves=False, says="On list {list}, row {row}: {reason}.")
UNLISTED = Kind(name="unlisted", stage="clear", body=Unlisted, moves=False, says="Not row {row} of list {list}: {why}.")
ROW_JUDGED = Kind(
    name="row_judged", stage="clear", body=RowJudged, moves=False, says="Row {row} of list {list}: {verdict}."
)
CLEARANCE_REFUSED = Kind(
    name="clearance_refused", stage="clear", body=ClearanceRefused, moves=False, says="Refused by {authority}: {why}."
)
CHECK_MADE = Kind(
    name="check_made", stage="clear", body=CheckMade, moves=False, says="Check {check} against {against}: {result}."
)

KINDS: tuple[Kind, ...] = (LIST_RECEIVED, LISTED, UNLISTED, ROW_JUDGED, CLEARANCE_REFUSED, CHECK_MADE)
