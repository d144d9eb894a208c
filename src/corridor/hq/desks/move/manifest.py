"""The manifest of one movement: who is planned, boarded and alighted, by vehicle, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.base.ids import PersonId, PlaceId, VehicleId
from corridor.hq.access.names import read_names
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import Chosen, OrderForm, People, Text, form_of, places
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.move.ride import Ride, columns_of, movement_of, page_facts, refuse_by_name, ride_of
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.move import orders
from corridor.journey.move.events import Vehicle
from corridor.journey.move.manifest import Columns, Difference, Manifest, differences, vehicle_free
from corridor.journey.move.state import Row
from corridor.journey.register.state import RegisterState
from corridor.ledger.accounts import parts, place_account


class Picked(People):
    """People ticked in a table."""

    widget = forms.CheckboxSelectMultiple


class RowsForm(OrderForm):
    """What is done with the people ticked on the manifest."""

    persons = Picked(required=False)
    why = Text(required=False)
    place = Chosen(places, optional=True)


class BoardOtherForm(OrderForm):
    """Somebody got in who is not on the manifest."""

    persons = People()
    place_type = Chosen(lambda: [(one, str(word(one))) for one in ("seat", "stretcher", "wheelchair", "lap")])

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["persons"].label = _("Who got in, by number")
        self.fields["place_type"].label = _("On what")
        self.fields["place_type"].initial = "seat"


CloseForm = form_of(
    orders.CloseBoarding,
    fields=("souls", "exception"),
    labels={"souls": lambda: _("Souls counted aboard"), "exception": lambda: _("Reason for a difference")},
    help_texts={"souls": lambda: _("Everybody, infants on laps too.")},
)
DepartForm = form_of(
    orders.Depart,
    fields=("souls", "exception"),
    labels={"souls": lambda: _("Souls counted"), "exception": lambda: _("Reason to go without escorts")},
)
ArriveForm = form_of(
    orders.Arrive,
    fields=("place", "souls"),
    labels={"place": lambda: _("Where"), "souls": lambda: _("Souls counted")},
    choices={"place": places},
)
STEPS: Mapping[str, tuple[str, type[OrderForm]]] = {
    "planned": ("close", CloseForm),
    "boarding": ("close", CloseForm),
    "closed": ("depart", DepartForm),
    "departed": ("arrive", ArriveForm),
}
"""What comes next for a movement of each standing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person on the manifest. `here` says whether they stand where the leg begins; `hindered` that care holds
    them; `head` that they are the first of their party in this vehicle, whose `together` people travel as one."""

    row: Row
    names: tuple[str, ...]
    state: RegisterState
    here: bool
    head: bool
    together: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One vehicle with its people; None: who has no vehicle said."""

    vehicle: Vehicle | None
    columns: Columns
    free_seats: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """People for whom two columns do not meet."""

    difference: Difference
    people: tuple[tuple[PersonId, tuple[str, ...]], ...]


@live
def manifest(request: HttpRequest, movement: str) -> HttpResponse:
    """The page of one movement."""
    board, now = served().board_now(), served().now()
    ride = ride_of(request, board, movement_of(board, movement), now)
    does = request.POST.get("does", "")
    # A form keeps its prefix: only the one that was sent is filled in.
    initial = {"place": ride.leg.target} if ride.leg is not None else {}
    rows = RowsForm(request.POST if does in ("board", "alight", "take_off") else None, prefix="rows", initial=initial)
    other = BoardOtherForm(request.POST if does == "other" else None, prefix="other")
    step = _step_form(request, ride, does)
    if request.method == "POST" and (order := _order(request, ride, does, rows, other, step)) is not None:
        sent: OrderForm = rows if rows.is_bound else other if other.is_bound else step[1]  # type: ignore[index]
        given = door.give(request, order)
        if isinstance(given, Given):
            messages.success(request, _done(order))
            return redirect("move-manifest", movement)
        refuse_by_name(request, board, sent, given)
    refused = any(form.refusal or form.errors for form in (rows, other, *(step or ())[1:]))
    names = read_names(request, served(), board, [row.person for row in ride.rows], why=f"manifest of {movement}")
    facts = page_facts(request, ride, "manifest") | {
        "rows_form": rows,
        "other_form": other,
        "step": step,
        "loads": loads(board, ride, names),
        "differences": _named(ride, names),
        "tag": tag_of(request),
    }
    return show(
        request,
        "hq/desks/move/manifest.html",
        facts,
        part="hq/desks/move/_manifest.html",
        status=409 if refused else 200,
    )


def _step_form(request: HttpRequest, ride: Ride, does: str) -> tuple[str, OrderForm] | None:
    """The form of the next step, None when nothing is next."""
    if ride.movement.status not in STEPS:
        return None
    name, form_type = STEPS[ride.movement.status]
    initial: dict[str, Any] = {"place": ride.leg.target} if name == "arrive" and ride.leg is not None else {}
    return name, form_type(request.POST if does == name else None, prefix="step", initial=initial)


def _order(
    request: HttpRequest,
    ride: Ride,
    does: str,
    rows: RowsForm,
    other: BoardOtherForm,
    step: tuple[str, OrderForm] | None,
) -> Any:
    """The order that was sent, None when its form is not filled in rightly."""
    facts: dict[str, Any] = {"movement": ride.id, "by": door.by(request)}
    if rows.is_bound and rows.is_valid():
        persons = rows.cleaned_data["persons"]
        if does == "board":
            return orders.Board(**facts, passengers=_as_planned(ride, persons))
        if does == "take_off":
            why = rows.cleaned_data["why"]
            if why is None:
                rows.add_error("why", _("Say why."))
                return None
            return orders.TakeOff(**facts, persons=persons, why=why)
        place = rows.cleaned_data["place"] or (ride.leg.target if ride.leg is not None else None)
        if place is None:
            rows.add_error("place", _("Say where."))
            return None
        return orders.Alight(**facts, persons=persons, place=PlaceId(place))
    if other.is_bound and other.is_valid():
        place_type = other.cleaned_data["place_type"]
        people = other.cleaned_data["persons"]
        return orders.Board(
            **facts, passengers=tuple(orders.Passenger(person=one, place_type=place_type) for one in people)
        )
    if step is not None and step[1].is_bound and step[1].is_valid():
        if step[0] == "depart":
            assert ride.leg is not None, "a movement that was closed has a leg to leave on"
            facts["place"] = ride.leg.source
        return step[1].order(**facts)
    return None


def _as_planned(ride: Ride, persons: tuple[PersonId, ...]) -> tuple[orders.Passenger, ...]:
    """The people ticked, each where they are planned."""
    berths = {row.person: row.planned for row in ride.rows}
    return tuple(
        orders.Passenger(person=person, place_type=berth.place_type, vehicle=berth.vehicle, seat=berth.seat)
        if (berth := berths.get(person)) is not None
        else orders.Passenger(person=person)
        for person in persons
    )


def _done(order: Any) -> str:
    """What was done, for the top of the page."""
    match order:
        case orders.Board():
            number = len(order.passengers)
            return ngettext("%(number)d person boarded.", "%(number)d people boarded.", number) % {"number": number}
        case orders.Alight():
            number = len(order.persons)
            return ngettext("%(number)d person alighted.", "%(number)d people alighted.", number) % {"number": number}
        case orders.TakeOff():
            number = len(order.persons)
            return ngettext("%(number)d person taken off.", "%(number)d people taken off.", number) % {"number": number}
        case orders.CloseBoarding():
            return _("Boarding closed.")
        case orders.Depart():
            return _("Departed.")
    return _("Arrived.")


def loads(board: Board, ride: Ride, names: Mapping[PersonId, tuple[str, ...]]) -> tuple[Load, ...]:
    """The manifest vehicle by vehicle, parties together; who has no vehicle said comes last."""
    vehicles = {one.vehicle: one for one in ride.movement.vehicles}
    by_vehicle: dict[VehicleId | None, list[Row]] = {name: [] for name in vehicles}
    for row in ride.rows:
        berth = row.boarded or row.planned
        by_vehicle.setdefault(berth.vehicle if berth is not None else row.alighted_vehicle, []).append(row)
    found = []
    for name in sorted(by_vehicle, key=lambda one: (one is None, one or "")):
        rows = by_vehicle[name]
        free = vehicle_free(ride.movement, name) if name is not None else None
        if name is None and not rows:
            continue
        found.append(
            Load(
                vehicle=None if name is None else vehicles.get(name, Vehicle(vehicle=name, seats=0)),
                columns=columns_of(rows),
                free_seats=free["seat"] if free is not None else None,
                lines=_lines(board, ride, rows, names),
            )
        )
    return tuple(found)


def _lines(board: Board, ride: Ride, rows: list[Row], names: Mapping[PersonId, tuple[str, ...]]) -> tuple[Line, ...]:
    """The people of one vehicle, those who travel together one under the other, the grown-ups first."""
    register, group_of = board.everybody.register, board.everybody.group_of
    here = place_account(ride.leg.source) if ride.leg is not None else None
    adults_first = {"adult": 0, "elder": 0, "child": 1, "infant": 2}

    def turn(row: Row) -> tuple[str, int, str]:
        group = group_of.get(row.person, frozenset((row.person,)))
        return (min(group), adults_first.get(register[row.person].age_band or "", 0), row.person)

    found, before = [], ""
    ordered = sorted(rows, key=turn)
    leaders = [turn(row)[0] for row in ordered]
    for row, leader in zip(ordered, leaders, strict=True):
        found.append(
            Line(
                row=row,
                names=names.get(row.person, ()),
                state=register[row.person],
                here=here is None or not ride.to_leave or _is_here(board, row, here),
                head=leader != before,
                together=leaders.count(leader),
            )
        )
        before = leader
    return tuple(found)


def _is_here(board: Board, row: Row, here: str) -> bool:
    account = board.view.account_of(row.person)
    return account == here or (account is not None and parts(account).type == "aboard")


def _named(ride: Ride, names: Mapping[PersonId, tuple[str, ...]]) -> tuple[Named, ...]:
    """Where columns that should meet by now do not, with everybody's name."""
    due = {"boarded_not_planned", "alighted_not_boarded", "other_vehicle"}
    if ride.movement.status not in ("planned", "cancelled"):
        due.add("planned_not_boarded")
    if ride.movement.status == "arrived":
        due.add("boarded_not_alighted")
    found = differences(Manifest(ride.id, ride.rows))
    return tuple(
        Named(one, tuple((person, names.get(person, ())) for person in one.persons)) for one in found if one.type in due
    )
