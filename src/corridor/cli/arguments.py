"""Which arguments commands share: the operation, the two clocks, the language; and how a command stops."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from typing import TypeAlias

from corridor.base.moments import Moment, parse_moment
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.opening import OpenOperation, open_operation

Commands: TypeAlias = "_SubParsersAction[ArgumentParser]"

DONE, REFUSED, USAGE = 0, 1, 2


class Stop(Exception):
    """A command cannot go on: what is said to the person, and the exit code."""

    def __init__(self, says: str, code: int = REFUSED) -> None:
        super().__init__(says)
        self.code = code


def now() -> Moment:
    """The clock of this machine."""
    return Moment(time.time_ns() // 1_000_000)


def seed(text: str) -> int:
    """The seed that somebody gave."""
    if not (text.isascii() and text.isdigit()):
        raise ArgumentTypeError(f"{text!r} is not a seed; write a whole number, like 1")
    return int(text)


def moment(text: str) -> str:
    """A time from the command line, checked; `at_moment` reads it when the operation's zone is known."""
    try:
        parse_moment(text)
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(str(error)) from None
    return text


def at_moment(text: str, operation: OpenOperation) -> Moment:
    """A checked time; a bare day is the operation's day, to its last moment."""
    return parse_moment(text, operation.operation.as_of_zone)


def add_operation(command: ArgumentParser, *, needed: bool = True) -> None:
    """``--operation NAME|DIR``."""
    command.add_argument(
        "--operation",
        metavar="NAME|DIR",
        required=needed,
        help="a shipped operation, such as gaza-2023, or a folder with an operation.toml",
    )


def add_clocks(command: ArgumentParser) -> None:
    """``--at T [--known T]``, both now unless given."""
    command.add_argument("--at", type=moment, metavar="T", help="what was true at T (now, unless given)")
    command.add_argument("--known", type=moment, metavar="T", help="by what was known at T (now, unless given)")


def clocks(arguments: Namespace, operation: OpenOperation) -> tuple[Moment, Moment]:
    """The two clocks that were asked for."""
    this_moment = now()
    at = this_moment if arguments.at is None else at_moment(arguments.at, operation)
    known = this_moment if arguments.known is None else at_moment(arguments.known, operation)
    return at, known


def add_json(command: ArgumentParser) -> None:
    """``--json``."""
    command.add_argument("--json", action="store_true", help="for a machine: one JSON object")


def opened(arguments: Namespace) -> OpenOperation:
    """The operation that was asked for, loaded if this is its first use, by its file as it is in force now; closed when
    the command is done.

    Progress goes to standard error.
    """
    operation = closed_after(arguments, open_operation(arguments.operation, os.environ, progress=progress))
    this_moment = now()
    operation.operation = operation.operation_at(this_moment, this_moment)
    return operation


def progress(text: str) -> None:
    """One line of progress, apart from what the command answers."""
    print(text, file=sys.stderr, flush=True)


def closed_after(arguments: Namespace, answer: OpenOperation | Refusal) -> OpenOperation:
    """The open operation, unless it is a refusal; it is closed when the command is done."""
    if isinstance(answer, Refusal):
        raise Stop(str(answer))
    arguments.closing.callback(answer.close)
    return answer


def board_of(operation: OpenOperation, at: Moment, known: Moment) -> Board:
    """The board of an open operation."""
    return Board(operation.operation_at(at, known), operation.view(at, known))
