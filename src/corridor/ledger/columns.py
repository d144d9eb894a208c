"""The ledger in columns: one row per event and person, whole numbers only, so that a million rows are read at once.

Ids become numbers by interning. Nothing here judges: `corridor.ledger.intake` decides what enters, and
`corridor.ledger.book.reading` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corridor.base.ids import DeviceId, EventId
from corridor.base.moments import Moment
from corridor.ledger import kinds
from corridor.ledger.accounts import OUTSIDE, SUSPENSE

Ints = npt.NDArray[np.int64]
NEVER = Moment(2**62)
"""Later than any moment: what is not known at any `known`."""

RESERVED_KINDS = (
    kinds.DEVICE_ENROLLED,
    kinds.DEVICE_REVOKED,
    kinds.CORRECTED,
    kinds.BRANCH_BELIEVED,
    kinds.RECONCILED,
    kinds.COUNTED,
    kinds.CLAIMED,
    kinds.DEPARTED,
    kinds.ARRIVED,
    kinds.MOVEMENT_PLANNED,
    kinds.UNREADABLE,
)
"""Kinds whose numbers are fixed and small, so that intake sees at a glance whether a batch holds any."""


class Names:
    """Text to numbers and back; a number is given at first sight and never changes."""

    __slots__ = ("numbers", "texts")

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.texts: list[str] = list(texts)
        self.numbers: dict[str | None, int] = {text: number for number, text in enumerate(self.texts)}
        self.numbers[None] = -1  # not known, and no text; so that whole lists are looked up without asking each

    def number(self, text: str) -> int:
        """The number of a text, a new one at first sight."""
        number = self.numbers.get(text)
        if number is None:
            number = self.numbers[text] = len(self.texts)
            self.texts.append(text)
        return number

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(slots=True)
class BatchColumns:
    """One entry per accepted batch: the facts that all its rows share."""

    number: list[int] = field(default_factory=list)  # position in the ledger, from 1
    device: list[int] = field(default_factory=list)
    epoch: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    count: list[int] = field(default_factory=list)
    known_at: list[int] = field(default_factory=list)  # receipt, or when its device's key became known if that is later
    row: list[int] = field(default_factory=list)  # its first row


@dataclass(slots=True)
class WaitingColumns:
    """Events waiting to be sealed into rows: `person` has an entry a row, the others one an event."""

    person: list[int] = field(default_factory=list)  # -1: the event names nobody
    rows: list[int] = field(default_factory=list)  # how many entries of `person` are the event's: at least one
    at: list[int] = field(default_factory=list)  # corrected, UTC ms
    uncertainty: list[int] = field(default_factory=list)  # ms
    source: list[int] = field(default_factory=list)  # -1: not known, or nobody moves
    target: list[int] = field(default_factory=list)  # -1: nobody moves
    kind: list[int] = field(default_factory=list)
    batch: list[int] = field(default_factory=list)  # index into BatchColumns
    line: list[int] = field(default_factory=list)  # index of the event in its batch

    def __len__(self) -> int:
        return len(self.person)


ROW_TYPES: dict[str, type[np.signedinteger]] = {
    "person": np.int32,
    "at": np.int64,
    "uncertainty": np.int64,
    "source": np.int32,
    "target": np.int32,
    "kind": np.int32,
    "batch": np.int32,
    "line": np.int32,
}


class Correction(NamedTuple):
    """A `corrected` event that names another: where it stands (batch index, line), and since when it is known."""

    batch: int
    line: int
    known_at: Moment


@dataclass(slots=True)
class Standing:
    """What befell one event apart from its own content: each moment is from when on that is known.

    They are plain whole numbers, since NEVER is beyond the moments that are read from outside, and a checkpoint is.
    """

    corrections: tuple[Correction, ...] = ()  # they take it back, as far as they are believed themselves
    revoked: int = NEVER  # its device was revoked before it
    disputed: int = NEVER  # its device's chain forks at or before it
    believed: int = NEVER  # an officer believed its branch of the fork
    aside: int = NEVER  # an officer believed another branch
    repeated: bool = False  # the same event stands in an earlier batch
    hash: bytes = b""  # of a disputed event: what tells it from another with the same id


class Columns:
    """All accepted events. Rows are only added; `standing` holds the few whose standing is not plain."""

    def __init__(self) -> None:
        self.persons = Names()
        self.accounts = Names((OUTSIDE, SUSPENSE))
        self.kinds = Names(RESERVED_KINDS)
        self.devices = Names()
        self.batches = BatchColumns()
        self.waiting = WaitingColumns()
        self.standing: dict[tuple[int, int], Standing] = {}  # by (batch index, line)
        self.changes = 0  # grows with every change of standing, so that readers know what they have read is old
        self._sealed: list[dict[str, npt.NDArray[np.signedinteger]]] = []
        self._rows_sealed = 0

    def __len__(self) -> int:
        return self._rows_sealed + len(self.waiting)

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever a view over these columns may change."""
        return (len(self), self.changes)

    def seal(self) -> None:
        """Turn the waiting rows into arrays; called now and then, so that lists stay short."""
        if self.waiting:
            waiting = self.waiting
            rows = {name: np.array(getattr(waiting, name), dtype=type_) for name, type_ in ROW_TYPES.items()}
            if len(waiting.person) != len(waiting.rows):
                several = np.array(waiting.rows)
                rows |= {name: np.repeat(rows[name], several) for name in ROW_TYPES if name != "person"}
            _file_senseless_moves(rows, self.kinds.number(kinds.UNREADABLE))
            self._sealed.append(rows)
            self._rows_sealed += len(waiting)
            self.waiting = WaitingColumns()

    def rows(self) -> dict[str, npt.NDArray[np.signedinteger]]:
        """Every row, as one array per column of `ROW_TYPES`."""
        self.seal()
        if not self._sealed:
            return {name: np.empty(0, dtype=type_) for name, type_ in ROW_TYPES.items()}
        if len(self._sealed) > 1:
            self._sealed = [{name: np.concatenate([chunk[name] for chunk in self._sealed]) for name in ROW_TYPES}]
        return self._sealed[0]

    def rows_since(self, start: int) -> dict[str, npt.NDArray[np.signedinteger]]:
        """The rows from the one with this number on, for a reader that has those before."""
        self.seal()
        before, found = self._rows_sealed, []
        for chunk in reversed(self._sealed):
            if before <= start:
                break
            before -= len(chunk["person"])
            found.append({name: column[max(0, start - before) :] for name, column in chunk.items()})
        if len(found) == 1:
            return found[0]
        found = found[::-1] or [{name: np.empty(0, dtype=type_) for name, type_ in ROW_TYPES.items()}]
        return {name: np.concatenate([chunk[name] for chunk in found]) for name in ROW_TYPES}

    def restore(self, rows: dict[str, npt.NDArray[np.signedinteger]]) -> None:
        """Put back rows read from a checkpoint; only into empty columns."""
        assert len(self) == 0, "rows are restored into empty columns"
        self._sealed = [rows]
        self._rows_sealed = len(rows["person"])

    def event_id(self, batch: int, line: int) -> EventId:
        """The id of the event on `line` of the batch with that index."""
        device = DeviceId(self.devices.texts[self.batches.device[batch]])
        return EventId(device, self.batches.epoch[batch], self.batches.first[batch] + line)

    def change(self, batch: int, line: int, edit: Callable[[Standing], None]) -> None:
        """Change the standing of one event."""
        edit(self.standing.setdefault((batch, line), Standing()))
        self.changes += 1


def _file_senseless_moves(rows: dict[str, npt.NDArray[np.signedinteger]], unreadable: int) -> None:
    """File as unreadable the moves from nowhere to nowhere, into the same account, or into outside or suspense."""
    source, target = rows["source"], rows["target"]
    senseless = ((target == -1) & (source != -1)) | ((source == target) & (target != -1)) | (target == 0)
    senseless |= target == 1
    if senseless.any():
        rows["kind"][senseless] = unreadable
        for name in ("person", "source", "target"):
            rows[name][senseless] = -1
