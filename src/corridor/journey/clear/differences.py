"""What changed from one list of an authority to its next, and which families a list would split."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from corridor.base.ids import PersonId
from corridor.journey.clear.lists import AuthorityList, ListRow
from corridor.journey.clear.matching import births_agree, fold_document, fold_name

NEAR_NAME_RATIO_MIN = 0.85
"""How alike two folded names must be (Ratcliff and Obershelp, 0 to 1) to be one person beside an equal birth date: one
letter in seven may differ. Twins with alike names are told apart by their documents where both have one."""

Why = Literal["same_document", "same_name", "near_name_and_birth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPair:
    """The same person on two lists."""

    earlier: ListRow
    later: ListRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The same person, written otherwise, and why they are held to be the same."""

    earlier: ListRow
    later: ListRow
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDifference:
    """How two lists of one authority differ. Every row is in exactly one of the four."""

    added: tuple[ListRow, ...]
    dropped: tuple[ListRow, ...]
    renamed: tuple[Renamed, ...]
    unchanged: tuple[RowPair, ...]


def difference(earlier: AuthorityList, later: AuthorityList) -> ListDifference:
    """How the later list differs from the earlier one, which must be the same authority's."""
    assert earlier.authority == later.authority, "lists of two authorities say different things"
    before, after = _by_number(earlier), _by_number(later)
    same = _pair(before, after, lambda row: (fold_name(row.name), fold_document(row.document or ""), row.birth))
    renamed: list[Renamed] = []
    for one in _pair(before, after, lambda row: fold_document(row.document or "") or None):
        renamed.append(Renamed(earlier=one.earlier, later=one.later, why="same_document"))
    for one in _pair(before, after, lambda row: fold_name(row.name), _compatible):
        renamed.append(Renamed(earlier=one.earlier, later=one.later, why="same_name"))
    for one in _pair_near(before, after):
        renamed.append(Renamed(earlier=one.earlier, later=one.later, why="near_name_and_birth"))
    return ListDifference(
        added=tuple(after.values()),
        dropped=tuple(before.values()),
        renamed=tuple(sorted(renamed, key=lambda one: one.later.number)),
        unchanged=tuple(sorted(same, key=lambda one: one.later.number)),
    )


def _by_number(received: AuthorityList) -> dict[int, ListRow]:
    return {row.number: row for row in sorted(received.rows, key=lambda row: row.number)}


def _compatible(earlier: ListRow, later: ListRow) -> bool:
    """Whether nothing that both rows know speaks against one person."""
    documents = {fold_document(row.document or "") for row in (earlier, later)} - {""}
    return len(documents) < 2 and births_agree(earlier.birth, later.birth) is not False


def _pair(
    before: dict[int, ListRow],
    after: dict[int, ListRow],
    key: Callable[[ListRow], Hashable],
    allowed: Callable[[ListRow, ListRow], bool] = lambda earlier, later: True,
) -> list[RowPair]:
    """Take rows with equal keys out of both lists, in pairs, in order of their numbers; a key None pairs with none."""
    waiting: dict[Hashable, list[ListRow]] = {}
    for row in before.values():
        waiting.setdefault(key(row), []).append(row)
    pairs: list[RowPair] = []
    for row in tuple(after.values()):
        same = waiting.get(key(row), []) if key(row) is not None else []
        partner = next((one for one in same if allowed(one, row)), None)
        if partner is not None:
            same.remove(partner)
            del before[partner.number], after[row.number]
            pairs.append(RowPair(earlier=partner, later=row))
    return pairs


def _pair_near(before: dict[int, ListRow], after: dict[int, ListRow]) -> list[RowPair]:
    """Take rows with one birth date and near-equal names out of both lists, the nearest first."""
    born: dict[object, list[ListRow]] = {}
    for row in before.values():
        if row.birth is not None and row.birth.year is not None:
            born.setdefault(row.birth, []).append(row)
    near: list[tuple[float, int, int, RowPair]] = []
    for row in after.values():
        for one in born.get(row.birth, ()) if row.birth is not None else ():
            ratio = SequenceMatcher(None, fold_name(one.name), fold_name(row.name), autojunk=False).ratio()
            if ratio >= NEAR_NAME_RATIO_MIN and _compatible(one, row):
                near.append((-ratio, one.number, row.number, RowPair(earlier=one, later=row)))
    pairs: list[RowPair] = []
    for *_, pair in sorted(near, key=lambda found: found[:3]):
        if pair.earlier.number in before and pair.later.number in after:
            del before[pair.earlier.number], after[pair.later.number]
            pairs.append(pair)
    return pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitGroup:
    """People who must travel together of whom a list lets only some pass; all sorted."""

    listed: tuple[PersonId, ...]
    left_out: tuple[PersonId, ...]
    minors_left_out: tuple[PersonId, ...]


def split_groups(
    listed: Collection[PersonId],
    groups: Iterable[frozenset[PersonId]],
    minors: Collection[PersonId],
    already_out: Collection[PersonId] = (),
) -> tuple[SplitGroup, ...]:
    """The groups that a list splits, the worst first: most minors left out, then most people left out.

    `groups` are the travel groups of registration, in which waivers have already done their work. Who is already out
    counts as neither listed nor left out.
    """
    out, may_pass, under_age = frozenset(already_out), frozenset(listed), frozenset(minors)
    split: list[SplitGroup] = []
    for group in groups:
        waiting = group - out
        left_out = waiting - may_pass
        if left_out and left_out != waiting:
            split.append(
                SplitGroup(
                    listed=tuple(sorted(waiting & may_pass)),
                    left_out=tuple(sorted(left_out)),
                    minors_left_out=tuple(sorted(left_out & under_age)),
                )
            )
    return tuple(sorted(split, key=lambda one: (-len(one.minors_left_out), -len(one.left_out), one.listed)))
