"""How often one may try to sign in: wrong answers are counted for a while, and after too many one must wait."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import ngettext

from corridor.base.limits import (
    SECOND_FAILURES_MAX,
    SIGN_IN_FAILURES_MAX,
    SIGN_IN_FAILURES_OF_ADDRESS_MAX,
    SIGN_IN_WINDOW_SECONDS,
)
from corridor.hq.models import FailedSignIn


def wait_minutes(name: str, address: str, now_ms: int, *, second: bool = False) -> int:
    """Minutes until this name may be tried again from this address; 0 when it may be now.

    Counted per name and address, so that a stranger cannot lock an officer out, and per address over all names. The
    `second` step is counted per name over all addresses too: only who has the password can fail there. Without a name
    (a passkey says itself whose it is) the address alone counts.
    """
    since = now_ms - SIGN_IN_WINDOW_SECONDS * 1000
    recent = FailedSignIn.objects.filter(at_ms__gt=since).order_by("-at_ms")
    counted = [(recent.filter(address=address), SIGN_IN_FAILURES_OF_ADDRESS_MAX)]
    if name:
        counted.append((recent.filter(address=address, name=name), SIGN_IN_FAILURES_MAX))
    if name and second:
        counted.append((recent.filter(name=name, second=True), SECOND_FAILURES_MAX))
    until = 0
    for rows, most in counted:
        latest = list(rows.values_list("at_ms", flat=True)[:most])
        if len(latest) == most:
            until = max(until, latest[-1] + SIGN_IN_WINDOW_SECONDS * 1000)
    return max(0, -(-(until - now_ms) // 60_000))


def failed(name: str, address: str, now_ms: int, *, second: bool = False) -> None:
    """Count a wrong answer, and forget those of earlier."""
    FailedSignIn.objects.create(name=name, address=address, at_ms=now_ms, second=second)
    FailedSignIn.objects.filter(at_ms__lt=now_ms - SIGN_IN_WINDOW_SECONDS * 1000).delete()


def succeeded(name: str, address: str) -> None:
    """Forget the wrong answers of somebody who is in. Not before the last step: a known password would clear them."""
    FailedSignIn.objects.filter(name=name, address=address).delete()


def must_wait(minutes: int) -> str:
    """How long somebody must wait, in their language."""
    says = ngettext(
        "Too many wrong answers. Try again in %(minutes)d minute.",
        "Too many wrong answers. Try again in %(minutes)d minutes.",
        minutes,
    )
    return says % {"minutes": minutes}


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as the server saw it; behind a proxy named in the settings, as that one saw it.

    Each proxy adds to the end of `X-Forwarded-For` whom it heard from. So it is read from the end, past the proxies
    that are trusted, and what stands before was written by whoever liked to; without a named proxy nothing is believed.
    """
    address = str(request.META.get("REMOTE_ADDR") or "unknown")[:64]
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    while address in settings.TRUSTED_PROXIES and forwarded:
        told = forwarded.pop().strip()
        try:
            address = str(ipaddress.ip_address(told))
        except ValueError:
            return address
    return address
