"""The users: who can sign in, in which roles, where, with what; accounts made, changed, closed and helped in again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from corridor.base.moments import Moment, moment_of
from corridor.base.operation import name_in
from corridor.base.refusal import Refusal
from corridor.hq.access import administering, agreeing
from corridor.hq.access.accounts import now_ms, role_names
from corridor.hq.access.administering import Facts, Handed, facts_of
from corridor.hq.access.changes import changes_about, latest_changes, told
from corridor.hq.access.factors import demanded
from corridor.hq.access.refusals import NOT_ADMINISTRATOR
from corridor.hq.access.rights import may_change_operation, needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm, Several, Text, places
from corridor.hq.desks.operation.audit import note
from corridor.hq.models import User
from corridor.hq.served import served

CHANGES_SHOWN_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One user: `state` is a word for what the page says of them, `factors` says which second factors they have."""

    user: User
    roles: list[str]
    place: str
    partner: str
    state: str
    factors: str
    lacks_factor: bool
    came_in_at: Moment | None  # None: never
    waits: bool  # for a second person to look at what was done to the account
    held_back: bool  # and can do nothing before


class AccountForm(OrderForm):
    """What an account says of somebody, and why it is made or changed; with `name` while it is made."""

    def __init__(self, *args: Any, new: bool = False, **facts: Any) -> None:
        super().__init__(*args, **facts)
        if new:
            self.fields["name"] = Text(
                label=_("Name to sign in with"), max_length=64,
                help_text=_("Small letters, digits and dashes. It is theirs for good: records carry it."),
            )  # fmt: skip
        self.fields["full_name"] = Text(label=_("What they are called"), max_length=200)
        self.fields["roles"] = Several(lambda: list(role_names().items()), label=_("Roles"))
        anywhere = [("", _("anywhere")), *places()]
        self.fields["place"] = forms.ChoiceField(choices=anywhere, required=False, label=_("Place"))
        partners = [("", _("none")), *_partners()]
        self.fields["partner"] = forms.ChoiceField(choices=partners, required=False, label=_("Partner state"))
        self.fields["partner"].help_text = _("For a partner liaison: they see this state's nationals only.")
        self.fields["why"] = _why()
        for field in self.fields.values():
            field.widget.attrs.setdefault("dir", "auto")

    def facts(self) -> Facts:
        """What was filled in."""
        told = self.cleaned_data
        return Facts(full_name=told["full_name"], roles=told["roles"], place=told["place"], partner=told["partner"])


class WhyForm(OrderForm):
    """Why something is done to an account."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["why"] = _why()


class AgreeForm(WhyForm):
    """What the second person saw when they agreed: `up_to` is the last change, so that none made meanwhile passes."""

    up_to = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["why"].label = _("How you made sure")


def _why() -> forms.Field:
    return Text(label=_("Why"), max_length=500, widget=forms.TextInput(attrs={"dir": "auto"}))


def _partners() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(one.id, name_in(one.names, language)) for one in served().operation.partners]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something one button does to an account: its words, the function, its name in the log of orders."""

    name: str
    title: Callable[[], str]
    hint: Callable[[], str]
    said: Callable[[], str]
    do: Callable[[User, User, str, int], Handed | Refusal | None]
    order: str


DEEDS = (
    Deed("password", lambda: _("One-time password"),
         lambda: _("For who has none or forgot it. It is shown once, good for a day, and must be changed."),
         lambda: "", administering.hand_password, "HandPassword"),
    Deed("factors", lambda: _("Take second factors away"),
         lambda: _("For who lost phone or key: make sure that it is them. They set up a new one when they sign in."),
         lambda: _("Their second factors are taken away."), administering.reset_factors, "ResetFactors"),
    Deed("sessions", lambda: _("End sessions"),
         lambda: _("Signs them out everywhere. They can sign in again."),
         lambda: _("Their sessions have ended."), administering.end_all_sessions, "EndSessions"),
    Deed("close", lambda: _("Close the account"),
         lambda: _("It opens no more, from now on. What they recorded stays."),
         lambda: _("The account is closed."), administering.close, "CloseAccount"),
    Deed("open", lambda: _("Open the account again"),
         lambda: _("With the password and the factors it had."),
         lambda: _("The account is open again."), administering.reopen, "OpenAccount"),
)  # fmt: skip


@require_safe
@needs("users")
def page(request: HttpRequest) -> HttpResponse:
    """Everybody who works here, and what was changed last."""
    waiting = agreeing.all_waiting()
    rows = [_row(user, waits=user.name in waiting) for user in _users().order_by("-is_active", "role", "name")]
    rows.sort(key=lambda row: not row.waits)
    facts = {
        "rows": rows,
        "may": may_change_operation(request.user),
        "changes": latest_changes(CHANGES_SHOWN_MAX),
    }
    return show(request, "hq/desks/operation/users.html", facts)


@sensitive_variables("answer")
@require_http_methods(["GET", "HEAD", "POST"])
@needs("users")
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; answers the one-time password, this once."""
    user: Any = request.user
    form, status = AccountForm(request.POST or None, new=True), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            name = form.cleaned_data["name"]
            answer = administering.create(
                user, served().operation, name, form.facts(), form.cleaned_data["why"], now_ms()
            )
            note(request, f"CreateAccount:{name}", answer.code if isinstance(answer, Refusal) else "")
            if isinstance(answer, Handed):
                return _handed(request, answer)
            form.refuse(answer)
            status = 409
    if not may_change_operation(user) and request.method != "POST":
        form.refuse(NOT_ADMINISTRATOR(role=user.role))
    return show(request, "hq/desks/operation/user_new.html", {"form": form}, status=status)


@sensitive_variables("answer")
@require_http_methods(["GET", "HEAD", "POST"])
@needs("users")
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One account: what it says, how it stands, what was changed; and the buttons for who may."""
    about = get_object_or_404(User, name=name)
    by: Any = request.user
    does = request.POST.get("does", "")
    bound: dict[str, OrderForm] = {}
    status = 200
    if request.method == "POST":
        form = _form(request, does)
        deed = next((one for one in DEEDS if one.name == does), None)
        bound, status = {does: form}, 422
        if form.is_valid() and (deed is not None or does in OTHER_DEEDS):
            why = form.cleaned_data["why"]
            answer: Handed | Refusal | None
            if deed is not None:
                answer = deed.do(by, about, why, now_ms())
            elif isinstance(form, AgreeForm):
                answer = agreeing.agree(by, about, form.cleaned_data["up_to"], why, now_ms())
            else:
                assert isinstance(form, AccountForm)
                answer = administering.change(by, served().operation, about, form.facts(), why, now_ms())
            order = deed.order if deed is not None else OTHER_DEEDS[does]
            note(request, f"{order}:{name}", answer.code if isinstance(answer, Refusal) else "")
            if isinstance(answer, Handed):
                return _handed(request, answer)
            if answer is None:
                messages.success(request, deed.said() if deed is not None else _said(does))
                return redirect("operation-user", name)
            form.refuse(answer)
            status = 409
            about.refresh_from_db()
    return show(request, "hq/desks/operation/user.html", _facts(by, about, bound), status=status)


OTHER_DEEDS = {"change": "ChangeAccount", "agree": "AgreeToAccount"}
"""What else a form on the page of an account does, with its name in the log of orders."""


def _form(request: HttpRequest, does: str) -> OrderForm:
    if does == "change":
        return AccountForm(request.POST)
    return (AgreeForm if does == "agree" else WhyForm)(request.POST, prefix=does)


def _said(does: str) -> str:
    return _("The account is changed.") if does == "change" else _("Put on record: you looked at this account.")


def _facts(by: User, about: User, bound: dict[str, OrderForm]) -> dict[str, Any]:
    """What the page of one account shows; nothing to press for who may not, or whose own it is."""
    said = facts_of(about)
    asked = {"full_name": said.full_name, "roles": said.roles, "place": said.place, "partner": said.partner}
    waiting = agreeing.waiting(about) if about.is_active else []
    row = _row(about, waits=bool(waiting))
    agree: OrderForm | None = None
    if agreeing.may_agree(by, about) or "agree" in bound:
        up_to = waiting[-1].pk if waiting else 0
        agree = bound.get("agree") or AgreeForm(prefix="agree", initial={"up_to": up_to})
    offered = [one for one in DEEDS if (one.name == "open") != about.is_active]
    offered = [one for one in offered if one.name != "factors" or row.factors]
    mine = about.pk == by.pk
    may = may_change_operation(by) and not mine
    return {
        "row": row,
        "mine": mine,
        "may": may or bool(bound.keys() - {"agree"}),
        "change": bound.get("change") or AccountForm(initial=asked),
        "waiting": told(waiting),
        "agree": agree if waiting or "agree" in bound else None,
        "deeds": [(one, bound.get(one.name) or WhyForm(prefix=one.name)) for one in offered],
        "changes": changes_about(about.name, CHANGES_SHOWN_MAX),
    }


@sensitive_variables("handed")
def _handed(request: HttpRequest, handed: Handed) -> HttpResponse:
    """The page with a one-time password: an answer to a form, kept by no cache and found under no address."""
    facts = {"about": handed.user, "password": handed.password, "held_back": agreeing.held_back(handed.user)}
    return show(request, "hq/desks/operation/user_handed.html", facts)


def _users() -> Any:
    return User.objects.prefetch_related("factors")


def _row(user: User, *, waits: bool) -> Row:
    where, roles, partners = dict(places()), role_names(), dict(_partners())
    types = [one.type for one in user.factors.all()]  # type: ignore[attr-defined]
    passkeys = types.count("passkey")
    words = [_("app")] if "app" in types else []
    if passkeys:
        words.append(ngettext("%(number)d passkey", "%(number)d passkeys", passkeys) % {"number": passkeys})
    return Row(
        user=user,
        roles=[roles.get(role, role) for role in user.roles],
        place=where.get(user.place, user.place),
        partner=partners.get(user.partner, user.partner),
        state=_state(user),
        factors=", ".join(words),
        lacks_factor=not types and user.is_active and demanded(user),
        came_in_at=moment_of(user.last_login) if user.last_login is not None else None,
        waits=waits,
        held_back=waits and agreeing.held_back(user),
    )


def _state(user: User) -> str:
    if not user.is_active:
        return "closed"
    if not user.has_usable_password():
        return "no_password"
    if user.must_change:
        ran_out = user.password_until_ms is not None and user.password_until_ms < now_ms()
        return "ran_out" if ran_out else "one_time"
    return "demo" if user.demo else "well"
