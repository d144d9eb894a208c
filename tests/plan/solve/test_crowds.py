"""Timetables for very many people: what they are worth by weight and origin, and the best that is found."""

from __future__ import annotations

import random

import numpy as np
import pytest

from corridor.plan.check.checking import check
from corridor.plan.generate import generate
from corridor.plan.solve.convoys import sending
from corridor.plan.solve.convoys.crowds import Booked, Convoy, Crowd, crowds
from corridor.plan.solve.convoys.sending import sent_by_days
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import Classes
from corridor.plan.solve.flows.coarse import coarse_flow
from corridor.plan.solve.flows.flow import Flow
from corridor.plan.solve.flows.program import INTERIOR, Answer
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.realise import Sent, vehicles_sent
from corridor.plan.solve.solving import refill_all
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write

Made = tuple[Frame, Worth, Classes, Flow, Answer]


@pytest.fixture(scope="module")
def made() -> Made:
    """Two thousand people and few escorts, with their coarse flow answered."""
    frame = Frame(generate(2_000, 4, "tight", "scarce"))
    worth = Worth(frame)
    of, flow = coarse_flow(frame, worth)
    return frame, worth, of, flow, flow.program.solve(options=INTERIOR)


def _crowd(made: Made) -> Crowd:
    frame, worth, of, flow, answer = made
    (crowd,) = crowds(frame, worth, of, flow, answer.row_prices)
    return crowd


def _wanted(crowd: Crowd, rng: random.Random, count: int) -> list[Convoy]:
    slots, roads = crowd.frame.slots, len(crowd.roads)
    return [Convoy(rng.randrange(slots), rng.randrange(roads), rng.randint(1, 12)) for _ in range(count)]


def test_no_escort_and_no_vehicle_is_bound_twice(made: Made) -> None:
    """Whatever convoys are wanted, those that leave have escorts and vehicles of their own from before to after."""
    crowd, rng, frame = _crowd(made), random.Random(1), made[0]
    later = 0
    for _ in range(20):
        wanted = _wanted(crowd, rng, 40)
        sent = crowd.booked(wanted, Booked.nothing(frame))
        later += sum(one not in wanted for one in sent)
        pools, fleets = frame.pool_left.copy(), frame.fleet_left.copy()
        for one in sent:
            road = crowd.roads[one.road]
            bound = slice(max(0, one.slot - road.before), min(frame.slots, one.slot + road.after))
            fleets[crowd.fleet[one.road], bound] -= one.vehicles
            for pool, rule in road.pools:
                pools[pool, bound] -= rule.at_least
            assert one.vehicles >= 1
        assert pools.min() >= 0
        assert fleets.min() >= 0
    assert later > 20


def test_a_crowd_crosses_within_its_gate_and_nobody_is_lost(made: Made) -> None:
    """No more cross in a slot than the gate lets through, or wait than may, and who left has crossed or waits."""
    crowd, frame = _crowd(made), made[0]
    sent = crowd.booked(_wanted(crowd, random.Random(2), 60), Booked.nothing(frame))
    standing, crossed = crowd.nobody_left(), 0.0
    for slot in range(frame.slots):
        left, waited = sum(map(sum, standing.left)), sum(standing.before)
        crowd.carried(sent, standing, slot, slot + 1)
        over = waited + sum(map(sum, standing.left)) - left - sum(standing.before)
        assert -1e-6 <= over <= crowd.through[slot] + 1e-6
        assert sum(standing.before) <= crowd.room + 1e-6
        crossed += over
    assert crossed > 0.5 * sum(row[-1] for origin in crowd.released for row in origin)
    whole = crowd.nobody_left()
    crowd.carried(sent, whole, 0, frame.slots)
    assert np.allclose(whole.before, standing.before)
    assert crowd.waiting(whole, frame.slots) == pytest.approx(crowd.waiting(standing, frame.slots))


def test_the_heaviest_go_first(made: Made) -> None:
    """Of those let go by then nobody lighter is aboard while somebody heavier stays at the same origin."""
    crowd = _crowd(made)
    slot = max(range(made[0].slots), key=lambda s: crowd.released[0][0][s])
    road = crowd.origin.index(0)
    standing = crowd.nobody_left()
    last = slot + crowd.takes[road] + 1
    crowd.carried([Convoy(slot, road, 1)], standing, slot, last)
    gone = standing.left[0]
    stay = [crowd.released[0][weight][slot] - gone[weight] for weight in range(len(gone))]
    lightest = max(weight for weight, count in enumerate(gone) if count > 0)
    assert sum(gone) > 0
    assert all(count < 1e-6 for count in stay[:lightest])
    assert stay[lightest] > 0


def _sent_value(made: Made, sent: Sent) -> float:
    frame, worth = made[:2]
    draft = Draft(frame)
    ways = Ways(draft, worth)
    refill_all(draft, ways, sent)
    refill_all(draft, ways)
    plan = write(draft, bound=None, seed=1, cpu_seconds=0.0)
    assert not check(frame.problem, plan)
    return worth.whole(draft)


def test_searched_days_are_better_than_the_flows_rounded(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few escorts are used far better by timetables searched day after day than by the flow's convoys made whole, and
    the same beginning of chance gives the same timetable."""
    frame, worth, of, flow, answer = made
    assert answer.values is not None
    monkeypatch.setattr(sending, "ROUNDS", 600)
    found = [sent_by_days(frame, worth, of, flow, answer.row_prices, random.Random(7), lambda: False) for _ in range(2)]
    first, second = found
    assert first is not None
    assert second is not None
    assert all((first[road][1] == second[road][1]).all() for road in first)
    assert _sent_value(made, first) < 0.98 * _sent_value(made, vehicles_sent(frame, flow, answer.values))


def test_a_search_that_is_stopped_gives_no_timetable(made: Made) -> None:
    """Days that were not planned would leave everybody behind, so that half a timetable is none."""
    frame, worth, of, flow, answer = made
    asked = iter([False] * 20 + [True] * 1000)
    assert sent_by_days(frame, worth, of, flow, answer.row_prices, random.Random(1), lambda: next(asked)) is None
