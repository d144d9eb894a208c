"""`corridor import list FILE`: an authority's list of who may pass, kept as received."""

from __future__ import annotations

from argparse import Namespace
from hashlib import sha256

from corridor.base.ids import AuthorityId, ListId, UserId
from corridor.base.refusal import Refusal
from corridor.base.sheets.rows import read_list
from corridor.cli.arguments import DONE, REFUSED, USAGE, Stop, now, opened
from corridor.cli.imports.table import complain, left_out, read_file, read_tables, stop_if_bad
from corridor.journey.clear.file_rows import numbered
from corridor.journey.clear.lists import AuthorityList
from corridor.journey.clear.refusals import LIST_ALREADY_RECEIVED
from corridor.journey.clear.rules import ClearFacts, ReceiveList, decide
from corridor.journey.clear.state import fold_lists


def run(arguments: Namespace) -> int:
    """Import one list; the same file for the same authority and day is imported once."""
    if arguments.authority is None or arguments.for_date is None:
        raise Stop("A list needs --authority (who published it) and --for-date (the day it lets people pass).", USAGE)
    data = read_file(arguments.file)
    operation = opened(arguments)
    at = now()
    tables = read_tables(arguments, data, "list", lambda sheet, mapping: read_list(sheet, mapping, arguments.for_date))
    for line in complain(tables):
        print(line)
    stop_if_bad(arguments, tables)
    received = AuthorityList(
        id=ListId(f"list-{sha256(data).hexdigest()[:12]}-{arguments.for_date.isoformat()}"),
        authority=AuthorityId(arguments.authority),
        for_date=arguments.for_date,
        source=arguments.source or arguments.file.name,
        received_at=at,
        sha256=sha256(data).hexdigest(),
        rows=numbered([row for table in tables for row in table.reading.rows]),
    )
    facts = ClearFacts(
        lists=fold_lists(operation.view(at, at).events(("list_received",))),
        authorities=frozenset(authority.id for authority in operation.operation.authorities),
        states={},
        row_holders={},
    )
    answer = decide(ReceiveList(by=UserId(arguments.by or "import"), received=received), facts, at)
    total = f"{len(received.rows)} rows, {left_out(tables)} left out"
    if isinstance(answer, Refusal):
        if answer.code == LIST_ALREADY_RECEIVED.code:
            print(f"Nothing to do: {answer.says}")
            return DONE
        raise Stop(str(answer))
    if arguments.dry_run:
        print(f"Dry run, nothing was written. It would be: list {received.id} with {total}.")
    else:
        if not operation.records:
            raise Stop("Headquarters' signing key is not on this machine, so nothing can be recorded here.")
        operation.archive.put(data, arguments.file.name, at)
        operation.writer.record(answer, at)
        print(f"Done: list {received.id} with {total}.")
    return REFUSED if left_out(tables) else DONE
