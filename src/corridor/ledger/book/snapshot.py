"""Every row that the ledger had at one moment: those sorted before, and the few that came since.

What is asked about a few people takes their rows from both, so that a new batch costs what it touches; whoever asks for
the whole has the new rows put among the others, once.
"""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np

from corridor.ledger.book.rows import COLUMNS, Sorted, Twins, sorted_rows, with_rows
from corridor.ledger.columns import Columns, Ints


class Snapshot:
    """The rows of the first so many `batches`, as of one `version` of the columns. `same` are the hashes that the rows
    of `before` were sorted with."""

    def __init__(
        self,
        columns: Columns,
        version: tuple[int, int],
        batches: int,
        same: Twins,
        before: Sorted,
        added: Sorted,
    ) -> None:
        self.version = version
        self.same = same
        self.standing_of = added.standing_of
        self.batches = batches
        self._columns = columns
        self._parts = (before, added)
        self._joining = threading.Lock()

    def __len__(self) -> int:
        return self.version[0]

    @property
    def sorted_so_far(self) -> Sorted:
        """The rows that stand in the book's order already."""
        return self._parts[0]

    @property
    def whole(self) -> Sorted:
        """Every row, in the book's order."""
        with self._joining:
            before, added = self._parts
            if len(added.person) or before.standing_of is not self.standing_of:
                before = with_rows(before, added, self._columns)
                self._parts = (before, added.taken(np.empty(0, dtype=np.int64)))
            return before

    def of(self, persons: Ints) -> Sorted:
        """The rows of the people with these numbers, which ascend, in the book's order."""
        before, added = self._parts
        # One person's rows lie together: they are not even copied.
        own = before.span(int(persons[0])) if len(persons) == 1 else before.of_persons(persons)
        rows, new = before.taken(own), added.of_persons(persons)
        if not len(new):
            return replace(rows, standing_of=self.standing_of)
        both = {name: np.concatenate((getattr(rows, name), getattr(added, name)[new])) for name in COLUMNS}
        return sorted_rows(both, self._columns, self.standing_of)
