"""What may be done about forecasts: the rules by which an order becomes a draft or is refused."""

from __future__ import annotations

from typing import Any

from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.journey.issuing import refusals as no
from corridor.journey.issuing.orders import IssueForecast, IssuingFacts, IssuingOrder, SetBelief
from corridor.journey.issuing.state import SHOWN_BELIEFS, beliefs_set, forecasts_issued
from corridor.journey.register.refusals import NO_REASON
from corridor.ledger import kinds
from corridor.ledger.event import Draft

MOST = 100_000.0
MOST_OF = {"withdrawing": 0.99, "closing": 24.0, "opening": 24.0, "joining_stops": 24.0, "desk_pace": 100.0}
"""The largest value that can be believed, by belief: a part is below one, a rate an hour is the quickest."""
WORTH_LEAST, WORTH_MOST = 0.5, 1_000.0


def issuing_facts(board: Board) -> IssuingFacts:
    """What orders about forecasts are decided by, on a board."""
    issued = frozenset(one.as_of for one, _ in forecasts_issued(board.view))
    return IssuingFacts(beliefs=beliefs_set(board.view), issued=issued)


def decide(order: IssuingOrder, facts: IssuingFacts, now: Moment) -> tuple[Draft, ...] | Refusal:
    """The draft that carries the order out at `now`, or why it may not be done."""
    if isinstance(order, SetBelief):
        refused = _setting(order, facts)
        kind, body = kinds.BELIEF_SET, _set(order)
    else:
        refused = _issuing(order, facts, now)
        kind, body = kinds.FORECAST_ISSUED, _issued(order)
    return refused or (Draft(kind=kind, happened_at=now, by=order.by, body=body),)


def _setting(order: SetBelief, facts: IssuingFacts) -> Refusal | None:
    if not order.why.strip():
        return NO_REASON()
    if order.belief not in SHOWN_BELIEFS:
        return no.BELIEF_NOT_KNOWN(belief=order.belief)
    if order.typical is None:
        return None if order.belief in facts.beliefs else no.BELIEF_NOT_SET(belief=order.belief)
    most = MOST_OF.get(order.belief, MOST)
    if not 0.0 < order.typical <= most:
        return no.BELIEF_VALUE(most=f"{most:,g}")
    if order.worth is None or not WORTH_LEAST <= order.worth <= WORTH_MOST:
        return no.BELIEF_WORTH()
    return None


def _set(order: SetBelief) -> dict[str, Any]:
    body: dict[str, Any] = {"belief": order.belief, "why": order.why.strip()}
    return body if order.typical is None else body | {"typical": order.typical, "worth": order.worth}


def _issuing(order: IssueForecast, facts: IssuingFacts, now: Moment) -> Refusal | None:
    if order.as_of > now:
        return no.FORECAST_AHEAD()
    return no.FORECAST_TOLD() if order.as_of in facts.issued else None


def _issued(order: IssueForecast) -> dict[str, Any]:
    return {
        "as_of": int(order.as_of),
        "known": int(order.known),
        "model": order.model,
        "runs": order.runs,
        "persons": order.on_the_road,
        "home": {str(days): list(row) for days, row in order.home.items()},
        "own": {str(days): list(row) for days, row in order.own.items()},
        "all_out_hours": list(order.all_out_hours),
    }
