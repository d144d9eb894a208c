"""How an order is written on a page: a form with the token that makes it happen once, and fields made from its type."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Literal, Self, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import LegId, PersonId, PlaceId
from corridor.base.moments import Moment, is_moment, moment_of
from corridor.base.operation import name_in
from corridor.base.refusal import Refusal
from corridor.hq.desks.door import TOKEN_FIELD, fresh_token
from corridor.hq.desks.refusals import said
from corridor.hq.served import served
from corridor.hq.templatetags.words import word

Made = TypeVar("Made")
TEXT_MAX = 2000


def ids_of(name: str) -> str:
    """The pattern of the ids of a form's fields where a page has several such forms, by what this one is about."""
    return f"id_{name.replace('%', '%%')}_%s"


class OrderForm(forms.Form):
    """The form of an order. Its token goes with it, so that sending it twice does it once.

    `refuse` shows a no above the fields and keeps what was typed.
    """

    use_required_attribute = True
    order_type: ClassVar[type | None] = None  # None: the page makes its order from `cleaned_data` itself
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **facts: Any) -> None:
        facts.setdefault("label_suffix", "")
        super().__init__(*args, **facts)
        self.fields[TOKEN_FIELD].initial = fresh_token()
        self.refusal: tuple[str, str] | None = None  # None: nothing was refused
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("dir", "auto")
            if field.help_text:
                field.widget.attrs.setdefault("aria-describedby", f"{self.prefix or ''}{name}-help")

    def add_prefix(self, field_name: str) -> str:
        """The token keeps its name whatever the form's prefix: the door reads it."""
        return field_name if field_name == TOKEN_FIELD else str(super().add_prefix(field_name))

    def by_clocks_of(self, place: PlaceId | None) -> Self:
        """This form, with its moments typed by the clocks of a place; None: by the operation's."""
        operation = served().operation
        for field in self.fields.values():
            if isinstance(field, When) and place is not None and operation.has_place(place):
                field.zone = operation.place(place).zone
        return self

    def refuse(self, refusal: Refusal) -> None:
        """Show a no where the person is working: what it says, and one thing to do."""
        self.refusal = said(refusal)

    def order(self, **more: Any) -> Any:
        """The order as filled in, with what the page adds (`by` always); only of a form made by `form_of`."""
        assert self.order_type is not None, "this form makes no order by itself"
        names = {field.name for field in dataclasses.fields(self.order_type)}
        filled = {name: value for name, value in self.cleaned_data.items() if name in names}
        return self.order_type(**{**filled, **more})


def form_of(
    order_type: type,
    *,
    fields: Sequence[str],
    labels: Mapping[str, Callable[[], str]],
    help_texts: Mapping[str, Callable[[], str]] | None = None,
    choices: Mapping[str, Callable[[], Iterable[tuple[str, str]]]] | None = None,
    long: Sequence[str] = (),
) -> type[OrderForm]:
    """A form with these fields of an order's dataclass, in this order, labelled in the reader's language.

    Text, closed lists (`Literal`), whole numbers, yes or no, days, moments (typed by a place's clocks), places,
    legs, one person or many (ids, checked against the book) and tuples of closed words are understood; whatever may be
    None need not be filled in. `choices` names what a field may hold where the type does not say it; `long` are texts
    of several lines. Labels are functions (`lambda: _("Reason")`), since the language is that of the request.
    """
    hints = get_type_hints(order_type)
    choices, help_texts = choices or {}, help_texts or {}

    def __init__(self: OrderForm, *args: Any, **facts: Any) -> None:
        OrderForm.__init__(self, *args, **facts)
        for name in fields:
            field = self.fields[name]
            field.label = labels[name]()
            field.help_text = help_texts[name]() if name in help_texts else ""
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"{self.prefix or ''}{name}-help"

    made: dict[str, Any] = {name: field_for(hints[name], choices.get(name)) for name in fields}
    for name in long:
        made[name].widget = forms.Textarea(attrs={"rows": 3})
    return type(f"{order_type.__name__}Form", (OrderForm,), {**made, "order_type": order_type, "__init__": __init__})


def field_for(hint: Any, choices: Callable[[], Iterable[tuple[str, str]]] | None = None) -> forms.Field:
    """The form field for a dataclass field's type. Raises TypeError for a type that needs a field of its own."""
    optional = get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint)
    plain = next(one for one in get_args(hint) if one is not type(None)) if optional else hint
    asked: dict[str, Any] = {"required": not optional}
    if choices is not None:
        return Chosen(choices, optional=optional)
    if plain in _MADE:
        return _MADE[plain](asked)
    if get_origin(plain) is Literal:
        return Chosen(lambda: [(one, str(word(one))) for one in get_args(plain)], optional=optional)
    if get_origin(plain) is tuple:
        inner = get_args(plain)[0]
        if inner is PersonId:
            return People(**asked)
        if get_origin(inner) is Literal:
            return Several(lambda: [(one, str(word(one))) for one in get_args(inner)], **asked)
    if plain is str or getattr(plain, "__supertype__", None) is str:
        return Text(**asked)
    raise TypeError(f"no field for {hint}")


class Text(forms.CharField):
    """A line of text; empty means not known where it may be."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"max_length": TEXT_MAX, "strip": True, **facts})

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return cleaned if cleaned or self.required else None


class Chosen(forms.ChoiceField):
    """One of a closed list; the choices are asked for in each request's language. Nothing chosen means not known."""

    def __init__(self, pairs: Callable[[], Iterable[tuple[str, str]]], *, optional: bool = False, **facts: Any) -> None:
        def offered() -> list[tuple[str, str]]:
            nothing = _("not known") if optional else _("choose")
            return [("", nothing), *pairs()]

        super().__init__(choices=offered, required=not optional, **facts)

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class Several(forms.MultipleChoiceField):
    """Any number of a closed list, as a tuple."""

    def __init__(self, pairs: Callable[[], Iterable[tuple[str, str]]], **facts: Any) -> None:
        super().__init__(choices=lambda: list(pairs()), widget=forms.CheckboxSelectMultiple, **facts)

    def clean(self, value: Any) -> Any:
        return tuple(super().clean(value))


class Number(forms.IntegerField):
    """A whole number, not below zero."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 1_000_000, **facts})


class YesNo(forms.TypedChoiceField):
    """Yes, no, or not known (where that may be)."""

    def __init__(self, **facts: Any) -> None:
        def offered() -> list[tuple[str, str]]:
            return [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]

        super().__init__(**{"choices": offered, "coerce": lambda text: text == "yes", "empty_value": None, **facts})


class When(forms.DateTimeField):
    """A moment, typed by the clocks of a place (`OrderForm.by_clocks_of`), else by the operation's; the zone's name
    stands beside the field."""

    zone = ""  # the operation's
    by_place = False  # whether another field of the form says by whose clocks: then no zone stands beside this one

    def __init__(self, **facts: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **facts})

    @property
    def zone_name(self) -> str:
        """The zone in which it is typed."""
        return self.zone or served().operation.as_of_zone

    @property
    def zone_beside(self) -> str:
        """The zone that stands beside the field; '' for none."""
        return "" if self.by_place else self.zone_name

    def prepare_value(self, value: Any) -> Any:
        """A moment as the browser's field wants it."""
        if isinstance(value, int):
            return datetime.fromtimestamp(value / 1000, ZoneInfo(self.zone_name)).strftime("%Y-%m-%dT%H:%M")
        return value

    def clean(self, value: Any) -> Moment | None:
        if isinstance(value, int):
            return Moment(value)
        cleaned = super().clean(value)
        if cleaned is None:
            return None
        # Django reads the text in UTC; what was typed is the time of the place.
        moment = moment_of(cleaned.replace(tzinfo=ZoneInfo(self.zone_name)))
        if not is_moment(moment):
            raise ValidationError(_("Look at the year again."))  # recorded, it would be read by nobody
        return moment


class Day(forms.DateField):
    """A day of the calendar."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **facts})

    def clean(self, value: Any) -> date | None:
        cleaned: date | None = super().clean(value)
        return cleaned


class Person(Text):
    """One person of the book, by id."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned is not None:
            _in_the_book([cleaned])
        return cleaned


class People(Text):
    """People of the book, by ids with commas or spaces between, as a tuple in the order written."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"max_length": 100_000, **facts})

    def prepare_value(self, value: Any) -> Any:
        """Ids as a line of text."""
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(self.prepare_value(value))
        persons = tuple(dict.fromkeys(PersonId(one) for one in (cleaned or "").replace(",", " ").split()))
        _in_the_book(persons)
        return persons


def _in_the_book(persons: Iterable[str]) -> None:
    known = served().board_now().everybody.register
    strangers = [person for person in persons if person not in known]
    if strangers:
        raise ValidationError(_("Not in the book: %(persons)s."), params={"persons": ", ".join(strangers[:5])})


def places() -> list[tuple[str, str]]:
    """The operation's places, in its order, by their names."""
    language = get_language() or "en"
    return [(place.id, name_in(place.names, language)) for place in served().operation.places]


def legs() -> list[tuple[str, str]]:
    """The operation's legs, by the names of the places at their ends."""
    names = dict(places())
    return [(leg.id, f"{names[leg.source]} – {names[leg.target]}") for leg in served().operation.legs]


_MADE: Mapping[Any, Callable[[dict[str, Any]], forms.Field]] = {
    bool: lambda asked: YesNo(**asked),
    int: lambda asked: Number(**asked),
    date: lambda asked: Day(**asked),
    Moment: lambda asked: When(**asked),
    PersonId: lambda asked: Person(**asked),
    PlaceId: lambda asked: Chosen(places, optional=not asked["required"]),
    LegId: lambda asked: Chosen(legs, optional=not asked["required"]),
}
