"""The book at one (at, known): everybody's account, paths and movements; immutable."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from corridor.base.ids import AccountId, EventId, LegId, MovementId, PersonId, PlaceId, parse_event_id
from corridor.base.moments import Moment
from corridor.ledger import kinds
from corridor.ledger.accounts import MERGED, parts
from corridor.ledger.book.merged import read_as_one, read_merged, renumbered
from corridor.ledger.book.path import Move, Walk, walk
from corridor.ledger.book.persons import Persons
from corridor.ledger.book.reading import Book, see
from corridor.ledger.book.rows import Bools, Sorted, distinct, event_keys, isin_sorted, last_of_each
from corridor.ledger.book.ways import MovementTrack, TrackedWays
from corridor.ledger.columns import NEVER, Ints
from corridor.ledger.event import Event

_OUTSIDE, _SUSPENSE, _MERGED = 0, 1, -1
_START = Moment(0)
NO_PLACE_CLASS = -1
NO_ACCOUNT = -2


@dataclass(frozen=True, slots=True)
class Positions:
    """Where everybody is; equal-length arrays, by person number."""

    person: Ints
    account: Ints
    entered_at: Ints
    walked: Mapping[int, Walk]  # of the people whose records do not simply chain


class View:
    """The book at one (at, known). Made by `view`; asks the book's columns once and keeps what it found."""

    def __init__(self, book: Book, at: Moment, known: Moment) -> None:
        self.book = book
        self.at = at
        self.known = known
        self._columns = book.columns
        self._rows: Sorted = book.sorted()
        unreadable = self._columns.kinds.number(kinds.UNREADABLE)
        ever = see(self._rows, NEVER, known, unreadable)
        visible = ever.visible & (self._rows.at <= at)
        self.merged = read_merged(book, self._rows, ever, visible)
        self._merged = self._first_seen(visible)
        if self.merged:
            self._rows = renumbered(book, self._rows, self.merged)
            ever = see(self._rows, NEVER, known, unreadable)
            visible = ever.visible & (self._rows.at <= at)
        self._visible = np.flatnonzero(visible)
        self._disputed = frozenset(ever.disputed.tolist())
        self._tracks = self._read_tracks()
        self._ways = TrackedWays(book.ways, self._tracks)
        self._positions = self._place_everybody()

    @property
    def rows(self) -> Sorted:
        """Every row that the ledger had when the view was made, believed or not."""
        return self._rows

    @property
    def visible(self) -> Ints:
        """The positions, among `rows`, of what is believed or disputed at (at, known)."""
        return self._visible

    # --- figures -------------------------------------------------------------------------------------------------

    @property
    def registered(self) -> int:
        """How many people are in the book."""
        return len(self._positions.person)

    def accounts(self) -> dict[AccountId, int]:
        """How many people each account holds, empty ones left out; they add up to `registered`."""
        counts = np.bincount(self._positions.account - _MERGED)  # the merged ones' number is the least
        found = {self._account(number + _MERGED): count for number, count in enumerate(counts.tolist()) if count}
        assert sum(found.values()) == self.registered, "people are conserved"
        return found

    def everybody(self) -> tuple[PersonId, ...]:
        """Everybody in the book, sorted."""
        return self._persons(self._positions.person)

    @property
    def in_book(self) -> Persons:
        """Everybody in the book, as a set."""
        return Persons.of(self._columns.persons, self._positions.person)

    def set_of(self, persons: Iterable[PersonId]) -> Persons:
        """Some people of this book as a set that is quickly joined with the book's others."""
        numbers = self._columns.persons.numbers
        return Persons.of(self._columns.persons, np.array([numbers[person] for person in persons], dtype=np.int64))

    def people(self, account: AccountId) -> tuple[PersonId, ...]:
        """The people in an account, sorted."""
        return tuple(sorted(self.inside(account)))

    def people_since(self, account: AccountId) -> dict[PersonId, Moment]:
        """The people in an account, by id, and when each entered it."""
        number = _MERGED if account == MERGED else self._columns.accounts.numbers.get(account, NO_ACCOUNT)
        here, texts = self._positions.account == number, self._columns.persons.texts
        persons = (PersonId(texts[one]) for one in self._positions.person[here].tolist())
        return dict(sorted(zip(persons, map(Moment, self._positions.entered_at[here].tolist()), strict=True)))

    def inside(self, account: AccountId) -> Persons:
        """The people in an account, as a set: to count and to compare them."""
        number = _MERGED if account == MERGED else self._columns.accounts.numbers.get(account)
        chosen = self._positions.account == (NO_ACCOUNT if number is None else number)
        return Persons.of(self._columns.persons, self._positions.person[chosen])

    def account_of(self, person: PersonId) -> AccountId | None:
        """The account a person is in; None when the book does not know the person at (at, known)."""
        index = self._index(person)
        return None if index is None else self._account(int(self._positions.account[index]))

    def entered_at(self, person: PersonId) -> Moment | None:
        """When the person entered that account; None when the book does not know the person."""
        index = self._index(person)
        return None if index is None else Moment(int(self._positions.entered_at[index]))

    def people_out(self, origins: Collection[PlaceId], outside_legs: Collection[LegId]) -> Persons:
        """The people whose last decisive account is outside the origin places.

        Places and movements decide, ends and suspense do not; a movement is outside when its leg is one of
        `outside_legs`, and a movement nobody planned is taken to be inside, which is the cautious side.
        """
        side = np.full(len(self._columns.accounts), NO_PLACE_CLASS, dtype=np.int64)
        for number, text in enumerate(self._columns.accounts.texts):
            type_, name = parts(AccountId(text))
            if type_ == "place":
                side[number] = PlaceId(name) not in origins
            elif type_ == "aboard":
                track = self._tracks.get(MovementId(name))
                side[number] = track is not None and track.leg in outside_legs
        person, target = self._moves()
        decisive = side[target] != NO_PLACE_CLASS
        person, target = person[decisive], target[decisive]
        last = last_of_each(person)
        inside = np.zeros(len(self._columns.persons), dtype=np.bool_)
        inside[person[last][side[target[last]] == 1]] = True
        for number, walked in self._positions.walked.items():
            sides = [int(side[self._columns.accounts.numbers[step.target]]) for step in walked.postings]
            decided = [found for found in sides if found != NO_PLACE_CLASS]
            inside[number] = bool(decided) and decided[-1] == 1
        return Persons(self._columns.persons, inside)

    def furthest(self, kind_rank: Mapping[str, int]) -> dict[int, int]:
        """How many people have this as the greatest rank among the kinds of their events; -1 where none has a rank.

        Merged ids, of which nothing is told any more, are of -1 too.
        """
        rank = self._rank(kind_rank)
        named = self._visible[self._rows.person[self._visible] >= 0]
        person = self._rows.person[named]
        starts = np.flatnonzero(np.append(True, person[1:] != person[:-1])) if len(person) else person
        greatest = np.maximum.reduceat(rank[self._rows.kind[named]], starts) if len(person) else person
        counts = np.bincount(greatest + 1, minlength=1)
        counts[0] += self.registered - len(starts)
        return {value - 1: count for value, count in enumerate(counts.tolist()) if count}

    def furthest_of(self, person: PersonId, kind_rank: Mapping[str, int]) -> int:
        """One person's greatest rank; -1 when none of their events has one."""
        ranks = self._rank(kind_rank)[self._rows.kind[self.positions_of(person)]]
        return int(ranks.max(initial=-1))

    def _rank(self, kind_rank: Mapping[str, int]) -> Ints:
        rank = np.full(len(self._columns.kinds), -1, dtype=np.int64)
        for kind, value in kind_rank.items():
            number = self._columns.kinds.numbers.get(kind)
            if number is not None:
                rank[number] = value
        return rank

    def walked(self) -> Iterator[tuple[PersonId, Walk]]:
        """The people whose records do not simply chain, with their paths, by id."""
        texts = self._columns.persons.texts
        found = ((PersonId(texts[number]), path) for number, path in self._positions.walked.items())
        return iter(sorted(found, key=lambda pair: pair[0]))

    def with_kind(self, kind: str, since: Moment = _START) -> Persons:
        """The people named by an event of this kind that happened at `since` or later."""
        number = self._columns.kinds.numbers.get(kind, -1)
        rows, visible = self._rows, self._visible
        chosen = visible[(rows.kind[visible] == number) & (rows.at[visible] >= since)]
        numbers = rows.person[chosen]
        return Persons.of(self._columns.persons, numbers[numbers >= 0])

    # --- events --------------------------------------------------------------------------------------------------

    def events_of(self, person: PersonId) -> tuple[Event, ...]:
        """Every believed or disputed event naming the person at (at, known), by corrected time."""
        return tuple(self._events(self.positions_of(person)))

    def events(self, of_kinds: Collection[str]) -> Iterator[Event]:
        """The events of these kinds at (at, known), each once, by corrected time and id."""
        return iter(sorted(self.read(self._keys_of(of_kinds).tolist()), key=lambda event: (event.order, event.hash)))

    def as_recorded(self, of_kinds: Collection[str]) -> list[Event]:
        """The same, with merged ids as they were written and not read as the ids kept."""
        return sorted(self.book.events(self._keys_of(of_kinds).tolist()), key=lambda event: (event.order, event.hash))

    def _keys_of(self, of_kinds: Collection[str]) -> Ints:
        numbers = [self._columns.kinds.numbers[kind] for kind in of_kinds if kind in self._columns.kinds.numbers]
        rows, visible = self._rows, self._visible
        wanted = visible[isin_sorted(rows.kind[visible], numbers)]
        return distinct(event_keys(rows.batch[wanted], rows.line[wanted]))

    def fingerprint(self, of_kinds: Collection[str]) -> bytes:
        """The same for two views of one book exactly when they see the same events of these kinds: what was worked out
        from those alone need not be worked out again."""
        keys = self._keys_of(of_kinds)
        merged = repr(sorted(self.merged.items())).encode() if self.merged else b""
        return hashlib.blake2b(keys.tobytes() + merged, digest_size=16).digest()

    def latest(self, of_kinds: Collection[str]) -> dict[PersonId, Event]:
        """The latest event of these kinds for each person who has one."""
        numbers = [self._columns.kinds.numbers[kind] for kind in of_kinds if kind in self._columns.kinds.numbers]
        rows = self._rows
        named = self._visible[rows.person[self._visible] >= 0]
        wanted = named[isin_sorted(rows.kind[named], numbers)]
        last = wanted[last_of_each(rows.person[wanted])]
        texts = self._columns.persons.texts
        people = (PersonId(texts[number]) for number in rows.person[last].tolist())
        return dict(zip(people, self._events(last), strict=True))

    def path_of(self, person: PersonId) -> Walk | None:
        """The person's path by the specification, with inferred legs marked; None when nothing moved them."""
        number = self._columns.persons.numbers.get(person)
        if number is None:
            return None
        return self._positions.walked.get(number) or self._walk(number)

    def movement(self, movement: MovementId) -> MovementTrack:
        """What is known of a movement's way; all None when nothing is."""
        return self._tracks.get(movement, MovementTrack())

    # --- how it is found -----------------------------------------------------------------------------------------

    def _place_everybody(self) -> Positions:
        """Everybody's account: by the simple chains, and by `walk` where they do not simply chain."""
        rows = self._rows
        # Rows of nobody come first. No column is read more often than it must be: they have millions of rows.
        nobodys = int(np.searchsorted(rows.person, rows.person.dtype.type(0)))
        named = self._visible[np.searchsorted(self._visible, nobodys) :]
        last = last_of_each(persons := rows.person[named])
        everybody = persons[last]
        account = np.full(len(everybody), _SUSPENSE, dtype=np.int64)  # where nothing says where a person is
        first = np.append(0, last[:-1] + 1) if len(last) else last
        entered_at = rows.at[named[first]]
        moving = named[rows.target[named] >= 0]
        person, source, target = rows.person[moving], rows.source[moving], rows.target[moving]
        last = last_of_each(person)
        index = np.searchsorted(everybody, person[last])
        account[index] = target[last]
        entered_at[index] = rows.at[moving][last]
        walked: dict[int, Walk] = {}
        for number in self._tangled_persons(moving, person, source, target):
            found = self._walk(number)
            assert found is not None, "a tangled person has moves"
            walked[number] = found
            index_of = int(np.searchsorted(everybody, number))
            account[index_of] = self._columns.accounts.number(found.account)
            entered_at[index_of] = found.entered_at
        if self._merged:
            gone = np.array(sorted(self._merged), dtype=np.int64)
            places = np.searchsorted(everybody, gone)
            everybody = np.insert(everybody, places, gone)
            account = np.insert(account, places, _MERGED)
            entered_at = np.insert(entered_at, places, [self._merged[number] for number in gone.tolist()])
        return Positions(everybody, account, entered_at, walked)

    def _first_seen(self, visible: Bools) -> dict[int, int]:
        """When the first record of every merged id was made, by person number: it never stood for anybody else."""
        found = {}
        for person in self.merged:
            number = self._columns.persons.numbers[person]
            span = self._rows.span(number)
            found[number] = int(self._rows.at[span][visible[span]][0])
        return found

    def _tangled_persons(self, moving: Ints, person: Ints, source: Ints, target: Ints) -> list[int]:
        """The people whose moves do not each leave where the one before ended, or that somebody disputes or judged."""
        if len(moving) == 0:
            return []
        begins = np.append(True, person[1:] != person[:-1])
        left = np.append(_OUTSIDE, target[:-1])
        left[begins] = _OUTSIDE
        broken = source != left
        broken |= self._rows.kind[moving] == self._columns.kinds.numbers[kinds.RECONCILED]
        if self._disputed:
            broken |= isin_sorted(moving, self._disputed)
        return [int(number) for number in np.unique(person[broken])]

    def _walk(self, number: int) -> Walk | None:
        rows = self._rows
        moves = []
        for position in self._positions_of_number(number).tolist():
            if rows.target[position] < 0:
                continue
            source = int(rows.source[position])
            judges = None
            if self._columns.kinds.texts[int(rows.kind[position])] == kinds.RECONCILED:
                judges = _records(self._event(position))
            moves.append(
                Move(
                    event=self._columns.event_id(int(rows.batch[position]), int(rows.line[position])),
                    at=Moment(int(rows.at[position])),
                    uncertainty_ms=int(rows.uncertainty[position]),
                    source=None if source < 0 else self._account(source),
                    target=self._account(int(rows.target[position])),
                    disputed=position in self._disputed,
                    judges=judges,
                )
            )
        return walk(moves, self._ways)

    def _moves(self) -> tuple[Ints, Ints]:
        """Person and target of every visible move."""
        rows, visible = self._rows, self._visible
        moving = visible[(rows.target[visible] >= 0) & (rows.person[visible] >= 0)]
        return rows.person[moving], rows.target[moving]

    def _read_tracks(self) -> dict[MovementId, MovementTrack]:
        """Every movement's way, from its planned, departed and arrived events; of several, the latest holds."""
        keys = self._keys_of((kinds.MOVEMENT_PLANNED, kinds.DEPARTED, kinds.ARRIVED))
        kept = self.book.tracks
        if kept is None or kept[0] != keys.tobytes():
            kept = self.book.tracks = (keys.tobytes(), self._tracks_of(self.read(keys.tolist())))
        return kept[1]

    def _tracks_of(self, events: list[Event]) -> dict[MovementId, MovementTrack]:
        tracks: dict[MovementId, dict[str, object]] = {}
        for event in sorted(events, key=lambda event: (event.order, event.hash)):
            movement = event.body.get("movement")
            if not isinstance(movement, str):
                continue
            track = tracks.setdefault(MovementId(movement), {})
            if event.kind == kinds.MOVEMENT_PLANNED and isinstance(event.body.get("leg"), str):
                track["leg"] = event.body["leg"]
            elif event.kind in (kinds.DEPARTED, kinds.ARRIVED) and isinstance(event.body.get("place"), str):
                track[f"{event.kind}_at"] = event.corrected_at
                track[f"{event.kind}_place"] = event.body["place"]
        return {movement: MovementTrack(**track) for movement, track in tracks.items()}  # type: ignore[arg-type]

    def positions_of(self, person: PersonId) -> Ints:
        """The positions of what names a person, in the book's order."""
        number = self._columns.persons.numbers.get(person)
        return np.empty(0, dtype=np.int64) if number is None else self._positions_of_number(number)

    def _positions_of_number(self, number: int) -> Ints:
        """The positions of a person's visible rows, in the book's order."""
        span = self._rows.span(number)
        first, last = np.searchsorted(self._visible, [span.start, span.stop])
        return self._visible[first:last]

    def read(self, keys: list[int]) -> list[Event]:
        """The events with these `event_keys`, in this order, merged ids read as the ids kept."""
        found = self.book.events(keys)
        return [read_as_one(event, self.merged) for event in found] if self.merged else found

    def _event(self, position: int) -> Event:
        return self._events(np.array([position]))[0]

    def _events(self, positions: Ints) -> list[Event]:
        """The events at these positions of the rows, in this order."""
        return self.read(event_keys(self._rows.batch[positions], self._rows.line[positions]).tolist())

    def _index(self, person: PersonId) -> int | None:
        number = self._columns.persons.numbers.get(person)
        if number is None:
            return None
        index = int(np.searchsorted(self._positions.person, self._positions.person.dtype.type(number)))
        found = index < len(self._positions.person) and self._positions.person[index] == number
        return index if found else None

    def _account(self, number: int) -> AccountId:
        return MERGED if number == _MERGED else AccountId(self._columns.accounts.texts[number])

    def _persons(self, numbers: Ints) -> tuple[PersonId, ...]:
        return tuple(sorted(PersonId(self._columns.persons.texts[number]) for number in numbers.tolist()))


def _records(event: Event) -> frozenset[EventId]:
    """The records a `reconciled` event names; texts that are no event ids are left out."""
    found = set()
    records = event.body.get("records")
    for text in records if isinstance(records, list) else ():
        try:
            found.add(parse_event_id(str(text)))
        except ValueError:
            continue
    return frozenset(found)
