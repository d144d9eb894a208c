"""`corridor new DIR`: a commented operation file to start from."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from corridor.base.operation_example import example_text
from corridor.base.operation_file import FILE_NAME
from corridor.cli.arguments import DONE, Commands, Stop


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("new", help="write a commented operation file that loads")
    command.add_argument("folder", type=Path, metavar="DIR")
    command.set_defaults(run=start)


def start(arguments: Namespace) -> int:
    """Write the example; an operation file that is there already is never touched."""
    file = arguments.folder / FILE_NAME
    try:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(example_text())
    except FileExistsError:
        raise Stop(f"{file} is there already and is left as it is. Name another folder.") from None
    except OSError as error:
        raise Stop(f"{file} cannot be written: {error.strerror}. Name another folder.") from None
    print(f"{file} is written. Change it to your operation, then: corridor board --operation {arguments.folder}")
    return DONE
