"""The drill by numbers: seeds a minute, what happened in them, and after how many seeds each planted bug is found.

`python -m bench.drill [--seeds 10000] [--jobs 2] [--mutants]` prints one table; `--mutants` only the planted bugs.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from bench.mutants import MUTANTS, planted
from corridor.drill.trial.playing import play
from corridor.drill.trial.schedule import Setting, schedule_of

_SLICE = 100
_MUTANT_SEEDS_MAX = 1_000


def main(argv: Sequence[str] | None = None) -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--mutants", action="store_true", help="only the planted bugs")
    parser.add_argument("--small", action="store_true", help="only show that it works")
    arguments = parser.parse_args(argv)
    seeds = _SLICE // 5 if arguments.small else arguments.seeds
    if not arguments.mutants:
        seeds_played(arguments.first, seeds, arguments.jobs)
    mutants_caught(10 if arguments.small else _MUTANT_SEEDS_MAX)


def seeds_played(first: int, seeds: int, jobs: int) -> None:
    """Play many small worlds with all faults, and say how fast, and which broke a law."""
    starts = range(first, first + seeds, _SLICE)
    begun = time.monotonic()
    counts: Counter[str] = Counter()
    failed: list[str] = []
    cpu = 0.0
    with ProcessPoolExecutor(jobs) as pool:
        for found, breaches, seconds in pool.map(_slice, starts, [min(_SLICE, seeds)] * len(starts)):
            counts += found
            failed += breaches
            cpu += seconds
    wall = time.monotonic() - begun
    print(f"{seeds:,} seeds, all faults: {len(failed)} broke a law; {cpu:,.0f} CPU-s, {wall:,.0f} s on the wall")
    print(f"{60 * seeds / cpu:,.0f} seeds and {60 * counts['events'] / cpu:,.0f} events a CPU-minute")
    for one in failed:
        print(f"  {one}")
    for name, count in sorted(counts.items()):
        print(f"  {count:>10,}  {name}")


def _slice(first: int, count: int) -> tuple[Counter[str], list[str], float]:
    begun = time.process_time()
    counts: Counter[str] = Counter()
    failed = []
    for seed in range(first, first + count):
        outcome = play(schedule_of(seed, Setting()))
        counts += outcome.counts
        failed += [f"seed {seed}: {breach}" for breach in outcome.breaches[:1]]
    return counts, failed, time.process_time() - begun


def mutants_caught(seeds_max: int) -> None:
    """Plant each bug, and say the first seed that finds it and the law that names it."""
    caught = 0
    print("| planted bug | seeds until found | named as |\n|---|---|---|")
    for name in MUTANTS:
        with planted(name):
            for seed in range(seeds_max):
                breaches = play(schedule_of(seed, Setting())).breaches
                if breaches:
                    caught += 1
                    print(f"| {name} | {seed + 1} | {breaches[0].partition(':')[0]} |", flush=True)
                    break
            else:
                print(f"| {name} | not in {seeds_max} | |", flush=True)
    print(f"{caught} of {len(MUTANTS)} planted bugs found")


if __name__ == "__main__":
    main()
