"""Laws 1 to 5 and 8 of the design, over generated histories with shuffles, repeats, losses, forks and wrong clocks."""

from __future__ import annotations

import random
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.histories import (
    HEADQUARTERS,
    HEADQUARTERS_KEY,
    START,
    WAYS,
    History,
    histories,
    intake_of,
    view_of,
)

from corridor.base.ids import LegId, PlaceId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.ledger.book import reading
from corridor.ledger.book.discrepancies import discrepancies
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.checkpoint import pack, unpack
from corridor.ledger.intake import Intake
from corridor.ledger.stores import BatchRow
from corridor.ledger.stores.memory import MemoryStore
from corridor.ledger.writer import Writer

minutes = st.integers(-10, 1_100)


def everything(view: View) -> object:
    """All that a view says about people, in a form that can be compared."""
    return (
        view.accounts(),
        view.merged,
        [(person, view.account_of(person), view.entered_at(person)) for person in view.everybody()],
        [view.path_of(person) for person in view.everybody()],
        [(event.id, event.hash) for person in view.everybody() for event in view.events_of(person)],
        [(one.code, one.persons, one.records, one.says) for one in discrepancies(view)],
    )


@given(histories(), minutes, minutes, st.randoms(use_true_random=False))
def test_people_are_conserved(history: History, at: int, known: int, rng: random.Random) -> None:
    """Law 1: at every (at, known) and for every subset of batches each person is in exactly one account."""
    kept = [delivery for delivery in history.deliveries if rng.random() < 0.7]
    view = view_of(intake_of(kept), kept, Moment(START + at * MINUTE_MS), Moment(START + known * MINUTE_MS))
    everybody = view.everybody()
    placed = [person for account in view.accounts() for person in view.people(account)]
    assert sorted(placed) == sorted(everybody)
    assert sum(view.accounts().values()) == view.registered == len(everybody)
    assert all(view.account_of(person) is not None for person in everybody)
    assert "outside" not in view.accounts()


@given(histories(), minutes, minutes, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(history: History, at: int, known: int, rng: random.Random) -> None:
    """Law 2: any order of the same batches gives the same accounts, paths, events and discrepancies."""
    moment, then = Moment(START + at * MINUTE_MS), Moment(START + known * MINUTE_MS)
    shuffled = list(range(len(history.deliveries)))
    rng.shuffle(shuffled)
    forwards = view_of(intake_of(history.deliveries), history.deliveries, moment, then)
    otherwise = view_of(intake_of(history.deliveries, shuffled), history.deliveries, moment, then)
    assert everything(forwards) == everything(otherwise)


@given(histories(), minutes, st.randoms(use_true_random=False))
def test_repeats_change_nothing(history: History, at: int, rng: random.Random) -> None:
    """Law 3: batches sent again, at any later moment and in any place, leave every view as it was."""
    moment = Moment(START + at * MINUTE_MS)
    again = [(history.end, raw) for _, raw in rng.sample(history.deliveries, k=len(history.deliveries))]
    deliveries = history.deliveries + again
    once, twice = intake_of(history.deliveries), intake_of(deliveries)
    assert everything(view_of(once, history.deliveries, moment, history.end)) == everything(
        view_of(twice, deliveries, moment, history.end)
    )
    assert sum(twice.tally.values()) == len(deliveries)


@given(histories(), minutes, st.integers(1, 3))
def test_rows_equal_replay_from_zero(history: History, at: int, slice_: int) -> None:
    """Law 4: the book kept up with arrivals, the book read from zero, and the book from a checkpoint are the same."""
    store = MemoryStore()
    Writer.found(store, "laws", HEADQUARTERS, HEADQUARTERS_KEY.public)
    writer = Writer(store, HEADQUARTERS_KEY)
    for start in range(0, len(history.deliveries), slice_):
        for received_at, raw in history.deliveries[start : start + slice_]:
            writer.receive([raw], received_at)
    moment = Moment(START + at * MINUTE_MS)
    again = Writer(store, HEADQUARTERS_KEY).intake
    packed = unpack(pack(writer.intake), HEADQUARTERS, HEADQUARTERS_KEY.public, store.raw)
    assert packed is not None
    views = [view_of(intake, history.deliveries, moment, history.end) for intake in (writer.intake, again, packed)]
    assert everything(views[0]) == everything(views[1]) == everything(views[2])
    assert writer.intake.tally == again.tally == packed.tally


@settings(max_examples=30)
@given(histories(), minutes, st.integers(1, 4))
def test_rows_added_equal_rows_sorted(history: History, at: int, slice_: int) -> None:
    """Law 4 within one process: a book asked after every few batches puts their rows where sorting all would."""

    def raw_of(number: int) -> bytes:
        return history.deliveries[number - 1][1]

    intake = Intake(HEADQUARTERS, HEADQUARTERS_KEY.public, raw_of)
    book = Book(WAYS, intake, raw_of)
    moment = Moment(START + at * MINUTE_MS)
    with patch.object(reading, "_FEW", 0):  # however many are new
        for number, (received_at, raw) in enumerate(history.deliveries, start=1):
            intake.take(number, raw, received_at)
            if number % slice_ == 0 or number == len(history.deliveries):
                kept_up = book.sorted()
                anew = Book(WAYS, intake, raw_of).sorted()
                for column in ("person", "at", "known", "source", "target", "kind", "batch", "line"):
                    assert getattr(kept_up, column).tolist() == getattr(anew, column).tolist(), column
                assert kept_up.standing_of == anew.standing_of
        kept_view = View(book, moment, history.end)
    assert everything(kept_view) == everything(view_of(intake, history.deliveries, moment, history.end))


@settings(max_examples=60)
@given(histories(), st.lists(st.tuples(minutes, minutes), min_size=2, max_size=6), st.integers(1, 3))
def test_views_that_follow_equal_views_from_zero(history: History, clocks: list[tuple[int, int]], slice_: int) -> None:
    """Law 4 from view to view: what one takes over from those before it is what a book read from zero says, whatever
    came in between and whichever way the clocks went."""

    def raw_of(number: int) -> bytes:
        return history.deliveries[number - 1][1]

    intake = Intake(HEADQUARTERS, HEADQUARTERS_KEY.public, raw_of)
    book = Book(WAYS, intake, raw_of)
    outside = (frozenset({PlaceId("gaza")}), frozenset({LegId("road")}))
    ranks = {"registered": 0, "boarded": 1}
    with patch.object(reading, "_FEW", 0):
        for number, (received_at, raw) in enumerate(history.deliveries, start=1):
            intake.take(number, raw, received_at)
            if number % slice_ == 0 or number == len(history.deliveries):
                for at, known in (*clocks, clocks[number % len(clocks)], (2_000, 2_000)):
                    then = Moment(START + at * MINUTE_MS), Moment(START + known * MINUTE_MS)
                    view, anew = View(book, *then), View(Book(WAYS, intake, raw_of), *then)
                    assert everything(view) == everything(anew)
                    assert set(view.people_out(*outside)) == set(anew.people_out(*outside))
                    assert view.furthest(ranks) == anew.furthest(ranks)
                    assert view.keys_of(tuple(ranks)).tolist() == anew.keys_of(tuple(ranks)).tolist()


@given(histories(), minutes, minutes)
def test_columns_say_what_the_specification_says(history: History, at: int, known: int) -> None:
    """Law 4 within one reading: the vectorised view puts everybody where the walk over their records ends."""
    moment, then = Moment(START + at * MINUTE_MS), Moment(START + known * MINUTE_MS)
    view = view_of(intake_of(history.deliveries), history.deliveries, moment, then)
    for person in view.everybody():
        path = view._walk(view.book.columns.persons.numbers[person])
        assert path is None or (path.account, path.entered_at) == (view.account_of(person), view.entered_at(person))
        assert path is not None or view.account_of(person) == ("merged" if person in view.merged else "suspense")


@given(histories(), st.data())
def test_damaged_batches_are_kept_and_not_believed(history: History, data: st.DataObject) -> None:
    """Law 5: one flipped bit anywhere in a batch leaves the books as if it had not arrived, and it is counted."""
    index = data.draw(st.integers(0, len(history.deliveries) - 1))
    received_at, raw = history.deliveries[index]
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    damaged = bytearray(raw)
    damaged[bit // 8] ^= 1 << bit % 8
    with_damage = [*history.deliveries[:index], (received_at, bytes(damaged)), *history.deliveries[index + 1 :]]
    without = history.deliveries[:index] + history.deliveries[index + 1 :]
    intake = intake_of(with_damage)
    held = [one.number for all_held in intake.held.values() for one in all_held]
    same_text = bytes(damaged).lower() == raw.lower()  # a hash in capitals is the same hash
    assert index + 1 in held or same_text
    if not same_text:
        seen = view_of(intake, with_damage, history.end, history.end)
        missing = view_of(intake_of(without), without, history.end, history.end)
        assert seen.accounts() == missing.accounts()
        assert [seen.path_of(p) for p in seen.everybody()] == [missing.path_of(p) for p in missing.everybody()]
    assert sum(intake.tally.values()) == len(with_damage)


@given(histories(), minutes)
def test_figures_open_into_their_people(history: History, at: int) -> None:
    """Law 8: the number an account shows is the number of people it opens into, each of whom is in it."""
    moment = Moment(START + at * MINUTE_MS)
    view = view_of(intake_of(history.deliveries), history.deliveries, moment, history.end)
    for account, count in view.accounts().items():
        people = view.people(account)
        assert len(people) == len(set(people)) == count
        assert all(view.account_of(person) == account for person in people)


def test_a_store_refuses_a_hole() -> None:
    """The memory store asserts what the database's primary key enforces: numbers without gaps."""
    store = MemoryStore()
    store.append([BatchRow(1, START, "accepted", b"x")])
    try:
        store.append([BatchRow(3, START, "accepted", b"y")])
    except AssertionError:
        assert store.count() == 1
    else:
        raise AssertionError("a hole was accepted")
