"""How often the right person is found: recall and speed on pairs of spellings, in a gallery of names of all scripts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Protocol

import numpy as np

from corridor.base.ids import PersonId
from corridor.names.normalise import fold, keys, script_of
from corridor.names.pairs import Pair
from corridor.names.reasons import Match

RANKS = 10
"""How many answers are looked at."""


class Searches(Protocol):
    """What can be judged: it answers the best matches for many queries, best first."""

    def search_many(self, queries: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """The best `k` of each query."""


@dataclass(frozen=True, slots=True)
class Question:
    """One query: of which kind of pair, and which names of the gallery are right."""

    kind: str
    query: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A gallery of distinct names, and questions whose right answer is in it."""

    gallery: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How one method did on one kind of pair. Recalls and the mean reciprocal rank are shares from 0 to 1."""

    recall_at_1: float
    recall_at_10: float
    mrr: float
    queries_per_cpu_s: float
    queries: int


def trial(
    pairs: Sequence[Pair], *, gallery: int, queries: int, rng: np.random.Generator, others: Sequence[Pair] = ()
) -> Trial:
    """A gallery with one name a person, in either script, and queries that are the person's name on the other side.

    A namesake's name is right too: one who bears the query's or the right name, apart from case, marks and forms of
    one letter, on either side of a pair. People of `others` fill the gallery; when it is still too small, names are
    made from the words of those in it.
    """
    ours, theirs = _kept(pairs, rng), _kept(others, rng)
    asked = _asked(pairs, ours, queries, rng)
    names = dict.fromkeys(right for _, _, right in asked)
    for kept in (ours, theirs):
        fill = list(dict.fromkeys(kept.values()))
        for place in rng.permutation(len(fill)).tolist():
            if len(names) < gallery:
                names.setdefault(fill[place])
    taken = {fold(name) for _, query, right in asked for name in (query, right)}
    known = list(names)
    growing = bool(known)
    while growing and len(names) < gallery:
        before = len(names)
        for name in _recombined(known, min(100_000, max(1_000, gallery - before)), rng):
            if len(names) < gallery and fold(name) not in taken:  # a made-up namesake could not be told from the right
                names.setdefault(name)
        growing = len(names) > before  # few names make few others
    questions = _questions(asked, [*pairs, *others], {**theirs, **ours}, frozenset(names))
    return Trial(tuple(names), tuple(questions))


def _kept(pairs: Sequence[Pair], rng: np.random.Generator) -> dict[str, str]:
    """The name that each person has in the gallery: one side of one of their pairs."""
    kept: dict[str, str] = {}
    for place in rng.permutation(len(pairs)).tolist():
        pair = pairs[place]
        if pair.person not in kept:
            kept[pair.person] = pair.first if rng.random() < 0.5 else pair.second
    return kept


def _questions(
    asked: Sequence[tuple[str, str, str]], pairs: Sequence[Pair], kept: dict[str, str], gallery: frozenset[str]
) -> list[Question]:
    """What is asked, with all names of the gallery that are right."""
    wanted = {fold(name) for _, query, right in asked for name in (query, right)}
    bearers: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        for name in (pair.first, pair.second):
            if (folded := fold(name)) in wanted:
                bearers[folded].add(pair.person)
    return [
        Question(
            kind,
            query,
            frozenset(
                kept[person] for name in (query, right) for person in bearers[fold(name)] if kept[person] in gallery
            ),
        )
        for kind, query, right in asked
    ]


def evaluate(method: Searches, asked: Trial, cpu_seconds: Callable[[], float]) -> dict[str, Score]:
    """The score of a method by kind of pair, and under ``all`` over every question.

    `cpu_seconds` answers how much processor time this process has used.
    """
    kinds: dict[str, list[Question]] = defaultdict(list)
    for question in asked.questions:
        kinds[question.kind].append(question)
    found: dict[str, Score] = {}
    for kind, questions in sorted(kinds.items()):
        began = cpu_seconds()
        answers = method.search_many([question.query for question in questions], RANKS + 1)
        spent = max(1e-9, cpu_seconds() - began)
        ranks = [_rank(question, matches) for question, matches in zip(questions, answers, strict=True)]
        found[kind] = Score(
            recall_at_1=sum(rank == 1 for rank in ranks) / len(ranks),
            recall_at_10=sum(rank > 0 for rank in ranks) / len(ranks),
            mrr=sum(1 / rank for rank in ranks if rank) / len(ranks),
            queries_per_cpu_s=len(ranks) / spent,
            queries=len(ranks),
        )
    return {"all": _together(list(found.values())), **found} if found else {}


def as_json(scores: dict[str, Score]) -> dict[str, dict[str, float]]:
    """The scores as plain numbers, recalls with four digits."""
    return {
        kind: {name: value if isinstance(value, int) else round(value, 4) for name, value in asdict(score).items()}
        for kind, score in scores.items()
    }


def as_people(gallery: Iterable[str]) -> Iterable[tuple[PersonId, tuple[str]]]:
    """The names of a gallery, each as a person of its own."""
    return ((PersonId(f"p{number}"), (name,)) for number, name in enumerate(gallery))


def _asked(
    pairs: Sequence[Pair], kept: dict[str, str], queries: int, rng: np.random.Generator
) -> list[tuple[str, str, str]]:
    """Kind, query and right name of the questions: of each kind as many as there are, or an equal share."""
    by_kind: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for pair in pairs:
        if pair.first == pair.second:
            continue
        right = kept[pair.person]
        if right in (pair.first, pair.second):
            by_kind[pair.kind].append((pair.kind, pair.second if right == pair.first else pair.first, right))
    share = max(1, queries // max(1, len(by_kind)))
    chosen: list[tuple[str, str, str]] = []
    for _, some in sorted(by_kind.items()):
        drawn = (some[place] for place in rng.permutation(len(some)).tolist())
        chosen += islice((one for one in drawn if keys(one[1]) and keys(one[2])), share)
    return chosen


def _recombined(names: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """New names: each word stands at the same place in another name of that script and number of words.

    So a rare family name is met again with other given names, as in a family, and a whole name as often as its parts
    allow; keeping all but one word of a name would make namesakes, not other people.
    """
    by_kind: dict[tuple[str, int], list[list[str]]] = defaultdict(list)
    for name in names:
        words = name.split()
        if words:
            by_kind[script_of(name.lower()), len(words)].append(words)
    kinds = sorted(by_kind)
    weights = np.array([len(by_kind[kind]) for kind in kinds], np.float64)
    made: list[str] = []
    for kind, number in zip(kinds, rng.multinomial(count, weights / weights.sum()).tolist(), strict=True):
        some = by_kind[kind]
        drawn = rng.integers(0, len(some), (number, kind[1])).tolist()
        made += [" ".join(some[row][place] for place, row in enumerate(rows)) for rows in drawn]
    return [made[place] for place in rng.permutation(len(made)).tolist()]


def _rank(question: Question, matches: Sequence[Match]) -> int:
    """The place of the first right answer among ten, from 1; 0: none is right. The query itself is no answer."""
    names = [match.name for match in matches if match.name != question.query or match.name in question.right]
    return next((place for place, name in enumerate(names[:RANKS], start=1) if name in question.right), 0)


def _together(scores: Sequence[Score]) -> Score:
    total = sum(score.queries for score in scores)
    return Score(
        recall_at_1=sum(score.recall_at_1 * score.queries for score in scores) / total,
        recall_at_10=sum(score.recall_at_10 * score.queries for score in scores) / total,
        mrr=sum(score.mrr * score.queries for score in scores) / total,
        queries_per_cpu_s=total / sum(score.queries / score.queries_per_cpu_s for score in scores),
        queries=total,
    )
