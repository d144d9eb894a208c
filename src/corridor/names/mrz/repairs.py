"""Which one confusion of a scanner would make a zone's check digits fit? Offered to a person, never taken by itself.

Modulus 10 cannot see every confusion: characters whose values are equal modulo 10 have the same check digit. Of the
usual confusions these are `<` and K, 1 and L, and 6 and G (`UNSEEN`); `blind_spots` says where a zone has one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from corridor.names.mrz.checking import ALPHABET, wrong_digits
from corridor.names.mrz.dates import read_date
from corridor.names.mrz.layouts import LAYOUTS, Alphabet, Area, FieldName, Layout, Span
from corridor.names.mrz.model import Reading
from corridor.names.mrz.reading import read

CONFUSED = ("<KSGXC", "0OQD", "1IL", "5S", "8B", "2Z", "6G", "4A", "7T")
"""Groups of characters that scanners take for one another; `<` is taken for the letters beside it, not these for one
another."""

_ALTERNATIVES: dict[str, str] = {}
for _group in CONFUSED:
    if _group[0] == "<":
        _pairs = [("<", letter) for letter in _group[1:]]
    else:
        _pairs = [(one, other) for one in _group for other in _group if one < other]
    for _one, _other in _pairs:
        _ALTERNATIVES[_one] = _ALTERNATIVES.get(_one, "") + _other
        _ALTERNATIVES[_other] = _ALTERNATIVES.get(_other, "") + _one


def value_of(character: str) -> int:
    """The value of a character in a check digit (ICAO Doc 9303 part 3, 4.9)."""
    return 0 if character == "<" else ALPHABET.index(character)


def same_digit(one: str, other: str) -> bool:
    """Whether no check digit can tell the two characters apart: their values are equal modulo 10."""
    return (value_of(one) - value_of(other)) % 10 == 0


UNSEEN = frozenset(
    frozenset((one, other)) for one, others in _ALTERNATIVES.items() for other in others if same_digit(one, other)
)
"""The usual confusions that no check digit can see."""

REPAIRS_MAX = 40
"""Repairs offered for one zone: more is no help to a person, who should read the document again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One character of a zone that may have been misread; `line` and `column` count from 1."""

    line: int
    column: int
    read: str
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a field may be. `changes`: one confusion, or all letters in a field of digits and the reverse.

    `text` is the field with them. `settles`: with it every check digit of the zone fits. A repair is an offer: nothing
    here changes a reading, a person types what stands on the document (`Reading.type`).
    """

    field: FieldName
    changes: tuple[Change, ...]
    text: str
    settles: bool


def repairs(reading: Reading, reference: date) -> tuple[Repair, ...]:
    """The repairs of one confusion for each field at fault, those that settle the whole zone first; at most 40.

    Where the zone's lines have wrong widths, the number of `<` in one run is mended instead.
    """
    if reading.format is None or not reading.wrong:
        return ()
    layout = LAYOUTS[reading.format]
    if any(len(line) != layout.width for line in reading.lines):
        return _widths(reading, layout, reference)
    found: dict[tuple[Change, ...], Repair] = {}
    for name in reading.wrong:
        for repair in _of_field(reading, layout, name, reference):
            found.setdefault(repair.changes, repair)
    order = sorted(found.values(), key=lambda repair: (not repair.settles, len(repair.changes)))
    return tuple(order[:REPAIRS_MAX])


def _of_field(reading: Reading, layout: Layout, name: FieldName, reference: date) -> Iterator[Repair]:
    spans = list(_spans(layout, name))
    wrong_before = set(wrong_digits(reading.lines, layout.format) or ())
    unclean = _misfits(reading.lines, spans)
    for changes in _changes(reading.lines, spans, unclean):
        lines = _changed(reading.lines, changes)
        digits = wrong_digits(lines, layout.format)
        if digits is not None and name in digits:
            continue
        if digits is None and _still_wrong(lines, layout, name):
            continue
        if not _is_date(layout, name, lines, reference):
            continue
        own = wrong_before | {name, "composite"}
        if digits is not None and not set(digits) <= own:
            continue
        if digits is not None and "composite" in digits and not set(reading.wrong) - {name, "composite"}:
            continue  # nothing else is at fault, so the digit over all fields must fit as well
        text = "".join(lines[span.line][span.start : span.stop] for span, _ in spans[:1])
        yield Repair(
            field=name, changes=changes, text=text.rstrip("<"), settles=digits == () and read_fits(lines, reference)
        )


def read_fits(lines: tuple[str, ...], reference: date) -> bool:
    """Whether a zone of these lines contradicts itself nowhere."""
    again = read("\n".join(lines), reference)
    return isinstance(again, Reading) and again.fits


def _still_wrong(lines: tuple[str, ...], layout: Layout, name: FieldName) -> bool:
    """The same for a zone in which other fields hold characters that no zone has: these are taken as `<`."""
    clean = tuple("".join(char if char in ALPHABET else "<" for char in line) for line in lines)
    return name in (wrong_digits(clean, layout.format) or ())


def _spans(layout: Layout, name: FieldName) -> Iterator[tuple[Span, Alphabet]]:
    """The characters that can be at fault when a field is, with what may stand there: the field, then its digit."""
    area = layout.area("surname" if name == "given_names" and layout.area(name) is None else name)
    if area is not None:
        yield area.span, area.alphabet
    for check in layout.checks:
        if check.name != name:
            continue
        yield check.at, "digits"
        if check.overflows:
            optional = layout.area("optional")
            assert optional is not None, "a number can only go on in optional data"
            yield optional.span, "any"
        if name == "composite":
            own = {other.name for other in layout.checks}
            for bare in layout.areas:
                if bare.name not in own and any(_inside(bare, span) for span in check.over):
                    yield bare.span, bare.alphabet


def _inside(area: Area, span: Span) -> bool:
    return area.span.line == span.line and span.start <= area.span.start and area.span.stop <= span.stop


def _fits(character: str, alphabet: Alphabet) -> bool:
    if alphabet == "any" or character == "<":
        return True
    return character.isdigit() if alphabet == "digits" else character.isalpha()


def _misfits(lines: tuple[str, ...], spans: list[tuple[Span, Alphabet]]) -> list[tuple[int, int, str, Alphabet]]:
    """Letters among digits and digits among letters."""
    return [
        (span.line, column, character, alphabet)
        for span, alphabet in spans
        for column, character in enumerate(lines[span.line][span.start : span.stop], start=span.start)
        if not _fits(character, alphabet)
    ]


def _changes(
    lines: tuple[str, ...], spans: list[tuple[Span, Alphabet]], misfits: list[tuple[int, int, str, Alphabet]]
) -> Iterator[tuple[Change, ...]]:
    """Every set of changes to try: one confusion; where characters do not fit the field, all of those at once."""
    if misfits:
        fitting = [
            [other for other in _ALTERNATIVES.get(character, "") if other != "<" and _fits(other, alphabet)]
            for _, _, character, alphabet in misfits
        ]
        if all(fitting):
            yield tuple(
                Change(line=line + 1, column=column + 1, read=character, instead=others[0])
                for (line, column, character, _), others in zip(misfits, fitting, strict=True)
            )
        if len(misfits) > 1:
            return
    for span, alphabet in spans:
        for column in range(span.start, span.stop):
            character = lines[span.line][column]
            if misfits and (span.line, column) != misfits[0][:2]:
                continue
            for other in _ALTERNATIVES.get(character, ""):
                if _fits(other, alphabet):
                    yield (Change(line=span.line + 1, column=column + 1, read=character, instead=other),)


def _changed(lines: tuple[str, ...], changes: tuple[Change, ...]) -> tuple[str, ...]:
    made = list(lines)
    for change in changes:
        line = made[change.line - 1]
        made[change.line - 1] = line[: change.column - 1] + change.instead + line[change.column :]
    return tuple(made)


def _is_date(layout: Layout, name: FieldName, lines: tuple[str, ...], reference: date) -> bool:
    area = layout.area(name)
    if area is None or name not in ("birth_date", "expiry_date"):
        return True
    text = lines[area.span.line][area.span.start : area.span.stop]
    return read_date(text, "birth" if name == "birth_date" else "expiry", reference) is not None


def _widths(reading: Reading, layout: Layout, reference: date) -> tuple[Repair, ...]:
    """One line of a wrong width mended by more or fewer `<` in one of its runs, where then all digits fit."""
    off = [index for index, line in enumerate(reading.lines) if len(line) != layout.width]
    if len(off) != 1:
        return ()
    index = off[0]
    line = reading.lines[index]
    missing = layout.width - len(line)
    found = []
    names = layout.area("surname")
    at_end = missing > 0 and names is not None and names.span.line == index  # what people who type leave out
    for column in range(len(line) if at_end else 0, len(line) + 1):
        if missing > 0:
            inside = column < len(line)
            if inside and (column == 0 or line[column] == "<" or line[column - 1] != "<"):
                continue  # each run is tried once, at its end; a `<` lost inside a word is no run
            mended = line[:column] + "<" * missing + line[column:]
        else:
            if (
                line[column : column - missing] != "<" * -missing
                or line[column - missing : column - missing + 1] == "<"
            ):
                continue
            mended = line[:column] + line[column - missing :]
        lines = (*reading.lines[:index], mended, *reading.lines[index + 1 :])
        if wrong_digits(lines, layout.format) == () and read_fits(lines, reference):
            change = Change(line=index + 1, column=column + 1, read="", instead="<" * missing)
            if missing < 0:
                change = replace(change, read="<" * -missing, instead="")
            found.append(Repair(field="zone", changes=(change,), text=mended, settles=True))
    return tuple(found[:REPAIRS_MAX])


def blind_spots(reading: Reading) -> tuple[Change, ...]:
    """Where a usual confusion would go unnoticed by every check digit: a person must look at these characters.

    Only fields that may hold letters and digits alike have such places; elsewhere the alphabet tells.
    """
    if reading.format is None:
        return ()
    layout = LAYOUTS[reading.format]
    found = []
    for area in layout.areas:
        if area.alphabet != "any" or not any(_covered(area, span) for check in layout.checks for span in check.over):
            continue
        line = reading.lines[area.span.line]
        filled = len(line[area.span.start : area.span.stop].rstrip("<"))
        for column in range(area.span.start, min(area.span.start + filled, len(line))):
            character = line[column]
            for other in _ALTERNATIVES.get(character, ""):
                if frozenset((character, other)) in UNSEEN:
                    found.append(Change(line=area.span.line + 1, column=column + 1, read=character, instead=other))
    return tuple(found)


def _covered(area: Area, span: Span) -> bool:
    return area.span.line == span.line and area.span.start < span.stop and span.start < area.span.stop
