"""What others published, each claim beside our own figure of the time it speaks of."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from corridor.base.moments import Moment, datetime_of, moment_of
from corridor.hq.access.rights import needs
from corridor.hq.asked import number_in
from corridor.hq.pages import clocks as clock
from corridor.hq.pages.page import page_or_fragment
from corridor.hq.served import Served, served
from corridor.journey.board.board import DAY_FIGURES, Board
from corridor.report.claims import SAME, Compared, claims, compare, definition_in, publisher_in
from corridor.report.figures import figure_name
from corridor.report.words import Words, words

_ADDRESS = re.compile(r"https?://[^\s,;]+")


@require_safe
@needs("figures")
def published(request: HttpRequest) -> HttpResponse:
    """Every claim said by `at` and known by then; the first page takes its newest ones from here, too."""
    headquarters = served()
    zone = headquarters.operation.as_of_zone
    clocks = clock.read(request.GET, now=headquarters.now(), unless_at=headquarters.default_at(), zone=zone)
    most = number_in(request.GET.get("most", ""))
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
        ours = [claim for claim in newest if board.has_figure(SAME.get(claim.code, claim.code))]
        others = [claim for claim in newest if claim not in ours]
        kept = {claim.event for claim in [*ours[: most * 2 // 3], *others][:most]}
        chosen = [claim for claim in newest if claim.event in kept]

    def board_at(at: Moment) -> Board:
        return headquarters.board(at, clocks.known)

    rows = [_row(board, clocks, one, said) for one in compare(chosen, board_at, clocks.at)]
    return {"claims": rows, "more_claims": len(newest) - len(chosen)}


def _row(board: Board, clocks: clock.Clocks, one: Compared, said: Words) -> dict[str, Any]:
    """A claim and our own figure, at the hour the claim names and at the end of that day, each as a link."""
    code = SAME.get(one.claim.code, one.claim.code)
    end = min(clocks.at, _end_of_day(one.claim.at, board.operation.as_of_zone))
    first = end if code.startswith(DAY_FIGURES) else one.claim.at
    own = {first: one.own, end: one.own_later} if one.own != one.own_later else {first: one.own}
    word: clock.KnownWord = "at" if clocks.word == "then" else clocks.word
    return {
        "name": figure_name(code, said)
        if board.has_figure(code)
        else definition_in(board.operation, one.claim, said.language),
        "code": code,
        "claim": one.claim,
        "said_by": publisher_in(board.operation, one.claim, said.language),
        "source_url": source_address(one.claim.source),
        "own": [(value, clock.Clocks(at, clocks.known, word)) for at, value in own.items() if value is not None],
        "difference": one.difference,
        "differs": one.difference is not None and not one.agrees,
    }


def _end_of_day(moment: Moment, zone: str) -> Moment:
    """The last millisecond of a moment's day in a zone."""
    morning = datetime_of(moment, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Moment(moment_of(morning + timedelta(days=1)) - 1)


def source_address(source: str) -> str:
    """The first address in a claim's source that a browser may open; '' when it names none."""
    found = _ADDRESS.search(source)
    return found[0] if found else ""
