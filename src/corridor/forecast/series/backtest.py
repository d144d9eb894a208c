"""Had we forecast every day from what was known that day, how good would the ranges have been?

A forecast is issued at the end of each day: the total of the next 1, 7 and 14 days. It uses the figures published by
then and the forecasts that had matured by then, judged by the figures published by then. It is scored by the figures
as last published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.forecast.road import Floats
from corridor.forecast.scores import LEVELS, Card, Score, card, score
from corridor.forecast.series.level import Believer, totals
from corridor.forecast.series.reading import Series, end_of
from corridor.forecast.series.rivals import poisson, random_walk
from corridor.forecast.tracking import Matured, Tracker, recalibrated

HORIZONS_DAYS = (1, 7, 14)
DAYS_LEAST = 7
"""Days with figures before the first forecast."""
PAST_MOST = 200
"""Matured forecasts that are looked at: older ones weigh less than a four-hundredth."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Issued:
    """A forecast as issued at the end of a day (an ordinal): its quantiles at `LEVELS` in people, and what happened."""

    day: int
    quantiles: Floats
    happened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Score cards of totals over so many days: of this program's ranges, as issued and before recalibration, and of
    two rivals. The same days for all."""

    days: int
    issued: Card
    before_recalibration: Card
    poisson: Card
    random_walk: Card
    forecasts: tuple[Issued, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What forecasts of a series would have been worth. `days`: how many have a figure. `first`, `last`: ordinals."""

    kind: str
    days: int
    first: int
    last: int
    revised: bool
    horizons: tuple[Horizon, ...]

    @property
    def too_short(self) -> bool:
        """Whether not one forecast has matured."""
        return all(horizon.issued.matured == 0 for horizon in self.horizons)


def backtest(series: Series) -> Backtest:
    """Forecast every day of a series as of that day, and score. The series has at least one figure."""
    final = series.last
    views = dict(_views(series))
    own = _own(views)
    return Backtest(
        kind=series.kind,
        days=len(final),
        first=min(final),
        last=max(final),
        revised=series.revised,
        horizons=tuple(_horizon(final, views, own, days) for days in HORIZONS_DAYS),
    )


def _views(series: Series) -> Iterator[tuple[int, Mapping[int, int]]]:
    """At the end of each day: the figures published by then. The last day has nothing after it to forecast."""
    by_time = sorted(series.figures, key=lambda figure: figure.known)
    known: dict[int, int] = {}
    place, final = 0, series.last
    for day in range(min(final), max(final)):
        known = dict(known)
        while place < len(by_time) and by_time[place].known <= end_of(day):
            known[by_time[place].day] = by_time[place].count
            place += 1
        yield day, known


def _own(views: Mapping[int, Mapping[int, int]]) -> dict[int, tuple[Floats, ...]]:
    """The beliefs' own quantiles of log(1 + total), by day of issue, one for each horizon."""
    believer = Believer()
    own: dict[int, tuple[Floats, ...]] = {}
    for day, counts in views.items():
        if len(counts) >= DAYS_LEAST:
            last = max(counts)
            state = believer.after(counts, min(counts), last)
            paths = np.log1p(totals(state, day + 1 - last, max(HORIZONS_DAYS), seed=day))
            own[day] = tuple(np.quantile(paths[:, horizon - 1], LEVELS) for horizon in HORIZONS_DAYS)
    return own


def _total(counts: Mapping[int, int], issued: int, days: int) -> int | None:
    """The total of the days after the day of issue; None where one of them is not known."""
    total = 0
    for day in range(issued + 1, issued + 1 + days):
        if day not in counts:
            return None
        total += counts[day]
    return total


def _horizon(
    final: Mapping[int, int],
    views: Mapping[int, Mapping[int, int]],
    own: Mapping[int, Sequence[Floats]],
    days: int,
) -> Horizon:
    place = HORIZONS_DAYS.index(days)
    tracker = Tracker()
    cards: tuple[list[Score], ...] = ([], [], [], [])
    forecasts: list[Issued] = []
    for day in own:
        counts = views[day]
        past: list[Matured] = []
        for issued in range(max(day - days - PAST_MOST, min(own)), day - days + 1):
            happened = _total(counts, issued, days) if issued in own else None
            if happened is not None:
                log = float(np.log1p(happened))
                tracker.matured(issued, log)
                past.append(Matured(own[issued][place], log, day - issued - days))
        quantiles = recalibrated(own[day][place], past, tracker.low, tracker.high)
        tracker.issued(day, quantiles)
        total = _total(final, day, days)
        if total is not None:
            ranges = (_people(quantiles), _people(own[day][place]), poisson(counts, days), random_walk(counts, days))
            forecasts.append(Issued(day=day, quantiles=ranges[0], happened=total))
            for scores, one in zip(cards, ranges, strict=True):
                scores.append(score(one, total))
    return Horizon(
        days=days,
        issued=card(cards[0]),
        before_recalibration=card(cards[1]),
        poisson=card(cards[2]),
        random_walk=card(cards[3]),
        forecasts=tuple(forecasts),
    )


def _people(logs: Floats) -> Floats:
    """Quantiles of log(1 + people) as people."""
    people: Floats = np.maximum(np.expm1(logs), 0.0)
    return people
