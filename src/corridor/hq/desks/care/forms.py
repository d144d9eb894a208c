"""The forms of care: what was observed, found and done, holds, fitness, first aid, sealed words, searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.base.moments import HOUR_MS, Moment
from corridor.hq.desks.care.words import SYSTEM_NAMES
from corridor.hq.desks.form import Number, OrderForm, Several, Text, When, form_of, places
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.hq.working import at_work
from corridor.journey.care import events as kinds
from corridor.journey.care.codes import CODES
from corridor.journey.care.rules import CloseTracing, LiftHold, PlaceHold, ReviewHold
from corridor.journey.care.triage import Observation

NOTE_CHARS_MAX = 6000
"""Characters of a sealed text: with the seal and base64 it still fits into one event."""
REVIEW_HOURS = 4
FITNESS_HOURS = 48
"""What the forms propose; whoever fills them in changes it."""


class Picked(forms.ChoiceField):
    """One of a few words, all of them on the screen; nothing picked means not known where that may be."""

    def __init__(
        self, words: Iterable[str], *, blank: Any = "", name_of: Callable[[str], str] = word, **facts: Any
    ) -> None:
        known = tuple(words)

        def offered() -> list[tuple[str, str]]:
            first = [("", str(blank))] if blank else []
            return [*first, *((one, str(name_of(one))) for one in known)]

        super().__init__(**{"choices": offered, "widget": forms.RadioSelect, "required": not blank, **facts})

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class YesOrNo(Picked):
    """Observed and so, observed and not so, or not observed."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(("yes", "no"), blank=_("not observed"), **facts)

    def clean(self, value: Any) -> bool | None:
        cleaned = super().clean(value)
        return None if cleaned is None else cleaned == "yes"


def _long(label: Any, **facts: Any) -> Text:
    widget = forms.Textarea(attrs={"rows": 4})
    return Text(label=label, widget=widget, max_length=NOTE_CHARS_MAX, **{"required": False, **facts})


class TriageForm(OrderForm):
    """What was observed; the rules give the colour."""

    system = Picked(SYSTEM_NAMES, label=_("System"), name_of=SYSTEM_NAMES.__getitem__)
    walks = YesOrNo(label=_("Walks"))
    breathing_per_minute = Number(
        label=_("Breaths in a minute"), help_text=_("0: does not breathe"), required=False, max_value=120
    )
    breathes_after = Picked(
        ("airway", "rescue_breaths", "neither"), blank=_("not observed"), label=_("Breathes again after")
    )
    pulse = YesOrNo(label=_("Pulse felt"))
    refill_seconds = Number(label=_("Capillary refill, seconds"), required=False, max_value=30)
    obeys = YesOrNo(label=_("Follows simple commands"))
    avpu = Picked(get_args(kinds.Avpu), blank=_("not observed"), label=_("Responds (AVPU)"))

    def seen(self) -> Observation:
        """What was observed, as the rules take it."""
        return Observation(**{name: value for name, value in self.cleaned_data.items() if name in _OBSERVED})


_OBSERVED = frozenset(TriageForm.base_fields) - {"system", "token"}


class EncounterForm(OrderForm):
    """What a medic found and did."""

    codes = Several(lambda: [(code, code) for code in CODES], label=_("Codes"))
    disposition = Picked(get_args(kinds.Disposition), label=_("What was done"), initial="treated")
    outcome = Picked(get_args(kinds.Outcome), blank=_("not known"), label=_("Afterwards"))
    relation = Picked(get_args(kinds.EventRelation), blank=_("not known"), label=_("Related to the emergency"))
    place = forms.ChoiceField(choices=places, label=_("Where"))
    note = _long(_("Note"), help_text=_("Sealed; only care opens it, and each opening is logged."))


class FitnessForm(OrderForm):
    """Whether a person can travel, until when, and what they need."""

    decision = Picked(get_args(kinds.Fitness), label=_("Decision"))
    until = When(label=_("Valid until"), required=False)
    needs = Several(
        lambda: [(one, str(word(one))) for one in get_args(kinds.TravelNeed)],
        label=_("Needs on the way"),
        required=False,
    )


class FirstAidForm(OrderForm):
    """Psychological first aid: look, listen, link."""

    next = Picked(get_args(kinds.NextStep), blank=_("not known"), label=_("Next step"))
    place = forms.ChoiceField(choices=places, label=_("Where"))
    note = _long(_("Note"), help_text=_("Sealed; only care opens it, and each opening is logged."))


class TestimonyForm(OrderForm):
    """What a person told, as far as they agreed that it is kept."""

    __test__ = False  # the name is not that of a test

    consent = Picked(get_args(kinds.Consent), label=_("Consent to keep the words"))
    words = _long(
        _("What was told"), help_text=_("Sealed with the person's own key. Leave it empty when consent was refused.")
    )


class LossForm(OrderForm):
    """A loss that a person reports."""

    loss = Picked(get_args(kinds.Loss), label=_("Loss"))
    consent = Picked(get_args(kinds.Consent), label=_("Consent to keep the words"))
    words = _long(_("Who or what, where and when last"), help_text=_("Sealed with the person's own key."))
    search = forms.BooleanField(label=_("Begin the search for the missing at once"), required=False)


class SearchForm(OrderForm):
    """A search for a relative of the person."""

    words = _long(
        _("Who is missed, and where and when they were last seen"), help_text=_("Sealed with the person's own key.")
    )


HoldForm = form_of(
    PlaceHold,
    fields=("reason", "instruction", "owner", "review_at"),
    labels={
        "reason": lambda: str(_("Reason")),
        "instruction": lambda: str(_("What others must do")),
        "owner": lambda: str(_("Who reviews it")),
        "review_at": lambda: str(_("Review at")),
    },
    help_texts={
        "reason": lambda: str(_("Only care reads it.")),
        "instruction": lambda: str(_("Everybody reads this line; write no reason into it.")),
    },
    choices={"owner": lambda: users()},
)
ReviewForm = form_of(
    ReviewHold,
    fields=("hold", "review_at", "instruction"),
    labels={
        "hold": lambda: str(_("Hold")),
        "review_at": lambda: str(_("Next review at")),
        "instruction": lambda: str(_("What others must do")),
    },
    help_texts={"instruction": lambda: str(_("Empty: as before."))},
    choices={"hold": lambda: ()},
)
LiftForm = form_of(
    LiftHold,
    fields=("hold", "why"),
    labels={"hold": lambda: str(_("Hold")), "why": lambda: str(_("Why it is lifted"))},
    choices={"hold": lambda: ()},
)
CloseForm = form_of(
    CloseTracing,
    fields=("tracing", "outcome"),
    labels={"tracing": lambda: str(_("Search")), "outcome": lambda: str(_("What came of it"))},
    choices={"tracing": lambda: ()},
)


class DeathForm(OrderForm):
    """That somebody died, and where, as far as it is known."""

    where = Text(label=_("Where, as it was told"), required=False, max_length=200)


def users() -> list[tuple[str, str]]:
    """Who can own a hold: medics first, then everybody else who works here."""
    found = sorted(at_work(served().operation), key=lambda one: ("medic" not in one.roles, one.name))
    return [(one.id, one.name) for one in found]


def offer(form: OrderForm, field: str, pairs: Callable[[], list[tuple[str, str]]]) -> None:
    """Let a field hold one of these, the first one chosen when it is the only one."""
    found = pairs()
    form.fields[field].choices = found  # type: ignore[attr-defined]
    if found and not form.is_bound and form.initial.get(field) is None:
        form.initial[field] = found[0][0]


def in_hours(hours: int) -> Moment:
    """So many hours from now, on the full quarter."""
    quarter = HOUR_MS // 4
    return Moment((served().now() + hours * HOUR_MS) // quarter * quarter)
