"""Standby lists: the urgent first, with chances that the checker finds right."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from tests.plan.a_road import party, plan_for, problem, run_of, with_run
from tests.plan.test_dispatch import problems

from corridor.base.ids import MovementId, PlaceId
from corridor.plan.answer import Standby
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.generate import generate
from corridor.plan.problem import Lock, Problem
from corridor.plan.standby import with_standby

EARLY = MovementId("early")


@settings(max_examples=40, deadline=None)
@given(problems())
def test_standby_breaks_no_rule(made: Problem) -> None:
    """On any problem standby lists name only those who could take the flight, and say their chance."""
    assert check(made, with_standby(made, plan_for(made))) == ()


def test_many_on_standby() -> None:
    """On a generated problem many are called, and the checker agrees with every chance."""
    made = generate(600, 3, "tight", "scarce")
    plan = with_standby(made, dispatch(made, "priority"))
    assert check(made, plan) == ()
    called = [one for run in plan.flights for one in run.standby]
    assert len(called) >= 5
    assert any(1 < one.chance_percent < 99 for one in called)


def test_chance_by_simulation() -> None:
    """A chance said is what comes out when the day is played out twenty thousand times."""
    road = problem()
    late = [
        party(f"late{number}", stands="staging", place=PlaceId("city"), seats=seats, weight=5, show_up_percent=70)
        for number, seats in enumerate((3, 2, 5))
    ]
    people = tuple(msgspec.structs.replace(one, show_up_percent=60) for one in road.parties)
    full = msgspec.structs.replace(road.flights[0], seats=23, offers=())
    stagings = (msgspec.structs.replace(road.stagings[0], beds=None),)
    flights = (full, road.flights[1])
    made = msgspec.structs.replace(road, parties=(*people, *late), flights=flights, stagings=stagings)
    plan = with_standby(made, dispatch(made, "first_come"))
    run = run_of(plan, "early")
    names = {one.id: one for one in made.parties}
    chance = random.Random(1)
    got = dict.fromkeys((one.party for one in run.standby), 0)
    plays = 20_000
    for _ in range(plays):
        booked = {row.party for row in run.aboard}
        free = 22 - sum(names[one].seats for one in booked if chance.random() < names[one].show_up_percent / 100)
        for one in run.standby:
            fits = free >= names[one.party].seats
            got[one.party] += fits
            if fits and chance.random() < names[one.party].show_up_percent / 100:
                free -= names[one.party].seats
    assert {one.party: pytest.approx(one.chance_percent / 100, abs=0.02) for one in run.standby} == {
        one: count / plays for one, count in got.items()
    }
    assert len(run.standby) >= 2


def test_locked_off_is_not_called() -> None:
    """Who is locked off a flight is not on standby for it, and a list that names them is told."""
    road = problem()
    behind = party("behind", stands="staging", place=PlaceId("city"))
    locks = (Lock(party=behind.id, flight=EARLY, keep=False),)
    made = msgspec.structs.replace(road, parties=(*road.parties, behind), locks=locks)
    plan = with_standby(made, dispatch(made, "first_come"))
    assert behind.id not in {one.party for one in run_of(plan, "early").standby}
    named = with_run(plan, "early", standby=(Standby(party=behind.id, chance_percent=100.0),))
    assert "standby" in {violation.code for violation in check(made, named)}
