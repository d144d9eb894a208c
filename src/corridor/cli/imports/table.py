"""What an import shares whatever its kind: the file, its sheets, the mapping shown, every bad cell named."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from corridor.base.refusal import Refusal
from corridor.base.sheets.fields import Kind
from corridor.base.sheets.mapping import (
    Mapping,
    apply_mapping,
    describe,
    from_json,
    guess_mapping,
    lacking,
    to_json,
)
from corridor.base.sheets.model import Reading, Sheet
from corridor.base.sheets.reader import read_sheets
from corridor.cli.arguments import USAGE, Stop

RowType = TypeVar("RowType")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[RowType]):
    """One sheet as it was read, with the mapping it was read by."""

    sheet: Sheet
    mapping: Mapping
    reading: Reading[RowType]


def read_file(path: Path) -> bytes:
    """The bytes of the file to import."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}. Check the path.", USAGE) from None


def saved_mapping(arguments: Namespace, kind: Kind) -> Mapping | None:
    """The mapping of ``--mapping``; None when it is to be guessed."""
    if arguments.mapping is None:
        return None
    return _or_stop(from_json(read_file(arguments.mapping).decode("utf-8", errors="replace"), kind))


def read_tables(
    arguments: Namespace, data: bytes, kind: Kind, read: Callable[[Sheet, Mapping], Reading[RowType]]
) -> list[Table[RowType]]:
    """Every table of the file that holds this kind of rows; the mapping of each is printed, and saved if asked."""
    saved = saved_mapping(arguments, kind)
    sheets = _or_stop(read_sheets(arguments.file.name, data, saved.headers() if saved else ()))
    tables: list[Table[RowType]] = []
    unfit: list[Refusal] = []
    for sheet in _chosen(sheets, arguments.sheet):
        mapping = apply_mapping(saved, sheet) if saved else guess_mapping(sheet, kind)
        refusal = mapping if isinstance(mapping, Refusal) else lacking(mapping, sheet)
        if refusal is not None or isinstance(mapping, Refusal):
            assert refusal is not None
            unfit.append(refusal)
            continue
        print(describe(mapping, sheet))
        tables.append(Table(sheet=sheet, mapping=mapping, reading=read(sheet, mapping)))
    if not tables:
        raise Stop("\n".join(str(refusal) for refusal in unfit) or "The file has no sheet that is shown.")
    for refusal in unfit:
        print(f"Left out: {refusal}")
    if arguments.save_mapping is not None:
        arguments.save_mapping.write_text(to_json(tables[0].mapping), encoding="utf-8")
        print(f"Mapping saved in {arguments.save_mapping}; use it again with --mapping.")
    return tables


def complain(tables: list[Table[RowType]]) -> Iterator[str]:
    """Every bad and every doubtful cell, and every row that was skipped, with where it stands."""
    for table in tables:
        for bad in table.reading.bad:
            yield f"Bad: {bad}"
        for doubtful in table.reading.doubtful:
            yield f"In doubt: {doubtful}"
        for skipped in table.reading.skipped:
            yield f"Skipped: {table.sheet.counts} {skipped.row}: {skipped.reason}"


def left_out(tables: list[Table[RowType]]) -> int:
    """How many rows were left out because they could not be trusted."""
    return sum(len(table.reading.left_out) for table in tables)


def stop_if_bad(arguments: Namespace, tables: list[Table[RowType]]) -> None:
    """With ``--all-or-nothing``, go no further when any cell is bad."""
    bad = sum(len(table.reading.bad) for table in tables)
    if arguments.all_or_nothing and bad:
        cells = "1 cell is" if bad == 1 else f"{bad} cells are"
        raise Stop(f"Nothing was imported, because {cells} bad. Correct the file, or leave out --all-or-nothing.")


def _chosen(sheets: tuple[Sheet, ...], name: str | None) -> list[Sheet]:
    if name is None:
        return [sheet for sheet in sheets if not sheet.hidden]
    chosen = [sheet for sheet in sheets if sheet.name == name]
    if not chosen:
        names = ", ".join(str(sheet.name) for sheet in sheets if sheet.name is not None)
        raise Stop(f"There is no sheet {name!r}; there are: {names or 'none, the format has no sheets'}.", USAGE)
    return chosen


Answer = TypeVar("Answer")


def _or_stop(answer: Answer | Refusal) -> Answer:
    if isinstance(answer, Refusal):
        raise Stop(str(answer))
    return answer
