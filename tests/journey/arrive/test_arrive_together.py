"""Contacts, landings, needs and shelters: what arrival works out of many people's records."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.journey.register.a_history import History, at

from corridor.base.ids import PersonId, PlaceId
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.journey.arrive.contacts import Contact, contacts_of
from corridor.journey.arrive.forecast import Traveller, age_on, forecast, size_of
from corridor.journey.arrive.landings import by_group, landings
from corridor.journey.arrive.shelters import Shelter, nearest_with_room, shelters, stays_by_shelter
from corridor.journey.arrive.state import ArriveState, fold
from corridor.journey.move.state import MoveState
from corridor.journey.move.state import fold as fold_move
from corridor.journey.register.identity import BirthDate

PLACE = """
[[places]]
id = "{id}"
names = {{ en = "{id}" }}
role = "{role}"
zone = "Europe/Moscow"
country = "RUS"
{more}
"""
PLACES = [
    ("camp", "staging", ""),
    ("dme", "home", "latitude = 55.41\nlongitude = 37.91"),
    ("klin", "shelter", "latitude = 56.33\nlongitude = 36.73\nbeds = 2"),
    ("tver", "shelter", "latitude = 56.86\nlongitude = 35.91\nbeds = 40"),
    ("kaluga", "shelter", "latitude = 54.51\nlongitude = 36.26\nbeds = 130"),
    ("avtury", "shelter", "latitude = 43.17\nlongitude = 46.00"),
    ("far", "shelter", "beds = 500"),
]
HEAD = """
name = "small-road"
titles = { en = "Small road" }
languages = ["en"]
as_of_zone = "Europe/Moscow"
origin_country = "PSE"
[eligibility]
own_citizenships = ["RUS"]
relatives = ["spouse", "child"]
[[places]]
id = "town"
names = { en = "Town" }
role = "origin"
zone = "Asia/Gaza"
country = "PSE"
"""
WAY = """
[[legs]]
id = "dme-{id}"
source = "dme"
target = "{id}"
mode = "bus"
minutes = 200
minutes_min = 100
"""
LEGS = """
[[legs]]
id = "out"
source = "town"
target = "camp"
mode = "bus"
minutes = 60
minutes_min = 5
[[legs]]
id = "home"
source = "camp"
target = "dme"
mode = "air"
minutes = 300
minutes_min = 210
{more}
[[custodians]]
id = "airport"
names = { en = "Airport" }
place = "dme"
[[devices]]
id = "hq"
kind = "headquarters"
place = "camp"
"""


@pytest.fixture(scope="module")
def operation() -> Operation:
    """A road home with five shelters, one without known beds, one without coordinates."""
    ways = "".join(WAY.format(id=id_) for id_, role, _ in PLACES if role == "shelter")
    places = "".join(PLACE.format(id=id_, role=role, more=more) for id_, role, more in PLACES)
    text = HEAD + places + LEGS.replace("{more}", ways)
    read = read_operation(text)
    assert isinstance(read, Operation), read
    return read


@pytest.fixture
def history() -> History:
    """Anna flew with three others in two buses' worth of vehicles, and stayed at Klin with some of them."""
    history = History()
    history.add("06:00", "movement_planned", movement="il", leg="home", vehicles=[], departs_at=at("08:00"))
    seats = {"anna": ("1A", "a"), "boris": ("1B", "a"), "clara": ("2A", "b"), "dora": ("2B", None)}
    for person, (seat, vehicle) in seats.items():
        history.add("08:00", "boarded", person, movement="il", vehicle=vehicle, seat=seat, place_type="seat")
    history.add("08:30", "departed", movement="il", place="camp")
    history.add("12:00", "alighted", "anna", movement="il")
    history.add("12:20", "alighted", "boris", "clara", movement="il")
    history.add("14:00", "placed", "anna", shelter="klin", room="12")
    history.add("15:00", "placed", "boris", shelter="klin", room="12")
    history.add("15:00", "placed", "clara", shelter="klin", room="13")
    history.add("15:00", "placed", "dora", shelter="klin")
    history.add("15:00", "placed", "egor", shelter="tver", room="12")
    history.add("16:00", "placement_ended", "anna", shelter="klin", why="moved")
    history.add("17:00", "placed", "fedor", shelter="klin", room="12")
    return history


def moved(history: History) -> MoveState:
    """Every movement of a history."""
    return fold_move(history.events)


def arrived(history: History) -> dict[PersonId, ArriveState]:
    """The arrival of everybody in a history."""
    return {person: fold(history.of(person)) for person in history.persons()}


def contacts(history: History, person: str) -> list[Contact]:
    """Whom a person met."""
    states = arrived(history)
    return list(contacts_of(PersonId(person), moved(history).movements.values(), states, stays_by_shelter(states)))


def test_contacts_shared_a_vehicle_or_a_room(history: History) -> None:
    """Same vehicle or room counts, another does not, one that is not known might; with the times together."""
    found = {(one.person, one.shared, one.since, one.until) for one in contacts(history, "anna")}
    assert found == {
        ("boris", "vehicle", at("08:00"), at("12:00")),
        ("dora", "movement", at("08:00"), at("12:00")),
        ("boris", "room", at("15:00"), at("16:00")),
        ("dora", "shelter", at("15:00"), at("16:00")),
    }
    assert {one.seat for one in contacts(history, "anna")} == {"1B", "2B", None}


def test_who_is_still_together_has_no_end(history: History) -> None:
    """Dora was never seen alighting, so whoever else has not is with her still; who met nobody has no rows."""
    history.add("08:00", "boarded", "gleb", movement="il", place_type="seat")
    both = [one for one in contacts(history, "dora") if one.person == "gleb"]
    assert [(one.since, one.until) for one in both] == [(at("08:00"), None)]
    assert contacts(history, "nobody") == []


def test_contacts_are_mutual(history: History) -> None:
    """Whoever is in Anna's list has her in theirs, with the same times."""
    for one in contacts(history, "anna"):
        back = [other for other in contacts(history, one.person) if other.person == "anna"]
        assert (one.since, one.until) in [(other.since, other.until) for other in back]


def test_a_landing_is_expected_by_what_is_known(operation: Operation, history: History) -> None:
    """Without a planned arrival it is the departure and the usual minutes; a plan, then a record, count before that."""
    (one,) = landings(operation, moved(history).movements.values())
    assert (one.expected_at, one.estimated, one.landed) == (at("13:30"), True, False)
    assert one.persons == ("anna", "boris", "clara", "dora")
    history.add("09:00", "movement_changed", movement="il", arrives_at=at("13:00"))
    (one,) = landings(operation, moved(history).movements.values())
    assert (one.expected_at, one.estimated) == (at("13:00"), False)
    history.add("13:10", "arrived", movement="il", place="dme")
    (one,) = landings(operation, moved(history).movements.values())
    assert (one.expected_at, one.landed) == (at("13:10"), True)


def test_landings_stand_in_the_order_of_the_work(operation: Operation) -> None:
    """Who comes soonest first, those without a time after them, the landed last; buses and the cancelled not at all."""
    history = History()
    for name, leg, when in (("late", "home", 20), ("soon", "home", 10), ("open", "home", None), ("bus", "out", 9)):
        departs: dict[str, Any] = {} if when is None else {"departs_at": at(f"{when:02}:00")}
        history.add("06:00", "movement_planned", movement=name, leg=leg, vehicles=[], **departs)
    history.add("06:00", "movement_planned", movement="off", leg="home", vehicles=[])
    history.add("06:10", "movement_cancelled", movement="off", why="fog")
    history.add("06:00", "movement_planned", movement="here", leg="home", vehicles=[])
    history.add("06:30", "arrived", movement="here", place="dme")
    history.add("06:00", "planned_aboard", "anna", movement="soon", place_type="seat")
    found = landings(operation, moved(history).movements.values())
    assert [one.movement.movement for one in found] == ["soon", "late", "open", "here"]
    assert found[0].persons == ("anna",)


def test_people_are_received_by_who_belongs_together() -> None:
    """A group's people here stand together; who is in no group stands alone."""
    groups: Any = (frozenset({"anna", "boris", "away"}),)
    people: Any = ("zora", "boris", "anna")
    assert by_group(people, groups) == (("anna", "boris"), ("zora",))


def traveller(person: str, band: Any, age: int | None = None, sex: Any = None, *needs: Any) -> Traveller:
    """A person of the forecast."""
    return Traveller(person=PersonId(person), age_band=band, sex=sex, age_years=age, needs=frozenset(needs))


def test_the_forecast_counts_everybody_once() -> None:
    """Ages and sizes each add up to the people; nappies go by infants, needs by who has them."""
    found = forecast(
        (
            traveller("a", "infant", 0, None, "infant_food"),
            traveller("b", "infant"),
            traveller("c", "child", 7),
            traveller("d", "child"),
            traveller("e", "child", 16, "male"),
            traveller("f", "adult", None, "female", "medication", "wheelchair"),
            traveller("g", "elder", 70, None, "medication"),
            traveller("h", None),
        )
    )
    assert found.ages == {"infant": 2, "child": 3, "adult": 1, "elder": 1, "not_known": 1}
    assert found.sizes == {
        "infant_sizes": 1, "74": 1, "122": 1, "child_sizes": 1, "women": 1, "men": 1, "adults": 1, "not_known": 1
    }  # fmt: skip
    assert sum(found.ages.values()) == sum(found.sizes.values()) == found.people == 8
    assert (found.nappies_a_day, found.needs) == (16, {"wheelchair": 1, "medication": 2, "infant_food": 1})


@pytest.mark.parametrize(("years", "size"), [(0, "74"), (4, "104"), (14, "164"), (15, "women")])
def test_sizes_follow_age(years: int, size: str) -> None:
    """Each year has its height, up to the age from which the sizes are those of adults."""
    assert size_of(traveller("a", "child", years, "female")) == size


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        (BirthDate(year=2020, month=11, day=15, precision="day"), 2),
        (BirthDate(year=2020, month=11, day=14, precision="day"), 3),
        (BirthDate(year=2020, precision="year"), 3),
        (BirthDate(year=None, precision="unknown"), None),
        (None, None),
    ],
)
def test_age_is_as_precise_as_the_birth_date(birth: BirthDate | None, age: int | None) -> None:
    """On 14 November 2023: the day before a birthday one is younger; of a bare year the birthday has been."""
    assert age_on(birth, date(2023, 11, 14)) == age


def test_shelters_count_who_stays(operation: Operation, history: History) -> None:
    """Whoever left is not counted; beds that are not known leave the free places unknown; too many are below zero."""
    found = shelters(operation, stays_by_shelter(arrived(history)))
    assert [(one.place, one.free) for one in found.values()] == [
        ("klin", -2), ("tver", 39), ("kaluga", 130), ("avtury", None), ("far", 500)
    ]  # fmt: skip
    assert found[PlaceId("klin")].staying == ("boris", "clara", "dora", "fedor")


@pytest.mark.parametrize(
    ("asked", "taken", "nearest"),
    [(3, (), "tver"), (41, (), "kaluga"), (131, (), "avtury"), (131, ("avtury",), "far"), (501, ("avtury",), None)],
)
def test_the_nearest_with_room(operation: Operation, asked: int, taken: tuple[str, ...], nearest: str | None) -> None:
    """The nearest where so many fit; unknown beds may hold them; without coordinates comes last; else there is none."""
    known = {place: one for place, one in shelters(operation, {}).items() if place not in taken}
    found = nearest_with_room(operation, PlaceId("klin"), asked, known)
    assert (found.place if isinstance(found, Shelter) else None) == nearest
