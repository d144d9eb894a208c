"""One discrepancy: its sides, who sees to it, and the ways to close it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from corridor.base.ids import AccountId, EventId, PersonId, PlaceId, parse_event_id
from corridor.base.refusal import Refusal
from corridor.hq.access.names import own_people, read_names
from corridor.hq.access.rights import DESKS, may_enter, may_give, rights_of
from corridor.hq.desks import door
from corridor.hq.desks.desk import desks, show
from corridor.hq.desks.form import Chosen, OrderForm, Several, Text, form_of, ids_of
from corridor.hq.desks.live import tag_of
from corridor.hq.desks.reconcile.queue import minutes_since, owner_name, seen_by, stage_of
from corridor.hq.desks.reconcile.words import said, told_in
from corridor.hq.pages.people import where_is
from corridor.hq.pages.timeline import happened_in, sentence
from corridor.hq.served import served
from corridor.hq.working import at_work
from corridor.journey.board.board import Board
from corridor.journey.board.movements import MovementPicture
from corridor.journey.reconcile.facts import reconcile_facts
from corridor.journey.reconcile.open import CONFLICTS, OpenDiscrepancy
from corridor.journey.reconcile.orders import (
    AssignDiscrepancy,
    CorrectRecord,
    ExplainDiscrepancy,
    Reconcile,
    ReconcileOrder,
)
from corridor.journey.reconcile.rules import NEVER_CORRECTED, SIGNED
from corridor.ledger.event import Event

PEOPLE_NAMED_MAX = 100
MOVEMENT_SIDES = ("movement_planned", "seats_offered", "departed", "arrived")
"""What is set side by side of a movement that breaks a rule while nobody in particular does."""


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a discrepancy as the reader may see it; `moved` is where it has the people come from and go to,
    `place` by whose clocks it is told (None: the operation's)."""

    event: Event
    says: str
    moved: str
    by: str
    correctable: bool
    place: PlaceId | None


def owners() -> list[tuple[str, str]]:
    """Who can be given a discrepancy: whoever may open this desk and may give orders."""
    may_own = DESKS["reconcile"] - {"auditor"}
    return [(one.id, one.name) for one in at_work(served().operation) if may_own & set(one.roles)]


AssignForm = form_of(
    AssignDiscrepancy, fields=("owner",), labels={"owner": lambda: _("Owner")}, choices={"owner": owners}
)
ExplainForm = form_of(
    ExplainDiscrepancy,
    fields=("why",),
    labels={"why": lambda: _("Why it is as it is")},
    help_texts={"why": lambda: _("It stays on record and is no longer red.")},
    long=("why",),
)
CorrectForm = form_of(
    CorrectRecord, fields=("why",), labels={"why": lambda: _("Why this record is wrong")}, long=("why",)
)


def account_choices() -> list[tuple[str, str]]:
    """Where an officer can say that a person is."""
    board, language = served().board_now(), get_language() or "en"
    return [(account, where_is(board, account, language)) for account in sorted(reconcile_facts(board).accounts)]


class JudgeForm(OrderForm):
    """Where the person is, and every record that was looked at for it."""

    def __init__(self, *args: Any, records: Mapping[EventId, str], **facts: Any) -> None:
        """`records` are the records to judge, each with what it says."""
        super().__init__(*args, **facts)
        names = [(str(record), f"{says} {record}") for record, says in records.items()]
        self.fields["records"] = Several(lambda: names, label=_("Records that I have judged"))
        self.fields["account"] = Chosen(account_choices, label=_("Where the person is"))
        self.fields["says"] = Text(label=_("How I know"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))


@require_safe
def page(request: HttpRequest, discrepancy: str) -> HttpResponse:
    """One discrepancy."""
    return _page(request, discrepancy)


@require_POST
def assign(request: HttpRequest, discrepancy: str) -> HttpResponse:
    """Give it to somebody."""
    form = AssignForm(request.POST)
    told = _("Given to its owner.")
    make = partial(form.order, by=door.by(request), discrepancy=discrepancy)
    return _done(request, discrepancy, "assign", form, make, told, stays=True)


@require_POST
def explain(request: HttpRequest, discrepancy: str) -> HttpResponse:
    """Accept it, with a reason."""
    form = ExplainForm(request.POST)
    make = partial(form.order, by=door.by(request), discrepancy=discrepancy)
    return _done(request, discrepancy, "explain", form, make, _("Explained. It is no longer red."))


@require_POST
def judge(request: HttpRequest, discrepancy: str) -> HttpResponse:
    """Judge every record: say where the person is."""
    one = _open(request, discrepancy)
    form = JudgeForm(request.POST, records=_told(request, one) if one is not None else {})
    person = one.persons[0] if one is not None and one.persons else PersonId("")

    def make() -> ReconcileOrder:
        return Reconcile(
            by=door.by(request),
            person=person,
            records=tuple(parse_event_id(text) for text in form.cleaned_data["records"]),
            account=AccountId(form.cleaned_data["account"]),
            says=form.cleaned_data["says"],
        )

    return _done(request, discrepancy, "judge", form, make, _("Judged. The person is out of suspense."))


@require_POST
def correct(request: HttpRequest, discrepancy: str) -> HttpResponse:
    """Take one record back."""
    form, text = CorrectForm(request.POST), request.POST.get("record", "")
    one = _open(request, discrepancy)
    record = next((one_of for one_of in one.records if str(one_of) == text), None) if one is not None else None
    if record is None:
        return _page(request, discrepancy, status=404)
    make = partial(form.order, by=door.by(request), record=record)
    told = _("The record was taken back. Its bytes are kept, and it counts no more.")
    return _done(request, discrepancy, f"correct {text}", form, make, told)


def _done(
    request: HttpRequest,
    discrepancy: str,
    does: str,
    form: OrderForm,
    make: Callable[[], ReconcileOrder],
    told: str,
    *,
    stays: bool = False,
) -> HttpResponse:
    """Give the order when the form is whole; the same page with what was typed when it is not or was refused.

    Nobody gives an order about what they may not see.
    """
    if _open(request, discrepancy) is None or not form.is_valid():
        return _page(request, discrepancy, bound={does: form}, status=422)
    given = door.give(request, make())
    if isinstance(given, Refusal):
        form.refuse(given)
        return _page(request, discrepancy, bound={does: form}, status=409)
    messages.success(request, told)
    return redirect("reconcile-one", discrepancy) if stays else redirect("reconcile")


def _open(request: HttpRequest, discrepancy: str) -> OpenDiscrepancy | None:
    found = seen_by(request.user, served().board_now())
    return next((one for one in found if one.id == discrepancy), None)


def _page(
    request: HttpRequest, discrepancy: str, *, bound: dict[str, OrderForm] | None = None, status: int = 200
) -> HttpResponse:
    """The page; forms that were sent and not carried out stand in it as they were sent."""
    board, one = served().board_now(), _open(request, discrepancy)
    if one is None:
        return show(request, "hq/desks/reconcile/closed.html", {"discrepancy": discrepancy}, status=404)
    user: Any = request.user
    known = frozenset(person for person in one.persons if person in board.everybody.register)
    people = sorted(own_people(user, board, known))[:PEOPLE_NAMED_MAX]
    names = read_names(request, served(), board, people, why=f"discrepancy {one.code}")
    bound, sides = bound or {}, _sides(request, board, one)
    language = get_language() or "en"
    may_correct = may_give(user, CorrectRecord)
    facts = {
        "one": one,
        "said": said(board, one, names),
        "age_minutes": minutes_since(board, one.since),
        "place": told_in(board, one),
        "owner": owner_name(one.owner),
        "stage": stage_of(one),
        "movement": _movement(board, one) if may_enter(user, "move") else None,
        "stage_desk": one.stage if one.stage in {desk.stage for desk in desks() if may_enter(user, desk.stage)} else "",
        "sides": [(side, _correcting(side, bound, may_correct)) for side in sides],
        "people": [(person, names.get(person, ()), _where(board, person, language)) for person in people],
        "assign": (bound.get("assign") or AssignForm(initial={"owner": one.owner}))
        if may_give(user, AssignDiscrepancy)
        else None,
        "judge": _judging(request, one, bound),
        "explain": _explaining(user, one, bound),
        "signed": one.code in SIGNED,
        "counts": one.code == "count_differs",
        "tag": tag_of(request),
    }
    return show(request, "hq/desks/reconcile/one.html", facts, status=status)


def _sides(request: HttpRequest, board: Board, one: OpenDiscrepancy) -> list[Side]:
    rights, language = rights_of(request.user), get_language() or "en"
    found = []
    for record in one.records or _of_movement(board, one):
        event = board.view.book.find(record)
        says = sentence(board, event, rights) if event is not None else None
        if event is None or says is None:
            continue
        ends = [where_is(board, account, language) for account in (event.source, event.target) if account is not None]
        arrow = " ← " if get_language_bidi() else " → "
        moved = arrow.join(ends) if event.target is not None else ""
        place = happened_in(board, event) or told_in(board, one)
        found.append(
            Side(
                event,
                says,
                moved,
                owner_name(event.by),
                record in one.records and event.kind not in NEVER_CORRECTED,
                place,
            )
        )
    return found


def _movement(board: Board, one: OpenDiscrepancy) -> MovementPicture | None:
    """The movement that a discrepancy is about; None: it is about none."""
    return next((picture for picture in board.movements if picture.movement == one.data.get("movement")), None)


def _of_movement(board: Board, one: OpenDiscrepancy) -> tuple[EventId, ...]:
    """The records of the movement that a discrepancy without people is about: what was planned, offered and done."""
    if (movement := _movement(board, one)) is None:
        return ()
    events = board.view.events(MOVEMENT_SIDES)
    return tuple(event.id for event in events if event.body.get("movement") == movement.movement)


def _correcting(side: Side, bound: dict[str, OrderForm], may_correct: bool) -> OrderForm | None:
    if not may_correct or not side.correctable:
        return None
    return bound.get(f"correct {side.event.id}") or CorrectForm(prefix=None, auto_id=ids_of(str(side.event.id)))


def _judging(request: HttpRequest, one: OpenDiscrepancy, bound: dict[str, OrderForm]) -> OrderForm | None:
    if one.code not in CONFLICTS or not may_give(request.user, Reconcile):
        return None
    return bound.get("judge") or JudgeForm(records=_told(request, one))


def _told(request: HttpRequest, one: OpenDiscrepancy) -> dict[EventId, str]:
    """Every record of a discrepancy with what it says to the reader; '' where they may not know."""
    says = {side.event.id: side.says for side in _sides(request, served().board_now(), one)}
    return {record: says.get(record, "") for record in one.records}


def _explaining(user: Any, one: OpenDiscrepancy, bound: dict[str, OrderForm]) -> OrderForm | None:
    closed = one.code in CONFLICTS or one.code in SIGNED or one.explained is not None
    if closed or not may_give(user, ExplainDiscrepancy):
        return None
    return bound.get("explain") or ExplainForm()


def _where(board: Board, person: PersonId, language: str) -> str:
    return where_is(board, board.view.account_of(person), language)
