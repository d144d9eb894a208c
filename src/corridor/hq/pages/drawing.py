"""How numbers of people are drawn: one dot a person, laid out like the seeds of a sunflower."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

DOTS_MAX = 1_500
"""Dots on the whole strip: more cannot be told apart, and each costs a dozen bytes of the page."""

_SPACING = 2.6  # pixels; a cluster of n dots has a radius of spacing times the root of n
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_STEPS = 20  # positions along a leg that the style sheet knows: go-0 to go-20


@dataclass(frozen=True, slots=True)
class Cluster:
    """So many people as dots: the path of an SVG with its origin in the middle, and the half of its side in pixels."""

    path: str
    half: int

    @property
    def side(self) -> int:
        """The whole side in pixels."""
        return 2 * self.half

    @property
    def box(self) -> str:
        """The SVG's viewBox."""
        return f"{-self.half} {-self.half} {self.side} {self.side}"


def people_per_dot(registered: int) -> int:
    """How many people one dot stands for, so that everybody fits: 1, or the next of 10, 20, 50, 100, ..."""
    if registered <= DOTS_MAX:
        return 1
    size = 10
    while True:
        for step in (1, 2, 5):
            if registered <= DOTS_MAX * size * step:
                return size * step
        size *= 10


def cluster(people: int, per_dot: int) -> Cluster:
    """The cluster of that many people; nobody gives no dot, and any person at least one."""
    return _cluster(-(-people // per_dot))


@lru_cache(maxsize=4096)
def _cluster(dots: int) -> Cluster:
    points = []
    for turn in range(dots):
        radius, angle = _SPACING * math.sqrt(turn + 0.5), turn * _GOLDEN_ANGLE
        points.append(f"M{radius * math.cos(angle):.1f} {radius * math.sin(angle):.1f}h0")
    return Cluster("".join(points), math.ceil(_SPACING * math.sqrt(dots) + 2))


def step_of(done: float) -> int:
    """How far along its leg something is drawn: 0 (just leaving) to 20 (there)."""
    return round(min(1.0, max(0.0, done)) * _STEPS)
