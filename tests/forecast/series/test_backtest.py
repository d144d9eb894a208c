"""Back-tests use only what was known, and their ranges hold what they promise."""

from __future__ import annotations

from random import Random

import numpy as np

from corridor.base.moments import Moment
from corridor.forecast.scores import LEVELS, P10, P90
from corridor.forecast.series.backtest import backtest
from corridor.forecast.series.level import Believer, after, at_first, totals
from corridor.forecast.series.reading import Figure, Series, end_of
from corridor.forecast.series.rivals import poisson, random_walk
from corridor.forecast.tracking import Matured, Tracker, recalibrated

START = 738_000


def series(counts: list[int]) -> Series:
    """Days in a row, each known when it is over."""
    figures = (Figure(day=START + n, count=count, known=end_of(START + n)) for n, count in enumerate(counts))
    return Series(kind="arrivals", figures=tuple(figures), revised=False)


def world(seed: int, days: int, shift: float = 0.0) -> list[int]:
    """Counts with a day effect about a drifting level, which jumps in the middle by `shift` on the log scale."""
    rng = Random(seed)
    level = rng.uniform(4, 8)
    counts = []
    for day in range(days):
        level += rng.gauss(0, 0.03) + (shift if day == days // 2 else 0.0)
        counts.append(round(np.exp(level + rng.gauss(0, 0.3))))
    return counts


def test_coverage_on_worlds() -> None:
    """On 8 worlds, half of which shift, P10 to P90 cover 80 within 5 percent at 1 and 7 days; Poisson under half."""
    results = [backtest(series(world(seed, 100, shift=0.7 * (seed % 2)))) for seed in range(8)]
    for place in (0, 1):
        cards = [result.horizons[place] for result in results]
        covered = float(np.mean([card.issued.covered for card in cards]))
        assert abs(covered - 0.8) <= 0.05, covered
        assert np.mean([card.poisson.covered for card in cards]) < 0.5
        assert np.mean([card.issued.wis for card in cards]) < np.mean([card.poisson.wis for card in cards])


def test_the_future_changes_nothing() -> None:
    """What comes to be known later changes no forecast issued before."""
    counts = world(3, 60)
    early, late = series(counts[:41]), series(counts[:41] + [10**9] * 19)
    for before, after_it in zip(backtest(early).horizons, backtest(late).horizons, strict=True):
        assert len(before.forecasts) == 42 - 8 + 1 - before.days
        for one, same in zip(before.forecasts, after_it.forecasts, strict=False):
            assert one.day == same.day
            assert np.array_equal(one.quantiles, same.quantiles)


def test_revisions_are_not_foreseen() -> None:
    """A day published low and revised later is forecast from as low, so ranges made of final figures do better."""
    counts = world(5, 80)
    final = series(counts)
    low = [Figure(day=START + n, count=count // 3, known=end_of(START + n)) for n, count in enumerate(counts)]
    known = [Moment(end_of(START + n + 3) + 1) for n in range(80)]
    later = [Figure(day=START + n, count=count, known=known[n]) for n, count in enumerate(counts)]
    revised = Series(kind="arrivals", figures=tuple(low + later), revised=True)
    as_of, hindsight = backtest(revised).horizons[0], backtest(final).horizons[0]
    assert revised.last == final.last
    assert as_of.issued.wis is not None
    assert hindsight.issued.wis is not None
    assert as_of.issued.wis > 1.3 * hindsight.issued.wis


def test_short_series_says_so() -> None:
    """Seven days or fewer give no matured forecast; a total with a missing day never matures."""
    assert backtest(series(world(1, 7))).too_short
    assert not backtest(series(world(1, 9))).too_short
    gaps = Series(
        kind="arrivals",
        figures=tuple(Figure(day=START + 3 * n, count=50, known=end_of(START + 3 * n)) for n in range(30)),
        revised=False,
    )
    assert [horizon.issued.matured for horizon in backtest(gaps).horizons] == [23, 0, 0]


def test_degenerate_series_have_ranges() -> None:
    """Nothing but zeros, one and the same count, and huge counts give ranges in order and finite scores."""
    for counts in ([0] * 40, [7] * 40, [10**12, 0] * 20, [1, 0, 0, 0] * 10):
        for horizon in backtest(series(counts)).horizons:
            for card in (horizon.issued, horizon.before_recalibration, horizon.poisson, horizon.random_walk):
                assert card.wis is not None
                assert np.isfinite(card.wis)
                assert card.crps is not None
                assert np.isfinite(card.crps)


def test_zero_days_are_their_own_chance() -> None:
    """After every second day was without anybody, about half of tomorrows are."""
    state = at_first()
    for day in range(80):
        state = after(state, 0 if day % 2 else 100)
    tomorrow = totals(state, 1, 1, seed=1)[:, 0]
    assert 0.35 < float(np.mean(tomorrow == 0)) < 0.6
    assert 80 < float(np.median(tomorrow[tomorrow > 0])) < 125


def test_believer_reads_anew_from_a_changed_day() -> None:
    """Beliefs after a revision equal those read from the start."""
    counts = dict(enumerate(world(2, 30)))
    believer = Believer()
    believer.after(counts, 0, 29)
    counts[12] += 500
    again, fresh = believer.after(counts, 0, 29), Believer().after(counts, 0, 29)
    assert np.array_equal(again.mean, fresh.mean)
    assert np.array_equal(again.weight, fresh.weight)


def test_recalibration_learns() -> None:
    """Ranges far too narrow are stretched until they cover 80 percent; without a past they stay as they are."""
    rng = Random(4)
    own = np.interp(LEVELS, [0, 1], [-0.2, 0.2])
    assert np.allclose(recalibrated(own, []), own, atol=0.01)
    tracker, past, hits = Tracker(), [], []
    for day in range(200):
        aged = [Matured(one.quantiles, one.happened, day - n) for n, one in enumerate(past)]
        asked = recalibrated(own, aged, tracker.low, tracker.high)
        assert np.all(np.diff(asked) >= 0)
        tracker.issued(day, asked)
        happened = rng.gauss(0, 1)
        hits.append(bool(asked[P10] <= happened <= asked[P90]))
        tracker.matured(day, happened)
        past.append(Matured(own, happened, 0))
    assert 0.7 <= np.mean(hits[40:]) <= 0.9


def test_rivals() -> None:
    """The Poisson plug-in's quantiles are those of the law, small and large; a walk without steps stays."""
    assert poisson({0: 4}, 1)[[P10, 11, P90]].tolist() == [2, 4, 7]
    large = poisson({0: 2_000}, 7)
    assert abs(large[11] - 14_000) <= 1
    assert abs((large[P90] - large[P10]) / np.sqrt(14_000) - 2.563) < 0.02
    assert np.allclose(random_walk({0: 9, 1: 9, 2: 9}, 7), 63)
