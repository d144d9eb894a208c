"""`corridor import events FILE`: what was written down elsewhere, recorded by headquarters as it happened."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

import msgspec

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.base.sheets.rows import EventRow, read_events
from corridor.cli.arguments import DONE, REFUSED, Stop, now, opened
from corridor.cli.imports.table import complain, left_out, read_file, read_tables, stop_if_bad
from corridor.journey.catalogue import KINDS
from corridor.journey.kinds import body_of
from corridor.ledger.accounts import OUTSIDE, SUSPENSE, parts
from corridor.ledger.event import Draft, Event

ALWAYS = Moment(2**52)
"""Later than any event says it happened: a record of tomorrow counts as recorded too."""


def run(arguments: Namespace) -> int:
    """Import the events of a file; one that is in the ledger already, word for word, is not recorded again."""
    data = read_file(arguments.file)
    operation = opened(arguments)
    at = now()
    zone = operation.operation.as_of_zone
    tables = read_tables(arguments, data, "events", lambda sheet, mapping: read_events(sheet, mapping, KINDS, zone))
    for line in complain(tables):
        print(line)
    stop_if_bad(arguments, tables)
    rows = [row for table in tables for row in table.reading.rows]
    before = {_sameness(event) for event in operation.view(ALWAYS, at).events({row.kind for row in rows})}
    drafts: list[Draft] = []
    known = wrong = 0
    for row in rows:
        answer = draft_of(row, UserId(arguments.by or "import"))
        if isinstance(answer, str):
            wrong += 1
            print(f"Bad: {row.position}: {answer}")
        elif _sameness(answer) in before:
            known += 1
        else:
            before.add(_sameness(answer))
            drafts.append(answer)
    if wrong and arguments.all_or_nothing:
        raise Stop(
            f"Nothing was imported, because {wrong} rows are bad. Correct the file, or leave out --all-or-nothing."
        )
    bad = left_out(tables) + wrong
    total = f"{len(drafts)} imported, {known} in the ledger already, {bad} left out"
    if arguments.dry_run:
        print(f"Dry run, nothing was written. It would be: {total}.")
        return REFUSED if bad else DONE
    if not operation.records:
        raise Stop("Headquarters' signing key is not on this machine, so nothing can be recorded here.")
    operation.archive.put(data, arguments.file.name, at)
    operation.writer.record(drafts, at)
    print(f"Done: {total}.")
    return REFUSED if bad else DONE


def draft_of(row: EventRow, by: UserId) -> Draft | str:
    """The draft of a row, or what is wrong with it in a sentence."""
    kind = KINDS[row.kind]
    body = body_of(kind.body, kind.name, row.body or {})
    if isinstance(body, Refusal):
        return body.says
    if kind.moves and (row.target is None or not row.persons):
        return f"{row.kind} moves people: it needs persons and a target, such as place:gate."
    if not kind.moves and (row.source is not None or row.target is not None):
        return f"{row.kind} moves nobody: leave source and target empty."
    if row.target is not None and row.target == row.source:
        return "source and target are the same account."
    for account in (row.source, row.target):
        if account is not None and account != OUTSIDE and not _is_account(account):
            return f"{account!r} is no account: write place:ID, aboard:ID or end:received."
    return Draft(
        kind=row.kind,
        happened_at=row.happened_at,
        by=UserId(row.by) if row.by else by,
        persons=tuple(PersonId(person) for person in row.persons),
        source=None if row.source is None else AccountId(row.source),
        target=None if row.target is None else AccountId(row.target),
        body=_plain(row.body or {}),
    )


def _is_account(text: str) -> bool:
    if text == SUSPENSE:
        return False
    try:
        parts(AccountId(text))
    except ValueError:
        return False
    return True


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if value is not None}


def _sameness(one: Event | Draft) -> tuple[object, ...]:
    """What makes two records the same fact: everything that they say but who recorded it and on which device."""
    happened_at = one.corrected_at if isinstance(one, Event) else one.happened_at
    body = msgspec.json.encode(dict(sorted(one.body.items())), order="sorted")
    return (one.kind, happened_at, frozenset(one.persons), one.source, one.target, body)
