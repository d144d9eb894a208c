"""Every bench runs, small, and prints one table with the columns that its readers look for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from bench.databases import programs
from bench.measuring import Cost, Costs, cpu_of_tree, measured

from bench import workload
from corridor.base.moments import HOUR_MS
from corridor.ledger.device import wire

TREE = Path(__file__).resolve().parents[2]
COLUMNS = {
    "intake": {"what", "database", "events", "bytes/event", "runs", "CPU s min", "events per CPU-s (median)"},
    "replay": {"what", "database", "events", "runs", "CPU s min", "wall s median"},
    "board": {"what", "events", "people", "questions", "CPU s median", "CPU s max"},
    "forecast": {"what", "road", "families", "CPU ms each (min)", "SimPy / this"},
    "replan": {"event", "people", "escorts", "seed", "CPU s", "holds s", "value", "from zero", "parties changed"},
    "plan": {"what", "people", "escorts", "seeds", "allowed s", "value", "above %", "CPU s", "peak MB", "check s"},
    "first_page": {"what", "people", "pages", "CPU s p50", "wall s p95", "bytes"},
    "headquarters": {"what", "database", "people", "CPU ms p50", "CPU ms p95", "wall ms p95", "bytes"},
    "soak": {"what", "asked", "304", "errors", "wall ms p50", "wall ms p95", "wall ms max"},
}
ROWS = {
    "intake": ("Corridor", "limit: bare executemany, a row a batch", "ORM, same checks", "ORM, bare bulk_create"),
    "replay": ("Corridor, from zero with all checks", "Corridor, from the checkpoint"),
    "board": ("Corridor, whole board", "Corridor, whole board, new process"),
    "forecast": ("SimPy", "Corridor, pure Python", "Corridor, compiled"),
    "replan": ("the fullest flight slips 6 hours", "30 people more are cleared"),
    "plan": ("ours", "ours, first", "first come", "priority", "HiGHS"),
    "first_page": ("new clocks", "slider moved"),
    "headquarters": ("home, after a batch", "person", "search by name", "evening run: file of 600 to proposals"),
    "soak": ("region /", "need recorded"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_bench_prints_its_table(name: str) -> None:
    """A small run ends well and prints one table: its columns, its rows all as long, the machine under it."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", "--small"], cwd=TREE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    head, rule, *rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    columns = [text.strip() for text in head.strip("|").split("|")]
    assert set(columns) >= COLUMNS[name]
    assert rule.count("|") == head.count("|")
    assert all(row.count("|") == head.count("|") for row in rows)
    said = {row.strip("|").split("|")[0].strip() for row in rows}
    assert said >= set(ROWS[name])
    assert "Machine: " in done.stdout
    if name in ("intake", "replay"):
        databases = {row.strip("|").split("|")[1].strip() for row in rows}
        assert databases == ({"SQLite", "PostgreSQL"} if programs() else {"SQLite"})


def test_crossings_are_as_stated() -> None:
    """Events of 343 bytes, give or take two percent, in full batches of 100, each device in every round."""
    made = workload.crossings(50_000)
    assert made.events == 50_000
    assert 336 <= made.bytes_per_event <= 350
    frames = [wire.unframe(sent.raw) for sent in made.batches]
    assert {frame.header.count for frame in frames} == {100}
    assert len({frame.header.device for frame in frames}) == 500


def test_road_is_as_stated() -> None:
    """Parties of up to six, about one event in five that moves nobody, some batches late and some twice."""
    made = workload.road(20_000)
    lines = [line for raw in {sent.raw for sent in made.batches} for line in wire.read_lines(wire.unframe(raw).lines)]
    assert len(lines) == made.events
    assert {len(line.persons) for line in lines if line is not None} == set(range(7))
    still = sum(line is not None and line.target is None for line in lines)
    assert 0.1 < still / len(lines) < 0.3
    assert len({sent.raw for sent in made.batches}) < len(made.batches)
    arrivals = [sent.received_at for sent in made.batches]
    assert arrivals == sorted(arrivals)
    first_copies = {sent.raw: sent.received_at for sent in reversed(made.batches)}
    waited = [received_at - _last_event_at(raw) for raw, received_at in first_copies.items()]
    assert 0 < sum(wait > HOUR_MS for wait in waited) < len(waited) / 10


def _last_event_at(raw: bytes) -> int:
    last = wire.read_lines(wire.unframe(raw).lines)[-1]
    assert last is not None
    return last.at


def test_same_seed_same_bytes() -> None:
    """Two runs take in the same bytes, another seed gives others."""
    assert workload.road(2_000) == workload.road(2_000)
    assert workload.road(2_000) != workload.road(2_000, seed=2)


def test_cost_counts_children_and_a_server() -> None:
    """Processor time of an ended child and of a server's process tree is part of the cost."""
    busy = "sum(number * number for number in range(3_000_000))"
    child = measured(lambda: subprocess.run([sys.executable, "-c", busy], check=True))
    idle = measured(lambda: None)
    assert child.cpu > 0.02 > idle.cpu
    ticks = iter((5.0, 7.5))
    assert measured(lambda: None, lambda: next(ticks)).cpu >= 2.5


def test_process_tree_counts_living_children() -> None:
    """A child's processor time is seen while it lives, also that of a thread that works while the first one waits."""
    work = "import sys, threading; busy = threading.Thread(target=lambda: sum(n * n for n in range(3_000_000)))"
    code = f"{work}; busy.start(); busy.join(); print('done', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert cpu_of_tree(child.pid) > 0.02
        child.communicate()


def test_least_and_median() -> None:
    """The least run and the middle one are told apart."""
    costs = Costs([Cost(3.0, 30.0), Cost(1.0, 20.0), Cost(2.0, 10.0)])
    assert (costs.cpu_min, costs.cpu_median, costs.wall_min, costs.wall_median) == (1.0, 2.0, 10.0, 20.0)
