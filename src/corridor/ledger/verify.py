"""Whether the laws hold on a real ledger: every check made anew from the bytes, and what breaks which law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from corridor.base.moments import Moment
from corridor.ledger.book import Book
from corridor.ledger.intake import Intake
from corridor.ledger.stores import LedgerStore
from corridor.ledger.view import View
from corridor.ledger.ways import OperationWays
from corridor.ledger.writer import Writer


@dataclass(frozen=True, slots=True)
class Breach:
    """A law (`docs/explanation/laws.md`, by number) that does not hold, and where."""

    law: int
    says: str


def verify_ledger(store: LedgerStore, ways: OperationWays, now: Moment) -> Iterator[Breach]:
    """Read the ledger from zero, in its own order and backwards, and yield whatever does not hold.

    `now` is the moment for which everybody's place is compared. Nothing yielded: laws 1 to 5 hold.
    """
    yield from _numbering(store)
    writer = Writer(store, from_checkpoint=False)
    forwards = writer.intake
    yield from _adds_up(store, forwards)
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


def _adds_up(store: LedgerStore, intake: Intake) -> Iterator[Breach]:
    received = store.count()
    if sum(intake.tally.values()) != received:
        yield Breach(5, f"{received} batches were received, but {dict(intake.tally)} do not add up to that.")
    said: Counter[str] = Counter(row.status for row in store.batches())
    if said["duplicate"] > intake.tally["duplicate"]:
        yield Breach(3, "A batch is filed as a repeat, and no earlier batch has its bytes.")
    held = {one.number: one for all_held in intake.held.values() for one in all_held}
    for row in store.batches():
        if row.status == "accepted" and row.number in held:
            one = held[row.number]
            yield Breach(
                5,
                f"Batch {row.number} of {one.device or 'an unknown device'} was accepted when it came and does not "
                f"prove itself now: {one.code.replace('_', ' ')}. Its bytes were changed.",
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
    other = View(Book(ways, intake, store.raw), view.at, view.known)
    if other.accounts() != view.accounts() or any(
        other.account_of(person) != view.account_of(person) for person in view.everybody()
    ):
        yield Breach(2, "Read in the opposite order, the same batches put somebody elsewhere.")


def _kept_projection(store: LedgerStore, ways: OperationWays, view: View) -> Iterator[Breach]:
    """The checkpoint of the book, if there is one, read on to the end, against the book from zero."""
    if store.checkpoint() is None:
        return
    other = View(Book(ways, Writer(store).intake, store.raw), view.at, view.known)
    if other.accounts() != view.accounts() or other.registered != view.registered:
        yield Breach(4, "The kept checkpoint of the book does not equal the book read from zero.")
