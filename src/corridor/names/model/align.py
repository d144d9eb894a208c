"""Which part of a query stands for which part of a name, for all its candidates at once, and what that shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.described import Described
from corridor.names.model.letters import CODES, best_totals, joined_codes
from corridor.names.model.weights import Floats

Doubles: TypeAlias = NDArray[np.float64]

MATCH_MIN = 0.25
"""Parts less alike than this (cosine) do not stand for each other."""
JOIN_COSTS = 0.08
"""Two neighbours taken as one part must be so much more alike than either alone."""
INITIAL_LIKENESS = 0.55
SHORT_FORM_LIKENESS = 0.65
INITIAL_ODDS = 1.0
"""From these log odds on, a letter stands for another."""

CHANGED_MAX = 8.0
"""More changed letters than this say nothing more."""
EDITS: Final[Floats] = np.where(np.eye(CODES, dtype=np.bool_), np.float32(0), np.float32(-1))
"""What one letter in another's place costs, or for nothing: edits are counted as odds are."""

FEATURES: Final = (
    "name cosine",
    "query covered",
    "name covered",
    "both covered, squared",
    "least cosine",
    "greatest cosine",
    "first part of query",
    "last part of query",
    "first part of name",
    "last part of name",
    "query weight left",
    "name weight left",
    "heaviest part left of query",
    "heaviest part left of name",
    "parts left of query",
    "parts left of name",
    "order inverted",
    "parts of query",
    "parts of name",
    "same script",
    "neighbours joined",
    "letters, mean",
    "letters, least",
    "letters of the heaviest",
    "consonants equal",
    "spelled equal",
    "initials",
    "article differs",
    "Abd differs",
    "weight of query",
    "weight of name",
    "second least cosine",
    "first part of query left",
    "first part of name left",
    "letters changed within a script",
)


@dataclass(frozen=True, slots=True)
class Aligned:
    """Which parts stand for which. Candidates are rows; ``-1``: none.

    Step `s` of a candidate pairs parts ``query[:, s]`` (and the next one where ``query_join``) with ``name[:, s]``.
    """

    query: NDArray[np.int8]
    name: NDArray[np.int8]
    query_join: NDArray[np.bool_]
    name_join: NDArray[np.bool_]
    cosine: Floats
    letters: Floats
    features: Doubles


def align(odds: Floats, query: Described, names: Described, numbers: NDArray[np.int32]) -> Aligned:
    """Align the query's parts with those of every candidate.

    `numbers` has a row a candidate: places in `names` of its parts, ``-1`` behind the last.
    """
    wide = max(1, int((numbers >= 0).sum(axis=1).max(initial=0)))
    numbers = numbers[:, :wide]
    there = numbers >= 0
    parts = names.take(np.maximum(numbers, 0).ravel().astype(np.int64))
    dots = _dots(odds, query, parts, there)
    steps = _greedy(dots.cosines, len(query.norms), wide)
    letters, changed = _letters(odds, query, parts, steps, wide)
    features = _features(query, parts, there, dots, steps, letters, changed)
    return Aligned(*steps, letters, features)


def coverage(query: Described, names: Described, numbers: NDArray[np.int32]) -> Doubles:
    """How much of a query's weight has a part like it in each name: from 0 to 1, `numbers` as for `align`.

    Whatever else stands in the name does not count, nor does the order: it tells a short form of a long name from
    names that lie as near as a whole.
    """
    numbers = numbers[:, : max(1, int((numbers >= 0).sum(axis=1).max(initial=0)))]
    places = np.maximum(numbers, 0).ravel()
    dots = (names.vectors[places].astype(np.float32) @ query.vectors.astype(np.float32).T).astype(np.float64)
    dots *= (names.scales[places] / np.maximum(names.norms[places], 1e-9))[:, None]
    dots[numbers.ravel() < 0] = 0
    nearest = dots.reshape(*numbers.shape, len(query.norms)).max(axis=1)
    weight = query.scales.astype(np.float64)  # a part's weight is its norm, by which its cosine would be divided
    found: Doubles = (np.maximum(nearest, 0) * weight).sum(axis=1) / (float(query.norms.sum()) + 1e-9)
    return found


@dataclass(frozen=True, slots=True)
class _Dots:
    """How near parts are to each other: single parts come first, then neighbours joined; -1: not possible."""

    cosines: Floats
    name_cosine: Doubles


def _dots(odds: Floats, query: Described, parts: Described, there: NDArray[np.bool_]) -> _Dots:
    rows, wide = there.shape
    high = len(query.norms)
    asked, given = query.vectors.astype(np.float32), parts.vectors.astype(np.float32)
    scales = np.where(there, parts.scales.reshape(rows, wide), np.float32(0))
    # Dot products of bytes are whole numbers that float32 holds exactly, whatever the order of the sum.
    cross = (given @ asked.T).reshape(rows, wide, high).transpose(0, 2, 1) * query.scales[None, :, None]
    cross *= scales[:, None, :]
    shaped = given.reshape(rows, wide, given.shape[1])
    asked_length, length = query.norms, np.where(there, parts.norms.reshape(rows, wide), np.float32(0))
    asked_joined = _joined_lengths(asked[None], query.scales[None], asked_length[None])[0]
    joined = _joined_lengths(shaped, scales, length)
    cosines = np.full((rows, 2 * high - 1, 2 * wide - 1), -1.0, np.float32)
    tiny, costs = np.float32(1e-9), np.float32(JOIN_COSTS)
    single = cross / (asked_length[None, :, None] * length[:, None, :] + tiny)
    initial = _initials(odds, query, parts).reshape(high, rows, wide).transpose(1, 0, 2)
    single = np.where(initial, np.maximum(single, np.float32(INITIAL_LIKENESS)), single)
    given_name = parts.given.reshape(rows, 1, wide)
    short_form = (query.given[None, :, None] == given_name) & (given_name != 0)
    single = np.where(short_form, np.maximum(single, np.float32(SHORT_FORM_LIKENESS)), single)
    ours = (cross[:, :-1] + cross[:, 1:]) / (asked_joined[None, :, None] * length[:, None, :] + tiny) - costs
    theirs = (cross[..., :-1] + cross[..., 1:]) / (asked_length[None, :, None] * joined[:, None, :] + tiny) - costs
    cosines[:, :high, :wide] = np.where(there[:, None, :], single, -1.0)
    cosines[:, high:, :wide] = np.where(there[:, None, :], ours, -1.0)
    cosines[:, :high, wide:] = np.where((there[:, :-1] & there[:, 1:])[:, None, :], theirs, -1.0)
    asked_total = _lengths_of_sums(asked[None], query.scales[None])[0]
    return _Dots(cosines, cross.sum(axis=(1, 2), dtype=np.float64) / (asked_total * _lengths_of_sums(shaped, scales)))


def _joined_lengths(vectors: Floats, scales: Floats, lengths: Floats) -> Floats:
    """How long the sum of each part and the next is."""
    next_ = np.einsum("rid,rid->ri", vectors[:, :-1], vectors[:, 1:]) * scales[:, :-1] * scales[:, 1:]
    squares = lengths[:, :-1] ** 2 + lengths[:, 1:] ** 2 + 2 * next_
    joined: Floats = np.sqrt(np.maximum(squares, np.float32(1e-9)))
    return joined


def _lengths_of_sums(vectors: Floats, scales: Floats) -> Doubles:
    """How long the sum of all parts of each name is."""
    total = np.einsum("rid,ri->rd", vectors.astype(np.float64), scales.astype(np.float64))
    lengths: Doubles = np.sqrt(np.maximum(np.einsum("rd,rd->r", total, total), 1e-9))
    return lengths


def _initials(odds: Floats, query: Described, parts: Described) -> NDArray[np.bool_]:
    """Where one of two parts is a single letter that stands for the first of the other."""
    short = (query.lengths[:, None] == 1) | (parts.lengths[None, :] == 1)
    first, second = query.letters[:, 0], parts.letters[:, 0]
    found: NDArray[np.bool_] = short & (odds[first[:, None], second[None, :]] >= INITIAL_ODDS)
    return found & (first > 1)[:, None] & (second > 1)[None, :]


_Steps: TypeAlias = tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_], Floats]


def _greedy(cosines: Floats, high: int, deep: int) -> _Steps:
    """The most alike parts first, each part once; on a tie the earlier part."""
    rows = len(cosines)
    count = min(high, deep)
    query, name = np.full((2, rows, count), -1, np.int8)
    query_join, name_join = np.zeros((2, rows, count), np.bool_)
    found = np.zeros((rows, count), np.float32)
    left = cosines.copy()
    every = np.arange(rows)
    of_row, of_column = _touching(high), _touching(deep)
    for step in range(count):
        best = left.reshape(rows, left.shape[1] * left.shape[2]).argmax(axis=1)
        row, column = best // left.shape[2], best % left.shape[2]
        value = left[every, row, column]
        good = value >= MATCH_MIN
        if not good.any():
            break
        query[good, step] = np.where(row >= high, row - high, row)[good]
        name[good, step] = np.where(column >= deep, column - deep, column)[good]
        query_join[good, step], name_join[good, step] = (row >= high)[good], (column >= deep)[good]
        found[good, step] = value[good]
        left[of_row[row][:, :, None] | of_column[column][:, None, :]] = -1.0
    return query, name, query_join, name_join, found


def _touching(parts: int) -> NDArray[np.bool_]:
    """For each part and each two neighbours joined: which of the same share a part with it."""
    spans = [{place} for place in range(parts)] + [{place, place + 1} for place in range(parts - 1)]
    return np.array([[bool(one & other) for other in spans] for one in spans])


def _letters(odds: Floats, query: Described, parts: Described, steps: _Steps, wide: int) -> tuple[Floats, Doubles]:
    """The letters' likeness of every two that stand for each other, and how many letters changed in each candidate.

    A letter has changed that must be another, come or go between single parts of one script.
    """
    of_query, of_name, query_join, name_join, _ = steps
    rows, step = np.nonzero(of_query >= 0)
    ours, theirs = of_query[rows, step], rows * wide + of_name[rows, step]
    joins = query_join[rows, step], name_join[rows, step]
    asked, given = joined_codes(query.letters, ours, joins[0]), joined_codes(parts.letters, theirs, joins[1])
    differ = ~(joins[0] | joins[1]) & (query.scripts[ours] == parts.scripts[theirs])
    differ &= query.spelled[ours] != parts.spelled[theirs]
    edited = [np.where(codes[differ] > 0, codes[differ] + CODES, 0) for codes in (asked, given)]
    # both in one pass, as most of an alignment's time goes by the number of its steps
    every = np.concatenate([asked, edited[0]]), np.concatenate([given, edited[1]])
    total, lengths = best_totals(_with_edits(odds), *every)
    found = np.zeros(of_query.shape, np.float32)
    found[rows, step] = (total * 2 / np.maximum(1, lengths))[: len(rows)]
    changed = np.zeros(of_query.shape)
    changed[rows[differ], step[differ]] = -total[len(rows) :]
    return found, np.minimum(changed.sum(axis=1), CHANGED_MAX)


def _with_edits(odds: Floats) -> Floats:
    """The odds, and behind them a second alphabet whose letters cost one where they are not the same."""
    assert 2 * CODES <= 256, "codes are bytes"
    both = np.zeros((2 * CODES, 2 * CODES), np.float32)
    both[:CODES, :CODES], both[CODES:, CODES:] = odds, EDITS
    both[CODES:, 0] = both[0, CODES:] = -1
    return both


@dataclass(frozen=True, slots=True)
class _Met:
    """For each part of one side, in each candidate: how near it is to what it stands for, and whether to anything."""

    cosine: Doubles
    met: NDArray[np.bool_]


def _met(places: NDArray[np.int8], joins: NDArray[np.bool_], cosines: Floats, parts: int) -> _Met:
    rows = len(places)
    cosine, met = np.zeros((rows, parts)), np.zeros((rows, parts), np.bool_)
    for step in range(places.shape[1]):
        for further in (0, 1):
            here = np.flatnonzero((places[:, step] >= 0) & (joins[:, step] if further else True))
            cosine[here, places[here, step] + further] = cosines[here, step]
            met[here, places[here, step] + further] = True
    return _Met(cosine, met)


def _inverted(of_query: NDArray[np.int8], of_name: NDArray[np.int8]) -> Doubles:
    """How many pairs of steps run one way in the query and the other in the name."""
    found = np.zeros(len(of_query))
    for one in range(of_query.shape[1]):
        for other in range(one + 1, of_query.shape[1]):
            both = (of_query[:, one] >= 0) & (of_query[:, other] >= 0)
            found += both & ((of_query[:, one] < of_query[:, other]) != (of_name[:, one] < of_name[:, other]))
    return found


def _features(
    query: Described,
    parts: Described,
    there: NDArray[np.bool_],
    dots: _Dots,
    steps: _Steps,
    letters: Floats,
    changed: Doubles,
) -> Doubles:
    """What the alignment shows of each candidate, in the order of `FEATURES`."""
    of_query, of_name, query_join, name_join, cosines = steps
    rows, wide = there.shape
    every, high, matched = np.arange(rows), len(query.norms), of_query >= 0
    asked_weight = query.norms.astype(np.float64)
    weight = np.where(there, parts.norms.reshape(rows, wide), 0).astype(np.float64)
    asked, given = _met(of_query, query_join, cosines, high), _met(of_name, name_join, cosines, wide)
    sizes = there.sum(axis=1)
    last = np.maximum(sizes - 1, 0)
    pair_weight = np.where(matched, asked_weight[of_query] * weight[every[:, None], of_name], 0)
    pair_share = pair_weight / (pair_weight.sum(axis=1, keepdims=True) + 1e-9)
    flat = every[:, None] * wide + of_name
    single = matched & ~query_join & ~name_join
    bones = parts.bones[flat]
    equal_bones = single & (query.bones[of_query] == bones) & (bones != 0)
    equal_letters = single & (query.spelled[of_query] == parts.spelled[flat])
    asked_marks, marks = query.marks[of_query], parts.marks[flat]
    initials = single & ((query.lengths[of_query] == 1) | (parts.lengths[flat] == 1))
    lows = np.sort(np.where(matched, cosines, 1.0), axis=1)
    asked_left, name_left = ~asked.met * asked_weight, ~given.met * weight
    asked_sum, name_sum = asked_weight.sum() + 1e-9, weight.sum(axis=1) + 1e-9
    covered = (asked.cosine * asked_weight).sum(axis=1) / asked_sum
    name_covered = (given.cosine * weight).sum(axis=1) / name_sum
    any_matched = matched.any(axis=1)
    columns = (
        dots.name_cosine,
        covered,
        name_covered,
        covered * name_covered,
        lows[:, 0] * any_matched,
        cosines.max(axis=1, initial=0),
        asked.cosine[:, 0],
        asked.cosine[:, -1],
        given.cosine[:, 0],
        given.cosine[every, last],
        asked_left.sum(axis=1) / asked_sum,
        name_left.sum(axis=1) / name_sum,
        asked_left.max(axis=1) / asked_weight.mean(),
        name_left.max(axis=1) / asked_weight.mean(),
        (~asked.met).sum(axis=1),
        (there & ~given.met).sum(axis=1),
        _inverted(of_query, of_name),
        np.full(rows, high),
        sizes,
        parts.scripts.reshape(rows, wide)[:, 0] == query.scripts[0],
        (query_join | name_join).any(axis=1),
        (letters * pair_share).sum(axis=1),
        np.where(matched, letters, 9).min(axis=1) * any_matched,
        letters[every, pair_weight.argmax(axis=1)],
        (equal_bones * pair_share).sum(axis=1),
        (equal_letters * pair_share).sum(axis=1),
        initials.sum(axis=1),
        (single & ((asked_marks == 1) != (marks == 1))).sum(axis=1),
        (single & ((asked_marks == 2) != (marks == 2))).sum(axis=1),
        np.full(rows, asked_sum),
        name_sum,
        lows[:, min(1, lows.shape[1] - 1)],
        ~asked.met[:, 0],
        ~given.met[:, 0],
        changed,
    )
    assert len(columns) == len(FEATURES), "every feature has its name"
    return np.stack(columns, axis=1).astype(np.float64)
