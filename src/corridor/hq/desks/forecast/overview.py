"""The page of the forecast: the answer, the fan of arrivals, stages, staging, flights, the narrow place day by day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from corridor.base.moments import DAY_MS, Moment
from corridor.hq.access.rights import needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.forecast.asked import Asked, asked_for, tag_for, unless_known
from corridor.hq.desks.forecast.axes import TimeAxis
from corridor.hq.desks.forecast.block import block_facts
from corridor.hq.desks.forecast.dots import Dot, strip
from corridor.hq.desks.forecast.fan import at_day, draw_fan
from corridor.hq.desks.forecast.scored import cards_of
from corridor.hq.desks.forecast.sentences import between, counted_of_twenty, middle, stage_titles
from corridor.hq.served import served
from corridor.journey.forecasting.kept import HORIZONS_DAYS
from corridor.journey.forecasting.outlook import TWENTY, Outlook
from corridor.journey.forecasting.road import DAYS

DAYS_DRAWN_LEAST = 7
TABLE_DAYS = (1, 3, 7, 14, 30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """A stage: its name, twenty dots along the common axis, and the same in words."""

    title: str
    dots: tuple[Dot, ...]
    middle: str
    between: str
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightRow:
    """One of the next departures: when, how full; the load as places in percent of the seats."""

    number: int
    middle: str
    between: str
    late: int
    low: int
    load: int
    high: int
    seats: int
    x_low: str
    x_load: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """A day: before which stage people wait longest, in how many of twenty futures; then the next."""

    day: Moment
    title: str
    of_twenty: str
    share: str
    then: str


@require_safe
@needs("figures")
def overview(request: HttpRequest) -> HttpResponse:
    """The page, or its region when it asks for its own news."""
    asked = asked_for(request, walk=True)
    tag = tag_for(request, asked)
    known = unless_known(request, tag)
    if known is not None:
        return known
    facts = {"tag": tag, "part": "forecast", "walking": True, **_facts(asked)}
    response = show(request, "hq/desks/forecast/overview.html", facts, part="hq/desks/forecast/_overview.html")
    response.headers["ETag"] = tag
    return response


def _facts(asked: Asked) -> dict[str, Any]:
    facts = block_facts(asked)
    outlook = None if asked.standing is None else asked.standing.outlook
    if outlook is None or not outlook.persons:
        return facts
    zone, mirrored = served().operation.as_of_zone, get_language_bidi()
    days = days_drawn(outlook)
    base = outlook.history[-1]
    seen = _since_the_first(outlook.history)
    axis = TimeAxis(first=outlook.at, last=Moment(outlook.at + days * DAY_MS), mirrored=mirrored, share=0.86)
    return facts | {
        "days": days,
        "home": draw_fan(
            outlook.home, at=outlook.at, days=days, zone=zone, mirrored=mirrored, was=seen, line=base + outlook.persons
        ),
        "home_rows": _rows(outlook, outlook.home, days, base),
        "staging": draw_fan(outlook.staging, at=outlook.at, days=days, zone=zone, mirrored=mirrored, line=outlook.beds),
        "staging_rows": _rows(outlook, outlook.staging, days, 0),
        "full": _full(outlook),
        "axis_days": axis.days(zone, names=4),
        "stages": _stages(outlook, axis, zone),
        "flights": _flights(outlook, zone, mirrored),
        "binding": _binding(outlook, mirrored),
        "cards": cards_of(outlook.cards),
        "horizons": HORIZONS_DAYS,
        "days_most": DAYS,
    }


def _since_the_first(history: tuple[int, ...]) -> tuple[int, ...]:
    """The history from the step before the first came home."""
    first = next((number for number, persons in enumerate(history) if persons), len(history))
    return history[max(min(first, len(history)) - 1, 0) :]


def days_drawn(outlook: Outlook) -> int:
    """How far the drawings go: until nearly all futures have ended, a week at least."""
    times = [one for one in outlook.all_out.twenty if one is not None]
    if len(times) < TWENTY - 2:
        return DAYS
    return min(max(math.ceil((times[-1] - outlook.at) / DAY_MS * 1.05), DAYS_DRAWN_LEAST), DAYS)


def _rows(outlook: Outlook, fan: Any, days: int, base: int) -> list[tuple[Moment, int, int, int]]:
    """P10, P50 and P90 at some days, for whoever reads numbers."""
    return [(Moment(outlook.at + day * DAY_MS), *at_day(fan, day, base)) for day in TABLE_DAYS if day <= days]


def _full(outlook: Outlook) -> tuple[Moment, str] | None:
    """The day on which staging is fullest, and in how many of twenty futures it has too few beds; None: never, or how
    many beds there are is not known."""
    if not len(outlook.full) or outlook.full.max() < 0.5 / TWENTY:
        return None
    step = int(outlook.full.argmax())
    return Moment(outlook.at + step * DAY_MS // 4), counted_of_twenty(float(outlook.full[step]))


def _stages(outlook: Outlook, axis: TimeAxis, zone: str) -> list[StageRow]:
    titles = stage_titles()
    return [
        StageRow(
            title=titles[name],
            dots=strip(stand.twenty, axis),
            middle=middle(stand, outlook.at, zone),
            between=between(stand, outlook.at, zone),
            late=stand.late,
        )
        for name, stand in outlook.stages.items()
    ]


def _flights(outlook: Outlook, zone: str, mirrored: bool) -> list[FlightRow]:
    found = []
    for number, one in enumerate(outlook.departing, start=1):
        if one.leaves.late == TWENTY:
            break
        seats = max(outlook.seats, one.load_p90)
        low, load, high = (100.0 * value / seats for value in (one.load_p10, one.load_p50, one.load_p90))
        found.append(
            FlightRow(
                number=number,
                middle=middle(one.leaves, outlook.at, zone),
                between=between(one.leaves, outlook.at, zone),
                late=one.leaves.late,
                low=one.load_p10,
                load=one.load_p50,
                high=one.load_p90,
                seats=outlook.seats,
                x_low=f"{100.0 - high if mirrored else low:.1f}",
                x_load=f"{100.0 - load if mirrored else load:.1f}",
                width=f"{high - low:.1f}",
            )
        )
    return found


def _binding(outlook: Outlook, mirrored: bool) -> list[DayRow]:
    titles = stage_titles()
    found = []
    for day, parts in enumerate(outlook.binding):
        ranked = sorted(parts.items(), key=lambda one: -one[1])
        name, part = ranked[0]
        then = [f"{titles[other]}: {counted_of_twenty(share)}" for other, share in ranked[1:3] if share >= 1.0 / TWENTY]
        found.append(
            DayRow(
                day=Moment(outlook.at + day * DAY_MS),
                title=titles[name],
                of_twenty=counted_of_twenty(part),
                share=f"{100.0 * part:.1f}",
                then="; ".join(then),
            )
        )
    return found
