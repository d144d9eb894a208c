"""How likely is each pair one person? Splink learns the weights from the records themselves and adds them up."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from splink import DuckDBAPI, Linker

from corridor.names.records.candidates import Pairs
from corridor.names.records.chance.probability import WEIGHT_MIN, Couples, Weighed, concluded, prior_of
from corridor.names.records.settings import COMPARISONS, About

SEED = 1
RANDOM_PAIRS = 2e6
"""Pairs drawn at random to see how often two people agree by chance: sex, citizenship, birth."""

LEARNING_PAIRS_MAX = 1_000_000
LEARNING_PAIRS_MIN = 200
"""Fewer pairs than this to learn from teach nothing: the shipped numbers stand."""

LEARN_FROM = (
    "NOT (l.born_rough OR r.born_rough) AND l.born_year = r.born_year AND l.born_month = r.born_month "
    "AND l.born_day = r.born_day",
    "l.document = r.document",
)
"""Two looks at the records, each at pairs of which many are one person: what the first look takes as given the second
learns."""


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
    prior = prior_of(weights.sum(axis=1), couples, float(settings["probability_two_random_records_match"]))
    low, high = np.minimum(first, second)[order], np.maximum(first, second)[order]
    pairs = Pairs(low.astype(np.int64), high.astype(np.int64))
    return concluded(pairs, weights[order], outcomes[order], prior)
