"""What is the road that people still have to go, as queues with people standing in them now?

Everything here is data: a `Road` says what is believed about the rest of the road, `draws.draw` makes one future of it
(`Inputs`), and an engine walks that future to a `Walk`. Engines differ in speed only; equal inputs give equal walks.

Times are minutes since the road's `as_of`, as floats; what began before is negative, what never happens is `NEVER`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corridor.base.moments import Moment

NEVER = math.inf
DAY_MINUTES = 1440.0
KNOTS = 1024
"""Points of a quantile table: 1,024 keep the mean of an exponential law within 0.1 percent."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """A distribution as its quantiles at `KNOTS` evenly spaced levels (k + 1/2) / KNOTS; between them a straight line.

    Any law fits, also an empirical one; a draw is one table look-up, the same in every engine.
    """

    quantiles: Floats

    def __post_init__(self) -> None:
        assert self.quantiles.shape == (KNOTS,), f"a law has {KNOTS} quantiles"
        assert bool(np.all(np.diff(self.quantiles) >= 0)), "quantiles do not fall"

    @property
    def mean(self) -> float:
        """Mean of the law as tabled."""
        return float(self.quantiles.mean())


LEVELS: Floats = (np.arange(KNOTS) + 0.5) / KNOTS


def constant(value: float) -> Law:
    """The law of what is known exactly."""
    return Law(np.full(KNOTS, float(value)))


def exponential(mean: float) -> Law:
    """The exponential law; its tabled mean is set to `mean` (the table would lose 0.1 percent in the tail)."""
    raw = -np.log1p(-LEVELS)
    return Law(raw * (mean / raw.mean()))


def empirical(values: Sequence[float]) -> Law:
    """The law of what was seen, with straight lines between the values. Raises ValueError when nothing was seen."""
    if len(values) == 0:
        raise ValueError("no values: a law needs at least one")
    return Law(np.quantile(np.asarray(values, dtype=np.float64), LEVELS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Open from `opens` up to but not including `closes`, in minutes since the road's `as_of`."""

    opens: float
    closes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A closure that may come, once: with probability `chance` (a law over futures), from `start` for `length`."""

    chance: Law
    start_minutes: Law
    length_minutes: Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Officers side by side, one queue. A party is served by one officer; the first ready is the first served.

    `minutes` is the service of a party, or of each of its persons when `per_person`, on a day of usual pace.
    `share` is the part of parties that need it (a law over futures); the others walk past. A service starts only
    within `windows` (None: always open) and runs to its end. `free_minutes` says when each officer is first free.
    `log_pace` is the log of a factor on service minutes that holds for the whole future; `day_sigma` the spread of
    the same from day to day and `day_rho` how much of a day's part the next day keeps.
    """

    name: str
    minutes: Law
    per_person: bool
    officers: int
    windows: tuple[Window, ...] | None = None
    share: Law | None = None  # None: everybody
    free_minutes: tuple[float, ...] = ()  # (): all free now
    log_pace: Law | None = None
    day_sigma: Law | None = None
    day_rho: float = 0.0
    closure: Closure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Something that takes time and holds up nobody else: a wait for a list, a hold, a walk."""

    name: str
    minutes: Law
    share: Law | None = None  # None: everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuttle:
    """Vehicles of `seats` places that leave and come back.

    Parties board whole and in the order in which they were ready. One vehicle at a time stands open; it leaves when
    the next party no longer fits or all seats are taken (`when_full`), and at each of `times` with whoever is there,
    provided a vehicle is there. `back_minutes` is from arriving to standing ready again. `available_minutes` says
    when each vehicle is first there.
    """

    name: str
    seats: int
    available_minutes: tuple[float, ...]
    times: tuple[float, ...]
    when_full: bool
    ride_minutes: Law
    back_minutes: Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One announced departure: when, with how many seats. Its luck hangs on `key`, so that one more departure
    changes nobody else's; keys of one stage differ."""

    key: int
    minutes: float
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Announced departures (aircraft, sailings): each may be cancelled or late, then leaves with whoever is ready.

    `cancelled` is the law over futures of the part of departures that do not go. Parties board whole and in the
    order in which they were ready, as many as fit; nobody overtakes a party that does not fit.
    """

    name: str
    departures: tuple[Departure, ...]
    cancelled: Law | None  # None: all go
    late_minutes: Law | None  # None: on time
    ride_minutes: Law


Stage = Desk | Delay | Shuttle | Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Beds:
    """Places to sleep that block: a party begins stage `enter` (served or boarded) only when as many are free as it
    has persons, and gives them back when it begins stage `leave`. `enter` < `leave`; `enter` is no Delay. Whoever
    stands between the two now holds beds, more than there are if need be."""

    name: str
    beds: int
    enter: int
    leave: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parties:
    """Everybody still on the road, one row a party, and those who may yet come.

    `key` is a number that stays with a party through edits of the road, so that its luck stays too. `stage` is the
    first stage it still has to do and `ready` when it is ready for it (minutes since `as_of`), later by a draw of
    the road's `waits[wait]` where `wait` >= 0. `rank` orders queues where priorities are on: lower goes first.
    `may_fail` marks parties that may never come (no-shows).
    """

    key: Keys
    size: Ints
    stage: Ints
    ready: Floats
    wait: Ints
    rank: Ints
    may_fail: Flags

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """Parties not registered yet: how many a day (a law over days and futures), until when, and how large.

    `slots` rows a day are kept for them; a day never brings more. They enter at `stage`, with `rank`.
    """

    per_day: Law
    days: int
    slots: int
    size: Law
    stage: int
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Road:
    """The rest of the road: people, stages in the order in which everybody goes, beds, and what is uncertain.

    `no_show` is the law over futures of the part of parties with `may_fail` that never come. `priorities` says that
    queues go by rank before time. `days` is how many days of day-to-day pace are drawn; later days keep the last.
    """

    as_of: Moment
    parties: Parties
    stages: tuple[Stage, ...]
    beds: tuple[Beds, ...] = ()
    waits: tuple[Law, ...] = ()
    no_show: Law | None = None
    demand: Demand | None = None
    priorities: bool = False
    days: int = 60
    _checked: None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        _check(self)

    @property
    def feed_forward(self) -> bool:
        """Whether nobody later can hold up anybody earlier, so that the stages can be walked one after another."""
        return not self.beds and not self.priorities


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """One future, drawn out: what an engine needs and nothing random is left. n parties (registered, then possible
    ones), S stages.

    `minutes[s][i]` is the service or delay of party i at stage s on a day of usual pace, negative when it walks
    past. `pace[s][d]` is the factor on service minutes begun on day d since `as_of`. `opens[s]`, `closes[s]` are a
    desk's windows, sorted. `leaves[s]`, `seats[s]` are the departures that go, by time. `ride[s][k]`, `back[s][k]`
    belong to the k-th departure of stage s; later departures use them from the start again.
    """

    size: Ints
    stage: Ints
    ready: Floats  # NEVER: not coming in this future
    rank: Ints
    minutes: tuple[Floats | None, ...]
    pace: tuple[Floats | None, ...]
    opens: tuple[Floats | None, ...]
    closes: tuple[Floats | None, ...]
    leaves: tuple[Floats | None, ...]
    seats: tuple[Ints | None, ...]
    ride: tuple[Floats | None, ...]
    back: tuple[Floats | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walk:
    """What became of everybody in one future. Shapes (S, n); NaN where a party does not do that stage.

    `ready[s, i]` is when the party was ready for the stage, `began[s, i]` when it was served or left, `done[s, i]`
    when it was through or had arrived. `out[i]` is when the party had done the last stage: NEVER if it does not get
    that far, NaN if it does not come in this future.
    """

    ready: Floats
    began: Floats
    done: Floats
    out: Floats


def _check(road: Road) -> None:
    """A road that cannot be walked is a mistake of whoever built it."""
    parties = road.parties
    lengths = {len(getattr(parties, name)) for name in ("key", "size", "stage", "ready", "wait", "rank", "may_fail")}
    assert len(lengths) == 1, "the columns of the parties differ in length"
    assert road.stages, "a road has a stage"
    assert len(np.unique(parties.key)) == len(parties), "two parties share a key"
    if len(parties):
        assert int(parties.size.min()) > 0, "a party has at least one person"
        assert 0 <= int(parties.stage.min()) <= int(parties.stage.max()) <= len(road.stages), (
            "a stage that is not there"
        )
        assert int(parties.wait.max()) < len(road.waits), "a wait that is not there"
    for stage in road.stages:
        match stage:
            case Desk():
                assert stage.officers > 0 and float(stage.minutes.quantiles[0]) > 0, f"{stage.name}: no service"
                assert len(stage.free_minutes) in (0, stage.officers), f"{stage.name}: one time for each officer"
                spans = stage.windows or ()
                assert all(w.opens < w.closes for w in spans), f"{stage.name}: a window ends before it starts"
                assert all(a.closes <= b.opens for a, b in pairwise(spans)), f"{stage.name}: overlap"
            case Delay():
                assert float(stage.minutes.quantiles[0]) >= 0, f"{stage.name}: a delay is not negative"
            case Shuttle():
                assert stage.seats >= _largest(road), f"{stage.name}: a party that no vehicle can take whole"
                assert list(stage.times) == sorted(stage.times), f"{stage.name}: times in order"
            case Timetable():
                assert all(departure.seats >= 0 for departure in stage.departures), f"{stage.name}: seats"
                keys = {departure.key for departure in stage.departures}
                assert len(keys) == len(stage.departures), f"{stage.name}: two departures share a key"
    for beds in road.beds:
        assert 0 <= beds.enter < beds.leave < len(road.stages), f"{beds.name}: entered before left"
        assert not isinstance(road.stages[beds.enter], Delay), f"{beds.name}: a delay cannot wait for a bed"
        assert road.demand is None or road.demand.stage <= beds.enter, f"{beds.name}: demand appears in its beds"


def _largest(road: Road) -> int:
    """Persons in the largest party that may come."""
    sizes = [int(road.parties.size.max())] if len(road.parties) else [1]
    if road.demand is not None:
        sizes.append(int(road.demand.size.quantiles[-1] + 0.5))
    return max(sizes)
