"""Messy files for the tests: workbooks built here, readings that must not be refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from corridor.base.refusal import Refusal
from corridor.base.sheets.model import Sheet
from corridor.base.sheets.reader import read_sheets


def workbook(sheets: Mapping[str, Sequence[Any]], merge: Sequence[str] = (), hide: str | None = None) -> bytes:
    """An XLSX file of these sheets; `merge` are ranges of the first, `hide` names one to hide."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cells in merge:
        book.worksheets[0].merge_cells(cells)
    if hide is not None:
        book[hide].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same packed file with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def sheets_of(name: str, data: bytes | str) -> tuple[Sheet, ...]:
    """The sheets of a file that must not be refused."""
    read = read_sheets(name, data.encode() if isinstance(data, str) else data)
    assert not isinstance(read, Refusal), str(read)
    return read


def sheet_of(name: str, data: bytes | str) -> Sheet:
    """The only sheet of a file that must not be refused."""
    (sheet,) = sheets_of(name, data)
    return sheet


def refused(name: str, data: bytes) -> Refusal:
    """The refusal of a file that must be refused."""
    read = read_sheets(name, data)
    assert isinstance(read, Refusal), f"{name} was read"
    return read
