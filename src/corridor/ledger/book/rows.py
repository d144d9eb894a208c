"""Every row of the ledger in the book's order, and how what has just come takes its place among them.

A new batch must not cost sorting everything again: its rows are put where they belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from corridor.base.ids import EventId
from corridor.ledger.columns import Columns, Ints, Standing

Bools = npt.NDArray[np.bool_]
Rows = dict[str, npt.NDArray[np.signedinteger]]
Twins = dict[tuple[int, int], bytes]
LINE_BITS = 9  # a batch has at most 256 lines
LINE_MASK = (1 << LINE_BITS) - 1
_BESIDES = ("marked", "standings", "standing_of")
_PLAIN = Standing()


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
    marked: Ints  # positions of the rows whose standing is not plain
    standings: tuple[Standing, ...]  # of those rows
    standing_of: Mapping[tuple[int, int], Standing]  # of every event whose standing is not plain, by (batch, line)

    def span(self, person: int) -> slice:
        """Where the rows of the person with this number are."""
        ends = np.array([person, person + 1], dtype=self.person.dtype)  # another type would copy the whole column
        start, end = np.searchsorted(self.person, ends)
        return slice(int(start), int(end))


def sorted_rows(rows: Rows, columns: Columns) -> Sorted:
    """Put the rows in the book's order; event ids break ties by the text of the device, never by arrival."""
    person, at, batch = rows["person"], rows["at"], rows["batch"]
    order = _order(person, at)
    person, at = person[order], at[order]
    order = _break_ties(order, person, at, rows, columns)
    known = np.array(columns.batches.known_at, dtype=np.int64)
    batch = batch[order]
    line = rows["line"][order]
    marked, standings = marked_rows(batch, line, columns)
    return Sorted(
        person=person,
        at=at,
        known=known[batch] if len(batch) else np.empty(0, dtype=np.int64),
        source=rows["source"][order],
        target=rows["target"][order],
        kind=rows["kind"][order],
        uncertainty=rows["uncertainty"][order],
        batch=batch,
        line=line,
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
    if (int(person.max()) + 1).bit_length() + bits <= 62:
        return np.argsort(((person.astype(np.int64) + 1) << bits) | (at - start))  # ties follow later
    return np.lexsort((at, person))


def _break_ties(order: Ints, person: Ints, at: Ints, rows: Rows, columns: Columns) -> Ints:
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
    return batch.astype(np.int64) << LINE_BITS | line


def distinct(values: Ints) -> Ints:
    """Each value once, ascending; sorted, since numpy's own way by hashes takes forty times as long for many."""
    in_order = np.sort(values)
    found: Ints = in_order[np.append(True, in_order[1:] != in_order[:-1])] if len(in_order) else in_order
    return found


def marked_rows(batch: Ints, line: Ints, columns: Columns) -> tuple[Ints, tuple[Standing, ...]]:
    """Where, among the sorted rows, those stand whose standing is not plain."""
    if not columns.standing:
        return np.empty(0, dtype=np.int64), ()
    events = list(columns.standing)
    of_batch = np.zeros(len(columns.batches.number), dtype=np.bool_)
    of_batch[[event[0] for event in events]] = True
    near = np.flatnonzero(of_batch[batch])  # few: so only their events are looked at
    keys = event_keys(batch[near], line[near])
    wanted = np.array([event[0] << LINE_BITS | event[1] for event in events], dtype=np.int64)
    here = np.isin(keys, wanted)
    found = tuple(columns.standing[int(key) >> LINE_BITS, int(key) & LINE_MASK] for key in keys[here])
    return near[here], found


def twins(standing: Mapping[tuple[int, int], Standing]) -> Twins:
    """The events whose hash decides their place among the rows of a moment."""
    return {event: one.hash for event, one in list(standing.items()) if one.hash}


def with_rows(before: Sorted, new: Rows, columns: Columns) -> Sorted:
    """The rows of `before` and the new ones in the book's order, as if all had been sorted together.

    `before` must have been sorted with the same hashes of events that have a twin; `new` are the rows added since.
    """
    added = sorted_rows(new, columns)
    place = _places(before, added)
    names = [field.name for field in fields(Sorted) if field.name not in _BESIDES]
    whole = {name: np.insert(getattr(before, name), place, getattr(added, name)) for name in names}
    for group in _ties(whole["person"], whole["at"], place + np.arange(len(place))):
        batch, line = whole["batch"][group].tolist(), whole["line"][group].tolist()
        order = sorted(range(len(group)), key=lambda index: _event_order(columns, batch[index], line[index]))
        for column in whole.values():
            column[group] = column[group[order]]
    marked, standings = marked_rows(whole["batch"], whole["line"], columns)
    return Sorted(**whole, marked=marked, standings=standings, standing_of=dict(columns.standing))


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


def _event_order(columns: Columns, batch: int, line: int) -> tuple[EventId, bytes, int, int]:
    """What sorts events of one moment: their ids, of two with one id the hash, of one event twice the arrival."""
    hash_ = columns.standing.get((batch, line), _PLAIN).hash
    return (columns.event_id(batch, line), hash_, batch, line)


def last_of_each(person: Ints) -> Ints:
    """The last position of every run of equal numbers in a sorted array."""
    if len(person) == 0:
        return np.empty(0, dtype=np.int64)
    return np.append(np.flatnonzero(person[1:] != person[:-1]), len(person) - 1)


def isin_sorted(values: Ints, among: Iterable[int]) -> Bools:
    """Which values are among a few numbers."""
    return np.isin(values, np.fromiter(among, dtype=np.int64))
