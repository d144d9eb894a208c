"""Which replay a folder describes, or the first thing that is wrong with its file."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from corridor.base.moments import Moment, moment_of, parse_moment
from corridor.base.refusal import Refusal, RefusalKind
from corridor.drill.claim_row import ClaimRow
from corridor.drill.people.names_pool import POOLS, NamesPool
from corridor.drill.plan import ReplayPlan, problems

REPLAY_FILE = "replay.toml"
CLAIMS_FILE = "claims.csv"
NAMES_FOLDER = "names"

UNREADABLE_REPLAY = RefusalKind("unreadable_replay", "{file}: {why}.", "Correct the file and read it again.")


def load_replay(folder: Path) -> ReplayPlan | Refusal:
    """The replay of an operation's folder; a Refusal naming file and key when it cannot be read."""
    names = load_names(folder / NAMES_FOLDER)
    if isinstance(names, Refusal):
        return names
    file = folder / REPLAY_FILE
    try:
        tree = _moments(tomllib.loads(file.read_text(encoding="utf-8")))
        plan = msgspec.convert({**tree, "names": names}, ReplayPlan)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        return UNREADABLE_REPLAY(file=file.name, why=str(error))
    for key, why in problems(plan):
        return UNREADABLE_REPLAY(file=file.name, why=f"{key}: {why}")
    return plan


def load_claims(folder: Path) -> tuple[ClaimRow, ...] | Refusal:
    """The published figures of an operation's folder; a Refusal naming row and column when one cannot be read."""
    file = folder / CLAIMS_FILE
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return UNREADABLE_REPLAY(file=file.name, why=str(error))
    claims = []
    for turn, row in enumerate(rows, start=2):
        try:
            claims.append(_claim(row))
        except (KeyError, ValueError, msgspec.ValidationError) as error:
            return UNREADABLE_REPLAY(file=file.name, why=f"row {turn}: {error}")
    return tuple(claims)


def load_names(folder: Path) -> NamesPool | Refusal:
    """The pools of invented names; a Refusal naming file and row when a column is missing or a cell empty."""
    pools = {}
    for pool in fields(NamesPool):
        file = folder / f"{pool.name}.csv"
        row_type = POOLS[pool.name]
        columns = [column.name for column in fields(row_type)]
        try:
            with file.open(encoding="utf-8", newline="") as lines:
                rows = list(csv.DictReader(lines))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            return UNREADABLE_REPLAY(file=f"{NAMES_FOLDER}/{file.name}", why=str(error))
        for turn, row in enumerate(rows, start=2):
            if empty := [column for column in columns if not (row.get(column) or "").strip()]:
                why = f"row {turn} has nothing in column {empty[0]}"
                return UNREADABLE_REPLAY(file=f"{NAMES_FOLDER}/{file.name}", why=why)
        pools[pool.name] = tuple(
            row_type(**{column: tuple(row[column].split("|")) for column in columns}) for row in rows
        )
    return NamesPool(**pools)


def _claim(row: dict[str, str]) -> ClaimRow:
    return ClaimRow(
        code=row["code"],
        value=int(row["value"]) if row["value"].strip() else None,
        at=parse_moment(row["at"]),
        known=parse_moment(row["known"]),
        said_by=row["said_by"],
        certainty=row["certainty"],
        definition=row["definition"],
        source=row["source_url"],
        note=row["note"] or None,
    )


def _moments(value: Any) -> Any:
    """The same tree with every date and time as a Moment. Raises ValueError for a time without a zone."""
    if isinstance(value, dict):
        return {key: _moments(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_moments(each) for each in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone; write Z at its end")
        return Moment(moment_of(value))
    return value
