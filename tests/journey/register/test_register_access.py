"""Identities: they read back as written, and are read only through the door that asks who and why and logs it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.journey.register.a_history import at

from corridor.base.ids import PersonId, UserId
from corridor.base.operation import UserRole
from corridor.base.refusal import Refusal
from corridor.journey.register.access import ACCESS, Reading, see_persons
from corridor.journey.register.identity import (
    BirthDate,
    Contact,
    Document,
    Identity,
    NameAs,
    decode,
    encode,
    full_names,
)
from corridor.journey.register.rows import MemoryIdentityRows

A, B = PersonId("anna"), PersonId("boris")
ANNA = Identity(
    version=2,
    names=(
        NameAs(text="Анна Петровна Аль-Масри", script="cyrillic", part="full", source="application"),
        NameAs(text="Anna", script="latin", part="given", source="passport"),
        NameAs(text="Al-Masri", script="latin", part="surname", source="passport"),
        NameAs(text="آنا المصري", script="arabic", part="full", source="list"),
    ),
    birth=BirthDate(year=1990, precision="year"),
    documents=(Document(type="passport", number="71 1234567", issuer="RUS", valid_until=date(2027, 1, 31)),),
    contacts=(Contact(channel="phone", value="+970 59 000 0000"),),
)

texts = st.text(min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
births = st.one_of(
    st.none(),
    st.just(BirthDate(year=None, precision="unknown")),
    st.builds(BirthDate, year=st.integers(1900, 2023), precision=st.sampled_from(("year", "age"))),
    st.dates(date(1900, 1, 1), date(2023, 12, 31)).map(
        lambda day: BirthDate(year=day.year, month=day.month, day=day.day, precision="day")
    ),
)
identities = st.builds(
    Identity,
    version=st.integers(1, 99),
    names=st.lists(
        st.builds(
            NameAs,
            text=texts,
            script=st.sampled_from(("latin", "cyrillic", "arabic")),
            part=st.sampled_from(("full", "surname", "given", "patronymic")),
            source=texts,
        ),
        max_size=4,
    ).map(tuple),
    birth=births,
    documents=st.lists(
        st.builds(
            Document,
            type=st.sampled_from(("passport", "other")),
            number=st.none() | texts,
            issuer=st.none() | texts,
            valid_until=st.none() | st.dates(),
        ),
        max_size=3,
    ).map(tuple),
    contacts=st.lists(st.builds(Contact, channel=st.just("phone"), value=texts), max_size=2).map(tuple),
)


@given(identities)
def test_an_identity_reads_back_as_written(identity: Identity) -> None:
    """Encoding loses nothing, in any script and with any part unknown."""
    assert decode(A, encode(identity)) == identity


@pytest.mark.parametrize(
    ("parts", "good"),
    [
        ({"year": 1990, "month": 2, "day": 28, "precision": "day"}, True),
        ({"year": 1990, "month": 2, "day": 30, "precision": "day"}, False),
        ({"year": 1990, "month": 2, "precision": "month"}, True),
        ({"year": 1990, "precision": "day"}, False),
        ({"year": 1990, "month": 1, "day": 1, "precision": "year"}, False),
        ({"year": 1990, "precision": "age"}, True),
        ({"year": None, "precision": "unknown"}, True),
        ({"year": 1990, "precision": "unknown"}, False),
        ({"year": None, "precision": "year"}, False),
    ],
)
def test_a_birth_date_has_the_parts_of_its_precision(parts: dict[str, object], good: bool) -> None:
    """A date says exactly as much as is known, and the calendar has it."""
    if good:
        assert BirthDate(**parts)
    else:
        with pytest.raises(ValueError, match=r"."):
            BirthDate(**parts)


def test_full_names_are_put_together_by_source() -> None:
    """Parts of one source make a name; names written as one stay as they are."""
    assert full_names(ANNA) == ("Анна Петровна Аль-Масри", "آنا المصري", "Anna Al-Masri")


@pytest.fixture
def store() -> MemoryIdentityRows:
    """A store with two people."""
    store = MemoryIdentityRows()
    store.put(A, encode(ANNA), at("08:00"))
    store.put(B, encode(Identity(names=ANNA.names[:1])), at("08:00"))
    return store


def see(
    store: MemoryIdentityRows, role: str, *persons: PersonId, why: str = "at the gate", **more: object
) -> dict[PersonId, Identity] | Refusal:
    """A read at nine by u1."""
    return see_persons(store, UserId("u1"), role, persons, why, at("09:00"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", sorted(set(ACCESS) - {"press_officer", "partner_liaison"}))
def test_a_role_sees_its_parts_and_leaves_a_trace(store: MemoryIdentityRows, role: str) -> None:
    """Everybody who works with people sees names; only some see documents and contacts; each reading is logged."""
    seen = see(store, role, A)
    assert not isinstance(seen, Refusal)
    parts = ACCESS[role].parts
    assert seen[A].names == ANNA.names and seen[A].birth == ANNA.birth
    assert bool(seen[A].documents) == ("documents" in parts)
    assert bool(seen[A].contacts) == ("contacts" in parts)
    assert store.reads(A) == (Reading(who=UserId("u1"), role=role, persons=(A,), why="at the gate", at=at("09:00")),)


def test_every_role_of_the_operation_is_decided() -> None:
    """No role of the operation file is left to the default; medics never see contacts, gates never either."""
    assert set(UserRole.__args__) <= set(ACCESS)
    assert "contacts" not in ACCESS["medic"].parts | ACCESS["gate_officer"].parts | ACCESS["psychologist"].parts


@pytest.mark.parametrize(
    ("role", "why", "code"),
    [
        ("press_officer", "an interview", "role_may_not_read"),
        ("passer_by", "curious", "role_may_not_read"),
        ("", "none", "role_may_not_read"),
        ("duty_officer", "  ", "no_reason"),
        ("partner_liaison", "our people", "not_own_nationals"),
    ],
)
def test_a_refused_reading_gives_nothing_and_is_logged(
    store: MemoryIdentityRows, role: str, why: str, code: str
) -> None:
    """Deny by default; the attempt stays in the log with the code of its refusal."""
    refusal = see(store, role, A, why=why)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert [reading.refused for reading in store.reads()] == [code]


def test_a_liaison_sees_own_nationals_only(store: MemoryIdentityRows) -> None:
    """One person who is not their country's makes the whole reading a no, without saying who."""
    citizenships = {A: ("RUS", "KAZ"), B: ("RUS",)}
    seen = see(store, "partner_liaison", A, country="KAZ", citizenships=citizenships)
    assert not isinstance(seen, Refusal) and set(seen) == {A}
    refusal = see(store, "partner_liaison", A, B, country="KAZ", citizenships=citizenships)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_own_nationals"
    assert "boris" not in str(refusal)


def test_the_log_is_written_before_the_rows_are_read() -> None:
    """When the log cannot be written, nothing is read."""

    class FullDisk(MemoryIdentityRows):
        def log_read(self, reading: Reading) -> None:
            raise OSError("no space left")

        def get(self, persons: object) -> dict[PersonId, bytes]:
            raise AssertionError("read before logged")

    with pytest.raises(OSError, match="no space left"):
        see(FullDisk(), "auditor", A)


def test_a_forgotten_person_is_left_out_and_a_spoilt_row_is_named(store: MemoryIdentityRows) -> None:
    """Forgetting leaves no row but the log; a row that cannot be read is a refusal that names the person."""
    assert not isinstance(see(store, "auditor", A, B), Refusal)
    store.forget(A)
    seen = see(store, "auditor", A, B)
    assert not isinstance(seen, Refusal) and set(seen) == {B}
    assert len(store.reads(A)) == 2
    store.put(B, b'{"version": "two"}', at("10:00"))
    refusal = see(store, "auditor", B)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.data["person"]) == ("unreadable_identity", B)
