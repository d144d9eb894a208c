"""What was learned: the vectors of parts of names, where the lists of the index lie, how candidates are weighed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.ngrams import BUCKETS, grams_of

Floats: TypeAlias = NDArray[np.float32]
Bytes: TypeAlias = NDArray[np.int8]

SHIPPED = "weights/names-1.npz"
ENCODED_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The learned weights. Rows are kept in 8 bits with a scale each; `fingerprint` tells two models apart."""

    table: Bytes  # buckets x dimensions
    scales: Floats  # a row's values are its bytes times its scale
    centres: Bytes  # lists x dimensions
    rank: dict[str, NDArray[np.float64]]  # the re-ranker's layers, by name
    letters: Floats  # log odds that a letter of one name stands for a letter of the other; see `letters`
    fingerprint: int

    @property
    def dimensions(self) -> int:
        """How long a vector is."""
        return int(self.table.shape[1])

    def part_vectors(self, keys: Sequence[str]) -> Floats:
        """The vectors of parts, not brought to length one: a common part is short, a telling one long."""
        found = np.empty((len(keys), self.dimensions), np.float32)
        for begin in range(0, len(keys), ENCODED_AT_ONCE):
            grams = grams_of(keys[begin : begin + ENCODED_AT_ONCE])
            rows = self.table[grams.buckets] * self.scales[grams.buckets, None]
            sums = np.add.reduceat(rows, grams.starts, axis=0)
            found[begin : begin + ENCODED_AT_ONCE] = sums / np.sqrt(grams.counts, dtype=np.float32)[:, None]
        return found

    def save(self, file: Path) -> None:
        """Write the weights; the same weights give the same bytes."""
        rank = {f"rank_{name}": layer for name, layer in self.rank.items()}
        np.savez_compressed(
            file,
            table=self.table,
            scales=self.scales,
            centres=self.centres,
            letters=self.letters,
            allow_pickle=False,
            **rank,
        )


def load_model(file: Path) -> Model:
    """Read weights that `Model.save` wrote."""
    with np.load(file, allow_pickle=False) as kept:
        table = kept["table"]
        assert table.shape[0] == BUCKETS, "the weights were made for another number of buckets"
        rank = {name.removeprefix("rank_"): kept[name] for name in sorted(kept.files) if name.startswith("rank_")}
        fingerprint = zlib.crc32(table.tobytes())
        for name in sorted(kept.files):
            fingerprint = zlib.crc32(kept[name].tobytes(), fingerprint) if name != "table" else fingerprint
        return Model(
            table=table,
            scales=kept["scales"],
            centres=kept["centres"],
            rank=rank,
            letters=kept["letters"],
            fingerprint=fingerprint,
        )


@cache
def shipped_model() -> Model:
    """The weights that come with the program, read once."""
    return load_model(Path(str(files("corridor.names").joinpath(SHIPPED))))


def to_bytes(rows: Floats) -> tuple[Bytes, Floats]:
    """Rows in 8 bits, and the scale of each; float32 holds the dot products of such rows exactly."""
    scales = (np.abs(rows).max(axis=1) / np.float32(127.0)).astype(np.float32)
    scales[scales == 0] = 1.0
    return np.rint(rows / scales[:, None]).astype(np.int8), scales
