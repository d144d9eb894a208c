"""A plan changed by hand: what is locked, what was announced before, and what the change costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from corridor.base.ids import MovementId, PartyId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.plan.answer import GoalAmount, Plan, Way
from corridor.plan.check.checking import measure
from corridor.plan.problem import Announced, Goal, Lock, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One party whose way differs: None where it has none in that plan, or no flight in it."""

    party: PartyId
    persons: int
    before: Way | None
    after: Way | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalBeside:
    """What a goal comes to in each of two plans."""

    goal: Goal
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Two plans of one problem by the same measure: fewer points are better; `moved` are the parties that differ."""

    before: float
    after: float
    goals: tuple[GoalBeside, ...]
    moved: tuple[Moved, ...]

    @property
    def costs_more(self) -> float:
        """Points by which the second is worse; below zero: better."""
        return self.after - self.before


def with_announced(problem: Problem, plan: Plan) -> Problem:
    """The problem in which everybody was told what a plan has for them, so that another plan changes little of it."""
    ways = {way.party: way for way in plan.ways}
    parties = []
    for party in problem.parties:
        way = ways.get(party.id)
        if way is not None and (way.crosses_minute is not None or way.flight is not None):
            told = Announced(crosses_minute=way.crosses_minute, flight=way.flight)
            party = msgspec.structs.replace(party, announced=told)
        parties.append(party)
    return msgspec.structs.replace(problem, parties=tuple(parties))


def with_lock(problem: Problem, lock: Lock) -> Problem:
    """The problem with one more word of the movement officer, in place of what was said before of the same thing."""
    return msgspec.structs.replace(problem, locks=(*(one for one in problem.locks if not _replaces(lock, one)), lock))


def _replaces(lock: Lock, other: Lock) -> bool:
    """Whether the new lock takes an earlier one's place: the same flight said otherwise, or another flight to keep."""
    if lock.party != other.party or (lock.flight is None) != (other.flight is None):
        return False
    return lock.flight == other.flight or (lock.keep and other.keep)


def without_locks(problem: Problem, party: PartyId) -> Problem:
    """The problem without what was said by hand of a party."""
    return msgspec.structs.replace(problem, locks=tuple(one for one in problem.locks if one.party != party))


def beside(problem: Problem, before: Plan, after: Plan) -> Beside:
    """Two plans measured by one problem, that of the first: what locks and announcements came later is not counted."""
    first, second = measure(problem, before), measure(problem, after)
    return Beside(
        before=first.value,
        after=second.value,
        goals=tuple(_goals(first.goals, second.goals)),
        moved=tuple(_moved(problem, before, after)),
    )


def _goals(first: tuple[GoalAmount, ...], second: tuple[GoalAmount, ...]) -> Iterator[GoalBeside]:
    amounts = {one.goal: one.amount for one in second}
    for one in first:
        yield GoalBeside(goal=one.goal, before=one.amount, after=amounts.get(one.goal, 0.0))


def _moved(problem: Problem, before: Plan, after: Plan) -> Iterator[Moved]:
    first = {way.party: way for way in before.ways}
    second = {way.party: way for way in after.ways}
    for party in problem.parties:
        one, two = first.get(party.id), second.get(party.id)
        if _steps(before, one) != _steps(after, two):
            yield Moved(party=party.id, persons=party.persons, before=one, after=two)


def _steps(plan: Plan, way: Way | None) -> tuple[int | None, int | None, MovementId | None]:
    """What people hear of their way: when they cross, when their convoy leaves, on which flight they are."""
    if way is None:
        return (None, None, None)
    leaves = next((convoy.departs_minute for convoy in plan.convoys if convoy.id == way.transfer), None)
    return (way.crosses_minute, leaves, way.flight)


def moved_to(plan: Plan, problem: Problem, start: Moment) -> Plan:
    """The plan of a problem told in minutes of one that begins at another moment; what lies before that is left out."""
    by = (problem.start - start) // MINUTE_MS

    def told(minute: int | None) -> int | None:
        return None if minute is None else minute + by

    convoys = tuple(
        msgspec.structs.replace(one, departs_minute=one.departs_minute + by)
        for one in plan.convoys
        if one.departs_minute + by >= 0
    )
    flights = tuple(msgspec.structs.replace(one, departs_minute=told(one.departs_minute)) for one in plan.flights)
    left = {one.id for one in convoys}
    ways = tuple(
        msgspec.structs.replace(
            way, crosses_minute=told(way.crosses_minute), visits_from_minute=told(way.visits_from_minute)
        )
        for way in plan.ways
        if {way.approach, way.transfer} <= {*left, None}
        and (way.crosses_minute is None or way.crosses_minute + by >= 0)
    )
    return msgspec.structs.replace(plan, convoys=convoys, flights=flights, ways=ways)
