"""`corridor plan`: who travels on what, when, and why: solved, checked, explained, generated, replayed."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.cli import plan_replay
from corridor.cli.arguments import DONE, REFUSED, USAGE, Commands, Stop, add_json, progress, seed

if TYPE_CHECKING:
    from corridor.plan.answer import Plan
    from corridor.plan.problem import Problem

BY = ("solver", "first_come", "priority")
LEFT_OUT_SHOWN = 10
"""Parties left out that are named with what would place them; the plan's file has all."""
FOR_TELLING = 0.05
"""The share of the seconds kept for looking what would place those left out."""


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("plan", help="who travels on what, when, and why")
    does = command.add_subparsers(title="what", metavar="solve|check|explain|generate|replay", required=True)
    solve = does.add_parser("solve", help="make a plan, with a bound on how much better any plan could be")
    solve.add_argument("problem", type=Path, metavar="PROBLEM.json")
    solve.add_argument("--seconds", type=_seconds, default=60.0, metavar="S", help="of processor time at most (60)")
    solve.add_argument("--seed", type=seed, default=1, metavar="N", help="the same seed, the same plan (1)")
    solve.add_argument("--by", choices=BY, default=BY[0], help="who plans: the solver, or by hand")
    solve.add_argument("--from", dest="warm", type=Path, metavar="PLAN.json", help="begin from an earlier plan")
    solve.add_argument("-o", "--out", type=_to_write, metavar="PLAN.json", help="write the plan there")
    add_json(solve)
    solve.set_defaults(run=_solve)
    check = does.add_parser("check", help="prove that a plan is feasible and worth what it says, or say what is not")
    check.add_argument("problem", type=Path, metavar="PROBLEM.json")
    check.add_argument("plan", type=Path, metavar="PLAN.json")
    check.set_defaults(run=_check)
    explain = does.add_parser("explain", help="why a party is not on a flight, and the least that would change it")
    explain.add_argument("problem", type=Path, metavar="PROBLEM.json")
    explain.add_argument("plan", type=Path, metavar="PLAN.json")
    explain.add_argument("party", metavar="PARTY", help="the party's id")
    explain.add_argument("--flight", metavar="F", help="the flight asked about (any, unless given)")
    add_json(explain)
    explain.set_defaults(run=_explain)
    _add_generate(does.add_parser("generate", help="make a realistic problem from a seed"))
    plan_replay.add(does.add_parser("replay", help="plan each day of an operation from what was known then"), BY)


def _add_generate(generate: ArgumentParser) -> None:
    generate.add_argument("--people", type=_people, required=True, metavar="N", help="at least so many people")
    generate.add_argument("--seed", type=seed, default=1, metavar="S", help="the same seed, the same problem (1)")
    generate.add_argument("--room", choices=("tight", "loose"), default="tight", help="how much room there is (tight)")
    generate.add_argument("--escorts", choices=("ample", "scarce"), default="ample", help="of convoys (ample)")
    generate.add_argument(
        "-o", "--out", type=_to_write, metavar="PROBLEM.json", help="write it there, not to the screen"
    )
    generate.set_defaults(run=_generate)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds; write it like 30")
    return value


def _people(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000):
        raise ArgumentTypeError(f"{text!r} is not a number of people; write it like 2000")
    return int(text)


def _to_write(text: str) -> Path:
    """A path to write to: that it cannot be written is said before the work, not after it."""
    file = Path(text)
    why = None
    if file.is_dir():
        why = "it is a folder"
    elif not file.parent.is_dir():
        why = f"there is no folder {file.parent}"
    elif not os.access(file if file.exists() else file.parent, os.W_OK):
        why = "it may not be written"
    if why is not None:
        raise ArgumentTypeError(f"{text} cannot be written: {why}; give another path")
    return file


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}. Give the path of a file.", USAGE) from None


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Stop(f"{file} cannot be written: {error.strerror}. Give another path.") from None


def read_problem_file(file: Path) -> Problem:
    """The problem of a file; stops with every fault named by file and path."""
    from corridor.plan.reading import read_problem

    problem = read_problem(_bytes(file))
    if isinstance(problem, tuple):
        raise Stop("\n".join(f"{file} {fault}" for fault in problem))
    return problem


def _read_plan(file: Path) -> Plan:
    from corridor.plan.reading import read_plan

    plan = read_plan(_bytes(file))
    if isinstance(plan, tuple):
        raise Stop("\n".join(f"{file} {fault}" for fault in plan))
    return plan


def _solve(arguments: Namespace) -> int:
    """Make a plan, prove it, and say what it comes to; a plan that is not proved is never written.

    The seconds are of the whole command, from its beginning: reading, solving, checking, and telling what would place
    those left out.
    """
    began = time.process_time()
    from corridor.plan.check.checking import check
    from corridor.plan.explain.left_out import with_relaxations
    from corridor.plan.reading import written
    from corridor.plan.standby import with_standby

    problem = read_problem_file(arguments.problem)
    warm = None if arguments.warm is None else _read_plan(arguments.warm)
    left = max(0.0, arguments.seconds * (1 - FOR_TELLING) - (time.process_time() - began))
    plan = planned(problem, arguments.by, left, arguments.seed, warm, told=True)
    plan = with_standby(problem, plan)
    broken = check(problem, plan)
    if broken:
        raise Stop("The plan is not feasible, which is a fault of the program:\n" + "\n".join(map(str, broken[:10])))
    ends = began + arguments.seconds
    plan = with_relaxations(problem, plan, clock=time.process_time, until=ends)
    if arguments.out is not None:
        _write(arguments.out, written(plan))
    if arguments.json:
        told = {"value": plan.value, "bound": plan.bound, "gap": plan.gap, "cpu_seconds": plan.cpu_seconds}
        goals = {one.goal: one.amount for one in plan.goals}
        print(json.dumps({**told, "left_out": len(plan.unplaced), "goals": goals}, indent=1))
    else:
        _tell(problem, plan)
    return DONE


def planned(
    problem: Problem, by: str, seconds: float, seed: int, warm: Plan | None = None, *, told: bool = False
) -> Plan:
    """A plan by the solver or by hand, with the processor time it took; `told`: progress is shown."""
    from msgspec.structs import replace

    from corridor.plan.dispatch.dispatchers import dispatch

    began = time.process_time()
    if by == "first_come" or by == "priority":
        plan = dispatch(problem, "first_come" if by == "first_come" else "priority")
        return replace(plan, cpu_seconds=round(time.process_time() - began, 3))
    from corridor.plan.making import make

    def better(value: float, bound: float | None) -> None:
        known = "" if bound is None else f", no plan is below {bound:,.1f}"
        progress(f"{time.process_time() - began:6.1f} s: value {value:,.1f}{known}")

    shown = better if told else None
    return make(problem, seconds=seconds, seed=seed, clock=time.process_time, warm=warm, progress=shown)


def _tell(problem: Problem, plan: Plan) -> None:
    persons = sum(party.persons for party in problem.parties)
    print(f"{problem.name}: {persons:,} people in {len(problem.parties):,} parties; planned by {plan.made_by}.")
    print(f"value  {plan.value:,.1f}")
    if plan.bound is not None:
        gap = "" if plan.gap is None else f", the plan at most {100 * plan.gap:.2f} percent above the best"
        print(f"bound  {plan.bound:,.1f}{gap}")
    print(f"time   {plan.cpu_seconds:.1f} s of the processor, seed {plan.seed}")
    for one in plan.goals:
        if one.amount:
            print(f"       {one.goal.replace('_', ' ')}: {one.amount:,.1f}")
    flown = sum(run.flies for run in plan.flights)
    print(f"{len(plan.convoys):,} convoys, {flown:,} flights; left out: {len(plan.unplaced):,} parties.")
    for left in plan.unplaced[:LEFT_OUT_SHOWN]:
        print(f"  {left.party}: {left.says}")


def _check(arguments: Namespace) -> int:
    """Exit code 1 with every broken rule."""
    from corridor.plan.check.checking import check

    problem, plan = read_problem_file(arguments.problem), _read_plan(arguments.plan)
    broken = check(problem, plan)
    for one in broken:
        print(one)
    if broken:
        print(f"{len(broken):,} rules broken.")
        return REFUSED
    print(f"Feasible, and worth {plan.value:,.1f} as it says.")
    return DONE


def _explain(arguments: Namespace) -> int:
    """One sentence, and what would change it."""
    from corridor.plan.check.checking import check
    from corridor.plan.explain.explaining import explain

    problem, plan = read_problem_file(arguments.problem), _read_plan(arguments.plan)
    if all(party.id != arguments.party for party in problem.parties):
        raise Stop(f"There is no party {arguments.party}. Name one of the problem's parties.")
    if arguments.flight is not None and all(flight.id != arguments.flight for flight in problem.flights):
        raise Stop(f"There is no flight {arguments.flight}. Name one of the problem's flights.")
    broken = check(problem, plan)
    if broken:
        raise Stop(f"The plan does not fit the problem ({broken[0]}). Make one with corridor plan solve.")
    answer = explain(problem, plan, arguments.party, arguments.flight)
    if arguments.json:
        changes = [{"path": one.path, "to": one.to, "says": one.says} for one in answer.relaxations]
        told = {"party": answer.party, "reason": answer.reason, "says": answer.says, "flight": answer.flight}
        print(json.dumps({**told, "costs_more": answer.costs_more, "relaxations": changes}, indent=1))
    else:
        print(answer.says)
    return DONE


def _generate(arguments: Namespace) -> int:
    """A problem, to the screen or a file."""
    from corridor.plan.generate import generate
    from corridor.plan.reading import written

    data = written(generate(arguments.people, arguments.seed, arguments.room, arguments.escorts))
    if arguments.out is None:
        print(data.decode(), end="")
    else:
        _write(arguments.out, data)
    return DONE
