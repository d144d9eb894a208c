"""Which escorts does the file count, who of them is away, and how long does a flight keep them?"""

from __future__ import annotations

from collections.abc import Iterator

from corridor.base.escorts import EscortPool, EscortRole
from corridor.base.ids import PlaceId, PoolId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.base.operation import Fleet, Leg, Operation
from corridor.journey.board.board import Board
from corridor.journey.planning.clock import PlanClock
from corridor.plan.problem import Absence, EscortRule, Pool

Ends = tuple[PlaceId, PlaceId]
"""The ends of a leg, in the order in which escorts are looked for."""


def pool_for(operation: Operation, role: EscortRole, ends: Ends) -> EscortPool | None:
    """The escorts of a role at the first of these places that has any; None: the file does not count them."""
    pools = (pool for end in ends for pool in operation.escort_pools if (pool.place, pool.role) == (end, role))
    return next(pools, None)


def pool_id(pool: EscortPool) -> PoolId:
    """What a plan calls the escorts of a role at a place."""
    return PoolId(f"{pool.role}-{pool.place}")


def escort_rules(operation: Operation, fleet: Fleet, ends: Ends) -> Iterator[EscortRule]:
    """The fleet's rules for the roles that are counted at one of the ends."""
    for rule in fleet.escorts:
        pool = pool_for(operation, rule.role, ends)
        if pool is not None:
            yield EscortRule(
                pool=pool_id(pool),
                at_least=rule.at_least,
                per=rule.per_persons,
                of=rule.counted,
                takes_seat=rule.takes_seat,
            )


def uncounted_seats(operation: Operation, fleet: Fleet) -> int:
    """Seats kept free for escorts of roles of which the file does not say how many there are."""
    counted = {pool.role for pool in operation.escort_pools}
    return sum(rule.at_least for rule in fleet.escorts if rule.takes_seat and rule.role not in counted)


def back_minutes(operation: Operation, fleet: Fleet, leg: Leg) -> int:
    """How long after its departure the escorts of a flight on this leg are back: the longest that their pools say;
    there and back where none does."""
    pools = [pool_for(operation, rule.role, (leg.source, leg.target)) for rule in fleet.escorts]
    hours = [pool.back_hours for pool in pools if pool is not None and pool.back_hours is not None]
    return 60 * max(hours) if hours else 2 * leg.minutes


def pools_of(board: Board, clock: PlanClock) -> tuple[Pool, ...]:
    """The escorts that the file counts, without those who are away with a movement that has left."""
    operation = board.operation
    away: dict[PoolId, list[Absence]] = {pool_id(pool): [] for pool in operation.escort_pools}
    for movement in board.everybody.move.movements.values():
        fleet = board.everybody.fleet_for(movement.leg)
        if movement.departed_at is None or movement.leg is None or fleet is None:
            continue
        leg = operation.leg(movement.leg)
        flies = leg.mode == "air"
        minutes = back_minutes(operation, fleet, leg) if flies else 2 * leg.minutes
        until = min(clock.minutes, clock.minute(Moment(movement.departed_at + minutes * MINUTE_MS)))
        for role, count in movement.escorts.items():
            pool = pool_for(operation, role, (leg.source, leg.target) if flies else (leg.target, leg.source))
            if pool is not None and count and until:
                absent = min(count, pool.count)
                away[pool_id(pool)].append(Absence(from_minute=0, until_minute=until, count=absent))
    return tuple(
        Pool(id=pool_id(pool), count=pool.count, absences=tuple(away[pool_id(pool)])) for pool in operation.escort_pools
    )
