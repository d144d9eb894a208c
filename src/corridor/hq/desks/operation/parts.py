"""The operation file part by part: what stands in a section, one entry of it in a form, the whole as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corridor.base.limits import OPERATION_FILE_BYTES_MAX
from corridor.base.operation import Operation
from corridor.hq.access.rights import may_give
from corridor.hq.asked import number_in
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.mistakes import Mistake, told
from corridor.hq.desks.operation import draft as drafts
from corridor.hq.desks.operation.difference import NOTHING, entry_title, value_text
from corridor.hq.desks.operation.draft import CLASSES, LISTS, TOP, Draft
from corridor.hq.desks.operation.labels import key_title, section_title
from corridor.hq.desks.operation.part_form import PartForm, keys_of
from corridor.journey.versions.orders import ProposeVersion

NEW = "new"
ERRORS_SHOWN_MAX = 20


class TextForm(OrderForm):
    """The whole file as text."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        widget = forms.Textarea(
            attrs={"rows": 28, "dir": "ltr", "spellcheck": "false", "class": "source", "lang": "en"}
        )
        self.fields["text"] = forms.CharField(
            label=_("The file"), widget=widget, max_length=OPERATION_FILE_BYTES_MAX, strip=False
        )


def shown_draft(request: HttpRequest) -> tuple[Draft, bool]:
    """The reader's draft and whether they have changed anything; who may not change sees the last version."""
    found = drafts.draft_of(door.by(request))
    if found is not None:
        return found, True
    text = drafts.last_text()
    return Draft(text, drafts.sha256_of(text)), False


def may_edit(request: HttpRequest) -> bool:
    """Whether the reader may change the file."""
    return may_give(request.user, ProposeVersion)


def problems_of(draft: Draft) -> list[Mistake]:
    """What is still wrong with a draft, in the reader's language."""
    read = draft.read
    return [] if isinstance(read, Operation) else [told(one) for one in read[:ERRORS_SHOWN_MAX]]


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """What stands in one section, as the reader has changed it."""
    if section != TOP and section not in CLASSES:
        raise Http404(section)
    draft, changed = shown_draft(request)
    plain, keys = draft.plain, list(keys_of(section))
    entries = plain.get(section, []) if section in LISTS else [plain if section == TOP else plain.get(section, {})]
    rows = [
        {
            "number": number,
            "title": entry_title(section, entry, plain) if section in LISTS else section_title(section),
            "facts": [
                (key_title(key), text)
                for key in keys
                if (text := value_text(key, entry.get(key), plain)) != NOTHING and key != "names"
            ],
        }
        for number, entry in enumerate(entries)
    ]
    facts = {
        "section": section,
        "title": section_title(section),
        "rows": rows,
        "several": section in LISTS,
        "may": may_edit(request),
        "changed": changed,
    }
    return show(request, "hq/desks/operation/section.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, section: str, number: str) -> HttpResponse:
    """One entry of a section in a form; a POST puts it into the reader's draft. `number` is `new` for another one."""
    if (section != TOP and section not in CLASSES) or (number == NEW and section not in LISTS):
        raise Http404(section)
    if not may_edit(request):
        return _not_yours(request)
    draft = drafts.begun(door.by(request))
    plain = draft.plain
    at = None if number == NEW else number_in(number)
    if at is None and number != NEW:
        raise Http404(number)
    before = _entry(plain, section, at)
    if before is None:
        raise Http404(number)
    form = PartForm(request.POST or None, section=section, cls=None, entry=before, whole=plain)
    status = 200
    refused: list[Mistake] = []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made = drafts.put(draft.text, section, at, form.values())
            if made is None:
                form.add_error(None, _("This part is laid out in a way that only the text can change."))
            else:
                refused = _own_errors(Draft(made, draft.made_from), section, at, plain)
                if not refused:
                    drafts.keep(door.by(request), Draft(made, draft.made_from))
                    messages.success(request, _("In your draft. Nothing is in force yet."))
                    return redirect("operation-part", section)
                status = 409
    facts = {
        "section": section,
        "title": section_title(section),
        "entry": _("New entry") if at is None else entry_title(section, before, plain) if section in LISTS else "",
        "number": number,
        "form": form,
        "problems": refused,
        "several": section in LISTS,
    }
    return show(request, "hq/desks/operation/entry.html", facts, status=status)


@require_POST
def drop(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """Take an entry out of the reader's draft."""
    if section not in LISTS:
        raise Http404(section)
    if not may_edit(request):
        return _not_yours(request)
    draft = drafts.begun(door.by(request))
    if _entry(draft.plain, section, number) is None:
        raise Http404(str(number))
    made = drafts.drop(draft.text, section, number)
    if made is None:
        messages.error(request, _("This part is laid out in a way that only the text can change."))
    else:
        drafts.keep(door.by(request), Draft(made, draft.made_from))
        messages.success(request, _("Taken out of your draft. Nothing is in force yet."))
    return redirect("operation-part", section)


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest) -> HttpResponse:
    """The whole file as text; a POST makes it the reader's draft, right or wrong."""
    draft, changed = shown_draft(request)
    form = TextForm(request.POST or None, initial={"text": draft.text})
    if request.method == "POST":
        if not may_edit(request):
            return _not_yours(request)
        if form.is_valid():
            written = form.cleaned_data["text"].replace("\r\n", "\n")
            drafts.keep(door.by(request), Draft(written, draft.made_from))
            return redirect("operation-draft")
    facts = {"form": form, "may": may_edit(request), "changed": changed, "text": draft.text}
    return show(request, "hq/desks/operation/text.html", facts, status=422 if request.method == "POST" else 200)


def _not_yours(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Your role does not change the operation file. Ask the duty officer."))
    return redirect("operation-file")


def _entry(plain: Mapping[str, Any], section: str, at: int | None) -> Mapping[str, Any] | None:
    """An entry as TOML has it; {} for a new one, None when there is none."""
    if section == TOP:
        return plain
    found = plain.get(section, [] if section in LISTS else {})
    if section not in LISTS:
        return found if isinstance(found, dict) else None
    if at is None:
        return {}
    return found[at] if 0 <= at < len(found) else None


def _own_errors(draft: Draft, section: str, at: int | None, before: Mapping[str, Any]) -> list[Mistake]:
    """What is wrong with the entry itself: the form is shown again. What is wrong elsewhere waits for the draft's page,
    since a change often takes several steps."""
    turn = len(before.get(section, [])) + 1 if at is None else at + 1
    start = f"{section}[{turn}]" if section in LISTS else section
    keys = keys_of(TOP) if section == TOP else {}
    return [
        one
        for one in problems_of(draft)
        if one.key == start or one.key.startswith((f"{start}.", f"{start}[")) or one.key.partition(".")[0] in keys
    ]
