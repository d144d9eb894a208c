"""What holds people back place by place is, as sets, what stands in the way of each of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.a_road import Road

from corridor.base.ids import LegId, PaperRuleId, PersonId
from corridor.base.operation import PaperRule
from corridor.journey.board.board import Board
from corridor.journey.board.held_back import HeldBack, HeldBy
from corridor.ledger.accounts import place_account

NOON = "2030-05-02T12:00Z"
CALLED: dict[str, HeldBy] = {
    "gate_closed": "gate_closed",
    "hazard": "hazard",
    "not_cleared": "not_cleared",
    "clearance_waits": "not_cleared",
    "party_not_cleared": "family_not_cleared",
    "on_hold": "on_hold",
    "unfit_to_travel": "not_fit",
    "fitness_not_decided": "fitness_not_decided",
    "fitness_expired": "fitness_not_decided",
    "lacks_paper": "paper_missing",
    "paper_missing": "paper_missing",
    "permit_over": "permit_expired",
    "no_place": "no_place",
}
"""What each block of a person is called where people are counted."""


def one_by_one(board: Board, held: HeldBack) -> dict[HeldBy, set[PersonId]]:
    """The same from what is in the way of each person at the place."""
    found: dict[HeldBy, set[PersonId]] = {}
    for person in board.view.inside(place_account(held.place)):
        standing = board.standing(person)
        assert standing is not None
        codes = {CALLED[block.code] for block in standing.blocked_by}
        for code in codes - ({"family_not_cleared"} if "not_cleared" in codes else set()):
            found.setdefault(code, set()).add(person)
    return found


@pytest.fixture
def road() -> Road:
    """Families in the town, at the gate and in the camp: on hold, fit or not, without papers or seats, and
    one whom nobody registered."""
    road = Road()
    for number, country in enumerate(["RUS", "RUS", "PSE", "RUS", "PSE", "RUS", "RUS", "KAZ", "RUS"]):
        road.register("2030-05-01T06:00Z", f"p{number}", party=f"f{number // 3}", citizenships=[country])
        road.add("tied", "2030-05-01T06:01Z", f"p{number}", tie="will_not_travel_without", other=f"p{number // 3 * 3}")
    for number, kind in ((3, "gate"), (4, "camp"), (5, "camp"), (6, "camp"), (7, "camp")):
        road.add("sighted", "2030-05-01T18:00Z", f"p{number}", source="place:town", target=f"place:{kind}")
    road.add("sighted", "2030-05-01T18:30Z", "stranger", target="place:camp")
    road.add("fitness_decided", "2030-05-01T19:00Z", "p4", "p6", decision="fit")
    road.add("fitness_decided", "2030-05-01T19:00Z", "p7", decision="unfit")
    road.add(
        "hold_placed", "2030-05-01T20:00Z", "p6",
        hold="h1", reason="medical", instruction="Rest", owner="medic", review_at=1904000000000,
    )  # fmt: skip
    road.add("paper_missing", "2030-05-01T21:00Z", "p4", type="passport")
    road.add("permit_started", "2030-05-01T21:00Z", "p5", permit="transit", starts_at=0, ends_at=1000)
    road.add("movement_planned", "2030-05-02T08:00Z", movement="flight", leg="camp-home", vehicles=[])
    road.add("planned_aboard", "2030-05-02T09:00Z", "p4", movement="flight", place_type="seat")
    return road


def test_sets_are_what_is_in_the_way_of_each(road: Road) -> None:
    """At every place, before and after a gate closes and a hazard begins, with rules of papers for some and for all."""
    road.add("gate_closed", "2030-05-02T13:00Z", gate="gate", why="shelling")
    road.add("hazard_began", "2030-05-02T15:00Z", hazard="h", type="road_cut", leg="gate-camp")
    boards = [road.board(f"2030-05-02T{hour}:00Z") for hour in (12, 14, 16)]
    passport = PaperRule(
        id=PaperRuleId("own-passport"), for_leg=LegId("town-gate"), any_of=("passport",),
        for_citizenships=("RUS",), issued_by_own=False, names={"en": "a passport"},
    )  # fmt: skip
    for rule in (passport, replace(passport, for_leg=LegId("camp-home"), for_citizenships=())):
        operation = replace(boards[0].operation, paper_rules=(rule,))
        boards.append(Board(operation, boards[0].view))
    told: set[str] = set()
    for board in boards:
        assert [held.place for held in board.held_back] == ["town", "gate", "camp"]
        for held in board.held_back:
            assert {code: set(people) for code, people in held.by.items()} == one_by_one(board, held)
            assert set(held.free) == set(held.standing).difference(*held.by.values())
            told |= set(held.by)
    assert told >= {"gate_closed", "hazard", "on_hold", "not_fit", "fitness_not_decided"}
    assert told >= {"paper_missing", "no_place"}
