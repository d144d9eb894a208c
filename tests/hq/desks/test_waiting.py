"""The applications of a board that was kept up, and those made from everybody, are the same applications."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.journey.test_board_kept_up import MINUTE, START, happen, peopled, steps


@settings(max_examples=12, deadline=None)
@given(st.lists(steps, min_size=4, max_size=24), st.integers(1, 4), st.integers(0, 24))
def test_applications_kept_up_are_those_made_from_everybody(
    django: None, happened: list[tuple[str, str, str, str]], every: int, back: int
) -> None:
    """Whatever is recorded, now and at an earlier time: the same applications, and as many of each age as counted."""
    from corridor.hq.desks.register.waiting import (  # noqa: PLC0415 - the settings are not ready before
        KeptApplications,
        counts,
        queue,
    )

    road = peopled()
    for number, step in enumerate(happened):
        happen(road, number, *step)
        if number % every == 0 or number == len(happened) - 1:
            now = START + number * 7 * MINUTE
            for at in (now, max(START, now - back * 7 * MINUTE)):
                board = road.board_at(at, now)  # type: ignore[arg-type]
                anew = KeptApplications().bring_up(board)
                waiting = queue(board)
                assert {one.key: one for one in waiting} == anew
                assert sorted(person for one in waiting for person in one.people) == sorted(
                    board.people("applications_open")
                )
                counted = counts(board)
                assert counted["all"] == len(waiting) == counted["fresh"] + counted["soon"] + counted["late"]
                assert counted["late"] == sum(one.standing == "late" for one in waiting)
