"""Whether the laws hold on a real ledger: every check made anew from the bytes, and what breaks which law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corridor.base.moments import Moment
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.book.ways import OperationWays
from corridor.ledger.intake import Intake
from corridor.ledger.stores import LedgerStore
from corridor.ledger.writer import Writer


@dataclass(frozen=True, slots=True)
class Breach:
    """A law (`docs/explanation/laws.md`, by number) that does not hold, and where."""

    law: int
    says: str


def verify_ledger(store: LedgerStore, ways: OperationWays, now: Moment) -> Iterator[Breach]:
    """Read the ledger from zero, in its own order and backwards, and yield whatever does not hold.

    `now` is the moment for which everybody's place is compared. Nothing yielded: laws 1 to 6 hold, as far as the ledger
    itself can show; that its last batches are missing it shows only beside a checkpoint or a device's receipt.
    """
    yield from _numbering(store)
    writer = Writer(store, from_checkpoint=False)
    forwards = writer.intake
    yield from _adds_up(store, writer)
    book = Book(ways, forwards, store.raw)
    view = View(book, now, now)
    yield from _conserved(view)
    yield from _by_specification(view)
    yield from _backwards(store, writer, ways, view)
    yield from _kept_projection(store, ways, view)


def _numbering(store: LedgerStore) -> Iterator[Breach]:
    expected = 1
    for row in store.batches():
        if row.number != expected:
            yield Breach(4, f"Batch {expected} is missing: the next in the ledger is {row.number}.")
            expected = row.number
        expected += 1


def _adds_up(store: LedgerStore, writer: Writer) -> Iterator[Breach]:
    """Whether every batch is filed as what its bytes prove, and all of them are counted."""
    received, tally = store.count(), writer.intake.tally
    if sum(tally.values()) != received:
        yield Breach(5, f"{received} batches were received, but {dict(tally)} do not add up to that.")
    again = Intake(writer.root_device, writer.root_key, store.raw)
    for row in store.batches():
        if row.status == "duplicate" and not row.raw:
            continue  # an exact repeat; its bytes stand in an earlier row
        verdict = again.take(row.number, row.raw, row.received_at)
        if verdict.status != row.status:
            code = verdict.code.replace("_", " ")
            yield Breach(
                5,
                f"Batch {row.number} of {verdict.device or 'an unknown device'} is filed as {row.status}; its bytes "
                f"say {verdict.status}{code and f' ({code})'}. Its bytes or its status were changed.",
            )


def _conserved(view: View) -> Iterator[Breach]:
    accounts = view.accounts()
    if sum(accounts.values()) != view.registered or view.registered != len(set(view.everybody())):
        yield Breach(1, f"The accounts add up to {sum(accounts.values())}; {view.registered} people are in the book.")
    for account, count in accounts.items():
        people = view.people(account)
        if len(people) != count:
            yield Breach(8, f"{account} shows {count} and opens into {len(people)} people.")


def _by_specification(view: View) -> Iterator[Breach]:
    """The columns' answer for every person against the walk that is the specification."""
    for person in view.everybody():
        path = view.path_of(person)
        if path is not None and path.account != view.account_of(person):
            yield Breach(4, f"{person} stands in {view.account_of(person)}; walking the records gives {path.account}.")


def _backwards(store: LedgerStore, writer: Writer, ways: OperationWays, view: View) -> Iterator[Breach]:
    intake = Intake(writer.root_device, writer.root_key, store.raw)
    received_at = {row.number: row.received_at for row in store.batches() if row.raw}
    for number in sorted(received_at, reverse=True):
        intake.take(number, store.raw(number), received_at[number])
    if not _same(View(Book(ways, intake, store.raw), view.at, view.known), view):
        yield Breach(2, "Read in the opposite order, the same batches put somebody elsewhere.")


def _kept_projection(store: LedgerStore, ways: OperationWays, view: View) -> Iterator[Breach]:
    """The checkpoint of the book, if there is one, read on to the end, against the book from zero."""
    kept = store.checkpoint()
    if kept is None:
        return
    if kept.batches > store.count():
        yield Breach(6, f"The book has read {kept.batches} batches; the ledger ends with {store.count()}.")
    elif not _same(View(Book(ways, Writer(store).intake, store.raw), view.at, view.known), view):
        yield Breach(4, "The kept checkpoint of the book does not equal the book read from zero.")


def _same(one: View, other: View) -> bool:
    """Whether two views put the same people into the same accounts."""
    everybody = other.everybody()
    return one.everybody() == everybody and all(one.account_of(p) == other.account_of(p) for p in everybody)
