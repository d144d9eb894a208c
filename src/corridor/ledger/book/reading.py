"""Where everybody is: the ledger read as double entry, at any moment and as known at any other.

The book is a projection of the columns: nothing in it is written by hand, and it can be read again from zero. What
`corridor.ledger.book.path.walk` says about one person, `corridor.ledger.book.view` says about everybody at once: it
follows the simple chains with columns, and walks only with the people whose records do not simply chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from corridor.base.ids import EventId
from corridor.base.limits import BOOK_EVENTS_KEPT_MAX
from corridor.base.moments import Moment
from corridor.ledger.book.ways import OperationWays
from corridor.ledger.columns import Columns, Ints, Standing
from corridor.ledger.device import wire
from corridor.ledger.event import Event
from corridor.ledger.intake import Intake

Bools = npt.NDArray[np.bool_]
_LINE_BITS = 9  # a batch has at most 256 lines
_LINE_MASK = (1 << _LINE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Sorted:
    """Every row, by person, then corrected time, then event id; arrays of equal length."""

    person: Ints  # -1: the event names nobody
    at: Ints
    known: Ints  # when the row's batch became known
    source: Ints
    target: Ints
    kind: Ints
    uncertainty: Ints
    batch: Ints
    line: Ints
    marked: Ints  # positions of the rows whose standing is not plain
    standings: tuple[Standing, ...]  # of those rows
    standing_of: Mapping[tuple[int, int], Standing]  # of every event whose standing is not plain, by (batch, line)


class Book:
    """The double-entry reading of what one ledger took in, over one operation's legs.

    `raw_of` fetches the bytes of a batch by its number in the ledger, for reading the body of an event.
    """

    def __init__(self, ways: OperationWays, intake: Intake, raw_of: Callable[[int], bytes]) -> None:
        self.ways = ways
        self.intake = intake
        self.columns = intake.columns
        self._raw_of = raw_of
        self._sorted: tuple[tuple[int, int], Sorted] | None = None
        self._events: dict[int, Event] = {}  # read so far, by key

    def sorted(self) -> Sorted:
        """The rows in the book's order; sorted anew when the columns have changed. Waits for a commit under way."""
        with self.intake.lock:
            kept = self._sorted
            if kept is not None and kept[0] == self.columns.version:
                return kept[1]
            rows = self.columns.rows()  # first: sealing may file rows as unreadable
            version = self.columns.version
        found = _sort(rows, self.columns)  # without the lock: what comes in meanwhile need not wait
        self._sorted = (version, found)
        return found

    def arrived(self, since: int) -> tuple[int, Ints, Ints]:
        """What has come since there were so many rows: how many there are now, and kind and key of each new event."""
        with self.intake.lock:
            rows = self.columns.rows_since(since)
        keys, first = np.unique(event_keys(rows["batch"], rows["line"]), return_index=True)
        return since + len(rows["person"]), rows["kind"][first].astype(np.int64), keys

    def event(self, batch: int, line: int) -> Event:
        """The event on a line of a batch (index into the columns' batches), read from the bytes as received."""
        return self.events([batch << _LINE_BITS | line])[0]

    def events(self, keys: list[int]) -> list[Event]:
        """The events with these `event_keys`, in this order; each batch is fetched once, and what was read is kept."""
        kept = self._events
        missing = sorted({key for key in keys if key not in kept})
        if len(kept) + len(missing) > BOOK_EVENTS_KEPT_MAX:
            kept = self._events = {}
            missing = sorted(set(keys))
        for batch, group in groupby(missing, key=lambda key: key >> _LINE_BITS):
            self._read_events(batch, [key & _LINE_MASK for key in group], kept)
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
            into[batch << _LINE_BITS | index] = wire.event_of(line, id_, hashes[index], known_at)

    def find(self, event: EventId) -> Event | None:
        """The accepted event with this id; None when there is none. Of a fork's several, the first received."""
        device = self.columns.devices.numbers.get(event.device)
        batches = self.columns.batches
        for batch, (number, epoch, first) in enumerate(zip(batches.device, batches.epoch, batches.first, strict=True)):
            if number == device and epoch == event.epoch and first <= event.seq < first + batches.count[batch]:
                return self.event(batch, event.seq - first)
        return None


def _sort(rows: dict[str, npt.NDArray[np.signedinteger]], columns: Columns) -> Sorted:
    """Put the rows in the book's order; event ids break ties by the text of the device, never by arrival."""
    person, at, batch = rows["person"].astype(np.int64), rows["at"].astype(np.int64, copy=False), rows["batch"]
    order = _order(person, at)
    person, at = person[order], at[order]
    order = _break_ties(order, person, at, rows, columns)
    known = np.array(columns.batches.known_at, dtype=np.int64)
    batch = batch[order]
    line = rows["line"][order]
    marked, standings = _marked(batch, line, columns)
    return Sorted(
        person=person,
        at=at,
        known=known[batch] if len(batch) else np.empty(0, dtype=np.int64),
        source=rows["source"][order].astype(np.int64),
        target=rows["target"][order].astype(np.int64),
        kind=rows["kind"][order].astype(np.int64),
        uncertainty=rows["uncertainty"][order].astype(np.int64, copy=False),
        batch=batch.astype(np.int64),
        line=line.astype(np.int64),
        marked=marked,
        standings=standings,
        standing_of=dict(columns.standing),
    )


def _order(person: Ints, at: Ints) -> Ints:
    """The order by person, then time; both in one whole number where they fit, which sorts several times faster."""
    if len(at) == 0:
        return np.empty(0, dtype=np.int64)
    start = int(at.min())
    bits = int(at.max() - start).bit_length()
    if int(person.max() + 1).bit_length() + bits <= 62:
        return np.argsort(((person + 1) << bits) | (at - start))  # ties follow later
    return np.lexsort((at, person))


def _break_ties(
    order: Ints, person: Ints, at: Ints, rows: dict[str, npt.NDArray[np.signedinteger]], columns: Columns
) -> Ints:
    """Among rows of one person and moment, sort by event id; ties are rare, so only they are looked at."""
    same = np.flatnonzero((person[1:] == person[:-1]) & (at[1:] == at[:-1]))
    if len(same) == 0:
        return order
    tied = np.union1d(same, same + 1)
    texts = np.array(columns.devices.texts, dtype=object)
    rank = np.empty(len(texts), dtype=np.int64)
    rank[np.argsort(texts)] = np.arange(len(texts))
    batch, line = rows["batch"][order[tied]], rows["line"][order[tied]]
    batches = columns.batches
    device = rank[np.array(batches.device, dtype=np.int64)[batch]]
    epoch = np.array(batches.epoch, dtype=np.int64)[batch]
    seq = np.array(batches.first, dtype=np.int64)[batch] + line
    twins = _twin_ranks(batch, line, columns)
    broken = np.lexsort((order[tied], twins, seq, epoch, device, at[tied], person[tied]))
    order = order.copy()
    order[tied] = order[tied][broken]
    return order


def _twin_ranks(batch: Ints, line: Ints, columns: Columns) -> Ints:
    """What orders two events of one id on a forked chain: their hashes; 0 for all others."""
    if not columns.standing:
        return np.zeros(len(batch), dtype=np.int64)
    plain = Standing()
    events = zip(batch.tolist(), line.tolist(), strict=True)
    hashes = [columns.standing.get(event, plain).hash for event in events]
    rank = {hash_: number for number, hash_ in enumerate(sorted(set(hashes)))}
    return np.array([rank[hash_] for hash_ in hashes], dtype=np.int64)


def event_keys(batch: Ints, line: Ints) -> Ints:
    """One number for each event: the index of its batch and its line."""
    return batch.astype(np.int64) << _LINE_BITS | line


def _marked(batch: Ints, line: Ints, columns: Columns) -> tuple[Ints, tuple[Standing, ...]]:
    """Where, among the sorted rows, those stand whose standing is not plain."""
    if not columns.standing:
        return np.empty(0, dtype=np.int64), ()
    wanted = np.array([key[0] << _LINE_BITS | key[1] for key in list(columns.standing)], dtype=np.int64)
    keys = event_keys(batch, line)
    marked = np.flatnonzero(np.isin(keys, wanted))
    found = tuple(columns.standing[int(key) >> _LINE_BITS, int(key) & _LINE_MASK] for key in keys[marked])
    return marked, found


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


def last_of_each(person: Ints) -> Ints:
    """The last position of every run of equal numbers in a sorted array."""
    if len(person) == 0:
        return np.empty(0, dtype=np.int64)
    return np.append(np.flatnonzero(person[1:] != person[:-1]), len(person) - 1)


def isin_sorted(values: Ints, among: Iterable[int]) -> Bools:
    """Which values are among a few numbers."""
    return np.isin(values, np.fromiter(among, dtype=np.int64))
