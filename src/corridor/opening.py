"""Where an operation's database lies, and how it is opened: the one way for the shell and for headquarters."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from corridor.base.ids import DeviceId, PlaceId
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.base.operation_file import FILE_NAME, load_operation
from corridor.base.refusal import Refusal, RefusalKind
from corridor.journey.register.database_rows import DatabaseIdentityRows
from corridor.journey.versions.files import VersionFiles
from corridor.journey.versions.state import Versions, versions_of
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.book.ways import OperationWays
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.stores.archive import DatabaseArchive
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import Database, open_postgresql, open_sqlite
from corridor.ledger.writer import NotFounded, Writer
from corridor.report.figures import LedgerStamp

PACKAGE = Path(__file__).resolve().parent
EVERYTHING_KNOWN = Moment(2**62)

NO_SUCH_OPERATION = RefusalKind(
    "no_such_operation",
    "There is no operation {name!r}: it is neither shipped ({shipped}) nor a folder with an operation.toml.",
    "Name one of these, or make a folder with: corridor new DIR.",
)
OPERATION_FILE_WRONG = RefusalKind(
    "operation_file_wrong",
    "The operation file cannot be used: {problems}",
    "Correct the file, then run the command again.",
)
CANNOT_OPEN = RefusalKind(
    "cannot_open", "{where} cannot be opened: {why}.", "Check that it is there, and that it is a database of Corridor."
)
KEY_READABLE = RefusalKind(
    "key_readable", "Headquarters' key {file} can be read by others.", "Make it private: chmod 600 {file}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where an operation was found: its folder, whether it is shipped with the program, and its data's folder."""

    name: str
    folder: Path
    shipped: bool
    home: Path

    @property
    def database(self) -> Path:
        """The embedded database, used unless DATABASE_URL names another."""
        return self.home / "corridor.sqlite3"

    @property
    def key_file(self) -> Path:
        """Headquarters' signing key, readable by its owner only."""
        return self.home / "headquarters.key"


def shipped_operations() -> Mapping[str, Path]:
    """The operations shipped with the program, by name: in the checkout's `operations/`, or within the package."""
    tree = checkout()
    folder = PACKAGE / "_operations" if tree is None else tree / "operations"
    if not folder.is_dir():
        return {}
    return {path.name: path for path in sorted(folder.iterdir()) if (path / FILE_NAME).is_file()}


def checkout() -> Path | None:
    """The checkout this program runs from; None when it is installed elsewhere."""
    tree = PACKAGE.parent.parent
    return tree if PACKAGE.parent.name == "src" and (tree / "pyproject.toml").is_file() else None


def data_home(environ: Mapping[str, str]) -> Path:
    """Where shipped operations' databases lie: CORRIDOR_HOME, else .corridor of the checkout, else XDG's data home."""
    if environ.get("CORRIDOR_HOME"):
        return Path(environ["CORRIDOR_HOME"]).expanduser().absolute()
    tree = checkout()
    if tree is not None:
        return tree / ".corridor"
    given = environ.get("XDG_DATA_HOME")
    return (Path(given) if given else Path.home() / ".local" / "share") / "corridor"


def find_operation(name_or_dir: str, environ: Mapping[str, str]) -> Found | Refusal:
    """The operation of this name or in this folder."""
    shipped = shipped_operations()
    if name_or_dir in shipped:
        home = data_home(environ) / name_or_dir
        return Found(name=name_or_dir, folder=shipped[name_or_dir], shipped=True, home=home)
    folder = Path(name_or_dir).expanduser()
    if folder.name == FILE_NAME:
        folder = folder.parent
    if (folder / FILE_NAME).is_file():
        folder = folder.absolute()
        return Found(name=folder.name, folder=folder, shipped=False, home=folder / ".corridor")
    return NO_SUCH_OPERATION(name=name_or_dir, shipped=", ".join(shipped) or "none")


def file_of(found: Found) -> Path:
    """The file that the operation began with; what headquarters made of it since lies in the ledger."""
    return found.folder / FILE_NAME


def read_found(found: Found) -> Operation | Refusal:
    """The operation as the file that it began with describes it, or every problem of the file."""
    answer = load_operation(file_of(found))
    if isinstance(answer, Operation):
        return answer
    return OPERATION_FILE_WRONG(problems="\n  ".join(["", *(str(error) for error in answer)]))


def ways_of(*operations: Operation) -> OperationWays:
    """What the book needs of an operation: the places and legs of every version of its file, the later over the
    earlier, since the book reads records of every time."""

    def minutes_min(source: PlaceId, target: PlaceId) -> int | None:
        found = (one.minutes_min_between(source, target) for one in operations)
        return min((minutes for minutes in found if minutes is not None), default=None)

    return OperationWays(
        minutes_min=minutes_min,
        knows_place=lambda place: any(one.has_place(place) for one in operations),
        leg_ends={leg.id: (leg.source, leg.target) for one in operations for leg in one.legs},
    )


def _ground_of(operations: Sequence[Operation]) -> object:
    """The places and legs that operations have; two that are equal make the same book."""
    return frozenset(place.id for one in operations for place in one.places), tuple(
        dict.fromkeys(one.legs for one in operations)
    )


class OpenBook(Book):
    """The book of an open operation, which is asked for views."""

    def view(self, at: Moment, known: Moment) -> View:
        """The book at `(at, known)`."""
        return View(self, at, known)

    def last_received_at(self) -> Moment:
        """When the last batch became known: every later `known` gives the same views. 0 when there is none."""
        return Moment(max(self.columns.batches.known_at, default=0))


@dataclass(slots=True)
class OpenOperation:
    """An operation and everything that stands on its database. Not `records`: headquarters' key is not on this machine,
    so that the ledger can be read and received into, and nothing be recorded."""

    found: Found
    operation: Operation  # as its file began; `operation_at` is the one in force at a moment
    database: Database
    store: DatabaseStore
    writer: Writer
    identities: DatabaseIdentityRows
    archive: DatabaseArchive
    records: bool
    _book: OpenBook | None = field(default=None, init=False)
    _files: VersionFiles = field(init=False)
    _versions: tuple[object, Versions] = field(default=(None, Versions()), init=False)  # as known now; of which columns
    _ground: object = field(default=None, init=False)  # the places and legs of the book

    def __post_init__(self) -> None:
        self._files = VersionFiles(self.operation, file_of(self.found).read_bytes, self.archive)

    @property
    def book(self) -> OpenBook:
        """The book of this ledger; another one only when the writer had to read the ledger again, or when a version of
        the operation file brought other places or legs."""
        intake, book = self.writer.intake, self._book
        if book is None or book.intake is not intake:
            first = self._files.operation(None)
            book, self._ground = OpenBook(ways_of(first), intake, self.writer.raw), _ground_of((first,))
            self._versions = (None, Versions())
        mark = book.columns.version
        if self._versions[0] != mark:
            versions = self._versions_in(book, EVERYTHING_KNOWN)
            operations = self._files.every(versions)
            if _ground_of(operations) != self._ground:
                book, self._ground = OpenBook(ways_of(*operations), intake, self.writer.raw), _ground_of(operations)
            self._versions = (mark, versions)
        self._book = book
        return book

    def _versions_in(self, book: Book, known: Moment) -> Versions:
        return versions_of(book, known, self.writer.intake.trust.root_device)

    def versions(self, known: Moment) -> Versions:
        """The versions of the operation file, as known at `known`."""
        book = self.book
        whole = self._versions[1]
        return whole if not whole.all or known >= book.last_received_at() else self._versions_in(book, known)

    @property
    def files(self) -> VersionFiles:
        """What each version says."""
        return self._files

    def operation_at(self, at: Moment, known: Moment) -> Operation:
        """The operation as its file was in force at `at`, as far as known at `known`."""
        return self._files.in_force(self.versions(known), at)

    def view(self, at: Moment, known: Moment) -> View:
        """The book at `(at, known)`."""
        return self.book.view(at, known)

    def stamp(self) -> LedgerStamp:
        """How much of the ledger has been read, and a digest of it that does not depend on the order of arrival."""
        intake = self.writer.intake
        digest = hashlib.sha256()
        for (device, epoch), chain in sorted(intake.chains.items()):
            seq, head = chain.last()
            digest.update(f"{device}/{epoch}/{seq}:".encode() + head)
        return LedgerStamp(
            batches=intake.tally["accepted"], events=sum(intake.columns.batches.count), digest=digest.hexdigest()
        )

    def close(self) -> None:
        """Close the database."""
        self.database.close()


Progress = Callable[[str], None]


def open_operation(
    name_or_dir: str, environ: Mapping[str, str], *, progress: Progress = print
) -> OpenOperation | Refusal:
    """Open an operation's database; a shipped operation is loaded on first use, another's ledger founded empty."""
    found = find_operation(name_or_dir, environ)
    if isinstance(found, Refusal):
        return found
    operation = read_found(found)
    if isinstance(operation, Refusal):
        return operation
    with alone(found):
        if found.shipped:
            from corridor.loading import ensure_loaded  # noqa: PLC0415  # it needs the drill, which nothing else does

            refused = ensure_loaded(found, operation, environ, progress)
            if refused is not None:
                return refused
        return open_found(found, operation, environ)


@contextmanager
def alone(found: Found) -> Iterator[None]:
    """Hold off other processes of this machine that would open the same operation at this moment."""
    found.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (found.home / "opening.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def open_found(found: Found, operation: Operation, environ: Mapping[str, str]) -> OpenOperation | Refusal:
    """Open what was found, founding its ledger when the database is empty."""
    database = open_database(found, environ)
    if isinstance(database, Refusal):
        return database
    store = DatabaseStore(database)
    opened = _writer(found, operation, store)
    if isinstance(opened, Refusal):
        database.close()
        return opened
    writer, records = opened
    whole = OpenOperation(
        found=found,
        operation=operation,
        database=database,
        store=store,
        writer=writer,
        identities=DatabaseIdentityRows(database),
        archive=DatabaseArchive(database),
        records=records,
    )
    try:
        _ = whole.book
    except (LookupError, ValueError) as error:
        database.close()
        return CANNOT_OPEN(where=where(found, environ), why=str(error))
    return whole


def _writer(found: Found, operation: Operation, store: DatabaseStore) -> tuple[Writer, bool] | Refusal:
    """The writer of a ledger, founded now if it is not yet, and whether the key it was founded with is here."""
    key = read_key(found)
    if isinstance(key, Refusal):
        return key
    if not store.settings():
        key = key or new_key(found)
        Writer.found(store, operation.name, headquarters_device(operation), key.public)
    if key is not None and key.public.hex() != store.settings().get("root_key"):
        key = None  # another ledger's key: this one can be read, and nothing recorded in it
    try:
        writer = Writer(store, key)
    except NotFounded as error:
        return CANNOT_OPEN(where=found.database, why=str(error))
    writer.keep_checkpoint()  # the next opening of a long ledger need not read it from zero
    return writer, key is not None


def open_database(found: Found, environ: Mapping[str, str]) -> Database | Refusal:
    """The database: a schema of the one DATABASE_URL names, else the embedded one in the operation's home."""
    try:
        if url := environ.get("DATABASE_URL"):
            return open_postgresql(url, schema_of(found))
        found.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open_sqlite(found.database)
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        return CANNOT_OPEN(where=where(found, environ), why=str(error).strip())


def schema_of(found: Found) -> str:
    """The operation's schema in a PostgreSQL database; names of folders that share their letters are told apart."""
    name = re.sub(r"[^a-z0-9]+", "_", found.name.lower()).strip("_")
    if found.shipped:
        return f"op_{name}"[:63]
    return f"op_{name[:40]}_{hashlib.sha256(str(found.folder).encode()).hexdigest()[:8]}"


def where(found: Found, environ: Mapping[str, str]) -> str:
    """The database for people, without any password."""
    return f"schema {schema_of(found)} of DATABASE_URL" if environ.get("DATABASE_URL") else str(found.database)


def headquarters_device(operation: Operation) -> DeviceId:
    """The device whose word enrols all others: headquarters' own."""
    for device in operation.devices:
        if device.kind == "headquarters":
            return device.id
    return DeviceId("headquarters")


def new_key(found: Found) -> SigningKey:
    """A new signing key for headquarters, in a file that only its owner can read. Raises FileExistsError."""
    seed = secrets.token_bytes(32)
    write_key(found, seed)
    return SigningKey.from_seed(seed)


def write_key(found: Found, seed: bytes) -> None:
    """Write headquarters' key, readable by its owner only, whole or not at all."""
    fresh = found.key_file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(seed.hex() + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(found.key_file)


def headquarters_key(opened: OpenOperation) -> SigningKey | None:
    """The key that an open operation's headquarters signs with; None where this machine records nothing."""
    key = read_key(opened.found) if opened.records else None
    return None if isinstance(key, Refusal) else key


def read_key(found: Found) -> SigningKey | Refusal | None:
    """Headquarters' signing key; None when it is not on this machine, a refusal when others can read it."""
    try:
        if found.key_file.stat().st_mode & 0o077:
            return KEY_READABLE(file=found.key_file)
        return SigningKey.from_seed(bytes.fromhex(found.key_file.read_text(encoding="ascii")))
    except FileNotFoundError:
        return None
    except (ValueError, AssertionError):
        return CANNOT_OPEN(where=str(found.key_file), why="it holds no signing key of 64 hexadecimal digits")
