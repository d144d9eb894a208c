"""Who belongs together at one board: a person's party and travel group, without reading everybody to know one's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Set

from corridor.base.ids import PartyId, PersonId
from corridor.journey.board.folding.changes import States, changed_since, many
from corridor.journey.board.folding.subjects import Subjects
from corridor.journey.register.groups import company_of, travel_groups
from corridor.journey.register.state import RegisterState

Group = frozenset[PersonId]


class Company:
    """Parties and ties as a board knows them. `merged` are the board's merged ids with those they are read as."""

    def __init__(
        self,
        register: Mapping[PersonId, RegisterState],
        subjects: Subjects,
        merged: Mapping[PersonId, PersonId],
    ) -> None:
        self.register, self._subjects, self._merged = register, subjects, merged
        self._dropped: dict[PersonId, list[PersonId]] = {}
        for dropped, kept in merged.items():
            self._dropped.setdefault(kept, []).append(dropped)

    def members(self, party: PartyId | str) -> tuple[PersonId, ...]:
        """The people of a party, sorted, whether or not they travel."""
        said = self._read_as(self._subjects.of_party.get(party, ()))
        return tuple(sorted(one for one in said if self.register.get(one, _NOBODY).party == party))

    def applicants(self, application: str) -> tuple[PersonId, ...]:
        """The people registered with an application, sorted."""
        said = self._read_as(self._subjects.of_application.get(application, ()))
        return tuple(sorted(one for one in said if self.register.get(one, _NOBODY).application == application))

    def near(self, persons: Iterable[PersonId]) -> set[PersonId]:
        """These people and everybody whom parties or ties join to them, and to those, and so on; more than travel
        together, where a waiver or an ended tie has parted some."""
        found: set[PersonId] = set()
        ahead = set(persons)
        while ahead:
            one = ahead.pop()
            state = self.register.get(one)
            if state is None or one in found:
                continue
            found.add(one)
            beside = {tie.other for tie in state.ties} | {tie.person for tie in state.ties}
            for id_ in (one, *self._dropped.get(one, ())):
                beside |= self._read_as(self._subjects.tied_to.get(id_, ()))
            if state.party is not None:
                beside |= set(self.members(state.party))
            ahead |= beside - found
        return found

    def groups_of(self, persons: Iterable[PersonId]) -> tuple[Group, ...]:
        """The travel groups of these people and of whoever is near them."""
        return travel_groups(company_of({one: self.register[one] for one in sorted(self.near(persons))}))

    def _read_as(self, persons: Iterable[PersonId]) -> set[PersonId]:
        if not self._merged:
            return set(persons)
        return {self._merged.get(person, person) for person in persons}


_NOBODY = RegisterState()


class KeptGroups:
    """The travel groups of the last board of a book, and the registration they were made from."""

    def __init__(self) -> None:
        self.joining = threading.Lock()
        self.register: dict[PersonId, RegisterState] = {}
        self.group_of: States[PersonId, Group] = States({})
        self.by_first: dict[PersonId, Group] = {}
        self.groups: tuple[Group, ...] = ()  # by their least id

    def bring_up(
        self, company: Company, register: dict[PersonId, RegisterState]
    ) -> tuple[States[PersonId, Group], tuple[Group, ...]]:
        """The group of everybody who travels, and every group by its least id, of the company's board and its whole
        registration: groups that nothing new touches are those of the board before."""
        with self.joining:
            if register is not self.register:
                changed = changed_since(self.register, register)
                if many(changed, register):
                    groups = travel_groups(company_of(register))
                    self.group_of = States({person: group for group in groups for person in group})
                    self.by_first = {min(group): group for group in groups}
                    self.groups = groups
                elif changed:
                    self._join_again(company, changed)
                self.register = register
            return self.group_of, self.groups

    def _join_again(self, company: Company, changed: Set[PersonId]) -> None:
        """Only the groups that the people changed were in, and those they may be in now."""
        were = {one for person in changed for one in self.group_of.get(person, ())}
        near = company.near(changed | were)
        touched = frozenset(near | were | changed)
        group_of = States(self.group_of, self.group_of, touched)
        by_first = dict(self.by_first)
        for person in touched:
            group = group_of.pop(person, None)
            if group is not None:
                by_first.pop(min(group), None)
        for group in travel_groups(company_of({one: company.register[one] for one in sorted(near)})):
            group_of.update(dict.fromkeys(group, group))
            by_first[min(group)] = group
        self.group_of, self.by_first = group_of, by_first
        self.groups = tuple(by_first[first] for first in sorted(by_first))


class GroupOf(Mapping[PersonId, Group]):
    """The travel group of everybody who travels; asked for one person's, only those near them are looked at."""

    def __init__(self, company: Company, everybody: Callable[[], States[PersonId, Group]]) -> None:
        """`everybody` works out everybody's group."""
        self._company, self._everybody = company, everybody
        self._found: dict[PersonId, Group] = {}
        self._all: States[PersonId, Group] | None = None

    @property
    def all(self) -> States[PersonId, Group]:
        """Everybody's."""
        if self._all is None:
            self._all = self._everybody()
        return self._all

    def __getitem__(self, person: PersonId) -> Group:
        if self._all is not None:
            return self._all[person]
        if person not in self._found:
            for group in self._company.groups_of((person,)):
                self._found |= dict.fromkeys(group, group)
        return self._found[person]

    def __contains__(self, person: object) -> bool:
        return self.get(person) is not None  # type: ignore[call-overload]

    def __iter__(self) -> Iterator[PersonId]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)
