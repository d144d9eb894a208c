"""What the last boards of a book have folded and worked out, for the next one to take over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from corridor.base.ids import MovementId, PersonId
from corridor.journey.arrive.state import ArriveState
from corridor.journey.board.folding.by_person import Chosen
from corridor.journey.board.folding.company import KeptGroups
from corridor.journey.board.folding.courses import Course
from corridor.journey.board.folding.found import KeptFindings
from corridor.journey.board.folding.listed import KeptLists
from corridor.journey.board.folding.states import Kept
from corridor.journey.care.state import CareState, open_tracings
from corridor.journey.care.support import could_ask
from corridor.journey.documents.state import DocumentState
from corridor.journey.move.state import Movement
from corridor.ledger.book.reading import Book


def _permit_runs(state: DocumentState) -> bool:
    return any(stay.ended_at is None for stay in state.stays)


@dataclass(slots=True)
class KeptOfBook:
    """What the last boards of a book have folded, for the next one: a stage's states by its kinds, movements, travel
    groups, what follows from all states of a stage, and what all events of some kinds make together."""

    stages: dict[tuple[str, ...], Kept[PersonId, Any]] = field(default_factory=dict)
    movements: Kept[MovementId, Movement] = field(default_factory=Kept)
    courses: Kept[MovementId, Course] = field(default_factory=Kept)
    lists: KeptLists = field(default_factory=KeptLists)
    groups: KeptGroups = field(default_factory=KeptGroups)
    findings: KeptFindings = field(default_factory=KeptFindings)
    with_holds: Chosen[CareState] = field(default_factory=lambda: Chosen(lambda state: state.holds))
    with_searches: Chosen[CareState] = field(default_factory=lambda: Chosen(open_tracings))
    could_talk: Chosen[CareState] = field(default_factory=lambda: Chosen(could_ask))
    permits_running: Chosen[DocumentState] = field(default_factory=lambda: Chosen(_permit_runs))
    sheltered: Chosen[ArriveState] = field(default_factory=lambda: Chosen(lambda state: state.here))
    drawn: dict[MovementId, tuple[Any, Any, Any]] = field(default_factory=dict)  # by operation and course, the picture
    derived: dict[str, tuple[tuple[Any, ...], Any]] = field(default_factory=dict)
    whole: dict[tuple[str, ...], tuple[bytes, Any]] = field(default_factory=dict)

    def of_stage(self, names: tuple[str, ...]) -> Kept[PersonId, Any]:
        """What is kept of the stage with these kinds."""
        return self.stages.setdefault(names, Kept())


_kept_of: WeakKeyDictionary[Book, KeptOfBook] = WeakKeyDictionary()


def kept_of(book: Book) -> KeptOfBook:
    """What is kept of a book; forgotten with it."""
    return _kept_of.get(book) or _kept_of.setdefault(book, KeptOfBook())
