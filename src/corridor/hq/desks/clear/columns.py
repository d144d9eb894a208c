"""A file comes in: its bytes into the archive, its columns looked at on screen, its rows taken in as a list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from corridor.base.ids import AuthorityId, ListId
from corridor.base.limits import SHEET_FILE_BYTES_MAX
from corridor.base.refusal import Refusal
from corridor.base.sheets.fields import FIELDS
from corridor.base.sheets.mapping import Mapping, apply_mapping, from_json
from corridor.base.sheets.refusals import TOO_BIG
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.cells import read_as_said
from corridor.hq.desks.clear.evening import authority_name
from corridor.hq.desks.clear.lists import keep_mappings, kept_mappings
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, Day, OrderForm, Text
from corridor.hq.desks.refusals import NOT_RECORDING, NOT_YOURS, said
from corridor.hq.served import served
from corridor.journey.clear.file_rows import ListSheet, list_sheets, read_again, rows_of
from corridor.journey.clear.lists import AuthorityList
from corridor.journey.clear.refusals import LIST_ALREADY_RECEIVED, NO_ROW_READ
from corridor.journey.clear.rules import ReceiveList

SAMPLE_ROWS = 4
"""Rows of the file shown under each column: enough to see what it holds."""
COMPLAINTS_SHOWN = 200
"""Bad cells on the page: who has more corrects the columns first."""


def _authorities() -> list[tuple[str, str]]:
    board = served().board_now()
    return [(one.id, authority_name(board, one.id)) for one in served().operation.authorities]


class FileForm(OrderForm):
    """Which file, whose, and for which day."""

    authority = Chosen(_authorities)
    for_date = Day()
    file = forms.FileField()

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        for name, label in (("authority", _("Authority")), ("for_date", _("For the day")), ("file", _("File"))):
            self.fields[name].label = label
        self.fields["file"].help_text = _("CSV, XLSX or JSON lines, as it came. The bytes are kept as received.")


class TakeInForm(OrderForm):
    """The list as it is to be taken in; its columns are read beside the form."""

    authority = Chosen(_authorities)
    for_date = Day()
    source = Text()

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        labels = (("authority", _("Authority")), ("for_date", _("For the day")), ("source", _("Where it came from")))
        for name, label in labels:
            self.fields[name].label = label


@require_POST
def receive_file(request: HttpRequest) -> HttpResponse:
    """Keep the file's bytes and go on to its columns."""
    form = FileForm(request.POST, request.FILES)
    user: Any = request.user
    if not may_give(user, ReceiveList):
        form.refuse(NOT_YOURS(role=user.role, order=ReceiveList.__name__))
    elif form.is_valid():
        headquarters, file = served(), form.cleaned_data["file"]
        if file.size > SHEET_FILE_BYTES_MAX:
            form.refuse(TOO_BIG(file=file.name, bytes=file.size, bytes_max=SHEET_FILE_BYTES_MAX))
        elif not headquarters.opened.records:
            form.refuse(NOT_RECORDING(operation=headquarters.operation.name))
        else:
            data = file.read()
            read = list_sheets(file.name, data, (), form.cleaned_data["for_date"])
            if not isinstance(read, Refusal):
                sha256 = headquarters.opened.archive.put(data, file.name, headquarters.now())
                asked = {
                    "authority": form.cleaned_data["authority"],
                    "for_date": form.cleaned_data["for_date"].isoformat(),
                    "name": file.name[:200],
                }
                return redirect(f"{reverse('clear-columns', args=[sha256])}?{urlencode(asked)}")
            form.refuse(read)
    return show(request, "hq/desks/clear/file.html", {"file_form": form}, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, sha256: str) -> HttpResponse:
    """The file's columns with what each feeds; a POST reads it again, takes it in, or puts it away."""
    headquarters = served()
    data = headquarters.opened.archive.get(sha256)
    if data is None:
        raise Http404(_("No such file is kept here."))
    name = request.GET.get("name", "") or "file"
    asked = {"authority": request.GET.get("authority", ""), "for_date": request.GET.get("for_date", "")}
    day = _day(asked["for_date"])
    form = TakeInForm(request.POST or None, initial={**asked, "source": name})
    chosen: list[Mapping] = kept_mappings(AuthorityId(asked["authority"]))
    sheets = list_sheets(name, data, chosen, day)
    does = request.POST.get("does", "")
    if request.method == "POST" and not isinstance(sheets, Refusal):
        if does == "away":
            return _put_away(request, sha256)
        typed = _typed(request, sheets)
        if isinstance(typed, Refusal):
            form.is_valid()
            form.refuse(typed)
        else:
            sheets = read_again(sheets, typed, day)
            if does == "take" and form.is_valid():
                taken = _take_in(request, form, sheets, data, sha256)
                if isinstance(taken, HttpResponse):
                    return taken
                form.refuse(taken)
    if isinstance(sheets, Refusal):
        form.refuse(sheets)
        sheets = ()
    facts = {
        "form": form,
        "name": name,
        "sheets": [_sheet(number, one) for number, one in enumerate(sheets)],
        "rows": len(rows_of(sheets)),
        "bad": sum(len(one.reading.bad) for one in sheets if one.reading),
        "left_out": sum(len(one.reading.left_out) for one in sheets if one.reading),
    }
    return show(request, "hq/desks/clear/columns.html", facts, status=409 if form.refusal else 200)


def _take_in(
    request: HttpRequest, form: TakeInForm, sheets: Sequence[ListSheet], data: bytes, sha256: str
) -> HttpResponse | Refusal:
    """Record that the list came in, and remember its columns."""
    headquarters, typed = served(), form.cleaned_data
    unread = next((one.lacks for one in sheets if one.lacks is not None), None)
    if not any(one.reading for one in sheets) and unread is not None:
        return unread
    if not rows_of(sheets):
        return NO_ROW_READ(file=typed["source"])
    list_id = ListId(f"list-{sha256[:12]}-{typed['for_date'].isoformat()}")
    received = AuthorityList(
        id=list_id,
        authority=AuthorityId(typed["authority"]),
        for_date=typed["for_date"],
        source=typed["source"],
        received_at=headquarters.now(),
        sha256=sha256,
        rows=rows_of(sheets),
    )
    given = door.give(request, ReceiveList(by=door.by(request), received=received))
    if isinstance(given, Refusal):
        if given.code != LIST_ALREADY_RECEIVED.code:
            return given
        messages.info(request, _("This file was taken in before; nothing was recorded again."))
        return redirect("clear-list", given.data["list"])
    mappings = [one.mapping for one in sheets if one.reading is not None]
    keep_mappings(received.authority, list_id, mappings)
    count = len(received.rows)
    done = ngettext("The list is here with %(count)d row.", "The list is here with %(count)d rows.", count)
    messages.success(request, done % {"count": count})
    return redirect("clear-list", list_id)


def _put_away(request: HttpRequest, sha256: str) -> HttpResponse:
    """Erase the bytes of a file that became no list: they hold names, and nothing refers to them."""
    headquarters = served()
    known = headquarters.board_now().everybody.lists.statements.values()
    if may_give(request.user, ReceiveList) and not any(one.sha256 == sha256 for one in known):
        headquarters.opened.archive.erase(sha256)
        messages.info(request, _("The file was put away and its bytes erased."))
    return redirect("clear")


def _typed(request: HttpRequest, sheets: Sequence[ListSheet]) -> list[Mapping] | Refusal:
    """The columns as chosen on the page, sheet by sheet; why they cannot be used together."""
    mappings: list[Mapping] = []
    for number, one in enumerate(sheets):
        chosen: dict[str, list[str]] = {}
        for column in one.sheet.columns:
            field = request.POST.get(f"s{number}c{column.index}", "")
            if field:
                chosen.setdefault(field, []).append(column.label)
        order = request.POST.get(f"s{number}days", "") or one.mapping.day_order
        saved = {"version": 1, "kind": "list", "day_order": order, "columns": chosen}
        mapping = from_json(json.dumps(saved), "list")
        if isinstance(mapping, Refusal):
            return mapping
        fitted = apply_mapping(mapping, one.sheet)
        if isinstance(fitted, Refusal):
            return fitted
        mappings.append(fitted)
    return mappings


def _sheet(number: int, one: ListSheet) -> dict[str, Any]:
    """One sheet as the page shows it: each column with the field it feeds, why, and what its first rows hold."""
    feeds = {chosen.label: chosen for chosen in one.mapping.chosen}
    sample = one.sheet.rows[:SAMPLE_ROWS]
    shown = [
        {
            "key": f"s{number}c{column.index}",
            "column": column,
            "field": feeds[column.label].field if column.label in feeds else "",
            "why": feeds[column.label].why if column.label in feeds else "",
            "sample": [text for row in sample if (text := one.sheet.cell(row, column).text)],
        }
        for column in one.sheet.columns
    ]
    reading = one.reading
    return {
        "number": number,
        "sheet": one.sheet,
        "saved": one.saved,
        "lacks": " ".join(said(one.lacks)) if one.lacks is not None else "",
        "read_as": read_as_said(one.sheet.read_as),
        "day_order": one.mapping.day_order,
        "columns": shown,
        "fields": [field.name for field in FIELDS["list"]],
        "rows": len(reading.rows) if reading else 0,
        "bad": reading.bad[:COMPLAINTS_SHOWN] if reading else (),
        "doubtful": reading.doubtful[:COMPLAINTS_SHOWN] if reading else (),
        "skipped": reading.skipped if reading else (),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404(_("This is no day of the calendar.")) from None
