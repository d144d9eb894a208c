"""The users: who can sign in, with which role and place; passwords are set here, and whoever has none is locked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corridor.hq.access.accounts import role_names
from corridor.hq.access.rights import may_change_operation, needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import places
from corridor.hq.desks.operation.audit import note
from corridor.hq.models import User


@dataclass(frozen=True, slots=True)
class Row:
    """One user: `signs_in` is whether they have a password and still stand in the operation file."""

    user: User
    role: str
    place: str
    signs_in: bool


@require_safe
@needs("users")
def page(request: HttpRequest) -> HttpResponse:
    """Everybody who works here."""
    where, roles = dict(places()), role_names()
    rows = [
        Row(
            user=user,
            role=roles.get(user.role, user.role),
            place=where.get(user.place, user.place),
            signs_in=user.is_active and user.has_usable_password(),
        )
        for user in User.objects.order_by("-is_active", "role", "name")
    ]
    return show(request, "hq/desks/operation/users.html", {"rows": rows, "may": may_change_operation(request.user)})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs("users")
def password(request: HttpRequest, name: str) -> HttpResponse:
    """Set somebody's password; it is never shown, and their open sessions end."""
    user = get_object_or_404(User, name=name)
    if not may_change_operation(request.user):
        return _not_yours(request)
    form: Any = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        note(request, f"SetPassword:{name}")
        if user.demo:
            user.demo = False
            user.save(update_fields=["demo"])
        messages.success(request, _("The password is set. Tell it to nobody but %(name)s.") % {"name": user.full_name})
        return redirect("operation-users")
    status = 422 if request.method == "POST" else 200
    return show(request, "hq/desks/operation/password.html", {"form": form, "user_to": user}, status=status)


@require_POST
@needs("users")
def lock(request: HttpRequest, name: str) -> HttpResponse:
    """Lock somebody out: their password is gone and their sessions end, until one is set again."""
    user = get_object_or_404(User, name=name)
    if not may_change_operation(request.user):
        return _not_yours(request)
    if user.pk == getattr(request.user, "pk", None):
        messages.warning(request, _("You cannot lock yourself out. Ask another duty officer."))
        return redirect("operation-users")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    note(request, f"LockOut:{name}")
    messages.success(request, _("%(name)s is locked out until a password is set.") % {"name": user.full_name})
    return redirect("operation-users")


def _not_yours(request: HttpRequest) -> HttpResponse:
    note(request, "ChangeUser", "not_yours")
    messages.error(request, _("Your role does not change users. Ask the duty officer."))
    return redirect("operation-users")
