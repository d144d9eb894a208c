"""The evening at a glance: lists in, rows decided, families whole, people told, and tomorrow's range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_names
from corridor.hq.access.rights import may_give
from corridor.hq.desks.clear.columns import FileForm
from corridor.hq.desks.clear.decide import accept_certain
from corridor.hq.desks.clear.evening import Evening, asked_day, authority_name, days_offered
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.register.names import kept_names
from corridor.hq.served import served
from corridor.journey.clear.rules import MatchRow, ReceiveList
from corridor.journey.clear.yields import Expected

SPLITS_SHOWN = 6
"""Split families on the first page; the others are one link away."""


@dataclass(frozen=True, slots=True)
class Range:
    """Tomorrow's range as an SVG draws it: places and widths in percent of everybody listed."""

    start: str
    width: str
    middle: str
    open_start: str
    open_width: str


@live
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """The first page of the desk; a POST accepts every certain row of the day's lists."""
    headquarters = served()
    board = headquarters.board_now()
    day = asked_day(request.GET.get("day"), headquarters)
    evening = Evening(request, headquarters, board, day)
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, refused = 0, None
        for one in evening.lists:
            for answer in accept_certain(request, one):
                refused = answer if isinstance(answer, Refusal) else refused
                done += not isinstance(answer, Refusal)
        if refused is None:
            said = ngettext("%(done)d row accepted.", "%(done)d rows accepted.", done)
            messages.success(request, said % {"done": done})
            return redirect(f"{reverse('clear')}?day={day.isoformat()}")
        form.refuse(refused)
        evening = Evening(request, headquarters, headquarters.board_now(), day)
    facts = {
        **frame(evening),
        "percent": kept_names().percent(request),
        "form": form,
        "file_form": FileForm(initial={"for_date": day}),
        "may_receive": may_give(request.user, ReceiveList),
        "may_match": may_give(request.user, MatchRow),
        "splits": split_lines(request, evening, SPLITS_SHOWN),
        "more_splits": max(0, len(evening.splits) - SPLITS_SHOWN),
        "range": drawn(evening.expected) if evening.expected else None,
        "tag": tag_of(request),
    }
    whole, part = "hq/desks/clear/overview.html", "hq/desks/clear/_overview.html"
    return show(request, whole, facts, part=part, status=409 if form.refusal else 200)


def frame(evening: Evening) -> dict[str, Any]:
    """What every page of the evening needs."""
    ready = frozenset().union(*evening.to_call)
    return {
        "evening": evening,
        "day": evening.day,
        "days": days_offered(evening.board, evening.day, asked_day(None, evening.headquarters)),
        "certain": sum(one.certain for one in evening.lists),
        "to_decide": sum(one.to_decide for one in evening.lists),
        "left_out": sum(len(one.left_out) for one in evening.splits),
        "minors_left_out": sum(len(one.minors_left_out) for one in evening.splits),
        "ready_people": len(ready),
        "called_people": sum(evening.called(person) for person in ready),
        "waiting_people": sum(len(group) for group in evening.waiting),
    }


def split_lines(request: HttpRequest, evening: Evening, most: int | None = None) -> list[dict[str, Any]]:
    """The split families with names, who is left out by whom."""
    chosen = evening.splits[:most]
    persons = sorted({person for one in chosen for person in (*one.listed, *one.left_out)})
    names = read_names(request, evening.headquarters, evening.board, persons, why="evening run: split families")
    lines = []
    for one in chosen:
        group = frozenset((*one.listed, *one.left_out))
        left = [
            {
                "person": person,
                "names": names.get(person, ()),
                "minor": person in one.minors_left_out,
                "perhaps": evening.perhaps.get(person, ()),
                "by": [authority_name(evening.board, authority) for authority in evening.missing_from(person, group)],
            }
            for person in one.left_out
        ]
        listed = [{"person": person, "names": names.get(person, ())} for person in one.listed]
        left.sort(key=lambda row: not row["minor"])
        lines.append({"left": left, "listed": listed, "minors": len(one.minors_left_out)})
    return lines


def drawn(told: Expected) -> Range:
    """The range in percent of everybody listed."""
    whole = max(told.listed, 1)
    open_least, open_most = told.open_least or 0, told.open_most or 0
    parts = (told.least, told.most - told.least, told.middle, open_least, open_most - open_least)
    return Range(*(f"{100 * part / whole:.2f}" for part in parts))
