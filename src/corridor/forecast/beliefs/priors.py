"""What is believed before anything is seen, as shipped, or as set by hand with a reason?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Table = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A belief set by hand: which (``gate_pace.mean``), to what, why."""

    belief: str
    value: float
    why: str


@cache
def shipped() -> Table:
    """The priors as shipped: by belief, by parameter."""
    read: Table = tomllib.loads(files("corridor.forecast.beliefs").joinpath("priors.toml").read_text(encoding="utf-8"))
    return read


def names() -> tuple[str, ...]:
    """Every belief's parameter that may be set by hand."""
    return tuple(f"{belief}.{name}" for belief, table in shipped().items() for name in table)


def with_hands(by_hand: tuple[ByHand, ...]) -> Table:
    """The priors with those set by hand. Each names one of `names()`."""
    tables = {belief: dict(table) for belief, table in shipped().items()}
    for one in by_hand:
        belief, _, name = one.belief.partition(".")
        assert name in tables.get(belief, {}), f"{one.belief} is no belief"
        tables[belief][name] = one.value
    return tables
