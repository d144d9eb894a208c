"""What contradicts and needs somebody: the book's discrepancies and what every stage finds, in one form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import Moment
from corridor.journey.arrive.findings import about_shelters
from corridor.journey.board.folding.found import Legs, crossed_person
from corridor.journey.board.folding.kept import kept_of
from corridor.journey.board.people import Everybody
from corridor.journey.cross.findings import CrossedPerson, at_no_place, splits, told
from corridor.journey.findings import Finding, unreadable_records
from corridor.journey.move.findings import of_no_movement, share_missed
from corridor.ledger.accounts import parts
from corridor.ledger.book.discrepancies import Discrepancy


def findings_of(everybody: Everybody, out: Set[PersonId]) -> tuple[Finding, ...]:
    """What the stages find, in the order of the road; `out` is who has left the danger.

    What a stage finds about people of whom nothing new was recorded is taken over from the board before.
    """
    at = everybody.view.at
    kept = kept_of(everybody.view.book).findings
    return (
        *kept.of_register(everybody),
        *kept.unread["register"].at(everybody.register.all, at),
        *kept.of_clear(everybody),
        *kept.unread["clear"].at(everybody.clear.all, at),
        *unreadable_records((), everybody.lists.unreadable),
        *told(kept.crossings(everybody, crossing_legs(everybody))),
        *at_no_place(_gone_places(everybody)),
        *splits(everybody.groups, everybody.cross.all, out, at, _grace_minutes(everybody)),
        *kept.unread["cross"].at(everybody.cross.all, at),
        *unreadable_records((), everybody.ways.unreadable),
        *kept.care.at(everybody.care.all, at),
        *kept.documents.at(everybody.documents.all, at),
        *kept.of_movements(everybody),
        *everybody.boarded_twice,
        *of_no_movement(everybody.move),
        *_shares_missed(everybody),
        *kept.arrive.at(everybody.arrive.all, at),
        *about_shelters(everybody.sheltered, everybody.beds, everybody.group_of.all),
    )


def _gone_places(everybody: Everybody) -> dict[PlaceId, Mapping[PersonId, Moment]]:
    """Who stands at a place that the operation file in force does not have, and since when."""
    view = everybody.view
    accounts = [account for account in view.accounts() if parts(account).type == "place"]
    gone = [one for one in accounts if not everybody.operation.has_place(parts(one).name)]
    return {PlaceId(parts(account).name): view.people_since(account) for account in gone}


def _shares_missed(everybody: Everybody) -> Iterator[Finding]:
    """The share of seats for partners is of flights home: a bus to staging carries whoever has crossed."""
    percent = everybody.operation.seat_share.offered_to_partners_percent_min
    for movement in everybody.move.movements.values():
        leg = movement.leg
        if leg is not None and everybody.operation.has_leg(leg) and everybody.operation.leg(leg).mode == "air":
            yield from share_missed(movement, percent)


def crossing_legs(everybody: Everybody) -> Legs:
    """The legs that ask for clearance, by their ends, with what it is judged by."""
    return {
        (leg.source, leg.target): rules
        for name, rules in everybody.standing_rules.items()
        for leg in (everybody.operation.leg(name),)
    }


def crossed_people(everybody: Everybody, persons: Collection[PersonId] | None = None) -> dict[PersonId, CrossedPerson]:
    """Everybody (or of some `persons` those) who came to the crossing, with their clearance at each crossing."""
    legs = crossing_legs(everybody)
    whom = everybody.cross if persons is None else [one for one in persons if one in everybody.cross]
    return {person: crossed_person(everybody, person, legs) for person in whom}


def finding_from(discrepancy: Discrepancy) -> Finding:
    """A discrepancy of the book in the form of a finding."""
    return Finding(
        code=discrepancy.code,
        persons=tuple(sorted(set(discrepancy.persons))),
        says=discrepancy.says,
        remedy=discrepancy.remedy,
    )


def _grace_minutes(everybody: Everybody) -> int:
    """How long a party may take to get out one by one: the longest usual time of a leg out of a place of origin."""
    operation = everybody.operation
    return max((leg.minutes for leg in operation.legs if not operation.place(leg.source).out), default=0)
