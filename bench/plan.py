"""How good plans are, and how soon: dispatchers, direct models under the same time, ours, and the bound, in one table.

    .venv/bin/python -m bench.plan [--people 200 2000] [--seconds 60] [--seeds 1 2 3] [--cpsat PYTHON]

Generated problems (`corridor plan generate`), with ample and scarce escorts; or, with `--instances`, problems in the
form that `bench/plan_instances.py` reads. Each row is a process of its own, so that its peak memory is its own. Every
plan is checked; *above* is how far its value is above the bound that ours found of the same problem.

* *first*: the first plan that ours tells of, and when.
* *first come*, *priority*: the dispatchers.
* *HiGHS*, *CP-SAT*: every party and convoy in one integer program, for the same seconds of the processor, up to
  `--direct` people. CP-SAT needs a Python that has `ortools`, which cannot be in one process with HiGHS: `--cpsat`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.measuring import table
from bench.plan_instances import read_instance
from corridor.plan.answer import Plan
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.generate import Escorts, Room, generate
from corridor.plan.problem import Problem
from corridor.plan.solve.anew import answered, carry_out, made_whole, wanted
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import Classes, classes
from corridor.plan.solve.flows.flow import Flow, build
from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.solving import solve
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write

COLUMNS = ("what", "people", "room", "escorts", "seed", "value", "above %", "CPU s", "peak MB", "check s")
NODES = 1_000_000
CPSAT = Path(__file__).with_name("plan_cpsat.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One plan: its value, its bound (None: not asked for), and what it cost. `check_seconds` None: of a plan that was
    not written down."""

    what: str
    value: float
    bound: float | None
    cpu_seconds: float
    peak_mb: float
    check_seconds: float | None


def proved(problem: Problem, what: str, plan: Plan, began: float, bound: float | None = None) -> Row:
    """The row of a plan made since `began`, once the checker has passed it."""
    spent, asked = time.process_time() - began, time.process_time()
    if broken := check(problem, plan):
        raise SystemExit(f"{problem.name}, {what}: the plan is broken: {broken[0]}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Row(
        what=what,
        value=plan.value,
        bound=bound,
        cpu_seconds=spent,
        peak_mb=peak,
        check_seconds=time.process_time() - asked,
    )


def ours(problem: Problem, seconds: float) -> list[Row]:
    """Our plan, and the first one told of."""
    first: list[tuple[float, float]] = []
    began = time.process_time()

    def told(value: float, _: float | None) -> None:
        if not first:
            first.append((value, time.process_time() - began))

    plan = solve(problem, seconds=seconds, seed=1, clock=time.process_time, progress=told)
    row = proved(problem, "ours", plan, began, plan.bound)
    value, spent = first[0]
    return [
        row,
        Row(what="ours, first", value=value, bound=None, cpu_seconds=spent, peak_mb=row.peak_mb, check_seconds=None),
    ]


def first_come(problem: Problem, _: float) -> list[Row]:
    """Who could set out first goes first."""
    began = time.process_time()
    return [proved(problem, "first come", dispatch(problem, "first_come"), began)]


def priority(problem: Problem, _: float) -> list[Row]:
    """Who weighs most goes first."""
    began = time.process_time()
    return [proved(problem, "priority", dispatch(problem, "priority"), began)]


def direct(problem: Problem) -> tuple[Draft, Ways, Classes, Flow]:
    """An empty draft, and one program of everything."""
    frame = Frame(problem)
    worth, draft = Worth(frame), Draft(frame)
    of = classes(frame, alone=[u for u in range(len(frame.units)) if u not in frame.led_by])
    return draft, Ways(draft, worth), of, build(frame, worth, of, prompt=False)


def as_answered(draft: Draft, ways: Ways, of: Classes, flow: Flow, values: Floats | None, began: float) -> Plan:
    """The plan that an answer of the program comes to; nobody moves where there is none."""
    out = [one.units[0] for one in of.crossing]
    if values is not None:
        carry_out(draft, ways, wanted(draft, out, of.crossing, flow, values), out)
    return write(draft, bound=None, seed=1, cpu_seconds=time.process_time() - began)


def highs(problem: Problem, seconds: float) -> list[Row]:
    """One program of everything, by HiGHS."""
    began = time.process_time()
    draft, ways, of, flow = direct(problem)
    answer = answered(flow, of, lambda: time.process_time() > began + seconds, nodes=NODES, close=1e-4)
    values = None if answer is None else answer.values
    return [proved(problem, "HiGHS", as_answered(draft, ways, of, flow, values, began), began)]


def cpsat(problem: Problem, seconds: float, python: Path) -> list[Row]:
    """One program of everything, by CP-SAT in a process of its own; its seconds and memory are counted."""
    began = time.process_time()
    draft, ways, of, flow = direct(problem)
    made_whole(flow, of)
    with tempfile.TemporaryDirectory() as folder:
        model, found = Path(folder) / "direct.mps", Path(folder) / "values.txt"
        flow.program.loaded().writeModel(str(model))
        left = max(1.0, seconds - (time.process_time() - began))
        subprocess.run([python, CPSAT, model, found, str(left)], check=True)
        values = np.loadtxt(found, ndmin=1) if found.exists() else None
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    row = proved(problem, "CP-SAT", as_answered(draft, ways, of, flow, values, began), began)
    return [
        Row(
            what=row.what,
            value=row.value,
            bound=None,
            cpu_seconds=row.cpu_seconds + child.ru_utime + child.ru_stime,
            peak_mb=max(row.peak_mb, child.ru_maxrss / 1024),
            check_seconds=row.check_seconds,
        )
    ]


def problems(arguments: argparse.Namespace) -> Iterator[tuple[tuple[str, ...], Problem]]:
    """What the command line asks for, each with its first cells."""
    for path in arguments.instances:
        problem = read_instance(path)
        yield (f"{sum(p.persons for p in problem.parties):,}", problem.name, "", ""), problem
    if arguments.instances:
        return
    rooms: tuple[Room, ...] = arguments.rooms
    kinds: tuple[Escorts, ...] = arguments.escorts
    for people in arguments.people:
        for room in rooms:
            for escorts in kinds:
                for seed in arguments.seeds:
                    yield (f"{people:,}", room, escorts, str(seed)), generate(people, seed, room, escorts)


def rows_of(problem: Problem, arguments: argparse.Namespace) -> Iterator[Row]:
    """Every method on one problem, each in a process of its own."""
    methods: list[Callable[..., list[Row]]] = [ours, first_come, priority]
    seconds: tuple[object, ...] = (problem, arguments.seconds)
    asked = [(method, seconds) for method in methods]
    if sum(party.persons for party in problem.parties) <= arguments.direct + 9:
        asked.append((highs, seconds))
        if arguments.cpsat is not None:
            asked.append((cpsat, (*seconds, arguments.cpsat)))
    for method, given in asked:
        with multiprocessing.get_context("fork").Pool(1) as alone:
            yield from alone.apply(method, given)


def main() -> None:
    """Print one table: a row a problem and method."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[200, 2000, 20_000, 200_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--rooms", nargs="+", default=["tight", "loose"])
    parser.add_argument("--escorts", nargs="+", default=["ample", "scarce"])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--direct", type=int, default=2000, help="the most people that direct models are given")
    parser.add_argument("--cpsat", type=Path, help="a Python that has ortools")
    parser.add_argument("--instances", type=Path, nargs="*", default=[])
    parser.add_argument("--small", action="store_true", help="60 people, one second: does it work at all")
    arguments = parser.parse_args()
    if arguments.small:
        arguments.people, arguments.seeds, arguments.seconds = [60], [1], 1.0
        arguments.rooms, arguments.escorts = ["tight"], ["scarce"]
    lines = []
    for cells, problem in problems(arguments):
        found = list(rows_of(problem, arguments))
        bound = found[0].bound
        for row in found:
            above = "" if bound is None or bound <= 0 else f"{100 * (row.value / bound - 1):.2f}"
            checked = "" if row.check_seconds is None else f"{row.check_seconds:.1f}"
            lines.append(
                (row.what, *cells, f"{row.value:,.0f}", above, f"{row.cpu_seconds:.1f}", f"{row.peak_mb:.0f}", checked)
            )
        print("; ".join(lines[-len(found)]), flush=True)
    print(table(f"Plans, {arguments.seconds:.0f} CPU-s each, every one checked", COLUMNS, lines))


if __name__ == "__main__":
    main()
