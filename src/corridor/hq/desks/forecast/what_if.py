"""The what-if desk: changes of the road that are switched on, and the difference they make, future by future."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.hq.access.rights import needs
from corridor.hq.asked import number_in
from corridor.hq.desks.desk import show
from corridor.hq.desks.forecast.asked import asked_for
from corridor.hq.desks.forecast.dots import difference_plot
from corridor.hq.desks.forecast.sentences import answered, counted_of_twenty, signed_hours
from corridor.hq.forecasting.place import forecaster
from corridor.hq.forecasting.standing import Standing
from corridor.journey.forecasting.answers import Answer
from corridor.journey.forecasting.edits import SINGLE, Edits, read_edits

WAIT_SECONDS = 0.3
"""How long an answer is waited for before the page asks again: a thread of headquarters is not kept longer."""
WITHOUT_SCRIPT_SECONDS = 2.0
ON = "on"


@dataclass(frozen=True, slots=True)
class Change:
    """A change that can be switched on: its key of `Edits`, what it says before and after its number, the number it
    starts with, the most that can be asked."""

    key: str
    before: Callable[[], str]
    after: Callable[[], str]
    starts: int
    most: int
    least: int = 1


CHANGES: tuple[Change, ...] = (
    Change("gate_closed_days", lambda: _("The crossing stays closed for"), lambda: _("days"), 2, 60),
    Change("gate_hours", lambda: _("The crossing is open longer, by"), lambda: _("hours a day"), 2, 24),
    Change("gate_percent", lambda: _("The crossing takes"), lambda: _("percent of what it would"), 50, 1_000),
    Change("flights_more", lambda: _("More flights home:"), lambda: _("a day"), 1, 20),
    Change("flight_seats", lambda: _("More seats:"), lambda: _("on every flight"), 50, 500),
    Change("vehicles", lambda: _("More vehicles to staging:"), lambda: _("vehicles"), 2, 100),
    Change("documents_officers", lambda: _("More officers at the documents desk:"), lambda: _("officers"), 2, 50),
    Change("medical_officers", lambda: _("More officers at the medical desk:"), lambda: _("officers"), 2, 50),
    Change("join", lambda: _("People of a partner state join:"), lambda: _("people"), 78, 100_000),
    Change("beds", lambda: _("Staging has only"), lambda: _("beds, and is full when they are"), 300, 100_000),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A change on the page: whether it is on, and its number."""

    key: str
    before: str
    after: str
    number: int
    on: bool
    most: int
    least: int


@require_safe
@needs("figures")
def what_if(request: HttpRequest) -> HttpResponse:
    """The desk. Without scripts its button asks this page, which waits for the answer."""
    asked = asked_for(request, walk=True)
    facts: dict[str, Any] = {
        "asked": asked,
        "standing": asked.standing,
        "outlook": None if asked.standing is None else asked.standing.outlook,
        "switches": _switches(request.GET),
        "part": "what-if",
        "walking": True,
        **_answer(request.GET, asked.standing, WITHOUT_SCRIPT_SECONDS),
        **_ranking(asked.standing),
    }
    return show(request, "hq/desks/forecast/what_if.html", facts)


@require_safe
@needs("figures")
def answer(request: HttpRequest) -> HttpResponse:
    """The answer alone, for the page's script: 202 while it is being walked, then the script asks again."""
    asked = asked_for(request, walk=False)
    facts = _answer(request.GET, asked.standing, WAIT_SECONDS) | _ranking(asked.standing)
    return render(request, "hq/desks/forecast/_answer.html", facts, status=202 if facts.get("pending") else 200)


def _switches(query: Mapping[str, Any]) -> list[Switch]:
    on = _on(query)
    return [
        Switch(
            key=one.key,
            before=one.before(),
            after=one.after(),
            number=_number(query, one),
            on=one.key in on,
            most=one.most,
            least=one.least,
        )
        for one in CHANGES
    ]


def _on(query: Any) -> frozenset[str]:
    return frozenset(query.getlist(ON))


def _number(query: Mapping[str, Any], change: Change) -> int:
    """The number in the address; the one it starts with where there is none that can be."""
    asked = number_in(str(query.get(change.key, "")))
    return change.starts if asked is None else min(max(asked, change.least), change.most)


def edits_in(query: Mapping[str, Any]) -> Edits | None:
    """The changes that are switched on in an address; None: none is."""
    on = _on(query)
    texts = [f"{one.key}={_number(query, one)}" for one in CHANGES if one.key in on]
    if not texts:
        return None
    edits = read_edits(texts)
    assert isinstance(edits, Edits), texts
    return edits


def _answer(query: Mapping[str, Any], standing: Standing | None, wait_seconds: float) -> dict[str, Any]:
    """The answer to the changes in an address; `pending` while it is walked."""
    edits, keeper = edits_in(query), forecaster()
    if edits is None or standing is None or standing.outlook is None or keeper is None or not standing.outlook.persons:
        return {}
    found = keeper.answer(standing.number, edits, wait_seconds)
    if found is None:
        return {"pending": True}
    return {"answer": found, "sentences": answered(found), **_plot(found)}


def _plot(found: Answer) -> dict[str, Any]:
    if not found.hours_sooner:
        return {}
    return {"plot": difference_plot(found.hours_sooner, mirrored=get_language_bidi())}


def _ranking(standing: Standing | None) -> dict[str, Any]:
    """Which single addition helps most, as far as they are compared."""
    if standing is None:
        return {}
    rows = [
        {
            "title": addition_title(one.addition),
            "gains": signed_hours(one.minutes / 60.0),
            "sooner": counted_of_twenty(one.answer.difference.sooner),
        }
        for one in standing.ranking
    ]
    return {"ranking": rows, "ranking_lacks": len(SINGLE) - len(rows) if standing.outlook is not None else 0}


def addition_title(addition: str) -> str:
    """A single addition in words."""
    return {
        "flights_more=1": _("one more flight home a day"),
        "gate_hours=1": _("the crossing open one hour longer a day"),
        "vehicles=1": _("one more vehicle to staging"),
        "documents_officers=1": _("one more officer at the documents desk"),
        "medical_officers=1": _("one more officer at the medical desk"),
    }[addition]
