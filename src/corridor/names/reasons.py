"""Why two names are taken for one, part by part, and what speaks against it, in words a list officer checks by eye."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from corridor.base.ids import PersonId
from corridor.names.model.align import Aligned
from corridor.names.nicknames import are_nicknames
from corridor.names.normalise import Part, part_of

SAYS: Final = {
    "same_spelling": "spelled the same",
    "same_sound_across_scripts": "same sound across scripts",
    "spelling_variant": "another spelling of the same sound",
    "one_letter_differs": "one letter differs",
    "joined": "written apart and together",
    "abd_joined": "Abd al-X joined",
    "abd_missing": "Abd missing on one side",
    "al_dropped": "Al- dropped",
    "initial": "initial",
    "nickname": "nickname",
    "family_ending": "the same family name for a man and a woman",
    "order_swapped": "order swapped",
    "patronymic_missing": "patronymic missing",
    "part_missing": "a middle part missing",
    "first_missing": "the first part is not there",
    "last_missing": "the last part is not there",
    "sounds_apart": "sounds different",
    "different_patronymic": "another patronymic",
}
"""Each reason's code and its words in English."""

AGAINST: Final = frozenset({"sounds_apart", "different_patronymic", "first_missing", "last_missing", "abd_missing"})
"""The reasons that speak against."""

ALIKE_MIN = 0.45
"""Parts less alike than this (cosine) that stand for each other only because nothing else does, sound different."""

SHORT_FORM_MAX = 0.7
"""Two forms of one given name that are more alike than this are the same name, not a short form of it."""

_PATRONYMICS = (
    "ович", "евич", "ич", "овна", "евна", "ична", "инична", "івна", "ївна", "йович", "улы", "кызы", "оглы", "огли",
    "ovich", "evich", "ovna", "evna", "ichna", "ivna", "uly", "kyzy", "qyzy", "ogly", "oglu",
)  # fmt: skip
_PREFIXES = {
    "latin": ("abd al-", "al-"),
    "cyrillic": ("абд аль-", "аль-"),
    "arabic": ("عبد ال", "ال"),
    "hebrew": ("עבד אל-", "אל-"),
    "other": ("abd al-", "al-"),
}
_FEMALE = (
    ("ова", "ов"),
    ("ева", "ев"),
    ("ина", "ин"),
    ("ская", "ский"),
    ("цкая", "цкий"),
    ("ova", "ov"),
    ("eva", "ev"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """One reason: the parts it is about (as compared; empty for none), how alike they are, and what it means.

    `likeness` is a cosine from 0 to 1; None where nothing was alike enough. `against` reasons weaken the match.
    """

    code: str
    query: str
    name: str
    likeness: float | None

    @property
    def says(self) -> str:
        """The reason in words."""
        return SAYS[self.code]

    @property
    def against(self) -> bool:
        """Whether it speaks against the match."""
        return self.code in AGAINST

    def __str__(self) -> str:
        pair = " = ".join(filter(None, (self.query, self.name)))
        alike = "" if self.likeness is None else f" {self.likeness:.2f}"
        return f"{pair}{alike}: {self.says}" if pair else self.says


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A person whose name may be the one asked for: their name as written, its likeness from 0 to 1, and why."""

    person: PersonId
    name: str
    likeness: float
    because: tuple[Because, ...]


def reasons(query: tuple[str, ...], name: tuple[str, ...], aligned: Aligned, row: int) -> tuple[Because, ...]:
    """The reasons of one candidate: each aligned part in the query's order, the order, then what is left over."""
    asked, given = [part_of(key) for key in query], [part_of(key) for key in name]
    found: list[tuple[int, list[Because]]] = []
    met_query: set[int] = set()
    met_name: set[int] = set()
    ways: list[tuple[int, int]] = []
    for step in range(aligned.query.shape[1]):
        first, second = int(aligned.query[row, step]), int(aligned.name[row, step])
        if first < 0:
            continue
        joins = bool(aligned.query_join[row, step]), bool(aligned.name_join[row, step])
        alike = float(aligned.cosine[row, step])
        found.append(
            (first, _of_parts(asked[first : first + 1 + joins[0]], given[second : second + 1 + joins[1]], alike))
        )
        met_query.update(range(first, first + 1 + joins[0]))
        met_name.update(range(second, second + 1 + joins[1]))
        if alike >= ALIKE_MIN:
            ways.append((first, second))
    answer = [because for _, some in sorted(found, key=lambda one: one[0]) for because in some]
    ways.sort()
    if any(after[1] < before[1] for before, after in pairwise(ways)):
        answer.append(Because(code="order_swapped", query="", name="", likeness=None))
    answer += _left(asked, met_query, given, met_name)
    return tuple(answer)


def _of_parts(asked: list[Part], given: list[Part], cosine: float) -> list[Because]:
    """The reasons of one pair; two neighbours on one side are taken as one."""
    alike = round(min(1.0, max(0.0, cosine)), 2)
    texts = written(asked), written(given)

    def because(code: str) -> Because:
        return Because(code=code, query=texts[0], name=texts[1], likeness=alike)

    first, second = asked[0], given[0]
    code = "joined" if len(asked) + len(given) > 2 else _alike(first, second, alike)
    answer = [because(code)]
    if len(asked) + len(given) == 2 and code != "sounds_apart":
        if first.abd and second.abd:
            answer.append(because("abd_joined"))
        elif first.abd != second.abd and code not in ("spelling_variant", "same_sound_across_scripts"):
            answer.append(because("abd_missing"))
        elif first.article != second.article and not (first.abd or second.abd):
            answer.append(because("al_dropped"))
    return answer


def _alike(first: Part, second: Part, alike: float) -> str:
    if first.text == second.text:
        return "same_spelling"
    if 1 in (len(first.text), len(second.text)):
        return "initial"
    if alike < SHORT_FORM_MAX and are_nicknames(first.text, second.text):
        return "nickname"
    if first.script == second.script:
        if _family_ending(first.text, second.text):
            return "family_ending"
        if len(first.text) > 3 and _one_letter_differs(first.text, second.text):
            return "one_letter_differs"
    if alike < ALIKE_MIN:
        return "different_patronymic" if is_patronymic(first) and is_patronymic(second) else "sounds_apart"
    return "spelling_variant" if first.script == second.script else "same_sound_across_scripts"


def _left(asked: list[Part], met_query: set[int], given: list[Part], met_name: set[int]) -> list[Because]:
    """The reasons of parts that stand for nothing: two in each other's place differ, others are missing."""
    ours = [place for place in range(len(asked)) if place not in met_query]
    theirs = [place for place in range(len(given)) if place not in met_name]
    answer = []
    for one in list(ours):
        other = next((place for place in theirs if _same_role(asked, one, given, place)), None)
        if other is None:
            continue
        ours.remove(one)
        theirs.remove(other)
        code = "different_patronymic" if is_patronymic(asked[one]) else "sounds_apart"
        answer.append(Because(code=code, query=written([asked[one]]), name=written([given[other]]), likeness=None))
    answer += [
        Because(code=_missing(asked, place), query=written([asked[place]]), name="", likeness=None) for place in ours
    ]
    answer += [
        Because(code=_missing(given, place), query="", name=written([given[place]]), likeness=None) for place in theirs
    ]
    return answer


def _same_role(asked: list[Part], one: int, given: list[Part], other: int) -> bool:
    """Whether two parts that are not alike stand in the same place: both patronymics, both first, or both last."""
    patronymics = is_patronymic(asked[one]), is_patronymic(given[other])
    if any(patronymics):
        return all(patronymics)
    return (one == 0 and other == 0) or (one == len(asked) - 1 and other == len(given) - 1)


def _missing(parts: list[Part], place: int) -> str:
    if is_patronymic(parts[place]):
        return "patronymic_missing"
    if place == 0:
        return "first_missing"
    return "last_missing" if place == len(parts) - 1 else "part_missing"


def is_patronymic(part: Part) -> bool:
    """Whether a part ends as an East Slavic or Turkic patronymic does."""
    return len(part.text) > 4 and part.text.endswith(_PATRONYMICS)


def written(parts: Sequence[Part]) -> str:
    """Parts as a name, each with what stood before it in its script."""
    return " ".join(_before(part) + part.text for part in parts)


def _before(part: Part) -> str:
    """What stood before a part, in its script."""
    abd, article = _PREFIXES[part.script]
    if part.abd:
        return abd.removesuffix("ال") if part.text.startswith("ال") else abd
    return article if part.article else ""


def _family_ending(first: str, second: str) -> bool:
    """Whether one is the woman's and the other the man's form of a family name."""
    if first[:3] != second[:3]:
        return False
    for long, short in ((first, second), (second, first)):
        for female, male in _FEMALE:
            if long.endswith(female) and short.endswith(male) and long[: -len(female)] == short[: -len(male)]:
                return True
    return False


def _one_letter_differs(first: str, second: str) -> bool:
    """Whether one letter changed, lost, added, or swapped with its neighbour makes one of the other."""
    if abs(len(first) - len(second)) > 1:
        return False
    head = 0
    while head < min(len(first), len(second)) and first[head] == second[head]:
        head += 1
    one, other = first[head:], second[head:]
    if len(one) == len(other):
        return one[1:] == other[1:] or (one[:2] == other[:2][::-1] and one[2:] == other[2:])
    return one[1:] == other or one == other[1:]
