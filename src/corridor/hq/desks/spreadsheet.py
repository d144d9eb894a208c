"""How a page hands out a table as a spreadsheet that no program takes for formulas."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from corridor.report.cells import written

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(fact: object) -> object:
    """A cell that a spreadsheet can hold and takes for no formula: a name may begin with anything."""
    if not isinstance(fact, str):
        return fact
    return f"'{written(fact)}" if fact.startswith(_FORMULA) else written(fact)


def spreadsheet(
    file_name: str, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """The rows as one sheet of an XLSX file to be kept; `columns` are the heads with their widths in characters."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = title
    sheet.append([head for head, _width in columns])
    for row in rows:
        sheet.append([as_text(fact) for fact in row])
    for column, (_head, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.cell(row=1, column=column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return HttpResponse(out.getvalue(), content_type=SPREADSHEET, headers=headers)
