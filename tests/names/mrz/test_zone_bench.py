"""The bench of zones runs, small, and prints one table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parents[3]


def test_bench_prints_its_table() -> None:
    """Every row has the columns of the head, and the bare loop stands beside Corridor."""
    run = [sys.executable, "-m", "bench.mrz", "--small"]
    done = subprocess.run(run, cwd=TREE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    head, _, *rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in (head, *rows)}) == 1
    assert {row.split("|")[1].split(",")[0].strip() for row in rows} == {"limit: bare loop", "Corridor"}
