"""What a view takes over from the one before it, and of whom it knows something new.

Nothing about a person changes from one view to a later one of the same book unless a row about them came in, a row
ahead of the clocks was reached, somebody's record was taken back, disputed or judged, or ids were merged or parted.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.base.ids import MovementId, PersonId
from corridor.base.moments import Moment
from corridor.ledger.book.placing import Positions
from corridor.ledger.book.rows import LINE_BITS, Bools, distinct, event_keys
from corridor.ledger.book.snapshot import Snapshot
from corridor.ledger.book.ways import MovementTrack
from corridor.ledger.columns import Ints

if TYPE_CHECKING:
    from corridor.ledger.book.reading import Book, Judged

_STEPS_MAX = 1_000
_BASES_MAX = 4
_AHEAD_MIN = 1_000
_PART = 8
"""When something is new about more than one in so many, everybody is looked at."""


class Lineage:
    """Views of which each followed the one before, by their numbers; `kept` is what was worked out from one of them,
    with its number."""

    def __init__(self) -> None:
        self.kept: dict[object, tuple[int, Any]] = {}
        self._new: dict[int, tuple[Ints, Ints]] = {}
        self._last = 0

    def add(self, touched: Ints, events: Ints) -> int:
        """The number of a view that knows something new of these people (by number), by these events (by key)."""
        self._last += 1
        self._new[self._last] = (touched, events)
        self._new.pop(self._last - _STEPS_MAX, None)
        return self._last

    def between(self, one: int, other: int) -> Ints | None:
        """Of whom one of two views knows something that the other does not (or hardly anybody else), ascending; None:
        so much was new since that nobody can say."""
        return self._joined(one, other, 0)

    def events_between(self, one: int, other: int) -> Ints | None:
        """The keys, ascending, of the events that only one of two views sees, or that are disputed in one of them;
        None: as above."""
        return self._joined(one, other, 1)

    def _joined(self, one: int, other: int, which: int) -> Ints | None:
        found = [self._new.get(step) for step in range(min(one, other) + 1, max(one, other) + 1)]
        steps = [new[which] for new in found if new is not None]
        if len(steps) < len(found):
            return None
        return distinct(np.concatenate(steps)) if steps else np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The rows that a view does not see because of its clocks: whom each names, the key of its event, when it happened
    and became known."""

    person: Ints
    key: Ints
    at: Ints
    known: Ints

    def and_also(self, other: Ahead) -> Ahead:
        """These and the others."""
        return Ahead(
            np.concatenate((self.person, other.person)),
            np.concatenate((self.key, other.key)),
            np.concatenate((self.at, other.at)),
            np.concatenate((self.known, other.known)),
        )

    def parted(self, at: Moment, known: Moment) -> tuple[Ahead, Ahead]:
        """Those that are ahead of these clocks, too, and the others."""
        wait = (self.at > at) | (self.known > known)
        return self._where(wait), self._where(~wait)

    def _where(self, chosen: Bools) -> Ahead:
        return Ahead(self.person[chosen], self.key[chosen], self.at[chosen], self.known[chosen])


@dataclass(frozen=True, slots=True)
class Basis:
    """What one view found, for those that follow it."""

    at: Moment
    known: Moment
    rows: int  # of the ledger
    judged: Judged
    merged: Mapping[PersonId, PersonId]
    tracks: Mapping[MovementId, MovementTrack]
    positions: Positions
    ahead: Ahead
    lineage: Lineage
    step: int


@dataclass(slots=True)
class Bases:
    """The last views of a book that others may follow: of each lineage the last, of several clocks the newest."""

    following: threading.Lock = field(default_factory=threading.Lock)  # one view at a time follows
    _bases: list[Basis] = field(default_factory=list)

    def best_for(self, at: Moment, known: Moment, rows: int) -> Basis | None:
        """The one that least has happened since; None: there is none that is not later."""
        before = [one for one in self._bases if one.at <= at and one.known <= known and one.rows <= rows]
        return max(before, key=lambda one: (one.rows, one.at), default=None)

    def put(self, basis: Basis, instead_of: Basis | None) -> None:
        """Keep a basis; the one that it followed is followed by nobody else."""
        self._bases = [*[one for one in self._bases if one is not instead_of][1 - _BASES_MAX :], basis]


def new_rows(book: Book, snapshot: Snapshot, since: int) -> Ahead:
    """The rows of a snapshot that came after the first so many."""
    with book.intake.lock:
        rows = book.columns.rows_since(since)
    here = len(snapshot) - since
    batch, known_at = rows["batch"][:here].tolist(), book.columns.batches.known_at
    known = np.array([known_at[one] for one in batch], dtype=np.int64)
    keys = event_keys(rows["batch"][:here], rows["line"][:here])
    return Ahead(rows["person"][:here].astype(np.int64), keys, rows["at"][:here], known)


def ahead_of(snapshot: Snapshot, at: Moment, known: Moment) -> Ahead | None:
    """All rows that a view at these clocks does not see because of them; None: too many for others to follow it."""
    rows = snapshot.whole
    wait = np.flatnonzero((rows.at > at) | (rows.known > known))
    if len(wait) > max(_AHEAD_MIN, len(rows.at) // _PART):
        return None
    keys = event_keys(rows.batch[wait], rows.line[wait])
    return Ahead(rows.person[wait].astype(np.int64), keys, rows.at[wait], rows.known[wait])


def too_many(touched: Ints, among: int) -> bool:
    """Whether something is new about so many that everybody is looked at."""
    return len(touched) > max(_AHEAD_MIN, among // _PART)


def touched_since(
    basis: Basis,
    book: Book,
    seen: Ahead,
    judged: Judged,
    merged: Mapping[PersonId, PersonId],
    tracks: Mapping[MovementId, MovementTrack],
) -> tuple[Ints, Ints]:
    """Of whom something is new, by number, and by which events, by key; ascending. `seen`: the rows that were not seen
    before."""
    numbers = book.columns.persons.numbers
    other = (basis.judged.aside ^ judged.aside) | (basis.judged.disputed ^ judged.disputed)
    named = {person for batch, line in other for person in book.event(batch, line).persons}
    of_two = basis.merged.items() ^ merged.items()
    named |= {person for pair in of_two for person in pair}
    walked = basis.positions.walked if basis.tracks is not tracks and basis.tracks != tracks else ()
    more = [numbers[person] for person in named if person in numbers]
    found = np.append(seen.person, np.array([*more, *walked], dtype=np.int64))
    if merged:
        read_as = {numbers[dropped]: numbers[kept] for dropped, kept in merged.items()}
        of_kept = [read_as[number] for number in found.tolist() if number in read_as]
        found = np.append(found, np.array(of_kept, dtype=np.int64))
    found = distinct(found)
    keys = np.array([batch << LINE_BITS | line for batch, line in other], dtype=np.int64)
    return found[found >= 0], distinct(np.append(seen.key, keys))
