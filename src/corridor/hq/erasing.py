"""What forgetting means beside the event: the identity rows and the keys of sealed bodies are deleted."""

from __future__ import annotations

from collections.abc import Iterable

from corridor.base.ids import PersonId
from corridor.journey.register.events import FORGOTTEN
from corridor.ledger.book.view import View
from corridor.ledger.sealing import DatabasePersonKeys
from corridor.opening import OpenOperation


def erase(opened: OpenOperation, view: View, persons: Iterable[PersonId]) -> int:
    """Delete the rows and keys of these people and of their merged ids; of how many there was still something."""
    keys = DatabasePersonKeys(opened.database)
    whom = {one for person in persons for one in (person, *view.also(person))}
    rows = opened.identities.get(whom).keys()
    left = [person for person in sorted(whom) if person in rows or keys.key(person) is not None]
    for person in left:
        opened.identities.forget(person)
        keys.destroy(person)
    return len(left)


def erase_forgotten(opened: OpenOperation, view: View) -> int:
    """Erase whoever is forgotten and still has a row or a key: the process ended between the record and the erasing.

    Only what headquarters recorded counts: no phone erases anybody.
    """
    own = (event for event in view.events((FORGOTTEN.name,)) if event.id.device == opened.writer.root_device)
    return erase(opened, view, {person for event in own for person in event.persons})
