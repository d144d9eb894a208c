"""What can be done for a person at care's desk: for each task its form, its order, and where one goes on from it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from corridor.base.ids import EncounterId, PersonId, TracingId
from corridor.base.moments import HOUR_MS, Moment
from corridor.hq.access.rights import HOLDS_OF, may_hold, role_of
from corridor.hq.desks import door
from corridor.hq.desks.care import forms
from corridor.hq.desks.form import OrderForm
from corridor.hq.served import served
from corridor.hq.templatetags.words import place_of, told_at, word
from corridor.journey.board.board import Board
from corridor.journey.care import rules
from corridor.journey.care.events import HoldReason
from corridor.journey.care.state import CareState, active_holds, open_tracings
from corridor.journey.care.triage import system_for
from corridor.journey.register.orders import RecordDeath
from corridor.ledger.sealing import DatabasePersonKeys, seal

FLIGHT_GRACE_MS = 24 * HOUR_MS
"""How long after its departure a decision for a flight is proposed to hold: flights are late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing care does for a person. `key` presses it; `queued`: afterwards the next in the queue is shown; `seals`
    is the field whose text is sealed, '' where none is."""

    name: str
    order: type
    title: Callable[[], str]
    does: Callable[[], str]
    said: Callable[[], str]
    form: type[OrderForm]
    make: Callable[[Asked, OrderForm], Any]
    initial: Callable[[Asked], dict[str, Any]] = lambda asked: {}
    key: str = ""
    queued: bool = False
    seals: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For whom a task is done, by whom, and what the address says."""

    request: HttpRequest
    board: Board
    person: PersonId
    state: CareState

    @property
    def query(self) -> QueryDict:
        """What the address asks for."""
        return self.request.GET

    @property
    def facts(self) -> dict[str, Any]:
        """What every order of care has."""
        return {"person": self.person, "by": door.by(self.request)}

    def sealed(self, text: str | None) -> str | None:
        """A text closed with the person's own key; None where nothing was written."""
        if not text:
            return None
        headquarters = served()
        keys = DatabasePersonKeys(headquarters.opened.database)
        return seal(text, self.person, keys, secrets.token_bytes, headquarters.now())


def form_for(task: Task, asked: Asked, data: QueryDict | None = None) -> OrderForm:
    """The task's form for this person; choices that depend on the person are filled in."""
    place = place_of(asked.board, asked.person)
    form = task.form(data, initial=task.initial(asked)).by_clocks_of(place)
    if "hold" in form.fields:
        user = asked.request.user
        holds = [one for one in active_holds(asked.state, asked.board.at) if may_hold(user, one.reason)]
        forms.offer(
            form,
            "hold",
            lambda: [
                (one.hold, f"{word(one.reason)}, {told_at(one.review_at, place)}: {one.instruction}") for one in holds
            ],
        )
    if "reason" in form.fields and role_of(asked.request.user) in HOLDS_OF:
        kept = [one for one in get_args(HoldReason) if may_hold(asked.request.user, one)]
        forms.offer(form, "reason", lambda: [(one, str(word(one))) for one in kept])
    if "tracing" in form.fields:
        open_ = open_tracings(asked.state)
        forms.offer(form, "tracing", lambda: [(one.tracing, told_at(one.opened_at, place)) for one in open_])
    return form


def _triage(asked: Asked, form: Any) -> rules.TriagePerson:
    return rules.TriagePerson(**asked.facts, system=form.cleaned_data["system"], seen=form.seen())


def _encounter(asked: Asked, form: OrderForm) -> rules.RecordEncounter:
    told = {**form.cleaned_data}
    del told["token"]
    told["note"] = asked.sealed(told["note"])
    return rules.RecordEncounter(**asked.facts, encounter=EncounterId(door.fresh_id("e")), **told)


def _hold(asked: Asked, form: OrderForm) -> Any:
    return form.order(**asked.facts, hold=door.fresh_id("h"))


def _as_filled(asked: Asked, form: OrderForm) -> Any:
    return form.order(**asked.facts)


def _fitness(asked: Asked, form: OrderForm) -> rules.DecideFitness:
    told = form.cleaned_data
    return rules.DecideFitness(**asked.facts, decision=told["decision"], until=told["until"], needs=told["needs"])


def _first_aid(asked: Asked, form: OrderForm) -> rules.GiveFirstAid:
    told = form.cleaned_data
    note = asked.sealed(told["note"])
    return rules.GiveFirstAid(
        **asked.facts, encounter=EncounterId(door.fresh_id("e")), place=told["place"], next=told["next"], note=note
    )


def _testimony(asked: Asked, form: OrderForm) -> rules.RecordTestimony:
    told = form.cleaned_data
    return rules.RecordTestimony(**asked.facts, consent=told["consent"], sealed=asked.sealed(told["words"]) or "")


def _loss(asked: Asked, form: OrderForm) -> rules.ReportLoss:
    told = form.cleaned_data
    tracing = TracingId(door.fresh_id("t")) if told["search"] else None
    return rules.ReportLoss(
        **asked.facts, loss=told["loss"], consent=told["consent"], sealed=asked.sealed(told["words"]), tracing=tracing
    )


def _search(asked: Asked, form: OrderForm) -> rules.OpenTracing:
    sealed = asked.sealed(form.cleaned_data["words"])
    return rules.OpenTracing(**asked.facts, tracing=TracingId(door.fresh_id("t")), sealed=sealed)


def _death(asked: Asked, form: OrderForm) -> RecordDeath:
    return RecordDeath(by=door.by(asked.request), persons=(asked.person,), where=form.cleaned_data["where"])


def _triage_start(asked: Asked) -> dict[str, Any]:
    band = asked.board.everybody.register[asked.person].age_band
    return {"system": system_for(band) if band is not None else "start"}


def _here(asked: Asked) -> dict[str, Any]:
    return {"place": place_of(asked.board, asked.person)}


def _hold_start(asked: Asked) -> dict[str, Any]:
    return {"owner": door.by(asked.request), "review_at": forms.in_hours(forms.REVIEW_HOURS)}


def _review_start(asked: Asked) -> dict[str, Any]:
    return {"hold": asked.query.get("hold"), "review_at": forms.in_hours(forms.REVIEW_HOURS)}


def _fitness_start(asked: Asked) -> dict[str, Any]:
    movement = asked.board.everybody.move.movements.get(asked.query.get("flight", ""))  # type: ignore[call-overload]
    departs_at = movement.departs_at if movement is not None else None
    until = forms.in_hours(forms.FITNESS_HOURS)
    return {"until": until if departs_at is None else max(until, Moment(departs_at + FLIGHT_GRACE_MS))}


_TASKS = (
    Task(
        name="triage", order=rules.TriagePerson, title=lambda: _("Triage"), does=lambda: _("Record the colour"),
        said=lambda: _("Triaged."), form=forms.TriageForm, make=_triage, initial=_triage_start, key="t", queued=True,
    ),
    Task(
        name="encounter", order=rules.RecordEncounter, title=lambda: _("Encounter"), does=lambda: _("Record"),
        said=lambda: _("Encounter recorded."), form=forms.EncounterForm, make=_encounter, initial=_here, key="e",
        queued=True, seals="note",
    ),
    Task(
        name="hold", order=rules.PlaceHold, title=lambda: _("Hold"), does=lambda: _("Place the hold"),
        said=lambda: _("Hold placed."), form=forms.HoldForm, make=_hold, initial=_hold_start, key="h",
    ),
    Task(
        name="hold-review", order=rules.ReviewHold, title=lambda: _("Review the hold"), does=lambda: _("Keep the hold"),
        said=lambda: _("Hold reviewed."), form=forms.ReviewForm, make=_as_filled, initial=_review_start,
    ),
    Task(
        name="hold-lift", order=rules.LiftHold, title=lambda: _("Lift the hold"), does=lambda: _("Lift the hold"),
        said=lambda: _("Hold lifted."), form=forms.LiftForm, make=_as_filled,
        initial=lambda asked: {"hold": asked.query.get("hold")},
    ),
    Task(
        name="fitness", order=rules.DecideFitness, title=lambda: _("Fit to fly"), does=lambda: _("Decide"),
        said=lambda: _("Decided."), form=forms.FitnessForm, make=_fitness, initial=_fitness_start, key="f", queued=True,
    ),
    Task(
        name="first-aid", order=rules.GiveFirstAid, title=lambda: _("Psychological first aid"),
        does=lambda: _("Record"), said=lambda: _("First aid recorded."), form=forms.FirstAidForm, make=_first_aid,
        initial=_here, key="p", queued=True, seals="note",
    ),
    Task(
        name="testimony", order=rules.RecordTestimony, title=lambda: _("Testimony"), does=lambda: _("Seal and keep"),
        said=lambda: _("Testimony sealed."), form=forms.TestimonyForm, make=_testimony,
        initial=lambda asked: {}, key="w", seals="words",
    ),
    Task(
        name="loss", order=rules.ReportLoss, title=lambda: _("Loss"), does=lambda: _("Record the loss"),
        said=lambda: _("Loss recorded."), form=forms.LossForm, make=_loss, key="l", seals="words",
    ),
    Task(
        name="search", order=rules.OpenTracing, title=lambda: _("Search"), does=lambda: _("Begin the search"),
        said=lambda: _("The search is open."), form=forms.SearchForm, make=_search, key="s", seals="words",
    ),
    Task(
        name="search-over", order=rules.CloseTracing, title=lambda: _("End the search"),
        does=lambda: _("End the search"), said=lambda: _("The search is over."), form=forms.CloseForm,
        make=_as_filled, initial=lambda asked: {"tracing": asked.query.get("tracing")},
    ),
    Task(
        name="death", order=RecordDeath, title=lambda: _("Death"), does=lambda: _("Record the death"),
        said=lambda: _("Death recorded."), form=forms.DeathForm, make=_death,
    ),
)  # fmt: skip

TASKS = {task.name: task for task in _TASKS}
"""Every task by its address, in the order of the tabs."""


def offered(person: PersonId, state: CareState, board: Board) -> list[Task]:
    """The tasks that make sense for a person: no review without a hold, no end without a search, no second death."""
    left_out = set()
    if not active_holds(state, board.at):
        left_out |= {"hold-review", "hold-lift"}
    if not open_tracings(state):
        left_out |= {"search-over"}
    if board.everybody.register[person].died_at is not None:
        left_out |= {"death"}
    return [task for task in _TASKS if task.name not in left_out]
