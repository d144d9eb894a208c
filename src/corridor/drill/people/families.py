"""How many go together and who they are to each other: sizes, children, ages and citizenships that meet the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from corridor.drill.plan import ChildrenPool, ReplayPlan

Role = Literal["father", "mother", "child", "elder", "adult"]
Sex = Literal["female", "male"]

OWN_LIKELY: Mapping[Role, float] = {"mother": 1.0, "child": 0.7, "father": 0.35, "adult": 0.45, "elder": 0.1}
"""How a family's citizenship runs, invented: it came with the mother more often than with the father."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a party before they have a name. `citizenship` is empty until it is given out."""

    group: str
    role: Role
    sex: Sex
    age_years: int
    citizenship: str = ""


def families(plan: ReplayPlan, own: Sequence[str], rng: Random) -> tuple[tuple[Member, ...], ...]:
    """The parties of all groups in the order of the plan; children and citizenships are exactly those of its pools."""
    adults: dict[str, list[list[int]]] = {}
    for pool in plan.children:
        adults |= _pool(plan, pool, rng)
    made = {
        group.id: [list(_family(group.id, grown, size - grown, rng)) for size, grown in adults[group.id]]
        for group in plan.groups
    }
    for nationals in plan.citizenships:
        _give_citizenships([party for group in nationals.groups for party in made[group]], nationals.count, own, rng)
    return tuple(tuple(party) for parties in made.values() for party in parties)


def _pool(plan: ReplayPlan, pool: ChildrenPool, rng: Random) -> dict[str, list[list[int]]]:
    """[size, adults] of every party of a pool's groups, with exactly the pool's children and an adult in each."""
    while True:
        drawn = {group: sizes(plan.group(group).persons, plan.party_sizes, rng) for group in pool.groups}
        if sum(sum(each) - len(each) for each in drawn.values()) >= pool.count:
            break
    made = {group: [[size, _adults(size, rng)] for size in each] for group, each in drawn.items()}
    _meet_children([party for parties in made.values() for party in parties], pool.count, rng)
    return made


def sizes(persons: int, weights: Sequence[int], rng: Random) -> list[int]:
    """Party sizes with the weights of 1, 2, 3 ... that add up to `persons`."""
    choices = range(1, len(weights) + 1)
    while True:
        drawn: list[int] = []
        while sum(drawn) < persons:
            drawn.append(rng.choices(choices, weights)[0])
        if sum(drawn) == persons:
            return drawn


def _adults(size: int, rng: Random) -> int:
    """How many of a party are grown up, before the children's count is met."""
    if size == 1:
        return 1
    return min(size, rng.choices((1, 2, 3, 4), (18, 60, 17, 5))[0])


def _meet_children(parties: list[list[int]], wanted: int, rng: Random) -> None:
    """Change adults and children of [size, adults] pairs until there are as many children as wanted."""
    children = sum(size - grown for size, grown in parties)
    while children != wanted:
        more = children < wanted
        open_to = [party for party in parties if (party[1] > 1 if more else party[1] < party[0])]
        assert open_to, "a party of the pool would have no adult"
        # Parties with many adults (or many children) change first, so that families stay likely.
        party = max(rng.sample(open_to, min(3, len(open_to))), key=lambda each: each[1] if more else each[0] - each[1])
        party[1] += -1 if more else 1
        children += 1 if more else -1


def _family(group: str, grown: int, children: int, rng: Random) -> tuple[Member, ...]:
    """A party with that many adults and children: parents of a fitting age, elders and other adults."""

    def member(role: Role, sex: Sex, age_years: int) -> Member:
        return Member(group=group, role=role, sex=sex, age_years=age_years)

    if not children and grown == 1:
        sex: Sex = rng.choice(("female", "male"))
        elder = rng.random() < 0.12
        return (member("elder" if elder else "adult", sex, rng.randint(65, 79) if elder else rng.randint(19, 60)),)
    ages = sorted(_child_ages(children, rng), reverse=True)
    oldest = ages[0] if ages else rng.randint(0, 10)
    mother_age = max(oldest + rng.randint(19, 27), 22 + children)
    adults: list[Member] = []
    if rng.random() < (0.85 if grown == 1 else 0.97):
        adults.append(member("mother", "female", mother_age))
    if len(adults) < grown and (not adults or rng.random() < 0.85):
        adults.append(member("father", "male", mother_age + rng.randint(0, 9)))
    while len(adults) < grown:
        sex = rng.choice(("female", "male"))
        if rng.random() < 0.5:
            adults.append(member("elder", sex, mother_age + rng.randint(20, 34)))
        else:
            adults.append(member("adult", sex, rng.randint(18, max(18, min(mother_age - 17, 34)))))
    return (*adults, *(member("child", rng.choice(("female", "male")), age) for age in ages))


def _child_ages(children: int, rng: Random) -> list[int]:
    """Ages of siblings, 0 to 17, twins now and then and never more than two infants."""
    while True:
        ages = [int(18 * rng.random() ** 1.1) for _ in range(children)]
        twins = children - len(set(ages))
        if twins <= children // 4 and sum(age < 2 for age in ages) <= 2:
            return ages


def _give_citizenships(parties: list[list[Member]], count: Mapping[str, int], own: Sequence[str], rng: Random) -> None:
    """Give out exactly `count`: each party one of its own citizens where they suffice, siblings mostly alike.

    The citizenship with the largest share after the own ones goes to everybody left over; the rare ones to mothers
    and their children, two of a family.
    """
    ours = next((code for code in count if code in own), None)
    others = sorted((code for code in count if code not in own), key=lambda code: -count[code])
    given: dict[tuple[int, int], str] = {}
    rare = [code for code in others[1:] for _ in range(count[code])]
    for turn in rng.sample(range(len(parties)), len(parties)):
        if not rare:
            break
        party = parties[turn]
        grown = [at for at, member in enumerate(party) if member.role != "child"]
        children = [at for at, member in enumerate(party) if member.role == "child"]
        if len(grown) >= 2 and children:
            places = [grown[0], *children]
            alike = min(len(places), rare.count(rare[0]), 2)
            for at in places[:alike]:
                given[turn, at] = rare.pop(0)
    assert not rare, "no party is left for a rare citizenship"
    score: list[tuple[float, int, int]] = []
    for turn, party in enumerate(parties):
        family = rng.random()
        free = [at for at in range(len(party)) if (turn, at) not in given]
        ranked = sorted(
            ((OWN_LIKELY[party[at].role] + 0.6 * family + 0.15 * rng.random(), turn, at) for at in free), reverse=True
        )
        score += [(value + (10 if not place else 0), turn, at) for place, (value, turn, at) in enumerate(ranked)]
    score.sort(reverse=True)
    for place, (_, turn, at) in enumerate(score):
        given[turn, at] = ours if ours is not None and place < count[ours] else others[0]
    for turn, party in enumerate(parties):
        parties[turn][:] = [replace(member, citizenship=given[turn, at]) for at, member in enumerate(party)]
