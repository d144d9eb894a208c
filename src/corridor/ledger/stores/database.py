"""One database, SQLite or PostgreSQL, behind a few verbs, so that the stores are written once."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

import psycopg

Dialect = Literal["sqlite", "postgresql"]
_SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PAGE_BYTES = 16_384  # a batch of 100 events is about 35 kB: fewer pages a row than with 4 kB, measured faster
_ROWS_AT_ONCE = 256
SQLITE_SETTINGS = (
    f"PRAGMA page_size={_PAGE_BYTES}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)
"""What every SQLite connection is told first; `bench.power` shows that with these nothing acknowledged is lost."""


class Connection(Protocol):
    """What sqlite3 and psycopg connections have in common, as far as the stores use it."""

    def execute(self, query: str, params: Sequence[Any] = ..., /) -> Any: ...
    def cursor(self) -> Any: ...
    def close(self) -> None: ...


class Database:
    """A connection and its dialect. SQL is written with `?`; one thread at a time uses it, others wait.

    A server that was restarted is connected to again by whatever is run next outside a transaction. What was inside one
    has failed and is not tried again, since nobody knows whether it was committed.
    """

    def __init__(self, connection: Any, dialect: Dialect, connect: Callable[[], Any] | None = None) -> None:
        """`connect` makes the connection anew; None: there is no other one, as with a database in memory."""
        self.dialect: Dialect = dialect
        self._connection = connection
        self._connect = connect
        self._lock = threading.RLock()
        self._inside = False  # whether this connection is in a transaction

    def run(self, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and fetch its rows, if it has any; outside a transaction it is committed at once."""
        with self._lock:
            cursor = self._execute(query, params)
            return [] if cursor.description is None else cursor.fetchall()

    def run_many(self, query: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row; inside a transaction."""
        with self._lock:
            self._connection.cursor().executemany(self._sql(query), rows)

    def copy_in(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows the fastest way that the database has; inside a transaction."""
        names = ", ".join(columns)
        if self.dialect == "sqlite":
            marks = ", ".join("?" * len(columns))
            self.run_many(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        else:
            with (
                self._lock,
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
            ):
                copy.set_types([_COPY_TYPES[column] for column in columns])
                for row in rows:
                    copy.write_row(row)

    def add(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add a few rows in one commit; to PostgreSQL in one statement, since each costs a way there and back.

        `columns` begin with the primary key: should the answer be lost, the statement fails when it is repeated.
        """
        if not rows:
            return
        if self.dialect == "sqlite":
            with self.transaction():
                self.copy_in(table, columns, rows)
            return
        names = ", ".join(columns)
        lists = ", ".join(f"%b::{_COPY_TYPES[column]}[]" for column in columns)
        query = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({lists})"
        with self._lock:
            self._execute(query, [list(values) for values in zip(*rows, strict=True)], again=True)

    def stream(self, query: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query whose last condition is `number > ?` and which is ordered by `number`, its first column.

        They are fetched in slices, so that a long reading neither holds the lock nor the whole answer.
        """
        *before, after = params
        while True:
            rows = self.run(f"{query} LIMIT {_ROWS_AT_ONCE}", (*before, after))
            yield from rows
            if len(rows) < _ROWS_AT_ONCE:
                return
            after = rows[-1][0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that runs inside is durable together when it ends, or none of it is; one inside another joins it."""
        with self._lock:
            if self._inside:
                yield
                return
            self._execute("BEGIN IMMEDIATE" if self.dialect == "sqlite" else "BEGIN")
            self._inside = True
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # A COMMIT that fails for want of room may leave the transaction open or have ended it; a connection
                # that is gone has taken its transaction along.
                if self._connection.in_transaction if self.dialect == "sqlite" else not self._connection.closed:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._inside = False

    def create(self, *statements: str) -> None:
        """Create tables; `BYTES` and `NUMBER` stand for the dialect's types of bytes and 64-bit whole numbers."""
        bytes_, number = ("BLOB", "INTEGER") if self.dialect == "sqlite" else ("BYTEA", "BIGINT")
        with self.transaction():
            for statement in statements:
                self._connection.execute(statement.replace("BYTES", bytes_).replace("NUMBER", number))

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connect = None
            self._connection.close()

    def _execute(self, query: str, params: Sequence[Any] = (), *, again: bool = False) -> Any:
        """Run a statement; over a new connection when the one there was is found to be gone and nothing hangs on it.

        `again`: it may be run twice, as what only asks may be."""
        connect = None if self._inside else self._connect
        if connect is not None and self._connection.closed:
            self._connection = connect()
        try:
            return self._connection.execute(self._sql(query), params)
        except psycopg.OperationalError:
            # Whether a statement that changes something was carried out is not known; these change nothing.
            again = again or query.startswith(("SELECT", "BEGIN"))
            if connect is None or not self._connection.closed or not again:
                raise
            self._connection = connect()
            return self._connection.execute(self._sql(query), params)

    def _sql(self, query: str) -> str:
        return query if self.dialect == "sqlite" else query.replace("?", "%s")


_LZ4 = """SELECT set_config(name, 'lz4', false) FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"""
"""Pack large values with LZ4 where the server can (14 and later): pglz cost more than everything else of an insert."""

_COPY_TYPES = {"number": "int8", "received_at": "int8", "status": "text", "raw": "bytea"}


def open_sqlite(path: Path | Literal[":memory:"]) -> Database:
    """An embedded database; what it commits survives the loss of power (WAL with `synchronous=FULL`).

    `NORMAL` loses acknowledged commits on power loss; `FULL` lost none in 600 simulated crashes.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    for setting in SQLITE_SETTINGS:
        connection.execute(setting)
    return Database(connection, "sqlite")


def open_postgresql(url: str, schema: str) -> Database:
    """A schema of a PostgreSQL database, created when it is not there; a commit waits for the disk and for quorum
    standbys where the server has some, since `synchronous_commit` is on."""
    assert _SCHEMA_NAME.fullmatch(schema), "a schema's name is lower-case letters, digits and underscores"

    def connect() -> psycopg.Connection[Any]:
        connection = psycopg.connect(url, autocommit=True)
        connection.execute("SET synchronous_commit TO on")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.execute(f"SET search_path TO {schema}")
        connection.execute(_LZ4)
        return connection

    return Database(connect(), "postgresql", connect)
