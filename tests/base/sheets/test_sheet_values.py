"""Names, sexes, citizenships, documents and the rest as strangers write them, in three scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corridor.base.limits import EVENT_PERSONS_MAX
from corridor.base.sheets.model import Fault, Value
from corridor.base.sheets.text import ascii_digits, cleaned, plain, script_of, trimmed
from corridor.base.sheets.values import (
    DocumentNumber,
    WrittenName,
    countries,
    parse_body,
    parse_citizenships,
    parse_document_number,
    parse_document_type,
    parse_email,
    parse_ids,
    parse_kind,
    parse_name,
    parse_phones,
    parse_sex,
    parse_whole_number,
    parse_yes_no,
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\u200f محمد\u200f ", "محمد"),
        ("\ufeffAnna\u200b", "Anna"),
        ("Ми\u200dша", "Ми\u200dша"),
        ("a\x00b", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("И\u0306ван", "Йван"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
)
def test_text_is_cleaned_at_its_edges_only(text: str, kept: str) -> None:
    """Invisible characters go at the edges and stay inside; NUL goes, half characters show, formulas stay text."""
    assert cleaned(text) == kept
    assert trimmed(kept) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [("№ паспорта", "no паспорта"), ("ФИО:", "фио"), ("الإسم", "الاسم"), ("Türkiye", "turkiye"), ("Пётр", "петр")],
)
def test_texts_that_compare_equal(one: str, other: str) -> None:
    """Signs, case, accents and the forms of alef do not part two words; й and и stay two letters."""
    assert plain(one) == other
    assert plain("й") != plain("и")


def test_digits_of_every_script() -> None:
    """Arabic-Indic, Persian and full-width digits become 0 to 9."""
    assert ascii_digits("٠١٢ ۳۴۵ ６７８") == "012 345 678"


@pytest.mark.parametrize(
    ("text", "script"),
    [("Ivan", "Latin"), ("Иван Ivanov Петрович", "Cyrillic"), ("محمد", "Arabic"), ("משה", "Hebrew"), ("李", "other")],
)
def test_names_keep_their_letters(text: str, script: str) -> None:
    """A name is kept as written and told its script by most of its letters."""
    assert parse_name(text) == WrittenName(text=text, script=script_of(text))
    assert script_of(text) == script


@pytest.mark.parametrize("value", ["12345", "---", 7, True, "a" * 301])
def test_no_names(value: Value) -> None:
    """Numbers, strokes and whole pages are no names."""
    assert isinstance(parse_name(value), Fault)


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("m", "m"),
        ("Male", "m"),
        ("муж.", "m"),
        ("М", "m"),
        ("ذكر", "m"),
        ("F", "f"),
        ("Ж", "f"),
        ("أنثى", "f"),
        ("жен", "f"),
    ],
)
def test_sex(text: str, sex: str) -> None:
    """Words and letters in three languages are told apart."""
    assert parse_sex(text) == sex
    assert isinstance(parse_sex(text + "q"), Fault)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("RUS", ("RUS",)),
        ("ru", ("RUS",)),
        ("Россия, Палестина", ("RUS", "PSE")),
        ("российское", ("RUS",)),
        ("РФ", ("RUS",)),
        ("روسيا", ("RUS",)),
        ("الروسية", ("RUS",)),
        ("RUS/PSE", ("RUS", "PSE")),
        ("РФ и Палестина", ("RUS", "PSE")),
        ("فلسطيني و روسي", ("PSE", "RUS")),
        ("Bosnia and Herzegovina", ("BIH",)),
        ("the Netherlands", ("NLD",)),
        ("Kazakh", ("KAZ",)),
        ("الأردن", ("JOR",)),
        ("Côte d'Ivoire", ("CIV",)),
        ("без гражданства", ("XXA",)),
        ("Russia; RUS", ("RUS",)),
    ],
)
def test_citizenships(text: str, codes: tuple[str, ...]) -> None:
    """Names, adjectives and codes in three languages become alpha-3 codes, several in the order written."""
    assert parse_citizenships(text) == (codes, ())


def test_unknown_citizenship_is_named() -> None:
    """Of two citizenships the known one is taken, the other one named; a near name is offered."""
    codes, faults = parse_citizenships("MDA, Атлантида")
    assert codes == ("MDA",)
    assert [fault.says for fault in faults] == ["holds 'Атлантида', which is no country that is known"]
    assert parse_citizenships("Rusia")[1][0].remedy.startswith("Did you mean RUS?")


def test_table_of_countries() -> None:
    """Every code of ISO 3166 is there, each name leads to one code, and each code to itself."""
    codes = set(countries().values())
    assert len(codes) == 252
    assert all(countries()[plain(code)] == code for code in codes)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Загранпаспорт", "passport"),
        ("جواز سفر", "passport"),
        ("birth_certificate", "birth_certificate"),
        ("Свидетельство о рождении", "birth_certificate"),
        ("هوية", "national_id"),
        ("Laissez-Passer", "laissez_passer"),
        ("св-во на возвращение", "return_certificate"),
        ("ICRC ETD", "icrc_etd"),
    ],
)
def test_document_types(text: str, kind: str) -> None:
    """Types of documents come from a closed list under their names in three languages."""
    assert parse_document_type(text) == kind
    assert isinstance(parse_document_type("library card"), Fault)


@pytest.mark.parametrize(
    ("value", "cleaned_number"),
    [("75-1234567", "751234567"), (751234567.0, "751234567"), ("ab ١٢٣٤", "AB1234")],
)
def test_document_numbers(value: Value, cleaned_number: str) -> None:
    """A number keeps how it was written beside its letters and digits."""
    read = parse_document_number(value)
    assert isinstance(read, DocumentNumber)
    assert read.cleaned == cleaned_number


@pytest.mark.parametrize("parse", [parse_document_number, parse_phones])
@pytest.mark.parametrize("value", ["7.9161E+10", "4,5e9", "no", "x"])
def test_lost_digits_are_not_numbers(parse: Callable[[Value], object], value: str) -> None:
    """A number that a spreadsheet shortened, and a word, are refused rather than guessed."""
    assert isinstance(parse(value), Fault)


def test_contacts() -> None:
    """Telephone numbers are parted and cleaned, mail addresses checked."""
    assert parse_phones("+7 (916) 123-45-67, ٠١٠٠٠٠٠٠٠٠٠") == ("+79161234567", "01000000000")
    assert parse_email("a.b@example.org") == "a.b@example.org"
    assert isinstance(parse_email("a.b at example.org"), Fault)


@pytest.mark.parametrize(("value", "number"), [("12.", 12), ("١٢", 12), (12.0, 12), ("№ 7", 7)])
def test_whole_numbers(value: Value, number: int) -> None:
    """Whole numbers are read in any digits; fractions, signs and booleans are not."""
    assert parse_whole_number(value) == number
    assert all(isinstance(parse_whole_number(bad), Fault) for bad in ("1.5", "-1", True, "one", 2.5))


@pytest.mark.parametrize(
    ("value", "answer"), [("да", True), ("Нет", False), ("✓", True), (False, False), ("نعم", True)]
)
def test_yes_or_no(value: Value, answer: bool) -> None:
    """Yes and no in three languages and as a tick."""
    assert parse_yes_no(value) is answer
    assert isinstance(parse_yes_no("perhaps"), Fault)


def test_parts_of_events() -> None:
    """Kinds are checked against those there are, persons parted, a body must be a JSON object."""
    many = ",".join(f"p{number}" for number in range(EVENT_PERSONS_MAX + 1))
    assert parse_kind("At Gate", {"at_gate"}) == "at_gate"
    wrong = parse_kind("crosed", {"crossed"})
    assert isinstance(wrong, Fault) and wrong.remedy == "Did you mean crossed?"
    assert parse_ids("p1, p2 p1;p3") == ("p1", "p2", "p3")
    assert isinstance(parse_ids(many), Fault)
    assert parse_body('{"gate": "rafah"}') == {"gate": "rafah"}
    assert isinstance(parse_body("[1]"), Fault)
    assert isinstance(parse_body("{"), Fault)
