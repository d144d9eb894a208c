"""What an address asks for in numbers: whatever stands there, a page has an answer."""

from __future__ import annotations

DIGITS_MAX = 7


def number_in(text: str) -> int | None:
    """The whole number that a text is, in plain digits and no more of them than any page needs; None: it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else None


def page_in(text: str, most: int) -> int:
    """The number of a page, within those there are; the first where the text is no number."""
    number = number_in(text)
    return 1 if number is None else min(max(number, 1), most)
