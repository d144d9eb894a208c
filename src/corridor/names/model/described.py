"""What is known of parts of names, as columns: vector, script, letters, consonants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.letters import LETTERS_MAX, codes_of
from corridor.names.model.weights import Bytes, Floats, Model, to_bytes
from corridor.names.nicknames import given_name
from corridor.names.normalise import part_of
from corridor.names.skeleton import skeleton
from corridor.names.storage import grown, hashed

SCRIPTS = ("latin", "cyrillic", "arabic", "hebrew", "other")


@dataclass(slots=True)
class Described:
    """Parts of names as columns."""

    vectors: Bytes
    scales: Floats
    norms: Floats  # how telling the part is
    scripts: NDArray[np.uint8]
    marks: NDArray[np.uint8]
    lengths: NDArray[np.uint8]
    bones: NDArray[np.uint32]  # the hash of the skeleton; 0 when it has none
    letters: NDArray[np.uint8]
    spelled: NDArray[np.uint32]  # the hash of the letters
    given: NDArray[np.uint32]  # the hash of the full given name, where the part is one or is short for one; else 0

    @classmethod
    def of(cls, model: Model, keys: Sequence[str]) -> Self:
        """Describe these parts."""
        vectors, scales = to_bytes(model.part_vectors(keys))
        whole = vectors.astype(np.float32)
        norms = np.sqrt(np.einsum("ij,ij->i", whole, whole)) * scales
        parts = [part_of(key) for key in keys]
        bones = [skeleton(key) for key in keys]
        return cls(
            vectors=vectors,
            scales=scales,
            norms=norms.astype(np.float32),
            scripts=np.array([SCRIPTS.index(part.script) for part in parts], np.uint8),
            marks=np.array([2 if part.abd else 1 if part.article else 0 for part in parts], np.uint8),
            lengths=np.array([len(part.text) for part in parts], np.uint8),
            bones=np.array([hashed(bone) if bone else 0 for bone in bones], np.uint32),
            letters=codes_of([part.text for part in parts]),
            spelled=np.array([hashed(part.text) for part in parts], np.uint32),
            given=np.array([hashed(full) if (full := given_name(part.text)) else 0 for part in parts], np.uint32),
        )

    @classmethod
    def empty(cls, dimensions: int) -> Self:
        """No parts."""
        return cls(
            vectors=np.zeros((0, dimensions), np.int8),
            scales=np.zeros(0, np.float32),
            norms=np.zeros(0, np.float32),
            scripts=np.zeros(0, np.uint8),
            marks=np.zeros(0, np.uint8),
            lengths=np.zeros(0, np.uint8),
            bones=np.zeros(0, np.uint32),
            letters=np.zeros((0, LETTERS_MAX), np.uint8),
            spelled=np.zeros(0, np.uint32),
            given=np.zeros(0, np.uint32),
        )

    def take(self, places: NDArray[np.int64]) -> Self:
        """The parts at these places."""
        return type(self)(*(getattr(self, column.name)[places] for column in fields(self)))

    def joined(self, others: Self) -> Self:
        """These parts and behind them the others."""
        return type(self)(
            *(np.concatenate([getattr(self, column.name), getattr(others, column.name)]) for column in fields(self))
        )

    def put(self, places: NDArray[np.int64], rows: Self) -> None:
        """Write rows at these places, with room made for them."""
        for column in fields(self):
            widened = grown(getattr(self, column.name), int(places.max(initial=-1)) + 1)
            widened[places] = getattr(rows, column.name)
            setattr(self, column.name, widened)

    def clear(self, place: int) -> None:
        """Overwrite one row with zeros."""
        for column in fields(self):
            getattr(self, column.name)[place] = 0
