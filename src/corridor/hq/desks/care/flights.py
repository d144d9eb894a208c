"""Who flies next and has no decision on fitness: flight by flight, the people on it and those who may still get on."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import Moment
from corridor.base.operation import name_in
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import needs
from corridor.hq.desks.care.people import Someone, everyone
from corridor.hq.desks.care.queue import tabs_of
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.board.ready import planned_on
from corridor.journey.care.refusals import FITNESS_EXPIRED, NOT_EXAMINED, ON_HOLD, UNFIT
from corridor.journey.care.state import CareState, may_travel
from corridor.journey.care.triage import age_turn
from corridor.journey.move.state import Movement
from corridor.ledger.accounts import place_account

Fit = Literal["undecided", "expired", "on_hold", "unfit", "fit_with_escort", "fit"]
TURNS: tuple[Fit, ...] = ("undecided", "expired", "on_hold", "unfit", "fit_with_escort", "fit")
"""What is to be done first comes first."""

_NO: dict[str, Fit] = {
    NOT_EXAMINED.code: "undecided",
    FITNESS_EXPIRED.code: "expired",
    ON_HOLD.code: "on_hold",
    UNFIT.code: "unfit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flyer:
    """Somebody of a flight. `until` None: no decision, or one without an end; `someone` None until it is read."""

    person: PersonId
    planned: bool
    fit: Fit
    until: Moment | None
    band_turn: int
    someone: Someone | None = None

    @property
    def turn(self) -> tuple[int, bool, int, str]:
        """What the list is ordered by: undecided first, in it who is on the flight, then infants and children."""
        return (TURNS.index(self.fit), not self.planned, self.band_turn, self.person)


COLUMNS = (
    Column(
        name="person", title=lambda: _("Person"), template="hq/desks/care/_cell_flyer.html", sort=lambda one: one.person
    ),
    Column(
        name="fit",
        title=lambda: _("Fit to fly"),
        template="hq/desks/care/_cell_fit.html",
        sort=lambda one: one.turn,
    ),
    Column(
        name="planned",
        title=lambda: _("On the manifest"),
        value=lambda one: _("yes") if one.planned else "–",
        sort=lambda one: not one.planned,
    ),
    Column(name="age", title=lambda: _("Age"), template="hq/desks/care/_cell_age.html", sort=lambda one: one.band_turn),
    Column(name="needs", title=lambda: _("Needs"), template="hq/desks/care/_cell_needs.html"),
    Column(name="where", title=lambda: _("Where"), value=lambda one: one.someone.where, shown=False),
)


@require_safe
@needs("care")
@live
def page(request: HttpRequest) -> HttpResponse:
    """One flight's people by what is decided; the next to leave unless another is asked for."""
    board = served().board_now()
    known = flights(board)
    asked = request.GET.get("flight", "")
    flight = next((one for one in known if one.movement == asked), known[0] if known else None)
    found = flyers(board, flight) if flight is not None else []
    table = cut(
        request,
        "care-flights",
        COLUMNS,
        found,
        extra={"zone": board.operation.as_of_zone, "flight": flight.movement if flight else ""},
    )
    people = everyone(request, board, [row.person for row in table.rows], why="fitness for a flight")
    counted = Counter(one.fit for one in found)
    facts: dict[str, Any] = {
        "flights": [(one, _route(board, one), _open(board, one)) for one in known],
        "flight": flight,
        "route": _route(board, flight) if flight is not None else "",
        "table": table.with_rows([dataclasses.replace(row, someone=people[row.person]) for row in table.rows]),
        "total": len(found),
        "bars": _bars(counted, len(found)),
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "flights",
        **tabs_of(request, board),
    }
    return show(request, "hq/desks/care/flights.html", facts, part="hq/desks/care/_flights.html")


def flights(board: Board) -> list[Movement]:
    """The flights still to leave, soonest first, those without a time last."""
    operation = board.operation
    found = [
        one
        for one in board.everybody.move.movements.values()
        if one.status in ("planned", "boarding", "closed")
        and one.leg is not None
        and operation.has_leg(one.leg)
        and operation.leg(one.leg).mode == "air"
    ]
    return sorted(found, key=lambda one: (one.departs_at is None, one.departs_at or 0, one.movement))


def flyers(board: Board, flight: Movement) -> list[Flyer]:
    """Who is on a flight, and who stands where it starts without a place on another; in the order of the work."""
    everybody = board.everybody
    assert flight.leg is not None, "a flight has its leg"
    elsewhere = planned_on(everybody)
    source = place_account(board.operation.leg(flight.leg).source)
    on_it = flight.planned | flight.boarded
    may_still = {person for person in board.view.people(source) if elsewhere.get(person) is None}
    at = max(board.at, flight.departs_at or board.at)
    return sorted(
        (_flyer(board, person, person in on_it, at) for person in on_it | may_still), key=lambda one: one.turn
    )


def _flyer(board: Board, person: PersonId, planned: bool, at: Moment) -> Flyer:
    state = board.everybody.care.get(person, CareState())
    allowed = may_travel(state, at, examined=True)
    if isinstance(allowed, Refusal):
        fit = _NO[allowed.code]
    else:
        fit = "fit" if state.fitness is None or state.fitness.decision != "fit_with_escort" else "fit_with_escort"
    register = board.everybody.register.get(person)
    return Flyer(
        person=person,
        planned=planned,
        fit=fit,
        until=state.fitness.until if state.fitness is not None else None,
        band_turn=age_turn(register.age_band if register is not None else None),
    )


def next_to_decide(board: Board, flight: str, *, after: PersonId) -> PersonId | None:
    """The next of a flight without a decision; None when there is nobody, or no such flight."""
    found = next((one for one in flights(board) if one.movement == flight), None)
    waiting = flyers(board, found) if found is not None else []
    return next((one.person for one in waiting if one.fit in ("undecided", "expired") and one.person != after), None)


def _open(board: Board, flight: Movement) -> int:
    """How many of a flight's manifest have no decision that holds."""
    at = max(board.at, flight.departs_at or board.at)
    found = (_flyer(board, person, True, at) for person in flight.planned | flight.boarded)
    return sum(1 for one in found if one.fit in ("undecided", "expired"))


def _route(board: Board, flight: Movement) -> str:
    assert flight.leg is not None, "a flight has its leg"
    leg, language = board.operation.leg(flight.leg), get_language() or "en"
    names = [name_in(board.operation.place(place).names, language) for place in (leg.source, leg.target)]
    return " – ".join(names)


def _bars(counted: Counter[Fit], total: int) -> list[dict[str, Any]]:
    """The parts of the drawn bar: word, number, and where each begins in hundredths of the whole."""
    found, before = [], 0.0
    for fit in TURNS:
        if counted[fit]:
            share = 100 * counted[fit] / total
            found.append({"fit": fit, "name": word(fit), "number": counted[fit], "x": before, "width": share})
            before += share
    return found
