"""What the events of a book are about beside the persons they name: movements, parties, ties; read once, as numbers.

Nothing here depends on the two clocks: it says of every event that ever came in what its body names. A view then picks
from it what it sees, without reading a body again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from corridor.base.ids import MovementId, OfferId, PersonId
from corridor.base.refusal import Refusal
from corridor.journey.kinds import body_of
from corridor.journey.move import events as move
from corridor.journey.register import events as register
from corridor.ledger.book.merged import OF_PERSONS
from corridor.ledger.book.reading import Book
from corridor.ledger.columns import Ints, Names
from corridor.ledger.event import Event

_MOVE = {kind.name: kind for kind in move.KINDS}
_PARTY = ("registered", "joined_party")
_COMPANY = tuple(kind.name for kind in register.KINDS if kind.name in (*_PARTY, "tied", "untied", "split_waived"))
_KINDS = (*_MOVE, *_COMPANY)
_READ_AT_ONCE = 50_000  # events: bounds the memory of reading a long ledger
NO_MOVEMENT = -1


@dataclass(frozen=True, slots=True)
class OfSeats:
    """One event about an offer of seats. `movement` None: an answer, which names the offer only."""

    key: int
    offer: OfferId
    movement: MovementId | None


class Subjects:
    """One for each book. `read_on` brings it up to date; then it may be asked."""

    def __init__(self) -> None:
        self._rows = 0  # of the book, read so far
        self._reading = threading.Lock()
        nothing = np.empty(0, dtype=np.int64)
        self._moves: tuple[Ints, Ints] = (nothing, nothing)  # keys of the move stage's events, ascending; of what
        self.movements = Names()
        self.unreadable: list[int] = []  # keys of the move stage's events whose body does not fit its kind
        self.of_seats: list[OfSeats] = []
        self.of_party: dict[str, set[PersonId]] = {}  # everybody of whom an event said that they are in it
        self.tied_to: dict[PersonId, set[PersonId]] = {}  # of whom an event said that they are tied to somebody
        self.said_with: dict[PersonId, set[PersonId]] = {}  # who is named where a body names someone who may be merged

    def read_on(self, book: Book) -> Subjects:
        """Read what has come in since it was asked last. `book` is always the same one; it is not held."""
        if self._rows == len(book.columns):
            return self
        with self._reading:
            rows, kind, keys = book.arrived(self._rows)
            numbers = book.columns.kinds.numbers
            wanted = keys[np.isin(kind, [numbers[name] for name in _KINDS if name in numbers])].tolist()
            found = [self._moves]
            for start in range(0, len(wanted), _READ_AT_ONCE):
                chunk = wanted[start : start + _READ_AT_ONCE]
                found.append(self._read(chunk, book.events(chunk)))
            self._moves = (np.concatenate([keys for keys, _ in found]), np.concatenate([about for _, about in found]))
            self._rows = rows
        return self

    def movement_numbers(self, keys: Ints) -> Ints:
        """For each of these events the number of the movement it is about, NO_MOVEMENT where it is about none."""
        known, numbers = self._moves
        index = np.searchsorted(known, keys)
        there = np.zeros(len(keys), dtype=np.bool_)
        within = index < len(known)
        there[within] = known[index[within]] == keys[within]
        found = np.full(len(keys), NO_MOVEMENT, dtype=np.int64)
        found[there] = numbers[index[there]]
        return found

    def _read(self, keys: list[int], events: list[Event]) -> tuple[Ints, Ints]:
        moves: list[int] = []
        numbers: list[int] = []
        for key, event in zip(keys, events, strict=True):
            if event.kind in _MOVE:
                number = self._movement(key, event)
                if number != NO_MOVEMENT:
                    moves.append(key)
                    numbers.append(number)
            else:
                self._company(event)
        return np.array(moves, dtype=np.int64), np.array(numbers, dtype=np.int64)

    def _movement(self, key: int, event: Event) -> int:
        body = body_of(_MOVE[event.kind].body, event.kind, event.body)
        if isinstance(body, Refusal):
            self.unreadable.append(key)
            return NO_MOVEMENT
        if isinstance(body, move.SeatsOffered | move.SeatsTaken | move.SeatsDeclined):
            self.of_seats.append(OfSeats(key, body.offer, getattr(body, "movement", None)))
        name: Any = getattr(body, "movement", None)
        return NO_MOVEMENT if name is None else self.movements.number(name)

    def _company(self, event: Event) -> None:
        party, other = event.body.get("party"), event.body.get("other")
        if event.kind in _PARTY and isinstance(party, str):
            self.of_party.setdefault(party, set()).update(event.persons)
        if event.kind == "tied" and isinstance(other, str):
            self.tied_to.setdefault(PersonId(other), set()).update(event.persons)
        for name in OF_PERSONS:
            said = event.body.get(name)
            if isinstance(said, str):
                self.said_with.setdefault(PersonId(said), set()).update(event.persons)


_subjects_of: WeakKeyDictionary[Book, Subjects] = WeakKeyDictionary()


def subjects_of(book: Book) -> Subjects:
    """What a book's events are about, up to date; forgotten with the book."""
    found = _subjects_of.get(book)
    if found is None:
        found = _subjects_of.setdefault(book, Subjects())
    return found.read_on(book)
