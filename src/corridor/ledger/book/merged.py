"""Which ids are one human being: what the `merged` and `parted` events say of them, read as a set.

A merge says that two ids are one human being. It moves nobody and holds for every `at` from the moment it is known, as
a correction does: at no time were there two. Each id keeps its records; the book reads those of a merged id as records
of the id kept, those that come later too. The merged id itself stands in an account of its own, so that the sum over
accounts is the number of ids in the book, and the human beings are those not in that account.

Only headquarters' device merges and parts: a phone knows a few people and no papers. What another device says is kept,
counts nowhere, and is a discrepancy (`corridor.ledger.book.discrepancies`) until headquarters has said something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from corridor.base.ids import PersonId
from corridor.ledger import kinds
from corridor.ledger.book.reading import Book, Judged
from corridor.ledger.book.rows import LINE_BITS, LINE_MASK, Sorted, distinct, event_keys, in_order
from corridor.ledger.book.snapshot import Snapshot
from corridor.ledger.columns import NEVER, Columns
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


def read_merged(
    book: Book, snapshot: Snapshot, judged: Judged, there: Callable[[Set[PersonId]], Set[PersonId]]
) -> dict[PersonId, PersonId]:
    """The merged ids of a view of a snapshot. `there` answers which of some people the view sees a record of."""
    keys = book.keys_of((kinds.MERGED, kinds.PARTED), snapshot, NEVER, judged).tolist()
    if not keys:
        return {}
    undisputed = [key for key in keys if (key >> LINE_BITS, key & LINE_MASK) not in judged.disputed]
    root = book.intake.trust.root_device
    said_here = (event for event in book.events(undisputed) if event.id.device == root)
    statements = [one for one in map(statement_of, said_here) if one is not None]
    return merged_ids(statements, there({person for one in statements for person in (one.kept, one.dropped)}))


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
        start, end = np.searchsorted(placed, np.array([numbers[kept], numbers[kept] + 1], dtype=placed.dtype))
        own = order[start:end]
        in_turn = in_order(rows.taken(own, person[own]), columns)
        order[start:end] = own[in_turn]
        keys = event_keys(rows.batch[order[start:end]], rows.line[order[start:end]])
        wanted[start + 1 : end] = keys[1:] != keys[:-1]
    order = order[wanted]
    return rows.taken(order, person[order])


def together(columns: Columns, rows: Sorted, merged: Mapping[PersonId, PersonId]) -> Sorted:
    """The same of the rows of a few people: those of merged ids are there together with those of the ids kept."""
    if not merged:
        return rows
    numbers, texts = columns.persons.numbers, columns.persons.texts
    here = {number: kept for number in distinct(rows.person).tolist() if (kept := merged.get(PersonId(texts[number])))}
    if not here:
        return rows
    person = rows.person.copy()
    for dropped, kept in here.items():
        person[rows.person == dropped] = numbers[kept]
    found = rows.taken(np.arange(len(person)), person)
    found = found.taken(in_order(found, columns))
    keys = event_keys(found.batch, found.line)
    again = (keys[1:] == keys[:-1]) & (found.person[1:] == found.person[:-1])
    return found.taken(np.append(True, ~again))


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
