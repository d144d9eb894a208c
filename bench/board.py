"""How long the board at any (at, known) takes, warm and in a new process: `python -m bench.board`."""

from __future__ import annotations

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.databases import founded
from bench.measuring import Costs, arguments, measured, number, sizes_and_runs, table
from bench.road_operation import bench_operation
from bench.workload import SPAN_MS, START, WORKLOADS, Workload, groups
from corridor.base.ids import AccountId
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.journey.board.board import FIGURES, Board
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.checkpoint import pack
from corridor.ledger.stores import Checkpoint
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import open_sqlite
from corridor.ledger.writer import Writer
from corridor.opening import ways_of

COLUMNS = (
    "what",
    "workload",
    "events",
    "rows of the book",
    "people",
    "questions",
    "CPU s min",
    "CPU s median",
    "CPU s max",
    "wall s median",
    "wall s max",
    "CPU, Corridor = 1",
)
ACCOUNTS_WARM = "Corridor, accounts only"
FIGURES_WARM = "Corridor, accounts and ten figures"
WHOLE_WARM = "Corridor, whole board"
COLD = "Corridor, whole board, new process"
PEER = "peer: SQL over indexed rows, accounts only"
COLD_RUNS = 3
PAIRS = 20


def ask(operation: Operation, book: Book, at: Moment, known: Moment, *, whole: bool) -> dict[str, int]:
    """Everybody's account and every figure; `whole` adds citizenships, stages, the strip and the figures of the day."""
    view = View(book, at, known)
    board = Board(operation, view)
    assert sum(view.accounts().values()) == view.registered, "the board adds up"
    found = {code: len(board.people(code)) for code in FIGURES}
    if whole:
        board.by_citizenship()
        board.by_stage()
        board.strip()
        found |= {code: len(board.people(code)) for code in ("out_children", "crossed_day", "received_day")}
    return found


def filled(file: Path, workload: Workload) -> None:
    """A ledger in a file, each batch received at its own time, with a checkpoint after its last batch."""
    database = open_sqlite(file)
    database.run("PRAGMA synchronous=OFF")  # filling it is not what is measured
    writer = founded(database)
    writer.receive(workload.enrolment, START)
    for raws, received_at in groups(workload, size=1):
        writer.receive(raws, received_at)
    store = DatabaseStore(database)
    store.keep_checkpoint(Checkpoint(store.count(), pack(writer.intake)))
    database.close()


def opened(file: Path) -> tuple[Operation, Book]:
    """The ledger of a file, read from its checkpoint."""
    operation = bench_operation()
    writer = Writer(DatabaseStore(open_sqlite(file)))
    return operation, Book(ways_of(operation), writer.intake, writer.raw)


@dataclass(frozen=True, slots=True)
class Peer:
    """A table with a row for each event and person, indexed as one would for this question."""

    connection: sqlite3.Connection

    @staticmethod
    def of(book: Book) -> Peer:
        """The rows of a book in a table in memory."""
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE TABLE moved (person INTEGER, at INTEGER, known INTEGER, target INTEGER)")
        rows = book.sorted()
        chosen = (rows.target >= 0) & (rows.person >= 0)
        columns = (column[chosen].tolist() for column in (rows.person, rows.at, rows.known, rows.target))
        connection.executemany("INSERT INTO moved VALUES (?, ?, ?, ?)", zip(*columns, strict=True))
        connection.execute("CREATE INDEX moved_person ON moved (person, at, known, target)")
        return Peer(connection)

    def accounts(self, at: Moment, known: Moment) -> list[tuple[int, int]]:
        """People by account, each in the last one recorded; contradictions go unseen."""
        return self.connection.execute(
            "SELECT target, count(*) FROM (SELECT person, target, max(at) FROM moved "
            "WHERE at <= ? AND known <= ? GROUP BY person) GROUP BY target",
            (at, known),
        ).fetchall()


def compared(file: Path, workload: Workload, pairs: int) -> list[list[str]]:
    """The rows of one workload; each pair of moments is asked of everyone in turn."""
    rng = random.Random(17)
    asked = [(_moment(rng), _moment(rng)) for _ in range(pairs)]
    operation, book = opened(file)
    peer = Peer.of(book)
    costs = {name: Costs() for name in (WHOLE_WARM, FIGURES_WARM, ACCOUNTS_WARM, PEER, COLD)}
    ask(operation, book, workload.end, workload.end, whole=True)  # sorts the rows and reads the events: see COLD

    for index, (at, known) in enumerate(asked):
        ways: dict[str, Callable[[], object]] = {
            ACCOUNTS_WARM: partial(_accounts, book, at, known),
            FIGURES_WARM: partial(ask, operation, book, at, known, whole=False),
            WHOLE_WARM: partial(ask, operation, book, at, known, whole=True),
            PEER: partial(peer.accounts, at, known),
            COLD: partial(_ask_in_new_process, file, at, known),
        }
        for name, work in ways.items():
            if name != COLD or index < COLD_RUNS:
                costs[name].runs.append(measured(work))
    ours = costs[WHOLE_WARM].cpu_median
    return [
        [
            name,
            workload.name,
            number(workload.events),
            number(len(book.columns)),
            number(workload.persons),
            str(len(cost.runs)),
            number(cost.cpu_min),
            number(cost.cpu_median),
            number(max(run.cpu for run in cost.runs)),
            number(cost.wall_median),
            number(max(run.wall for run in cost.runs)),
            number(cost.cpu_median / ours),
        ]
        for name, cost in costs.items()
    ]


def _moment(rng: random.Random) -> Moment:
    return Moment(START + rng.randrange(SPAN_MS))


def _accounts(book: Book, at: Moment, known: Moment) -> dict[AccountId, int]:
    return View(book, at, known).accounts()


def _ask_in_new_process(file: Path, at: Moment, known: Moment) -> None:
    subprocess.run([sys.executable, "-m", "bench.board", "--ask", str(file), str(at), str(known)], check=True)


def main() -> None:
    """Measure and print the table; with `--ask`, be the new process."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--ask", nargs=3, metavar=("FILE", "AT", "KNOWN"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        file, at, known = given.ask
        ask(*opened(Path(file)), Moment(int(at)), Moment(int(known)), whole=True)
        return
    rows: list[list[str]] = []
    for events, _ in sizes_and_runs(given):
        for make in WORKLOADS.values():
            workload = make(events)
            with tempfile.TemporaryDirectory(prefix="corridor-bench-") as folder:
                file = Path(folder) / "board.sqlite3"
                filled(file, workload)
                rows += compared(file, workload, 2 if given.small else given.runs or PAIRS)
    print(table("The board at random (at, known); SQLite; the new process opens the checkpoint.", COLUMNS, rows))


if __name__ == "__main__":
    main()
