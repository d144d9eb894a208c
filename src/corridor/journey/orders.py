"""What may be done: headquarters' door, where an order of any stage is decided against the board."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeAlias

from corridor.base.ids import EventId, PersonId, PlaceId, UserId
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import Operation
from corridor.base.refusal import Refusal
from corridor.journey.arrive import rules as arrive
from corridor.journey.arrive.shelters import nearest_with_room
from corridor.journey.arrive.state import ArriveState
from corridor.journey.board.board import Board
from corridor.journey.board.findings import crossed_people
from corridor.journey.board.issuing import decide_issue
from corridor.journey.board.moving import move_facts
from corridor.journey.care import rules as care
from corridor.journey.care.state import CareState
from corridor.journey.clear import rules as clear
from corridor.journey.cross import rules as cross
from corridor.journey.cross.findings import findings as cross_findings
from corridor.journey.cross.hazards import Ways
from corridor.journey.cross.state import CrossState
from corridor.journey.devices import orders as devices
from corridor.journey.devices import rules as device_rules
from corridor.journey.devices.facts import device_facts
from corridor.journey.documents import rules as documents
from corridor.journey.documents.state import DocumentState
from corridor.journey.issuing import orders as issuing
from corridor.journey.issuing import rules as issuing_rules
from corridor.journey.move import orders as move
from corridor.journey.move import rules as move_rules
from corridor.journey.reconcile import orders as reconcile
from corridor.journey.reconcile import rules as reconcile_rules
from corridor.journey.reconcile.facts import reconcile_facts
from corridor.journey.register import orders as register
from corridor.journey.register import rules as register_rules
from corridor.journey.register.refusals import MERGED_INTO
from corridor.journey.versions import orders as versions
from corridor.journey.versions import rules as version_rules
from corridor.journey.versions.facts import version_facts
from corridor.ledger.event import Draft

Order: TypeAlias = (
    register.Order
    | clear.Order
    | cross.Order
    | care.CareOrder
    | documents.DocumentOrder
    | move.MoveOrder
    | move.IssuePlan
    | arrive.ArriveOrder
    | reconcile.ReconcileOrder
    | devices.DeviceOrder
    | versions.VersionOrder
    | issuing.IssuingOrder
)
"""Every order there is, of every stage."""


def decide(
    order: Order, board: Board, now: Moment, users: frozenset[UserId] | None = None
) -> tuple[Draft, ...] | Refusal:
    """The drafts that carry out an order at `now`, for the writer to record, or why it may not be done.

    The board is headquarters' as it is now: an order is decided by what is known, never by what is guessed. `users` are
    who works here now; None: the users of the operation file.
    """
    if (refusal := _of_merged(order, board)) is not None:
        return refusal
    if isinstance(order, register.Order):
        return register_rules.decide(order, register_facts(board, order), now)
    if isinstance(order, clear.Order):
        return clear.decide(order, clear_facts(board, order), now)
    if isinstance(order, cross.Order):
        return cross.decide(order, cross_facts(board, order, now), now)
    if isinstance(order, care.CareOrder):
        state = board.everybody.care.get(order.person, CareState())
        return care.decide(order, care.CareFacts(state=state), now)
    if isinstance(order, documents.DocumentOrder):
        return documents.decide(order, document_facts(board, order), now)
    if isinstance(order, move.IssuePlan):
        return _issued(order, board, now)
    if isinstance(order, move.MoveOrder):
        return move_rules.decide(order, move_facts(board, order, now), now)
    if isinstance(order, reconcile.ReconcileOrder):
        return reconcile_rules.decide(order, reconcile_facts(board, users), now)
    if isinstance(order, devices.DeviceOrder):
        return device_rules.decide(order, device_facts(board, order), now)
    if isinstance(order, versions.VersionOrder):
        return version_rules.decide(order, version_facts(board), now)
    if isinstance(order, issuing.IssuingOrder):
        return issuing_rules.decide(order, issuing_rules.issuing_facts(board), now)
    return arrive.decide(order, arrive_facts(board, order), now)


def _issued(order: move.IssuePlan, board: Board, now: Moment) -> tuple[Draft, ...] | Refusal:
    """What a plan sets going, the calls it takes back and those of whom it has cross: all of it, or the first no."""
    calls: list[Draft] = []
    told: tuple[cross.Call | cross.TakeCallBack, ...] = (*order.takes_back, *order.calls)
    for call in told:
        called = cross.decide(call, cross_facts(board, call, now), now)
        if isinstance(called, Refusal):
            return called
        calls += called
    decided = decide_issue(order, board, now)
    return decided if isinstance(decided, Refusal) else (*calls, *decided)


def register_facts(board: Board, order: register.Order) -> register.RegisterFacts:
    """What registration decides by: whom the order names, and whoever parties and ties join to them."""
    company, merged = board.everybody.company, board.view.merged
    named = _named(order)
    party = getattr(order, "party", None)
    beside = () if party is None else company.members(party)
    near = company.near({merged.get(person, person) for person in named} | named | set(beside))
    return register.RegisterFacts(
        states={person: board.everybody.register[person] for person in near},
        accounts={person: account for person in near if (account := board.view.account_of(person)) is not None},
        places=frozenset(place.id for place in board.operation.places),
        merged=merged,
    )


def _of_merged(order: Order, board: Board) -> Refusal | None:
    """Why an order that names a merged id may not be given: what is done is done to the human being, by the id kept."""
    if not board.view.merged or isinstance(order, register.Part):
        return None
    named = _named(order)
    for person, kept in sorted(board.view.merged.items()):
        if person in named:
            return MERGED_INTO(person=person, kept=kept)
    return None


def _named(order: Order) -> set[PersonId]:
    """Everybody an order names, in whatever field."""
    named: set[PersonId | None] = {
        getattr(order, name, None) for name in ("person", "other", "said_by", "kept", "dropped")
    }
    for name in ("persons", "members", "passengers"):
        # A new person, a passenger and a member with a role hold an id; persons are ids.
        named |= {getattr(one, "person", one[0] if isinstance(one, tuple) else one) for one in getattr(order, name, ())}
    return {person for person in named if person is not None}


def clear_facts(board: Board, order: clear.Order) -> clear.ClearFacts:
    """What clearance decides by."""
    listed = order.list if isinstance(order, clear.MatchRow | clear.UnmatchRow) else None
    return clear.ClearFacts(
        lists=board.everybody.lists,
        authorities=frozenset(authority.id for authority in board.operation.authorities),
        states=board.everybody.clear_of_all,
        row_holders={} if listed is None else board.everybody.rows_held.get(listed, {}),
    )


def cross_facts(board: Board, order: cross.Order, now: Moment) -> cross.CrossFacts:
    """What the crossing decides by; of people only those whom the order names, or the crossing that it signs."""
    everybody, operation = board.everybody, board.operation
    ruled = [operation.leg(rule.for_leg) for rule in operation.clearance_rules]
    gates = gates_of(operation)
    standings = {}
    if isinstance(order, cross.Call):
        legs = [leg.id for leg in ruled if order.gate in (leg.source, leg.target)]
        found = {person: everybody.clearance(person, leg) for leg in legs[:1] for person in order.persons}
        standings = {person: standing for person, standing in found.items() if standing is not None}
    signed = order.crossing if isinstance(order, cross.SignException) else None
    recorded = None if signed is None else board.view.book.find(signed)
    crossed = set() if recorded is None else {board.view.merged.get(one, one) for one in recorded.persons}
    named = {person for person in _named(order) | crossed if board.view.account_of(person) is not None}
    groups = tuple(dict.fromkeys(everybody.group_of[person] for person in named if person in everybody.group_of))
    whose = named.union(*groups) if isinstance(order, cross.TakeCallBack) else named
    return cross.CrossFacts(
        states={person: everybody.cross.get(person, CrossState()) for person in whose},
        standings=standings,
        groups=groups,
        out=board.people("out"),
        contradicted=frozenset() if signed is None else _contradicted(board, signed, crossed),
        ways=everybody.ways,
        places=frozenset(place.id for place in operation.places),
        gates=frozenset(gates),
        crossings=crossings_of(operation, gates),
        legs=frozenset(leg.id for leg in operation.legs),
        today=datetime_of(now, operation.as_of_zone).date(),
    )


def crossings_of(operation: Operation, gates: Collection[PlaceId]) -> dict[PlaceId, tuple[PlaceId, PlaceId]]:
    """From where to where people go at each gate: by the first leg with a rule of clearance that ends there, else by
    the first leg out of danger that does; a gate of neither is left out."""
    ruled = [operation.leg(rule.for_leg) for rule in operation.clearance_rules]
    ways_out = [
        leg for leg in operation.legs if not operation.place(leg.source).out and operation.place(leg.target).out
    ]
    found: dict[PlaceId, tuple[PlaceId, PlaceId]] = {}
    for leg in (*ruled, *ways_out):
        for end in (leg.target, leg.source):
            if end in gates:
                found.setdefault(end, (leg.source, leg.target))
    return found


def gates_of(operation: Operation) -> tuple[PlaceId, ...]:
    """The operation's gates, in the order of its places: a place with a gate's service or role, or an end of a leg that
    has a rule of clearance."""
    gates = {place.id for place in operation.places_of("gate")}
    gates |= {station.place for station in operation.stations if station.service == "gate"}
    gates |= {
        end
        for rule in operation.clearance_rules
        for leg in (operation.leg(rule.for_leg),)
        for end in (leg.source, leg.target)
    }
    return tuple(place.id for place in operation.places if place.id in gates)


def document_facts(board: Board, order: documents.DocumentOrder) -> documents.DocumentFacts:
    """What documents decide by; a witness is a citizen in the book, and not the person."""
    own, register = board.operation.eligibility.own_citizenships, board.everybody.register
    asked = set(order.witnesses) - {order.person} if isinstance(order, documents.DrawUpPaper) else set()
    citizens = {one for one in asked if one in register and set(own) & set(register[one].citizenships)}
    return documents.DocumentFacts(
        state=board.everybody.documents.get(order.person, DocumentState()),
        witnesses=len(citizens),
        permit_hours={permit.id: permit.hours for permit in board.operation.permits},
    )


def arrive_facts(board: Board, order: arrive.ArriveOrder) -> arrive.ArriveFacts:
    """What arrival decides by; of people only those whom the order names and who belong with them."""
    everybody = board.everybody
    named = set(getattr(order, "persons", ())) | {one for one in (getattr(order, "person", None),) if one is not None}
    groups = tuple(dict.fromkeys(everybody.group_of[person] for person in named if person in everybody.group_of))
    named |= {person for group in groups for person in group}
    accounts = {person: board.view.account_of(person) for person in named}
    facts = arrive.ArriveFacts(
        states={person: everybody.arrive.get(person, ArriveState()) for person in named},
        accounts={person: account for person, account in accounts.items() if account is not None},
        groups=groups,
    )
    if not isinstance(order, arrive.Place) or order.shelter not in everybody.beds:
        return facts
    here = everybody.shelters.get(order.shelter)
    free = everybody.beds[order.shelter] if here is None else here.free
    nearest = nearest_with_room(board.operation, order.shelter, len(order.persons), everybody.shelters)
    return replace(
        facts,
        free_places=free,
        nearest=None if nearest is None else nearest.place,
        nearest_free=None if nearest is None else nearest.free,
    )


def _contradicted(board: Board, crossing: EventId, persons: Collection[PersonId]) -> frozenset[EventId]:
    """The crossing of these people, when it stands against a rule of clearance and nobody has signed for it."""
    no_gates = Ways(hazards=(), gates={}, unreadable=())
    for person, one in crossed_people(board.everybody, persons).items():
        only = tuple(each for each in one.cross.crossings if each.event == crossing)
        if only and cross_findings({person: replace(one, cross=replace(one.cross, crossings=only))}, no_gates):
            return frozenset((crossing,))
    return frozenset()
