"""The manifest on paper and as a spreadsheet: everybody in it, names as they are written, and never a formula."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from corridor.base.moments import Moment
from corridor.report.manifest import ManifestSheet, SheetPart, SheetRow, as_pdf, as_spreadsheet

AT = Moment(1_700_000_000_000)
ROW = SheetRow(
    person="p-1",
    names=("شيماء غانم", "Shayma Ghanem", "Ганем Шайма"),
    cells=("f030", "05.02.1991"),
    columns=("yes", "14 Nov, 18:00", ""),
)
SHEET = ManifestSheet(
    title="Manifest: flight-2",
    operation="Small road",
    code="flight-2",
    under=("Camp – Home",),
    headings=("№", "Code", "Name", "Party", "Born", "Planned", "Boarded", "Alighted"),
    vehicle="Vehicle",
    parts=(SheetPart(title="il-76-1", rows=(ROW, replace(ROW, person="p-2"))), SheetPart(title="no vehicle", rows=())),
    signatures=("Leader",),
    made="14 Nov",
)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_paper_is_made_and_made_the_same_again(language: str) -> None:
    """A PDF in either direction of writing; the same facts give the same bytes, with other names other ones."""
    made = as_pdf(SHEET, language, AT)
    assert made.startswith(b"%PDF") and made == as_pdf(SHEET, language, AT)
    other = replace(SHEET, parts=(SheetPart(title="il-76-1", rows=(replace(ROW, names=("Ольга",)),)),))
    assert as_pdf(other, language, AT) != made


def test_an_empty_manifest_is_a_paper_too() -> None:
    """Nobody planned yet: the head with its code can be printed."""
    assert as_pdf(replace(SHEET, parts=()), "ru", AT).startswith(b"%PDF")


def test_the_spreadsheet_has_a_row_for_everybody() -> None:
    """The head is fixed above the people; numbers run on, the vehicle has its own column, all spellings share one."""
    page = load_workbook(io.BytesIO(as_spreadsheet(SHEET, "en"))).worksheets[0]
    rows = [row for row in page.iter_rows(values_only=True) if row[1] in ("p-1", "p-2")]
    assert [row[0] for row in rows] == [1, 2]
    assert rows[0][2] == "شيماء غانم\nShayma Ghanem\nГанем Шайма"
    assert rows[0][3:] == ("f030", "05.02.1991", "il-76-1", "yes", "14 Nov, 18:00", None)
    head = next(row for row in page.iter_rows() if row[0].value == "№")
    assert [cell.value for cell in head][-4:] == ["Vehicle", "Planned", "Boarded", "Alighted"]
    assert page.freeze_panes == f"D{head[0].row + 1}" and not page.sheet_view.rightToLeft
    arabic = load_workbook(io.BytesIO(as_spreadsheet(SHEET, "ar"))).worksheets[0]
    assert arabic.sheet_view.rightToLeft


def test_a_name_is_never_a_formula() -> None:
    """What begins like a formula comes back as the text it is."""
    evil = replace(ROW, names=("=HYPERLINK(1)", "+1", "@x"), cells=("=1+1", "-2"))
    book = as_spreadsheet(replace(SHEET, parts=(SheetPart(title="=bus", rows=(evil,)),)), "en")
    page = load_workbook(io.BytesIO(book)).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"} and all(cell.data_type != "f" for cell in cells)
    assert any(cell.value == "=1+1" for cell in cells)
