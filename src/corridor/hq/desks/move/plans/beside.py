"""Two plans side by side: what each comes to, goal by goal, flight by flight, and whose way differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from corridor.base.ids import MovementId
from corridor.hq.access.rights import needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.move.plans.families import Family, Steps, families, steps_of
from corridor.hq.desks.move.plans.page import One, head, made_one
from corridor.hq.desks.move.plans.sentences import flight_name
from corridor.hq.desks.table import Column, cut
from corridor.hq.planning import kept
from corridor.journey.planning.hand import Beside, GoalBeside, Moved, beside
from corridor.plan.answer import Plan

FIRST_COME = "first-come"
PER_PAGE = 25


class Dispatched(One):
    """What a dispatcher would do with a plan's problem, first come, first served, asked as a plan is."""

    @property
    def plan(self) -> Plan:
        """The dispatcher's answer."""
        assert self.made.first_come is not None, "it is offered where there is one"
        return self.made.first_come


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightBeside:
    """People a flight carries in each of two plans; None: it is not in that one's problem."""

    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """One party whose way differs; `family` None until it is on the page."""

    moved: Moved
    family: Family | None
    before: Steps
    after: Steps


COLUMNS = (
    Column(name="party", title=lambda: _("Party"), template="hq/desks/move/plans/_cell_family.html"),
    Column(name="before", title=lambda: _("In this plan"), template="hq/desks/move/plans/_cell_before.html"),
    Column(name="after", title=lambda: _("In the other"), template="hq/desks/move/plans/_cell_after.html"),
)


@needs("plans")
def compare(request: HttpRequest, plan: str) -> HttpResponse:
    """The page of one plan beside another of those kept, or beside what a dispatcher would do."""
    one = made_one(plan)
    others = [row for row in kept.rows().filter(state="made") if row.name != one.name]
    asked = request.GET.get("other", one.row.base or (FIRST_COME if one.made.first_come else ""))
    other: One | None = None
    if asked == FIRST_COME and one.made.first_come is not None:
        other = Dispatched(one.row)
    elif any(row.name == asked for row in others):
        other = made_one(asked)
    facts: dict[str, Any] = head(request, one, "beside") | {"others": others, "asked": asked, "other": other}
    if other is not None:
        same = _same_board(one, other)
        found = beside(one.problem, one.plan, other.plan) if same else _each_its_own(one, other)
        rows = [
            Differs(
                moved=each,
                family=None,
                before=steps_of(one, each.before),
                after=steps_of(other, each.after),
            )
            for each in found.moved
        ]
        table = cut(request, "beside", COLUMNS, rows, per_page=PER_PAGE, extra={"one": one})
        known = families(request, [one.parties[row.moved.party] for row in table.rows], why=f"plan {one.name}")
        named = [
            Differs(moved=row.moved, family=known[row.moved.party], before=row.before, after=row.after)
            for row in table.rows
        ]
        facts |= {"found": found, "same": same, "flights": _flights(one, other), "table": table.with_rows(named)}
    return show(request, "hq/desks/move/plans/beside.html", facts)


def _same_board(one: One, other: One) -> bool:
    """Whether both plan the same people and flights from the same moment, so that one measure fits both."""
    mine, theirs = one.problem, other.problem
    return (
        mine.start == theirs.start
        and mine.minutes == theirs.minutes
        and one.parties.keys() == other.parties.keys()
        and one.flights.keys() == other.flights.keys()
    )


def _each_its_own(one: One, other: One) -> Beside:
    """Two plans of different boards, each by its own measure."""
    amounts = {each.goal: each.amount for each in other.plan.goals}
    goals = tuple(
        GoalBeside(goal=each.goal, before=each.amount, after=amounts.get(each.goal, 0.0)) for each in one.plan.goals
    )
    return Beside(before=one.plan.value, after=other.plan.value, goals=goals, moved=())


def _flights(one: One, other: One) -> list[FlightBeside]:
    def souls(those: One, flight: MovementId) -> int | None:
        run = those.runs.get(flight)
        return None if run is None else those.persons(run.aboard)

    every = dict.fromkeys([*one.flights, *other.flights])
    return [
        FlightBeside(title=flight_name(flight), before=souls(one, flight), after=souls(other, flight))
        for flight in every
    ]
