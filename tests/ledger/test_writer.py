"""The one writer: nothing is acknowledged before it is durable, nothing is lost, and receipts prove themselves."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.ledger.a_ledger import Ledger, crossed, draft, enrolment, mint, moment, phone, registered
from tests.ledger.histories import HEADQUARTERS, HEADQUARTERS_KEY, WAYS, device_key

from corridor.base.ids import PersonId
from corridor.base.limits import BATCH_BYTES_MAX, BATCH_EVENTS_MAX
from corridor.ledger import writer as writer_module
from corridor.ledger.book.discrepancies import discrepancies
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.intake import Verdict
from corridor.ledger.stores import BatchRow, LedgerStore
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import open_sqlite
from corridor.ledger.stores.memory import MemoryStore
from corridor.ledger.writer import NotFounded, Writer

NOON = moment("12:00")
SOON = 120
"""Seconds that are waited for another thread at most, on a machine that does much else."""


class TroubledStore(MemoryStore):
    """A store that does what it is told before each append, such as fail; `down`: it cannot be read either."""

    def __init__(self) -> None:
        super().__init__()
        self.before_append: Callable[[], None] = lambda: None
        self.down = False

    def append(self, rows: Sequence[BatchRow]) -> None:
        """Add rows, unless there is trouble."""
        self.before_append()
        super().append(rows)

    def batches(self, after: int = 0) -> Iterator[BatchRow]:
        """The rows with a greater number, unless the store is down."""
        if self.down:
            raise ConnectionError("the store is down")
        return super().batches(after)


def founded(store: LedgerStore) -> Writer:
    """A writer over a new ledger that knows the phone gate-1."""
    Writer.found(store, "small", HEADQUARTERS, HEADQUARTERS_KEY.public)
    writer = Writer(store, HEADQUARTERS_KEY)
    writer.record([enrolment("gate-1")], moment("00:00"))
    return writer


def where(writer: Writer, person: str) -> str | None:
    """The account of a person at the end of the day."""
    return View(Book(WAYS, writer.intake, writer.raw), moment("23:59"), moment("23:59")).account_of(PersonId(person))


# --- Receipts -----------------------------------------------------------------------------------------------------


def test_a_receipt_names_the_head() -> None:
    """The receipt of a batch and of its repeat name device, epoch, number and head hash, and only headquarters' key
    makes them good."""
    writer = founded(MemoryStore())
    gate = phone("gate-1")
    raw = mint(gate, registered("09:00", "p1"), crossed("10:00", "p1"))
    for status in ("accepted", "duplicate"):
        (verdict,) = writer.receive([raw], NOON)
        assert verdict.status == status
        receipt = writer.receipt(verdict, NOON)
        assert json.loads(receipt.text) == {
            "device": "gate-1",
            "epoch": 1,
            "first": 1,
            "seq": 2,
            "head": gate.head.hex(),
            "durability": "durable",
            "received_at": NOON,
        }
        assert receipt.good(HEADQUARTERS_KEY.public)
        assert not receipt.good(device_key("gate-1").public)
        assert not receipt._replace(text=receipt.text.replace(b'"seq":2', b'"seq":9')).good(HEADQUARTERS_KEY.public)


def test_a_receipt_does_not_speak_for_what_was_lost_before() -> None:
    """A batch behind a lost one is receipted from its own first event on, and headquarters holds no tip of it: a phone
    must not take the lost one for sent."""
    writer = founded(MemoryStore())
    gate = phone("gate-1")
    lost = mint(gate, registered("09:00", "p1"))
    (verdict,) = writer.receive([mint(gate, crossed("10:00", "p1"))], NOON)
    assert json.loads(writer.receipt(verdict, NOON).text)["first"] == 2
    assert writer.intake.chains["gate-1", 1].tips() == ()
    writer.receive([lost], NOON)
    assert writer.intake.chains["gate-1", 1].tips() == ((2, gate.head),)


def test_what_is_held_gets_no_receipt() -> None:
    """A phone must keep what is in quarantine: no receipt can be made of it."""
    writer = founded(MemoryStore())
    (verdict,) = writer.receive([mint(phone("gate-9"), registered("09:00", "p1"))], NOON)
    with pytest.raises(AssertionError, match="not acknowledged"):
        writer.receipt(verdict, NOON)


def test_without_the_key_it_receives_and_does_not_record() -> None:
    """A writer without headquarters' key takes batches in; it neither records nor gives receipts."""
    store = MemoryStore()
    founded(store)
    writer = Writer(store)
    (verdict,) = writer.receive([mint(phone("gate-1"), registered("09:00", "p1"))], NOON)
    assert verdict.status == "accepted"
    with pytest.raises(AssertionError, match="needs headquarters' key"):
        writer.record([registered("09:00", "p2")], NOON)
    with pytest.raises(AssertionError, match="needs headquarters' key"):
        writer.receipt(verdict, NOON)


def test_a_ledger_must_be_founded_and_its_key_fit() -> None:
    """No ledger, a ledger of another format, and another headquarters' key are told apart from a good one."""
    with pytest.raises(NotFounded, match="nothing"):
        Writer(MemoryStore())
    other = MemoryStore()
    other.found({"format": "corridor/ledger/2"})
    with pytest.raises(NotFounded, match="corridor/ledger/2"):
        Writer(other)
    store = MemoryStore()
    founded(store)
    with pytest.raises(AssertionError, match="founded with"):
        Writer(store, SigningKey.from_seed(b"8" * 32))
    assert Writer(store, HEADQUARTERS_KEY).intake.tally == {"accepted": 1}


# --- Headquarters' chain ------------------------------------------------------------------------------------------


def test_headquarters_records_on_one_chain(tmp_path: Path) -> None:
    """Recording mints the next numbers of headquarters' chain, and goes on with them when opened again."""
    database = open_sqlite(tmp_path / "ledger.sqlite")
    writer = founded(DatabaseStore(database))
    first = writer.record([registered("09:00", "p1"), crossed("10:00", "p1")], NOON)
    assert list(map(str, first.events)) == ["headquarters/1/2", "headquarters/1/3"]
    database.close()
    database = open_sqlite(tmp_path / "ledger.sqlite")
    again = Writer(DatabaseStore(database), HEADQUARTERS_KEY)
    assert list(map(str, again.record([registered("11:00", "p2")], NOON).events)) == ["headquarters/1/4"]
    assert (where(again, "p1"), where(again, "p2")) == ("place:rafah", "place:gaza")
    assert not again.intake.chains[HEADQUARTERS, 1].tangled
    assert again.record([], NOON).events == ()
    database.close()


def test_many_drafts_are_many_batches() -> None:
    """More drafts than a batch holds, or more bytes, are cut into batches of one commit, in order."""
    writer = founded(MemoryStore())
    many = [draft("called", "10:00", f"p{number}") for number in range(BATCH_EVENTS_MAX + 1)]
    heavy = [draft("called", "10:00", f"p{number}", note="x" * 16_000) for number in range(130)]
    assert len(writer.record(many, NOON).events) == len(many)
    assert writer.intake.columns.batches.count[1:] == [BATCH_EVENTS_MAX, 1]
    recorded = writer.record(heavy, NOON)
    assert [event.seq for event in recorded.events] == list(range(len(many) + 2, len(many) + len(heavy) + 2))
    assert sum(writer.intake.columns.batches.count[3:]) == len(heavy)
    assert max(len(row.raw) for row in writer.store.batches()) <= BATCH_BYTES_MAX
    assert writer.intake.tally["quarantined"] == 0


# --- Nothing before it is durable ---------------------------------------------------------------------------------


def test_nothing_is_acknowledged_before_it_is_durable() -> None:
    """While the commit waits for the disk, the phone waits too."""
    store = TroubledStore()
    writer = founded(store)
    on_disk, told = threading.Event(), []

    def send() -> None:
        told.extend(writer.receive([mint(phone("gate-1"), registered("09:00", "p1"))], NOON))

    begun = threading.Event()

    def wait() -> None:
        begun.set()
        assert on_disk.wait(SOON)

    store.before_append = wait
    sending = threading.Thread(target=send)
    sending.start()
    assert begun.wait(SOON)
    assert (told, store.count()) == ([], 1)
    on_disk.set()
    sending.join(SOON)
    assert [verdict.status for verdict in told] == ["accepted"]
    assert store.count() == 2


@pytest.mark.parametrize("down", [False, True], ids=["the commit fails", "the whole store is down for a while"])
def test_a_failed_commit_is_forgotten(down: bool) -> None:
    """When nothing became durable nothing was seen: the phone's second try is accepted, not taken for a repeat."""
    store = TroubledStore()
    writer = founded(store)
    raw = mint(phone("gate-1"), registered("09:00", "p1"))

    def fail() -> None:
        store.down = down
        raise OSError("no space left")

    store.before_append = fail
    with pytest.raises(OSError):
        writer.receive([raw], NOON)
    if down:
        with pytest.raises(ConnectionError):
            writer.receive([raw], NOON)
    store.down = False
    store.before_append = lambda: None
    assert where(writer, "p1") is None
    (verdict,) = writer.receive([raw], NOON)
    assert verdict.status == "accepted"
    assert where(writer, "p1") == "place:gaza"
    assert Writer(store).intake.tally == {"accepted": 2}
    assert store.raw(2) == raw


def test_a_commit_in_doubt_is_looked_up() -> None:
    """When the connection breaks after the commit, the second try finds the batch there and is a repeat."""
    store = TroubledStore()
    writer = founded(store)
    raw = mint(phone("gate-1"), registered("09:00", "p1"))
    append = MemoryStore.append

    def committed_and_cut_off() -> None:
        append(store, [BatchRow(2, NOON, "accepted", raw)])
        raise ConnectionError("cut off")

    store.before_append = committed_and_cut_off
    with pytest.raises(ConnectionError):
        writer.receive([raw], NOON)
    store.before_append = lambda: None
    (verdict,) = writer.receive([raw], NOON)
    assert verdict.status == "duplicate"
    assert writer.receipt(verdict, NOON).good(HEADQUARTERS_KEY.public)
    assert where(writer, "p1") == "place:gaza"


def test_a_repeat_is_kept_as_a_repeat() -> None:
    """A repeat is counted in a row of its own without the bytes, in the same call or later, and after opening again."""
    store = MemoryStore()
    writer = founded(store)
    raw = mint(phone("gate-1"), registered("09:00", "p1"))
    assert [verdict.status for verdict in writer.receive([raw, raw], NOON)] == ["accepted", "duplicate"]
    assert [verdict.status for verdict in writer.receive([raw], NOON)] == ["duplicate"]
    assert [len(row.raw) > 0 for row in store.batches()] == [True, True, False, False]
    assert Writer(store).intake.tally == writer.intake.tally == {"accepted": 2, "duplicate": 2}


def test_what_waited_for_a_key_is_released_in_the_same_call() -> None:
    """A batch and the enrolment it waits for may come together."""
    writer = founded(MemoryStore())
    other = mint(phone("gate-2"), registered("09:00", "p1"))
    chain = writer.intake.chains[HEADQUARTERS, 1]
    seq, head = chain.last()
    recorder = Ledger().headquarters
    recorder.seq, recorder.head = seq, head
    verdicts = writer.receive([other, mint(recorder, enrolment("gate-2"))], NOON)
    assert [verdict.status for verdict in verdicts] == ["quarantined", "accepted"]
    assert where(writer, "p1") == "place:gaza"
    assert Writer(writer.store).intake.tally == writer.intake.tally == {"accepted": 3, "quarantined": 0}


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    """Eight phones send at once while headquarters records: every event is there, once, in one numbering."""
    database = open_sqlite(tmp_path / "ledger.sqlite")
    writer = founded(DatabaseStore(database))
    names = [f"phone-{number}" for number in range(8)]
    writer.record([enrolment(name) for name in names], NOON)

    def send(name: str) -> list[Verdict]:
        recorder = phone(name)
        said: list[Verdict] = []
        for number in range(10):
            raw = mint(recorder, registered("09:00", f"{name}.{number}"))
            said += writer.receive([raw, raw], NOON)
            writer.record([draft("called", "10:00", f"{name}.{number}")], NOON)
        return said

    with ThreadPoolExecutor(8) as threads:
        said = [verdict.status for verdicts in threads.map(send, names) for verdict in verdicts]
    assert sorted(said) == ["accepted"] * 80 + ["duplicate"] * 80
    again = Writer(DatabaseStore(database))
    assert again.intake.tally == writer.intake.tally == {"accepted": 2 + 160, "duplicate": 80}
    assert [row.number for row in again.store.batches()] == list(range(1, 2 + 240 + 1))
    assert View(Book(WAYS, again.intake, again.raw), NOON, NOON).accounts() == {"place:gaza": 80}
    database.close()


@pytest.mark.parametrize("full", [False, True])
def test_calls_that_wait_share_a_commit(full: bool) -> None:
    """What three phones send while somebody else writes is one commit; when it fails, all three are told."""

    class Counting(MemoryStore):
        """Counts commits; its disk may be full."""

        appended, full = 0, False

        def append(self, rows: Sequence[BatchRow]) -> None:
            self.appended += 1
            if self.full:
                raise OSError("no space left")
            super().append(rows)

    store = Counting()
    writer = founded(store)
    names = ["phone-0", "phone-1", "phone-2"]
    writer.record([enrolment(name) for name in names], NOON)
    before, store.full = store.appended, full
    with ThreadPoolExecutor(3) as threads:
        with writer.alone():
            told = [
                threads.submit(writer.receive, [mint(phone(name), registered("09:00", name))], NOON) for name in names
            ]
            while len(writer._calls) < len(names):
                threading.Event().wait(0.001)
        errors = [one.exception() for one in told]
    assert store.appended == before + 1
    if full:
        assert all(isinstance(error, OSError) for error in errors)
        store.full = False
        assert writer.receive([mint(phone("phone-0"), registered("09:00", "phone-0"))], NOON)[0].status == "accepted"
    else:
        assert [one.result()[0].device for one in told] == names
        assert [one.result()[0].status for one in told] == ["accepted"] * 3


# --- Checkpoints --------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_kept_when_it_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """After enough events a checkpoint is kept; opening reads on from it and says the same as from zero."""
    monkeypatch.setattr(writer_module, "BOOK_CHECKPOINT_EVENTS", 10)
    store = MemoryStore()
    writer = founded(store)
    gate = phone("gate-1")
    writer.receive([mint(gate, *[registered("09:00", f"p{n}") for n in range(8)])], NOON)
    writer.keep_checkpoint()
    assert store.checkpoint() is None, "nine events are too few"
    writer.receive([mint(gate, registered("09:30", "p8"))], NOON)
    writer.keep_checkpoint()
    kept = store.checkpoint()
    assert kept is not None
    assert kept.batches == 3
    writer.receive([mint(gate, crossed("10:00", "p1"))], NOON)
    writer.keep_checkpoint()
    assert store.checkpoint() == kept
    fast, slow = Writer(store), Writer(store, from_checkpoint=False)
    assert (fast.checkpoint_batches, slow.checkpoint_batches) == (3, 0)
    assert fast.intake.tally == slow.intake.tally == writer.intake.tally
    assert where(fast, "p1") == where(slow, "p1") == "place:rafah"


# --- Reading meanwhile --------------------------------------------------------------------------------------------


def test_pages_are_read_while_batches_come_in() -> None:
    """Views made while a phone sends are whole: every batch is in them or not, people are conserved, nothing fails."""
    writer = founded(MemoryStore())
    book = Book(WAYS, writer.intake, writer.raw)
    done = threading.Event()

    def send() -> None:
        gate = phone("gate-1")
        for number in range(150):
            party = [registered("09:00", f"p{number}.{member}") for member in range(20)]
            writer.receive([mint(gate, *party), mint(phone(f"gate-{number + 2}"), registered("09:00", "p"))], NOON)
        done.set()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # threads take turns a hundred times as often
    sending = threading.Thread(target=send)
    sending.start()
    try:
        while not done.is_set() and sending.is_alive():
            view = View(book, NOON, NOON)
            assert view.registered % 20 == 0, "a batch is in the view or not"
            assert sum(view.accounts().values()) == view.registered
            assert {one.code for one in discrepancies(view)} <= {"quarantined"}
    finally:
        sending.join()
        sys.setswitchinterval(interval)
    assert View(book, NOON, NOON).registered == 3_000


def test_a_page_waits_for_a_commit() -> None:
    """A view asked for while a commit is under way waits for it: what is shown is durable."""
    store = TroubledStore()
    writer = founded(store)
    book = Book(WAYS, writer.intake, writer.raw)
    begun, on_disk = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        assert on_disk.wait(SOON)

    store.before_append = wait
    with ThreadPoolExecutor(2) as threads:
        sending = threads.submit(writer.receive, [mint(phone("gate-1"), registered("09:00", "p1"))], NOON)
        assert begun.wait(SOON)
        reading = threads.submit(lambda: (View(book, NOON, NOON).registered, store.count()))
        with pytest.raises(TimeoutError):
            reading.result(0.2)
        on_disk.set()
        assert reading.result(SOON) == (1, 2)
        assert sending.result(SOON)[0].status == "accepted"
