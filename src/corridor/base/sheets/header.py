"""Which row of a table is its header, and which rows above and below it hold something?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from corridor.base.sheets.fields import known_words
from corridor.base.sheets.model import Column, Counts, Fault, Row, Sheet, Value, column_letter, shown_value
from corridor.base.sheets.text import one_line, plain

SEARCHED_ROWS = 40
"""Rows searched for the header: a letterhead and a title take under 20."""

_PARTS = re.compile(r"[()\[\]/|\n\r\\;:,]+| - | – | — ")
_DATA = re.compile(r"\d{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table before its header is known: the rows that hold something, in order.

    `header` is given where the format names its columns itself (JSON); None: it must be looked for.
    """

    file: str
    name: str | None
    counts: Counts
    rows: tuple[Row, ...]
    blank_rows: int
    hidden: bool = False
    read_as: str
    header: tuple[str, ...] | None = None


def header_variants(header: str) -> tuple[str, ...]:
    """A header made plain: as a whole first, then its parts, as in ``ФИО / Full name`` or ``Name (as in passport)``."""
    whole = plain(header)
    parts = [plain(part) for part in _PARTS.split(header)]
    return tuple(dict.fromkeys(text for text in (whole, *parts) if text))


def is_blank(value: Value) -> bool:
    """Whether a cell holds nothing a person would see."""
    return value is None or (isinstance(value, str) and not value)


def framed(grid: Grid, also: Collection[str] = ()) -> Sheet:
    """The sheet of a grid: header row found, columns named.

    `also`: further header texts, e.g. those of a saved mapping, by which the header row is recognised.
    """
    found = None if grid.header is not None else _header_index(grid.rows, {plain(text) for text in also} - {""})
    if grid.header is not None:
        headers: tuple[Value, ...] = grid.header
    else:
        headers = () if found is None else grid.rows[found].values
    below = grid.rows if found is None else grid.rows[found + 1 :]
    width = max((len(headers), *(len(row.values) for row in below)))
    return Sheet(
        file=grid.file,
        name=grid.name,
        counts=grid.counts,
        header_row=None if found is None else grid.rows[found].number,
        columns=_columns(headers, width, lettered=grid.header is None),
        titles=() if found is None else grid.rows[:found],
        rows=below,
        blank_rows=grid.blank_rows,
        hidden=grid.hidden,
        read_as=grid.read_as,
    )


def header_score(values: Iterable[Value], also: Collection[str] = ()) -> int:
    """How many different header words the cells of a row are."""
    known = known_words()
    met: set[str] = set()
    for value in values:
        if isinstance(value, str) and len(value) < 200:
            variants = header_variants(value)
            met.update(variants[:1] if any(text in known or text in also for text in variants) else ())
    return len(met)


def _header_index(rows: tuple[Row, ...], also: Collection[str]) -> int | None:
    """Index of the header row: the one with most header words; of two in a row as good the lower (a header over two
    rows with merged cells); without any word the first of the widest text rows, if it does not look like data."""
    best, best_score = None, 0
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        score = header_score(row.values, also)
        if score > best_score or (score == best_score > 1 and best == index - 1):
            best, best_score = index, score
    if best is not None and (best_score > 1 or not _looks_like_data(rows[best])):
        return best
    if not rows:
        return None
    first = max(range(min(len(rows), SEARCHED_ROWS)), key=lambda index: (_filled(rows[index]) > 1, -index))
    return None if _looks_like_data(rows[first]) or len(rows) == 1 else first


def _filled(row: Row) -> int:
    return sum(not is_blank(value) for value in row.values)


def _looks_like_data(row: Row) -> bool:
    """Whether some cell is a number, a date or holds three digits together: headers hold none."""
    return row.fault is not None or any(
        isinstance(value, Fault)
        or (not isinstance(value, str) and value is not None)
        or (isinstance(value, str) and _DATA.search(value) is not None)
        for value in row.values
    )


def _columns(headers: tuple[Value, ...], width: int, *, lettered: bool) -> tuple[Column, ...]:
    seen: dict[str, int] = {}
    columns = []
    for index in range(width):
        header = shown_value(headers[index]) if index < len(headers) else ""
        letter = column_letter(index)
        label = one_line(header) or f"(column {letter})"
        key = plain(label) or label
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            label = f"{label} #{seen[key]}"
        columns.append(Column(index=index, letter=letter if lettered else "", header=header, label=label))
    return tuple(columns)
