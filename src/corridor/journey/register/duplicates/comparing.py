"""Which two people in the book may be one: what speaks for it, what against, and how likely that makes it.

A pair is `likely` or `possible` by rules that an officer can check by eye, or by the probability that `weighing` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from corridor.base.ids import PersonId
from corridor.journey.register.identity import BirthDate, Identity, full_names
from corridor.journey.register.search import likenesses, numbers_of, parts_of_name
from corridor.journey.register.state import RegisterState
from corridor.names.normalise import script_of
from corridor.names.reasons import Because, Match

SPEAKS = ("same_number", "same_contact", "same_name", "near_name", "same_birth", "birth_nearly", "birth_fits")
"""What speaks for one person. `birth_nearly`: one part of the date is another, or day and month are exchanged;
`birth_fits`: only the year is known, and is the same."""
AGAINST = ("other_part", "birth_differs", "sex_differs", "other_citizenship", "other_number")
"""What speaks against. `other_part`: a part of a near name is somebody else's, as a brother's would be, or the same
name stands for two longer ones."""
TELLING = frozenset({"same_number", "same_name", "near_name"})
"""Without one of these no probability makes two people one: many are born on one day."""
Tier = Literal["likely", "possible"]

LIKENESS_SURE = 0.9
"""From this likeness on two names count as the same: nine in ten held-out pairs of it were one person's."""
LIKENESS_MIN = 0.5
LIKENESS_SAME_BIRTH_MIN = 0.1
"""The least of who was born on one day: one in some 30,000 strangers is, so that little of a name tells."""
SHARED_MAX = 60
"""People who share a day of birth, a number or a whole name and are still compared: of more it tells nothing."""

OTHER_PARTS = frozenset({"sounds_apart", "different_patronymic", "first_missing", "abd_missing"})
"""Reasons of a near name by which it may be a relative's; a last part that is missing is a habit of writing."""

PROBABILITY_LIKELY, PROBABILITY_MIN = 0.95, 0.3
"""From these probabilities on a pair is likely, if a name or a number says it and nothing speaks against it, or
possible, whatever the rules say. What chance does is learned from other registers: where few names go round, namesakes
of one age are many."""

CHAIN_PARTS_MIN = 3
"""From so many parts on a name has a father in it, so that two of one script tell namesakes apart."""

Pair = tuple[PersonId, PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """That two people, sorted by id, may be one. `match` says how near names are alike; None: they are not near.

    `probability` that they are one person, from 0 to 1; None: less than `PROBABILITY_MIN`, or nobody has weighed it.
    """

    pair: Pair
    tier: Tier
    speaks: tuple[str, ...]  # of SPEAKS
    against: tuple[str, ...]  # of AGAINST
    match: Match | None
    probability: float | None = None

    @property
    def percent(self) -> int | None:
        """Of a hundred such pairs so many are one person, as far as other registers tell; never all. None: not known,
        no name and no number says it, or something speaks against it that such a figure would hide."""
        if self.probability is None or self.against or not set(self.speaks) & TELLING:
            return None
        return min(99, int(100 * self.probability))

    @property
    def order(self) -> tuple[bool, float, int, float, Pair]:
        """The key that puts the likeliest first."""
        likeness = 1.0 if self.match is None else self.match.likeness
        against = len(self.against) - len(self.speaks)
        return (self.tier != "likely", -round(self.probability or 0.0, 2), against, -likeness, self.pair)


def other_part(because: Sequence[Because]) -> bool:
    """Whether a part of a near name is somebody else's: said so, or on each side a part stands for nothing."""
    left_on = {bool(one.query) for one in because if bool(one.query) != bool(one.name)}
    return len(left_on) == 2 or any(one.code in OTHER_PARTS for one in because)


def compared(
    pair: Pair,
    identities: Mapping[PersonId, Identity],
    states: Mapping[PersonId, RegisterState],
    match: Match | None,
    probability: float | None = None,
) -> Duplicate | None:
    """What two people have in common; None: too little to be asked about.

    `match` is the most alike of their names, by an engine; None: nobody has compared them. `probability` that they are
    one person; None: it is small, or not known.
    """
    one, other = (identities[person] for person in pair)
    found = {str(word) for word in likenesses(one, other)} & {"same_number", "same_contact", "same_name"}
    found |= {_births(one.birth, other.birth)} - {""}
    least = LIKENESS_SAME_BIRTH_MIN if "same_birth" in found else LIKENESS_MIN
    if probability is not None and probability >= PROBABILITY_MIN:
        least = LIKENESS_SAME_BIRTH_MIN
    near = match is not None and match.likeness >= least and "same_name" not in found
    found |= {"near_name"} if near else set()
    found |= {"other_part"} if near and match is not None and other_part(match.because) else set()
    found |= {"other_part"} if "same_name" in found and _longer_apart(one, other) else set()
    first, second = (states.get(person, RegisterState()) for person in pair)
    if None not in (first.sex, second.sex) and first.sex != second.sex:
        found.add("sex_differs")
    if first.citizenships and second.citizenships and not set(first.citizenships) & set(second.citizenships):
        found.add("other_citizenship")
    if "same_number" not in found and numbers_of(one) and numbers_of(other):
        found.add("other_number")
    sure = "same_name" in found or (near and match is not None and match.likeness >= LIKENESS_SURE)
    tier = _the_likelier(_tier(found, sure and "other_part" not in found), found, probability)
    if tier is None:
        return None
    return Duplicate(
        pair=pair,
        tier=tier,
        speaks=tuple(word for word in SPEAKS if word in found),
        against=tuple(word for word in AGAINST if word in found),
        match=match if near else None,
        probability=probability,
    )


def _the_likelier(tier: Tier | None, found: Set[str], probability: float | None) -> Tier | None:
    if probability is None or probability < PROBABILITY_MIN:
        return tier
    lifted = probability >= PROBABILITY_LIKELY and found & TELLING and not found & set(AGAINST)
    return "likely" if lifted else tier or "possible"


def _longer_apart(one: Identity, other: Identity) -> bool:
    """Whether both have a name of a given name, a father's and more in one script, and each has a part that sounds like
    none of the other's: a short name that they share is then a namesake's."""
    mine, theirs = _longest_by_script(one), _longest_by_script(other)
    both = mine.keys() & theirs.keys()
    return any(mine[script] - theirs[script] and theirs[script] - mine[script] for script in both)


def _longest_by_script(identity: Identity) -> dict[str, frozenset[str]]:
    """The sounds of the parts of the longest whole name in each script, of those with `CHAIN_PARTS_MIN` parts."""
    found: dict[str, frozenset[str]] = {}
    for name in full_names(identity):
        parts = parts_of_name(name)
        sounds = frozenset(bones or text for text, bones in parts)
        script = script_of(name)
        if len(parts) >= CHAIN_PARTS_MIN and len(parts) > len(found.get(script, ())):
            found[script] = sounds
    return found


def _tier(found: Set[str], sure: bool) -> Tier | None:
    """The rules, from the surest on. Another birth date with another name is a family's passport or telephone, and a
    sure name with another birth date is a namesake."""
    if sure and not found & {"birth_differs", "sex_differs"}:
        if "same_number" in found or {"same_birth", "other_number"} & found == {"same_birth"}:
            return "likely"
        told = {"same_birth", "same_contact"}
        told |= set() if "other_number" in found else {"birth_nearly", "birth_fits"}
        return "possible" if found & told else None
    if sure and "same_birth" in found:
        return "possible"  # a brother and a sister of one day have two names; a wrong sex is one slip
    if "same_number" in found:
        return "possible" if sure or "birth_differs" not in found else None
    agrees = {"near_name", "same_birth"} <= found and not found & {"other_part", "sex_differs"}
    return "possible" if agrees else None


def _births(one: BirthDate | None, other: BirthDate | None) -> str:
    """How two birth dates are alike; '': nothing is known of one. 1 January stands for "some day of that year"."""
    if one is None or other is None or one.year is None or other.year is None:
        return ""
    days = [_day(one), _day(other)]
    if days[0] is not None and days[1] is not None:
        if days[0] == days[1]:
            return "same_birth"
        parts_apart = sum(mine != theirs for mine, theirs in zip(days[0], days[1], strict=True))
        turned = days[0][0] == days[1][0] and days[0][1:] == days[1][:0:-1]
        return "birth_nearly" if parts_apart == 1 or turned else "birth_differs"
    years_apart = 1 if "age" in (one.precision, other.precision) else 0
    return "birth_fits" if abs(one.year - other.year) <= years_apart else "birth_differs"


def _day(birth: BirthDate) -> tuple[int, int, int] | None:
    if birth.year is None or birth.month is None or birth.day is None or (birth.month, birth.day) == (1, 1):
        return None
    return (birth.year, birth.month, birth.day)


def worth_comparing(identities: Mapping[PersonId, Identity]) -> Iterator[Pair]:
    """The pairs that share a number, a whole name, or a day of birth and the sound of a part; each once.

    Those that an officer would look for. Who shares none of these is found by `weighing`, which looks at everybody.
    """
    found: set[Pair] = set()
    for group in _groups(identities, _numbers_and_names):
        found.update(combinations(group, 2))
    sounds = {person: _sounds(identity) for person, identity in identities.items()}
    for group in _groups(identities, _days):
        found.update(pair for pair in combinations(group, 2) if _sound_alike(sounds[pair[0]], sounds[pair[1]]))
    yield from sorted(found)


def same_name(one: Identity, other: Identity) -> bool:
    """Whether a name of both is written with the same parts: then no engine need compare them."""
    mine, theirs = ({frozenset(_texts(name)) for name in full_names(who)} - {frozenset()} for who in (one, other))
    return bool(mine & theirs)


def _texts(name: str) -> list[str]:
    return [text for text, _ in parts_of_name(name)]


def _sound_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one & other) or not one or not other


def _groups(
    identities: Mapping[PersonId, Identity], keys: Callable[[Identity], Iterable[str]]
) -> Iterator[list[PersonId]]:
    holders: dict[str, list[PersonId]] = {}
    for person, identity in sorted(identities.items()):
        for key in set(keys(identity)):
            holders.setdefault(key, []).append(person)
    return (group for group in holders.values() if 2 <= len(group) <= SHARED_MAX)


def _numbers_and_names(identity: Identity) -> Iterator[str]:
    yield from (f"number {number}" for number in numbers_of(identity))
    for name in full_names(identity):
        parts = sorted(set(_texts(name)))
        if len(parts) >= 2:
            yield f"name {' '.join(parts)}"


def _days(identity: Identity) -> Iterator[str]:
    day = None if identity.birth is None else _day(identity.birth)
    if day is not None:
        year, month, date = day
        yield f"{year}-{month}-{date}"
        if month != date and month <= 12 and date <= 12:
            yield f"{year}-{min(month, date)}/{max(month, date)}"


def _sounds(identity: Identity) -> frozenset[str]:
    return frozenset(bones for name in full_names(identity) for _, bones in parts_of_name(name) if bones)
