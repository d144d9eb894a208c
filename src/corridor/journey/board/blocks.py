"""What can stand in the way of a person's next step: a code, a sentence for any language, and the facts in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corridor.base.refusal import Refusal, RefusalKind
from corridor.journey.care.refusals import FITNESS_EXPIRED, NOT_EXAMINED, ON_HOLD, UNFIT


@dataclass(frozen=True, slots=True)
class Block:
    """One thing in the way. `template` is the English sentence (`str.format`) and what translations are looked up by.

    `data` carries the facts by name: ids of places, authorities and papers' rules, times as ISO 8601 in UTC, words of
    closed lists; several of one fact are a tuple. A page says them in the reader's language, `says` as they are.
    """

    code: str
    template: str
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """The sentence in English, with ids."""
        return self.template.format(**{name: _plain(fact) for name, fact in self.data.items()})

    def __str__(self) -> str:
        return self.says


@dataclass(frozen=True, slots=True)
class BlockKind:
    """One row of the catalogue: a code and its sentence."""

    code: str
    says: str

    def __call__(self, **facts: object) -> Block:
        """The block for these facts; every name in the sentence must be given."""
        return Block(self.code, self.says, facts)


IN_SUSPENSE = BlockKind("in_suspense", "Records that cannot all be right.")
NOT_CLEARED = BlockKind("not_cleared", "Not cleared from {source} to {target}: {standing}.")
CLEARANCE_WAITS = BlockKind(
    "clearance_waits", "Not cleared from {source} to {target}: {standing}. Waiting for {authorities}."
)
PARTY_NOT_CLEARED = BlockKind("party_not_cleared", "The party is not cleared together: {persons}.")
GATE_CLOSED = BlockKind("gate_closed", "The gate {gate} is closed since {since}.")
HAZARD = BlockKind("hazard", "Hazard: {type}, since {since}.")
LACKS_PAPER = BlockKind("lacks_paper", "Lacks a paper for the next leg: {paper_rule} ({lack}).")
PAPER_MISSING = BlockKind("paper_missing", "Paper missing: {type}.")
PERMIT_OVER = BlockKind("permit_over", "The permit has run out: {permit}.")
NO_PLACE = BlockKind("no_place", "No place on a movement from {source} to {target}.")

_CARE: tuple[RefusalKind, ...] = (ON_HOLD, UNFIT, FITNESS_EXPIRED, NOT_EXAMINED)

CATALOGUE: tuple[BlockKind, ...] = (
    IN_SUSPENSE,
    NOT_CLEARED,
    CLEARANCE_WAITS,
    PARTY_NOT_CLEARED,
    GATE_CLOSED,
    HAZARD,
    LACKS_PAPER,
    PAPER_MISSING,
    PERMIT_OVER,
    NO_PLACE,
    *(BlockKind(kind.code, kind.says) for kind in _CARE),
)
"""Everything that can be in the way; what care decided is said in care's own words, which are for everybody."""


def of_care(refusal: Refusal) -> Block:
    """What care's answer puts in the way."""
    kind = next(one for one in _CARE if one.code == refusal.code)
    return Block(kind.code, kind.says, refusal.data)


def _plain(fact: object) -> str:
    if isinstance(fact, tuple):
        return ", ".join(_plain(one) for one in fact)
    return str(fact)
