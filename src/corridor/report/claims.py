"""Which figures others have published, and how each differs from ours; never mixed with our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corridor.base.ids import EventId
from corridor.base.moments import Moment, iso
from corridor.journey.board import Board
from corridor.ledger.event import Event
from corridor.ledger.kinds import CLAIMED

SAME: Mapping[str, str] = {
    "applied": "registered",
    "applied_citizens": "registered_citizens",
    "applied_relatives": "registered_relatives",
    "applied_children": "registered_children",
    "children_received": "received_children",
    "crossed_children_day": "crossed_day_children",
    "crossed_citizens_day": "crossed_day_citizens",
    "crossed_relatives_day": "crossed_day_relatives",
}
"""Codes of claims that say the same as a figure of ours under another code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure somebody else published. `value` None: they said that it is not known; `at` what it speaks of."""

    event: EventId
    code: str
    value: int | None
    at: Moment
    said_at: Moment
    said_by: str
    certainty: str
    definition: str
    source: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A claim beside our own figure of the same code at the time the claim speaks of; None: we have no such figure."""

    claim: Claim
    own: int | None

    @property
    def difference(self) -> int | None:
        """Claimed minus our own; None where one of the two is missing."""
        return None if self.own is None or self.claim.value is None else self.claim.value - self.own

    @property
    def agrees(self) -> bool:
        """Whether both say the same; "more than 100" agrees with 105."""
        if self.difference is None:
            return False
        return self.difference == 0 or (self.claim.certainty == "more_than" and self.difference < 0)

    def as_json(self) -> dict[str, Any]:
        """The claim for a machine; times are ISO 8601 in UTC."""
        claim = self.claim
        return {
            "code": claim.code,
            "value": claim.value,
            "at": iso(claim.at),
            "said_at": iso(claim.said_at),
            "said_by": claim.said_by,
            "certainty": claim.certainty,
            "definition": claim.definition,
            "source": claim.source,
            "note": claim.note,
            "own": self.own,
            "difference": self.difference,
            "agrees": self.agrees,
            "event": str(claim.event),
        }


def claims(board: Board) -> tuple[Claim, ...]:
    """Every claim said by `at` that was known by then, in the order they were said."""
    return tuple(_claim(event) for event in board.view.events((CLAIMED,)))


def compare(chosen: Iterable[Claim], board_at: Callable[[Moment], Board], now: Moment) -> tuple[Compared, ...]:
    """Each claim beside our own figure of its time; a claim about a time after `now` has none yet."""
    compared = []
    for claim in chosen:
        own = None
        if claim.at <= now:
            code = SAME.get(claim.code, claim.code)
            board = board_at(claim.at)
            own = len(board.people(code)) if board.has_figure(code) else None
        compared.append(Compared(claim=claim, own=own))
    return tuple(compared)


def _claim(event: Event) -> Claim:
    """A claim from its event; what a device sent in another shape is told as not known."""
    body = event.body
    value, at, note = body.get("value"), body.get("at"), body.get("note")
    return Claim(
        event=event.id,
        code=str(body.get("code", "")),
        value=value if isinstance(value, int) and not isinstance(value, bool) else None,
        at=Moment(at) if isinstance(at, int) else event.corrected_at,
        said_at=event.corrected_at,
        said_by=str(body.get("said_by", "")),
        certainty=str(body.get("certainty", "")),
        definition=str(body.get("definition", "")),
        source=str(body.get("source", "")),
        note=note if isinstance(note, str) else None,
    )
