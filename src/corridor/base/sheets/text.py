"""How is text from a stranger's table made comparable, without changing what a name says?"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache, lru_cache
from typing import Literal

Script = Literal["Latin", "Cyrillic", "Arabic", "Hebrew", "other"]

UNREADABLE = "\ufffd"
"""Stands where a character of the file could not be read."""

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_NOT_A_WORD = re.compile(r"[^\w]+|_+")
_SCRIPTS: tuple[Script, ...] = ("Latin", "Cyrillic", "Arabic", "Hebrew")
_FOLDED = str.maketrans({"ё": "е", "ى": "ي", "ة": "ه", "ـ": "", "ی": "ي", "ک": "ك", "і": "и"})


def _at_edge(char: str) -> bool:
    """Whether a character means nothing at the edge of a cell: space, bidi mark, zero width, byte order mark."""
    return char.isspace() or unicodedata.category(char) == "Cf" or char == "\u3164"


def trimmed(text: str) -> str:
    """The text without spaces, bidi marks and zero-width characters at its edges; the inside is untouched."""
    start, end = 0, len(text)
    while start < end and _at_edge(text[start]):
        start += 1
    while end > start and _at_edge(text[end - 1]):
        end -= 1
    return text[start:end]


def cleaned(text: str) -> str:
    """The text as kept: NFC, trimmed, control characters (NUL too) gone, lone surrogates as U+FFFD."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _UNWANTED.sub("", _SURROGATES.sub(UNREADABLE, text))
    return trimmed(unicodedata.normalize("NFC", text))


@cache
def _digits() -> dict[int, str]:
    """Every decimal digit beyond ASCII with the ASCII one it stands for."""
    codes = range(0x80, sys.maxunicode + 1)
    return {code: str(unicodedata.decimal(chr(code))) for code in codes if unicodedata.category(chr(code)) == "Nd"}


def ascii_digits(text: str) -> str:
    """The text with decimal digits of any script (Arabic-Indic, Persian, full width) as 0 to 9."""
    return text if text.isascii() else text.translate(_digits())


def one_line(text: str) -> str:
    """The text with every run of spaces and line breaks as one space."""
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """The text for comparing only: case, accents, punctuation, alef forms and invisible characters folded away."""
    text = _SURROGATES.sub("", text).replace("#", " no ")
    kept: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFKD", text):
        category = unicodedata.category(char)
        if category == "Cf":
            continue
        if category in ("Mn", "Me") and script_of(base) != "Cyrillic":
            continue
        if not category.startswith("M"):
            base = char
        kept.append(char)
    folded = unicodedata.normalize("NFC", "".join(kept)).casefold().translate(_FOLDED)
    return _NOT_A_WORD.sub(" ", ascii_digits(folded)).strip()


@lru_cache(maxsize=4_096)
def _letter_script(char: str) -> Script:
    name = unicodedata.name(char, "")
    for script in _SCRIPTS:
        if name.startswith(script.upper()):
            return script
    return "other"


def script_of(text: str) -> Script:
    """The script most letters of the text are written in; `other` when it has no letters or they are of none here."""
    counts: dict[Script, int] = {}
    for char in text:
        if char.isalpha():
            script = _letter_script(char)
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script]) if counts else "other"
