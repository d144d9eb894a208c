"""One party in a plan: what it has for them, why they are not on another flight, and what is settled by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.base.ids import MovementId, PartyId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give, needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.move.plans.asking import have_made
from corridor.hq.desks.move.plans.families import families, steps_of
from corridor.hq.desks.move.plans.page import One, head, made_one
from corridor.hq.desks.move.plans.sentences import explained, flight_name, left_out, moment_at, place_name
from corridor.journey.move.orders import IssuePlan
from corridor.journey.planning.hand import with_announced, with_lock, without_locks
from corridor.plan.explain.explaining import explain
from corridor.plan.problem import Flight, Lock, Party, Problem

REPLAN_SECONDS = 3
"""Of the processor, for a plan that begins from the one before and changes little of it."""
FLIGHTS_EXPLAINED = 3
"""Flights for which the page says at once why the party is not on them; of the others it says so when asked."""
PARTIES_AT_ONCE = 600
"""Of how many parties a plan may be for that: each answer takes half a second of the processor at such a size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One flight as the party could be on it: `here` when it is, `settled` by hand (keep, never, '' not), `says` why it
    is not on it ('' until asked)."""

    flight: Flight
    title: str
    at: Moment | None
    souls: int
    here: bool
    settled: str
    says: str


@needs("plans")
def party(request: HttpRequest, plan: str, party: str) -> HttpResponse:
    """The page of one party of a plan, on which a movement officer locks, forbids and moves."""
    one = made_one(plan)
    asked = one.parties.get(PartyId(party))
    if asked is None:
        raise Http404(_("The plan has no such party."))
    form = OrderForm(request.POST or None)
    gives = may_give(request.user, IssuePlan)
    if request.method == "POST" and form.is_valid() and gives:
        does, flight = request.POST.get("does", ""), MovementId(request.POST.get("flight", ""))
        changed = _changed(one, asked, does, flight)
        if changed is not None:
            made = have_made(
                request,
                one.row.hours,
                REPLAN_SECONDS,
                one.row.seed,
                lambda: changed,
                one.plan,
                base=one.name,
                changed={"does": does, "party": asked.id, "flight": flight},
                of=one.row,
            )
            if not isinstance(made, Refusal):
                return redirect("move-plan-one", made)
            form.refuse(made)
    left = next((each for each in one.plan.unplaced if each.party == asked.id), None)
    facts: dict[str, Any] = head(request, one, "party") | {
        "form": form,
        "family": families(request, [asked], why=f"plan {one.name}")[asked.id],
        "place": place_name(asked.place),
        "steps": steps_of(one, one.ways.get(asked.id)),
        "left_out": None if left is None else left_out(one.problem, asked, left),
        "choices": _choices(one, asked, request.GET.get("flight", "")),
        "settled": [lock for lock in one.problem.locks if lock.party == asked.id],
        "crossing": _crossing(one, asked),
    }
    return show(request, "hq/desks/move/plans/party.html", facts, status=409 if form.refusal else 200)


def _changed(one: One, party: Party, does: str, flight: MovementId) -> Problem | None:
    """The plan's problem with the officer's word, everybody told what the plan has for them; None: no such word."""
    told = with_announced(one.problem, one.plan)
    if does == "free":
        return without_locks(told, party.id)
    way = one.ways.get(party.id)
    if does in ("cross_keep", "cross_never") and way is not None and way.gate is not None:
        keep = does == "cross_keep"
        return with_lock(told, Lock(party=party.id, gate=way.gate, minute=way.crosses_minute, keep=keep))
    if flight not in one.flights:
        return None
    if does == "keep":
        return with_lock(told, Lock(party=party.id, flight=flight, keep=True))
    if does == "never":
        return with_lock(told, Lock(party=party.id, flight=flight, keep=False))
    return None


def _choices(one: One, party: Party, asked: str) -> list[Choice]:
    way = one.ways.get(party.id)
    here = None if way is None else way.flight
    at_once = FLIGHTS_EXPLAINED if len(one.parties) <= PARTIES_AT_ONCE else 0
    order = sorted(one.problem.flights, key=lambda flight: (one.runs[flight.id].departs_minute or 0, flight.id))
    found = []
    for number, flight in enumerate(order):
        run = one.runs[flight.id]
        explains = flight.id == asked or number < at_once
        answer = explain(one.problem, one.plan, party.id, flight.id) if explains and flight.id != here else None
        found.append(
            Choice(
                flight=flight,
                title=flight_name(flight.id),
                at=None if run.departs_minute is None else moment_at(one.problem, run.departs_minute),
                souls=one.persons(run.aboard),
                here=flight.id == here,
                settled=_settled(one, party, flight.id),
                says="" if answer is None else explained(one.problem, answer),
            )
        )
    return found


def _settled(one: One, party: Party, flight: MovementId) -> str:
    for lock in one.problem.locks:
        if lock.party == party.id and lock.flight == flight:
            return "keep" if lock.keep else "never"
    return ""


def _crossing(one: One, party: Party) -> tuple[bool, Moment] | None:
    """What is settled by hand of the hour at which they cross: whether that hour or not that one, and which; None:
    nothing."""
    for lock in one.problem.locks:
        if lock.party == party.id and lock.gate is not None and lock.minute is not None:
            return lock.keep, moment_at(one.problem, lock.minute)
    return None
