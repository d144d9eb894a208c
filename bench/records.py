"""How well duplicates are found in a register, beside Splink on its own: `python -m bench.records RECORDS TRUTH`.

RECORDS and TRUTH are tables with tabs as `corridor names evaluate-linkage` takes them. Nobody sees a label: Splink
alone compares consonant skeletons by Jaro-Winkler and blocks on birth date, document, and skeletons with year and sex.
"""

from __future__ import annotations

import argparse
import logging
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.measuring import number, table
from corridor.names.normalise import keys
from corridor.names.records.consonants import ConsonantNames
from corridor.names.records.engine import names_engine
from corridor.names.records.evaluate import LinkageFigures, evaluate_linkage, figures_of
from corridor.names.records.files import read_records, read_truth
from corridor.names.records.record import Record, RecordId
from corridor.names.skeleton import skeleton

COLUMNS = (
    "method",
    "records",
    "true pairs",
    "pairs weighed",
    "candidates' recall",
    "recall at precision .99",
    "at .95",
    "best F1",
    "CPU s",
    "wall s",
    "peak MB so far",
)


def splink_alone(records: Sequence[Record], truth: Mapping[RecordId, str]) -> LinkageFigures:
    """The usual recipe: skeletons as strings, standard comparisons and blocking rules, expectation maximisation."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    bones = [sorted(skeleton(key) or key for name in record.names for key in keys(name)) for record in records]
    born = [record.birth for record in records]
    rows = pa.table(
        {
            "unique_id": pa.array(range(len(records)), pa.int32()),
            "name": pa.array([" ".join(some) or None for some in bones]),
            "first_bone": pa.array([some[0] if some else None for some in bones]),
            "last_bone": pa.array([some[-1] if some else None for some in bones]),
            "dob": pa.array([None if b is None else f"{b.year:04}-{b.month or 1:02}-{b.day or 1:02}" for b in born]),
            "year": pa.array([None if b is None else b.year for b in born]),
            "sex": pa.array([record.sex for record in records]),
            "citizenship": pa.array([next(iter(record.citizenships), None) for record in records]),
            "document": pa.array([next(iter(record.documents), None) for record in records]),
        }
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            comparisons.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85, 0.75]),
            comparisons.DateOfBirthComparison("dob", input_is_string=True),
            comparisons.ExactMatch("sex"),
            comparisons.ExactMatch("citizenship").configure(term_frequency_adjustments=True),
            comparisons.ExactMatch("document"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("dob"),
            block_on("document"),
            block_on("name"),
            block_on("first_bone", "year"),
            block_on("last_bone", "year"),
            block_on("first_bone", "last_bone", "sex"),
        ],
        retain_matching_columns=False,
    )
    with duckdb.connect(":memory:") as connection:
        connection.sql("SET enable_progress_bar = false")
        api = DuckDBAPI(connection)
        linker = Linker(api.register(rows), settings, log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_bone", "last_bone"))
        predicted = linker.inference.predict(warning_mode="never")
        asked = f"SELECT unique_id_l, unique_id_r, match_probability FROM {predicted.physical_name}"
        found = connection.sql(asked).to_arrow_table()
    return figures_of(
        records,
        truth,
        found["unique_id_l"].to_numpy().astype(np.int64),
        found["unique_id_r"].to_numpy().astype(np.int64),
        found["match_probability"].to_numpy(),
    )


def main() -> None:
    """Measure each method once and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--consonants", action="store_true", help="also Corridor without the learned names: slow")
    given = parser.parse_args()
    records, truth = read_records(given.records), read_truth(given.truth)
    methods: dict[str, Callable[[], LinkageFigures]] = {
        "Splink alone, skeletons": lambda: splink_alone(records, truth),
        "Corridor, learned names": lambda: evaluate_linkage(records, truth, names_engine()),
    }
    if given.consonants:
        methods["Corridor, consonants only"] = lambda: evaluate_linkage(records, truth, ConsonantNames())
    rows = []
    for name, run in methods.items():
        cpu, wall = time.process_time(), time.perf_counter()
        figures = run()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append(
            (
                name,
                f"{figures.records:,}",
                f"{figures.true_pairs:,}",
                f"{figures.pairs_weighed:,}",
                f"{figures.candidate_recall:.3f}",
                f"{figures.recall_at_precision_99:.3f}",
                f"{figures.recall_at_precision_95:.3f}",
                f"{figures.best_f1:.3f}",
                number(cpu),
                number(wall),
                f"{peak:,.0f}",
            )
        )
    print(table("Duplicates found without labels", COLUMNS, rows))


if __name__ == "__main__":
    main()
