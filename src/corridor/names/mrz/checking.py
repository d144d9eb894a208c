"""Which check digits of a zone do not fit? The quick way: digits only, 100,000 zones in a second of a processor.

The digit of ICAO Doc 9303 part 3, section 4.9: values 0 to 9, A to Z as 10 to 35, `<` as 0, times 7, 3, 1, 7, 3, 1...,
summed, modulo 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor.names.mrz.layouts import LAYOUTS, Check, FieldName, Format, Layout, Span, layout_of

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
_NO_VALUE = 255
_VALUES = bytes(
    0 if code == ord("<") else ALPHABET.index(chr(code)) if chr(code) in ALPHABET else _NO_VALUE for code in range(256)
)


def digit_of(text: str) -> str:
    """The check digit of a text of A to Z, 0 to 9 and `<`. Raises ValueError for any other character."""
    values = text.encode("ascii", "replace").translate(_VALUES)
    if _NO_VALUE in values:
        raise ValueError(f"{text!r} has characters that no zone has; only A to Z, 0 to 9 and < have a check digit")
    return chr(48 + _digit(values))


def _digit(values: bytes) -> int:
    return (7 * sum(values[::3]) + 3 * sum(values[1::3]) + sum(values[2::3])) % 10


@dataclass(frozen=True, slots=True)
class _Plan:
    """A check with its places counted through all lines joined."""

    name: FieldName
    parts: tuple[slice, ...]
    at: int
    may_be_filler: bool
    overflow: slice | None


def _plan(layout: Layout, check: Check) -> _Plan:
    def joined(span: Span) -> slice:
        return slice(span.line * layout.width + span.start, span.line * layout.width + span.stop)

    optional = layout.area("optional")
    overflow = joined(optional.span) if check.overflows and optional is not None else None
    parts = tuple(joined(span) for span in check.over)
    return _Plan(check.name, parts, joined(check.at).start, check.may_be_filler, overflow)


_PLANS = {format: tuple(_plan(layout, check) for check in layout.checks) for format, layout in LAYOUTS.items()}


def wrong_digits(lines: Sequence[str], format: Format | None = None) -> tuple[FieldName, ...] | None:
    """The fields whose check digit does not fit, `()` when all do.

    `lines` must be clean (capitals, no blanks). None: the lines are of no format, or hold a character that no zone has.
    """
    if format is None:
        layout = layout_of(tuple(lines))
        if layout is None:
            return None
        format = layout.format
    text = "".join(lines)
    values = text.encode("ascii", "replace").translate(_VALUES)
    if _NO_VALUE in values:
        return None
    wrong: tuple[FieldName, ...] = ()
    for plan in _PLANS[format]:
        parts = plan.parts
        over = values[parts[0]] if len(parts) == 1 else b"".join([values[part] for part in parts])
        digit = (7 * sum(over[::3]) + 3 * sum(over[1::3]) + sum(over[2::3])) % 10
        at = plan.at
        if text[at] == "<":
            if plan.overflow is not None:
                number = long_number(text[parts[0]], text[plan.overflow])
                fits = number is not None and number.fits
            else:
                fits = plan.may_be_filler and not text[parts[0]].strip("<")
        else:
            fits = values[at] == digit
        if not fits:
            wrong += (plan.name,)
    return wrong


@dataclass(frozen=True, slots=True)
class LongNumber:
    """A document number that goes on in the optional data.

    `standard`: the digit fits the number as ICAO has it; `over_filler`: it fits with the `<` in between reckoned as a
    character, as Belgium does. `rest` are the characters of the optional data that it takes, the digit included.
    """

    number: str
    digit: str
    rest: int
    standard: bool
    over_filler: bool

    @property
    def fits(self) -> bool:
        """Whether the digit fits in either way."""
        return self.standard or self.over_filler


def long_number(first: str, optional: str) -> LongNumber | None:
    """The number that begins with the nine characters `first` (ICAO Doc 9303 part 5, 4.2.2, and part 6, 4.2.2).

    None: it does not go on: the first nine end in `<`, or the optional data does not begin with a rest and a digit.
    """
    rest = optional.partition("<")[0]
    if first.endswith("<") or len(rest) < 2 or not rest[-1].isdigit():
        return None
    number, digit = first + rest[:-1], rest[-1]
    return LongNumber(number, digit, len(rest), digit_of(number) == digit, digit_of(f"{first}<{rest[:-1]}") == digit)
