"""Which papers a person has and lacks, how long a permit still runs, and what is missing for a leg."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from corridor.base.ids import LegId, PaperId, PermitId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment
from corridor.base.operation import Operation
from corridor.journey.documents.events import (
    KINDS,
    PaperDrawnUp,
    PaperIssued,
    PaperMissing,
    PaperRecorded,
    PaperType,
    PaperVoid,
    PermitEnd,
    PermitEnded,
    PermitStarted,
)
from corridor.journey.reading import Unreadable, by_name, read
from corridor.ledger.event import Event

PaperStanding = Literal["drawn_up", "in_hand", "void"]

_KINDS = by_name(KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper. None: not known; a paper without `valid_until` is taken as valid until somebody voids it.

    `drawn_up_here`: the operation's own consul drew it up or issued it; its record names no issuer.
    """

    paper: PaperId
    type: PaperType
    standing: PaperStanding
    issuer: str | None
    valid_from: Moment | None
    valid_until: Moment | None
    void_why: str | None = None  # None: not void
    drawn_up_here: bool = False

    def valid(self, at: Moment) -> bool:
        """Whether it is in hand and its dates allow this moment."""
        begun = self.valid_from is None or self.valid_from <= at
        return self.standing == "in_hand" and begun and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One run of a permit; `ended_at` is None while nobody has ended it."""

    permit: PermitId
    paper: PaperId | None
    starts_at: Moment
    ends_at: Moment
    ended_at: Moment | None
    ended_why: PermitEnd | None

    @property
    def overstayed_ms(self) -> int | None:
        """By how much it was ended too late; None while it is open, 0 when in time or replaced by a new one."""
        if self.ended_at is None:
            return None
        return max(0, self.ended_at - self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentState:
    """The papers and permits of one person. `missing` are the types reported missing and not in hand since."""

    papers: tuple[Paper, ...] = ()
    missing: tuple[PaperType, ...] = ()
    stays: tuple[Stay, ...] = ()
    void_not_known: tuple[PaperId, ...] = ()  # declared void, but never seen
    ended_not_known: tuple[PermitId, ...] = ()  # ended, but never seen to start
    unreadable: tuple[Unreadable, ...] = ()


def fold(events: Iterable[Event]) -> DocumentState:
    """The document state of the person all these events name; other stages' events are passed over.

    A void paper stays void whatever the clocks of later records say.
    """
    unreadable: list[Unreadable] = []
    papers: dict[PaperId, Paper] = {}
    void: dict[PaperId, str] = {}
    missing: dict[PaperType, None] = {}
    stays: list[Stay] = []
    ended_not_known: list[PermitId] = []
    for event, body in read(events, _KINDS, unreadable):
        match body:
            case PaperRecorded() | PaperIssued() | PaperDrawnUp():
                papers[body.paper] = _paper(body, papers.get(body.paper))
                if papers[body.paper].standing == "in_hand":
                    missing.pop(body.type, None)
            case PaperMissing():
                missing[body.type] = None
            case PaperVoid():
                void[body.paper] = body.why
            case PermitStarted():
                stays = [_ended(stay, event.corrected_at, "extended", body.permit) for stay in stays]
                stays.append(
                    Stay(
                        permit=body.permit,
                        paper=body.paper,
                        starts_at=body.starts_at,
                        ends_at=body.ends_at,
                        ended_at=None,
                        ended_why=None,
                    )
                )
            case PermitEnded():
                if not any(stay.permit == body.permit and stay.ended_at is None for stay in stays):
                    ended_not_known.append(body.permit)
                stays = [_ended(stay, event.corrected_at, body.why, body.permit) for stay in stays]
    return DocumentState(
        papers=tuple(
            replace(paper, standing="void", void_why=void[name]) if name in void else paper
            for name, paper in papers.items()
        ),
        missing=tuple(sorted(missing)),
        stays=tuple(stays),
        void_not_known=tuple(sorted(set(void) - set(papers))),
        ended_not_known=tuple(ended_not_known),
        unreadable=tuple(unreadable),
    )


def _paper(body: PaperRecorded | PaperIssued | PaperDrawnUp, before: Paper | None) -> Paper:
    """The paper after a record; what the record does not say stays as it was, and a paper in hand stays in hand."""
    in_hand = not isinstance(body, PaperDrawnUp) or (before is not None and before.standing == "in_hand")
    issuer = body.issuer if isinstance(body, PaperRecorded) else None
    valid_from = body.valid_from if isinstance(body, PaperRecorded) else None
    return Paper(
        paper=body.paper,
        type=body.type,
        standing="in_hand" if in_hand else "drawn_up",
        issuer=issuer if issuer is not None or before is None else before.issuer,
        valid_from=valid_from if valid_from is not None or before is None else before.valid_from,
        valid_until=body.valid_until if body.valid_until is not None or before is None else before.valid_until,
        drawn_up_here=not isinstance(body, PaperRecorded) or (before is not None and before.drawn_up_here),
    )


def _ended(stay: Stay, at: Moment, why: PermitEnd, permit: PermitId) -> Stay:
    """The stay as ended, if it is an open one of that permit."""
    if stay.permit != permit or stay.ended_at is not None:
        return stay
    return replace(stay, ended_at=at, ended_why=why)


@dataclass(frozen=True, slots=True)
class PermitClock:
    """How a permit stands; `left_minutes` is None unless it is running, and then rounded down."""

    standing: Literal["not_started", "running", "expired", "ended"]
    left_minutes: int | None

    @property
    def left_hours(self) -> int | None:
        """Whole hours left, rounded down; None unless it is running."""
        return None if self.left_minutes is None else self.left_minutes * MINUTE_MS // HOUR_MS


def permit_clock(state: DocumentState, permit: PermitId, at: Moment) -> PermitClock:
    """How long the person's latest run of a permit still goes at that moment."""
    stay = next((stay for stay in reversed(state.stays) if stay.permit == permit), None)
    if stay is None or at < stay.starts_at:
        return PermitClock("not_started", None)
    if stay.ended_at is not None and stay.ended_at <= at:
        return PermitClock("ended", None)
    if stay.ends_at <= at:
        return PermitClock("expired", None)
    return PermitClock("running", (stay.ends_at - at) // MINUTE_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What one authority asks for before a leg: any one of these papers, of people of these citizenships.

    `for_citizenships` empty means everybody; `issued_by_own` asks that the paper's issuer is one of the person's
    citizenships (a paper whose issuer is not known does not do). `consul_of` is the state whose consul draws papers up
    in the operation and so their issuer; None: not known.
    """

    name: str
    leg: LegId
    any_of: tuple[PaperType, ...]
    for_citizenships: tuple[str, ...] = ()
    issued_by_own: bool = False
    consul_of: str | None = None


def consul_of(operation: Operation) -> str | None:
    """The state whose consul draws papers up in an operation: its first own citizenship; None when it names none."""
    return next(iter(operation.eligibility.own_citizenships), None)


def issuer_of(paper: Paper, consul_of: str | None) -> str | None:
    """Who issued a paper: who its record names, else the consul's state if the consul drew it up; None: not known."""
    return paper.issuer if paper.issuer is not None or not paper.drawn_up_here else consul_of


def requirements_of(operation: Operation) -> tuple[Requirement, ...]:
    """What the operation's paper rules ask for."""
    consul = consul_of(operation)
    return tuple(
        Requirement(
            name=rule.id,
            leg=rule.for_leg,
            any_of=rule.any_of,
            for_citizenships=rule.for_citizenships,
            issued_by_own=rule.issued_by_own,
            consul_of=consul,
        )
        for rule in operation.paper_rules
    )


@dataclass(frozen=True, slots=True)
class Lack:
    """A requirement nothing in hand meets: what would do, and the nearest there is.

    `why`: there is `none`; one is `drawn_up` and not issued; one is in hand and `not_valid` at the moment;
    one is from the `wrong_issuer`; or all there are were declared `void`.
    """

    requirement: str
    any_of: tuple[PaperType, ...]
    why: Literal["none", "drawn_up", "not_valid", "wrong_issuer", "void"]


def missing_for(
    state: DocumentState, citizenships: tuple[str, ...], leg: LegId, rules: Iterable[Requirement], at: Moment
) -> tuple[Lack, ...]:
    """What the person lacks for a leg at that moment, by the operation's acceptance rules."""
    lacks = []
    for rule in rules:
        applies = not rule.for_citizenships or set(rule.for_citizenships) & set(citizenships)
        if rule.leg != leg or not applies:
            continue
        ways = tuple(paper for paper in state.papers if paper.type in rule.any_of)
        valid = tuple(paper for paper in ways if paper.valid(at))
        if any(not rule.issued_by_own or issuer_of(paper, rule.consul_of) in citizenships for paper in valid):
            continue
        lacks.append(Lack(rule.name, rule.any_of, "wrong_issuer" if valid else _why(ways)))
    return tuple(lacks)


def _why(ways: tuple[Paper, ...]) -> Literal["none", "drawn_up", "not_valid", "void"]:
    standings = {paper.standing for paper in ways}
    if "in_hand" in standings:
        return "not_valid"
    if "drawn_up" in standings:
        return "drawn_up"
    return "void" if standings else "none"
