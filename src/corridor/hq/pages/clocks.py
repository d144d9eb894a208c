"""The two clocks of a page: read from its address, written into every link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest

from corridor.base.limits import LAST_MOMENT_MS
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment, datetime_of, iso, moment_of, parse_moment
from corridor.hq.asked import number_in

KnownWord = Literal["now", "then", "at"]


LIVE = "live"
"""Stands in the address of a page opened from one that shows now: a figure opens at the moment it was counted."""


class BadClock(BadRequest):
    """An address whose clocks cannot be read; says which part."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """`at`: when it was true. `known`: what had been received by then; `word` says how that was chosen.

    `live` says that nobody chose a time: the way back to the corridor leads to now, not to when this page was made.
    """

    at: Moment
    known: Moment
    word: KnownWord
    live: bool = False

    @property
    def at_text(self) -> str:
        """The clock `at` as it stands in an address."""
        return written(self.at)

    @property
    def known_text(self) -> str:
        """The clock `known` as it stands in an address."""
        return written(self.known) if self.word == "at" else self.word

    def query(self, **more: str) -> str:
        """The part of an address after '?', with these clocks and whatever else is asked."""
        live = {LIVE: "1"} if self.live else {}
        return urlencode({**more, "at": self.at_text, "known": self.known_text, **live}, safe=":")


def written(moment: Moment) -> str:
    """A moment as short as it is exact: ``2023-11-17T05:00Z``."""
    text = iso(moment)
    return text.removesuffix(":00Z") + "Z" if moment % MINUTE_MS == 0 else text


def read(asked: Mapping[str, str], *, now: Moment, unless_at: Moment, zone: str) -> Clocks:
    """The clocks an address asks for; `unless_at` when it names no time.

    Beside `at` and `known` it understands what the form sends without scripts: `hour` (hours since 1970, from the
    slider), `at_local` and `known_local` (times of the operation's zone). Raises BadClock naming what cannot be read.
    """
    at, live = unless_at, False
    if asked.get("at_local"):
        at = _local(asked["at_local"], "at_local", zone)
    elif asked.get("hour"):
        at = _hour(asked["hour"])
    elif asked.get("at"):
        at, live = _moment(asked["at"], "at"), asked.get(LIVE) == "1"
    else:
        live = True
    word = asked.get("known") or "now"
    if word == "now":
        return Clocks(at, now, "now", live)
    if word == "then":
        return Clocks(at, at, "then")
    if word == "at":
        if not asked.get("known_local"):
            return Clocks(at, at, "at")  # chosen, and no time typed yet
        return Clocks(at, _local(asked["known_local"], "known_local", zone), "at")
    return Clocks(at, _moment(word, "known"), "at")


def kept(asked: Mapping[str, str]) -> str:
    """What the links of the frame carry of an address: "?" and the two clocks when somebody chose them, else ""."""
    if asked.get(LIVE) == "1":
        return ""
    chosen = {name: asked[name] for name in ("at", "known") if asked.get(name)}
    return f"?{urlencode(chosen, safe=':')}" if chosen else ""


def local_input(moment: Moment, zone: str) -> str:
    """A moment as a browser's field for date and time wants it, in the operation's zone."""
    return datetime_of(moment, zone).strftime("%Y-%m-%dT%H:%M")


def _moment(text: str, name: str) -> Moment:
    try:
        # A '+' in an address reads as a space.
        read_text = parse_moment(text.replace(" ", "+") if "T" in text else text)
    except (ValueError, OverflowError) as error:
        raise BadClock(f"{name}: {error}") from error
    return _of_calendar(read_text, name)


def _local(text: str, name: str, zone: str) -> Moment:
    try:
        read_text = moment_of(datetime_of(parse_moment(text)).replace(tzinfo=ZoneInfo(zone)))
    except (ValueError, OverflowError) as error:
        raise BadClock(f"{name}: {error}") from error
    return _of_calendar(read_text, name)


def _hour(text: str) -> Moment:
    hours = number_in(text)
    if hours is None:
        raise BadClock(f"hour: {text[:20]!r} is no number of hours")
    return _of_calendar(Moment(hours * HOUR_MS), "hour")


def _of_calendar(moment: Moment, name: str) -> Moment:
    """The moment, when every page can show it and the day it lies in, by the clocks of any place."""
    if not DAY_MS <= moment <= LAST_MOMENT_MS:
        raise BadClock(f"{name}: choose a time between 1970 and the year 3000")
    return moment
