"""What an order about a movement is decided by: the board as the rules of moving need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from corridor.base.ids import LegId, MovementId, PersonId, PlaceId, VehicleId
from corridor.base.moments import Moment
from corridor.journey.board.board import Board
from corridor.journey.care.state import CareState, may_travel
from corridor.journey.move import orders as move
from corridor.journey.move.fleet import Minutes, busy_vehicles, trip_of
from corridor.journey.move.state import Movement
from corridor.ledger.accounts import parts, place_account

Movements = Mapping[MovementId, Movement]


def move_facts(board: Board, order: move.MoveOrder, now: Moment, among: Movements | None = None) -> move.MoveFacts:
    """What a movement is decided by; of people only those whom the order or the movement names are looked at.

    `among` are the movements as they would be after what was decided before this order (None: as the board has them).
    Who travels together counts as far as they are not past the place the movement leaves: whoever is there already
    waits for the others, and is not left behind by them.
    """
    everybody = board.everybody
    movements = everybody.move.movements if among is None else among
    movement = movements.get(order.movement)
    leg = order.leg if isinstance(order, move.PlanMovement) else movement.leg if movement else None
    named = _named(order, movement)
    source = _source(board, leg)
    whole = dict.fromkeys(everybody.group_of[person] for person in named if person in everybody.group_of)
    groups = [frozenset(one for one in group if one in named or not is_past(board, one, source)) for group in whole]
    named |= {person for group in groups for person in group}
    accounts = {person: board.view.account_of(person) for person in named}
    share = board.operation.seat_share
    flies = leg is not None and board.operation.has_leg(leg) and board.operation.leg(leg).mode == "air"
    others = [one for name, one in movements.items() if name != order.movement]
    double = [one for one in others if is_open(one) and _excludes(source, _source(board, one.leg))]
    return move.MoveFacts(
        movement=movement,
        groups=tuple(groups),
        infants=frozenset(
            one for one in named if one in everybody.register and everybody.register[one].age_band == "infant"
        ),
        planned_elsewhere={person: one.movement for one in double for person in one.planned},
        aboard={person: one.movement for one in movements.values() for person in one.aboard},
        accounts={person: account for person, account in accounts.items() if account is not None},
        may_travel={
            person: may_travel(everybody.care.get(person, CareState()), now, examined=flies) for person in named
        },
        escorts_needed=everybody.escorts_needed.get(order.movement, {}),
        escort_seats=escort_seats(board, order.movement),
        own_first=share.sponsor_first,
        own_waiting=_own_waiting(board, leg, now),
        share_percent=share.offered_to_partners_percent_min if flies else None,
        busy=_busy(board, order, movement, leg, movements),
        leaves_from=source,
        past=frozenset(one for one in named if _is_beyond(board, one, source, order.movement)),
    )


def is_open(movement: Movement) -> bool:
    """Whether a movement is still to leave."""
    return movement.status in ("planned", "boarding", "closed")


def _source(board: Board, leg: LegId | None) -> PlaceId | None:
    return board.operation.leg(leg).source if leg is not None and board.operation.has_leg(leg) else None


def _excludes(one: PlaceId | None, other: PlaceId | None) -> bool:
    """Whether nobody can be planned on movements from both places: from one place people leave once, tonight's convoy
    and tomorrow's flight follow each other. A place not known could be any."""
    return one is None or other is None or one == other


def is_past(board: Board, person: PersonId, place: PlaceId | None) -> bool:
    """Whether somebody is at an end, or at a place from which no legs lead to this one any more; where nobody knows the
    place or the person (in suspense), they are not."""
    account = board.view.account_of(person)
    if account is None or place is None:
        return False
    type_, name = parts(account)
    if type_ == "end":
        return True
    if type_ != "place" or name == place or not board.operation.has_place(PlaceId(name)):
        return False
    return board.operation.route_between(PlaceId(name), place) is None


def _is_beyond(board: Board, person: PersonId, place: PlaceId | None, movement: MovementId) -> bool:
    """Whether somebody cannot come to a place any more: past it, or aboard another movement to where they will be."""
    account = board.view.account_of(person)
    if account is None or place is None or parts(account).type != "aboard":
        return is_past(board, person, place)
    ride = MovementId(parts(account).name)
    known = board.everybody.move.movements.get(ride)
    if ride == movement or known is None or known.leg is None or not board.operation.has_leg(known.leg):
        return False
    target = board.operation.leg(known.leg).target
    return target != place and board.operation.route_between(target, place) is None


def _named(order: move.MoveOrder, movement: Movement | None) -> set[PersonId]:
    """Everybody an order or its movement names."""
    named = {passenger.person for passenger in getattr(order, "passengers", ())} | set(getattr(order, "persons", ()))
    if movement is not None:
        named |= {row.person for row in movement.rows} | movement.standby.keys() | movement.holds.keys()
    return named


def escort_seats(board: Board, movement: MovementId) -> int:
    """Seats that a movement's escorts sit on, by the rules of the fleet that serves its leg."""
    known = board.everybody.move.movements.get(movement)
    fleet = board.everybody.fleet_for(known.leg) if known is not None else None
    needed = board.everybody.escorts_needed.get(movement, {})
    seated = {rule.role for rule in fleet.escorts if rule.takes_seat} if fleet else set()
    return sum(needed.get(role, 0) for role in seated)


def _busy(
    board: Board, order: move.MoveOrder, movement: Movement | None, leg: LegId | None, among: Movements
) -> dict[VehicleId, MovementId]:
    """The vehicles that are on another movement while the order's movement would be away."""
    if not isinstance(order, move.PlanMovement | move.ChangeMovement):
        return {}
    planned = movement or Movement(movement=order.movement)
    forgets = isinstance(order, move.ChangeMovement) and order.times_unknown
    kept = replace(planned, departs_at=None, arrives_at=None) if forgets else planned
    times = replace(
        kept, leg=leg, departs_at=order.departs_at or kept.departs_at, arrives_at=order.arrives_at or kept.arrives_at
    )
    return busy_on(board, times, among)


def busy_on(board: Board, movement: Movement, among: Movements | None = None) -> dict[VehicleId, MovementId]:
    """The vehicles that are on another movement during this one's trip, as far as its times are known; `among` as for
    `move_facts`."""
    movements = board.everybody.move.movements if among is None else among
    others = (one for name, one in movements.items() if name != movement.movement)
    fleet = board.everybody.fleet_for(movement.leg)
    turnaround = fleet.turnaround_minutes if fleet is not None else None
    minutes = usual_minutes(board)
    return busy_vehicles(others, trip_of(movement, minutes), minutes, turnaround or 0)


def usual_minutes(board: Board) -> Minutes:
    """What each leg of the operation usually takes."""
    operation = board.operation
    return lambda leg: operation.leg(leg).minutes if leg is not None and operation.has_leg(leg) else 0


def _own_waiting(board: Board, leg: LegId | None, now: Moment) -> int:
    """How many of our own people stand where the leg begins, may travel, and have no place on a movement."""
    if leg is None or not board.operation.has_leg(leg):
        return 0
    here = frozenset(board.view.people(place_account(board.operation.leg(leg).source)))
    own = board.people("registered_citizens") | board.people("registered_relatives")
    seated: set[PersonId] = set()
    for movement in board.everybody.move.movements.values():
        if movement.leg == leg and movement.status in ("planned", "boarding", "closed"):
            seated |= movement.planned | movement.boarded
    care_of = board.everybody.care
    ready = (person for person in (here & own) - seated if may_travel(care_of.get(person, CareState()), now) is True)
    return sum(1 for _ in ready)
