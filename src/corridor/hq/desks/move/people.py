"""Putting people on a movement: travel groups that are ready, found by name, party or number; a family's waiver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.base.ids import OfferId, PartyId, PersonId, VehicleId
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_names
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import OrderForm, form_of
from corridor.hq.desks.move.manifest import Picked
from corridor.hq.desks.move.ride import Ride, movement_of, page_facts, refuse_by_name, ride_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.board.ready import Hindrance, ReadyGroup, group_at, planned_on, ready_groups
from corridor.journey.move.events import PlaceType
from corridor.journey.move.orders import JoinStandby, Passenger, PlanAboard
from corridor.journey.move.refusals import GROUP_SPLIT
from corridor.journey.move.seating import place_types, seated
from corridor.journey.move.state import Berth, Movement, Row
from corridor.journey.register.orders import WaiveSplit
from corridor.journey.register.state import RegisterState
from corridor.names.normalise import fold

GROUPS_PER_PAGE = 25
SEARCHED_MAX = 2_000
"""People whose names one search looks through: those where the leg begins; every one of them is logged as read."""


class AddForm(OrderForm):
    """Who is put on the movement, in which vehicle, on whose seats."""

    persons = Picked(required=False)
    vehicle = forms.ChoiceField(required=False)
    offer = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, ride: Ride, **facts: Any) -> None:
        super().__init__(*args, **facts)
        vehicles = [(one.vehicle, f"{one.vehicle} ({one.type or one.seats})") for one in ride.movement.vehicles]
        taken = [(one.offer, f"{one.partner}: {one.taken}") for one in ride.movement.offers if one.taken]
        vehicle, offer = self.fields["vehicle"], self.fields["offer"]
        assert isinstance(vehicle, forms.ChoiceField) and isinstance(offer, forms.ChoiceField)
        vehicle.choices = [("", _("where they fit together")), *vehicles]
        offer.choices = [("", _("our own seats")), *taken]
        vehicle.label, offer.label = _("Vehicle"), _("Seats")
        if not taken:
            del self.fields["offer"]


WaiverForm = form_of(
    WaiveSplit,
    fields=("persons", "said_by", "why"),
    labels={
        "persons": lambda: _("Who travels apart, by number"),
        "said_by": lambda: _("Which adult of the family says so, by number"),
        "why": lambda: _("Reason"),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of a group on the page."""

    person: PersonId
    names: tuple[str, ...]
    state: RegisterState
    place_type: PlaceType
    hindrances: tuple[Hindrance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One travel group on the page: `seats` are what it takes, infants on laps take none."""

    group: ReadyGroup
    members: tuple[Member, ...]

    @property
    def ids(self) -> str:
        """The members' ids, for a script that ticks them all."""
        return " ".join(self.group.persons)

    @property
    def seats(self) -> int:
        """Places that the group takes."""
        return sum(one.place_type != "lap" for one in self.members)


def add(request: HttpRequest, movement: str) -> HttpResponse:
    """The page that puts people on a movement, or on its standby list."""
    board, now = served().board_now(), served().now()
    ride = ride_of(request, board, movement_of(board, movement), now)
    form = AddForm(request.POST or None, ride=ride)
    left_out = ""
    if request.method == "POST" and form.is_valid():
        order = _order(request, board, ride, form)
        given = door.give(request, order)
        if isinstance(given, Given):
            _tell(request, order)
            return redirect("move-people", movement)
        refuse_by_name(request, board, form, given)
        left_out = str(given.data["left_out"]) if given.code == GROUP_SPLIT.code else ""
    asked, which = request.GET.get("q", "").strip(), request.GET.get("which", "ready")
    if not may_give(request.user, PlanAboard):
        groups = []  # who puts nobody on reads nobody here
    else:
        groups = _found(request, board, ride, asked) if asked else _ready(board, ride)
    ready = [one for one in groups if one.ready]
    shown = groups if asked else ready if which == "ready" else [one for one in groups if not one.ready]
    table = cut(request, "ready", (Column(name="group", title=lambda: _("Group")),), shown, per_page=GROUPS_PER_PAGE)
    ticked = set(request.POST.getlist("persons"))
    facts = page_facts(request, ride, "people") | {
        "form": form,
        "groups": _rows(request, board, table.rows),
        "table": table,
        "asked": asked,
        "which": "found" if asked else which,
        "ready": len(ready),
        "not_ready": len(groups) - len(ready),
        "ticked": ticked,
        "left_out": left_out,
        "may_waive": may_give(request.user, WaiveSplit),
    }
    wrong = bool(form.refusal or form.errors)
    return show(request, "hq/desks/move/people.html", facts, status=409 if wrong else 200)


def _tell(request: HttpRequest, order: PlanAboard | JoinStandby) -> None:
    if isinstance(order, JoinStandby):
        number = len(order.persons)
        said = ngettext("%(number)d person waits for a seat.", "%(number)d people wait for a seat.", number)
    else:
        number = len(order.passengers)
        said = ngettext("%(number)d person planned.", "%(number)d people planned.", number)
    messages.success(request, said % {"number": number})


def _order(request: HttpRequest, board: Board, ride: Ride, form: AddForm) -> PlanAboard | JoinStandby:
    persons: tuple[PersonId, ...] = form.cleaned_data["persons"]
    if request.POST.get("does") == "standby":
        return JoinStandby(movement=ride.id, by=door.by(request), persons=persons)
    vehicle, offer = form.cleaned_data["vehicle"], form.cleaned_data.get("offer")
    return PlanAboard(
        movement=ride.id,
        by=door.by(request),
        passengers=seats_for(board, ride.movement, persons, VehicleId(vehicle) if vehicle else None),
        offer=OfferId(offer) if offer else None,
    )


def seats_for(
    board: Board, movement: Movement, persons: Iterable[PersonId], vehicle: VehicleId | None = None
) -> tuple[Passenger, ...]:
    """A place for each person, group after group, so that each finds the vehicles as those before leave them."""
    everybody = board.everybody
    chosen = frozenset(persons)
    groups = dict.fromkeys(everybody.group_of.get(one, frozenset((one,))) for one in sorted(chosen))
    found: list[Passenger] = []
    for group in sorted(groups, key=lambda one: (-len(one & chosen), min(one))):
        passengers = seated(movement, group & chosen, everybody.register, vehicle)
        found += passengers
        rows = tuple(
            Row(person=one.person, planned=Berth(place_type=one.place_type, vehicle=one.vehicle)) for one in passengers
        )
        movement = replace(movement, rows=movement.rows + rows)
    return tuple(found)


def _ready(board: Board, ride: Ride) -> list[ReadyGroup]:
    """The groups that stand where the leg begins and are not on this movement already."""
    if ride.leg is None:
        return []
    groups = ready_groups(board.everybody, ride.leg.id)
    return [one for one in groups if not ride.movement.planned & set(one.persons)]


def _found(request: HttpRequest, board: Board, ride: Ride, asked: str) -> list[ReadyGroup]:
    """The groups a search finds: by a person's or party's number anywhere, by name among those where the leg begins."""
    if ride.leg is None:
        return []
    everybody, leg = board.everybody, ride.leg.id
    persons: list[PersonId] = [PersonId(asked)] if PersonId(asked) in everybody.register else []
    persons += everybody.company.members(asked)
    if not persons:
        here = [one for group in ready_groups(everybody, leg) for one in group.persons][:SEARCHED_MAX]
        names = read_names(request, served(), board, here, why=f"search for {ride.id}")
        words = fold(asked).split()
        persons = [one for one in here if _named(names.get(one, ()), words)]
    planned = planned_on(everybody)
    groups = dict.fromkeys(everybody.group_of.get(one, frozenset((one,))) for one in persons)
    return [group_at(everybody, leg, group, planned) for group in groups]


def _named(names: Iterable[str], words: list[str]) -> bool:
    """Whether one of the names has a part that begins with each of the words, in whatever order."""
    for name in names:
        written = fold(name).split()
        if words and all(any(part.startswith(word) for part in written) for word in words):
            return True
    return False


def _rows(request: HttpRequest, board: Board, groups: Iterable[ReadyGroup]) -> list[GroupRow]:
    groups = list(groups)
    register = board.everybody.register
    shown = [person for group in groups for person in group.persons]
    names: Mapping[PersonId, tuple[str, ...]] = read_names(request, served(), board, shown, why="ready people")
    found = []
    for group in groups:
        kinds = place_types(group.persons, register)
        members = tuple(
            Member(
                person=one,
                names=names.get(one, ()),
                state=register[one],
                place_type=kinds[one],
                hindrances=tuple(group.hindrances.get(one, ())),
            )
            for one in sorted(group.persons, key=lambda one: (register[one].age_band not in ("adult", "elder"), one))
        )
        found.append(GroupRow(group=group, members=members))
    return found


def waive(request: HttpRequest, movement: str) -> HttpResponse:
    """The page on which a family itself waives that it travels together; what the law asks is decided by the door."""
    board, now = served().board_now(), served().now()
    ride = ride_of(request, board, movement_of(board, movement), now)
    apart = request.GET.get("persons", "")
    form = WaiverForm(request.POST or None, initial={"persons": apart})
    if request.method == "POST" and form.is_valid():
        persons = form.cleaned_data["persons"]
        party = next((board.everybody.register[one].party for one in persons), None)
        given: Given | Refusal = door.give(request, form.order(by=door.by(request), party=party or PartyId("")))
        if isinstance(given, Given):
            messages.success(request, _("The waiver is recorded. They may now be put on apart."))
            return redirect("move-people", movement)
        refuse_by_name(request, board, form, given)
    facts = page_facts(request, ride, "people") | {"form": form, "may_waive": may_give(request.user, WaiveSplit)}
    wrong = bool(form.refusal or form.errors)
    return show(request, "hq/desks/move/waiver.html", facts, status=409 if wrong else 200)
