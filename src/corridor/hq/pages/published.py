"""What others published, each claim beside our own figure of the time it speaks of."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from corridor.base.moments import Moment
from corridor.hq.access.rights import needs
from corridor.hq.pages import clocks as clock
from corridor.hq.pages.page import page_or_fragment
from corridor.hq.served import Served, served
from corridor.journey.board import Board
from corridor.report.claims import claims, compare
from corridor.report.figures import figure_name
from corridor.report.words import words

_ADDRESS = re.compile(r"https?://[^\s,;]+")


@require_safe
@needs("figures")
def published(request: HttpRequest) -> HttpResponse:
    """Every claim said by `at` and known by then; the first page takes its newest ones from here, too."""
    headquarters = served()
    zone = headquarters.operation.as_of_zone
    clocks = clock.read(request.GET, now=headquarters.now(), unless_at=headquarters.default_at(), zone=zone)
    most = int(request.GET["most"]) if request.GET.get("most", "").isdecimal() else None
    facts = {"clocks": clocks, "zone": zone, **beside(headquarters, clocks, most)}
    return page_or_fragment(request, "hq/claims.html", "hq/_claims.html", facts)


def beside(headquarters: Served, clocks: clock.Clocks, most: int | None) -> dict[str, Any]:
    """The newest `most` claims (None: all), newest first, with our own figures and the differences.

    When not all are shown, those with a figure of ours go first: they are the ones that can be checked.
    """
    board = headquarters.board(clocks.at, clocks.known)
    said = words(get_language() or "en")
    newest = sorted(claims(board), key=lambda claim: (claim.said_at, claim.event), reverse=True)
    chosen = newest
    if most is not None and len(newest) > most:
        ours = [claim for claim in newest if board.has_figure(claim.code)]
        others = [claim for claim in newest if not board.has_figure(claim.code)]
        kept = {claim.event for claim in [*ours[: most * 2 // 3], *others][:most]}
        chosen = [claim for claim in newest if claim.event in kept]

    def board_at(at: Moment) -> Board:
        return headquarters.board(at, clocks.known)

    rows = [
        {
            "name": figure_name(one.claim.code, said) if board.has_figure(one.claim.code) else "",
            "claim": one.claim,
            "source_url": source_address(one.claim.source),
            "own": one.own,
            "difference": one.difference,
            "own_clocks": clock.Clocks(one.claim.at, clocks.known, "at" if clocks.word == "then" else clocks.word),
        }
        for one in compare(chosen, board_at, clocks.at)
    ]
    return {"claims": rows, "more_claims": len(newest) - len(chosen)}


def source_address(source: str) -> str:
    """The first address in a claim's source that a browser may open; '' when it names none."""
    found = _ADDRESS.search(source)
    return found[0] if found else ""
