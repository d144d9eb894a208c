"""What recorded movements contradict: each finding with the people it names, and the ride in order without any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.journey.move.a_convoy import (
    BUS,
    FAMILY,
    a_convoy,
    alight,
    board,
    boarded_family,
    closed,
    departed,
    with_family,
)
from tests.journey.register.a_history import History, at

from corridor.base.ids import MovementId
from corridor.journey.care.state import fold as fold_care
from corridor.journey.findings import Finding
from corridor.journey.move.findings import CATALOGUE, MoveFindingFacts, findings
from corridor.journey.move.state import fold


def underway(**body: Any) -> History:
    """The family is planned, boarded, shut in and on its way."""
    return departed(closed(boarded_family(with_family(a_convoy()))), **body)


def arrived(*alighted: str, **body: Any) -> History:
    """The convoy arrived and these got out."""
    history = underway()
    history.add("18:00", "arrived", **{"movement": BUS, "place": "city", **body})
    alight(history, "18:10", *alighted)
    return history


def plus(history: History, *record: Any, **body: Any) -> History:
    """One more record."""
    history.add(*record, **body)
    return history


def on_two_buses() -> History:
    """Anna was scanned into a second bus while the first was on its way."""
    history = underway()
    board(history, "12:00", "anna", movement="van")
    return history


def swapped_too_late() -> History:
    """Anna was seen in a second bus at noon and got out of the first an hour later."""
    history = on_two_buses()
    alight(history, "13:00", "anna")
    return history


def late() -> History:
    """Gleb, planned, got in after the doors were shut."""
    history = closed(boarded_family(plus(with_family(a_convoy()), "09:00", "planned_aboard", "gleb", **SEAT)), souls=3)
    board(history, "11:05", "gleb")
    return history


def crowded() -> History:
    """Six people on five seats, all planned."""
    crowd = ("p1", "p2", "p3", "p4", "p5", "p6")
    history = plus(a_convoy(), "09:00", "planned_aboard", *crowd, **SEAT)
    board(history, "10:00", *crowd)
    return history


def moved_over() -> History:
    """Egor was planned and boarded in one vehicle, and got out of another."""
    history = plus(a_convoy(), "09:00", "planned_aboard", "egor", **SEAT, vehicle="b1")
    board(history, "10:00", "egor")
    return plus(history, "12:00", "alighted", "egor", target="place:city", movement=BUS, vehicle="a1")


def offered(*answer: Any, **body: Any) -> History:
    """Two seats were offered, and there was an answer."""
    history = a_convoy()
    history.add("09:00", "seats_offered", offer="o1", movement=BUS, partner="kaz", seats=2)
    return plus(history, "10:00", *answer, **body)


ALL = tuple(sorted(FAMILY))
SEAT: dict[str, Any] = {"movement": BUS, "place_type": "seat"}
DOCTOR: dict[str, Any] = {"escorts_needed": {BUS: {"doctor": 1}}}
LARGER: dict[str, Any] = {"groups": (FAMILY | {"ivan"},)}
CONTRADICTIONS: list[tuple[str, Callable[[], History], dict[str, Any], tuple[str, ...]]] = [
    ("boarded_twice", on_two_buses, {}, ("anna",)),
    ("boarded_twice", swapped_too_late, {}, ("anna",)),
    (
        "planned_not_boarded",
        lambda: closed(with_family(a_convoy()), souls=0),
        {},
        ALL,
    ),
    ("boarded_not_planned", lambda: closed(boarded_family(a_convoy())), {}, ALL),
    ("boarded_not_alighted", lambda: arrived("anna", "boris"), {}, ("vera",)),
    ("alighted_not_boarded", lambda: arrived("anna", "boris", "vera", "egor"), {}, ("egor",)),
    ("other_vehicle", moved_over, {}, ("egor",)),
    ("boarded_after_closing", late, {}, ("gleb",)),
    ("departed_before_closing", lambda: departed(boarded_family(with_family(a_convoy()))), {}, ALL),
    (
        "moved_though_cancelled",
        lambda: plus(underway(), "09:00", "movement_cancelled", movement=BUS, why="closed"),
        {},
        ALL,
    ),
    ("over_capacity", crowded, {}, ("p1", "p2", "p3", "p4", "p5", "p6")),
    ("souls_counted_differ", lambda: underway(souls=2), {}, ALL),
    ("souls_counted_differ", lambda: arrived("anna", "boris", "vera", souls=4), {}, ALL),
    ("party_apart", underway, LARGER, ("anna", "boris", "ivan", "vera")),
    ("departed_without_escorts", underway, DOCTOR, ALL),
    ("seat_share_missed", underway, {"share_percent": 30}, ()),
    ("offer_overdrawn", lambda: offered("seats_taken", offer="o1", seats=3), {}, ()),
    ("offer_answer_not_known", lambda: offered("seats_declined", offer="o9"), {}, ()),
    (
        "unreadable_record",
        lambda: plus(underway(), "12:00", "boarded", "egor", movement=BUS, place_type="roof"),
        {},
        (),
    ),
]


def found(history: History, **facts: Any) -> tuple[Finding, ...]:
    """The findings about a history."""
    return findings(fold(history.events), MoveFindingFacts(**facts))


@pytest.mark.parametrize(("code", "setting", "facts", "persons"), CONTRADICTIONS)
def test_contradictions_are_found(
    code: str, setting: Callable[[], History], facts: dict[str, Any], persons: tuple[str, ...]
) -> None:
    """Records that break a rule are taken in, and exactly that is found, with the people it concerns."""
    assert [(one.code, one.persons) for one in found(setting(), **facts)] == [(code, persons)]


def test_a_ride_in_order_has_no_finding() -> None:
    """Planned, boarded, shut, departed, arrived, alighted, with a doctor and the share offered: nothing is found."""
    history = arrived("anna", "boris", "vera", souls=3)
    history.add("08:10", "escort_assigned", movement=BUS, role="doctor", count=1)
    history.add("08:10", "seats_offered", offer="o1", movement=BUS, partner="kaz", seats=2, answer_by=at("09:00"))
    assert found(history, groups=(FAMILY,), share_percent=30, **DOCTOR) == ()


def test_a_reason_on_record_excuses() -> None:
    """Boarding closed with a reason excuses the manifest; a departure with a reason excuses the escorts."""
    history = closed(with_family(a_convoy()), souls=0, exception="they walked")
    departed(history, exception="shelling")
    assert found(history, share_percent=30, **DOCTOR) == ()


def test_boarding_on_hold_is_taken_in_and_found() -> None:
    """A boarding while a hold bound is a fact and found; before the hold, or after it was lifted, it is not."""
    care = History()
    care.add(
        "09:30", "hold_placed", "anna", hold="h1", reason="medical", instruction="Rest.", owner="dr",
        review_at=at("15T09:00"),
    )  # fmt: skip
    care.add("10:30", "hold_lifted", "anna", hold="h1", why="well")
    known = {"anna": fold_care(care.events)}
    times = {"09:00": [], "10:00": ["boarded_on_hold"], "10:45": []}
    for when, codes in times.items():
        history = boarded_family(with_family(a_convoy()), when)
        assert [one.code for one in found(history, care=known)] == codes
        assert bus_holds(history)


def bus_holds(history: History) -> bool:
    """Whether the boarding was taken in."""
    return fold(history.events).movements[BUS].aboard == FAMILY


def test_the_next_ride_is_not_a_second_one() -> None:
    """Who got out, or whose bus has arrived, and boards the plane is on one ride at a time."""
    history = arrived("anna", "boris")
    board(history, "20:00", "anna", "boris", "vera", movement="plane")
    assert [one.code for one in found(history)] == ["boarded_not_alighted"]
    assert MovementId("plane") in fold(history.events).movements


def test_every_finding_is_reached() -> None:
    """A finding added to the catalogue must be added to these tests."""
    reached = {code for code, _, _, _ in CONTRADICTIONS} | {"boarded_on_hold"}
    assert reached == {kind.code for kind in CATALOGUE}
