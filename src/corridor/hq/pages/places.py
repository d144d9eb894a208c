"""By the clocks of which place a person's times are told: where they are, or where their movement left from."""

from __future__ import annotations

from corridor.base.ids import MovementId, PersonId, PlaceId
from corridor.journey.board.board import Board
from corridor.ledger.accounts import parts


def place_of(board: Board, person: PersonId) -> PlaceId | None:
    """Where a person is: their place, or where the movement they are aboard began; None: not known, or at an end."""
    account = board.view.account_of(person)
    if account is None:
        return None
    type_, name = parts(account)
    if type_ == "aboard":
        found = board.everybody.move.movements.get(MovementId(name))
        leg = found.leg if found is not None else None
        return board.operation.leg(leg).source if leg is not None and board.operation.has_leg(leg) else None
    return PlaceId(name) if type_ == "place" and board.operation.has_place(name) else None
