"""When could each flight leave? Every hour it may choose is an option; of one flight one option is flown."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.plan.problem import Flight
from corridor.plan.solve.frame import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A flight at one of its minutes; `ready_until` is when its people must be done in staging."""

    flight: int
    staging: str
    earliest: int
    mean: float
    latest: int
    boards_until: int
    ready_until: int


def options_of(frame: Frame) -> tuple[Option, ...]:
    """The options of all flights, those of one flight together and in order of time; a flight may have none."""
    found: list[Option] = []
    for run in frame.runs:
        for earliest, mean, latest in _departures(frame, run.flight):
            boards = earliest - run.flight.boarding_minutes
            found.append(
                Option(
                    flight=run.index,
                    staging=run.staging,
                    earliest=earliest,
                    mean=mean,
                    latest=latest,
                    boards_until=boards,
                    ready_until=boards - run.ground_minutes,
                )
            )
    return tuple(found)


def _departures(frame: Frame, flight: Flight) -> list[tuple[int, float, int]]:
    """(earliest, mean, latest) of each option."""
    closed = next(a for a in frame.problem.airports if a.id == flight.airport).closed
    if flight.scenarios:
        minutes = [s.departs_minute for s in flight.scenarios]
        whole = sum(s.percent for s in flight.scenarios)
        mean = sum(s.departs_minute * s.percent for s in flight.scenarios) / whole
        return [(min(minutes), mean, max(minutes))]
    return [
        (m, float(m), m)
        for m in range(flight.departs_from_minute, flight.departs_until_minute + 1, frame.slot)
        if not any(w.from_minute <= m < w.until_minute for w in closed)
    ]
