"""What every answer carries to keep it safe, and when a session that nobody touches ends."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from corridor.base.limits import IDLE_SECONDS_MAX

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
