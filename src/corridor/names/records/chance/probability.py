"""What do the weights of pairs come to? A prior that agrees with itself, and with it a probability for each pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.names.records.candidates import Pairs
from corridor.names.records.settings import COMPARISONS, About

NAME_ALONE_MAX = 0.9
"""The most that names, sex and citizenship alone can show: a namesake agrees in all of them, and a person must look."""

WEIGHT_MIN = -10.0
"""The least weight that can be learned: what was not seen among some hundred pairs is not impossible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The pairs with what came of them. `weights` is log2 per comparison, a row a pair, in the order of `COMPARISONS`;
    `outcomes` is the place of the level in its comparison; `prior` that of two records at random being one person.
    `name_alone`: neither birth nor document could be compared, so the probability was held to `NAME_ALONE_MAX`.
    """

    pairs: Pairs
    probability: NDArray[np.float64]
    weights: NDArray[np.float64]
    outcomes: NDArray[np.int8]
    name_alone: NDArray[np.bool_]
    prior: float


@dataclass(frozen=True, slots=True)
class Couples:
    """How many pairs of records there are in all, of which the candidates are the likely ones, and how many of them can
    be one person at most.
    """

    every: float
    same_max: float


def concluded(pairs: Pairs, weights: NDArray[np.float64], outcomes: NDArray[np.int8], prior: float) -> Weighed:
    """The probabilities of pairs with these weights, given the prior of any two records being one person."""
    abouts: list[About] = list(COMPARISONS)
    probability = probability_of(weights.sum(axis=1), prior)
    unknown = outcomes[:, [abouts.index("birth"), abouts.index("document")]] == 0
    name_alone = unknown.all(axis=1) & (probability > NAME_ALONE_MAX)
    probability[name_alone] = NAME_ALONE_MAX
    return Weighed(
        pairs=pairs, probability=probability, weights=weights, outcomes=outcomes, name_alone=name_alone, prior=prior
    )


def probability_of(total: NDArray[np.float64], prior: float) -> NDArray[np.float64]:
    """Bayes: prior odds times the weights."""
    odds = np.log2(prior / (1 - prior)) + total
    answer: NDArray[np.float64] = 1 / (1 + np.exp2(-np.clip(odds, -200, 200)))
    return answer


def prior_of(total: NDArray[np.float64], couples: Couples, start: float) -> float:
    """The prior with which as many pairs are expected to be one person as it itself says."""
    most = min(0.5, couples.same_max / max(1.0, couples.every))
    prior = start
    for _ in range(100):
        found = float(np.clip(probability_of(total, prior).sum() / max(1.0, couples.every), 1e-12, most))
        if abs(found - prior) < 1e-4 * prior:
            break
        prior = found
    return prior
