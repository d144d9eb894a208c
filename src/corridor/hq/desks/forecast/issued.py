"""Which forecasts were issued, what they said, what happened; and the order that issues one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.base.ids import UserId
from corridor.base.moments import HOUR_MS, Moment
from corridor.forecast.scores import P10, P50, P90
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.forecast.asked import asked_for
from corridor.hq.desks.forecast.scored import cards_of
from corridor.hq.desks.forecast.sentences import by_when, later
from corridor.hq.desks.form import OrderForm
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.forecasting.kept import HORIZONS_DAYS, order_for, truth_on
from corridor.journey.forecasting.road import DAYS
from corridor.journey.issuing.orders import IssueForecast
from corridor.journey.issuing.state import IssuedBody, forecasts_issued

SHOWN_MOST = 60
"""Issued forecasts on the page, the latest first: two months of daily ones."""
WEEK = HORIZONS_DAYS.index(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRow:
    """A forecast on record: when, by whom, what it said of "all out" and of a week; what happened (None: not yet)."""

    as_of: Moment
    by: UserId
    all_out: str
    week: tuple[int, int, int]
    week_happened: int | None
    held: bool | None


def issued(request: HttpRequest) -> HttpResponse:
    """The page of issued forecasts."""
    asked = asked_for(request, walk=True)
    outlook = None if asked.standing is None else asked.standing.outlook
    gives = may_give(request.user, IssueForecast) and outlook is not None and outlook.persons > 0 and asked.now
    form = OrderForm(request.POST or None) if gives else None
    if request.method == "POST" and form is not None and outlook is not None and form.is_valid():
        order = order_for(outlook.issued, by=door.by(request), runs=outlook.runs, persons=outlook.persons)
        given = door.give(request, order)
        if isinstance(given, Given):
            messages.success(request, _("Issued. It is scored when what it speaks of is over."))
            return redirect("forecast-issued")
        form.refuse(given)
    board = served().board_now()
    facts = {
        "asked": asked,
        "standing": asked.standing,
        "outlook": outlook,
        "form": form,
        "rows": _rows(board),
        "cards": [] if outlook is None else cards_of(outlook.cards),
        "part": "issued",
    }
    return show(request, "hq/desks/forecast/issued.html", facts, status=409 if form and form.refusal else 200)


def _rows(board: Board) -> list[IssuedRow]:
    truth, zone = truth_on(board), served().operation.as_of_zone
    found = []
    for body, event in reversed(forecasts_issued(board.view)[-SHOWN_MOST:]):
        week = [body.home["7"][place] for place in (P10, P50, P90)]
        happened = truth.home_within(body.as_of, HORIZONS_DAYS[WEEK])
        found.append(
            IssuedRow(
                as_of=body.as_of,
                by=UserId(event.by or ""),
                all_out=" · ".join(_said(body, place, zone) for place in (P10, P50, P90)),
                week=(round(week[0]), round(week[1]), round(week[2])),
                week_happened=happened,
                held=None if happened is None else week[0] <= happened <= week[2],
            )
        )
    return found


def _said(body: IssuedBody, place: int, zone: str) -> str:
    """When all are out at one level, as the forecast said it."""
    hours = body.all_out_hours[place]
    return later() if hours >= DAYS * 24.0 else by_when(Moment(body.as_of + round(hours * HOUR_MS)), body.as_of, zone)
