"""A phone as the exchange expects it: what it records is safe before it is green, and is sent until receipted.

This is the specification of any device's outbox. The chain and the bytes are those of the ledger's own wire format.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from corridor.base.ids import DeviceId
from corridor.base.moments import DAY_MS, Moment
from corridor.drill.trial.disk import DiskFull, PhoneDisk
from corridor.drill.trial.truth import NO_MOMENT
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.device.wire import ZERO_HASH, chain, frame, write_line
from corridor.ledger.event import Draft
from corridor.ledger.writer import Receipt

KEPT_MS = 2 * DAY_MS
"""How long a receipted event stays on the phone: longer than headquarters' backups are apart, so that headquarters
restored from one can be sent it again."""


class Hello(msgspec.Struct, frozen=True):
    """What headquarters answers before a phone sends: the tips of each epoch that it holds without a gap (number and
    hash, see `corridor.ledger.chains.Chain.tips`), and its clock."""

    tips: dict[int, tuple[tuple[int, bytes], ...]]
    now: int


@dataclass(slots=True)
class Epoch:
    """A phone's chain in one epoch, as far as it still keeps it: `lines` and `hashes` from `start` + 1 on."""

    start: int = 0
    start_hash: bytes = ZERO_HASH
    lines: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    receipted: int = 0  # up to this number without a gap; found from the hash on the disk
    receipted_at: Moment = NO_MOMENT

    @property
    def last(self) -> int:
        """The number of the last event."""
        return self.start + len(self.lines)

    def hash_of(self, seq: int) -> bytes | None:
        """The hash of an event; None when the phone has no such event any more or yet."""
        if seq == self.start:
            return self.start_hash
        return self.hashes[seq - self.start - 1] if self.start < seq <= self.last else None


class Phone:
    """One running phone over its disk; starting it again reads everything from there."""

    def __init__(self, device: DeviceId, key: SigningKey, headquarters_key: bytes, disk: PhoneDisk) -> None:
        self.device = device
        self.disk = disk
        self._key = key
        self._headquarters_key = headquarters_key
        self.clock_offset_ms: int | None = None  # None: not compared with headquarters' since the start
        self.clock_uncertainty_ms: int | None = None
        self.epochs: dict[int, Epoch] = {}
        self._start()

    @property
    def epoch(self) -> int:
        """The epoch it records in."""
        return max(self.epochs)

    def _start(self) -> None:
        """Read the disk; what was torn while it was written was never green and is cleared away."""
        kept = self.disk.read()
        numbers = {1} | {key[1] for key in kept if key[0] == "epoch"}
        for number in sorted(numbers):
            chain_ = self.epochs[number] = Epoch()
            start = kept.get(("start", number, 0), b"")
            if len(start) == 40:
                chain_.start, chain_.start_hash = int.from_bytes(start[:8], "big"), start[8:]
            while (value := kept.pop(("line", number, chain_.last + 1), None)) is not None:
                head = chain_.hashes[-1] if chain_.hashes else chain_.start_hash
                if chain(head, [value[32:]])[0] != value[:32]:
                    self.disk.delete(("line", number, chain_.last + 1))
                    break
                chain_.lines.append(value[32:])
                chain_.hashes.append(value[:32])
            receipted = kept.get(("receipted", number, 0), b"")
            chain_.receipted = chain_.start
            if len(receipted) == 40 and receipted[:32] in chain_.hashes:
                chain_.receipted = chain_.start + chain_.hashes.index(receipted[:32]) + 1
                chain_.receipted_at = Moment(int.from_bytes(receipted[32:], "big"))
        for key in kept:
            if key[0] == "line" and key[2] > self.epochs[key[1]].last:
                self.disk.delete(key)  # behind a torn one
        self.disk.sync()

    def capture(self, drafts: Sequence[Draft]) -> tuple[bytes, ...]:
        """Record events; green, with their hashes, once they are safe. Raises DiskFull (not green) or Killed."""
        number, chain_ = self.epoch, self.epochs[self.epoch]
        lines = [write_line(draft, self.clock_offset_ms, self.clock_uncertainty_ms) for draft in drafts]
        hashes = chain(chain_.hash_of(chain_.last) or ZERO_HASH, lines)
        try:
            for seq, (line, hash_) in enumerate(zip(lines, hashes, strict=True), start=chain_.last + 1):
                self.disk.put(("line", number, seq), hash_ + line)
        except DiskFull:
            for seq in range(chain_.last + 1, chain_.last + len(lines) + 1):
                self.disk.delete(("line", number, seq))
            raise
        self.make_safe()
        chain_.lines += lines
        chain_.hashes += hashes
        return tuple(hashes)

    def make_safe(self) -> None:
        """Wait until the disk holds everything that was written."""
        self.disk.sync()

    def outgoing(self, hello: Hello | None, rng: random.Random) -> list[bytes]:
        """What to send: everything that headquarters may lack, in batches; `hello` None: it said nothing."""
        if hello is not None:
            self._hear(hello)
        batches: list[bytes] = []
        for number, chain_ in sorted(self.epochs.items()):
            after = chain_.receipted
            if hello is not None:  # it may hold less than it receipted once: then it was restored
                after = min(after, _held(chain_, hello.tips.get(number, ())))
            while after < chain_.last:
                count = min(rng.randint(1, 8), chain_.last - after)
                lines = chain_.lines[after - chain_.start : after - chain_.start + count]
                before = chain_.hash_of(after)
                assert before is not None, "what is not receipted is still here"
                batches.append(frame(self.device, number, after + 1, before, lines, self._key)[0])
                after += count
        return batches

    def _hear(self, hello: Hello) -> None:
        """Headquarters holds an event of this epoch that is not on this chain: another phone writes under this name, or
        this one was restored. It goes on in an epoch nobody has used; what it recorded stays to be sent."""
        chain_ = self.epochs[self.epoch]
        latest = max(hello.tips, default=0)
        if latest > self.epoch or any(_strange(chain_, seq, head) for seq, head in hello.tips.get(self.epoch, ())):
            number = max(self.epoch, latest) + 1
            self.disk.put(("epoch", number, 0), b"1")
            self.disk.sync()
            self.epochs[number] = Epoch()

    def hear_receipt(self, receipt: Receipt) -> bool:
        """Move the cursor to what headquarters signed for; False when the receipt is not for this phone's own chain."""
        if not receipt.good(self._headquarters_key):
            return False
        said = msgspec.json.decode(receipt.text)
        chain_ = self.epochs.get(said["epoch"])
        if said["device"] != self.device or chain_ is None:
            return False
        if not self.is_mine(chain_, said["seq"], bytes.fromhex(said["head"])):
            return False
        if said["first"] <= chain_.receipted + 1 and said["seq"] > chain_.receipted:
            head = bytes.fromhex(said["head"])
            self.disk.put(("receipted", said["epoch"], 0), head + said["received_at"].to_bytes(8, "big"))
            self.disk.sync()
            chain_.receipted, chain_.receipted_at = said["seq"], Moment(said["received_at"])
        return True

    def is_mine(self, chain_: Epoch, seq: int, head: bytes) -> bool:
        """Whether the event of this number on this phone's chain has this hash."""
        return chain_.hash_of(seq) == head

    def trim(self, now: Moment) -> None:
        """Forget what was receipted long enough ago."""
        for number, chain_ in self.epochs.items():
            last = chain_.receipted
            if last > chain_.start and now - chain_.receipted_at > KEPT_MS:
                hash_ = chain_.hash_of(last)
                assert hash_ is not None, "what was receipted is on the chain"
                self.disk.put(("start", number, 0), last.to_bytes(8, "big") + hash_)
                self.disk.sync()
                for seq in range(chain_.start + 1, last + 1):
                    self.disk.delete(("line", number, seq))
                self.disk.sync()
                del chain_.lines[: last - chain_.start], chain_.hashes[: last - chain_.start]
                chain_.start, chain_.start_hash = last, hash_

    def measure_clock(self, offset_ms: int, uncertainty_ms: int) -> None:
        """Keep the difference to headquarters' clock, as this exchange showed it."""
        self.clock_offset_ms, self.clock_uncertainty_ms = offset_ms, uncertainty_ms


def _held(chain_: Epoch, tips: tuple[tuple[int, bytes], ...]) -> int:
    """Up to which of the events still kept headquarters holds this very chain without a gap."""
    return max((seq for seq, head in tips if chain_.hash_of(seq) == head), default=chain_.start)


def _strange(chain_: Epoch, seq: int, head: bytes) -> bool:
    """Whether an event is not on this chain; of one before those still kept nothing can be said."""
    return seq > chain_.last or (seq >= chain_.start and chain_.hash_of(seq) != head)
