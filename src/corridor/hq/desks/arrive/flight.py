"""The reception list of one movement: who is on it by party, what they will need, and receiving whole parties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as late
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from corridor.base.ids import CustodianId, PersonId, PlaceId
from corridor.base.limits import PEOPLE_PER_PAGE
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give
from corridor.hq.asked import page_in
from corridor.hq.desks import door
from corridor.hq.desks.arrive.overview import coming, tabs_of
from corridor.hq.desks.arrive.people import Guest, custodian_at, custodians, guests, homes, travellers
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, OrderForm, YesNo
from corridor.hq.desks.live import live, tag_of
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.arrive.forecast import Forecast, forecast
from corridor.journey.arrive.landings import Landing, by_group
from corridor.journey.arrive.rules import Receive
from corridor.journey.board.board import Board
from corridor.journey.move.orders import Alight


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """People who are received together."""

    guests: tuple[Guest, ...]

    @property
    def key(self) -> str:
        """Its people as a form names them."""
        return " ".join(one.person for one in self.guests)

    @property
    def open(self) -> tuple[Guest, ...]:
        """Who of them is not received yet."""
        return tuple(one for one in self.guests if not one.received)


class ReceiveForm(OrderForm):
    """Who received which parties, where, and whether relatives met them."""

    custodian = Chosen(custodians, label=late("Received by"))
    place = Chosen(homes, label=late("Where"))
    relatives = YesNo(label=late("Met by relatives"), required=False)

    def clean(self) -> dict[str, Any]:
        """The parties ticked, each as its people."""
        cleaned: dict[str, Any] = super().clean() or {}
        known = served().board_now().everybody.register
        ticked = [tuple(text.split()) for text in self.data.getlist("party")] if hasattr(self.data, "getlist") else []
        cleaned["parties"] = [
            tuple(PersonId(one) for one in party if one in known)
            for party in ticked
            if any(one in known for one in party)
        ]
        if not cleaned["parties"]:
            raise forms.ValidationError(_("Tick the parties that were received."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@live
def page(request: HttpRequest, movement: str) -> HttpResponse:
    """The list; sending it receives every party that was ticked."""
    board = served().board_now()
    landing = landing_of(board, movement)
    form = ReceiveForm(request.POST or None, initial=_initial(board, landing))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            received, refusal = _receive(request, board, form)
            if received:
                said = ngettext("%(number)d person received.", "%(number)d people received.", received)
                messages.success(request, said % {"number": received})
            if refusal is None:
                return redirect("arrive-flight", movement)
            form.refuse(refusal)
            board = served().board_now()
            landing = landing_of(board, movement)
        status = 409 if form.refusal else 422
    return _page(request, board, landing, form, status)


def _page(request: HttpRequest, board: Board, landing: Landing, form: ReceiveForm, status: int) -> HttpResponse:
    parties = by_group(landing.persons, _groups(board, landing))
    shown, page_number, pages = _cut(request, parties)
    people = guests(request, board, (person for party in shown for person in party), why="reception list")
    parties_shown = [Party(guests=tuple(people[one] for one in party if one in people)) for party in shown]
    needs = needs_of(request, board, landing)
    writes = may_give(request.user, Receive)
    facts: dict[str, Any] = {
        "landing": landing,
        "coming": coming(board, landing),
        "parties": [party for party in parties_shown if party.guests],
        "count": len(parties),
        "page": page_number,
        "pages": pages,
        "page_numbers": range(1, pages + 1),
        "needs": needs,
        "bars": bars(needs.ages),
        "sizes": bars(needs.sizes),
        "form": form if writes else None,
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "overview",
        **tabs_of(board),
    }
    return show(request, "hq/desks/arrive/flight.html", facts, part="hq/desks/arrive/_flight.html", status=status)


def landing_of(board: Board, movement: str) -> Landing:
    """A movement home by its id. Raises Http404 for any other."""
    found = next((one for one in board.everybody.landings if one.movement.movement == movement), None)
    if found is None:
        raise Http404(_("No such movement home is known."))
    return found


def needs_of(request: HttpRequest, board: Board, landing: Landing) -> Forecast:
    """What everybody on a movement will need; birth dates are read for the sizes, and logged."""
    return forecast(travellers(request, board, landing.persons, why="needs of a landing"))


def bars(counts: Any) -> list[dict[str, Any]]:
    """Counts as drawn bars: word, number, and the share of the greatest in hundredths."""
    most = max(counts.values(), default=1)
    return [
        {"name": str(word(name)), "number": number, "width": 100 * number / most} for name, number in counts.items()
    ]


def _groups(board: Board, landing: Landing) -> list[frozenset[PersonId]]:
    """The groups of those on a movement; nobody else's are looked at."""
    found = (board.everybody.group_of.get(person) for person in landing.persons)
    return list(dict.fromkeys(group for group in found if group is not None))


def _cut(
    request: HttpRequest, parties: tuple[tuple[PersonId, ...], ...]
) -> tuple[tuple[tuple[PersonId, ...], ...], int, int]:
    pages = max(1, -(-len(parties) // PEOPLE_PER_PAGE))
    page_number = page_in(request.GET.get("page", ""), pages)
    return parties[(page_number - 1) * PEOPLE_PER_PAGE : page_number * PEOPLE_PER_PAGE], page_number, pages


def _initial(board: Board, landing: Landing) -> dict[str, Any]:
    return {"place": landing.place, "custodian": custodian_at(board, landing.place)}


def _receive(request: HttpRequest, board: Board, form: ReceiveForm) -> tuple[int, Refusal | None]:
    """Receive each party ticked: first out of the movement it is still aboard, then by the custodian. How many people
    were received, and the first no."""
    told, by = form.cleaned_data, door.by(request)
    everybody = tuple(person for party in told["parties"] for person in party)
    orders: list[Any] = [
        Alight(by=by, movement=landing.movement.movement, place=landing.place, persons=persons)
        for landing, persons in _aboard(board, everybody)
    ]
    orders += [
        Receive(
            persons=party,
            by=by,
            custodian=CustodianId(told["custodian"]),
            place=PlaceId(told["place"]),
            relatives=told["relatives"],
        )
        for party in told["parties"]
    ]
    answers = door.give_all(request, orders)
    received = sum(
        len(order.persons)
        for order, answer in zip(orders, answers, strict=True)
        if isinstance(order, Receive) and not isinstance(answer, Refusal)
    )
    return received, next((answer for answer in answers if isinstance(answer, Refusal)), None)


def _aboard(board: Board, persons: tuple[PersonId, ...]) -> list[tuple[Landing, tuple[PersonId, ...]]]:
    """The movements that have landed with some of these people still in them, and who they are."""
    landed = [one for one in board.everybody.landings if one.landed]
    found = [(one, tuple(person for person in persons if person in one.movement.aboard)) for one in landed]
    return [(one, here) for one, here in found if here]
