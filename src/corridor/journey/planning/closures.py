"""What is closed on the road at the board's moment, and until when as far as anybody knows."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from corridor.base.ids import LegId, PlaceId
from corridor.journey.board.board import Board
from corridor.journey.planning.clock import PlanClock
from corridor.journey.planning.road import Road
from corridor.plan.problem import GateHours, Leg, Window

CLOSING = frozenset({"closed", "curfew", "road_cut"})
"""The hazards that nobody passes."""


def with_closures(board: Board, road: Road, clock: PlanClock) -> Road:
    """The road with gates and legs shut as long as a hazard in force shuts them; where nobody knows the end, to the end
    of the plan. A gate that has closed for the day opens again by its hours."""
    gates = tuple(
        msgspec.structs.replace(gate, hours=_open_after(gate.hours, _shut(board, clock, road.crossings[gate.id].id)))
        for gate in road.gates
    )
    legs = tuple(_with_closed(leg, _shut(board, clock, leg.id, leg.source, leg.target)) for leg in road.legs)
    return replace(road, gates=gates, legs=legs)


def _shut(board: Board, clock: PlanClock, leg: LegId, *places: PlaceId) -> int:
    """The minute until which a leg, or a place it joins, is shut; 0: it is not."""
    shut = 0
    for hazard in board.hazards:
        if hazard.type in CLOSING and (hazard.leg == leg or (hazard.place is not None and hazard.place in places)):
            until = hazard.span.until
            shut = max(shut, clock.minutes if until is None else clock.minute(until))
    return min(shut, clock.minutes)


def _open_after(hours: tuple[GateHours, ...], shut: int) -> tuple[GateHours, ...]:
    return tuple(
        msgspec.structs.replace(one, from_minute=max(one.from_minute, shut)) for one in hours if one.until_minute > shut
    )


def _with_closed(leg: Leg, shut: int) -> Leg:
    return msgspec.structs.replace(leg, closed=(Window(from_minute=0, until_minute=shut),)) if shut else leg
