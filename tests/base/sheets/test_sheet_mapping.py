"""Columns find their fields, and the choice can be shown, saved, corrected and used again."""

from __future__ import annotations

import json

import pytest
from tests.base.sheets.sheet_files import sheet_of

from corridor.base.refusal import Refusal
from corridor.base.sheets.fields import FIELDS, KINDS, Kind, words_of
from corridor.base.sheets.mapping import Mapping, apply_mapping, describe, from_json, guess_mapping, lacking, to_json
from corridor.base.sheets.text import plain


def chosen(mapping: Mapping) -> dict[str, tuple[str, ...]]:
    """Field to columns."""
    return {one.field: mapping.labels(one.field) for one in mapping.chosen}


@pytest.mark.parametrize("kind", KINDS)
def test_each_word_is_of_one_field(kind: Kind) -> None:
    """No header word of a kind stands for two fields, and each alone is mapped to its own."""
    for field in FIELDS[kind]:
        for word in field.words:
            assert words_of(kind)[plain(word)] == field, f"{word!r} is also of {words_of(kind)[plain(word)].name}"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Full Name", "full_name"),
        ("ФИО", "full_name"),
        ("الاسم الكامل", "full_name"),
        ("FIO", "full_name"),
        ("ФИО / Full name", "full_name"),
        ("Name (English)", "name_latin"),
        ("D.O.B.", "birth_date"),
        ("Дата рождения (дд.мм.гггг)", "birth_date"),
        ("تاريخ الميلاد", "birth_date"),
        ("Date of brith", "birth_date"),
        ("Дата рожденя", "birth_date"),
        ("PASSPORT NO.", "document_number"),
        ("Серия и номер\nпаспорта", "document_number"),
        ("رقم جواز السفر", "document_number"),
        ("Гражданствo", "citizenships"),
        ("Applicant's passport number", "document_number"),
        ("Sex", "sex"),
        ("Family", "party"),
        ("Контактный телефон заявителя", "phone"),
    ],
)
def test_headers(header: str, field: str) -> None:
    """Messy, misspelt, bilingual and transliterated headers find their field."""
    quoted = header.replace('"', '""')
    sheet = sheet_of("people.csv", f'"{quoted}";"zzz"\n"x y";"q"\n')
    assert chosen(guess_mapping(sheet, "people")).get(field), describe(guess_mapping(sheet, "people"), sheet)


def test_columns_by_content() -> None:
    """Columns without a known header are recognised by what stands in them, and the reason is said."""
    rows = "".join(f"Ivan {'Pety' * (number + 1)};{number + 1}/25/1990;RUS;{'mf'[number % 2]}\n" for number in range(9))
    sheet = sheet_of("people.csv", "A1;B1;C1;D1\n" + rows)
    mapping = guess_mapping(sheet, "people")
    assert chosen(mapping) == {"full_name": ("A1",), "birth_date": ("B1",), "citizenships": ("C1",), "sex": ("D1",)}
    assert {one.why for one in mapping.chosen} == {"by content"}
    assert (mapping.day_order, mapping.day_order_why) == (
        "month first",
        "9 dates of the sheet can only have the month first",
    )


def test_description() -> None:
    """The lines for people name each column with its letter, the reason, and what is not used."""
    sheet = sheet_of("people.csv", "ФИО;Цвет глаз;DOB\nA B;blue;1990\n")
    text = describe(guess_mapping(sheet, "people"), sheet)
    assert 'A "ФИО" (exact header: фио)' in text
    assert 'C "DOB" (exact header: dob)' in text
    assert 'not used               B "Цвет глаз"' in text
    assert "day first (by default)" in text
    assert "header in line 1; 1 rows" in text


def test_lacking_a_name() -> None:
    """A table in which no column can be a name is refused with the columns it has; with one it is not."""
    without = sheet_of("people.csv", "DOB;Пол\n1990;м\n")
    refusal = lacking(guess_mapping(without, "people"), without)
    assert refusal is not None and refusal.code == "mapping_lacks" and '"DOB", "Пол"' in refusal.says
    having = sheet_of("people.csv", "DOB;Фамилия\n1990;Иванов\n")
    assert lacking(guess_mapping(having, "people"), having) is None


def test_saved_and_used_again() -> None:
    """A saved mapping fits a later file with the columns moved, and says which header a third one lacks."""
    first = sheet_of("a.csv", "ФИО;Моё поле;Гражданство;Гражданство\nA B;x;RUS;PSE\n")
    guessed = guess_mapping(first, "people")
    saved = json.loads(to_json(guessed))
    saved["columns"]["remark"] = ["моё  поле"]
    read = from_json(json.dumps(saved), "people")
    assert isinstance(read, Mapping)
    moved = sheet_of("b.csv", "Гражданство;МОЁ ПОЛЕ;Гражданство;ФИО\nRUS;x;PSE;A B\n")
    fitted = apply_mapping(read, moved)
    assert isinstance(fitted, Mapping)
    assert chosen(fitted) == {
        "full_name": ("ФИО",),
        "citizenships": ("Гражданство", "Гражданство #2"),
        "remark": ("МОЁ ПОЛЕ",),
    }
    other = sheet_of("c.csv", "ФИО;Гражданство\nA B;RUS\n")
    refusal = apply_mapping(read, other)
    assert isinstance(refusal, Refusal) and refusal.code == "mapping_header_missing"
    assert '"Гражданство #2" and "моё  поле"' in refusal.says and "c.csv" in refusal.says


@pytest.mark.parametrize("kind", KINDS)
def test_round_trip(kind: Kind) -> None:
    """What is saved is what is read: kind, columns and the order of day and month."""
    header = ";".join(field.words[0] for field in FIELDS[kind])
    sheet = sheet_of("a.csv", f"{header}\n" + ";".join("x" for _ in FIELDS[kind]) + "\n")
    mapping = guess_mapping(sheet, kind, "month first")
    read = from_json(to_json(mapping), kind)
    assert isinstance(read, Mapping)
    assert (chosen(read), read.day_order, read.kind) == (chosen(mapping), "month first", kind)
    assert set(chosen(mapping)) == {field.name for field in FIELDS[kind]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 2}, '"version": 1'),
        ({"kind": "pets"}, '"kind"'),
        ({"day_order": "year first"}, '"day_order"'),
        ({"columns": []}, "must be an object"),
        ({"columns": {"full_nam": ["x"]}}, "did you mean 'full_name'?"),
        ({"columns": {"full_name": "x"}}, "must be a list"),
        ({"columns": {"full_name": ["x", "y"]}}, "one header only"),
        ({"columns": {"full_name": ["x"], "sex": ["X"]}}, "twice"),
        ({"kind": "list", "columns": {}}, "for list, not for people"),
    ],
)
def test_bad_mappings(change: dict[str, object], says: str) -> None:
    """Each mistake in a mapping edited by hand is named; without the mistake it is read."""
    good = {"version": 1, "kind": "people", "day_order": "day first", "columns": {"full_name": ["ФИО"]}}
    assert isinstance(from_json(json.dumps(good), "people"), Mapping)
    refusal = from_json(json.dumps(good | change), "people")
    assert isinstance(refusal, Refusal) and says in refusal.says, refusal


def test_mapping_that_is_no_json() -> None:
    """A file that is no JSON is refused as such."""
    refusal = from_json("{", "people")
    assert isinstance(refusal, Refusal) and refusal.code == "mapping_unreadable"
