"""Roll calls: place by place, who should be there, who was counted, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from corridor.base.ids import AccountId, PlaceId
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, Number, OrderForm, Text, When, form_of, ids_of
from corridor.hq.desks.live import live, tag_of
from corridor.hq.pages.people import where_is
from corridor.hq.served import served
from corridor.hq.templatetags.words import place_of_account
from corridor.journey.board.board import Board
from corridor.journey.reconcile.facts import board_roll_calls
from corridor.journey.reconcile.open import id_of_count, open_discrepancies
from corridor.journey.reconcile.orders import CountHeads, EndRollCall, ExplainDiscrepancy, ScheduleRollCall
from corridor.journey.reconcile.roll_calls import RollCall
from corridor.ledger.accounts import aboard_account, is_account, parts, place_account
from corridor.ledger.book.discrepancies import HeadCount, last_counts


@dataclass(frozen=True, slots=True)
class Roll:
    """One place or movement: how many the book has there, the last head count, what is due, and the form to count."""

    account: AccountId
    name: str
    held: int
    counted: HeadCount | None  # None: never counted
    differs: str  # the discrepancy's name while the last count differs and nobody explained it, else ''
    due: tuple[RollCall, ...]
    form: OrderForm | None  # None: the reader counts nobody

    @property
    def red(self) -> bool:
        """Whether somebody must do something now."""
        return bool(self.differs) or any(one.red for one in self.due)


def by_their_clocks() -> list[tuple[str, str]]:
    """The same, each with the zone by whose clocks it is due there."""
    operation = served().operation
    zones = {account: _place_of(account) for account, _name in accounts()}
    return [
        (account, f"{name} ({operation.as_of_zone if (at := zones[account]) is None else operation.place(at).zone})")
        for account, name in accounts()
    ]


def accounts() -> list[tuple[str, str]]:
    """Where people can be counted: every place, and every movement with people aboard."""
    board, language = served().board_now(), get_language() or "en"
    return [(account, where_is(board, account, language)) for account in _accounts(board)]


ScheduleForm = form_of(
    ScheduleRollCall,
    fields=("account", "due_at", "every_hours"),
    labels={
        "account": lambda: _("Where"),
        "due_at": lambda: _("Due at"),
        "every_hours": lambda: _("Again every … hours"),
    },
    help_texts={"due_at": lambda: _("By the clocks of the place."), "every_hours": lambda: _("Empty: once.")},
    choices={"account": by_their_clocks},
)
EndForm = form_of(EndRollCall, fields=("roll_call", "why"), labels={"roll_call": lambda: "", "why": lambda: _("Why")})


class CountForm(OrderForm):
    """How many were counted; what explains the difference when there is one."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["account"] = Chosen(accounts, widget=forms.HiddenInput())
        self.fields["count"] = Number(label=_("Counted"))
        self.fields["unidentified"] = Number(label=_("of them not identified"), required=False)
        self.fields["why"] = Text(label=_("What explains a difference"), required=False)


@require_safe
@live
def page(request: HttpRequest) -> HttpResponse:
    """Every place with its roll calls."""
    return _page(request)


@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Record a head count, and its explanation when it differs and one was given."""
    form = CountForm(request.POST, auto_id=ids_of(request.POST.get("account", "")))
    if not form.is_valid():
        return _page(request, counting=form, status=422)
    told = form.cleaned_data
    order = CountHeads(
        by=door.by(request), account=told["account"], count=told["count"], unidentified=told["unidentified"]
    )
    given = door.give(request, order)
    if isinstance(given, Refusal):
        form.refuse(given)
        return _page(request, counting=form, status=409)
    id_ = id_of_count(given.events[0])
    board = served().board_now()
    if all(one.id != id_ for one in open_discrepancies(board)):
        messages.success(request, _("Counted. The book has as many."))
        return redirect("reconcile-roll-calls")
    if told["why"]:
        explained = door.give(request, ExplainDiscrepancy(by=door.by(request), discrepancy=id_, why=told["why"]))
        if isinstance(explained, Refusal):
            form.refuse(explained)
            return _page(request, counting=form, status=409)
        messages.success(request, _("Counted, and the difference is explained."))
        return redirect("reconcile-roll-calls")
    messages.warning(request, _("Counted. The book has another number: compare the people by name, then explain."))
    return redirect("reconcile-one", id_)


@require_POST
def schedule(request: HttpRequest) -> HttpResponse:
    """Schedule a roll call."""
    form = _scheduling(request.POST)
    if form.is_valid():
        given = door.give(request, form.order(by=door.by(request), roll_call=door.fresh_id("r")))
        if not isinstance(given, Refusal):
            messages.success(request, _("Scheduled."))
            return redirect("reconcile-roll-calls")
        form.refuse(given)
    return _page(request, scheduling=form, status=409 if form.refusal else 422)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End a roll call."""
    form = EndForm(request.POST)
    if form.is_valid():
        given = door.give(request, form.order(by=door.by(request)))
        if not isinstance(given, Refusal):
            messages.success(request, _("Ended."))
            return redirect("reconcile-roll-calls")
        form.refuse(given)
    return _page(request, ending=form, status=409 if form.refusal else 422)


def _page(
    request: HttpRequest,
    *,
    counting: OrderForm | None = None,
    scheduling: OrderForm | None = None,
    ending: OrderForm | None = None,
    status: int = 200,
) -> HttpResponse:
    board = served().board_now()
    rolls = _rolls(request, board, counting)
    red = sum(1 for roll in rolls if roll.red)
    facts = {
        "rolls": rolls,
        "red": red,
        "red_says": _red_says(red),
        "schedule": (scheduling or _scheduling()) if may_give(request.user, ScheduleRollCall) else None,
        "end": (ending or EndForm()) if may_give(request.user, EndRollCall) else None,
        "tag": tag_of(request),
    }
    whole, part = "hq/desks/reconcile/roll_calls.html", "hq/desks/reconcile/_roll_calls.html"
    return show(request, whole, facts, part=part, status=status)


def _scheduling(sent: QueryDict | None = None) -> OrderForm:
    """The form of a roll call, which is due by the clocks of the place chosen in it."""
    form: OrderForm = ScheduleForm(sent).by_clocks_of(_place_of(sent.get("account", "")) if sent else None)
    due = form.fields["due_at"]
    assert isinstance(due, When), "an instant is typed into a field for instants"
    due.by_place = True
    return form


def _place_of(account: str) -> PlaceId | None:
    """By whose clocks a roll call is due: those of the place, or of where the movement began; None: not known."""
    return place_of_account(served().board_now(), AccountId(account)) if is_account(account) else None


def _red_says(red: int) -> str:
    says = ngettext("%(red)d place is to be counted or explained", "%(red)d places are to be counted or explained", red)
    return says % {"red": red}


def _accounts(board: Board) -> list[AccountId]:
    places = [place_account(place.id) for place in board.operation.places]
    return places + [aboard_account(ride.movement) for ride in board.movements if ride.people]


def _rolls(request: HttpRequest, board: Board, counting: OrderForm | None) -> list[Roll]:
    """Places and movements with people, counts or roll calls, the red ones first."""
    language = get_language() or "en"
    counts, held, calls = last_counts(board.view), board.view.accounts(), board_roll_calls(board)
    red = {one.id for one in open_discrepancies(board) if one.explained is None}
    counted_here = str(counting.data.get("account")) if counting is not None else ""
    found = []
    for account in dict.fromkeys([*_accounts(board), *(call.account for call in calls)]):
        due = tuple(call for call in calls if call.account == account)
        last = counts.get(account)
        if not (held.get(account) or due or last) or parts(account).type not in ("place", "aboard"):
            continue
        fresh = CountForm(initial={"account": account}, auto_id=ids_of(account))
        found.append(
            Roll(
                account=account,
                name=where_is(board, account, language),
                held=held.get(account, 0),
                counted=last,
                differs=id_of_count(last.event) if last is not None and id_of_count(last.event) in red else "",
                due=due,
                form=(counting if account == counted_here else fresh) if may_give(request.user, CountHeads) else None,
            )
        )
    return sorted(found, key=lambda roll: not roll.red)
