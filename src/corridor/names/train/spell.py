"""How the odds of letters are learned: words that are one name are aligned, round by round, by the odds so far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.letters import CODES, alignment, codes_of
from corridor.names.model.weights import Floats
from corridor.names.normalise import keys
from corridor.names.pairs import Pair
from corridor.names.train.noise import with_typo

ROUNDS = 5
AT_ONCE = 20_000
SMOOTHING = 0.3
ODDS_MIN, ODDS_MAX = -5.0, 5.0
GAP_FIRST = -1.5
WORDS_OF_TABLES, PAIRS = 50_000, 50_000


def letter_odds(words: Sequence[tuple[str, str]]) -> Floats:
    """The log odds of every two letters (and of a letter against nothing) from pairs of words that are one name."""
    first = codes_of([word for word, _ in words] + [word for _, word in words])
    second = codes_of([word for _, word in words] + [word for word, _ in words])
    odds = _odds(_by_position(first, second))
    odds[:, 0] = odds[0, :] = GAP_FIRST
    for _ in range(ROUNDS):
        counts = np.zeros((CODES, CODES))
        for begin in range(0, len(first), AT_ONCE):
            counts += _aligned(odds, first[begin : begin + AT_ONCE], second[begin : begin + AT_ONCE])
        odds = _odds(counts)
    return odds


def words_of(
    pairs: Sequence[Pair], tokens: Sequence[tuple[str, str, int]], rng: np.random.Generator
) -> list[tuple[str, str]]:
    """Words that are one name: rows of the token tables, parts of pairs with as many parts on both sides, and typos."""
    found = [tokens[place][:2] for place in rng.permutation(len(tokens))[:WORDS_OF_TABLES].tolist()]
    for place in rng.permutation(len(pairs))[:PAIRS].tolist():
        first, second = keys(pairs[place].first), keys(pairs[place].second)
        if len(first) == len(second):
            found += zip(first, second, strict=True)
            found += [(key, with_typo((key,), rng)[0]) for key in first[:1] + second[:1]]
    return [(first.lstrip("+="), second.lstrip("+=")) for first, second in found]


def _odds(counts: NDArray[np.float64]) -> Floats:
    """Log of how often two letters stood for each other against chance; what stands for nothing against its letter."""
    total = counts.sum()
    of_first = counts.sum(axis=1, keepdims=True) / total + 1e-6
    of_second = counts.sum(axis=0, keepdims=True) / total + 1e-6
    joint = (counts + SMOOTHING * total * of_first * of_second * 0.1) / total
    odds = np.log(joint / (of_first * of_second) + 1e-9)
    odds[:, 0] = np.log((counts[:, 0] + 1.0) / (counts.sum(axis=1) + 10.0))
    odds[0, :] = np.log((counts[0, :] + 1.0) / (counts.sum(axis=0) + 10.0))
    odds[1, :] = odds[:, 1] = -1.0
    odds[0, 0] = 0.0
    answer: Floats = np.clip(odds, ODDS_MIN, ODDS_MAX).astype(np.float32)
    return answer


def _by_position(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Where to begin: letters at about the same share of their words stand for each other."""
    counts = np.zeros((CODES, CODES))
    lengths = (first > 0).sum(axis=1), (second > 0).sum(axis=1)
    for i in range(first.shape[1]):
        for j in range(second.shape[1]):
            there = (first[:, i] > 0) & (second[:, j] > 0)
            apart = (i + 0.5) / lengths[0][there] - (j + 0.5) / lengths[1][there]
            np.add.at(counts, (first[there, i], second[there, j]), np.exp(-((apart * 6.0) ** 2)))
    return counts


def _aligned(odds: Floats, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How often each letter stood for each, or for nothing, in the best alignments; read back from their ends."""
    tables = alignment(odds, first, second)
    rows = np.arange(len(first))
    i, j = (first > 0).sum(axis=1), (second > 0).sum(axis=1)
    counts = np.zeros((CODES, CODES))
    while len(rows):
        here = tables[i, j, rows]
        one, other = first[rows, np.maximum(i - 1, 0)], second[rows, np.maximum(j - 1, 0)]
        both = (i > 0) & (j > 0)
        both &= np.isclose(tables[np.maximum(i - 1, 0), np.maximum(j - 1, 0), rows] + odds[one, other], here, atol=1e-4)
        lost_first = ~both & (i > 0)
        lost_first &= (j == 0) | np.isclose(tables[np.maximum(i - 1, 0), j, rows] + odds[one, 0], here, atol=1e-4)
        lost_second = ~both & ~lost_first
        np.add.at(counts, (np.where(lost_second, 0, one), np.where(lost_first, 0, other)), 1.0)
        i, j = i - (both | lost_first), j - (both | lost_second)
        left = (i > 0) | (j > 0)
        rows, i, j = rows[left], i[left], j[left]
    return counts
