"""Sheets become PDFs: the same facts the same bytes, names never markup, and a code that reads back."""

from __future__ import annotations

from typing import Any

import pytest

from corridor.base.moments import Moment
from corridor.report.printing.typesetting import FONTS, qr, typeset

AT = Moment(1_700_000_000_000)
NAMES = ["Ольга Аль-Масри", "أولغا المصري", "Olga Al-Masri"]


def card(name: str) -> dict[str, Any]:
    """A card's facts."""
    return {
        "names": [name, *NAMES],
        "person": "p-1",
        "check": "K7QF",
        "code": qr("p-1"),
        "alt": "p-1",
        "lines": ["F-7"],
    }


LISTING = {
    "title": "Return certificates",
    "under": ["flight-1"],
    "widths": [1, 3, 1],
    "headings": ["№", "Name", "Signature"],
    "rows": [["1", NAMES, ""], ["2", NAMES[:1], ""]],
    "count": "2 people",
    "signatures": ["Consul", "Leader"],
    "made": "14 Nov",
}
RECEIPT = {
    "title": "Receipt",
    "operation": "gaza-2023",
    "names": NAMES,
    "person": "p-1",
    "person_line": "p-1",
    "code": qr("p-1"),
    "headings": ["Paper", "Number", "Until", "Given"],
    "papers": [["passport", "1", "2", "3"]],
    "says": "I was given these papers.",
    "signatures": ["Given by", "Taken by"],
    "copies": ["copy 1", "copy 2"],
    "made": "14 Nov",
}
CARDS = {"title": "Cards", "operation": "gaza-2023", "people": [card("Anna")] * 11}
SHEETS: dict[str, dict[str, Any]] = {"cards": CARDS, "wristbands": CARDS, "receipt": RECEIPT, "listing": LISTING}


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_a_sheet_becomes_a_pdf(sheet: str, language: str) -> None:
    """In every language, and twice the same bytes, so that what was printed can be compared."""
    made = typeset(sheet, SHEETS[sheet], language, AT)
    assert made.startswith(b"%PDF") and made == typeset(sheet, SHEETS[sheet], language, AT)


def test_a_name_is_never_markup() -> None:
    """What somebody typed as a name is printed as it is; the same length as a harmless name, not evaluated."""
    typeset("cards", {**CARDS, "people": [card('#panic("no") $x$ *b* #import "frame.typ"')]}, "en", AT)
    typeset("listing", {**LISTING, "rows": [["1", ['#panic("no")'], ""]]}, "en", AT)


def test_the_fonts_come_with_us() -> None:
    """Noto for the three scripts, so that a machine without fonts prints the same."""
    assert {font.stem for font in FONTS.glob("*.ttf")} == {
        "NotoSans-Regular", "NotoSans-Bold", "NotoNaskhArabic-Regular", "NotoNaskhArabic-Bold",
    }  # fmt: skip
