"""The standby list of a movement: who waits in which order, seats offered until a time, taken or passed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.base.ids import PersonId
from corridor.base.moments import HOUR_MS, Moment
from corridor.hq.access.names import own_people, read_names
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import OrderForm, People, Text, When
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.move.people import seats_for
from corridor.hq.desks.move.ride import Ride, movement_of, page_facts, refuse_by_name, ride_of
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.move.orders import HoldSeats, LeaveStandby, PlanAboard, ReleaseSeats
from corridor.journey.move.standby import Turn, turns

OFFER_MS = HOUR_MS
"""How long seats are offered unless the officer says otherwise."""


class TurnForm(OrderForm):
    """What is done with one group on the list."""

    persons = People()
    until = When(required=False)
    why = Text(required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRow:
    """One group on the list with its place in the order; `form` is the one that acts on it."""

    place: int
    turn: Turn
    people: tuple[tuple[PersonId, tuple[str, ...]], ...]
    form: TurnForm

    @property
    def ids(self) -> str:
        """The group's ids for the form."""
        return ", ".join(self.turn.persons)


@live
def standby(request: HttpRequest, movement: str) -> HttpResponse:
    """The page of the list."""
    board, now = served().board_now(), served().now()
    ride = ride_of(request, board, movement_of(board, movement), now)
    begins = ride.leg.source if ride.leg is not None else None
    sent = TurnForm(request.POST).by_clocks_of(begins) if request.method == "POST" else None
    if sent is not None and sent.is_valid() and (order := _order(request, board, ride, sent, now)) is not None:
        given = door.give(request, order)
        if isinstance(given, Given):
            messages.success(request, _said(order))
            return redirect("move-standby", movement)
        refuse_by_name(request, board, sent, given)
    groups = turns(ride.movement, board.everybody.groups, ride.free_seats, now)
    waiting = frozenset(person for turn in groups for person in turn.persons)
    seen = own_people(request.user, board, waiting)
    names = read_names(request, served(), board, sorted(seen), why=f"standby list of {movement}")
    rows = [
        TurnRow(
            place=place,
            turn=turn,
            people=tuple((person, names.get(person, ())) for person in turn.persons),
            form=sent if sent is not None and _is_about(sent, turn) else _fresh(now).by_clocks_of(begins),
        )
        for place, turn in enumerate(groups, start=1)
        if seen >= set(turn.persons)
    ]
    facts = page_facts(request, ride, "standby") | {"rows": rows, "sent": sent, "tag": tag_of(request)}
    wrong = sent is not None and bool(sent.refusal or sent.errors)
    return show(
        request,
        "hq/desks/move/standby.html",
        facts,
        part="hq/desks/move/_standby.html",
        status=409 if wrong else 200,
    )


def _fresh(now: Moment) -> TurnForm:
    return TurnForm(initial={"until": Moment(now + OFFER_MS)})


def _is_about(sent: TurnForm, turn: Turn) -> bool:
    return turn.persons[0] in sent.data.get("persons", "").replace(",", " ").split()


def _order(request: HttpRequest, board: Board, ride: Ride, sent: TurnForm, now: Moment) -> Any:
    """The order that was sent; None when its form lacks something."""
    facts: dict[str, Any] = {"movement": ride.id, "by": door.by(request)}
    persons, why = sent.cleaned_data["persons"], sent.cleaned_data["why"]
    match request.POST.get("does"):
        case "offer" | None:  # sent by the keyboard: the first button
            until = sent.cleaned_data["until"] or Moment(now + OFFER_MS)
            return HoldSeats(**facts, persons=persons, until=until)
        case "take":
            return PlanAboard(**facts, passengers=seats_for(board, ride.movement, persons))
        case "pass":
            return ReleaseSeats(**facts, persons=persons, why=why or _("passed on"))
    if why is None:
        sent.add_error("why", _("Say why."))
        return None
    return LeaveStandby(**facts, persons=persons, why=why)


def _said(order: Any) -> str:
    match order:
        case HoldSeats():
            return _("Seats are offered and held.")
        case PlanAboard():
            return _("Taken: they are on the manifest.")
        case ReleaseSeats():
            return _("Passed on: they keep their turn.")
    return _("Taken off the list.")
