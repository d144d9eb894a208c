"""The operation file: what stands in it section by section, and a new version proposed with its differences and why."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.limits import OPERATION_FILE_BYTES_MAX
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.base.operation_file import FILE_NAME, OperationError, read_operation
from corridor.hq.access.rights import may_change_operation
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm, Text
from corridor.hq.desks.operation.audit import note, user_name
from corridor.hq.models import OperationVersion
from corridor.hq.served import served
from corridor.opening import file_of

VERSIONS_SHOWN_MAX = 20
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """One key of the file that differs: what stood there and what stands now; a dash where nothing did."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version as somebody proposed it."""

    at: Moment
    who: str
    why: str
    sha256: str
    changes: tuple[Change, ...]


class ProposeForm(OrderForm):
    """A whole operation file, and why it is changed."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["file"] = forms.FileField(label=FILE_NAME, widget=forms.FileInput(attrs={"accept": ".toml"}))
        self.fields["why"] = Text(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The file in force and its versions; sent a file, the next version, which headquarters reads when it starts."""
    may_propose, status = may_change_operation(request.user), 200
    form = ProposeForm(request.POST or None, request.FILES or None)
    problems: tuple[OperationError, ...] = ()
    if request.method == "POST":
        status = 422
        if not may_propose:
            form.add_error(None, _("Your role does not change the operation file. Ask the duty officer."))
            note(request, "ProposeVersion", "not_yours")
            status = 409
        elif form.is_valid():
            answer = _propose(request, form)
            if answer is None:
                messages.success(request, _("Kept. It takes effect when headquarters is started again."))
                return redirect("operation-file")
            problems, status = answer, 409
    found = served().opened.found
    current = tomllib.loads(file_of(found).read_text("utf-8-sig"))
    facts = {
        "sections": list(_sections(current)),
        "versions": [_version(one) for one in OperationVersion.objects.order_by("-id")[:VERSIONS_SHOWN_MAX]],
        "problems": problems,
        "form": form if may_propose or request.method == "POST" else None,
    }
    return show(request, "hq/desks/operation/file.html", facts, status=status)


def _propose(request: HttpRequest, form: ProposeForm) -> tuple[OperationError, ...] | None:
    """Check the file, list what differs, keep both the bytes and who proposed them; every problem when it is wrong."""
    headquarters = served()
    content = form.cleaned_data["file"].read(OPERATION_FILE_BYTES_MAX + 1)
    answer = read_operation(content)
    if not isinstance(answer, Operation):
        return answer
    if answer.name != headquarters.operation.name:
        says, remedy = _("The file is of another operation."), _("The name of an operation stays as it is.")
        return (OperationError(file=FILE_NAME, key="name", says=says, remedy=remedy),)
    in_force = file_of(headquarters.opened.found)
    changes = differences(tomllib.loads(in_force.read_text("utf-8-sig")), tomllib.loads(content.decode("utf-8-sig")))
    if not changes:
        says, remedy = _("Nothing in this file differs."), _("Change the file first, then send it.")
        return (OperationError(file=FILE_NAME, key="", says=says, remedy=remedy),)
    now, why = headquarters.now(), form.cleaned_data["why"]
    with transaction.atomic():
        sha256 = headquarters.opened.archive.put(content, FILE_NAME, now)
        listed = [[one.key, one.before, one.after] for one in changes]
        OperationVersion.objects.create(at_ms=now, who=door.by(request), why=why, sha256=sha256, changes=listed)
        note(request, "ProposeVersion")
        _write(headquarters.opened.found.home / FILE_NAME, content)
    return None


def _write(file: Path, content: bytes) -> None:
    """Put the file in place whole or not at all."""
    beside = file.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(file)


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Key by key what differs between two operation files; tables of a list are known by their `id`."""
    old, new = dict(_flat(before)), dict(_flat(after))
    keys = [*old, *(key for key in new if key not in old)]
    return [Change(key, old.get(key, NOTHING), new.get(key, NOTHING)) for key in keys if old.get(key) != new.get(key)]


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a file with its key, ``legs[gaza-rafah].minutes``."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _flat(part, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        for number, part in enumerate(value, 1):
            name = part.get("id", number) if isinstance(part, dict) else number
            yield from _flat(part, f"{key}[{name}]")
    else:
        yield key, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _sections(table: dict[str, Any]) -> Iterator[tuple[str, int, list[tuple[str, str]]]]:
    """The file by its first keys: the section's name, how many entries it has, its values by key."""
    plain = {name: value for name, value in table.items() if not isinstance(value, (dict, list))}
    if plain:
        yield "", len(plain), list(_flat(plain))
    for name, value in table.items():
        if name not in plain:
            yield name, len(value), list(_flat(value, name))


def _version(row: OperationVersion) -> Version:
    changes = tuple(Change(*one) for one in row.changes)
    return Version(Moment(row.at_ms), user_name(row.who), row.why, row.sha256, changes)
