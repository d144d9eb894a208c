"""What contradicts and needs somebody: the book's discrepancies and what every stage finds, in one form."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace

from corridor.base.ids import PersonId
from corridor.journey.arrive.findings import ArriveFindingFacts
from corridor.journey.arrive.findings import findings as arrive_findings
from corridor.journey.board.people import Everybody
from corridor.journey.care.findings import findings as care_findings
from corridor.journey.clear.findings import findings as clear_findings
from corridor.journey.clear.state import ClearState
from corridor.journey.cross.findings import CrossedPerson, splits, standings_at_crossings
from corridor.journey.cross.findings import findings as cross_findings
from corridor.journey.documents.findings import findings as document_findings
from corridor.journey.findings import Finding
from corridor.journey.move.findings import SHARE_MISSED, MoveFindingFacts
from corridor.journey.move.findings import findings as move_findings
from corridor.journey.register.findings import findings as register_findings
from corridor.journey.register.state import RegisterState
from corridor.ledger.book.discrepancies import Discrepancy


def findings_of(everybody: Everybody, out: Set[PersonId]) -> tuple[Finding, ...]:
    """What the stages find, in the order of the road; `out` is who has left the danger."""
    at = everybody.view.at
    move_facts = MoveFindingFacts(
        care=everybody.care,
        groups=everybody.groups,
        escorts_needed=everybody.escorts_needed,
    )
    return (
        *register_findings(everybody.register),
        *clear_findings(everybody.clear, everybody.lists),
        *cross_findings(crossed_people(everybody), everybody.ways),
        *splits(everybody.groups, everybody.cross, out, at, _grace_minutes(everybody)),
        *care_findings(everybody.care, at),
        *document_findings(everybody.documents, at),
        *move_findings(everybody.move, move_facts),
        *_shares_missed(everybody),
        *arrive_findings(everybody.arrive, ArriveFindingFacts(beds=everybody.beds, groups=everybody.groups), at),
    )


def _shares_missed(everybody: Everybody) -> Iterator[Finding]:
    """The share of seats for partners is of flights home: a bus to staging carries whoever has crossed."""
    flights = {
        name: movement
        for name, movement in everybody.move.movements.items()
        if movement.leg is not None
        and everybody.operation.has_leg(movement.leg)
        and everybody.operation.leg(movement.leg).mode == "air"
    }
    facts = MoveFindingFacts(share_percent=everybody.operation.seat_share.offered_to_partners_percent_min)
    for finding in move_findings(replace(everybody.move, movements=flights), facts):
        if finding.code == SHARE_MISSED.code:
            yield finding


def crossed_people(everybody: Everybody) -> dict[PersonId, CrossedPerson]:
    """Everybody who came to the crossing, with their clearance at each of their crossings."""
    legs = {
        (leg.source, leg.target): rules
        for name, rules in everybody.standing_rules.items()
        for leg in (everybody.operation.leg(name),)
    }
    crossed = {}
    for person, cross in everybody.cross.items():
        clear = everybody.clear.get(person, ClearState())
        citizenships = everybody.register.get(person, RegisterState()).citizenships
        standings = standings_at_crossings(cross, clear, citizenships, legs)
        crossed[person] = CrossedPerson(cross=cross, clear=clear, standings=standings)
    return crossed


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
