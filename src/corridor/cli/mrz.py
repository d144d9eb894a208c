"""`corridor mrz FILE`: what machine-readable zones say, and what is wrong with them at which line and column."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path
from typing import Any

from corridor.base.moments import datetime_of
from corridor.base.refusal import Refusal
from corridor.cli.arguments import DONE, REFUSED, Commands, Stop, add_json, now
from corridor.names.mrz.layouts import FieldName
from corridor.names.mrz.model import FieldValue, Reading
from corridor.names.mrz.problems import FIELD_WORDS, Problem
from corridor.names.mrz.reading import read
from corridor.names.mrz.repairs import Change, blind_spots, repairs
from corridor.names.mrz.spelling import may_be_arabic, originals
from corridor.names.mrz.typed import Block, blocks_of

FILE_BYTES_MAX = 33_554_432
"""Bytes of a file of zones: a hundred thousand of them."""


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser(
        "mrz",
        help="read and check machine-readable zones of passports, cards and visas",
        description="Reads zones, an empty line between one and the next, and says what is wrong with line and column. "
        "Nothing is mended: what a scanner may have confused is offered, and a person compares every field.",
    )
    command.add_argument("file", metavar="FILE", help="a text file, or - for what is typed")
    command.add_argument(
        "--on", type=_day, metavar="D", help="the day from which centuries are reckoned (today, unless given)"
    )
    add_json(command)
    command.set_defaults(run=show)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; write it like 2023-11-14") from None


def show(arguments: Namespace) -> int:
    """Print every zone; exit code 1 when one of them is wrong or is none."""
    reference = arguments.on or datetime_of(now()).date()
    blocks = blocks_of(_text(arguments.file))
    if not blocks:
        raise Stop(f"{arguments.file} holds no lines. Give each zone its lines, with an empty line between zones.")
    found = [(block, read(block.text, reference)) for block in blocks]
    if arguments.json:
        zones = [zone_json(block, answer, reference) for block, answer in found]
        print(json.dumps({"reference": reference.isoformat(), "zones": zones}, ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(zone_text(block, answer, reference) for block, answer in found))
    fine = all(isinstance(answer, Reading) and answer.fits for _, answer in found)
    return DONE if fine else REFUSED


def _text(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read(FILE_BYTES_MAX + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Stop(f"{name} cannot be read: {error.strerror}. Give the path of a text file.") from None
    if len(raw) > FILE_BYTES_MAX:
        raise Stop(f"{name} has more than {FILE_BYTES_MAX // 2**20} MiB. Cut it into smaller files.")
    return raw.decode("utf-8-sig", "replace")


def zone_text(block: Block, answer: Reading | Refusal, reference: date) -> str:
    """One zone for a person."""
    if isinstance(answer, Refusal):
        return f"line {block.first_line}: {answer}"
    state = "fits" if answer.fits else "is wrong in " + ", ".join(FIELD_WORDS[name] for name in answer.wrong)
    rows = [f"line {block.first_line}: {answer.format} {state}"]
    width = max(len(FIELD_WORDS[field.name]) for field in answer.fields)
    for field in answer.fields:
        rows.append(f"  {FIELD_WORDS[field.name]:<{width}}  {_value_text(field.name, field.value)}")
    for problem in answer.problems:
        rows.append(f"  {'wrong' if problem.wrong else 'look'}: {problem}")
    for repair in repairs(answer, reference):
        sure = "; then every digit fits" if repair.settles else ""
        rows.append(f"  perhaps: {FIELD_WORDS[repair.field]}: {_changes(repair.changes)}{sure}")
    spots = blind_spots(answer)
    if spots:
        rows.append(f"  no digit can tell: {_changes(spots[:8])}{', ...' if len(spots) > 8 else ''}")
    return "\n".join(rows)


def _value_text(name: FieldName, value: FieldValue | None) -> str:
    if value is None:
        return "-"
    text = str(value)
    if not isinstance(value, str):
        return text if value.other_year is None else f"{text} (or {value.other_year})"
    if name in ("surname", "given_names") and may_be_arabic(text):
        return f"{text} (in Arabic letters, if these are ICAO's codes for them: {originals(text, 'Arabic')[0]})"
    return text


def _changes(changes: tuple[Change, ...]) -> str:
    return ", ".join(
        f"line {change.line}, column {change.column}: {change.instead or 'nothing'} for {change.read or 'nothing'}"
        for change in changes
    )


def zone_json(block: Block, answer: Reading | Refusal, reference: date) -> dict[str, Any]:
    """One zone for a machine. `valid`: nothing in it contradicts itself; `wrong` names the fields at fault."""
    head: dict[str, Any] = {"file_line": block.first_line, "lines": block.text.split("\n")}
    if isinstance(answer, Refusal):
        problem = {"field": "zone", "line": 1, "column": 1, "wrong": True, **_said(answer)}
        return {**head, "format": None, "valid": False, "wrong": ["zone"], "problems": [problem]}
    return {
        **head,
        "lines": list(answer.lines),
        "format": answer.format,
        "valid": answer.fits,
        "wrong": list(answer.wrong),
        "fields": {field.name: _value_json(field.value) for field in answer.fields},
        "checks": [
            {
                "field": c.name,
                "line": c.line,
                "column": c.column,
                "found": c.found,
                "expected": c.expected,
                "fits": c.fits,
            }
            for c in answer.checks
        ],
        "problems": [_problem_json(problem) for problem in answer.problems],
        "repairs": [
            {
                "field": repair.field,
                "text": repair.text,
                "settles": repair.settles,
                "changes": [_change_json(change) for change in repair.changes],
            }
            for repair in repairs(answer, reference)
        ],
        "blind_spots": [_change_json(change) for change in blind_spots(answer)],
        "confirmed": False,
    }


def _value_json(value: FieldValue | None) -> Any:
    if value is None or isinstance(value, str):
        return value
    return {
        "text": str(value),
        "year": value.year,
        "month": value.month,
        "day": value.day,
        "other_year": value.other_year,
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {"line": change.line, "column": change.column, "read": change.read, "instead": change.instead}


def _said(refusal: Refusal) -> dict[str, str]:
    return {"code": refusal.code, "says": refusal.says, "remedy": refusal.remedy}


def _problem_json(problem: Problem) -> dict[str, Any]:
    place = {"line": problem.line, "column": problem.column, "columns": problem.columns}
    return {"field": problem.field, **place, "wrong": problem.wrong, **_said(problem.refusal)}
