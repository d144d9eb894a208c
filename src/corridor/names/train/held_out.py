"""Which pairs of spellings are learned from, and which are held out: apart by person and by rare part."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from corridor.names.normalise import keys
from corridor.names.pairs import Pair
from corridor.names.skeleton import skeleton

HELD_OUT_SHARE = 8
"""One rare skeleton in so many is held out."""
COMMON_PEOPLE = 60
"""A skeleton borne by more people than this is a given name that everybody shares, and is never held out."""

EASY = frozenset({"ru_en", "uk_en", "uk_ru"})
SCARCE = frozenset({"ar_en", "ar_en_alt", "fa_en", "fa_en_alt", "fa_ru", "latn_variants"})


def read_tokens(file: Path) -> list[tuple[str, str, int]]:
    """The rows of a token table: one word in Latin and in another script, and how often they were seen together."""
    with file.open(encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return [(row[0], row[1], int(row[2])) for row in rows if len(row) == 3]


def held_out_skeletons(pairs: Sequence[Pair]) -> frozenset[str]:
    """The skeletons that only held-out people bear: chosen by a hash, among those that few people bear."""
    people: Counter[str] = Counter()
    for pair in pairs:
        people.update(skeletons_of(pair))
    return frozenset(
        bones
        for bones, number in people.items()
        if number <= COMMON_PEOPLE and zlib.crc32(bones.encode()) % HELD_OUT_SHARE == 0
    )


def skeletons_of(pair: Pair) -> set[str]:
    """The skeletons of at least three classes in either spelling."""
    return {bones for name in (pair.first, pair.second) for key in keys(name) if len(bones := skeleton(key)) >= 3}


def split(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair], frozenset[str]]:
    """Pairs to learn from, pairs held out, and the skeletons held out. No person and no such skeleton is in both."""
    out = held_out_skeletons(pairs)
    people = {pair.person for pair in pairs if skeletons_of(pair) & out}
    learned = [pair for pair in pairs if pair.person not in people]
    # A person is held out with all their pairs, but judged only by those that bear an unseen part.
    held = [pair for pair in pairs if pair.person in people and skeletons_of(pair) & out]
    return learned, held, out


def balanced(pairs: Sequence[Pair], rng: np.random.Generator) -> list[Pair]:
    """The pairs with the easy kinds halved and the scarce ones twice: what is hard lies between far scripts."""
    found = []
    for pair in pairs:
        if pair.kind in EASY and rng.random() < 0.5:
            continue
        found += [pair] * (2 if pair.kind in SCARCE else 1)
    return found


def learned_tokens(folder: Path, out: frozenset[str]) -> list[tuple[str, str, int]]:
    """The rows of every token table in a folder, but for those with a held-out skeleton."""
    return [
        row for file in sorted(folder.glob("tokens_*.tsv")) for row in read_tokens(file) if not _bears(row[:2], out)
    ]


def _bears(names: Iterable[str], out: frozenset[str]) -> bool:
    return any(skeleton(key) in out for name in names for key in keys(name))


def ranking_share(held: Sequence[Pair]) -> list[Pair]:
    """The held-out half that teaches the re-ranker and its calibration; figures are from the other half."""
    return [pair for pair in held if _of_ranking(pair.person)]


def judging_share(held: Sequence[Pair]) -> list[Pair]:
    """The held-out half that nothing was learned from."""
    return [pair for pair in held if not _of_ranking(pair.person)]


def _of_ranking(person: str) -> bool:
    return zlib.crc32(person.encode()) % 2 == 0
