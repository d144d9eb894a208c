"""What each figure is: its value, its words, its source and its times, and the people it opens into."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from corridor.base.ids import PersonId
from corridor.base.moments import Moment, iso
from corridor.journey.board.board import Board
from corridor.report.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerStamp:
    """How much of the ledger a figure was read from: batches and events taken in, and a digest of them (hex)."""

    batches: int
    events: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of our own: `value` is the size of `people`, always (law 8)."""

    code: str
    name: str
    definition: str
    source: str
    at: Moment
    known: Moment
    people: Set[PersonId]

    @property
    def value(self) -> int:
        """How many people it counts."""
        return len(self.people)

    def as_json(self) -> dict[str, Any]:
        """The figure for a machine; times are ISO 8601 in UTC."""
        return {
            "code": self.code,
            "name": self.name,
            "value": self.value,
            "definition": self.definition,
            "source": self.source,
            "at": iso(self.at),
            "known": iso(self.known),
        }


def figure(board: Board, code: str, words: Words, stamp: LedgerStamp) -> Figure:
    """One figure of the board. Raises KeyError when the code is no figure."""
    return Figure(
        code=code,
        name=figure_name(code, words),
        definition=definition_of(code, words),
        source=own_source(board, words, stamp),
        at=board.at,
        known=board.known,
        people=board.people(code),
    )


def figures(board: Board, words: Words, stamp: LedgerStamp, codes: tuple[str, ...] | None = None) -> tuple[Figure, ...]:
    """The figures of ARCHITECTURE's table (or the codes given), in that order."""
    return tuple(figure(board, code, words, stamp) for code in (board.figures if codes is None else codes))


def own_source(board: Board, words: Words, stamp: LedgerStamp) -> str:
    """Where our own figures come from: the operation's ledger, how much of it, and its digest."""
    return words.say(
        "source.own",
        operation=board.operation.name,
        batches=words.number(stamp.batches),
        events=words.number(stamp.events),
        digest=stamp.digest[:12],
    )


def figure_name(code: str, words: Words) -> str:
    """What a figure is called."""
    if words.has(f"figure.{code}"):
        return words.say(f"figure.{code}")
    whole, _, group = code.rpartition("_")
    return words.say(f"group.{group}", figure=words.say(f"figure.{whole}"))


def definition_of(code: str, words: Words) -> str:
    """Whom a figure counts, in a sentence."""
    if words.has(f"definition.{code}"):
        return words.say(f"definition.{code}")
    whole, _, group = code.rpartition("_")
    return words.say(f"group_definition.{group}", definition=words.say(f"definition.{whole}"))
