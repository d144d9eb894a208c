"""First come first served, and the most urgent first: what a plan is compared with, and a first plan to begin from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from corridor.base.ids import PartyId
from corridor.plan.answer import Plan
from corridor.plan.dispatch.floor import Floor, Found
from corridor.plan.finish import finished
from corridor.plan.problem import Party, Problem

Rule = Literal["first_come", "priority"]
"""Whose turn it is: who could go first, or who weighs most (then who could go first)."""

_STANDS = {"origin": 0, "gate": 1, "hall": 2, "staging": 3}


def dispatch(problem: Problem, rule: Rule) -> Plan:
    """Put the parties, in turn, each on the first convoy, crossing and flight that has room; nothing is taken back.

    Parties bound to each other take their turn together, that of the first of them. Parties that cannot all travel
    together go without those bound to them, who then stay.
    """
    floor = Floor(problem)
    turn = {party.id: number for number, party in enumerate(problem.parties)}

    def key(cluster: Sequence[Party]) -> tuple[int, int, int]:
        released = min(max((_known(party), party.from_minute)) for party in cluster)
        weight = max(party.weight for party in cluster) if rule == "priority" else 0
        return -weight, released, min(turn[party.id] for party in cluster)

    for cluster in sorted(clusters(problem.parties), key=key):
        _send(floor, cluster)
    return floor_plan(floor, made_by=rule)


def floor_plan(floor: Floor, *, made_by: str) -> Plan:
    """The plan that the floor has come to."""
    return finished(
        floor.problem,
        made_by=made_by,
        seed=0,
        convoys=(ride.convoy() for rides in floor.convoys.rides.values() for ride in rides),
        flights=(aircraft.run() for aircraft in floor.flights.aircraft.values()),
        ways=floor.ways.values(),
    )


def _known(party: Party) -> int:
    """When the party could set out, as far as anybody knows."""
    return max((wait.until_minute or 0 for wait in party.waits if wait.stops != "fly"), default=0)


def clusters(parties: Iterable[Party]) -> list[list[Party]]:
    """Parties joined by bonds, directly or through others; in the order of their first."""
    root: dict[PartyId, PartyId] = {party.id: party.id for party in parties}

    def find(party: PartyId) -> PartyId:
        while root[party] != party:
            root[party] = root[root[party]]
            party = root[party]
        return party

    for party in parties:
        for bond in party.bonds:
            root[find(party.id)] = find(bond.party)
    found: dict[PartyId, list[Party]] = defaultdict(list)
    for party in parties:
        found[find(party.id)].append(party)
    return list(found.values())


def _send(floor: Floor, cluster: list[Party]) -> None:
    groups: dict[tuple[str, str], list[Party]] = defaultdict(list)
    for party in cluster:
        groups[party.stands, party.place].append(party)
    apart = sorted(groups.values(), key=lambda group: _STANDS[group[0].stands])
    if len(apart) == 1:
        if floor.place(apart[0]) or len(cluster) == 1:
            return
    elif _send_apart(floor, apart):
        return
    for party in cluster:
        if not party.bonds:
            floor.place((party,))


def _send_apart(floor: Floor, groups: list[list[Party]]) -> bool:
    """Groups that stand at several places, to one flight; False, and nobody is sent, where no flight takes them all.

    Groups that must share a convoy or crossing and come to it from different places are not brought together.
    """
    if sum(group[0].stands != "staging" for group in groups) > 1:
        return False
    everybody = [party for group in groups for party in group]
    for flight in floor.problem.flights:
        ways: list[Found] = []
        for group in groups:
            way = floor.find(group, {flight.id})
            if way is None:
                break
            ways.append(way)
        times = {way.rest.onward.departs for way in ways if way.rest.onward is not None}
        if len(ways) == len(groups) and len(times) == 1 and floor.flights.has_places(everybody, flight, *times):
            for group, way in zip(groups, ways, strict=True):
                floor.commit(group, way)
            return True
    return False
