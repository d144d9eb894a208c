"""The standby list keeps its order; seating follows needs, laps and vehicles."""

from __future__ import annotations

import pytest
from tests.journey.move.a_convoy import BUS, FAMILY, a_convoy, bus, with_family
from tests.journey.register.a_history import History, at

from corridor.base.ids import PersonId
from corridor.journey.move.seating import place_types, seated, vehicle_for
from corridor.journey.move.standby import Turn, turns
from corridor.journey.register.state import RegisterState

NOW = at("12:00")
STATES = {
    PersonId("anna"): RegisterState(age_band="adult"),
    PersonId("boris"): RegisterState(age_band="adult", needs=frozenset({"wheelchair"})),
    PersonId("vera"): RegisterState(age_band="infant"),
    PersonId("zina"): RegisterState(age_band="infant"),
    PersonId("gleb"): RegisterState(age_band="elder", needs=frozenset({"stretcher"})),
}


@pytest.fixture
def waiting() -> History:
    """The family waits since nine, Egor since five past."""
    history = a_convoy()
    history.add("09:00", "standby_joined", "anna", "boris", "vera", movement=BUS)
    history.add("09:05", "standby_joined", "egor", movement=BUS)
    return history


def listed(history: History, free: int) -> tuple[Turn, ...]:
    """The list with so many seats free at noon."""
    return turns(bus(history), (FAMILY,), free, NOW)


def test_the_order_of_waiting_is_kept(waiting: History) -> None:
    """Who joined first is first, also when the same people are put on the list again later."""
    waiting.add("10:00", "standby_joined", "anna", "boris", "vera", movement=BUS)
    found = listed(waiting, 5)
    assert [turn.persons for turn in found] == [("anna", "boris", "vera"), ("egor",)]
    assert [turn.since for turn in found] == [at("09:00"), at("09:05")]


@pytest.mark.parametrize(
    ("free", "offered_to"), [(0, None), (1, ("egor",)), (2, ("egor",)), (3, ("anna", "boris", "vera"))]
)
def test_the_offer_goes_to_the_first_who_fits(waiting: History, free: int, offered_to: tuple[str, ...] | None) -> None:
    """A family that does not fit keeps its turn and lets a smaller one through; nobody is next without a seat."""
    found = [turn.persons for turn in listed(waiting, free) if turn.next]
    assert found == ([] if offered_to is None else [offered_to])


def test_an_offer_runs_until_its_time(waiting: History) -> None:
    """Held seats are an offer; when it has run out the family is next again, and still first."""
    waiting.add("11:00", "seat_held", "anna", "boris", "vera", movement=BUS, until=at("13:00"))
    first, second = listed(waiting, 1)
    assert (first.offered_until, first.next, second.next) == (at("13:00"), False, True)
    first, second = turns(bus(waiting), (FAMILY,), 4, at("13:00"))
    assert (first.offered_until, first.next, second.next) == (None, True, False)


@pytest.mark.parametrize("kind", ["planned_aboard", "boarded", "standby_left"])
def test_who_got_a_seat_waits_no_more(waiting: History, kind: str) -> None:
    """Planned, boarded or taken off the list: the next in order moves up."""
    body = {"why": "own wish"} if kind == "standby_left" else {"place_type": "seat"}
    waiting.add("11:00", kind, "anna", "boris", "vera", movement=BUS, **body)
    assert [turn.persons for turn in listed(waiting, 9)] == [("egor",)]


def test_places_follow_needs_and_laps() -> None:
    """Wheelchair and stretcher places for who needs them; one infant a lap, the second gets a seat."""
    found = place_types(STATES, STATES)
    assert found == {"anna": "seat", "boris": "wheelchair", "vera": "lap", "zina": "lap", "gleb": "stretcher"}
    alone = [PersonId("anna"), PersonId("vera"), PersonId("zina")]
    assert place_types(alone, STATES) == {"anna": "seat", "vera": "lap", "zina": "seat"}


def test_a_group_rides_in_one_vehicle() -> None:
    """The fullest vehicle that holds all of them; none is said when they do not fit together."""
    convoy = bus(a_convoy())  # b1: four seats and a wheelchair place; a1: one seat and a stretcher
    assert vehicle_for(convoy, ["seat"]) == "a1"
    assert vehicle_for(convoy, ["seat", "seat"]) == "b1"
    assert vehicle_for(convoy, ["seat", "stretcher", "wheelchair"]) is None
    assert {one.vehicle for one in seated(convoy, FAMILY, STATES)} == {"b1"}
    full = bus(with_family(a_convoy()))
    assert vehicle_for(full, ["seat"] * 5) is None
