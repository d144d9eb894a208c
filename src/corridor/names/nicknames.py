"""Which short forms stand for which given names: a small table by script, of everyday knowledge."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

_TABLE: dict[str, list[str]] = json.loads(files("corridor.names").joinpath("tables/nicknames.json").read_text("utf-8"))[
    "of"
]
_FULL: Final[dict[str, frozenset[str]]] = {
    form: frozenset(full for full, some in _TABLE.items() if form in (full, *some))
    for form in {form for full, some in _TABLE.items() for form in (full, *some)}
}


def are_nicknames(first: str, second: str) -> bool:
    """Whether both are forms of one given name, e.g. Саша and Александр."""
    return first != second and bool(_FULL.get(first, frozenset()) & _FULL.get(second, frozenset()))


@cache
def given_name(text: str) -> str:
    """One full form, the first in the table, for every form of a given name; empty for a part that is not there."""
    return min(_FULL.get(text, frozenset()), key=list(_TABLE).index, default="")


@cache
def forms(text: str) -> tuple[str, ...]:
    """Every form that some full name of this form has, in alphabetical order; none for a part that is not there."""
    return tuple(sorted({form for full in _FULL.get(text, ()) for form in (full, *_TABLE[full])}))
