"""Problems and plans as JSON: nothing is lost on the way, and what is wrong is named by its path."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plan.a_road import plan_for, problem

from corridor.plan.reading import FAULTS_MAX, read_plan, read_problem, written

ROAD = problem()


def changed(path: str, to: Any) -> bytes:
    """The small road with one value of its JSON replaced; a path like ``parties.0.seats``."""
    tree = json.loads(written(ROAD))
    there: Any = tree
    *way, last = path.split(".")
    for step in way:
        there = there[int(step)] if step.isdigit() else there[step]
    there[int(last) if last.isdigit() else last] = to
    return json.dumps(tree).encode()


def told(data: bytes) -> str:
    """The faults of a problem, one a line."""
    faults = read_problem(data)
    assert isinstance(faults, tuple)
    return "\n".join(map(str, faults))


def test_nothing_is_lost() -> None:
    """A problem and a plan are what they were after being written and read, and the bytes are the same again."""
    plan = plan_for(ROAD)
    assert read_problem(written(ROAD)) == ROAD
    assert read_plan(written(plan)) == plan
    assert written(ROAD) == written(read_problem(written(ROAD)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "to", "says"),
    [
        ("version", 7, "$.version: This is version 7."),
        ("slot_minutes", 0, "$.slot_minutes: A slot has no minute."),
        ("minutes", 90, "$.minutes: The plan does not look ahead whole slots."),
        ("parties.0.place", "moon", "$.parties[0].place: There is no origin moon. Name one of: village."),
        ("parties.0.seats", 0, "$.parties[0]: There is nobody in the party."),
        ("parties.0.seats", -2, "$.parties[0].seats: It is below zero."),
        ("parties.0.medical", 9, "$.parties[0].medical: They are more than the 3 persons."),
        ("parties.0.members", ["one"], "$.parties[0].members: 1 ids for 3 persons."),
        ("parties.0.show_up_percent", 0, "$.parties[0].show_up_percent: It is no chance of coming."),
        ("parties.1.bonds.0.party", "second", "$.parties[1].bonds[0].party: A party is bonded to itself."),
        ("parties.1.bonds.0.party", "nobody", "$.parties[1].bonds[0].party: There is no party nobody."),
        ("parties.2.visits.0.persons", 4, "$.parties[2].visits[0].persons: Of 3 persons 4 cannot visit."),
        ("parties.7.permit_minutes", 60, "$.parties[7].permit_minutes: A permit runs already."),
        ("parties.1.id", "first", "$.parties[1].id: first is there twice."),
        ("parties.0.id", "", "$.parties[0].id: It has no id."),
        ("gates.0.hours.0.until_minute", 0, "$.gates[0].hours[0]: It ends before it begins."),
        ("gates.0.hours.1.from_minute", 400, "$.gates[0].hours[1]: It begins within the one before."),
        ("gates.0.hours.0.persons_per_hour", -1, "$.gates[0].hours[0]: It is below zero."),
        ("legs.0.source", "moon", "$.legs[0].source: There is no origin or gate moon."),
        ("legs.0.target", "city", "$.legs[0].target: There is no gate city."),
        ("legs.0.fleets.0", "ships", "$.legs[0].fleets[0]: There is no fleet ships."),
        ("legs.0.after_minutes", 60, "$.legs[0].after_minutes: Its vehicles are back before they are there."),
        ("legs.0.escorts.0.pool", "cooks", "$.legs[0].escorts[0].pool: There is no pool cooks."),
        ("legs.0.escorts.0.per", 0, "$.legs[0].escorts[0]: It asks for no whole number."),
        ("stations.1.service", "medical", "$.stations[1].service: city has two stations for medical."),
        ("stations.0.minutes_per_person", 0, "$.stations[0].minutes_per_person: A person takes no minute."),
        ("airports.0.staging", "moon", "$.airports[0].staging: There is no staging place moon."),
        ("flights.0.airport", "moon", "$.flights[0].airport: There is no airport moon."),
        ("flights.0.departs_until_minute", 99999, "$.flights[0].departs_until_minute: It does not lie"),
        ("flights.0.scenarios", [{"departs_minute": 1440, "percent": 60}], "They add up to 60 percent."),
        ("flights.0.scenarios", [{"departs_minute": 1500, "percent": 100}], "The first and last are not the flight's."),
        ("flights.0.own_percent_min", 101, "$.flights[0].own_percent_min: It is no percentage."),
        ("flights.0.offers.0.seats", 41, "$.flights[0].offers: 41 seats are offered of 40."),
        ("flights.0.offered_percent_min", 30, "$.flights[0].offers: 5 seats are offered, 12 must be."),
        ("locks", [{"party": "first"}], "$.locks[0]: It names not exactly one of flight, leg and gate."),
        ("locks", [{"party": "first", "flight": "none"}], "$.locks[0].flight: There is no flight none."),
        ("objective", {"cost": -1}, "$.objective.cost: It is below zero."),
        ("objective", {"order": ["cost", "cost"]}, "$.objective.order: A goal is there twice."),
        ("fleets.0.seats", "many", "$.fleets[0].seats: Expected `int`, got `str`."),
        ("fleets.0.colour", "red", "$.fleets[0]: Object contains unknown field `colour`."),
    ],
)
def test_faults_name_their_path(path: str, to: Any, says: str) -> None:
    """Whatever is wrong in a problem is told with its path, what it says, and something to do."""
    said = told(changed(path, to))
    assert says in said
    assert all(line.count(". ") >= 1 for line in said.splitlines())


def test_not_json_at_all() -> None:
    """Bytes that are no JSON are one fault, and so is a plan that is none."""
    assert told(b"{").startswith("$: ")
    assert str(read_plan(b"[]")[0]).startswith("$: Expected `object`, got `array`.")  # type: ignore[index]


def test_faults_end() -> None:
    """Of a problem that is wrong everywhere only so many faults are told."""
    tree = json.loads(written(ROAD))
    tree["parties"] = [{**tree["parties"][0], "id": f"p{number}", "seats": 0} for number in range(500)]
    assert len(told(json.dumps(tree).encode()).splitlines()) == FAULTS_MAX
