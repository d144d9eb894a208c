"""What an invented person is called in three scripts, and how lists write the same name otherwise.

The pools are hand-written common names; a cell holds spellings of one name, parted by `|`, of which a writer takes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

Spellings = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArabicMale:
    """A man's name; the last column is what a Russian patronymic is made from."""

    arabic: Spellings
    latin: Spellings
    cyrillic: Spellings
    patronymic_stem: Spellings


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of one person or family in three scripts."""

    arabic: Spellings
    latin: Spellings
    cyrillic: Spellings


@dataclass(frozen=True, slots=True, kw_only=True)
class RussianMale:
    """A Russian man's name with the patronymics of his children."""

    cyrillic: Spellings
    latin: Spellings
    arabic: Spellings
    patronymic_male: Spellings
    patronymic_female: Spellings


@dataclass(frozen=True, slots=True, kw_only=True)
class RussianFamily:
    """A Russian surname in both forms."""

    cyrillic_male: Spellings
    cyrillic_female: Spellings
    latin_male: Spellings
    latin_female: Spellings
    arabic_male: Spellings
    arabic_female: Spellings


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesPool:
    """All pools of an operation; each is the file of its name."""

    arabic_male: tuple[ArabicMale, ...]
    arabic_female: tuple[Name, ...]
    arabic_family: tuple[Name, ...]
    russian_female: tuple[Name, ...]
    russian_male: tuple[RussianMale, ...]
    russian_family: tuple[RussianFamily, ...]


POOLS: Mapping[str, type] = {
    "arabic_male": ArabicMale,
    "arabic_female": Name,
    "arabic_family": Name,
    "russian_female": Name,
    "russian_male": RussianMale,
    "russian_family": RussianFamily,
}
"""The row type of each pool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """The parts of a person's name. `patronymic` is Cyrillic only; None: the person has none in papers.

    `given` and `family` None: the part is missing wherever the person is written.
    """

    given: Name | None
    father: Name | None
    grandfather: Name | None
    family: Name | None
    patronymic: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """The names that a family shares."""

    father: ArabicMale
    grandfather: ArabicMale
    family: Name


def household(pool: NamesPool, rng: Random) -> Household:
    """The names that a family shares, drawn from the pool."""
    father, grandfather = rng.sample(pool.arabic_male, 2)
    return Household(father=father, grandfather=grandfather, family=rng.choice(pool.arabic_family))


def patronymic(stem: str, sex: str) -> str:
    """The Russian patronymic of an Arabic name, as registry offices write it: Халедович, Мусаевна."""
    joint = "е" if stem[-1] in "аеиоуыэюяь" else "о"
    return stem + joint + ("вич" if sex == "male" else "вна")


def plain(name: ArabicMale) -> Name:
    """A man's name without its patronymic."""
    return Name(arabic=name.arabic, latin=name.latin, cyrillic=name.cyrillic)


def child_of(house: Household, given: Name, sex: str, *, russian: bool) -> Called:
    """Somebody born into the house; with a Russian passport they have a patronymic."""
    return Called(
        given=given,
        father=plain(house.father),
        grandfather=plain(house.grandfather),
        family=house.family,
        patronymic=patronymic(house.father.patronymic_stem[0], sex) if russian else None,
    )


def russian_born(pool: NamesPool, sex: str, rng: Random, married_into: Name | None) -> Called:
    """Somebody born in Russia, under the own surname or that of the family married into."""
    father, family = rng.choice(pool.russian_male), rng.choice(pool.russian_family)
    own = Name(
        arabic=getattr(family, f"arabic_{sex}"),
        latin=getattr(family, f"latin_{sex}"),
        cyrillic=getattr(family, f"cyrillic_{sex}"),
    )
    given: Name
    if sex == "female":
        given = rng.choice(pool.russian_female)
    else:
        man = rng.choice(pool.russian_male)
        given = Name(arabic=man.arabic, latin=man.latin, cyrillic=man.cyrillic)
    patronymics: Spellings = getattr(father, f"patronymic_{sex}")
    return Called(given=given, father=None, grandfather=None, family=married_into or own, patronymic=patronymics[0])


def written(called: Called, script: str, rng: Random, *, short: bool = False, swapped: bool = False) -> str:
    """The full name as one writer writes it in a script (arabic, latin, cyrillic), drawing among the spellings.

    `short` drops the names of father and grandfather; `swapped` puts the family first. Cyrillic is family, given and
    patronymic as in Russian papers.
    """
    middle = () if short or script == "cyrillic" else (called.father, called.grandfather)
    given = [_spelt(part, script, rng) for part in (called.given, *middle) if part is not None]
    family = [] if called.family is None else [_spelt(called.family, script, rng)]
    if script == "cyrillic":
        return " ".join([*family, *given, *([called.patronymic] if called.patronymic else [])])
    return " ".join([*family, *given] if swapped else [*given, *family])


def _spelt(name: Name, script: str, rng: Random) -> str:
    spellings: Spellings = getattr(name, script)
    return rng.choice(spellings)
