"""What the phone needs to know of names: the tables that Python and the browser both read, and a name's search keys."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from typing import Any, Final

from corridor.names.normalise import TABLES, keys, part_of
from corridor.names.skeleton import skeleton

FORMAT: Final = 1
"""The shape of the tables; `field/names.js` reads this one."""


def phone_tables() -> dict[str, Any]:
    """The tables as plain JSON: `format`, `version` (changes with any rule), `normalise` with the consonants' classes,
    and `spelling` of ICAO Doc 9303 both ways. `field/names.js` makes of names with them what this package does."""
    spelling = json.loads(files("corridor.names.mrz").joinpath("tables/spelling.json").read_text(encoding="utf-8"))
    tables = {"normalise": TABLES, "spelling": spelling}
    text = json.dumps(tables, ensure_ascii=False, sort_keys=True)
    return {"format": FORMAT, "version": hashlib.sha256(text.encode()).hexdigest()[:12], **tables}


def search_keys(name: str) -> tuple[str, ...]:
    """By what a name is found without any model, in the order written, each key once.

    `n:` and the letters of each part, `s:` and its consonants where there are two or more. Two names that share two
    keys, or the only part of one, are worth a look.
    """
    found: dict[str, None] = {}
    for key in keys(name):
        found[f"n:{part_of(key).text}"] = None
        if len(bones := skeleton(key)) > 1:
            found[f"s:{bones}"] = None
    return tuple(found)
