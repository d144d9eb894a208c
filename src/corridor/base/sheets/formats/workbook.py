"""What rows does an XLSX workbook hold? Values only, every sheet, nothing hostile unpacked or parsed."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import range_boundaries

from corridor.base.limits import (
    SHEET_CELL_CHARS_MAX,
    SHEET_COLUMNS_MAX,
    SHEET_LINES_MAX,
    SHEET_PARTS_MAX,
    SHEET_ROWS_MAX,
    SHEET_TAGS_MAX,
    SHEET_UNPACKED_BYTES_MAX,
)
from corridor.base.refusal import Refusal
from corridor.base.sheets.header import Grid, is_blank
from corridor.base.sheets.model import Fault, Row, Value, column_letter
from corridor.base.sheets.refusals import BOMB, OTHER_FORMAT, TOO_LONG, TOO_WIDE, UNREADABLE_FILE
from corridor.base.sheets.text import cleaned

_TAGS_IN_A_ROW_MAX = 200_000
"""Tags from one row to the next: 16,384 cells of a full row with everything in them."""

_ROW_TAG = re.compile(rb"<(?:\w+:)?row[\s>/]")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"'](\d{1,12})[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref\s*=\s*[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL_NAME = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3}\d{1,7})[\"']")
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CLOCK_FORMAT = re.compile(r"[hs]", re.IGNORECASE)
_IN_QUOTES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')

_BROKEN_FORMULA = Fault("is a formula without a result", "Open and save the file in a spreadsheet, or write the value")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extras:
    """What the values alone do not say of a sheet: cells merged downwards, formulas never calculated."""

    fill_from: dict[int, list[tuple[int, int]]]
    """Row to the (column, top row) of the merged cells that run over it from above."""
    without_result: frozenset[tuple[int, int]]


def read_workbook(name: str, data: bytes) -> tuple[Grid, ...] | Refusal:
    """The rows of every sheet of an XLSX file, hidden ones too; a refusal for bombs, other formats and damage."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        refusal = _refused_parts(name, packed)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, EOFError, RuntimeError) as error:
        return UNREADABLE_FILE(file=name, what="XLSX", why=_reason(error))
    except Exception as error:  # zlib, lzma and bz2 each raise their own on damaged bytes
        return UNREADABLE_FILE(file=name, what="XLSX", why=_reason(error))
    if refusal is not None:
        return refusal
    try:
        with warnings.catch_warnings():
            # The library warns of styles and dates it cannot keep; a date it cannot keep is a fault of its cell here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            grids = [_grid(name, sheet, packed) for sheet in book.worksheets]
    except Exception as error:  # a hostile file may break the library anywhere; it becomes a refusal
        return UNREADABLE_FILE(file=name, what="XLSX", why=_reason(error))
    for grid in grids:
        if isinstance(grid, Refusal):
            return grid
    return tuple(grid for grid in grids if isinstance(grid, Grid))


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {cleaned(str(error))[:200]}"


def _refused_parts(name: str, packed: zipfile.ZipFile) -> Refusal | None:
    """Why the parts of the file are not parsed; sizes first, then what stands in them. None: they may be."""
    parts = packed.infolist()
    names = {part.filename for part in parts}
    if "mimetype" in names:
        return OTHER_FORMAT(file=name, format="an OpenDocument file")
    if any(part.lower().startswith(("word/", "ppt/")) for part in names):
        return OTHER_FORMAT(file=name, format="a text document or slides")
    if not any(part.lower().startswith("xl/") for part in names):
        return OTHER_FORMAT(file=name, format="a packed folder or an unknown kind of file")
    if len(parts) > SHEET_PARTS_MAX:
        return BOMB(file=name, what=f"{len(parts)} parts, at most {SHEET_PARTS_MAX}")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > SHEET_UNPACKED_BYTES_MAX:
        return BOMB(file=name, what=f"{unpacked} bytes, at most {SHEET_UNPACKED_BYTES_MAX}")
    tags = 0
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        text = packed.read(part).replace(b"\x00", b"")
        if _DECLARATION.search(text):
            return BOMB(file=name, what=f"{part.filename} declares entities, which no spreadsheet writes")
        tags += text.count(b"<")
        if tags > SHEET_TAGS_MAX:
            return BOMB(file=name, what=f"more than {SHEET_TAGS_MAX} tags")
        if "worksheets/" in part.filename.lower() and _longest_row_tags(text) > _TAGS_IN_A_ROW_MAX:
            return BOMB(file=name, what=f"{part.filename} has a row of more than {_TAGS_IN_A_ROW_MAX} tags")
    return None


def _longest_row_tags(text: bytes) -> int:
    start, longest = 0, 0
    for row in _ROW_TAG.finditer(text):
        longest = max(longest, text.count(b"<", start, row.start()))
        start = row.start()
    return max(longest, text.count(b"<", start))


def _extras(text: bytes) -> _Extras:
    fill_from: dict[int, list[tuple[int, int]]] = {}
    filled = 0
    for found in _MERGED.finditer(text):
        left, top, _, bottom = range_boundaries(found[1].decode("ascii"))
        if left is None or top is None or bottom is None or filled > 4 * SHEET_ROWS_MAX:
            continue
        for row in range(top + 1, min(bottom, top + SHEET_ROWS_MAX) + 1):
            fill_from.setdefault(row, []).append((left, top))
            filled += 1
    without_result = set()
    for found in _NO_RESULT.finditer(text):
        cell = _CELL_NAME.search(found[1])
        if cell is not None:
            left, top, _, _ = range_boundaries(cell[1].decode("ascii"))
            if left is not None and top is not None:
                without_result.add((top, left))
    return _Extras(fill_from=fill_from, without_result=frozenset(without_result))


def _grid(name: str, sheet: Any, packed: zipfile.ZipFile) -> Grid | Refusal:
    """One sheet's rows; `sheet` is the library's read-only worksheet, whose path inside the file it knows."""
    text = packed.read(sheet._worksheet_path)  # the library has no public name for it
    numbers = [int(number) for number in _ROW_NUMBER.findall(text)]
    if numbers and max(numbers) > SHEET_LINES_MAX:
        return TOO_LONG(file=name, lines_max=SHEET_LINES_MAX)
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        return UNREADABLE_FILE(file=name, what="XLSX", why=f'the rows of sheet "{sheet.title}" are out of order')
    extras = _extras(text)
    del text
    sheet.reset_dimensions()
    rows: list[Row] = []
    merged: dict[tuple[int, int], Value] = {}
    tops = {(top, column) for fills in extras.fill_from.values() for column, top in fills}
    visited = 0
    for number, cells in enumerate(sheet.iter_rows(max_row=SHEET_LINES_MAX), start=1):
        visited += len(cells)
        if visited > SHEET_ROWS_MAX * SHEET_COLUMNS_MAX:
            return BOMB(file=name, what=f'sheet "{sheet.title}" has formatted cells far to the right of its table')
        values = _row_values(number, cells, extras)
        if len(values) > SHEET_COLUMNS_MAX:
            return TOO_WIDE(
                file=name, sheet=sheet.title, column=column_letter(len(values) - 1), columns_max=SHEET_COLUMNS_MAX
            )
        if not values:
            continue
        for index, value in enumerate(values):
            if (number, index + 1) in tops:
                merged[number, index + 1] = value
        if number in extras.fill_from:
            values = _filled_down(number, values, extras, merged)
        rows.append(Row(number=number, values=tuple(values)))
        if len(rows) > SHEET_ROWS_MAX:
            return TOO_LONG(file=name, lines_max=SHEET_ROWS_MAX)
    # Formatted rows below the last one that holds something are no rows to a person.
    blank = rows[-1].number - len(rows) if rows else 0
    return Grid(
        file=name,
        name=str(sheet.title),
        counts="row",
        rows=tuple(rows),
        blank_rows=blank,
        hidden=sheet.sheet_state != "visible",
        read_as="XLSX",
    )


def _row_values(number: int, cells: Iterable[Any], extras: _Extras) -> list[Value]:
    """The values of a row up to its last one that holds something."""
    values: list[Value] = []
    for index, cell in enumerate(cells):
        if cell is EMPTY_CELL:
            continue
        value = _value(cell)
        if is_blank(value) and (number, index + 1) in extras.without_result:
            value = _BROKEN_FORMULA
        if not is_blank(value):
            values.extend([None] * (index - len(values)))
            values.append(value)
    return values


def _filled_down(
    number: int, values: list[Value], extras: _Extras, merged: dict[tuple[int, int], Value]
) -> list[Value]:
    """The row with the value of a merged cell in every row the cell runs over, as a person sees it."""
    for column, top in extras.fill_from[number]:
        if (top, column) not in merged:
            continue
        values.extend([None] * (column - len(values)))
        if is_blank(values[column - 1]):
            values[column - 1] = merged[top, column]
    return values


def _value(cell: Any) -> Value:
    """The value of one of the library's cells; a date without a time of day as a date, times and spans as text."""
    value = cell.value
    if value is None or isinstance(value, bool | int | float):
        return _number(value)
    if cell.data_type == "e":
        return Fault(f"is the spreadsheet error {value}", "Correct the formula or write the value")
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        clock = _CLOCK_FORMAT.search(_IN_QUOTES.sub("", str(cell.number_format))) is not None
        return value.date() if midnight and not clock else value
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    text = str(value)
    if len(text) > SHEET_CELL_CHARS_MAX:
        return Fault(f"has {len(text)} characters", f"Keep a cell under {SHEET_CELL_CHARS_MAX} characters")
    return cleaned(text) or None


def _number(value: bool | float | None) -> Value:
    """A number as it is; one too long for a float, or not a number, as text."""
    if isinstance(value, bool) or value is None:
        return value
    return value if abs(value) < 1e15 else str(value)
