"""`corridor import people|list|events FILE`: messy tables, cell by cell, with nothing taken in twice."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from datetime import date
from importlib import import_module
from pathlib import Path

from corridor.cli.arguments import Commands, add_operation

WHAT = {
    "people": ("people", "applicants: names, birth dates, citizenships, documents, families"),
    "list": ("lists", "an authority's list of who may pass"),
    "events": ("events", "events written down elsewhere"),
}
"""What can be imported: the module here that does it, and its help."""


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("import", help="take in people, a list or events from CSV, XLSX or JSON lines")
    kinds = command.add_subparsers(title="what", metavar="people|list|events", required=True)
    for name, (module, says) in WHAT.items():
        kind = kinds.add_parser(name, help=says)
        kind.add_argument("file", type=Path, metavar="FILE")
        add_operation(kind)
        kind.add_argument("--authority", metavar="A", help="who published the list (an id of the operation file)")
        kind.add_argument("--for-date", type=day, metavar="D", help="day of the list or table, like 2023-11-14")
        kind.add_argument("--source", metavar="TEXT", help="where the list came from (the file's name, unless given)")
        kind.add_argument("--mapping", type=Path, metavar="FILE", help="use a saved mapping of columns")
        kind.add_argument("--save-mapping", type=Path, metavar="FILE", help="save the mapping of columns")
        kind.add_argument("--sheet", metavar="NAME", help="only this sheet (every sheet shown, unless given)")
        kind.add_argument("--all-or-nothing", action="store_true", help="import nothing when any cell is bad")
        kind.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        kind.add_argument("--by", metavar="USER", help="who imports (a user of the operation file)")
        kind.set_defaults(run=run, module=module)


def run(arguments: Namespace) -> int:
    """Import; the readers of spreadsheets are heavy and are loaded only now."""
    done: int = import_module(f"corridor.cli.imports.{arguments.module}").run(arguments)
    return done


def day(text: str) -> date:
    """A calendar day from the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; write it like 2023-11-14") from None
