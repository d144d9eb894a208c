"""Where recorded movements contradict their rules: two rides at once, holds, columns, counts, escorts, families."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corridor.base.ids import MovementId, PersonId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.care.state import CareState, may_travel
from corridor.journey.findings import UNREADABLE_RECORD, Finding, FindingKind, unreadable_records
from corridor.journey.move.events import EscortDuty
from corridor.journey.move.manifest import (
    TAKING,
    DifferenceType,
    differences,
    manifest_of,
    places,
    share_needed,
)
from corridor.journey.move.state import Movement, MoveState

BOARDED_TWICE = FindingKind(
    "boarded_twice",
    "{persons} was recorded aboard {first} and {second} at the same time.",
    "Ask both escorts who is aboard, and correct one record.",
)
BOARDED_ON_HOLD = FindingKind(
    "boarded_on_hold", "{persons} boarded {movement} though care said: {why}", "Call the medic aboard and the owner."
)
PLANNED_NOT_BOARDED = FindingKind(
    "planned_not_boarded", "{persons} was planned on {movement} and not seen boarding.", "Find them, and say where."
)
BOARDED_NOT_PLANNED = FindingKind(
    "boarded_not_planned", "{persons} boarded {movement} and is not on its manifest.", "Put them on it, with a reason."
)
NOT_ALIGHTED = FindingKind(
    "boarded_not_alighted", "{movement} arrived, and {persons} was not seen getting out.", "Find them, and say where."
)
NOT_BOARDED = FindingKind(
    "alighted_not_boarded", "{persons} got out of {movement} and was not seen boarding.", "Ask where they got in."
)
OTHER_VEHICLE = FindingKind(
    "other_vehicle", "{persons} is on {movement} in another vehicle than recorded before.", "Correct the vehicle."
)
BOARDED_LATE = FindingKind(
    "boarded_after_closing", "{persons} boarded {movement} after its doors were shut.", "Count the souls again."
)
CLOSED_NOT = FindingKind(
    "departed_before_closing", "{movement} departed and its boarding was not closed.", "Record the souls aboard."
)
MOVED_CANCELLED = FindingKind(
    "moved_though_cancelled", "{movement} was cancelled, and is used all the same.", "Ask its escort what it does."
)
OVER_CAPACITY = FindingKind(
    "over_capacity",
    "{boarded} people boarded {movement} on {place_type} places, and it has {places}.",
    "Ask the escort who travels how, and correct vehicles or places.",
)
COUNT_DIFFERS = FindingKind(
    "souls_counted_differ",
    "{souls} souls were counted when {movement} {moment}; {recorded} are recorded.",
    "Call the roll and name who is missing or too many.",
)
GROUP_APART = FindingKind(
    "party_apart", "{movement} left with part of a family: {persons} travel together.", "Bring them together again."
)
WITHOUT_ESCORTS = FindingKind(
    "departed_without_escorts", "{movement} departed and lacked {lacking}.", "Send them after it, or to its arrival."
)
SHARE_MISSED = FindingKind(
    "seat_share_missed",
    "{movement} departed with {offered} of {seats} seats offered to partners; {needed} were agreed.",
    "Tell the partners, and offer more on the next.",
)
OFFER_OVERDRAWN = FindingKind(
    "offer_overdrawn", "{partner} took {taken} seats of {offer} on {movement}; {seats} were offered.", "Call them."
)
OFFER_UNKNOWN = FindingKind(
    "offer_answer_not_known", "An offer {offer} was answered that nobody made.", "Ask which offer was meant."
)
CATALOGUE: tuple[FindingKind, ...] = (
    BOARDED_TWICE,
    BOARDED_ON_HOLD,
    PLANNED_NOT_BOARDED,
    BOARDED_NOT_PLANNED,
    NOT_ALIGHTED,
    NOT_BOARDED,
    OTHER_VEHICLE,
    BOARDED_LATE,
    CLOSED_NOT,
    MOVED_CANCELLED,
    OVER_CAPACITY,
    COUNT_DIFFERS,
    GROUP_APART,
    WITHOUT_ESCORTS,
    SHARE_MISSED,
    OFFER_OVERDRAWN,
    OFFER_UNKNOWN,
    UNREADABLE_RECORD,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFindingFacts:
    """What the findings compare the movements with; what is left empty is not compared.

    `groups` are the travel groups with waivers applied; `escorts_needed` what each movement needs of each duty.
    """

    care: Mapping[PersonId, CareState] = field(default_factory=dict)
    groups: tuple[frozenset[PersonId], ...] = ()
    escorts_needed: Mapping[MovementId, Mapping[EscortDuty, int]] = field(default_factory=dict)
    share_percent: int | None = None
    twice: tuple[Finding, ...] | None = None  # what `boarded_twice` found; None: it is still to look


def findings(state: MoveState, facts: MoveFindingFacts) -> tuple[Finding, ...]:
    """What in the movements needs somebody, by movement."""
    found: list[Finding] = []
    group_of = {person: group for group in facts.groups for person in group}
    for movement in state.movements.values():
        found += about_movement(movement, facts, group_of)
    twice = boarded_twice(state.movements) if facts.twice is None else facts.twice
    return (*found, *twice, *of_no_movement(state))


def of_no_movement(state: MoveState) -> Iterator[Finding]:
    """What stands in records that belong to no one movement."""
    yield from (OFFER_UNKNOWN((), offer=offer) for offer in state.offers_not_known)
    yield from unreadable_records((), state.unreadable)


def about_movement(
    movement: Movement, facts: MoveFindingFacts, group_of: Mapping[PersonId, frozenset[PersonId]]
) -> Iterator[Finding]:
    """What in one movement needs somebody. Of the facts it reads the care of whoever boarded and what is needed of
    this movement; `group_of` the travel groups of whoever boarded."""
    yield from _columns(movement)
    yield from _counts(movement)
    yield from _course(movement, facts, group_of)
    yield from _care(movement, facts)
    yield from _seats(movement, facts)


def _columns(movement: Movement) -> Iterator[Finding]:
    """Columns that should meet by now: boarding after the doors are shut, alighting after arrival."""
    name = movement.movement
    shut = movement.departed is not None or movement.arrived is not None or movement.closed is not None
    excused = movement.closed is not None and movement.closed.exception is not None
    due: dict[DifferenceType, tuple[bool, FindingKind]] = {
        "planned_not_boarded": (shut and not excused, PLANNED_NOT_BOARDED),
        "boarded_not_planned": (shut and not excused, BOARDED_NOT_PLANNED),
        "boarded_not_alighted": (movement.arrived is not None, NOT_ALIGHTED),
        "alighted_not_boarded": (True, NOT_BOARDED),
        "other_vehicle": (True, OTHER_VEHICLE),
    }
    for difference in differences(manifest_of(movement)):
        now_due, kind = due[difference.type]
        if now_due:
            yield kind(difference.persons, movement=name)


def _counts(movement: Movement) -> Iterator[Finding]:
    """Head counts beside what is recorded, and places beside people."""
    name = movement.movement
    counted: tuple[tuple[int | None, Moment | None, str], ...] = (
        (movement.closed.souls if movement.closed else None, movement.closed_at, "closed boarding"),
        (movement.departed.souls if movement.departed else None, movement.departed_at, "departed"),
        (movement.arrived.souls if movement.arrived else None, movement.arrived_at, "arrived"),
    )
    for souls, moment, words in counted:
        if souls is None or moment is None:
            continue
        rows = [row for row in movement.rows if row.boarded and (row.alighted_at is None or row.alighted_at >= moment)]
        # Who boarded after that moment by the clocks may have been counted or not; late boarding is its own finding.
        by_then = sum(row.boarded_at is not None and row.boarded_at <= moment for row in rows)
        if not by_then <= souls <= len(rows):
            recorded = [row.person for row in rows]
            yield COUNT_DIFFERS(recorded, souls=souls, movement=name, moment=words, recorded=len(recorded))
    have = places(movement)
    boarded = Counter(row.boarded.place_type for row in movement.rows if row.boarded is not None)
    for place_type in TAKING:
        if movement.vehicles and boarded[place_type] > have[place_type]:
            persons = [row.person for row in movement.rows if row.boarded and row.boarded.place_type == place_type]
            yield OVER_CAPACITY(
                persons, boarded=len(persons), movement=name, place_type=place_type, places=have[place_type]
            )


def _course(
    movement: Movement, facts: MoveFindingFacts, group_of: Mapping[PersonId, frozenset[PersonId]]
) -> Iterator[Finding]:
    """Boarding, closing, departing in the order they should have, and with whom they should."""
    name = movement.movement
    if movement.closed_at is not None:
        closed_at = movement.closed_at
        late = [row.person for row in movement.rows if row.boarded_at is not None and row.boarded_at > closed_at]
        if late:
            yield BOARDED_LATE(late, movement=name)
    used = movement.departed is not None or movement.arrived is not None or movement.boarded
    if movement.cancelled_why is not None and used:
        yield MOVED_CANCELLED(movement.boarded, movement=name)
    if movement.departed is None:
        return
    if movement.closed is None:
        yield CLOSED_NOT(movement.boarded, movement=name)
    needed = facts.escorts_needed.get(name, {})
    lacking = {role: number - movement.escorts.get(role, 0) for role, number in sorted(needed.items())}
    missing = ", ".join(f"{number} {role}" for role, number in lacking.items() if number > 0)
    if missing and movement.departed.exception is None:
        yield WITHOUT_ESCORTS(movement.boarded, movement=name, lacking=missing)
    groups = {group_of[person] for person in movement.boarded if person in group_of}
    for group in sorted(groups, key=min):
        if group - movement.boarded:
            yield GROUP_APART(group, movement=name)


def _care(movement: Movement, facts: MoveFindingFacts) -> Iterator[Finding]:
    for row in movement.rows:
        state = facts.care.get(row.person)
        if state is None or row.boarded_at is None:
            continue
        allowed = may_travel(state, row.boarded_at)
        if isinstance(allowed, Refusal):
            yield BOARDED_ON_HOLD((row.person,), movement=movement.movement, why=allowed.says, because=allowed)


def _seats(movement: Movement, facts: MoveFindingFacts) -> Iterator[Finding]:
    for offer in movement.offers:
        if offer.taken is not None and offer.taken > offer.seats:
            yield OFFER_OVERDRAWN(
                (),
                partner=offer.partner,
                taken=offer.taken,
                offer=offer.offer,
                movement=movement.movement,
                seats=offer.seats,
            )
    yield from share_missed(movement, facts.share_percent)


def share_missed(movement: Movement, share_percent: int | None) -> Iterator[Finding]:
    """That a movement left without having offered partners their share; `share_percent` None: there is none."""
    seats, needed = share_needed(movement, share_percent)
    offered = sum(offer.seats for offer in movement.offers)
    excused = movement.closed is not None and movement.closed.exception is not None
    if movement.departed is not None and offered < needed and not excused:
        yield SHARE_MISSED((), movement=movement.movement, offered=offered, seats=seats, needed=needed)


def boarded_twice(movements: Mapping[MovementId, Movement]) -> tuple[Finding, ...]:
    """People on two rides at once. A ride lasts from boarding to alighting, or to the arrival when nobody saw that."""
    rides: dict[PersonId, list[tuple[Moment, Moment | None, MovementId]]] = {}
    found: list[Finding] = []
    once: set[PersonId] = set()
    twice: set[PersonId] = set()
    for movement in movements.values():
        twice |= once & movement.boarded
        once |= movement.boarded
    for movement in movements.values():
        if movement.boarded.isdisjoint(twice):
            continue
        for row in movement.rows:
            if row.boarded_at is not None and row.person in twice:
                until = movement.arrived_at if row.alighted_at is None else row.alighted_at
                rides.setdefault(row.person, []).append((row.boarded_at, until, movement.movement))
    for person, ridden in sorted(rides.items()):
        ridden.sort(key=lambda ride: (ride[0], ride[2]))
        for turn, (_, until, first) in enumerate(ridden):
            for began, _, second in ridden[turn + 1 :]:
                if until is None or began < until:
                    found.append(BOARDED_TWICE((person,), first=first, second=second))
    return tuple(found)
