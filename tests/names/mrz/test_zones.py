"""Published zones are read as they should be; what is wrong is named with line and column."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corridor.base.refusal import Refusal
from corridor.names.mrz.checking import digit_of, wrong_digits
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.layouts import layout_of
from corridor.names.mrz.model import Reading
from corridor.names.mrz.problems import Problem
from corridor.names.mrz.reading import read
from corridor.names.mrz.typed import blocks_of

GOLDEN = json.loads((Path(__file__).parents[2] / "golden/mrz/zones.json").read_text(encoding="utf-8"))
TODAY = date.fromisoformat(GOLDEN["reference"])
SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def reading(text: str, reference: date = TODAY) -> Reading:
    """The reading of a text that is a zone."""
    found = read(text, reference)
    assert isinstance(found, Reading), str(found)
    return found


def at_fault(text: str) -> Problem:
    """The one problem of a zone that has one fault."""
    (problem,) = [problem for problem in reading(text).problems if problem.wrong]
    return problem


def codes(text: str, reference: date = TODAY) -> set[str]:
    """The codes of all problems."""
    return {problem.refusal.code for problem in reading(text, reference).problems}


@pytest.mark.parametrize("zone", GOLDEN["zones"], ids=lambda zone: "/".join(zone["lines"])[:44])
def test_published_zones(zone: dict[str, Any]) -> None:
    """Every published zone has the format, the fields, the faults and the doubts that were worked out for it."""
    found = read("\n".join(zone["lines"]), TODAY)
    if zone["format"] is None:
        assert isinstance(found, Refusal)
        return
    assert isinstance(found, Reading)
    assert (found.format, list(found.wrong)) == (zone["format"], zone["wrong"])
    if not zone["wrong"]:
        assert {f.name: None if f.value is None else str(f.value) for f in found.fields} == zone["fields"]
        doubts = [p.refusal.code for p in found.problems if p.refusal.code != "zone_expired"]
        assert doubts == zone["doubts"]


@pytest.mark.parametrize("zone", [zone for zone in GOLDEN["zones"] if zone["format"]], ids=lambda z: z["lines"][-1])
def test_quick_check_agrees(zone: dict[str, Any]) -> None:
    """The quick check of digits finds the same digits wrong as the full reading."""
    full = reading("\n".join(zone["lines"]))
    assert full.format is not None
    quick = wrong_digits(full.lines, full.format)
    assert quick == tuple(check.name for check in full.checks if not check.fits)


def test_digit_of_icao_examples() -> None:
    """The worked examples of ICAO Doc 9303 part 3 come out; a character that no zone has is refused."""
    assert digit_of("520727") == "3"
    assert digit_of("AB2134<<<") == "5"
    with pytest.raises(ValueError, match="no zone has"):
        digit_of("AB-1")


@pytest.mark.parametrize(
    ("old", "new", "field", "line", "column"),
    [
        ("L898902C3", "L898912C3", "number", 2, 1),
        ("7408122", "7409122", "birth_date", 2, 14),
        ("7408122", "7408123", "birth_date", 2, 14),
        ("1204159", "1204169", "expiry_date", 2, 22),
        ("ZE184226B", "ZE184226C", "optional", 2, 29),
        ("<10", "<11", "composite", 2, 44),
        ("F120", "W120", "sex", 2, 21),
        ("P<UTO", "P<UT0", "issuing_state", 1, 5),
        ("ERIKSSON", "ERIK5SON", "surname", 1, 10),
        ("MARIA", "MAR1A", "given_names", 1, 24),
        ("36UTO", "36U7O", "nationality", 2, 12),
        ("74081", "7408I", "birth_date", 2, 18),
        ("P<U", "<<U", "document_type", 1, 1),
    ],
)
def test_field_at_fault_is_named(old: str, new: str, field: str, line: int, column: int) -> None:
    """One wrong character: its field comes first, with line and column; the sound zone has none."""
    assert reading(SPECIMEN).fits
    first = reading(SPECIMEN.replace(old, new)).problems[0]
    assert first.wrong
    assert (first.field, first.line, first.column) == (field, line, column)


def test_one_fault_is_told_once() -> None:
    """A wrong digit of a field is not told again as a wrong digit over all fields."""
    assert at_fault(SPECIMEN.replace("7408122", "7409122")).field == "birth_date"


def test_typed_as_people_type() -> None:
    """Small letters, blanks, an empty line, wide and Arabic digits, and « for << all read as the zone they mean."""
    sound = reading(SPECIMEN)
    for text in (
        SPECIMEN.lower(),
        SPECIMEN.replace("36UTO", "3 6 UTO ").replace("\n", "\r\n\r\n  "),
        SPECIMEN.replace("<<ANNA", "«ANNA"),
        SPECIMEN.replace("7408122", "٧٤٠٨١٢٢"),
        SPECIMEN.replace("\n", ""),
        SPECIMEN.replace("L898", "Ｌ８９８"),
    ):
        assert reading(text).fields == sound.fields
        assert reading(text).fits
    filled = SPECIMEN.replace("<", " ")
    assert reading(filled).fields == sound.fields
    assert "zone_blanks" in codes(filled) and "zone_blanks" not in codes(SPECIMEN)
    cyrillic = SPECIMEN.replace("ANNA", "АNNА")
    assert reading(cyrillic).fields == sound.fields
    assert "zone_look_alikes" in codes(cyrillic)


def test_wrong_width_names_line_and_column() -> None:
    """A line too short or too long is named with the column where it should have ended; other fields are still read."""
    short = SPECIMEN.removesuffix("0")
    problem = reading(short).problems[0]
    wide = [p for p in reading(short).problems if p.refusal.code == "zone_line_width"]
    assert [(p.line, p.column, p.wrong) for p in wide] == [(2, 44, True)]
    assert problem.wrong
    name_only = reading(SPECIMEN.replace("MARIA<<<<<<<<<<<<<<<<<<<", "MARIA"))
    assert name_only.wrong == ("zone",)
    given = name_only.field("given_names")
    assert given is not None and given.value == "ANNA MARIA"
    long = reading(SPECIMEN.replace("<<<\nL", "<<<<\nL"))
    assert [(p.line, p.column) for p in long.problems if p.wrong] == [(1, 45)]


@pytest.mark.parametrize(
    ("birth", "reference", "year", "other"),
    [
        ("740812", date(2026, 1, 1), 1974, None),
        ("250101", date(2026, 1, 1), 2025, 1925),
        ("260102", date(2026, 1, 1), 1926, None),
        ("260101", date(2026, 1, 1), 2026, 1926),
        ("000229", date(2026, 1, 1), 2000, None),
        ("990101", date(1998, 6, 1), 1899, None),
        ("<<0812", date(2026, 1, 1), None, None),
        ("26<<<<", date(2026, 1, 1), 2026, 1926),
        ("27<<<<", date(2026, 1, 1), 1927, None),
    ],
)
def test_century_of_birth(birth: str, reference: date, year: int | None, other: int | None) -> None:
    """A birth year is the latest not after the reference date; where the earlier century is possible it is said."""
    text = SPECIMEN.replace("7408122", birth + digit_of(birth))
    field = reading(text, reference).field("birth_date")
    assert field is not None and isinstance(field.value, ZoneDate)
    assert (field.value.year, field.value.other_year) == (year, other)


@pytest.mark.parametrize(
    ("expiry", "year"), [("120415", 2012), ("751231", 2075), ("761231", 1976), ("991231", 1999), ("300101", 2030)]
)
def test_century_of_expiry(expiry: str, year: int) -> None:
    """An expiry year is the one nearest to the reference date."""
    field = reading(SPECIMEN.replace("1204159", expiry + digit_of(expiry))).field("expiry_date")
    assert field is not None and isinstance(field.value, ZoneDate)
    assert field.value.year == year


@pytest.mark.parametrize("bad", ["740231", "741301", "740832", "74<8<2", "7<0812"])
def test_impossible_dates(bad: str) -> None:
    """A date that does not exist is wrong although its digit fits."""
    assert codes(SPECIMEN.replace("7408122", bad + digit_of(bad))) >= {"zone_date"}


def test_unknown_parts_of_a_date() -> None:
    """Unknown day or month stay unknown and are no fault; 00 for them is told."""
    unknown = SPECIMEN.replace("7408122", "74<<<<" + digit_of("74<<<<"))
    field = reading(unknown).field("birth_date")
    assert field is not None and str(field.value) == "1974-??-??"
    assert "zone_date_unknown" in codes(unknown) and "zone_date" not in codes(unknown)
    assert "zone_date_zeroes" in codes(SPECIMEN.replace("7408122", "740000" + digit_of("740000")))


@pytest.mark.parametrize(
    ("names", "surname", "given", "code"),
    [
        ("ERIKSSON<<ANNA<MARIA", "ERIKSSON", "ANNA MARIA", None),
        ("<<AHMADI", None, "AHMADI", "zone_no_surname"),
        ("ZAHRA", "ZAHRA", None, "zone_one_name"),
        ("AL<SHARIF<<OMAR", "AL SHARIF", "OMAR", None),
        ("A<<B<<C", "A", "B C", "zone_name_gaps"),
        ("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K", "NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", "zone_name_cut"),
        ("", None, None, "zone_no_name"),
    ],
)
def test_names(names: str, surname: str | None, given: str | None, code: str | None) -> None:
    """Names are divided as ICAO has it; one name, no surname, cut names and no name at all are told."""
    text = f"P<UTO{names:<<39}\n" + SPECIMEN.partition("\n")[2]
    found = reading(text)
    values = {field.name: field.value for field in found.fields}
    assert (values["surname"], values["given_names"]) == (surname, given)
    told = codes(text) - {"zone_specimen", "zone_expired"}
    assert told == (set() if code is None else {code})
    assert found.fits is (code != "zone_no_name")


@pytest.mark.parametrize(
    ("code", "iso", "told"),
    [
        ("D<<", "DEU", None),
        ("DEU", "DEU", None),
        ("GBO", "GBR", None),
        ("RKS", "RKS", None),
        ("UNK", "UNK", None),
        ("XXA", "XXA", None),
        ("XXB", "XXB", None),
        ("XXC", "XXC", None),
        ("EUE", "EUE", None),
        ("UNO", "UNO", None),
        ("UTO", "UTO", "zone_specimen"),
        ("ZZQ", "ZZQ", "zone_state"),
    ],
)
def test_states(code: str, iso: str, told: str | None) -> None:
    """Special codes are known; an unknown one is a doubt, not a fault, because real documents carry such."""
    text = SPECIMEN.replace("36UTO", f"36{code}").replace("P<UTO", "P<JOR")
    field = reading(text).field("nationality")
    assert field is not None and field.value == iso
    assert codes(text) - {"zone_expired"} == ({told} if told else set())
    assert reading(text).fits


def test_russian_internal_passport() -> None:
    """Names coded letter by letter come back in Cyrillic, the number in one piece; an empty expiry may have <."""
    number, birth, optional = "450123456", "840517", "9150101770001<"
    second = f"{number}{digit_of(number)}RUS{birth}{digit_of(birth)}F<<<<<<<"
    second += optional + digit_of(optional)
    last = digit_of(second[0:10] + second[13:20] + second[21:43])
    text = f"{'PNRUS6YDL9Q7<<L7BOV9<ANATOL9EVNA':<<44}\n{second}{last}"
    found = reading(text)
    assert found.fits, found.problems
    values = {field.name: field.value for field in found.fields}
    assert (values["surname"], values["given_names"]) == ("ЭЫДЛЬЙЮ", "ЛЮБОВЬ АНАТОЛЬЕВНА")
    assert values["number"] == "4509123456"
    assert wrong_digits(found.lines) == ()
    assert "zone_russian_code" in codes(text)
    assert not reading(text.replace("PNRUS", "PARUS")).fits


def test_expiry_of_noughts_has_a_digit() -> None:
    """Only a field of < may have < for its digit; noughts may not, for the quick check and the reading alike."""
    zone = SPECIMEN.replace("1204159", "000000<")
    assert "expiry_date" in (wrong_digits(zone.split("\n")) or ())
    assert "expiry_date" in reading(zone).wrong


def test_no_zone_is_refused() -> None:
    """Text that is no zone gets one refusal, however long or strange it is."""
    for text in ("", "hello", "P<UTO", "A" * 44, "\n".join(["X" * 44] * 5), "<" * 100_000, "\x00\ud800"):
        assert isinstance(read(text, TODAY), Refusal)


def test_blocks() -> None:
    """Zones in one text are told apart by empty lines, or by the lines their formats have."""
    td1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    found = blocks_of(f"\n{SPECIMEN}\n\n{td1}\n")
    assert [(block.first_line, block.text) for block in found] == [(2, SPECIMEN), (5, td1)]
    packed = blocks_of(f"{td1}\n{td1}\n{SPECIMEN}\n{SPECIMEN}")
    assert [block.first_line for block in packed] == [1, 4, 7, 9]
    assert [layout.format for block in packed if (layout := layout_of(tuple(block.text.split())))] == [
        "TD1",
        "TD1",
        "TD3",
        "TD3",
    ]
