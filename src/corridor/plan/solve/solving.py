"""`solve`: the best plan that can be found in the time there is, and how much better any plan could be."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from corridor.plan.answer import Plan
from corridor.plan.dispatch.dispatchers import Rule, dispatch
from corridor.plan.finish import finished
from corridor.plan.problem import Problem
from corridor.plan.solve.anew import carry_out, plan_anew, seat_anew
from corridor.plan.solve.convoys.carrying import calls_of, carried, found_timetable, get_ready
from corridor.plan.solve.convoys.priced import behind_at_prices
from corridor.plan.solve.convoys.sending import sent_by_days
from corridor.plan.solve.convoys.trying import Call
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.aboard import flown_anew
from corridor.plan.solve.flows.assign import assign
from corridor.plan.solve.flows.classes import Classes, classes
from corridor.plan.solve.flows.coarse import coarse_flow
from corridor.plan.solve.flows.dive import Dive
from corridor.plan.solve.flows.filled import put_filled
from corridor.plan.solve.flows.flow import CROSSINGS_AFTER, Flow, build
from corridor.plan.solve.flows.loads import paid_to_escorts
from corridor.plan.solve.flows.program import INTERIOR, Answer
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.prices.lower import Raising, prepared
from corridor.plan.solve.prices.start import prices_of
from corridor.plan.solve.proof.proving import EXACT, Proof, answered_whole, holds_for
from corridor.plan.solve.proof.ruling import ruled
from corridor.plan.solve.realise import Sent, aboard_sent, realise, settle, vehicles_sent
from corridor.plan.solve.stages.best import Best, Progress
from corridor.plan.solve.stages.rounds import UNITS_MANY, flight_groups, rounds
from corridor.plan.solve.stages.shake import shake
from corridor.plan.solve.warm import shared_out, taken_over
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.work import Clock, Work
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write

FOR_BOUND = 0.5
FOR_DIVE = 0.6
"""Shares of all work by which the bound, and the dive, must have come to an end."""
FOR_BOUND_OF_MANY = 0.9
"""The same for very many units: a flow that is not answered to the end was for nothing."""
FOR_RAISED = 0.75
"""The share by which the bound of hundreds of units must have come to an end."""
FOR_FILLED = 0.95
"""The share by which the same with what whole convoys carry must have: it is worth more than seating anew."""
FEW_ESCORTS = 0.01
"""Where escorts are worth more than this share of all points, they are few."""
FOR_PRICED = 0.85
"""The share by which timetables at the prices of the bound must have come to an end."""
PRICED_TIMETABLES = 400
"""So many of them at most for a thousand units."""
WARM_AT_PRICES = 0.0001
"""The share of the points that is readily lost at first when they are tried."""
FOR_TIMETABLE = 0.35
"""The share of all work that timetables are tried for."""
FOR_TIMETABLE_OF_MANY = 0.6
"""The share by which the timetable of very many units must have been found."""
TIMETABLES = 2500
"""So many of them from each beginning at most, fewer where there are many units."""
NEAR_ENOUGH = 0.03
"""A plan that is no further above the bound is bettered, not made again from the flow."""
COLUMNS_TO_DIVE = 150_000
UNITS_TO_PROVE = 60
NODES_TO_PROVE = 3_000
FOR_PROOF = 0.97
PARTS_TO_PROVE = (0.1, 1.0)
"""How much of what lies between bound and plan a crossing may cost to be looked at; the last is the proof."""
UNITS_LARGE = 1000
UNITS_BY_HAND = 10_000
"""Of more units than this no dispatcher plans first: that would take longer than the first draft."""
SETTLED = 1e-5
"""A share of the value: when a whole round of better ways saves less, there is no other."""
UNITS_TO_RAISE = 100
AFTER_LARGE = 3


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    clock: Clock,
    warm: Plan | None = None,
    progress: Progress | None = None,
    work_limit: int | None = None,
) -> Plan:
    """A plan for a problem without faults, the best found within `seconds` of the clock, with its bound.

    With `work_limit` the clock is not asked: the same problem, seed and limit give the same plan. `warm` is an earlier
    plan to begin from; what of it does not fit any more is planned anew.
    """
    began = clock()
    work = Work(clock, began, seconds, work_limit)
    joined = Frame(problem)
    work.looked_through(began)
    lower = prepared(joined, Worth(joined, first_only=True))
    raising = Raising(lower)
    frame = Frame(problem, raising.given_up())
    worth = Worth(frame)
    draft = Draft(frame)
    ways = Ways(draft, worth)
    if warm is not None:
        taken_over(draft, ways, warm)
    refill_all(draft, ways)
    best = Best(draft, worth, progress)
    if len(frame.units) > UNITS_LARGE:
        best.tell()
    if warm is None and len(frame.units) <= UNITS_BY_HAND:
        by_hand(best)
    best.tell()
    if frame.units and not work.over():
        improve(best, raising, work, random.Random(seed), anew=warm is None)
    draft.back_to(best.kept)
    lead(draft, worth)
    plan = write(draft, bound=best.bound, seed=seed, cpu_seconds=clock() - began)
    hand = best.by_hand
    if hand is None or plan.value <= hand.value:
        return plan
    # A dispatcher may leave parties apart whom the solver takes together.
    return finished(
        problem,
        made_by=hand.made_by,
        seed=seed,
        convoys=hand.convoys,
        flights=hand.flights,
        ways=hand.ways,
        bound=best.bound,
        cpu_seconds=clock() - began,
    )


def by_hand(best: Best) -> None:
    """Begin from the dispatchers' plans where they are better."""
    problem = best.draft.frame.problem
    rules: tuple[Rule, ...] = ("priority", "first_come")
    for rule in rules:
        draft = Draft(best.draft.frame)
        ways = Ways(draft, best.worth)
        plan = dispatch(problem, rule)
        if best.by_hand is None or plan.value < best.by_hand.value:
            best.by_hand = plan
        taken_over(draft, ways, plan)
        refill_all(draft, ways)
        if best.worth.whole(draft) < best.value:
            best.draft.back_to(draft.kept())
            best.better()


def refill_all(draft: Draft, ways: Ways, sent: Sent | None = None, stop: Callable[[], bool] = lambda: False) -> None:
    """Give every unit without a way the cheapest that fits, the most urgent first; of those who are as urgent and ready
    as soon, who needs a rare place and who is large. With `sent` in no more vehicles than those."""
    units = draft.frame.units

    def turn(u: int) -> tuple[float, int, int, int, int]:
        unit = units[u]
        return -unit.weighted / unit.persons, unit.leave_from, -unit.stretchers - unit.wheelchairs, -unit.persons, u

    for u in sorted((u for u, steps in enumerate(draft.steps) if steps is None), key=turn):
        if stop():
            return
        steps = ways.best(u, only=None if sent is None else aboard_sent(draft, u, sent))
        if steps is not None:
            draft.take(u, steps)


def lead(draft: Draft, worth: Worth) -> None:
    """Plan, last of all, the units that go only where others elsewhere go."""
    ways = Ways(draft, worth)
    ways.led_too = True
    for u in sorted(draft.frame.led_by, key=lambda u: (-draft.frame.units[u].stage, u)):
        if all(other not in draft.frame.led_by for other in draft.frame.led_by[u]):
            steps = ways.best(u)
            if steps is not None:
                draft.take(u, steps)


def improve(best: Best, raising: Raising, work: Work, rng: random.Random, *, anew: bool) -> None:
    """The bound; with `anew` a draft from the flow; then better and better until the work is over."""
    frame, worth, draft = best.draft.frame, best.worth, best.draft
    if len(frame.units) > UNITS_MANY:
        improve_many(best, raising, work, rng, anew=anew)
        return
    if not frame.problem.objective.order:
        best.above(raising.begin(np.zeros(raising.capacities), {}))
    if UNITS_TO_RAISE < len(frame.units) <= UNITS_LARGE:
        improve_hundreds(best, raising, work, rng, anew=anew)
        rounds(best, work, rng)
        return
    if anew:
        by_timetable(best, work, rng)
    of = classes(frame)
    large = len(frame.units) > UNITS_LARGE
    after = AFTER_LARGE if large else CROSSINGS_AFTER
    loose = build(frame, worth, of, prompt=False, after=after, merge=True, loads=True)
    options = INTERIOR if len(frame.units) > UNITS_TO_RAISE else None
    answer = loose.program.solve(options=options, stop=lambda: work.over(FOR_BOUND))
    below(best, raising, of, loose, answer, lambda: work.over(FOR_BOUND))
    if anew and not work.over(FOR_DIVE) and (best.bound is None or best.value > (1 + NEAR_ENOUGH) * best.bound):
        fresh = Draft(frame)
        values, flow = answer.values, loose
        if loose.program.columns <= COLUMNS_TO_DIVE:
            flow = build(frame, worth, of, prompt=False, after=AFTER_LARGE, merge=True)
            dive = Dive(frame, flow, lambda: work.over(FOR_DIVE))
            values = dive.run()
            values = dive.answer.values if values is None else values
        if values is not None:
            if flow is loose:
                realise(fresh, Ways(fresh, worth), of, flow, values, work.over)
            else:
                assign(fresh, Ways(fresh, worth), flow, values)
            fill_up(fresh, worth, work)
            take_if_better(best, fresh)
    while settle(draft, Ways(draft, worth), work.over) and not work.over():
        best.better()
    best.better()
    if len(frame.units) <= UNITS_TO_PROVE:
        prove(best, raising, work)
    rounds(best, work, rng)
    if not work.over() and not best.proved():
        shake(draft, worth, rng, stop=lambda _: work.over())
        best.better()


def improve_hundreds(best: Best, raising: Raising, work: Work, rng: random.Random, *, anew: bool) -> None:
    """The same for hundreds of units: timetables where escorts are few, else whole convoys out of the flow; then
    everybody into the convoys there are, at once."""
    frame, worth = best.draft.frame, best.worth
    of = classes(frame)
    flow = build(frame, worth, of, prompt=False, after=AFTER_LARGE, merge=True)
    answer = flow.program.solve(stop=lambda: work.over(FOR_BOUND))
    if answer.values is None or not len(answer.row_prices):
        return
    few = paid_to_escorts(frame, flow, answer.row_prices) > FEW_ESCORTS * abs(answer.objective)
    if not few:
        bound_by(best, raising, of, flow, answer)
    if anew and few:
        by_timetable(best, work, rng)
    elif anew and not work.over(FOR_DIVE):
        by_dive(best, flow, work)
    settle_all(best, work)
    # The bound goes first: each program of the seating may take seconds, and a flow that is stopped gives nothing.
    if few:
        loaded = build(frame, worth, of, prompt=False, merge=True, loads=True)
        priced = loaded.program.solve(options=INTERIOR, stop=lambda: work.over(FOR_RAISED))
        bound_by(best, raising, of, *((flow, answer) if priced.values is None else (loaded, priced)))
        if priced.values is not None and put_filled(frame, of, loaded, priced.values):
            filled = loaded.program.solve(options=INTERIOR, stop=lambda: work.over(FOR_FILLED))
            if filled.values is not None:
                bound_by(best, raising, of, loaded, filled)
    elif not frame.problem.objective.order:
        raising.run(lambda: work.over(FOR_RAISED), best.above)
        if anew:
            by_prices(best, raising, work, rng)
    seat_all(best, work)


def by_prices(best: Best, raising: Raising, work: Work, rng: random.Random) -> None:
    """A draft from the best timetable found at the prices of the bound, everybody seated anew, if better."""
    frame, worth = best.draft.frame, best.worth
    compiled_before(frame, work)
    after, rounds = behind_at_prices(raising, frame, worth), PRICED_TIMETABLES * UNITS_LARGE // len(frame.units)
    begin, stop = calls_of(best.draft), lambda: work.over(FOR_PRICED)
    trial = found_timetable(frame, worth, begin, rng, rounds, stop, after=after, warm=WARM_AT_PRICES)
    if trial is None:
        return
    fresh = Draft(frame)
    carried(fresh, worth, trial)
    fill_up(fresh, worth, work)
    if not work.closing():
        seat_anew(fresh, Ways(fresh, worth), work.over)
    take_if_better(best, fresh)


def by_dive(best: Best, flow: Flow, work: Work) -> None:
    """A draft from whole convoys out of a flow, if it is better."""
    frame, worth = best.draft.frame, best.worth
    dive = Dive(frame, flow, lambda: work.over(FOR_DIVE))
    values = dive.run()
    values = dive.answer.values if values is None else values
    if values is None:
        return
    fresh = Draft(frame)
    assign(fresh, Ways(fresh, worth), flow, values)
    fill_up(fresh, worth, work)
    take_if_better(best, fresh)


def fill_up(fresh: Draft, worth: Worth, work: Work) -> None:
    """Share the convoys of a draft out, give everybody else a way, and better ways one after the other."""
    shared_out(fresh, Ways(fresh, worth))
    refill_all(fresh, Ways(fresh, worth))
    while settle(fresh, Ways(fresh, worth), work.over):
        pass


def take_if_better(best: Best, fresh: Draft) -> None:
    """Go on from this draft, if it is better than the best plan so far."""
    if best.worth.whole(fresh) < best.value:
        best.draft.back_to(fresh.kept())
        best.better()


def settle_all(best: Best, work: Work) -> None:
    """Better ways one after the other, until there is none."""
    while settle(best.draft, Ways(best.draft, best.worth), work.over) and not work.over():
        best.better()
    best.better()


def seat_all(best: Best, work: Work) -> None:
    """Everybody anew into the convoys there are, while that makes the plan better."""
    while not work.closing() and not best.proved() and seat_anew(best.draft, Ways(best.draft, best.worth), work.over):
        best.better()


def improve_many(best: Best, raising: Raising, work: Work, rng: random.Random, *, anew: bool) -> None:
    """The same for very many units: the bound from a coarse flow, everybody sent anew in vehicles that leave when its
    do, and in those of the best timetable found, flights given out anew at its prices of seats, then better ways a few
    units at a time."""
    frame, worth, draft = best.draft.frame, best.worth, best.draft
    of, flow = coarse_flow(frame, worth)
    answer = flow.program.solve(options=INTERIOR, stop=lambda: work.over(FOR_BOUND_OF_MANY))
    if answer.values is not None:
        # Prices of a flow that was not answered to the end say nothing.
        below(best, raising, of, flow, answer, lambda: True)
        if anew:
            send_anew(best, vehicles_sent(frame, flow, answer.values), work)
            if len(frame.units) <= UNITS_BY_HAND:
                prices = answer.row_prices
                sent = sent_by_days(frame, worth, of, flow, prices, rng, lambda: work.over(FOR_TIMETABLE_OF_MANY))
                if sent is not None:
                    send_anew(best, sent, work)
        flown_anew(draft, Ways(draft, worth), np.maximum(0.0, -answer.row_prices[flow.flight_places[0]]), work.over)
        best.better()
    while settle(draft, Ways(draft, worth), work.over) > SETTLED * abs(best.value) and not work.over():
        best.better()
    best.better()
    rounds(best, work, rng)


def send_anew(best: Best, sent: Sent, work: Work) -> None:
    """A draft of everybody in these vehicles, and in others who finds no room in them, if it is better."""
    fresh = Draft(best.draft.frame)
    ways = Ways(fresh, best.worth)
    refill_all(fresh, ways, sent, work.over)
    refill_all(fresh, ways, stop=work.over)
    if best.worth.whole(fresh) < best.value:
        best.draft.back_to(fresh.kept())
        best.better()


def compiled_before(frame: Frame, work: Work) -> None:
    """Have ready what is compiled; the time that takes is not counted."""
    since = work.clock()
    get_ready(frame)
    work.uncounted(since)


def by_timetable(best: Best, work: Work, rng: random.Random) -> None:
    """A draft from the best timetable of convoys that is found, from none and from the draft's own, if it is better."""
    frame, worth, draft = best.draft.frame, best.worth, best.draft
    compiled_before(frame, work)
    count = max(1, len(frame.units))
    rounds = min(TIMETABLES, TIMETABLES * UNITS_LARGE // count)
    begin: tuple[Sequence[Call], ...] = ((), calls_of(draft), (), ())
    share = FOR_TIMETABLE / len(begin)
    found = [
        found_timetable(frame, worth, calls, rng, rounds, lambda n=n: work.over(share * n))  # type: ignore[misc]
        for n, calls in enumerate(begin, start=1)
    ]
    trial = min((one for one in found if one is not None), key=lambda one: one.points, default=None)
    if trial is None:
        return
    before = draft.kept()
    draft.back_to(Draft(frame).kept())
    carried(draft, worth, trial)
    shared_out(draft, Ways(draft, worth))
    refill_all(draft, Ways(draft, worth))
    for out in flight_groups(draft, rng):
        if work.over(FOR_BOUND):
            break
        plan_anew(draft, Ways(draft, worth), out, work.within(), crossings_stay=True)
    if not best.better():
        draft.back_to(before)


def below(best: Best, raising: Raising, of: Classes, loose: Flow, answer: Answer, stop: Callable[[], bool]) -> None:
    """The bound: from the prices of the flow, then raised by paths while that is quick."""
    bound_by(best, raising, of, loose, answer)
    if len(best.draft.frame.units) <= UNITS_TO_RAISE:
        raising.run(stop, best.above)


def bound_by(best: Best, raising: Raising, of: Classes, flow: Flow, answer: Answer) -> None:
    """The bound by the prices of a flow."""
    frame = best.draft.frame
    if not frame.problem.objective.order:
        prices, parts = prices_of(raising.lower, frame, flow, of, answer.row_prices, answer.column_prices)
        best.above(raising.begin(prices, parts))


def prove(best: Best, raising: Raising, work: Work) -> None:
    """Answer the whole problem with whole parties and convoys: for small ones, mostly the best plan and its proof.

    First with the likeliest crossings only, for a better plan; the better it is, the less is left to look at then."""
    frame, below = best.draft.frame, raising.lower.bound
    problem = frame.problem
    if holds_for(problem) and np.isfinite(below):
        ruling = ruled(raising)
        for part in PARTS_TO_PROVE:
            if best.proved() or work.over(FOR_PROOF):
                return
            within = part * (best.value - below) + abs(below) * EXACT
            proof = answered_whole(problem, ruling, within, best.value, NODES_TO_PROVE, lambda: work.over(FOR_PROOF))
            if proof is None:
                return
            as_proved(best, proof)
            if part == 1.0:
                best.above(min(best.value, proof.bound))
    elif plan_anew(best.draft, Ways(best.draft, best.worth), list(range(len(frame.units))), lambda: work.over(0.4)):
        best.better()


def as_proved(best: Best, proof: Proof) -> None:
    """Let everybody go as the program has it, if the plan is then the better one."""
    draft = best.draft
    before, found = draft.kept(), {}
    everybody = [u for u in range(len(draft.frame.units)) if u not in draft.frame.led_by]
    for u in everybody:
        steps = {proof.steps.get(member) for member in draft.frame.units[u].members}
        first = min((one for one in steps if one is not None and one.transfer >= 0), default=None)
        one = steps.pop() if len(steps) == 1 else first
        if one is not None:
            found[u] = one
        if draft.steps[u] is not None:
            draft.leave(u)
    draft.most_sent, draft.shares_later = proof.vehicles, True
    carry_out(draft, Ways(draft, best.worth), found, everybody)
    draft.most_sent, draft.shares_later = None, False
    shared_out(draft, Ways(draft, best.worth))
    refill_all(draft, Ways(draft, best.worth))
    if not best.better():
        draft.back_to(before)
