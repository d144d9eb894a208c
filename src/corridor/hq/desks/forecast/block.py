"""The forecast at the top of the first page: one sentence and twenty dots, from what stands already."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from corridor.hq.access.rights import needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.forecast.asked import Asked, asked_for, tag_for, unless_known
from corridor.hq.desks.forecast.dots import dot_plot
from corridor.hq.desks.forecast.sentences import headline, why_withdrawn
from corridor.hq.served import served


@require_safe
@needs("figures")
def block(request: HttpRequest) -> HttpResponse:
    """The block as a region of the first page asks for it."""
    asked = asked_for(request, walk=False)
    tag = tag_for(request, asked)
    known = unless_known(request, tag)
    if known is not None:
        return known
    response = show(request, "hq/desks/forecast/block.html", block_facts(asked), part="hq/desks/forecast/_block.html")
    response.headers["ETag"] = tag
    return response


def block_facts(asked: Asked) -> dict[str, Any]:
    """What the block shows: nothing is walked, folded or waited for."""
    standing = asked.standing
    outlook = None if standing is None else standing.outlook
    facts: dict[str, Any] = {"asked": asked, "standing": standing, "outlook": outlook}
    if outlook is None:
        return facts
    zone = served().operation.as_of_zone
    facts |= {"headline": headline(outlook, zone), "withdrawn": why_withdrawn(outlook), "zone": zone}
    if outlook.persons and not facts["withdrawn"]:
        facts["plot"] = dot_plot(outlook.all_out.twenty, at=outlook.at, zone=zone, mirrored=get_language_bidi())
    return facts
