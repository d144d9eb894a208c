"""What reconciling is decided by, read off the board."""

from __future__ import annotations

from corridor.base.ids import UserId
from corridor.journey.board.board import Board
from corridor.journey.reconcile.open import CONFLICTS, open_discrepancies
from corridor.journey.reconcile.orders import ReconcileFacts
from corridor.journey.reconcile.roll_calls import RollCall, roll_calls
from corridor.ledger.accounts import ENDS, aboard_account, end_account, place_account


def reconcile_facts(board: Board, users: frozenset[UserId] | None = None) -> ReconcileFacts:
    """The facts on a board; `users` are who works here now, None: the users of the operation file."""
    found = open_discrepancies(board)
    places = (place_account(place.id) for place in board.operation.places)
    aboard = (aboard_account(movement.movement) for movement in board.movements)
    return ReconcileFacts(
        open={one.id: one for one in found},
        conflicts={person: one.records for one in found if one.code in CONFLICTS for person in one.persons},
        find=board.view.book.find,
        corrected=board.view.taken_back,
        accounts=frozenset((*places, *aboard, *map(end_account, ENDS))),
        users=frozenset(user.id for user in board.operation.users) if users is None else users,
        roll_calls=frozenset(one.roll_call for one in board_roll_calls(board)),
    )


def board_roll_calls(board: Board) -> tuple[RollCall, ...]:
    """Every roll call as a board knows it, red ones first."""
    found = open_discrepancies(board)
    explained = {one.id for one in found if one.explained is not None}
    return roll_calls(board.view, {one.id for one in found}, explained)
