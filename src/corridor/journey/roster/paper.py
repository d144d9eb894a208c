"""What a line of a paper form says, as the event that a phone would have recorded; what happened is not refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import AccountId, MovementId, PersonId, PlaceId, UserId, VehicleId
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.base.refusal import Refusal, RefusalKind
from corridor.journey.cross import events as cross
from corridor.journey.cross.events import TurnedBackReason
from corridor.journey.kinds import draft
from corridor.journey.move import events as move
from corridor.ledger import kinds
from corridor.ledger.accounts import aboard_account, place_account
from corridor.ledger.event import Draft

Does = Literal["at_gate", "crossed", "turned_back", "sighted", "boarded", "alighted", "counted"]
"""What a line can say: the same as the screens of a phone, in the same order."""

LINE_LACKS = RefusalKind(
    "paper_line_lacks", "A line that says {does} needs {lacks}.", "Fill it in as it stands on the paper."
)
ENTERED_ALREADY = RefusalKind(
    "paper_line_entered", "Line {line} of form {form} was entered already, by {who}.", "Go on with the next line."
)
NOT_A_FORM = RefusalKind(
    "not_a_paper_form", "{form} is no number of a form.", "Read the number at the top of the paper again."
)

CATALOGUE: tuple[RefusalKind, ...] = (LINE_LACKS, ENTERED_ALREADY, NOT_A_FORM)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRecord:
    """One line as somebody wrote it at `place`; None: it stands nowhere on the line."""

    at: Moment
    by: UserId
    place: PlaceId
    does: Does
    persons: tuple[PersonId, ...] = ()
    why: TurnedBackReason | None = None
    movement: MovementId | None = None
    vehicle: VehicleId | None = None
    count: int | None = None


def drafted(record: PaperRecord, operation: Operation) -> Draft | Refusal:
    """The event of a line, or what the line lacks."""
    lacks = _lacks(record)
    if lacks:
        return LINE_LACKS(does=record.does, lacks=lacks)
    gate, here = record.place, place_account(record.place)
    named = {"at": record.at, "by": record.by, "persons": record.persons}
    match record.does:
        case "at_gate":
            return draft(cross.AT_GATE, cross.AtGate(gate=gate), **named)  # type: ignore[arg-type]
        case "crossed":
            body = cross.Crossed(gate=gate, vehicle=record.vehicle)
            return draft(cross.CROSSED, body, source=_before(operation, gate), target=here, **named)  # type: ignore[arg-type]
        case "turned_back":
            assert record.why is not None, "asked above"
            return draft(cross.TURNED_BACK, cross.TurnedBack(gate=gate, why=record.why), **named)  # type: ignore[arg-type]
        case "sighted":
            return draft(cross.SIGHTED, cross.Sighted(), target=here, **named)  # type: ignore[arg-type]
        case "counted":
            counted = {"account": here, "count": record.count}
            return Draft(kind=kinds.COUNTED, happened_at=record.at, by=record.by, body=counted)
    assert record.movement is not None, "asked above"
    aboard = aboard_account(record.movement)
    if record.does == "boarded":
        boarded = move.Boarded(movement=record.movement, place_type="seat", vehicle=record.vehicle)
        return draft(move.BOARDED, boarded, source=here, target=aboard, **named)  # type: ignore[arg-type]
    alighted = move.Alighted(movement=record.movement, vehicle=record.vehicle)
    return draft(move.ALIGHTED, alighted, source=aboard, target=here, **named)  # type: ignore[arg-type]


def _lacks(record: PaperRecord) -> str:
    """The field that a line must have and has not; '' when it has all."""
    if record.does == "counted":
        return "count" if record.count is None else ""
    if not record.persons:
        return "persons"
    if record.does == "turned_back" and record.why is None:
        return "why"
    return "movement" if record.does in ("boarded", "alighted") and record.movement is None else ""


def _before(operation: Operation, gate: PlaceId) -> AccountId | None:
    """Where people come from who cross at a gate: the start of a leg into it, on foot rather than not; None: not
    known."""
    legs = [leg for leg in operation.legs if leg.target == gate]
    first = min(legs, key=lambda leg: (leg.mode != "foot", leg.minutes), default=None)
    return None if first is None else place_account(first.source)
