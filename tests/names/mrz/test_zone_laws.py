"""Laws of zones: what is written is read, one wrong character is seen unless modulus 10 cannot, no text does harm."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.base.refusal import Refusal
from corridor.names.mrz.checking import ALPHABET, digit_of, wrong_digits
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.layouts import LAYOUTS
from corridor.names.mrz.model import Reading
from corridor.names.mrz.reading import read
from corridor.names.mrz.repairs import blind_spots, repairs, same_digit
from corridor.names.mrz.typed import blocks_of
from corridor.names.mrz.writing import WrittenFormat, WrittenZone, ZoneContent, write

TODAY = date(2026, 11, 23)
FORMATS: tuple[WrittenFormat, ...] = get_args(WrittenFormat)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PARTS = st.lists(st.text(LETTERS, min_size=1, max_size=14), min_size=1, max_size=4).map(" ".join)
NUMBERS = st.text(LETTERS + "0123456789", min_size=1, max_size=14)


def zone_dates(first: int, last: int) -> st.SearchStrategy[ZoneDate]:
    """Dates from `first` to `last`, some with unknown month or day."""

    def of(day: date, known: int) -> ZoneDate:
        return ZoneDate(year=day.year, month=day.month if known else None, day=day.day if known > 1 else None)

    days = st.dates(date(first, 1, 1), date(last, 12, 31))
    return st.builds(of, days, st.sampled_from((2, 2, 2, 1, 0)))


CONTENTS = st.builds(
    ZoneContent,
    document_type=st.sampled_from(("P", "PO", "ID", "I", "V")),
    issuing_state=st.sampled_from(("JOR", "DEU", "RKS", "XXB")),
    surname=st.one_of(st.none(), PARTS),
    given_names=PARTS,
    number=NUMBERS,
    nationality=st.sampled_from(("RUS", "PSE", "XXA", "GBO")),
    birth_date=zone_dates(1930, 2025),
    sex=st.sampled_from(("f", "m", "x")),
    expiry_date=zone_dates(1990, 2060),
)


def written(content: ZoneContent, format: WrittenFormat) -> tuple[str, ...]:
    """The lines of a zone that can be written."""
    zone = write(content, format)
    assert isinstance(zone, WrittenZone), str(zone)
    return zone.lines


@pytest.mark.parametrize("format", FORMATS)
@given(content=CONTENTS)
@settings(max_examples=60, deadline=None)
def test_written_is_read(format: WrittenFormat, content: ZoneContent) -> None:
    """Every zone written fits, and reads as what was written; a number too long for its format is refused."""
    visa = format.startswith("MRV")
    if visa != (content.document_type == "V"):
        content = ZoneContent(
            **{name: getattr(content, name) for name in content.__slots__} | {"document_type": "V" if visa else "P"}
        )
    zone = write(content, format)
    if isinstance(zone, Refusal):
        assert zone.code == "zone_too_wide" and len(content.number) > 9
        return
    if format not in ("TD1", "TD2"):
        assert len(content.number) <= 9
    found = read("\n".join(zone.lines), TODAY)
    assert isinstance(found, Reading)
    assert found.format == format
    assert found.fits, found.problems
    values = {field.name: field.value for field in found.fields}
    assert values["number"] == content.number
    assert (values["document_type"], values["sex"]) == (content.document_type, content.sex)
    assert (values["issuing_state"], values["nationality"]) == (
        content.issuing_state,
        "GBR" if content.nationality == "GBO" else content.nationality,
    )
    assert str(values["birth_date"]) == str(content.birth_date)
    assert str(values["expiry_date"]) == str(content.expiry_date)
    if not zone.cut:
        assert (values["surname"], values["given_names"]) == (content.surname, content.given_names)


def test_cut_names_are_seen_as_cut() -> None:
    """A name that does not fit ends in a letter at the last place and is read as perhaps cut off."""
    content = ZoneContent(
        document_type="P",
        issuing_state="JOR",
        surname="ALMUHANDISALMISRIALKABEER",
        given_names="MOHAMMED ABDULRAHMAN IBRAHIM",
        number="A1",
        nationality="JOR",
        birth_date=ZoneDate(year=1990, month=1, day=1),
        sex="m",
        expiry_date=ZoneDate(year=2030, month=1, day=1),
    )
    for format in ("TD1", "TD2", "TD3"):
        zone = write(content, format)
        assert isinstance(zone, WrittenZone) and zone.cut
        found = read("\n".join(zone.lines), TODAY)
        assert isinstance(found, Reading)
        assert "zone_name_cut" in {problem.refusal.code for problem in found.problems}


@given(
    content=CONTENTS.filter(lambda content: len(content.number) <= 9),
    format=st.sampled_from(("TD1", "TD2", "TD3")),
    place=st.integers(0, 10_000),
    other=st.sampled_from(ALPHABET),
)
@settings(max_examples=400, deadline=None)
def test_one_wrong_character_is_noticed(content: ZoneContent, format: WrittenFormat, place: int, other: str) -> None:
    """In a field with a check digit one wrong character is noticed, unless its value is equal modulo 10; in the place
    of a check digit every other one is, but for the `<` that may stand for the 0 of an empty field."""
    lines = written(content, format)
    layout = LAYOUTS[format]
    places = [
        (span.line, column) for check in layout.checks for span in check.over for column in range(span.start, span.stop)
    ]
    line, column = places[place % len(places)]
    old = lines[line][column]
    changed = lines[line][:column] + other + lines[line][column + 1 :]
    wrong = wrong_digits([changed if index == line else text for index, text in enumerate(lines)], format)
    number_goes_on = (line, column) == (layout.checks[0].at.line, layout.checks[0].at.start) and other == "<"
    if number_goes_on:
        return
    own = next((check for check in layout.checks if (check.at.line, check.at.start) == (line, column)), None)
    if own is None:
        unseen = same_digit(old, other)
    else:
        empty = not "".join(lines[span.line][span.start : span.stop] for span in own.over).strip("<")
        unseen = old == other or (own.may_be_filler and empty and {old, other} == {"0", "<"})
    assert bool(wrong) is not unseen


def test_classes_that_no_digit_can_see() -> None:
    """Modulus 10 cannot tell apart exactly the characters whose values differ by a multiple of ten."""
    classes = {frozenset(other for other in ALPHABET if same_digit(one, other)) for one in ALPHABET}
    assert {"".join(sorted(each)) for each in classes} == {
        "0<AKU",
        "1BLV",
        "2CMW",
        "3DNX",
        "4EOY",
        "5FPZ",
        "6GQ",
        "7HR",
        "8IS",
        "9JT",
    }
    for one in ALPHABET:
        for other in ALPHABET:
            seen = any(digit_of(f"{one:<>{n}}") != digit_of(f"{other:<>{n}}") for n in (1, 2, 3))
            assert seen is not same_digit(one, other)


@given(st.text(max_size=300))
def test_no_text_does_harm(text: str) -> None:
    """Whatever is typed, reading answers a reading or a refusal."""
    assert isinstance(read(text, TODAY), Reading | Refusal)
    assert sum(len(block.text) for block in blocks_of(text)) <= len(text)


@given(
    st.sampled_from(((2, 44), (2, 36), (3, 30))).flatmap(
        lambda shape: st.lists(
            st.text(st.one_of(st.sampled_from(ALPHABET + "<<<<<<  abй"), st.characters()), max_size=shape[1] + 2).map(
                lambda text: text.ljust(shape[1], "<")
            ),
            min_size=shape[0],
            max_size=shape[0],
        )
    )
)
@settings(max_examples=300, deadline=None)
def test_zone_like_text_does_no_harm(lines: list[str]) -> None:
    """Anything of about a zone's shape is read, its repairs and blind spots are bounded, its problems lie in it."""
    found = read("\n".join(lines), TODAY)
    if isinstance(found, Refusal):
        return
    assert len(repairs(found, TODAY)) <= 40
    assert len(blind_spots(found)) <= 300
    for problem in found.problems:
        assert 1 <= problem.line <= len(found.lines)
        assert 1 <= problem.column <= 46
