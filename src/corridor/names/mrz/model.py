"""What a reading of a zone is, and why nothing of it counts before a person has confirmed it field by field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from corridor.base.ids import UserId
from corridor.base.refusal import Refusal, RefusalKind
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.layouts import FieldName, Format
from corridor.names.mrz.problems import FIELD_WORDS, Problem

FieldValue: TypeAlias = str | ZoneDate
"""Text in the zone's letters, or a date. Sex is `f`, `m` or `x`; a state is its ISO alpha-3 code, or ICAO's own."""

NOT_CONFIRMED = RefusalKind(
    "zone_not_confirmed",
    "Nobody has confirmed {fields}.",
    "Compare each with the document and confirm it, or type it as it stands there.",
)
NO_SUCH_FIELD = RefusalKind(
    "zone_no_such_field", "This document has no {field}.", "Confirm only the fields that the zone has."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadField:
    """What a zone seems to say in one field.

    `text` are its characters as read, `value` what they mean; None: nothing, or nothing that can be understood.
    `line` and `column` count from 1; both are 0 where a document is typed by hand without its zone.
    """

    name: FieldName
    line: int
    column: int
    text: str
    value: FieldValue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """A check digit: the one found, the one that the characters read would have, and whether it fits."""

    name: FieldName
    line: int
    column: int
    found: str
    expected: str
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A person's word for one field. `typed`: the person's value is not what was read. None: the document has none."""

    field: FieldName
    value: FieldValue | None
    by: UserId
    typed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a travel document says, every field confirmed by a person. Made by `Reading.document` only.

    None: the document has no such field, or nothing in it.
    """

    document_type: str | None
    issuing_state: str | None
    surname: str | None
    given_names: str | None
    number: str | None
    nationality: str | None
    birth_date: ZoneDate | None
    sex: str | None
    expiry_date: ZoneDate | None
    optional: str | None
    confirmations: tuple[Confirmation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a zone seems to say. It is no document yet: `confirm` every field, then ask for the `document`.

    `format` None: typed by hand, no zone was read. `lines` are the zone's lines as read, made clean.
    """

    format: Format | None
    lines: tuple[str, ...]
    fields: tuple[ReadField, ...]
    checks: tuple[CheckResult, ...]
    problems: tuple[Problem, ...]
    confirmations: tuple[Confirmation, ...] = ()

    @property
    def wrong(self) -> tuple[FieldName, ...]:
        """The fields at fault, each once; empty when the zone contradicts itself nowhere."""
        return tuple(dict.fromkeys(problem.field for problem in self.problems if problem.wrong))

    @property
    def fits(self) -> bool:
        """Whether all digits fit and all fields are of their format. It may be misread still: `repairs.blind_spots`."""
        return not self.wrong

    def field(self, name: FieldName) -> ReadField | None:
        """One field as read; None: this format has no such field."""
        return next((field for field in self.fields if field.name == name), None)

    def confirm(self, name: FieldName, by: UserId) -> Reading | Refusal:
        """The reading with `by` saying that one field stands on the document as it was read."""
        field = self.field(name)
        if field is None:
            return NO_SUCH_FIELD(field=FIELD_WORDS[name])
        return self._with(Confirmation(field=name, value=field.value, by=by, typed=False))

    def type(self, name: FieldName, value: FieldValue | None, by: UserId) -> Reading | Refusal:
        """The reading with one field as `by` typed it off the document; None: the document has nothing there."""
        field = self.field(name)
        if field is None:
            return NO_SUCH_FIELD(field=FIELD_WORDS[name])
        return self._with(Confirmation(field=name, value=value, by=by, typed=value != field.value))

    def _with(self, confirmation: Confirmation) -> Reading:
        others = tuple(each for each in self.confirmations if each.field != confirmation.field)
        return replace(self, confirmations=(*others, confirmation))

    @property
    def unconfirmed(self) -> tuple[FieldName, ...]:
        """The fields that nobody has confirmed or typed yet."""
        done = {confirmation.field for confirmation in self.confirmations}
        return tuple(field.name for field in self.fields if field.name not in done)

    def document(self) -> Document | Refusal:
        """The document, once every field is confirmed; else a refusal that names what is not."""
        if self.unconfirmed:
            return NOT_CONFIRMED(fields=", ".join(FIELD_WORDS[name] for name in self.unconfirmed))
        said = {confirmation.field: confirmation.value for confirmation in self.confirmations}

        def text(name: FieldName) -> str | None:
            value = said.get(name)
            return None if value is None else str(value)

        def day(name: FieldName) -> ZoneDate | None:
            value = said.get(name)
            return value if isinstance(value, ZoneDate) else None

        optional = "".join(part for part in (text("optional"), text("optional_2")) if part)
        return Document(
            document_type=text("document_type"),
            issuing_state=text("issuing_state"),
            surname=text("surname"),
            given_names=text("given_names"),
            number=text("number"),
            nationality=text("nationality"),
            birth_date=day("birth_date"),
            sex=text("sex"),
            expiry_date=day("expiry_date"),
            optional=optional or None,
            confirmations=self.confirmations,
        )


_BY_HAND: tuple[FieldName, ...] = (
    "document_type",
    "issuing_state",
    "surname",
    "given_names",
    "number",
    "nationality",
    "birth_date",
    "sex",
    "expiry_date",
)


def by_hand() -> Reading:
    """An empty reading, for a document whose zone cannot be read or that has none: every field is typed."""
    fields = tuple(ReadField(name=name, line=0, column=0, text="", value=None) for name in _BY_HAND)
    return Reading(format=None, lines=(), fields=fields, checks=(), problems=())
