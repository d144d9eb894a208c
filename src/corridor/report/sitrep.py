"""What a situation report holds: figures and their changes, movements, hazards, claims, who is in suspense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.journey.board.board import Board, Strip
from corridor.journey.board.movements import MovementPicture, next_departures
from corridor.journey.cross.hazards import Hazard
from corridor.journey.findings import Finding
from corridor.report.claims import Compared, claims, compare
from corridor.report.figures import Figure, LedgerStamp, figures
from corridor.report.words import Words

BoardAt = Callable[[Moment, Moment], Board]
"""Gives the board at any `(at, known)` of the same operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure at the last report's time: as known `now`, and as it was reported `then`."""

    then: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some people of the report: how many, how many of them children, and their citizenships."""

    code: str
    people: int
    children: int
    citizenships: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitrep:
    """A situation report, without words of any language but the names and definitions of its figures."""

    operation: Operation
    at: Moment
    known: Moment
    since: Moment
    figures: tuple[Figure, ...]
    changes: Mapping[str, Change]
    parts: tuple[Part, ...]
    stages: Mapping[str, int]
    strip: Strip
    left: tuple[MovementPicture, ...]  # since the last report
    arrived: tuple[MovementPicture, ...]  # since the last report
    departures: tuple[MovementPicture, ...]
    hazards: tuple[Hazard, ...]
    claims: tuple[Compared, ...]
    findings: tuple[Finding, ...]

    def value(self, code: str) -> int:
        """The value of one of its figures."""
        return next(figure.value for figure in self.figures if figure.code == code)


PARTS = ("out", "received", "applications_open")
"""Whose children and citizenships the report tells."""


def sitrep(board_at: BoardAt, at: Moment, known: Moment, since: Moment, words: Words, stamp: LedgerStamp) -> Sitrep:
    """The situation report at `(at, known)` with the changes since `since`."""
    assert since <= at, "the last report was before this one"
    board = board_at(at, known)
    before = board_at(since, known)
    reported = board_at(since, min(since, known))
    return Sitrep(
        operation=board.operation,
        at=at,
        known=known,
        since=since,
        figures=figures(board, words, stamp),
        changes={code: Change(then=len(reported.people(code)), now=len(before.people(code))) for code in board.figures},
        parts=tuple(_part(board, code) for code in PARTS),
        stages=board.by_stage(),
        strip=board.strip(),
        left=tuple(ride for ride in board.movements if ride.departed_at is not None and ride.departed_at > since),
        arrived=tuple(ride for ride in board.movements if ride.arrived_at is not None and ride.arrived_at > since),
        departures=next_departures(board.movements),
        hazards=board.hazards,
        claims=claims_since(board_at, board, since),
        findings=board.findings(),
    )


def claims_since(board_at: BoardAt, board: Board, since: Moment) -> tuple[Compared, ...]:
    """The claims said after `since`, and those about a time that is still ahead, each beside our own figure."""
    chosen = (claim for claim in claims(board) if claim.said_at > since or claim.at > board.at)
    return compare(chosen, lambda moment: board_at(moment, board.known), board.at)


def _part(board: Board, code: str) -> Part:
    people = board.people(code)
    return Part(
        code=code,
        people=len(people),
        children=len(board.people(f"{code}_children")),
        citizenships=board.by_citizenship(people),
    )
