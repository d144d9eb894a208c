"""How a page keeps itself up to date: its live region asks every ten seconds, and is told when nothing is new."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language

from corridor.base.moments import MINUTE_MS
from corridor.hq.pages.page import FRAGMENT_HEADER
from corridor.hq.served import served

Page = Callable[..., HttpResponse]


def live(page: Page) -> Page:
    """A page with a live region: its answers are tagged by the ledger's version, the minute, the reader, the address.

    A region that asks with the tag it has, while nothing was recorded and the minute is the same, gets 304 before any
    board is built or any name is read.
    """

    @functools.wraps(page)
    def answered(request: HttpRequest, *args: object, **facts: object) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return page(request, *args, **facts)
        tag = tag_of(request)
        has = request.headers.get("If-None-Match", "").removeprefix("W/")  # a compressed answer's tag is weak
        if request.headers.get(FRAGMENT_HEADER) and has == tag:
            return HttpResponseNotModified(headers={"ETag": tag})
        response = page(request, *args, **facts)
        response.headers["ETag"] = tag
        return response

    return answered


def tag_of(request: HttpRequest) -> str:
    """The tag of what a reader sees at an address now."""
    headquarters = served()
    reader = f"{getattr(request.user, 'pk', '')}/{getattr(request.user, 'role', '')}/{get_language()}"
    minute = headquarters.now() // MINUTE_MS
    text = f"{headquarters.version}/{minute}/{reader}/{request.get_full_path()}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
