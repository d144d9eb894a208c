"""A document's machine-readable zone, typed or pasted: what it says, what is wrong, each field confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import PaperId, PersonId
from corridor.base.moments import Moment, datetime_of, moment_of
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_identities
from corridor.hq.access.rights import may_give, may_write
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.register.finding import told
from corridor.hq.served import served
from corridor.journey.documents.rules import RecordPaper
from corridor.journey.register.identity import BirthDate, DocumentType, Identity, NameAs, NamePart
from corridor.journey.register.identity import Document as IdentityDocument
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.layouts import FieldName
from corridor.names.mrz.model import Document, FieldValue, ReadField, Reading, by_hand
from corridor.names.mrz.reading import read
from corridor.names.mrz.repairs import Repair, repairs

DATES: tuple[FieldName, ...] = ("birth_date", "expiry_date")
TYPES: Mapping[str, DocumentType] = {"P": "passport", "I": "national_id", "A": "national_id", "C": "national_id"}
"""Our type of paper by the first letter of the zone's; any other is `other`, and visas are no document of identity."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field on the page: what was read, what stands in the box, and whether the person has confirmed it."""

    field: ReadField
    label: str
    text: str
    confirmed: bool
    wrong: bool


def labels() -> dict[str, str]:
    """What each field of a zone is called."""
    return {
        "document_type": _("Document type"),
        "issuing_state": _("Issuing state"),
        "surname": _("Surname"),
        "given_names": _("Given names"),
        "number": _("Document number"),
        "nationality": _("Nationality"),
        "birth_date": _("Birth date"),
        "sex": _("Sex"),
        "expiry_date": _("Expiry date"),
        "optional": _("Optional data"),
        "optional_2": _("Optional data 2"),
        "issuing_office": _("Issuing office"),
        "composite": _("Digit over all"),
        "zone": _("Zone"),
    }


@require_http_methods(["GET", "POST"])
def zone(request: HttpRequest, person: str) -> HttpResponse:
    """Read a zone (`does` read), then keep it when every field is confirmed (`does` keep)."""
    board = served().board_now()
    who, text = PersonId(person), request.POST.get("zone", "")
    today = datetime_of(served().now()).date()
    answer: Reading | Refusal | None = None
    if request.method == "POST":
        answer = by_hand() if request.POST.get("does") == "by_hand" or not text.strip() else read(text, today)
    form, reading = OrderForm(), answer if isinstance(answer, Reading) else None
    if isinstance(answer, Refusal):
        form.refusal = (
            _("This is no machine-readable zone."),
            _("Type 3 lines of 30, or 2 lines of 36 or 44 characters, with < for every filler."),
        )
    keeps = request.POST.get("does") == "keep" and reading is not None
    if keeps and reading is not None:
        confirmed = _confirmed(request, reading, today)
        done = confirmed if isinstance(confirmed, Refusal) else _keep(request, who, confirmed)
        if done is None:
            messages.success(request, _("The document is written down, every field confirmed by you."))
            return redirect("register-person", who)
        form.refusal = _said(done)
    identity = read_identities(request, served(), board, [who], why="zone of a document").get(who)
    facts = {
        "part": "search",
        "who": told(board, who, identity),
        "form": form,
        "zone_text": text,
        "reading": reading,
        "lines": _lines(request, reading, keeps=keeps) if reading is not None else (),
        "faults": _faults(reading.problems) if reading is not None else (),
        "offered": _offered(reading, today) if reading is not None and reading.format else (),
        "may_keep": may_write(request.user, "documents"),
    }
    return show(request, "hq/desks/register/zone.html", facts, status=409 if form.refusal else 200)


def _said(refusal: Refusal) -> tuple[str, str]:
    if refusal.code == "zone_not_confirmed":
        return _("Not every field is confirmed."), _(
            "Compare each with the document, and tick it or type it as it stands."
        )
    if refusal.code == "zone_bad_date":
        return refusal.says, refusal.remedy
    form = OrderForm()
    form.refuse(refusal)
    assert form.refusal is not None
    return form.refusal


def _lines(request: HttpRequest, reading: Reading, *, keeps: bool) -> list[Line]:
    named = labels()
    return [
        Line(
            field,
            named[field.name],
            request.POST.get(field.name, "") if keeps else _written(field.value),
            f"confirm_{field.name}" in request.POST and keeps,
            field.name in reading.wrong,
        )
        for field in reading.fields
    ]


def _written(value: FieldValue | None) -> str:
    """A value as it stands in the box: a date with ?? for what is not known."""
    return "" if value is None else str(value)


def _faults(problems: Sequence[Any]) -> list[dict[str, Any]]:
    """What must be looked at, with line and column; the sentences are the zone reader's own."""
    named = labels()
    return [
        {
            "label": named[one.field],
            "line": one.line,
            "column": one.column,
            "wrong": one.wrong,
            "says": _says(one.refusal),
        }
        for one in problems
    ]


def _says(refusal: Refusal) -> str:
    """What is wrong, in the reader's language for the usual cases."""
    templates = {
        "zone_digit": _("The check digit is {found}, and the characters as read would have {expected}."),
        "zone_composite": _("The digit over all is {found}, and the fields as read would have {expected}."),
        "zone_line_width": _("The line has {found} characters, and should have {width}."),
        "zone_character": _("The character {character} cannot stand here."),
        "zone_date": _("{text} is no date."),
        "zone_expired": _("The document expired on {day}."),
        "zone_name_cut": _("The name fills the line: take the full name from the page above."),
        "zone_state": _("{code} is no code of a state."),
        "zone_one_name": _("There is one name only, or a divider was not read."),
        "zone_look_alikes": _("{letters} are letters of another alphabet and were read as Latin."),
    }
    template = templates.get(refusal.code)
    return refusal.says if template is None else template.format(**refusal.data)


@dataclass(frozen=True, slots=True)
class Offer:
    """A zone with one likely misreading mended; taken only by whoever presses it."""

    text: str
    label: str
    read: str
    instead: str
    settles: bool


def _offered(reading: Reading, today: date) -> list[Offer]:
    named = labels()
    return [
        Offer(
            _mended(reading, one),
            named[one.field],
            "".join(change.read for change in one.changes) or "–",
            "".join(change.instead for change in one.changes) or "–",
            one.settles,
        )
        for one in repairs(reading, today)[:8]
    ]


def _mended(reading: Reading, repair: Repair) -> str:
    lines = [list(line) for line in reading.lines]
    for change in sorted(repair.changes, key=lambda one: (-one.line, -one.column)):
        line, at = lines[change.line - 1], change.column - 1
        line[at : at + len(change.read)] = list(change.instead)
    return "\n".join("".join(line) for line in lines)


def _confirmed(request: HttpRequest, reading: Reading, today: date) -> Reading | Refusal:
    """The reading with every ticked field as it stands in its box."""
    by = door.by(request)
    for field in reading.fields:
        if f"confirm_{field.name}" not in request.POST:
            continue
        text = request.POST.get(field.name, "").strip()
        if text == _written(field.value):
            answer = reading.confirm(field.name, by)
        else:
            value = _date(text) if field.name in DATES and text else text or None
            if isinstance(value, Refusal):
                return value
            answer = reading.type(field.name, value, by)
        if isinstance(answer, Refusal):
            return answer
        reading = answer
    return reading


def _date(text: str) -> ZoneDate | Refusal:
    """A date typed like 1984-03-09, ?? for what is not known."""
    parts = text.replace(".", "-").replace("/", "-").split("-")
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    try:
        year, month, day = (None if "?" in part else int(part) for part in parts)
        date(year or 2000, month or 1, day or 1)
    except ValueError:
        return Refusal(
            code="zone_bad_date",
            says=_("%(text)s is no date.") % {"text": text[:20]},
            remedy=_("Write it like 1984-03-09, with ?? for what is not known."),
            data={},
        )
    return ZoneDate(year=year, month=month, day=day)


def _keep(request: HttpRequest, who: PersonId, reading: Reading) -> Refusal | None:
    """The document into the identity row; whoever may record papers records this one too."""
    document = reading.document()
    if isinstance(document, Refusal):
        return document
    parts = frozenset({"names", "birth", "documents"})
    kept = door.keep_identity(request, who, parts, lambda one: _with(one, document))  # type: ignore[arg-type]
    if isinstance(kept, Refusal):
        return kept
    if may_give(request.user, RecordPaper):
        paper = RecordPaper(
            person=who,
            by=door.by(request),
            paper=PaperId(door.fresh_id("d")),
            type=_type(document),
            issuer=document.issuing_state,
            valid_until=_end_of(document.expiry_date),
        )
        given = door.give(request, paper)
        return given if isinstance(given, Refusal) else None
    return None


def _with(identity: Identity, document: Document) -> Identity:
    """The identity with what a confirmed document says; the same document is not written twice."""
    said: tuple[tuple[str | None, NamePart], ...] = ((document.surname, "surname"), (document.given_names, "given"))
    source = _type(document)
    names = [NameAs(text=text, script="latin", part=part, source=source) for text, part in said if text]
    fresh = IdentityDocument(
        type=_type(document),
        number=document.number,
        issuer=document.issuing_state,
        valid_until=_day(document.expiry_date),
    )
    birth = _birth(document.birth_date)
    return replace(
        identity,
        names=(*identity.names, *(name for name in names if name not in identity.names)),
        birth=birth if birth is not None else identity.birth,
        documents=(*(one for one in identity.documents if one.number != fresh.number), fresh),
    )


def _type(document: Document) -> DocumentType:
    return TYPES.get((document.document_type or " ")[0], "other")


def _birth(day: ZoneDate | None) -> BirthDate | None:
    if day is None or day.year is None:
        return None
    precision = "day" if day.known else "month" if day.month else "year"
    return BirthDate(
        year=day.year,
        month=day.month if precision != "year" else None,
        day=day.day if precision == "day" else None,
        precision=precision,  # type: ignore[arg-type]
    )


def _day(day: ZoneDate | None) -> date | None:
    known = day is not None and day.known
    return date(day.year or 1, day.month or 1, day.day or 1) if known and day is not None else None


def _end_of(day: ZoneDate | None) -> Moment | None:
    """A document is valid to the end of its last day."""
    last = _day(day)
    if last is None:
        return None
    return moment_of(datetime.combine(last, time(23, 59), UTC))
