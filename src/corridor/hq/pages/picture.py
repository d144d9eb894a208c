"""The home page: the corridor at the two clocks, its figures, what moves next, what others published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.views.decorators.http import require_safe

from corridor.base.moments import HOUR_MS
from corridor.hq.access.rights import needs
from corridor.hq.pages import clocks as clock
from corridor.hq.pages import map as corridor_map
from corridor.hq.pages import marks, strip
from corridor.hq.pages.page import page_or_fragment
from corridor.hq.pages.published import beside
from corridor.hq.served import Served, served
from corridor.journey.board.board import Board
from corridor.journey.board.movements import next_departures
from corridor.report.figures import definition_of, figure_name
from corridor.report.words import Words, words

OUT_TERMS = ("received", "staging", "on_the_way")
"""What `out` is told as, always: 328 = 288 + 28 + 12."""

OUT_REST = ("handed_over", "withdrawn", "died", "suspense")
"""Where else somebody who is out can be; told when anybody is."""

CLAIMS_SHOWN_MAX = 10
"""Claims on the first page; the rest is one link away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One number of the figures row, with the figure it opens into; `among` narrows it to people of that figure too."""

    code: str
    name: str
    definition: str
    count: int
    among: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar of everybody registered: from `start`, `share`, both in percent as an SVG writes them."""

    code: str
    start: str
    share: str


@require_safe
@needs("figures")
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    headquarters = served()
    zone = headquarters.operation.as_of_zone
    clocks = clock.read(request.GET, now=headquarters.now(), unless_at=headquarters.default_at(), zone=zone)
    if {"hour", "at_local", "known_local"} & set(request.GET) or request.GET.get("known") == "at":
        # The form without scripts sends its fields; the address that can be kept has the two clocks only.
        return redirect(f"{request.path}?{clocks.query()}")
    known_local = clock.local_input(clocks.known, zone) if clocks.word == "at" else ""
    facts = {"clocks": clocks, "zone": zone, "known_local": known_local, **_picture(headquarters, clocks)}
    if not request.headers.get("X-Fragment"):
        facts["lands"] = corridor_map.lands(headquarters.operation)
        facts |= _slider(headquarters, clocks) | beside(headquarters, clocks, CLAIMS_SHOWN_MAX)
    return page_or_fragment(request, "hq/home.html", "hq/_picture.html", facts)


def _picture(headquarters: Served, clocks: clock.Clocks) -> dict[str, Any]:
    """What the clocks move."""
    board = headquarters.board(clocks.at, clocks.known)
    said = words(get_language() or "en")
    registered, shares = _term(board, said, "registered"), [_term(board, said, code) for code in board.addends]
    return {
        "out": _term(board, said, "out"),
        "out_terms": [_term(board, said, code) for code in OUT_TERMS],
        "out_rest": [term for code in OUT_REST if (term := _term(board, said, code, among="out")).count],
        "registered": registered,
        "shares": shares,
        "bar": _bar(shares, registered.count),
        "strip": strip.lay_out(board),
        "map": corridor_map.panels(board),
        "hazards": board.hazards,
        "departures": next_departures(board.movements),
        "said": _said(board),
    }


def _term(board: Board, said: Words, code: str, among: str = "") -> Term:
    people = board.people(code)
    if among:
        people &= board.people(among)
    return Term(
        code=code,
        name=figure_name(code, said),
        definition=definition_of(code, said),
        count=len(people),
        among=among,
    )


def _bar(shares: list[Term], registered: int) -> list[Segment]:
    """The parts of the bar, one after the other, empty ones left out."""
    before, bar = 0, []
    for term in shares:
        if term.count:
            start, share = 100 * before / registered, 100 * term.count / registered
            bar.append(Segment(term.code, f"{start:.3f}", f"{share:.3f}"))
        before += term.count
    return bar


def _said(board: Board) -> str:
    """What a screen reader says when the clocks have moved the page."""
    numbers = {code: len(board.people(code)) for code in ("out", *OUT_TERMS, "applications_open", "suspense")}
    sentence = ngettext(
        "%(out)d person out: %(received)d received, %(staging)d in staging, %(on_the_way)d on the way. "
        "%(applications_open)d applications open, %(suspense)d in suspense.",
        "%(out)d people out: %(received)d received, %(staging)d in staging, %(on_the_way)d on the way. "
        "%(applications_open)d applications open, %(suspense)d in suspense.",
        numbers["out"],
    )
    return sentence % numbers


def _slider(headquarters: Served, clocks: clock.Clocks) -> dict[str, Any]:
    """What the clocks' own form needs; it stays on the page while the clocks move the rest."""
    scale = marks.scale(headquarters, mirrored=get_language_bidi())
    zone = headquarters.operation.as_of_zone
    stops = [mark.stop for mark in scale.marks]
    return {
        "scale": scale,
        "hour": min(max(clocks.at // HOUR_MS, scale.first), scale.last),
        "at_local": clock.local_input(clocks.at, zone),
        "before": clock.written(max(before)) if (before := [one for one in stops if one < clocks.at]) else "",
        "after": clock.written(min(after)) if (after := [one for one in stops if one > clocks.at]) else "",
    }
