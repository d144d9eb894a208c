"""What pairs of spellings a folder holds: tab-separated files with the columns id, name_a, name_b, origin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pair:
    """Two spellings of one name. `person` is the same in every file that has the person; `kind` is the file."""

    person: str
    kind: str
    first: str
    second: str


def read_pairs(file: Path) -> list[Pair]:
    """The pairs of a file with the columns id, name_a, name_b, origin. Raises ValueError naming file and row."""
    found: list[Pair] = []
    with file.open("rb") as lines:
        for row, raw in enumerate(lines, start=1):
            try:
                cells = raw.decode("utf-8").rstrip("\r\n").split("\t")
            except UnicodeDecodeError:
                raise ValueError(f"{file.name}, row {row}: this is not UTF-8") from None
            if row == 1 and cells[:3] != ["id", "name_a", "name_b"]:
                raise ValueError(
                    f"{file.name}: the first row must name the columns id, name_a, name_b; it says {cells}"
                )
            if len(cells) < 3:
                raise ValueError(f"{file.name}, row {row}: three columns are needed, {len(cells)} found")
            if row > 1:
                found.append(Pair(cells[0].partition(":")[0], file.stem, cells[1], cells[2]))
    return found


def pair_files(folder: Path) -> list[Path]:
    """The files of pairs in a folder: those whose first row begins with id, name_a, name_b."""
    return [file for file in sorted(folder.glob("*.tsv")) if _first_row(file).startswith("id\tname_a\tname_b")]


def _first_row(file: Path) -> str:
    with file.open(encoding="utf-8", errors="replace") as lines:
        return lines.readline()
