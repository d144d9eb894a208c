"""Take some related units out of a draft, put them back another way, and keep what is better: again and again.

Ruin and recreate with annealing: units of one convoy, of crossings close in time, of one flight or of one class come
out together; they go back in a random order of urgency, each on the cheapest way that fits. A worse draft is kept now
and then, less often as the work goes on, and the best one is remembered.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from corridor.plan.solve.draft import Draft
from corridor.plan.solve.spans import Steps
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth


@dataclass(slots=True)
class Shaken:
    """How far the shaking has come: rounds so far, value now, the best value and what `Draft.kept` was then."""

    rounds: int
    value: float
    best: float
    kept: dict[str, object]


def shake(
    draft: Draft,
    worth: Worth,
    rng: random.Random,
    *,
    stop: Callable[[int], bool],
    most: int = 25,
    warm: float = 0.0005,
    rounds: int = 2000,
) -> float:
    """Better the draft until `stop` (asked with the rounds so far) says so; its value then.

    `most` is how many units come out at a time; `warm` the share of the value that is still readily lost at first; it
    cools down over `rounds`, then anew.
    """
    ways = Ways(draft, worth)
    value = worth.whole(draft)
    state = Shaken(0, value, value, draft.kept())
    heat = warm * abs(value)
    while not stop(state.rounds):
        state.rounds += 1
        cooled = heat * (0.02 ** ((state.rounds % rounds) / rounds))
        _round(draft, worth, ways, rng, state, cooled, most)
    draft.back_to(state.kept)
    return state.best


def _round(draft: Draft, worth: Worth, ways: Ways, rng: random.Random, state: Shaken, heat: float, most: int) -> None:
    out = related(draft, rng, most)
    before = draft.kept()
    had = draft.steps
    points = worth.flights(draft) + worth.convoys(draft)
    points += sum(worth.way(u, had[u]) for u in out)
    for u in out:
        if draft.steps[u] is not None:
            draft.leave(u)
    refill(draft, worth, ways, rng, out)
    now = worth.flights(draft) + worth.convoys(draft) + sum(worth.way(u, draft.steps[u]) for u in out)
    touched = {steps.flight for u in out for steps in (before["steps"][u],) if steps is not None}  # type: ignore[index]
    holds = all(draft.share_holds(flight) for flight in touched if flight >= 0)
    if holds and now - points <= -heat * math.log(max(1e-12, rng.random())):
        state.value += now - points
        if state.value < state.best - 1e-6:
            state.best, state.kept = state.value, draft.kept()
    else:
        draft.back_to(before)


def refill(draft: Draft, worth: Worth, ways: Ways, rng: random.Random, out: list[int]) -> None:
    """Give each a way again, the cheapest that fits, in one of several orders of urgency."""
    units = draft.frame.units
    kind = rng.random()
    if kind < 0.4:
        order = sorted(out, key=lambda u: -units[u].weighted / units[u].persons + rng.random() * 0.7)
    elif kind < 0.6:
        order = sorted(out, key=lambda u: -units[u].weighted * (0.8 + 0.4 * rng.random()))
    elif kind < 0.8:
        order = sorted(out, key=lambda u: units[u].leave_from + rng.random())
    else:
        order = list(out)
        rng.shuffle(order)
    for u in order:
        steps = ways.best(u)
        if steps is not None:
            draft.take(u, steps)


def related(draft: Draft, rng: random.Random, most: int) -> list[int]:
    """Units that have to do with each other, around one chosen at random."""
    frame = draft.frame
    first = rng.randrange(len(frame.units))
    steps = draft.steps[first]
    count = rng.randint(3, most)
    kind = rng.random()
    if steps is None:
        near = [u for u, unit in enumerate(frame.units) if unit.place == frame.units[first].place]
    elif kind < 0.35 and steps.road >= 0:
        near = _like(draft, lambda s: s.road == steps.road and s.leaves == steps.leaves)
    elif kind < 0.7 and steps.crosses >= 0:
        wide = rng.choice((1, 2, 4, 12, 24))
        near = _like(draft, lambda s: s.gate == steps.gate and abs(s.crosses - steps.crosses) <= wide)
    else:
        near = _like(draft, lambda s: abs(s.flight - steps.flight) <= 1)
    near += [u for u in range(len(frame.units)) if draft.steps[u] is None or draft.steps[u].flight < 0][:most]  # type: ignore[union-attr]
    picked = rng.sample(near, min(count, len(near)))
    return sorted({first, *picked})


def _like(draft: Draft, fits: Callable[[Steps], bool]) -> list[int]:
    return [u for u, steps in enumerate(draft.steps) if steps is not None and fits(steps)]
