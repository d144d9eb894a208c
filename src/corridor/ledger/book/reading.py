"""Where everybody is: the ledger read as double entry, at any moment and as known at any other.

The book is a projection of the columns: nothing in it is written by hand, and it can be read again from zero. What
`corridor.ledger.book.path.walk` says about one person, `corridor.ledger.book.view` says about everybody at once: it
follows the simple chains with columns, and walks only with the people whose records do not simply chain.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from corridor.base.ids import EventId, MovementId
from corridor.base.limits import BOOK_EVENTS_KEPT_MAX
from corridor.base.moments import Moment
from corridor.ledger.book.rows import (
    LINE_BITS,
    LINE_MASK,
    Bools,
    Sorted,
    Twins,
    event_keys,
    sorted_rows,
    twins,
    with_rows,
)
from corridor.ledger.book.ways import MovementTrack, OperationWays
from corridor.ledger.columns import Ints, Standing
from corridor.ledger.device import wire
from corridor.ledger.event import Event
from corridor.ledger.intake import Intake

_FEW = 8
"""Of so many rows at most one may be new for the new ones to be put among the others; else all are sorted."""


class Book:
    """The double-entry reading of what one ledger took in, over one operation's legs.

    `raw_of` fetches the bytes of a batch by its number in the ledger, for reading the body of an event.
    """

    def __init__(self, ways: OperationWays, intake: Intake, raw_of: Callable[[int], bytes]) -> None:
        self.ways = ways
        self.intake = intake
        self.columns = intake.columns
        self._raw_of = raw_of
        self._sorted: tuple[tuple[int, int], Twins, Sorted] | None = None
        self._sorting = threading.Lock()
        self.tracks: tuple[bytes, dict[MovementId, MovementTrack]] | None = None  # of the last view, by its events
        self._events: dict[int, Event] = {}  # read so far, by key
        self._batches_of: dict[tuple[int | None, int], list[int]] = {}  # by device and epoch, as they arrived
        self._batches_found = 0
        self._finding = threading.Lock()

    def sorted(self) -> Sorted:
        """The rows in the book's order; what has come since it was asked last is put among them. Waits for a commit
        under way."""
        with self._sorting:
            kept = self._sorted
            with self.intake.lock:
                if kept is not None and kept[0] == self.columns.version:
                    return kept[2]
                before = 0 if kept is None else len(kept[2].person)
                few = (len(self.columns) - before) * _FEW < before
                same = twins(self.columns.standing)
                add = kept is not None and few and kept[1] == same
                rows = self.columns.rows_since(before) if add else self.columns.rows()  # first: sealing may file rows
                version = self.columns.version
            # Without the ledger's lock: what comes in meanwhile need not wait.
            add_to = kept[2] if kept is not None and add else None
            found = sorted_rows(rows, self.columns) if add_to is None else with_rows(add_to, rows, self.columns)
            self._sorted = (version, same, found)
            return found

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


def see(rows: Sorted, at: Moment, known: Moment, unreadable: int) -> Seen:
    """Which rows count at (at, known): known, happened, not taken back, not repeated, not on a branch set aside."""
    visible = (rows.known <= known) & (rows.at <= at) & (rows.kind != unreadable)
    disputed = []
    taken_back = _taken_back(rows.standing_of, known)
    for position, standing in zip(rows.marked.tolist(), rows.standings, strict=True):
        event = (int(rows.batch[position]), int(rows.line[position]))
        if _set_aside(standing, known) or event in taken_back:
            visible[position] = False
        elif standing.disputed <= known < standing.believed:
            disputed.append(position)
    return Seen(visible, np.array(disputed, dtype=np.int64))


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
