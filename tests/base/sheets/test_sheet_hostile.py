"""No file breaks, hangs or drowns the reader, and no row of any file is lost."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.base.sheets.sheet_files import refused, sheet_of, with_parts, workbook

from corridor.base import limits
from corridor.base.refusal import Refusal
from corridor.base.sheets.fields import KINDS
from corridor.base.sheets.formats import delimited
from corridor.base.sheets.formats import workbook as workbook_format
from corridor.base.sheets.mapping import describe, from_json, guess_mapping, lacking, to_json
from corridor.base.sheets.model import Reading, Sheet
from corridor.base.sheets.reader import read_sheets
from corridor.base.sheets.rows import EventRow, ListRowRead, PersonRow, read_events, read_list, read_people

REFERENCE = date(2023, 11, 14)
HONEST = workbook({"S": [["Name", "DOB"], ["A B", 1990], ["C D", 1991]]})


def read_everything(name: str, data: bytes) -> None:
    """Read a file as every kind: a refusal, or readings that lose no row and whose bad cells can be shown."""
    sheets = read_sheets(name, data)
    if isinstance(sheets, Refusal):
        assert sheets.says and sheets.remedy
        return
    for sheet in sheets:
        for kind in KINDS:
            mapping = guess_mapping(sheet, kind)
            assert describe(mapping, sheet)
            assert not isinstance(from_json(to_json(mapping), kind), Refusal)
            lacking(mapping, sheet)
        _check(sheet, read_people(sheet, guess_mapping(sheet, "people"), REFERENCE))
        _check(sheet, read_list(sheet, guess_mapping(sheet, "list"), REFERENCE))
        _check(sheet, read_events(sheet, guess_mapping(sheet, "events"), {"crossed"}, "Africa/Cairo"))


def _check(sheet: Sheet, reading: Reading[PersonRow | ListRowRead | EventRow]) -> None:
    met = [row.position.row for row in reading.rows]
    met += [*reading.left_out, *(one.row for one in reading.skipped)]
    assert sorted(met) == [row.number for row in sheet.rows]
    assert all(str(bad) for bad in (*reading.bad, *reading.doubtful))


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.jsonl", "a.xlsx"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes(data: bytes, name: str) -> None:
    """Any bytes at all give a refusal or a reading."""
    read_everything(name, data)


TEXTS = (
    *("ФИО", "Name", "DOB", "kind", "happened at", "الاسم", "1/3/2015", "31.02.2015", "٣", "РФ", "итого", "crossed"),
    *("age 7", "{}", '"', '"x', "\x00", "\u200f", "=1+1", "99999", "1e400", "nan", "٠/٠/٠", "9" * 60),
)
CELLS = st.one_of(st.text(max_size=12), st.sampled_from(TEXTS))


@given(
    st.lists(st.lists(CELLS, max_size=5), max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-16", "cp1251", "cp1256"]),
)
@settings(max_examples=150, deadline=None)
def test_any_csv(rows: list[list[str]], mark: str, codec: str) -> None:
    """Any cells in any delimiter and encoding give a refusal or a reading."""
    read_everything("a.csv", "\n".join(mark.join(row) for row in rows).encode(codec, errors="replace"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | CELLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CELLS, inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(CELLS, JSON, max_size=4) | JSON, max_size=6), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_json(rows: list[object], as_array: bool) -> None:
    """Any JSON, one a line or as an array, with half characters and numbers that are none, gives a reading."""
    text = json.dumps(rows) if as_array else "\n".join(json.dumps(row) for row in rows)
    read_everything("a.json", text.encode())


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_damaged_workbook(data: st.DataObject) -> None:
    """A workbook with any part replaced or any bytes changed gives a refusal or a reading."""
    names = zipfile.ZipFile(io.BytesIO(HONEST)).namelist()
    name = data.draw(st.sampled_from(names))
    part = bytearray(zipfile.ZipFile(io.BytesIO(HONEST)).read(name))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(part) - 1))
        part[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    damaged = bytearray(with_parts(HONEST, {name: bytes(part)}))
    if data.draw(st.booleans()):
        damaged[data.draw(st.integers(4, len(damaged) - 1))] ^= 0xFF
    read_everything("a.xlsx", bytes(damaged))


def sheet_xml(rows: bytes) -> bytes:
    """A workbook whose only sheet has these rows as XML."""
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_parts(HONEST, {"xl/worksheets/sheet1.xml": start + rows + b"</sheetData></worksheet>"})


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes, parts, tags and declared entities over the limits are refused by name; the honest file is read."""
    assert len(sheet_of("a.xlsx", HONEST).rows) == 2
    big = with_parts(HONEST, {"xl/media/a.bin": b"\0" * 2_000_000})
    monkeypatch.setattr(workbook_format, "SHEET_UNPACKED_BYTES_MAX", 1_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("a part of a bomb was unpacked"))
    assert refused("a.xlsx", big).code == "sheet_bomb"
    monkeypatch.undo()
    many = with_parts(HONEST, {f"xl/media/{number}": b"" for number in range(limits.SHEET_PARTS_MAX)})
    assert "parts" in refused("a.xlsx", many).says
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'
    assert "entities" in refused("a.xlsx", with_parts(HONEST, {"xl/worksheets/sheet1.xml": entity})).says
    wide16 = entity.decode().encode("utf-16")
    assert "entities" in refused("a.xlsx", with_parts(HONEST, {"xl/worksheets/sheet1.xml": wide16})).says
    assert "a row of more than" in refused("a.xlsx", sheet_xml(b"<row>" + b"<c/>" * 300_000 + b"</row>")).says
    monkeypatch.setattr(workbook_format, "SHEET_TAGS_MAX", 10)
    assert "more than 10 tags" in refused("a.xlsx", HONEST).says


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (b'<row r="999999999"><c r="A1"><v>1</v></c></row>', "sheet_too_long"),
        (b'<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>', "sheet_unreadable"),
        (b'<row r="2"><c r="XFD2"><v>1</v></c></row>', "sheet_too_wide"),
        (b"<row>" + b'<c r="A1" s="1"/><c r="XFD1"/></row>' + b'<row><c r="XFD1"/></row>' * 4_000, "sheet_bomb"),
        (b'<row r="2"><c r="A2" t="s"><v>999</v></c></row>', "sheet_unreadable"),
        (b'<row r="2"><c r="A2"><v>1</v></c>', "sheet_unreadable"),
    ],
)
def test_hostile_sheets(rows: bytes, code: str) -> None:
    """Rows far away, out of order, columns far away and texts that are not there are refused, not waited for."""
    assert refused("a.xlsx", sheet_xml(rows)).code == code
    assert sheet_of("a.xlsx", sheet_xml(b'<row r="2"><c r="A2"><v>1</v></c></row>')).rows[0].number == 2


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "sheet_empty", "no rows"),
        (b"\n \n;;\n", "sheet_empty", "no rows"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "sheet_other_format", "password"),
        (b"%PDF-1.7 x", "sheet_other_format", "PDF"),
        (b"<html><table>", "sheet_other_format", "web page"),
        (bytes(range(32)) * 20, "sheet_not_a_table", "neither"),
        (b"PK\x03\x04 rubbish", "sheet_unreadable", "XLSX"),
        (b'[{"name": "A B"', "sheet_unreadable", "JSON"),
    ],
)
def test_other_files(data: bytes, code: str, word: str) -> None:
    """What is no table is refused with what it is and what to do."""
    refusal = refused("a.bin", data)
    assert refusal.code == code and word in str(refusal)


def test_other_packed_files() -> None:
    """OpenDocument, text documents and plain packed folders are told apart."""
    for parts, word in (({"mimetype": b"x"}, "OpenDocument"), ({"word/a.xml": b""}, "text"), ({"a": b""}, "folder")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            for name, part in parts.items():
                packed.writestr(name, part)
        assert word in refused("a.xlsx", out.getvalue()).says


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many bytes, lines, rows, columns and characters are refused or named; one less is read."""
    assert refused("a.csv", b"x" * (limits.SHEET_FILE_BYTES_MAX + 1)).code == "sheet_too_big"
    assert refused("a.csv", b"Name\n" + b"\n" * limits.SHEET_LINES_MAX).code == "sheet_too_long"
    monkeypatch.setattr(delimited, "SHEET_ROWS_MAX", 2)
    assert refused("a.csv", b"Name\nA\nB\nC\n").code == "sheet_too_long"
    monkeypatch.undo()
    wide = sheet_of("a.csv", "Name\n" + "x," * limits.SHEET_COLUMNS_MAX + "x\n" + "y\n")
    assert [row.fault is None for row in wide.rows] == [False, True]
    long = "x" * (limits.SHEET_CELL_CHARS_MAX + 1)
    sheet = sheet_of("a.csv", f"Name,Note\nA B,{long}\nC D,y\n")
    reading = read_people(sheet, guess_mapping(sheet, "people"), REFERENCE)
    assert len(reading.rows) == 2
    assert [(bad.row, bad.column, bad.says) for bad in reading.bad] == [(2, "B", "has 32768 characters")]


def test_many_open_quotes_do_not_hang() -> None:
    """A file in which every line opens a quote is read in steps that do not grow with its length."""
    sheet = sheet_of("a.csv", "Name;Note\n" + 'A B;x"y;"\n' * 3 + 'C D;"z\n' * 2_001)
    assert len(sheet.rows) >= 1_000


def test_names_of_files_are_made_safe() -> None:
    """Line breaks and direction marks in the name of a file do not get into messages."""
    assert sheet_of("\u202ea\n.csv", "Name\nA B\nC D\n").file == "a .csv"
