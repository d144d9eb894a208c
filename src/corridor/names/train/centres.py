"""Where the lists of the index lie: centres of the vectors of many names, found once and shipped with the model."""

from __future__ import annotations

import numpy as np

from corridor.names.model.weights import Bytes, Floats

LISTS = 1024
ROUNDS = 8


def centres(vectors: Floats, rng: np.random.Generator) -> Bytes:
    """The centres of `LISTS` lists by k-means on the sphere, in 8 bits with one scale for all."""
    found = vectors[rng.choice(len(vectors), min(LISTS, len(vectors)), replace=False)]
    for _ in range(ROUNDS):
        nearest = np.concatenate(
            [np.argmax(some @ found.T, axis=1) for some in np.array_split(vectors, len(vectors) // 20_000 + 1)]
        )
        order = np.argsort(nearest, kind="stable")
        firsts = np.flatnonzero(np.diff(nearest[order], prepend=-1))
        sums = np.add.reduceat(vectors[order], firsts, axis=0)
        found[nearest[order][firsts]] = sums / (np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None] + 1e-9)
    answer: Bytes = np.rint(found * (127.0 / np.abs(found).max())).astype(np.int8)
    return answer
