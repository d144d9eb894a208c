"""The day's form of the WHO for emergency medical teams (Minimum Data Set), for one place; as a page and as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PlaceId
from corridor.base.moments import Span, datetime_of, moment_of
from corridor.hq.access.rights import needs
from corridor.hq.desks.care.queue import tabs_of
from corridor.hq.desks.care.words import item_name
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Day, places
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.care.codes import MDS_ITEMS, encounters_at, mds_tally
from corridor.journey.care.queue import care_places


class AskedForm(forms.Form):
    """Which day of which place."""

    day = Day(label=_("Day"), required=False)
    place = forms.ChoiceField(choices=places, label=_("Place"), required=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the form: its number, name, count, and its share of the greatest in hundredths."""

    number: int
    name: str
    count: int
    share: float


@require_safe
@needs("care")
def page(request: HttpRequest) -> HttpResponse:
    """The form of a day and place, drawn; today at the first place of care unless asked."""
    board = served().board_now()
    day, place = _asked(request, board)
    tally, encounters = tally_of(board, day, place)
    most = max(tally.values(), default=1)
    facts: dict[str, Any] = {
        "asked": AskedForm(initial={"day": day, "place": place}),
        "day": day,
        "place": place,
        "encounters": encounters,
        "items": [Item(one, item_name(one), tally.get(one, 0), 100 * tally.get(one, 0) / most) for one in MDS_ITEMS],
        "query": f"day={day}&place={place}",
        "zone": board.operation.as_of_zone,
        "part": "daily",
        **tabs_of(request, board),
    }
    return show(request, "hq/desks/care/daily.html", facts)


@require_safe
@needs("care")
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same as CSV, every item with its number, the names as the WHO writes them."""
    board = served().board_now()
    day, place = _asked(request, board)
    tally, _encounters = tally_of(board, day, place)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(("day", "place", "item", "name", "count"))
    lines.writerows((day, place, f"MDS{item}", name, tally.get(item, 0)) for item, name in MDS_ITEMS.items())
    name = f'attachment; filename="mds-{place}-{day}.csv"'
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def tally_of(board: Board, day: date, place: PlaceId) -> tuple[dict[int, int], int]:
    """The items of a day at a place, and how many encounters they come from; the day is the place's own."""
    zone = ZoneInfo(board.operation.place(place).zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = midnight + timedelta(days=1)
    during = Span(start=moment_of(midnight), until=moment_of(after))
    found = encounters_at(board.everybody.encounters, place, during)
    register = board.everybody.register
    persons = {person for one in found for person in one.persons if person in register}
    sexes = {person: sex for person in persons if (sex := register[person].sex) is not None}
    return mds_tally(found, sexes), len(found)


def _asked(request: HttpRequest, board: Board) -> tuple[date, PlaceId]:
    form = AskedForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    known = care_places(board.operation) or tuple(place.id for place in board.operation.places)
    user: Any = request.user
    own = user.place or None
    place = PlaceId(told.get("place") or (own if own in known else known[0]))
    today = datetime_of(board.at, board.operation.place(place).zone).date()
    return told.get("day") or today, place
