"""How often and how quickly a person is found by name, beside peers in the same run: `python -m bench.names DIR`.

DIR holds pairs in the development format (docs/reference/names.md). Peers run where their package is installed:
rapidfuzz, scikit-learn, metaphone and abydos over names that anyascii writes in Latin letters, and nomenklatura
(OpenSanctions' matcher, which needs PyICU).
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bench.measuring import number, table
from corridor.base.ids import PersonId
from corridor.names.evaluate import Score, Searches, Trial, as_people, evaluate, trial
from corridor.names.index.people import NameIndex
from corridor.names.normalise import keys
from corridor.names.pairs import Pair, pair_files, read_pairs
from corridor.names.reasons import Match
from corridor.names.skeleton import skeleton
from corridor.names.train.asked import as_typed
from corridor.names.train.held_out import judging_share, ranking_share, split
from corridor.names.train.noise import typed_wrong

LIKENESSES = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.01)
KINDS = ("ar_en", "fa_en", "he_en", "ru_en")
SLOW_QUERIES = 200


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to find a name: what it needs, how it is made from a gallery; a slow one is asked fewer queries."""

    name: str
    needs: tuple[str, ...]
    make: Callable[[Sequence[str]], Searches]
    slow: bool = False


class Corridor:
    """Our index; alone with the embedding when it does not re-rank."""

    def __init__(self, gallery: Sequence[str], *, re_rank: bool = True) -> None:
        self.index = NameIndex()
        self.index.add_many(as_people(gallery))
        if not re_rank:
            self.index.model = replace(self.index.model, rank={})

    def search_many(self, queries: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """The index's answers."""
        return self.index.search_many(queries, k)


class Rows:
    """A peer that gives each name of the gallery a number for a query."""

    def __init__(self, gallery: Sequence[str], weigh: Callable[[list[str]], Any]) -> None:
        self.gallery, self.weigh = gallery, weigh

    def search_many(self, queries: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """The `k` names with the greatest numbers, 50 queries at once."""
        answers = []
        for begin in range(0, len(queries), 50):
            weights = np.asarray(self.weigh(list(queries[begin : begin + 50])))
            best = np.argpartition(-weights, k, axis=1)[:, :k]
            for row, some in zip(weights, best, strict=True):
                answers.append(tuple(_match(self.gallery[place]) for place in some[np.argsort(-row[some])]))
        return answers


def _match(name: str) -> Match:
    return Match(person=PersonId(name), name=name, likeness=0.0, because=())


def latin(name: str) -> str:
    """The name in Latin letters, as the usual recipe has it."""
    from anyascii import anyascii

    return str(anyascii(name)).lower()


def bones(name: str) -> str:
    """The consonant skeletons of a name's parts."""
    return " ".join(skeleton(key) for key in keys(name)).lower()


def tf_idf(spell: Callable[[str], str], grams: tuple[int, int]) -> Callable[[Sequence[str]], Searches]:
    """Cosine of TF-IDF over character n-grams."""

    def make(gallery: Sequence[str]) -> Searches:
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=grams, sublinear_tf=True, dtype=np.float32)
        rows = vectors.fit_transform([spell(name) for name in gallery])
        return Rows(gallery, lambda some: (vectors.transform([spell(one) for one in some]) @ rows.T).toarray())

    return make


def token_sort(gallery: Sequence[str]) -> Searches:
    """rapidfuzz's token_sort_ratio over Latin letters."""
    from rapidfuzz import fuzz, process

    spelled = [" ".join(sorted(latin(name).split())) for name in gallery]
    return Rows(
        gallery,
        lambda some: process.cdist(
            [" ".join(sorted(latin(one).split())) for one in some], spelled, scorer=fuzz.ratio, dtype=np.uint8
        ),
    )


class Coded:
    """Phonetic keys of the parts, weighed by how rare they are."""

    def __init__(self, gallery: Sequence[str], codes: Callable[[str], set[str]]) -> None:
        self.gallery, self.codes = gallery, codes
        self.posted: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(gallery):
            for code in self.codes(name):
                self.posted[code].append(place)

    def search_many(self, queries: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """The names that share the rarest codes."""
        answers = []
        for query in queries:
            weights: dict[int, float] = defaultdict(float)
            for code in sorted(self.codes(query)):
                posted = self.posted.get(code, [])
                for place in posted:
                    weights[place] += np.log(len(self.gallery) / len(posted))
            best = sorted(weights, key=lambda place: -weights[place])[:k]
            answers.append(tuple(_match(self.gallery[place]) for place in best))
        return answers


def metaphones(gallery: Sequence[str]) -> Searches:
    """Double metaphone keys."""
    from metaphone import doublemetaphone

    return Coded(gallery, lambda name: {code for word in latin(name).split() for code in doublemetaphone(word) if code})


def daitch_mokotoff(gallery: Sequence[str]) -> Searches:
    """Daitch-Mokotoff soundex: six digits a part, several where letters are read in two ways."""
    from abydos.phonetic import DaitchMokotoff

    of_word = cache(DaitchMokotoff().encode)
    return Coded(gallery, lambda name: {code for word in latin(name).split() for code in of_word(word) if code})


class Matched:
    """OpenSanctions' matcher (nomenklatura, logic-v2) as re-ranker of what another method finds first."""

    LOOKED_AT = 50

    def __init__(self, gallery: Sequence[str], before: Callable[[Sequence[str]], Searches]) -> None:
        from followthemoney import EntityProxy
        from nomenklatura.matching import LogicV2

        self.before, self.algorithm, self.proxy = before(gallery), LogicV2, EntityProxy
        self.config, self.numbers = LogicV2.default_config(), count()
        self._score("Anna Petrova", "Анна Петрова")  # its tables are read at the first comparison

    def _score(self, query: str, name: str) -> float:
        one, other = (
            self.proxy.from_dict(
                # an id of its own each time: the matcher keeps names by id
                {"id": f"e{next(self.numbers)}", "schema": "Person", "properties": {"name": [text]}}
            )
            for text in (query, name)
        )
        return float(self.algorithm.compare(one, other, self.config).score)

    def search_many(self, queries: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """The `k` best by its score, of the names that the first method finds; on a tie that one's order."""
        answers = []
        for query, found in zip(queries, self.before.search_many(queries, self.LOOKED_AT), strict=True):
            scores = {match.name: self._score(query, match.name) for match in found}
            answers.append(tuple(sorted(found, key=lambda match: -scores[match.name])[:k]))
        return answers


def opensanctions(gallery: Sequence[str]) -> Searches:
    """OpenSanctions' matcher over the names nearest by their consonants."""
    return Matched(gallery, tf_idf(bones, (1, 3)))


CONTESTANTS = (
    Contestant("Corridor", (), Corridor),
    Contestant("Corridor, embedding alone", (), lambda gallery: Corridor(gallery, re_rank=False)),
    Contestant("consonant skeleton TF-IDF 1-3", ("sklearn",), tf_idf(bones, (1, 3)), True),
    Contestant("TF-IDF 2-4 on anyascii", ("sklearn", "anyascii"), tf_idf(latin, (2, 4)), True),
    Contestant("rapidfuzz token_sort on anyascii", ("rapidfuzz", "anyascii"), token_sort, True),
    Contestant("double metaphone keys, rarity", ("metaphone", "anyascii"), metaphones, True),
    Contestant("Daitch-Mokotoff keys, rarity", ("abydos", "anyascii"), daitch_mokotoff, True),
    Contestant("OpenSanctions logic-v2 on skeleton top 50", ("sklearn", "nomenklatura"), opensanctions, True),
)


def resident_mb() -> float:
    """Memory of this process, in MB of 10^6 bytes."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def rows_of(contestant: Contestant, asked: Trial, rng: np.random.Generator) -> list[str]:
    """One contestant's row: recalls, by kind, with one typo, and what it cost."""
    before, began, wall = resident_mb(), time.process_time(), time.perf_counter()
    method = contestant.make(asked.gallery)
    build, build_wall, memory = time.process_time() - began, time.perf_counter() - wall, resident_mb() - before
    every = asked.questions
    if contestant.slow and len(every) > SLOW_QUERIES:
        every = every[:: len(every) // SLOW_QUERIES]
    scores = evaluate(method, replace(asked, questions=every), time.process_time)
    wrong = [replace(question, query=typed_wrong(question.query, rng)) for question in every]
    typo = evaluate(method, replace(asked, questions=tuple(wrong)), time.process_time)["all"]
    whole = scores["all"]
    return [
        contestant.name,
        f"{len(asked.gallery):,}",
        f"{whole.queries:,}",
        f"{whole.recall_at_1:.3f}",
        f"{whole.recall_at_10:.3f}",
        f"{whole.mrr:.3f}",
        *(_two(scores.get(kind)) for kind in KINDS),
        _two(typo),
        number(whole.queries_per_cpu_s),
        _latency(method, [question.query for question in every[:300]]),
        number(build),
        number(build_wall),
        number(memory),
    ]


def _two(score: Score | None) -> str:
    return "-" if score is None else f"{score.recall_at_1:.2f}/{score.recall_at_10:.2f}"


def _latency(method: Searches, queries: Sequence[str]) -> str:
    """The 95th percentile of one query alone, in milliseconds on the wall."""
    spent = []
    for query in queries:
        began = time.perf_counter()
        method.index.search(query, 10) if isinstance(method, Corridor) else method.search_many([query], 10)
        spent.append((time.perf_counter() - began) * 1000)
    return number(float(np.percentile(spent, 95)))


def calibration_rows(asked: Trial, rng: np.random.Generator) -> list[list[str]]:
    """How often a match of a likeness is right, in queries as they are and as people type them."""
    index = Corridor(asked.gallery).index
    questions = list(dict.fromkeys([*asked.questions, *(as_typed(question, rng) for question in asked.questions)]))
    found = []
    answers = index.search_many([question.query for question in questions], 10)
    for question, matches in zip(questions, answers, strict=True):
        for match in matches:
            if match.name != question.query or match.name in question.right:
                found.append((match.likeness, match.name in question.right))
    likeness, right = (np.array(column, np.float64) for column in zip(*found, strict=True))
    rows = []
    for low, high in pairwise(LIKENESSES):
        here = (likeness >= low) & (likeness < high)
        if here.any():
            mean, share = f"{likeness[here].mean():.2f}", f"{right[here].mean():.2f}"
            rows.append([f"{low:g} to {min(high, 1):g}", f"{here.sum():,}", mean, share])
    return rows


def latency_rows(asked: Trial, runs: int = 3) -> list[list[str]]:
    """One query alone, again and again: milliseconds of processor and wall, of all queries and each one's best run.

    Other work on the machine makes a run slower, never faster: the best of several runs is what the query costs.
    """
    index = Corridor(asked.gallery).index
    queries = [question.query for question in asked.questions]
    spent = np.zeros((2, runs, len(queries)))
    for run in range(runs):
        for place, query in enumerate(queries):
            cpu, wall = time.thread_time(), time.perf_counter()
            index.search(query, 10)
            spent[:, run, place] = time.thread_time() - cpu, time.perf_counter() - wall
    rows = []
    for what, some in (("every run", spent.reshape(2, -1)), ("best of each query", spent.min(axis=1))):
        cells = [f"{value * 1000:.2f}" for clock in some for value in np.percentile(clock, (50, 95, 99))]
        rows.append([what, f"{len(asked.gallery):,}", f"{len(queries):,}", *cells])
    return rows


def list_rows(asked: Trial, number_of: int, rng: np.random.Generator) -> list[list[str]]:
    """A list of so many rows looked for in one go, every second row with a letter wrong: the whole of the cost."""
    index = Corridor(asked.gallery).index
    drawn = [asked.questions[place] for place in rng.integers(0, len(asked.questions), number_of).tolist()]
    queries = [typed_wrong(one.query, rng) if place % 2 else one.query for place, one in enumerate(drawn)]
    cpu, wall = time.process_time(), time.perf_counter()
    answers = index.search_many(queries, 10)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    first = sum(bool(some) and some[0].name in one.right for some, one in zip(answers, drawn, strict=True))
    load = f"{os.getloadavg()[0]:.1f}"
    return [[f"{len(asked.gallery):,}", f"{number_of:,}", f"{first / number_of:.3f}", number(cpu), number(wall), load]]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def pairs_of(given: argparse.Namespace) -> tuple[list[Pair], list[Pair]]:
    """The pairs that are asked, and those of people who only fill the gallery."""
    pairs = [pair for file in pair_files(given.folder) for pair in read_pairs(file, _say)]
    if not given.held_out:
        return pairs, []
    learned, held, _ = split(pairs)
    return judging_share(held), [*learned, *ranking_share(held)]


def one_table(given: argparse.Namespace, asked: Trial) -> str | None:
    """The one table that was asked for; None: the table of all methods."""
    if given.calibration:
        rows = calibration_rows(asked, np.random.default_rng(3))
        return table(f"Likenesses, gallery {len(asked.gallery):,}", ("likeness", "matches", "mean", "right"), rows)
    load = os.getloadavg()[0]
    if given.latency:
        spent = [f"{clock} ms p{at}" for clock in ("CPU", "wall") for at in (50, 95, 99)]
        return table(f"One query alone, load {load:.1f}", ("what", "gallery", "queries", *spent), latency_rows(asked))
    if given.rows:
        rows = list_rows(asked, given.rows, np.random.default_rng(2))
        return table("A list in one go", ("gallery", "rows", "found first", "CPU s", "wall s", "load"), rows)
    return None


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gallery", type=int, action="append", help="a size; may be given several times")
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--held-out", action="store_true", help="ask only what the model never learned from")
    parser.add_argument("--only-corridor", action="store_true", help="no peers")
    parser.add_argument("--calibration", action="store_true", help="how often a likeness is right, and nothing else")
    parser.add_argument("--latency", action="store_true", help="one query alone, three times over, and nothing else")
    parser.add_argument("--rows", type=int, help="a list of so many rows looked for in one go, and nothing else")
    given = parser.parse_args()
    pairs, others = pairs_of(given)
    rows = []
    for size in given.gallery or [10_000, 100_000]:
        asked = trial(pairs, gallery=size, queries=given.queries, rng=np.random.default_rng(1), others=others)
        if (only := one_table(given, asked)) is not None:
            print(only)
            continue
        for contestant in CONTESTANTS[: 2 if given.only_corridor else None]:
            lacks = [package for package in contestant.needs if find_spec(package) is None]
            if lacks:
                print(f"{contestant.name}: not run, {', '.join(lacks)} is not installed", file=sys.stderr)
                continue
            rows.append(rows_of(contestant, asked, np.random.default_rng(2)))
    columns = ("method", "gallery", "queries", "recall@1", "recall@10", "MRR", *KINDS, "one typo", "queries/CPU-s")
    if rows:
        print(table("Names", (*columns, "p95 ms", "build CPU s", "build wall s", "MB"), rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
