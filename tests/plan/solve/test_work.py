"""How long the solver works: as long as it was told, by the clock or by steps, and no step too far."""

from __future__ import annotations

import subprocess
import sys

from corridor.plan.generate import generate
from corridor.plan.reading import written
from corridor.plan.solve.solving import solve
from corridor.plan.solve.work import STEPS_OF_A_PART, Work


class Watch:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds so far."""
        return self.now


def work_of(seconds: float, limit: int | None = None) -> tuple[Work, Watch]:
    """Work that has just begun, and its clock."""
    watch = Watch()
    return Work(watch, 0.0, seconds, limit), watch


def test_time_to_finish_is_set_aside() -> None:
    """Work is over sooner by what writing and checking will take, foreseen from looking through the problem."""
    work, watch = work_of(10.0)
    watch.now = 0.1
    work.looked_through(0.0)
    watch.now = 9.1
    assert not work.over()
    watch.now = 9.3
    assert work.over()


def test_no_part_is_begun_that_would_not_end() -> None:
    """After a part that could not be asked for two seconds none is begun, nor gone on with, when less than that is
    left; smaller things are."""
    work, watch = work_of(10.0)
    asks = work.within()
    watch.now = 2.0
    assert not asks()
    watch.now = 7.0
    assert not work.closing()
    watch.now = 8.5
    assert work.closing()
    assert asks()
    assert not work.over()


def test_a_part_ends_by_steps_too() -> None:
    """With a limit of steps a part is long enough after its steps, whatever the clock says."""
    work, watch = work_of(10.0, limit=10 * STEPS_OF_A_PART)
    asks = work.within()
    watch.now = 1e6
    assert not work.closing()
    assert [asks() for _ in range(STEPS_OF_A_PART)].count(True) <= 1
    assert asks()
    assert not work.over()


def test_the_same_work_gives_the_same_bytes_on_a_busy_machine() -> None:
    """Problem, seed and limit decide the plan to the byte, integer programs and all, also when others take the
    processor away."""
    problem = generate(60, 5, "tight", "scarce")

    def bytes_of() -> bytes:
        return written(solve(problem, seconds=0.0, seed=3, clock=lambda: 0.0, work_limit=400))

    quiet = bytes_of()
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        assert bytes_of() == quiet
    finally:
        other.kill()
        other.wait()
