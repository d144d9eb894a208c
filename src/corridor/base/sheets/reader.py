"""What sheets does a file hold? Its format is told from its bytes, then each table gets its header."""

from __future__ import annotations

from collections.abc import Collection

from corridor.base.limits import SHEET_FILE_BYTES_MAX
from corridor.base.refusal import Refusal
from corridor.base.sheets.formats.delimited import read_delimited
from corridor.base.sheets.formats.objects import read_objects
from corridor.base.sheets.formats.workbook import read_workbook
from corridor.base.sheets.header import Grid, framed
from corridor.base.sheets.model import Sheet
from corridor.base.sheets.refusals import EMPTY, OTHER_FORMAT, TOO_BIG
from corridor.base.sheets.text import cleaned, one_line

_OTHER_FORMATS = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file or one with a password"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"<?xml", "an XML file"),
    (b"<html", "a web page"),
    (b"<!DOCTYPE", "a web page"),
)
_JSON_ENDINGS = (".json", ".jsonl", ".ndjson")


def read_sheets(name: str, data: bytes, also: Collection[str] = ()) -> tuple[Sheet, ...] | Refusal:
    """The sheets of a file: CSV, XLSX, JSON lines or a JSON array, told apart by their bytes.

    `also`: further header texts by which a header row is recognised, e.g. `Mapping.headers()` of a saved mapping.
    A refusal: too big, a bomb, another format, damaged, or nothing in it.
    """
    name = one_line(cleaned(name)) or "file"
    if len(data) > SHEET_FILE_BYTES_MAX:
        return TOO_BIG(file=name, bytes=len(data), bytes_max=SHEET_FILE_BYTES_MAX)
    grids = _grids(name, data)
    if isinstance(grids, Refusal):
        return grids
    if not any(grid.rows for grid in grids):
        return EMPTY(file=name)
    return tuple(framed(grid, also) for grid in grids)


def _grids(name: str, data: bytes) -> tuple[Grid, ...] | Refusal:
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return read_workbook(name, data)
    for magic, shown in _OTHER_FORMATS:
        if start[: len(magic)].lower() == magic.lower():
            return OTHER_FORMAT(file=name, format=shown)
    is_json = name.lower().endswith(_JSON_ENDINGS) or start.startswith(
        (b'{"', b"{ ", b"{}", b"[{", b"[ {", b"[\n", b"[]")
    )
    grid = read_objects(name, data) if is_json else read_delimited(name, data)
    return grid if isinstance(grid, Refusal) else (grid,)
