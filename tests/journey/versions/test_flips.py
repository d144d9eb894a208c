"""Who flipped: the very people whose answer becomes another by another file, each rule counted by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.a_road import OPERATION_TOML, Road

from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.journey.versions.flips import flips

WHEN = "2030-05-04T00:00Z"
RULES = """
[[authorities]]
id = "guard"
names = { en = "Guard" }

[[clearance_rules]]
for_leg = "town-gate"
of = ["guard"]
needed = 1

[[paper_rules]]
id = "way-out"
names = { en = "A paper" }
for_leg = "town-gate"
any_of = ["passport"]
for_citizenships = ["KAZ"]
"""


@pytest.fixture
def road() -> Road:
    """Anna of Russia, her husband Omar, her brother Pavel by their mother Rosa, somebody's relative, and Kim."""
    road = Road()
    road.register("2030-05-02T06:00Z", "anna")
    for person in ("omar", "pavel", "rosa", "someone"):
        road.register("2030-05-02T06:00Z", person, citizenships=["PSE"], relation="relative")
    road.register("2030-05-02T06:00Z", "kim", citizenships=["KAZ"], relation="relative")
    road.add("tied", "2030-05-02T06:01Z", "anna", tie="spouse_of", other="omar")
    road.add("tied", "2030-05-02T06:01Z", "rosa", tie="parent_of", other="anna")
    road.add("tied", "2030-05-02T06:01Z", "rosa", tie="parent_of", other="pavel")
    return road


Turned = Callable[[str, str], dict[tuple[str, str], tuple[str, ...]]]


@pytest.fixture
def turned(road: Road) -> Turned:
    """Who flips between two files, by rule and way."""

    def turned(before: str, after: str) -> dict[tuple[str, str], tuple[str, ...]]:
        files = [read_operation(text) for text in (before, after)]
        assert all(isinstance(one, Operation) for one in files), files
        found = flips(road.board(WHEN), files[0], files[1])  # type: ignore[arg-type]
        return {(one.rule, one.way): one.people for one in found}

    return turned


def relatives(kinds: str) -> str:
    """The file with other kinds of relatives."""
    return OPERATION_TOML.replace('relatives = ["spouse", "child"]', f"relatives = [{kinds}]")


KAZAKH = OPERATION_TOML.replace('["RUS"]', '["KAZ"]')
EVERY = '"spouse", "child", "parent", "sibling", "grandchild", "grandparent", "guardian", "ward", "other"'


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (relatives('"spouse", "child", "sibling"'), {"to_yes": ("pavel",)}),
        (relatives('"parent"'), {"to_yes": ("rosa",), "to_no": ("omar",)}),
        (relatives(""), {"to_no": ("kim", "omar", "someone")}),
        (relatives(EVERY), {"to_yes": ("kim", "pavel", "rosa", "someone")}),
        (KAZAKH, {"to_yes": ("kim",), "to_no": ("anna",), "to_not_known": ("omar", "pavel", "rosa")}),
    ],
)
def test_whose_eligibility_flips(turned: Turned, after: str, expected: dict[str, tuple[str, ...]]) -> None:
    """By ties where there are some; whoever is a relative of no known kind is yes or no only where all kinds are."""
    assert {way: people for (_, way), people in turned(OPERATION_TOML, after).items()} == expected


def test_a_partners_citizens_may_come(turned: Turned) -> None:
    """A new partner state brings its citizens in, and taking it out leaves them out again."""
    partner = '\n[[partners]]\nid = "kz"\nnames = { en = "KZ" }\ncountry = "KAZ"\n'
    assert turned(OPERATION_TOML, OPERATION_TOML + partner) == {("eligibility", "to_yes"): ("kim",)}


def test_whose_clearance_and_papers_flip(turned: Turned) -> None:
    """A new rule stops whoever stands where the leg begins and is on no list or has no paper; without it they pass."""
    everybody = ("anna", "kim", "omar", "pavel", "rosa", "someone")
    assert turned(OPERATION_TOML, OPERATION_TOML + RULES) == {
        ("clearance", "to_no"): everybody,
        ("papers", "to_no"): ("kim",),
    }
    assert turned(OPERATION_TOML + RULES, OPERATION_TOML) == {
        ("clearance", "to_yes"): everybody,
        ("papers", "to_yes"): ("kim",),
    }


def test_nobody_flips_by_what_no_rule_reads(road: Road, turned: Turned) -> None:
    """Minutes of a leg change nobody's answer; who is at an end is not asked."""
    assert turned(OPERATION_TOML, OPERATION_TOML.replace("minutes = 360", "minutes = 400")) == {}
    road.add("withdrew", "2030-05-03T00:00Z", "pavel", source="place:town", target="end:withdrawn", why="declined")
    assert turned(OPERATION_TOML, relatives('"spouse", "child", "sibling"')) == {}
