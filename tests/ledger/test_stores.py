"""Where batches are kept: the same tests in memory, on SQLite and on PostgreSQL; what is acknowledged is there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.ledger.a_ledger import LATER, enrolment, mint, moment, phone, registered
from tests.ledger.acknowledging import open_database
from tests.ledger.histories import HEADQUARTERS, HEADQUARTERS_KEY

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.journey.register.access import Reading, ReadsAsked
from corridor.journey.register.database_rows import DatabaseIdentityRows
from corridor.journey.register.rows import MemoryIdentityRows
from corridor.ledger.sealing import DatabasePersonKeys, MemoryPersonKeys
from corridor.ledger.stores import BatchRow, Checkpoint, LedgerStore
from corridor.ledger.stores.archive import DatabaseArchive, MemoryArchive
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import Database, open_postgresql, open_sqlite
from corridor.ledger.stores.memory import MemoryStore
from corridor.ledger.writer import Writer

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
ALL = ["memory", *DATABASES]
TREE = Path(__file__).resolve().parent.parent.parent
Open = Callable[[], Database]


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is: a path of SQLite, or a URL of PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def opened(url: str) -> Iterator[Open]:
    """Opens the database as often as asked; all are closed after the test."""
    with ExitStack() as stack:

        def open_() -> Database:
            database = open_database(url)
            stack.callback(database.close)
            return database

        yield open_


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database | None]:
    """An empty database; None stands for memory."""
    if request.param == "memory":
        yield None
        return
    if request.param == "sqlite":
        found = open_sqlite(tmp_path / "ledger.sqlite")
    else:
        found = open_postgresql(request.getfixturevalue("postgres_url"), "corridor")
    yield found
    found.close()


@pytest.fixture
def store(database: Database | None) -> LedgerStore:
    """An empty store."""
    return MemoryStore() if database is None else DatabaseStore(database)


def rows(first: int, last: int) -> list[BatchRow]:
    """Rows whose bytes tell their number; also bytes that are no text."""
    return [BatchRow(n, Moment(10_000 + n), "accepted", b"batch %d \x00\xff" % n) for n in range(first, last + 1)]


# --- The ledger ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ALL, indirect=True)
def test_rows_come_back_as_they_went(store: LedgerStore) -> None:
    """What is appended is read again, in order, from any number on; a number that is not there is a KeyError."""
    assert (store.count(), list(store.batches())) == (0, [])
    store.append(rows(1, 3))
    store.append([])
    store.append(rows(4, 4))
    assert list(store.batches()) == rows(1, 4)
    assert list(store.batches(after=2)) == rows(3, 4)
    assert list(store.batches(after=4)) == []
    assert (store.count(), store.raw(3)) == (4, rows(3, 3)[0].raw)
    for number in (0, 5):
        with pytest.raises(KeyError):
            store.raw(number)


@pytest.mark.parametrize("database", ALL, indirect=True)
def test_a_long_ledger_is_read_in_slices(store: LedgerStore) -> None:
    """Reading goes on over many slices, undisturbed by what is appended meanwhile."""
    store.append(rows(1, 600))
    reading = store.batches(after=10)
    assert next(reading).number == 11
    store.append(rows(601, 602))
    assert [row.number for row in reading][:589] == list(range(12, 601))
    assert [row.number for row in store.batches()] == list(range(1, 603))


@pytest.mark.parametrize("database", DATABASES, indirect=True)
@pytest.mark.parametrize("broken", [BatchRow(3, Moment(1), "accepted", None), BatchRow(1, Moment(1), "accepted", b"x")])  # type: ignore[arg-type]
def test_an_append_is_whole_or_not_at_all(store: LedgerStore, broken: BatchRow) -> None:
    """When one row cannot be written, none of its call is there, and the next call goes on."""
    store.append(rows(1, 1))
    with pytest.raises(Exception, match=r"(?i)null|unique|duplicate"):
        store.append([*rows(2, 2), broken])
    assert store.count() == 1
    store.append(rows(2, 3))
    assert list(store.batches()) == rows(1, 3)


@pytest.mark.parametrize("url", DATABASES, indirect=True)
def test_two_writers_are_kept_apart_by_the_primary_key(opened: Open) -> None:
    """Should two writers ever meet, the second is refused, takes in what the first wrote, and then goes on."""
    first_store, second_store = DatabaseStore(opened()), DatabaseStore(opened())
    Writer.found(first_store, "two", HEADQUARTERS, HEADQUARTERS_KEY.public)
    first, second = Writer(first_store, HEADQUARTERS_KEY), Writer(second_store, HEADQUARTERS_KEY)
    first.record([registered("09:00", "p1")], moment("09:00"))
    second_store.count = lambda: 0  # type: ignore[method-assign]  # it has counted before the first wrote
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        second.record([registered("09:01", "p2")], moment("09:01"))
    del second_store.count  # type: ignore[method-assign]
    second.record([registered("09:01", "p2")], moment("09:01"))
    assert first_store.count() == 2
    again = Writer(DatabaseStore(opened()), HEADQUARTERS_KEY)
    assert again.intake.tally == {"accepted": 2}
    assert again.intake.chains[HEADQUARTERS, 1].last()[0] == 2, "one chain, without a fork"


@pytest.mark.parametrize("database", ALL, indirect=True)
def test_a_ledger_is_founded_once(store: LedgerStore) -> None:
    """What a ledger was founded with is kept, and no second foundation replaces it."""
    assert store.settings() == {}
    store.found({"format": "corridor/ledger/1", "operation": "gaza-2023"})
    with pytest.raises(AssertionError, match="once"):
        store.found({"format": "another"})
    assert store.settings() == {"format": "corridor/ledger/1", "operation": "gaza-2023"}


@pytest.mark.parametrize("database", ALL, indirect=True)
def test_a_checkpoint_replaces_the_last(store: LedgerStore) -> None:
    """There is one checkpoint, the last; batches are not touched by it."""
    assert store.checkpoint() is None
    store.append(rows(1, 2))
    for checkpoint in (Checkpoint(1, b"one"), Checkpoint(2, b"\x00two")):
        store.keep_checkpoint(checkpoint)
        assert store.checkpoint() == checkpoint
    assert store.count() == 2


@pytest.mark.parametrize("database", DATABASES, indirect=True)
def test_a_failing_commit_leaves_the_database_usable(database: Database) -> None:
    """When the commit itself fails, nothing is there, the transaction is over, and the next one works."""
    store = DatabaseStore(database)
    connection = database._connection

    class FullDisk:
        """The connection, whose next commit fails; a statement outside a transaction is committed with itself."""

        def execute(self, query: str, *params: Any) -> Any:
            if query == "COMMIT" or query.startswith("INSERT"):
                database._connection = connection
                raise OSError("no space left")
            return connection.execute(query, *params)

        def __getattr__(self, name: str) -> Any:
            return getattr(connection, name)

    database._connection = FullDisk()
    with pytest.raises(OSError, match="no space"):
        store.append(rows(1, 1))
    assert store.count() == 0
    store.append(rows(1, 2))
    assert store.count() == 2


# --- Durability ---------------------------------------------------------------------------------------------------


def test_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    """The embedded database runs with a write-ahead log and full synchronisation, also when opened again."""
    for _ in range(2):
        database = open_sqlite(tmp_path / "ledger.sqlite")
        assert database.run("PRAGMA journal_mode") == [("wal",)]
        assert database.run("PRAGMA synchronous") == [(2,)]
        DatabaseStore(database)
        database.close()


def test_postgresql_waits_for_the_disk(postgres_url: str) -> None:
    """A commit waits for the server's disk, whatever the server's own default is."""
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("ALTER DATABASE " + postgres_url.rpartition("/")[2] + " SET synchronous_commit TO off")
    database = open_postgresql(postgres_url, "corridor")
    assert database.run("SHOW synchronous_commit") == [("on",)]
    database.close()


def test_schemas_are_apart(postgres_url: str) -> None:
    """Two operations in one PostgreSQL database do not see each other's batches; a bad name is refused."""
    one, other = open_postgresql(postgres_url, "gaza"), open_postgresql(postgres_url, "sudan")
    DatabaseStore(one).append(rows(1, 2))
    assert (DatabaseStore(one).count(), DatabaseStore(other).count()) == (2, 0)
    one.close()
    other.close()
    with pytest.raises(AssertionError, match="schema"):
        open_postgresql(postgres_url, 'gaza"; DROP SCHEMA public')


@pytest.mark.parametrize("url", DATABASES, indirect=True)
def test_what_was_acknowledged_survives_a_kill(url: str, opened: Open) -> None:
    """A process is killed while it takes batches in; every batch it acknowledged is there, and the rest is whole."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.acknowledging", url], cwd=TREE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(60)]
        process.kill()
        said += process.stdout.readlines()
    acknowledged = [line.split() for line in said if line.endswith("\n")]
    assert len(acknowledged) >= 60
    writer = Writer(DatabaseStore(opened()), HEADQUARTERS_KEY)
    heads = {stretch.last: stretch.head.hex() for stretch in writer.intake.chains["gate-1", 1].stretches}
    for last, head, _ in acknowledged:
        assert heads[int(last)] == head
    assert list(writer.intake.chains["gate-1", 1].gaps(LATER)) == []
    assert writer.intake.tally == {"accepted": writer.store.count()}
    last, head = writer.intake.chains["gate-1", 1].last()
    raw = mint(phone("gate-1", seq=last, head=head), registered("11:00", "p1"))
    assert [verdict.status for verdict in writer.receive([raw], moment("11:00"))] == ["accepted"]


# --- What lies beside the ledger ----------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ALL, indirect=True)
def test_archive(database: Database | None) -> None:
    """A file is kept by the hash of its bytes, once, and can be erased."""
    archive = MemoryArchive() if database is None else DatabaseArchive(database)
    data, other = b"list \x00 of 12 November", b"list of 13 November"
    key = archive.put(data, "12.pdf", moment("08:00"))
    assert key == sha256(data).hexdigest() == archive.put(data, "again.pdf", moment("09:00"))
    archive.put(other, "13.pdf", moment("08:00"))
    assert list(archive.hashes()) == sorted([key, sha256(other).hexdigest()])
    assert (archive.get(key), archive.get("0" * 64)) == (data, None)
    archive.erase(key)
    archive.erase(key)
    assert (archive.get(key), list(archive.hashes())) == (None, [sha256(other).hexdigest()])


@pytest.mark.parametrize("database", ALL, indirect=True)
def test_person_keys(database: Database | None) -> None:
    """A person has one key, which no other replaces, and which is gone when destroyed."""
    keys = MemoryPersonKeys() if database is None else DatabasePersonKeys(database)
    person, key = PersonId("p1"), bytes(range(32))
    assert keys.key(person) is None
    keys.keep(person, key, moment("08:00"))
    with pytest.raises(Exception, match=r"(?i)unique|duplicate|one key"):
        keys.keep(person, bytes(32), moment("09:00"))
    assert (keys.key(person), keys.key(PersonId("p2"))) == (key, None)
    keys.destroy(person)
    keys.destroy(person)
    assert keys.key(person) is None


@pytest.mark.parametrize("database", ALL, indirect=True)
def test_identity_rows(database: Database | None) -> None:
    """A person's row is written, replaced and forgotten; hundreds are fetched at once; every reading stays logged."""
    identities = MemoryIdentityRows() if database is None else DatabaseIdentityRows(database)
    people = [PersonId(f"p{number:04}") for number in range(1_201)]
    if isinstance(identities, DatabaseIdentityRows):
        identities.put_many([(person, person.encode(), moment("08:00")) for person in people])
    else:
        for person in people:
            identities.put(person, person.encode(), moment("08:00"))
    identities.put(people[7], b"\x00 new", moment("09:00"))
    identities.forget(people[8])
    found = identities.get([*people, PersonId("nobody")])
    assert found == {p: p.encode() for p in people if p != people[8]} | {people[7]: b"\x00 new"}
    assert identities.get([]) == {}
    readings = [
        Reading(at=moment(clock), who=UserId(who), role=role, persons=persons, why=why, refused=refused)
        for clock, who, role, persons, why, refused in (
            ("10:00", "amal", "consul", (people[7], people[9]), "papers", None),
            ("09:59", "omar", "press_officer", (people[8],), "curious", "may_not_read"),
        )
    ]
    for reading in readings:
        identities.log_read(reading)
    assert list(identities.reads()) == readings
    assert list(identities.reads(people[8])) == readings[1:]
    assert list(identities.reads(people[10])) == []
    for asked, met in (
        (ReadsAsked(), readings[::-1]),
        (ReadsAsked(who=UserId("amal")), readings[:1]),
        (ReadsAsked(person=people[9]), readings[:1]),
        (ReadsAsked(person=PersonId("p000")), []),
        (ReadsAsked(refused=True), readings[1:]),
        (ReadsAsked(why="papers"), readings[:1]),
        (ReadsAsked(since=moment("10:00")), readings[:1]),
        (ReadsAsked(until=moment("10:00")), readings[1:]),
        (ReadsAsked(who=UserId("amal"), refused=True), []),
    ):
        assert (identities.count_reads(asked), list(identities.reads_of(asked, 0, 50))) == (len(met), met)
    assert list(identities.reads_of(ReadsAsked(), 1, 1)) == readings[:1]
    assert list(identities.read_reasons()) == ["curious", "papers"]


def _cut_off(url: str) -> None:
    """The server ends every other connection to this database, as when it is restarted."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_restarted_server_is_connected_to_again(postgres_url: str) -> None:
    """Reading and the next transaction find the server again; one that was cut off fails and leaves nothing."""
    database = open_postgresql(postgres_url, "ledger")
    database.create("CREATE TABLE IF NOT EXISTS kept (n NUMBER)")
    _cut_off(postgres_url)
    assert database.run("SELECT n FROM kept") == []
    _cut_off(postgres_url)
    with database.transaction():
        database.run("INSERT INTO kept VALUES (?)", (1,))
    with pytest.raises(psycopg.OperationalError), database.transaction():
        database.run("INSERT INTO kept VALUES (?)", (2,))
        _cut_off(postgres_url)
        database.run("INSERT INTO kept VALUES (?)", (3,))
    assert database.run("SELECT n FROM kept ORDER BY n") == [(1,)]
    _cut_off(postgres_url)
    with pytest.raises(psycopg.OperationalError):  # nobody knows whether it was carried out: it is not tried again
        database.run("INSERT INTO kept VALUES (?)", (4,))
    database.run("INSERT INTO kept VALUES (?)", (5,))
    assert database.run("SELECT n FROM kept ORDER BY n") == [(1,), (5,)]
    database.close()
    with pytest.raises(psycopg.OperationalError):
        database.run("SELECT n FROM kept")


def test_a_writer_goes_on_after_its_server_was_restarted(postgres_url: str) -> None:
    """A batch that comes after the restart is taken in; one whose commit was cut off is when it comes again, once."""
    database = open_postgresql(postgres_url, "ledger")
    store = DatabaseStore(database)
    Writer.found(store, "test", HEADQUARTERS, HEADQUARTERS_KEY.public)
    writer = Writer(store, HEADQUARTERS_KEY)
    writer.record([enrolment("gate-1")], moment("00:00"))
    device = phone("gate-1")
    batches = [mint(device, registered(clock, person)) for clock, person in (("10:00", "p1"), ("10:10", "p2"))]
    _cut_off(postgres_url)
    (taken,) = writer.receive(batches[:1], moment("10:05"))
    assert taken.status == "accepted"
    with pytest.raises(psycopg.OperationalError), database.transaction():
        _cut_off(postgres_url)
        writer.receive(batches[1:], moment("10:15"))
    (first, again) = (writer.receive(batches[1:], moment("10:20"))[0].status for _ in range(2))
    assert (first, again) == ("accepted", "duplicate")
    assert sum(Writer(store, HEADQUARTERS_KEY).intake.columns.batches.count) == 3
    database.close()


def test_a_cut_off_insert_is_made_again_once(postgres_url: str) -> None:
    """Rows put in over a connection found to be gone are there once; those that were there already are refused."""
    database = open_postgresql(postgres_url, "ledger")
    store = DatabaseStore(database)
    _cut_off(postgres_url)
    store.append(rows(1, 2))
    _cut_off(postgres_url)
    with pytest.raises(psycopg.errors.UniqueViolation):
        store.append(rows(2, 3))
    assert list(store.batches()) == rows(1, 2)
    database.close()
