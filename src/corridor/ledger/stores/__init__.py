"""Where batches are kept: one protocol, in memory and on a database, held by the same tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from corridor.base.moments import Moment


class BatchRow(NamedTuple):
    """One batch as received: its number in the ledger (from 1, no gaps), when it came, what was said of it, its bytes.

    `raw` is empty for an exact repeat of an earlier batch, whose bytes are there already.
    """

    number: int
    received_at: Moment
    status: str
    raw: bytes


class Checkpoint(NamedTuple):
    """The book as read so far: after how many batches, and the bytes it was packed into."""

    batches: int
    packed: bytes


class LedgerStore(Protocol):
    """The ledger: batches as received, append-only, one row each, and a few settings made when it was founded."""

    def append(self, rows: Sequence[BatchRow]) -> None:
        """Add rows; they are durable when this returns, all of them or none."""

    def batches(self, after: int = 0) -> Iterator[BatchRow]:
        """The rows with a greater number, in order."""

    def raw(self, number: int) -> bytes:
        """The bytes of one batch. Raises KeyError when there is no such batch."""

    def count(self) -> int:
        """How many rows there are; also the number of the last."""

    def settings(self) -> dict[str, str]:
        """What was set when the ledger was founded."""

    def found(self, settings: dict[str, str]) -> None:
        """Set what holds for the ledger's life; asserts that it has not been founded."""

    def checkpoint(self) -> Checkpoint | None:
        """The book's last checkpoint; None when there is none."""

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in place of the last; never in the same commit as a batch."""
