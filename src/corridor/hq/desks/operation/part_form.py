"""The form of one entry of the operation file, made from the type that the file is read by."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime, time
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from django.utils.translation import gettext as _

from corridor.base.moments import Moment
from corridor.base.operation import Names, Operation
from corridor.base.operation_file import ABSENT, BOUNDS, COUNT_MAX, NEEDED_LISTS, SECTION_OF
from corridor.base.operation_words import hints
from corridor.hq.desks.door import TOKEN_FIELD
from corridor.hq.desks.form import Chosen, OrderForm, Several, Text, YesNo
from corridor.hq.desks.operation.difference import NOTHING, entry_title
from corridor.hq.desks.operation.draft import CLASSES, TOP
from corridor.hq.desks.operation.labels import key_title
from corridor.hq.templatetags.words import word

ROWS_EMPTY = 1
"""Empty rows offered below the rows of a table in an entry, such as escorts."""


def keys_of(section: str) -> dict[str, Any]:
    """The keys of a section's entries with their types; for the top of the file those in no section."""
    if section == TOP:
        return {name: hint for name, hint in hints(Operation).items() if name not in CLASSES and name != "name"}
    return hints(CLASSES[section])


class PartForm(OrderForm):
    """One entry, or one row of a table inside it. Names have a field for each language of the operation.

    `whole` is the file as TOML has it: what can be named by id is offered from it.
    """

    def __init__(
        self,
        data: Any,
        *,
        section: str,
        cls: type | None,
        entry: Mapping[str, Any],
        whole: Mapping[str, Any],
        **facts: Any,
    ) -> None:
        super().__init__(data, **facts)
        self.keys = keys_of(section) if cls is None else hints(cls)
        self.cls, self.entry, self.whole = cls or CLASSES.get(section, Operation), entry, whole
        self.inside = cls is not None
        if self.inside:
            del self.fields[TOKEN_FIELD]  # the entry around it has one
        self.rows: dict[str, list[PartForm]] = {}
        written = whole.get("languages")
        self.languages = [str(one) for one in written] if isinstance(written, list) and written else ["en"]
        for key, hint in self.keys.items():
            self._add(key, hint)

    def _add(self, key: str, hint: Any) -> None:
        optional = type(None) in get_args(hint)
        plain = next(one for one in get_args(hint) if one is not type(None)) if optional else hint
        inner = get_args(plain)[0] if get_origin(plain) is tuple else None
        if inner is not None and is_dataclass(inner) and isinstance(inner, type):
            self._add_rows(key, inner)
        elif plain == Names:
            self._add_names(key)
        else:
            field = self._field(key, plain, inner, required=self._required(key, optional, inner))
            field.label = key_title(key)
            value = self.entry.get(key)
            field.initial = ", ".join(map(str, value)) if isinstance(field, Text) and isinstance(value, list) else value
            if isinstance(field, Text) and value is not None and not isinstance(value, (str, list)):
                field.initial = str(value)
            if isinstance(field, YesNo) and isinstance(value, bool):
                field.initial = "yes" if value else "no"
            if key == "id" and self.entry.get("id"):
                field.disabled = True
            field.widget.attrs.setdefault("dir", "auto")
            self.fields[key] = field

    def _required(self, key: str, optional: bool, inner: Any) -> bool:
        if self.inside:
            return False  # a row that is emptied is taken out; what a row lacks is told by the checks of the file
        if inner is not None:
            return f"{self.cls.__name__}.{key}" in NEEDED_LISTS
        return not optional and (self.cls, key) not in ABSENT

    def _add_names(self, key: str) -> None:
        written = self.entry.get(key)
        names = written if isinstance(written, dict) else {self.languages[0]: written} if written else {}
        for turn, language in enumerate(self.languages):
            field = Text(label=f"{key_title(key)} ({language})", required=turn == 0, initial=names.get(language))
            field.widget.attrs.update({"dir": "auto", "lang": language})
            self.fields[f"{key}_{language}"] = field

    def _add_rows(self, key: str, inner: type) -> None:
        kept = self.entry.get(key)
        written = [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []
        data = self.data if self.is_bound else None
        self.rows[key] = [
            PartForm(
                data, section="", cls=inner, entry=entry, whole=self.whole,
                prefix=f"{self.prefix or ''}{key}-{number}",
            )
            for number, entry in enumerate([*written, *({} for _row in range(ROWS_EMPTY))])
        ]  # fmt: skip

    def _field(self, key: str, plain: Any, inner: Any, *, required: bool) -> forms.Field:
        section = SECTION_OF.get(inner or plain)
        if section is not None and key != "id":
            pairs = [(str(one.get("id")), entry_title(section, one, self.whole)) for one in self.whole.get(section, [])]
            if inner is not None:
                return Several(lambda: pairs, required=required)
            return _chosen(lambda: pairs, required=required)
        if get_origin(inner) is Literal:
            return Several(lambda: _words(inner), required=required)
        if get_origin(plain) is Literal:
            return _chosen(lambda: _words(plain), required=required)
        if plain is bool:
            return YesNo(required=required)
        if plain is int or plain is float:
            low, high = BOUNDS.get(key, (0, COUNT_MAX))
            if plain is int:
                return forms.IntegerField(min_value=int(low), max_value=int(high), required=required)
            return forms.FloatField(min_value=low, max_value=high, required=required)
        if plain is time:
            return forms.TimeField(required=required, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        text = Text(required=required)
        if inner is not None:
            text.help_text = (
                _("With commas between, three letters as in passports, such as EGY.")
                if "citizen" in key or key == "counts_for"
                else _("With commas between.")
            )
        elif plain is Moment:
            text.help_text = _("With its zone, such as 2030-05-02T08:00+02:00.")
        return text

    @property
    def empty(self) -> bool:
        """Whether nothing was written into the form: an offered row that nobody used."""
        return all(value in (None, "", (), []) for value in getattr(self, "cleaned_data", {}).values())

    def is_valid(self) -> bool:
        """Whether it and every row in it can be read."""
        rows = all([row.is_valid() for rows in self.rows.values() for row in rows])
        return bool(super().is_valid()) and rows

    def every_row(self) -> Iterator[tuple[str, str, list[PartForm]]]:
        """The tables inside the entry: key, title, rows."""
        for key, rows in self.rows.items():
            yield key, key_title(key), rows

    def values(self) -> dict[str, Any]:
        """What the entry says now, as TOML has it; None for what is left out."""
        found: dict[str, Any] = {}
        for key, hint in self.keys.items():
            if key in self.rows:
                rows = [_without_nothing(row.values()) for row in self.rows[key] if not row.empty]
                found[key] = rows or None
            elif hint == Names:
                found[key] = self._names(key)
            else:
                found[key] = self._value(key, hint)
        return found

    def _names(self, key: str) -> Any:
        names = {one: text for one in self.languages if (text := self.cleaned_data.get(f"{key}_{one}"))}
        same = isinstance(self.entry.get(key), str) and list(names) == self.languages[:1]
        return names[self.languages[0]] if same else names

    def _value(self, key: str, hint: Any) -> Any:
        value, before = self.cleaned_data.get(key), self.entry.get(key)
        plain = (
            next((one for one in get_args(hint) if one is not type(None)), hint)
            if get_origin(hint) in (Union, types.UnionType)
            else hint
        )
        if value in (None, "", ()):
            return before if before == [] else None
        if isinstance(value, tuple):
            return list(value)
        if isinstance(value, time):
            return before if isinstance(before, time) and before == value else value.strftime("%H:%M")
        if get_origin(plain) is tuple:
            return [part.strip() for part in str(value).split(",") if part.strip()]
        if plain is Moment:
            return before if str(before) == value else _moment(str(value))
        if plain is float and isinstance(before, int) and value == before:
            return before
        return value


def _chosen(pairs: Callable[[], list[tuple[str, str]]], *, required: bool) -> forms.Field:
    """One of a closed list; where it may be left out, a dash stands for that."""
    field = Chosen(pairs, optional=not required)
    if not required:
        field.choices = lambda: [("", NOTHING), *pairs()]
    return field


def _moment(text: str) -> Any:
    """A time as TOML writes it; a text that is none is kept as it is, and the checks say what is wrong with it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _words(hint: Any) -> list[tuple[str, str]]:
    return [(one, str(word(one))) for one in get_args(hint)]
