"""Whether a line of a batch that can be read also makes sense: its ids are ids, its accounts accounts."""

from __future__ import annotations

from collections.abc import Sequence

from corridor.base.limits import EVENT_PERSONS_MAX
from corridor.ledger.accounts import ENDS, OUTSIDE, SUSPENSE
from corridor.ledger.device import wire
from corridor.ledger.device.wire import Line


def sound(line: Line) -> bool:
    """Whether a readable line also makes sense: its ids are ids, its accounts accounts, its persons named once."""
    return (
        line is not wire.UNREADABLE_LINE
        and wire.valid_id(line.kind)
        and len(line.persons) <= EVENT_PERSONS_MAX
        and len(set(line.persons)) == len(line.persons)
        and all(wire.valid_id(person) for person in line.persons)
        and (line.source is None or is_account(line.source))
        and (line.target is None or (is_account(line.target) and line.target not in (OUTSIDE, SUSPENSE)))
        and (line.target is not None or line.source is None)
        and (line.target is None or line.target != line.source)
        and (line.target is None or bool(line.persons))
    )


def all_of_sense(read: Sequence[Line]) -> bool:
    """Whether every line whose texts are all known also makes sense, see `sound`; for lines of any number of persons.

    Moves from nowhere, into the same account, outside or suspense are found here, since sealing would file each of
    their rows, not the event.
    """
    for line in read:
        persons, source, target = line.persons, line.source, line.target
        if len(persons) > 1 and (len(persons) > EVENT_PERSONS_MAX or len(set(persons)) < len(persons)):
            return False
        if target is None:
            if source is not None:
                return False
        elif not persons or source == target or target in (OUTSIDE, SUSPENSE):
            return False
    return True


def is_account(text: str) -> bool:
    """Whether a text is an account of a line."""
    type_, colon, name = text.partition(":")
    if not colon:
        return text in (OUTSIDE, SUSPENSE)
    return (type_ in ("place", "aboard") and wire.valid_id(name)) or (type_ == "end" and name in ENDS)
