"""Which figures others have published, and how each differs from ours; never mixed with our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from corridor.base.ids import EventId
from corridor.base.moments import Moment, datetime_of, is_moment, iso, moment_of
from corridor.base.operation import Operation
from corridor.journey.board.board import DAY_FIGURES, Board
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
    """A claim beside our own figure of the same code at the time the claim speaks of; None: we have no such figure.

    `own_later` is ours at the end of that day, or now: few who publish say the hour, so a claim agrees when ours passed
    through its value that day.
    """

    claim: Claim
    own: int | None
    own_later: int | None

    @property
    def difference(self) -> int | None:
        """Claimed minus our own, 0 where it agrees; None where one of the two is missing."""
        if self.own is None or self.own_later is None or self.claim.value is None:
            return None
        value, low, high = self.claim.value, min(self.own, self.own_later), max(self.own, self.own_later)
        return value - min(max(value, low), high)

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
            "own_at_end_of_day": self.own_later,
            "difference": self.difference,
            "agrees": self.agrees,
            "event": str(claim.event),
        }


def definition_in(operation: Operation, claim: Claim, language: str) -> str:
    """What a claim counts, in a language that the operation file has it in; else as it was recorded.

    English is always as recorded: the definition belongs to what was said.
    """
    if language == "en":
        return claim.definition
    names = next((one.names for one in operation.claimed_figures if one.id == claim.code), {})
    return names.get(language) or claim.definition


def publisher_in(operation: Operation, claim: Claim, language: str) -> str:
    """Who made a claim, in a language that the operation file has them in; else, and in English, as it was recorded."""
    if language == "en":
        return claim.said_by
    names = next((one.names for one in operation.publishers if one.said_by == claim.said_by), {})
    return names.get(language) or claim.said_by


def claims(board: Board) -> tuple[Claim, ...]:
    """Every claim said by `at` that was known by then, in the order they were said."""
    return tuple(_claim(event) for event in board.view.events((CLAIMED,)))


def compare(chosen: Iterable[Claim], board_at: Callable[[Moment], Board], now: Moment) -> tuple[Compared, ...]:
    """Each claim beside our own figure; a claim about a time after `now` has none yet. A figure of a day is compared
    at that day's end."""
    compared = []
    for claim in chosen:
        code = SAME.get(claim.code, claim.code)
        own = later = None
        if claim.at <= now and (board := board_at(claim.at)).has_figure(code):
            end = min(now, Moment(_next_midnight(claim.at, board.operation.as_of_zone) - 1))
            later = len(board_at(end).people(code))
            own = later if code.startswith(DAY_FIGURES) else len(board.people(code))
        compared.append(Compared(claim=claim, own=own, own_later=later))
    return tuple(compared)


def _next_midnight(moment: Moment, zone: str) -> Moment:
    """The end of the day of a moment in a zone."""
    midnight = datetime_of(moment, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return moment_of(midnight + timedelta(days=1))


def _claim(event: Event) -> Claim:
    """A claim from its event; what a device sent in another shape is told as not known."""
    body = event.body
    value, at, note = body.get("value"), body.get("at"), body.get("note")
    return Claim(
        event=event.id,
        code=str(body.get("code", "")),
        value=value if isinstance(value, int) and not isinstance(value, bool) else None,
        at=at if is_moment(at) else event.corrected_at,
        said_at=event.corrected_at,
        said_by=str(body.get("said_by", "")),
        certainty=str(body.get("certainty", "")),
        definition=str(body.get("definition", "")),
        source=str(body.get("source", "")),
        note=note if isinstance(note, str) else None,
    )
