"""What at the crossing contradicts a rule: nobody's list, no clearance, a closed gate, a party split."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from corridor.base.ids import EventId, PersonId, PlaceId
from corridor.base.moments import MINUTE_MS, Moment, iso
from corridor.journey.clear.standing import Standing, StandingRules, standing
from corridor.journey.clear.state import ClearState
from corridor.journey.cross.hazards import Ways
from corridor.journey.cross.state import Crossing, CrossState
from corridor.journey.findings import Finding, FindingKind
from corridor.ledger.accounts import place_account

CROSSED_WITHOUT_LIST = FindingKind(
    "crossed_without_list",
    "{persons} crossed at {gate} at {at} without a list row (record {crossing} by {recorder}).",
    "Let somebody other than {recorder} look into it and sign the exception.",
)
CROSSED_ON_OTHER_ROW = FindingKind(
    "crossed_on_other_row",
    "{persons} crossed at {gate} at {at} on row {row} of list {list}, which is not held to be them.",
    "Match the row to them, or let a second person sign the exception.",
)
CROSSED_REFUSED = FindingKind(
    "crossed_refused",
    "{persons} crossed at {gate} at {at} although clearance was refused.",
    "Ask the authority which word holds, and let a second person sign the exception.",
)
CROSSED_EXPIRED = FindingKind(
    "crossed_expired",
    "{persons} crossed at {gate} at {at} after their clearance had expired.",
    "Ask the authority for a new listing, or let a second person sign the exception.",
)
CROSSED_WAITING = FindingKind(
    "crossed_waiting",
    "{persons} crossed at {gate} at {at} while {authorities} had not listed them.",
    "Import the missing list, or let a second person sign the exception.",
)
CROSSED_CLOSED_GATE = FindingKind(
    "crossed_closed_gate",
    "{persons} crossed at {gate} at {at}, when it was recorded as closed since {since}.",
    "Ask the gate which of the two holds, and correct the other.",
)
PARTY_SPLIT = FindingKind(
    "party_split",
    "{crossed} crossed by {at}, and {left} of the same travel group did not.",
    "Call {left} to the gate, or record that the family waives it.",
)
AT_NO_PLACE = FindingKind(
    "at_no_place",
    "{persons} are at {place} since {at}, and the operation file in force has no such place.",
    "Find out where they are and record that they were seen there, or take {place} into the operation file again.",
)

CATALOGUE: tuple[FindingKind, ...] = (
    CROSSED_WITHOUT_LIST,
    CROSSED_ON_OTHER_ROW,
    CROSSED_REFUSED,
    CROSSED_EXPIRED,
    CROSSED_WAITING,
    CROSSED_CLOSED_GATE,
    PARTY_SPLIT,
    AT_NO_PLACE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossedPerson:
    """One person for the findings: how far they came, their clearance, and where they stood at each crossing.

    `standings` has no entry for a crossing whose leg asks for no clearance.
    """

    cross: CrossState
    clear: ClearState
    standings: Mapping[EventId, Standing]


def at_no_place(inside: Mapping[PlaceId, Mapping[PersonId, Moment]]) -> Iterator[Finding]:
    """People at places that the operation file in force does not have, by place with when each came there: a version
    left the place out, and the book, which reads by all versions together, still has them there."""
    for place, came in sorted(inside.items()):
        yield AT_NO_PLACE(came, place=place, at=iso(min(came.values())))


def standings_at_crossings(
    cross: CrossState,
    clear: ClearState,
    citizenships: Collection[str],
    legs: Mapping[tuple[PlaceId, PlaceId], StandingRules],
) -> Mapping[EventId, Standing]:
    """Where a person stood at each of their crossings.

    `legs` has source, target and rules of every leg that asks for clearance. A crossing that is recorded as another
    way is judged by the first leg with its source or its target, and by none when there is none.
    """
    found: dict[EventId, Standing] = {}
    for crossing in cross.crossings:
        ends = [
            ((place_account(source), place_account(target)), rules) for (source, target), rules in sorted(legs.items())
        ]
        way = (crossing.source, crossing.target)
        exact = [rules for leg, rules in ends if leg == way]
        partly = [rules for leg, rules in ends if leg[0] == way[0] or leg[1] == way[1]]
        if exact or partly:
            found[crossing.event] = standing(clear, citizenships, (exact or partly)[0], crossing.at)
    return found


def findings(people: Mapping[PersonId, CrossedPerson], ways: Ways) -> tuple[Finding, ...]:
    """What stands against a rule in the crossings of these people: one finding for all whom one record concerns.

    A crossing that a second person signed for is no longer found to lack clearance.
    """
    return told({person: faults(one, ways) for person, one in people.items()})


Fault = tuple[str, str, Moment, EventId, tuple[tuple[str, object], ...]]
"""What is wrong with one crossing: code, gate, moment, record, facts; the same for all whom the record names."""


def faults(one: CrossedPerson, ways: Ways) -> tuple[Fault, ...]:
    """What stands against a rule in one person's crossings."""
    found: list[Fault] = []
    for crossing in one.cross.crossings:
        said = [] if crossing.signed else _about_clearance(crossing, one)
        gate = ways.gate_at(crossing.gate, crossing.at)
        if gate is not None and not gate.open:
            said.append((CROSSED_CLOSED_GATE, {"since": iso(gate.span.start)}))
        for kind, facts in said:
            found.append((kind.code, crossing.gate, crossing.at, crossing.event, tuple(sorted(facts.items()))))
    return tuple(found)


def told(people: Mapping[PersonId, Iterable[Fault]]) -> tuple[Finding, ...]:
    """The findings of everybody's faults."""
    found: dict[Fault, set[PersonId]] = {}
    for person, said in people.items():
        for fault in said:
            found.setdefault(fault, set()).add(person)
    kinds = {kind.code: kind for kind in CATALOGUE}
    return tuple(
        kinds[code](persons, gate=gate, at=iso(at), crossing=event, **dict(facts))
        for (code, gate, at, event, facts), persons in sorted(found.items(), key=lambda one: (one[0][2:4], one[0][0]))
    )


def _about_clearance(crossing: Crossing, person: CrossedPerson) -> list[tuple[FindingKind, dict[str, object]]]:
    """The one thing that is most wrong with the clearance of a crossing, if anything is."""
    at_gate = person.standings.get(crossing.event)
    if at_gate is None:
        return []
    if crossing.list is not None and not any(
        listing.list == crossing.list and crossing.row in (None, listing.row) for listing in person.clear.listings
    ):
        row = "?" if crossing.row is None else crossing.row
        return [(CROSSED_ON_OTHER_ROW, {"list": crossing.list, "row": row})]
    if at_gate.value == "refused":
        return [(CROSSED_REFUSED, {})]
    if at_gate.value == "expired":
        return [(CROSSED_EXPIRED, {})]
    if at_gate.value == "waiting":
        if crossing.list is None and not any(word.list for word in at_gate.words):
            return [(CROSSED_WITHOUT_LIST, {"recorder": crossing.by})]
        return [(CROSSED_WAITING, {"authorities": ", ".join(at_gate.waiting_for)})]
    return []


def splits(
    groups: Iterable[frozenset[PersonId]],
    states: Mapping[PersonId, CrossState],
    out: Set[PersonId],
    at: Moment,
    grace_minutes: int,
) -> tuple[Finding, ...]:
    """The travel groups of which some had crossed at `at` and others had not.

    `groups` come from registration, where waivers and ended ties have already released people. `out` is everybody who
    has left the danger in whatever way; they are not left behind. A party goes through a gate one by one: a group is
    split only `grace_minutes` after its first crossing.
    """
    found: list[Finding] = []
    gone = frozenset(out)
    crossed = frozenset(person for person, state in states.items() if state.crossings)
    for group in groups:
        if len(group) == 1 or group <= gone or group.isdisjoint(crossed):
            continue
        crossed_at = {
            person: first
            for person in group
            if person in states
            and (first := min((one.at for one in states[person].crossings if one.at <= at), default=None)) is not None
        }
        left = sorted(person for person in group if person not in crossed_at and person not in gone)
        if crossed_at and left and min(crossed_at.values()) + grace_minutes * MINUTE_MS <= at:
            found.append(PARTY_SPLIT(group, crossed=", ".join(sorted(crossed_at)), left=", ".join(left), at=iso(at)))
    return tuple(sorted(found, key=lambda one: one.persons))
