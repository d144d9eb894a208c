"""What an authority's list says, as received: its rows with their names, and how it becomes an event without them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from corridor.base.ids import AuthorityId, ListId
from corridor.base.moments import Moment
from corridor.journey.clear.events import ListReceived
from corridor.journey.register.identity import BirthDate


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One row of a list as read from the file; `number` is the row there, from 1, and what is None is not on it."""

    number: int
    name: str
    birth: BirthDate | None = None
    citizenship: str | None = None  # alpha-3, when the list's word for it could be read
    document: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityList:
    """One authority's statement of who may pass, never changed after it was received.

    `sha256` is of the file's bytes, which lie in the archive; `valid_until` None: the list does not say; `replaces` is
    an earlier edition of the same list.
    """

    id: ListId
    authority: AuthorityId
    for_date: date
    source: str
    received_at: Moment
    sha256: str
    rows: tuple[ListRow, ...]
    valid_until: Moment | None = None
    replaces: ListId | None = None

    def __post_init__(self) -> None:
        numbers = [row.number for row in self.rows]
        assert len(set(numbers)) == len(numbers), "two rows of a list have one number"
        assert all(number >= 1 for number in numbers), "rows are numbered from 1"


def rows_sha256(rows: Sequence[ListRow]) -> str:
    """The SHA-256 of the rows as read, in hexadecimal: the same rows, the same figure, whatever the file's form."""
    return hashlib.sha256(msgspec.json.encode(tuple(rows))).hexdigest()


def list_received(received: AuthorityList) -> ListReceived:
    """The body of the event that a list came in: where its rows are and how many, and no name."""
    return ListReceived(
        list=received.id,
        authority=received.authority,
        for_date=received.for_date.isoformat(),
        source=received.source,
        sha256=received.sha256,
        rows=len(received.rows),
        last_row=max((row.number for row in received.rows), default=0),
        rows_sha256=rows_sha256(received.rows),
        valid_until=received.valid_until,
        replaces=received.replaces,
    )
