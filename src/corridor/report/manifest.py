"""A manifest on paper and as a spreadsheet: who is planned, boarded and alighted, in words that the caller chose."""

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
from corridor.report.printing.typesetting import RIGHT_TO_LEFT, qr, typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One person: `person` is what the code says, `names` every spelling, `cells` the facts under the headings, and
    `columns` the times of planned, boarded and alighted, '' where the column is empty."""

    person: str
    names: tuple[str, ...]
    cells: tuple[str, ...]
    columns: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One vehicle with its people; `title` names it and says its columns' numbers."""

    title: str
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestSheet:
    """A manifest ready to be written. All texts are in the reader's language, times in the operation's zone.

    `headings` are of: number, code, name, then one for each of a row's cells, then planned, boarded, alighted;
    `vehicle` heads the vehicle's column of the spreadsheet. `under` are the lines below the title; `code` is the
    movement's own, as text; `signatures` who signs.
    """

    title: str
    operation: str
    code: str
    under: tuple[str, ...]
    headings: tuple[str, ...]
    vehicle: str
    parts: tuple[SheetPart, ...]
    signatures: tuple[str, ...]
    made: str


def as_pdf(sheet: ManifestSheet, language: str, at: Moment) -> bytes:
    """The manifest as PDF: a code for the movement and for every person, names in their own scripts."""
    facts = {
        "title": sheet.title,
        "operation": sheet.operation,
        "code": qr(sheet.code),
        "code_text": sheet.code,
        "under": list(sheet.under),
        "headings": list(sheet.headings),
        "parts": [
            {
                "title": part.title,
                "rows": [
                    {
                        "person": row.person,
                        "code": qr(row.person),
                        "names": list(row.names),
                        "cells": list(row.cells),
                        "columns": list(row.columns),
                    }
                    for row in part.rows
                ],
            }
            for part in sheet.parts
        ],
        "signatures": list(sheet.signatures),
        "made": sheet.made,
    }
    return typeset("manifest", facts, language, at)


def as_spreadsheet(sheet: ManifestSheet, language: str) -> bytes:
    """The manifest as a workbook (.xlsx): one row a person, the vehicle in a column, filters and a fixed head.

    Whatever somebody typed stays text: nothing that begins with a sign is taken as a formula.
    """
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet), "a new workbook has a sheet"
    page.title = "Manifest"
    page.sheet_view.rightToLeft = language in RIGHT_TO_LEFT
    _line(page, [sheet.title], bold=True)
    for text in sheet.under:
        _line(page, [text])
    _line(page, [sheet.made])
    number, code, name, *rest = sheet.headings
    _line(page, [number, code, name, *rest[:-3], sheet.vehicle, *rest[-3:]], bold=True)
    head = page.max_row
    count = 0
    for part in sheet.parts:
        for row in part.rows:
            count += 1
            _line(page, [count, row.person, "\n".join(row.names), *row.cells, part.title, *row.columns])
    page.freeze_panes = f"D{head + 1}"
    page.auto_filter.ref = f"A{head}:{get_column_letter(len(sheet.headings) + 1)}{max(page.max_row, head + 1)}"
    for column, width in enumerate([5, 16, 36, *([16] * (len(sheet.headings) - 2))], start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _line(page: Worksheet, values: Sequence[str | int], *, bold: bool = False) -> None:
    row = page.max_row + 1 if page.max_row > 1 or page["A1"].value is not None else 1
    for column, value in enumerate(values, start=1):
        cell = page.cell(row=row, column=column)
        assert isinstance(cell, Cell), "no cell is merged here"
        cell.value = written(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text="\n" in value, vertical="top")
        if bold:
            cell.font = Font(bold=True)
