"""What a piece of work costs: processor time of every process that took part, and time on the wall, over several runs.

Other work on the machine makes a run slower, never faster: so the least is the best estimate of the cost, and the
median says how steady it was. Runs of the things compared take turns, so that a busy minute falls on all of them.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import resource
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

SIZES = (10_000, 100_000, 1_000_000)
SMALL = (1_000,)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one run: of processors, all processes together, and on the wall."""

    cpu: float
    wall: float


@dataclass(slots=True)
class Costs:
    """The runs of one thing."""

    runs: list[Cost] = field(default_factory=list)

    @property
    def cpu_min(self) -> float:
        """Processor seconds of the best run."""
        return min(run.cpu for run in self.runs)

    @property
    def cpu_median(self) -> float:
        """Processor seconds of the middle run."""
        return median(run.cpu for run in self.runs)

    @property
    def wall_min(self) -> float:
        """Seconds on the wall of the best run."""
        return min(run.wall for run in self.runs)

    @property
    def wall_median(self) -> float:
        """Seconds on the wall of the middle run."""
        return median(run.wall for run in self.runs)


def measured(work: Callable[[], object], server: Callable[[], float] | None = None) -> Cost:
    """The cost of `work()`: this process with all its threads, its ended children, and a database server's processes.

    `server` answers the processor seconds its processes have used so far.
    """

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = time.process_time() + children.ru_utime + children.ru_stime
        return own + (server() if server is not None else 0.0)

    gc.collect()
    gc.freeze()  # what was prepared before is not looked through again and again on the work's account
    cpu, wall = used(), time.perf_counter()
    work()
    cost = Cost(used() - cpu, time.perf_counter() - wall)
    gc.unfreeze()
    return cost


def cpu_of_tree(root: int) -> float:
    """Processor seconds of a process with all its threads and of its children: the living ones, and the ended ones it
    has waited for."""
    total = 0.0
    for pid in (root, *_children(root)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            # The kernel counts nanoseconds of each thread that lives; of those that ended only the ticks know.
            threads = Path(f"/proc/{pid}/task").iterdir()
            running = sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended a moment ago: its parent counts it
        user, system, ended_user, ended_system = (int(text) for text in fields[11:15])
        total += max(running, (user + system) / _TICKS) + (ended_user + ended_system) / _TICKS
    return total


def _children(root: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{root}/task").iterdir():
        found += [int(text) for text in (task / "children").read_text().split()]
    return found


def machine() -> str:
    """The machine and the programs, in one line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB; Linux {platform.release().split('-')[0]}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; "
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, load {load:.1f}"
    )


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """One table in Markdown, numbers to the right, with the machine under it."""
    cells = [list(columns), *(list(row) for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    right = [index > 0 and all(_is_number(row[index]) for row in cells[1:]) for index in range(len(columns))]

    def line(row: Sequence[str]) -> str:
        fitted = (
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(row, widths, right, strict=True)
        )
        return f"| {' | '.join(fitted)} |"

    rules = ("-" * (width + 1) + (":" if to_right else "-") for width, to_right in zip(widths, right, strict=True))
    rule = "|".join(rules)
    return "\n".join([f"{title}\n", line(cells[0]), f"|{rule}|", *map(line, cells[1:]), "", f"Machine: {machine()}"])


def _is_number(text: str) -> bool:
    return not text.strip("0123456789.,-x ")


def number(value: float) -> str:
    """A number as the tables print it: whole with thousands, or three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 1 else f"{value:.3f}"


def arguments(about: str) -> argparse.ArgumentParser:
    """What every bench can be asked: sizes, runs, or a small one that only shows that it works."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--events", type=int, action="append", help="a size; may be given several times")
    parser.add_argument("--runs", type=int, help="runs of each thing (unless given: 7, 5 or 3 by size)")
    parser.add_argument("--small", action="store_true", help="1,000 events, one run: does it work at all")
    return parser


def sizes_and_runs(given: argparse.Namespace) -> list[tuple[int, int]]:
    """The sizes asked for, each with its number of runs."""
    sizes = tuple(given.events or (SMALL if given.small else SIZES))
    usual = {size: 7 if size <= 10_000 else 5 if size <= 100_000 else 3 for size in sizes}
    return [(size, given.runs or (1 if given.small else usual[size])) for size in sizes]
