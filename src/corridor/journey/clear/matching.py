"""Which rows of a list could be which of our people, by document number and exact or near name, with reasons.

Only proposals: a list officer, or an order, says which row is whom.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from corridor.base.ids import PersonId
from corridor.journey.clear.lists import ListRow
from corridor.journey.register.identity import BirthDate, Identity, full_names

For = Literal["same_document", "same_name", "near_name", "same_birth"]
Against = Literal["other_document", "other_birth", "other_name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """That a row could be a person: what speaks for it and against it, and how many others the row could be."""

    row: int
    person: PersonId
    reasons: tuple[For, ...]
    doubts: tuple[Against, ...]
    rivals: int
    likeness: float | None = None  # of a near name, 0 to 1; None: the name is the same, or not near
    near: str = ""  # our name that is near, and why, as the matcher says it


@dataclass(frozen=True, slots=True, kw_only=True)
class NearName:
    """A person whose name may be the one asked for: how like it is, 0 to 1, and why in words."""

    person: PersonId
    likeness: float
    says: str


class Matcher(Protocol):
    """Whoever knows everybody's names and finds those near a name that a list writes."""

    def near(self, names: Sequence[str]) -> Sequence[Sequence[NearName]]:
        """For each name the people whose names are near it, the nearest first; among many alike not all of them."""

    def alike(self, name: str, person: PersonId) -> NearName | None:
        """How near one person's names are to it; None: not near."""


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


def propose(
    rows: Iterable[ListRow], people: Mapping[PersonId, Identity], matcher: Matcher | None = None
) -> tuple[Proposal, ...]:
    """Who each row could be, by row and then the best first; a row that could be nobody is not here.

    `matcher` finds near names; None: only the same document and the same name are found.
    """
    by_document: dict[str, set[PersonId]] = {}
    by_name: dict[str, set[PersonId]] = {}
    for person, identity in people.items():
        for document in identity.documents:
            if document.number and (folded := fold_document(document.number)):
                by_document.setdefault(folded, set()).add(person)
        for name in full_names(identity):
            if folded := fold_name(name):
                by_name.setdefault(folded, set()).add(person)
    proposals: list[Proposal] = []
    ordered = sorted(rows, key=lambda row: row.number)
    nearest = [()] * len(ordered) if matcher is None else matcher.near([row.name for row in ordered])
    for row, near_row in zip(ordered, nearest, strict=True):
        folded_name = fold_name(row.name)
        folded_document = fold_document(row.document or "")
        named = by_name.get(folded_name, set())
        documented = by_document.get(folded_document, set())
        near = {one.person: one for one in near_row if one.person in people}
        if matcher is not None:  # whoever has the document may not be among the nearest of many namesakes
            told = (matcher.alike(row.name, person) for person in documented - near.keys())
            near |= {one.person: one for one in told if one is not None}
        candidates = named | documented | near.keys()
        found = [
            _proposal(row, one, people[one], one in documented, one in named, near.get(one), len(candidates) - 1)
            for one in candidates
        ]
        proposals.extend(sorted(found, key=_rank))
    return tuple(proposals)


def rows_of_several(proposals: Iterable[Proposal]) -> frozenset[int]:
    """The rows that could be more than one person: only a human can tell."""
    counted = Counter(proposal.row for proposal in proposals)
    return frozenset(row for row, persons in counted.items() if persons > 1)


def _proposal(
    row: ListRow,
    person: PersonId,
    identity: Identity,
    same_document: bool,
    same_name: bool,
    near: NearName | None,
    rivals: int,
) -> Proposal:
    agree = births_agree(row.birth, identity.birth)
    numbered = any(document.number for document in identity.documents)
    reasons: list[For] = []
    doubts: list[Against] = []
    if same_document:
        reasons.append("same_document")
    elif row.document and numbered:
        doubts.append("other_document")
    if same_name:
        reasons.append("same_name")
    elif near is not None:
        reasons.append("near_name")
    else:
        doubts.append("other_name")
    if agree:
        reasons.append("same_birth")
    elif agree is not None:
        doubts.append("other_birth")
    return Proposal(
        row=row.number,
        person=person,
        reasons=tuple(reasons),
        doubts=tuple(doubts),
        rivals=rivals,
        likeness=near.likeness if near is not None and not same_name else None,
        near=near.says if near is not None and not same_name else "",
    )


def _rank(proposal: Proposal) -> tuple[int, int, float, PersonId]:
    likeness = 1.0 if proposal.likeness is None else proposal.likeness
    same_document = "same_document" in proposal.reasons
    return (len(proposal.doubts) - len(proposal.reasons), -same_document, -likeness, proposal.person)
