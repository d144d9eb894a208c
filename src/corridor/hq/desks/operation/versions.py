"""The versions of the operation file: the one in force, what each changed and why, proposing, signing, going back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corridor.base.limits import OPERATION_FILE_BYTES_MAX
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.base.operation_file import FILE_NAME
from corridor.base.refusal import Refusal
from corridor.hq.access import agreeing
from corridor.hq.access.accounts import ensure_accounts
from corridor.hq.access.refusals import NOT_AGREEING
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm, Text, When
from corridor.hq.desks.operation import draft as drafts
from corridor.hq.desks.operation.audit import note, user_name
from corridor.hq.desks.operation.difference import Difference, differences
from corridor.hq.desks.operation.draft import LISTS, Draft, plain_of, sha256_of
from corridor.hq.desks.operation.flipped import DRAFT, flips_of, flips_of_draft, told
from corridor.hq.desks.operation.labels import GROUPS, group_title, section_title, signed_title
from corridor.hq.desks.operation.part_form import keys_of
from corridor.hq.desks.operation.parts import may_edit, problems_of
from corridor.hq.pages.facts import called
from corridor.hq.served import served
from corridor.journey.versions.orders import ProposeVersion, RejectVersion, SignVersion
from corridor.journey.versions.signing import to_be_signed
from corridor.journey.versions.state import FIRST, Version, Versions

VERSIONS_SHOWN_MAX = 50
CAN_BE_REJECTED = ("waiting", "ahead", "not_in_force")


@dataclass(frozen=True, slots=True)
class Told:
    """One version as the page shows it."""

    version: Version
    state: str
    who: str
    signed_by: str
    rejected_by: str
    sections: list[str]
    signs: list[str]


class ProposeForm(OrderForm):
    """Why the file is changed, and from when."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["why"] = Text(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
        self.fields["from_at"] = When(
            label=_("In force from"), required=False, help_text=_("Leave it open for as soon as it may.")
        )


class RejectForm(OrderForm):
    """Why a version is not to come into force."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["why"] = Text(label=_("Why not"), widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))


class UploadForm(OrderForm):
    """A whole file from elsewhere."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["file"] = forms.FileField(label=FILE_NAME, widget=forms.FileInput(attrs={"accept": ".toml"}))


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The parts of the file, the version in force, the reader's draft and all versions; a POST uploads a file."""
    form, status = UploadForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if not may_edit(request):
            form.add_error(None, _("Your role does not change the operation file. Ask the duty officer."))
            status = 409
        elif form.is_valid() and _uploaded(request, form):
            return redirect("operation-draft")
    versions, now = _versions()
    plain = plain_of(_text(versions, versions.in_force(now)))
    groups = [
        (group_title(group), [(name, section_title(name), _count(name, plain)) for name in names])
        for group, names in GROUPS.items()
    ]
    facts = {
        "groups": groups,
        "in_force": _told(versions.in_force(now), versions, now),
        "waiting": _told(versions.waiting, versions, now),
        "versions": [_told(one, versions, now) for one in reversed(versions.all)][:VERSIONS_SHOWN_MAX],
        "draft": drafts.draft_of(door.by(request)) is not None,
        "form": form if may_edit(request) or request.method == "POST" else None,
    }
    return show(request, "hq/desks/operation/file.html", facts, status=status)


def _uploaded(request: HttpRequest, form: UploadForm) -> bool:
    """Make an uploaded file the reader's draft."""
    content = form.cleaned_data["file"].read(OPERATION_FILE_BYTES_MAX + 1)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        form.add_error("file", _("This is no text in UTF-8. Save the file as UTF-8 and send it again."))
        return False
    if len(content) > OPERATION_FILE_BYTES_MAX:
        form.add_error("file", _("The file is too large for an operation file."))
        return False
    last = drafts.last_text()
    if text == last:
        form.add_error("file", _("Nothing in this file differs."))
        return False
    drafts.keep(door.by(request), Draft(text, sha256_of(last)))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """The reader's draft: what differs, what is still wrong, who signs, who flips; a POST proposes it."""
    found = drafts.draft_of(door.by(request))
    if found is None:
        return redirect("operation-file")
    form, status = ProposeForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = _propose(request, found, form)
            if given is None:
                return redirect("operation-file")
            form.refuse(given)
            status = 409
    last, read, counted = drafts.last_text(), found.read, flips_of_draft(door.by(request))
    before = Draft(last, "").read
    signs = to_be_signed(before, read) if isinstance(before, Operation) and isinstance(read, Operation) else ()
    facts = {
        "changes": _grouped(differences(plain_of(last), found.plain)),
        "problems": problems_of(found),
        "stale": found.made_from != sha256_of(last),
        "signs": [signed_title(name) for name in signs],
        "flips": told(DRAFT, counted[1]) if counted else [],
        "counted_at": counted[0] if counted else None,
        "form": form if may_edit(request) else None,
    }
    return show(request, "hq/desks/operation/draft.html", facts, status=status)


def _propose(request: HttpRequest, found: Draft, form: ProposeForm) -> Refusal | None:
    """Keep both files in the archive and give the order; None: it was done, and the draft is gone."""
    headquarters = served()
    opened, now = headquarters.opened, headquarters.now()
    content = found.text.encode()
    base = opened.archive.get(found.made_from) or drafts.last_text().encode()
    for data in (base, content):
        opened.archive.put(data, FILE_NAME, now)
    order = ProposeVersion(by=door.by(request), content=content, base=base, **_cleaned(form, "why", "from_at"))
    given = door.give(request, order)
    if isinstance(given, Refusal):
        return given
    drafts.throw_away(door.by(request))
    versions, now = _versions()
    if versions.waiting is not None:
        messages.success(request, _("Proposed. It comes into force when a second person has signed it."))
    else:
        messages.success(request, _("Proposed. No signature is needed."))
    return None


@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """Forget the reader's draft."""
    drafts.throw_away(door.by(request))
    messages.success(request, _("Your draft is gone. The file stays as it is."))
    return redirect("operation-file")


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: who, when, why, what differs, who flips, and what can be done about it."""
    return _version(request, number)


@require_POST
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Sign as the second person; nobody whose own account waits for one."""
    user: Any = request.user
    given: object
    if agreeing.waiting(user):  # else the proposer could sign by way of an account they helped themselves into
        given = NOT_AGREEING()
        note(request, f"SignVersion:{number}", given.code)
    else:
        found, files = _found(_versions()[0], number), served().opened.files
        content, base = (files.content(one) for one in (found.sha256, found.base_sha256)) if found else (b"", b"")
        order = SignVersion(by=door.by(request), version=number, content=content, base=base)
        given = door.give(request, order)
    if isinstance(given, Refusal):
        form = OrderForm(request.POST)
        form.refuse(given)
        return _version(request, number, signing=form, status=409)
    headquarters = served()
    signed = headquarters.opened.versions(headquarters.now()).version(number)
    if signed is not None and "users" in signed.sections:
        ensure_accounts(headquarters.operation)
    messages.success(request, _("Signed."))
    return redirect("operation-version", number)


@require_POST
def reject(request: HttpRequest, number: int) -> HttpResponse:
    """Reject, with a reason."""
    form = RejectForm(request.POST)
    if form.is_valid():
        order = RejectVersion(by=door.by(request), version=number, **_cleaned(form, "why"))
        given = door.give(request, order)
        if not isinstance(given, Refusal):
            messages.success(request, _("Rejected. The version stays on record."))
            return redirect("operation-version", number)
        form.refuse(given)
    return _version(request, number, rejecting=form, status=409 if form.refusal else 422)


@require_POST
def revert(request: HttpRequest, number: int) -> HttpResponse:
    """Make an older file the reader's draft: to go back is to propose it again."""
    if not may_edit(request):
        messages.error(request, _("Your role does not change the operation file. Ask the duty officer."))
        return redirect("operation-file")
    versions, _now = _versions()
    last = drafts.last_text()
    drafts.keep(door.by(request), Draft(_text(versions, _found(versions, number)), sha256_of(last)))
    return redirect("operation-draft")


@require_safe
def download(request: HttpRequest, number: int) -> HttpResponse:
    """A version's file as it was proposed, byte by byte; 0 is the file that the operation began with."""
    versions, _now = _versions()
    found = _found(versions, number)
    content = served().opened.files.content(versions.first_sha256 if found is None else found.sha256)
    name = f"{served().operation.name}-version-{number}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/toml", headers=headers)


def _version(
    request: HttpRequest,
    number: int,
    *,
    signing: OrderForm | None = None,
    rejecting: OrderForm | None = None,
    status: int = 200,
) -> HttpResponse:
    versions, now = _versions()
    found = _found(versions, number)
    facts: dict[str, Any] = {"number": number, "told": _told(found, versions, now), "may_edit": may_edit(request)}
    if found is not None:
        base = served().opened.files.content(found.base_sha256).decode("utf-8-sig")
        state = versions.state(found, now)
        board = served().board_now()
        mine = found.by == door.by(request)
        counted = flips_of(found)
        facts |= {
            "changes": _grouped(differences(plain_of(base), plain_of(_text(versions, found)))),
            "flips": told(str(number), counted[1]),
            "counted_at": counted[0],
            "mine": mine,
            "in_the_way": [called(board, "place", one) or called(board, "leg", one) or one for one in found.in_the_way],
            "sign": signing
            or (OrderForm() if found.waits and not mine and may_give(request.user, SignVersion) else None),
            "reject": rejecting
            or (RejectForm() if state in CAN_BE_REJECTED and may_give(request.user, RejectVersion) else None),
        }
    last = versions.last(now)
    facts["last"] = number == (last.number if last else FIRST)
    return show(request, "hq/desks/operation/version.html", facts, status=status)


def _versions() -> tuple[Versions, Moment]:
    headquarters = served()
    now = headquarters.now()
    return headquarters.opened.versions(now), now


def _found(versions: Versions, number: int) -> Version | None:
    """A version by its number; None: the file that the operation began with."""
    found = versions.version(number)
    if found is None and number != FIRST:
        raise Http404(str(number))
    return found


def _text(versions: Versions, version: Version | None) -> str:
    sha256 = versions.first_sha256 if version is None else version.sha256
    content: bytes = served().opened.files.content(sha256)
    return content.decode("utf-8-sig")


def _told(version: Version | None, versions: Versions, now: Moment) -> Told | None:
    if version is None:
        return None
    return Told(
        version=version,
        state=versions.state(version, now),
        who=user_name(version.by),
        signed_by=user_name(version.signed_by or ""),
        rejected_by=user_name(version.rejected_by or ""),
        sections=[section_title(name) for name in version.sections],
        signs=[signed_title(name) for name in version.signs],
    )


def _grouped(found: list[Difference]) -> list[tuple[str, list[Difference]]]:
    """Differences by section, in words."""
    groups: dict[str, list[Difference]] = {}
    for one in found:
        groups.setdefault(one.section, []).append(one)
    return [(section_title(name), rows) for name, rows in groups.items()]


def _count(name: str, plain: dict[str, Any]) -> int:
    """How many entries a section has; of one that is a single table, how many of its keys are given."""
    return len(plain.get(name, ())) if name in LISTS else sum(key in plain.get(name, plain) for key in keys_of(name))


def _cleaned(form: OrderForm, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data.get(name) for name in names}
