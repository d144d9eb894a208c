"""How good plans are, and how soon: dispatchers, direct models under the same time, ours, and the bound, in one table.

    .venv/bin/python -m bench.plan [--people 200 2000] [--seeds 1 2 3] [--cpsat PYTHON] [--kept ROWS.jsonl]

Generated problems (`corridor plan generate`), with ample and scarce escorts; or, with `--instances`, problems in the
form that `bench/plan_instances.py` reads. Each row is a process of its own, so that its peak memory is its own. Every
plan is checked; *above* is how far its value is above the best bound that any row of the same problem has: the mean of
the seeds, and the worst. Rows are kept in a file, one line each; who runs it again with the same file only adds what
is not there, so that it may be run in pieces (`--only`, `--people`) and stopped at any time.

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
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean

import msgspec
import numpy as np

from bench.measuring import table
from bench.plan_instances import read_instance
from corridor.plan.answer import Plan
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.generate import Escorts, Room, generate
from corridor.plan.making import make
from corridor.plan.problem import Problem
from corridor.plan.solve.anew import answered, carry_out, made_whole, wanted
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import Classes, classes
from corridor.plan.solve.flows.flow import Flow, build
from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write

COLUMNS = (
    "what",
    "people",
    "room",
    "escorts",
    "seeds",
    "allowed s",
    "value",
    "above %",
    "worst %",
    "CPU s",
    "peak MB",
    "check s",
)
METHODS = ("ours", "first come", "priority", "HiGHS", "CP-SAT")
ALLOWED: Mapping[int, float] = {200: 60, 2_000: 60, 20_000: 120, 200_000: 600}
"""Seconds of the processor that are asked for by people, from the targets."""
NODES = 1_000_000
CPSAT = Path(__file__).with_name("plan_cpsat.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One problem: an instance of a file, or a generated one."""

    people: int
    room: Room = "tight"
    escorts: Escorts = "ample"
    seed: int = 1
    instance: Path | None = None

    def problem(self) -> Problem:
        """What is to be planned."""
        if self.instance is not None:
            return read_instance(self.instance)
        return generate(self.people, self.seed, self.room, self.escorts)

    @property
    def name(self) -> str:
        """The name by which its rows are kept."""
        if self.instance is not None:
            return self.instance.stem
        return f"{self.people}-{self.seed}-{self.room}-{self.escorts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One plan: its value, its bound (None: not asked for), and what it cost. `check_seconds` None: of a plan that was
    not written down; `case` is the problem's name, `allowed` the seconds that were asked for; `found` False: a direct
    model had no answer, so that nobody moves."""

    what: str
    case: str = ""
    allowed: float = 0.0
    found: bool = True
    value: float
    bound: float | None
    cpu_seconds: float
    peak_mb: float
    check_seconds: float | None


def proved(problem: Problem, what: str, plan: Plan, began: float, bound: float | None = None) -> Row:
    """The row of a plan made since `began`, once the checker has passed it."""
    spent, asked = time.process_time() - began, time.process_time()
    if broken := check(problem, plan):
        raise AssertionError(f"{problem.name}, {what}: the plan is broken: {broken[0]}")
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

    plan = make(problem, seconds=seconds, seed=1, clock=time.process_time, progress=told)
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
    row = proved(problem, "HiGHS", as_answered(draft, ways, of, flow, values, began), began)
    return [replace(row, found=values is not None)]


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
    seconds_of_both = row.cpu_seconds + child.ru_utime + child.ru_stime
    peak = max(row.peak_mb, child.ru_maxrss / 1024)
    return [replace(row, cpu_seconds=seconds_of_both, peak_mb=peak, found=values is not None)]


def measured(case: Case, what: str, seconds: float, python: Path | None) -> list[Row]:
    """The rows of one method on one problem, by this process."""
    problem = case.problem()
    if what == "CP-SAT":
        assert python is not None, "a Python that has ortools was given"
        rows = cpsat(problem, seconds, python)
    else:
        rows = {"ours": ours, "first come": first_come, "priority": priority, "HiGHS": highs}[what](problem, seconds)
    return [replace(row, case=case.name, allowed=seconds) for row in rows]


def cases(arguments: argparse.Namespace) -> Iterator[Case]:
    """The problems that the command line asks for."""
    for path in arguments.instances:
        yield Case(people=sum(p.persons for p in read_instance(path).parties), instance=path)
    if arguments.instances:
        return
    rooms: tuple[Room, ...] = arguments.rooms
    kinds: tuple[Escorts, ...] = arguments.escorts
    for people in arguments.people:
        for room in rooms:
            for escorts in kinds:
                for seed in arguments.seeds:
                    yield Case(people=people, room=room, escorts=escorts, seed=seed)


def asked(case: Case, arguments: argparse.Namespace) -> Iterator[tuple[str, float]]:
    """The methods a problem is given to, each with its seconds; the dispatchers take what they take."""
    seconds = arguments.seconds or ALLOWED.get(case.people, 60.0)
    for what in METHODS:
        direct = what in ("HiGHS", "CP-SAT")
        if what not in arguments.only or (direct and case.people > arguments.direct):
            continue
        if what != "CP-SAT" or arguments.cpsat is not None:
            yield what, 0.0 if what in ("first come", "priority") else seconds


def rows_in(file: Path | None) -> list[Row]:
    """The rows that earlier runs have kept; a row of the same method, problem and seconds takes the earlier one's
    place."""
    if file is None or not file.exists():
        return []
    rows = [msgspec.json.decode(line, type=Row) for line in file.read_bytes().splitlines()]
    return list({(row.case, row.what, row.allowed): row for row in rows}.values())


def run(arguments: argparse.Namespace) -> list[Row]:
    """Every row that is asked for: kept ones, and those measured now, each in a process of its own."""
    rows = rows_in(arguments.kept)
    there = {(row.case, row.what, row.allowed) for row in rows}
    found = []
    for case in cases(arguments):
        for what, seconds in asked(case, arguments):
            if (case.name, what, seconds) not in there or arguments.again:
                spawned = multiprocessing.get_context("spawn")
                with ProcessPoolExecutor(1, mp_context=spawned) as alone:
                    fresh = alone.submit(measured, case, what, seconds, arguments.cpsat).result()
                found += fresh
                for row in fresh:
                    print(f"{row.case} {row.what}: {row.value:,.0f} after {row.cpu_seconds:.1f} s", file=sys.stderr)
                if arguments.kept is not None:
                    with arguments.kept.open("ab") as kept:
                        kept.writelines(msgspec.json.encode(asdict(row)) + b"\n" for row in fresh)
    fresh_of = {(row.case, row.what, row.allowed): row for row in (*rows, *found)}
    return list(fresh_of.values())


def lines_of(rows: Iterable[Row], arguments: argparse.Namespace) -> Iterator[tuple[str, ...]]:
    """The table: a line a method and kind of problem, all seeds together."""
    bounds: dict[str, float] = {}
    together: dict[tuple[object, ...], list[Row]] = {}
    kinds = {case.name: case for case in cases(arguments)}
    for row in rows:
        if row.bound is not None:
            bounds[row.case] = max(row.bound, bounds.get(row.case, row.bound))
        if row.case in kinds:
            case = kinds[row.case]
            about = (
                (f"{case.people:,}", "", case.name) if case.instance else (f"{case.people:,}", case.room, case.escorts)
            )
            together.setdefault((*about, row.what, row.allowed), []).append(row)
    order = list(dict.fromkeys(kinds.values()))
    for group in sorted(together, key=lambda g: (min(order.index(kinds[r.case]) for r in together[g]), str(g[3:]))):
        people, room, escorts, what, allowed = group
        of = together[group]
        plans = [row for row in of if row.found]
        above = [100 * (row.value / bounds[row.case] - 1) for row in plans if bounds.get(row.case, 0) > 0]
        none = " ".join(sorted(str(kinds[row.case].seed) for row in of if not row.found))
        checks = [row.check_seconds for row in of if row.check_seconds is not None]
        yield (
            str(what),
            str(people),
            str(room),
            str(escorts),
            " ".join(sorted(str(kinds[row.case].seed) for row in of)) + (f" (no plan: {none})" if none else ""),
            f"{allowed:.0f}" if allowed else "",
            f"{mean(row.value for row in plans):,.0f}" if plans else "",
            f"{mean(above):.2f}" if above else "",
            f"{max(above):.2f}" if above else "",
            f"{mean(row.cpu_seconds for row in of):.1f}",
            f"{max(row.peak_mb for row in of):.0f}",
            f"{mean(checks):.1f}" if checks else "",
        )


def main() -> None:
    """Print one table: a row a kind of problem and method."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=list(ALLOWED))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--rooms", nargs="+", default=["tight"], choices=("tight", "loose"))
    parser.add_argument("--escorts", nargs="+", default=["ample", "scarce"], choices=("ample", "scarce"))
    parser.add_argument("--seconds", type=float, help="of the processor for each (60; 120 and 600 for the large)")
    parser.add_argument("--direct", type=int, default=2000, help="the most people that direct models are given")
    parser.add_argument("--only", nargs="+", default=METHODS, choices=METHODS, help="these methods only")
    parser.add_argument("--cpsat", type=Path, help="a Python that has ortools")
    parser.add_argument("--instances", type=Path, nargs="*", default=[])
    parser.add_argument("--kept", type=Path, help="a file of rows: what is in it is not measured again")
    parser.add_argument("--again", action="store_true", help="measure what is in the file as well")
    parser.add_argument("--small", action="store_true", help="60 people, one second: does it work at all")
    arguments = parser.parse_args()
    if arguments.small:
        arguments.people, arguments.seeds, arguments.seconds = [60], [1], 1.0
        arguments.rooms, arguments.escorts = ["tight"], ["scarce"]
    rows = run(arguments)
    print(table("Plans, every one checked", COLUMNS, lines_of(rows, arguments)))


if __name__ == "__main__":
    main()
