"""People are found by name in any script, number, birth date and contact, by who may search; the search is logged."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.journey.register.a_history import at

from corridor.base.ids import PersonId, UserId
from corridor.base.refusal import Refusal
from corridor.journey.register.access import ACCESS, IdentityRows, find_bearers, find_persons, names_written_since
from corridor.journey.register.database_rows import DatabaseIdentityRows
from corridor.journey.register.identity import BirthDate, Contact, Document, Identity, NameAs, encode
from corridor.journey.register.rows import MemoryIdentityRows
from corridor.journey.register.search import birth_key, likenesses, may_be_one, number_key, question, resembling
from corridor.ledger.stores.database import open_sqlite

OLGA, KHALED, KHALIL = PersonId("p1"), PersonId("p2"), PersonId("p3")


def identity(name: str, number: str, phone: str, *, year: int = 1984, month: int = 3, day: int = 9) -> Identity:
    """A person with one name as written."""
    return Identity(
        names=(NameAs(text=name, script="other", part="full", source="application"),),
        birth=BirthDate(year=year, month=month, day=day, precision="day"),
        documents=(Document(type="passport", number=number),),
        contacts=(Contact(channel="phone", value=phone), Contact(channel="email", value=f"{number}@Example.org")),
    )


PEOPLE = {
    OLGA: identity("Ольга Петровна Абу-Шахла", "71 1234567", "+970 59 123 45 67"),
    KHALED: identity("خالد عبد الرحمن المصري", "PS0042", "059 765 43 21", year=1990),
    KHALIL: identity("Khalil Hamdan", "PS0043", "+20 100 000 0001", year=1971, month=12),
}


@pytest.fixture(params=["memory", "database"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> IdentityRows:
    """The three people, in memory and in a database."""
    rows: IdentityRows = MemoryIdentityRows()
    if request.param == "database":
        rows = DatabaseIdentityRows(open_sqlite(tmp_path / "rows.sqlite3"))
    for person, who in PEOPLE.items():
        rows.put(person, encode(who), at("08:00"))
    return rows


def found(store: IdentityRows, text: str, role: str = "duty_officer") -> tuple[PersonId, ...] | Refusal:
    """Who is found by what was typed."""
    return find_persons(store, UserId("duty"), role, question(text), at("09:00"), most=10)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Ольга Абу-Шахла", OLGA),
        ("olga abu shahla", OLGA),
        ("أولغا أبو شهلا", OLGA),
        ("Ольг Абу", OLGA),
        ("Khaled Al-Masri", KHALED),
        ("Халед аль-Масри", KHALED),
        ("711234567", OLGA),
        ("71 1234", OLGA),
        ("ps0042", KHALED),
        ("0597654321", KHALED),
        ("+970 59 765 43 21", KHALED),
        ("ps0043@example.org", KHALIL),
        ("1971-12-09", KHALIL),
        ("9.12.1971", KHALIL),
        ("Khalil 1971-12-09", KHALIL),
    ],
)
def test_who_is_found(store: IdentityRows, text: str, person: PersonId) -> None:
    """Whatever somebody has in hand finds the person first."""
    answer = found(store, text)
    assert not isinstance(answer, Refusal) and answer[:1] == (person,)


@pytest.mark.parametrize("text", ["", "   ", "Boris", "99999", "2001-01-01", "%", "'; DROP TABLE identity; --"])
def test_who_is_not_found(store: IdentityRows, text: str) -> None:
    """Nothing typed, or nothing that anybody has, finds nobody."""
    assert found(store, text) == ()


def test_a_changed_and_a_forgotten_person(store: IdentityRows) -> None:
    """A new name finds the person and the old one no more; who is forgotten is found by nothing."""
    store.put(KHALIL, encode(identity("Yusuf Barakat", "PS0043", "1")), at("09:00"))
    assert found(store, "Khalil Hamdan") == () and found(store, "Barakat") == (KHALIL,)
    store.forget(KHALIL)
    assert found(store, "Barakat") == () and found(store, "PS0043") == ()


def test_a_search_is_logged_with_whom_it_found(store: IdentityRows) -> None:
    """A search is a reading like any other; a role that may not read everybody's names searches nothing; both are
    logged."""
    found(store, "Khalil Hamdan")
    assert [(one.why, one.persons, one.refused) for one in store.reads()] == [("search", (KHALIL,), None)]
    may = {role for role in ACCESS if not isinstance(found(store, "Khalil Hamdan", role), Refusal)}
    assert may == {role for role, one in ACCESS.items() if one.reach == "everybody" and "names" in one.parts}
    assert "medic" in may and not may & {"press_officer", "partner_liaison"}
    assert {one.refused for one in store.reads() if one.role == "press_officer"} == {"role_may_not_read"}
    assert all("Khalil" not in one.why for one in store.reads())


def test_a_role_is_told_nothing_of_the_parts_it_may_not_read(store: IdentityRows) -> None:
    """The medic finds by name and birth date; a number or a telephone finds nobody for them, alone or beside a name."""
    assert found(store, "Khalil Hamdan", "medic") == found(store, "Khalil Hamdan")
    assert found(store, "1971-12-09", "medic") == (KHALIL,)
    for text in ("ps0042", "0597654321", "ps0043@example.org"):
        assert found(store, text) != () and found(store, text, "medic") == ()
    assert found(store, "ps0042", "gate_officer") == (KHALED,) and found(store, "0597654321", "gate_officer") == ()


def test_names_for_an_index_are_read_in_one_logged_batch(store: IdentityRows) -> None:
    """Everybody's names for who may read them, logged once as of nobody by name; later only what was written since."""
    names = names_written_since(store, UserId("duty"), "duty_officer", at("00:00"), at("09:00"))
    assert not isinstance(names, Refusal) and [person for person, *_ in names] == [OLGA, KHALED, KHALIL]
    store.put(KHALIL, encode(identity("Yusuf Barakat", "1", "1")), at("10:00"))
    later = names_written_since(store, UserId("duty"), "duty_officer", at("09:30"), at("10:01"))
    assert not isinstance(later, Refusal) and list(later) == [(KHALIL, ("Yusuf Barakat",), 1)]
    assert isinstance(names_written_since(store, UserId("p"), "press_officer", at("00:00"), at("10:02")), Refusal)
    assert [(one.why, one.persons, one.refused) for one in store.reads()] == [
        ("index of names", (), None), ("index of names", (), None), ("index of names", (), "role_may_not_read"),
    ]  # fmt: skip
    store.forget(OLGA)
    assert store.count() == len(store.ids()) == 2 and OLGA not in store.ids()


def test_bearers_of_many_keys_are_found_in_one_logged_reading(store: IdentityRows) -> None:
    """Who has each number and birth date, at most so many each; logged once with everybody found."""
    keys = [
        number_key("ps-00 42"),
        number_key("none"),
        birth_key(BirthDate(year=1984, month=3, day=9, precision="day")),
    ]
    found = find_bearers(store, UserId("duty"), "duty_officer", keys, at("09:00"), most=5, why="list")
    assert not isinstance(found, Refusal)
    assert found == [(KHALED,), (), (OLGA,)]
    (reading,) = store.reads()
    assert (reading.persons, reading.why) == ((OLGA, KHALED), "list")
    assert isinstance(find_bearers(store, UserId("m"), "medic", keys, at("09:01"), most=5, why="list"), Refusal)


def test_keys_are_made_for_a_database_that_has_none(tmp_path: Path) -> None:
    """Rows that were written before there were keys are found after opening."""
    database = open_sqlite(tmp_path / "old.sqlite3")
    DatabaseIdentityRows(database).put(OLGA, encode(PEOPLE[OLGA]), at("08:00"))
    database.run("DROP TABLE identity_key")
    assert found(DatabaseIdentityRows(database), "Olga Abu Shahla") == (OLGA,)


@pytest.mark.parametrize(
    ("other", "why", "one"),
    [
        (identity("Olga Abu Shahla", "99", "1"), ("near_name", "same_birth"), True),
        (identity("Ольга Петровна Абу-Шахла", "99", "1", year=1950), ("same_name", "birth_differs"), True),
        (identity("Olga Abu Shahla", "99", "1", year=1950), ("near_name", "birth_differs"), False),
        (identity("Boris", "71-1234567", "1", year=1950), ("same_number", "birth_differs"), True),
        (identity("Boris", "99", "0591234567"), ("same_contact", "same_birth"), True),
        (identity("Boris", "99", "0591234567", year=1950), ("same_contact", "birth_differs"), False),
        (identity("Boris", "99", "1"), ("same_birth",), False),
    ],
)
def test_why_two_may_be_one(store: IdentityRows, other: Identity, why: tuple[str, ...], one: bool) -> None:
    """What is alike is named; another birth date speaks against a near name, and a family's telephone is not enough."""
    assert likenesses(other, PEOPLE[OLGA]) == why
    assert may_be_one(why) is one  # type: ignore[arg-type]
    if one:
        answer = find_persons(store, UserId("duty"), "duty_officer", resembling(other), at("09:00"), most=10)
        assert not isinstance(answer, Refusal) and OLGA in answer
