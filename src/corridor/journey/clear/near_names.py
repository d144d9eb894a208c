"""Whose name is near the one a list writes: by the consonants that every script writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from corridor.base.ids import PersonId
from corridor.journey.clear.matching import NearName, fold_name
from corridor.names.normalise import keys
from corridor.names.skeleton import skeleton

LIKENESS_MIN = 0.6
"""Least likeness of a near name: of four parts with a fifth dropped and one heard otherwise, six in ten remain."""
NEAR_MAX = 8
"""Most people proposed for one name: what an officer takes in at a glance."""

LOOKED_AT_MAX = 120
"""Most names looked at for one query: those that share most pairs of consonants; each person has two or three."""


class ConsonantNames:
    """Everybody by the consonants of their names: a `Matcher` that bridges Cyrillic, Latin, Arabic and Hebrew.

    Likeness is the share of parts with equal consonants (Dice), raised by how alike names of one script are written.
    """

    def __init__(self, people: Mapping[PersonId, Sequence[str]]) -> None:
        self._names: list[tuple[PersonId, str, Counter[str]]] = []
        self._found_by: dict[str, list[int]] = {}
        self._of_person: dict[PersonId, list[int]] = {}
        for person, names in people.items():
            for name in names:
                bones, found_by = _bones(name)
                self._of_person.setdefault(person, []).append(len(self._names))
                for key in found_by:
                    self._found_by.setdefault(key, []).append(len(self._names))
                self._names.append((person, name, bones))

    def near(self, names: Sequence[str]) -> list[tuple[NearName, ...]]:
        """For each name the people whose names are near it, the nearest first."""
        return [self._near(name) for name in names]

    def alike(self, name: str, person: PersonId) -> NearName | None:
        """How near one person's names are to it; None: not near."""
        bones, _found_by = _bones(name)
        found = (self._compared(name, bones, index) for index in self._of_person.get(person, ()))
        return max((one for one in found if one is not None), key=lambda one: one.likeness, default=None)

    def _near(self, name: str) -> tuple[NearName, ...]:
        bones, found_by = _bones(name)
        best: dict[PersonId, NearName] = {}
        # How many keys a name shares with the query is read off the postings; only the nearest are looked at.
        shared_keys = Counter(index for key in found_by for index in self._found_by.get(key, ()))
        for index, _times in shared_keys.most_common(LOOKED_AT_MAX):
            one = self._compared(name, bones, index)
            if one is not None and (one.person not in best or best[one.person].likeness < one.likeness):
                best[one.person] = one
        return tuple(sorted(best.values(), key=lambda one: (-one.likeness, one.person))[:NEAR_MAX])

    def _compared(self, name: str, bones: Counter[str], index: int) -> NearName | None:
        person, known, theirs = self._names[index]
        parts = bones.total() + theirs.total()
        likeness = 2 * sum((bones & theirs).values()) / parts if parts else 0.0
        if likeness < LIKENESS_MIN:
            return None
        spelt = SequenceMatcher(None, fold_name(name), fold_name(known), autojunk=False).ratio()
        return NearName(person=person, likeness=round(max(likeness * 0.95, (likeness + spelt) / 2), 2), says=known)


def _bones(name: str) -> tuple[Counter[str], frozenset[str]]:
    """The consonants of each part, and what the name is found by: every two of them, or the only one."""
    found = sorted(filter(None, (_bare(skeleton(part)) for part in keys(name))))
    pairs = {f"{first} {second}" for first, second in combinations(sorted(set(found))[:6], 2)}
    return Counter(found), frozenset(pairs or found)


def _bare(bones: str) -> str:
    """The consonants without the L of an article that is written together with its word: Alkhateeb is al-Khatib."""
    return bones[1:] if len(bones) >= 3 and bones.startswith("L") else bones
