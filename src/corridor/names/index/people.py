"""Who bears a name like this one: an index of people's names that learns and forgets a person at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.base.ids import PersonId
from corridor.names.index.lists import Found, Lists
from corridor.names.index.vocabulary import Vocabulary
from corridor.names.model.align import Aligned, Doubles, align, coverage
from corridor.names.model.described import Described
from corridor.names.model.rerank import likenesses, scores
from corridor.names.model.weights import Bytes, Floats, Model, shipped_model, to_bytes
from corridor.names.normalise import keys, lam_alef_restored, part_of
from corridor.names.reasons import Because, Match, reasons
from corridor.names.skeleton import skeleton, skeleton_keys
from corridor.names.storage import Postings, Slots, Texts, grown, hashed

NEAR = 200
"""How many of the nearest names are looked at part by part."""
CANDIDATES, CANDIDATES_OF_MANY = 40, 80
"""How many of them are weighed by the re-ranker: those whose nearness and covered parts together are greatest."""
MANY = 250_000
"""Among more names than these the right one has more others before it, and more are weighed."""
BY_CONSONANTS = 20
"""How many more, that share two skeletons with the query."""
RESTORED_COSTS = 2.0
"""Log odds that a reading with lam and alef turned round must make up for: most names are written as they are."""
SURE = 0.9
"""From this likeness on a name is found as it is written."""
PARTS_KEPT = 8
"""How many parts of a name are compared; the name itself is kept as it was written."""
TELLING_MAX = 2_000
"""Two skeletons shared by more names than this tell too little to find one by."""
ADDED_AT_ONCE = 5_000
"""Names are put in by so many: what is worked out for them on the way stays small beside the index."""
QUERIES_AT_ONCE = 2_000

Named: TypeAlias = tuple[PersonId, Sequence[str]]


class NameIndex:
    """People by their names, in all scripts and spellings.

    What it answers depends on who is in it, never on the order in which they came. A name without any letter is kept
    out: nothing could find it.
    """

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or shipped_model()
        self._vocabulary = Vocabulary(self.model)
        self._lists = Lists(self.model.centres)
        self._persons, self._names = Texts(), Texts()
        self._parts: Slots = np.zeros((0, PARTS_KEPT), np.int32)
        self._of_person, self._by_bones = Postings(), Postings()
        self._free: list[int] = []
        self._slots = 0

    def __len__(self) -> int:
        """How many names there are, of all people."""
        return self._lists.size

    def add(self, person: PersonId, names: Iterable[str]) -> None:
        """Add names of a person, beside those there are; one that is there already changes nothing."""
        known = set(self.names_of(person))
        self._add([(person, name) for name in dict.fromkeys(names) if name not in known], at_once=False)

    def add_many(self, people: Iterable[Named]) -> None:
        """Add people who are not in the index: the quick way for many. Each person may come once."""
        waiting: list[tuple[PersonId, str]] = []
        for person, names in people:
            waiting += [(person, name) for name in dict.fromkeys(names)]
            if len(waiting) >= ADDED_AT_ONCE:
                self._add(waiting, at_once=True)
                waiting = []
        self._add(waiting, at_once=True)
        self._of_person.settle()
        self._by_bones.settle()

    def change(self, person: PersonId, names: Iterable[str]) -> None:
        """Let a person have these names and no others."""
        wanted = tuple(dict.fromkeys(names))
        for slot in self._slots_of(person):
            if self._names.get(slot) not in wanted:
                self._drop(slot)
        self.add(person, wanted)

    def forget(self, person: PersonId) -> int:
        """Take a person out; how many names that were. Texts and vectors are overwritten at once."""
        slots = self._slots_of(person)
        for slot in slots:
            self._drop(slot)
        part_of.cache_clear()
        skeleton.cache_clear()
        return len(slots)

    def names_of(self, person: PersonId) -> tuple[str, ...]:
        """The names of a person, in alphabetical order; none when the person is not here."""
        return tuple(sorted(self._names.get(slot) for slot in self._slots_of(person)))

    def everybody(self) -> Iterator[tuple[PersonId, str]]:
        """Every person with each name, in no order."""
        for slot in np.flatnonzero(self._parts[: self._slots, 0] >= 0) if self._slots else ():
            yield PersonId(self._persons.get(int(slot))), self._names.get(int(slot))

    def search(self, query: str, k: int = 10) -> tuple[Match, ...]:
        """The `k` people whose names are most likely the one asked for, best first, each with the reasons."""
        return self.search_many([query], k)[0]

    def search_many(self, queries: Sequence[str], k: int = 10) -> list[tuple[Match, ...]]:
        """The same for many queries, several times quicker for each.

        A query in which lam and alef may be turned round is read the other way too where nobody is sure as written.
        """
        answers: list[tuple[Match, ...]] = []
        for begin in range(0, len(queries), QUERIES_AT_ONCE):
            some, found, unsure = queries[begin : begin + QUERIES_AT_ONCE], list[tuple[Match, ...]](), {}
            for place, weighed in enumerate(self.weighed(some)):
                other = None if self._sure(weighed) else lam_alef_restored(some[place])
                found.append(self._best([weighed], k) if other is None else ())
                if other is not None:
                    unsure[place] = weighed, other
            again = self.weighed([other for _, other in unsure.values()], restored=True)
            for (place, (weighed, _)), turned in zip(unsure.items(), again, strict=True):
                found[place] = self._best([weighed, turned], k)
            answers += found
        return answers

    def alike(self, query: str, persons: Iterable[PersonId]) -> tuple[Match, ...]:
        """How likely each of these people bears the name asked for, best first: weighed as by `search`, however near.
        Who is not in the index is left out."""
        slots = [slot for person in sorted(set(persons)) for slot in self._slots_of(person)]
        if not slots:
            return ()
        readings = [*self._asked([query]), *self._asked(filter(None, [lam_alef_restored(query)]), restored=True)]
        every = np.array(slots, np.int32)
        return self._best([self._weigh_slots(asked, every) for asked in readings if asked is not None], len(slots))

    def weighed(self, queries: Sequence[str], *, restored: bool = False) -> Iterator[Weighed | None]:
        """All candidates of each query as it stands, aligned. None for one without letters. `restored`: its lam and
        alef were turned round."""
        for begin in range(0, len(queries), QUERIES_AT_ONCE):
            readings = self._asked(queries[begin : begin + QUERIES_AT_ONCE], restored=restored)
            vectors = [asked.vector for asked in readings if asked is not None]
            near = iter(self._near(vectors))
            for asked in readings:
                yield None if asked is None else self._weigh(asked, next(near))

    def _near(self, vectors: Sequence[Bytes]) -> list[Found]:
        if len(vectors) < 2:
            return [self._lists.search(vector, NEAR) for vector in vectors]
        return self._lists.search_many(np.stack(vectors), NEAR)

    def _sure(self, weighed: Weighed | None) -> bool:
        """Whether somebody bears the name as it is written, so that no other reading is asked for."""
        if weighed is None or not len(weighed.log_odds):
            return False
        return bool(likenesses(self.model.rank, weighed.log_odds.max(keepdims=True))[0] >= SURE)

    def bearer(self, slot: int) -> tuple[PersonId, str]:
        """The person and the name behind a candidate's slot."""
        return PersonId(self._persons.get(slot)), self._names.get(slot)

    def _asked(self, texts: Iterable[str], *, restored: bool = False) -> list[Asked | None]:
        """What each query says; None for one without letters."""
        readings = [keys(text)[:PARTS_KEPT] for text in texts]
        sizes = np.array([len(found) for found in readings if found])
        if not len(sizes):
            return [None for _ in readings]
        described = self._vocabulary.describe([key for found in readings for key in found])
        vectors = iter(name_vectors(described, sizes))
        start, answer = 0, list[Asked | None]()
        for found in readings:
            here = np.arange(start, start + len(found))
            start += len(found)
            answer.append(Asked(found, restored, described.take(here), next(vectors)) if found else None)
        return answer

    def _weigh(self, asked: Asked, found: Found) -> Weighed:
        near, nearness = found
        most = CANDIDATES if len(self) <= MANY else CANDIDATES_OF_MANY
        if len(near) > most:
            covered = coverage(asked.described, self._vocabulary.described, self._parts[near])
            near = near[_greatest(np.round(nearness + covered, 6), most)]
        posted = self._by_bones.slots(hashed(key) for key in skeleton_keys(asked.keys))
        if len(posted) > TELLING_MAX:
            posted = posted[:0]
        posted = np.setdiff1d(posted, near, assume_unique=True)
        if len(posted) > BY_CONSONANTS:
            numbers = self._parts[posted]
            there = numbers >= 0
            vectors = name_vectors(self._vocabulary.described.take(numbers[there].astype(np.int64)), there.sum(axis=1))
            posted = posted[_greatest(np.round(cosines(vectors, asked.vector), 6), BY_CONSONANTS)]
        return self._weigh_slots(asked, np.concatenate([near, posted]))

    def _weigh_slots(self, asked: Asked, slots: Slots) -> Weighed:
        aligned = align(self.model.letters, asked.described, self._vocabulary.described, self._parts[slots])
        log_odds = scores(self.model.rank, aligned.features)
        return Weighed(asked, slots, aligned, log_odds - RESTORED_COSTS if asked.restored else log_odds)

    def _best(self, weighed: Sequence[Weighed | None], k: int) -> tuple[Match, ...]:
        rows: list[tuple[float, PersonId, str, int, Weighed]] = []
        for some in filter(None, weighed):
            enough = np.partition(some.log_odds, -k)[-k] if k < len(some.log_odds) else -np.inf
            # a person with several names takes several rows: go on until there are k people
            order = np.argsort(-some.log_odds, kind="stable")
            people: set[PersonId] = set()
            for row in order.tolist():
                if len(people) >= k and some.log_odds[row] < enough:
                    break
                person, name = self.bearer(int(some.slots[row]))
                people.add(person)
                if len(people) >= k:
                    enough = min(enough, some.log_odds[row])
                rows.append((-float(some.log_odds[row]), person, name, row, some))
        best: dict[PersonId, tuple[float, PersonId, str, int, Weighed]] = {}
        for candidate in sorted(rows, key=lambda row: row[:3]):
            best.setdefault(candidate[1], candidate)
        chosen = list(best.values())[:k]
        sure = likenesses(self.model.rank, np.array([-row[0] for row in chosen])).round(4).tolist()
        return tuple(
            Match(person=person, name=name, likeness=likeness, because=self._reasons(row, some))
            for (_, person, name, row, some), likeness in zip(chosen, sure, strict=True)
        )

    def _reasons(self, row: int, weighed: Weighed) -> tuple[Because, ...]:
        borne = (int(number) for number in self._parts[weighed.slots[row]] if number >= 0)
        return reasons(weighed.asked.keys, self._vocabulary.keys_of(borne), weighed.aligned, row)

    def part_keys(self) -> list[str]:
        """The keys of all parts that some name bears."""
        return self._vocabulary.keys()

    def learn_parts(self, keys_: Sequence[str], described: Described) -> None:
        """Take what was worked out before for parts, so that it is not worked out again; only while empty."""
        self._vocabulary.restore(keys_, described)

    def forget_unborne_parts(self) -> None:
        """Forget the parts that no name bears."""
        self._vocabulary.sweep()

    def _add(self, rows: Sequence[tuple[PersonId, str]], *, at_once: bool) -> None:
        found = [(person, name, some[:PARTS_KEPT]) for person, name in rows if (some := keys(name))]
        if not found:
            return
        borne = self._vocabulary.bear([some for _, _, some in found])
        slots = np.array([self._slot() for _ in found], np.int32)
        self._parts = grown(self._parts, self._slots)
        self._parts[slots] = -1
        sizes = np.array([len(numbers) for numbers in borne])
        flat = np.fromiter(chain.from_iterable(borne), np.int32, int(sizes.sum()))
        columns = np.arange(len(flat)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        self._parts[np.repeat(slots, sizes), columns] = flat
        self._lists.add(slots, name_vectors(self._vocabulary.described.take(flat.astype(np.int64)), sizes))
        for (person, name, _), slot in zip(found, slots.tolist(), strict=True):
            self._persons.put(slot, person)
            self._names.put(slot, name)
        of_person = [hashed(person) for person, _, _ in found]
        bones = [[hashed(key) for key in skeleton_keys(some)] for _, _, some in found]
        owners = np.repeat(slots, [len(some) for some in bones])
        self._of_person.add(of_person, slots.tolist(), many=at_once)
        self._by_bones.add(list(chain.from_iterable(bones)), owners.tolist(), many=at_once)

    def _slot(self) -> int:
        if self._free:
            return self._free.pop()
        self._slots += 1
        return self._slots - 1

    def _drop(self, slot: int) -> None:
        person, name = self._persons.get(slot), self._names.get(slot)
        numbers = [int(number) for number in self._parts[slot] if number >= 0]
        vector = name_vectors(self._vocabulary.described.take(np.array(numbers)), [len(numbers)])
        self._lists.drop(slot, vector[0])
        self._of_person.remove(hashed(person), slot)
        for key in skeleton_keys(keys(name)[:PARTS_KEPT]):
            self._by_bones.remove(hashed(key), slot)
        self._vocabulary.release(numbers)
        self._parts[slot] = -1
        self._persons.drop(slot)
        self._names.drop(slot)
        self._free.append(slot)

    def _slots_of(self, person: PersonId) -> list[int]:
        posted = self._of_person.slots([hashed(person)])
        return [slot for slot in posted.tolist() if self._persons.get(slot) == person]


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading of a query."""

    keys: tuple[str, ...]
    restored: bool  # lam and alef were turned round
    described: Described
    vector: Bytes


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates of one reading of a query: a row each."""

    asked: Asked
    slots: Slots
    aligned: Aligned
    log_odds: Doubles


def name_vectors(parts: Described, sizes: Sequence[int] | NDArray[np.integer]) -> Bytes:
    """The vectors of names in 8 bits: of each, the sum of its parts, which stand one name after the other."""
    if not len(parts.norms):
        return parts.vectors
    starts = np.cumsum(sizes) - np.asarray(sizes)
    return to_bytes(np.add.reduceat(parts.vectors * parts.scales[:, None], starts, axis=0))[0]


def _greatest(values: Floats | Doubles, number: int) -> NDArray[np.bool_]:
    """Which values are among the greatest, and all that equal the last of these."""
    found: NDArray[np.bool_] = values >= np.partition(values, -number)[-number]
    return found


def cosines(vectors: Bytes, query: Bytes) -> Floats:
    """The cosine of each row with the query."""
    rows, asked = vectors.astype(np.float32), query.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows) * (asked @ asked))
    answer: Floats = (rows @ asked) / np.maximum(lengths, np.float32(1e-9))
    return answer
