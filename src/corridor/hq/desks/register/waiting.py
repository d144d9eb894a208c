"""Which applications wait, how long, and what they lack: kept up as people register, withdraw and leave."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal
from weakref import WeakKeyDictionary

from corridor.base.ids import PersonId
from corridor.base.moments import HOUR_MS, Moment
from corridor.base.operation import Need
from corridor.journey.board.board import Board
from corridor.journey.board.folding.changes import changed_since
from corridor.journey.register.events import MINORS
from corridor.journey.register.state import RegisterState
from corridor.ledger.book.reading import Book

SOON_HOURS, LATE_HOURS = 72, 168
"""From three days an application is amber, from a week it is late: what a duty room aims at, not a rule of the law."""

Lacking = Literal["no_name", "no_contact", "not_reached", "no_adult"]
Age = Literal["fresh", "soon", "late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The open people of one party, waiting since `since`, as seen at `at`. `lacking` says what the desk can still
    complete."""

    key: str
    head: PersonId
    people: tuple[PersonId, ...]
    minors: int
    since: Moment
    at: Moment
    channel: str | None
    application: str | None
    needs: tuple[Need, ...]
    lacking: tuple[Lacking, ...]
    reoffered: bool
    names: tuple[str, ...] = ()

    @property
    def age_hours(self) -> int:
        """Whole hours of waiting."""
        return (self.at - self.since) // HOUR_MS

    @property
    def age_days(self) -> int:
        """Whole days of waiting."""
        return self.age_hours // 24

    @property
    def standing(self) -> Age:
        """Whether it has waited too long."""
        return standing_after(self.age_hours)


def standing_after(hours: int) -> Age:
    """What an application is after so many whole hours."""
    return "late" if hours >= LATE_HOURS else "soon" if hours >= SOON_HOURS else "fresh"


class KeptApplications:
    """The open applications of the last board of a book; of the next one only those are made again of whose people
    something is new."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._register: Mapping[PersonId, RegisterState] = {}
        self._open: Set[PersonId] = frozenset()
        self._key_of: dict[PersonId, str] = {}
        self._people: dict[str, set[PersonId]] = {}  # the open people by application
        self._made: dict[str, Application] = {}
        self._by_book: set[str] = set()  # those whose age only the book tells: of people who never entered the demand

    def bring_up(self, board: Board) -> Mapping[str, Application]:
        """Every open application of a board by its key; each may have been made at an earlier one."""
        register, now = board.everybody.register.all, board.people("applications_open")
        with self._making:
            changed = set(changed_since(self._register, register)) if register is not self._register else set()
            regrouped = (changed & (now | self._open)) | (now - self._open) | (self._open - now)
            # Somebody who does not wait counts in what their party lacks, before and after they changed.
            were, are = self._register, register
            states = (state for one in changed for state in (were.get(one), are.get(one)))
            again: set[str | None] = {state.party for state in states if state is not None}
            again |= self._by_book | {self._move(person, register, person in now) for person in regrouped}
            again |= {self._key_of[person] for person in regrouped if person in self._key_of}
            made = dict(self._made)
            for key in again:
                if key is None:
                    continue
                self._by_book.discard(key)
                people = self._people.get(key)
                if people:
                    made[key] = _application(board, key, sorted(people))
                    if any(not register[person].demand for person in people):
                        self._by_book.add(key)
                else:
                    made.pop(key, None)
            self._register, self._open, self._made = register, now, made
            return made

    def _move(self, person: PersonId, register: Mapping[PersonId, RegisterState], waits: bool) -> str | None:
        """Put one person with the open people of the application they are in now; answers the one they were in."""
        was = self._key_of.pop(person, None)
        if was is not None:
            self._people[was].discard(person)
            if not self._people[was]:
                del self._people[was]
        if waits:
            party = register[person].party
            key = self._key_of[person] = party if party is not None else person
            self._people.setdefault(key, set()).add(person)
        return was


_kept: WeakKeyDictionary[Book, KeptApplications] = WeakKeyDictionary()
_waiting: WeakKeyDictionary[Board, Mapping[str, Application]] = WeakKeyDictionary()


def _of(board: Board) -> Mapping[str, Application]:
    found = _waiting.get(board)
    if found is None:
        kept = _kept.get(board.view.book) or _kept.setdefault(board.view.book, KeptApplications())
        found = _waiting[board] = kept.bring_up(board)
    return found


def queue(board: Board) -> tuple[Application, ...]:
    """Every open application, the oldest first."""
    waiting = sorted(_of(board).values(), key=lambda one: (one.since, one.key))
    return tuple(replace(one, at=board.at) for one in waiting)


def counts(board: Board) -> dict[str, int]:
    """How many applications wait, by standing."""
    counted = Counter(standing_after((board.at - one.since) // HOUR_MS) for one in _of(board).values())
    return {"all": counted.total(), "fresh": counted["fresh"], "soon": counted["soon"], "late": counted["late"]}


def waits_since(board: Board, person: PersonId) -> Moment:
    """Since when a person waits: their last entering of the demand, or of the book."""
    demand = board.everybody.register[person].demand
    if demand:
        return demand[-1].at
    entered = board.view.entered_at(person)
    return board.at if entered is None else entered


def _application(board: Board, key: str, people: Sequence[PersonId]) -> Application:
    register = board.everybody.register
    states = [register[person] for person in people]
    head = next((person for person in people if register[person].party_role == "head"), _eldest(people, register))
    members = board.everybody.company.members(key) or people
    return Application(
        key=key,
        head=head,
        people=tuple(people),
        minors=sum(state.age_band in MINORS for state in states),
        since=min(waits_since(board, person) for person in people),
        at=board.at,
        channel=next((state.channel for state in states if state.channel), None),
        application=next((state.application for state in states if state.application), None),
        needs=tuple(sorted({need for state in states for need in state.needs})),
        lacking=tuple(_lacking([register[one] for one in members])),
        reoffered=any(step.change == "reoffered" for state in states for step in state.demand),
    )


def _eldest(people: Sequence[PersonId], register: Mapping[PersonId, RegisterState]) -> PersonId:
    return min(people, key=lambda person: (register[person].is_minor, person))


def _lacking(states: Sequence[RegisterState]) -> Iterator[Lacking]:
    if any(not state.identity_version for state in states):
        yield "no_name"
    marks = [mark for state in states for mark in state.contacts]
    if not marks:
        yield "no_contact"
    elif not any(mark.reachable is not False for mark in marks):
        yield "not_reached"
    if any(state.is_minor for state in states) and not any(state.is_adult for state in states):
        yield "no_adult"
