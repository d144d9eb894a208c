"""What of a roster has changed since a phone last asked: changes have numbers, and a phone keeps the last it got."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

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


class Changes:
    """A roster that is brought up to date now and then. Its numbers belong to this generation of it: after a restart a
    phone downloads it once from the beginning."""

    def __init__(self, generation: str) -> None:
        assert generation.isalnum(), "it is a part of cursors"
        self.generation = generation
        self.standings: Mapping[PersonId, RosterStanding] = {}
        self._last: dict[PersonId, int] = {}  # the number of everybody's latest change, of those who are gone too
        self._numbers: list[int] = []  # ascending, one a change that is still somebody's latest, or was
        self._persons: list[PersonId] = []
        self._number = 0

    def bring_up(self, standings: Mapping[PersonId, RosterStanding]) -> int:
        """Take over how everybody stands now; how many have changed."""
        before = self._number
        for person in sorted(self.standings.keys() - standings.keys()):
            self._note(person)
        for person, standing in standings.items():
            if self.standings.get(person) != standing:
                self._note(person)
        self.standings = standings
        if len(self._numbers) > 2 * len(self._last) + 1_000:
            self._forget_overtaken()
        return self._number - before

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
            cursor=f"{self.generation}.{after}{_FULL if full and more else ''}",
            more=more,
            full=full,
        )

    def _note(self, person: PersonId) -> None:
        self._number += 1
        self._last[person] = self._number
        self._numbers.append(self._number)
        self._persons.append(person)

    def _forget_overtaken(self) -> None:
        kept = [
            (number, person)
            for number, person in zip(self._numbers, self._persons, strict=True)
            if self._last[person] == number
        ]
        self._numbers, self._persons = [number for number, _ in kept], [person for _, person in kept]

    def _read(self, cursor: str | None) -> tuple[int, bool]:
        """After which change a cursor stands, and whether it is of a download from the beginning."""
        generation, _, text = (cursor or "").partition(".")
        number = text.removesuffix(_FULL)
        if generation != self.generation or not (number.isascii() and number.isdecimal()):
            return 0, True
        after = int(number)
        return (after, text.endswith(_FULL)) if after <= self._number else (0, True)
