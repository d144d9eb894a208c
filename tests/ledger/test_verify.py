"""`verify`: nothing to say of a good ledger, and the law by number for each planted damage."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.ledger.a_ledger import LATER, crossed, draft, enrolment, mint, moment, phone, registered
from tests.ledger.histories import HEADQUARTERS, HEADQUARTERS_KEY, WAYS

from corridor.ledger.checkpoint import pack, unpack
from corridor.ledger.stores import Checkpoint
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import Database, open_sqlite
from corridor.ledger.stores.memory import MemoryStore
from corridor.ledger.verify import Breach, verify_ledger
from corridor.ledger.writer import Writer


@pytest.fixture
def database() -> Iterator[Database]:
    """A ledger of eight batches: people registered, two crossed, one batch twice, one unknown, one set right."""
    database = open_sqlite(":memory:")
    store = DatabaseStore(database)
    Writer.found(store, "small", HEADQUARTERS, HEADQUARTERS_KEY.public)
    writer = Writer(store, HEADQUARTERS_KEY)
    writer.record([enrolment("gate-1"), registered("09:00", "p1", "p2", "p3")], moment("09:00"))  # 1
    gate = phone("gate-1")
    first, second = mint(gate, crossed("10:00", "p1")), mint(gate, crossed("10:10", "p2"))
    writer.receive([first, second], moment("11:00"))  # 2, 3
    writer.receive([second, mint(phone("gate-9"), registered("11:00", "p9"))], moment("12:00"))  # 4, 5
    writer.receive([mint(gate, draft("called", "12:00", "p3"))], moment("12:30"))  # 6
    writer.record([draft("corrected", "13:00", of="gate-1/1/2", why="a slip")], moment("13:00"))  # 7
    writer.receive([mint(gate, draft("called", "13:10", "p1"))], moment("13:30"))  # 8
    after_five = MemoryStore()
    after_five.found(store.settings())
    after_five.append([row for row in store.batches() if row.number <= 5])
    store.keep_checkpoint(Checkpoint(5, pack(Writer(after_five).intake)))
    yield database
    database.close()


def breaches(database: Database) -> list[Breach]:
    """What `verify` says of a ledger."""
    return list(verify_ledger(DatabaseStore(database), WAYS, LATER))


def _change_bytes(number: int, old: bytes, new: bytes) -> Callable[[Database], None]:
    def damage(database: Database) -> None:
        raw = DatabaseStore(database).raw(number)
        assert old in raw
        database.run("UPDATE batch SET raw = ? WHERE number = ?", (raw.replace(old, new), number))

    return damage


def _run(statement: str) -> Callable[[Database], None]:
    return lambda database: database.run(statement) and None


def _doctor(edit: Callable[[Writer], None]) -> Callable[[Database], None]:
    """Put a checkpoint in place whose book was changed by hand."""

    def damage(database: Database) -> None:
        store = DatabaseStore(database)
        writer = Writer(store)
        edit(writer)
        store.keep_checkpoint(Checkpoint(store.count(), pack(writer.intake)))

    return damage


def _swap_people(writer: Writer) -> None:
    person = writer.intake.columns.rows()["person"]
    one, other = (writer.intake.columns.persons.numbers[name] for name in ("p1", "p2"))
    mapping = {one: other, other: one}
    person[:] = [mapping.get(number, number) for number in person.tolist()]


def _move_somebody(writer: Writer) -> None:
    columns = writer.intake.columns
    target = columns.rows()["target"]
    target[target == columns.accounts.numbers["place:rafah"]] = columns.accounts.number("place:cairo")


def _nothing(writer: Writer) -> None:
    """The book as it is."""


DAMAGE = {
    "bytes of an event": (_change_bytes(2, b'"p1"', b'"p3"'), 5),
    "bytes of a signature": (_change_bytes(3, b'"epoch":1', b'"epoch":2'), 5),
    "bytes of headquarters' own": (_change_bytes(1, b'"p1"', b'"p7"'), 5),
    "bytes of a held batch, made good": (_change_bytes(5, b"corridor/batch/1", b"corridor/batch/9"), None),
    "a batch of the middle is gone": (_run("DELETE FROM batch WHERE number = 3"), 4),
    "the last batches are gone": (_run("DELETE FROM batch WHERE number > 4"), 6),
    "accepted is filed as held": (_run("UPDATE batch SET status = 'quarantined' WHERE number = 2"), 5),
    "accepted is filed as a repeat": (_run("UPDATE batch SET status = 'duplicate' WHERE number = 6"), 5),
    "held is filed as accepted": (_run("UPDATE batch SET status = 'accepted' WHERE number = 5"), 5),
    "a repeat is filed as accepted": (_run("UPDATE batch SET status = 'accepted' WHERE number = 4"), 5),
    "somebody stands elsewhere in the checkpoint": (_doctor(_move_somebody), 4),
    "two people are exchanged in the checkpoint": (_doctor(_swap_people), 4),
    "the checkpoint is as it was": (_doctor(_nothing), None),
    "the checkpoint is noise": (_run("UPDATE book_checkpoint SET packed = X'6E6F697365'"), None),
}


def test_a_good_ledger(database: Database) -> None:
    """Of a ledger with repeats, strangers, corrections and a checkpoint in its middle there is nothing to say."""
    assert breaches(database) == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(database: Database, damage: str) -> None:
    """Each damage breaks the law of that number; what changes nothing that is believed breaks none."""
    inflict, law = DAMAGE[damage]
    assert breaches(database) == []
    inflict(database)
    found = breaches(database)
    if law is None:
        assert found == []
    else:
        assert law in {breach.law for breach in found}
        assert all(breach.says.endswith(".") for breach in found)


def test_a_breach_names_the_batch(database: Database) -> None:
    """The auditor is told which batch of which device was changed, and why it is not believed."""
    _change_bytes(2, b'"p1"', b'"p3"')(database)
    assert breaches(database)[0] == Breach(
        5,
        "Batch 2 of gate-1 is filed as accepted; its bytes say quarantined (broken chain). "
        "Its bytes or its status were changed.",
    )


def test_the_doctored_checkpoint_is_read(database: Database) -> None:
    """The planted checkpoints are such that a book opened from them really says something else."""
    _doctor(_swap_people)(database)
    kept = DatabaseStore(database).checkpoint()
    assert kept is not None
    raw_of = DatabaseStore(database).raw
    assert unpack(kept.packed, HEADQUARTERS, HEADQUARTERS_KEY.public, raw_of) is not None
    assert Writer(DatabaseStore(database)).checkpoint_batches == 8
