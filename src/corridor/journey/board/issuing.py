"""What issuing a plan becomes: its orders decided in turn, each on what those before it leave; all of them or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from corridor.base.ids import MovementId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.journey.board.moving import move_facts
from corridor.journey.kinds import draft
from corridor.journey.move import orders as move
from corridor.journey.move.events import PLAN_ISSUED, PlanIssued
from corridor.journey.move.rules import decide as decide_move
from corridor.journey.move.state import Berth, Movement, Row
from corridor.ledger.event import Draft


def decide_issue(order: move.IssuePlan, board: Board, now: Moment) -> tuple[Draft, ...] | Refusal:
    """The events of everything a plan sets going, with the one that says who issued it; or the first no there is."""
    movements: dict[MovementId, Movement] = dict(board.everybody.move.movements)
    found: list[Draft] = []
    for turn, one in _parts(order):
        moment = Moment(now + turn)
        decided = decide_move(one, move_facts(board, one, moment, movements), moment)
        if isinstance(decided, Refusal):
            return decided
        found += decided
        movements[one.movement] = _after(one, movements.get(one.movement))
    boarded = [passenger.person for one in order.boards for passenger in one.passengers]
    body = PlanIssued(
        plan=order.plan,
        problem_sha256=order.problem_sha256,
        plan_sha256=order.plan_sha256,
        made_at=order.made_at,
        seed=order.seed,
        value=order.value,
        bound=order.bound,
        movements=len({one.movement for one in order.plans} | {one.movement for one in order.boards}),
        placed=len(set(boarded)),
    )
    return (*found, draft(PLAN_ISSUED, body, at=now, by=order.by))


def _parts(order: move.IssuePlan) -> Iterator[tuple[int, move.PlanOrder]]:
    """What is called off and who is taken off first, so that there is room for the rest; with how many milliseconds
    after the moment each is. Who waits joins one after the other, so that the turns are those of the plan."""
    at_once: list[move.PlanOrder] = [*order.cancels, *order.takes_off, *order.plans, *order.boards]
    yield from ((0, one) for one in at_once)
    yield from enumerate(order.standbys)


def _after(order: move.PlanOrder, movement: Movement | None) -> Movement:
    """The movement as the order leaves it, as far as the orders after it ask."""
    match order:
        case move.PlanMovement():
            return Movement(
                movement=order.movement,
                leg=order.leg,
                vehicles=order.vehicles,
                departs_at=order.departs_at,
                arrives_at=order.arrives_at,
                plan=order.plan,
            )
        case move.CancelMovement():
            return replace(_known(movement), cancelled_why=order.why)
        case move.TakeOff():
            off = frozenset(order.persons)
            rows = (replace(row, planned=None) if row.person in off else row for row in _known(movement).rows)
            return replace(_known(movement), rows=tuple(rows))
        case move.PlanAboard():
            before = {row.person: row for row in _known(movement).rows}
            for one in order.passengers:
                berth = Berth(place_type=one.place_type, vehicle=one.vehicle, seat=one.seat, offer=order.offer)
                before[one.person] = replace(before.get(one.person, Row(person=one.person)), planned=berth)
            rows_after = tuple(before[person] for person in sorted(before))
            aboard = {one.person for one in order.passengers}
            standby = {one: since for one, since in _known(movement).standby.items() if one not in aboard}
            return replace(_known(movement), rows=rows_after, standby=standby)
    return _known(movement)


def _known(movement: Movement | None) -> Movement:
    assert movement is not None, "what is decided about a movement is decided of one there is"
    return movement
