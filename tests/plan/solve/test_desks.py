"""Desks in the program of those planned anew: whoever has visits comes to staging when there is time for them."""

from __future__ import annotations

import msgspec
import pytest
from tests.plan.a_road import DAY, HOUR, flight, party, problem

from corridor.base.ids import LegId, PlaceId, StationId
from corridor.plan.check.checking import check
from corridor.plan.problem import Problem, Shift, Station, Visit
from corridor.plan.solve.anew import answered, plan_anew, wanted
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import classes
from corridor.plan.solve.flows.desks import SOONER
from corridor.plan.solve.flows.flow import build
from corridor.plan.solve.flows.room import left_room
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write


def one_desk() -> Problem:
    """Four families behind the gate whom one officer needs two hours each, a flight that three reach, and a later."""
    road, onward = problem().legs
    desk = Station(
        id=StationId("documents"),
        staging=PlaceId("city"),
        service="documents",
        minutes_per_person=40,
        promised_minutes=2 * HOUR,
        queue_persons_max=40,
        shifts=(Shift(from_minute=0, until_minute=2 * DAY, officers=1),),
    )
    papers = (Visit(service="documents", persons=3),)
    return problem(
        legs=(road, msgspec.structs.replace(onward, fleets=(), after_minutes=0)),
        stations=(desk,),
        flights=(flight("early", 13 * HOUR), flight("late", 30 * HOUR)),
        parties=tuple(party(str(i), stands="hall", place=PlaceId("gate"), visits=papers) for i in range(4)),
    )


@pytest.mark.parametrize("desks", [False, True])
def test_nobody_is_sent_to_a_desk_that_has_no_time(desks: bool) -> None:
    """Without desks the program puts all on the flight that three reach, and one is refused; with them nobody is."""
    frame = Frame(one_desk())
    draft, everybody = Draft(frame), range(4)
    ways, of = Ways(draft, Worth(frame)), classes(frame, alone=everybody)
    flow = build(frame, ways.worth, of, left_room(draft), prompt=False, desks=desks)
    answer = answered(flow, of, lambda: False)
    assert answer is not None and answer.values is not None
    found = wanted(draft, everybody, of.crossing, flow, answer.values)
    aboard = [ways.again(u, steps, flown=True) for u, steps in found.items()]
    assert aboard.count(False) == (0 if desks else 1)
    assert [found[u].flight for u in everybody].count(0) == (3 if desks else 4)
    if desks:
        assert [draft.steps[u] for u in everybody] == [found[u] for u in everybody]
        assert len({found[u].visits_minute for u in everybody}) == 4


def test_planned_anew_with_visits_is_what_the_checker_passes() -> None:
    """Families left out are all planned, three on the early flight, and the checker finds nothing."""
    frame = Frame(one_desk())
    draft, worth = Draft(frame), Worth(frame)
    assert plan_anew(draft, Ways(draft, worth), range(4), lambda: False)
    assert sorted(steps.flight for steps in draft.steps if steps is not None) == [0, 0, 0, 1]
    assert check(frame.problem, write(draft, bound=None, seed=1, cpu_seconds=0.0)) == ()


def test_only_the_last_slots_before_a_flight_are_looked_at() -> None:
    """Each class has so many times of coming for a flight at most, all in time for it."""
    frame = Frame(one_desk())
    flow = build(frame, Worth(frame), classes(frame, alone=range(4)), prompt=False, desks=True)
    for flown in range(2):
        run = frame.runs[flown]
        arrivals = sorted(arrives for index, i, arrives in flow.coming if (index, i) == (0, flown))
        assert 1 < len(arrivals) <= SOONER
        assert arrivals[-1] + 2 * HOUR <= run.boards_until - run.ground_minutes
    assert not flow.flown


@pytest.mark.parametrize("minutes", [4 * HOUR, 5 * HOUR])
def test_when_somebody_comes_is_decided_where_it_says_when_they_move_on(minutes: int) -> None:
    """Two gates as far from staging leave one time of coming per slot; where one is farther, it is not decided."""
    made = one_desk()
    gate, (road, onward) = made.gates[0], made.legs
    other = PlaceId("other")
    legs = (road, onward, msgspec.structs.replace(onward, id=LegId("farther"), source=other, minutes=minutes))
    frame = Frame(msgspec.structs.replace(made, gates=(gate, msgspec.structs.replace(gate, id=other)), legs=legs))
    flow = build(frame, Worth(frame), classes(frame, alone=range(4)), prompt=False, desks=True)
    assert bool(flow.coming) == (minutes == 4 * HOUR)
    assert bool(flow.flown) != bool(flow.coming)
