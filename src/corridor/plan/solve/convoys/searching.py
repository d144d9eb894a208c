"""Which timetable of convoys is best? One change after another, the worse kept now and then, the best remembered."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from corridor.plan.solve.convoys.trying import Call, Trial, Trials

ASKED_EVERY = 50
"""After so many timetables `stop` is asked."""
COOLED = 0.005
"""What is left of the readiness to lose at the end."""


def searched(
    trials: Trials,
    begin: Sequence[Call],
    rng: random.Random,
    *,
    rounds: int,
    stop: Callable[[], bool],
    warm: float = 0.01,
) -> Trial:
    """The best of so many timetables, each a change of one before; `warm` is the share of the points that is readily
    lost at first."""
    now = trials.carried_out(begin)
    best = now
    heat = warm * abs(now.points)
    for turn in range(rounds):
        if turn % ASKED_EVERY == ASKED_EVERY - 1 and stop():
            break
        calls = changed(trials, now.kept, rng)
        trial = trials.carried_out(calls)
        cooled = heat * COOLED ** (turn / rounds)
        if trial.points - now.points <= -cooled * math.log(max(1e-12, rng.random())):
            now = trial
            if now.points < best.points - 1e-6:
                best = now
    return best


def changed(trials: Trials, calls: Sequence[Call], rng: random.Random) -> list[Call]:
    """The calls with one change: another time, road or size, two the other way round, one more or one less."""
    slots, roads = trials.frame.slots, trials.roads
    made = list(calls)
    kind = rng.random()
    most = 1 << 30
    if not made or kind < 0.12:
        made.append(Call(rng.randrange(slots), rng.choice(roads).index, most))
    else:
        at = rng.randrange(len(made))
        call = made[at]
        if kind < 0.5:
            by = rng.choice((-6, -4, -3, -2, -1, -1, 1, 1, 2, 3, 4, 6))
            made[at] = call._replace(slot=min(slots - 1, max(0, call.slot + by)))
        elif kind < 0.58:
            # All that come after, too.
            by = rng.choice((-3, -2, -1, 1, 2, 3))
            made = [c if c.slot < call.slot else c._replace(slot=min(slots - 1, max(0, c.slot + by))) for c in made]
        elif kind < 0.65:
            made[at] = call._replace(most=rng.choice((1, 2, 3, most)))
        elif kind < 0.75:
            made[at] = call._replace(road=rng.choice(roads).index)
        elif kind < 0.88 and len(made) > 1:
            other = at + 1 if at + 1 < len(made) else at - 1
            if rng.random() < 0.4:
                other = rng.randrange(len(made))
            made[at], made[other] = call._replace(road=made[other].road), made[other]._replace(road=call.road)
        else:
            del made[at]
            if rng.random() < 0.6:
                made.append(Call(rng.randrange(slots), rng.choice(roads).index, most))
    made.sort()
    return made
