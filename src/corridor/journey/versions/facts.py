"""What orders about versions are decided by, from a board."""

from __future__ import annotations

from corridor.base.ids import PlaceId
from corridor.journey.board.board import Board
from corridor.journey.versions.orders import VersionFacts
from corridor.journey.versions.state import versions_of
from corridor.ledger.accounts import parts


def version_facts(board: Board) -> VersionFacts:
    """The versions as known, the places that hold people, the legs of movements that are not over."""
    trust = board.view.book.intake.trust
    held = (parts(account) for account in board.view.accounts())
    moving = (one for one in board.movements if one.leg is not None and one.state not in ("arrived", "cancelled"))
    return VersionFacts(
        name=board.operation.name,
        headquarters=trust.root_device,
        versions=versions_of(board.view.book, board.known, trust.root_device),
        occupied=frozenset(PlaceId(name) for type_, name in held if type_ == "place"),
        used_legs=frozenset(one.leg for one in moving if one.leg is not None),
    )
