"""Signing in: by name and password, slower after wrong ones."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.base.limits import SIGN_IN_FAILURES_MAX, SIGN_IN_FAILURES_OF_ADDRESS_MAX, SIGN_IN_WINDOW_SECONDS
from corridor.hq.access.accounts import is_this_machine
from corridor.hq.models import FailedSignIn, User


def wait_minutes(name: str, address: str, now_ms: int) -> int:
    """Minutes until this name may be tried again from this address; 0 when it may be now.

    Counted per name and address, so that a stranger cannot lock an officer out, and per address over all names.
    """
    since = now_ms - SIGN_IN_WINDOW_SECONDS * 1000
    recent = FailedSignIn.objects.filter(at_ms__gt=since, address=address).order_by("-at_ms")
    of_name = list(recent.filter(name=name).values_list("at_ms", flat=True)[:SIGN_IN_FAILURES_MAX])
    of_address = list(recent.values_list("at_ms", flat=True)[:SIGN_IN_FAILURES_OF_ADDRESS_MAX])
    until = 0
    if len(of_name) == SIGN_IN_FAILURES_MAX:
        until = of_name[-1] + SIGN_IN_WINDOW_SECONDS * 1000
    if len(of_address) == SIGN_IN_FAILURES_OF_ADDRESS_MAX:
        until = max(until, of_address[-1] + SIGN_IN_WINDOW_SECONDS * 1000)
    return max(0, -(-(until - now_ms) // 60_000))


class SignInForm(AuthenticationForm):
    """Name and password; refuses before it looks at the password when there were too many wrong ones."""

    too_often = False

    def clean(self) -> dict[str, Any]:
        assert self.request is not None, "the form is always asked over a request"
        name = str(self.cleaned_data.get("username", "")).strip()[:64]
        address, now_ms = address_of(self.request), int(time.time() * 1000)
        minutes = wait_minutes(name, address, now_ms)
        if minutes:
            self.too_often = True
            says = ngettext(
                "Too many wrong passwords. Try again in %(minutes)d minute.",
                "Too many wrong passwords. Try again in %(minutes)d minutes.",
                minutes,
            )
            raise ValidationError(says % {"minutes": minutes}, code="too_often")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            FailedSignIn.objects.create(name=name, address=address, at_ms=now_ms)
            FailedSignIn.objects.filter(at_ms__lt=now_ms - SIGN_IN_WINDOW_SECONDS * 1000).delete()
            raise
        FailedSignIn.objects.filter(Q(name=name) & Q(address=address)).delete()
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        assert self.request is not None, "the form is always asked over a request"
        if isinstance(user, User) and user.demo and not is_this_machine(address_of(self.request)):
            raise ValidationError(
                _("Demo accounts sign in from the machine that serves only. Set a password of its own first."),
                code="demo",
            )


class SignIn(LoginView):
    """The page that asks who is there."""

    template_name = "hq/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if getattr(form, "too_often", False):
            response.status_code = 429
        return response


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as the server saw it; a header that anybody can send is not believed."""
    return str(request.META.get("REMOTE_ADDR") or "unknown")[:64]
