"""What does the compiled engine read? The road as flat columns of numbers, in the order in which it is walked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from corridor.forecast.draws import NORMAL
from corridor.forecast.road import Delay, Desk, Flags, Floats, Ints, Keys, Law, Road, Shuttle, Timetable

DESK, DELAY, SHUTTLE, TIMETABLE = range(4)
NONE = -1
"""Stands for a law that is not there."""


class Tape(NamedTuple):
    """The road, flat. S stages; a column `x_from` of S + 1 numbers says where each stage's part of column x begins.

    Columns named `*_law` are rows of `laws`, NONE where there is none. `share_law` is a timetable's part of
    departures cancelled. `free` is when officers or vehicles are first there.
    """

    laws: Floats
    kind: Ints
    seats: Ints
    per_person: Ints
    when_full: Ints
    minutes_law: Ints
    share_law: Ints
    pace_law: Ints
    sigma_law: Ints
    rho: Floats
    closure_law: Ints  # shape (S, 3): chance, start, length
    ride_law: Ints
    back_law: Ints
    late_law: Ints
    free: Floats
    free_from: Ints
    opens: Floats
    closes: Floats
    window_from: Ints
    times: Floats
    places: Ints
    trip_key: Keys
    times_from: Ints
    wait_law: Ints
    no_show_law: int
    demand_law: int
    demand_size_law: int
    demand_days: int
    demand_slots: int
    demand_stage: int
    demand_rank: int
    normal_law: int
    days: int
    priorities: bool
    key: Keys
    size: Ints
    stage: Ints
    ready: Floats
    wait: Ints
    rank: Ints
    may_fail: Flags
    beds: Ints
    beds_enter: Ints
    beds_leave: Ints


def tape_of(road: Road) -> Tape:
    """The road's tape. Every field of the road that an engine reads is on it."""
    laws = _Laws()
    columns: dict[str, list[int]] = {name: [] for name in _BY_STAGE}
    rho, closure, free, windows, trips = list[float](), list[list[int]](), list[list[float]](), [], []
    for stage in road.stages:
        row = dict.fromkeys(_BY_STAGE, NONE) | {"seats": 0, "per_person": 0, "when_full": 0}
        rho.append(0.0)
        closure.append([NONE] * 3)
        free.append([])
        windows.append(list[tuple[float, float]]())
        trips.append(list[tuple[float, int, int]]())
        match stage:
            case Desk():
                row |= {"kind": DESK, "seats": stage.officers, "per_person": int(stage.per_person)}
                row |= {"minutes_law": laws.row(stage.minutes), "share_law": laws.row(stage.share)}
                row |= {"pace_law": laws.row(stage.log_pace), "sigma_law": laws.row(stage.day_sigma)}
                rho[-1], free[-1] = stage.day_rho, list(stage.free_minutes or [0.0] * stage.officers)
                spans = [(-np.inf, np.inf)] if stage.windows is None else [(w.opens, w.closes) for w in stage.windows]
                windows[-1] = spans
                if stage.closure is not None:
                    parts = (stage.closure.chance, stage.closure.start_minutes, stage.closure.length_minutes)
                    closure[-1] = [laws.row(part) for part in parts]
            case Delay():
                row |= {"kind": DELAY, "minutes_law": laws.row(stage.minutes), "share_law": laws.row(stage.share)}
            case Shuttle():
                row |= {"kind": SHUTTLE, "seats": stage.seats, "when_full": int(stage.when_full)}
                row |= {"ride_law": laws.row(stage.ride_minutes), "back_law": laws.row(stage.back_minutes)}
                free[-1] = [max(time, 0.0) for time in stage.available_minutes]
                trips[-1] = [(time, 0, 0) for time in stage.times]
            case Timetable():
                row |= {"kind": TIMETABLE, "ride_law": laws.row(stage.ride_minutes)}
                row |= {"late_law": laws.row(stage.late_minutes), "share_law": laws.row(stage.cancelled)}
                trips[-1] = [(one.minutes, one.seats, one.key) for one in stage.departures]
        for name in _BY_STAGE:
            columns[name].append(row[name])
    demand = road.demand
    parties = road.parties
    return Tape(
        **{name: _ints(column) for name, column in columns.items()},
        rho=np.array(rho, dtype=np.float64),
        closure_law=_ints(closure).reshape(-1, 3),
        free=np.array([time for part in free for time in part], dtype=np.float64),
        free_from=_from(free),
        opens=np.array([span[0] for part in windows for span in part], dtype=np.float64),
        closes=np.array([span[1] for part in windows for span in part], dtype=np.float64),
        window_from=_from(windows),
        times=np.array([trip[0] for part in trips for trip in part], dtype=np.float64),
        places=_ints([trip[1] for part in trips for trip in part]),
        trip_key=np.array([trip[2] for part in trips for trip in part], dtype=np.uint64),
        times_from=_from(trips),
        wait_law=_ints([laws.row(law) for law in road.waits]),
        no_show_law=laws.row(road.no_show),
        demand_law=laws.row(demand.per_day if demand else None),
        demand_size_law=laws.row(demand.size if demand else None),
        demand_days=demand.days if demand else 0,
        demand_slots=demand.slots if demand else 0,
        demand_stage=demand.stage if demand else 0,
        demand_rank=demand.rank if demand else 0,
        normal_law=laws.row(NORMAL),
        days=road.days,
        priorities=road.priorities,
        key=parties.key,
        size=parties.size,
        stage=parties.stage,
        ready=parties.ready,
        wait=parties.wait,
        rank=parties.rank,
        may_fail=parties.may_fail,
        beds=_ints([beds.beds for beds in road.beds]),
        beds_enter=_ints([beds.enter for beds in road.beds]),
        beds_leave=_ints([beds.leave for beds in road.beds]),
        laws=laws.table(),
    )


_BY_STAGE = (
    "kind",
    "seats",
    "per_person",
    "when_full",
    "minutes_law",
    "share_law",
    "pace_law",
    "sigma_law",
    "ride_law",
    "back_law",
    "late_law",
)


class _Laws:
    """The laws of a road as rows of one table, each once."""

    def __init__(self) -> None:
        self.rows: dict[int, int] = {}
        self.kept: list[Law] = []

    def row(self, law: Law | None) -> int:
        if law is None:
            return NONE
        if id(law) not in self.rows:
            self.rows[id(law)] = len(self.kept)
            self.kept.append(law)
        return self.rows[id(law)]

    def table(self) -> Floats:
        return np.array([law.quantiles for law in self.kept], dtype=np.float64)


def _ints(values: Sequence[int] | Sequence[Sequence[int]]) -> Ints:
    return np.array(values, dtype=np.int64)


def _from(parts: Sequence[Sequence[object]]) -> Ints:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
