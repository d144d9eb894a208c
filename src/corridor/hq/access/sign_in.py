"""Signing in: a name and a password, then the second step where there is a second factor; or a passkey alone."""

from __future__ import annotations

import json
import time
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from corridor.base.limits import SECOND_STEP_SECONDS_MAX
from corridor.hq.access import factors, passkeys
from corridor.hq.access.accounts import is_this_machine, now_ms
from corridor.hq.access.attempts import address_of, failed, must_wait, succeeded, wait_minutes
from corridor.hq.access.changes import note_change
from corridor.hq.models import Factor, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
SECOND = "second"
"""In the session: which second factor was shown (`app`, `passkey`, `recovery`); absent when none was."""
PROVED_AT = "proved_at"
"""In the session: when whoever is there last proved it, in seconds."""
_HALF, _ASKED = "half", "passkey_asked"


def barred(user: User, address: str) -> str:
    """Why somebody with the right answer may not sign in from here; '' when they may."""
    if not user.is_active:
        return _("This account is closed. Ask the duty officer.")
    if user.demo and not is_this_machine(address):
        return _("Demo accounts sign in from the machine that serves only. Set a password of its own first.")
    return ""


class SignInForm(AuthenticationForm):
    """Name and password; refuses before it looks at the password when there were too many wrong ones."""

    too_often = False

    def clean(self) -> dict[str, Any]:
        assert self.request is not None, "the form is always asked over a request"
        name = str(self.cleaned_data.get("username", "")).strip()[:64]
        address, now = address_of(self.request), now_ms()
        minutes = wait_minutes(name, address, now)
        if minutes:
            self.too_often = True
            raise ValidationError(must_wait(minutes), code="too_often")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            failed(name, address, now)
            raise
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        user.refresh_from_db()  # a hash that was made stronger just now looks like a password of their own
        super().confirm_login_allowed(user)
        assert self.request is not None, "the form is always asked over a request"
        why = barred(user, address_of(self.request))
        if not why and user.password_until_ms is not None and user.password_until_ms < now_ms():
            why = _("This one-time password has run out. Ask the duty officer for another.")
        if why:
            raise ValidationError(why, code="barred")


class SignIn(LoginView):
    """The page that asks who is there."""

    template_name = "hq/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        facts: dict[str, Any] = super().get_context_data(**more)
        return facts | {"passkeys": passkeys.offered(self.request)}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        if not factors.has_factor(user):
            enter(self.request, user, "")
            return HttpResponseRedirect(self.get_success_url())
        _remember(self.request, user, self.get_success_url())
        return redirect("sign-in-second")

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if getattr(form, "too_often", False):
            response.status_code = 429
        return response


def enter(request: HttpRequest, user: User, second: str) -> None:
    """Begin the session of somebody who has shown all that is asked of them; under a new key, as Django does it."""
    request.session.pop(_HALF, None)
    request.session.pop(_ASKED, None)
    login(request, user, backend=BACKEND)
    request.session.set_expiry(None)
    request.session[PROVED_AT] = time.time()
    if second:
        request.session[SECOND] = second
    succeeded(user.name, address_of(request))
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _remember(request: HttpRequest, user: User, then: str) -> None:
    """Keep for a few minutes who gave the right password. It opens no page: nobody is signed in by it."""
    request.session.flush()
    request.session.set_expiry(SECOND_STEP_SECONDS_MAX)
    known = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": time.time(), "then": then}
    request.session[_HALF] = known


def half_signed_in(request: HttpRequest) -> User | None:
    """Who gave the right password and has not shown the second factor yet; None: nobody, or too long ago."""
    half = request.session.get(_HALF)
    if half is None or not 0 <= time.time() - half["at"] <= SECOND_STEP_SECONDS_MAX:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), half["hash"]):
        return None
    return user


@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or a recovery code; a passkey answers by `show_passkey`."""
    user = half_signed_in(request)
    if user is None:
        return redirect("sign-in")
    wrong, status = "", 200
    if request.method == "POST":
        address, now = address_of(request), now_ms()
        minutes = wait_minutes(user.name, address, now, second=True)
        code = "".join(request.POST.get("code", "").split())[:64]
        if minutes:
            wrong, status = must_wait(minutes), 429
        elif which := _answered(user, code, now):
            then = request.session[_HALF]["then"]
            if which == "recovery":
                note_change(now, user, user, "recovery_used", "")
            enter(request, user, which)
            return HttpResponseRedirect(then)
        else:
            failed(user.name, address, now, second=True)
            wrong, status = _("This code is not right, or was used already. Wait for the next one."), 200
    has = set(Factor.objects.filter(user=user).values_list("type", flat=True))
    facts = {"has": has, "wrong": wrong, "passkeys": "passkey" in has and passkeys.offered(request)}
    return render(request, "hq/second.html", facts, status=status)


def _answered(user: User, code: str, now: int) -> str:
    """By what the second step was passed; '' when it was not."""
    digits = factors.digits_of(code)
    if digits:
        return "app" if factors.take_code(user, digits, now) else ""
    return "recovery" if factors.take_recovery_code(user, code) else ""


@login_not_required
@require_POST
def ask_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser shall show: a passkey of whoever is known by session or password, else any."""
    if not passkeys.offered(request):
        return JsonResponse({"says": _("Passkeys do not work at this address.")}, status=404)
    minutes = wait_minutes("", address_of(request), now_ms())
    if minutes:
        return JsonResponse({"says": must_wait(minutes)}, status=429)
    signed_in: Any = request.user if request.user.is_authenticated else None
    user = signed_in or half_signed_in(request)
    asked, state = passkeys.ask_to_show(request, user)
    if signed_in is None and _HALF not in request.session:
        request.session.set_expiry(SECOND_STEP_SECONDS_MAX)
    request.session[_ASKED] = {"state": state, "at": time.time(), "user": user.pk if user else None}
    return JsonResponse(asked)


@login_not_required
@require_POST
def show_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in whoever shows the passkey that was asked for; the challenge is good for one answer."""
    asked = request.session.pop(_ASKED, None)
    address, now = address_of(request), now_ms()
    minutes = wait_minutes("", address, now)
    if minutes:
        return JsonResponse({"says": must_wait(minutes)}, status=429)
    factor = None
    if asked is not None and time.time() - asked["at"] <= SECOND_STEP_SECONDS_MAX:
        factor = passkeys.shown(request, asked["state"], body_of(request), now)
    if factor is None or asked["user"] not in (None, factor.user.pk):
        failed("", address, now)
        return JsonResponse({"says": _("This passkey was not taken. Try again, or sign in another way.")}, status=403)
    why = barred(factor.user, address)
    if why:
        return JsonResponse({"says": why}, status=403)
    half = request.session.get(_HALF) or {}
    then = half["then"] if half.get("user") == factor.user.pk else SignIn(request=request).get_success_url()
    enter(request, factor.user, "passkey")
    return JsonResponse({"then": resolve_url(then)})


def body_of(request: HttpRequest) -> Any:
    """The JSON that a page's script sent; None when it is none."""
    try:
        return json.loads(request.body)
    except ValueError:
        return None
