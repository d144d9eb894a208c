"""What lines of a zone did somebody type or a scanner read? Blanks, small letters and look-alikes made one alphabet."""

from __future__ import annotations

from dataclasses import dataclass

ZONE_CHARS_MAX = 1_000
"""Characters of one zone as typed: an honest one has 90, with blanks and line ends under 200."""

_LIKE_FILLER = "‹〈＜˂⟨❮"
_INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u061c\u00ad\ufeff"
)
_LOOK_ALIKE = dict(zip("АВЕКМНОРСТУХІЈЅавекмнорстухіјѕ", "ABEKMHOPCTYXIJSABEKMHOPCTYXIJS", strict=True))
_LOOK_ALIKE |= dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
_DIGITS = {chr(start + n): str(n) for start in (0x660, 0x6F0, 0xFF10) for n in range(10)}
_LETTERS = {chr(code): chr(code).upper() for code in range(ord("a"), ord("z") + 1)}
_WIDE = {chr(0xFEE0 + code): chr(code).upper() for code in (*range(65, 91), *range(97, 123))}

_CLEANED = str.maketrans(
    _LETTERS
    | _WIDE
    | _DIGITS
    | _LOOK_ALIKE
    | dict.fromkeys(_LIKE_FILLER, "<")
    | {"«": "<<", "《": "<<", "≪": "<<"}
    | dict.fromkeys(_INVISIBLE, "")
)
_SPACES = " \t\u00a0\u2002\u2003\u2009\u202f\u3000"
_BLANKS = str.maketrans(dict.fromkeys(_SPACES, ""))
_FILLED = str.maketrans(dict.fromkeys(_SPACES, "<"))
_WIDTHS = (30, 36, 44)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line in the zone's alphabet as far as it goes; characters that no zone has are left standing.

    `number` counts the lines of the text from 1, empty ones too. `filled`: blanks were read as `<`, because only so the
    line has the width of a format. `look_alikes`: letters of another alphabet that were read as Latin ones.
    """

    text: str
    number: int
    filled: bool
    look_alikes: str


def typed_lines(text: str) -> tuple[TypedLine, ...]:
    """The lines that hold anything. Columns are counted without blanks, as one counts them on the document."""
    found = []
    for number, raw in enumerate(text.splitlines(), start=1):
        clean = raw.upper() if raw.isascii() else raw.translate(_CLEANED)
        without = clean.translate(_BLANKS)
        if not without:
            continue
        look_alikes = "" if raw.isascii() else "".join(char for char in raw if char in _LOOK_ALIKE)
        kept = clean if len(clean) in _WIDTHS else clean.strip()
        filled = len(without) not in _WIDTHS and len(kept) in _WIDTHS
        found.append(TypedLine(kept.translate(_FILLED) if filled else without, number, filled, look_alikes))
    return tuple(found)


_WHOLE = {88: (2, 44), 72: (2, 36), 90: (3, 30)}


def split_whole(line: TypedLine) -> tuple[TypedLine, ...]:
    """A zone typed as one line, as its lines; the line itself when it is none."""
    lines, width = _WHOLE.get(len(line.text), (1, len(line.text)))
    if lines == 1:
        return (line,)
    parts = (line.text[start : start + width] for start in range(0, lines * width, width))
    return tuple(TypedLine(part, line.number, line.filled, line.look_alikes) for part in parts)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one zone as they stand in a text; `first_line` counts the text's lines from 1."""

    first_line: int
    text: str


def blocks_of(text: str) -> tuple[Block, ...]:
    """The zones of a text: blocks of lines with an empty line between them.

    A block of more lines than a zone has is cut where the lines of one zone end.
    """
    zones: list[Block] = []
    block: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            block.append(line)
            continue
        first = number - len(block)
        while block:
            count = _lines_of_first(block)
            zones.append(Block(first, "\n".join(block[:count])))
            block, first = block[count:], first + count
    return tuple(zones)


def _lines_of_first(block: list[str]) -> int:
    width = len("".join(block[0].split()))
    if width > 60 or block[0].lstrip().upper().startswith("D1FRA"):  # a whole zone in one line
        return 1
    if len(block) <= 3:
        return len(block)
    return 2 if width > 32 else 3
