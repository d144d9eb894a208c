"""What do the files of a linkage trial say: records, and which entity each is of?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from corridor.base.sheets.dates import BirthDate
from corridor.names.records.record import Record, RecordId, Sex

_SEX: dict[str, Sex] = {"M": "m", "F": "f"}


def read_records(file: Path) -> list[Record]:
    """The records of a table with tabs: record_id, name, dob (YYYY-MM-DD), sex (M, F), citizenship, document.

    Any field but the id may be empty; further columns are passed over. Raises ValueError naming row and column.
    """
    return [_record(file, line, row) for line, row in _rows(file, ("record_id", "name"))]


def read_truth(file: Path) -> dict[RecordId, str]:
    """The entity of each record: a table with tabs, record_id and entity_id. Raises ValueError naming the row."""
    return {RecordId(row["record_id"]): row["entity_id"] for _, row in _rows(file, ("record_id", "entity_id"))}


def _rows(file: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        table = csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [name for name in needed if name not in (table.fieldnames or ())]
        if missing:
            raise ValueError(f"{file.name}, row 1: there is no column {' and no column '.join(missing)}")
        for line, row in enumerate(table, start=2):
            if any(row[name] is None for name in needed):
                raise ValueError(f"{file.name}, row {line}: the row has fewer columns than the header")
            yield line, {name: value or "" for name, value in row.items() if isinstance(name, str)}


def _record(file: Path, line: int, row: dict[str, str]) -> Record:
    citizenship, document = row.get("citizenship", ""), row.get("document", "")
    return Record(
        id=RecordId(row["record_id"]),
        names=(row["name"],) if row["name"].strip() else (),
        birth=_birth(file, line, row.get("dob", "")),
        sex=_SEX.get(row.get("sex", "").upper()),
        citizenships=(citizenship,) if citizenship else (),
        documents=(document,) if document else (),
    )


def _birth(file: Path, line: int, text: str) -> BirthDate | None:
    if not text:
        return None
    try:
        year, month, day = (int(part) for part in text.split("-"))
    except ValueError:
        raise ValueError(f"{file.name}, row {line}, column dob: {text!r} is no date; write it YYYY-MM-DD") from None
    return BirthDate(year=year, month=month, day=day, precision="day")
