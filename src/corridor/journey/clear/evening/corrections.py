"""What an authority is asked to correct on its list: who is missing beside their family, dropped, miswritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from corridor.base.ids import AuthorityId, ListId, PersonId
from corridor.journey.clear.differences import SplitGroup
from corridor.journey.clear.evening.cases import RowCase, open_persons
from corridor.journey.clear.matching import Against
from corridor.journey.clear.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Somebody whom the authority does not list although it lists others of their group, in these rows."""

    person: PersonId
    beside: tuple[int, ...]
    minor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Somebody who was on the authority's list before, in this row, has not crossed, and is not on this one."""

    person: PersonId
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Miswritten:
    """A row that is this person and says something else of them than we know."""

    row: int
    person: PersonId
    against: tuple[Against, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Everything to ask one authority about one list; `undecided` are not asked for, since an open row may be them."""

    authority: AuthorityId
    list: ListId
    missing: tuple[Missing, ...]
    undecided: tuple[PersonId, ...]
    dropped: tuple[Dropped, ...]
    miswritten: tuple[Miswritten, ...]

    @property
    def count(self) -> int:
        """How many corrections are asked for."""
        return len(self.missing) + len(self.dropped) + len(self.miswritten)


def corrections(
    authority: AuthorityId,
    list_id: ListId,
    cases: Iterable[RowCase],
    *,
    splits: Iterable[SplitGroup],
    standings: Mapping[PersonId, Standing],
    minors: Collection[PersonId],
    dropped: Mapping[int, PersonId],
    gone: Collection[PersonId],
) -> Corrections:
    """What to ask of the authority. `dropped` are the people of its list before, by row there, who are not on this one;
    `gone` who needs no list more.

    Somebody is missing when the authority has a say about them, does not list them, and they are in a group that the
    day's lists split. Who dropped and is missing too is asked for once, as missing. Nobody is asked for whom a row that
    is not decided may be: to ask for a name that is there would cost the next letter its weight.
    """
    cases = tuple(cases)
    row_of = {case.held: case.row.number for case in cases if case.held is not None}
    maybe = {person for case in cases for person in open_persons(case)} - row_of.keys()
    missing: list[Missing] = []
    undecided: set[PersonId] = set()
    for split in splits:
        beside = tuple(sorted(row_of[person] for person in split.listed if person in row_of))
        left_out = [one for one in split.left_out if one not in row_of and _unlisted(standings.get(one), authority)]
        undecided |= maybe.intersection(left_out)
        missing += [
            Missing(person=person, beside=beside, minor=person in minors) for person in left_out if person not in maybe
        ]
    asked = {one.person for one in missing}
    return Corrections(
        authority=authority,
        list=list_id,
        missing=tuple(missing),
        undecided=tuple(sorted(undecided)),
        dropped=tuple(
            Dropped(person=person, row=row)
            for row, person in sorted(dropped.items())
            if person not in row_of and person not in gone and person not in asked and person not in maybe
        ),
        miswritten=tuple(
            Miswritten(row=case.row.number, person=case.held, against=against)
            for case in cases
            if case.held is not None and (against := _against(case))
        ),
    )


def _unlisted(standing: Standing | None, authority: AuthorityId) -> bool:
    return standing is not None and any(one.authority == authority and one.word != "listed" for one in standing.words)


def _against(case: RowCase) -> tuple[Against, ...]:
    """What the row says otherwise than we know: a name in another spelling is no mistake."""
    said = next((one.doubts for one in case.proposals if one.person == case.held), ())
    return tuple(one for one in said if one != "other_name")
