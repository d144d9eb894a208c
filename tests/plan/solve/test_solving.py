"""The solver's plans hold before the checker, beat the dispatchers, and are never below their bound."""

from __future__ import annotations

import itertools
from itertools import count

import msgspec
import pytest
from tests.plan.a_road import problem as a_road

from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.finish import finished
from corridor.plan.generate import generate
from corridor.plan.problem import Announced, Bond, Party, Problem, Wait
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import classes
from corridor.plan.solve.flows.flow import build
from corridor.plan.solve.flows.loads import paid_to_escorts
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.prices.lower import Raising, prepared
from corridor.plan.solve.solving import refill_all, solve
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write


def bound_of(problem: Problem) -> float:
    """The bound of prices alone, raised as far as it goes."""
    frame = Frame(problem)
    lower = prepared(frame, Worth(frame, first_only=True))
    Raising(lower).run(lambda: lower.rounds > 60)
    return lower.bound


@pytest.mark.parametrize(("room", "escorts"), [("tight", "ample"), ("tight", "scarce"), ("loose", "scarce")])
def test_a_plan_holds_beats_the_dispatchers_and_keeps_to_its_bound(room: str, escorts: str) -> None:
    """On generated problems nothing is broken, no dispatcher is better, and the bound is below every plan."""
    problem = generate(60, 3, room, escorts)  # type: ignore[arg-type]
    plan = solve(problem, seconds=1.0, seed=1, clock=lambda: 0.0, work_limit=10)
    assert check(problem, plan) == ()
    assert plan.value <= min(dispatch(problem, "first_come").value, dispatch(problem, "priority").value)
    assert plan.bound is not None
    assert plan.bound <= plan.value
    assert plan.gap == pytest.approx(plan.value / plan.bound - 1)


def test_every_rule_of_the_small_road_is_kept() -> None:
    """Bonds, offers, escorts, stretchers, holds and people already on the road: the checker finds nothing."""
    problem = a_road()
    plan = solve(problem, seconds=1.0, seed=1, clock=lambda: 0.0, work_limit=10)
    assert check(problem, plan) == ()
    assert {way.party for way in plan.ways} >= {"first", "second", "lying", "waiting"}


@pytest.mark.parametrize("seed", range(4))
def test_no_dispatcher_gets_below_the_bound(seed: int) -> None:
    """The bound holds for plans made by others too, who know nothing of it."""
    problem = generate(40 + 10 * seed, seed, "tight", "scarce")
    below = bound_of(problem)
    assert below <= dispatch(problem, "priority").value
    assert below <= dispatch(problem, "first_come").value
    assert below > 0


def test_whom_a_bond_names_may_go_alone() -> None:
    """The bound is not above a plan in which who is bonded stays behind, and the others do not wait for it."""
    problem = generate(40, 2)
    late = Wait(stops="leave", for_what="list", until_minute=problem.minutes - 180)
    follower, other = next(
        (a, b)
        for a, b in itertools.permutations(problem.parties, 2)
        if a.place == b.place and b.persons > a.persons and not a.bonds and not b.bonds
    )
    bonded = msgspec.structs.replace(
        follower, waits=(late,), weight=1, bonds=(Bond(party=other.id, kind="will_not_travel_without"),)
    )
    never = msgspec.structs.replace(late, until_minute=None)
    left = msgspec.structs.replace(bonded, waits=(never,), bonds=())

    def with_(one: Party) -> Problem:
        parties = tuple(one if party.id == one.id else party for party in problem.parties)
        return msgspec.structs.replace(problem, parties=parties)

    alone = dispatch(with_(left), "priority")
    plan = finished(
        with_(bonded), made_by="hand", seed=0, convoys=alone.convoys, flights=alone.flights, ways=alone.ways
    )
    assert check(with_(bonded), plan) == ()
    assert bound_of(with_(bonded)) <= plan.value


def test_one_more_seat_never_raises_the_bound() -> None:
    """More room cannot make the best plan worse, so neither may the bound rise beyond the seat's own points."""
    problem = generate(60, 5)
    roomier = msgspec.structs.replace(
        problem, flights=tuple(msgspec.structs.replace(f, seats=f.seats + 1) for f in problem.flights)
    )
    free = msgspec.structs.replace(problem.objective, empty_seats=0)
    less, more = (bound_of(msgspec.structs.replace(p, objective=free)) for p in (problem, roomier))
    assert more <= less + 1e-6


def test_the_same_work_gives_the_same_plan() -> None:
    """Problem, seed and work limit decide the plan; the clock has no say, even when it runs."""
    problem = generate(60, 2)
    ticks = count()
    one = solve(problem, seconds=1.0, seed=4, clock=lambda: 0.0, work_limit=10)
    other = solve(problem, seconds=1.0, seed=4, clock=lambda: float(next(ticks)), work_limit=10)
    assert msgspec.structs.replace(other, cpu_seconds=0.0) == msgspec.structs.replace(one, cpu_seconds=0.0)


def test_no_time_still_gives_a_plan_that_holds() -> None:
    """Asked to stop at once, the first plan is there, without a bound."""
    problem = generate(60, 2)
    plan = solve(problem, seconds=0.0, seed=1, clock=lambda: 0.0)
    assert check(problem, plan) == ()
    assert plan.bound is None
    assert plan.ways


def test_a_slipped_flight_changes_little_else() -> None:
    """From the announced plan, with one flight three hours later, most people keep their crossing and their flight."""
    problem = generate(60, 2)
    before = solve(problem, seconds=1.0, seed=1, clock=lambda: 0.0, work_limit=10)
    told = {way.party: Announced(crosses_minute=way.crosses_minute, flight=way.flight) for way in before.ways}
    late = max(before.flights, key=lambda run: len(run.aboard)).flight
    changed = msgspec.structs.replace(
        problem,
        parties=tuple(msgspec.structs.replace(p, announced=told.get(p.id)) for p in problem.parties),
        flights=tuple(
            msgspec.structs.replace(
                f, departs_from_minute=f.departs_from_minute + 180, departs_until_minute=f.departs_until_minute + 180
            )
            if f.id == late
            else f
            for f in problem.flights
        ),
    )
    after = solve(changed, seconds=1.0, seed=1, clock=lambda: 0.0, work_limit=10, warm=before)
    assert check(changed, after) == ()
    ways = {way.party: way for way in after.ways}
    same = [p for p, way in told.items() if p in ways and ways[p].crosses_minute == way.crosses_minute]
    assert len(same) >= 0.8 * len(told)


def test_progress_tells_values_that_only_get_better() -> None:
    """What is told on the way falls in value and rises in bound, and ends with what the plan says."""
    problem = generate(60, 2)
    told: list[tuple[float, float | None]] = []
    plan = solve(
        problem, seconds=1.0, seed=1, clock=lambda: 0.0, work_limit=10, progress=lambda v, b: told.append((v, b))
    )
    values = [value for value, _ in told]
    bounds = [below for _, below in told if below is not None]
    assert values == sorted(values, reverse=True)
    assert bounds == sorted(bounds)
    assert plan.value <= values[-1] + 1e-6


def test_where_the_hall_has_no_room_and_no_flight_is_left_people_cross_into_staging() -> None:
    """Without a hall and without flights people still leave danger, by a transfer that no flight asked for."""
    made = a_road()
    gate = msgspec.structs.replace(made.gates[0], hall_persons_max=0, through_minutes=0)
    at_home = tuple(msgspec.structs.replace(one, bonds=()) for one in made.parties if one.stands == "origin")
    made = msgspec.structs.replace(made, gates=(gate,), flights=(), parties=at_home)
    frame = Frame(made)
    draft = Draft(frame)
    refill_all(draft, Ways(draft, Worth(frame)))
    across = [steps for steps in draft.steps if steps is not None and steps.crosses >= 0]
    assert across and all(steps.transfer >= 0 and steps.flight < 0 for steps in across)
    assert check(made, write(draft, bound=None, seed=1, cpu_seconds=0.0)) == ()


def test_a_road_that_ends_behind_the_gate_is_planned() -> None:
    """Without staging, airports and flights there are still crossings to plan, and a bound for them."""
    whole = generate(30, 1)
    first = {origin.id for origin in whole.origins}
    problem = msgspec.structs.replace(
        whole,
        stagings=(),
        stations=(),
        airports=(),
        flights=(),
        legs=tuple(leg for leg in whole.legs if leg.source in first),
        parties=tuple(party for party in whole.parties if party.place in first),
    )
    plan = solve(problem, seconds=2.0, seed=1, clock=lambda: 0.0, work_limit=5)
    assert check(problem, plan) == ()
    assert plan.bound is not None and plan.bound <= plan.value + 1e-6


def test_escorts_that_nobody_needs_are_worth_nothing() -> None:
    """Hundreds of parties on roads without escorts are planned; with them scarce, an escort has its price."""
    scarce = generate(100, 2, "tight", "scarce")
    legs = tuple(msgspec.structs.replace(leg, escorts=()) for leg in scarce.legs)
    worths = []
    for problem in (scarce, msgspec.structs.replace(scarce, legs=legs)):
        frame = Frame(problem)
        flow = build(frame, Worth(frame), classes(frame), prompt=False, merge=True)
        answer = flow.program.solve()
        worths.append(paid_to_escorts(frame, flow, answer.row_prices))
    assert worths[0] > 0.0 == worths[1]
