"""Twenty futures as twenty dots: when something is over, or by how much a change moves it.

Dots of equal weight are counted, not measured: people judge odds by them better than by areas or intervals
(Kay and others 2016, Fernandes and others 2018). Each stands on its place in time; none is an edge beyond which nothing
can happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corridor.base.moments import HOUR_MS, Moment
from corridor.hq.desks.forecast.axes import Tick, TimeAxis
from corridor.hq.desks.forecast.sentences import by_when, later, signed_hours

COLUMNS = 20
COLUMNS_OF_TIME = 17
"""Columns that time has where some futures are later than the drawing goes: a free one, and one for them."""
RADIUS = 6.5
TALL = 10
"""Dots in one column from which all are drawn smaller."""
LATE_FROM = 0.88
"""Where on a common axis those begin that are later than it goes."""
SPAN_LEAST_MS = 20 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Dot:
    """One future: its place across in percent, up in pixels from the top; `late`: later than the drawing goes."""

    x: str
    y: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DotPlot:
    """Twenty dots, ready to be drawn. `late` of them stand at `late_x`."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    radius: str
    high: int
    late: int
    late_x: str
    late_edge: str
    late_says: str

    @property
    def below(self) -> int:
        """Where the first line of words stands, in pixels from the top."""
        return self.high + 14

    @property
    def lower(self) -> int:
        """Where the second line of words stands."""
        return self.high + 30

    @property
    def whole(self) -> int:
        """How high the drawing is with its words."""
        second = self.late or any(not tick.edge for tick in self.ticks)
        return self.high + (36 if second else 20)


def dot_plot(twenty: Sequence[Moment | None], *, at: Moment, zone: str, mirrored: bool) -> DotPlot:
    """When something is over in each of twenty futures; None: later than the forecast of `at` goes."""
    times = [one for one in twenty if one is not None]
    late = len(twenty) - len(times)
    columns = COLUMNS_OF_TIME if late else COLUMNS
    first = min(times, default=Moment(0))
    last = Moment(max(max(times, default=first), first + SPAN_LEAST_MS))
    taken = [min(int((one - first) / (last - first) * columns), columns - 1) for one in times]
    axis = TimeAxis(first=first, last=last, mirrored=mirrored, share=columns / COLUMNS)
    names = tuple(
        Tick(axis.percent(one), moment=one, edge=edge, says=by_when(one, at, zone)) for one, edge in _ends(axis, times)
    )
    return _stacked([*taken, *[COLUMNS - 1] * late], late, mirrored, names)


def difference_plot(hours: Sequence[float], *, mirrored: bool) -> DotPlot:
    """By how many hours a change brings the end nearer, in each of twenty futures; 0 is always on it."""
    low, high = min([0.0, *hours]), max([0.0, *hours])
    if high - low < 1.0:
        high = low + 1.0
    taken = [min(int((one - low) / (high - low) * COLUMNS), COLUMNS - 1) for one in hours]

    def across(value: float) -> str:
        part = (value - low) / (high - low)
        return f"{100.0 * (1.0 - part if mirrored else part):.2f}"

    edges = {low: "last", high: "first"} if mirrored else {low: "first", high: "last"}
    names = [Tick(across(one), edge=edges.get(one, ""), says=signed_hours(one)) for one in sorted({low, 0.0, high})]
    return _stacked(taken, 0, mirrored, tuple(names))


def strip(twenty: Sequence[Moment | None], axis: TimeAxis) -> tuple[Dot, ...]:
    """Twenty futures along one line of a common axis; those that are later stand side by side at its end."""
    later_ones = [one is None or one > axis.last for one in twenty]
    count, found = sum(later_ones), list[Dot]()
    for one, is_late in zip(twenty, later_ones, strict=True):
        if one is not None and not is_late:
            found.append(Dot(axis.percent(one), "9"))
            continue
        beyond = sum(dot.late for dot in found)
        part = LATE_FROM + (1.0 - LATE_FROM) * (beyond + 0.5) / count
        found.append(Dot(f"{100.0 * (1.0 - part if axis.mirrored else part):.2f}", "9", late=True))
    return tuple(found)


def _ends(axis: TimeAxis, times: Sequence[Moment]) -> list[tuple[Moment, str]]:
    """The first and the last of the times that are drawn, and at which end each stands."""
    first, last = ("last", "first") if axis.mirrored else ("first", "last")
    if not times or max(times) - min(times) < HOUR_MS:
        return [(axis.first, first)] if times else []
    # Of futures that are spread over less than a day the last is not at the end of the axis.
    return [(axis.first, first), (max(times), last if max(times) == axis.last else "")]


def _stacked(taken: Sequence[int], late: int, mirrored: bool, ticks: tuple[Tick, ...]) -> DotPlot:
    """Dots in the same column stand on one another."""
    tallest = max(Counter(taken).values(), default=1)
    radius = RADIUS if tallest <= TALL else RADIUS * TALL / tallest
    high = round(2 * radius * max(tallest, 3)) + 2
    reached: Counter[int] = Counter()
    dots = []
    for number, column in enumerate(taken):
        part = (column + 0.5) / COLUMNS
        y = high - 1 - radius * (2 * reached[column] + 1)
        reached[column] += 1
        part = 1.0 - part if mirrored else part
        dots.append(Dot(f"{100.0 * part:.2f}", f"{y:.1f}", late=number >= len(taken) - late))
    return DotPlot(
        dots=tuple(dots),
        ticks=ticks,
        radius=f"{radius - 0.6:.1f}",
        high=high,
        late=late,
        late_x="0" if mirrored else "100",
        late_edge="first" if mirrored else "last",
        late_says=later(),
    )
