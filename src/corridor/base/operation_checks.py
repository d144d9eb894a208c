"""What is wrong with an operation though every value of it can be read: the rules between its keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corridor.base.escorts import EscortRule
from corridor.base.operation import (
    ClearanceRule,
    Condition,
    Device,
    Fleet,
    Leg,
    Operation,
    Place,
    Station,
    User,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A broken rule: the path of the key, one sentence with the facts, one thing to do."""

    key: str
    says: str
    remedy: str


def item_problems(read: Sequence[tuple[str, object]]) -> list[Problem]:
    """Rules inside one table of the file, for tables given with their paths."""
    return [problem for key, item in read for problem in _of_item(key, item)]


def _of_item(key: str, item: object) -> Iterator[Problem]:
    match item:
        case Place():
            if (item.latitude is None) != (item.longitude is None):
                yield Problem(key=key, says="Only one of latitude and longitude is given.", remedy="Give both or none.")
        case Leg():
            yield from _of_leg(key, item)
        case Station():
            if (item.opens is None) != (item.closes is None):
                yield Problem(key=key, says="Only one of opens and closes is given.", remedy="Give both or none.")
            elif item.opens is not None and item.opens == item.closes:
                remedy = "Leave both out for a station that is always open."
                yield Problem(key=key, says="It opens and closes at the same time.", remedy=remedy)
        case ClearanceRule():
            if item.needed > len(item.of):
                says = f"{item.needed} authorities are needed but only {len(item.of)} are named."
                yield Problem(key=f"{key}.needed", says=says, remedy=f"Write at most {len(item.of)}, or name more.")
        case EscortRule():
            if not item.at_least and not item.per_persons:
                yield Problem(key=key, says="The rule asks for no escort.", remedy="Give at_least or per_persons.")
            elif item.counted != "persons" and not item.per_persons:
                says = "It counts without a ratio."
                yield Problem(key=f"{key}.counted", says=says, remedy="Give per_persons, or leave counted out.")
        case Condition():
            yield from _of_condition(key, item)
        case Device():
            if item.place is None and item.kind in ("gate", "staging", "reception"):
                yield Problem(key=key, says=f"A {item.kind} device stands somewhere.", remedy="Give its place.")
        case User():
            if (item.role == "partner_liaison") != (item.partner is not None):
                says = f"A {item.role} {'has a' if item.partner else 'has no'} partner."
                yield Problem(key=key, says=says, remedy="Give partner to a partner_liaison, and to nobody else.")


def _of_leg(key: str, leg: Leg) -> Iterator[Problem]:
    if leg.source == leg.target:
        yield Problem(key=key, says=f"The leg goes from {leg.source!r} to itself.", remedy="Correct its target.")
    if leg.minutes_min > leg.minutes:
        says = f"The least possible, {leg.minutes_min} minutes, is more than the usual {leg.minutes}."
        yield Problem(key=f"{key}.minutes_min", says=says, remedy="Write the fastest anyone could be.")


def _of_condition(key: str, condition: Condition) -> Iterator[Problem]:
    if not (condition.needs or condition.age_bands or condition.ties):
        remedy = "Remove it; a category without conditions takes everybody."
        yield Problem(key=key, says="The condition asks nothing.", remedy=remedy)


def road_problems(operation: Operation) -> list[Problem]:
    """Rules between tables, for an operation whose tables are each right and name only what exists."""
    return [
        *_of_times(operation),
        *_of_places(operation),
        *_of_rules(operation),
        *_of_authorities(operation),
        *_of_fleets(operation),
        *_of_pools(operation),
        *_of_shares(operation),
    ]


def _of_times(operation: Operation) -> Iterator[Problem]:
    if operation.started is not None and operation.ends is not None and operation.ends <= operation.started:
        yield Problem(key="ends", says="The operation ends before it starts.", remedy="Correct one of the two times.")
    if not any(device.kind == "headquarters" for device in operation.devices):
        remedy = 'Add a device with kind = "headquarters": what is decided there is recorded too.'
        yield Problem(key="devices", says="There is no device of headquarters.", remedy=remedy)


def _of_places(operation: Operation) -> Iterator[Problem]:
    for role in ("origin", "home"):
        if not any(place.role == role for place in operation.places):
            remedy = f"Give the place where people {'are in danger' if role == 'origin' else 'are received'} that role."
            yield Problem(key="places", says=f"No place has the role {role!r}.", remedy=remedy)
    reached = {place.id for place in operation.places if place.role == "origin"}
    waiting = list(reached)
    while waiting:
        at = waiting.pop()
        new = {leg.target for leg in operation.legs if leg.source == at} - reached
        reached |= new
        waiting.extend(new)
    for place in operation.places:
        if reached and place.id not in reached:
            says = f"No legs lead from an origin to {place.id!r}."
            yield Problem(key="places", says=says, remedy=f"Add a leg with target = {place.id!r}, or remove the place.")


def _of_rules(operation: Operation) -> Iterator[Problem]:
    seen: set[str] = set()
    for turn, rule in enumerate(operation.clearance_rules, start=1):
        if rule.for_leg in seen:
            remedy = "Keep one rule a leg; authorities that count for some citizenships only say so themselves."
            says = f"The leg {rule.for_leg!r} has a rule already."
            yield Problem(key=f"clearance_rules[{turn}].for_leg", says=says, remedy=remedy)
        seen.add(rule.for_leg)


def _of_authorities(operation: Operation) -> Iterator[Problem]:
    for turn, authority in enumerate(operation.authorities, start=1):
        if authority.language is not None and authority.language not in operation.languages:
            says = f"{authority.language!r} is not one of the operation's languages."
            remedy = f"Add it to languages; they are {', '.join(operation.languages)}."
            yield Problem(key=f"authorities[{turn}].language", says=says, remedy=remedy)


def _of_pools(operation: Operation) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for turn, pool in enumerate(operation.escort_pools, start=1):
        if (pool.role, pool.place) in seen:
            says = f"{pool.place!r} has escorts of the role {pool.role!r} already."
            yield Problem(key=f"escort_pools[{turn}]", says=says, remedy="Make them one, with the number of both.")
        seen.add((pool.role, pool.place))


def _of_fleets(operation: Operation) -> Iterator[Problem]:
    for turn, fleet in enumerate(operation.fleets, start=1):
        yield from _of_fleet(operation, f"fleets[{turn}]", fleet)


def _of_fleet(operation: Operation, key: str, fleet: Fleet) -> Iterator[Problem]:
    if not any(leg.mode == fleet.mode for leg in operation.legs):
        says = f"No leg is travelled by {fleet.mode}."
        yield Problem(key=f"{key}.mode", says=says, remedy="Correct the fleet's mode, or that of its leg.")
    for index, named in enumerate(fleet.legs, start=1):
        mode = operation.leg(named).mode
        if mode != fleet.mode:
            says = f"The leg {named!r} is travelled by {mode}, the fleet by {fleet.mode}."
            yield Problem(key=f"{key}.legs[{index}]", says=says, remedy="Name only legs of the fleet's mode.")


def _of_shares(operation: Operation) -> Iterator[Problem]:
    total = sum(partner.seat_share_percent or 0 for partner in operation.partners)
    if total > 100:
        says = f"The partners' shares of the seats add up to {total} percent."
        yield Problem(key="partners", says=says, remedy="Lower them to 100 percent together.")
