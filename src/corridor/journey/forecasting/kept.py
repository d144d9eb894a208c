"""Which forecasts were issued, how good were they, and how are the next ones recalibrated by them?

Headquarters keeps a forecast as an event, the shell as one line of JSON. It matures when what it spoke of is over: how
many are home within 1, 7 and 14 days matures then, "all out" only when everybody is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.base.ids import UserId
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment, iso, parse_moment
from corridor.forecast.road import Floats
from corridor.forecast.scores import LEVELS, Card, card, score
from corridor.forecast.tracking import Matured, Tracker, recalibrated
from corridor.journey.board.board import Board
from corridor.journey.forecasting.forecast import MODEL, Forecast
from corridor.journey.forecasting.road import DAYS
from corridor.journey.issuing.orders import IssueForecast
from corridor.journey.issuing.state import forecasts_issued
from corridor.journey.planning.problem import road_for
from corridor.journey.planning.replay import journeys

HORIZONS_DAYS = (1, 7, 14)
_NEVER_HOURS = DAYS * 24.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Issued:
    """A forecast as issued. `home` are quantiles at `LEVELS` of persons home within each of `HORIZONS_DAYS`,
    `all_out_hours` of hours until all are out (`DAYS` days: later than that). `own` are the model's quantiles of
    `home`, before recalibration."""

    at: Moment
    known: Moment
    model: str
    home: tuple[Floats, ...]
    own: tuple[Floats, ...]
    all_out_hours: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """When people came home, sorted, and when the last was out (None: not all are), as a board knows it."""

    at: Moment
    homes: tuple[Moment, ...]
    all_out: Moment | None

    def home_within(self, since: Moment, days: int) -> int | None:
        """How many came home in so many days; None: they are not over."""
        until = since + days * DAY_MS
        return None if until > self.at else sum(since < home <= until for home in self.homes)


def truth_on(board: Board) -> Truth:
    """What became of everybody by the board's moment."""
    road = road_for(board, 24)
    legs = {leg.id: leg for leg in road.way_home.values()}
    minutes = max((leg.minutes for leg in legs.values()), default=0)
    found = journeys(board, road).values()
    homes = sorted(Moment(one.flown_at + minutes * MINUTE_MS) for one in found if one.flown_at is not None)
    homes = [home for home in homes if home <= board.at]
    open_yet = board.people("applications_open") | board.people("on_the_way") | board.people("staging")
    return Truth(at=board.at, homes=tuple(homes), all_out=homes[-1] if homes and not open_yet else None)


def issue(forecast: Forecast, past: Sequence[Issued], truth: Truth) -> Issued:
    """The forecast as it is issued: recalibrated by those before it that have matured by what is known now."""
    asked = forecast.asked
    before = [one for one in past if one.at < asked.at and one.model == MODEL]
    own = tuple(np.log1p(forecast.out_quantiles(days)) for days in HORIZONS_DAYS)
    home = []
    for place, days in enumerate(HORIZONS_DAYS):
        tracker, matured = Tracker(), []
        for number, one in enumerate(before):
            happened = truth.home_within(one.at, days)
            if happened is not None:
                log = float(np.log1p(happened))
                matured.append(Matured(np.log1p(one.own[place]), log, (asked.at - one.at) / DAY_MS - days))
                tracker.issued(number, np.log1p(one.home[place]))
                tracker.matured(number, log)
        home.append(np.maximum(np.expm1(recalibrated(own[place], matured, tracker.low, tracker.high)), 0.0))
    hours = np.minimum(np.maximum(forecast.last_out_minutes, 0.0) / 60.0, _NEVER_HOURS)
    return Issued(
        at=asked.at,
        known=asked.known,
        model=MODEL,
        home=tuple(home),
        own=tuple(np.expm1(one) for one in own),
        all_out_hours=np.quantile(hours, LEVELS, method="inverted_cdf"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCards:
    """The score cards by horizon in days, in persons, and of "all out", in hours."""

    home: Mapping[int, Card]
    all_out: Card

    @property
    def withdrawn(self) -> bool:
        """Whether "all out" is not to be shown: its own card says so or, before anything of it has matured, the one of
        seven days."""
        return self.all_out.withdrawn if self.all_out.matured else self.home[7].withdrawn


def score_cards(past: Iterable[Issued], truth: Truth) -> ScoreCards:
    """How good the forecasts were that have matured by now."""
    before = sorted((one for one in past if one.at < truth.at), key=lambda one: one.at)
    home = {}
    for place, days in enumerate(HORIZONS_DAYS):
        pairs = ((one.home[place], truth.home_within(one.at, days)) for one in before)
        home[days] = card([score(quantiles, happened) for quantiles, happened in pairs if happened is not None])
    last = truth.all_out
    over = [] if last is None else [one for one in before if one.at < last]
    return ScoreCards(
        home=home,
        all_out=card([score(one.all_out_hours, ((last or one.at) - one.at) / HOUR_MS) for one in over]),
    )


def issued_on(board: Board) -> list[Issued]:
    """The forecasts that headquarters has on record, by what the board knows."""
    found = []
    for body, _ in forecasts_issued(board.view):
        rows = [
            [np.array(row.get(str(days), ()), dtype=float) for days in HORIZONS_DAYS] for row in (body.home, body.own)
        ]
        hours = np.array(body.all_out_hours, dtype=float)
        if all(_is_row(one) for one in (*rows[0], *rows[1], hours)):
            found.append(
                Issued(
                    at=body.as_of,
                    known=body.known,
                    model=body.model,
                    home=tuple(rows[0]),
                    own=tuple(rows[1]),
                    all_out_hours=hours,
                )
            )
    return found


def order_for(issued: Issued, *, by: UserId, runs: int, persons: int) -> IssueForecast:
    """The order that puts a forecast on record."""

    def plain(row: Floats) -> tuple[float, ...]:
        return tuple(row.round(3).tolist())

    return IssueForecast(
        by=by,
        as_of=issued.at,
        known=issued.known,
        model=issued.model,
        runs=runs,
        on_the_road=persons,
        home={days: plain(row) for days, row in zip(HORIZONS_DAYS, issued.home, strict=True)},
        own={days: plain(row) for days, row in zip(HORIZONS_DAYS, issued.own, strict=True)},
        all_out_hours=plain(issued.all_out_hours),
    )


def both_kept(*kept: Iterable[Issued]) -> list[Issued]:
    """Forecasts from several places, each moment once (the first counts), by time."""
    found: dict[tuple[Moment, Moment], Issued] = {}
    for one in (one for some in kept for one in some):
        found.setdefault((one.at, one.known), one)
    return sorted(found.values(), key=lambda one: (one.at, one.known))


def _is_row(row: Floats) -> bool:
    """Whether these are quantiles at `LEVELS`."""
    return row.shape == LEVELS.shape and bool(np.all(np.isfinite(row)))


def written(issued: Issued) -> str:
    """One line of JSON."""
    told = {
        "at": iso(issued.at),
        "known": iso(issued.known),
        "model": issued.model,
        "levels": LEVELS.tolist(),
        "home": {str(days): row.round(3).tolist() for days, row in zip(HORIZONS_DAYS, issued.home, strict=True)},
        "own": {str(days): row.round(3).tolist() for days, row in zip(HORIZONS_DAYS, issued.own, strict=True)},
        "all_out_hours": issued.all_out_hours.round(3).tolist(),
    }
    return json.dumps(told, separators=(",", ":"))


def read_kept(text: str, name: str) -> tuple[list[Issued], list[str]]:
    """The forecasts of a file, each moment once (the first counts), and a sentence for every line that is none."""
    found: dict[tuple[Moment, Moment], Issued] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            rows = [[np.array(told[key][str(days)], dtype=float) for days in HORIZONS_DAYS] for key in ("home", "own")]
            hours = np.array(told["all_out_hours"], dtype=float)
            if not all(_is_row(row) for row in (*rows[0], *rows[1], hours)):
                raise ValueError("quantiles")
            at, known = parse_moment(told["at"]), parse_moment(told["known"])
            one = Issued(
                at=at,
                known=known,
                model=str(told["model"]),
                home=tuple(rows[0]),
                own=tuple(rows[1]),
                all_out_hours=hours,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            faults.append(f"{name}, row {number}: This is no stored forecast. Remove the row.")
            continue
        found.setdefault((at, known), one)
    return sorted(found.values(), key=lambda one: (one.at, one.known)), faults
