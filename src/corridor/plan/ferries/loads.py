"""How many trips to each place does every vessel make, so that as few as can be are left behind?

The order of a vessel's trips is for the search; here only their numbers count. Of each vessel every combination of
numbers that it has time for is worked out, trip by trip, and an integer program takes one for each. Where there is only
just time enough for everybody, no search by small changes finds that.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corridor.plan.ferries.problem import Call, Chain, Ferries, Ferry
from corridor.plan.solve.flows.program import Program

STATES_MAX = 20_000
"""Combinations of one vessel looked at; a vessel of more is given those of the fewest trips."""
NODES_MAX = 2_000

Numbers = tuple[int, ...]
"""Trips to each place."""


def reached(problem: Ferries, ferry: Ferry, calls: Sequence[Call]) -> dict[Numbers, Chain]:
    """Every combination of trips that a vessel has time for, with a quickest way to make them; only those to which no
    trip could be added."""
    nothing = (0,) * len(problem.waiting)
    now: dict[tuple[Numbers, int], tuple[float, Chain]] = {(nothing, -1): (ferry.from_minute, ())}
    found: dict[Numbers, tuple[float, Chain]] = {}
    while now and len(found) < STATES_MAX:
        later: dict[tuple[Numbers, int], tuple[float, Chain]] = {}
        for (numbers, at), (clock, chain) in now.items():
            for call in calls:
                out = ferry.first[call.dock] if at < 0 else ferry.out[at][call.dock]
                by = clock + out + ferry.home[call.dock][call.shore]
                if by > problem.until_minute + 1e-9:
                    continue
                place = problem.place_of[call.dock]
                more = (*numbers[:place], numbers[place] + 1, *numbers[place + 1 :])
                had = later.get((more, call.shore))
                if had is None or by < had[0]:
                    later[more, call.shore] = by, (*chain, call)
        for (numbers, _), (clock, chain) in later.items():
            if numbers not in found or clock < found[numbers][0]:
                found[numbers] = clock, chain
        now = later
    return {numbers: chain for numbers, (_, chain) in found.items() if not _more_fits(numbers, found)}


def _more_fits(numbers: Numbers, found: dict[Numbers, tuple[float, Chain]]) -> bool:
    return any((*numbers[:p], numbers[p] + 1, *numbers[p + 1 :]) in found for p in range(len(numbers)))


def fewest_left(problem: Ferries, choices: Sequence[Sequence[Call]]) -> list[Chain]:
    """A chain of trips for each vessel with which as few as can be are left, as far as so much work tells."""
    options = [
        list(reached(problem, ferry, calls).items()) for ferry, calls in zip(problem.ferries, choices, strict=True)
    ]
    program = Program()
    left = program.add_columns(np.ones(len(problem.waiting)))
    seated = program.add_rows(len(problem.waiting), lower=np.array(problem.waiting, dtype=np.float64))
    program.put(seated, left, 1.0)
    taken = []
    for ferry, of in zip(problem.ferries, options, strict=True):
        columns = program.add_columns(np.zeros(len(of)), upper=1.0, whole=True)
        one = program.add_rows(1, upper=1.0)
        for column, (numbers, _) in zip(columns, of, strict=True):
            program.put(seated, np.full(len(numbers), column), ferry.seats * np.array(numbers, dtype=np.float64))
            program.put(one, [int(column)], 1.0)
        taken.append(columns)
    values = program.solve(options={"mip_max_nodes": NODES_MAX}).values
    chains: list[Chain] = []
    for columns, of in zip(taken, options, strict=True):
        chosen = [
            chain for column, (_, chain) in zip(columns, of, strict=True) if values is not None and values[column] > 0.5
        ]
        chains.append(chosen[0] if chosen else max((chain for _, chain in of), key=len, default=()))
    return chains
