"""`corridor plan replay`: an operation's days planned again from what was known then, scored beside what was flown."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from corridor.base.moments import DAY_MS, HOUR_MS, Moment, datetime_of, iso, moment_of
from corridor.cli.arguments import (
    DONE,
    Stop,
    add_json,
    add_operation,
    at_moment,
    board_of,
    moment,
    opened,
    progress,
    seed,
)

if TYPE_CHECKING:
    from corridor.journey.board.board import Board
    from corridor.journey.planning.replay import Replayed
    from corridor.opening import OpenOperation
    from corridor.plan.answer import Plan
    from corridor.plan.problem import Problem

PLANNED_AT_HOUR = 6
"""The hour of the day, UTC, at which each day is planned."""


def add(again: ArgumentParser, by: tuple[str, ...]) -> None:
    """The arguments of the command."""
    add_operation(again)
    again.add_argument("--by", choices=by, default=by[0], help=f"who plans ({by[0]})")
    again.add_argument("--seconds", type=float, default=5.0, metavar="S", help="of the solver, for each day (5)")
    again.add_argument("--seed", type=seed, default=1, metavar="N", help="the same seed, the same plans (1)")
    again.add_argument(
        "--flight-hours",
        type=_hours,
        default=1500,
        metavar="H",
        help="one flight more is worth so many hours of one person's waiting (1500)",
    )
    again.add_argument("--expecting", action="store_true", help="plan for families to come, as many a day as lately")
    again.add_argument("--until", type=moment, metavar="T", help="only what had happened by T (everything)")
    add_json(again)
    again.set_defaults(run=show)


def _hours(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 1_000_000):
        raise ArgumentTypeError(f"{text!r} is not a number of hours; write it like 1500")
    return int(text)


def show(arguments: Namespace) -> int:
    """Plan every day from the first crossing to the last landing, and print both scores."""
    from corridor.journey.planning.problem import road_for
    from corridor.journey.planning.replay import journeys, mornings, replay

    operation = opened(arguments)
    last = operation.book.last_received_at()
    if arguments.until is not None:
        last = min(last, at_moment(arguments.until, operation))
    truth = board_of(operation, last, last)
    walked = journeys(truth, road_for(truth, 24)).values()
    crossed = [journey.crossed_at for journey in walked if journey.crossed_at is not None]
    flown = [journey.flown_at for journey in walked if journey.flown_at is not None]
    if not crossed or not flown:
        raise Stop("Nobody has crossed and flown yet: there is nothing to compare with.")
    first = _morning(min(crossed))
    days = mornings(first, min(last, Moment(max(flown) + 3 * DAY_MS)))
    progress(f"Planning {len(days)} days anew, from {iso(first)} on.")
    planner = partial(_planned, arguments)
    boards, expecting = partial(_board_at, operation), arguments.expecting
    done = replay(boards, days, last, planner, arguments.flight_hours, expecting=expecting)
    print(json.dumps(_plain(done), indent=1)) if arguments.json else _tell(done)
    return DONE


def _morning(first: Moment) -> Moment:
    """The hour of planning on the day of the first crossing."""
    day = datetime_of(first).replace(hour=0, minute=0, second=0, microsecond=0)
    return Moment(moment_of(day) + PLANNED_AT_HOUR * HOUR_MS)


def _board_at(operation: OpenOperation, at: Moment) -> Board:
    return board_of(operation, at, at)


def _planned(arguments: Namespace, problem: Problem) -> Plan:
    """A morning's plan. By hand, whether each aircraft goes is tried out; the solver begins from that."""
    from corridor.cli.plan import planned
    from corridor.plan.advice import choose_flights

    hand = "priority" if arguments.by == "solver" else arguments.by
    tried = choose_flights(problem, lambda other: planned(other, hand, arguments.seconds, arguments.seed))
    if arguments.by != "solver":
        return tried
    solved = planned(problem, arguments.by, arguments.seconds, arguments.seed, tried)
    return min(solved, tried, key=lambda plan: plan.value)


def _plain(done: Replayed) -> dict[str, object]:
    flights = [
        {"planned_at": iso(one.planned_at), "left_at": iso(one.left_at), "seats": one.seats, "people": len(one.persons)}
        for one in done.flights
    ]
    scores = {"really": asdict(done.really), "planned": asdict(done.planned)}
    return {**scores, "not_flown": len(done.not_flown), "flights": flights}


def _tell(done: Replayed) -> None:
    rows = (
        ("aircraft", f"{done.really.aircraft}", f"{done.planned.aircraft}"),
        ("people flown, the same", f"{done.really.flown:,}", f"{done.planned.flown:,}"),
        ("people an aircraft", f"{done.really.mean_load:.0f}", f"{done.planned.mean_load:.0f}"),
        (
            "person-hours from crossing to departure",
            f"{done.really.staging_person_hours:,.0f}",
            f"{done.planned.staging_person_hours:,.0f}",
        ),
        ("people longer than the permit allows", _known(done.really.breaches), _known(done.planned.breaches)),
    )
    print(f"{'':40}  {'flown':>8}  {'planned':>8}")
    for name, really, planned in rows:
        print(f"{name:40}  {really:>8}  {planned:>8}")
    print("Planned flights, each from what was known when it boarded:")
    for one in done.flights:
        print(f"  {iso(one.left_at)}  {len(one.persons):>4} people")
    if done.not_flown:
        print(f"Not flown by the last day: {len(done.not_flown)}.")


def _known(count: int | None) -> str:
    return "not known" if count is None else f"{count:,}"
