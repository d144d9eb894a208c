"""What a page says when it cannot be shown: what happened, in a sentence, and one thing to do."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from corridor.hq.pages.clocks import BadClock


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """For whoever waits for the server to be up; says nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the role does not include this."""
    says = _("Your role does not include this page.")
    remedy = _("Figures without persons are on the first page. Ask the duty officer if you need more.")
    return _page(request, 403, says, remedy)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page, place, movement or person at these clocks."""
    reason = str(exception.args[0]) if exception is not None and exception.args else ""
    # Django's own reasons are for developers and name the address patterns.
    says = reason if reason and not reason.startswith(("{", "[")) else _("There is no such page.")
    return _page(request, 404, says, _("Go back to the corridor, or choose another time."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address, or what a form sent, cannot be read."""
    if request.method == "POST":
        says = _("What was sent cannot be read, and nothing was recorded.")
        return _page(request, 400, says, _("Go back, load the page again, and send it once more."))
    says = str(exception) if isinstance(exception, BadClock) else _("The address cannot be read.")
    return _page(request, 400, says, _("Go back to the corridor, or choose another time."))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form from before its reader signed in, in another tab maybe, or from elsewhere; `reason` is Django's."""
    says = _("This form is older than your sign-in, and nothing was recorded.")
    return _page(request, 403, says, _("Go back, load the page again, and send it once more."))


def failed(request: HttpRequest) -> HttpResponse:
    """500: the program made a mistake, which is in its log."""
    text = "Corridor failed to make this page. The reason is in the log.\n"
    return HttpResponse(text, status=500, content_type="text/plain")


def only_sent(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address that takes what a form sends, opened as a page, says so in place of an empty answer."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.status_code != 405 or request.method not in ("GET", "HEAD") or response.content:
            return response
        says = _("There is nothing to see at this address: it takes what a form sends.")
        page = _page(request, 405, says, _("Go to the desk from the corridor, and send the form again."))
        page.headers["Allow"] = response.headers.get("Allow", "POST")
        return page

    return answered


def _page(request: HttpRequest, status: int, says: str, remedy: str) -> HttpResponse:
    return render(request, "hq/no.html", {"says": says, "remedy": remedy, "status": status}, status=status)
