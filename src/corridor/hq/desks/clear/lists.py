"""The rows of the lists that came in, read from their bytes in the archive by the columns chosen when they came."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corridor.base.ids import AuthorityId, ListId
from corridor.base.refusal import Refusal
from corridor.base.sheets.mapping import Mapping, from_json, to_json
from corridor.hq.models import Choice
from corridor.hq.served import Served
from corridor.journey.board.board import Board
from corridor.journey.clear.file_rows import list_sheets, rows_of
from corridor.journey.clear.lists import AuthorityList, ListRow
from corridor.journey.clear.state import ListStatement

HEADQUARTERS = ""
"""Who a choice is of when it is everybody's: the columns of an authority's lists."""
READ_MAX = 60
"""Lists whose rows are kept ready: three authorities for twenty days."""

_read: OrderedDict[tuple[str, tuple[str, ...], date], tuple[ListRow, ...]] = OrderedDict()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsOfList:
    """A list with its rows. `gone`: the archive has no bytes of it here; `changed`: other rows are read than when it
    came in, since the columns chosen then are not known here."""

    statement: ListStatement
    rows: tuple[ListRow, ...]
    gone: bool
    changed: bool


def kept_mappings(authority: AuthorityId) -> list[Mapping]:
    """The columns saved for an authority's lists, the newest first."""
    return _mappings(f"list-columns:{authority}")


def keep_mappings(authority: AuthorityId, list_id: ListId, mappings: Sequence[Mapping]) -> None:
    """Remember by which columns this list is read, and that the authority's next ones are to be."""
    texts = [to_json(mapping) for mapping in mappings]
    for name in (f"list-columns:{authority}", f"list:{list_id}"):
        Choice.objects.update_or_create(who=HEADQUARTERS, name=name[:64], defaults={"value": texts})


def _mappings(name: str) -> list[Mapping]:
    kept = Choice.objects.filter(who=HEADQUARTERS, name=name[:64]).first()
    texts = [] if kept is None else kept.value
    return [mapping for text in texts if isinstance(mapping := from_json(text, "list"), Mapping)]


def rows_of_list(headquarters: Served, statement: ListStatement) -> RowsOfList:
    """The rows of a list; none when its bytes are not kept here."""
    mappings = _mappings(f"list:{statement.list}")
    key = (statement.sha256, tuple(map(to_json, mappings)), statement.for_date)
    rows = _read.get(key)
    if rows is None:
        data = headquarters.opened.archive.get(statement.sha256)
        sheets = None if data is None else list_sheets("list", data, mappings, statement.for_date, guess=not mappings)
        if sheets is None or isinstance(sheets, Refusal):
            return RowsOfList(statement=statement, rows=(), gone=True, changed=False)
        rows = _read[key] = rows_of(sheets)
        if len(_read) > READ_MAX:
            _read.popitem(last=False)
    changed = (len(rows), max((row.number for row in rows), default=0)) != (statement.rows, statement.last_row)
    return RowsOfList(statement=statement, rows=rows, gone=False, changed=changed)


def as_list(one: RowsOfList) -> AuthorityList:
    """The list as the comparison of two lists wants it."""
    statement = one.statement
    return AuthorityList(
        id=statement.list,
        authority=statement.authority,
        for_date=statement.for_date,
        source=statement.source,
        received_at=statement.at,
        sha256=statement.sha256,
        rows=one.rows,
        valid_until=statement.valid_until,
        replaces=statement.replaces,
    )


def lists_for(board: Board, day: date) -> list[ListStatement]:
    """The lists for a day, in the order of the operation's authorities, an authority's later ones first; those that
    another replaces are left out."""
    known = board.everybody.lists.statements.values()
    replaced = {one.replaces for one in known}
    order = [authority.id for authority in board.operation.authorities]
    found = [one for one in known if one.for_date == day and one.list not in replaced and one.authority in order]
    return sorted(found, key=lambda one: (order.index(one.authority), -one.at))


def list_before(board: Board, statement: ListStatement) -> ListStatement | None:
    """The same authority's list before this one; None: this is its first."""
    known = board.everybody.lists.statements.values()
    earlier = [
        one
        for one in known
        if one.authority == statement.authority and (one.for_date, one.at) < (statement.for_date, statement.at)
    ]
    return max(earlier, key=lambda one: (one.for_date, one.at), default=None)
