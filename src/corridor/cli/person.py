"""`corridor person ID`: where one person stands, what is in the way, and the timeline of their events."""

from __future__ import annotations

from argparse import Namespace

from corridor.base.ids import PersonId
from corridor.cli.arguments import DONE, Commands, Stop, add_clocks, add_operation, board_of, clocks, opened
from corridor.journey.catalogue import KINDS, sentence
from corridor.report.words import words


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("person", help="where one person stands, and the timeline of their events; no names")
    command.add_argument("person", metavar="ID")
    add_operation(command)
    add_clocks(command)
    command.set_defaults(run=show)


def show(arguments: Namespace) -> int:
    """Print the person's standing and timeline. Names stay in the identity store, which asks who reads them."""
    operation = opened(arguments)
    at, known = clocks(arguments, operation)
    board = board_of(operation, at, known)
    person = PersonId(arguments.person)
    standing = board.standing(person)
    if standing is None:
        raise Stop(
            f"{person} is not in the book at that time. The people behind a figure: corridor board --people CODE"
        )
    zone, english = operation.operation.as_of_zone, words("en")
    print(f"{person} is in {standing.account} since {english.time(standing.entered_at, zone)}")
    print(f"Stage: {board.stage_of(person) or 'not known'}. Next step: {standing.next_step}")
    for blocked in standing.blocked_by:
        print(f"  In the way: {blocked}")
    if len(standing.group) > 1:
        print(f"Travels with: {', '.join(sorted(standing.group - {person}))}")
    print("Timeline")
    for event in board.view.events_of(person):
        kind = KINDS.get(event.kind)
        says = "a restricted record" if kind is not None and kind.restricted else sentence(event.kind, event.body)
        moved = "" if event.target is None else f" [{event.source or 'not known'} to {event.target}]"
        print(f"  {english.time(event.corrected_at, zone)}  {says}{moved}  ({event.kind}, {event.id})")
    return DONE
