"""A matcher over a few people, for tests: everybody in memory, near names from the engine itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from corridor.base.ids import PersonId
from corridor.journey.clear.matching import NearName, fold_document
from corridor.journey.register.identity import BirthDate, Identity, full_names
from corridor.names.index.people import NameIndex
from corridor.names.reasons import Match


class AMatcher:
    """A `Matcher` of these people."""

    def __init__(self, people: Mapping[PersonId, Identity]) -> None:
        self.people = people
        self.index = NameIndex()
        self.index.add_many((person, full_names(one)) for person, one in people.items())

    def near(self, names: Sequence[str]) -> list[list[NearName]]:
        """As the engine finds them."""
        return [[as_near(one) for one in found] for found in self.index.search_many(names, 16)]

    def alike(self, name: str, persons: Collection[PersonId]) -> list[NearName]:
        """As the engine weighs them."""
        return [as_near(one) for one in self.index.alike(name, persons)]

    def with_documents(self, numbers: Sequence[str]) -> list[set[PersonId]]:
        """By looking at everybody."""
        return [
            {person for person, one in self.people.items() if number and number in _numbers(one)} for number in numbers
        ]

    def born_on(self, births: Sequence[BirthDate]) -> list[set[PersonId]]:
        """By looking at everybody."""
        return [{person for person, one in self.people.items() if one.birth == birth} for birth in births]

    def identities(self, persons: Collection[PersonId]) -> dict[PersonId, Identity]:
        """Those of these people."""
        return {person: self.people[person] for person in persons}


def as_near(match: Match) -> NearName:
    """What the engine found."""
    return NearName(person=match.person, likeness=match.likeness, name=match.name, because=match.because)


def _numbers(identity: Identity) -> set[str]:
    return {fold_document(one.number) for one in identity.documents if one.number}
