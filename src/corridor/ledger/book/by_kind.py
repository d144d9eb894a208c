"""Which events of a kind ever came in, so that few events are found without looking through all rows."""

from __future__ import annotations

import threading
from collections.abc import Collection

import numpy as np

from corridor.base.moments import Moment
from corridor.ledger.book.rows import LINE_BITS, event_keys
from corridor.ledger.columns import Columns, Ints

_NOTHING = np.empty(0, dtype=np.int64)


class EventsByKind:
    """The keys of a ledger's events by the number of their kind, and when each happened. `read_on` brings it up to
    date; then it may be asked."""

    def __init__(self) -> None:
        self._rows = 0  # read so far
        self._reading = threading.Lock()
        self._found: dict[int, list[tuple[Ints, Ints]]] = {}  # by kind: keys, ascending, and moments, in pieces
        self._known = _NOTHING  # by batch

    def read_on(self, columns: Columns, lock: threading.RLock) -> None:
        """Read what has come in since; `lock` is the ledger's."""
        if self._rows == len(columns):
            return
        with self._reading:
            with lock:
                rows = columns.rows_since(self._rows)
                known = columns.batches.known_at[len(self._known) :]
            self._known = np.append(self._known, np.array(known, dtype=np.int64))
            keys = event_keys(rows["batch"], rows["line"])
            first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else _NOTHING
            first = first[np.argsort(keys[first], kind="stable")]
            keys, at, kind = keys[first], rows["at"][first], rows["kind"][first]
            order = np.argsort(kind, kind="stable")
            starts = np.flatnonzero(np.append(True, np.diff(kind[order]) != 0)) if len(order) else _NOTHING
            for group in np.split(order, starts[1:]) if len(order) else ():
                self._found.setdefault(int(kind[group[0]]), []).append((keys[group], at[group]))
            self._rows += len(rows["person"])

    def keys(
        self, of_kinds: Collection[int], batches: int, at: Moment, known: Moment, among: Ints | None = None
    ) -> Ints:
        """The keys, ascending, of the events of these kinds that happened by `at` and were known by `known`, out of the
        first so many batches; `among` these keys, if given."""
        found = [self._of_kind(kind, batches, at, known, among) for kind in of_kinds]
        several = [one for one in found if len(one)]
        if len(several) < 2:
            return several[0] if several else _NOTHING
        return np.sort(np.concatenate(several))

    def _of_kind(self, kind: int, batches: int, at: Moment, known: Moment, among: Ints | None) -> Ints:
        pieces = self._found.get(kind)
        if not pieces:
            return _NOTHING
        if len(pieces) > 1:
            with self._reading:
                pieces = self._found[kind]
                whole = (np.concatenate([keys for keys, _ in pieces]), np.concatenate([when for _, when in pieces]))
                pieces = self._found[kind] = [whole]
        keys, when = pieces[0]
        if among is not None:
            place = np.searchsorted(keys, among)
            place = place[place < len(keys)]
            place = place[keys[place] == among[: len(place)]]
            keys, when = keys[place], when[place]
        end = int(np.searchsorted(keys, batches << LINE_BITS))
        keys, when = keys[:end], when[:end]
        found: Ints = keys[(when <= at) & (self._known[keys >> LINE_BITS] <= known)]
        return found
