"""How a device makes batches: it mints events on its own chain, one after the other, and signs them."""

from __future__ import annotations

from collections.abc import Sequence

from corridor.base.ids import DeviceId, EventId
from corridor.base.limits import EVENT_PERSONS_MAX
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.device.wire import ZERO_HASH, frame, write_line
from corridor.ledger.event import Draft


class Recorder:
    """One device's chain in one epoch: `seq` is the number of its last event, `head` that event's hash."""

    def __init__(
        self, device: DeviceId, key: SigningKey, *, epoch: int = 1, seq: int = 0, head: bytes = ZERO_HASH
    ) -> None:
        assert epoch >= 1
        assert seq >= 0
        self.device = device
        self.epoch = epoch
        self.seq = seq
        self.head = head
        self._key = key

    def mint(
        self,
        drafts: Sequence[Draft],
        *,
        clock_offset_ms: int | None = 0,  # None: the clock was never compared with headquarters'
        clock_uncertainty_ms: int | None = 1000,  # None: as above
    ) -> tuple[bytes, tuple[EventId, ...]]:
        """One signed batch of 1 to 256 drafts, and the ids of its events; `happened_at` is this device's clock."""
        assert all(len(draft.persons) <= EVENT_PERSONS_MAX for draft in drafts), "too many persons in one event"
        lines = [write_line(draft, clock_offset_ms, clock_uncertainty_ms) for draft in drafts]
        first = self.seq + 1
        raw, self.head = frame(self.device, self.epoch, first, self.head, lines, self._key)
        self.seq += len(lines)
        return raw, tuple(EventId(self.device, self.epoch, seq) for seq in range(first, self.seq + 1))
