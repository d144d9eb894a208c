"""What a phone must know of the road near its place: places, legs, authorities, custodians, movements."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from corridor.base.ids import PlaceId
from corridor.base.moments import DAY_MS
from corridor.journey.board.board import Board
from corridor.journey.move.state import Movement
from corridor.journey.roster.near import legs_near

ARRIVED_SHOWN_MS = DAY_MS
"""How long after its arrival a movement is still told: people may yet be seen alighting."""


def instructions(board: Board, place: PlaceId | None) -> dict[str, Any]:
    """The facts of docs/reference/exchange.md, with a `digest` by which a phone tells whether it has them."""
    operation, near = board.operation, legs_near(board, place)
    movements = [one for one in board.everybody.move.movements.values() if _is_told(board, one)]
    facts: dict[str, Any] = {
        "places": [
            {"id": one.id, "names": dict(one.names), "role": one.role, "zone": one.zone} for one in operation.places
        ],
        "legs": [
            {"id": one.id, "source": one.source, "target": one.target, "mode": one.mode} for one in operation.legs
        ],
        "authorities": [{"id": one.id, "names": dict(one.names)} for one in operation.authorities],
        "custodians": [{"id": one.id, "names": dict(one.names), "place": one.place} for one in operation.custodians],
        "movements": [
            _movement(one)
            for one in sorted(movements, key=lambda one: one.movement)
            if one.leg is None or one.leg in near
        ],
    }
    return {"digest": sha256(msgspec.json.encode(facts)).hexdigest()[:16], **facts}


def _is_told(board: Board, movement: Movement) -> bool:
    if movement.status == "arrived":
        return movement.arrived_at is not None and board.at - movement.arrived_at < ARRIVED_SHOWN_MS
    return movement.status != "cancelled"


def _movement(movement: Movement) -> dict[str, Any]:
    return {
        "id": movement.movement,
        "name": movement.name or movement.movement,
        "leg": movement.leg,
        "status": movement.status,
        "departs_at": movement.departs_at,
        "arrives_at": movement.arrives_at,
        "vehicles": [{"id": one.vehicle, "seats": one.seats, "type": one.type} for one in movement.vehicles],
        "planned": len(movement.planned),
        "boarded": len(movement.boarded),
    }
