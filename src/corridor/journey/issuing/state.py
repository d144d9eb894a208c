"""What was set by hand and what was issued, as a view of the book knows it.

Only what headquarters' own device recorded counts: no phone sets what headquarters believes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from corridor.base.ids import UserId
from corridor.base.moments import Moment
from corridor.ledger.book.view import View
from corridor.ledger.event import Event
from corridor.ledger.kinds import BELIEF_SET, FORECAST_ISSUED

SHOWN_BELIEFS: tuple[str, ...] = (
    "gate_pace",
    "closing",
    "opening",
    "hall_minutes",
    "desk_pace",
    "flights",
    "withdrawing",
    "joining_stops",
)
"""Beliefs that are shown, and may be set by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefSet:
    """A belief set by hand: a typical value in the unit in which it is shown, worth so many days or cases; when, by
    whom, why."""

    belief: str
    typical: float
    worth: float
    why: str
    by: UserId
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedBody:
    """What an event of a forecast says; quantiles by days as text, since it is JSON. `by` and `at` are the event's."""

    as_of: Moment
    known: Moment
    model: str
    runs: int
    persons: int
    home: Mapping[str, tuple[float, ...]]
    own: Mapping[str, tuple[float, ...]]
    all_out_hours: tuple[float, ...]


def beliefs_set(view: View) -> dict[str, BeliefSet]:
    """The beliefs that are set by hand now, by name: the last word on each."""
    found: dict[str, BeliefSet] = {}
    for event in _own(view, BELIEF_SET):
        body = event.body
        belief, typical, worth = (body.get(name) for name in ("belief", "typical", "worth"))
        if belief not in SHOWN_BELIEFS:
            continue
        if isinstance(typical, int | float) and isinstance(worth, int | float) and typical > 0 and worth > 0:
            found[belief] = BeliefSet(
                belief=belief,
                typical=float(typical),
                worth=float(worth),
                why=str(body.get("why", "")),
                by=UserId(event.by or ""),
                at=event.corrected_at,
            )
        else:
            found.pop(belief, None)
    return found


def forecasts_issued(view: View) -> list[tuple[IssuedBody, Event]]:
    """Every forecast on record with its event, by the moment it speaks from."""
    found = []
    for event in _own(view, FORECAST_ISSUED):
        try:
            found.append((msgspec.convert(event.body, IssuedBody), event))
        except msgspec.ValidationError:
            continue  # of a version that wrote it otherwise: it stays on record and is not scored
    return sorted(found, key=lambda one: (one[0].as_of, one[0].known))


def _own(view: View, kind: str) -> Iterator[Event]:
    root = view.book.intake.trust.root_device
    return (event for event in view.events((kind,)) if event.id.device == root)
