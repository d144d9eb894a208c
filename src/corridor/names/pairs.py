"""What pairs of spellings a folder holds: tab-separated files with the columns id, name_a, name_b, origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pair:
    """Two spellings of one name. `person` is the same in every file that has the person; `kind` is the file."""

    person: str
    kind: str
    first: str
    second: str


COLUMNS = ("id", "name_a", "name_b")


def read_pairs(file: Path, report: Callable[[str], None]) -> list[Pair]:
    """The pairs of a file whose first columns are id, name_a, name_b.

    A row that cannot be read is reported with the file and its number, and left out. Raises ValueError where the first
    row names other columns.
    """
    found: list[Pair] = []
    with file.open("rb") as lines:
        for row, raw in enumerate(lines, start=1):
            try:
                cells = raw.decode("utf-8-sig" if row == 1 else "utf-8").rstrip("\r\n").split("\t")
            except UnicodeDecodeError:
                report(f"{file.name}, row {row}: this is not UTF-8, the row is left out")
                continue
            if row == 1:
                if tuple(cells[: len(COLUMNS)]) != COLUMNS:
                    raise ValueError(f"{file.name}: the first row must name the columns {COLUMNS}; it says {cells}")
            elif len(cells) < len(COLUMNS) or not all(cell.strip() for cell in cells[: len(COLUMNS)]):
                if any(cells):
                    report(f"{file.name}, row {row}: id, name_a and name_b are needed, the row is left out")
            else:
                found.append(Pair(cells[0].partition(":")[0], file.stem, cells[1], cells[2]))
    return found


def pair_files(folder: Path) -> list[Path]:
    """The files of pairs in a folder: those whose first row begins with id, name_a, name_b."""
    return [file for file in sorted(folder.glob("*.tsv")) if _first_row(file).startswith("\t".join(COLUMNS))]


def _first_row(file: Path) -> str:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        return lines.readline()
