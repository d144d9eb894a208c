"""What have people said about proposed links, and what stands now? A list that only grows, folded into groups.

"Same" is transitive: A is B and B is C make one person of three, unless somebody said that two of them are different;
then the group is in conflict and nothing of it may be merged. A judgement can be undone by naming it; an undoing too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NewType

from corridor.base.ids import UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal, RefusalKind
from corridor.names.records.record import Link, RecordId

JudgementId = NewType("JudgementId", str)
Verdict = Literal["same", "different", "unsure"]

ONE_RECORD = RefusalKind("judgement_one_record", "{record} cannot be compared with itself.", "Name two records.")
NOTHING_TO_UNDO = RefusalKind(
    "judgement_nothing_to_undo", "There is no judgement {judgement} that stands.", "Name a judgement that stands."
)
TWICE = RefusalKind(
    "judgement_twice", "A judgement {judgement} was recorded before.", "Give each judgement its own id."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A person's verdict on two records. `why` is in their words; empty: they gave none."""

    id: JudgementId
    a: RecordId
    b: RecordId
    verdict: Verdict
    by: UserId
    at: Moment
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A person takes back one judgement, or one undoing (`of`)."""

    id: JudgementId
    of: JudgementId
    by: UserId
    at: Moment
    why: str = ""


Judgement = Judged | Undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A group that "same" holds together although somebody said that two of it are different."""

    group: tuple[RecordId, ...]
    same: tuple[Judged, ...]
    different: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands after all judgements. `groups`: records that are one person, each sorted, without conflicts."""

    judged: tuple[Judged, ...]
    groups: tuple[tuple[RecordId, ...], ...]
    conflicts: tuple[Conflict, ...]

    def verdict(self, a: RecordId, b: RecordId) -> Verdict | Literal["conflict"] | None:
        """What is held of two records, by transitivity too; None: nobody has said anything that tells.

        A and C are different where A is the same as B and B was said to be different from C.
        """
        for conflict in self.conflicts:
            if a in conflict.group and b in conflict.group:
                return "conflict"
        mine, other = self._group(a), self._group(b)
        if b in mine:
            return "same"
        for judged in self.judged:
            if judged.verdict == "different" and _between(judged, mine, other):
                return "different"
        said = [judged.verdict for judged in self.judged if {judged.a, judged.b} == {a, b}]
        return said[-1] if said else None

    def _group(self, record: RecordId) -> frozenset[RecordId]:
        every = (*self.groups, *(conflict.group for conflict in self.conflicts))
        return frozenset(next((group for group in every if record in group), (record,)))


def _between(judged: Judged, mine: frozenset[RecordId], other: frozenset[RecordId]) -> bool:
    return (judged.a in mine and judged.b in other) or (judged.a in other and judged.b in mine)


def record(judgements: Sequence[Judgement], new: Judgement) -> tuple[Judgement, ...] | Refusal:
    """The list with one more judgement at its end, or why it cannot be recorded."""
    if any(judgement.id == new.id for judgement in judgements):
        return TWICE(judgement=new.id)
    if isinstance(new, Judged):
        if new.a == new.b:
            return ONE_RECORD(record=new.a)
    elif new.of not in _standing_ids(judgements):
        return NOTHING_TO_UNDO(judgement=new.of)
    return (*judgements, new)


def _standing_ids(judgements: Sequence[Judgement]) -> set[JudgementId]:
    """The judgements and undoings that nothing has taken back; read from the end, for an undoing may be undone."""
    gone: set[JudgementId] = set()
    for judgement in reversed(judgements):
        if isinstance(judgement, Undone) and judgement.id not in gone:
            gone.add(judgement.of)
    return {judgement.id for judgement in judgements} - gone


def standing(judgements: Sequence[Judgement]) -> Standing:
    """What stands. Of several verdicts on the same two records the last one recorded counts."""
    ids = _standing_ids(judgements)
    last: dict[frozenset[RecordId], Judged] = {}
    for judgement in judgements:
        if isinstance(judgement, Judged) and judgement.id in ids:
            last.pop(pair := frozenset((judgement.a, judgement.b)), None)
            last[pair] = judgement
    judged = tuple(last.values())
    groups: list[tuple[RecordId, ...]] = []
    conflicts: list[Conflict] = []
    same = [each for each in judged if each.verdict == "same"]
    different = [each for each in judged if each.verdict == "different"]
    for group in _groups((each.a, each.b) for each in same):
        inside = tuple(each for each in different if each.a in group and each.b in group)
        ordered = tuple(sorted(group))
        if inside:
            held = tuple(each for each in same if each.a in group)
            conflicts.append(Conflict(group=ordered, same=held, different=inside))
        else:
            groups.append(ordered)
    return Standing(judged=judged, groups=tuple(sorted(groups)), conflicts=tuple(sorted(conflicts, key=_first)))


def _first(conflict: Conflict) -> tuple[RecordId, ...]:
    return conflict.group


def _groups(pairs: Iterable[tuple[RecordId, RecordId]]) -> list[set[RecordId]]:
    """The records that chains of pairs hold together."""
    of: dict[RecordId, set[RecordId]] = {}
    for a, b in pairs:
        joined = of.get(a, {a}) | of.get(b, {b})
        for each in joined:
            of[each] = joined
    unique = {id(group): group for group in of.values()}
    return list(unique.values())


def open_proposals(links: Iterable[Link], stands: Standing) -> tuple[Link, ...]:
    """The proposed links that nobody has settled, the likeliest first; an "unsure" one stays open."""
    unsettled = [link for link in links if stands.verdict(link.a, link.b) in (None, "unsure")]
    return tuple(sorted(unsettled, key=lambda link: (-link.probability, link.a, link.b)))
