"""What the forecast believes, and the form by which an officer sets a belief by hand, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.hq.access.rights import may, may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.forecast.asked import asked_for
from corridor.hq.desks.forecast.sentences import belief_titles
from corridor.hq.desks.form import Chosen, OrderForm, Text
from corridor.hq.forecasting.place import forecaster
from corridor.hq.served import served
from corridor.journey.issuing.orders import SetBelief
from corridor.journey.issuing.rules import WORTH_LEAST, WORTH_MOST
from corridor.journey.issuing.state import BeliefSet, beliefs_set

WORTH_STARTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefRow:
    """A belief: what it is called, its unit, its range, what it has learned from, and who set it by hand (None:
    nobody)."""

    title: str
    unit: str
    p10: str
    p50: str
    p90: str
    seen: int
    by_hand: BeliefSet | None


class BeliefForm(OrderForm):
    """A belief, the value to believe, what it is worth beside what is seen, and why; no value: as shipped."""

    belief = Chosen(lambda: [(name, f"{title} ({unit})") for name, (title, unit) in belief_titles().items()])
    typical = forms.FloatField(required=False, min_value=0, localize=False)
    worth = forms.FloatField(
        required=False, min_value=WORTH_LEAST, max_value=WORTH_MOST, initial=WORTH_STARTS, localize=False
    )
    why = Text()

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        labels = {
            "belief": _("Belief"),
            "typical": _("Typical value"),
            "worth": _("Worth as many days or cases"),
            "why": _("Reason"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["typical"].help_text = _("In the unit beside its name. Empty: back to what is shipped.")
        self.fields["worth"].help_text = _("What is seen moves the belief on; the more it is worth, the slower.")
        for name in ("typical", "worth"):
            self.fields[name].widget.attrs["aria-describedby"] = f"{name}-help"
            self.fields[name].widget.attrs["step"] = "any"


def beliefs(request: HttpRequest) -> HttpResponse:
    """The page of beliefs."""
    gives = may_give(request.user, SetBelief)
    form = BeliefForm(request.POST or None) if gives else None
    if request.method == "POST" and form is not None and form.is_valid():
        told = form.cleaned_data
        given = door.give(
            request,
            SetBelief(
                by=door.by(request),
                belief=told["belief"],
                why=told["why"],
                typical=told["typical"],
                worth=None if told["typical"] is None else told["worth"] or WORTH_STARTS,
            ),
        )
        if isinstance(given, Given):
            keeper = forecaster()
            if keeper is not None:
                keeper.hurry()
            messages.success(request, _("Set. The forecast is walked anew."))
            return redirect("forecast-beliefs")
        form.refuse(given)
    asked = asked_for(request, walk=True)
    rows = _rows(request, asked)
    standing = asked.standing
    facts = {
        "asked": asked,
        "form": form,
        "rows": rows,
        "part": "beliefs",
        "standing": standing,
        "renewed": request.method == "GET"
        and standing is not None
        and any(one.by_hand and one.by_hand.at > standing.at for one in rows),
    }
    return show(request, "hq/desks/forecast/beliefs.html", facts, status=409 if form and form.refusal else 200)


def _rows(request: HttpRequest, asked: Any) -> list[BeliefRow]:
    outlook = None if asked.standing is None else asked.standing.outlook
    if outlook is None:
        return []
    board = served().board_now()
    by_hand = beliefs_set(board.view) if may(request.user, "persons") else {}
    titles = belief_titles()
    return [
        BeliefRow(
            title=titles[one.belief][0],
            unit=titles[one.belief][1],
            p10=_short(one.p10),
            p50=_short(one.p50),
            p90=_short(one.p90),
            seen=one.seen,
            by_hand=by_hand.get(one.belief),
        )
        for one in outlook.beliefs
    ]


def _short(value: float) -> str:
    """As exactly as it is known."""
    if value < 0.01:
        return "<0.01"
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"
