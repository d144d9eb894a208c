"""The one writer: both doors end here, and nothing is acknowledged before it is durable."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from corridor.base.ids import DeviceId, EventId
from corridor.base.limits import BATCH_EVENTS_MAX, BOOK_CHECKPOINT_EVENTS
from corridor.base.moments import Moment
from corridor.ledger.checkpoint import pack, unpack
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey, signed_by
from corridor.ledger.device.wire import LINES_BYTES_MAX, write_line
from corridor.ledger.event import Draft
from corridor.ledger.intake import Intake, Verdict
from corridor.ledger.stores import BatchRow, Checkpoint, LedgerStore

FORMAT = "corridor/ledger/1"
_RECEIPT_MAGIC = b"corridor/receipt/1\n"
_encoder = msgspec.json.Encoder()


class Receipt(NamedTuple):
    """Headquarters' signed word that events `first` to `seq` of a device's epoch, ending in `head`, are durable.

    It says nothing of the events before `first`: a batch is taken in, and receipted, also where earlier ones were lost
    on the way.
    """

    text: bytes  # what is signed, after the magic line: JSON, see docs/reference/wire.md
    signature: bytes

    def good(self, headquarters_key: bytes) -> bool:
        """Whether headquarters signed it."""
        return signed_by(headquarters_key, _RECEIPT_MAGIC + self.text, self.signature)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of drafts that headquarters recorded: their ids, in the order of the drafts."""

    events: tuple[EventId, ...]


@dataclass(slots=True, kw_only=True)
class _Call:
    """One call of the field's door, and what came of it; None: it has not been written, or has not failed."""

    batches: Sequence[bytes]
    received_at: Moment
    verdicts: tuple[Verdict, ...] | None = None
    error: BaseException | None = None


class NotFounded(Exception):
    """The database holds no ledger, or one of another format; the text says which."""


class Writer:
    """Holds a ledger's store and intake together. One at a time writes; whoever comes meanwhile waits.

    Batches of one call share one commit, and so do calls that came while another was being written. What is in memory
    is never ahead of the store: when a commit fails, the intake is thrown away and read again when next it is asked
    for, which may be when the store is back.
    """

    def __init__(self, store: LedgerStore, key: SigningKey | None = None, *, from_checkpoint: bool = True) -> None:
        """Open a founded ledger: from the book's checkpoint where there is one that fits, else from zero.

        Without headquarters' key it can receive, not record. Raises NotFounded.
        """
        settings = store.settings()
        if settings.get("format") != FORMAT:
            raise NotFounded(f"no ledger of format {FORMAT}; it says {settings.get('format', 'nothing')!r}")
        self.store = store
        self.root_device = DeviceId(settings["root_device"])
        self.root_key = bytes.fromhex(settings["root_key"])
        assert key is None or key.public == self.root_key, (
            "headquarters' key is not the one the ledger was founded with"
        )
        self._key = key
        self._lock = threading.RLock()
        self._calls: deque[_Call] = deque()  # whoever comes first takes those along that wait behind
        self._arriving: dict[int, bytes] = {}  # batches of the call under way, which the store does not hold yet
        self._intake: Intake | None = self._read(from_checkpoint)  # None: a commit failed since it was read

    @property
    def intake(self) -> Intake:
        """What has been taken in; the same object until a commit fails."""
        intake = self._intake  # readers do not wait for a commit under way
        if intake is None:
            with self._lock:
                intake = self._intake = self._intake or self._read(True)
        return intake

    @staticmethod
    def found(store: LedgerStore, operation: str, root_device: DeviceId, root_key: bytes) -> None:
        """Found a ledger: name the operation and the device whose word enrols all others."""
        store.found({"format": FORMAT, "operation": operation, "root_device": root_device, "root_key": root_key.hex()})

    def _read(self, from_checkpoint: bool) -> Intake:
        kept = self.store.checkpoint() if from_checkpoint else None
        intake = unpack(kept.packed, self.root_device, self.root_key, self.raw) if kept is not None else None
        if kept is None or intake is None or kept.batches > self.store.count():
            kept, intake = None, Intake(self.root_device, self.root_key, self.raw)
        self.checkpoint_batches = 0 if kept is None else kept.batches
        for row in self.store.batches(self.checkpoint_batches):
            if row.status != "duplicate":
                intake.take(row.number, row.raw, row.received_at)
            else:
                intake.take_repeat()
        intake.columns.seal()
        return intake

    def keep_checkpoint(self) -> None:
        """Keep the book as read so far, when enough was read since the last time to be worth it."""
        with self._lock:
            batches = self.intake.columns.batches
            read = zip(batches.number, batches.count, strict=True)
            if sum(count for number, count in read if number > self.checkpoint_batches) >= BOOK_CHECKPOINT_EVENTS:
                self.store.keep_checkpoint(Checkpoint(self.store.count(), pack(self.intake)))
                self.checkpoint_batches = self.store.count()

    def raw(self, number: int) -> bytes:
        """The bytes of one batch."""
        return self._arriving[number] if number in self._arriving else self.store.raw(number)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes meanwhile, so that what is decided by the book still holds when it is recorded."""
        with self._lock:
            yield

    def receive(self, batches: Sequence[bytes], received_at: Moment) -> tuple[Verdict, ...]:
        """The field's door: take in batches as they came, and say what became of each, once they are durable."""
        call = _Call(batches=batches, received_at=received_at)
        self._calls.append(call)
        with self._lock:
            if call.verdicts is None and call.error is None:  # nobody before took it along
                self._write([self._calls.popleft() for _ in range(len(self._calls))])
        if call.error is not None:
            raise call.error
        assert call.verdicts is not None, "a call that did not fail has its verdicts"
        return call.verdicts

    def _write(self, calls: Sequence[_Call]) -> None:
        """Take in what several calls brought, in one commit; the caller holds the lock. What fails, fails for all."""
        with self.intake.lock:
            intake = self.intake
            number = self.store.count()
            found: list[tuple[Verdict, ...]] = []
            rows: list[BatchRow] = []
            try:
                for call in calls:
                    verdicts: list[Verdict] = []
                    for raw in call.batches:
                        number += 1
                        self._arriving[number] = raw
                        verdict = intake.take(number, raw, call.received_at)
                        verdicts.append(verdict)
                        kept = b"" if verdict.status == "duplicate" else raw
                        rows.append(BatchRow(number, call.received_at, verdict.status, kept))
                    found.append(tuple(verdicts))
                self.store.append(rows)
            except BaseException as error:
                self._intake = None  # nothing of these calls is known to be durable: forget that it was seen
                for call in calls:
                    call.error = error
                return
            finally:
                self._arriving.clear()
        for call, verdicts_of in zip(calls, found, strict=True):
            call.verdicts = verdicts_of

    def record(self, drafts: Sequence[Draft], received_at: Moment) -> Recorded:
        """Headquarters' door: mint drafts on headquarters' own chain and write them, all or none."""
        assert self._key is not None, "recording needs headquarters' key"
        with self._lock:
            chain = self.intake.chains.get((self.root_device, 1))
            seq, head = chain.last() if chain is not None else (0, bytes(32))
            recorder = Recorder(self.root_device, self._key, seq=seq, head=head)
            minted = [recorder.mint(slice_, clock_uncertainty_ms=0) for slice_ in _slices(drafts)]
            # not along with what waits: it was decided by the book as it is
            call = _Call(batches=[raw for raw, _ in minted], received_at=received_at)
            self._write([call])
            if call.error is not None:
                raise call.error
            assert call.verdicts is not None, "a call that did not fail has its verdicts"
            verdicts = call.verdicts
            assert all(verdict.status == "accepted" for verdict in verdicts), "headquarters believes itself"
            return Recorded(tuple(id_ for _, ids in minted for id_ in ids))

    def receipt(self, verdict: Verdict, received_at: Moment) -> Receipt:
        """The signed acknowledgement of a batch that `receive` accepted or had before."""
        assert self._key is not None, "a receipt needs headquarters' key"
        assert verdict.status in ("accepted", "duplicate"), "what is in quarantine is not acknowledged"
        assert verdict.head is not None
        text = _encoder.encode(
            {
                "device": verdict.device,
                "epoch": verdict.epoch,
                "first": verdict.first,
                "seq": verdict.last,
                "head": verdict.head.hex(),
                "durability": "durable",
                "received_at": received_at,
            }
        )
        return Receipt(text, self._key.sign(_RECEIPT_MAGIC + text))


def _slices(drafts: Sequence[Draft]) -> Iterator[Sequence[Draft]]:
    """The drafts in order, cut so that each slice fits into one batch."""
    start = bytes_ = 0
    for index, draft in enumerate(drafts):
        line_bytes = len(write_line(draft, 0, 0))
        if index - start == BATCH_EVENTS_MAX or bytes_ + line_bytes > LINES_BYTES_MAX:
            yield drafts[start:index]
            start, bytes_ = index, 0
        bytes_ += line_bytes
    if drafts:
        yield drafts[start:]
