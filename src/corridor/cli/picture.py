"""`corridor board`: where everybody is by account, citizenship and stage, and what moves next."""

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
    board_of,
    clocks,
    opened,
)
from corridor.journey.board.board import FIGURES, Board
from corridor.report.as_json import board_json
from corridor.report.board_text import board_text
from corridor.report.sitrep import claims_since
from corridor.report.words import words


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("board", help="where everybody is by account, citizenship and stage")
    add_operation(command)
    add_clocks(command)
    add_json(command)
    command.add_argument("--people", metavar="CODE", help="only the ids of the people a figure counts, one a line")
    command.set_defaults(run=show)


def show(arguments: Namespace) -> int:
    """Print the board as a table, or as JSON."""
    operation = opened(arguments)
    at, known = clocks(arguments, operation)

    @cache
    def board_at(at: Moment, known: Moment) -> Board:
        return board_of(operation, at, known)

    board = board_at(at, known)
    if arguments.people is not None:
        if not board.has_figure(arguments.people):
            raise Stop(f"{arguments.people!r} is no figure; figures are {', '.join(FIGURES)}.", USAGE)
        print("\n".join(sorted(board.people(arguments.people))))
        return DONE
    claims = claims_since(board_at, board, Moment(at - DAY_MS))
    stamp = operation.stamp()
    if arguments.json:
        print(json.dumps(board_json(board, claims, words("en"), stamp), ensure_ascii=False, indent=2))
    else:
        print(board_text(board, claims, words("en"), stamp), end="")
    return DONE
