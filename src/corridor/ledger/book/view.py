"""The book at one (at, known): everybody's account, paths and movements; immutable."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from functools import cached_property

import numpy as np

from corridor.base.ids import AccountId, EventId, LegId, MovementId, PersonId, PlaceId, parse_event_id
from corridor.base.moments import Moment
from corridor.ledger import kinds
from corridor.ledger.accounts import MERGED, parts
from corridor.ledger.book.following import Ahead, Basis, Lineage, ahead_of, new_rows, too_many, touched_since
from corridor.ledger.book.merged import read_as_one, read_merged, renumbered, together
from corridor.ledger.book.path import Move, Walk, walk
from corridor.ledger.book.persons import Persons
from corridor.ledger.book.placing import MERGED as _MERGED
from corridor.ledger.book.placing import NO_SIDE, Positions, last_side, mark_sides, placed
from corridor.ledger.book.reading import TRACKS_KEPT_MAX, Book, Judged, judge, see
from corridor.ledger.book.rows import LINE_BITS, Bools, Sorted, event_keys, isin_sorted, last_of_each
from corridor.ledger.book.ways import MovementTrack, TrackedWays, tracks_of
from corridor.ledger.columns import Ints
from corridor.ledger.event import Event

_START = Moment(0)
_ABOUT_MAX = 2_000
NO_ACCOUNT = -2


class View:
    """The book at one (at, known), as the ledger was when it was made. Keeps what it found, and takes over from the
    view before whatever nothing new is known of."""

    def __init__(self, book: Book, at: Moment, known: Moment) -> None:
        self.book = book
        self.at = at
        self.known = known
        self._columns = book.columns
        self._snapshot = book.snapshot()
        self._unreadable = self._columns.kinds.number(kinds.UNREADABLE)
        self._judged: Judged = judge(self._snapshot.standing_of, known)
        self.merged = read_merged(book, self._snapshot, self._judged, self._there)
        self._tracks = self._read_tracks()
        self._ways = TrackedWays(book.ways, self._tracks)
        self._about: dict[PersonId, Sorted] = {}
        self.lineage: Lineage | None = None  # None: nobody follows this view
        self.step = 0
        with book.bases.following:
            self._positions = self._place_everybody()

    @cached_property
    def rows(self) -> Sorted:
        """Every row that the ledger had when the view was made, believed or not; merged ids as the ids kept."""
        return renumbered(self.book, self._snapshot.whole, self.merged) if self.merged else self._snapshot.whole

    @cached_property
    def visible(self) -> Ints:
        """The positions, among `rows`, of what is believed or disputed at (at, known)."""
        return np.flatnonzero(see(self.rows, self.at, self._judged, self._unreadable).visible)

    def about(self, numbers: Ints) -> Sorted:
        """What the view sees of the people with these numbers, which ascend: their rows in the book's order, merged
        ids' among those of the ids kept."""
        if self.merged:
            texts, of = self._columns.persons.texts, self._columns.persons.numbers
            whom = {one for one in numbers.tolist() if texts[one] not in self.merged}
            more = {of[dropped] for dropped, kept in self.merged.items() if of[kept] in whom}
            numbers = np.array(sorted(whom | more), dtype=np.int64)
        rows = together(self._columns, self._snapshot.of(numbers), self.merged)
        seen = see(rows, self.at, self._judged, self._unreadable).visible
        return rows if seen.all() else rows.taken(seen)

    def about_person(self, person: PersonId) -> Sorted:
        """The same of one person; no rows where the book does not know them."""
        found = self._about.get(person)
        if found is None:
            number = self._columns.persons.numbers.get(person)
            found = self.about(np.array([] if number is None else [number], dtype=np.int64))
            if len(self._about) < _ABOUT_MAX:
                self._about[person] = found  # every stage asks for the same rows
        return found

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
        if isinstance(persons, Persons) and persons.ids is self._columns.persons:
            return persons
        numbers = self._columns.persons.numbers
        return Persons.of(self._columns.persons, np.array([numbers[person] for person in persons], dtype=np.int64))

    def people(self, account: AccountId) -> tuple[PersonId, ...]:
        """The people in an account, sorted."""
        return tuple(sorted(self.inside(account)))

    def people_of(self, accounts: Iterable[AccountId]) -> dict[AccountId, tuple[PersonId, ...]]:
        """The people in each of some accounts, sorted; everybody is looked through once."""
        numbers = {account: self._columns.accounts.numbers.get(account, NO_ACCOUNT) for account in accounts}
        wanted = np.zeros(len(self._columns.accounts) + 2, dtype=np.bool_)
        wanted[list(numbers.values())] = True  # the two that are none of the columns' are the last ones
        here = np.flatnonzero(wanted[self._positions.account])
        order = here[np.argsort(self._positions.account[here], kind="stable")]
        account, person = self._positions.account[order], self._positions.person[order]
        found = {}
        for name, number in numbers.items():
            first, last = np.searchsorted(account, [number, number + 1])
            found[name] = self._persons(person[first:last])
        return found

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
        side = np.full(len(self._columns.accounts), NO_SIDE, dtype=np.int64)
        for number, text in enumerate(self._columns.accounts.texts):
            type_, name = parts(AccountId(text))
            if type_ == "place":
                side[number] = PlaceId(name) not in origins
            elif type_ == "aboard":
                track = self._tracks.get(MovementId(name))
                side[number] = track is not None and track.leg in outside_legs
        return Persons(self._columns.persons, self._on_side(side, (frozenset(origins), frozenset(outside_legs))))

    def _on_side(self, side: Ints, question: object) -> Bools:
        """By number, whether a person's last decisive account is of side 1: found again of those of whom something is
        new since a view before was asked the same."""
        before = None if self.lineage is None else self.lineage.kept.get(question)
        inside = np.zeros(len(self._columns.persons), dtype=np.bool_)
        touched = None
        if before is not None and self.lineage is not None:
            step, (side_then, inside_then) = before
            if np.array_equal(side[: len(side_then)], side_then):
                touched = self.lineage.between(step, self.step)
        if before is None or touched is None:
            rows, named = self.rows, self.visible
            walked: Iterable[int] = self._positions.walked
        else:
            inside[: len(inside_then)] = inside_then
            inside[touched] = False
            rows = self.about(touched)
            named = np.arange(len(rows.person))
            walked = [number for number in touched.tolist() if number in self._positions.walked]
        mark_sides(inside, rows, named, side)
        for number in walked:
            steps = self._positions.walked[number].postings
            inside[number] = last_side(side, [self._columns.accounts.numbers[step.target] for step in steps])
        if self.lineage is not None:
            self.lineage.kept[question] = (self.step, (side, inside))
        return inside

    def furthest(self, kind_rank: Mapping[str, int]) -> dict[int, int]:
        """How many people have this as the greatest rank among the kinds of their events; -1 where none has a rank.

        Merged ids, of which nothing is told any more, are of -1 too.
        """
        rank = self._rank(kind_rank)
        named = self.visible[self.rows.person[self.visible] >= 0]
        person = self.rows.person[named]
        starts = np.flatnonzero(np.append(True, person[1:] != person[:-1])) if len(person) else person
        greatest = np.maximum.reduceat(rank[self.rows.kind[named]], starts) if len(person) else person
        counts = np.bincount(greatest + 1, minlength=1)
        counts[0] += self.registered - len(starts)
        return {value - 1: count for value, count in enumerate(counts.tolist()) if count}

    def furthest_of(self, person: PersonId, kind_rank: Mapping[str, int]) -> int:
        """One person's greatest rank; -1 when none of their events has one."""
        ranks = self._rank(kind_rank)[self.about_person(person).kind]
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
        rows, visible = self.rows, self.visible
        chosen = visible[(rows.kind[visible] == number) & (rows.at[visible] >= since)]
        numbers = rows.person[chosen]
        return Persons.of(self._columns.persons, numbers[numbers >= 0])

    # --- events --------------------------------------------------------------------------------------------------

    def events_of(self, person: PersonId) -> tuple[Event, ...]:
        """Every believed or disputed event naming the person at (at, known), by corrected time."""
        return tuple(self.read(_keys(self.about_person(person))))

    def events(self, of_kinds: Collection[str]) -> Iterator[Event]:
        """The events of these kinds at (at, known), each once, by corrected time and id."""
        return iter(sorted(self.read(self.keys_of(of_kinds).tolist()), key=lambda event: (event.order, event.hash)))

    def as_recorded(self, of_kinds: Collection[str]) -> list[Event]:
        """The same, with merged ids as they were written and not read as the ids kept."""
        return sorted(self.book.events(self.keys_of(of_kinds).tolist()), key=lambda event: (event.order, event.hash))

    def keys_of(self, of_kinds: Collection[str], among: Ints | None = None) -> Ints:
        """The keys of the events of these kinds that the view sees, each once, ascending; `among` these, if given."""
        return self.book.keys_of(of_kinds, self._snapshot, self.at, self._judged, among)

    def fingerprint(self, of_kinds: Collection[str]) -> bytes:
        """The same for two views of one book exactly when they see the same events of these kinds: what was worked out
        from those alone need not be worked out again."""
        keys = self.keys_of(of_kinds)
        merged = repr(sorted(self.merged.items())).encode() if self.merged else b""
        return hashlib.blake2b(keys.tobytes() + merged, digest_size=16).digest()

    @cached_property
    def taken_back(self) -> frozenset[EventId]:
        """The events that a believed correction takes back: what others say of a record that is not theirs does not."""
        return frozenset(self._columns.event_id(*event) for event in self._judged.back)

    def latest(self, of_kinds: Collection[str]) -> dict[PersonId, Event]:
        """The latest event of these kinds for each person who has one."""
        numbers = [self._columns.kinds.numbers[kind] for kind in of_kinds if kind in self._columns.kinds.numbers]
        rows = self.rows
        named = self.visible[rows.person[self.visible] >= 0]
        wanted = named[isin_sorted(rows.kind[named], numbers)]
        last = wanted[last_of_each(rows.person[wanted])]
        texts = self._columns.persons.texts
        people = (PersonId(texts[number]) for number in rows.person[last].tolist())
        return dict(zip(people, self.read(_keys(rows.taken(last))), strict=True))

    def path_of(self, person: PersonId) -> Walk | None:
        """The person's path by the specification, with inferred legs marked; None when nothing moved them."""
        number = self._columns.persons.numbers.get(person)
        if number is None:
            return None
        return self._positions.walked.get(number) or self._walk(number)

    def also(self, person: PersonId) -> tuple[PersonId, ...]:
        """The merged ids that are read as this person's, sorted."""
        return tuple(sorted(dropped for dropped, kept in self.merged.items() if kept == person))

    def movement(self, movement: MovementId) -> MovementTrack:
        """What is known of a movement's way; all None when nothing is."""
        return self._tracks.get(movement, MovementTrack())

    # --- how it is found -----------------------------------------------------------------------------------------

    def _place_everybody(self) -> Positions:
        """Everybody's account: that of a view before, but of those of whom something is new; else from all rows."""
        bases = self.book.bases
        basis = bases.best_for(self.at, self.known, len(self._snapshot))
        if basis is not None and (positions := self._placed_since(basis)) is not None:
            return positions
        nobodys = np.searchsorted(self.rows.person, self.rows.person.dtype.type(0))  # rows of nobody come first
        named = self.visible[np.searchsorted(self.visible, nobodys) :]
        disputed = see(self.rows, self.at, self._judged, self._unreadable).disputed
        positions = self._placed(self.rows, named, disputed).with_merged(self._first_seen(self.merged))
        ahead = ahead_of(self._snapshot, self.at, self.known)
        if ahead is not None:
            self._lead(positions, ahead, Lineage(), 0, None)
        return positions

    def _placed_since(self, basis: Basis) -> Positions | None:
        """The same from what a view before found; None: too much is new."""
        came = new_rows(self.book, self._snapshot, basis.rows)
        ahead, seen = basis.ahead.and_also(came).parted(self.at, self.known)
        touched, events = touched_since(basis, self.book, seen, self._judged, self.merged, self._tracks)
        if too_many(touched, len(basis.positions.person)):
            return None
        rows = self.about(touched)
        disputed = see(rows, self.at, self._judged, self._unreadable).disputed
        named = [PersonId(self._columns.persons.texts[one]) for one in touched.tolist()] if self.merged else []
        gone = self._first_seen([one for one in named if one in self.merged])
        now = self._placed(rows, np.arange(len(rows.person)), disputed).with_merged(gone)
        positions = basis.positions.with_others(touched, now)
        self._lead(positions, ahead, basis.lineage, basis.lineage.add(touched, events), basis)
        return positions

    def _lead(self, positions: Positions, ahead: Ahead, lineage: Lineage, step: int, instead_of: Basis | None) -> None:
        """Let others follow this view."""
        self.lineage, self.step = lineage, step
        basis = Basis(
            at=self.at,
            known=self.known,
            rows=len(self._snapshot),
            judged=self._judged,
            merged=self.merged,
            tracks=self._tracks,
            positions=positions,
            ahead=ahead,
            lineage=lineage,
            step=self.step,
        )
        self.book.bases.put(basis, instead_of)

    def _placed(self, rows: Sorted, named: Ints, disputed: Ints) -> Positions:
        """Where these rows put people: by the simple chains, and by `walk` where they do not simply chain."""
        positions, tangled = placed(rows, named, disputed, self._columns.kinds.numbers[kinds.RECONCILED])
        return positions.with_walks(self._walks(np.array(tangled, dtype=np.int64)), self._columns.accounts)

    def _there(self, persons: Set[PersonId]) -> Set[PersonId]:
        """Which of these people the view sees a record of, as it was written."""
        numbers = self._columns.persons.numbers
        wanted = np.array(sorted(numbers[one] for one in persons if one in numbers), dtype=np.int64)
        rows = self._snapshot.of(wanted)
        seen = rows.person[see(rows, self.at, self._judged, self._unreadable).visible]
        return {PersonId(self._columns.persons.texts[number]) for number in seen.tolist()}

    def _first_seen(self, merged: Iterable[PersonId]) -> dict[int, int]:
        """When the first record of every merged id was made, by person number: it never stood for anybody else."""
        found = {}
        for person in merged:
            number = self._columns.persons.numbers[person]
            rows = self._snapshot.of(np.array([number], dtype=np.int64))
            found[number] = int(rows.at[see(rows, self.at, self._judged, self._unreadable).visible][0])
        return found

    def _walk(self, number: int) -> Walk | None:
        return self._walks(np.array([number], dtype=np.int64)).get(number)

    def _walks(self, numbers: Ints) -> dict[int, Walk]:
        """The paths of these people; who has no moves has none."""
        if not len(numbers):
            return {}
        rows = self.about(numbers)
        rows = rows.taken(rows.target >= 0)
        found = {}
        for number in numbers.tolist():
            span = rows.span(number)
            walked = walk([self._move(rows, turn) for turn in range(span.start, span.stop)], self._ways)
            if walked is not None:
                found[number] = walked
        return found

    def _move(self, rows: Sorted, turn: int) -> Move:
        """The move of one row."""
        event = (int(rows.batch[turn]), int(rows.line[turn]))
        source, judges = int(rows.source[turn]), None
        if self._columns.kinds.texts[int(rows.kind[turn])] == kinds.RECONCILED:
            judges = _records(self.read([event[0] << LINE_BITS | event[1]])[0])
        return Move(
            event=self._columns.event_id(*event),
            at=Moment(int(rows.at[turn])),
            uncertainty_ms=int(rows.uncertainty[turn]),
            source=None if source < 0 else self._account(source),
            target=self._account(int(rows.target[turn])),
            disputed=event in self._judged.disputed,
            judges=judges,
        )

    def _read_tracks(self) -> dict[MovementId, MovementTrack]:
        """Every movement's way, from its planned, departed and arrived events; of several, the latest holds."""
        keys = self.keys_of((kinds.MOVEMENT_PLANNED, kinds.DEPARTED, kinds.ARRIVED))
        kept, of = self.book.tracks, keys.tobytes()
        if of not in kept:
            last = dict([*kept.items()][1 - TRACKS_KEPT_MAX :])
            kept = self.book.tracks = last | {of: tracks_of(self.read(keys.tolist()))}
        return kept[of]

    def read(self, keys: list[int]) -> list[Event]:
        """The events with these `event_keys`, in this order, merged ids read as the ids kept."""
        found = self.book.events(keys)
        return [read_as_one(event, self.merged) for event in found] if self.merged else found

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


def _keys(rows: Sorted) -> list[int]:
    """The keys of the rows' events."""
    keys: list[int] = event_keys(rows.batch, rows.line).tolist()
    return keys


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
