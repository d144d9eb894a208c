"""Whether what was acknowledged survives the loss of power: thousands of disks as a power cut may leave them.

The real writer fills a real SQLite database while every write and sync of its files is recorded. From the record come
images: at each point, what was synced is there, and each write since the last sync is kept, dropped or torn, sector by
sector. Every image is opened as headquarters would open it. `python -m bench.power [--images 100000]` prints one table:
our settings, `synchronous=NORMAL`, which must lose something or the harness could not fail, and a disk that lies.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import apsw

from corridor.base.ids import DeviceId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import SQLITE_SETTINGS, Database, open_sqlite
from corridor.ledger.writer import Writer

_SECTOR_BYTES = 512
_NOON = Moment(1_699_790_400_000)
_NORMAL = tuple(setting.replace("FULL", "NORMAL") for setting in SQLITE_SETTINGS)
_OFTEN = ("PRAGMA wal_autocheckpoint=12",)  # so that a short record holds many checkpoints too
SETTINGS = {"ours: WAL, FULL": SQLITE_SETTINGS, "WAL, NORMAL": _NORMAL, "ours on a disk that lies": SQLITE_SETTINGS}
"""The settings compared; only the first may lose nothing."""
LIES = "ours on a disk that lies"


class Act(NamedTuple):
    """One thing done to a file, or `acknowledged`: so many rows of the ledger are acknowledged from here on."""

    type: Literal["write", "sync", "truncate", "delete", "acknowledged"]
    file: str = ""
    offset: int = 0  # of `truncate` the size; of `acknowledged` the number of rows
    data: bytes = b""


class _Watched(apsw.VFSFile):
    """A file whose writes and syncs are written down."""

    def __init__(self, vfs: str, name: Any, flags: list[int], record: list[Act]) -> None:
        super().__init__(vfs, name, flags)
        path = name if isinstance(name, str) else name.filename()
        self._file, self._record = Path(path).name, record

    def xWrite(self, data: Any, offset: int) -> None:
        super().xWrite(data, offset)
        self._record.append(Act("write", self._file, offset, bytes(data)))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._record.append(Act("sync", self._file))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self._record.append(Act("truncate", self._file, size))


class _Watching(apsw.VFS):
    """SQLite's own file layer, watched."""

    def __init__(self, record: list[Act]) -> None:
        self._record = record
        super().__init__("watching", base="")

    def xOpen(self, name: Any, flags: list[int]) -> _Watched:
        return _Watched("", name, flags, self._record)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self._record.append(Act("delete", Path(filename).name))


class _Connection:
    """An apsw connection with the few verbs that `Database` uses of sqlite3's."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)

    def execute(self, query: str, params: Sequence[Any] = ()) -> _Rows:
        return _Rows(list(self._connection.execute(query, tuple(params))))

    def cursor(self) -> apsw.Cursor:
        return self._connection.cursor()

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True, slots=True)
class _Rows:
    rows: list[Any]
    description: tuple[()] = ()

    def fetchall(self) -> list[Any]:
        return self.rows


def recorded(settings: Sequence[str], commits: int) -> tuple[list[Act], list[bytes]]:
    """Everything done to the files while the writer takes in so many commits, and the ledger's rows in order."""
    record: list[Act] = []
    folder = Path(tempfile.mkdtemp())
    watching = _Watching(record)
    try:
        connection = apsw.Connection(str(folder / "ledger"), vfs="watching")
        for setting in (*settings, *_OFTEN):
            connection.execute(setting)
        store = DatabaseStore(Database(_Connection(connection), "sqlite"))
        _fill(store, commits, record)
        rows = [row.raw for row in store.batches()]
        end = len(record)  # closing writes everything home: power is cut before
        connection.close()
        return record[:end], rows
    finally:
        watching.unregister()
        shutil.rmtree(folder)


def _fill(store: DatabaseStore, commits: int, record: list[Act]) -> None:
    key, phone_key = SigningKey.from_seed(bytes(32)), SigningKey.from_seed(b"1" * 32)
    Writer.found(store, "power", DeviceId("headquarters"), key.public)
    writer = Writer(store, key)
    body = {"device": "gate-1", "public_key": phone_key.public.hex()}
    writer.record([Draft(kind="device_enrolled", happened_at=_NOON, by=UserId("duty"), body=body)], _NOON)
    record.append(Act("acknowledged", offset=store.count()))
    gate = Recorder(DeviceId("gate-1"), phone_key)
    rng = random.Random(commits)
    for number in range(commits):
        batches = [
            gate.mint([_called(f"p{number}-{one}") for one in range(rng.randint(1, 40))])[0]
            for _ in range(rng.randint(1, 3))
        ]
        for verdict in writer.receive(batches, _NOON):
            writer.receipt(verdict, _NOON)
        record.append(Act("acknowledged", offset=store.count()))


def _called(person: str) -> Draft:
    return Draft(kind="called", happened_at=_NOON, by=UserId("amal"), persons=(PersonId(person),))


@dataclass(slots=True)
class _Disk:
    """The files as a power cut finds them: what is safe, and what was done since the last sync of each."""

    lies: bool
    safe: dict[str, bytearray] = field(default_factory=dict)
    since: dict[str, list[Act]] = field(default_factory=dict)
    acknowledged: int = 0

    def do(self, act: Act) -> None:
        if act.type == "acknowledged":
            self.acknowledged = act.offset
        elif act.type == "delete":
            self.safe.pop(act.file, None)
            self.since.pop(act.file, None)
        elif act.type == "sync":
            if not self.lies:
                content = self.safe.setdefault(act.file, bytearray())
                for one in self.since.pop(act.file, ()):
                    _apply(content, one, one.data)
        else:
            self.since.setdefault(act.file, []).append(act)

    def image(self, rng: random.Random) -> dict[str, bytes]:
        """One way in which the disk may look after the cut."""
        found = {}
        for name in self.safe.keys() | self.since.keys():
            content = bytearray(self.safe.get(name, b""))
            for act in self.since.get(name, ()):
                fate = rng.randrange(3)
                if fate == 0:
                    _apply(content, act, act.data)
                elif fate == 1 and act.type == "write":
                    _tear(content, act, rng)
            found[name] = bytes(content)
        return found


def _apply(content: bytearray, act: Act, data: bytes) -> None:
    if act.type == "truncate":
        del content[act.offset :]
        return
    if len(content) < act.offset:
        content.extend(bytes(act.offset - len(content)))
    content[act.offset : act.offset + len(data)] = data


def _tear(content: bytearray, act: Act, rng: random.Random) -> None:
    """Some sectors of a write reach the disk, others do not."""
    for start in range(0, len(act.data), _SECTOR_BYTES):
        if rng.random() < 0.5:
            piece = act._replace(offset=act.offset + start)
            _apply(content, piece, act.data[start : start + _SECTOR_BYTES])


def images(
    record: Sequence[Act], count: int, rng: random.Random, *, lies: bool
) -> Iterator[tuple[int, dict[str, bytes]]]:
    """So many disks, cuts spread over the whole record, each with the number of rows acknowledged by then."""
    points = Counter(rng.choices(range(len(record)), k=count))
    disk = _Disk(lies)
    for number, act in enumerate(record):
        disk.do(act)
        for _ in range(points[number]):
            yield disk.acknowledged, disk.image(rng)


def survives(folder: Path, image: dict[str, bytes], rows: Sequence[bytes], acknowledged: int) -> str:
    """What became of a disk: `whole`, `lost` (something acknowledged is not there), or `corrupt`."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in image.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(content)
    try:
        database = open_sqlite(folder / "ledger")
    except sqlite3.DatabaseError:
        return "corrupt"
    try:
        there = [row.raw for row in DatabaseStore(database).batches()]
    except (sqlite3.DatabaseError, TypeError):  # TypeError: a row whose bytes are gone
        return "corrupt"
    finally:
        database.close()
    if there != list(rows[: len(there)]):
        return "corrupt"
    return "whole" if len(there) >= acknowledged else "lost"


def cut(settings: Sequence[str], count: int, seed: int, *, lies: bool = False, commits: int = 40) -> Counter[str]:
    """Cut power so many times; how many disks were whole, how many lost something acknowledged or were corrupt."""
    record, rows = recorded(settings, commits)
    found: Counter[str] = Counter()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        for acknowledged, image in images(record, count, random.Random(seed), lies=lies):
            found[survives(Path(folder), image, rows, acknowledged)] += 1
    return found


def main(argv: Sequence[str] | None = None) -> None:
    """Cut and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000, help="with our settings; the others a hundredth")
    parser.add_argument("--small", action="store_true", help="only show that it works")
    arguments = parser.parse_args(argv)
    count = 200 if arguments.small else arguments.images
    print("| settings | power cuts | whole | lost something acknowledged | corrupt | cuts a CPU-s |")
    print("|---|---|---|---|---|---|")
    for name, settings in SETTINGS.items():
        cuts = count if name == next(iter(SETTINGS)) else max(100, count // 100)
        begun = time.process_time()
        found = cut(settings, cuts, 1, lies=name == LIES)
        pace = cuts / (time.process_time() - begun)
        print(
            f"| {name} | {cuts:,} | {found['whole']:,} | {found['lost']:,} | {found['corrupt']:,} | {pace:,.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
