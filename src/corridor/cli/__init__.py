"""What the shell command `corridor` does: reads the arguments, runs one command, answers an exit code."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import ExitStack

from corridor import __version__
from corridor.cli import (
    drill,
    forecast,
    imports,
    load,
    match,
    mrz,
    names,
    person,
    picture,
    plan,
    serve,
    sitrep,
    start,
    verify,
)
from corridor.cli.arguments import Stop

COMMANDS = (serve, start, load, picture, sitrep, person, imports, match, names, mrz, plan, forecast, drill, verify)
"""A module for each group of commands: `add(commands)` adds their parsers, which name the function to run."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: refused, or something was found; 2: the arguments cannot be understood."""
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 2
    try:
        with ExitStack() as closing:
            arguments.closing = closing
            done: int = arguments.run(arguments)
        sys.stdout.flush()
    except Stop as stop:
        print(f"corridor: {stop}", file=sys.stderr)
        return stop.code
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("corridor: stopped.", file=sys.stderr)
        return 130
    return done


def parser() -> ArgumentParser:
    """All commands and their arguments."""
    top = ArgumentParser(
        prog="corridor",
        description="The headquarters of a civilian evacuation in one program.",
        epilog="Times are UTC unless they name a zone, e.g. 2023-11-17T05:00Z, 2023-11-17 07:00+02:00 or 2023-11-17. "
        "Exit codes: 0 done, 1 refused or something was found, 2 the arguments cannot be understood.",
    )
    top.add_argument("--version", action="version", version=f"corridor {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add(commands)
    return top
