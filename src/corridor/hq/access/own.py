"""One's own account: which factors there are, setting one up and taking it away, the password, the role one acts in."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corridor.base.limits import PROOF_SECONDS_MAX
from corridor.hq.access import factors, passkeys
from corridor.hq.access.accounts import now_ms, role_names
from corridor.hq.access.agreeing import held_back
from corridor.hq.access.attempts import address_of, failed, must_wait, succeeded, wait_minutes
from corridor.hq.access.changes import changes_about, note_change
from corridor.hq.access.sign_in import PROVED_AT, SECOND, body_of
from corridor.hq.models import Factor, RecoveryCode, User
from corridor.hq.served import served

TITLE_CHARS_MAX = 64
CHANGES_SHOWN_MAX = 10
_APP, _PASSKEY = "own_app", "own_passkey"

Page = Callable[..., HttpResponse]


def proved(page: Page) -> Page:
    """A page that changes how somebody signs in: whoever sits there has proved lately who they are, or does it now."""

    @functools.wraps(page)
    def asked(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        if 0 <= time.time() - request.session.get(PROVED_AT, 0) <= PROOF_SECONDS_MAX:
            return page(request, *args, **named)
        then = request.path if request.method in ("GET", "HEAD") else reverse("own")
        proof = f"{reverse('own-proof')}?{urlencode({'next': then})}"
        if request.content_type == "application/json":
            return JsonResponse({"see": proof}, status=403)
        return redirect(proof)

    return asked


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The reader's own account."""
    user: Any = request.user
    names = role_names()
    facts = {
        "factors": list(Factor.objects.filter(user=user).order_by("added_at_ms")),
        "codes_left": RecoveryCode.objects.filter(user=user).count(),
        "demanded": factors.demanded(user),
        "held_back": held_back(user),
        "missing": factors.demanded(user) and SECOND not in request.session,
        "passkeys": passkeys.offered(request),
        "roles": [(role, names.get(role, role)) for role in user.roles],
        "changes": changes_about(user.name, CHANGES_SHOWN_MAX),
    }
    return render(request, "hq/own/own.html", facts)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """Type one's password once more before anything about signing in is changed."""
    user: Any = request.user
    asked = request.POST.get("next") or request.GET.get("next") or ""
    then = (
        asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()) else reverse("own")
    )
    wrong, status, address, now = "", 200, address_of(request), now_ms()
    if request.method == "POST":
        minutes = wait_minutes(user.name, address, now)
        if minutes:
            wrong, status = must_wait(minutes), 429
        elif user.check_password(request.POST.get("password", "")):
            succeeded(user.name, address)
            request.session[PROVED_AT] = time.time()
            return HttpResponseRedirect(then)
        else:
            failed(user.name, address, now)
            wrong = _("This is not your password.")
    has_passkey = Factor.objects.filter(user=user, type="passkey").exists() and passkeys.offered(request)
    facts = {"next": then, "wrong": wrong, "passkeys": has_passkey}
    return render(request, "hq/own/proof.html", facts, status=status)


class OwnPasswordForm(SetPasswordForm):
    """A new password, twice, and not the one there is."""

    def clean_new_password1(self) -> str:
        """The first of the two."""
        given = str(self.cleaned_data.get("new_password1", ""))
        user: Any = self.user
        if user.check_password(given):
            self.add_error("new_password1", _("This is the password you have. Choose another."))
        return given


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@proved
def password(request: HttpRequest) -> HttpResponse:
    """A password of one's own; all other sessions end."""
    user: Any = request.user
    form: Any = OwnPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save(commit=False)
            user.save(update_fields=["password", "demo", "must_change", "password_until_ms"])
            note_change(now_ms(), user, user, "own_password", "")
        update_session_auth_hash(request, user)
        messages.success(request, _("The password is changed. Every other session of yours has ended."))
        return redirect("own")
    status = 422 if request.method == "POST" else 200
    return render(request, "hq/own/password.html", {"form": form, "one_time": user.must_change}, status=status)


@sensitive_variables("secret", "code")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@proved
def app(request: HttpRequest) -> HttpResponse:
    """Set an authenticator app up: it reads the secret, and its first code proves that it did."""
    user: Any = request.user
    kept = bytes.fromhex(request.session.get(_APP, ""))
    secret = (factors.unseal(kept) if kept else None) or factors.fresh_secret()
    wrong, status = "", 200
    if request.method == "POST":
        now = now_ms()
        step = factors.step_of(secret, factors.digits_of(request.POST.get("code", "")), now)
        if step is not None and kept:
            title = request.POST.get("title", "").strip()[:TITLE_CHARS_MAX] or _("Authenticator app")
            with transaction.atomic():
                codes = _added(request, user, "app", lambda: factors.add_app(user, secret, step, title, now))
            del request.session[_APP]
            return _shown(request, codes)
        wrong, status = _("This code is not right. Type the one that the app shows now."), 422
    if not kept or factors.unseal(kept) is None:
        request.session[_APP] = factors.seal(secret).hex()
    address = factors.app_address(user.name, secret, f"Corridor {served().operation.name}")
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")
    typed = address.partition("secret=")[2].partition("&")[0]
    spaced = " ".join(typed[start : start + 4] for start in range(0, len(typed), 4))
    facts = {"picture": picture, "secret": spaced, "wrong": wrong}
    return render(request, "hq/own/app.html", facts, status=status)


@require_POST
@proved
def ask_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser shall make."""
    user: Any = request.user
    if not passkeys.offered(request):
        return JsonResponse({"says": _("Passkeys do not work at this address.")}, status=404)
    asked, state = passkeys.ask_to_make(request, user)
    request.session[_PASSKEY] = state
    return JsonResponse(asked)


@require_POST
@proved
def passkey(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    user: Any = request.user
    state, told = request.session.pop(_PASSKEY, None), body_of(request)
    answer, title = (told.get("made"), told.get("title")) if isinstance(told, dict) else (None, None)
    made = passkeys.made(request, state, answer) if state is not None else None
    if made is None or Factor.objects.filter(credential=made[0]).exists():
        return JsonResponse({"says": _("The passkey was not made. Try again.")}, status=422)
    credential, secret, counter = made

    def keep() -> Factor:
        return Factor.objects.create(
            user=user, type="passkey", title=str(title or "").strip()[:TITLE_CHARS_MAX] or _("Passkey"),
            secret=secret, credential=credential, counter=counter, added_at_ms=now_ms(),
        )  # fmt: skip

    with transaction.atomic():
        codes = _added(request, user, "passkey", keep)
    return JsonResponse({"codes": codes, "then": reverse("own")})


def _added(request: HttpRequest, user: User, type_: str, keep: Callable[[], Factor]) -> list[str]:
    """Keep a factor; with the first come recovery codes, and every other session ends: it was begun without one."""
    first = not factors.has_factor(user)
    keep()
    note_change(now_ms(), user, user, f"{type_}_added", "")
    request.session[SECOND] = type_
    if not first:
        return []
    factors.end_sessions(user)
    update_session_auth_hash(request, user)
    return factors.fresh_recovery_codes(user)


@require_POST
@proved
def remove(request: HttpRequest, factor: int) -> HttpResponse:
    """Take a factor away; the last one stays where one is demanded."""
    user: Any = request.user
    with transaction.atomic():
        one = get_object_or_404(Factor, pk=factor, user=user)
        last = Factor.objects.filter(user=user).count() == 1
        if last and factors.demanded(user):
            messages.warning(request, _("Your role must show a second factor. Set another up first."))
            return redirect("own")
        note_change(now_ms(), user, user, f"{one.type}_removed", "")
        one.delete()
        if last:
            RecoveryCode.objects.filter(user=user).delete()
    if last:
        request.session.pop(SECOND, None)
    messages.success(request, _("Taken away. It opens your account no more."))
    return redirect("own")


@require_POST
@proved
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    user: Any = request.user
    if not factors.has_factor(user):
        messages.warning(request, _("Set a second factor up first; recovery codes come with it."))
        return redirect("own")
    with transaction.atomic():
        fresh = factors.fresh_recovery_codes(user)
        note_change(now_ms(), user, user, "codes_made", "")
    return _shown(request, fresh)


def _shown(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    """The page with the recovery codes, the only one that ever shows them; without new ones back to the account."""
    if not fresh:
        messages.success(request, _("The app is set up."))
        return redirect("own")
    return render(request, "hq/own/codes.html", {"codes": fresh})


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Act in another of one's roles from now on, in every session."""
    role = request.POST.get("role", "")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=request.user.pk)
        if role not in user.roles:
            messages.warning(request, _("This is none of your roles."))
            return redirect("own")
        user.more_roles = [one for one in user.roles if one != role]
        user.role = role
        user.save(update_fields=["role", "more_roles"])
        note_change(now_ms(), user, user, "acts_as", "", [["role", "", role]])
    messages.success(request, _("You act as %(role)s now.") % {"role": role_names().get(role, role)})
    return redirect("home")
