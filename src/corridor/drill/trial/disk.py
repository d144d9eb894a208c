"""What survives when a process is killed or power is lost: the simulated disks of phones and of headquarters."""

from __future__ import annotations

import random
from collections.abc import Sequence

from corridor.ledger.stores import BatchRow, Checkpoint
from corridor.ledger.stores.memory import MemoryStore

Key = tuple[str, int, int]


class Killed(Exception):
    """The process ends here, between two writes; nothing after this point of it runs."""


class DiskFull(OSError):
    """There is no room; what was to be written is not there."""


class Fuse:
    """Counts writes down to a kill: `writes_left` None means that no kill is due."""

    def __init__(self) -> None:
        self.writes_left: int | None = None

    def burn(self) -> None:
        """Called before and after each write. Raises Killed when the last of the writes left is used up."""
        if self.writes_left is None:
            return
        self.writes_left -= 1
        if self.writes_left <= 0:
            self.writes_left = None
            raise Killed


class PhoneDisk:
    """A phone's storage: keys and bytes. What was written survives a kill; only what was synced survives power loss."""

    def __init__(self) -> None:
        self.fuse = Fuse()
        self.full = False
        self._durable: dict[Key, bytes] = {}
        self._pending: list[tuple[Key, bytes | None]] = []  # None: the key is deleted

    def put(self, key: Key, value: bytes) -> None:
        """Write one value. Raises DiskFull or Killed."""
        self.fuse.burn()
        if self.full:
            raise DiskFull
        self._pending.append((key, value))
        self.fuse.burn()

    def delete(self, key: Key) -> None:
        """Delete one value; a full disk allows it. Raises Killed."""
        self.fuse.burn()
        self._pending.append((key, None))
        self.fuse.burn()

    def sync(self) -> None:
        """Make everything written durable. Raises Killed, before or after it is."""
        self.fuse.burn()
        for key, value in self._pending:
            _apply(self._durable, key, value)
        self._pending.clear()
        self.fuse.burn()

    def lose_power(self, rng: random.Random) -> None:
        """Each write that was not synced is kept, dropped or torn; what was synced stays."""
        for key, value in self._pending:
            fate = rng.randrange(3)
            if fate == 1 and value is not None:
                value = value[: rng.randrange(len(value))] if value else value
            if fate < 2:
                _apply(self._durable, key, value)
        self._pending.clear()
        self.fuse.writes_left = None

    def read(self) -> dict[Key, bytes]:
        """Everything that is on the disk, synced or not."""
        found = dict(self._durable)
        for key, value in self._pending:
            _apply(found, key, value)
        return found

    def copy(self) -> PhoneDisk:
        """A backup of the phone as it is now."""
        other = PhoneDisk()
        other._durable = self.read()
        return other


def _apply(values: dict[Key, bytes], key: Key, value: bytes | None) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


class HeadquartersStore(MemoryStore):
    """Headquarters' ledger in memory, whose process can be killed before and after any commit and whose disk fills up.

    A commit is taken to be durable when `append` returns; `bench.power` shows that of the real store.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fuse = Fuse()
        self.full = False

    def append(self, rows: Sequence[BatchRow]) -> None:
        """Add rows. Raises DiskFull, or Killed before or after they are durable."""
        self.fuse.burn()
        if self.full:
            raise DiskFull
        super().append(rows)
        self.fuse.burn()

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in place of the last. Raises DiskFull or Killed."""
        self.fuse.burn()
        if self.full:
            raise DiskFull
        super().keep_checkpoint(checkpoint)
        self.fuse.burn()

    def copy(self) -> HeadquartersStore:
        """A backup of the ledger as it is now, with the book's checkpoint."""
        other = HeadquartersStore()
        MemoryStore.append(other, list(self.batches()))
        MemoryStore.found(other, self.settings())
        checkpoint = self.checkpoint()
        if checkpoint is not None:
            MemoryStore.keep_checkpoint(other, checkpoint)
        return other
