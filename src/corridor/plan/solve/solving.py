"""`solve`: the best plan that can be found in the time there is, and how much better any plan could be."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from corridor.plan.answer import Plan
from corridor.plan.problem import Problem
from corridor.plan.solve.bound import bound, clean
from corridor.plan.solve.classes import Classes, classes
from corridor.plan.solve.dive import Dive
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flow import Flow, build
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.realise import realise, settle
from corridor.plan.solve.shake import shake
from corridor.plan.solve.warm import taken_over
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write

Clock = Callable[[], float]
"""Seconds of work so far, from any beginning: processor time, for a solver that shares its machine."""

Progress = Callable[[float, float | None], None]
"""Told the best value so far and the bound (None: none yet), whenever one of them gets better."""


@dataclass(slots=True)
class Work:
    """How much work there is still to do: seconds by a clock, or a number of steps, which is the same everywhere."""

    clock: Clock
    began: float
    seconds: float
    limit: int | None
    done: int = 0

    def over(self, share: float = 1.0) -> bool:
        """Whether so large a share of all work is done; each asking is a step of work."""
        self.done += 1
        if self.limit is not None:
            return self.done >= self.limit * share
        return self.clock() - self.began >= self.seconds * share


class Best:
    """The best draft so far and the bound, told on."""

    def __init__(self, draft: Draft, worth: Worth, progress: Progress | None) -> None:
        self.draft, self.worth, self.progress = draft, worth, progress
        self.value = worth.whole(draft)
        self.kept = draft.kept()
        self.bound: float | None = None

    def better(self) -> bool:
        """Keep the draft as it is now if it is better than the best."""
        value = self.worth.whole(self.draft)
        if value >= self.value - 1e-9:
            return False
        self.value, self.kept = value, self.draft.kept()
        self._tell()
        return True

    def above(self, found: float) -> None:
        """No plan is below `found`."""
        if self.bound is None or found > self.bound:
            self.bound = found
            self._tell()

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.value, self.bound)


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    clock: Clock,
    warm: Plan | None = None,
    progress: Progress | None = None,
    work_limit: int | None = None,
) -> Plan:
    """A plan for a problem without faults, the best found within `seconds` of the clock, with its bound.

    With `work_limit` the clock is not asked: the same problem, seed and limit give the same plan. `warm` is an earlier
    plan to begin from; what of it does not fit any more is planned anew.
    """
    began = clock()
    work = Work(clock, began, seconds, work_limit)
    frame = Frame(problem)
    worth = Worth(frame)
    draft = Draft(frame)
    ways = Ways(draft, worth)
    if warm is not None:
        taken_over(draft, ways, warm)
    refill_all(draft, ways)
    best = Best(draft, worth, progress)
    of = classes(frame)
    flow = build(frame, worth, of)
    if frame.units and not work.over():
        improve(best, of, flow, work, random.Random(seed), anew=warm is None)
    draft.back_to(best.kept)
    return write(draft, bound=best.bound, seed=seed, cpu_seconds=clock() - began)


def refill_all(draft: Draft, ways: Ways) -> None:
    """Give every unit without a way the cheapest that fits, the most urgent first."""
    units = draft.frame.units
    rest = [u for u, steps in enumerate(draft.steps) if steps is None]
    for u in sorted(rest, key=lambda u: (-units[u].weighted / units[u].persons, units[u].leave_from, u)):
        steps = ways.best(u)
        if steps is not None:
            draft.take(u, steps)


def improve(best: Best, of: Classes, flow: Flow, work: Work, rng: random.Random, *, anew: bool) -> None:
    """The flow and its bound; with `anew` a draft from it; then better and better until the work is over."""
    frame, worth, draft = best.draft.frame, best.worth, best.draft
    highs = flow.program.loaded()
    highs.run()
    dive = Dive(frame, flow, highs)
    if dive.answer.values is None:
        return
    best.above(bound(frame, worth, of, flow, clean(flow, dive.answer.row_prices)))
    if anew:
        values = dive.run(lambda: work.over(0.5))
        fresh = Draft(frame)
        ways = Ways(fresh, worth)
        realise(fresh, ways, of, flow, dive.answer.values if values is None else values, work.over)
        draft.back_to(fresh.kept())
        best.better()
    while settle(draft, Ways(draft, worth), work.over) and not work.over():
        best.better()
    best.better()
    shake(draft, worth, rng, stop=lambda rounds: work.over())
    best.better()
