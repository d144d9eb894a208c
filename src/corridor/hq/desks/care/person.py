"""One person at care's desk: what care knows of them, and one form at a time for what is done now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import HOLDS_OF, Field, may, may_give, needs, role_of
from corridor.hq.desks import door
from corridor.hq.desks.care.flights import next_to_decide
from corridor.hq.desks.care.forms import TriageForm
from corridor.hq.desks.care.people import everyone
from corridor.hq.desks.care.queue import next_in_queue, tabs_of
from corridor.hq.desks.care.tasks import TASKS, Asked, Task, form_for, offered
from corridor.hq.desks.care.words import SYSTEM_NAMES, code_groups, meaning_of, reason_of, recorded_reason
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.refusals import said
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.care.events import HoldReason
from corridor.journey.care.sealed import open_sealed
from corridor.journey.care.state import CareState, active_holds
from corridor.journey.care.triage import SYSTEMS
from corridor.ledger.sealing import DatabasePersonKeys

OFTEN = 12
"""Codes shown before anything is typed: the ones used most lately."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a person's care record; `sealed` names a text that may be opened, '' when there is none."""

    at: Moment
    title: str
    says: str
    colour: str = ""
    sealed: str = ""
    grave: bool = False  # opened only with a reason that is typed
    field: Field = "care"  # what a reader must be allowed to read


@require_safe
def page(request: HttpRequest, person: str) -> HttpResponse:
    """A person, with the form that comes next for them."""
    board = served().board_now()
    state = board.everybody.care.get(PersonId(person), CareState())
    if not may(request.user, "care"):
        return _page(request, board, person, TASKS["first-aid"])
    return _page(request, board, person, TASKS["encounter" if state.triages else "triage"])


def work(request: HttpRequest, person: str, does: str) -> HttpResponse:
    """One task for a person: its form, and what becomes of it when it is sent."""
    if does not in TASKS:
        raise Http404(_("Care has no such task."))
    board, task = served().board_now(), TASKS[does]
    if not may(request.user, "care") and not may_give(request.user, task.order):
        raise PermissionDenied(does)
    if request.method != "POST":
        return _page(request, board, person, task)
    asked = _asked(request, board, PersonId(person))
    form = form_for(task, asked, request.POST)
    if not form.is_valid():
        return _page(request, board, person, task, form=form, status=422)
    given = _given(asked, task, form)
    if isinstance(given, Refusal):
        form.refuse(given)
        return _page(request, board, person, task, form=form, status=409)
    messages.success(request, _after_triage(asked.person) if does == "triage" else task.said())
    return redirect(_next(request, task, asked.person))


def _given(asked: Asked, task: Task, form: OrderForm) -> door.Given | Refusal:
    """Give the task's order. A text is sealed only for somebody whose key can still be destroyed with what they are,
    and nobody is forgotten meanwhile."""
    with served().opened.writer.alone():
        writes = task.seals and form.cleaned_data[task.seals]
        refused = door.nobody_to_write_of(served().board_now(), asked.person) if writes else None
        return refused if refused is not None else door.give(asked.request, task.make(asked, form))


@require_GET
@needs("care")
def colour(request: HttpRequest, person: str) -> HttpResponse:
    """The colour of what has been filled in so far, for the form to show while it is filled in."""
    form = TriageForm({**request.GET.dict(), "token": "not-sent"})
    found = SYSTEMS[form.cleaned_data["system"]](form.seen()) if form.is_valid() else None
    facts: dict[str, Any] = {"refusal": None, "triage": None, "reason": ""}
    if isinstance(found, Refusal):
        facts["refusal"] = said(found)
    elif found is not None:
        facts |= {"triage": found, "reason": reason_of(found.reason)}
    return render(request, "hq/desks/care/_triage_colour.html", facts)


@require_POST
def opened(request: HttpRequest, person: str) -> HttpResponse:
    """Open one sealed text of a person; the reading is logged with who and why."""
    board = served().board_now()
    who, what = PersonId(person), request.POST.get("what", "")
    texts = _sealed_texts(board.everybody.care.get(who, CareState()))
    if what not in texts:
        raise Http404(_("There is no such sealed text."))
    sealed, grave = texts[what]
    field: Field = "testimony" if grave else "support" if what.startswith("first_aid:") else "care"
    if not may(request.user, field):
        raise PermissionDenied(field)
    user: Any = request.user
    why = request.POST.get("why", "") if grave else f"care desk: {what}"
    headquarters = served()
    keys = DatabasePersonKeys(headquarters.opened.database)
    rows = headquarters.opened.identities
    now, also = headquarters.now(), board.view.also(who)
    text = open_sealed(rows, keys, UserId(user.name), user.role, who, sealed, why, now, also)
    found: dict[str, Any] = {"what": what, "text": "", "refusal": None}
    if isinstance(text, Refusal):
        found["refusal"] = said(text)
    else:
        found["text"] = text
    task = TASKS["encounter" if may(request.user, "care") else "first-aid"]
    response = _page(request, board, person, task, sealed=found)
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(request: HttpRequest, board: Board, person: PersonId) -> Asked:
    return Asked(request=request, board=board, person=person, state=board.everybody.care.get(person, CareState()))


def _page(
    request: HttpRequest,
    board: Board,
    person: str,
    task: Task,
    *,
    form: OrderForm | None = None,
    sealed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    who = PersonId(person)
    asked = _asked(request, board, who)
    state = asked.state
    standing = board.everybody.group_of.get(who, frozenset((who,)))
    people = everyone(request, board, (who, *sorted(standing)), why="care desk")
    writes = may_give(request.user, task.order)
    facts: dict[str, Any] = {
        "someone": people[who],
        "party": [one for other, one in people.items() if other != who],
        "state": state,
        "holds": active_holds(state, board.at),
        "now": board.at,
        "entries": [one for one in _entries(state) if may(request.user, one.field)],
        "reasons": HOLDS_OF.get(role_of(request.user), frozenset(get_args(HoldReason))),
        "task": task,
        "tasks": [one for one in offered(who, state, board) if may_give(request.user, one.order)],
        "form": (form or form_for(task, asked)) if writes else None,
        "flight": request.GET.get("flight", ""),
        "zone": board.operation.as_of_zone,
        "sealed": sealed,
        "part": "person",
        **tabs_of(request, board),
    }
    if task.name == "encounter":
        facts |= {"code_groups": code_groups(), "often": _often(board), "chosen": _chosen(facts["form"])}
    return show(request, "hq/desks/care/person.html", facts, status=status)


def _chosen(form: OrderForm | None) -> list[str]:
    value = form["codes"].value() if form is not None else None
    return [str(one) for one in value or ()]


def _often(board: Board) -> frozenset[str]:
    """The codes used most in the last encounters, so that the usual is at hand."""
    counted: dict[str, int] = {}
    for one in board.everybody.encounters[-300:]:
        for code in one.codes:
            counted[code] = counted.get(code, 0) + 1
    return frozenset(sorted(counted, key=lambda code: (-counted[code], code))[:OFTEN])


def _entries(state: CareState) -> list[Entry]:
    """What care recorded of a person, the latest first."""
    found = [
        Entry(
            at=at,
            title=_("Triage"),
            says=f"{SYSTEM_NAMES[body.system]}. {recorded_reason(body)}",
            colour=body.colour,
        )
        for at, body in state.triages
    ]
    for one in state.encounters:
        codes = ", ".join(meaning_of(code) for code in one.codes)
        told = [str(word(text)) for text in (one.disposition, one.outcome, one.relation) if text is not None]
        sealed = f"encounter:{one.encounter}" if one.note else ""
        found.append(Entry(at=one.at, title=_("Encounter"), says=f"{codes}. {', '.join(told)}", sealed=sealed))
    for aid in state.first_aid:
        says = _("no next step") if aid.next == "none" else str(word(aid.next)) if aid.next is not None else ""
        sealed = f"first_aid:{aid.encounter}" if aid.note else ""
        found.append(Entry(at=aid.at, title=_("Psychological first aid"), says=says, sealed=sealed, field="support"))
    if state.fitness is not None and state.fitness_at is not None:
        needs = ", ".join(str(word(need)) for need in state.fitness.needs)
        says = f"{word(state.fitness.decision)}. {needs}".strip()
        found.append(Entry(at=state.fitness_at, title=_("Fit to fly"), says=says))
    for hold in state.holds:
        field: Field = "support" if hold.reason == "psychological" else "care"
        says = f"{word(hold.reason)}: {hold.instruction}"
        found.append(Entry(at=hold.placed_at, title=_("Hold"), says=says, field=field))
        if hold.lifted_at is not None:
            says = str(word(hold.reason))
            found.append(Entry(at=hold.lifted_at, title=_("Hold lifted"), says=says, field=field))
    found += _kept_words(state)
    return sorted(found, key=lambda entry: -entry.at)


def _kept_words(state: CareState) -> list[Entry]:
    found = []
    for told in state.testimonies:
        sealed = f"testimony:{told.event}" if told.sealed else ""
        found.append(
            Entry(
                at=told.at,
                title=_("Testimony"),
                says=str(word(told.consent)),
                sealed=sealed,
                grave=True,
                field="testimony",
            )
        )
    for loss in state.losses:
        sealed = f"loss:{loss.event}" if loss.sealed else ""
        found.append(
            Entry(at=loss.at, title=_("Loss"), says=str(word(loss.loss)), sealed=sealed, grave=True, field="support")
        )
    for one in state.tracings:
        sealed = f"search:{one.tracing}" if one.sealed else ""
        says = _("open") if one.outcome is None else str(word(one.outcome))
        kept = Entry(at=one.opened_at, title=_("Search"), says=says, sealed=sealed, grave=True, field="support")
        found.append(kept)
    return found


def _sealed_texts(state: CareState) -> dict[str, tuple[str, bool]]:
    """Every sealed text of a person by the name its entry has, and whether a reason must be typed to open it."""
    found: dict[str, tuple[str, bool]] = {}
    found |= {f"encounter:{one.encounter}": (one.note, False) for one in state.encounters if one.note}
    found |= {f"first_aid:{one.encounter}": (one.note, False) for one in state.first_aid if one.note}
    found |= {f"testimony:{one.event}": (one.sealed, True) for one in state.testimonies if one.sealed}
    found |= {f"loss:{one.event}": (one.sealed, True) for one in state.losses if one.sealed}
    found |= {f"search:{one.tracing}": (one.sealed, True) for one in state.tracings if one.sealed}
    return found


def _after_triage(person: PersonId) -> str:
    """What the triage just recorded says."""
    state = served().board_now().everybody.care[person]
    _at, body = state.triages[-1]
    return _("%(person)s is %(colour)s. %(reason)s") % {
        "person": person,
        "colour": word(body.colour),
        "reason": recorded_reason(body),
    }


def _next(request: HttpRequest, task: Task, person: PersonId) -> str:
    """Where one goes on: the next who waits for the same, unless asked to stay."""
    board = served().board_now()
    flight = request.GET.get("flight", "")
    if task.queued and "stay" not in request.POST:
        if flight:
            other = next_to_decide(board, flight, after=person)
            if other is None:
                return f"{reverse('care-flights')}?flight={flight}"
            return f"{reverse('care-work', args=(other, task.name))}?flight={flight}"
        where = request.GET.get("where", "")
        other = next_in_queue(board, where, triaged=task.name != "triage", after=person)
        if other is None:
            return reverse("care")
        return reverse("care-work", args=(other, task.name)) + (f"?where={where}" if where else "")
    return reverse("care-person", args=(person,))
