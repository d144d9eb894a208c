"""Whole messy files: every row is read, left out or skipped with a reason, and repeating an import is recognised."""

from __future__ import annotations

from datetime import date

import pytest
from tests.base.sheets.sheet_files import sheet_of, workbook

from corridor.base.moments import iso
from corridor.base.sheets.mapping import guess_mapping
from corridor.base.sheets.model import Reading, Sheet
from corridor.base.sheets.row_by_row import is_numbering, is_total
from corridor.base.sheets.rows import EventRow, ListRowRead, PersonRow, read_events, read_list, read_people

REFERENCE = date(2023, 11, 14)


def people_in(sheet: Sheet) -> Reading[PersonRow]:
    return read_people(sheet, guess_mapping(sheet, "people"), REFERENCE)


def list_in(sheet: Sheet) -> Reading[ListRowRead]:
    return read_list(sheet, guess_mapping(sheet, "list"), REFERENCE)


def events_in(sheet: Sheet) -> Reading[EventRow]:
    return read_events(sheet, guess_mapping(sheet, "events"), {"crossed", "at_gate"}, "Africa/Cairo")


def messy_people() -> bytes:
    """A registration as an embassy sends it: title, numbered columns, merged families, a total, a signature."""
    rows: list[list[object]] = [
        ["Список граждан, ожидающих выезда"],
        [],
        ["№ п/п", "ФИО / Full name", "Дата рожд.", "Пол", "Гражданство", "№ паспорта", "Семья", "Тел.", "Нет такого"],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, "Иванов Иван", "01.03.1985", "муж", "РФ", "75 1234567", "F1", "+7 916 123-45-67", None],
        [2, "محمد أحمد", date(1990, 5, 1), "ذكر", "فلسطيني/РФ", "x", None, 79161234567, "y"],
        [3, "Anna Ivanova", 42064, "zz", "Rusia", 12345678, None, "-", None],
        ["№ п/п", "ФИО / Full name", "Дата рожд.", "Пол", "Гражданство", "№ паспорта", "Семья", "Тел.", "Нет такого"],
        [4, None, "31.02.2015", "ж", "PSE", "7654321", "F2", None, None],
        ["Итого", None, None, 4],
        ["Консул", None, None, None, "подпись"],
    ]
    return workbook({"Лист1": rows}, merge=["G5:G7"])


def test_people_of_a_messy_workbook() -> None:
    """Good rows are read though cells are bad, each bad cell is named where a person finds it, no row is lost."""
    sheet = sheet_of("people.xlsx", messy_people())
    reading = people_in(sheet)
    assert [row.position.row for row in reading.rows] == [5, 6, 7]
    assert [row.full_name.text for row in reading.rows if row.full_name] == ["Иванов Иван", "محمد أحمد", "Anna Ivanova"]
    assert [row.full_name.script for row in reading.rows if row.full_name] == ["Cyrillic", "Arabic", "Latin"]
    assert [(row.birth.year, row.birth.precision) for row in reading.rows if row.birth] == [
        (1985, "day"),
        (1990, "day"),
        (2015, "day"),
    ]
    assert [row.sex for row in reading.rows] == ["m", "m", None]
    assert [row.citizenships for row in reading.rows] == [("RUS",), ("PSE", "RUS"), ()]
    assert [row.document_number and row.document_number.cleaned for row in reading.rows] == [
        "751234567",
        None,
        "12345678",
    ]
    assert [row.party for row in reading.rows] == ["F1", "F1", "F1"]
    assert [row.phones for row in reading.rows] == [("+79161234567",), ("79161234567",), ()]
    assert [(one.row, one.reason) for one in reading.skipped] == [
        (4, "numbers of the columns"),
        (8, "a header again"),
        (10, "a row of totals"),
    ]
    assert reading.left_out == (9, 11)
    assert [(bad.row, bad.column, bad.header, bad.value) for bad in reading.bad if bad.column] == [
        (6, "F", "№ паспорта", "x"),
        (7, "D", "Пол", "zz"),
        (7, "E", "Гражданство", "Rusia"),
    ]
    assert [(bad.row, bad.says) for bad in reading.bad if not bad.column] == [(9, "has no name"), (11, "has no name")]
    assert str(reading.bad[0]) == (
        'people.xlsx, sheet "Лист1", row 6, column F "№ паспорта": \'x\' is not a document number. '
        "Write the number with its letters and digits."
    )
    assert len(reading.rows) + len(reading.left_out) + len(reading.skipped) == len(sheet.rows)


def test_same_people_from_csv_and_json() -> None:
    """The same table as CSV in Windows-1251 and as JSON lines gives the same people, under its own line numbers."""
    csv_text = 'Фамилия;Имя;Отчество;Возраст;Глава\n\nИванов;Иван;нет;38;да\nПетрова;"Анна\nМария";Ивановна;;нет\n'
    json_text = (
        '{"surname": "Иванов", "given": "Иван", "age": 38, "head": true}\n\n'
        '{"surname": "Петрова", "given": "Анна\\nМария", "patronymic": "Ивановна", "head": false}\n'
    )
    from_csv = people_in(sheet_of("people.csv", csv_text.encode("cp1251")))
    from_json = people_in(sheet_of("people.jsonl", json_text))
    facts = [
        [(row.surname, row.given, row.patronymic, row.birth, row.head) for row in reading.rows]
        for reading in (from_csv, from_json)
    ]
    assert facts[0] == facts[1]
    assert [row.position.row for row in from_csv.rows] == [3, 4]
    assert [row.position.row for row in from_json.rows] == [1, 3]
    assert str(from_csv.rows[1].position) == "people.csv, line 4"


def test_list_with_headings() -> None:
    """Headings between the rows of a list become the group of those below; Arabic digits are numbers."""
    text = (
        "كشف المسافرين;;;\nم;الاسم;تاريخ الميلاد;رقم الجواز\nالجنسية: روسيا;;;\n١;محمد أحمد;١/١٣/١٩٩٠;٧٥١٢٣٤٥٦\n"
        "٢;فاطمة علي;1991;\nPalestine;;;\n٣;عمر حسن;كبير;1234567\n٤;;1990;\nالمجموع;٣;;\n"
    )
    sheet = sheet_of("list.csv", text)
    reading = list_in(sheet)
    assert [(row.row_number, row.group) for row in reading.rows] == [
        (1, "الجنسية: روسيا"),
        (2, "الجنسية: روسيا"),
        (3, "Palestine"),
    ]
    assert reading.rows[0].birth is not None and reading.rows[0].birth.month == 1
    assert reading.rows[0].document_number is not None and reading.rows[0].document_number.cleaned == "75123456"
    assert [(bad.row, bad.column) for bad in reading.bad] == [(7, "C"), (8, "")]
    assert [one.row for one in reading.skipped] == [3, 6, 9]
    assert reading.left_out == (8,)


def test_events_whole_or_not_at_all() -> None:
    """An event with any bad cell is left out and named; the others are read with moment, persons and body."""
    text = (
        '{"kind": "crossed", "happened_at": "2023-11-14 07:30", "persons": ["p1", "p2"], "body": {"gate": "rafah"}}\n'
        '{"kind": "crosed", "happened_at": "2023-11-14 07:30", "persons": "p3"}\n'
        '{"kind": "At gate", "happened_at": "14.11.2023", "persons": "p3"}\n'
        '{"kind": "at_gate", "happened_at": "2023-11-14T08:00Z", "persons": "p3", "source": "not an id"}\n'
        '{"kind": "at_gate", "persons": "p3"}\n'
        '{"kind": "at_gate", "happened_at": "2023-11-14T08:00Z", "persons": "p3", "target": "place:rafah"}\n'
    )
    reading = events_in(sheet_of("events.jsonl", text))
    assert [(row.kind, iso(row.happened_at), row.persons, row.target, row.body) for row in reading.rows] == [
        ("crossed", "2023-11-14T05:30:00Z", ("p1", "p2"), None, {"gate": "rafah"}),
        ("at_gate", "2023-11-14T08:00:00Z", ("p3",), "place:rafah", None),
    ]
    assert reading.left_out == (2, 3, 4, 5)
    assert [(bad.row, bad.header) for bad in reading.bad] == [(2, "kind"), (3, "happened_at"), (4, "source"), (5, "")]


def test_repeated_import_is_recognised() -> None:
    """The same rows have the same digests with columns moved and the file renamed; equal rows of a file stay two."""
    first = people_in(sheet_of("a.csv", "ФИО;DOB;Note\nA B;1990;\nC D;1991;x\nA B;1990;\n"))
    again = people_in(sheet_of("b.csv", "Note,DOB,ФИО\n,١٩٩٠,A  B\nx,1991,C D\n,1990,A B\n"))
    changed = people_in(sheet_of("a.csv", "ФИО;DOB;Note\nA B;1990;\nC D;1992;x\nA B;1990;\n"))
    digests = [[row.digest for row in reading.rows] for reading in (first, again, changed)]
    assert digests[0] == digests[1]
    assert len(set(digests[0])) == 3
    assert [(one.row, one.says) for one in first.doubtful] == [(4, "says the same as line 2; both are taken")]
    assert [one == other for one, other in zip(digests[0], digests[2], strict=True)] == [True, False, True]


def test_shared_references_are_marked() -> None:
    """A reference that several rows have names an application, not a person; one that stands once is the person's."""
    reading = people_in(sheet_of("a.csv", "Ref;Name\nA-1;A B\nA-1;C D\nA-2;E F\n;G H\n"))
    assert [(row.reference, row.reference_shared) for row in reading.rows] == [
        ("A-1", True),
        ("A-1", True),
        ("A-2", False),
        (None, False),
    ]


def test_doubts_are_told() -> None:
    """Values that can be read in another way are taken and told: a day that may be a month, a broken character."""
    text = "Name;DOB;Valid until\nA B;1/3/1990;1/4/2028\nC \ufffd;13/3/1990;\n"
    reading = people_in(sheet_of("a.csv", text))
    assert len(reading.rows) == 2 and not reading.bad
    assert [(one.row, one.column) for one in reading.doubtful] == [(2, "B"), (2, "C"), (3, "A")]


def test_formula_text_stays_text() -> None:
    """What a spreadsheet would run is a name or a remark like any other, never run and never changed."""
    reading = people_in(sheet_of("a.csv", "Name;Note\n=HYPERLINK(A1);+cmd|'/C calc'!A0\n"))
    assert reading.rows[0].full_name is not None
    assert (reading.rows[0].full_name.text, reading.rows[0].remark) == ("=HYPERLINK(A1)", "+cmd|'/C calc'!A0")


@pytest.mark.parametrize(
    ("values", "total"),
    [
        (("Итого", None, 5), True),
        ((None, "Всего: 12 чел.", ""), True),
        (("المجموع", "٣"), True),
        (("Total Hassan", "1990"), False),
        (("Total", "Hassan"), False),
        ((5, 6), False),
    ],
)
def test_totals(values: tuple[str | int | None, ...], total: bool) -> None:
    """A total says so and holds nothing but numbers beside it; a person called Total is a person."""
    assert is_total(values) is total


def test_numbering() -> None:
    """Only 1, 2, 3 and on, at least to 3, number the columns."""
    assert is_numbering((1, "2", "٣"))
    assert not is_numbering((1, 2))
    assert not is_numbering((1, 2, 4))
