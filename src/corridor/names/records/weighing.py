"""How likely is each pair one person? Splink learns the weights from the records themselves and adds them up."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker

from corridor.names.records.candidates import Pairs
from corridor.names.records.settings import COMPARISONS, About

SEED = 1
RANDOM_PAIRS = 2e6
"""Pairs drawn at random to see how often two people agree by chance: sex, citizenship, birth."""

LEARNING_PAIRS_MAX = 1_000_000
LEARNING_PAIRS_MIN = 200
"""Fewer pairs than this to learn from teach nothing: the shipped numbers stand."""

NAME_ALONE_MAX = 0.9
"""The most that names, sex and citizenship alone can show: a namesake agrees in all of them, and a person must look."""

WEIGHT_MIN = -10.0
"""The least weight that can be learned: what was not seen among some hundred pairs is not impossible."""

LEARN_FROM = (
    "NOT (l.born_rough OR r.born_rough) AND l.born_year = r.born_year AND l.born_month = r.born_month "
    "AND l.born_day = r.born_day",
    "l.document = r.document",
)
"""Two looks at the records, each at pairs of which many are one person: what the first look takes as given the second
learns."""


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


def weigh(table: pa.Table, pairs: Pairs, settings: Mapping[str, Any], couples: Couples, *, learn: bool) -> Weighed:
    """Weigh `pairs` of the records in `table`. `learn`: fit `m`, and
    `u` of what chance shows, to these records; else the settings stand as they are.
    """
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect(":memory:") as connection:
        connection.sql("SET enable_progress_bar = false")
        api = DuckDBAPI(connection)
        linker = Linker(api.register(table), dict(settings), log_level=None)
        if learn:
            _learn(linker, connection, table)
        blocked = pa.table(
            {
                "match_key": pa.array(np.zeros(len(pairs), np.int8)).cast(pa.string()),
                "join_key_l": pa.array(pairs.first.astype(np.int32)),
                "join_key_r": pa.array(pairs.second.astype(np.int32)),
            }
        )
        linker.table_management.register_blocked_pairs_for_predict(api.register(blocked))
        predicted = linker.inference.predict(warning_mode="never")
        wanted = [column.unquote().name for column in predicted.columns]
        wanted = [name for name in wanted if name.startswith(("unique_id_", "mw_", "gamma_"))]
        quoted = ", ".join(f'"{name}"' for name in wanted)
        found = connection.sql(f"SELECT {quoted} FROM {predicted.physical_name}").to_arrow_table()
    return _weighed(found, settings, couples)


def _learn(linker: Linker, connection: duckdb.DuckDBPyConnection, table: pa.Table) -> None:
    """Fit the weights: chance from random pairs, the rest by expectation maximisation, without any label."""
    connection.register("learning", table)
    training = linker.training
    if table.num_rows >= LEARNING_PAIRS_MIN:
        training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for rule in LEARN_FROM:
        counted = connection.execute(
            f"SELECT count(*) FROM learning l JOIN learning r ON {rule} AND l.place < r.place"
        ).fetchall()
        if counted[0][0] >= LEARNING_PAIRS_MIN:
            training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=LEARNING_PAIRS_MAX)


def _weighed(found: pa.Table, settings: Mapping[str, Any], couples: Couples) -> Weighed:
    abouts: list[About] = list(COMPARISONS)
    first = found["unique_id_l"].to_numpy()
    second = found["unique_id_r"].to_numpy()
    order = np.lexsort((second, first))
    weights = np.zeros((len(order), len(abouts)))
    outcomes = np.zeros((len(order), len(abouts)), np.int8)
    names = set(found.column_names)
    for column, about in enumerate(abouts):
        weights[:, column] = found[f"mw_{about}"].to_numpy()
        adjusted = f"mw_tf_adj_{about}"
        if adjusted in names:
            weights[:, column] += found[adjusted].to_numpy()
        gamma = found[f"gamma_{about}"].to_numpy().astype(np.int16)
        levels = COMPARISONS[about]
        # Splink counts levels from the last (0) up, and -1 for "not known"
        outcomes[:, column] = np.where(gamma < 0, 0, len(levels) - 1 - gamma)
        learned = np.array([not level.fixed_m for level in levels])[outcomes[:, column]]
        weights[:, column] = np.where(learned, np.maximum(weights[:, column], WEIGHT_MIN), weights[:, column])
    total = weights.sum(axis=1)
    prior = _prior(total, couples, float(settings["probability_two_random_records_match"]))
    probability = _probability(total, prior)
    unknown = outcomes[:, [abouts.index("birth"), abouts.index("document")]] == 0
    name_alone = unknown.all(axis=1) & (probability > NAME_ALONE_MAX)
    probability[name_alone] = NAME_ALONE_MAX
    low, high = np.minimum(first, second)[order], np.maximum(first, second)[order]
    return Weighed(
        pairs=Pairs(low.astype(np.int64), high.astype(np.int64)),
        probability=probability[order],
        weights=weights[order],
        outcomes=outcomes[order],
        name_alone=name_alone[order],
        prior=prior,
    )


def _probability(total: NDArray[np.float64], prior: float) -> NDArray[np.float64]:
    """Bayes: prior odds times the weights."""
    odds = np.log2(prior / (1 - prior)) + total
    answer: NDArray[np.float64] = 1 / (1 + np.exp2(-np.clip(odds, -200, 200)))
    return answer


def _prior(total: NDArray[np.float64], couples: Couples, start: float) -> float:
    """The prior with which as many pairs are expected to be one person as it itself says."""
    most = min(0.5, couples.same_max / max(1.0, couples.every))
    prior = start
    for _ in range(100):
        found = float(np.clip(_probability(total, prior).sum() / max(1.0, couples.every), 1e-12, most))
        if abs(found - prior) < 1e-4 * prior:
            break
        prior = found
    return prior
