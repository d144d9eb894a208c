"""What can happen with documents: papers recorded, missing, drawn up, issued, void; permits that start and end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import PaperId, PermitId, PersonId
from corridor.base.moments import Moment
from corridor.base.operation import PaperType as PaperType
from corridor.journey.kinds import Kind

PermitEnd = Literal["left", "extended", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRecorded:
    """A paper was seen. Its number is with the identity, not here. None: not known."""

    paper: PaperId
    type: PaperType
    issuer: str | None = None  # the country or body that issued it, e.g. PSE
    valid_from: Moment | None = None
    valid_until: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMissing:
    """A paper of this type is needed, and the person does not have it."""

    type: PaperType
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDrawnUp:
    """A paper was prepared and is not yet in the person's hand; `witnesses` vouched for who the person is."""

    paper: PaperId
    type: PaperType
    valid_until: Moment | None = None
    witnesses: tuple[PersonId, ...] = ()  # none: other papers say who it is


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperIssued:
    """A paper was put into the person's hand."""

    paper: PaperId
    type: PaperType
    valid_until: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperVoid:
    """A paper counts no more."""

    paper: PaperId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitStarted:
    """A stay with an end began, e.g. 72 hours of transit. `permit` is one of the operation's permits."""

    permit: PermitId
    starts_at: Moment
    ends_at: Moment
    paper: PaperId | None = None  # None: no paper shows it

    def __post_init__(self) -> None:
        assert self.ends_at > self.starts_at, "a permit ends after it starts"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitEnded:
    """The stay is over, or a new one takes its place."""

    permit: PermitId
    why: PermitEnd


def _kind(name: str, body: type, says: str) -> Kind:
    return Kind(name=name, stage="documents", body=body, moves=False, says=says)


PAPER_RECORDED = _kind("paper_recorded", PaperRecorded, "Paper recorded: {type}.")
PAPER_MISSING = _kind("paper_missing", PaperMissing, "Paper missing: {type}.")
PAPER_DRAWN_UP = _kind("paper_drawn_up", PaperDrawnUp, "Paper drawn up: {type}.")
PAPER_ISSUED = _kind("paper_issued", PaperIssued, "Paper issued: {type}.")
PAPER_VOID = _kind("paper_void", PaperVoid, "Paper void: {why}.")
PERMIT_STARTED = _kind("permit_started", PermitStarted, "Permit {permit} started.")
PERMIT_ENDED = _kind("permit_ended", PermitEnded, "Permit {permit} ended: {why}.")

KINDS: tuple[Kind, ...] = (
    PAPER_RECORDED,
    PAPER_MISSING,
    PAPER_DRAWN_UP,
    PAPER_ISSUED,
    PAPER_VOID,
    PERMIT_STARTED,
    PERMIT_ENDED,
)
