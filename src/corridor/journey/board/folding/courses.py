"""The course of a movement: what is decided and what happened of it, and who is planned aboard, without its rows.

The corridor's picture needs no more, and whole manifests of a hundred thousand people take seconds to fold.
"""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.ids import MovementId, PersonId
from corridor.journey.move.events import KINDS, PlannedAboard
from corridor.journey.move.state import Movement, fold
from corridor.journey.reading import by_name, read
from corridor.ledger.event import Event

_COURSE = ("movement_planned", "movement_changed", "movement_cancelled", "departed", "arrived")
_MANIFEST = by_name(kind for kind in KINDS if kind.name in ("planned_aboard", "taken_off"))
COURSE_KINDS = (*_COURSE, *_MANIFEST)
"""The kinds of events that a course is made of: who is aboard comes from the book."""


@dataclass(frozen=True, slots=True)
class Course:
    """A movement with empty rows, and the people in the first column of its manifest."""

    movement: Movement
    planned: frozenset[PersonId]


def course_of(movement: MovementId, events: list[Event]) -> Course:
    """The course these events of `COURSE_KINDS` about one movement make."""
    folded = fold(event for event in events if event.kind in _COURSE).movements
    planned: set[PersonId] = set()
    for event, body in read(events, _MANIFEST, []):
        if isinstance(body, PlannedAboard):
            planned.update(event.persons)
        else:
            planned.difference_update(event.persons)
    return Course(folded.get(movement, Movement(movement=movement)), frozenset(planned))
