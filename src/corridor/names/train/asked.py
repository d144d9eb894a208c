"""What the re-ranker is asked while it learns: names as they are and as people type them, with relatives at hand.

The pairs hold hardly an initial, a short form or a wrong letter, and hardly two people who differ by a patronymic
alone. Without both a re-ranker takes the first for strangers and the second for one person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corridor.names.evaluate import Question
from corridor.names.model.letters import codes_of, likeness
from corridor.names.model.weights import Model
from corridor.names.normalise import ABD, ARTICLE, keys, part_of, script_of
from corridor.names.reasons import is_patronymic, written
from corridor.names.train.noise import SCHEMES, in_scheme, typed_wrong, with_short_form

RELATIVES = 2
"""For each question so many are sought who bear nearly the same name, to stand in the gallery."""
ABD_SHARE, PATRONYMIC_SHARE = 0.6, 0.6
"""Where a name can differ by Abd, or by the patronymic, so many of its relatives do."""
DRAWN = 24
"""From so many names of others a relative's is taken; every second time the one that sounds most alike."""
SAME_NAME_MIN = 0.6
"""Parts more alike than this (cosine) may be spellings of one name: no relative is told by them."""


def spelled(some: Sequence[str]) -> str:
    """A name whose parts have these keys."""
    return written([part_of(key) for key in some])


def as_typed(question: Question, rng: np.random.Generator) -> Question:
    """The question as somebody may type it: in either script, wrong, turned, cut, with an initial or a short form."""
    text = question.query if rng.random() < 0.6 else min(question.right)
    words = text.split()
    drawn = rng.random()
    if drawn < 0.3:
        text = typed_wrong(text, rng)
    elif drawn < 0.36:
        text = typed_wrong(typed_wrong(text, rng), rng)
    elif drawn < 0.44:
        text = " ".join(words[1:] + words[:1])
    elif drawn < 0.52 and len(words) > 2:
        lost = int(rng.integers(1, len(words) - 1))
        text = " ".join(words[:lost] + words[lost + 1 :])
    elif drawn < 0.68:
        text = _with_initials(text, rng)
    elif drawn < 0.84:
        text = spelled(with_short_form(keys(text), rng))
    else:
        scheme = list(SCHEMES)[int(rng.integers(0, len(SCHEMES)))]
        cyrillic = next((name for name in (text, question.query, *sorted(question.right)) if _is_cyrillic(name)), text)
        latin = in_scheme(keys(cyrillic), scheme)
        text = " ".join(reversed(latin) if rng.random() < 0.3 else latin) if latin else typed_wrong(text, rng)
    return replace(question, query=_article_otherwise(text, rng) if rng.random() < 0.5 else text)


def _article_otherwise(text: str, rng: np.random.Generator) -> str:
    """The name with each Latin article as others write it: glued to its part, apart, El for Al, or left out."""
    if not any(key[0] == ARTICLE and script_of(key[1:]) == "latin" for key in keys(text)):
        return text
    found = []
    for key in keys(text):
        article = ("al", "el", "al ", "el-", "")[int(rng.integers(0, 5))]
        latin = key[0] == ARTICLE and script_of(key[1:]) == "latin"
        found.append(article + key[1:] if latin else written([part_of(key)]))
    return " ".join(found)


def _is_cyrillic(name: str) -> bool:
    return script_of(name.lower()) == "cyrillic"


def _with_initials(text: str, rng: np.random.Generator) -> str:
    """The name with a given name, and mostly the patronymic too, cut to its first letter.

    A given name stands before a patronymic; where there is none, mostly first.
    """
    words = text.split()
    if len(words) < 2:
        return text
    patronymics = [place for place, word in enumerate(words) if any(is_patronymic(part_of(key)) for key in keys(word))]
    if patronymics and patronymics[0] > 0:
        cut = [patronymics[0] - 1, *(patronymics[:1] if rng.random() < 0.7 else [])]
    else:
        cut = [0 if rng.random() < 0.8 else len(words) - 1]
    return " ".join(word[0] + "." * int(rng.random() < 0.5) if n in cut else word for n, word in enumerate(words))


@dataclass(frozen=True, slots=True)
class Families:
    """Who else may bear most of a name: parts of other people's names, by where they stand."""

    model: Model
    _by_place: dict[tuple[str, int, int], list[str]]
    _patronymics: dict[tuple[str, str], list[str]]
    _after_abd: frozenset[str]

    @classmethod
    def of(cls, model: Model, gallery: Sequence[str]) -> Families:
        """Families from the parts of these names."""
        by_place: dict[tuple[str, int, int], list[str]] = defaultdict(list)
        patronymics: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name in gallery:
            found = keys(name)
            for place, key in enumerate(found):
                part = part_of(key)
                if is_patronymic(part):
                    patronymics[part.script, part.text[-2:]].append(key)
                else:
                    by_place[part.script, len(found), place].append(key)
        after_abd = frozenset(key[1:] for name in gallery for key in keys(name) if key[0] == ABD)
        return cls(model, by_place, patronymics, after_abd)

    def relative(self, question: Question, rng: np.random.Generator) -> str | None:
        """Somebody who cannot be the one asked for but bears most of a right name; None when there is none.

        A part that the query does not have is never what tells the two apart.
        """
        asked, right = keys(question.query), keys(min(question.right))
        if len(right) < 2:
            return None
        turned = self._abd_turned(right)
        if turned is not None and rng.random() < ABD_SHARE:
            return spelled(turned)
        patronymics = [place for place, key in enumerate(right) if is_patronymic(part_of(key))]
        both = bool(patronymics) and any(is_patronymic(part_of(key)) for key in asked)
        if both and rng.random() < PATRONYMIC_SHARE:
            place = patronymics[0]
        else:
            others = [place for place in range(len(right)) if place not in patronymics]
            if len(asked) < len(right) and not patronymics:
                others = [0]  # the rest of a chain may be what the query leaves out
            place = others[int(rng.integers(0, len(others)))] if others else 0
        part = part_of(right[place])
        known = (
            self._patronymics.get((part.script, part.text[-2:]), [])
            if place in patronymics
            else self._by_place.get((part.script, len(right), place), [])
        )
        other = self._another(right, place, known, rng)
        if other is None:
            return None
        if len(right) > 2 and place == 0 and not patronymics and rng.random() < 0.3:
            return spelled((other, right[0], *right[2:]))  # a child: the name of a chain's first is the second now
        return spelled((*right[:place], other, *right[place + 1 :]))

    def _another(
        self, right: tuple[str, ...], place: int, known: Sequence[str], rng: np.random.Generator
    ) -> str | None:
        if not known:
            return None
        drawn: list[str] = list(dict.fromkeys(known[number] for number in rng.integers(0, len(known), DRAWN).tolist()))
        vectors = self.model.part_vectors([right[place], *drawn])
        vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        nearness = (vectors[1:] @ vectors[0]).tolist()
        apart: list[str] = [key for key, near in zip(drawn, nearness, strict=True) if near < SAME_NAME_MIN]
        if not apart:
            return None
        if rng.random() < 0.5:
            return apart[0]
        texts = [key.lstrip(ARTICLE + ABD) for key in apart]
        sounds = likeness(
            self.model.letters, codes_of([right[place].lstrip(ARTICLE + ABD)] * len(texts)), codes_of(texts)
        )
        return apart[int(np.argmax(sounds))]

    def _abd_turned(self, right: tuple[str, ...]) -> tuple[str, ...] | None:
        """The name without its Abd, or with one where others have it; None where neither is a name."""
        for place, key in enumerate(right):
            if key[0] == ABD:
                return (*right[:place], key[1:], *right[place + 1 :])
            if key in self._after_abd:
                return (*right[:place], ABD + key, *right[place + 1 :])
        return None
