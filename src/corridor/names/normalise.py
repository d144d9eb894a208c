"""What a name is once spelling habits are taken off it: its parts, in order, each with its script and its prefixes.

Every rule is a row of ``tables/normalise.json``, so that the phone brings names into the same form; the vectors in
``tests/golden/names/normalise.json`` hold both to it. Nothing here grows: a name is cut at 200 characters, 12 parts and
24 characters a part, whatever came in.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

Script: TypeAlias = Literal["latin", "cyrillic", "arabic", "hebrew", "other"]

ARTICLE, ABD = "+", "="
"""What stands before the letters of a part's key when it came with an article (al-), or with Abd and an article."""

TABLES: dict[str, Any] = json.loads(files("corridor.names").joinpath("tables/normalise.json").read_text("utf-8"))
NAME_CHARS_MAX: int = TABLES["name_chars_max"]
PARTS_MAX: int = TABLES["parts_max"]
PART_CHARS_MAX: int = TABLES["part_chars_max"]

_ARTICLES = frozenset(TABLES["articles"])
_ARTICLES_BEFORE_HYPHEN = _ARTICLES | frozenset(TABLES["articles_before_hyphen"])
_ABD = frozenset(TABLES["abd"])
_ABD_GLUED: list[tuple[str, str]] = [(prefix, rest) for prefix, rest in TABLES["abd_glued"]]
_ABD_INITIALS = frozenset(prefix[0] for prefix, _ in _ABD_GLUED)
_ABD_REST_MIN: int = TABLES["abd_rest_min"]
_GLUED: dict[str, dict[str, Any]] = TABLES["article_glued"]
_PARTS: dict[str, str] = TABLES["parts"]
_LAM_ALEF: dict[str, str] = TABLES["inverted_lam_alef"]
_TO_CYRILLIC = str.maketrans({latin: cyrillic for latin, cyrillic in TABLES["look_alikes"]})
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in TABLES["look_alikes"]})
_RANGES: list[tuple[Script, int, int]] = [
    (script, first, last) for script, ranges in TABLES["scripts"].items() for first, last in ranges
]
_MARKS = re.escape(TABLES["geresh"]["marks"])
_GERESH = re.compile(f"(?<=[{TABLES['geresh']['letters']}ץ])[{_MARKS}]")
_STRAY_GERESH = re.compile(f"(?<![{TABLES['geresh']['letters']}ץ])[{_MARKS}]")
_HEBREW = re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")


class _Letters(dict[int, str]):
    """What each character becomes; one that the table does not name is judged by its Unicode category."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        kept = chr(code) if category[0] in "LN" else "" if category[0] == "M" or category == "Cf" else " "
        self[code] = kept
        return kept


_LETTERS = _Letters({ord(letter): becomes for letter, becomes in TABLES["letters"].items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a name in its common form, lower case and unmarked; `article` and `abd` say what stood before it."""

    text: str
    script: Script
    article: bool = False
    abd: bool = False

    @property
    def key(self) -> str:
        """The part as the model and the index know it."""
        return (ABD if self.abd else ARTICLE if self.article else "") + self.text


def parts(name: str) -> tuple[Part, ...]:
    """The parts of a name in the order written; empty when nothing in it is a letter or a digit."""
    return tuple(part_of(key) for key in keys(name))


def keys(name: str) -> tuple[str, ...]:
    """The keys of the parts of a name, in the order written: the quick way for many names."""
    found: list[str] = []
    before = ""  # the prefix that waits for its part, and how it was written
    written: list[str] = []
    for piece, hyphen in _pieces(name):
        if not before and piece in _ABD:
            before, written = ABD, [piece]
        elif piece in (_ARTICLES_BEFORE_HYPHEN if hyphen else _ARTICLES):
            before, written = before or ARTICLE, [*written, piece]
        else:
            found.append(_key(piece, before))
            before, written = "", []
        if len(found) == PARTS_MAX:
            return tuple(found)
    found.extend(written)  # a prefix with nothing after it is a part of its own: Abdu, Al
    return tuple(found[:PARTS_MAX])


@lru_cache(maxsize=4_096)
def part_of(key: str) -> Part:
    """The part behind a key that `keys` made."""
    mark = key[0] if key[:1] in (ARTICLE, ABD) else ""
    text = key[len(mark) :]
    return Part(text=text, script=script_of(text), article=mark == ARTICLE, abd=mark == ABD)


def fold(name: str) -> str:
    """The letters and digits of a name in their common form, parts apart by spaces, hyphens kept."""
    text = name[:NAME_CHARS_MAX]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:NAME_CHARS_MAX]
        if _HEBREW.search(text):
            text = _GERESH.sub("׳", _STRAY_GERESH.sub("", text))
    return text.lower().translate(_LETTERS)


def script_of(text: str) -> Script:
    """The script of the first letter."""
    for letter in text:
        code = ord(letter)
        for script, first, last in _RANGES:
            if first <= code <= last:
                return script
    return "other"


def lam_alef_restored(name: str) -> str | None:
    """The name with lam and alef the right way round, where they stand as a broken PDF gives them; None when none does.

    Extracting text from a PDF turns the ligature round, so that "علاء" becomes "عالء". As "سالم" is also a name of
    its own, the answer is a second reading, not a repair.
    """
    if "ال" not in name and "هللا" not in name:
        return None
    restored = [_lam_alef_of(word) for word in name.split()]
    answer = " ".join(restored)
    return answer if answer != " ".join(name.split()) else None


def _lam_alef_of(word: str) -> str:
    if word in _LAM_ALEF:
        return _LAM_ALEF[word]
    start = 3 if word.startswith("عبدال") else 2 if word.startswith("ال") else 1
    return word[:start] + word[start:].replace("ال", "لا")


def _pieces(name: str) -> Iterator[tuple[str, bool]]:
    """Each run of letters, and whether a hyphen ties it to the next."""
    for word in fold(name).split():
        if "-" not in word:
            yield _one_script(word[:PART_CHARS_MAX]), False
            continue
        runs = [run for run in word.split("-") if run]
        for place, run in enumerate(runs):
            yield _one_script(run[:PART_CHARS_MAX]), place + 1 < len(runs)


def _one_script(piece: str) -> str:
    """A word that mixes Latin and Cyrillic letters which look alike is read in the script of its other letters."""
    if piece.isascii():
        return piece
    latin = sum("a" <= letter <= "z" for letter in piece)
    if not latin or latin == len(piece):
        return piece
    to_cyrillic = piece.translate(_TO_CYRILLIC)
    if not any("a" <= letter <= "z" for letter in to_cyrillic):
        return to_cyrillic
    to_latin = piece.translate(_TO_LATIN)
    return to_latin if to_latin.isascii() else piece


def _key(piece: str, before: str) -> str:
    piece = _PARTS.get(piece, piece)
    if before:
        rest = _without_article(piece, 2 if before == ABD else 3)
        return before + (piece if rest is None else rest)
    if piece[0] in _ABD_INITIALS:
        for prefix, instead in _ABD_GLUED:
            if piece.startswith(prefix):
                rest = instead + piece[len(prefix) :]
                if len(rest) >= (2 if prefix == "عبدال" else _ABD_REST_MIN):
                    return ABD + rest
    rest = _without_article(piece, 3)
    return piece if rest is None else ARTICLE + rest


def _without_article(piece: str, rest_min: int) -> str | None:
    """What follows an article written together with its word; None when it has none, as whole names such as الياس."""
    for article, rule in _GLUED.items():
        if piece.startswith(article) and len(piece) - len(article) >= rest_min:
            if piece in rule["not"] or piece.startswith(tuple(rule["not_starting"])):
                return None
            return piece[len(article) :]
    return None
