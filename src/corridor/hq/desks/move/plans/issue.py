"""Issuing a plan: what it would do, checked against the board as it is now, and refused with what has moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.base.ids import UserId
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give, needs
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.move.plans.families import named_persons
from corridor.hq.desks.move.plans.page import One, head, made_one
from corridor.hq.desks.move.plans.sentences import changed, flight_name, moment_at, place_name
from corridor.hq.desks.move.ride import refuse_by_name
from corridor.hq.models import GivenOrder
from corridor.hq.planning.refusals import OVERTAKEN
from corridor.hq.served import served
from corridor.journey.move.orders import IssuePlan
from corridor.journey.planning.changes import Change, changes_since, cut_at
from corridor.journey.planning.issuing import issue_order

SHOWN_MOST = 50
"""Changes that are named one by one; the others are counted."""
HOURS = (24, 48)


class IssueForm(OrderForm):
    """How much of the plan is put in force."""

    hours = forms.TypedChoiceField(coerce=int, initial=0)

    def __init__(self, *args: Any, one: One, **facts: Any) -> None:
        super().__init__(*args, **facts)
        hours = self.fields["hours"]
        assert isinstance(hours, forms.TypedChoiceField), "declared above"
        some = [(str(each), _("what leaves within %(hours)d hours") % {"hours": each}) for each in HOURS]
        whole = ("0", _("the whole plan"))
        hours.choices = [whole, *(each for each in some if int(each[0]) < one.row.hours)]
        hours.label = _("What is issued")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change in the reader's language: whom it is about by name where they may be read, else what."""

    people: tuple[tuple[str, str], ...]
    about: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldDo:
    """What issuing would do: movements planned, called off, filled; people put on, taken off, made to wait, called to a
    gate, and those whose call is taken back."""

    planned: int
    called_off: int
    filled: int
    put_on: int
    taken_off: int
    waiting: int
    called: int
    taken_back: int


@needs("plans")
def issue(request: HttpRequest, plan: str) -> HttpResponse:
    """The page that issues a plan."""
    one = made_one(plan)
    form = IssueForm(request.POST or None, one=one)
    gives = may_give(request.user, IssuePlan)
    found: tuple[Change, ...] | None = None
    if request.method == "POST" and form.is_valid() and gives:
        answer, found = _give(request, one, form.cleaned_data["hours"])
        if isinstance(answer, Given):
            says = _("The plan is issued. Its movements, manifests and calls to the gate are in the book.")
            messages.success(request, says)
            return redirect("move-plan-one", plan)
        if found:
            form.refuse(answer)
        else:
            refuse_by_name(request, served().board_now(), form, answer)
    if found is None:
        board = served().board_now()
        found = changes_since(board, one.problem, one.plan)
    facts: dict[str, Any] = head(request, one, "issue") | {
        "form": form,
        "changes": _told(request, one, found[:SHOWN_MOST]),
        "more": max(0, len(found) - SHOWN_MOST),
        "would": None if found else _would_do(one),
    }
    return show(request, "hq/desks/move/plans/issue.html", facts, status=409 if form.refusal else 200)


def _give(request: HttpRequest, one: One, hours: int) -> tuple[Given | Refusal, tuple[Change, ...]]:
    """Check what is issued against the board, and give the order; nobody else writes between the two."""
    problem = one.problem
    plan = cut_at(problem, one.plan, 60 * hours) if hours else one.plan
    with served().opened.writer.alone():
        board = served().board_now()
        # A form that is sent again answers what it did, whatever has moved since.
        moved = () if _is_done(request) else changes_since(board, problem, plan)
        if moved:
            return OVERTAKEN(changes=len(moved)), moved
        until = moment_at(problem, 60 * hours) if hours else None
        order = issue_order(board, problem, plan, name=one.name, by=door.by(request), whole=one.plan, until=until)
        return door.give(request, order), ()


def _is_done(request: HttpRequest) -> bool:
    """Whether this form has issued already."""
    given = GivenOrder.objects.filter(who=door.by(request), token=request.POST.get(door.TOKEN_FIELD, ""), refused="")
    return given.exists()


def _would_do(one: One) -> WouldDo:
    order = issue_order(served().board_now(), one.problem, one.plan, name=one.name, by=UserId(""))
    return WouldDo(
        planned=len(order.plans),
        called_off=len(order.cancels),
        filled=len({each.movement for each in order.boards}),
        put_on=len({passenger.person for each in order.boards for passenger in each.passengers}),
        taken_off=sum(len(each.persons) for each in order.takes_off),
        waiting=sum(len(each.persons) for each in order.standbys),
        called=sum(len(each.persons) for each in order.calls),
        taken_back=sum(len(each.persons) for each in order.takes_back),
    )


def _told(request: HttpRequest, one: One, found: Iterable[Change]) -> list[Told]:
    found = list(found)
    persons = [person for change in found for person in change.persons]
    names = named_persons(request, persons, why=f"plan {one.name}, what has changed")
    return [
        Told(
            people=tuple((person, names.get(person, "")) for person in change.persons),
            about=_about(change),
            says=changed(change),
        )
        for change in found
    ]


def _about(change: Change) -> str:
    """What a change is about that is about nobody by name."""
    if change.persons or not change.about:
        return ""
    board = served().board_now()
    if change.about in board.everybody.move.movements:
        return flight_name(change.about)
    return place_name(change.about)
