"""What the index knows of each distinct part of its names; counted, so that it forgets a part nobody bears."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from corridor.names.model.described import Described
from corridor.names.model.weights import Model
from corridor.names.storage import grown


class Vocabulary:
    """The distinct parts in the index, by number. A part that no name bears any more is forgotten."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._numbers: dict[str, int] = {}
        self._keys: list[str] = []
        self._bearers = np.zeros(0, np.int32)
        self._free: list[int] = []
        self.described = Described.empty(model.dimensions)

    def __len__(self) -> int:
        return len(self._numbers)

    def bear(self, names: Sequence[tuple[str, ...]]) -> list[list[int]]:
        """The numbers of the parts of these names, new ones described; each is counted once for each time it stands."""
        new = list(dict.fromkeys(key for keys in names for key in keys if key not in self._numbers))
        if new:
            places = [self._place() for _ in new]
            for key, place in zip(new, places, strict=True):
                self._numbers[key] = place
                self._keys[place] = key
            self.described.put(np.array(places, np.int64), Described.of(self._model, new))
            self._bearers = grown(self._bearers, len(self._keys))
        borne = [[self._numbers[key] for key in keys] for keys in names]
        np.add.at(self._bearers, [number for numbers in borne for number in numbers], 1)
        return borne

    def describe(self, keys: Sequence[str]) -> Described:
        """What is known of these parts, whether a name bears them or not."""
        numbers = [self._numbers.get(key, -1) for key in keys]
        found = self.described.take(np.array([number for number in numbers if number >= 0], np.int64))
        new = [place for place, number in enumerate(numbers) if number < 0]
        if not new:
            return found
        others = Described.of(self._model, [keys[place] for place in new])
        if len(new) == len(keys):
            return others
        order = np.argsort([*(place for place, number in enumerate(numbers) if number >= 0), *new])
        return found.joined(others).take(order)

    def _place(self) -> int:
        """A number that is free."""
        if self._free:
            return self._free.pop()
        self._keys.append("")
        return len(self._keys) - 1

    def release(self, numbers: Sequence[int]) -> None:
        """One name that bore these parts is gone."""
        for number in numbers:
            self._bearers[number] -= 1
            if self._bearers[number] == 0:
                self._forget(number)

    def sweep(self) -> None:
        """Forget every part that no name bears."""
        for number in [number for number in self._numbers.values() if self._bearers[number] == 0]:
            self._forget(number)

    def keys(self) -> list[str]:
        """The keys of all parts."""
        return list(self._numbers)

    def keys_of(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The keys of parts by number, in that order."""
        return tuple(self._keys[number] for number in numbers)

    def restore(self, keys: Sequence[str], rows: Described) -> None:
        """Take the parts that a file kept, borne by no name yet; only for an empty vocabulary."""
        assert not self._keys, "parts are restored into an empty vocabulary"
        if not len(keys) == len(set(keys)) == len(rows.norms):
            raise ValueError(f"{len(keys)} keys for {len(rows.norms)} parts")
        self._keys, self._numbers = list(keys), {key: number for number, key in enumerate(keys)}
        self.described, self._bearers = rows, np.zeros(len(keys), np.int32)

    def _forget(self, number: int) -> None:
        del self._numbers[self._keys[number]]
        self._keys[number] = ""
        self.described.clear(number)
        self._free.append(number)
