"""How good plans are, and how soon: dispatchers, a direct integer program, ours, and the bound, in one table.

    .venv/bin/python -m bench.plan [--people 200 2000] [--seconds 60] [--seeds 1 2 3] [--instances FILE.json ...]

Generated problems (`corridor plan generate`), tight and loose, with ample and scarce escorts; or instances in the form
that `bench/plan_instances.py` reads. Every plan is checked; `above` is how far its value is above the bound of the same
row. `direct` gives HiGHS every party and convoy at once, for the same seconds of the processor.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.plan_instances import read_instance
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.generate import Escorts, Room, generate
from corridor.plan.problem import Problem
from corridor.plan.solve.anew import plan_anew
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.solving import solve
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth


def direct(problem: Problem, seconds: float) -> float:
    """The value of one integer program of everything; where it finds nothing in time, of nobody moving."""
    frame = Frame(problem)
    worth, draft = Worth(frame), Draft(frame)
    ends = time.process_time() + seconds
    plan_anew(draft, Ways(draft, worth), range(len(frame.units)), lambda: time.process_time() > ends)
    return worth.whole(draft)


def timed(work: Callable[[], float]) -> tuple[float, float]:
    """A value and the processor seconds it took."""
    began = time.process_time()
    return work(), time.process_time() - began


def problems(arguments: argparse.Namespace) -> Iterator[Problem]:
    """What the command line asks for."""
    for path in arguments.instances:
        yield read_instance(path)
    if arguments.instances:
        return
    rooms: tuple[Room, ...] = ("tight", "loose")
    kinds: tuple[Escorts, ...] = ("ample", "scarce")
    for people in arguments.people:
        for room in rooms:
            for escorts in kinds:
                for seed in arguments.seeds:
                    yield generate(people, seed, room, escorts)


def main() -> None:
    """Print one line a problem and method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[200, 2000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--instances", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    print(f"{'problem':<34} {'method':<11} {'value':>14} {'above %':>8} {'CPU s':>7} {'peak MB':>8}")
    for problem in problems(arguments):
        first: list[float] = []
        began = time.process_time()

        def told(value: float, _: float | None, first: list[float] = first, began: float = began) -> None:
            if not first:
                first.extend((value, time.process_time() - began))

        plan = solve(problem, seconds=arguments.seconds, seed=1, clock=time.process_time, progress=told)
        if broken := check(problem, plan):
            raise SystemExit(f"{problem.name}: the plan is broken: {broken[0]}")
        rows = [("ours", plan.value, plan.cpu_seconds)]
        if first:
            rows.append(("ours, first", first[0], first[1]))
        rows.append(("first come", *timed(lambda p=problem: dispatch(p, "first_come").value)))  # type: ignore[misc]
        rows.append(("priority", *timed(lambda p=problem: dispatch(p, "priority").value)))  # type: ignore[misc]
        if len(problem.parties) <= 1000:
            rows.append(("direct", *timed(lambda p=problem: direct(p, arguments.seconds))))  # type: ignore[misc]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        for method, value, spent in rows:
            above = "" if plan.bound is None else f"{100 * (value / plan.bound - 1):8.2f}"
            print(f"{problem.name:<34} {method:<11} {value:>14,.1f} {above:>8} {spent:>7.1f} {peak:>8.0f}", flush=True)


if __name__ == "__main__":
    main()
