"""What draft comes of the best timetable of convoys that a search finds?"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from corridor.plan.solve.convoys.searching import searched
from corridor.plan.solve.convoys.trying import Call, Trial, Trials
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import lag_of
from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.spans import Steps
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth

UNITS_AT_MOST = 6000
"""With more units a timetable takes too long to try."""
UNITS_FEW = 100
"""Of no more units timetables are soon tried as it is; what is compiled takes half a second to load."""
NOWHERE = "no locator available"
"""What numba says where it may write into no folder that it knows."""
QUICKER = 30
"""So many times as many timetables are tried where they are tried by what is compiled."""
WARM = 0.01
"""The share of the points that is readily lost at first."""


def behind(frame: Frame, worth: Worth) -> Floats:
    """By unit and slot of crossing: points from the crossing to the first flight that is in time, full or not."""
    runs = sorted((run for run in frame.runs if run.earliest < frame.end), key=lambda run: run.boards_until)
    boards = np.array([run.boards_until - run.ground_minutes for run in runs], dtype=np.int64)
    means = np.array([run.mean / 60 for run in runs] + [frame.left_hours])
    # Who is ready for a later flight is too late for an earlier one, but not for one that leaves earlier on the way.
    means = np.minimum.accumulate(means[::-1])[::-1]
    minutes = np.arange(frame.slots) * frame.slot
    found = np.zeros((len(frame.units), frame.slots))
    for u, unit in enumerate(frame.units):
        if unit.stage == 0:
            ready = np.maximum(minutes + lag_of(frame, unit), min(unit.fly_from, 2 * frame.end))
            hours = means[np.searchsorted(boards, ready)] - minutes / 60
            found[u] = worth.points["staging_person_hours"] * unit.weighted * hours
    return found


def calls_of(draft: Draft) -> list[Call]:
    """The timetable of a draft's convoys."""
    return sorted(
        Call(slot, road, max(1, len(loading.vehicles)))
        for (road, slot), loading in draft.loadings.items()
        if draft.frame.roads[road].first and draft.frame.roads[road].fleets
    )


def get_ready(frame: Frame) -> None:
    """Load what is compiled; the first time on a machine it is compiled then, which takes some 20 seconds."""
    if len(frame.units) > UNITS_FEW:
        compiled()


@cache
def compiled() -> Any:
    """The trials that are compiled; None without the extra `fast`, or where what is compiled can be kept nowhere."""
    if find_spec("numba") is None:
        return None
    try:
        from corridor.plan.solve.convoys.fast import ground  # noqa: PLC0415 - an extra
    except RuntimeError as error:
        # The same timetables are tried as it is, fewer of them: better than to compile for every plan.
        if NOWHERE not in str(error):
            raise
        return None
    ground.load()
    return ground


def found_timetable(
    frame: Frame,
    worth: Worth,
    begin: Sequence[Call],
    rng: random.Random,
    rounds: int,
    stop: Callable[[], bool],
    *,
    after: Floats | None = None,
    warm: float = WARM,
) -> Trial | None:
    """The best timetable of so many tried; None where no convoy needs vehicles or escorts, or units are too many.

    `after` has the points of what follows a crossing, as `behind` has (None: those); `warm` as in `searched`."""
    if len(frame.units) > UNITS_AT_MOST:
        return None
    after = behind(frame, worth) if after is None else after
    trials = Trials(frame, after, worth.points["danger_person_hours"])
    if not trials.roads or not any(trials.riders.values()):
        return None
    quick = compiled() if len(frame.units) > UNITS_FEW else None
    if quick is None:
        return searched(trials, begin, rng, rounds=rounds, stop=stop, warm=warm)
    return trials.carried_out(quick.quickly_searched(trials, begin, rng, rounds=QUICKER * rounds, stop=stop, warm=warm))


def carried(draft: Draft, worth: Worth, trial: Trial) -> None:
    """Let the units of an empty draft leave and cross as a timetable has them, with the first flight behind; who finds
    no room stays without a way."""
    frame, ways = draft.frame, Ways(draft, worth)
    draft.shares_later = True
    for went in trial.went:
        gate = frame.gate_of[str(frame.roads[went.road].leg.target)]
        for u, crosses in went.aboard:
            ways.again(u, Steps(went.road, went.slot, gate, crosses))
    draft.shares_later = False
