"""What do the futures of a forecast say, in the few figures that a page shows? Small enough to be kept and sent.

Futures are counted in twenties: a reader grasps "17 of 20" better than 85 percent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from corridor.base.ids import PersonId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.forecast.road import NEVER, Floats
from corridor.forecast.scores import LEVELS
from corridor.journey.forecasting.beliefs import shown
from corridor.journey.forecasting.forecast import DEPARTURES, STEP_MINUTES, Forecast, Range, range_of
from corridor.journey.forecasting.kept import Issued, ScoreCards, Truth, issue, score_cards
from corridor.journey.forecasting.road import DOCUMENTS, FLIGHT, MEDICAL, STAGES, on_the_road

TWENTY = 20
"""Futures that are shown, evenly taken from all: each stands for one in twenty."""
PATHS_SHOWN = 12
"""Sample paths beneath a fan: enough to see that futures differ in shape, few enough to follow one."""
BOTTLENECK_DAYS = 10
HISTORY_STEPS = 40
"""Steps of six hours that were, shown before those to come: ten days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """When something is over: its range, when in each of twenty futures (None: not within `DAYS` days, these last),
    and in how many of the twenty not."""

    range: Range
    twenty: tuple[Moment | None, ...]

    @property
    def late(self) -> int:
        """In how many of twenty futures it is not over within `DAYS` days."""
        return sum(one is None for one in self.twenty)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fan:
    """A number of persons over time. `quantiles[l, h]` at level `LEVELS[l]`, `paths[p, h]` of single futures, h steps
    of six hours from the forecast's moment on."""

    quantiles: Floats
    paths: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Departing:
    """One of the next departures home that carry anybody: when, in twenty futures, and persons aboard P10, P50, P90
    over the futures in which it leaves within `DAYS` days."""

    leaves: Stand
    load_p10: int
    load_p50: int
    load_p90: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """When a party is home, and in how many of twenty futures it gives up before it has crossed."""

    home: Stand
    gives_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """A belief as shown: P10, P50, P90 in its unit, and how many cases it has learned from."""

    belief: str
    p10: float
    p50: float
    p90: float
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """A forecast as pages show it. `persons` are on the road; `history` is how many were home at `at`, last, and at
    steps of six hours before.

    `staging` are those in staging, with `beds` there (None: not known) and `full[h]`, the part of futures in which more
    stand there than there are beds (empty: not known). `binding[d]` maps a stage to the part of futures in which people
    wait longest before it on day d; '' is nobody waits. `arriving` is by person.
    """

    at: Moment
    known: Moment
    runs: int
    persons: int
    history: tuple[int, ...]
    last_home: Moment | None  # None: nobody has come home
    seats: int
    all_out: Stand
    stages: Mapping[str, Stand]
    home: Fan
    staging: Fan
    beds: int | None
    full: Floats
    departing: tuple[Departing, ...]
    arriving: Mapping[PersonId, Arriving]
    binding: tuple[Mapping[str, float], ...]
    beliefs: tuple[Believed, ...]
    issued: Issued
    cards: ScoreCards


def outlook_of(forecast: Forecast, past: list[Issued], truth: Truth) -> Outlook:
    """What pages show of a forecast; `past` are those issued before, `truth` what became of everybody so far."""
    asked = forecast.asked
    at = asked.at
    stagings = [one.beds for one in asked.problem.stagings]
    beds = sum(one for one in stagings if one is not None) if stagings and None not in stagings else None
    # Whoever is being flown home is at the stage of the flight still, and sleeps in no bed.
    flying = forecast.left_persons - forecast.out_persons
    there = forecast.present[:, DOCUMENTS] + forecast.present[:, MEDICAL] + forecast.present[:, FLIGHT] - flying
    return Outlook(
        at=at,
        known=asked.known,
        runs=len(forecast.last_out_minutes),
        persons=forecast.persons,
        history=tuple(
            bisect_right(truth.homes, at - step * STEP_MINUTES * MINUTE_MS) for step in range(HISTORY_STEPS, -1, -1)
        ),
        last_home=truth.homes[-1] if truth.homes else None,
        seats=asked.home.seats,
        all_out=_stand(at, forecast.last_out_minutes),
        stages={name: _stand(at, forecast.clear_minutes[:, s]) for s, name in enumerate(STAGES)},
        home=_fan(forecast.out_persons),
        staging=_fan(there),
        beds=beds,
        full=np.zeros(0) if beds is None else (there > beds).mean(axis=0),
        departing=tuple(_departing(forecast, k) for k in range(DEPARTURES)),
        arriving=_arriving(forecast),
        binding=tuple(
            {name: float(part) for name, part in zip((*STAGES, ""), forecast.binding(day), strict=True) if part > 0}
            for day in range(BOTTLENECK_DAYS)
        ),
        beliefs=tuple(
            Believed(belief=name, p10=low, p50=middle, p90=high, seen=seen)
            for name, _, low, middle, high, seen in shown(asked.beliefs)
        ),
        issued=issue(forecast, past, truth),
        cards=score_cards(past, truth),
    )


def twentieths(values: Floats) -> Floats:
    """Twenty values that stand for all: the quantiles in the middle of each twentieth."""
    found: Floats = np.quantile(values, (np.arange(TWENTY) + 0.5) / TWENTY, method="inverted_cdf")
    return found


def _stand(at: Moment, minutes: Floats) -> Stand:
    twenty = tuple(
        None if value == NEVER else Moment(at + round(float(value) * MINUTE_MS))
        for value in twentieths(np.maximum(minutes, 0.0))
    )
    return Stand(range=range_of(at, minutes), twenty=twenty)


def _fan(persons: np.ndarray[Any, Any]) -> Fan:
    """Quantiles step by step, and some paths, evenly taken from the futures in the order of their sum: the quickest,
    the slowest and those between."""
    order = np.argsort(persons.sum(axis=1), kind="stable")
    chosen = order[((np.arange(PATHS_SHOWN) + 0.5) / PATHS_SHOWN * len(order)).astype(np.int64)]
    return Fan(
        quantiles=np.quantile(persons, LEVELS, axis=0, method="inverted_cdf").astype(np.float64),
        paths=persons[chosen].astype(np.float64),
    )


def _departing(forecast: Forecast, number: int) -> Departing:
    minutes, loads = forecast.load_minutes[:, number], forecast.loads[:, number]
    goes = minutes < NEVER
    low, middle, high = (
        (int(np.quantile(loads[goes], level, method="inverted_cdf")) for level in (0.1, 0.5, 0.9))
        if goes.any()
        else (0, 0, 0)
    )
    return Departing(leaves=_stand(forecast.asked.at, minutes), load_p10=low, load_p50=middle, load_p90=high)


def _arriving(forecast: Forecast) -> dict[PersonId, Arriving]:
    """Of each party the futures in which it goes on; who gives up does so before crossing."""
    found: dict[PersonId, Arriving] = {}
    at = forecast.asked.at
    for number, party in enumerate(on_the_road(forecast.asked.problem)):
        minutes = forecast.party_out[:, number].astype(np.float64)
        comes = ~np.isnan(minutes)
        home = _stand(at, minutes[comes] if comes.any() else np.array([NEVER]))
        arriving = Arriving(home=home, gives_up=round(TWENTY * float(1.0 - comes.mean())))
        found |= dict.fromkeys(party.members, arriving)
    return found
