"""Who must travel together: parties and ties as connected sets of people, and what would leave a minor alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from corridor.base.ids import PartyId, PersonId
from corridor.journey.register.events import TieType
from corridor.journey.register.state import RegisterState, TieHeld, Waiver

BINDING_TIES: tuple[TieType, ...] = ("guardian_of", "will_not_travel_without")
"""Ties that hold people of different parties together on the road. Being spouse or parent alone does not: they may
live apart; who will not be parted says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What decides who travels together: everybody who travels with their party (None: in none), ties, waivers."""

    parties: Mapping[PersonId, PartyId | None]
    ties: Collection[TieHeld]
    waivers: Collection[Waiver]


def company_of(states: Mapping[PersonId, RegisterState]) -> Company:
    """The company of these people. Who withdrew or died does not travel and holds nobody back."""
    travelling = {person: state for person, state in states.items() if state.travels}
    return Company(
        parties={person: state.party for person, state in travelling.items()},
        # A tie and a waiver are taken from the state of the person they are about, who is named in all their events.
        ties={tie for person, state in travelling.items() for tie in state.ties if tie.person == person},
        waivers={waiver for person, state in travelling.items() for waiver in state.waivers if waiver.person == person},
    )


def travel_groups(company: Company) -> tuple[frozenset[PersonId], ...]:
    """Everybody in sets that must travel together, by their least id.

    Members of a party are together unless a member's waiver lets that member go apart. A binding tie holds both of its
    people together whatever was waived; ending the tie releases them.
    """
    apart = {(waiver.person, waiver.party) for waiver in company.waivers}
    leader: dict[PersonId, PersonId] = {person: person for person in company.parties}

    def lead(person: PersonId) -> PersonId:
        while leader[person] != person:
            leader[person] = leader[leader[person]]
            person = leader[person]
        return person

    def join(one: PersonId, two: PersonId) -> None:
        first, second = sorted((lead(one), lead(two)))
        leader[second] = first

    first_of: dict[PartyId, PersonId] = {}
    for person, party in company.parties.items():
        if party is not None and (person, party) not in apart:
            join(first_of.setdefault(party, person), person)
    for tie in company.ties:
        if tie.tie in BINDING_TIES and tie.person in leader and tie.other in leader:
            join(tie.person, tie.other)
    groups: dict[PersonId, set[PersonId]] = {}
    for person in leader:
        groups.setdefault(lead(person), set()).add(person)
    return tuple(frozenset(groups[first]) for first in sorted(groups))


def travel_group(persons: Iterable[PersonId], company: Company) -> frozenset[PersonId]:
    """Everybody who must travel together with any of `persons`, themselves included."""
    wanted = frozenset(persons)
    return wanted.union(*(group for group in travel_groups(company) if group & wanted))


def without_adult(states: Mapping[PersonId, RegisterState]) -> frozenset[PersonId]:
    """The minors who travel, but not with any adult."""
    alone: set[PersonId] = set()
    for group in travel_groups(company_of(states)):
        if not any(states[person].is_adult for person in group):
            alone |= {person for person in group if states[person].is_minor}
    return frozenset(alone)


def left_alone(
    before: Mapping[PersonId, RegisterState], after: Mapping[PersonId, RegisterState]
) -> tuple[PersonId, ...]:
    """The minors whom a change would leave without an adult, though they have one now, sorted."""
    return tuple(sorted(without_adult(after) - without_adult(before)))
