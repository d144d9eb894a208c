"""A reception list on paper and as a spreadsheet: who lands, party by party, and what they need."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from corridor.base.moments import Moment
from corridor.report.cells import written
from corridor.report.printing.typesetting import RIGHT_TO_LEFT, typeset

WIDTHS = (1, 2, 5, 2, 2, 4, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionRow:
    """One person: the number of their party, every spelling of the name, and age, clothes and needs in words."""

    party: int
    person: str
    names: tuple[str, ...]
    cells: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionSheet:
    """A reception list ready to be written; all texts are in the reader's language, times in the operation's zone.

    `headings` are of: party, code, name, age, clothes, needs, and the column that is filled in by hand; `needs` are the
    forecast's words and numbers.
    """

    title: str
    under: tuple[str, ...]
    headings: tuple[str, str, str, str, str, str, str]
    rows: tuple[ReceptionRow, ...]
    needs_title: str
    needs: tuple[tuple[str, int], ...]
    count: str
    signatures: tuple[str, ...]
    made: str


def as_pdf(sheet: ReceptionSheet, language: str, at: Moment) -> bytes:
    """The list as PDF, the needs in the lines under its title, a column left empty to be ticked."""
    needs = " · ".join(f"{name} {number}" for name, number in sheet.needs)
    facts = {
        "title": sheet.title,
        "under": [*sheet.under, needs],
        "widths": list(WIDTHS),
        "headings": list(sheet.headings),
        "rows": [[str(row.party), row.person, list(row.names), *row.cells, ""] for row in sheet.rows],
        "count": sheet.count,
        "signatures": list(sheet.signatures),
        "made": sheet.made,
    }
    return typeset("listing", facts, language, at)


def as_spreadsheet(sheet: ReceptionSheet, language: str) -> bytes:
    """The list as a workbook (.xlsx): one row a person with a fixed head and filters, the needs on a second page.

    Whatever somebody typed stays text: nothing that begins with a sign is taken as a formula.
    """
    book = Workbook()
    people = book.active
    assert isinstance(people, Worksheet), "a new workbook has a page"
    people.title = "People"
    _line(people, 1, [sheet.title], bold=True)
    for number, text in enumerate((*sheet.under, sheet.made), start=2):
        _line(people, number, [text])
    head = len(sheet.under) + 3
    _line(people, head, sheet.headings, bold=True)
    for number, row in enumerate(sheet.rows, start=head + 1):
        _line(people, number, [row.party, row.person, "\n".join(row.names), *row.cells, ""])
    people.freeze_panes = f"D{head + 1}"
    people.auto_filter.ref = f"A{head}:{get_column_letter(len(sheet.headings))}{max(people.max_row, head + 1)}"
    needs = book.create_sheet("Needs")
    _line(needs, 1, [sheet.needs_title], bold=True)
    for number, (name, count) in enumerate(sheet.needs, start=2):
        _line(needs, number, [name, count])
    for page, widths in ((people, [w * 8 for w in WIDTHS]), (needs, [40, 10])):
        page.sheet_view.rightToLeft = language in RIGHT_TO_LEFT
        for column, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(column)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _line(page: Worksheet, row: int, values: Sequence[str | int], *, bold: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        cell = page.cell(row=row, column=column)
        assert isinstance(cell, Cell), "no cell is merged here"
        cell.value = written(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text="\n" in value, vertical="top")
        if bold:
            cell.font = Font(bold=True)
