"""Which rows of a list could be which of our people, by document number, name and birth date, with reasons.

Only proposals: a list officer, or an order, says which row is whom.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from corridor.base.ids import PersonId
from corridor.journey.clear.lists import ListRow
from corridor.journey.register.duplicates.comparing import other_part
from corridor.journey.register.identity import BirthDate, Identity, full_names
from corridor.names.reasons import Because

For = Literal["same_document", "same_name", "near_name", "same_birth"]
Against = Literal["other_document", "other_birth", "other_name", "other_part"]
"""What speaks against: `other_part` is a name that is near, and of which one part is somebody else's, as a brother's or
a father's would be."""

PROPOSED_MAX = 8
"""Most people proposed for one row: what an officer takes in at a glance."""
LIKENESS_MIN = 0.5
"""Least likeness by which a name alone proposes somebody: as likely as not."""
LIKENESS_SAME_BIRTH_MIN = 0.05
"""Least likeness of who was born on the row's day: one in some 30,000 strangers is, so that little of a name tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearName:
    """A person whose name may be the one asked for: how likely it is, 0 to 1, our name, and why part by part."""

    person: PersonId
    likeness: float
    name: str
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """That a row could be a person: what speaks for it and against it.

    `same_day`: not only the year of birth is the same. `near` None: the name is the same, or not near.
    """

    row: int
    person: PersonId
    reasons: tuple[For, ...]
    doubts: tuple[Against, ...]
    same_day: bool = False
    near: NearName | None = None


class Matcher(Protocol):
    """Whoever knows everybody: finds people by what a list writes of them. Answers stand where the questions stood."""

    def near(self, names: Sequence[str]) -> Sequence[Collection[NearName]]:
        """The people whose names are near each name; among many alike not all of them."""

    def alike(self, name: str, persons: Collection[PersonId]) -> Collection[NearName]:
        """How near the names of these people are to it, however far; who has no name is left out."""

    def with_documents(self, numbers: Sequence[str]) -> Sequence[Collection[PersonId]]:
        """Who has each number (as `fold_document` writes it)."""

    def born_on(self, births: Sequence[BirthDate]) -> Sequence[Collection[PersonId]]:
        """Who was born on each day; nobody where so many were that it tells nothing."""

    def identities(self, persons: Collection[PersonId]) -> Mapping[PersonId, Identity]:
        """What is known of these people."""


def fold_name(text: str) -> str:
    """A name without case, marks, punctuation and order of its words, so that spellings of one source compare equal.

    It does not bridge scripts or transliterations.
    """
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = "".join(char if char.isalnum() else " " for char in bare.replace("\u0640", "").casefold()).split()
    return " ".join(sorted(words))


def fold_document(number: str) -> str:
    """A document's number without case, spaces and punctuation."""
    return "".join(char for char in unicodedata.normalize("NFKC", number).upper() if char.isalnum())


def births_agree(one: BirthDate | None, other: BirthDate | None) -> bool | None:
    """Whether two birth dates can be the same day, by the parts that both know; None when that is nothing.

    Years worked out from an age may differ by one.
    """
    if one is None or other is None or one.year is None or other.year is None:
        return None
    years_apart = 1 if "age" in (one.precision, other.precision) else 0
    if abs(one.year - other.year) > years_apart:
        return False
    if one.month is None or other.month is None:
        return True
    if one.month != other.month:
        return False
    return one.day is None or other.day is None or one.day == other.day


def tells_a_day(birth: BirthDate | None) -> bool:
    """Whether a birth date is a day, and not the 1 January that stands for "some day of that year"."""
    return birth is not None and birth.precision == "day" and (birth.month, birth.day) != (1, 1)


def propose(rows: Iterable[ListRow], matcher: Matcher) -> tuple[Proposal, ...]:
    """Who each row could be, by row and then the best first; a row that could be nobody is not here."""
    ordered = sorted(rows, key=lambda row: row.number)
    numbers = [fold_document(row.document or "") for row in ordered]
    days = {row.birth for row in ordered if tells_a_day(row.birth)}
    born = dict(zip(days, matcher.born_on([day for day in days if day is not None]), strict=True))
    candidates: list[dict[PersonId, NearName | None]] = []
    for row, near, documented in zip(
        ordered, matcher.near([row.name for row in ordered]), matcher.with_documents(numbers), strict=True
    ):
        found: dict[PersonId, NearName | None] = {one.person: one for one in near if one.likeness >= LIKENESS_MIN}
        others = {*documented, *born.get(row.birth, ())} - found.keys()
        for one in matcher.alike(row.name, others) if others else ():
            if one.person in documented or one.likeness >= LIKENESS_SAME_BIRTH_MIN:
                found[one.person] = one
        candidates.append({**dict.fromkeys(documented), **found})
    people = matcher.identities({person for found in candidates for person in found})
    return tuple(
        proposal
        for row, found in zip(ordered, candidates, strict=True)
        for proposal in proposals_of(row, found, people)
    )


def proposals_again(
    rows: Iterable[ListRow], before: Iterable[Proposal], changed: Collection[PersonId], matcher: Matcher
) -> tuple[Proposal, ...]:
    """The proposals after some people's identities changed: theirs anew, by a matcher of those people only, beside
    those of everybody else as they were."""
    ordered = sorted(rows, key=lambda row: row.number)
    kept: dict[int, list[Proposal]] = {row.number: [] for row in ordered}
    for one in before:
        if one.person not in changed:
            kept[one.row].append(one)
    for one in propose(ordered, matcher):
        kept[one.row].append(one)
    return tuple(one for row in ordered for one in sorted(kept[row.number], key=_rank)[:PROPOSED_MAX])


def proposals_of(
    row: ListRow, found: Mapping[PersonId, NearName | None], people: Mapping[PersonId, Identity]
) -> tuple[Proposal, ...]:
    """The proposals of one row, the best first, of the people found for it; who is not in `people` is left out."""
    made = (_proposal(row, people[person], near, person) for person, near in found.items() if person in people)
    wanted = [one for one in made if "other_name" not in one.doubts or "same_document" in one.reasons]
    return tuple(sorted(wanted, key=_rank)[:PROPOSED_MAX])


def rows_of_several(proposals: Iterable[Proposal]) -> frozenset[int]:
    """The rows that could be more than one person: only a human can tell."""
    counted = Counter(proposal.row for proposal in proposals)
    return frozenset(row for row, persons in counted.items() if persons > 1)


def _proposal(row: ListRow, identity: Identity, near: NearName | None, person: PersonId) -> Proposal:
    reasons: list[For] = []
    doubts: list[Against] = []
    known = {fold_document(document.number) for document in identity.documents if document.number} - {""}
    number = fold_document(row.document or "")
    if number in known:
        reasons.append("same_document")
    elif number and known:
        doubts.append("other_document")
    folded = fold_name(row.name)
    if folded and folded in map(fold_name, full_names(identity)):
        reasons.append("same_name")
    elif near is None or near.likeness < LIKENESS_SAME_BIRTH_MIN:
        doubts.append("other_name")
    else:
        reasons.append("near_name")
        if other_part(near.because):
            doubts.append("other_part")
    agree = births_agree(row.birth, identity.birth)
    if agree:
        reasons.append("same_birth")
    elif agree is not None:
        doubts.append("other_birth")
    same_day = bool(agree) and tells_a_day(row.birth) and tells_a_day(identity.birth)
    return Proposal(
        row=row.number,
        person=person,
        reasons=tuple(reasons),
        doubts=tuple(doubts),
        same_day=same_day,
        near=near if "near_name" in reasons else None,
    )


def _rank(proposal: Proposal) -> tuple[int, int, float, PersonId]:
    likeness = 1.0 if "same_name" in proposal.reasons else 0.0 if proposal.near is None else proposal.near.likeness
    same_document = "same_document" in proposal.reasons
    return (len(proposal.doubts) - len(proposal.reasons), -same_document, -likeness, proposal.person)
