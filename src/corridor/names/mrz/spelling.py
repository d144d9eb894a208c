"""How is a name of any script spelled in a zone's letters, and which names can a zone's spelling stand for?

The tables are ICAO Doc 9303 part 3, section 6, in `tables/spelling.json`, which the phone reads as well.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import Literal

Language = Literal["ru", "uk", "be", "bg", "sr", "mk"]
"""Languages in Cyrillic letters for which the table has exceptions, and Russian, which has none."""

Script = Literal["Latin", "Cyrillic", "Arabic"]

NAME_CHARS_MAX = 300
"""Characters of a name that are spelled: as many as a name in an imported table may have."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name in a zone's letters: A to Z, and `<` between its parts. `left_out`: characters the table does not know."""

    text: str
    left_out: str


@dataclass(frozen=True, slots=True)
class _Tables:
    letters: dict[str, str]
    last: dict[str, str]
    languages: dict[str, dict[str, dict[str, str]]]
    dropped: frozenset[str]
    filler: frozenset[str]
    doubles: str
    back: dict[str, dict[str, tuple[str, ...]]]
    russian_passport: dict[int, str]


@cache
def _tables() -> _Tables:
    table = json.loads(files("corridor.names.mrz").joinpath("tables/spelling.json").read_text(encoding="utf-8"))
    latin, cyrillic, arabic, marks = (table[name] for name in ("latin", "cyrillic", "arabic", "marks"))
    letters = {
        **latin["letters"],
        **cyrillic["beyond"],
        **cyrillic["letters"],
        **arabic["beyond"],
        **arabic["letters"],
    }
    back = {
        "Arabic": _turned({**arabic["letters"], **{letter: code for letter, code in arabic["last"].items()}}),
        "Cyrillic": _turned(cyrillic["letters"]),
    }
    for code, letter in ((code, letter) for letter, code in arabic["letters"].items()):
        back["Arabic"].setdefault(code, (letter,))
    dropped = frozenset(cyrillic["dropped"] + arabic["dropped"] + marks["dropped"])
    return _Tables(
        letters,
        arabic["last"],
        cyrillic["languages"],
        dropped,
        frozenset(marks["filler"]),
        arabic["doubles"],
        back,
        {ord(code): letter for letter, code in table["russian_passport"]["letters"].items()},
    )


def _turned(letters: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for letter, code in letters.items():
        found[code] = (*found.get(code, ()), letter)
    return found


def spelled(name: str, language: Language | None = None) -> Spelling:
    """A name in the zone's letters. `language` chooses a language's exceptions in Cyrillic; None: as for Russian.

    Apostrophes and points go, hyphens and blanks become `<` (ICAO Doc 9303 part 3, 4.6). A Latin letter the table does
    not have loses its marks; any other character it does not have is left out and named.
    """
    tables = _tables()
    exceptions = tables.languages.get(language or "", {"letters": {}, "first": {}})
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name[:NAME_CHARS_MAX]).upper())[:NAME_CHARS_MAX]
    made: list[str] = []
    left_out: list[str] = []
    for index, letter in enumerate(text):
        first = index == 0 or text[index - 1] in tables.filler
        last = index + 1 == len(text) or text[index + 1] in tables.filler
        if "A" <= letter <= "Z":
            made.append(letter)
        elif letter in tables.filler:
            made.append("<")
        elif letter in tables.dropped:
            continue
        elif letter == tables.doubles:
            made.append(made[-1] if made and made[-1] != "<" else "")
        elif first and letter in exceptions["first"]:
            made.append(exceptions["first"][letter])
        elif letter in exceptions["letters"]:
            made.append(exceptions["letters"][letter])
        elif last and letter in tables.last:
            made.append(tables.last[letter])
        elif letter in tables.letters:
            made.append(tables.letters[letter])
        else:
            bare = "".join(part for part in unicodedata.normalize("NFD", letter) if "A" <= part <= "Z")
            made.append(bare)
            if not bare and unicodedata.category(letter) != "Mn":
                left_out.append(letter)
    parts = "".join(made).split("<")
    return Spelling("<".join(part for part in parts if part), "".join(dict.fromkeys(left_out)))


ORIGINALS_MAX = 32
"""Originals offered for one spelling: a name of E, I and Y alone has thousands."""


def originals(spelling: str, script: Script) -> tuple[str, ...]:
    """Names that a zone's spelling can stand for, in capitals, parts with a blank between; at most 32, likeliest first.

    Latin letters stand for themselves (the marks are lost). Arabic codes (ICAO Doc 9303 part 3, 6.C) come back exactly,
    but for short vowels and signs. In Cyrillic several letters share a code (E is Е, Ё or Э), and a soft sign is lost,
    so every reading is offered. `()`: the spelling cannot come from this script.
    """
    text = spelling[:NAME_CHARS_MAX].replace("<", " ").strip()
    if script == "Latin":
        return (text,) if text else ()
    back = _tables().back[script]
    longest = max(map(len, back))
    choices: list[tuple[str, ...]] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            choices.append((" ",))
            at += 1
            continue
        for length in range(min(longest, len(text) - at), 0, -1):
            if text[at : at + length] in back:
                choices.append(back[text[at : at + length]])
                at += length
                break
        else:
            return ()
    return tuple("".join(found) for found in islice(product(*choices), ORIGINALS_MAX)) if choices else ()


def from_russian_passport(spelling: str) -> str:
    """A name of a Russian internal passport (`PNRUS`) in Cyrillic: its zone has a character for each letter."""
    return spelling.translate(_tables().russian_passport)


def may_be_arabic(spelling: str) -> bool:
    """Whether a zone's name may be in the Arabic codes, not in Latin: then it must be turned back to be compared.

    True for a name of which every part can be turned back and one has a code that begins with X, as in MXHMWD. A few
    Latin names (Xhafa) pass as well: compare them both ways.
    """
    return any(code in spelling for code in _MARKED) and bool(originals(spelling, "Arabic"))


_MARKED = ("XH", "XKH", "XSH", "XTH", "XDH", "XSS", "XDZ", "XTT", "XZZ", "XAY", "XAH", "XTA", "XE")
"""Codes of Arabic letters that nearly every name in these codes has one of."""
