"""How time and numbers of persons lie on a drawing: places in percent and pixels, with the days and numbers to name.

Text must keep its size on a phone, so a drawing's shapes stretch and its words stand at places in percent. Where the
language is read from right to left, so does time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from corridor.base.moments import DAY_MS, Moment, datetime_of, moment_of

NAMES_MOST = 6
WIDE = 1_000
"""The width of what stretches, in units of its own."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment, a number or words at an axis: `place` in percent or pixels; `edge`: first or last when it stands at an
    end."""

    place: str
    moment: Moment | None = None  # None: a number is named
    number: int = 0
    edge: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """Time from `first` to `last`, over `share` of the width (the rest is for what is later)."""

    first: Moment
    last: Moment
    mirrored: bool
    share: float = 1.0

    def part(self, moment: float) -> float:
        """Where a moment lies, 0 to 1 from the left of the drawing."""
        found = self.share * min(max((moment - self.first) / (self.last - self.first), 0.0), 1.0)
        return 1.0 - found if self.mirrored else found

    def percent(self, moment: float) -> str:
        """The same as an SVG writes it."""
        return f"{100.0 * self.part(moment):.2f}"

    def wide(self, moment: float) -> float:
        """The same in units of what stretches."""
        return WIDE * self.part(moment)

    def days(self, zone: str, names: int = NAMES_MOST) -> tuple[Tick, ...]:
        """Local midnights to name, evenly apart, about as many as `names`."""
        every = max(1, math.ceil((self.last - self.first) / DAY_MS / names))
        midnight = datetime_of(Moment(self.first + DAY_MS - 1), zone).replace(hour=0, minute=0, second=0, microsecond=0)
        found = []
        for moment in range(moment_of(midnight), self.last + 1, every * DAY_MS):
            part = self.part(moment)
            edge = "first" if part < 0.06 else "last" if part > 0.94 else ""
            found.append(Tick(self.percent(moment), moment=Moment(moment), edge=edge))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAxis:
    """Numbers from 0 to `most`, upwards over `high` pixels."""

    most: int
    high: int

    def up(self, number: float) -> float:
        """How many pixels from the top a number lies."""
        return self.high * (1.0 - min(max(number / self.most, 0.0), 1.0))

    def numbers(self) -> tuple[Tick, ...]:
        """Round numbers to name, without 0."""
        step = round_step(self.most)
        return tuple(Tick(f"{self.up(one):.1f}", number=one) for one in range(step, self.most + 1, step))


def round_step(most: int) -> int:
    """A round step (1, 2 or 5 and zeros) that is taken at most four times up to `most`."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if most <= 4 * step:
                return step
        size *= 10
