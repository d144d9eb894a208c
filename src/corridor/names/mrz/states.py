"""Which state or status does a code of a zone stand for?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from corridor.base.sheets.values import countries


@dataclass(frozen=True, slots=True)
class State:
    """A code that a zone may carry. `iso`: the state's alpha-3 code, else the code itself. `known`: it is listed."""

    code: str
    iso: str
    known: bool
    specimen: bool = False


@lru_cache(maxsize=4096)
def state_of(code: str) -> State:
    """The state of a code with or without its fillers, as in `D<<` or `D` for Germany (`DEU` is taken too)."""
    bare = code.rstrip("<")
    special = _special().get(bare)
    if special is not None:
        return State(bare, str(special.get("state", bare)), True, bool(special.get("specimen", False)))
    return State(bare, bare, bare in _iso())


@cache
def _special() -> dict[str, dict[str, object]]:
    text = files("corridor.names.mrz").joinpath("tables/codes.json").read_text(encoding="utf-8")
    codes: dict[str, dict[str, object]] = json.loads(text)["codes"]
    return codes


@cache
def _iso() -> frozenset[str]:
    return frozenset(countries().values())
