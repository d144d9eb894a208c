"""How is a zone written for a person? Every format of ICAO, with names of any script and check digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridor.base.refusal import Refusal, RefusalKind
from corridor.names.mrz.checking import ALPHABET, digit_of
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.layouts import LAYOUTS, FieldName, Layout, Span
from corridor.names.mrz.problems import FIELD_WORDS
from corridor.names.mrz.spelling import Language, spelled
from corridor.names.mrz.states import state_of

WrittenFormat = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]

NOT_WRITABLE = RefusalKind(
    "zone_not_writable", "{field} {text!r} has characters that no zone has: {characters}.", "Write it with {allowed}."
)
TOO_WIDE = RefusalKind(
    "zone_too_wide",
    "{field} {text!r} has {found} characters; {format} has room for {width}.",
    "Shorten it, or choose a format with more room.",
)
NAME_EMPTY = RefusalKind(
    "zone_name_not_written",
    "Nothing of the name can be written in a zone.",
    "Give the name in Latin, Cyrillic or Arabic.",
)
NO_STATE = RefusalKind(
    "zone_no_state", "{text!r} is no code of a state that ICAO or ISO lists.", "Use an alpha-3 code, such as JOR."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneContent:
    """What a zone is to say. Names as typed, in any of the scripts `spelling` knows; None: there is none.

    `sex` is `f`, `m` or `x`. `number` may be longer than nine characters in TD1 and TD2.
    """

    document_type: str
    issuing_state: str
    surname: str | None
    given_names: str | None
    number: str
    nationality: str
    birth_date: ZoneDate
    sex: Literal["f", "m", "x"]
    expiry_date: ZoneDate
    optional: str = ""
    optional_2: str = ""
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class WrittenZone:
    """The lines of a zone. `cut`: the name did not fit and was cut. `left_out`: letters that could not be spelled."""

    lines: tuple[str, ...]
    cut: bool
    left_out: str


def write(content: ZoneContent, format: WrittenFormat) -> WrittenZone | Refusal:
    """The zone of `format` for `content`; a refusal names the field that cannot be written."""
    layout = LAYOUTS[format]
    texts = _texts(content, layout)
    if isinstance(texts, Refusal):
        return texts
    area = layout.area("surname")
    assert area is not None, "every format has an area for names"
    surname, given = (
        spelled(content.surname or "", content.language),
        spelled(content.given_names or "", content.language),
    )
    names, cut = _names(surname.text, given.text, area.span.stop - area.span.start)
    if not names.strip("<"):
        return NAME_EMPTY()
    lines = [["<"] * layout.width for _ in range(layout.lines)]

    def put(span: Span, text: str) -> None:
        lines[span.line][span.start : span.start + len(text)] = text

    def read(span: Span) -> str:
        return "".join(lines[span.line][span.start : span.stop])

    put(area.span, names)
    for name, text in texts.items():
        place = layout.area(name)
        if place is None:
            if text.strip("<"):
                return TOO_WIDE(field=FIELD_WORDS[name], text=text, found=len(text), format=format, width=0)
            continue
        width = place.span.stop - place.span.start
        if len(text) > width:
            return TOO_WIDE(field=FIELD_WORDS[name], text=text, found=len(text), format=format, width=width)
        put(place.span, text)
    for check in layout.checks:
        if check.overflows and len(_bare(content.number)) > width_of_number(layout):
            continue  # `<` stands for the digit, which `_texts` has put after the number's end
        put(check.at, digit_of("".join(read(span) for span in check.over)))
    left_out = "".join(dict.fromkeys(surname.left_out + given.left_out))
    return WrittenZone(tuple("".join(line) for line in lines), cut, left_out)


def width_of_number(layout: Layout) -> int:
    """Characters of the area of the document number."""
    area = layout.area("number")
    assert area is not None, "every format has a document number"
    return area.span.stop - area.span.start


def _bare(text: str) -> str:
    """Capitals without the blanks, hyphens and points that numbers are written with."""
    return "".join(char for char in text.upper() if char not in " -./\u00a0")


def _texts(content: ZoneContent, layout: Layout) -> dict[FieldName, str] | Refusal:
    """The characters of every field but the names, or why one cannot be written."""
    texts: dict[FieldName, str] = {
        "document_type": content.document_type.upper(),
        "number": _bare(content.number),
        "optional": content.optional.upper().replace(" ", "<"),
        "optional_2": content.optional_2.upper().replace(" ", "<"),
    }
    for name, text in texts.items():
        strange = sorted(set(text) - set(ALPHABET))
        if strange or (name in ("document_type", "number") and not text.strip("<")):
            return NOT_WRITABLE(
                field=FIELD_WORDS[name],
                text=text,
                characters=" ".join(strange) or "none at all",
                allowed="letters A to Z and digits",
            )
    states: dict[FieldName, str] = {"issuing_state": content.issuing_state, "nationality": content.nationality}
    for name, code in states.items():
        bare = code.upper().strip().rstrip("<")
        if not state_of(bare).known:
            return NO_STATE(text=code)
        texts[name] = "D" if bare == "DEU" else bare
    texts["birth_date"], texts["expiry_date"] = _six(content.birth_date), _six(content.expiry_date)
    texts["sex"] = {"f": "F", "m": "M", "x": "<"}[content.sex]
    width = width_of_number(layout)
    number = texts["number"]
    if len(number) > width and any(check.overflows for check in layout.checks):
        if "<" in number[width:]:
            return NOT_WRITABLE(
                field=FIELD_WORDS["number"], text=number, characters="<", allowed="letters A to Z and digits"
            )
        texts["number"] = number[:width]
        rest = number[width:] + digit_of(number)
        texts["optional"] = rest + ("<" + texts["optional"] if texts["optional"] else "<")
    return texts


def _six(when: ZoneDate) -> str:
    """YYMMDD, with `<<` for what is not known."""
    year = "<<" if when.year is None else f"{when.year % 100:02}"
    month = "<<" if when.month is None else f"{when.month:02}"
    return year + month + ("<<" if when.day is None else f"{when.day:02}")


def _names(surname: str, given: str, width: int) -> tuple[str, bool]:
    """Surname, `<<`, given names in `width` characters, and whether they had to be cut off.

    Cut names end in a letter at the very last place, which is how a reader sees it (ICAO Doc 9303 part 4, 4.2.3); of a
    long surname enough goes that one letter of the given names is left.
    """
    whole = f"{surname}<<{given}" if given else surname
    if len(whole) <= width:
        return whole, False
    if given and len(surname) > width - 3:
        surname = surname[: width - 3].rstrip("<")
    whole = f"{surname}<<{given}" if given else surname
    cut = whole[:width]
    if cut.endswith("<"):
        last = len(cut.rstrip("<")) - 1
        if last > 0 and whole[last - 1] != "<":  # one letter less before the gap, so that a letter stands last
            cut = (whole[:last] + whole[last + 1 :])[:width]
    return cut, True
