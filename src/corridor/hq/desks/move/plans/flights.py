"""Go, wait or merge: what to do with each aircraft of a plan, and what deciding otherwise costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from corridor.base.ids import MovementId
from corridor.base.moments import Moment
from corridor.hq.access.rights import may_give, needs
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.move.plans.page import One, head, made_one, tag, tagged, unchanged
from corridor.hq.desks.move.plans.sentences import flight_name, moment_at
from corridor.hq.planning import kept, runs
from corridor.journey.move.orders import IssuePlan
from corridor.journey.planning.counsel import Counsel
from corridor.plan.problem import Flight

SECONDS_OF_A_TRY = 1.0
"""Of the processor, for each plan that is tried: five or six a flight, each beginning from the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aircraft:
    """One flight with its counsel; None: it was not asked for, or not reached. `merges` are names with people."""

    flight: Flight
    title: str
    at: Moment | None
    souls: int
    kept_seats: int
    counsel: Counsel | None
    merges: tuple[tuple[str, int], ...]


@needs("plans")
def flights(request: HttpRequest, plan: str) -> HttpResponse:
    """The page of a plan's flights; what to do with each is worked out beside it when asked."""
    one = made_one(plan)
    run = one.run
    now = tag(request, *(() if run is None else (run.steps,)), len(kept.counsels(one.name)))
    same = unchanged(request, now)
    if same is not None:
        return same
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_give(request.user, IssuePlan):
        refused = runs.begin_counsel(one.row, one.problem, one.plan, SECONDS_OF_A_TRY)
        if refused is None:
            return redirect("move-plan-flights", plan)
        form.refuse(refused)
    told = {each.flight: each for each in kept.counsels(one.name)}
    facts: dict[str, Any] = head(request, one, "flights") | {
        "form": form,
        "run": run,
        "lines": [_line(one, flight, told) for flight in one.problem.flights],
        "told": bool(told),
    }
    return tagged(
        request,
        "hq/desks/move/plans/flights.html",
        facts,
        now,
        part="hq/desks/move/plans/_flights.html",
        status=409 if form.refusal else 200,
    )


def _line(one: One, flight: Flight, told: Mapping[MovementId, Counsel]) -> Aircraft:
    run, counsel = one.runs[flight.id], told.get(flight.id)
    merges = () if counsel is None else counsel.merge_into
    return Aircraft(
        flight=flight,
        title=flight_name(flight.id),
        at=None if run.departs_minute is None else moment_at(one.problem, run.departs_minute),
        souls=one.persons(run.aboard),
        kept_seats=sum(offer.seats for offer in flight.offers if offer.answer != "declined"),
        counsel=counsel,
        merges=tuple((flight_name(each.flight), each.persons) for each in merges),
    )
