"""Movements' fold, the manifest's three columns, and how full a movement is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.journey.move.a_convoy import (
    BUS,
    NOW,
    VEHICLES,
    a_convoy,
    alight,
    board,
    boarded_family,
    bus,
    closed,
    departed,
    with_family,
)
from tests.journey.register.a_history import History, arrivals, at, histories

from corridor.base.ids import MovementId
from corridor.base.moments import Moment
from corridor.journey.move.findings import MoveFindingFacts, findings
from corridor.journey.move.manifest import (
    Columns,
    differences,
    free_places,
    manifest,
    manifest_of,
    offer_left,
    places,
    share_needed,
    taken_places,
    vehicle_free,
)
from corridor.journey.move.state import fold
from corridor.ledger.event import Event

HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("movement_planned", {"movement": "bus", "leg": "l", "vehicles": VEHICLES, "departs_at": at("15:00")}),
    ("movement_planned", {"movement": "bus", "leg": "l", "vehicles": [{"vehicle": "b1", "seats": -1}]}),
    ("movement_changed", {"movement": "bus", "times_unknown": True}),
    ("movement_changed", {"movement": "bus", "departs_at": at("16:00")}),
    ("movement_cancelled", {"movement": "bus", "why": "closed"}),
    ("escort_assigned", {"movement": "bus", "role": "doctor", "count": 1}),
    ("planned_aboard", {"movement": "bus", "place_type": "seat", "vehicle": "b1"}),
    ("planned_aboard", {"movement": "van", "place_type": "lap"}),
    ("planned_aboard", {"movement": "bus", "place_type": "seat", "offer": "o1"}),
    ("taken_off", {"movement": "bus", "why": "ill"}),
    ("seat_held", {"movement": "bus", "until": at("11:00")}),
    ("seat_released", {"movement": "bus", "why": "ill"}),
    ("standby_joined", {"movement": "bus"}),
    ("standby_left", {"movement": "bus", "why": "ill"}),
    ("boarded", {"movement": "bus", "place_type": "seat"}),
    ("boarded", {"movement": "van", "place_type": "roof"}),
    ("boarded", {"movement": "van", "place_type": "wheelchair"}),
    ("alighted", {"movement": "bus", "vehicle": "a1"}),
    ("boarding_closed", {"movement": "bus", "souls": 2, "planned": 2}),
    ("departed", {"movement": "bus", "place": "gate", "souls": 2}),
    ("arrived", {"movement": "bus", "place": "city"}),
    ("seats_offered", {"offer": "o1", "movement": "bus", "partner": "kaz", "seats": 2, "answer_by": at("11:00")}),
    ("seats_taken", {"offer": "o1", "seats": 1}),
    ("seats_declined", {"offer": "o2"}),
    ("registered", {"party": "f1"}),
]
CROWD = ("anna", "boris", "clara")


@given(arrivals(histories(HAPPENINGS, CROWD)))
def test_arrival_does_not_matter(arrived: tuple[list[Event], list[Event]]) -> None:
    """Shuffled and repeated events give the same movements, and the same findings."""
    written, came = arrived
    assert fold(written) == fold(came)
    assert findings(fold(written), MoveFindingFacts()) == findings(fold(came), MoveFindingFacts())


@given(histories(HAPPENINGS, CROWD))
def test_no_event_is_swallowed(events: list[Event]) -> None:
    """Every movement, boarding and answer that events speak of is in the state, or among those that cannot be read."""
    state = fold(events)
    broken = [
        e for e in events if e.body.get("place_type") == "roof" or (e.body.get("vehicles") or VEHICLES) != VEHICLES
    ]
    assert {one.event for one in state.unreadable} == {event.id for event in broken}
    good = [event for event in events if event not in broken]
    assert set(state.movements) == {event.body["movement"] for event in good if "movement" in event.body}
    for movement in state.movements.values():
        got_in = {p for e in good if e.kind == "boarded" and e.body["movement"] == movement.movement for p in e.persons}
        assert movement.boarded == got_in
    made = {event.body["offer"] for event in good if event.kind == "seats_offered"}
    answered = {event.body["offer"] for event in good if event.kind in ("seats_taken", "seats_declined")}
    assert set(state.offers_not_known) == answered - made


@given(histories(HAPPENINGS, CROWD), st.integers(8, 14))
def test_people_and_places_add_up(events: list[Event], hour: int) -> None:
    """Free and taken places make up the places; the vehicles' columns make up the movement's."""
    for movement in fold(events).movements.values():
        at_hour = at(f"{hour:02}:00")
        free, taken, have = free_places(movement, at_hour), taken_places(movement, at_hour), places(movement)
        assert {name: free[name] + taken[name] for name in have} == have
        columns, parts = manifest_of(movement).columns, manifest_of(movement).by_vehicle.values()
        assert columns == Columns(
            *(sum(getattr(part, c) for part in parts) for c in ("planned", "boarded", "alighted"))
        )
        assert all(taken[name] >= 0 for name in taken)


STATUS: list[tuple[list[tuple[str, dict[str, Any]]], str]] = [
    ([], "planned"),
    ([("boarded", {"place_type": "seat"})], "boarding"),
    ([("boarding_closed", {"souls": 0, "planned": 0})], "closed"),
    ([("movement_cancelled", {"why": "closed"})], "cancelled"),
    ([("departed", {"place": "gate"})], "departed"),
    ([("departed", {"place": "gate"}), ("movement_cancelled", {"why": "closed"})], "departed"),
    ([("departed", {"place": "gate"}), ("arrived", {"place": "city"})], "arrived"),
]


@pytest.mark.parametrize(("records", "status"), STATUS)
def test_the_status(records: list[tuple[str, dict[str, Any]]], status: str) -> None:
    """A movement goes from planned to arrived; what happened goes before what was decided."""
    history = a_convoy()
    for kind, body in records:
        history.add("10:00", kind, *(("anna",) if kind == "boarded" else ()), movement=BUS, **body)
    assert bus(history).status == status


def test_a_departure_that_is_not_known_is_none() -> None:
    """No time is made up: a time can be unknown, become known, and become unknown again."""
    history = a_convoy()
    assert bus(history).departs_at is None
    history.add("09:00", "movement_changed", movement=BUS, departs_at=at("15:00"))
    history.add("09:10", "movement_changed", movement=BUS, arrives_at=at("23:00"))
    assert (bus(history).departs_at, bus(history).arrives_at) == (at("15:00"), at("23:00"))
    history.add("09:20", "movement_changed", movement=BUS, times_unknown=True, why="gate closed")
    assert (bus(history).departs_at, bus(history).arrives_at) == (None, None)
    assert len(bus(history).vehicles) == 2


def test_the_columns_meet_when_everybody_went() -> None:
    """Planned, boarded and alighted alike: three columns of three souls, on two seats, and no difference."""
    history = departed(closed(boarded_family(with_family(a_convoy()))))
    history.add("18:00", "arrived", movement=BUS, place="city")
    alight(history, "18:10", "anna", "boris", "vera")
    rows = manifest(history.events, BUS)
    assert rows.columns == Columns(3, 3, 3)
    assert differences(rows) == ()
    assert findings(fold(history.events), MoveFindingFacts()) == ()


def test_differences_are_named() -> None:
    """Boarded 40 and alighted 39 is one named person; so is everybody else whose columns do not meet."""
    history = with_family(a_convoy())
    history.add("09:00", "planned_aboard", "egor", movement=BUS, place_type="seat", vehicle="a1")
    board(history, "10:00", "anna", "boris", "gleb")
    history.add("10:00", "boarded", "egor", target="aboard:bus", movement=BUS, place_type="seat", vehicle="b1")
    alight(history, "18:00", "anna", "boris", "egor", "fedor")
    assert {one.type: one.persons for one in differences(manifest(history.events, BUS))} == {
        "planned_not_boarded": ("vera",),
        "boarded_not_planned": ("gleb",),
        "boarded_not_alighted": ("gleb",),
        "alighted_not_boarded": ("fedor",),
        "other_vehicle": ("egor",),
    }
    assert manifest(history.events, BUS).by_vehicle == {
        "a1": Columns(1, 0, 0),
        "b1": Columns(0, 1, 1),
        None: Columns(3, 3, 3),
    }
    assert manifest(history.events, MovementId("none")).rows == ()


def test_souls_are_not_seats() -> None:
    """An infant on a lap is a soul aboard and takes no seat; who boards as planned takes no second one."""
    history = with_family(a_convoy())
    before = free_places(bus(history), NOW)
    assert before == {"seat": 3, "stretcher": 1, "wheelchair": 1}
    boarded_family(history)
    assert free_places(bus(history), NOW) == before
    assert len(bus(history).aboard) == 3
    assert free_places(bus(history), NOW, escort_seats=2)["seat"] == 1


def test_a_held_seat_counts_until_its_time() -> None:
    """A hold keeps a seat until its moment and no longer; planning or releasing ends it before."""
    history = a_convoy()
    history.add("09:00", "seat_held", "egor", "fedor", movement=BUS, until=NOW)
    assert free_places(bus(history), Moment(NOW - 1))["seat"] == 3
    assert free_places(bus(history), NOW)["seat"] == 5
    history.add("10:00", "planned_aboard", "egor", movement=BUS, place_type="wheelchair")
    history.add("10:00", "seat_released", "fedor", movement=BUS, why="ill")
    assert free_places(bus(history), at("10:30")) == {"seat": 5, "stretcher": 1, "wheelchair": 0}


def test_seats_are_kept_for_a_partner_while_the_offer_stands() -> None:
    """An offer keeps its seats until answered or expired; what was taken stays, for its passengers."""
    history = a_convoy()
    history.add("09:00", "seats_offered", offer="o1", movement=BUS, partner="kaz", seats=3, answer_by=NOW)
    assert free_places(bus(history), Moment(NOW - 1))["seat"] == 2
    assert free_places(bus(history), NOW)["seat"] == 5
    history.add("10:00", "seats_taken", offer="o1", seats=2)
    assert free_places(bus(history), NOW)["seat"] == 3
    history.add("10:10", "planned_aboard", "askar", movement=BUS, place_type="seat", offer="o1")
    history.add("10:10", "planned_aboard", "dana", movement=BUS, place_type="lap", offer="o1")
    assert free_places(bus(history), NOW)["seat"] == 3
    assert offer_left(bus(history), bus(history).offers[0].offer, NOW) == 1
    history.add("10:20", "seats_declined", offer="o1")
    assert free_places(bus(history), NOW)["seat"] == 4


def test_a_vehicle_counts_its_own() -> None:
    """People said to be in a vehicle take its places; an unknown vehicle has no number."""
    history = a_convoy()
    history.add("09:00", "planned_aboard", "egor", movement=BUS, place_type="stretcher", vehicle="a1")
    assert vehicle_free(bus(history), VEHICLES[1]["vehicle"]) == {"seat": 1, "stretcher": 0, "wheelchair": 0}  # type: ignore[arg-type]
    assert vehicle_free(bus(history), "b9") is None  # type: ignore[arg-type]


@pytest.mark.parametrize(("percent", "needed"), [(None, 0), (0, 0), (30, 2), (40, 2), (41, 3), (100, 5)])
def test_the_share_is_rounded_up(percent: int | None, needed: int) -> None:
    """Thirty percent of five seats are two."""
    assert share_needed(bus(a_convoy()), percent) == (5, needed)


def test_boarding_again_after_getting_out() -> None:
    """Who got out and in again is aboard; the history of one ride does not end another."""
    history = History()
    board(history, "10:00", "anna")
    alight(history, "10:10", "anna")
    assert bus(history).aboard == frozenset()
    board(history, "10:20", "anna")
    assert bus(history).aboard == {"anna"}
