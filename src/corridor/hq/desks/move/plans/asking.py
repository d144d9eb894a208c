"""The plans there are, and the form that asks for the next one from the board as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.base.ids import PlanId
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give, needs
from corridor.hq.desks import door
from corridor.hq.desks.form import Number, OrderForm
from corridor.hq.desks.move.plans.page import Issued, One, issued_plans, tag, tagged, unchanged
from corridor.hq.desks.refusals import NOT_YOURS
from corridor.hq.desks.table import Column, cut
from corridor.hq.models import KeptPlan
from corridor.hq.planning import kept, runs
from corridor.hq.served import served
from corridor.journey.move.orders import IssuePlan
from corridor.journey.planning.hand import moved_to
from corridor.journey.planning.problem import LEAD_MINUTES, hour_of, problem_from
from corridor.plan.answer import Plan
from corridor.plan.problem import Lock, Problem

DAYS = (1, 2, 4, 7)
DAYS_UNLESS_ASKED = 4
SECONDS_UNLESS_ASKED = 20
SECONDS_MAX = 1800


class AskForm(OrderForm):
    """How far ahead, and how long to work on it."""

    days = forms.TypedChoiceField(coerce=int, initial=DAYS_UNLESS_ASKED)
    seconds = Number(min_value=1, max_value=SECONDS_MAX, initial=SECONDS_UNLESS_ASKED)
    seed = Number(max_value=1_000_000_000, initial=1)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        days = self.fields["days"]
        assert isinstance(days, forms.TypedChoiceField), "declared above"
        days.choices = [(str(one), str(one)) for one in DAYS]
        days.label = _("Days ahead")
        self.fields["seconds"].label = _("Seconds of work")
        self.fields["seconds"].help_text = _("Of the processor. It may be stopped at any time with the best so far.")
        self.fields["seed"].label = _("Seed")


@dataclass(frozen=True, slots=True)
class Line:
    """One plan in the list; `issued` None: it was not."""

    one: One
    issued: Issued | None


COLUMNS = (
    Column(
        name="plan",
        title=lambda: _("Plan"),
        template="hq/desks/move/plans/_cell_plan.html",
        sort=lambda line: line.one.row.asked_at_ms,
    ),
    Column(name="state", title=lambda: _("State"), template="hq/desks/move/plans/_cell_state.html"),
    Column(
        name="value",
        title=lambda: _("Points"),
        template="hq/desks/move/plans/_cell_value.html",
        sort=lambda line: line.one.row.value,
        kind="count",
    ),
    Column(
        name="bound",
        title=lambda: _("No plan is below"),
        template="hq/desks/move/plans/_cell_bound.html",
        sort=lambda line: line.one.row.bound,
        kind="count",
    ),
    Column(
        name="first_come",
        title=lambda: _("First come, first served"),
        template="hq/desks/move/plans/_cell_first_come.html",
        sort=lambda line: line.one.row.first_come_value,
        kind="count",
    ),
    Column(name="who", title=lambda: _("Asked by"), template="hq/desks/move/plans/_cell_who.html"),
    Column(name="hours", title=lambda: _("Hours ahead"), value=lambda line: line.one.row.hours, kind="count"),
    Column(name="seed", title=lambda: _("Seed"), value=lambda line: line.one.row.seed, kind="count", shown=False),
)


@needs("plans")
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan that was asked for, the latest first, and the form for the next."""
    run = runs.any_running()
    now = tag(request, KeptPlan.objects.count(), *(() if run is None else (run.name, run.steps)))
    same = unchanged(request, now)
    if same is not None:
        return same
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = ask(request, form.cleaned_data["days"] * 24, form.cleaned_data["seconds"], form.cleaned_data["seed"])
        if not isinstance(asked, Refusal):
            return redirect("move-plan-one", asked)
        form.refuse(asked)
    issued = issued_plans(served().board_now())
    lines = [Line(One(row), issued.get(row.name)) for row in kept.rows()]
    facts = {
        "form": form,
        "table": cut(request, "plans", COLUMNS, lines),
        "gives": may_give(request.user, IssuePlan),
        "run": run,
    }
    wrong = bool(form.refusal or form.errors)
    return tagged(
        request,
        "hq/desks/move/plans/plans.html",
        facts,
        now,
        part="hq/desks/move/plans/_plans.html",
        status=409 if wrong else 200,
    )


def ask(request: HttpRequest, hours: int, seconds: int, seed: int, before: One | None = None) -> PlanId | Refusal:
    """Have a plan made of the board as it is now; beginning from `before`, with what was settled by hand there. Its
    name, or a no."""
    headquarters = served()
    now = headquarters.now()
    locks = () if before is None else before.problem.locks
    warm = None if before is None else moved_to(before.plan, before.problem, hour_of(now))
    return have_made(request, hours, seconds, seed, _of_board(hours, locks), warm)


def _of_board(hours: int, locks: tuple[Lock, ...]) -> Callable[[], Problem]:
    """The problem of the board as it is when the work begins; asked for beside the request."""

    def problem() -> Problem:
        board = served().board_now()
        start = hour_of(board.at)
        return problem_from(board, hours=hours, start=start, lead_minutes=LEAD_MINUTES, locks=locks)

    return problem


def have_made(
    request: HttpRequest,
    hours: int,
    seconds: int,
    seed: int,
    problem: Callable[[], Problem],
    warm: Plan | None,
    *,
    base: str = "",
    changed: dict[str, str] | None = None,
    of: KeptPlan | None = None,
) -> PlanId | Refusal:
    """Have a plan made for a problem and kept; `of` is the plan whose board it is of (None: the board as it is now)."""
    user: Any = request.user
    if not may_give(user, IssuePlan):
        return NOT_YOURS(role=user.role, order=IssuePlan.__name__)
    headquarters, board = served(), served().board_now()
    row = KeptPlan(
        name=door.fresh_id("plan"),
        asked_at_ms=headquarters.now(),
        who=user.name,
        role=user.role,
        at_ms=board.at if of is None else of.at_ms,
        known_ms=board.known if of is None else of.known_ms,
        hours=hours,
        seconds=seconds,
        seed=seed,
        base=base,
        changed=changed or {},
        state="making",
    )
    return runs.begin(row, problem, warm) or PlanId(row.name)
