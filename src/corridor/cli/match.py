"""`corridor match A B`: which people of two tables, or of one, are the same; and how well that works on a truth."""

from __future__ import annotations

import csv
import json
import time
from argparse import ArgumentTypeError, Namespace
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.base.moments import datetime_of
from corridor.base.refusal import Refusal
from corridor.cli.arguments import DONE, REFUSED, USAGE, Commands, Stop, add_json, now, progress
from corridor.names.records.record import Link, Record, RecordId

if TYPE_CHECKING:
    from corridor.base.sheets.rows import PersonRow
    from corridor.names.records.linking import Linked

NEEDS = frozenset({"duckdb", "splink", "pyarrow", "sqlglot"})
"""What the extra `records` brings."""

COLUMNS = ("probability", "a", "a_row", "a_name", "b", "b_row", "b_name", "because")


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser(
        "match",
        help="which people of two tables, or of one, are the same, with probabilities and reasons",
        description="Proposes links between the people of A and B, or duplicates within A; a person decides. The "
        "tables may have the headers that people write; see the columns that `corridor import people` knows.",
    )
    command.add_argument("a", metavar="A", type=Path, help="a table of people: CSV, XLSX or JSON lines")
    command.add_argument("b", metavar="B", type=Path, nargs="?", help="another one; without it: duplicates within A")
    command.add_argument("-o", "--out", type=Path, metavar="OUT.csv", help="write the links there as a table")
    command.add_argument(
        "--least", type=_probability, default=0.5, metavar="P", help="the least probability of a link shown (0.5)"
    )
    add_json(command)
    command.set_defaults(run=show)


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"{text!r} is not a probability; write it like 0.9")
    return value


@dataclass(frozen=True, slots=True)
class _Person:
    """A row of a table as it is shown."""

    row: int
    name: str


@dataclass(frozen=True, slots=True)
class _Table:
    records: list[Record]
    people: dict[RecordId, _Person]


def show(arguments: Namespace) -> int:
    """Propose links; exit code 1 when a cell or a sheet could not be read."""
    reference = datetime_of(now()).date()
    faults: list[str] = []
    a = read_table(arguments.a, reference, faults)
    b = None if arguments.b is None else read_table(arguments.b, reference, faults)
    for fault in faults:
        progress(f"corridor: {fault}")
    linked = link(a.records, None if b is None else b.records, arguments.least)
    rows = [_row(one, a, b or a) for one in linked.links]
    if arguments.out is not None:
        _write(arguments.out, rows)
        progress(f"{len(rows)} links in {arguments.out}")
    if arguments.json:
        found = {"links": [_plain(one, a, b or a) for one in linked.links], "pairs_weighed": linked.pairs_weighed}
        print(json.dumps(found, ensure_ascii=False, indent=1))
    elif arguments.out is None:
        for one, row in zip(linked.links, rows, strict=True):
            print(f"{one.probability:.4f}  {row['a']} {row['a_name']}  =  {row['b']} {row['b_name']}")
            for reason in one.because:
                print(f"        {'against: ' if reason.against else ''}{reason} ({reason.weight:+.1f})")
        print(f"{len(rows)} links; {linked.pairs_weighed:,} pairs were weighed.")
    return REFUSED if faults else DONE


def link(a: list[Record], b: list[Record] | None, least: float) -> Linked:
    """The links of the records, or what to install."""
    try:
        from corridor.names.records.engine import names_engine
        from corridor.names.records.linking import duplicates, match
    except ModuleNotFoundError as error:
        raise _lacking(error) from None
    engine = names_engine()
    return duplicates(a, engine, least=least) if b is None else match(a, b, engine, least=least)


def _lacking(error: ModuleNotFoundError) -> Stop:
    if (error.name or "").partition(".")[0] not in NEEDS:
        raise error
    return Stop(
        f"Linking records needs {error.name}, which is not installed. "
        "Install the extra: pip install 'corridor[records]'"
    )


def read_table(file: Path, reference: date, faults: list[str]) -> _Table:
    """The people of every sheet of a file; what could not be read is told in `faults`, with its place."""
    from corridor.base.sheets.mapping import guess_mapping, lacking  # heavy, and only needed here
    from corridor.base.sheets.reader import read_sheets
    from corridor.base.sheets.rows import read_people

    try:
        sheets = read_sheets(file.name, file.read_bytes())
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}. Give the path of a table.", USAGE) from None
    if isinstance(sheets, Refusal):
        raise Stop(str(sheets))
    found = _Table([], {})
    for sheet in sheets:
        mapping = guess_mapping(sheet, "people")
        lacks = lacking(mapping, sheet)
        if lacks is not None:
            faults.append(str(lacks))
            continue
        reading = read_people(sheet, mapping, reference)
        faults += [str(bad) for bad in reading.bad]
        for row in reading.rows:
            _take(found, row)
    if not found.records:
        raise Stop(f"{file} holds no people with names.")
    return found


def _take(table: _Table, row: PersonRow) -> None:
    called = row.reference if row.reference and not row.reference_shared else f"row {row.position.row}"
    if called in table.people:
        called = f"{row.position.sheet or row.position.file}, row {row.position.row}"
    names = names_of(row)
    record = Record(
        id=RecordId(called),
        names=names,
        birth=row.birth,
        sex=row.sex,
        citizenships=row.citizenships,
        documents=() if row.document_number is None else (row.document_number.cleaned,),
    )
    table.records.append(record)
    table.people[record.id] = _Person(row.position.row, names[0])


def names_of(row: PersonRow) -> tuple[str, ...]:
    """The whole names of a row, each once."""
    whole = (row.full_name, row.name_latin, row.name_cyrillic, row.name_arabic)
    names = [name.text for name in whole if name is not None]
    together = " ".join(part.text for part in (row.surname, row.given, row.patronymic) if part is not None)
    return tuple(dict.fromkeys([*names, *([together] if together else [])]))


def _row(one: Link, a: _Table, b: _Table) -> dict[str, str | int | float]:
    first, second = a.people[one.a], b.people[one.b]
    because = "; ".join(f"{'against: ' if reason.against else ''}{reason}" for reason in one.because)
    cells = (one.probability, one.a, first.row, first.name, one.b, second.row, second.name, because)
    return dict(zip(COLUMNS, cells, strict=True))


def _plain(one: Link, a: _Table, b: _Table) -> dict[str, object]:
    because = [{**asdict(reason), "against": reason.against} for reason in one.because]
    return {**_row(one, a, b), "because": because}


def _write(file: Path, rows: list[dict[str, str | int | float]]) -> None:
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as opened:  # the mark tells a spreadsheet the encoding
            table = csv.DictWriter(opened, COLUMNS)
            table.writeheader()
            table.writerows(rows)
    except OSError as error:
        raise Stop(f"{file} cannot be written: {error.strerror}. Give another path.") from None


def evaluate(records: Path, truth: Path, *, as_json: bool) -> int:
    """`corridor names evaluate-linkage RECORDS TRUTH`: duplicates found without labels, measured against the truth."""
    try:
        from corridor.names.records.engine import names_engine
        from corridor.names.records.evaluate import evaluate_linkage
        from corridor.names.records.files import read_records, read_truth
    except ModuleNotFoundError as error:
        raise _lacking(error) from None
    try:
        read, entities = read_records(records), read_truth(truth)
    except OSError as error:
        raise Stop(f"{error.filename} cannot be read: {error.strerror}. Give the path of a table.", USAGE) from None
    except ValueError as error:
        raise Stop(f"{error}.") from None
    began, began_wall = time.process_time(), time.perf_counter()
    figures = evaluate_linkage(read, entities, names_engine())
    found = asdict(figures) | {
        "cpu_seconds": round(time.process_time() - began, 2),
        "seconds": round(time.perf_counter() - began_wall, 2),
    }
    if as_json:
        print(json.dumps(found, indent=1))
        return DONE
    for name, value in found.items():
        if name != "calibration":
            print(f"{name:24}  {value:,}")
    print("probability from  pairs  mean probability  truly one person")
    for low, count, mean, share in figures.calibration:
        print(f"{low:16}  {count:5}  {mean:16.3f}  {share:16.3f}")
    return DONE
