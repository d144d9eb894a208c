"""The names bench runs, small, on a folder of pairs: a row a method that is installed, and how good likenesses are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
FIRST = {"Иван": "Ivan", "Мария": "Maria", "Сергей": "Sergei", "Ольга": "Olga", "Омар": "Omar"}
LAST = {"Петров": "Petrov", "Каримов": "Karimov", "Хасан": "Hasan", "Шахин": "Shahin", "Сидоренко": "Sydorenko"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty-five people in two scripts."""
    names = [(f"{a} {b}", f"{FIRST[a]} {LAST[b]}") for a in FIRST for b in LAST]
    rows = ["id\tname_a\tname_b\torigin", *(f"P{n}:ru_en\t{a}\t{b}\tx" for n, (a, b) in enumerate(names))]
    (tmp_path / "ru_en.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("more", "columns"),
    [
        (
            ["--only-corridor"],
            {"method", "gallery", "recall@1", "recall@10", "MRR", "ru_en", "one typo", "p95 ms", "MB"},
        ),
        (["--calibration"], {"likeness", "matches", "mean", "right"}),
    ],
)
def test_the_names_bench_prints_its_table(folder: Path, more: list[str], columns: set[str]) -> None:
    """A small run ends well and prints one table: its columns, and rows that are all as long."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.names", str(folder), "--gallery", "40", "--queries", "20", *more],
        cwd=TREE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    head, _, *rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert {text.strip() for text in head.strip("|").split("|")} >= columns
    assert rows
    assert all(row.count("|") == head.count("|") for row in rows)
