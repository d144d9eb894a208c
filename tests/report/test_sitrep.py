"""The situation report of a small road: every line of it, in every language, and what changed since the last."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.a_road import Road

from corridor.base.moments import parse_moment
from corridor.report.as_json import sitrep_json
from corridor.report.figures import LedgerStamp
from corridor.report.sitrep import Sitrep, sitrep
from corridor.report.sitrep_text import sitrep_text
from corridor.report.words import LANGUAGES, words

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "sitrep"
STAMP = LedgerStamp(batches=40, events=40, digest="0123456789abcdef")
AT, SINCE = "2030-05-03T06:00Z", "2030-05-02T06:00Z"


@pytest.fixture
def road() -> Road:
    """Seven people; two crossed on 2 May, one of whom was told a day late; a family's records contradict on one."""
    road = Road()
    road.register("2030-05-01T06:00Z", "citizen-1")
    road.register("2030-05-01T06:00Z", "child-1", age_band="child")
    road.register("2030-05-01T06:00Z", "relative-1", citizenships=["PSE"], relation="relative")
    road.register("2030-05-01T07:00Z", "late-1")
    road.register("2030-05-01T07:00Z", "lost-1", citizenships=[])
    road.register("2030-05-02T07:00Z", "new-1", age_band="infant")
    road.register("2030-05-01T07:00Z", "first-1")
    town, gate = "place:town", "place:gate"
    road.add(
        "crossed",
        "2030-05-01T08:00Z",
        "first-1",
        "late-1",
        source=town,
        target=gate,
        gate="gate",
        received="2030-05-02T09:00Z",
    )
    road.add("hazard_began", "2030-05-01T12:00Z", hazard="h1", type="road_cut", leg="gate-camp")
    road.add(
        "movement_planned",
        "2030-05-02T06:00Z",
        movement="bus",
        leg="gate-camp",
        name="Bus 1",
        vehicles=[{"vehicle": "b1", "seats": 40}],
    )
    road.add(
        "movement_planned",
        "2030-05-02T06:00Z",
        movement="flight",
        leg="camp-home",
        name="Flight 1",
        vehicles=[{"vehicle": "a1", "seats": 120}],
    )
    road.add(
        "movement_planned",
        "2030-05-02T06:00Z",
        movement="flight-2",
        leg="camp-home",
        name="Flight 2",
        departs_at=parse_moment("2030-05-04T06:00Z"),
    )
    road.add("planned_aboard", "2030-05-02T06:30Z", "citizen-1", movement="flight", place_type="seat")
    road.add("crossed", "2030-05-02T08:00Z", "citizen-1", "child-1", source=town, target=gate, gate="gate")
    road.add(
        "boarded",
        "2030-05-02T09:00Z",
        "citizen-1",
        "child-1",
        "first-1",
        source=gate,
        target="aboard:bus",
        movement="bus",
        place_type="seat",
    )
    road.add("departed", "2030-05-02T10:00Z", movement="bus", place="gate")
    road.add("crossed", "2030-05-02T08:30Z", "lost-1", source=town, target=gate, gate="gate")
    road.add("sighted", "2030-05-02T08:31Z", "lost-1", source="place:home", target="place:camp")
    road.claim("2030-05-02T18:00Z", "crossed_day", 4, "2030-05-02T15:00Z", note="told by telephone")
    road.claim("2030-05-02T18:00Z", "out", 3, "2030-05-02T15:00Z", certainty="more_than")
    road.claim("2030-05-02T18:00Z", "next_departure", None, "2030-05-02T15:00Z", certainty="not_known")
    return road


def report(road: Road, at: str = AT, since: str = SINCE, language: str = "en") -> Sitrep:
    """The report of the road."""
    moment = parse_moment(at)
    return sitrep(road.board_at, moment, moment, parse_moment(since), words(language), STAMP)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_is_the_golden_one(road: Road, language: str) -> None:
    """The whole text is as it was last read and approved; UPDATE=1 writes it anew, and the reviewer reads the diff."""
    text = sitrep_text(report(road, language=language), words(language))
    file = GOLDEN / f"small-road.{language}.txt"
    if os.environ.get("UPDATE") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_changes_tell_news_from_revisions(road: Road) -> None:
    """A crossing told a day late is not news of today: the last report's figure is shown as revised."""
    changes = report(road).changes["out"]
    assert (changes.then, changes.now) == (0, 2)
    assert report(road).value("out") - changes.now == 3
    text = sitrep_text(report(road), words("en"))
    assert "Left the danger: 5 (+3; reported as 0 at" in text


def test_claims_stand_beside_our_own(road: Road) -> None:
    """A claim that differs says by how much, "more than" agrees with more, and what we do not count is left open."""
    by_code = {compared.claim.code: compared for compared in report(road).claims}
    assert by_code["crossed_day"].own == 3
    assert by_code["crossed_day"].difference == 1
    assert not by_code["crossed_day"].agrees
    assert by_code["out"].agrees
    assert by_code["next_departure"].own is None
    assert by_code["next_departure"].difference is None


def test_claims_of_before_the_last_report_are_not_told_again(road: Road) -> None:
    """Only what was said since the last report, and what speaks of a time ahead, is in a report."""
    road.claim("2030-05-02T19:00Z", "out", 50, "2030-06-01T00:00Z", certainty="expected")
    later = report(road, at="2030-05-04T06:00Z", since="2030-05-03T06:00Z")
    assert [compared.claim.value for compared in later.claims] == [50]
    assert later.claims[0].own is None


def test_departures_without_a_time_come_last(road: Road) -> None:
    """The next departures are those still to leave: the ones with a time first."""
    assert [(ride.name, ride.departs_at is None) for ride in report(road).departures] == [
        ("Flight 2", False),
        ("Flight 1", True),
    ]


def test_json_says_the_same_as_the_text(road: Road) -> None:
    """Machine and person read one report: the same figures, changes and people in suspense."""
    answer = sitrep_json(report(road))
    assert {figure["code"]: figure["value"] for figure in answer["figures"]}["out"] == report(road).value("out")
    assert answer["changes"]["out"] == {"change": 3, "since_value": 2, "reported_then": 0}
    assert answer["suspense"] == ["lost-1"]
    assert ("too_soon", ("lost-1",)) in [(found["code"], found["persons"]) for found in answer["discrepancies"]]
