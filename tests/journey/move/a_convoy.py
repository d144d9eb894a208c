"""A small convoy for the tests of movements: one bus and one ambulance, a family, two singles."""

from __future__ import annotations

from typing import Any

from tests.journey.register.a_history import History, at

from corridor.base.ids import MovementId, PersonId
from corridor.journey.move.orders import MoveFacts, Passenger
from corridor.journey.move.state import Movement, fold

BUS = MovementId("bus")
NOW = at("12:00")
FAMILY = frozenset(PersonId(person) for person in ("anna", "boris", "vera"))  # vera is an infant
VEHICLES = [
    {"vehicle": "b1", "seats": 4, "stretchers": 0, "wheelchairs": 1},
    {"vehicle": "a1", "seats": 1, "stretchers": 1, "wheelchairs": 0},
]


def a_convoy() -> History:
    """A convoy on the leg to the city, its departure time not known."""
    history = History()
    history.add("08:00", "movement_planned", movement=BUS, leg="rafah-cairo", vehicles=VEHICLES)
    return history


def with_family(history: History) -> History:
    """The family is on the manifest: two seats and a lap."""
    history.add("09:00", "planned_aboard", "anna", "boris", movement=BUS, place_type="seat")
    history.add("09:00", "planned_aboard", "vera", movement=BUS, place_type="lap")
    return history


def board(history: History, when: str, *persons: str, place_type: str = "seat", movement: str = BUS) -> None:
    """They were seen getting in."""
    history.add(
        when, "boarded", *persons, source="place:gate", target=f"aboard:{movement}", movement=movement,
        place_type=place_type,
    )  # fmt: skip


def alight(history: History, when: str, *persons: str, movement: str = BUS) -> None:
    """They were seen getting out."""
    history.add(when, "alighted", *persons, source=f"aboard:{movement}", target="place:city", movement=movement)


def boarded_family(history: History, when: str = "10:00") -> History:
    """The family got in as planned."""
    board(history, when, "anna", "boris")
    board(history, when, "vera", place_type="lap")
    return history


def closed(history: History, **body: Any) -> History:
    """Boarding was closed on three souls."""
    history.add("11:00", "boarding_closed", **{"movement": BUS, "souls": 3, "planned": 3, **body})
    return history


def departed(history: History, **body: Any) -> History:
    """The convoy left the gate."""
    history.add("11:10", "departed", **{"movement": BUS, "place": "gate", **body})
    return history


def bus(history: History) -> Movement:
    """The convoy as the history tells it."""
    return fold(history.events).movements[BUS]


def facts_of(history: History, **facts: Any) -> MoveFacts:
    """The facts an order about the convoy is decided on: everybody stands at the gate."""
    everybody = {*history.persons(), *FAMILY, "egor", "fedor", "gleb", "askar", "dana", *"efgh"}
    known: dict[str, Any] = {
        "movement": fold(history.events).movements.get(BUS),
        "groups": (FAMILY,),
        "infants": frozenset({"vera"}),
        "accounts": dict.fromkeys(everybody, "place:gate"),
    }
    return MoveFacts(**known | facts)


def seated(*persons: str, **place: Any) -> tuple[Passenger, ...]:
    """Passengers on one kind of place."""
    return tuple(Passenger(person=PersonId(person), **place) for person in persons)


WITH_INFANT = (*seated("anna", "boris"), *seated("vera", place_type="lap"))
