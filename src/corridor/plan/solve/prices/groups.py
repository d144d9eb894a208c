"""Who is alike in everything a price or a rule can see, so that one path serves them all in proportion?

A bond is one-sided: whom it names may go alone, and who has it then stays. So bonded parties are several groups, of
which one goes: all of them, or some while the others stay. A `Group` is so many persons; its counts are a head, and
the same for each of its parties: nothing is averaged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

import numpy as np

from corridor.plan.problem import Party
from corridor.plan.solve.frame import NEVER, Floats, Frame, Unit
from corridor.plan.solve.prices.options import Option
from corridor.plan.solve.worth import Worth

COUNTED = ("persons", "seats", "stretchers", "wheelchairs", "medical", "psychological")
"""What is counted a head: the order of the columns of `Group.counts`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What groups share that decides where and when they can be: the rest of a group only changes what it pays.

    `services` are those of each party's visits in their order. `permit_minutes` None: no permit runs from crossing.
    """

    stage: int
    place: str
    first_slot: int
    cross_slot: int
    last_slot: int
    from_minute: int
    services: tuple[tuple[str, ...], ...]
    permit_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Persons alike. `weight` is points an hour's weight a head; `counts` a head as in `COUNTED`.

    `work` has, by service of each visit in the order of `Kind.services`, persons a head who need it. `takes` and `own`
    are rows of `Groups.patterns`. `breach` is the part of the persons who have the permit of the kind. Groups of one
    `lot` have the kind, the weight and the needs in common: of a lot no greater part leaves than there is of a convoy.
    Bonded parties are a lot of their own, whoever of them goes: `part` is how many heads of all of them a head counts.

    Of the groups of one `choice` one goes: bonded parties, all or only some of them. `cross` are the parties (indexes)
    that cross with it and do not fly, `stay` those that do not cross. `crossing` and `crossing_weight` are `counts` and
    `weight` of all who cross, still by heads of those who fly.
    """

    index: int
    kind: int
    units: tuple[int, ...]
    persons: int
    weight: float
    counts: tuple[float, ...]
    crossing: tuple[float, ...]
    crossing_weight: float
    work: tuple[tuple[float, ...], ...]
    pattern: int
    breach: float
    lot: int
    part: float
    choice: int
    cross: tuple[int, ...]
    stay: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """All groups, with what they share: kinds, and by pattern what each option of a flight costs or asks a head.

    `takes` by pattern and option; `own` and `offered` are persons and seats a head that count for the share and for
    offers; `points` what permits that run, wishes and announcements make of it; the last columns are for no flight, and
    for staying in danger. `told` by group: (minute, points a head) for crossing at another minute than announced.
    """

    units: tuple[Unit, ...]
    kinds: tuple[Kind, ...]
    groups: tuple[Group, ...]
    choices: int
    takes: Floats
    own: Floats
    offered: Floats
    points: Floats
    told: dict[int, tuple[tuple[int, float], ...]]

    def of_choice(self, choice: int) -> list[int]:
        """The groups of a choice."""
        return [group.index for group in self.groups if group.choice == choice]


MOST_TOGETHER = 12
"""Bonded parties with more ways of some staying behind than this are looked at as if they were not bonded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Parties of which some may have to stay for others to go: each entry of `ways` is who flies, as one, who only
    crosses with them, and who stays. That nobody flies is a way too, and not named."""

    ways: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]


def together(frame: Frame) -> list[Together]:
    """All parties; those bonded at one place with each other, in every way in which some of them may go.

    Who goes takes along everybody it is bonded to. Where all bonds of a company lead to the same party, whoever of it
    flies takes that party's flight, so that they are one unit; other companies are looked at party by party, which
    forgets their bonds: a bound may.
    """
    to = _bonds(frame)
    of = _companies(frame, to)
    found: list[Together] = []
    for company in of:
        ahead = {i: _ahead(to, i) for i in company}
        last = [i for i in company if all(i in ahead[j] for j in company)]
        sets = _closed(company, ahead) if last else []
        ways = tuple(
            (fly, tuple(i for i in cross if i not in fly), tuple(i for i in company if i not in cross))
            for cross in sets
            for fly in sets
            if set(fly) <= set(cross)
        )
        if not 0 < len(ways) <= MOST_TOGETHER:
            found += [Together(ways=(((i,), (), ()),)) for i in company]
            continue
        found.append(Together(ways=ways))
    return found


def _bonds(frame: Frame) -> dict[int, set[int]]:
    parties, to = frame.problem.parties, defaultdict(set)
    for i, party in enumerate(parties):
        for bond in party.bonds:
            j = frame.party_of[bond.party]
            if (parties[j].stands, parties[j].place) == (party.stands, party.place):
                to[i].add(j)
    return to


def _companies(frame: Frame, to: dict[int, set[int]]) -> list[tuple[int, ...]]:
    """Parties that bonds link, whichever way they point; in the order of the first of each."""
    linked: dict[int, set[int]] = defaultdict(set)
    for i, others in to.items():
        for j in others:
            linked[i].add(j)
            linked[j].add(i)
    seen: set[int] = set()
    found = []
    for i in range(len(frame.problem.parties)):
        if i not in seen:
            company = _ahead(linked, i)
            seen |= company
            found.append(tuple(sorted(company)))
    return found


def _ahead(to: dict[int, set[int]], first: int) -> set[int]:
    """Whom a party leads to by bonds, itself too."""
    found, open_ = {first}, [first]
    while open_:
        for j in to.get(open_.pop(), ()):
            if j not in found:
                found.add(j)
                open_.append(j)
    return found


def _closed(company: tuple[int, ...], ahead: dict[int, set[int]]) -> list[tuple[int, ...]]:
    """Every set of them, but the empty one, of which nobody is bonded to somebody outside it; the largest first."""
    sets: set[frozenset[int]] = {frozenset()}
    for i in company:
        sets |= {one | ahead[i] for one in sets}
        if len(sets) > MOST_TOGETHER + 1:
            return []
    return sorted((tuple(sorted(one)) for one in sets if one), key=lambda one: (-len(one), one))


def grouped(frame: Frame, worth: Worth, options: tuple[Option, ...]) -> Groups:
    """The groups of a problem, in the order of their first parties."""
    ways = [(number, *way) for number, one in enumerate(together(frame)) for way in one.ways]
    units = tuple(_crossing_with(frame, fly, cross) for _, fly, cross, _ in ways)
    several = Counter(number for number, *_ in ways)
    kinds: dict[Kind, int] = {}
    patterns: dict[tuple[object, ...], int] = {}
    rows: list[tuple[Floats, Floats, Floats, Floats]] = []
    by: dict[_Alike, list[int]] = defaultdict(list)
    for u, unit in enumerate(units):
        members = [frame.problem.parties[m] for m in unit.members]
        kind = _kind(frame, unit, members)
        pattern_key = _pattern_key(unit, members)
        if pattern_key not in patterns:
            patterns[pattern_key] = len(rows)
            rows.append(_pattern(frame, worth, unit, members, options))
        kinds.setdefault(kind, len(kinds))
        counts = tuple(getattr(unit, name) / unit.persons for name in COUNTED)
        number, fly, cross, stay = ways[u]
        over = frame.unit((*fly, *cross)) if cross else unit
        told = tuple(
            (p.announced.crosses_minute, p.persons / unit.persons)
            for p in members
            if p.announced is not None and p.announced.crosses_minute is not None
        )
        alike = _Alike(
            kind=kinds[kind],
            pattern=patterns[pattern_key],
            counts=counts,
            crossing=tuple(getattr(over, name) / unit.persons for name in COUNTED),
            crossing_weight=over.weighted / unit.persons,
            weight=unit.weighted / unit.persons,
            work=_work(unit, members),
            told=told,
            breach=sum(p.persons for p in members if p.permit_minutes is not None) / unit.persons,
            bonded=(number, fly, cross, stay) if several[number] > 1 else None,
        )
        by[alike].append(u)
    groups = _groups(units, by)
    told_of = {
        index: tuple((minute, part * worth.points["changes"]) for minute, part in alike.told)
        for index, alike in enumerate(by)
        if alike.told
    }
    stacked = [np.array([row[i] for row in rows]) for i in range(4)]
    return Groups(
        units=units,
        kinds=tuple(kinds),
        groups=groups,
        choices=1 + max((group.choice for group in groups), default=-1),
        takes=stacked[0],
        own=stacked[1],
        offered=stacked[2],
        points=stacked[3],
        told=told_of,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alike:
    """What the units of a group share; `bonded`: their company, who flies, who crosses with them, who stays."""

    kind: int
    pattern: int
    counts: tuple[float, ...]
    crossing: tuple[float, ...]
    crossing_weight: float
    weight: float
    work: tuple[tuple[float, ...], ...]
    told: tuple[tuple[int, float], ...]
    bonded: tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]] | None
    breach: float


def _groups(units: tuple[Unit, ...], by: dict[_Alike, list[int]]) -> tuple[Group, ...]:
    lots: dict[tuple[object, ...], int] = {}
    choices: dict[object, int] = {}
    heads: dict[object, int] = {}
    found = []
    for index, (one, alike) in enumerate(by.items()):
        number, _, cross, stay = one.bonded or (None, (), (), ())
        needs = tuple(count > 0 for count in one.counts[2:])
        persons = sum(units[u].persons for u in alike)
        # The first way of bonded parties is that of all of them.
        lot = (one.kind, one.weight, needs) if number is None else ("bonded", number)
        part = 1.0 if number is None else heads.setdefault(number, persons) / persons
        found.append(
            Group(
                index=index,
                kind=one.kind,
                units=tuple(alike),
                persons=persons,
                weight=one.weight,
                counts=one.counts,
                crossing=one.crossing,
                crossing_weight=one.crossing_weight,
                work=one.work,
                pattern=one.pattern,
                breach=one.breach,
                lot=lots.setdefault(lot, len(lots)),
                part=part,
                choice=choices.setdefault(("group", index) if number is None else number, len(choices)),
                cross=cross,
                stay=stay,
            )
        )
    return tuple(found)


def _crossing_with(frame: Frame, fly: tuple[int, ...], cross: tuple[int, ...]) -> Unit:
    """Parties that fly as one, and cross no earlier than those who only cross with them."""
    unit = frame.unit(fly)
    if not cross:
        return unit
    all_ = frame.unit((*fly, *cross))
    return replace(unit, leave_from=all_.leave_from, cross_from=all_.cross_from, cross_until=all_.cross_until)


def _work(unit: Unit, members: list[Party]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(v.persons / unit.persons for v in party.visits) for party in members)


def _kind(frame: Frame, unit: Unit, members: list[Party]) -> Kind:
    slot = frame.slot
    permits = [p.permit_minutes for p in members if p.permit_minutes is not None]
    return Kind(
        stage=unit.stage,
        place=unit.place,
        first_slot=-(-min(unit.leave_from, NEVER) // slot),
        cross_slot=-(-min(unit.cross_from, NEVER) // slot),
        last_slot=min(frame.slots - 1, unit.cross_until // slot),
        from_minute=unit.from_minute if unit.stage >= 2 else 0,
        services=tuple(tuple(visit.service for visit in party.visits) for party in members),
        # Of several permits the longest: a breach is then counted only where all of them are broken.
        permit_minutes=max(permits) if permits and unit.stage <= 1 else None,
    )


def _pattern_key(unit: Unit, members: list[Party]) -> tuple[object, ...]:
    return tuple(
        (
            p.citizenships,
            unit.fly_from,
            p.persons / unit.persons,
            p.seats / unit.persons,
            p.permit_until_minute,
            p.prefers,
            None if p.announced is None else p.announced.flight,
        )
        for p in members
    )


def _pattern(
    frame: Frame, worth: Worth, unit: Unit, members: list[Party], options: tuple[Option, ...]
) -> tuple[Floats, Floats, Floats, Floats]:
    """By option: whether it takes the unit; own persons and seats on offer a head; points a head of its particulars."""
    # The last two columns of points: crossed without a flight, and not crossed.
    takes, own, offered = np.zeros(len(options)), np.zeros(len(options)), np.zeros(len(options))
    extra = np.zeros(len(options) + 2)
    points = worth.points
    for o, option in enumerate((*options, None)):
        what = None if option is None else frame.problem.flights[option.flight]
        until = frame.end if option is None else option.latest
        if option is not None and what is not None:
            allowed = set(what.allowed)
            takes[o] = unit.fly_from <= option.boards_until and (
                not allowed or all(set(p.citizenships) & allowed for p in members)
            )
        for p in members:
            part = p.persons / unit.persons
            if p.permit_until_minute is not None and p.permit_until_minute < until:
                extra[o] += points["permit_breaches"] * part
            told = p.announced.flight if p.announced else None
            if told is not None and (what is None or what.id != told):
                extra[o] += points["changes"] * part
                extra[-1] += points["changes"] * part * (what is None)
            if what is None:
                continue
            if p.prefers and what.home not in p.prefers:
                extra[o] += points["against_wish"] * part
            first = p.citizenships[0] if p.citizenships else None
            if first is not None and first in what.own:
                own[o] += part
            offer = next((x for x in what.offers if first is not None and first in x.citizenships), None)
            if offer is not None and offer.answer != "declined":
                offered[o] += p.seats / unit.persons
    return takes, own, offered, extra


def gates_of(frame: Frame, kind: Kind) -> list[int]:
    """The gates a kind can cross at."""
    if kind.stage == 1:
        return [frame.gate_of[kind.place]]
    return list(dict.fromkeys(frame.gate_of[str(r.leg.target)] for r in frame.approaches.get(kind.place, ())))
