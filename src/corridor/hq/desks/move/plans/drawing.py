"""The drawing of a plan over its hours: convoys on vehicles, flights, and how full gates, beds and desks are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from corridor.base.ids import PlaceId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment, datetime_of, moment_of
from corridor.hq.desks.move.plans.page import One
from corridor.hq.desks.move.plans.sentences import escorts_name, fleet_name, flight_name, moment_at, place_name, when
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.plan.answer import Convoy, Load
from corridor.plan.problem import Problem

MARKS_MAX = 10
NEAR = 0.8
"""The share of a limit from which on an hour is drawn as nearly full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One movement on a lane, in percent; `souls` are aboard, of `seats` (None: as many as come)."""

    movement: str
    title: str
    x: str
    width: str
    middle: str
    at: Moment
    souls: int
    seats: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One vehicle or flight; `stays` when it does not fly."""

    label: str
    bars: tuple[Bar, ...]
    stays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lanes of one kind."""

    name: str
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A time under the drawing: `x` in percent; `day` true at a midnight, `odd` for every second one of those, which a
    narrow window has no room for."""

    x: str
    at: Moment
    day: bool
    odd: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How a capacity is used over the hours: a path in a box of 100 by 100, the limit at `line` percent from the top
    ('' where there is none), how much at most and when; `unit` says of what."""

    name: str
    path: str
    line: str
    most: int
    most_at: Moment
    limit: int | None
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Hours drawn alike on a strip: in percent, `kind` full or near."""

    x: str
    width: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """When a capacity binds: its full and nearly full hours, and the full ones in words."""

    name: str
    spans: tuple[Span, ...]
    full_hours: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The whole drawing."""

    groups: tuple[Group, ...]
    marks: tuple[Mark, ...]
    levels: tuple[Level, ...]
    strips: tuple[Strip, ...]


X = Callable[[float], float]


def drawn(one: One) -> Drawing:
    """The plan drawn; mirrored for languages written from the right."""
    problem = one.problem
    mirrored = get_language_bidi()

    def x(minute: float) -> float:
        part = 100 * min(max(minute, 0), problem.minutes) / problem.minutes
        return 100 - part if mirrored else part

    return Drawing(
        groups=(*_convoys(one, x), _flights(one, x)),
        marks=tuple(_marks(problem, x)),
        levels=tuple(_level(problem, load, x) for load in one.plan.loads if load.kind in ("gate", "beds")),
        strips=tuple(_strips(problem, one.plan.loads, x)),
    )


def _bar(x: X, begin: float, end: float) -> dict[str, str]:
    left, right = sorted((x(begin), x(end)))
    return {"x": f"{left:.2f}", "width": f"{max(right - left, 0.6):.2f}", "middle": f"{(left + right) / 2:.2f}"}


def _convoys(one: One, x: X) -> Iterator[Group]:
    """For each leg with vehicles its convoys, on as many lanes as go at once."""
    by_leg: dict[str, list[Convoy]] = {}
    for convoy in one.plan.convoys:
        if convoy.vehicles:
            by_leg.setdefault(convoy.leg, []).append(convoy)
    fleets = {fleet.id: fleet for fleet in one.problem.fleets}
    for leg_id, convoys in by_leg.items():
        leg = one.legs[leg_id]
        lanes: list[list[Convoy]] = []
        for convoy in convoys:
            free = next(
                (lane for lane in lanes if lane[-1].departs_minute + leg.minutes <= convoy.departs_minute), None
            )
            if free is None:
                lanes.append([convoy])
            else:
                free.append(convoy)
        yield Group(
            name=f"{place_name(leg.source)} – {place_name(leg.target)}",
            lanes=tuple(
                Lane(
                    label=_("Convoys"),
                    bars=tuple(
                        Bar(
                            movement=convoy.id,
                            title=_("Convoy %(time)s") % {"time": when(one.problem, convoy.departs_minute, leg.source)},
                            at=moment_at(one.problem, convoy.departs_minute),
                            souls=one.persons(convoy.aboard),
                            seats=sum(fleets[each.fleet].seats for each in convoy.vehicles),
                            **_bar(x, convoy.departs_minute, convoy.departs_minute + leg.minutes),
                        )
                        for convoy in lane
                    ),
                )
                for lane in lanes
            ),
        )


def _flights(one: One, x: X) -> Group:
    lanes = []
    for flight in one.problem.flights:
        run = one.runs[flight.id]
        bars: tuple[Bar, ...] = ()
        if run.flies and run.departs_minute is not None:
            minutes = _minutes_home(flight.airport, flight.home)
            bars = (
                Bar(
                    movement=flight.id,
                    title=flight_name(flight.id),
                    at=moment_at(one.problem, run.departs_minute),
                    souls=one.persons(run.aboard),
                    seats=flight.seats,
                    **_bar(x, run.departs_minute, run.departs_minute + minutes),
                ),
            )
        lanes.append(Lane(label=flight_name(flight.id), bars=bars, stays=not run.flies))
    return Group(name=_("Flights"), lanes=tuple(lanes))


def _minutes_home(airport: str, home: str) -> int:
    operation = served().operation
    if not operation.has_place(PlaceId(airport)) or not operation.has_place(PlaceId(home)):
        return 60
    route = operation.route_between(PlaceId(airport), PlaceId(home))
    return sum(leg.minutes for leg in route) if route else 60


def _marks(problem: Problem, x: X) -> Iterator[Mark]:
    """Midnights of the operation's zone, and the hours between them as there is room."""
    start, stop = problem.start, Moment(problem.start + problem.minutes * MINUTE_MS)
    zone = served().operation.as_of_zone
    first = moment_of(datetime_of(start, zone).replace(hour=0, minute=0, second=0, microsecond=0))
    every = next(hours for hours in (6, 12, 24, 48, 96, 192) if (stop - start) / HOUR_MS / hours <= MARKS_MAX)
    for moment in range(first, stop, every * HOUR_MS):
        if moment > start:
            minute, local = (moment - start) / MINUTE_MS, datetime_of(Moment(moment), zone)
            yield Mark(f"{x(minute):.2f}", Moment(moment), local.hour == 0, local.toordinal() % 2 == 1)


def load_name(problem: Problem, load: Load) -> str:
    """What a capacity is called."""
    if load.kind == "gate":
        return _("Crossing at %(place)s, an hour") % {"place": place_name(load.id)}
    if load.kind == "holding":
        return _("Waiting before the gate at %(place)s") % {"place": place_name(load.id)}
    if load.kind == "hall":
        return _("Waiting behind the gate at %(place)s") % {"place": place_name(load.id)}
    if load.kind == "beds":
        return _("People and beds at %(place)s") % {"place": place_name(load.id)}
    if load.kind == "fleet":
        return fleet_name(load.id)
    if load.kind == "station":
        station = next((one for one in problem.stations if one.id == load.id), None)
        service = load.id if station is None else word(station.service)
        return _("Queue of the station %(station)s") % {"station": service}
    return escorts_name(load.id)


def _level(problem: Problem, load: Load, x: X) -> Level:
    known = [limit for limit in load.limit if limit is not None]
    limit = max(known) if known else None
    most = max((*load.used, limit or 0, 1))

    def y(people: int) -> float:
        return 100 - 90 * people / most

    slot = problem.slot_minutes
    points = [f"M{x(0):.2f} 100"]
    points += [f"H{x(slot * number):.2f}V{y(used):.2f}" for number, used in enumerate(load.used)]
    peak = max(range(len(load.used)), key=lambda number: load.used[number]) if load.used else 0
    pairs = zip(load.used, load.limit, strict=True)
    return Level(
        name=load_name(problem, load),
        path="".join(points) + f"H{x(problem.minutes):.2f}V100z",
        line="" if limit is None else f"{y(limit):.2f}",
        most=max(load.used, default=0),
        most_at=moment_at(problem, peak * slot),
        limit=limit,
        over=any(most_allowed is not None and used > most_allowed for used, most_allowed in pairs),
    )


def _strips(problem: Problem, loads: Iterable[Load], x: X) -> Iterator[Strip]:
    """The capacities that are full or nearly so in some hour, those full the longest first."""
    found = []
    for load in loads:
        kinds = [_kind(used, limit) for used, limit in zip(load.used, load.limit, strict=True)]
        if any(kinds):
            found.append(_strip(problem, load, kinds, x))
    yield from sorted(found, key=lambda strip: -strip.full_hours)


def _kind(used: int, limit: int | None) -> str:
    if limit is None or used <= 0:
        return ""
    return "full" if used >= limit else "near" if used >= NEAR * limit else ""


def _strip(problem: Problem, load: Load, kinds: list[str], x: X) -> Strip:
    slot = problem.slot_minutes
    spans, full, begin = [], [], 0
    for kind, those in groupby(kinds):
        end = begin + len(list(those))
        if kind:
            bar = _bar(x, begin * slot, end * slot)
            spans.append(Span(x=bar["x"], width=bar["width"], kind=kind))
        if kind == "full":
            full.append((begin, end))
        begin = end
    return Strip(
        name=load_name(problem, load),
        spans=tuple(spans),
        full_hours=sum(end - begin for begin, end in full) * slot // 60,
        says=_said(problem, full),
    )


SPANS_SAID = 4
"""Spans of full hours that are written out; further ones are only counted and drawn."""


def _said(problem: Problem, full: list[tuple[int, int]]) -> str:
    """The full hours in words, the first of them."""
    slot, zone = problem.slot_minutes, served().operation.as_of_zone
    said = []
    for begin, end in full[:SPANS_SAID]:
        until = datetime_of(moment_at(problem, end * slot), zone)
        said.append(f"{when(problem, begin * slot)} – {until:%H:%M}")
    return "; ".join(said) + ("; …" if len(full) > SPANS_SAID else "")
