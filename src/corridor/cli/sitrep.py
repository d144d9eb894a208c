"""`corridor sitrep`: the situation report as text in a language, or for a machine."""

from __future__ import annotations

import json
from argparse import Namespace
from functools import cache

from corridor.base.moments import DAY_MS, Moment
from corridor.cli.arguments import (
    DONE,
    USAGE,
    Commands,
    Stop,
    add_clocks,
    add_json,
    add_operation,
    at_moment,
    board_of,
    clocks,
    moment,
    opened,
)
from corridor.journey.board.board import Board
from corridor.report.as_json import sitrep_json
from corridor.report.sitrep import sitrep
from corridor.report.sitrep_text import sitrep_text
from corridor.report.words import LANGUAGES, words


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("sitrep", help="the situation report, every figure with source, definition and time")
    add_operation(command)
    add_clocks(command)
    command.add_argument(
        "--since", type=moment, metavar="T", help="the last report's time (a day before, unless given)"
    )
    command.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the text")
    add_json(command)
    command.set_defaults(run=show)


def show(arguments: Namespace) -> int:
    """Print the situation report."""
    operation = opened(arguments)
    at, known = clocks(arguments, operation)
    since = Moment(at - DAY_MS) if arguments.since is None else at_moment(arguments.since, operation)
    if since > at:
        raise Stop("--since is after --at: give the time of an earlier report.", USAGE)

    @cache
    def board_at(at: Moment, known: Moment) -> Board:
        return board_of(operation, at, known)

    language = words(arguments.lang)
    report = sitrep(board_at, at, known, since, language, operation.stamp())
    if arguments.json:
        print(json.dumps(sitrep_json(report), ensure_ascii=False, indent=2))
    else:
        print(sitrep_text(report, language), end="")
    return DONE
