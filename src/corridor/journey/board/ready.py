"""Who can be put on a movement's leg now, group by group, and what holds the others back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import LegId, MovementId, PersonId
from corridor.base.refusal import Refusal
from corridor.journey.board.papers import lacks
from corridor.journey.board.people import Everybody
from corridor.journey.care.refusals import FITNESS_EXPIRED, NOT_EXAMINED, ON_HOLD, UNFIT
from corridor.journey.care.state import CareState, may_travel
from corridor.journey.documents.state import DocumentState, permit_clock
from corridor.ledger.accounts import place_account

Hindrance = Literal[
    "elsewhere", "on_hold", "fitness_not_decided", "not_fit", "not_cleared", "paper_missing", "permit_expired"
]
"""What keeps a person from being ready, in the order in which it is looked at. None of them says why care decided."""

CareHindrance = Literal["on_hold", "fitness_not_decided", "not_fit"]

HINDERED_BY_CARE: Mapping[str, CareHindrance] = {
    ON_HOLD.code: "on_hold",
    NOT_EXAMINED.code: "fitness_not_decided",
    FITNESS_EXPIRED.code: "fitness_not_decided",
    UNFIT.code: "not_fit",
}
"""What an answer of care is called where it keeps somebody from being ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyGroup:
    """One travel group of which somebody stands where the leg begins.

    `hindrances` are what each holds back, people without any left out; `planned` the movements still to leave that
    have somebody of the group on their manifest.
    """

    persons: tuple[PersonId, ...]
    hindrances: Mapping[PersonId, tuple[Hindrance, ...]]
    planned: tuple[MovementId, ...]

    @property
    def ready(self) -> bool:
        """Whether the whole group can go and has no place yet."""
        return not self.hindrances and not self.planned


def ready_groups(everybody: Everybody, leg: LegId) -> tuple[ReadyGroup, ...]:
    """Every travel group with somebody at the leg's beginning: those who can go first, the longest there first.

    Looks only at the people who stand there and those who travel with them.
    """
    view, source = everybody.view, everybody.operation.leg(leg).source
    here = view.people(place_account(source))
    planned = planned_on(everybody)
    groups = dict.fromkeys(everybody.group_of.get(person, frozenset((person,))) for person in here)
    found = [group_at(everybody, leg, group, planned) for group in groups]
    standing = set(here)

    def turn(one: ReadyGroup) -> tuple[bool, int, tuple[PersonId, ...]]:
        since = min(view.entered_at(person) or view.at for person in one.persons if person in standing)
        return (not one.ready, since, one.persons)

    return tuple(sorted(found, key=turn))


def group_at(
    everybody: Everybody, leg: LegId, group: frozenset[PersonId], planned: Mapping[PersonId, MovementId]
) -> ReadyGroup:
    """One group judged for one leg; `planned` as `planned_on` gives it."""
    persons = tuple(sorted(group))
    found = {person: hindrances(everybody, person, leg) for person in persons}
    return ReadyGroup(
        persons=persons,
        hindrances={person: some for person, some in found.items() if some},
        planned=tuple(sorted({planned[person] for person in persons if person in planned})),
    )


def planned_on(everybody: Everybody) -> dict[PersonId, MovementId]:
    """The movement still to leave on whose manifest a person is."""
    return {
        person: movement.movement
        for movement in everybody.move.movements.values()
        if movement.status in ("planned", "boarding", "closed")
        for person in movement.planned
    }


def hindrances(everybody: Everybody, person: PersonId, leg: LegId) -> tuple[Hindrance, ...]:
    """What keeps one person from being ready for a leg at the board's moment; nothing: they can go."""
    view, operation = everybody.view, everybody.operation
    way = operation.leg(leg)
    found: list[Hindrance] = []
    if view.account_of(person) != place_account(way.source):
        found.append("elsewhere")
    care = may_travel(everybody.care.get(person, CareState()), view.at, examined=way.mode == "air")
    if isinstance(care, Refusal):
        found.append(HINDERED_BY_CARE[care.code])
    clearance = everybody.clearance(person, leg)
    if clearance is not None and clearance.value != "cleared":
        found.append("not_cleared")
    documents, out = everybody.documents.get(person, DocumentState()), operation.place(way.source).out
    if (out and documents.missing) or lacks(everybody, person, leg):
        found.append("paper_missing")
    if out and any(permit_clock(documents, permit.id, view.at).standing == "expired" for permit in operation.permits):
        found.append("permit_expired")
    return tuple(found)
