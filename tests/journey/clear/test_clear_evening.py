"""The evening run: how rows stand, who is called when, what is asked of an authority, and what tomorrow brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.a_road import small_operation
from tests.journey.clear.a_list import row
from tests.journey.clear.a_matcher import AMatcher

from corridor.base.ids import AuthorityId, ListId, PersonId, PlaceId, StationId
from corridor.base.moments import moment_of
from corridor.base.operation import Station
from corridor.journey.clear.differences import SplitGroup
from corridor.journey.clear.evening.calls import call_slots, gate_day, moment_of_hour, priority_of, station_of
from corridor.journey.clear.evening.cases import RowCase, reason_text, row_cases
from corridor.journey.clear.evening.corrections import corrections
from corridor.journey.clear.lists import ListRow
from corridor.journey.clear.matching import propose
from corridor.journey.clear.standing import AuthorityWord, Standing
from corridor.journey.clear.state import ClearState, RowVerdict
from corridor.journey.clear.yields import Yield, expected
from corridor.journey.register.identity import BirthDate, Document, Identity, NameAs
from corridor.journey.register.state import RegisterState

C15 = ListId("c15")


def identity(name: str, document: str | None = None, born: int | None = None) -> Identity:
    """Somebody with a name, and what else is given."""
    return Identity(
        names=(NameAs(text=name, script="other", part="full", source="application"),),
        documents=(Document(type="passport", number=document),) if document else (),
        birth=None if born is None else BirthDate(year=born, month=5, day=2, precision="day"),
    )


PEOPLE = {
    PersonId("anna"): identity("Анна Петрова", "RU 1"),
    PersonId("boris"): identity("Борис Петров", "RU 2", 1980),
    PersonId("clara"): identity("Clara Haddad", None, 1990),
    PersonId("tariq"): identity("طارق الخطيب", "PS 4"),
    PersonId("tareq"): identity("Tareq Alkhateeb", "PS 5"),
}
NAMES = AMatcher(PEOPLE)


def cases(*rows: ListRow, held: dict[int, str] | None = None, **judged: RowVerdict) -> dict[int, RowCase]:
    """How the rows stand, by number."""
    states = {PersonId(person): ClearState(verdicts=(said,)) for person, said in judged.items()}
    holders = {number: PersonId(person) for number, person in (held or {}).items()}
    found = row_cases(C15, rows, propose(rows, NAMES), holders, states)
    assert [case.row for case in found] == list(rows)
    return {case.row.number: case for case in found}


def judged(number: int, verdict: Any) -> RowVerdict:
    """What was said of a row of the list."""
    return RowVerdict(list=C15, row=number, verdict=verdict, at=0)  # type: ignore[arg-type]


STANDS = [
    ("the same document and the same name", row(1, "PETROVA Анна", document="ru1"), "certain"),
    ("the same document and the name in another script", row(1, "Anna Petrova", document="RU1"), "certain"),
    ("the same document and another name", row(1, "Somebody Else", document="RU1"), "doubtful"),
    ("the same name and birth date", row(1, "Clara HADDAD", "1990-05-02"), "certain"),
    ("the same name alone", row(1, "Clara HADDAD"), "doubtful"),
    ("the same name and another birth date", row(1, "Clara HADDAD", "1991-05-02"), "doubtful"),
    ("the same document and another birth date", row(1, "Boris Petrov", "1981-05-02", "RU2"), "doubtful"),
    ("a near name of two people", row(1, "Tarek Al-Khatib"), "doubtful"),
    ("nobody of ours", row(1, "Xi Wong", document="ZZ9"), "nobody"),
]


@pytest.mark.parametrize(("says", "one", "stand"), STANDS, ids=[says for says, *_ in STANDS])
def test_how_a_row_stands(says: str, one: ListRow, stand: str) -> None:
    """Only what two things say and nothing speaks against is certain."""
    assert cases(one)[1].stand == stand, says


def test_near_names_cross_scripts() -> None:
    """One name in Latin letters finds both people who may bear it, with why and how alike."""
    found = cases(row(1, "Tarek Al-Khatib"))[1].proposals
    assert {one.person for one in found} == {"tariq", "tareq"}
    assert all(one.reasons == ("near_name",) and one.near and one.near.likeness >= 0.5 for one in found)
    near = {one.near.name: [because.code for because in one.near.because] for one in found if one.near}
    assert near["طارق الخطيب"][:2] == ["same_sound_across_scripts"] * 2
    assert near["Tareq Alkhateeb"][:2] == ["one_letter_differs", "spelling_variant"]


def test_a_document_is_enough_among_many_namesakes() -> None:
    """Of thirty people of one name the one with the document is certain, in whatever script, also beside a namesake of
    whom no document is known; two people with one document are doubtful."""
    many = {PersonId(f"m{turn:02}"): identity("Mohammed Ali Hassan", f"PS {turn}") for turn in range(30)}
    unknown = {PersonId("unknown"): identity("Mohammed Ali Hassan")}
    brother = {PersonId("brother"): identity("Omar Ali Hassan", "PS 29")}
    for one in (row(1, "محمد علي حسن", document="PS29"), row(1, "Mohammed Ali HASSAN", document="PS29")):
        for people, stand in ((many, "certain"), (many | unknown, "certain"), (many | brother, "doubtful")):
            (case,) = row_cases(C15, [one], propose([one], AMatcher(people)), {}, {})
            assert (case.proposals[0].person, case.stand) == ("m29", stand)


RELATIVES = [
    ("a brother", "Ahmad Yusuf Haddad", "1990-02-03"),
    ("a twin", "Khaled Yusuf Haddad", "2001-05-02"),
    ("a father", "Yusuf Ibrahim Haddad", "1970-01-09"),
    ("a son", "Yunis Samir Haddad", "2020-03-03"),
    ("another patronymic", "Samir Ibrahim Haddad", "2001-05-02"),
]


@pytest.mark.parametrize(("who", "name", "born"), RELATIVES, ids=[who for who, *_ in RELATIVES])
@pytest.mark.parametrize("document", [None, "PS 9"])
def test_relatives_are_never_certain(who: str, name: str, born: str, document: str | None) -> None:
    """Brothers, twins, fathers and sons have near names and a family's passport: a human looks at each."""
    ours = {PersonId("samir"): identity("سمير يوسف حداد", "PS 9", 2001)}
    (case,) = row_cases(
        C15, [row(1, name, born, document)], propose([row(1, name, born, document)], AMatcher(ours)), {}, {}
    )
    assert case.stand in ("doubtful", "nobody"), who


def test_a_year_and_a_first_of_january_make_nobody_certain() -> None:
    """A name is certain with the day of birth; the year alone, or a placeholder, leaves it to a human."""
    day = BirthDate(year=1990, month=1, day=1, precision="day")
    ours = {PersonId("clara"): replace(identity("Clara Haddad"), birth=day)}
    (case,) = row_cases(C15, [one := row(1, "Clara HADDAD", "1990-01-01")], propose([one], AMatcher(ours)), {}, {})
    assert case.stand == "doubtful"
    assert cases(row(1, "Clara HADDAD", "1990"))[1].stand == "doubtful"


def test_nobody_is_certain_for_two_rows() -> None:
    """Two rows with one person's document are both doubtful, and each says of the other."""
    found = cases(row(1, "Anna Petrova", document="RU1"), row(2, "Анна Петрова", document="RU 1"))
    assert [(one.stand, one.elsewhere["anna"]) for one in found.values()] == [("doubtful", (2,)), ("doubtful", (1,))]
    held = cases(row(1, "Anna Petrova", document="RU1"), row(2, "Анна Петрова", document="RU 1"), held={2: "anna"})
    assert (held[1].stand, held[1].elsewhere) == ("doubtful", {"anna": (2,)})
    assert (held[2].stand, held[2].held) == ("same", "anna")


def test_what_officers_said_counts() -> None:
    """Somebody else: the row is different. Not to be told: unsure, and no longer certain."""
    one = row(1, "Anna Petrova", document="RU1")
    assert cases(one, anna=judged(1, "different"))[1].stand == "different"
    assert cases(one, anna=judged(1, "unsure"))[1].stand == "unsure"
    assert cases(one, anna=judged(7, "different"))[1].stand == "certain"


def test_the_reason_says_what_spoke_against() -> None:
    """What is recorded with a decision names both."""
    (proposal,) = cases(row(1, "Boris Petrov", "1981-05-02", "RU2"))[1].proposals
    assert reason_text(proposal) == "same document, near name; against: other birth"


def a_gate(rate: int | None, closes: int | None = 9) -> Station:
    """A gate open from seven."""
    return Station(
        id=StationId("hall"),
        place=PlaceId("gate"),
        service="gate",
        opens=None if closes is None else time(7),
        closes=None if closes is None else time(closes),
        persons_per_hour=rate,
        officers=None,
        persons_max=None,
    )


def groups(*members: str) -> tuple[frozenset[PersonId], ...]:
    """Groups, each written as the letters of its people."""
    return tuple(frozenset(PersonId(person) for person in group) for group in members)


def called(station: Station | None, *members: str, first: str = "") -> list[tuple[int | None, list[str]]]:
    """Hour by hour the groups called, `first` being of priority 1."""
    everybody = {person for group in groups(*members) for person in group}
    priorities = {person: 1 if person in first else 2 for person in everybody}
    slots = call_slots(PlaceId("gate"), station, groups(*members), priorities)
    return [(one.hour and one.hour.hour, ["".join(sorted(group)) for group in one.groups]) for one in slots]


def test_whole_groups_are_called_by_priority_and_rate() -> None:
    """A family stays in one hour, the urgent first, small ones fill up, and who finds no room has no hour."""
    assert called(a_gate(3), "ab", "cd", "e", first="d") == [(7, ["cd", "e"]), (8, ["ab"])]
    assert called(a_gate(2), "abcd", "e", "f") == [(7, ["abcd"]), (8, ["e", "f"])]
    assert called(a_gate(1), "a", "b", "c") == [(7, ["a"]), (8, ["b"]), (None, ["c"])]


def test_whom_a_plan_calls_has_its_hour() -> None:
    """Whatever the rate, the plan's people come first; an hour that the gate does not have is not the plan's."""
    planned = {PersonId("e"): time(8), PersonId("c"): time(8), PersonId("f"): time(3)}
    priorities = {PersonId(one): 1 for one in "abcdef"}
    slots = call_slots(PlaceId("gate"), a_gate(3), groups("ab", "cd", "e", "f"), priorities, planned)
    shown = [(one.hour, ["".join(sorted(group)) for group in one.groups]) for one in slots]
    assert shown == [(time(7), ["ab", "f"]), (time(8), ["cd", "e"])]


def test_a_night_belongs_to_the_day_it_began() -> None:
    """At a gate that closes in the morning one o'clock is of the day before; and back again."""
    night, zone = a_gate(3, closes=6), "Africa/Cairo"
    at = datetime(2030, 5, 3, 1, tzinfo=ZoneInfo(zone))
    for station, day in ((night, date(2030, 5, 2)), (a_gate(3), date(2030, 5, 3))):
        assert gate_day(station, at) == day
    assert moment_of_hour(night, date(2030, 5, 2), time(1), zone) == moment_of(at)
    assert gate_day(night, at.replace(hour=9)) == date(2030, 5, 3)


def test_without_a_rate_everybody_is_called_for_the_opening() -> None:
    """What is not known is not made up."""
    assert called(a_gate(None), "a", "b") == [(7, ["a", "b"])]
    assert called(a_gate(1, closes=None), "a", "b") == [(0, ["a"]), (1, ["b"])]
    assert called(a_gate(1, closes=6), *"abcdefghijklmnopqrstuvwx")[-2] == (5, ["w"])


def test_the_operation_says_hours_and_priorities() -> None:
    """The gate's station is found from either end of the leg; who is in no category comes after all."""
    operation = small_operation()
    station = station_of(operation, (PlaceId("town"), PlaceId("gate")), PlaceId("town"))
    assert station is not None and station.id == "gate-hall"
    assert station_of(operation, (PlaceId("camp"), PlaceId("home")), PlaceId("camp")) is None
    assert priority_of(operation, RegisterState(age_band="child")) == 1


def waiting(word: Any) -> Standing:
    """A standing in which the crossings say this."""
    words = (AuthorityWord(authority=AuthorityId("crossings"), word=word),)
    return Standing(value="waiting", needed=1, words=words, waiting_for=(), valid_until=None)


def test_what_an_authority_is_asked_to_correct() -> None:
    """A child left out beside its mother, somebody dropped, a row with another birth date; nobody twice, and nobody
    whom an open row may be."""
    rows = (
        row(1, "Anna Petrova", document="RU1"),
        row(2, "Boris Petrov", "1981-05-02", "RU2"),
        row(3, "Tarek Al-Khatib"),
    )
    found = tuple(cases(*rows, held={1: "anna", 2: "boris"}).values())
    left_out: Any = ("child", "other", "tariq")
    split = SplitGroup(listed=(PersonId("anna"),), left_out=left_out, minors_left_out=(PersonId("child"),))
    asked = corrections(
        AuthorityId("crossings"),
        C15,
        found,
        splits=(split,),
        standings={
            PersonId("child"): waiting("silent"),
            PersonId("other"): waiting("listed"),
            PersonId("tariq"): waiting("silent"),
        },
        minors={PersonId("child")},
        dropped={4: PersonId("anna"), 5: PersonId("clara"), 6: PersonId("child"), 7: PersonId("gone")},
        gone={PersonId("gone")},
    )
    assert [(one.person, one.beside, one.minor) for one in asked.missing] == [("child", (1,), True)]
    assert asked.undecided == ("tariq",)
    assert [(one.person, one.row) for one in asked.dropped] == [("clara", 5)]
    assert [(one.person, one.row, one.against) for one in asked.miswritten] == [("boris", 2, ("other_birth",))]
    assert asked.count == 3


def test_tomorrow_is_a_range_of_the_days_before() -> None:
    """Closed days count as nobody, the open days have a range of their own, and the day itself does not count."""
    days = {
        date(2023, 11, 10): Yield(listed=84, crossed=0),
        date(2023, 11, 13): Yield(listed=100, crossed=80),
        date(2023, 11, 14): Yield(listed=50, crossed=30),
        date(2023, 11, 15): Yield(listed=100, crossed=100),
    }
    told = expected(200, days, date(2023, 11, 15))
    assert told is not None
    assert (told.least, told.middle, told.most) == (24, 120, 152)
    assert (told.open_least, told.open_most, told.days, told.closed_days) == (124, 156, 3, 1)
    assert expected(200, days, date(2023, 11, 14)) is None


def test_a_closed_week_promises_nothing() -> None:
    """When nobody ever crossed there is no range of open days."""
    told = expected(10, {date(2023, 11, day): Yield(listed=5, crossed=0) for day in (1, 2, 3)}, date(2023, 11, 4))
    assert told is not None and (told.least, told.most, told.open_most) == (0, 0, None)
