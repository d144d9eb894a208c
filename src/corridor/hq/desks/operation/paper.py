"""Paper forms for where no phone is: printed with a number, and entered line by line, each line once."""

from __future__ import annotations

from typing import Any, get_args

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from corridor.base.ids import EventId, PersonId, PlaceId, UserId
from corridor.base.operation import name_in
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give, needs
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, Number, OrderForm, Text, When, places
from corridor.hq.desks.refusals import NOT_YOURS
from corridor.hq.desks.register.cards import pdf
from corridor.hq.desks.register.finding import bad_code
from corridor.hq.exchange.paper import LINES, enter, new_number, read_number
from corridor.hq.served import served
from corridor.hq.templatetags.words import movement_name, word
from corridor.hq.working import at_work
from corridor.journey.cross.events import TurnedBackReason
from corridor.journey.cross.rules import RecordCrossing
from corridor.journey.roster.paper import Does, PaperRecord
from corridor.ledger.device.wire import valid_id
from corridor.report.printing.typesetting import typeset

_HEAD = ("form", "by", "place", "at", "does", "movement", "vehicle")
"""What the next line of a form is likely to share with the one before."""


class OnPaper(Text):
    """People of the book by their numbers or by the codes of their cards, whose check letters find a slip of the pen;
    and those of whom only a form tells (`paper-` and its number)."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"max_length": 2_000, **facts})

    def prepare_value(self, value: Any) -> Any:
        """Ids as a line of text."""
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        written = (super().clean(self.prepare_value(value)) or "").replace(",", " ").split()
        ids = tuple(dict.fromkeys(_person_of(one) for one in written))
        known = served().board_now().everybody.register
        strangers = [one for one in ids if one not in known and not (one.startswith(UNKNOWN) and valid_id(one))]
        if strangers:
            raise ValidationError(_("Not in the book: %(persons)s."), params={"persons": ", ".join(strangers[:5])})
        return ids


def _person_of(text: str) -> PersonId:
    """Whom a number or a card's code names. Raises ValidationError where the code is none of this operation's."""
    wrong, read = bad_code(text), served().read_code(text)
    if wrong is not None:
        raise ValidationError(f"{text[:40]}: {' '.join(wrong)}")
    return PersonId(text) if isinstance(read, Refusal) else read


UNKNOWN = "paper-"
"""With what the number begins of somebody whom nobody knew when the form was written; phones write it too."""


class LineForm(OrderForm):
    """One line as it stands on the paper."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["form"] = Text(label=_("Number of the form"), max_length=40)
        self.fields["line"] = Number(label=_("Line"), min_value=1, max_value=LINES)
        self.fields["by"] = Chosen(_users, label=_("Who wrote it"))
        self.fields["place"] = forms.CharField(widget=forms.HiddenInput)
        self.fields["at"] = When(label=_("When"))
        self.fields["does"] = Chosen(lambda: [(one, str(word(one))) for one in get_args(Does)], label=_("What"))
        self.fields["persons"] = OnPaper(required=False, label=_("Who, by number"))
        reasons = [(one, str(word(one))) for one in get_args(TurnedBackReason)]
        self.fields["why"] = Chosen(lambda: reasons, optional=True, label=_("Why turned back"))
        self.fields["movement"] = Chosen(_movements, optional=True, label=_("Movement"))
        self.fields["vehicle"] = Text(required=False, max_length=64, label=_("Vehicle"))
        self.fields["count"] = Number(required=False, label=_("Number counted"))


@needs("devices")
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """A form to print, with a number of its own; nobody's name is on it."""
    operation, language = served().operation, get_language() or "en"
    facts = {
        "title": _("Record of a checkpoint"),
        "operation": name_in(operation.titles, language),
        "number": new_number(),
        "head": [_("Place"), _("Who writes"), _("Day")],
        "headings": [
            _("Line"),
            _("When"),
            _("Number, or name and document"),
            _("What"),
            _("Movement, vehicle"),
            _("Why, how many"),
        ],
        "does": " · ".join(str(word(one)) for one in get_args(Does)),
        "why": " · ".join(str(word(one)) for one in get_args(TurnedBackReason)),
        "says": _("One line for each record. Each line is entered once, by the form's number and its own."),
        "signature": _("Signature"),
        "lines": LINES,
    }
    return pdf(typeset("field_form", facts, language, served().now()), "form.pdf")


@needs("devices")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Choose where the form was written, since its times are by the clocks there; then enter it line by line."""
    place = request.POST.get("place") or request.GET.get("place", "")
    if not served().operation.has_place(place):
        return show(request, "hq/desks/operation/paper.html", {"places": places(), "may_enter": _may(request)})
    form = LineForm(request.POST or None, initial={"place": place}).by_clocks_of(PlaceId(place))
    if request.method == "POST" and form.is_valid():
        entered = _entered(request, form.cleaned_data)
        if isinstance(entered, Refusal):
            form.refuse(entered)
        else:
            told = form.cleaned_data
            messages.success(request, _("Line %(line)d is entered.") % {"line": told["line"]})
            kept = {name: told[name] for name in _HEAD} | {"line": min(told["line"] + 1, LINES)}
            form = LineForm(initial=kept).by_clocks_of(PlaceId(place))
    facts = {"form": form, "where": dict(places())[place], "may_enter": _may(request)}
    status = 409 if form.refusal else 422 if form.is_bound else 200
    return show(request, "hq/desks/operation/paper.html", facts, status=status)


def _may(request: HttpRequest) -> bool:
    return may_give(request.user, RecordCrossing)


def _entered(request: HttpRequest, told: dict[str, Any]) -> EventId | Refusal:
    if not _may(request):
        return NOT_YOURS(role=getattr(request.user, "role", ""), order="EnterPaper")
    number = read_number(told["form"])
    if isinstance(number, Refusal):
        return number
    told["form"] = number
    record = PaperRecord(
        at=told["at"],
        by=UserId(told["by"]),
        place=PlaceId(told["place"]),
        does=told["does"],
        persons=told["persons"],
        why=told["why"],
        movement=told["movement"],
        vehicle=told["vehicle"],
        count=told["count"],
    )
    return enter(served(), number, told["line"], record, door.by(request))


def _users() -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in at_work(served().operation)]


def _movements() -> list[tuple[str, str]]:
    found = served().board_now().everybody.move.movements.values()
    return [(one.movement, str(movement_name(one))) for one in found if one.status != "cancelled"]
