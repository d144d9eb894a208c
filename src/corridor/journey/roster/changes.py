"""What of a roster has changed since a phone last asked: changes have numbers, and a phone keeps the last it got."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from corridor.base.ids import PersonId
from corridor.journey.roster.standing import RosterStanding

_FULL = "f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the changes: who is as now stands, who is gone; `more`: others follow. `full`: the download of which this
    page is one began at the beginning."""

    people: tuple[PersonId, ...]
    gone: tuple[PersonId, ...]
    cursor: str
    more: bool
    full: bool


class Change(NamedTuple):
    """A person's change: its number, and the mark of how they stand since; None: they are gone."""

    number: int
    person: PersonId
    mark: str | None


class Kept(NamedTuple):
    """What is kept of a roster for after a restart: which numbering it is of, up to which number each run of
    headquarters is known, and the changes, ascending. Marks and no standings: what a phone was told is known again
    when it is seen, and cannot be read."""

    generation: str
    runs: Mapping[str, int]
    changes: Sequence[Change]


class Changes:
    """A roster that is brought up to date now and then, and that goes on counting after a restart.

    A cursor names the run of headquarters that gave it. One of a run that is known, up to the last number that was kept
    of it, is answered with what has changed since; another is answered with everything. So a number that was given and
    then lost, with a disk or by a backup, is never taken for a later one.
    """

    def __init__(self, run: str, kept: Kept | None = None) -> None:
        """`run` is a name that no other run has; `kept` what `bring_up` of earlier runs returned. None: nothing is."""
        assert run.isalnum(), "it is a part of cursors"
        self.run = run
        self.generation = run if kept is None else kept.generation
        self.standings: Mapping[PersonId, RosterStanding] = {}
        self._runs = {} if kept is None else dict(kept.runs)
        self._last: dict[PersonId, int] = {}  # the number of everybody's latest change, of those who are gone too
        self._numbers: list[int] = []  # ascending, one a change that is still somebody's latest, or was
        self._persons: list[PersonId] = []
        self._number = max(self._runs.values(), default=0)
        self._marks: dict[PersonId, str] = {}  # of before the restart, until the first bringing up
        for change in () if kept is None else kept.changes:
            self._last[change.person] = change.number
            self._numbers.append(change.number)
            self._persons.append(change.person)
            self._marks.pop(change.person, None)
            if change.mark is not None:
                self._marks[change.person] = change.mark

    def bring_up(self, standings: Mapping[PersonId, RosterStanding]) -> list[Change]:
        """Take over how everybody stands now; who has changed, to be kept before a page is given."""
        made: list[Change] = []
        for person in sorted((self.standings.keys() | self._marks.keys()) - standings.keys()):
            made.append(self._note(person, None))
        for person, standing in standings.items():
            if person in self._marks:
                mark = mark_of(standing)
                if mark != self._marks[person]:
                    made.append(self._note(person, mark))
            elif self.standings.get(person) != standing:
                made.append(self._note(person, mark_of(standing)))
        self.standings, self._marks = standings, {}
        if len(self._numbers) > 2 * len(self._last) + 1_000:
            self._forget_overtaken()
        return made

    def page(self, cursor: str | None, most: int) -> Page:
        """At most so many changes after a cursor; from the beginning where it is None or of another generation."""
        after, full = self._read(cursor)
        index = bisect_right(self._numbers, after)
        people: list[PersonId] = []
        gone: list[PersonId] = []
        while index < len(self._numbers) and len(people) + len(gone) < most:
            number, person = self._numbers[index], self._persons[index]
            if self._last[person] == number:
                (people if person in self.standings else gone).append(person)
            after = number
            index += 1
        more = index < len(self._numbers)
        return Page(
            people=tuple(people),
            gone=tuple(gone),
            cursor=f"{self.run}.{after}{_FULL if full and more else ''}",
            more=more,
            full=full,
        )

    def _note(self, person: PersonId, mark: str | None) -> Change:
        self._number += 1
        self._last[person] = self._number
        self._numbers.append(self._number)
        self._persons.append(person)
        return Change(self._number, person, mark)

    def _forget_overtaken(self) -> None:
        kept = [
            (number, person)
            for number, person in zip(self._numbers, self._persons, strict=True)
            if self._last[person] == number
        ]
        self._numbers, self._persons = [number for number, _ in kept], [person for _, person in kept]

    def _read(self, cursor: str | None) -> tuple[int, bool]:
        """After which change a cursor stands, and whether it is of a download from the beginning."""
        run, _, text = (cursor or "").partition(".")
        number = text.removesuffix(_FULL)
        until = self._number if run == self.run else self._runs.get(run)
        if until is None or not (number.isascii() and number.isdecimal()):
            return 0, True
        after = int(number)
        return (after, text.endswith(_FULL)) if after <= until else (0, True)


def mark_of(standing: RosterStanding) -> str:
    """What a standing is known by again: 8 bytes of its hash, as hex."""
    return blake2b(msgspec.json.encode(standing), digest_size=8).hexdigest()
