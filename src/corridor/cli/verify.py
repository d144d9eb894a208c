"""`corridor verify`: whether every law holds on a database, checked anew from the bytes."""

from __future__ import annotations

import os
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from corridor.base.moments import DAY_MS, Moment, iso
from corridor.base.refusal import Refusal
from corridor.cli.arguments import (
    DONE,
    REFUSED,
    USAGE,
    Commands,
    Stop,
    add_operation,
    board_of,
    closed_after,
    now,
    opened,
)
from corridor.journey.board.laws import verify_figures, verify_parties
from corridor.ledger.columns import Columns
from corridor.ledger.verify import Breach, verify_ledger
from corridor.opening import Found, OpenOperation, find_operation, open_found, read_found

MOMENTS_MAX = 24
"""At how many moments of the ledger's span the figures are added up, beside the last."""


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("verify", help="check every law on a database, and name what breaks it")
    command.add_argument("database", type=Path, nargs="?", metavar="DATABASE", help="an embedded database's file")
    add_operation(command, needed=False)
    command.set_defaults(run=verify)


def verify(arguments: Namespace) -> int:
    """Check the laws; the last line is one of totals when all hold."""
    if (arguments.database is None) == (arguments.operation is None):
        raise Stop("Name what to verify: either --operation NAME|DIR or a database's file.", USAGE)
    operation = opened(arguments) if arguments.database is None else _open_file(arguments)
    this_moment = now()
    found = list(_breaches(operation, this_moment))
    for breach in found:
        print(f"Law {breach.law} is broken: {breach.says}")
    intake = operation.writer.intake
    totals = (
        f"{operation.operation.name}: batches received {operation.store.count():,} = "
        f"accepted {intake.tally['accepted']:,} + repeated {intake.tally['duplicate']:,} + "
        f"in quarantine {intake.tally['quarantined']:,}; events {operation.stamp().events:,}, "
        f"people {operation.view(this_moment, this_moment).registered:,}"
    )
    if found:
        print(f"{totals}; laws broken: {len(found)} times.")
        return REFUSED
    print(f"{totals}: every law holds.")
    return DONE


def _breaches(operation: OpenOperation, this_moment: Moment) -> Iterator[Breach]:
    yield from verify_ledger(operation.store, operation.book.ways, this_moment)
    for moment in moments(operation.book.columns, this_moment):
        for known in dict.fromkeys((this_moment, moment)):
            for breach in verify_figures(board_of(operation, moment, known)):
                yield Breach(breach.law, f"At {iso(moment)}, as known at {iso(known)}: {breach.says}")
    yield from verify_parties(board_of(operation, this_moment, this_moment))


def moments(columns: Columns, this_moment: Moment) -> list[Moment]:
    """Moments spread over the ledger's span, one a day where it is short, and now."""
    known = columns.batches.known_at
    if not known:
        return [this_moment]
    first, last = min(known), min(max(known), this_moment)
    step = max(DAY_MS, (last - first) // MOMENTS_MAX)
    return [*(Moment(moment) for moment in range(first, last, step)), this_moment]


def _open_file(arguments: Namespace) -> OpenOperation:
    """A database by its file: the operation it was founded for must be shipped, or lie in the folder around it."""
    file: Path = arguments.database
    if not file.is_file():
        raise Stop(f"There is no file {file}.", USAGE)
    name = _operation_named_in(file)
    around = file.absolute().parent.parent
    found = find_operation(str(around) if (around / "operation.toml").is_file() else name, os.environ)
    if isinstance(found, Refusal):
        raise Stop(str(found))
    operation = read_found(found)
    if isinstance(operation, Refusal):
        raise Stop(str(operation))
    here = Found(name=found.name, folder=found.folder, shipped=found.shipped, home=file.absolute().parent)
    if here.database != file.absolute():
        raise Stop(f"{file} is not named {here.database.name}: name it so in a folder of its own.")
    return closed_after(arguments, open_found(here, operation, {}))


def _operation_named_in(file: Path) -> str:
    """The operation that the file's ledger was founded for, read without changing a file that may not be ours."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT value FROM setting WHERE name = 'operation'").fetchall()
    except sqlite3.OperationalError:  # no such table
        rows = []
    except sqlite3.DatabaseError as error:
        raise Stop(f"{file} cannot be opened: {error}.") from None
    if not rows:
        raise Stop(f"{file} holds no ledger.")
    return str(rows[0][0])
