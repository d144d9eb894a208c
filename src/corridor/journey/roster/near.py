"""Who somebody at a place may meet: people within one leg of it, and those aboard between."""

from __future__ import annotations

from collections.abc import Set

from corridor.base.ids import AccountId, LegId, PersonId, PlaceId
from corridor.journey.board.board import Board
from corridor.ledger.accounts import ENDS, MERGED, SUSPENSE, aboard_account, end_account, place_account


def accounts_near(board: Board, place: PlaceId) -> Set[AccountId]:
    """The accounts within one leg of a place. Suspense is near everywhere: nobody knows where those people stand."""
    legs = [leg for leg in board.operation.legs if place in (leg.source, leg.target)]
    places = {place} | {leg.source for leg in legs} | {leg.target for leg in legs}
    near = {place_account(one) for one in places} | {SUSPENSE}
    between = legs_near(board, place)
    near |= {aboard_account(one.movement) for one in board.movements if one.leg is None or one.leg in between}
    if board.operation.place(place).role in ("home", "shelter"):
        near |= {end_account(end) for end in ENDS}  # who is received or handed over is still theirs to follow up
    return near


def legs_near(board: Board, place: PlaceId | None) -> Set[LegId]:
    """The legs that begin or end at a place; all of them for one who travels."""
    return frozenset(leg.id for leg in board.operation.legs if place is None or place in (leg.source, leg.target))


def people_near(board: Board, place: PlaceId | None) -> Set[PersonId]:
    """Who somebody at a place may meet; of no place everybody whose road has not ended."""
    accounts: Set[AccountId]
    if place is None or not board.operation.has_place(place):
        accounts = board.view.accounts().keys() - {MERGED, *map(end_account, ENDS)}
    else:
        accounts = accounts_near(board, place)
    return frozenset().union(*(board.view.inside(account) for account in accounts))
