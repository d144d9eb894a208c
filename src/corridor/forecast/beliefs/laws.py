"""Which beliefs are there, how does what was seen change them, and what do they say of the future?

All are conjugate: a handful of sums. What was seen longer ago counts less (power discounting with a half-life).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corridor.forecast.draws import NORMAL
from corridor.forecast.road import KNOTS, LEVELS, Floats, Law

_SPREAD = (np.arange(KNOTS) * 389) % KNOTS
"""A permutation of the knots (389 and 1,024 share no factor) that pairs two laws' levels as if independent."""


def chi_square(levels: Floats, degrees: float) -> Floats:
    """Quantiles of chi-square over its degrees of freedom (Wilson and Hilferty 1931), kept above 0."""
    normal = np.interp(levels, LEVELS, NORMAL.quantiles)
    part = 2.0 / (9.0 * degrees)
    result: Floats = np.maximum(1.0 - part + normal * math.sqrt(part), 0.02) ** 3
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Normal on a log, mean and variance not known (normal-inverse-gamma): `mean` worth `worth` cases, `sigma` worth
    `sigma_worth`. `seen` counts what it has learned from, undiscounted."""

    mean: float
    worth: float
    sigma: float
    sigma_worth: float
    seen: int = 0

    def after(self, logs: Iterable[tuple[float, float]]) -> Pace:
        """After these values, each with its weight (1: today's)."""
        found = [(value, weight) for value, weight in logs if weight > 0]
        total = sum(weight for _, weight in found)
        if total == 0:
            return self
        average = sum(value * weight for value, weight in found) / total
        squares = sum(weight * (value - average) ** 2 for value, weight in found)
        between = self.worth * total / (self.worth + total) * (average - self.mean) ** 2
        variance = (self.sigma_worth * self.sigma**2 + squares + between) / (self.sigma_worth + total)
        return Pace(
            mean=(self.worth * self.mean + total * average) / (self.worth + total),
            worth=self.worth + total,
            sigma=math.sqrt(variance),
            sigma_worth=self.sigma_worth + total,
            seen=self.seen + len(found),
        )

    def log_mean(self) -> Law:
        """The law over futures of the log's mean: Student's."""
        chi = chi_square(LEVELS, self.sigma_worth)[_SPREAD]
        values = self.mean + NORMAL.quantiles * self.sigma / np.sqrt(chi * self.worth)
        return Law(np.sort(values))

    def day_sigma(self) -> Law:
        """The law over futures of the spread of single days."""
        return Law(np.sort(self.sigma / np.sqrt(chi_square(LEVELS, self.sigma_worth))))

    def one(self) -> Law:
        """The law of one value, on its own scale: log-Student's."""
        chi = chi_square(LEVELS, self.sigma_worth)[_SPREAD]
        spread = self.sigma * math.sqrt(1.0 + 1.0 / self.worth)
        return Law(np.sort(np.exp(np.clip(self.mean + NORMAL.quantiles * spread / np.sqrt(chi), -20.0, 20.0))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """Something that happens now and then: `cases` in `days` of exposure (gamma). Time in which it has not happened yet
    is exposure too: a crossing closed for ten days opens less readily than one closed for one."""

    cases: float
    days: float
    seen: int = 0

    def after(self, cases: Iterable[float], days: Iterable[float]) -> Hazard:
        """After these cases and days of exposure, as weights."""
        found = list(cases)
        return Hazard(cases=self.cases + sum(found), days=self.days + sum(days), seen=self.seen + len(found))

    def rate(self) -> Law:
        """The law over futures of how often it happens in a day."""
        return Law(np.sort(self.cases / self.days * chi_square(LEVELS, 2.0 * self.cases)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The part to which something happens: `cases` against `others` (beta)."""

    cases: float
    others: float
    seen: int = 0

    def after(self, cases: int, others: int) -> Share:
        """After so many to which it happened and others to which it did not."""
        return Share(cases=self.cases + cases, others=self.others + others, seen=self.seen + cases + others)

    def part(self) -> Law:
        """The law over futures of the part: of two gammas one's share."""
        one = self.cases * chi_square(LEVELS, 2.0 * self.cases)
        other = self.others * chi_square(LEVELS, 2.0 * self.others)[_SPREAD]
        return Law(np.sort(one / (one + other)))


def weight(age_days: float, half_days: float) -> float:
    """What counts of something seen so long ago."""
    return float(0.5 ** (age_days / half_days))
