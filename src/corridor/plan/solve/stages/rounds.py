"""How does a plan get better a part at a time? The flights of a group, the crossings of a day, over and over."""

from __future__ import annotations

import random

from corridor.plan.solve.anew import plan_anew
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.stages.best import Best
from corridor.plan.solve.stages.shake import shake
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.work import Work

UNITS_MANY = 3_000
"""More units than this are priced by a coarse flow, and have no timetable searched and no flow realised."""
HOURS_AROUND = 12.0
"""Of so many units only flights are looked at that leave so near those they have."""
FLOWN_TOGETHER = 400
CROSSED_TOGETHER = 120


def rounds(best: Best, work: Work, rng: random.Random) -> None:
    """Plan anew one part after the other: flights a group at a time, then the crossings of one day, over and over.

    A day's people are those who cross in it and some who could. What brings nothing more for a whole round is followed
    by shaking.
    """
    frame, draft = best.draft.frame, best.draft
    ways = Ways(draft, best.worth)
    day = max(1, 24 * 60 // frame.slot)
    shift = 0
    hours = HOURS_AROUND if len(frame.units) > UNITS_MANY else None
    while not work.closing() and not best.proved():
        before = best.value
        for out in flight_groups(draft, rng):
            if plan_anew(draft, ways, out, work.within(), crossings_stay=True, hours=hours):
                best.better()
            if work.closing():
                return
        for begins in range(-shift, frame.slots, day):
            for out in day_groups(draft, rng, begins, begins + day):
                if plan_anew(draft, ways, out, work.within(), slots=(begins, begins + day), hours=hours):
                    best.better()
                if work.closing():
                    return
        shift = rng.randrange(day)
        if best.value > before * (1 - 1e-5):
            ends = work.within()
            shake(draft, best.worth, rng, stop=lambda _, ends=ends: ends())  # type: ignore[misc]
            best.better()


def flight_groups(draft: Draft, rng: random.Random) -> list[list[int]]:
    """Who has crossed, in groups of about equal times of flight."""
    crossed = [
        (steps.flight if steps.flight >= 0 else len(draft.frame.runs), rng.random(), u)
        for u, steps in enumerate(draft.steps)
        if steps is not None
    ]
    crossed.sort()
    return [[u for _, _, u in crossed[i : i + FLOWN_TOGETHER]] for i in range(0, len(crossed), FLOWN_TOGETHER)]


def day_groups(draft: Draft, rng: random.Random, begins: int, ends: int) -> list[list[int]]:
    """Who crosses in these slots, with some who cross later or not at all and could; in groups when they are many."""
    frame = draft.frame
    inside, later = [], []
    for u, steps in enumerate(draft.steps):
        unit = frame.units[u]
        if unit.stage > 1:
            continue
        if steps is not None and begins <= steps.crosses < ends:
            inside.append(u)
        elif (steps is None or steps.crosses >= ends) and unit.leave_from < ends * frame.slot:
            later.append(u)
    if not inside and not later:
        return []
    count = max(1, round(len(inside) / CROSSED_TOGETHER))
    rng.shuffle(inside)
    rng.shuffle(later)
    found = []
    for i in range(count):
        out = inside[i::count]
        room = max(CROSSED_TOGETHER // 4, CROSSED_TOGETHER - len(out))
        found.append(sorted(out + later[i * room : (i + 1) * room]))
    return found
