"""Where everybody is: the ledger read as double entry, at any moment and as known at any other.

The book is a projection of the columns: nothing in it is written by hand, and it can be read again from zero. What
`corridor.ledger.book.path.walk` says about one person, `corridor.ledger.book.view` says about everybody at once: it
follows the simple chains with columns, and walks only with the people whose records do not simply chain.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from corridor.base.ids import EventId, MovementId
from corridor.base.limits import BOOK_EVENTS_KEPT_MAX
from corridor.base.moments import Moment
from corridor.ledger.book.by_kind import EventsByKind
from corridor.ledger.book.following import Bases
from corridor.ledger.book.rows import (
    LINE_BITS,
    LINE_MASK,
    Bools,
    Sorted,
    event_keys,
    positions_of,
    sorted_rows,
    twins,
)
from corridor.ledger.book.snapshot import Snapshot
from corridor.ledger.book.ways import MovementTrack, OperationWays
from corridor.ledger.columns import Ints, Standing
from corridor.ledger.device import wire
from corridor.ledger.event import Event
from corridor.ledger.intake import Intake
from corridor.ledger.kinds import UNREADABLE

_FEW = 8
"""Of so many rows at most one may be new for the new ones to be put among the others; else all are sorted."""
TRACKS_KEPT_MAX = 8
"""Of so many different sets of events the movements' ways are remembered: boards at other clocks come and go."""
_ADDED_MAX = 20_000
"""When more rows than this are new, they are put among the others though nobody asks for the whole."""


class Book:
    """The double-entry reading of what one ledger took in, over one operation's legs.

    `raw_of` fetches the bytes of a batch by its number in the ledger, for reading the body of an event.
    """

    def __init__(self, ways: OperationWays, intake: Intake, raw_of: Callable[[int], bytes]) -> None:
        self.ways = ways
        self.intake = intake
        self.columns = intake.columns
        self._raw_of = raw_of
        self._snapshot: Snapshot | None = None  # the last one
        self._by_kind = EventsByKind()
        self._sorting = threading.Lock()
        self.tracks: dict[bytes, dict[MovementId, MovementTrack]] = {}  # of the last views, by their events
        self.bases = Bases()  # what later views take over from the last ones
        self._events: dict[int, Event] = {}  # read so far, by key
        self._batches_of: dict[tuple[int | None, int], list[int]] = {}  # by device and epoch, as they arrived
        self._batches_found = 0
        self._finding = threading.Lock()

    def snapshot(self) -> Snapshot:
        """Every row the ledger has now. Waits for a commit under way."""
        with self._sorting:
            kept = self._snapshot
            with self.intake.lock:
                if kept is not None and kept.version == self.columns.version:
                    return kept
                same = twins(self.columns.standing)
                before = None if kept is None or kept.same != same else kept.sorted_so_far
                number = 0 if before is None else len(before.person)
                few = (len(self.columns) - number) * _FEW < number
                rows = self.columns.rows_since(number) if few else self.columns.rows()  # first: sealing may file rows
                version, standing_of = self.columns.version, dict(self.columns.standing)
                batches = len(self.columns.batches.number)
            # Without the ledger's lock: what comes in meanwhile need not wait.
            found = sorted_rows(rows, self.columns, standing_of)
            nothing = found.taken(np.empty(0, dtype=np.int64))
            if before is None or not few:
                before, found = found, nothing
            self._snapshot = Snapshot(self.columns, version, batches, same, before, found)
            if len(found.person) > _ADDED_MAX:
                _ = self._snapshot.whole
            return self._snapshot

    def sorted(self) -> Sorted:
        """Every row in the book's order; what has come since it was asked last is put among those before."""
        return self.snapshot().whole

    def keys_of(
        self,
        of_kinds: Collection[str],
        snapshot: Snapshot,
        at: Moment,
        judged: Judged,
        among: Ints | None = None,
    ) -> Ints:
        """The keys, ascending, of the events of these kinds that a view of a snapshot sees at (at, judged.known);
        `among` these keys (ascending) only, if given."""
        self._by_kind.read_on(self.columns, self.intake.lock)
        numbers = self.columns.kinds.numbers
        wanted = {numbers[kind] for kind in of_kinds if kind in numbers and kind != UNREADABLE}
        keys = self._by_kind.keys(wanted, snapshot.batches, at, judged.known, among)
        if judged.aside and len(keys):
            aside = np.array([batch << LINE_BITS | line for batch, line in judged.aside], dtype=np.int64)
            keys = keys[~np.isin(keys, aside)]
        return keys

    def arrived(self, since: int) -> tuple[int, Ints, Ints]:
        """What has come since there were so many rows: how many there are now, and kind and key of each new event."""
        with self.intake.lock:
            rows = self.columns.rows_since(since)
        keys, first = np.unique(event_keys(rows["batch"], rows["line"]), return_index=True)
        return since + len(rows["person"]), rows["kind"][first].astype(np.int64), keys

    def event(self, batch: int, line: int) -> Event:
        """The event on a line of a batch (index into the columns' batches), read from the bytes as received."""
        return self.events([batch << LINE_BITS | line])[0]

    def events(self, keys: list[int]) -> list[Event]:
        """The events with these `event_keys`, in this order; each batch is fetched once, and what was read is kept."""
        kept = self._events
        missing = sorted({key for key in keys if key not in kept})
        if len(kept) + len(missing) > BOOK_EVENTS_KEPT_MAX:
            kept = self._events = {}
            missing = sorted(set(keys))
        for batch, group in groupby(missing, key=lambda key: key >> LINE_BITS):
            self._read_events(batch, [key & LINE_MASK for key in group], kept)
        return [kept[key] for key in keys]

    def _read_events(self, batch: int, lines: Sequence[int], into: dict[int, Event]) -> None:
        """Read some lines of a batch, in ascending order."""
        batches = self.columns.batches
        frame = wire.unframe(self._raw_of(batches.number[batch]))
        hashes = wire.chain(frame.prev, frame.lines[: lines[-1] + 1])
        known_at = Moment(batches.known_at[batch])
        for index in lines:
            line = wire.read_line(frame.lines[index]) or wire.UNREADABLE_LINE
            id_ = self.columns.event_id(batch, index)
            into[batch << LINE_BITS | index] = wire.event_of(line, id_, hashes[index], known_at)

    def find(self, event: EventId) -> Event | None:
        """The accepted event with this id; None when there is none. Of a fork's several, the first received."""
        device = self.columns.devices.numbers.get(event.device)
        batches = self.columns.batches
        with self._finding:
            for batch in range(self._batches_found, len(batches.row)):
                self._batches_of.setdefault((batches.device[batch], batches.epoch[batch]), []).append(batch)
                self._batches_found = batch + 1
        for batch in self._batches_of.get((device, event.epoch), ()):
            if 0 <= event.seq - batches.first[batch] < batches.count[batch]:
                return self.event(batch, event.seq - batches.first[batch])
        return None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is visible at (at, known): positions of believed rows, and of disputed ones among them."""

    visible: Bools
    disputed: Ints


@dataclass(frozen=True, slots=True)
class Judged:
    """The events (batch index, line) that count nowhere, and those that are disputed, as known at `known`; `back` are
    those that a believed correction takes back, which count nowhere either."""

    known: Moment
    aside: frozenset[tuple[int, int]]
    disputed: frozenset[tuple[int, int]]
    back: frozenset[tuple[int, int]]


def judge(standing_of: Mapping[tuple[int, int], Standing], known: Moment) -> Judged:
    """What is known by then of the events whose standing is not plain."""
    back = frozenset(_taken_back(standing_of, known))
    aside, disputed = set(back), set()
    for event, standing in standing_of.items():
        if _set_aside(standing, known):
            aside.add(event)
        elif event not in aside and standing.disputed <= known < standing.believed:
            disputed.add(event)
    return Judged(known, frozenset(aside), frozenset(disputed), back)


def see(rows: Sorted, at: Moment, judged: Judged, unreadable: int) -> Seen:
    """Which rows count at (at, judged.known): known, happened, not taken back, not repeated, not on a branch set
    aside."""
    visible = (rows.known <= judged.known) & (rows.at <= at) & (rows.kind != unreadable)
    visible[positions_of(rows, judged.aside)] = False
    disputed = positions_of(rows, judged.disputed)
    return Seen(visible, disputed[visible[disputed]])


def _set_aside(standing: Standing, known: Moment) -> bool:
    return standing.repeated or min(standing.revoked, standing.aside) <= known


def _taken_back(standing_of: Mapping[tuple[int, int], Standing], known: Moment) -> set[tuple[int, int]]:
    """The events (batch index, line) that a believed correction takes back; a corrected correction takes back nothing.

    A correction on a forked chain counts once an officer believes its branch. Corrections that hang on themselves in a
    circle, which only a hostile device makes, all count. Worked out from the corrections nobody corrects onwards.
    """
    correctors = {
        event: [(one.batch, one.line) for one in standing.corrections if one.known_at <= known]
        for event, standing in standing_of.items()
        if standing.corrections
    }
    correctors = {event: found for event, found in correctors.items() if found}
    waits_for = {event: sum(one in correctors for one in found) for event, found in correctors.items()}
    corrects: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for event, found in correctors.items():
        for one in found:
            corrects.setdefault(one, []).append(event)
    back: set[tuple[int, int]] = set()
    ready = [event for event, number in waits_for.items() if number == 0]
    settled = set(ready)
    while ready:
        event = ready.pop()
        if any(one not in back and _believed(standing_of.get(one), known) for one in correctors[event]):
            back.add(event)
        for other in corrects.get(event, ()):
            waits_for[other] -= 1
            if waits_for[other] == 0:
                ready.append(other)
                settled.add(other)
    return back | (correctors.keys() - settled)


def _believed(standing: Standing | None, known: Moment) -> bool:
    return standing is None or not (_set_aside(standing, known) or standing.disputed <= known < standing.believed)
