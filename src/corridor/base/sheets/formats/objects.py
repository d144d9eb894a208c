"""What rows do JSON lines, or a JSON array of objects, hold? A bad line is a bad row, not a dead file."""

from __future__ import annotations

import json

from corridor.base.limits import SHEET_CELL_CHARS_MAX, SHEET_COLUMNS_MAX, SHEET_LINES_MAX, SHEET_ROWS_MAX
from corridor.base.refusal import Refusal
from corridor.base.sheets.formats.delimited import decoded
from corridor.base.sheets.header import Grid, is_blank
from corridor.base.sheets.model import Counts, Fault, Row, Value, json_text
from corridor.base.sheets.refusals import TOO_LONG, UNREADABLE_FILE
from corridor.base.sheets.text import cleaned

_REMEDY = "Write one JSON object here, with each key once"


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object] | Fault:
    """The object of these pairs; a fault when two keys are the same once cleaned, so that no value is lost."""
    fields = {cleaned(key): value for key, value in pairs}
    if len(fields) == len(pairs):
        return fields
    seen: set[str] = set()
    for key, _ in pairs:
        if cleaned(key) in seen:
            break
        seen.add(cleaned(key))
    return Fault(f"the key {cleaned(key)!r} comes twice", _REMEDY)


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs)


def _decoded_object(text: str) -> dict[str, object] | Fault:
    try:
        read = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return Fault(f"is not JSON ({error.msg} at character {error.pos + 1})", _REMEDY)
    except (ValueError, RecursionError) as error:
        return Fault(f"is not readable JSON ({type(error).__name__})", _REMEDY)
    return read if isinstance(read, dict | Fault) else Fault("is not a JSON object", _REMEDY)


def _cell(value: object) -> Value:
    """A JSON value as a cell: texts, numbers, booleans as they are; a list of texts joined; anything else as JSON."""
    if value is None or isinstance(value, bool | Fault):
        return value
    if isinstance(value, (int, float)):
        # A whole number beyond what a float holds would lose digits later, so it stays text; so does NaN.
        return value if abs(value) < 1e15 else str(value)
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        text = ", ".join(str(item) for item in value)
    else:
        text = value if isinstance(value, str) else json_text(value)
    if len(text) > SHEET_CELL_CHARS_MAX:
        return Fault(f"has {len(text)} characters", f"Keep a value under {SHEET_CELL_CHARS_MAX} characters")
    return cleaned(text) or None


class _Table:
    """Rows of objects whose keys become columns in the order they are first met."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}
        self.rows: list[Row] = []
        self.blank = 0

    def add(self, number: int, read: dict[str, object] | Fault) -> None:
        if isinstance(read, Fault):
            self.rows.append(Row(number=number, values=(), fault=read))
            return
        cells = {key: _safe_cell(value) for key, value in read.items()}
        cells = {key: value for key, value in cells.items() if not is_blank(value)}
        new = [key for key in cells if key not in self.keys]
        if len(self.keys) + len(new) > SHEET_COLUMNS_MAX:
            fault = Fault("brings more keys than a table may have", f"Keep it under {SHEET_COLUMNS_MAX} different keys")
            self.rows.append(Row(number=number, values=(), fault=fault))
            return
        if not cells:
            self.blank += 1
            return
        for key in new:
            self.keys[key] = len(self.keys)
        values: list[Value] = [None] * (max(self.keys[key] for key in cells) + 1)
        for key, value in cells.items():
            values[self.keys[key]] = value
        self.rows.append(Row(number=number, values=tuple(values)))

    def checked(self, name: str, counts: Counts, read_as: str) -> Grid | Refusal:
        if len(self.rows) > SHEET_ROWS_MAX:
            return TOO_LONG(file=name, lines_max=SHEET_ROWS_MAX)
        return Grid(
            file=name,
            name=None,
            counts=counts,
            rows=tuple(self.rows),
            blank_rows=self.blank,
            read_as=read_as,
            header=tuple(self.keys),
        )


def _safe_cell(value: object) -> Value:
    try:
        return _cell(value)
    except (ValueError, TypeError, RecursionError) as error:
        return Fault(f"cannot be kept as text ({type(error).__name__})", "Write a shorter or flatter value")


def read_objects(name: str, data: bytes) -> Grid | Refusal:
    """The rows of JSON lines or of a JSON array of objects; a refusal when the array is broken or too long."""
    text, encoding = decoded(data)
    if text.count("\n") > SHEET_LINES_MAX:
        return TOO_LONG(file=name, lines_max=SHEET_LINES_MAX)
    newlines = text.count("\n")
    table = _Table()
    if text.lstrip().startswith("["):
        try:
            items = _DECODER.decode(text)
        except (ValueError, RecursionError) as error:
            return UNREADABLE_FILE(file=name, what="a JSON array", why=f"{type(error).__name__}: {error}")
        for number, item in enumerate(items, start=1):
            table.add(number, item if isinstance(item, dict | Fault) else Fault("is not a JSON object", _REMEDY))
        return table.checked(name, "item", f"JSON array of objects, {encoding}")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip("\ufeff\x00 \t\r"):
            table.add(number, _decoded_object(line.strip("\ufeff")))
        elif line or number <= newlines:
            table.blank += 1
    return table.checked(name, "line", f"JSON lines, {encoding}")
