"""How the moments of an operation and the minutes of a plan are told in each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from corridor.base.moments import MINUTE_MS, Moment, datetime_of, moment_of


@dataclass(frozen=True, slots=True)
class PlanClock:
    """Where a plan begins, and how many minutes it looks ahead."""

    start: Moment
    minutes: int

    def minute(self, moment: Moment) -> int:
        """The minute of the plan at a moment, rounded up; not below 0, what was before is so from the beginning."""
        return max(0, -(-(moment - self.start) // MINUTE_MS))

    def spans(self, opens: time | None, closes: time | None, zone: str) -> Iterator[tuple[int, int]]:
        """The minutes from and until which something is open by local hours, day by day; without hours always."""
        if opens is None or closes is None or opens == closes:
            yield 0, self.minutes
            return
        begin = datetime_of(self.start, zone).date() - timedelta(days=1)
        for day in range(self.minutes // (24 * 60) + 3):
            since = datetime.combine(begin + timedelta(days=day), opens, ZoneInfo(zone))
            later = begin + timedelta(days=day + (closes < opens))
            until = datetime.combine(later, closes, ZoneInfo(zone))
            span = self.minute(moment_of(since)), min(self.minutes, self.minute(moment_of(until)))
            if span[0] < span[1]:
                yield span
