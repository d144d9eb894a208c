"""How a page is answered: whole, or only the part that changed when the page itself asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.vary import vary_on_headers

from corridor.base.operation import name_in
from corridor.hq.access.accounts import role_names
from corridor.hq.access.rights import rights_of
from corridor.hq.pages.clocks import kept
from corridor.hq.served import served

FRAGMENT_HEADER = "X-Fragment"
"""A page's own script sends this to get the part that the clocks move, without the frame around it."""


@vary_on_headers(FRAGMENT_HEADER)
def page_or_fragment(request: HttpRequest, whole: str, part: str, facts: Mapping[str, Any]) -> HttpResponse:
    """The page `whole`, or its `part` alone when the page asks for that; both from the same facts."""
    return render(request, part if request.headers.get(FRAGMENT_HEADER) else whole, dict(facts))


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page needs, for every template."""
    operation = served().operation
    language = get_language() or "en"
    user = getattr(request, "user", None)
    return {
        "operation": operation,
        "operation_title": name_in(operation.titles, language),
        "languages": settings.LANGUAGES,
        "language": language,
        "reader": user if user is not None and user.is_authenticated else None,
        "reader_role": role_names().get(getattr(user, "role", ""), ""),
        "rights": rights_of(user),
        "chosen_clocks": kept(request.GET),
    }
