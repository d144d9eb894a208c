"""A roster's changes: whatever happens between them, pages bring a phone to what headquarters has."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.base.ids import AccountId, PersonId
from corridor.journey.roster.changes import Change, Changes, Kept, Page
from corridor.journey.roster.standing import RosterStanding


def standing(version: int) -> RosterStanding:
    """A standing that differs from others by its version."""
    return RosterStanding(
        party=None, account=AccountId("place:gate"), colour="not", until=None, why="waiting", by=(), list=None,
        says=None, movement=None, vehicle=None, codes_from=None, also=(), identity_version=version,
    )  # fmt: skip


@dataclass
class Phone:
    """What a phone does with pages, as docs/reference/exchange.md says."""

    rows: dict[PersonId, tuple[RosterStanding, str]] = field(default_factory=dict)
    cursor: str | None = None

    def take(self, changes: Changes, page: Page) -> None:
        """Write the rows of a page, erase who is gone; at the end of a full download also who was not in it."""
        generation = changes.generation
        for person in page.people:
            self.rows[person] = (changes.standings[person], generation)
        for person in page.gone:
            self.rows.pop(person, None)
        self.cursor = page.cursor
        if page.full and not page.more:
            self.rows = {person: row for person, row in self.rows.items() if row[1] == generation}

    def download(self, changes: Changes, most: int) -> None:
        """Ask until nothing is left."""
        more = True
        while more:
            page = changes.page(self.cursor, most)
            self.take(changes, page)
            more = page.more

    def holds(self) -> dict[PersonId, RosterStanding]:
        """Its roster."""
        return {person: row for person, (row, _) in self.rows.items()}


Books = st.lists(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 2)), min_size=1, max_size=8)


@given(
    books=Books, most=st.integers(1, 4), asks=st.lists(st.booleans(), min_size=8, max_size=8), lost=st.integers(0, 8)
)
def test_a_phone_comes_to_what_headquarters_has(
    books: list[dict[str, int]], most: int, asks: list[bool], lost: int
) -> None:
    """Over any history, in pages of any size, with pages between changes, and with its cursor lost once."""
    changes, phone = Changes("g1"), Phone()
    for turn, book in enumerate(books):
        changes.bring_up({PersonId(person): standing(version) for person, version in book.items()})
        if turn == lost:
            phone.cursor = None
        if asks[turn]:  # one page only: the rest comes after later changes
            phone.take(changes, changes.page(phone.cursor, most))
    phone.download(changes, most)
    assert phone.holds() == changes.standings


@given(before=Books, after=Books, most=st.integers(1, 4))
def test_a_restart_is_survived(before: list[dict[str, int]], after: list[dict[str, int]], most: int) -> None:
    """Of another generation everything comes once more, and whoever left meanwhile is erased."""
    phone = Phone()
    for generation, books in (("g1", before), ("g2", after)):
        changes = Changes(generation)
        for book in books:
            changes.bring_up({PersonId(person): standing(version) for person, version in book.items()})
        phone.download(changes, most)
        assert phone.holds() == changes.standings


@given(before=Books, after=Books, most=st.integers(1, 4), lost=st.integers(0, 2), midway=st.booleans())
def test_after_a_restart_only_changes_come(
    before: list[dict[str, int]], after: list[dict[str, int]], most: int, lost: int, midway: bool
) -> None:
    """Headquarters goes on by what it kept, and the phone gets changes only. When the last steps were lost with a disk,
    or a download was under way, the phone still comes to what headquarters has."""
    changes, phone, steps = Changes("r1"), Phone(), list[list[Change]]()
    for book in before:
        steps.append(changes.bring_up({PersonId(person): standing(version) for person, version in book.items()}))
        if not midway:
            phone.download(changes, most)
    if midway:
        phone.take(changes, changes.page(phone.cursor, most))
    kept = [change for step in (steps[:-lost] if lost else steps) for change in step]
    restarted = Changes("r2", Kept("r1", {"r1": kept[-1].number}, kept)) if kept else Changes("r2")
    for book in after:
        restarted.bring_up({PersonId(person): standing(version) for person, version in book.items()})
        began = restarted.page(phone.cursor, most)
        assert lost or midway or not kept or not began.full
        phone.download(restarted, most)
        if len(phone.rows) != len(restarted.standings):  # as a phone does: it asks for everything
            assert lost, "nobody is missing, or too many, as long as nothing was lost"
            phone.cursor, phone.rows = None, {}
            phone.download(restarted, most)
        assert phone.holds() == restarted.standings


def test_what_was_overtaken_is_forgotten() -> None:
    """Thousands of changes of a few people keep no thousands of numbers, and cursors of before still serve."""
    changes, phone = Changes("g1"), Phone()
    changes.bring_up({PersonId("a"): standing(0), PersonId("b"): standing(0)})
    phone.download(changes, 10)
    for version in range(1, 3_000):
        changes.bring_up({PersonId("a"): standing(version), PersonId("b"): standing(0)})
    assert changes.page(phone.cursor, 10).people == ("a",)
    assert len(changes._numbers) < 2_000


@pytest.mark.parametrize("cursor", ["g1.99", "g1.-1", "g1.x", "g0.1", "g1", "", "g1.1.f"])
def test_a_cursor_of_nowhere_begins_anew(cursor: str) -> None:
    """A cursor that this roster did not give is answered with everything."""
    changes = Changes("g1")
    changes.bring_up({PersonId("a"): standing(0)})
    page = changes.page(cursor, 10)
    assert (page.full, page.people) == (True, ("a",))
