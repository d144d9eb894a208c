"""When: instants as UTC milliseconds, spans of them, and how they are read and shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, NewType, TypeGuard
from zoneinfo import ZoneInfo

from msgspec import Meta

LAST = 2**45  # `limits.LAST_MOMENT_MS` gives the reason

Moment = NewType("Moment", Annotated[int, Meta(ge=0, le=LAST)])
"""An instant: milliseconds since 1970-01-01T00:00:00Z. Places have zones; moments do not. The bounds are of what is
read from outside: a body with a moment that no page could show is one that cannot be read."""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to but not including `until`; `until` None means no end is known."""

    start: Moment
    until: Moment | None = None

    def __post_init__(self) -> None:
        assert self.until is None or self.until >= self.start, "a span ends before it starts"

    def holds(self, moment: Moment) -> bool:
        """Whether `moment` lies in the span."""
        return self.start <= moment and (self.until is None or moment < self.until)


def is_moment(fact: object) -> TypeGuard[Moment]:
    """Whether something that a device wrote is a moment that can be shown."""
    return isinstance(fact, int) and not isinstance(fact, bool) and 0 <= fact <= LAST


def parse_moment(text: str, day_zone: str = "UTC") -> Moment:
    """Read an instant: ISO 8601 with a zone, or without one as UTC; ``UTC`` may stand at the end.

    A bare date means the last millisecond of that day in `day_zone` (an IANA name), so that "as of 14 November" takes
    in what happened on 14 November as the operation counts its days. Raises ValueError with an example when the text
    cannot be read.
    """
    cleaned = text.strip()
    if _DATE_ONLY.fullmatch(cleaned):
        try:
            day = datetime.fromisoformat(cleaned).replace(tzinfo=ZoneInfo(day_zone))
        except ValueError as error:
            raise ValueError(_unreadable(text)) from error
        return Moment(moment_of(day + timedelta(days=1)) - 1)  # local midnight: a day may have 23 or 25 hours
    if cleaned.upper().endswith("UTC"):
        cleaned = cleaned[:-3].rstrip() + "+00:00"
    try:
        read = datetime.fromisoformat(cleaned)
    except ValueError as error:
        raise ValueError(_unreadable(text)) from error
    return moment_of(read if read.tzinfo is not None else read.replace(tzinfo=UTC))


def _unreadable(text: str) -> str:
    return f"{text!r} is not a time; write it like 2023-11-17T05:00Z, 2023-11-17 07:00+02:00 or 2023-11-17"


def moment_of(when: datetime) -> Moment:
    """The instant of a datetime, which must carry its zone."""
    assert when.tzinfo is not None, "a time without a zone is not an instant"
    return Moment((when - _EPOCH) // timedelta(milliseconds=1))


def datetime_of(moment: Moment, zone: str = "UTC") -> datetime:
    """The instant as a datetime in `zone` (an IANA name)."""
    return (_EPOCH + timedelta(milliseconds=moment)).astimezone(ZoneInfo(zone))


def iso(moment: Moment) -> str:
    """The instant as ISO 8601 in UTC, to the second, or to the millisecond where it has one."""
    timespec = "seconds" if moment % SECOND_MS == 0 else "milliseconds"
    return datetime_of(moment).isoformat(timespec=timespec).replace("+00:00", "Z")


def shown(moment: Moment, zone: str) -> str:
    """The instant for people: local date, time and zone of a place, e.g. ``2023-11-17 07:00 EET``."""
    return datetime_of(moment, zone).strftime("%Y-%m-%d %H:%M %Z")
