"""A plan's parties as people know them: who they are by name, and what the plan has for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from corridor.base.ids import PartyId, PersonId
from corridor.base.moments import Moment
from corridor.hq.access.names import read_names
from corridor.hq.desks.move.plans.page import One
from corridor.hq.desks.move.plans.sentences import moment_at
from corridor.hq.served import served
from corridor.plan.answer import Way
from corridor.plan.problem import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A party with the names of its people as far as the reader may read them: the first of each, by person."""

    party: Party
    people: tuple[tuple[PersonId, str], ...]

    @property
    def title(self) -> str:
        """The first name there is, else the party's id."""
        return next((name for _, name in self.people if name), self.party.id)

    @property
    def others(self) -> int:
        """How many more they are."""
        return len(self.people) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """When a party takes its steps; None: not in this plan, or behind it."""

    crosses_at: Moment | None
    convoy: str | None
    convoy_at: Moment | None
    flight: str | None
    flies_at: Moment | None


def families(request: HttpRequest, parties: Sequence[Party], why: str) -> dict[PartyId, Family]:
    """The parties with names; every reading is logged."""
    board = served().board_now()
    persons = [person for party in parties for person in party.members]
    names = read_names(request, served(), board, persons, why=why)
    return {party.id: Family(party=party, people=_people(party, names)) for party in parties}


def _people(party: Party, names: Mapping[PersonId, Sequence[str]]) -> tuple[tuple[PersonId, str], ...]:
    return tuple((person, next(iter(names.get(person, ())), "")) for person in party.members)


def named_persons(request: HttpRequest, persons: Iterable[PersonId], why: str) -> dict[PersonId, str]:
    """The first name of each, '' where the reader may not read it or there is none."""
    persons = list(persons)
    names = read_names(request, served(), served().board_now(), persons, why=why)
    return {person: next(iter(names.get(person, ())), "") for person in persons}


def steps_of(one: One, way: Way | None) -> Steps:
    """The steps of a way, in moments."""
    problem = one.problem
    if way is None:
        return Steps(crosses_at=None, convoy=None, convoy_at=None, flight=None, flies_at=None)
    convoy = None if way.transfer is None else one.convoys.get(way.transfer)
    run = None if way.flight is None else one.runs.get(way.flight)
    departs = None if run is None else run.departs_minute
    return Steps(
        crosses_at=None if way.crosses_minute is None else moment_at(problem, way.crosses_minute),
        convoy=None if convoy is None else convoy.id,
        convoy_at=None if convoy is None else moment_at(problem, convoy.departs_minute),
        flight=way.flight,
        flies_at=None if departs is None else moment_at(problem, departs),
    )
