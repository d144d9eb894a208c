"""Every row of the ledger in the book's order, and how what has just come takes its place among them.

A new batch must not cost sorting everything again: its rows are put where they belong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from corridor.base.ids import EventId
from corridor.ledger.columns import Columns, Ints, Standing

Bools = npt.NDArray[np.bool_]
Rows = dict[str, npt.NDArray[np.signedinteger]]
Twins = dict[tuple[int, int], bytes]
LINE_BITS = 9  # a batch has at most 256 lines
LINE_MASK = (1 << LINE_BITS) - 1
Column = TypeVar("Column", bound=npt.NDArray[np.integer])
_PLAIN = Standing()
_SLICES_MAX = 5_000
"""More new rows than this are put in by numpy's own way, which copies every column row by row."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """Every row, by person, then corrected time, then event id; arrays of equal length, of the columns' own types."""

    person: Ints  # -1: the event names nobody
    at: Ints
    known: Ints  # when the row's batch became known
    source: Ints
    target: Ints
    kind: Ints
    uncertainty: Ints
    batch: Ints
    line: Ints
    standing_of: Mapping[tuple[int, int], Standing]  # of every event whose standing is not plain, by (batch, line)

    def span(self, person: int) -> slice:
        """Where the rows of the person with this number are."""
        ends = np.array([person, person + 1], dtype=self.person.dtype)  # another type would copy the whole column
        start, end = np.searchsorted(self.person, ends)
        return slice(int(start), int(end))

    def taken(self, index: Ints | Bools | slice, person: Ints | None = None) -> Sorted:
        """The rows at these positions; `person`: whose each of them is read as, unless it is whose it was."""
        columns = {name: getattr(self, name)[index] for name in COLUMNS}
        return Sorted(**(columns if person is None else columns | {"person": person}), standing_of=self.standing_of)

    def of_persons(self, persons: Ints) -> Ints:
        """The positions of the rows of the people with these numbers, which ascend."""
        persons = persons.astype(self.person.dtype)  # another type would copy the whole column
        starts = np.searchsorted(self.person, persons)
        counts = np.searchsorted(self.person, persons, side="right") - starts
        return np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))


COLUMNS = tuple(field.name for field in fields(Sorted) if field.name != "standing_of")
"""The columns of the rows."""


def sorted_rows(rows: Rows, columns: Columns, standing_of: Mapping[tuple[int, int], Standing] | None = None) -> Sorted:
    """Put the rows in the book's order; event ids break ties by the text of the device, never by arrival. `standing_of`
    None: as it is now."""
    standing_of = dict(columns.standing) if standing_of is None else standing_of
    person, at, batch = rows["person"], rows["at"], rows["batch"]
    order = _order(person, at)
    person, at = person[order], at[order]
    order = _break_ties(order, person, at, rows, columns, standing_of)
    batch = batch[order]
    return Sorted(
        person=person,
        at=at,
        known=_of_batches(columns.batches.known_at, batch),
        source=rows["source"][order],
        target=rows["target"][order],
        kind=rows["kind"][order],
        uncertainty=rows["uncertainty"][order],
        batch=batch,
        line=rows["line"][order],
        standing_of=standing_of,
    )


def in_order(rows: Sorted, columns: Columns) -> Ints:
    """The order that puts rows which stand otherwise into the book's."""
    columns_of = {name: getattr(rows, name) for name in COLUMNS}
    order = _order(rows.person, rows.at)
    return _break_ties(order, rows.person[order], rows.at[order], columns_of, columns, rows.standing_of)


def _of_batches(facts: Sequence[int], batch: Ints) -> Ints:
    """The fact of each row's batch."""
    if len(batch) < len(facts):
        return np.array([facts[one] for one in batch.tolist()], dtype=np.int64)
    return np.array(facts, dtype=np.int64)[batch] if len(batch) else np.empty(0, dtype=np.int64)


def _order(person: Ints, at: Ints) -> Ints:
    """The order by person, then time; both in one whole number where they fit, which sorts several times faster."""
    if len(at) == 0:
        return np.empty(0, dtype=np.int64)
    start = int(at.min())
    bits = int(at.max() - start).bit_length()
    if (int(person.max()) + 1).bit_length() + bits <= 62:
        return np.argsort(((person.astype(np.int64) + 1) << bits) | (at - start))  # ties follow later
    return np.lexsort((at, person))


def _break_ties(
    order: Ints,
    person: Ints,
    at: Ints,
    rows: Rows,
    columns: Columns,
    standing_of: Mapping[tuple[int, int], Standing],
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
    device = rank[_of_batches(batches.device, batch)]
    epoch = _of_batches(batches.epoch, batch)
    seq = _of_batches(batches.first, batch) + line
    twins = _twin_ranks(batch, line, standing_of)
    broken = np.lexsort((order[tied], twins, seq, epoch, device, at[tied], person[tied]))
    order = order.copy()
    order[tied] = order[tied][broken]
    return order


def _twin_ranks(batch: Ints, line: Ints, standing_of: Mapping[tuple[int, int], Standing]) -> Ints:
    """What orders two events of one id on a forked chain: their hashes; 0 for all others."""
    if not standing_of:
        return np.zeros(len(batch), dtype=np.int64)
    events = zip(batch.tolist(), line.tolist(), strict=True)
    hashes = [standing_of.get(event, _PLAIN).hash for event in events]
    rank = {hash_: number for number, hash_ in enumerate(sorted(set(hashes)))}
    return np.array([rank[hash_] for hash_ in hashes], dtype=np.int64)


def event_keys(batch: Ints, line: Ints) -> Ints:
    """One number for each event: the index of its batch and its line."""
    return batch.astype(np.int64) << LINE_BITS | line


def distinct(values: Ints) -> Ints:
    """Each value once, ascending; sorted, since numpy's own way by hashes takes forty times as long for many."""
    in_order = np.sort(values)
    found: Ints = in_order[np.append(True, in_order[1:] != in_order[:-1])] if len(in_order) else in_order
    return found


def positions_of(rows: Sorted, events: Collection[tuple[int, int]]) -> Ints:
    """Where the rows of some events (batch, line) stand."""
    if not events or not len(rows.batch):
        return np.empty(0, dtype=np.int64)
    of_batch = np.zeros(max(int(rows.batch.max()), max(batch for batch, _ in events)) + 1, dtype=np.bool_)
    of_batch[[batch for batch, _ in events]] = True
    near = np.flatnonzero(of_batch[rows.batch])  # few: so only their events are looked at
    wanted = np.array([batch << LINE_BITS | line for batch, line in events], dtype=np.int64)
    found: Ints = near[np.isin(event_keys(rows.batch[near], rows.line[near]), wanted)]
    return found


def twins(standing: Mapping[tuple[int, int], Standing]) -> Twins:
    """The events whose hash decides their place among the rows of a moment."""
    return {event: one.hash for event, one in list(standing.items()) if one.hash}


def with_rows(before: Sorted, added: Sorted, columns: Columns) -> Sorted:
    """The rows of `before` and the `added` ones in the book's order, as if all had been sorted together.

    `before` must have been sorted with the same hashes of events that have a twin; `added` are sorted by themselves.
    """
    if not len(added.person):
        return replace(before, standing_of=added.standing_of)
    place = _places(before, added)
    whole = {name: put_in(getattr(before, name), place, getattr(added, name)) for name in COLUMNS}
    for group in _ties(whole["person"], whole["at"], place + np.arange(len(place))):
        batch, line = whole["batch"][group].tolist(), whole["line"][group].tolist()
        order = sorted(range(len(group)), key=lambda i: _event_order(columns, added.standing_of, batch[i], line[i]))
        for column in whole.values():
            column[group] = column[group[order]]
    return Sorted(**whole, standing_of=added.standing_of)


def put_in(before: Column, place: Ints, added: Column) -> Column:
    """`added` put in before the old ones at `place`, which ascends: whole stretches are copied at once."""
    if len(place) > _SLICES_MAX:
        return cast("Column", np.insert(before, place, added))
    found = cast("Column", np.empty(len(before) + len(added), dtype=before.dtype))
    old = 0
    for number, (new, one) in enumerate(zip(place.tolist(), added.tolist(), strict=True)):
        found[old + number : new + number] = before[old:new]
        found[new + number] = one
        old = new
    found[old + len(added) :] = before[old:]
    return found


def _places(before: Sorted, added: Sorted) -> Ints:
    """Before which of the old rows each new one comes: after those of its person that are not later."""
    starts = np.searchsorted(before.person, added.person)
    ends = np.searchsorted(before.person, added.person, side="right")
    spans = zip(starts.tolist(), ends.tolist(), added.at.tolist(), strict=True)
    found = [start + int(np.searchsorted(before.at[start:end], at, side="right")) for start, end, at in spans]
    return np.array(found, dtype=np.int64)


def _ties(person: Ints, at: Ints, new: Ints) -> list[Ints]:
    """The runs of rows of one person and moment in which a new row stands."""
    found: dict[int, Ints] = {}
    last = len(person) - 1
    for position in new.tolist():

        def same(other: int, position: int = position) -> bool:
            return bool(person[other] == person[position] and at[other] == at[position])

        first = end = position
        while first > 0 and same(first - 1):
            first -= 1
        while end < last and same(end + 1):
            end += 1
        if end > first and first not in found:
            found[first] = np.arange(first, end + 1)
    return list(found.values())


def _event_order(
    columns: Columns, standing_of: Mapping[tuple[int, int], Standing], batch: int, line: int
) -> tuple[EventId, bytes, int, int]:
    """What sorts events of one moment: their ids, of two with one id the hash, of one event twice the arrival."""
    hash_ = standing_of.get((batch, line), _PLAIN).hash
    return (columns.event_id(batch, line), hash_, batch, line)


def last_of_each(person: Ints) -> Ints:
    """The last position of every run of equal numbers in a sorted array."""
    if len(person) == 0:
        return np.empty(0, dtype=np.int64)
    return np.append(np.flatnonzero(person[1:] != person[:-1]), len(person) - 1)


def isin_sorted(values: Ints, among: Iterable[int]) -> Bools:
    """Which values are among a few numbers."""
    return np.isin(values, np.fromiter(among, dtype=np.int64))
