"""Which characters of a zone are what: the formats of ICAO Doc 9303 parts 4 to 7, and two French ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B", "FRA-ID", "FRA-DL"]
FieldName = Literal[
    "document_type",
    "issuing_state",
    "surname",
    "given_names",
    "number",
    "nationality",
    "birth_date",
    "sex",
    "expiry_date",
    "optional",
    "optional_2",
    "issuing_office",
    "composite",
    "zone",
]
"""`composite` is the digit over several fields, `zone` the zone as a whole; all others are what a document says."""

Alphabet = Literal["letters", "digits", "any"]
"""What may stand in a field beside `<`: ICAO Doc 9303 part 3, section 4.3."""

FILLER = "<"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one line, both counted from 0, `stop` not included."""

    line: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Area:
    """Where a field stands. Both names stand in one area, `surname`, unless the format keeps `given_names` apart."""

    name: FieldName
    span: Span
    alphabet: Alphabet


@dataclass(frozen=True, slots=True)
class Check:
    """A check digit: over which characters, and where it stands.

    `may_be_filler`: `<` may stand for the digit 0 of an empty field. `overflows`: `<` instead of the digit says that
    the document number goes on in the optional data, with the digit after it.
    """

    name: FieldName
    over: tuple[Span, ...]
    at: Span
    may_be_filler: bool = False
    overflows: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One format: the width of its lines, its areas and its check digits."""

    format: Format
    lines: int
    width: int
    areas: tuple[Area, ...]
    checks: tuple[Check, ...]

    def area(self, name: FieldName) -> Area | None:
        """The area of a field; None: this format has no such field."""
        return next((area for area in self.areas if area.name == name), None)


def _two_lines(format: Format, width: int, optional: int, *checks: Check) -> Layout:
    """The formats of two lines; `optional` is where the optional data stops."""
    areas = (
        Area("document_type", Span(0, 0, 2), "letters"),
        Area("issuing_state", Span(0, 2, 5), "letters"),
        Area("surname", Span(0, 5, width), "letters"),
        Area("number", Span(1, 0, 9), "any"),
        Area("nationality", Span(1, 10, 13), "letters"),
        Area("birth_date", Span(1, 13, 19), "digits"),
        Area("sex", Span(1, 20, 21), "letters"),
        Area("expiry_date", Span(1, 21, 27), "digits"),
        Area("optional", Span(1, 28, optional), "any"),
    )
    return Layout(format, 2, width, areas, checks)


def _digit(name: FieldName, line: int, start: int, stop: int, *, overflows: bool = False) -> Check:
    """A digit that stands right after the one field it is over."""
    return Check(name, (Span(line, start, stop),), Span(line, stop, stop + 1), overflows=overflows)


_BIRTH = _digit("birth_date", 1, 13, 19)
_EXPIRY = Check("expiry_date", (Span(1, 21, 27),), Span(1, 27, 28), may_be_filler=True)
_NUMBER, _LONG_NUMBER = _digit("number", 1, 0, 9), _digit("number", 1, 0, 9, overflows=True)

TD3 = _two_lines(
    "TD3",
    44,
    42,
    _NUMBER,
    _BIRTH,
    _EXPIRY,
    Check("optional", (Span(1, 28, 42),), Span(1, 42, 43), may_be_filler=True),
    Check("composite", (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43)), Span(1, 43, 44)),
)
TD2 = _two_lines(
    "TD2",
    36,
    35,
    _LONG_NUMBER,
    _BIRTH,
    _EXPIRY,
    Check("composite", (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35)), Span(1, 35, 36)),
)
MRV_A = _two_lines("MRV-A", 44, 44, _NUMBER, _BIRTH, _EXPIRY)
MRV_B = _two_lines("MRV-B", 36, 36, _NUMBER, _BIRTH, _EXPIRY)
TD1 = Layout(
    "TD1",
    3,
    30,
    (
        Area("document_type", Span(0, 0, 2), "letters"),
        Area("issuing_state", Span(0, 2, 5), "letters"),
        Area("number", Span(0, 5, 14), "any"),
        Area("optional", Span(0, 15, 30), "any"),
        Area("birth_date", Span(1, 0, 6), "digits"),
        Area("sex", Span(1, 7, 8), "letters"),
        Area("expiry_date", Span(1, 8, 14), "digits"),
        Area("nationality", Span(1, 15, 18), "letters"),
        Area("optional_2", Span(1, 18, 29), "any"),
        Area("surname", Span(2, 0, 30), "letters"),
    ),
    (
        _digit("number", 0, 5, 14, overflows=True),
        _digit("birth_date", 1, 0, 6),
        Check("expiry_date", (Span(1, 8, 14),), Span(1, 14, 15), may_be_filler=True),
        Check("composite", (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)), Span(1, 29, 30)),
    ),
)

FRA_ID = Layout(
    "FRA-ID",
    2,
    36,
    (
        Area("document_type", Span(0, 0, 2), "letters"),
        Area("issuing_state", Span(0, 2, 5), "letters"),
        Area("surname", Span(0, 5, 30), "letters"),
        Area("issuing_office", Span(0, 30, 36), "any"),
        Area("number", Span(1, 0, 12), "any"),
        Area("given_names", Span(1, 13, 27), "letters"),
        Area("birth_date", Span(1, 27, 33), "digits"),
        Area("sex", Span(1, 34, 35), "letters"),
    ),
    (
        _digit("number", 1, 0, 12),
        _digit("birth_date", 1, 27, 33),
        Check("composite", (Span(0, 0, 36), Span(1, 0, 35)), Span(1, 35, 36)),
    ),
)
"""The French identity card of 1988 to 2021: not of ICAO's making. Its number begins with year and month of issue."""

FRA_DL = Layout(
    "FRA-DL",
    1,
    30,
    (
        Area("document_type", Span(0, 0, 2), "any"),
        Area("issuing_state", Span(0, 2, 5), "letters"),
        Area("number", Span(0, 5, 14), "any"),
        Area("expiry_date", Span(0, 15, 21), "digits"),
        Area("surname", Span(0, 21, 29), "letters"),
    ),
    (
        Check("number", (Span(0, 0, 14),), Span(0, 14, 15)),
        Check("composite", (Span(0, 0, 29),), Span(0, 29, 30)),
    ),
)
"""The French driving licence of 2013: one line, its first digit reckoned from the start of the line."""

LAYOUTS: dict[Format, Layout] = {layout.format: layout for layout in (TD1, TD2, TD3, MRV_A, MRV_B, FRA_ID, FRA_DL)}


def layout_of(lines: tuple[str, ...]) -> Layout | None:
    """The format that lines of exactly the right width are of; None: of none."""
    widths = {len(line) for line in lines}
    if len(widths) != 1:
        return None
    return _by_shape(len(lines), widths.pop(), lines[0])


def _by_shape(lines: int, width: int, first: str) -> Layout | None:
    visa = first[:1] == "V"
    if (lines, width) == (2, 44):
        return MRV_A if visa else TD3
    if (lines, width) == (2, 36):
        return MRV_B if visa else FRA_ID if first[:5] == "IDFRA" else TD2
    if (lines, width) == (3, 30):
        return TD1
    if (lines, width) == (1, 30) and first[:5] == "D1FRA":
        return FRA_DL
    return None


CHARACTERS_OFF_MAX = 6
"""Characters too many or too few that still let a format be guessed: more is another document, or half of one.

Fillers missing at the end of the name line are not counted: people who type leave them out."""


def nearest_layout(lines: tuple[str, ...]) -> Layout | None:
    """The format that lines of wrong widths were probably meant to be; None: of none that is near."""
    found: tuple[int, Layout] | None = None
    for count, width in ((2, 44), (2, 36), (3, 30), (1, 30)):
        if count != len(lines):
            continue
        layout = _by_shape(count, width, lines[0])
        named = {2: 0, 3: 2}.get(count)
        off = sum(
            max(0, len(line) - width) if index == named and len(line) > 5 else abs(len(line) - width)
            for index, line in enumerate(lines)
        )
        if layout is not None and off <= CHARACTERS_OFF_MAX and (found is None or off < found[0]):
            found = (off, layout)
    return None if found is None else found[1]
