"""What the slider shows of the whole operation: when movements left and arrived, and when the way was closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corridor.base.moments import DAY_MS, HOUR_MS, Moment, datetime_of, moment_of
from corridor.hq.served import Served
from corridor.journey.cross.hazards import fold_ways
from corridor.ledger.book.view import View

CLOSED_MS_MIN = 20 * HOUR_MS
FAR_MODES = ("air", "sea", "rail")
"""Movements of these modes get a mark; of road convoys there are too many to tell apart."""

WAY_KINDS = ("hazard_began", "hazard_ended", "gate_closed", "gate_opened")


@dataclass(frozen=True, slots=True)
class Mark:
    """A movement's departure on the slider: `x` in percent, and the whole hour after it, when it is on its way."""

    x: str
    stop: Moment


@dataclass(frozen=True, slots=True)
class Closed:
    """A time during which something was in the way: from `x`, `width`, both in percent."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Day:
    """A date under the slider: `x` in percent."""

    x: str
    at: Moment
    edge: str  # first or last when it stands at an end of the slider, else ''


@dataclass(frozen=True, slots=True)
class Scale:
    """The slider's ground: whole hours since 1970 from `first` to `last`, and what is drawn on it."""

    first: int
    last: int
    marks: tuple[Mark, ...]
    closed: tuple[Closed, ...]
    days: tuple[Day, ...]


def scale(served: Served, *, mirrored: bool) -> Scale:
    """The scale of the operation as everything known today tells it, so that a mark is where it truly belongs.

    `mirrored` counts the percents from the right, for languages written that way.
    """
    start, stop = served.span
    board = served.board(max(start, served.default_at()), served.now())

    def x(moment: Moment) -> float:
        part = 100 * (min(max(moment, start), stop) - start) / max(1, stop - start)
        return 100 - part if mirrored else part

    marks = tuple(
        Mark(f"{x(picture.departed_at):.3f}", Moment((picture.departed_at // HOUR_MS + 1) * HOUR_MS))
        for picture in board.movements
        if picture.departed_at is not None and picture.mode in FAR_MODES
    )
    closed = tuple(
        Closed(f"{min(x(since), x(until)):.3f}", f"{abs(x(until) - x(since)):.3f}")
        for since, until in _closures(board.view, stop)
    )
    return Scale(start // HOUR_MS, stop // HOUR_MS, marks, closed, _days(start, stop, served.operation.as_of_zone, x))


def _closures(view: View, stop: Moment) -> list[tuple[Moment, Moment]]:
    """From when to when each hazard lasted and each gate was closed, where it cost a day and not just a night; what has
    no end lasts to the last hour."""
    ways = fold_ways(view.events(WAY_KINDS))
    spans = [hazard.span for hazard in ways.hazards]
    spans += [gate.span for gates in ways.gates.values() for gate in gates if not gate.open]
    whole = [(span.start, span.until if span.until is not None else stop) for span in spans]
    return [(since, until) for since, until in whole if until - since >= CLOSED_MS_MIN]


def _days(start: Moment, stop: Moment, zone: str, x: Any) -> tuple[Day, ...]:
    """Local midnights to name under the slider: at most eight of them, evenly apart."""
    days = max(1, round((stop - start) / DAY_MS))
    every = -(-days // 8)
    first = datetime_of(Moment(start + DAY_MS - 1), zone).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight = moment_of(first)
    return tuple(
        Day(f"{part:.3f}", Moment(moment), "first" if part < 3 else "last" if part > 97 else "")
        for moment in range(midnight, stop - DAY_MS // 2, every * DAY_MS)
        for part in (x(Moment(moment)),)
    )
