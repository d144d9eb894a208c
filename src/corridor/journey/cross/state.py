"""How far a person came at the crossing: called, at the gate, crossed, turned back, seen; from events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from corridor.base.ids import AccountId, EventId, ListId, PlaceId, PlanId, UserId, parse_event_id
from corridor.base.moments import Moment
from corridor.journey.cross import events as happened
from corridor.journey.cross.events import CallChannel, TakenBackReason, TurnedBackReason
from corridor.journey.reading import Unreadable, by_name, read
from corridor.ledger.event import Event

Step = Literal["not_called", "called", "at_gate", "turned_back", "crossed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """That a call was taken back."""

    why: TakenBackReason
    at: Moment
    told_at: Moment | None = None  # None: nobody has told them


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """That the person was told to come, or that an issued plan calls them."""

    gate: PlaceId
    for_date: date
    by_channel: CallChannel | None  # None: not known
    at: Moment
    there_at: Moment | None = None  # None: no hour was named
    plan: PlanId | None = None  # the plan that calls them; None: they were told
    taken_back: TakenBack | None = None  # None: the call stands

    @property
    def told(self) -> bool:
        """Whether somebody told them: a plan alone tells nobody."""
        return self.plan is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """That the person stood at the gate."""

    gate: PlaceId
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnBack:
    """That the person was turned back."""

    gate: PlaceId
    why: TurnedBackReason
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """That somebody answers for a crossing."""

    by: UserId
    why: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """That the person went through. `signatures` are all that name it, the recorder's own too."""

    event: EventId
    gate: PlaceId
    at: Moment
    by: UserId
    source: AccountId | None  # None: where from is not known
    target: AccountId | None  # None: a device left out where to
    list: ListId | None  # None: no list is named
    row: int | None  # None: not known
    signatures: tuple[Signature, ...]

    @property
    def signed(self) -> bool:
        """Whether a second person answers for it: whoever recorded it does not count."""
        return any(signature.by != self.by for signature in self.signatures)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossState:
    """One person at the crossing; each by time. `seen_at` None: never seen but at the gate."""

    calls: tuple[Call, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    turned_back: tuple[TurnBack, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    seen_at: Moment | None = None
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def standing_calls(self) -> tuple[Call, ...]:
        """The calls that nobody took back, by time."""
        return tuple(one for one in self.calls if one.taken_back is None)

    def call_for(self, gate: PlaceId, for_date: date) -> Call | None:
        """The last call to a gate for a day, standing or taken back; None: there was none."""
        return next((one for one in reversed(self.calls) if (one.gate, one.for_date) == (gate, for_date)), None)

    def is_called(self, gate: PlaceId, for_date: date) -> bool:
        """Whether a call to a gate for a day stands."""
        last = self.call_for(gate, for_date)
        return last is not None and last.taken_back is None

    def expects_word(self, gate: PlaceId, for_date: date) -> bool:
        """Whether they were told to come to a gate on a day, and nobody told them that the call was taken back."""
        last = self.call_for(gate, for_date)
        if last is None or last.taken_back is None:
            return False
        theirs = [one for one in self.calls if (one.gate, one.for_date) == (gate, for_date) and one.told]
        return any(one.taken_back is not None and one.taken_back.told_at is None for one in theirs)

    @property
    def step(self) -> Step:
        """The last that is known; who has crossed stays so whatever was recorded before and came in later."""
        last: list[tuple[Moment, int, Step]] = [
            *((one.at, 1, "called") for one in self.standing_calls),
            *((one.at, 2, "at_gate") for one in self.arrivals),
            *((one.at, 3, "turned_back") for one in self.turned_back),
            *((one.at, 4, "crossed") for one in self.crossings),
        ]
        return max(last)[2] if last else "not_called"


_KINDS = by_name(happened.KINDS)


def fold(events: Iterable[Event]) -> CrossState:
    """How far one person came at the crossing, from everything that names them: a pure function of the set.

    A signature may come in before the crossing it is about, and names the same people.
    """
    unreadable: list[Unreadable] = []
    calls: list[Call] = []
    arrivals: list[Arrival] = []
    turned_back: list[TurnBack] = []
    crossed: list[tuple[Event, happened.Crossed]] = []
    signatures: dict[EventId, list[Signature]] = {}
    seen_at: Moment | None = None
    for event, body in read(events, _KINDS, unreadable):
        at = event.corrected_at
        match body:
            case happened.Called():
                for_date = date.fromisoformat(body.for_date)
                calls.append(
                    Call(
                        gate=body.gate,
                        for_date=for_date,
                        by_channel=body.by_channel,
                        at=at,
                        there_at=body.there_at,
                        plan=body.plan,
                    )
                )
            case happened.CallTakenBack():
                for turn in _of_day(calls, body):
                    calls[turn] = _taken_back(calls[turn], TakenBack(why=body.why, at=at))
            case happened.ToldNotToCome():
                for turn in _of_day(calls, body):
                    calls[turn] = _told(calls[turn], at)
            case happened.AtGate():
                arrivals.append(Arrival(gate=body.gate, at=at))
            case happened.TurnedBack():
                turned_back.append(TurnBack(gate=body.gate, why=body.why, at=at))
            case happened.Crossed():
                crossed.append((event, body))
            case happened.ExceptionSigned():
                signature = Signature(by=event.by, why=body.why, at=at)
                signatures.setdefault(parse_event_id(body.crossing), []).append(signature)
            case happened.Sighted():
                seen_at = at
            case happened.GateOpened() | happened.GateClosed() | happened.HazardBegan() | happened.HazardEnded():
                pass  # about nobody; an event that names people all the same says nothing about them
            case _:
                raise AssertionError(f"no rule for {event.kind}")
    return CrossState(
        calls=tuple(calls),
        arrivals=tuple(arrivals),
        turned_back=tuple(turned_back),
        crossings=tuple(_crossing(event, body, tuple(signatures.get(event.id, ()))) for event, body in crossed),
        seen_at=seen_at,
        unreadable=tuple(sorted(unreadable, key=lambda one: one.event)),
    )


def _of_day(calls: list[Call], body: happened.CallTakenBack | happened.ToldNotToCome) -> list[int]:
    """The calls so far to the gate for the day of the record, by their turns."""
    asked = (body.gate, date.fromisoformat(body.for_date))
    return [turn for turn, one in enumerate(calls) if (one.gate, one.for_date) == asked]


def _taken_back(call: Call, taken_back: TakenBack) -> Call:
    """The call as taken back; the first word holds."""
    return call if call.taken_back is not None else replace(call, taken_back=taken_back)


def _told(call: Call, at: Moment) -> Call:
    """The call, if it was taken back, as told so; a call that stands stays as it is."""
    taken_back = call.taken_back
    if taken_back is None or taken_back.told_at is not None:
        return call
    return replace(call, taken_back=replace(taken_back, told_at=at))


def _crossing(event: Event, body: happened.Crossed, signatures: tuple[Signature, ...]) -> Crossing:
    return Crossing(
        event=event.id,
        gate=body.gate,
        at=event.corrected_at,
        by=event.by,
        source=event.source,
        target=event.target,
        list=body.list,
        row=body.row,
        signatures=signatures,
    )
