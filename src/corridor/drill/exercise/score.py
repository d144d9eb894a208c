"""How much of what happened before the people who train is in the book?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor.base.ids import DeviceId, PersonId
from corridor.base.moments import Moment
from corridor.drill.story.diary import Note
from corridor.ledger.accounts import SUSPENSE
from corridor.ledger.book.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Moves of single people that happened before the people who train: how many, how many they recorded, which not.

    `suspense` are people of those moves whom records that contradict each other have put in suspense.
    """

    happened: int
    recorded: int
    missing: tuple[tuple[Moment, PersonId, str], ...]  # when, who, where to
    suspense: int


def scored(told: Sequence[Note], story: frozenset[DeviceId], since: Moment, view: View) -> Score:
    """Compare what was told with what others than the story's devices recorded since the exercise began.

    A move counts as recorded when somebody recorded the same person into the same account.
    """
    happened, missing = 0, []
    for note in told:
        if note.draft.target is None:
            continue
        for person in note.draft.persons:
            happened += 1
            found = any(
                event.target == note.draft.target and event.received_at >= since and event.id.device not in story
                for event in view.events_of(person)
            )
            if not found:
                missing.append((note.draft.happened_at, person, str(note.draft.target)))
    moved = {person for note in told if note.draft.target is not None for person in note.draft.persons}
    return Score(
        happened=happened,
        recorded=happened - len(missing),
        missing=tuple(missing),
        suspense=sum(view.account_of(person) == SUSPENSE for person in moved),
    )
