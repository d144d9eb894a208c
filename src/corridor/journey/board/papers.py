"""Which papers a person lacks for a leg, by the operation's paper rules."""

from __future__ import annotations

from collections.abc import Iterable

from corridor.base.ids import LegId, PersonId
from corridor.journey.board.people import Everybody
from corridor.journey.documents.state import DocumentState, Lack, missing_for, requirements_of
from corridor.journey.register.state import RegisterState


def lacks(everybody: Everybody, person: PersonId, leg: LegId) -> tuple[Lack, ...]:
    """What one person lacks for a leg at the board's moment."""
    rules = [rule for rule in requirements_of(everybody.operation) if rule.leg == leg]
    if not rules:
        return ()
    state = everybody.documents.get(person, DocumentState())
    citizenships = everybody.register.get(person, RegisterState()).citizenships
    return missing_for(state, citizenships, leg, rules, everybody.view.at)


def lacking(everybody: Everybody, people: Iterable[PersonId], leg: LegId) -> dict[PersonId, tuple[Lack, ...]]:
    """Who of these people lacks something for a leg, and what."""
    found = {person: lacks(everybody, person, leg) for person in sorted(people)}
    return {person: lack for person, lack in found.items() if lack}
