"""How is each row of a sheet judged: skipped, left out, or read cell by cell with every bad cell named?"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from corridor.base.sheets.fields import Kind, known_words
from corridor.base.sheets.header import header_variants, is_blank
from corridor.base.sheets.mapping import Mapping
from corridor.base.sheets.model import (
    BadCell,
    Cell,
    Column,
    Counts,
    Fault,
    Reading,
    Row,
    Sheet,
    Skipped,
    Value,
    cell_digest_text,
    is_unreadable,
)
from corridor.base.sheets.text import plain
from corridor.base.sheets.values import says_nothing

T = TypeVar("T")
Taken = TypeVar("Taken")

_TOTALS = (
    "total|totals|grand total|subtotal|sub total|sum|total persons|total people|total number|in all|"
    "итого|всего|итог|общий итог|итого человек|всего человек|итого чел|всего чел|"
    "المجموع|مجموع|الإجمالي|إجمالي|المجموع الكلي|العدد الكلي|اجمالي العدد"
)
_DIGITS_ATakenEND = re.compile(r"(?:^|\s)[\d\s]+(?:человек|чел|persons|people|شخص)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPosition:
    """Where a row stands, as a person counts in the file; `sheet` None: the format has no sheets."""

    file: str
    sheet: str | None
    row: int
    counts: Counts

    def __str__(self) -> str:
        sheet = f', sheet "{self.sheet}"' if self.sheet is not None else ""
        return f"{self.file}{sheet}, {self.counts} {self.row}"


@cache
def _total_words() -> frozenset[str]:
    return frozenset(plain(word) for word in _TOTALS.split("|"))


def is_total(values: tuple[Value, ...]) -> bool:
    """Whether a row is a total: one cell says so and the others hold only numbers."""
    filled = [value for value in values if not is_blank(value)]
    said = [value for value in filled if isinstance(value, str) and _says_total(value)]
    others = [value for value in filled if not (isinstance(value, str) and _says_total(value))]
    return bool(said) and all(
        (isinstance(value, int | float) and not isinstance(value, bool))
        or (isinstance(value, str) and plain(value).replace(" ", "").isdigit())
        for value in others
    )


def _says_total(text: str) -> bool:
    word = plain(text[:60])
    return word in _total_words() or _DIGITS_ATakenEND.sub("", word) in _total_words()


def is_header_again(sheet: Sheet, row: Row) -> bool:
    """Whether a row below the header is a header too: printed again on a new page, or in another language."""
    filled = [(index, value) for index, value in enumerate(row.values) if not is_blank(value)]
    if len(filled) < 2 or sheet.header_row is None or not all(isinstance(value, str) for _, value in filled):
        return False
    known = known_words()
    return all(
        len(str(value)) < 200
        and (
            plain(str(value)) == plain(sheet.columns[index].header)
            or any(variant in known for variant in header_variants(str(value)))
        )
        for index, value in filled
    )


def is_numbering(values: tuple[Value, ...]) -> bool:
    """Whether a row only numbers the columns 1, 2, 3, ... as official forms do under the header."""
    if len(values) < 3 or cell_digest_text(values[0]) != "1":
        return False
    texts = [cell_digest_text(value) for value in values]
    return texts == [str(number) for number in range(1, len(texts) + 1)]


class RowReader(Generic[T]):
    """Reads one sheet with one mapping and gathers what was good, bad, doubtful, left out and skipped.

    A reader of a kind calls `take` and its likes for the cells of the row at hand; a bad cell is noted and read
    as None (not known).
    """

    def __init__(self, sheet: Sheet, mapping: Mapping, kind: Kind) -> None:
        assert mapping.kind == kind, f"a mapping for {mapping.kind} was given to read {kind}"
        by_label = {column.label: column for column in sheet.columns}
        absent = [one.label for one in mapping.chosen if one.label not in by_label]
        assert not absent, f"the mapping was not fitted to this sheet by apply_mapping: {absent}"
        self.sheet = sheet
        self.mapping = mapping
        self._columns: dict[str, list[Column]] = {}
        for one in mapping.chosen:
            self._columns.setdefault(one.field, []).append(by_label[one.label])
        self._seen: dict[bytes, list[int]] = {}
        self._bad: list[BadCell] = []
        self._doubtful: list[BadCell] = []
        self._row = Row(number=0, values=())

    def read(
        self, build: Callable[[RowPosition, str], T | None], skip: Callable[[Row], str | None] = lambda row: None
    ) -> Reading[T]:
        """Every row once: skipped with a reason, left out (with a bad cell), or built.

        `build` gets the row's position and digest; `skip` may give a further reason to skip a row.
        """
        rows: list[T] = []
        left_out: list[int] = []
        skipped: list[Skipped] = []
        for row in self.sheet.rows:
            self._row = row
            if row.fault is not None:
                self._bad.append(self.sheet.bad_row(row, row.fault.says, row.fault.remedy))
                left_out.append(row.number)
                continue
            reason = self._no_row(row) or skip(row)
            if reason is not None:
                skipped.append(Skipped(row=row.number, reason=reason))
                continue
            position = RowPosition(
                file=self.sheet.file, sheet=self.sheet.name, row=row.number, counts=self.sheet.counts
            )
            bad_before = len(self._bad)
            built = build(position, self._digest(row))
            if built is None:
                assert len(self._bad) > bad_before, "a row was left out without a reason"
                left_out.append(row.number)
            else:
                rows.append(built)
        assert len(rows) + len(left_out) + len(skipped) == len(self.sheet.rows), "a row was lost"
        return Reading(
            rows=tuple(rows),
            left_out=tuple(left_out),
            skipped=tuple(skipped),
            bad=tuple(self._bad),
            doubtful=tuple(self._doubtful),
        )

    def _no_row(self, row: Row) -> str | None:
        if is_total(row.values):
            return "a row of totals"
        if is_header_again(self.sheet, row):
            return "a header again"
        return "numbers of the columns" if is_numbering(row.values) else None

    def _digest(self, row: Row) -> str:
        """SHA-256 (hex) of the row's cells with their headers, spaces and digits made alike, and of which one it is.

        Neither the order of columns nor the row's place counts; the second of two equal rows of a sheet has another
        digest than the first, so that repeating an import is recognised and two people with equal rows stay two.
        """
        cells = sorted(
            (plain(cell.column.label) or cell.column.label, cell_digest_text(cell.value))
            for cell in self.sheet.cells(row)
            if not is_blank(cell.value)
        )
        text = json.dumps([self.mapping.kind, cells], ensure_ascii=True)
        same = self._seen.setdefault(hashlib.sha256(text.encode()).digest(), [])
        if same:
            says = f"says the same as {self.sheet.counts} {same[0]}; both are taken"
            self._doubtful.append(self.sheet.bad_row(row, says, "Take one out if it stands there twice by mistake"))
        same.append(row.number)
        return hashlib.sha256(f"{text}{len(same)}".encode()).hexdigest()

    @property
    def bad_count(self) -> int:
        """How many cells were bad so far."""
        return len(self._bad)

    def cells(self, field: str) -> list[Cell]:
        """The cells of the row at hand that feed a field and hold something."""
        columns = self._columns.get(field, ())
        return [self.sheet.cell(self._row, column) for column in columns if not is_blank(self._row.value(column.index))]

    def take(
        self, field: str, parse: Callable[[Value], Taken | Fault], nothing: Callable[[Value], bool] = says_nothing
    ) -> Taken | None:
        """The value of a field of one column; None: no column, empty, says that it is not known, or bad (noted)."""
        for cell in self.cells(field):
            if nothing(cell.value):
                continue
            read = parse(cell.value)
            if isinstance(read, Fault):
                self.note_bad(cell, read)
                continue
            if is_unreadable(cell.value):
                self.note_doubt(cell, "has characters that could not be read", "Correct them from the original")
            return read
        return None

    def take_all(self, field: str, parse: Callable[[Value], Taken | Fault]) -> tuple[Taken, ...]:
        """The values of a field that several columns may feed; bad ones are noted and left out."""
        values: list[Taken] = []
        for cell in self.cells(field):
            if says_nothing(cell.value):
                continue
            read = parse(cell.value)
            if isinstance(read, Fault):
                self.note_bad(cell, read)
                continue
            if is_unreadable(cell.value):
                self.note_doubt(cell, "has characters that could not be read", "Correct them from the original")
            values.append(read)
        return tuple(values)

    def note_bad(self, cell: Cell, fault: Fault) -> None:
        """Note a cell whose value is not taken."""
        self._bad.append(cell.bad(fault.says, fault.remedy))

    def note_bad_row(self, says: str, remedy: str) -> None:
        """Note that the row at hand as a whole is not taken."""
        self._bad.append(self.sheet.bad_row(self._row, says, remedy))

    def note_doubt(self, cell: Cell, says: str, remedy: str) -> None:
        """Note a cell whose value is taken though it can be read in another way."""
        self._doubtful.append(cell.bad(says, remedy))
