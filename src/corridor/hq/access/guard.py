"""What every answer carries to keep it safe, when an idle session ends, and who must first put their account right."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from corridor.base.limits import IDLE_SECONDS_MAX
from corridor.hq.access.agreeing import held_back
from corridor.hq.access.factors import demanded
from corridor.hq.access.sign_in import SECOND

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline and nothing from elsewhere: a name typed by a stranger can never run as a script."""

NEWS_HEADER = "X-News"
"""A page that asks for news by itself sends this: nobody has touched anything."""

_SEEN = "seen_at"
_NOTE_EVERY_SECONDS = 60


def headers(answer: Answer) -> Answer:
    """Middleware: the headers that the framework does not set, and no page of persons kept by any cache."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return answered


def idle(answer: Answer) -> Answer:
    """Middleware: ends a session that was idle for too long, so that a screen left alone shows nobody's names.

    The time is noted once a minute only: one write a minute and user, whatever the slider asks for. A page that asks
    for its own news keeps no session awake.
    """

    def answered(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            seen = request.session.get(_SEEN, now)
            if now - seen > IDLE_SECONDS_MAX:
                logout(request)
            elif NEWS_HEADER not in request.headers and (
                now - seen > _NOTE_EVERY_SECONDS or _SEEN not in request.session
            ):
                request.session[_SEEN] = now
        return answer(request)

    return answered


class SignedIn(LoginRequiredMiddleware):
    """Middleware: who is not signed in is sent to sign in, and on from there to what they asked for.

    What a form sent is lost when the session had ended meanwhile: that is said, and the way on leads back to the page
    of the form, since nothing can be asked of the address that takes it.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        messages.warning(request, _("Your session had ended, and nothing was recorded. Sign in, then send it again."))
        came = urlsplit(request.headers.get("Referer", ""))
        then = urlunsplit(("", "", came.path, came.query, "")) if came.netloc == request.get_host() else ""
        return redirect_to_login(then or resolve_url("home"), resolve_url("sign-in"))


ALWAYS_OPEN = frozenset({"sign-in", "sign-in-second", "sign-in-passkey", "sign-in-passkey-ask"}) | {
    "sign-out",
    "language",
    "alive",
    "own-password",
    "own-proof",
}
"""Pages that answer whoever is signed in with a one-time password."""

TO_SET_UP = ALWAYS_OPEN | {"own", "own-app", "own-passkey", "own-passkey-ask", "own-remove", "own-codes"}
"""Pages that answer whoever must show a second factor and has not, and whoever waits for a second person: those on
which a factor is set up."""


class Confined:
    """Middleware: with a one-time password, without the second factor that is demanded, or while no second person has
    agreed to the account, only what puts it right."""

    def __init__(self, answer: Answer) -> None:
        """`answer` is the rest of headquarters."""
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, page: object, parts: tuple[object, ...], named: dict[str, object]
    ) -> HttpResponse | None:
        """Send somebody where their account is put right; None: the page may answer."""
        user: Any = request.user
        if not user.is_authenticated:
            return None
        name = getattr(request.resolver_match, "url_name", None)
        if user.must_change and name not in ALWAYS_OPEN:
            return _sent(request, "own-password")
        if name in TO_SET_UP:
            return None
        if (SECOND not in request.session and demanded(user)) or held_back(user):
            return _sent(request, "own")
        return None


def _sent(request: HttpRequest, name: str) -> HttpResponse:
    """To a page; what a script asked for is refused, since it could only put the wrong page in its place."""
    if NEWS_HEADER in request.headers or request.method != "GET":
        return JsonResponse({"see": name}, status=403)
    return redirect(name)
