"""One plan: while it is made how good it is so far, then drawn over its hours, with what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give, needs
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.move.plans.asking import ask
from corridor.hq.desks.move.plans.drawing import drawn
from corridor.hq.desks.move.plans.families import families
from corridor.hq.desks.move.plans.page import One, head, made_one, one_of, tag, tagged, unchanged
from corridor.hq.planning import runs
from corridor.journey.move.orders import IssuePlan
from corridor.journey.planning.hand import Beside, beside
from corridor.plan.reading import written


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How many people of the problem fly, wait behind the gate, and stay where the danger is, by this plan."""

    fly: int
    wait: int
    stay: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What was changed by hand: which party, how, on which flight ('' none), and what it costs beside the plan before.
    `others` are the other parties whose way differs; `for_changes` are points that only this plan's own value has,
    for what it changes of the plan before (0: none)."""

    family: Any
    does: str
    flight: str
    base: str
    beside: Beside
    others: int
    for_changes: int


@needs("plans")
def picture(request: HttpRequest, plan: str) -> HttpResponse:
    """The page of one plan; it may be stopped while it is made, and made anew from the board as it is now."""
    one = one_of(plan)
    run = one.run
    now = tag(request, one.state, *(() if run is None else (run.advises, run.steps)))
    same = unchanged(request, now)
    if same is not None:
        return same
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_give(request.user, IssuePlan):
        if request.POST.get("does") == "stop":
            runs.stop(one.name)
            return redirect("move-plan-one", plan)
        asked = ask(request, one.row.hours, one.row.seconds, one.row.seed, one if one.state == "made" else None)
        if not isinstance(asked, Refusal):
            messages.success(request, _("A new plan is being made, from the board as it is now."))
            return redirect("move-plan-one", asked)
        form.refuse(asked)
    facts: dict[str, Any] = head(request, one, "picture") | {"form": form, "run": run}
    if one.state == "made":
        facts |= {"drawn": drawn(one), "people": people_of(one), "by_hand": by_hand(request, one)}
    elif run is not None:
        facts |= {"best": run.news[-1] if run.news else None}
    return tagged(
        request,
        "hq/desks/move/plans/one.html",
        facts,
        now,
        part="hq/desks/move/plans/_one.html",
        status=409 if form.refusal else 200,
    )


def people_of(one: One) -> People:
    """The people of a plan by where they end."""
    missing = {left.party: left.missing for left in one.plan.unplaced}
    wait = sum(one.parties[party].persons for party, what in missing.items() if what == "flight")
    stay = sum(one.parties[party].persons for party, what in missing.items() if what == "crossing")
    return People(fly=sum(party.persons for party in one.problem.parties) - wait - stay, wait=wait, stay=stay)


def by_hand(request: HttpRequest, one: One) -> ByHand | None:
    """What a change by hand costs; None for a plan made from the board."""
    changed: dict[str, str] = one.row.changed
    if not one.row.base or changed.get("party") not in one.parties:
        return None
    base = made_one(one.row.base)
    found = beside(base.problem, base.plan, one.plan)
    party = next(each for each in one.problem.parties if each.id == changed["party"])
    return ByHand(
        family=families(request, [party], why=f"plan {one.name}")[party.id],
        does=changed.get("does", ""),
        flight=changed.get("flight", ""),
        base=one.row.base,
        beside=found,
        others=sum(each.party != party.id for each in found.moved),
        for_changes=0 if one.problem.objective.order else max(0, round(one.plan.value - found.after)),
    )


@needs("plans")
def as_json(request: HttpRequest, plan: str, what: str) -> HttpResponse:
    """The problem or the plan as the shell's commands read it; people are in it by id only."""
    one = made_one(plan)
    if what not in ("problem", "plan"):
        raise Http404(what)
    data = written(one.problem if what == "problem" else one.plan)
    answer = HttpResponse(data, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{one.name}-{what}.json"'
    return answer
