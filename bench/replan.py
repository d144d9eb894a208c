"""One event at 2,000 people: how soon is there another plan, how good is it, and of how many parties does it change?

    .venv/bin/python -m bench.replan [--people 2000] [--seeds 1 2 3] [--escorts ample scarce] [--seconds 5]

A plan is made of a generated problem, and everybody is told of it. Then one thing happens, and the process that the
desk starts plans again, warm from that plan. *CPU s* is all of that process: its start, reading, checking, first come
first served, what would place those left out. *holds* is when it told of its first plan that holds after the event.
*from zero* is the value of a plan of the same changed problem by somebody who does not begin from the old one, after
`--zero` seconds of the processor; *above* is ours over it, below zero where ours is better.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from bench.measuring import table
from corridor.base.ids import PartyId
from corridor.hq.planning.tasks import Task, Told, line, read_told
from corridor.plan.answer import Plan
from corridor.plan.check.checking import check
from corridor.plan.generate import Escorts, generate
from corridor.plan.making import make
from corridor.plan.problem import Absence, Announced, Problem
from corridor.plan.solve.solving import solve

COLUMNS = (
    *("event", "people", "escorts", "seed", "CPU s", "holds s", "first value", "value"),
    *("from zero", "above %", "parties changed", "parties"),
)
SLIPS_MINUTES = 6 * 60
DAY_MINUTES = 24 * 60
CLEARED = 30
OTHER_SEED = 1000
"""The seed of people who are cleared later."""


def flight_slips(problem: Problem, plan: Plan) -> Problem:
    """The flight with most parties aboard leaves six hours later."""
    fullest = max(plan.flights, key=lambda run: len(run.aboard)).flight
    flights = tuple(
        replace(
            flight,
            departs_from_minute=flight.departs_from_minute + SLIPS_MINUTES,
            departs_until_minute=flight.departs_until_minute + SLIPS_MINUTES,
        )
        if flight.id == fullest
        else flight
        for flight in problem.flights
    )
    return replace(problem, flights=flights)


def gate_closes(problem: Problem, plan: Plan) -> Problem:
    """The gate that most parties cross is closed on the second day."""
    crossed = [way.gate for way in plan.ways if way.gate is not None]
    busiest = max(dict.fromkeys(crossed), key=crossed.count)
    gates = tuple(
        replace(
            gate,
            hours=tuple(h for h in gate.hours if not DAY_MINUTES <= h.from_minute < 2 * DAY_MINUTES),
        )
        if gate.id == busiest
        else gate
        for gate in problem.gates
    )
    return replace(problem, gates=gates)


def escort_withdrawn(problem: Problem, plan: Plan) -> Problem:
    """An escort of the fullest convoy is away for as long as that convoy would need them."""
    legs = {leg.id: leg for leg in problem.legs}
    led = [convoy for convoy in plan.convoys if legs[convoy.leg].escorts]
    fullest = max(led, key=lambda convoy: len(convoy.aboard))
    leg = legs[fullest.leg]
    away = Absence(
        from_minute=fullest.departs_minute - leg.before_minutes,
        until_minute=fullest.departs_minute + leg.after_minutes,
        count=1,
    )
    pools = tuple(
        replace(pool, absences=(*pool.absences, away)) if pool.id == leg.escorts[0].pool else pool
        for pool in problem.pools
    )
    return replace(problem, pools=pools)


def more_cleared(problem: Problem, _: Plan) -> Problem:
    """Thirty people more are cleared, families as all the others."""
    places = {origin.id for origin in problem.origins}
    fresh = []
    for party in generate(CLEARED, OTHER_SEED).parties:
        if party.place in places:
            bonds = tuple(replace(bond, party=PartyId(f"later-{bond.party}")) for bond in party.bonds)
            fresh.append(replace(party, id=PartyId(f"later-{party.id}"), bonds=bonds))
    there = {party.id for party in fresh}
    fresh = [replace(p, bonds=tuple(bond for bond in p.bonds if bond.party in there)) for p in fresh]
    return replace(problem, parties=(*problem.parties, *fresh))


EVENTS: Mapping[str, Callable[[Problem, Plan], Problem]] = {
    "the fullest flight slips 6 hours": flight_slips,
    "the gate is closed on the second day": gate_closes,
    "a convoy's escort is withdrawn": escort_withdrawn,
    "30 people more are cleared": more_cleared,
}


def told_of(problem: Problem, plan: Plan) -> Problem:
    """The problem with everybody told when they cross and on which flight they are."""
    told = {way.party: Announced(crosses_minute=way.crosses_minute, flight=way.flight) for way in plan.ways}
    return replace(problem, parties=tuple(replace(p, announced=told.get(p.id)) for p in problem.parties))


def planned_again(problem: Problem, warm: Plan, seconds: float) -> tuple[float, Told, Plan]:
    """Seconds of the processor of the whole process, its first news, and the plan that it ends with."""
    task = line(Task(problem=problem, warm=warm, seconds=seconds))
    process = subprocess.Popen(
        [sys.executable, "-m", "corridor.hq.planning.planner"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None, "the input was asked for"
    assert process.stdout is not None, "the output was asked for"
    process.stdin.write(task)
    process.stdin.flush()
    news = [read_told(each) for each in process.stdout]
    _, _, used = os.wait4(process.pid, 0)
    process.stdin.close()
    process.stdout.close()
    process.returncode = 0
    last = news[-1]
    if last.plan is None or (broken := check(problem, last.plan)):
        raise AssertionError(f"no plan, or a broken one: {last.fault or broken[0]}")
    return used.ru_utime + used.ru_stime, next(each for each in news if each.value is not None), last.plan


def changed(problem: Problem, plan: Plan) -> int:
    """How many parties that were told of a crossing or flight have another."""
    ways = {way.party: way for way in plan.ways}
    found = 0
    for party in problem.parties:
        if party.announced is not None:
            way = ways.get(party.id)
            now = (None, None) if way is None else (way.crosses_minute, way.flight)
            found += now != (party.announced.crosses_minute, party.announced.flight)
    return found


def rows(arguments: argparse.Namespace) -> Iterator[tuple[str, ...]]:
    """A row an event and problem."""
    kinds: tuple[Escorts, ...] = arguments.escorts
    for escorts in kinds:
        for seed in arguments.seeds:
            problem = generate(arguments.people, seed, "tight", escorts)
            old = make(problem, seconds=arguments.first, seed=1, clock=time.process_time)
            for event, happens in EVENTS.items():
                after = happens(told_of(problem, old), old)
                cpu, first, plan = planned_again(after, old, arguments.seconds)
                assert first.value is not None, "news of a plan have its value"
                zero = solve(after, seconds=arguments.zero, seed=1, clock=time.process_time)
                row = (
                    *(event, f"{arguments.people:,}", escorts, str(seed), f"{cpu:.2f}", f"{first.seconds:.2f}"),
                    *(f"{first.value:,.0f}", f"{plan.value:,.0f}", f"{zero.value:,.0f}"),
                    f"{100 * (plan.value / zero.value - 1):.2f}",
                    *(str(changed(after, plan)), str(len(after.parties))),
                )
                print(" | ".join(row), file=sys.stderr, flush=True)
                yield row


def main() -> None:
    """Print one table: a row an event and problem."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--escorts", nargs="+", default=["ample", "scarce"], choices=("ample", "scarce"))
    parser.add_argument("--seconds", type=float, default=5.0, help="of the processor for the plan after the event")
    parser.add_argument("--first", type=float, default=60.0, help="of the processor for the plan before it")
    parser.add_argument("--zero", type=float, default=10.0, help="of the processor for the plan from zero")
    parser.add_argument("--small", action="store_true", help="30 people, a second: does it work at all")
    arguments = parser.parse_args()
    if arguments.small:
        arguments.people, arguments.seeds, arguments.escorts = 30, [1], ["scarce"]
        arguments.seconds = arguments.first = arguments.zero = 0.5
    print(table("Planned again after one event, every plan checked", COLUMNS, rows(arguments)))


if __name__ == "__main__":
    main()
