"""Lists side by side: whose rows are whose, what changed overnight, which families a list splits, how many crossed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.journey.clear.a_list import a_list, receive, row
from tests.journey.clear.a_matcher import AMatcher
from tests.journey.register.a_history import History, at

from corridor.base.ids import PersonId
from corridor.journey.clear.differences import difference, split_groups
from corridor.journey.clear.lists import ListRow, list_received, rows_sha256
from corridor.journey.clear.matching import births_agree, fold_document, fold_name, propose, rows_of_several
from corridor.journey.clear.state import fold_lists
from corridor.journey.clear.yields import Yield, yield_by_day, yield_by_list, yield_of
from corridor.journey.register.identity import BirthDate, Document, Identity, NameAs


def test_a_list_becomes_an_event_without_a_name() -> None:
    """The event says how many rows and their hash; names stay in the archive."""
    received = a_list("c15", row(2, "Anna Petrova"), row(9, "Boris Petrov"))
    body = list_received(received)
    assert (body.rows, body.last_row, body.for_date) == (2, 9, "2023-11-15")
    assert "Petrov" not in repr(body)
    assert body.rows_sha256 == rows_sha256(received.rows) != rows_sha256(received.rows[:1])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("AL-MASRI, Anna", "Anna al Masri", True),
        ("Анна  ПЕТРОВА", "петрова анна", True),
        ("Алёна", "алена", True),
        ("José", "Jose", True),
        ("أحمد", "احمد", True),
        ("محمـــد", "محمد", True),
        ("Anna", "Hanna", False),
        ("Anna", "Анна", False),
    ],
)
def test_names_fold_without_case_marks_and_order(one: str, other: str, same: bool) -> None:
    """Spellings of one script compare equal; other names and other scripts do not."""
    assert (fold_name(one) == fold_name(other)) is same


def test_documents_fold_without_spaces() -> None:
    """Typing differs, the number does not."""
    assert fold_document("71 № 1234-567") == fold_document("71 no1234567") == "71NO1234567"
    assert fold_document("A1") != fold_document("A2")


DAY = BirthDate(year=1990, month=2, day=3, precision="day")


@pytest.mark.parametrize(
    ("other", "agree"),
    [
        (DAY, True),
        (BirthDate(year=1990, month=2, day=4, precision="day"), False),
        (BirthDate(year=1990, month=3, day=3, precision="day"), False),
        (BirthDate(year=1990, month=2, precision="month"), True),
        (BirthDate(year=1990, precision="year"), True),
        (BirthDate(year=1991, precision="year"), False),
        (BirthDate(year=1991, precision="age"), True),
        (BirthDate(year=1992, precision="age"), False),
        (BirthDate(year=None, precision="unknown"), None),
        (None, None),
    ],
)
def test_birth_dates_agree_by_the_parts_both_know(other: BirthDate | None, agree: bool | None) -> None:
    """Both ways round; nothing known in common is neither yes nor no."""
    assert births_agree(DAY, other) is births_agree(other, DAY) is agree


def identity(name: str, birth: BirthDate | None = None, document: str | None = None) -> Identity:
    """A person with one name."""
    documents = () if document is None else (Document(type="passport", number=document),)
    return Identity(
        names=(NameAs(text=name, script="latin", part="full", source="passport"),), birth=birth, documents=documents
    )


def test_rows_are_proposed_with_reasons_and_doubts() -> None:
    """A document or a name proposes; what speaks against it is said too; nothing in common proposes nobody."""
    people = {
        PersonId("anna"): identity("Anna Petrova", DAY, "71 1"),
        PersonId("other"): identity("Petrova Anna", BirthDate(year=1960, precision="year"), "71 2"),
        PersonId("hassan"): identity("Hassan Ibrahim", None, "71 3"),
    }
    rows = (
        row(1, "ANNA PETROVA", "1990-02-03", "711"),
        row(2, "Xi Wong", None, "713"),
        row(3, "Stranger"),
    )
    proposals = propose(rows, AMatcher(people))
    assert [(one.row, one.person, one.reasons, one.doubts) for one in proposals] == [
        (1, "anna", ("same_document", "same_name", "same_birth"), ()),
        (1, "other", ("same_name",), ("other_document", "other_birth")),
        (2, "hassan", ("same_document",), ("other_name",)),
    ]
    assert rows_of_several(proposals) == {1}


def test_rows_without_a_name_propose_nobody() -> None:
    """An empty name or document is not equal to another empty one."""
    people = {PersonId("anna"): identity("...", None, "/")}
    assert propose((row(1, "-", None, "--"),), AMatcher(people)) == ()


# --- differences --------------------------------------------------------------------------------------------------


def test_the_difference_of_two_evenings() -> None:
    """Added, dropped, renamed for three reasons, unchanged: each row once."""
    earlier = a_list(
        "c15",
        row(1, "Anna Petrova", "1990-02-03", "711"),
        row(2, "Boris Petrov", "2015-01-01", "712"),
        row(3, "Khaled Abu Salim", "1988-05-06"),
        row(4, "Dina Haddad", "1970"),
        row(5, "Egor Ivanov"),
    )
    later = a_list(
        "c16",
        row(1, "PETROVA Anna", "1990-02-03", "71-1"),
        row(2, "Boris Petroff-Masri", "2015-01-01", "712"),
        row(3, "Khalid Abu Salim", "1988-05-06"),
        row(4, "Dina Haddad", None, "999"),
        row(5, "Fatima Nasser"),
        day=16,
    )
    found = difference(earlier, later)
    assert [one.name for one in found.added] == ["Fatima Nasser"]
    assert [one.name for one in found.dropped] == ["Egor Ivanov"]
    assert [(one.earlier.number, one.later.number, one.why) for one in found.renamed] == [
        (2, 2, "same_document"),
        (3, 3, "near_name_and_birth"),
        (4, 4, "same_name"),
    ]
    assert [(one.earlier.number, one.later.number) for one in found.unchanged] == [(1, 1)]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (row(1, "Ahmad Hassan Ali", "2010-01-01", "1"), row(1, "Ahmed Hassan Ali", "2010-01-01", "2"), None),
        (row(1, "Ahmad Hassan Ali", "2010-01-01"), row(1, "Ahmed Hassan Ali", "2010-01-01"), "near_name_and_birth"),
        (row(1, "Ahmad Hassan Ali", "2010"), row(1, "Ahmed Hassan Ali", "2011"), None),
        (row(1, "Ahmad Hassan Ali"), row(1, "Ahmed Hassan Ali"), None),
        (row(1, "Anna Petrova", "1990"), row(1, "Anna Petrova", "1991"), None),
        (row(1, "Anna Petrova", "1990"), row(1, "Olga Sidorova", "1990"), None),
    ],
    ids=["twins with documents", "one letter", "other birth", "no birth", "same name, other birth", "other name"],
)
def test_near_names_need_the_birth_date_and_no_other_document(before: ListRow, after: ListRow, why: str | None) -> None:
    """A near name alone joins nobody."""
    found = difference(a_list("c15", before), a_list("c16", after, day=16))
    assert [one.why for one in found.renamed] == ([] if why is None else [why])


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from(("Anna Petrova", "Ana Petrova", "Boris Petrov", "Dina Haddad")),
        st.sampled_from((None, "1990", "1990-02-03")),
        st.sampled_from((None, "711", "712")),
    ),
    max_size=8,
).map(lambda rows: tuple(row(number, *parts) for number, parts in enumerate(rows, start=1)))


@given(rows_strategy, rows_strategy)
def test_every_row_is_in_exactly_one_part_of_the_difference(
    before: tuple[ListRow, ...], after: tuple[ListRow, ...]
) -> None:
    """Rows of both lists add up; a list compared with itself is unchanged."""
    found = difference(a_list("c15", *before), a_list("c16", *after, day=16))
    pairs = [*found.renamed, *found.unchanged]
    assert sorted([*(one.number for one in found.dropped), *(one.earlier.number for one in pairs)]) == [
        one.number for one in before
    ]
    assert sorted([*(one.number for one in found.added), *(one.later.number for one in pairs)]) == [
        one.number for one in after
    ]
    itself = difference(a_list("c15", *before), a_list("c15", *before))
    assert (itself.added, itself.dropped, itself.renamed) == ((), (), ())


def test_the_worst_split_comes_first() -> None:
    """Most minors left out, then most people; who is already out is not left out, whole groups are not split."""
    groups = [
        frozenset({"a1", "a2", "a3"}),
        frozenset({"b1", "b2", "b3"}),
        frozenset({"c1", "c2"}),
        frozenset({"d1", "d2"}),
        frozenset({"e1"}),
    ]
    listed = {"a1", "b1", "c1", "c2", "d1", "e1"}
    found = split_groups(listed, groups, minors={"b2", "b3", "c2"}, already_out={"d2"})
    assert [(one.listed, one.left_out, one.minors_left_out) for one in found] == [
        (("b1",), ("b2", "b3"), ("b2", "b3")),
        (("a1",), ("a2", "a3"), ()),
    ]
    assert split_groups((), groups, minors=()) == ()


# --- yield --------------------------------------------------------------------------------------------------------


def test_a_yield_counts_people_once() -> None:
    """Crossed without being listed is not in it; a share of nobody is not known."""
    assert yield_of(["a", "b", "b", "c"], ["a", "x"]) == Yield(listed=3, crossed=1)
    assert yield_of(["a", "b"], ["a"]).share == 0.5
    assert yield_of([], ["a"]).share is None


def test_yield_by_list_and_by_day() -> None:
    """On the day the list is for, in the operation's zone; two authorities' lists of one day count a person once."""
    history = History()
    receive(history, "14T18:00", "c15", "crossings")
    receive(history, "14T18:00", "e15", "embassy")
    receive(history, "15T18:00", "c16", "crossings", for_date="2023-11-16")
    lists = fold_lists(history.events)
    persons = {"c15": {"a", "b", "c"}, "e15": {"a", "b", "d"}, "c16": {"c"}}
    crossed = {"a": at("15T09:00"), "b": at("15T21:30"), "c": at("16T08:00"), "x": at("15T09:00")}
    by_list = yield_by_list(lists, persons, crossed, "Europe/Moscow")
    assert {name: (one.crossed, one.listed) for name, one in by_list.items()} == {
        "c15": (1, 3),
        "e15": (1, 3),
        "c16": (1, 1),
    }
    by_day = yield_by_day(lists, persons, crossed, "Africa/Cairo")
    assert by_day == {date(2023, 11, 15): Yield(listed=4, crossed=2), date(2023, 11, 16): Yield(listed=1, crossed=1)}
