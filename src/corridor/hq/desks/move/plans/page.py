"""What every page of one plan needs: the plan with its problem, who issued it, and how the page keeps itself new."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import MovementId, PartyId, PlanId
from corridor.base.moments import Moment
from corridor.hq.access.rights import may_give
from corridor.hq.desks.desk import show
from corridor.hq.models import KeptPlan
from corridor.hq.pages.page import FRAGMENT_HEADER
from corridor.hq.planning import kept, runs
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.move.events import PLAN_ISSUED
from corridor.journey.move.orders import IssuePlan
from corridor.plan.answer import Convoy, FlightRun, Plan, Way
from corridor.plan.problem import Flight, Leg, Party, Problem


@dataclass(frozen=True, slots=True)
class Issued:
    """When a plan was issued, and by whom."""

    at: Moment
    by: str


def issued_plans(board: Board) -> dict[str, Issued]:
    """The plans that were issued, by name; the last time where it was done twice."""
    return {
        str(event.body.get("plan", "")): Issued(event.corrected_at, str(event.by))
        for event in board.view.events((PLAN_ISSUED.name,))
    }


class One:
    """One plan as its pages ask for it."""

    def __init__(self, row: KeptPlan) -> None:
        self.row = row
        self.name = PlanId(row.name)

    @property
    def run(self) -> runs.Run | None:
        """The work on it, None when nobody works on it."""
        return runs.running(self.name)

    @property
    def state(self) -> str:
        """making, made, failed, or broken_off: headquarters was ended while it was made."""
        return "broken_off" if self.row.state == "making" and self.run is None else str(self.row.state)

    @cached_property
    def made(self) -> kept.Made:
        """The plan with its problem; only of one that is made."""
        return kept.made(self.name)

    @property
    def problem(self) -> Problem:
        """What was to be planned."""
        return self.made.problem

    @property
    def plan(self) -> Plan:
        """The answer."""
        return self.made.plan

    @cached_property
    def parties(self) -> Mapping[PartyId, Party]:
        """Parties by id."""
        return {party.id: party for party in self.problem.parties}

    @cached_property
    def ways(self) -> Mapping[PartyId, Way]:
        """Ways by party."""
        return {way.party: way for way in self.plan.ways}

    @cached_property
    def convoys(self) -> Mapping[MovementId, Convoy]:
        """Convoys by id."""
        return {convoy.id: convoy for convoy in self.plan.convoys}

    @cached_property
    def runs(self) -> Mapping[MovementId, FlightRun]:
        """What the plan has of each flight."""
        return {one.flight: one for one in self.plan.flights}

    @cached_property
    def flights(self) -> Mapping[MovementId, Flight]:
        """Flights of the problem by id."""
        return {flight.id: flight for flight in self.problem.flights}

    @cached_property
    def legs(self) -> Mapping[str, Leg]:
        """Legs of the problem by id."""
        return {leg.id: leg for leg in self.problem.legs}

    def persons(self, rows: Any) -> int:
        """People of some rows of a manifest, infants on laps among them."""
        return sum(row.seats + row.laps + row.stretchers + row.wheelchairs for row in rows)

    @property
    def gap_percent(self) -> float | None:
        """How far above the best possible the plan can be at most; None: not known."""
        return None if self.plan.gap is None else 100 * self.plan.gap

    @property
    def first_come_more_percent(self) -> float | None:
        """By how much first come, first served is worse; None: it was not made, or the plan is worth nothing."""
        other, value = self.row.first_come_value, self.row.value
        return None if other is None or not value else 100 * (other / value - 1)


def one_of(name: str) -> One:
    """The plan with this name. Raises Http404 when there is none."""
    row = kept.row_of(name)
    if row is None:
        raise Http404(_("No such plan is kept."))
    return One(row)


def made_one(name: str) -> One:
    """The plan with this name, made. Raises Http404 when there is none, or it is not made."""
    one = one_of(name)
    if one.state != "made":
        raise Http404(_("This plan is not made."))
    return one


def head(request: HttpRequest, one: One, part: str) -> dict[str, Any]:
    """What the head of every page of a plan needs; `part` is which of its pages this is."""
    return {
        "one": one,
        "part": part,
        "issued": issued_plans(served().board_now()).get(one.name),
        "gives": may_give(request.user, IssuePlan),
    }


def tag(request: HttpRequest, *facts: object) -> str:
    """The tag of what a reader sees at an address now, by the facts it follows."""
    reader = f"{getattr(request.user, 'pk', '')}/{getattr(request.user, 'role', '')}/{get_language()}"
    text = "/".join(map(str, (served().version, reader, request.get_full_path(), *facts)))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def unchanged(request: HttpRequest, now: str) -> HttpResponse | None:
    """The answer to a page's script that has this already; None: there is news, or a person asks."""
    has = request.headers.get("If-None-Match", "").removeprefix("W/")  # a compressed answer's tag is weak
    if request.headers.get(FRAGMENT_HEADER) and has == now:
        return HttpResponseNotModified(headers={"ETag": now})
    return None


def tagged(
    request: HttpRequest, whole: str, facts: Mapping[str, Any], now: str, *, part: str, status: int = 200
) -> HttpResponse:
    """A page with a live region and its tag."""
    response = show(request, whole, {**facts, "tag": now}, part=part, status=status)
    response.headers["ETag"] = now
    return response
