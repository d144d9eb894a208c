"""A person's standing says where they are, what comes next, and what is in the way of it."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

import pytest
from tests.a_road import Road

from corridor.base.ids import LegId, PaperRuleId, PersonId
from corridor.base.moments import parse_moment
from corridor.base.operation import PaperRule
from corridor.journey.board.blocks import CATALOGUE
from corridor.journey.board.ready import hindrances
from corridor.journey.board.standing import PersonStanding

NOW = "2030-05-02T12:00Z"


@pytest.fixture
def road() -> Road:
    """A mother and her child at the staging camp, with a seat each on a planned flight, and a friend in the town."""
    road = Road()
    for person, band in (("mother", "adult"), ("child", "child")):
        road.register("2030-05-01T06:00Z", person, age_band=band)
        road.add("sighted", "2030-05-01T18:00Z", person, source="place:town", target="place:camp")
        road.add("fitness_decided", "2030-05-01T19:00Z", person, decision="fit")
    road.register("2030-05-01T06:00Z", "friend", party="another")
    road.add(
        "movement_planned",
        "2030-05-02T08:00Z",
        movement="flight",
        leg="camp-home",
        vehicles=[{"vehicle": "a1", "seats": 120}],
    )
    road.add("planned_aboard", "2030-05-02T09:00Z", "mother", "child", movement="flight", place_type="seat")
    return road


def standing(road: Road, person: str) -> PersonStanding:
    """The person's standing at noon."""
    found = road.board(NOW).standing(PersonId(person))
    assert found is not None
    return found


def test_nothing_in_the_way(road: Road) -> None:
    """Fit, with a seat and no hazard: the next step is named and nothing blocks it."""
    mother = standing(road, "mother")
    assert (mother.account, mother.leg, mother.blocked_by) == ("place:camp", "camp-home", ())
    assert mother.next_step == "From camp to home by air."
    assert mother.group == {"mother", "child"}
    assert [movement.movement for movement in mother.movements] == ["flight"]
    assert standing(road, "friend").blocked_by == ()


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        (
            "hold_placed",
            {
                "hold": "h1",
                "reason": "medical",
                "instruction": "bed rest",
                "owner": "officer",
                "review_at": parse_moment("2030-05-03T12:00Z"),
            },
            "bed rest",
        ),
        ("fitness_decided", {"decision": "unfit"}, "against travelling"),
        ("taken_off", {"movement": "flight", "why": "seat needed"}, "No place on a movement from camp to home."),
        ("paper_missing", {"type": "return_certificate"}, "Paper missing: return_certificate."),
    ],
)
def test_what_is_in_the_way_of_one(road: Road, kind: str, body: dict[str, object], says: str) -> None:
    """A hold, unfitness, a lost seat, a missing paper: each is told of the person it is about, and of nobody else."""
    road.add(kind, "2030-05-02T10:00Z", "mother", **body)
    blocked = standing(road, "mother").blocked_by
    assert len(blocked) == 1
    assert says in blocked[0].says
    assert standing(road, "child").blocked_by == ()


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        (
            "hazard_began",
            {"hazard": "h1", "type": "weather", "leg": "camp-home"},
            "Hazard: weather, since 2030-05-02T10:00:00Z.",
        ),
        ("gate_closed", {"gate": "home"}, "The gate home is closed"),
    ],
)
def test_what_is_in_the_way_of_all(road: Road, kind: str, body: dict[str, object], says: str) -> None:
    """A hazard on the leg and a closed gate at its end stand in everybody's way who would take it."""
    road.add(kind, "2030-05-02T10:00Z", **body)
    for person in ("mother", "child"):
        assert [says in blocked.says for blocked in standing(road, person).blocked_by] == [True]
    assert standing(road, "friend").blocked_by == ()


def test_a_paper_that_the_leg_asks_for_is_in_the_way(road: Road) -> None:
    """Who has none of the papers of a rule for the next leg is blocked by it and not ready, until one is recorded."""
    paper_rule = PaperRule(
        id=PaperRuleId("to-fly"),
        names={"en": "A paper to fly with"},
        for_leg=LegId("camp-home"),
        any_of=("passport", "return_certificate"),
        for_citizenships=(),
        issued_by_own=False,
    )
    road.operation = replace(road.operation, paper_rules=(paper_rule,))
    road.add("paper_recorded", "2030-05-02T10:00Z", "child", paper="n1", type="passport")
    assert [one.code for one in standing(road, "mother").blocked_by] == ["lacks_paper"]
    assert standing(road, "mother").blocked_by[0].data == {"paper_rule": "to-fly", "lack": "none"}
    assert standing(road, "child").blocked_by == ()
    assert hindrances(road.board(NOW).everybody, PersonId("mother"), LegId("camp-home")) == ("paper_missing",)
    assert standing(road, "friend").blocked_by == (), "the rule is for another leg"
    road.add("paper_issued", "2030-05-02T11:00Z", "mother", paper="c1", type="return_certificate")
    assert standing(road, "mother").blocked_by == ()
    assert hindrances(road.board(NOW).everybody, PersonId("mother"), LegId("camp-home")) == ()


def test_every_block_fills_in_its_sentence(road: Road) -> None:
    """Each thing in the way has a code of its own, and its facts are those of its sentence."""
    assert len({kind.code for kind in CATALOGUE}) == len(CATALOGUE)
    road.add("taken_off", "2030-05-02T10:00Z", "mother", movement="flight", why="seat needed")
    road.add("gate_closed", "2030-05-02T10:00Z", gate="home")
    for block in standing(road, "mother").blocked_by:
        assert {name for _, name, _, _ in Formatter().parse(block.template) if name} == set(block.data)
        assert all(str(fact) in block.says for fact in block.data.values())


def test_ends_suspense_and_strangers(road: Road) -> None:
    """Who is received has no next step, who is in suspense waits for an officer, and a stranger has no standing."""
    road.add("sighted", "2030-05-02T10:00Z", "friend", source="place:town", target="place:gate")
    road.add("sighted", "2030-05-02T10:01Z", "friend", source="place:home", target="place:camp")
    road.add("sighted", "2030-05-02T09:30Z", "mother", source="place:camp", target="place:home")
    road.add(
        "received",
        "2030-05-02T11:00Z",
        "mother",
        source="place:home",
        target="end:received",
        custodian="ministry",
        place="home",
    )
    assert standing(road, "mother").next_step == "None: the road has ended."
    friend = standing(road, "friend")
    assert (friend.account, [one.code for one in friend.blocked_by]) == ("suspense", ["in_suspense"])
    assert road.board(NOW).standing(PersonId("stranger")) is None
