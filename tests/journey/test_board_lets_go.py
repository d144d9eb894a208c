"""A board that nobody uses any more is let go at once: thirty screens make a new one every few seconds."""

from __future__ import annotations

import gc
import weakref

from tests.a_road import Road

from corridor.base.moments import parse_moment
from corridor.journey.reconcile.open import open_discrepancies


def test_a_board_goes_with_the_last_who_asks_it() -> None:
    """Folded for everybody and asked for what is open, it is no part of a circle that only the collector would see."""
    road = Road()
    for person in ("anna", "boris"):
        road.register("2030-05-02T06:00Z", person)
    at = parse_moment("2030-05-02T09:00Z")
    board = road.board_at(at, at)
    for states in board.everybody.stages():
        assert states.all is not None
    assert (
        board.everybody.group_of["anna"]
        and board.everybody.groups
        and board.everybody.in_parties(board.people("registered"), 0, 9)
    )  # type: ignore[index]
    open_discrepancies(board)
    gone = weakref.ref(board), weakref.ref(board.everybody), weakref.ref(board.view)
    gc.disable()
    try:
        del board, states
        assert [one() for one in gone] == [None, None, None]
    finally:
        gc.enable()
