"""Which columns does Splink compare? Records as one table, with the places of those whose names are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corridor.names.records.candidates import Pairs
from corridor.names.records.record import Record, days_of, document_key, is_rough
from corridor.names.records.settings import NAME_LEVELS


def table_of(records: Sequence[Record], pairs: Pairs, levels: NDArray[np.int8], kin: NDArray[np.bool_]) -> pa.Table:
    """The table that `settings` describes: a row a record, `unique_id` and `place` being its place in `records`.

    `levels` is the level of likeness (0 to 5) of the names of each pair; `near_5` of a record holds the places of all
    whose names are alike at level 5, and so on, and `kin` of those whose names are of one family. Both records of a
    pair hold each other.
    """
    births = [record.birth for record in records]
    documents = [[key for number in record.documents if (key := document_key(number))] for record in records]
    columns: dict[str, pa.Array] = {
        "unique_id": pa.array(range(len(records)), pa.int32()),
        "place": pa.array(range(len(records)), pa.int32()),
        "named": pa.array([len(record.names) for record in records], pa.int32()),
        "born_year": pa.array([None if birth is None else birth.year for birth in births], pa.int32()),
        "born_month": pa.array([None if birth is None else birth.month for birth in births], pa.int32()),
        "born_day": pa.array([None if birth is None else birth.day for birth in births], pa.int32()),
        "born_days": pa.array([days_of(birth) for birth in births], pa.int32()),
        "born_rough": pa.array([birth is not None and is_rough(birth) for birth in births], pa.bool_()),
        "sex": pa.array([record.sex for record in records], pa.string()),
        "citizenship": pa.array([next(iter(record.citizenships), None) for record in records], pa.string()),
        "citizenships": pa.array([list(record.citizenships) for record in records], pa.list_(pa.string())),
        "document": pa.array([next(iter(some), None) for some in documents], pa.string()),
        "documents": pa.array(documents, pa.list_(pa.string())),
    }
    for level in range(1, NAME_LEVELS + 1):
        columns[f"near_{level}"] = _near(len(records), pairs, levels == level)
    columns["kin"] = _near(len(records), pairs, kin)
    return pa.table(columns)


def _near(count: int, pairs: Pairs, chosen: NDArray[np.bool_]) -> pa.Array:
    """For each record the places of the others that it makes a chosen pair with."""
    owners = np.concatenate([pairs.first[chosen], pairs.second[chosen]])
    others = np.concatenate([pairs.second[chosen], pairs.first[chosen]])
    order = np.lexsort((others, owners))
    starts = np.searchsorted(owners[order], np.arange(count + 1))
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(others[order], pa.int32()))
