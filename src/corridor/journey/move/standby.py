"""Who waits for a seat on a movement, in which order, and whose turn it is when seats are free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corridor.base.ids import PersonId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.kinds import draft
from corridor.journey.move import events as kinds
from corridor.journey.move import refusals as no
from corridor.journey.move.orders import JoinStandby, LeaveStandby
from corridor.journey.move.room import by_event, named
from corridor.journey.move.state import Movement
from corridor.ledger.event import Draft

Answer = tuple[Draft, ...] | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One travel group on the standby list.

    `seats` is what it asks for, one each: an infant's seat is given back when the infant is planned on a lap.
    `offered_until` is until when seats are held for it, None: nothing is offered. `next` marks the one group to offer
    seats to now: the first, in order of waiting, that is not offered any and fits into what is free.
    """

    persons: tuple[PersonId, ...]
    since: Moment
    seats: int
    offered_until: Moment | None
    next: bool


def turns(movement: Movement, groups: Iterable[frozenset[PersonId]], free_seats: int, now: Moment) -> tuple[Turn, ...]:
    """The standby list in its order, by travel group; a group's turn is that of whoever of it joined first.

    `free_seats` are those that neither people, nor holds that run, nor partners, nor escorts take.
    """
    together = {person: group for group in groups if group & movement.standby.keys() for person in group}
    seen: set[PersonId] = set()
    found: list[Turn] = []
    next_found = False
    for person, since in sorted(movement.standby.items(), key=lambda item: (item[1], item[0])):
        if person in seen:
            continue
        persons = tuple(sorted(together.get(person, frozenset((person,))) & movement.standby.keys()))
        seen.update(persons)
        offered = [until for one in persons if now < (until := movement.holds.get(one, now))]
        turn = not next_found and not offered and len(persons) <= free_seats
        next_found |= turn
        found.append(
            Turn(persons=persons, since=since, seats=len(persons), offered_until=min(offered, default=None), next=turn)
        )
    return tuple(found)


def decide_standby(
    order: JoinStandby | LeaveStandby, movement: Movement, groups: Iterable[frozenset[PersonId]], now: Moment
) -> Answer:
    """The events an order about the standby list becomes, or why not. Families wait together."""
    persons = frozenset(order.persons)
    if not persons:
        return no.NOBODY_NAMED()
    if isinstance(order, LeaveStandby):
        if strangers := persons - movement.standby.keys():
            return no.NOT_ON_STANDBY(persons=named(strangers), movement=order.movement)
        if (refusal := split_group(groups, frozenset(movement.standby) - persons)) is not None:
            return refusal
        left = kinds.StandbyLeft(movement=order.movement, why=order.why)
        return tuple(draft(kinds.STANDBY_LEFT, left, at=now, by=order.by, persons=some) for some in by_event(persons))
    if movement.status == "closed":
        return no.BOARDING_IS_CLOSED(movement=order.movement)
    has_place = movement.planned | movement.boarded
    if seated := persons & has_place:
        return no.ALREADY_PLANNED(persons=named(seated), movement=order.movement)
    if again := persons & movement.standby.keys():
        return no.ALREADY_ON_STANDBY(persons=named(again), movement=order.movement)
    if (refusal := split_group(groups, persons | movement.standby.keys() | has_place)) is not None:
        return refusal
    body = kinds.StandbyJoined(movement=order.movement)
    return tuple(draft(kinds.STANDBY_JOINED, body, at=now, by=order.by, persons=some) for some in by_event(persons))


def split_group(groups: Iterable[frozenset[PersonId]], together: frozenset[PersonId]) -> Refusal | None:
    """The refusal for the first group of which some are among these people and some are not (law 7)."""
    for group in groups:
        taken, left_out = group & together, group - together
        if taken and left_out:
            return no.GROUP_SPLIT(left_out=named(left_out), taken=named(taken))
    return None
