"""Who is on one convoy or flight of a plan, by seat class, and who waits for a place on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from corridor.base.ids import MovementId
from corridor.base.moments import Moment
from corridor.hq.access.rights import needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.move.plans.families import Family, families
from corridor.hq.desks.move.plans.page import One, head, made_one
from corridor.hq.desks.move.plans.sentences import escorts_name, flight_name, moment_at, place_name, when
from corridor.hq.templatetags.words import word
from corridor.plan.answer import Aboard, Convoy, Sent

CLASSES = ("seats", "stretchers", "wheelchairs", "laps")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassOf:
    """Places of one class: how many the plan takes, of how many (None: as many as there are)."""

    name: str
    used: int
    have: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOf:
    """One party in one vehicle ('' on foot or on an aircraft); `counts` are its places by class."""

    family: Family
    vehicle: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A party on standby, and how likely it gets a place."""

    family: Family
    chance_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridden:
    """One movement of a plan: `at` None where it does not fly, `seats_kept` for partners and not used."""

    id: MovementId
    title: str
    way: str
    at: Moment | None
    classes: tuple[ClassOf, ...]
    vehicles: str
    rows: tuple[Aboard, ...]
    souls: int
    escorts: tuple[tuple[str, int], ...] = ()


@needs("plans")
def manifest(request: HttpRequest, plan: str, movement: str) -> HttpResponse:
    """The page of one movement of a plan."""
    one = made_one(plan)
    ridden = _ridden(one, MovementId(movement))
    run = one.runs.get(ridden.id)
    standby = run.standby if run is not None else ()
    asked = [one.parties[party] for party in dict.fromkeys(row.party for row in ridden.rows)]
    asked += [one.parties[each.party] for each in standby]
    known = families(request, asked, why=f"plan {one.name}, {movement}")
    lines = [
        LineOf(
            family=known[row.party],
            vehicle=row.vehicle or "",
            counts=(row.seats, row.stretchers, row.wheelchairs, row.laps),
        )
        for row in ridden.rows
    ]
    facts: dict[str, Any] = head(request, one, "manifest") | {
        "ridden": ridden,
        "lines": lines,
        "class_names": [word(name) for name in CLASSES],
        "standby": [Waiting(family=known[each.party], chance_percent=each.chance_percent) for each in standby],
    }
    return show(request, "hq/desks/move/plans/manifest.html", facts)


def _ridden(one: One, movement: MovementId) -> Ridden:
    """The movement with its places. Raises Http404 when the plan has none such."""
    convoy = one.convoys.get(movement)
    if convoy is not None:
        return _convoy(one, convoy)
    flight, run = one.flights.get(movement), one.runs.get(movement)
    if flight is None or run is None:
        raise Http404(_("The plan has no such movement."))
    have = (flight.seats, flight.stretchers, flight.wheelchairs, flight.laps)
    return Ridden(
        id=movement,
        title=flight_name(movement),
        way=f"{place_name(flight.airport)} – {place_name(flight.home)}",
        at=None if run.departs_minute is None else moment_at(one.problem, run.departs_minute),
        classes=_classes(run.aboard, have),
        vehicles=flight.aircraft or "",
        rows=run.aboard,
        souls=one.persons(run.aboard),
        escorts=_named_escorts(run.escorts),
    )


def _convoy(one: One, convoy: Convoy) -> Ridden:
    leg = one.legs[convoy.leg]
    fleets = {fleet.id: fleet for fleet in one.problem.fleets}
    going = [fleets[each.fleet] for each in convoy.vehicles]
    have: tuple[int | None, ...] = (
        (sum(f.seats for f in going), sum(f.stretchers for f in going), sum(f.wheelchairs for f in going), None)
        if going
        else (None, None, None, None)
    )
    return Ridden(
        id=convoy.id,
        title=_("Convoy %(time)s") % {"time": when(one.problem, convoy.departs_minute, leg.source)},
        way=f"{place_name(leg.source)} – {place_name(leg.target)}",
        at=moment_at(one.problem, convoy.departs_minute),
        classes=_classes(convoy.aboard, have),
        vehicles=", ".join(each.id for each in convoy.vehicles),
        rows=convoy.aboard,
        souls=one.persons(convoy.aboard),
        escorts=_named_escorts(convoy.escorts),
    )


def _named_escorts(escorts: Iterable[Sent]) -> tuple[tuple[str, int], ...]:
    """Escorts by what they are called, and how many."""
    return tuple((escorts_name(sent.pool), sent.count) for sent in escorts if sent.count)


def _classes(rows: Iterable[Aboard], have: Iterable[int | None]) -> tuple[ClassOf, ...]:
    rows = list(rows)
    return tuple(
        ClassOf(name=name, used=sum(getattr(row, name) for row in rows), have=places)
        for name, places in zip(CLASSES, have, strict=True)
    )
