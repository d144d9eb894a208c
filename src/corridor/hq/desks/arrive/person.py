"""One person at the reception: where they stand, and one form at a time; whoever belongs with them comes along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as late
from django.views.decorators.http import require_http_methods, require_safe

from corridor.base.ids import CustodianId, FollowUpId, PersonId, PlaceId, ReceiptId
from corridor.base.moments import DAY_MS, Moment
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.arrive.overview import rooms, tabs_of
from corridor.hq.desks.arrive.people import (
    custodian_at,
    custodian_name,
    custodians,
    group_of,
    guests,
    homes,
    place_name,
)
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, OrderForm, Text, When, YesNo, field_for
from corridor.hq.served import served
from corridor.hq.templatetags.words import told_at, word
from corridor.journey.arrive import rules
from corridor.journey.arrive.events import FollowUpOutcome, FollowUpType, OnwardMode
from corridor.journey.arrive.state import ArriveState
from corridor.journey.board.board import Board
from corridor.ledger.accounts import parts


def shelter_choices() -> list[tuple[str, str]]:
    """Every shelter with what is free."""
    board = served().board_now()
    found = []
    for room in rooms(board):
        free = _("beds not known") if room["free"] is None else _("%(free)d free") % {"free": room["free"]}
        found.append((str(room["place"]), f"{room['name']}: {free}"))
    return found


class Together(OrderForm):
    """A form for several people who belong together; everybody is ticked at first."""

    def __init__(self, *args: Any, together: Sequence[tuple[str, str]], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["persons"] = forms.MultipleChoiceField(
            choices=together, widget=forms.CheckboxSelectMultiple, label=_("Who"), initial=[one for one, _n in together]
        )
        self.order_fields(["persons"])

    @property
    def persons(self) -> tuple[PersonId, ...]:
        """Who was ticked."""
        return tuple(PersonId(one) for one in self.cleaned_data["persons"])


class ReceiveForm(Together):
    """Who received them."""

    custodian = Chosen(custodians, label=late("Received by"))
    place = Chosen(homes, label=late("Where"))
    relatives = YesNo(label=late("Met by relatives"), required=False)


class PlaceForm(Together):
    """Where they sleep."""

    shelter = Chosen(shelter_choices, label=late("Shelter"))
    room = Text(label=late("Room"), required=False, max_length=40)
    until = When(label=late("Until"), required=False)


class LeaveForm(Together):
    """That they left a shelter."""

    why = Text(label=late("Why"), max_length=200)


class HandOverForm(Together):
    """To whom they are handed over."""

    from_custodian = Chosen(custodians, label=late("Given by"))
    to_custodian = Chosen(custodians, label=late("Taken by"))
    receipt = Text(
        label=late("Receipt number"), required=False, max_length=40, help_text=late("Empty: it gets a new number.")
    )


class OnwardForm(Together):
    """Where they go on to."""

    to = Text(label=late("Where to"), max_length=120)
    mode = field_for(OnwardMode | None)
    leaves_at = When(label=late("Leaves"), required=False)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["mode"].label = _("How")


class FollowUpForm(OrderForm):
    """What must be looked after, and by when."""

    type = field_for(FollowUpType)
    due_at = When(label=late("Due at"))

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["type"].label = _("What kind")


class OutcomeForm(OrderForm):
    """What came of a follow-up."""

    follow_up = forms.ChoiceField(label=late("Follow-up"))
    outcome = forms.ChoiceField(label=late("What came of it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, due: Sequence[tuple[str, str]], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["follow_up"].choices = due  # type: ignore[attr-defined]
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (one, str(word(one))) for one in get_args(FollowUpOutcome)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing the reception does for a person: its form, and the orders it becomes."""

    name: str
    order: type
    title: Callable[[], str]
    said: Callable[[], str]
    form: type[OrderForm]
    make: Callable[[Asked, Any], list[Any]]
    initial: Callable[[Asked], dict[str, Any]] = lambda asked: {}
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For whom, by whom, on which board."""

    request: HttpRequest
    board: Board
    person: PersonId
    state: ArriveState
    together: tuple[PersonId, ...]

    @property
    def by(self) -> Any:
        """Who is at the screen."""
        return door.by(self.request)


def _received(asked: Asked, form: Any) -> list[Any]:
    told = form.cleaned_data
    custodian, place = CustodianId(told["custodian"]), PlaceId(told["place"])
    return [
        rules.Receive(persons=form.persons, by=asked.by, custodian=custodian, place=place, relatives=told["relatives"])
    ]


def _placed(asked: Asked, form: Any) -> list[Any]:
    told = form.cleaned_data
    return [
        rules.Place(persons=form.persons, by=asked.by, shelter=told["shelter"], room=told["room"], until=told["until"])
    ]


def _left(asked: Asked, form: Any) -> list[Any]:
    states = asked.board.everybody.arrive
    return [
        rules.EndPlacement(person=person, by=asked.by, shelter=stay.shelter, why=form.cleaned_data["why"])
        for person in form.persons
        for stay in states.get(person, ArriveState()).here
    ]


def _handed(asked: Asked, form: Any) -> list[Any]:
    told = form.cleaned_data
    giver, taker = CustodianId(told["from_custodian"]), CustodianId(told["to_custodian"])
    receipt = ReceiptId(told["receipt"] or door.fresh_id("rc"))
    return [
        rules.HandOver(persons=form.persons, by=asked.by, from_custodian=giver, to_custodian=taker, receipt=receipt)
    ]


def _onward(asked: Asked, form: Any) -> list[Any]:
    told = form.cleaned_data
    return [
        rules.SendOnward(
            persons=form.persons, by=asked.by, to=told["to"], mode=told["mode"], leaves_at=told["leaves_at"]
        )
    ]


def _due(asked: Asked, form: Any) -> list[Any]:
    told = form.cleaned_data
    name = FollowUpId(door.fresh_id("u"))
    return [
        rules.ScheduleFollowUp(
            person=asked.person, by=asked.by, follow_up=name, type=told["type"], due_at=told["due_at"]
        )
    ]


def _done(asked: Asked, form: Any) -> list[Any]:
    told = form.cleaned_data
    return [
        rules.RecordFollowUp(person=asked.person, by=asked.by, follow_up=told["follow_up"], outcome=told["outcome"])
    ]


def _receive_start(asked: Asked) -> dict[str, Any]:
    type_, name = parts(asked.board.view.account_of(asked.person) or "outside")  # type: ignore[arg-type]
    place = PlaceId(name) if type_ == "place" else None
    return {"place": place, "custodian": custodian_at(asked.board, place) if place is not None else None}


_TASKS = (
    Task(
        name="receive", order=rules.Receive, title=lambda: _("Receive"), said=lambda: _("Received."),
        form=ReceiveForm, make=_received, initial=_receive_start, key="r",
    ),
    Task(
        name="place", order=rules.Place, title=lambda: _("Place in a shelter"), said=lambda: _("Placed."),
        form=PlaceForm, make=_placed, key="p",
    ),
    Task(
        name="leave", order=rules.EndPlacement, title=lambda: _("Left the shelter"), said=lambda: _("Recorded."),
        form=LeaveForm, make=_left,
    ),
    Task(
        name="hand-over", order=rules.HandOver, title=lambda: _("Hand over"), said=lambda: _("Handed over."),
        form=HandOverForm, make=_handed, initial=lambda asked: {"from_custodian": asked.state.custodian}, key="h",
    ),
    Task(
        name="onward", order=rules.SendOnward, title=lambda: _("Onward journey"), said=lambda: _("Recorded."),
        form=OnwardForm, make=_onward, key="o",
    ),
    Task(
        name="follow-up", order=rules.ScheduleFollowUp, title=lambda: _("New follow-up"), said=lambda: _("It is due."),
        form=FollowUpForm, make=_due, initial=lambda asked: {"due_at": Moment(served().now() + 3 * DAY_MS)}, key="f",
    ),
    Task(
        name="follow-up-done", order=rules.RecordFollowUp, title=lambda: _("Follow-up done"),
        said=lambda: _("Recorded."), form=OutcomeForm, make=_done, key="d",
        initial=lambda asked: {"follow_up": asked.request.GET.get("follow_up")},
    ),
)  # fmt: skip

TASKS = {task.name: task for task in _TASKS}
"""Every task by its address, in the order of the tabs."""


@require_safe
def page(request: HttpRequest, person: str) -> HttpResponse:
    """A person, with the form that comes next for them."""
    board = served().board_now()
    who = PersonId(person)
    state = board.everybody.arrive.get(who, ArriveState())
    return _page(request, _asked(request, board, who), TASKS["receive" if state.received is None else "place"])


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, person: str, does: str) -> HttpResponse:
    """One task for a person and whoever belongs with them."""
    if does not in TASKS:
        raise Http404(_("The reception has no such task."))
    board, task = served().board_now(), TASKS[does]
    asked = _asked(request, board, PersonId(person))
    if request.method != "POST":
        return _page(request, asked, task)
    form = _form(task, asked, request.POST)
    if not form.is_valid():
        return _page(request, asked, task, form=form, status=422)
    refused = next((one for one in door.give_all(request, task.make(asked, form)) if isinstance(one, Refusal)), None)
    if refused is not None:
        form.refuse(refused)
        return _page(request, _asked(request, served().board_now(), asked.person), task, form=form, status=409)
    messages.success(request, task.said())
    return redirect("arrive-person", asked.person)


def _asked(request: HttpRequest, board: Board, person: PersonId) -> Asked:
    state = board.everybody.arrive.get(person, ArriveState())
    return Asked(request=request, board=board, person=person, state=state, together=group_of(board, person))


def _form(
    task: Task, asked: Asked, data: QueryDict | None = None, names: dict[PersonId, str] | None = None
) -> OrderForm:
    initial = task.initial(asked)
    if issubclass(task.form, Together):
        called = names or {}
        together = [(one, called.get(one) or one) for one in asked.together]
        return task.form(data, initial=initial, together=together)
    if issubclass(task.form, OutcomeForm):
        open_ = [one for one in asked.state.follow_ups if one.done_at is None]
        due = [(one.follow_up, f"{word(one.type)}, {told_at(one.due_at, None)}") for one in open_]
        return task.form(data, initial=initial, due=due)
    return task.form(data, initial=initial)


def _page(
    request: HttpRequest, asked: Asked, task: Task, *, form: OrderForm | None = None, status: int = 200
) -> HttpResponse:
    board, state = asked.board, asked.state
    people = guests(request, board, (asked.person, *asked.together), why="reception desk")
    names = {one.person: f"{next(iter(one.names), '')} {one.person}".strip() for one in people.values()}
    if form is not None and "persons" in form.fields:
        form.fields["persons"].choices = [(one, names.get(one, one)) for one in asked.together]  # type: ignore[attr-defined]
    if form is None and may_give(request.user, task.order):
        form = _form(task, asked, names=names)
    facts: dict[str, Any] = {
        "guest": people[asked.person],
        "party": [one for other, one in people.items() if other != asked.person],
        "state": state,
        "custodian": custodian_name(board, state.custodian),
        "stays": [(place_name(board, stay.shelter), stay) for stay in state.stays],
        "handovers": [
            (custodian_name(board, one.giver), custodian_name(board, one.receiver), one) for one in state.handovers
        ],
        "now": board.at,
        "task": task,
        "tasks": [one for one in _TASKS if may_give(request.user, one.order)],
        "form": form if may_give(request.user, task.order) else None,
        "rooms": rooms(board) if task.name == "place" else (),
        "zone": board.operation.as_of_zone,
        "part": "person",
        **tabs_of(board),
    }
    return show(request, "hq/desks/arrive/person.html", facts, status=status)
