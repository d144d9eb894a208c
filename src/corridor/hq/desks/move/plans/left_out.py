"""Who is left out of a plan, why, and the least that would place them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from corridor.hq.access.rights import needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.move.plans.families import Family, families
from corridor.hq.desks.move.plans.page import One, head, made_one
from corridor.hq.desks.move.plans.sentences import left_out as said
from corridor.hq.desks.move.plans.sentences import place_name
from corridor.hq.desks.table import Column, cut
from corridor.plan.answer import Unplaced
from corridor.plan.problem import Party

PER_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One party that is left out; `family` None until it is on the page."""

    one: Unplaced
    party: Party
    says: str
    family: Family | None = None

    @property
    def place(self) -> str:
        """Where they stand."""
        return place_name(self.party.place)


COLUMNS = (
    Column(
        name="party",
        title=lambda: _("Party"),
        template="hq/desks/move/plans/_cell_family.html",
        sort=lambda row: row.party.id,
    ),
    Column(
        name="people",
        title=lambda: _("People"),
        value=lambda row: row.party.persons,
        sort=lambda row: row.party.persons,
        kind="count",
    ),
    Column(name="place", title=lambda: _("Where"), value=lambda row: row.place, sort=lambda row: row.place),
    Column(
        name="missing",
        title=lambda: _("What is missing"),
        value=lambda row: _("crossing") if row.one.missing == "crossing" else _("flight"),
        sort=lambda row: row.one.missing,
    ),
    Column(name="why", title=lambda: _("Why, and what would place them"), value=lambda row: row.says),
)


@needs("plans")
def left_out(request: HttpRequest, plan: str) -> HttpResponse:
    """Everybody who is left out, those with something to do about it first; `why` asks for one reason only."""
    one = made_one(plan)
    asked = request.GET.get("why", "")
    rows = [_row(one, each) for each in one.plan.unplaced]
    reasons = Counter(row.says if not row.one.relaxations else "" for row in rows)
    shown = [row for row in rows if not asked or row.says == asked]
    shown.sort(key=lambda row: (not row.one.relaxations, row.one.missing != "flight"))
    table = cut(request, "left-out", COLUMNS, shown, per_page=PER_PAGE, extra={"one": one})
    known = families(request, [row.party for row in table.rows], why=f"plan {one.name}, left out")
    named = [LeftOut(one=row.one, party=row.party, says=row.says, family=known[row.party.id]) for row in table.rows]
    facts: dict[str, Any] = head(request, one, "out") | {
        "table": table.with_rows(named),
        "reasons": [(says, count) for says, count in reasons.most_common() if says],
        "asked": asked,
    }
    return show(request, "hq/desks/move/plans/left_out.html", facts)


def _row(one: One, left: Unplaced) -> LeftOut:
    party = one.parties[left.party]
    return LeftOut(one=left, party=party, says=said(one.problem, party, left))
