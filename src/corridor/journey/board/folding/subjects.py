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
PARTY_KINDS = (*_PARTY, "left_party")
"""The kinds of events by which somebody comes into a party or leaves one."""
_COMPANY = {kind.name: kind for kind in register.KINDS if kind.name in (*PARTY_KINDS, "tied", "untied", "split_waived")}
_KINDS = (*_MOVE, *_COMPANY)
_READ_AT_ONCE = 50_000  # events: bounds the memory of reading a long ledger
NO_MOVEMENT = NO_PARTY = -1
LEFT_PARTY = -2


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
        self._parties: tuple[Ints, Ints] = (nothing, nothing)  # keys of events that put into a party, or out; which
        self.movements = Names()
        self.parties = Names()
        self.unreadable: list[int] = []  # keys of the move stage's events whose body does not fit its kind
        self.of_seats: list[OfSeats] = []
        self.of_party: dict[str, set[PersonId]] = {}  # everybody of whom an event said that they are in it
        self.of_application: dict[str, set[PersonId]] = {}  # everybody registered with it
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
            moves, parties = [self._moves], [self._parties]
            for start in range(0, len(wanted), _READ_AT_ONCE):
                chunk = wanted[start : start + _READ_AT_ONCE]
                for found, some in zip((moves, parties), self._read(chunk, book.events(chunk)), strict=True):
                    found.append(some)
            self._moves, self._parties = _joined(moves), _joined(parties)
            self._rows = rows
        return self

    def movement_numbers(self, keys: Ints) -> Ints:
        """For each of these events the number of the movement it is about, NO_MOVEMENT where it is about none."""
        return _looked_up(self._moves, keys)

    def about_movements(self, movements: Ints) -> tuple[Ints, Ints]:
        """Number and key, ascending, of each event that ever came in about one of these movements."""
        keys, numbers = self._moves
        here = np.flatnonzero(np.isin(numbers, movements))
        return numbers[here], keys[here]

    def party_numbers(self, keys: Ints) -> Ints:
        """For each of these events the number of the party it puts into, LEFT_PARTY where it puts out of one, NO_PARTY
        where it does neither."""
        return _looked_up(self._parties, keys)

    def _read(self, keys: list[int], events: list[Event]) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
        moves: list[tuple[int, int]] = []
        parties: list[tuple[int, int]] = []
        for key, event in zip(keys, events, strict=True):
            if event.kind in _MOVE:
                moves.append((key, self._movement(key, event)))
            else:
                parties.append((key, self._company(event)))
        return _columns(moves), _columns(parties)

    def _movement(self, key: int, event: Event) -> int:
        body = body_of(_MOVE[event.kind].body, event.kind, event.body)
        if isinstance(body, Refusal):
            self.unreadable.append(key)
            return NO_MOVEMENT
        if isinstance(body, move.SeatsOffered | move.SeatsTaken | move.SeatsDeclined):
            self.of_seats.append(OfSeats(key, body.offer, getattr(body, "movement", None)))
        name: Any = getattr(body, "movement", None)
        return NO_MOVEMENT if name is None else self.movements.number(name)

    def _company(self, event: Event) -> int:
        """Note whom an event joins; the number of the party it puts into, LEFT_PARTY, or NO_PARTY."""
        party, other = event.body.get("party"), event.body.get("other")
        application = event.body.get("application")
        if event.kind in _PARTY and isinstance(party, str):
            self.of_party.setdefault(party, set()).update(event.persons)
        if event.kind == "registered" and isinstance(application, str):
            self.of_application.setdefault(application, set()).update(event.persons)
        if event.kind == "tied" and isinstance(other, str):
            self.tied_to.setdefault(PersonId(other), set()).update(event.persons)
        for name in OF_PERSONS:
            said = event.body.get(name)
            if isinstance(said, str):
                self.said_with.setdefault(PersonId(said), set()).update(event.persons)
        if event.kind == "left_party":
            return LEFT_PARTY
        kind = _COMPANY[event.kind]
        if event.kind not in _PARTY or isinstance(body_of(kind.body, kind.name, event.body), Refusal):
            return NO_PARTY
        return self.parties.number(str(party))


def _columns(found: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    """Keys and numbers, where there is a number."""
    pairs = np.array([pair for pair in found if pair[1] != -1], dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _joined(parts: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    return np.concatenate([keys for keys, _ in parts]), np.concatenate([numbers for _, numbers in parts])


def _looked_up(column: tuple[Ints, Ints], keys: Ints) -> Ints:
    """The number beside each key, -1 where the key is not there."""
    known, numbers = column
    index = np.searchsorted(known, keys)
    there = np.zeros(len(keys), dtype=np.bool_)
    within = index < len(known)
    there[within] = known[index[within]] == keys[within]
    found = np.full(len(keys), -1, dtype=np.int64)
    found[there] = numbers[index[there]]
    return found


_subjects_of: WeakKeyDictionary[Book, Subjects] = WeakKeyDictionary()


def subjects_of(book: Book) -> Subjects:
    """What a book's events are about, up to date; forgotten with the book."""
    found = _subjects_of.get(book)
    if found is None:
        found = _subjects_of.setdefault(book, Subjects())
    return found.read_on(book)
