"""The process beside headquarters that makes plans: a task on its input, news and the answer on its output.

A process of its own, so that no page waits for a solver. It stops when it is told to, with the best plan so far, and
ends with its input, so that none is left when headquarters is killed.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import BinaryIO

from msgspec.structs import replace

from corridor.hq.planning.tasks import STOP, Task, Told, line, read_task
from corridor.journey.planning.counsel import counsel, settled
from corridor.plan.answer import Plan
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.explain.left_out import with_relaxations
from corridor.plan.making import Progress, make
from corridor.plan.problem import Problem
from corridor.plan.solve.solving import solve
from corridor.plan.solve.work import Clock
from corridor.plan.standby import with_standby

LESS_URGENT = 10
"""How much a page goes before a plan for the processor (nice)."""
LEAP_SECONDS = 1e6
"""By how much the clock of the work runs ahead each time it is asked, once it is to stop: every part of it is over."""
FOR_TELLING = 0.15
"""The share of the time that is kept for what would place those left out; the desk asks anew when it shows a party."""


class Stopping:
    """A clock of processor time that can be told to stop."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._leaps = 0

    def clock(self) -> float:
        """Seconds of work so far."""
        if self.stopped.is_set():
            self._leaps += 1
        return time.process_time() + self._leaps * LEAP_SECONDS

    def listen(self, commands: BinaryIO) -> None:
        """Stop when told to, and end with the input."""
        for command in commands:
            if command == STOP:
                self.stopped.set()
        os._exit(0)


def answer(task: Task, stopping: Stopping, out: BinaryIO) -> None:
    """Do a task and tell of it, as `tasks.Told` says."""

    def tell(told: Told) -> None:
        out.write(line(told))
        out.flush()

    problem, warm = task.problem, task.warm
    if task.counsel:
        assert warm is not None, "what to do with a flight is asked of a plan"
        problem = settled(problem, warm)
        for flight in problem.flights:
            if stopping.stopped.is_set():
                break

            def planner(other: Problem) -> Plan:
                return solve(other, seconds=task.seconds, seed=task.seed, clock=stopping.clock, warm=warm)

            tell(Told(seconds=time.process_time(), counsel=counsel(problem, flight.id, planner)))
        tell(Told(done=True))
        return
    tell(_made(task, stopping, tell))


def _made(task: Task, stopping: Stopping, tell: Callable[[Told], None]) -> Told:
    """The plan, proved, with standby lists and the least that would place those left out; all of it, and what a
    dispatcher would do, within the seconds of the task, counted from the beginning of the process."""
    problem, beside = task.problem, None
    if not task.small:
        first_come = dispatch(problem, "first_come")
        beside = None if check(problem, first_come) else first_come

    def better(value: float, bound: float | None) -> None:
        tell(Told(seconds=time.process_time(), value=value, bound=bound))

    plan = _planned(task, stopping.clock, better)
    plan = with_standby(problem, replace(plan, cpu_seconds=round(time.process_time(), 3)))
    broken = check(problem, plan)
    if broken:
        return Told(fault="\n".join(str(one) for one in broken[:10]))
    if not stopping.stopped.is_set():
        plan = with_relaxations(problem, plan, clock=time.process_time, until=task.seconds)
    return Told(done=True, plan=plan, first_come=beside)


def _planned(task: Task, clock: Clock, better: Progress) -> Plan:
    """The plan. A small change of an earlier one keeps the hours that it has for flights that may choose theirs, and
    then has no bound."""
    seconds = max(0.0, task.seconds * (1 - FOR_TELLING) - time.process_time())
    if not task.small or task.warm is None:
        return make(task.problem, seconds=seconds, seed=task.seed, clock=clock, warm=task.warm, progress=better)
    at_hours = settled(task.problem, task.warm)
    plan = solve(at_hours, seconds=seconds, seed=task.seed, clock=clock, warm=task.warm, progress=better)
    return plan if at_hours == task.problem else replace(plan, bound=None, gap=None)


def main() -> None:
    """Do the one task on the input, and end."""
    os.nice(LESS_URGENT)
    # What a solver prints must not get among the news.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    task = read_task(sys.stdin.buffer.readline())
    stopping = Stopping()
    threading.Thread(target=stopping.listen, args=(sys.stdin.buffer,), daemon=True).start()
    try:
        answer(task, stopping, out)
    except Exception:  # told to whoever asked, who logs it
        out.write(line(Told(fault=traceback.format_exc())))
        out.flush()
    os._exit(0)  # the thread that listens holds the input, and an orderly end would wait for it


if __name__ == "__main__":
    main()
