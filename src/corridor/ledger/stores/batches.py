"""The ledger on a database: one table of batches as received, append-only, and what the ledger was founded with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corridor.base.limits import EXCHANGE_BATCHES_MAX
from corridor.base.moments import Moment
from corridor.ledger.stores import BatchRow, Checkpoint
from corridor.ledger.stores.database import Database

_TABLES = (
    """CREATE TABLE IF NOT EXISTS batch (
        number NUMBER PRIMARY KEY, received_at NUMBER NOT NULL, status TEXT NOT NULL, raw BYTES NOT NULL)""",
    "CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # the book: derived, droppable, never written in the ledger's commit
    "CREATE TABLE IF NOT EXISTS book_checkpoint (only_row NUMBER PRIMARY KEY, batches NUMBER NOT NULL, packed BYTES)",
)

_COLUMNS = ("number", "received_at", "status", "raw")


class DatabaseStore:
    """A `LedgerStore` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(*_TABLES)

    def append(self, rows: Sequence[BatchRow]) -> None:
        """Add rows in one commit; the primary key refuses a number taken twice, should two writers ever meet."""
        if len(rows) <= EXCHANGE_BATCHES_MAX:
            self._database.add("batch", _COLUMNS, rows)
            return  # more than phones bring at once: an import's batches go in by a stream
        with self._database.transaction():
            self._database.copy_in("batch", _COLUMNS, rows)

    def batches(self, after: int = 0) -> Iterator[BatchRow]:
        """The rows with a greater number, in order."""
        query = "SELECT number, received_at, status, raw FROM batch WHERE number > ? ORDER BY number"
        for number, received_at, status, raw in self._database.stream(query, (after,)):
            yield BatchRow(number, Moment(received_at), status, bytes(raw))

    def raw(self, number: int) -> bytes:
        """The bytes of one batch."""
        rows = self._database.run("SELECT raw FROM batch WHERE number = ?", (number,))
        if not rows:
            raise KeyError(number)
        return bytes(rows[0][0])

    def count(self) -> int:
        """The number of the last row; numbers have no gaps."""
        return int(self._database.run("SELECT COALESCE(MAX(number), 0) FROM batch")[0][0])

    def settings(self) -> dict[str, str]:
        """What was set when the ledger was founded."""
        return dict(self._database.run("SELECT name, value FROM setting"))

    def found(self, settings: dict[str, str]) -> None:
        """Set what holds for the ledger's life."""
        assert not self.settings(), "a ledger is founded once"
        with self._database.transaction():
            self._database.run_many("INSERT INTO setting (name, value) VALUES (?, ?)", list(settings.items()))

    def checkpoint(self) -> Checkpoint | None:
        """The book's last checkpoint."""
        rows = self._database.run("SELECT batches, packed FROM book_checkpoint")
        return Checkpoint(int(rows[0][0]), bytes(rows[0][1])) if rows else None

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in place of the last."""
        with self._database.transaction():
            self._database.run("DELETE FROM book_checkpoint")
            self._database.run("INSERT INTO book_checkpoint VALUES (1, ?, ?)", (checkpoint.batches, checkpoint.packed))
