"""What may be done about the crossing: an order and the facts become drafts of events, or a no."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from corridor.base.ids import EventId, HazardId, LegId, ListId, PersonId, PlaceId, PlanId, UserId
from corridor.base.moments import Moment, iso
from corridor.base.refusal import Refusal
from corridor.journey.clear.standing import Standing
from corridor.journey.cross import events as happened
from corridor.journey.cross import refusals as no
from corridor.journey.cross.events import CallChannel, HazardType, TakenBackReason, TurnedBackReason
from corridor.journey.cross.hazards import Ways
from corridor.journey.cross.state import Crossing, CrossState
from corridor.journey.kinds import draft
from corridor.journey.register.refusals import NO_REASON, NOT_REGISTERED, UNKNOWN_PLACE
from corridor.journey.register.rules import Answer, check_named, listed
from corridor.ledger.accounts import place_account


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Tell people to come to a gate on a day; or, with a plan, call those whom it has cross there."""

    by: UserId
    persons: tuple[PersonId, ...]
    gate: PlaceId
    for_date: date
    by_channel: CallChannel | None = None  # None: not known
    there_at: Moment | None = None  # None: no hour is named
    plan: PlanId | None = None  # the plan that is issued and calls them; None: they are told


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCallBack:
    """Take back people's calls to a gate for a day, whoever called them: they must not come."""

    by: UserId
    persons: tuple[PersonId, ...]
    gate: PlaceId
    for_date: date
    why: TakenBackReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TellNotToCome:
    """Record that people whose call was taken back were told so."""

    by: UserId
    persons: tuple[PersonId, ...]
    gate: PlaceId
    for_date: date
    by_channel: CallChannel | None = None  # None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAtGate:
    """Record that people stand at a gate, as headquarters was told."""

    by: UserId
    persons: tuple[PersonId, ...]
    gate: PlaceId
    at: Moment | None = None  # None: now


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCrossing:
    """Record that people went through a gate, cleared or not; what stands against a rule is found afterwards."""

    by: UserId
    persons: tuple[PersonId, ...]
    gate: PlaceId
    list: ListId | None = None  # None: no list is named
    vehicle: str | None = None  # None: on foot, or not known
    at: Moment | None = None  # None: now


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnBack:
    """Record that people were at a gate and did not go through."""

    by: UserId
    persons: tuple[PersonId, ...]
    gate: PlaceId
    why: TurnedBackReason
    at: Moment | None = None  # None: now


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSighting:
    """Record that people were seen at a place, however they came there."""

    by: UserId
    persons: tuple[PersonId, ...]
    place: PlaceId
    where: str | None = None  # in words; None: nothing more than the place
    at: Moment | None = None  # None: now


@dataclass(frozen=True, slots=True, kw_only=True)
class SignException:
    """Answer, as a second person, for a crossing that stands against a rule of clearance."""

    by: UserId
    crossing: EventId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGate:
    """Record that a gate lets people through."""

    by: UserId
    gate: PlaceId
    reason: str | None = None  # None: none given


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseGate:
    """Record that a gate lets nobody through."""

    by: UserId
    gate: PlaceId
    reason: str | None = None  # None: none given


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginHazard:
    """Record that something is in the way from now on; with neither place nor leg it is everywhere."""

    by: UserId
    hazard: HazardId
    type: HazardType
    place: PlaceId | None = None
    leg: LegId | None = None
    until: Moment | None = None  # None: no end is known


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHazard:
    """Record that a hazard is over."""

    by: UserId
    hazard: HazardId


AtTheGate = RecordAtGate | RecordCrossing | TurnBack | RecordSighting
Order = Call | TakeCallBack | TellNotToCome | AtTheGate | SignException | OpenGate | CloseGate | BeginHazard | EndHazard


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossFacts:
    """What a rule of the crossing needs to know.

    `states` holds everybody named, whoever must travel with people whose call is taken back, and everybody of the
    crossing that is to be signed; `standings` the clearance, for
    the gate's leg on the day of the call, of who needs one; `groups` the travel groups of registration; `out` who has
    left the danger; `contradicted` the crossings that stand against a rule of clearance and are not signed; `crossings`
    from where to where people go at each gate; `today` is the day in the operation's zone.
    """

    states: Mapping[PersonId, CrossState]
    standings: Mapping[PersonId, Standing]
    groups: tuple[frozenset[PersonId], ...]
    out: Set[PersonId]
    contradicted: frozenset[EventId]
    ways: Ways
    places: frozenset[PlaceId]
    gates: frozenset[PlaceId]
    crossings: Mapping[PlaceId, tuple[PlaceId, PlaceId]]
    legs: frozenset[LegId]
    today: date


def decide(order: Order, facts: CrossFacts, now: Moment) -> Answer:
    """The drafts that carry out the order at `now`, or why it may not be done."""
    return _RULES[type(order)](order, facts, now)


def _no_such_call(order: Call | TakeCallBack | TellNotToCome, facts: CrossFacts) -> Refusal | None:
    """Why nobody can be called so, nor a call of that kind taken back: people, gate or day are none."""
    if (refusal := check_named(order.persons)) is not None:
        return refusal
    if order.gate not in facts.gates:
        return no.UNKNOWN_GATE(gate=order.gate)
    if order.for_date < facts.today:
        return no.DAY_PASSED(for_date=order.for_date.isoformat(), today=facts.today.isoformat())
    missing = [person for person in order.persons if person not in facts.states]
    if missing:
        return NOT_REGISTERED(persons=listed(missing))
    return None


def _call(order: Call, facts: CrossFacts, now: Moment) -> Answer:
    if (refusal := _no_such_call(order, facts)) is not None:
        return refusal
    crossed = [person for person in order.persons if facts.states[person].crossings or person in facts.out]
    if crossed:
        return no.ALREADY_CROSSED(persons=listed(crossed))
    not_cleared = [
        person for person in order.persons if person in facts.standings and facts.standings[person].value != "cleared"
    ]
    if not_cleared:
        return no.NOT_CLEARED(gate=order.gate, persons=listed(not_cleared))
    called = frozenset(order.persons)
    left = frozenset().union(*(group - called - facts.out for group in facts.groups if group & called))
    if left:
        return no.CALL_SPLITS_PARTY(left=listed(left))
    body = happened.Called(
        gate=order.gate,
        for_date=order.for_date.isoformat(),
        by_channel=order.by_channel,
        there_at=order.there_at,
        plan=order.plan,
    )
    return (draft(happened.CALLED, body, at=now, by=order.by, persons=order.persons),)


def _of_a_call(order: TakeCallBack | TellNotToCome, facts: CrossFacts, now: Moment) -> Answer:
    """What taking a call back and telling it have in common: people who were called there, for a day to come."""
    if (refusal := _no_such_call(order, facts)) is not None:
        return refusal
    calls = {person: facts.states[person].call_for(order.gate, order.for_date) for person in order.persons}
    told = {"gate": order.gate, "for_date": order.for_date.isoformat()}
    uncalled = [person for person, call in calls.items() if call is None]
    if uncalled:
        return no.NOT_CALLED(**told, persons=listed(uncalled))
    standing = frozenset(person for person, call in calls.items() if call is not None and call.taken_back is None)
    if isinstance(order, TellNotToCome):
        if standing:
            return no.NOT_TAKEN_BACK(**told, persons=listed(sorted(standing)))
        not_to_come = happened.ToldNotToCome(gate=order.gate, for_date=told["for_date"], by_channel=order.by_channel)
        return (draft(happened.TOLD_NOT_TO_COME, not_to_come, at=now, by=order.by, persons=order.persons),)
    if (refusal := _taking_back(order, facts, standing)) is not None:
        return refusal
    taken_back = happened.CallTakenBack(gate=order.gate, for_date=told["for_date"], why=order.why)
    return (draft(happened.CALL_TAKEN_BACK, taken_back, at=now, by=order.by, persons=order.persons),)


def _taking_back(order: TakeCallBack, facts: CrossFacts, standing: frozenset[PersonId]) -> Refusal | None:
    """Why these calls may not be taken back; None: they may. `standing` are those of the order whose call stands."""
    uncalled = [person for person in order.persons if person not in standing]
    if uncalled:
        return no.NOT_CALLED(gate=order.gate, for_date=order.for_date.isoformat(), persons=listed(uncalled))
    crossed = [person for person in order.persons if facts.states[person].crossings or person in facts.out]
    if crossed:
        return no.ALREADY_CROSSED(persons=listed(crossed))
    there = [person for person in order.persons if stands_at(facts.states[person], order.gate)]
    if there:
        return no.STANDS_AT_GATE(gate=order.gate, persons=listed(there))
    together = frozenset().union(*(group for group in facts.groups if group & standing))
    left, gate_day = together - standing - facts.out, (order.gate, order.for_date)
    called = [one for one in sorted(left) if one in facts.states and facts.states[one].is_called(*gate_day)]
    return no.TAKING_BACK_SPLITS_PARTY(left=listed(called)) if called else None


def stands_at(state: CrossState, gate: PlaceId) -> bool:
    """Whether the last that is known of somebody is that they are at the gate; a call made since does not count."""
    arrived = max((one.at for one in state.arrivals if one.gate == gate), default=None)
    left = max((one.at for one in state.turned_back), default=None)
    called = max((one.at for one in state.standing_calls if one.gate == gate), default=None)
    return arrived is not None and all(one is None or one < arrived for one in (left, called))


def _at_the_gate(order: AtTheGate, facts: CrossFacts, now: Moment) -> Answer:
    """What the four records have in common: people of the book, a gate or place of the operation, a time that was."""
    if (refusal := check_named(order.persons)) is not None:
        return refusal
    if isinstance(order, RecordSighting):
        if order.place not in facts.places:
            return UNKNOWN_PLACE(place=order.place)
    elif order.gate not in facts.gates:
        return no.UNKNOWN_GATE(gate=order.gate)
    missing = [person for person in order.persons if person not in facts.states]
    if missing:
        return NOT_REGISTERED(persons=listed(missing))
    if order.at is not None and order.at > now:
        return no.NOT_YET(at=iso(order.at))
    at = now if order.at is None else order.at
    match order:
        case RecordCrossing():
            return _cross(order, facts, at)
        case RecordAtGate():
            arrived = happened.AtGate(gate=order.gate)
            return (draft(happened.AT_GATE, arrived, at=at, by=order.by, persons=order.persons),)
        case TurnBack():
            turned = happened.TurnedBack(gate=order.gate, why=order.why)
            return (draft(happened.TURNED_BACK, turned, at=at, by=order.by, persons=order.persons),)
        case RecordSighting():
            seen, there = happened.Sighted(where=order.where), place_account(order.place)
            return (draft(happened.SIGHTED, seen, at=at, by=order.by, persons=order.persons, target=there),)


def _cross(order: RecordCrossing, facts: CrossFacts, at: Moment) -> Answer:
    if order.gate not in facts.crossings:
        return no.NO_WAY_THERE(gate=order.gate)
    crossed = [person for person in order.persons if facts.states[person].crossings]
    if crossed:
        return no.ALREADY_CROSSED(persons=listed(crossed))
    source, target = facts.crossings[order.gate]
    return (
        draft(
            happened.CROSSED,
            happened.Crossed(gate=order.gate, list=order.list, vehicle=order.vehicle),
            at=at,
            by=order.by,
            persons=order.persons,
            source=place_account(source),
            target=place_account(target),
        ),
    )


def _sign_exception(order: SignException, facts: CrossFacts, now: Moment) -> Answer:
    if not order.why.strip():
        return NO_REASON()
    found: dict[PersonId, Crossing] = {
        person: crossing
        for person, state in sorted(facts.states.items())
        for crossing in state.crossings
        if crossing.event == order.crossing
    }
    if not found:
        return no.NO_SUCH_CROSSING(crossing=order.crossing)
    crossing = next(iter(found.values()))
    if crossing.by == order.by:
        return no.SIGNED_BY_RECORDER(by=order.by, crossing=order.crossing)
    if any(signature.by == order.by for signature in crossing.signatures):
        return no.ALREADY_SIGNED(by=order.by, crossing=order.crossing)
    if order.crossing not in facts.contradicted:
        return no.NEEDS_NO_EXCEPTION(crossing=order.crossing)
    body = happened.ExceptionSigned(crossing=str(order.crossing), why=order.why)
    return (draft(happened.EXCEPTION_SIGNED, body, at=now, by=order.by, persons=tuple(found)),)


def _turn_gate(order: OpenGate | CloseGate, facts: CrossFacts, now: Moment) -> Answer:
    if order.gate not in facts.gates:
        return no.UNKNOWN_GATE(gate=order.gate)
    opens = isinstance(order, OpenGate)
    gate = facts.ways.gate_at(order.gate, now)
    if gate is not None and gate.open == opens:
        return no.GATE_ALREADY(gate=order.gate, state="open" if opens else "closed")
    if opens:
        opened = happened.GateOpened(gate=order.gate, why=order.reason)
        return (draft(happened.GATE_OPENED, opened, at=now, by=order.by),)
    closed = happened.GateClosed(gate=order.gate, why=order.reason)
    return (draft(happened.GATE_CLOSED, closed, at=now, by=order.by),)


def _begin_hazard(order: BeginHazard, facts: CrossFacts, now: Moment) -> Answer:
    if any(hazard.id == order.hazard for hazard in facts.ways.hazards):
        return no.HAZARD_ID_TAKEN(hazard=order.hazard)
    if order.place is not None and order.place not in facts.places:
        return UNKNOWN_PLACE(place=order.place)
    if order.leg is not None and order.leg not in facts.legs:
        return no.UNKNOWN_LEG(leg=order.leg)
    if order.until is not None and order.until <= now:
        return no.HAZARD_ENDS_BEFORE(until=iso(order.until))
    body = happened.HazardBegan(
        hazard=order.hazard, type=order.type, place=order.place, leg=order.leg, until=order.until
    )
    return (draft(happened.HAZARD_BEGAN, body, at=now, by=order.by),)


def _end_hazard(order: EndHazard, facts: CrossFacts, now: Moment) -> Answer:
    hazard = next((one for one in facts.ways.hazards if one.id == order.hazard), None)
    if hazard is None:
        return no.NO_SUCH_HAZARD(hazard=order.hazard)
    if hazard.span.until is not None and hazard.span.until <= now:
        return no.HAZARD_OVER(hazard=order.hazard, ended=iso(hazard.span.until))
    return (draft(happened.HAZARD_ENDED, happened.HazardEnded(hazard=order.hazard), at=now, by=order.by),)


_RULES: Mapping[type, Callable[[Any, CrossFacts, Moment], Answer]] = {
    Call: _call,
    TakeCallBack: _of_a_call,
    TellNotToCome: _of_a_call,
    RecordAtGate: _at_the_gate,
    RecordCrossing: _at_the_gate,
    TurnBack: _at_the_gate,
    RecordSighting: _at_the_gate,
    SignException: _sign_exception,
    OpenGate: _turn_gate,
    CloseGate: _turn_gate,
    BeginHazard: _begin_hazard,
    EndHazard: _end_hazard,
}
