"""Where one person stands: position, what every stage knows, the next step, and what is in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corridor.base.ids import AccountId, LegId, PersonId, PlaceId
from corridor.base.moments import Moment, iso
from corridor.base.operation import Leg, Operation
from corridor.base.refusal import Refusal
from corridor.journey.arrive.state import ArriveState
from corridor.journey.board import blocks
from corridor.journey.board.blocks import Block
from corridor.journey.board.papers import lacks
from corridor.journey.board.people import Everybody
from corridor.journey.care.state import CareState, may_travel
from corridor.journey.clear.standing import Standing as Clearance
from corridor.journey.clear.state import ClearState
from corridor.journey.cross.hazards import GateSpan, Hazard
from corridor.journey.cross.state import CrossState
from corridor.journey.documents.state import DocumentState, permit_clock
from corridor.journey.move.state import Movement
from corridor.journey.register.state import RegisterState
from corridor.ledger.accounts import parts
from corridor.ledger.book.view import View

TO_LEAVE = ("planned", "boarding", "closed")
"""How a movement stands that has still to leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStanding:
    """Everything that decides a person's next step.

    `leg` is the next one home from where they are, None when there is none or it is not known; `clearance` None: that
    leg asks for none; `movements` name the person on their manifest; `blocked_by` is what stands in the way of the next
    step, empty when nothing does.
    """

    person: PersonId
    account: AccountId
    entered_at: Moment
    register: RegisterState
    clear: ClearState
    cross: CrossState
    care: CareState
    documents: DocumentState
    movements: tuple[Movement, ...]
    arrive: ArriveState
    group: frozenset[PersonId]
    leg: LegId | None
    clearance: Clearance | None
    next_step: str
    blocked_by: tuple[Block, ...]


def standing_of(everybody: Everybody, person: PersonId) -> PersonStanding | None:
    """Where one person stands; None when they are not in the book."""
    view = everybody.view
    account, entered_at = view.account_of(person), view.entered_at(person)
    if account is None or entered_at is None:
        return None
    movements = everybody.movements_of(person)
    leg = next_leg(everybody.operation, view, account)
    group = everybody.group_of.get(person, frozenset((person,)))
    care = everybody.care.get(person, CareState())
    documents = everybody.documents.get(person, DocumentState())
    clearance = None if leg is None else everybody.clearance(person, leg.id)
    return PersonStanding(
        person=person,
        account=account,
        entered_at=entered_at,
        register=everybody.register.get(person, RegisterState()),
        clear=everybody.clear.get(person, ClearState()),
        cross=everybody.cross.get(person, CrossState()),
        care=care,
        documents=documents,
        movements=movements,
        arrive=everybody.arrive.get(person, ArriveState()),
        group=group,
        leg=None if leg is None else leg.id,
        clearance=clearance,
        next_step=_next_step(account, leg),
        blocked_by=tuple(_blocked_by(everybody, person, account, leg, group, clearance, care, documents, movements)),
    )


def next_leg(operation: Operation, view: View, account: AccountId) -> Leg | None:
    """The first leg of the shortest way home from a place; aboard, from where the movement goes to."""
    type_, name = parts(account)
    if type_ != "place" or not operation.has_place(name):
        return None
    homes = operation.places_of("home")
    ways = [way for home in homes if (way := operation.route_between(PlaceId(name), home.id))]
    return min(ways, key=lambda way: sum(leg.minutes for leg in way))[0] if ways else None


def _next_step(account: AccountId, leg: Leg | None) -> str:
    type_, name = parts(account)
    if type_ == "aboard":
        return f"Alight from {name}."
    if type_ == "end":
        return "None: the road has ended."
    if type_ == "suspense":
        return "An officer decides which of the records is right."
    if leg is not None:
        return f"From {leg.source} to {leg.target} by {leg.mode}."
    return "Be received."


def _blocked_by(
    everybody: Everybody,
    person: PersonId,
    account: AccountId,
    leg: Leg | None,
    group: frozenset[PersonId],
    clearance: Clearance | None,
    care: CareState,
    documents: DocumentState,
    movements: tuple[Movement, ...],
) -> Iterator[Block]:
    """What stands in the way of the next step; nothing when there is no next leg."""
    view, operation = everybody.view, everybody.operation
    if parts(account).type == "suspense":
        yield blocks.IN_SUSPENSE()
    if leg is None:
        return
    if clearance is not None and clearance.value != "cleared":
        facts = {"source": leg.source, "target": leg.target, "standing": clearance.value}
        if clearance.waiting_for:
            yield blocks.CLEARANCE_WAITS(**facts, authorities=tuple(clearance.waiting_for))
        else:
            yield blocks.NOT_CLEARED(**facts)
    if clearance is not None:
        stuck = [one for one in sorted(group - {person}) if _waits(everybody, one, account, leg.id)]
        if stuck:
            yield blocks.PARTY_NOT_CLEARED(persons=tuple(stuck))
    gate = closed_gate(everybody, leg)
    if gate is not None:
        yield blocks.GATE_CLOSED(gate=gate.gate, since=iso(gate.span.start))
    for hazard in hazards_on(everybody, leg):
        yield blocks.HAZARD(type=hazard.type, since=iso(hazard.span.start))
    allowed = may_travel(care, view.at, examined=leg.mode == "air")
    if isinstance(allowed, Refusal):
        yield blocks.of_care(allowed)
    for lack in lacks(everybody, person, leg.id):
        yield blocks.LACKS_PAPER(paper_rule=lack.requirement, lack=lack.why)
    if operation.place(leg.source).out:
        for missing in documents.missing:
            yield blocks.PAPER_MISSING(type=missing)
        for permit in operation.permits:
            if permit_clock(documents, permit.id, view.at).standing == "expired":
                yield blocks.PERMIT_OVER(permit=permit.id)
    if leg.mode != "foot" and not any(movement.leg == leg.id and _holds(movement, person) for movement in movements):
        yield blocks.NO_PLACE(source=leg.source, target=leg.target)


def closed_gate(everybody: Everybody, leg: Leg) -> GateSpan | None:
    """The gate that a leg leads to, or from, where it is closed; None: it is open, or nobody has said."""
    at, ways = everybody.view.at, everybody.ways
    gate = ways.gate_at(leg.target, at) or ways.gate_at(leg.source, at)
    return gate if gate is not None and not gate.open else None


def hazards_on(everybody: Everybody, leg: Leg) -> Iterator[Hazard]:
    """The hazards in force on a leg, at one of its ends, or everywhere."""
    for hazard in everybody.ways.hazards:
        here = hazard.leg == leg.id or hazard.place in (leg.source, leg.target)
        if hazard.span.holds(everybody.view.at) and (here or (hazard.place is None and hazard.leg is None)):
            yield hazard


def seated_on(everybody: Everybody, leg: Leg) -> frozenset[PersonId]:
    """Who has a place on a movement of a leg that is still to leave."""
    movements = (one for one in everybody.move.movements.values() if one.leg == leg.id and one.status in TO_LEAVE)
    return frozenset().union(*(movement.planned | movement.boarded for movement in movements))


def _waits(everybody: Everybody, person: PersonId, account: AccountId, leg: LegId) -> bool:
    """Whether somebody of the party at the same place is not cleared."""
    if everybody.view.account_of(person) != account:
        return False
    clearance = everybody.clearance(person, leg)
    return clearance is not None and clearance.value != "cleared"


def _holds(movement: Movement, person: PersonId) -> bool:
    """Whether the movement is still to leave with this person."""
    return movement.status in TO_LEAVE and (person in movement.planned or person in movement.boarded)
