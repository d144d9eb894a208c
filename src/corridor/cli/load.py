"""`corridor load NAME`: a shipped operation into its database, anew."""

from __future__ import annotations

import os
from argparse import Namespace

from corridor.base.refusal import Refusal
from corridor.cli.arguments import DONE, Commands, Stop, progress
from corridor.loading import load_anew
from corridor.opening import alone, find_operation, read_found, where


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("load", help="load a shipped operation into its database anew")
    command.add_argument("operation", metavar="NAME", help="a shipped operation, such as gaza-2023")
    command.add_argument("--anew", action="store_true", help="even if what was recorded since its loading is lost")
    command.set_defaults(run=load)


def load(arguments: Namespace) -> int:
    """Load the operation, showing progress."""
    found = find_operation(arguments.operation, os.environ)
    if isinstance(found, Refusal):
        raise Stop(str(found))
    if not found.shipped:
        raise Stop(f"{found.name} is not shipped with the program; its ledger is its own. Import into it instead.")
    operation = read_found(found)
    if isinstance(operation, Refusal):
        raise Stop(str(operation))
    with alone(found):
        refused = load_anew(found, operation, os.environ, progress, lose_records=arguments.anew)
    if refused is not None:
        raise Stop(str(refused))
    print(f"{found.name} is in {where(found, os.environ)}.")
    return DONE
