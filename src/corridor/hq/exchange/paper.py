"""Paper forms for a gate without phones: their numbers, and each line entered once, whoever enters it."""

from __future__ import annotations

import secrets
import zlib

from corridor.base.ids import EventId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.desks.refusals import NOT_RECORDING
from corridor.hq.models import PaperLine
from corridor.hq.served import Served
from corridor.journey.roster.paper import ENTERED_ALREADY, NOT_A_FORM, PaperRecord, drafted
from corridor.ledger.event import Draft

LINES = 20
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 letters that handwriting does not confuse: no 0 and O, no 1 and I."""
_DRAWN = 8


def new_number() -> str:
    """The number of a new form, e.g. ``F-7K2M9QX4-H``: nobody can guess another's, and the last letter checks it."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_DRAWN))
    return f"F-{drawn}-{_check(drawn)}"


def read_number(text: str) -> str | Refusal:
    """A form's number as typed: in either case, with or without dashes and blanks."""
    plain = "".join(letter for letter in text.upper() if letter.isalnum())
    drawn, check = plain[1:-1], plain[-1:]
    if len(drawn) != _DRAWN or plain[:1] != "F" or check != _check(drawn):
        return NOT_A_FORM(form=text.strip()[:40])
    return f"F-{drawn}-{check}"


def enter(headquarters: Served, form: str, line: int, record: PaperRecord, who: UserId) -> EventId | Refusal:
    """Record a line of a form, once: a line that was entered before is told with who did it."""
    if not headquarters.opened.records:
        return NOT_RECORDING(operation=headquarters.operation.name)
    made = drafted(record, headquarters.operation)
    if isinstance(made, Refusal):
        return made
    with headquarters.opened.writer.alone():
        before = PaperLine.objects.filter(form=form, line=line).first()
        if before is not None and before.events:
            return ENTERED_ALREADY(line=line, form=form, who=before.who)
        now = headquarters.now()
        kept, new = PaperLine.objects.get_or_create(form=form, line=line, defaults={"who": who, "at_ms": now})
        # Noted before it is recorded: where the process ended between the two, the ledger is asked whether it was.
        event = None if new else _recorded(headquarters, made)
        if event is None:
            event = headquarters.opened.writer.record([made], now).events[0]
        kept.who, kept.at_ms, kept.events = who, now, [list(event)]
        kept.save()
        return event


def _recorded(headquarters: Served, made: Draft) -> EventId | None:
    """The event that headquarters recorded of this very draft; None: it did not."""
    root, now = headquarters.opened.writer.root_device, headquarters.now()
    for event in headquarters.board(Moment(max(now, made.happened_at)), now).view.events((made.kind,)):
        same = (event.happened_at, event.by, event.persons) == (made.happened_at, made.by, made.persons)
        if same and event.id.device == root:
            return event.id
    return None


def _check(drawn: str) -> str:
    return _LETTERS[zlib.crc32(drawn.encode()) % len(_LETTERS)]
