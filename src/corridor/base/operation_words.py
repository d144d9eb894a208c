"""How the errors of an operation file put it: what was found, what was expected, what was meant."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from corridor.base.moments import Moment

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,60}")


def meant(text: str, known: Iterable[str], otherwise: str, shown: int = 30) -> str:
    """The remedy for a word that is not known: the nearest known one, else `otherwise` and the first `shown`."""
    words = list(known)
    near = get_close_matches(text[:100], words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"{otherwise} {', '.join(words[:shown]) or 'none'}."


@cache
def hints(cls: type) -> dict[str, Any]:
    """The keys of a table for `cls` and their types: the fields that are given, not worked out."""
    hints = get_type_hints(cls)
    return {part.name: hints[part.name] for part in fields(cls) if part.init}


def join(key: str, name: str) -> str:
    """The path to a key; a name of other than plain letters is quoted and cut."""
    plain = name if _PLAIN.fullmatch(name) else short(name)
    return f"{key}.{plain}" if key else plain


def short(text: str) -> str:
    """The text in quotes, at most a line of it, without anything a terminal would act upon."""
    return ascii(text[:60]) if not text.isprintable() else repr(text if len(text) <= 60 else text[:60] + "...")


def found(raw: object) -> str:
    """What a value of the file is, in words."""
    if isinstance(raw, bool):
        return f"{str(raw).lower()}, yes or no"
    for kind, words in _FOUND.items():
        if isinstance(raw, kind):
            return words if kind in (list, dict) else f"{words} ({short(str(raw))})"
    raise AssertionError(f"TOML has no {type(raw)}")


def expected(hint: Any) -> str:
    """What a value should be, in words with an example."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = get_args(hint)[0]
    if get_origin(hint) is Literal:
        return f"one of {', '.join(get_args(hint))}"
    if get_origin(hint) is tuple:
        return f"a list of {expected(get_args(hint)[0])}"
    if is_dataclass(hint) and isinstance(hint, type):
        return f"a table with {', '.join(hints(hint))}"
    if hint in _EXPECTED:
        return _EXPECTED[hint]
    return 'a name by language, e.g. { en = "Rafah" }' if hint is not str and get_origin(hint) else "a text in quotes"


_FOUND: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a decimal number",
    datetime: "a date and time",
    date: "a date",
    time: "a time of day",
    list: "a list",
    dict: "a table",
}
_EXPECTED: Mapping[object, str] = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number, e.g. 31.25",
    bool: "true or false",
    time: 'a time of day, e.g. "07:00"',
    Moment: "a time with its zone, e.g. 2023-11-12T08:00:00+02:00",
    Mapping: 'a name by language, e.g. { en = "Rafah", ar = "..." }',
}
