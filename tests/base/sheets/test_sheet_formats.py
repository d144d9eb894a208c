"""Every format gives its rows under the numbers a person sees in the file."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.base.sheets.sheet_files import sheet_of, sheets_of, workbook

from corridor.base.sheets.model import Fault, Row, column_letter


def numbers(rows: tuple[Row, ...]) -> list[int]:
    """The numbers of rows."""
    return [row.number for row in rows]


CYRILLIC = "ФИО;Дата рождения\nИванов Иван;01.03.2015\nПетрова Анна;02.04.1990\n"
ARABIC = "الاسم;تاريخ الميلاد\nمحمد أحمد عبد الله;01.03.2015\nفاطمة علي حسن;02.04.1990\n"
LATIN = "Name;Birth date\nJosé Núñez;01.03.2015\n"


@pytest.mark.parametrize(
    ("text", "codec", "said"),
    [
        (CYRILLIC, "utf-8", "UTF-8 (every byte fits)"),
        (CYRILLIC, "utf-8-sig", "UTF-8 (it starts with its mark)"),
        (CYRILLIC, "utf-16", "UTF-16 (it starts with its mark)"),
        (LATIN, "utf-16-le", "UTF-16 (every other byte is 0)"),
        (LATIN, "utf-16-be", "UTF-16 (every other byte is 0)"),
        (CYRILLIC, "cp1251", "Windows-1251 (not UTF-8; its letters make Cyrillic words)"),
        (CYRILLIC.upper(), "cp1251", "Windows-1251 (not UTF-8; its letters make Cyrillic words)"),
        (ARABIC, "cp1256", "Windows-1256 (not UTF-8; its letters make Arabic words)"),
        (LATIN, "cp1252", "Windows-1252 (not UTF-8; single accents in Latin words)"),
    ],
)
def test_encodings(text: str, codec: str, said: str) -> None:
    """The encoding is found, said with its reason, and the letters come out right."""
    sheet = sheet_of("people.csv", text.encode(codec))
    lines = text.strip().split("\n")
    assert said in sheet.read_as
    assert [column.header for column in sheet.columns] == lines[0].split(";")
    assert [list(row.values) for row in sheet.rows] == [line.split(";") for line in lines[1:]]


def test_damaged_utf8_is_still_utf8() -> None:
    """One broken byte in a UTF-8 file costs one character, not the whole encoding."""
    text = CYRILLIC + "Сидоров Пётр;03.05.1970\n" * 20
    sheet = sheet_of("people.csv", text.encode().replace("Иван;".encode(), "Ива".encode() + b"\xd0;"))
    assert "all but 1 characters" in sheet.read_as
    assert sheet.rows[0].values[0] == "Иванов Ива\ufffd"


@pytest.mark.parametrize(("mark", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_delimiters(mark: str, word: str) -> None:
    """The delimiter is found though cells hold the other ones, and quotes keep them together."""
    rows = [["Name", "Remark"], ["A B", "x; y, z | w"], ["C D", "1,5"]]
    text = "\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows)
    sheet = sheet_of("people.csv", text)
    assert f"parted by {word}" in sheet.read_as
    assert [list(row.values) for row in sheet.rows] == rows[1:]


def test_stated_delimiter() -> None:
    """A first line that states the delimiter is obeyed and is no row."""
    sheet = sheet_of("people.csv", "sep=|\nName|DOB\nA B|1990\n")
    assert "stated in the first line" in sheet.read_as
    assert (sheet.header_row, numbers(sheet.rows)) == (2, [3])


def test_csv_line_numbers() -> None:
    """Title, blank lines and quoted line breaks count as the lines an editor shows."""
    text = 'Evacuation list\r\n\r\nName;Note\r\nA B;"two\r\nlines"\r\n\r\nC D;x\r\n;\r\nE F;y\r\n'
    sheet = sheet_of("people.csv", text)
    assert (sheet.counts, sheet.header_row, numbers(sheet.titles), numbers(sheet.rows)) == ("line", 3, [1], [4, 7, 9])
    assert sheet.blank_rows == 3
    cell = sheet.cell(sheet.rows[2], sheet.columns[1])
    assert cell.bad("is wrong", "Mend it").where == 'people.csv, line 9, column B "Note"'


def test_a_quote_never_closed_costs_one_line() -> None:
    """After a line with an open quote the following lines are read as if it were not there."""
    text = 'Name;Note\nA B;x\nC D;"open\n' + "".join(f"P Q{number};y\n" for number in range(200))
    sheet = sheet_of("people.csv", text)
    assert len(sheet.rows) == 202
    assert sheet.rows[1].number == 3
    assert sheet.rows[1].fault == Fault("a quote opens here and is not closed", "Close the quote or take it out")
    assert sheet.rows[-1].values == ("P Q199", "y")
    at_end = sheet_of("people.csv", 'Name;Note\nA B;"open\nC D;x\n')
    assert [(row.number, row.fault is None) for row in at_end.rows] == [(2, False), (3, True)]


def test_xlsx_rows_and_columns() -> None:
    """A workbook's rows and columns are those of the grid; dates are dates, numbers numbers, text stays text."""
    rows = [
        ["Letterhead"],
        [],
        [None, "№", "ФИО", "Дата рождения", "When"],
        [None, 1, " Иванов ", date(2015, 3, 1), datetime(2015, 3, 1, 8, 30)],  # noqa: DTZ001
        [],
        [None, 2.5, "'=1+1", 42064, True],
    ]
    sheet = sheet_of("people.xlsx", workbook({"Лист 1": rows}))
    assert (sheet.name, sheet.counts, sheet.header_row) == ("Лист 1", "row", 3)
    assert (numbers(sheet.titles), numbers(sheet.rows), sheet.blank_rows) == ([1], [4, 6], 2)
    assert sheet.rows[0].values == (None, 1, "Иванов", date(2015, 3, 1), datetime(2015, 3, 1, 8, 30))  # noqa: DTZ001
    assert sheet.rows[1].values == (None, 2.5, "'=1+1", 42064, True)
    bad = sheet.cell(sheet.rows[1], sheet.columns[3]).bad("is wrong", "Mend it")
    assert bad.where == 'people.xlsx, sheet "Лист 1", row 6, column D "Дата рождения"'


def test_xlsx_sheets() -> None:
    """Every sheet comes out, hidden ones marked, an empty one without rows."""
    people = [["Name", "DOB"], ["A B", 1990]]
    read = sheets_of("people.xlsx", workbook({"One": people, "Secret": people, "Empty": []}, hide="Secret"))
    assert [(sheet.name, sheet.hidden, len(sheet.rows)) for sheet in read] == [
        ("One", False, 1),
        ("Secret", True, 1),
        ("Empty", False, 0),
    ]


def test_xlsx_formulas() -> None:
    """A formula that was never calculated is a fault of its cell, never an empty cell; an error value too."""
    rows = [["Name", "Phone", "Note"], ["A B", "=1+1", "#N/A"], ["C D", None, "x"]]
    sheet = sheet_of("people.xlsx", workbook({"S": rows}))
    faults = [value.says for value in sheet.rows[0].values if isinstance(value, Fault)]
    assert faults == ["is a formula without a result", "is the spreadsheet error #N/A"]
    assert sheet.rows[1].values == ("C D", None, "x")


def test_xlsx_merged_cells() -> None:
    """A cell merged over several rows is read in each of them, and a header over two rows is found."""
    rows = [
        ["Family", "Name", "Document", None],
        [None, None, "Document type", "Passport No"],
        ["F1", "A B", "passport", "75123456"],
        [None, "C D", None, "75123457"],
        [None, "E F", None, "75123458"],
        ["F2", "G H", None, "75123459"],
    ]
    sheet = sheet_of("people.xlsx", workbook({"S": rows}, merge=["A1:A2", "B1:B2", "C1:D1", "A3:A5"]))
    assert sheet.header_row == 2
    assert [column.header for column in sheet.columns] == ["Family", "Name", "Document type", "Passport No"]
    assert [row.values[0] for row in sheet.rows] == ["F1", "F1", "F1", "F2"]


def test_json_lines() -> None:
    """A bad line is a bad row under its number; keys become columns; lists of texts are joined."""
    text = '{"name": "A B", "persons": ["p1", "p2"]}\n\nnot json\n{"name": "C", "name": "D"}\n[1]\n{"dob": 1990}\n'
    sheet = sheet_of("people.jsonl", text)
    assert (sheet.counts, numbers(sheet.rows), sheet.blank_rows) == ("line", [1, 3, 4, 5, 6], 1)
    assert [row.fault is None for row in sheet.rows] == [True, False, False, False, True]
    assert sheet.rows[0].values == ("A B", "p1, p2")
    assert sheet.rows[4].values == (None, None, 1990)
    bad = sheet.cell(sheet.rows[4], sheet.columns[2]).bad("is wrong", "Mend it")
    assert bad.where == 'people.jsonl, line 6, key "dob"'


def test_json_array() -> None:
    """An array of objects is counted by its items, however it is laid out."""
    sheet = sheet_of("people.json", '[{"name": "A"},\n {}, 5,\n\n {"name": "B", "body": {"x": [1]}}]')
    assert (sheet.counts, numbers(sheet.rows), sheet.blank_rows) == ("item", [1, 3, 4], 1)
    assert sheet.rows[2].values == ("B", '{"x": [1]}')
    assert sheet.rows[1].fault == Fault("is not a JSON object", "Write one JSON object here, with each key once")


def test_header_further_down_and_repeated_headers() -> None:
    """The header is the row with most known words; equal headers are told apart, nameless columns by letter."""
    text = "Name of operation;North\nPrepared;2023\nФИО;Гражданство;Гражданство;\nA B;РФ;PSE;x\n"
    sheet = sheet_of("people.csv", text)
    assert sheet.header_row == 3
    assert [column.label for column in sheet.columns] == ["ФИО", "Гражданство", "Гражданство #2", "(column D)"]


def test_table_without_a_header() -> None:
    """When the first row is data already, it stays a row."""
    sheet = sheet_of("people.csv", "Ivan Petrov,1990-02-03,RUS\nAnna Petrova,1991-02-03,RUS\n")
    assert (sheet.header_row, numbers(sheet.rows)) == (None, [1, 2])


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(index: int, letter: str) -> None:
    """Columns have the letters a spreadsheet shows."""
    assert column_letter(index) == letter
