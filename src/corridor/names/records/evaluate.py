"""How well are records linked, measured against the truth?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.names.records.candidates import candidates
from corridor.names.records.likeness import CompareNames, Places
from corridor.names.records.linking import weigh_pairs
from corridor.names.records.record import Record, RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageFigures:
    """How well duplicates were found. Recall is of all true pairs, those that were never weighed included.

    `calibration`: for each band of probability its lower edge, the pairs in it, their mean probability and the share
    of them that are one person.
    """

    records: int
    true_pairs: int
    pairs_weighed: int
    candidate_recall: float
    recall_at_precision_99: float
    recall_at_precision_95: float
    best_f1: float
    best_f1_precision: float
    best_f1_recall: float
    best_f1_probability: float
    calibration: tuple[tuple[float, int, float, float], ...]


BANDS = (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999)


def evaluate_linkage(
    records: Sequence[Record], entities: Mapping[RecordId, str], compare: CompareNames
) -> LinkageFigures:
    """Find the duplicates of one register and compare them with the truth: which entity each record is of."""
    compared = compare([record.names for record in records])
    pairs = candidates(records, compared)
    if not len(pairs):
        return figures_of(records, entities, pairs.first, pairs.second, np.zeros(0))
    weighed = weigh_pairs(records, compared, pairs, None)
    return figures_of(records, entities, weighed.pairs.first, weighed.pairs.second, weighed.probability)


def figures_of(
    records: Sequence[Record],
    entities: Mapping[RecordId, str],
    first: Places,
    second: Places,
    probability: NDArray[np.float64],
) -> LinkageFigures:
    """The figures of weighed pairs of places. A record the truth does not name is an entity of its own."""
    named = [entities.get(record.id, f"\0{record.id}") for record in records]
    numbers = {entity: number for number, entity in enumerate(dict.fromkeys(named))}
    truth = np.array([numbers[entity] for entity in named], np.int64)
    true_pairs = sum(count * (count - 1) // 2 for count in Counter(named).values())
    if not len(first):
        return _figures(len(records), true_pairs, 0, (0.0,) * 7, ())
    same = truth[first] == truth[second]
    recall = float(same.sum()) / max(1, true_pairs)
    found = (recall, *_curve(probability, same, true_pairs))
    return _figures(len(records), true_pairs, len(first), found, _calibration(probability, same))


def _figures(
    records: int,
    true_pairs: int,
    weighed: int,
    found: Sequence[float],
    calibration: tuple[tuple[float, int, float, float], ...],
) -> LinkageFigures:
    recall, at_99, at_95, f1, precision, f1_recall, probability = (round(each, 4) for each in found)
    return LinkageFigures(
        records=records,
        true_pairs=true_pairs,
        pairs_weighed=weighed,
        candidate_recall=recall,
        recall_at_precision_99=at_99,
        recall_at_precision_95=at_95,
        best_f1=f1,
        best_f1_precision=precision,
        best_f1_recall=f1_recall,
        best_f1_probability=probability,
        calibration=calibration,
    )


def _curve(probability: NDArray[np.float64], same: NDArray[np.bool_], true_pairs: int) -> tuple[float, ...]:
    """Recall at precision .99 and .95, then the best F1 with its precision, recall and threshold.

    Pairs of one probability are taken or left together.
    """
    order = np.argsort(-probability, kind="stable")
    sorted_ = probability[order]
    ends = np.append(np.flatnonzero(np.diff(sorted_)), len(order) - 1)
    right = np.cumsum(same[order])[ends]
    precision, recall = right / (ends + 1), right / max(1, true_pairs)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(f1.argmax())
    at = [float(recall[precision >= least].max(initial=0.0)) for least in (0.99, 0.95)]
    return (*at, float(f1[best]), float(precision[best]), float(recall[best]), float(sorted_[ends][best]))


def _calibration(
    probability: NDArray[np.float64], same: NDArray[np.bool_]
) -> tuple[tuple[float, int, float, float], ...]:
    rows = []
    for low, high in zip(BANDS, (*BANDS[1:], 1.1), strict=True):
        band = (probability >= low) & (probability < high)
        if band.any():
            rows.append(
                (low, int(band.sum()), round(float(probability[band].mean()), 4), round(float(same[band].mean()), 4))
            )
    return tuple(rows)
