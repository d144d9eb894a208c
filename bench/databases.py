"""Where the benches write: a SQLite file that survives power loss, and a PostgreSQL server of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg

from bench.measuring import cpu_of_tree
from bench.workload import ROOT_DEVICE, root_key
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import Database, open_postgresql, open_sqlite
from corridor.ledger.writer import Writer

Name = Literal["SQLite", "PostgreSQL"]
SCHEMA = "bench"


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL: its URL and the processor seconds its processes have used."""

    url: str
    process: int

    def cpu(self) -> float:
        """Processor seconds of all its processes so far."""
        return cpu_of_tree(self.process)


def programs() -> Path | None:
    """The folder with initdb and pg_ctl: the newest of Debian's, else the one in PATH; None when there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda initdb: int(initdb.parts[-3]))
    if versions:
        return versions[-1].parent
    in_path = shutil.which("initdb")
    return Path(in_path).resolve().parent if in_path and shutil.which("pg_ctl") else None


@contextmanager
def server() -> Iterator[Server | None]:
    """A PostgreSQL of our own as it is installed (`fsync` on), in a temporary folder; None where there is none."""
    found = programs()
    if found is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="corridor-bench-"))
    # PostgreSQL refuses to run as root; its package brings a user for it.
    account = pwd.getpwnam("postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    os.chown(folder, account.pw_uid, account.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    as_account: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )

    def run(program: str, *words: str) -> None:
        with (folder / f"{program}.log").open("ab") as log:
            subprocess.run(
                [found / program, *words],
                cwd=folder,
                env={**os.environ, "HOME": str(folder), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
                **as_account,
            )

    data = folder / "data"
    run("initdb", "--pgdata", str(data), "--username=corridor", "--auth=trust", "--encoding=UTF8", "--locale=C")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''"
    run("pg_ctl", "start", "--wait", "--pgdata", str(data), "--log", str(folder / "server.log"), "--options", options)
    try:
        process = int((data / "postmaster.pid").read_text().split("\n")[0])
        yield Server(f"postgresql://corridor@127.0.0.1:{port}/postgres", process)
    finally:
        run("pg_ctl", "stop", "--pgdata", str(data), "--mode=fast")
        shutil.rmtree(folder)


class Site:
    """An empty place on one of the databases, again and again."""

    def __init__(self, name: Name, folder: Path, server: Server | None) -> None:
        assert name == "SQLite" or server is not None, "PostgreSQL needs a server"
        self.name = name
        self.folder = folder
        self.server = server
        self._made = 0

    @property
    def cpu(self) -> Callable[[], float] | None:
        """Processor seconds of the server's processes; None: there is no server."""
        return None if self.server is None or self.name == "SQLite" else self.server.cpu

    @property
    def file(self) -> Path:
        """The SQLite file in use."""
        return self.folder / f"bench-{self._made}.sqlite3"

    def empty(self) -> Database:
        """A new, empty database; the one before is gone."""
        for old in self.folder.glob(f"{self.file.name}*"):
            old.unlink()
        self._made += 1
        if self.name == "SQLite":
            return open_sqlite(self.file)
        assert self.server is not None
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            connection.execute("CHECKPOINT")  # what an earlier run left to be written is not this run's cost
        return self.again()

    def again(self) -> Database:
        """The same database, over another connection."""
        if self.name == "SQLite":
            return open_sqlite(self.file)
        assert self.server is not None
        return open_postgresql(self.server.url, SCHEMA)


def founded(database: Database) -> Writer:
    """A ledger without a batch, open for writing."""
    store = DatabaseStore(database)
    Writer.found(store, "bench", ROOT_DEVICE, root_key().public)
    return Writer(store, root_key())


@contextmanager
def sites() -> Iterator[tuple[Site, ...]]:
    """The databases of this machine: SQLite always, PostgreSQL where it is installed."""
    with server() as running, tempfile.TemporaryDirectory(prefix="corridor-bench-") as folder:
        here = [Site("SQLite", Path(folder), None)]
        if running is not None:
            here.append(Site("PostgreSQL", Path(folder), running))
        yield tuple(here)
