"""When will everyone be out, and each stage be clear; where is the narrow place; what would one thing more buy?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from corridor.base.moments import MINUTE_MS, Moment
from corridor.forecast.beliefs.priors import ByHand, with_hands
from corridor.forecast.engine import Engine, futures
from corridor.forecast.road import NEVER, Floats, Ints
from corridor.forecast.scores import LEVELS, P10, P50, P90
from corridor.forecast.tally import Grid
from corridor.journey.board.board import Board
from corridor.journey.forecasting.beliefs import Beliefs, believed
from corridor.journey.forecasting.edits import Edits, read_edits
from corridor.journey.forecasting.hands import Scales, by_order
from corridor.journey.forecasting.road import DAY, DAYS, STAGES, WayHome, on_the_road, road_in
from corridor.journey.forecasting.seen import seen_on
from corridor.journey.issuing.state import beliefs_set
from corridor.journey.planning.problem import problem_from, road_for
from corridor.plan.problem import Gate, Problem

WORLDS = 40
"""Believed worlds; each is walked runs / WORLDS times."""
STEP_MINUTES = 360.0
DEPARTURES = 6
"""Departures home whose loads are counted, the next ones first."""
GRID = Grid(step_minutes=STEP_MINUTES, steps=int(DAYS * 1440 / STEP_MINUTES), departures=DEPARTURES)
MODEL = "road-2"
"""Names the model in stored forecasts: a new one when the same board would give other ranges."""
_SEATS, _MINUTES = 100, 300.0  # where the operation file names no fleet or leg home


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """P10, P50 and P90 as moments. None: not within `DAYS` days."""

    p10: Moment | None
    p50: Moment | None
    p90: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a forecast starts from, so that the same can be walked with edits: nothing random is left but `seed`."""

    at: Moment
    known: Moment
    problem: Problem
    beliefs: Beliefs
    home: WayHome
    by_hand: tuple[ByHand, ...]
    seed: int
    runs: int
    engine: Engine | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """The futures of one road. R replications, S stages, H steps of six hours, D days, K departures, n parties.

    `last_out_minutes[r]` since `at`; inf: not within `DAYS` days, -inf: nobody is left. `clear_minutes[r, s]` when the
    last is through stage s and all before it. `out_persons[r, h]` are home by step h. `present[r, s, h]` stand at stage
    s or are being served or carried there. `waited[r, s, d]` person-hours before stage s on day d. `persons` are on
    the road now. `left_persons[r, h]` have left for home by step h; `loads[r, k]` are aboard the k-th departure that
    carries anybody, at `load_minutes[r, k]`. `party_out[r, i]` is when party i of the problem is out, minutes, NaN
    where it gives up; for the first replications of each world only where there are many parties.
    """

    asked: Asked
    edits: Edits
    persons: int
    last_out_minutes: Floats
    clear_minutes: Floats
    out_persons: Ints
    present: Ints
    waited: Floats
    left_persons: Ints
    loads: Ints
    load_minutes: Floats
    party_out: np.ndarray[Any, np.dtype[np.float32]]

    @property
    def all_out(self) -> Range:
        """When the last is out."""
        return range_of(self.asked.at, self.last_out_minutes)

    @property
    def stages(self) -> Mapping[str, Range]:
        """When the last is through each stage."""
        return {name: range_of(self.asked.at, self.clear_minutes[:, s]) for s, name in enumerate(STAGES)}

    def out_quantiles(self, days: int) -> Floats:
        """Quantiles at `LEVELS` of how many are home within so many days."""
        step = min(int(days * 1440 / STEP_MINUTES), self.out_persons.shape[1] - 1)
        found: Floats = np.quantile(self.out_persons[:, step], LEVELS, method="inverted_cdf").astype(np.float64)
        return found

    def binding(self, day: int) -> Floats:
        """In which part of the futures people wait longest in all before each stage on a day; the last: nobody waits.
        Shape (S + 1,)."""
        waits = self.waited[:, :, day]
        longest = np.where(waits.max(axis=1) > 0.5, waits.argmax(axis=1), len(STAGES))
        return np.bincount(longest, minlength=len(STAGES) + 1) / len(longest)

    def bottlenecks(self, days: int) -> list[tuple[str | None, float]]:
        """For each day the stage before which people wait longest in all, in the greatest part of futures, with that
        part; None: in most futures nobody waits."""
        named: list[tuple[str | None, float]] = []
        for day in range(min(days, self.waited.shape[2])):
            parts = self.binding(day)
            most = int(parts.argmax())
            named.append((STAGES[most] if most < len(STAGES) else None, float(parts[most])))
        return named


def range_of(at: Moment, minutes: Floats) -> Range:
    """The range of times after a moment; what is over already was at the moment."""
    found = np.quantile(np.maximum(minutes, 0.0), LEVELS, method="inverted_cdf")
    p10, p50, p90 = (
        None if found[place] == NEVER else Moment(at + round(float(found[place]) * MINUTE_MS))
        for place in (P10, P50, P90)
    )
    return Range(p10=p10, p50=p50, p90=p90)


def asked_of(
    board: Board, *, seed: int, runs: int, by_hand: tuple[ByHand, ...] = (), engine: Engine | None = None
) -> Asked | str:
    """What the forecast of a board starts from; a sentence where the operation has no crossing to forecast.

    Beliefs that officers set by order are the board's own; `by_hand` are set on top of them, for this forecast alone.
    """
    road = road_for(board, 24)
    problem, open_now = _with_hours(problem_from(board, hours=DAYS * 24), road_for(board, DAYS * 24).gates)
    if not problem.gates:
        return "The operation file names no crossing: a leg from an origin to a place outside."
    caps = [hour.persons_max for hour in problem.gates[0].hours if hour.persons_max is not None]
    whole = max(hour.until_minute - hour.from_minute for hour in problem.gates[0].hours)
    per_day = problem.gates[0].hours[-1].persons_per_hour * whole / 60.0
    per_day = max(min([per_day, *map(float, caps)]), 1.0)
    through = float(problem.gates[0].through_minutes + sum(leg.minutes for leg in problem.legs if leg.fleets))
    scales = Scales(gate_persons_per_day=per_day, hall_minutes=max(through, 1.0))
    by_hand = (*by_order(beliefs_set(board.view).values(), scales), *by_hand)
    beliefs = believed(seen_on(board, road), with_hands(by_hand), per_day, max(through, 1.0))
    if not open_now:
        beliefs = replace(beliefs, closed=True)
    leg = next(iter(road.way_home.values()), None)
    fleet = None if leg is None else board.everybody.fleet_for(leg.id)
    home = WayHome(
        seats=_SEATS if fleet is None else fleet.seats, minutes=_MINUTES if leg is None else float(leg.minutes)
    )
    return Asked(
        at=board.at,
        known=board.known,
        problem=problem,
        beliefs=beliefs,
        home=home,
        by_hand=by_hand,
        seed=seed,
        runs=runs,
        engine=engine,
    )


def _with_hours(problem: Problem, written: tuple[Gate, ...]) -> tuple[Problem, bool]:
    """The problem with a crossing's written hours where a closure without a known end leaves it none, and whether it
    has hours of its own: when it opens again is a belief, not a fact."""
    if not problem.gates or problem.gates[0].hours:
        return problem, True
    return msgspec.structs.replace(problem, gates=written), False


def forecast(asked: Asked, edits: Edits, progress: Callable[[int, int], None] | None = None) -> Forecast:
    """Walk the futures of what was asked, with these edits. Equal luck for equal seeds, whatever the edits."""
    worlds = min(WORLDS, asked.runs)
    runs = -(-asked.runs // worlds)
    parts = []
    for world in range(worlds):
        road = road_in(asked.problem, asked.beliefs, edits, asked.home, seed=asked.seed, world=world)
        parts.append(futures(road, seed=asked.seed * 1_000 + world, runs=runs, grid=GRID, engine=asked.engine))
        if progress is not None:
            progress((world + 1) * runs, worlds * runs)
    # A stage is not clear while somebody may still come to it from an earlier one.
    clear = np.maximum.accumulate(np.concatenate([part.clear for part in parts]), axis=1)
    last = np.concatenate([part.last_out for part in parts])
    never = np.concatenate([part.never for part in parts]) > 0
    return Forecast(
        asked=asked,
        edits=edits,
        persons=sum(party.persons for party in asked.problem.parties),
        last_out_minutes=np.where(never, NEVER, last),
        clear_minutes=clear,
        out_persons=np.concatenate([part.out_persons for part in parts]),
        present=np.concatenate([part.present for part in parts]),
        waited=np.concatenate([part.waited for part in parts]),
        left_persons=np.concatenate([part.left_persons for part in parts]),
        loads=np.concatenate([part.loads for part in parts]),
        load_minutes=np.concatenate([part.load_minutes for part in parts]),
        party_out=np.concatenate([part.party_out[:, : len(on_the_road(asked.problem))] for part in parts]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What an edit changes, future by future: hours by which all are out sooner (negative: later), P10, P50, P90 and
    the part of futures in which they are sooner. `unknown`: futures in which either is not within `DAYS` days."""

    hours_sooner_p10: float | None  # None: no future ends with and without the edit
    hours_sooner_p50: float | None
    hours_sooner_p90: float | None
    sooner: float
    unknown: int


def difference(base: Forecast, other: Forecast) -> Difference:
    """The paired difference of two forecasts of one `Asked`."""
    assert base.asked is other.asked, "only futures with the same luck are pairs"
    before, after = np.maximum(base.last_out_minutes, 0.0), np.maximum(other.last_out_minutes, 0.0)
    both = (before < NEVER) & (after < NEVER)
    hours = (before[both] - after[both]) / 60.0
    found = [float(np.quantile(hours, level)) for level in (0.1, 0.5, 0.9)] if len(hours) else [None] * 3
    sooner = float(np.mean(after < before))
    return Difference(
        hours_sooner_p10=found[0],
        hours_sooner_p50=found[1],
        hours_sooner_p90=found[2],
        sooner=sooner,
        unknown=int((~both).sum()),
    )


def minutes_gained(base: Forecast, other: Forecast) -> float:
    """By how many minutes all are out sooner, in the mean over futures; what is later than `DAYS` days counts as that
    late, so that a future which ends at all because of the change counts too."""
    before, after = (np.clip(one.last_out_minutes, 0.0, DAYS * DAY) for one in (base, other))
    return float((before - after).mean())


def ranking(base: Forecast, additions: tuple[str, ...]) -> list[tuple[str, Difference]]:
    """Single additions (`KEY=VALUE`) by how much sooner all are out, in the mean over futures; the best first."""
    found = []
    for text in additions:
        edits = read_edits([text])
        assert isinstance(edits, Edits), text
        other = forecast(base.asked, replace(edits, beds=base.edits.beds))
        found.append((minutes_gained(base, other), text, difference(base, other)))
    return [(text, one) for _, text, one in sorted(found, key=lambda row: (-row[0], row[1]))]
