"""What stands in the way and when: hazards on places and legs, and gates open or closed, from events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corridor.base.ids import HazardId, LegId, PlaceId
from corridor.base.moments import Moment, Span
from corridor.journey.cross import events as happened
from corridor.journey.cross.events import HazardType
from corridor.journey.reading import Unreadable, by_name, read
from corridor.ledger.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """Something in the way for a span; with neither place nor leg it is everywhere.

    The span ends when the hazard was ended, else when it is expected to; without either no end is known.
    """

    id: HazardId
    type: HazardType
    place: PlaceId | None
    leg: LegId | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSpan:
    """A gate was open, or closed, for a span; `why` None: no reason given."""

    gate: PlaceId
    open: bool
    why: str | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Every hazard, and the spans of every gate, by time."""

    hazards: tuple[Hazard, ...]
    gates: Mapping[PlaceId, tuple[GateSpan, ...]]
    unreadable: tuple[Unreadable, ...]

    def gate_at(self, gate: PlaceId, at: Moment) -> GateSpan | None:
        """The gate at a moment; None: nobody has said whether it is open."""
        return next((one for one in self.gates.get(gate, ()) if one.span.holds(at)), None)


_KINDS = by_name((happened.GATE_OPENED, happened.GATE_CLOSED, happened.HAZARD_BEGAN, happened.HAZARD_ENDED))
WAYS_KINDS = tuple(_KINDS)
"""The kinds of events that ways are made of."""


def fold_ways(events: Iterable[Event]) -> Ways:
    """Hazards and gates from their events: a pure function of the set. The first beginning of a hazard counts."""
    unreadable: list[Unreadable] = []
    began: dict[HazardId, tuple[Moment, happened.HazardBegan]] = {}
    ended: dict[HazardId, Moment] = {}
    gates: dict[PlaceId, list[GateSpan]] = {}
    for event, body in read(events, _KINDS, unreadable):
        at = event.corrected_at
        match body:
            case happened.HazardBegan():
                began.setdefault(body.hazard, (at, body))
            case happened.HazardEnded():
                ended.setdefault(body.hazard, at)
            case happened.GateOpened() | happened.GateClosed():
                spans = gates.setdefault(body.gate, [])
                now_open = isinstance(body, happened.GateOpened)
                if spans and spans[-1].open == now_open:
                    continue  # said again; the span goes on
                if spans:
                    spans[-1] = replace(spans[-1], span=Span(spans[-1].span.start, at))
                spans.append(GateSpan(gate=body.gate, open=now_open, why=body.why, span=Span(at)))
            case _:
                raise AssertionError(f"no rule for {event.kind}")
    hazards = [
        Hazard(id=hazard, type=body.type, place=body.place, leg=body.leg, span=_span(start, ended.get(hazard), body))
        for hazard, (start, body) in began.items()
    ]
    return Ways(
        hazards=tuple(sorted(hazards, key=lambda one: (one.span.start, one.id))),
        gates={gate: tuple(spans) for gate, spans in sorted(gates.items())},
        unreadable=tuple(unreadable),
    )


def _span(start: Moment, ended: Moment | None, body: happened.HazardBegan) -> Span:
    """The hazard's span; an end that two clocks put before the start makes it empty."""
    known = body.until if ended is None else ended
    return Span(start, None if known is None else max(start, known))


def hazards(events: Iterable[Event], at: Moment) -> tuple[Hazard, ...]:
    """The hazards in force at a moment, by their start."""
    return tuple(one for one in fold_ways(events).hazards if one.span.holds(at))


def gates(events: Iterable[Event], at: Moment) -> Mapping[PlaceId, GateSpan]:
    """How every gate stands at a moment; one that nobody has opened or closed by then is not here: not known."""
    ways = fold_ways(events)
    found = {gate: ways.gate_at(gate, at) for gate in ways.gates}
    return {gate: span for gate, span in found.items() if span is not None}
