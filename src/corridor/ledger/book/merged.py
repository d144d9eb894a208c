"""Which ids are one human being: what the `merged` and `parted` events say of them, read as a set.

A merge says that two ids are one human being. It moves nobody and holds for every `at` from the moment it is known, as
a correction does: at no time were there two. Each id keeps its records; the book reads those of a merged id as records
of the id kept, those that come later too. The merged id itself stands in an account of its own, so that the sum over
accounts is the number of ids in the book, and the human beings are those not in that account.

Only headquarters' device merges and parts: a phone knows a few people and no papers. What another device says is kept,
counts nowhere, and is a discrepancy (`corridor.ledger.book.discrepancies`) until headquarters has said something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, fields, replace
from weakref import WeakKeyDictionary

import numpy as np

from corridor.base.ids import PersonId
from corridor.ledger import kinds
from corridor.ledger.book.reading import Book, Seen
from corridor.ledger.book.rows import Bools, Sorted, distinct, event_keys, isin_sorted
from corridor.ledger.columns import Columns, Ints
from corridor.ledger.event import Event

OF_PERSONS = ("other", "said_by")
"""Fields of an event's body that name a person beside its `persons`."""

_SORTED_KEPT_MAX = 4
"""Renumbered readings that are kept for one book: the desks' and the reader's own clocks."""


@dataclass(frozen=True, slots=True)
class Statement:
    """That two ids are one human being, or (`holds` False) that they are not after all; the later `order` counts."""

    order: tuple[tuple[int, str, int, int], bytes]
    kept: PersonId
    dropped: PersonId
    holds: bool


def merged_ids(statements: Iterable[Statement], there: Set[PersonId]) -> dict[PersonId, PersonId]:
    """Every merged id with the id it is read as: a pure function of the set of statements.

    Of the statements on two ids the last counts. Ids that chains of merges hold together are one human being: of those
    that are `there` (in the book at all) the one is kept that no merge drops, the least of several, the least of all
    where every one is dropped somewhere.
    """
    last: dict[frozenset[PersonId], Statement] = {}
    for one in sorted(statements, key=lambda one: one.order):
        last[frozenset((one.kept, one.dropped))] = one
    group_of: dict[PersonId, set[PersonId]] = {}
    dropped: set[PersonId] = set()
    for one in last.values():
        if one.holds:
            dropped.add(one.dropped)
            joined = group_of.get(one.kept, {one.kept}) | group_of.get(one.dropped, {one.dropped})
            group_of |= dict.fromkeys(joined, joined)
    found: dict[PersonId, PersonId] = {}
    for group in {id(group): group for group in group_of.values()}.values():
        here = sorted(group & there)
        kept = next((person for person in here if person not in dropped), here[0] if here else None)
        if kept is not None:
            found |= {person: kept for person in here if person != kept}
    return found


def statement_of(event: Event) -> Statement | None:
    """What a `merged` or `parted` event says; None when it does not say it of two of its persons."""
    kept, dropped = event.body.get("kept"), event.body.get("dropped")
    if kept == dropped or kept not in event.persons or dropped not in event.persons:
        return None
    order = (event.order, event.hash)
    return Statement(order, PersonId(str(kept)), PersonId(str(dropped)), event.kind == kinds.MERGED)


def read_merged(book: Book, rows: Sorted, ever: Seen, visible: Bools) -> dict[PersonId, PersonId]:
    """The merged ids of a view. `ever` are the rows seen whenever they happened, `visible` those at the view's `at`."""
    columns = book.columns
    known = [columns.kinds.numbers[kind] for kind in (kinds.MERGED, kinds.PARTED) if kind in columns.kinds.numbers]
    if not known:
        return {}
    said = isin_sorted(rows.kind, known) & ever.visible
    said[ever.disputed] = False
    keys = distinct(event_keys(rows.batch[said], rows.line[said]))
    root = book.intake.trust.root_device
    said_here = (event for event in book.events(keys.tolist()) if event.id.device == root)
    statements = filter(None, map(statement_of, said_here))
    there = distinct(rows.person[visible]).tolist()
    return merged_ids(statements, {PersonId(columns.persons.texts[number]) for number in there if number >= 0})


def renumbered(book: Book, rows: Sorted, merged: Mapping[PersonId, PersonId]) -> Sorted:
    """The rows with those of merged ids among the ones of the ids kept, in the book's order; an event that names both
    has one row."""
    kept = _kept.setdefault(book, {})
    key = (id(rows), tuple(sorted(merged.items())))
    found = kept.get(key)
    if found is None:
        # The rows given are kept too, so that their id stays theirs.
        found = kept[key] = (rows, _renumbered(book.columns, rows, merged))
        while len(kept) > _SORTED_KEPT_MAX:
            kept.pop(next(iter(kept)), None)
    return found[1]


_kept: WeakKeyDictionary[Book, dict[tuple[int, tuple[tuple[PersonId, PersonId], ...]], tuple[Sorted, Sorted]]] = (
    WeakKeyDictionary()
)


def _renumbered(columns: Columns, rows: Sorted, merged: Mapping[PersonId, PersonId]) -> Sorted:
    person, numbers = rows.person.copy(), columns.persons.numbers
    for dropped, kept in merged.items():
        person[rows.span(numbers[dropped])] = numbers[kept]
    order = np.argsort(person, kind="stable")
    wanted = np.ones(len(order), dtype=np.bool_)
    placed = person[order]
    for kept in set(merged.values()):
        start, end = np.searchsorted(placed, [numbers[kept], numbers[kept] + 1])
        order[start:end] = sorted(order[start:end].tolist(), key=lambda row: _event_order(columns, rows, row))
        keys = event_keys(rows.batch[order[start:end]], rows.line[order[start:end]])
        wanted[start + 1 : end] = keys[1:] != keys[:-1]
    order = order[wanted]
    columns_of = (field.name for field in fields(Sorted) if field.name not in ("marked", "standings", "standing_of"))
    taken: dict[str, Ints] = {name: (person if name == "person" else getattr(rows, name))[order] for name in columns_of}
    place = np.full(len(person), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    still = place[rows.marked] >= 0
    standings = tuple(standing for standing, here in zip(rows.standings, still.tolist(), strict=True) if here)
    by_place = np.argsort(place[rows.marked[still]])
    return Sorted(
        **taken,
        marked=place[rows.marked[still]][by_place],
        standings=tuple(standings[index] for index in by_place.tolist()),
        standing_of=rows.standing_of,
    )


def _event_order(columns: Columns, rows: Sorted, row: int) -> tuple[int, tuple[str, int, int], bytes, int]:
    """What sorts a person's rows: corrected time, event id, and of two events with one id the hash."""
    event = (int(rows.batch[row]), int(rows.line[row]))
    standing = rows.standing_of.get(event)
    return (int(rows.at[row]), columns.event_id(*event), b"" if standing is None else standing.hash, row)


def read_as_one(event: Event, merged: Mapping[PersonId, PersonId]) -> Event:
    """The event with merged ids read as the ids kept. What it says of a merge itself stays as it was said."""
    persons = tuple(dict.fromkeys(merged.get(person, person) for person in event.persons))
    body = event.body
    if event.kind not in (kinds.MERGED, kinds.PARTED):
        # A body is as its device made it: what should name a person may be no text at all.
        said = {name: PersonId(one) for name in OF_PERSONS if isinstance(one := body.get(name), str)}
        if any(one in merged for one in said.values()):
            body = dict(body) | {name: merged.get(one, one) for name, one in said.items()}
    return event if persons == event.persons and body is event.body else replace(event, persons=persons, body=body)
