"""The ledger in memory, for drills and tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corridor.ledger.stores import BatchRow, Checkpoint


class MemoryStore:
    """A `LedgerStore` that lasts as long as the program runs."""

    def __init__(self) -> None:
        self._rows: list[BatchRow] = []
        self._settings: dict[str, str] = {}
        self._checkpoint: Checkpoint | None = None

    def append(self, rows: Sequence[BatchRow]) -> None:
        """Add rows."""
        for index, row in enumerate(rows, start=len(self._rows) + 1):
            assert row.number == index, "batches are numbered without gaps"
        self._rows.extend(rows)

    def batches(self, after: int = 0) -> Iterator[BatchRow]:
        """The rows with a greater number, in order."""
        return iter(self._rows[after:])

    def raw(self, number: int) -> bytes:
        """The bytes of one batch."""
        if not 1 <= number <= len(self._rows):
            raise KeyError(number)
        return self._rows[number - 1].raw

    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def settings(self) -> dict[str, str]:
        """What was set when the ledger was founded."""
        return dict(self._settings)

    def found(self, settings: dict[str, str]) -> None:
        """Set what holds for the ledger's life."""
        assert not self._settings, "a ledger is founded once"
        self._settings = dict(settings)

    def checkpoint(self) -> Checkpoint | None:
        """The book's last checkpoint."""
        return self._checkpoint

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in place of the last."""
        self._checkpoint = checkpoint
