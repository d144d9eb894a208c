"""What is a table once it is read: sheets, columns, rows and cells, each knowing where it stands in the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from corridor.base.sheets.text import UNREADABLE, ascii_digits, one_line

Counts = Literal["line", "row", "item"]
"""How a person counts in the file: lines of a text file, rows of a spreadsheet, items of a JSON array."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell or a whole row has no value that can be trusted, and what to do about it."""

    says: str
    remedy: str


Value = str | int | float | bool | date | datetime | Fault | None
"""What a cell holds; None: the cell is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its place from 0, its letter as a spreadsheet shows it (none in JSON), its header as written.

    `label` names the column without doubt: the header, with ``#2`` after it when the header comes again, or
    ``(column D)`` when it has none.
    """

    index: int
    letter: str
    header: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row that holds something; `number` is what a person sees in the file.

    `values` may be shorter than the sheet is wide; the rest is empty. `fault` says why a row could not be
    read at all; None: it could.
    """

    number: int
    values: tuple[Value, ...]
    fault: Fault | None = None

    def value(self, index: int) -> Value:
        """The value in the column at `index`."""
        return self.values[index] if index < len(self.values) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell and where it stands; `sheet` None: the format has no sheets."""

    file: str
    sheet: str | None
    row: int
    counts: Counts
    column: Column
    value: Value

    @property
    def text(self) -> str:
        """The value as text, as a person would see it; empty when there is none."""
        return shown_value(self.value)

    def bad(self, says: str, remedy: str) -> BadCell:
        """This cell as a bad one."""
        return BadCell(
            file=self.file,
            sheet=self.sheet,
            row=self.row,
            counts=self.counts,
            column=self.column.letter,
            header=self.column.header,
            value=self.text,
            says=says,
            remedy=remedy,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCell:
    """A cell whose value was not taken, or was taken in doubt: where it stands, what it holds, what to do.

    `sheet` None: the format has no sheets. `column` is the letter, empty in JSON, where `header` is the key; both
    empty: the whole row is meant.
    """

    file: str
    sheet: str | None
    row: int
    counts: Counts
    column: str
    header: str
    value: str
    says: str
    remedy: str

    @property
    def where(self) -> str:
        """File, sheet, row and column in words."""
        sheet = f', sheet "{self.sheet}"' if self.sheet is not None else ""
        header = f' "{one_line(self.header)}"' if self.header else ""
        column = f", column {self.column}{header}" if self.column else f", key{header}" if header else ""
        return f"{self.file}{sheet}, {self.counts} {self.row}{column}"

    def __str__(self) -> str:
        value = one_line(self.value)
        held = f" {value[:80]!r}" if value else ""
        end = "" if self.remedy.endswith("?") else "."
        return f"{self.where}:{held} {self.says}. {self.remedy}{end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table of a file.

    `name` None: the format has no sheets. `header_row` None: no header row was found or the format has none.
    `titles` are the rows above the header, `rows` those below it that hold something, `blank_rows` how many
    rows hold nothing. `read_as` says how the bytes were read and why.
    """

    file: str
    name: str | None
    counts: Counts
    header_row: int | None
    columns: tuple[Column, ...]
    titles: tuple[Row, ...]
    rows: tuple[Row, ...]
    blank_rows: int
    hidden: bool
    read_as: str

    def cell(self, row: Row, column: Column) -> Cell:
        """The cell of this row in this column."""
        return Cell(
            file=self.file,
            sheet=self.name,
            row=row.number,
            counts=self.counts,
            column=column,
            value=row.value(column.index),
        )

    def cells(self, row: Row) -> Iterator[Cell]:
        """Every cell of the row that holds something, from the first column on."""
        return (self.cell(row, column) for column in self.columns if row.value(column.index) is not None)

    def bad_row(self, row: Row, says: str, remedy: str) -> BadCell:
        """The whole row as a bad one."""
        values = " | ".join(cell.text for cell in self.cells(row))
        return BadCell(
            file=self.file,
            sheet=self.name,
            row=row.number,
            counts=self.counts,
            column="",
            header="",
            value=values,
            says=says,
            remedy=remedy,
        )


RowType_co = TypeVar("RowType_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row that is no person, list row or event (a total, a heading, a header printed again), and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[RowType_co]):
    """What a sheet said: every row is in exactly one of `rows`, `left_out` and `skipped`.

    `bad` are the cells whose value was not taken (of good rows and of those left out), `doubtful` those
    whose value was taken though it can be read in another way.
    """

    rows: tuple[RowType_co, ...]
    left_out: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    bad: tuple[BadCell, ...]
    doubtful: tuple[BadCell, ...]


def column_letter(index: int) -> str:
    """The letter a spreadsheet shows for the column at `index` (from 0): A, B, ..., Z, AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shown_value(value: Value) -> str:
    """A value as text: whole numbers without a point, dates as ISO, a fault as nothing."""
    if value is None or isinstance(value, Fault):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def is_unreadable(value: Value) -> bool:
    """Whether some character of the value could not be read from the file."""
    return isinstance(value, str) and UNREADABLE in value


def cell_digest_text(value: Value) -> str:
    """A value as it counts for recognising a row again: spaces, digits and edges made alike."""
    if isinstance(value, Fault):
        return f"fault: {value.says}"
    return ascii_digits(one_line(shown_value(value)))


def json_text(value: object) -> str:
    """A JSON value as the text of a cell."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
