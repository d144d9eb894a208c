"""Whose permit runs out when: what the documents desk works from."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.ids import AccountId, LegId, PersonId
from corridor.journey.board.papers import lacks
from corridor.journey.board.people import Everybody
from corridor.journey.board.standing import next_leg
from corridor.journey.documents.state import (
    DocumentState,
    Lack,
    PermitClock,
    Stay,
    permit_clock,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitCase:
    """A stay that nobody has ended: `clock` says what is left; `leg` is the next one, None: not known."""

    person: PersonId
    stay: Stay
    clock: PermitClock
    leg: LegId | None
    lacks: tuple[Lack, ...]


def permit_cases(everybody: Everybody) -> tuple[PermitCase, ...]:
    """Every open stay, the soonest end first, those already over before all. Reads everybody's documents."""
    at = everybody.view.at
    running = [
        (person, state, stay)
        for person, state in everybody.documents.items()
        for stay in state.stays
        if stay.ended_at is None or stay.ended_at > at
    ]
    accounts = {person: everybody.view.account_of(person) for person, _state, _stay in running}
    legs = {account: _leg_from(everybody, account) for account in set(accounts.values())}
    found = [_case(everybody, person, state, stay, legs[accounts[person]]) for person, state, stay in running]
    return tuple(sorted(found, key=lambda case: (case.stay.ends_at, case.person)))


def _case(everybody: Everybody, person: PersonId, state: DocumentState, stay: Stay, leg: LegId | None) -> PermitCase:
    return PermitCase(
        person=person,
        stay=stay,
        clock=permit_clock(state, stay.permit, everybody.view.at),
        leg=leg,
        lacks=() if leg is None else lacks(everybody, person, leg),
    )


def leg_of(everybody: Everybody, person: PersonId) -> LegId | None:
    """A person's next leg home; None when there is none, or it is not known."""
    return _leg_from(everybody, everybody.view.account_of(person))


def _leg_from(everybody: Everybody, account: AccountId | None) -> LegId | None:
    leg = None if account is None else next_leg(everybody.operation, everybody.view, account)
    return None if leg is None else leg.id
