"""A reception list becomes a PDF and a workbook: everybody is in both, and what somebody typed is never a formula."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from corridor.base.moments import Moment
from corridor.report.reception import ReceptionRow, ReceptionSheet, as_pdf, as_spreadsheet

AT = Moment(1_700_000_000_000)
SHEET = ReceptionSheet(
    title="Reception list: flight-2",
    under=("gaza-2023", "Lands at Domodedovo"),
    headings=("Party", "Code", "Name", "Age", "Clothes", "Needs", "Received"),
    rows=(
        ReceptionRow(party=1, person="p-1", names=("=SUM(A1)", "أولغا المصري"), cells=("7", "122", "medication")),
        ReceptionRow(party=1, person="p-2", names=(), cells=("adult", "women", "")),
    ),
    needs_title="Needs",
    needs=(("People", 2), ("Clothes: 122", 1)),
    count="2 people",
    signatures=("Reception officer",),
    made="14 Nov",
)


def test_the_workbook_has_the_people_and_the_needs() -> None:
    """Two pages, one row a person under a fixed head; a name that begins with a sign stays text."""
    book = load_workbook(io.BytesIO(as_spreadsheet(SHEET, "en")))
    people, needs = book["People"], book["Needs"]
    assert [cell.value for cell in people[5]] == list(SHEET.headings)
    assert [people.cell(row, 2).value for row in (6, 7)] == ["p-1", "p-2"]
    assert people["C6"].data_type == "s" and people["C6"].value.startswith("=SUM(A1)")
    assert (people.freeze_panes, people.auto_filter.ref) == ("D6", "A5:G7")
    assert [(row[0].value, row[1].value) for row in needs.iter_rows(min_row=2)] == list(SHEET.needs)


@pytest.mark.parametrize(("language", "mirrored"), [("en", False), ("ar", True)])
def test_pages_are_mirrored_where_one_reads_from_the_right(language: str, mirrored: bool) -> None:
    """Both pages of the workbook open from the right in Arabic."""
    book = load_workbook(io.BytesIO(as_spreadsheet(SHEET, language)))
    assert [bool(page.sheet_view.rightToLeft) for page in book.worksheets] == [mirrored, mirrored]


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_the_pdf_is_the_same_twice(language: str) -> None:
    """In every language, and twice the same bytes."""
    made = as_pdf(SHEET, language, AT)
    assert made.startswith(b"%PDF") and made == as_pdf(SHEET, language, AT)
