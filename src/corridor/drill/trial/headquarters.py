"""Headquarters in a drill: the real writer and book over a disk that can fail, its backups, and its officers' acts."""

from __future__ import annotations

from collections.abc import Sequence

from corridor.base.ids import AccountId, DeviceId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.drill.trial.disk import HeadquartersStore
from corridor.drill.trial.phone import Hello
from corridor.drill.trial.truth import WAYS
from corridor.ledger import chains, kinds
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.chains import Chain, Stretch
from corridor.ledger.checkpoint import pack
from corridor.ledger.device import wire
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.stores import Checkpoint
from corridor.ledger.writer import Receipt, Writer

NAME = DeviceId("headquarters")
_VEHICLE = {"vehicle": "only", "seats": 200}


class Headquarters:
    """A running headquarters. `restart` is what follows a kill; `restore` what follows the loss of its disk."""

    def __init__(self, key: SigningKey) -> None:
        self.key = key
        self.store = HeadquartersStore()
        Writer.found(self.store, "drill", NAME, key.public)
        self.backup = self.store.copy()
        self.restart()

    def restart(self) -> None:
        """Start the process anew over what is on the disk."""
        self.store.fuse.writes_left = None
        self.writer = Writer(self.store, self.key)
        self._book = Book(WAYS, self.writer.intake, self.store.raw)

    def back_up(self) -> None:
        """Last night's backup from now on."""
        self.backup = self.store.copy()

    def restore(self) -> None:
        """Begin anew with last night's backup, since the disk is gone."""
        self.store = self.backup.copy()
        self.restart()

    @property
    def book(self) -> Book:
        """The book as it is kept up; a commit that failed makes the writer read the ledger again, and so the book."""
        if self._book.intake is not self.writer.intake:
            self._book = Book(WAYS, self.writer.intake, self.store.raw)
        return self._book

    def view(self, at: Moment, known: Moment) -> View:
        """The book at (at, known)."""
        return View(self.book, at, known)

    def hello(self, device: DeviceId, now: Moment) -> Hello:
        """What a phone is told before it sends."""
        found = {epoch: chain.tips() for (name, epoch), chain in self.writer.intake.chains.items() if name == device}
        return Hello(found, now)

    def receive(self, batches: Sequence[bytes], now: Moment) -> list[Receipt]:
        """Take batches in; receipts for those accepted or seen before. Raises Killed or DiskFull, and then none is."""
        verdicts = self.writer.receive(batches, now)
        return [self.writer.receipt(one, now) for one in verdicts if one.status != "quarantined"]

    def enrol(self, device: DeviceId, public_key: bytes, now: Moment) -> None:
        """Admit a device's key."""
        self._record(now, kinds.DEVICE_ENROLLED, {"device": device, "public_key": public_key.hex()})

    def revoke(self, device: DeviceId, now: Moment) -> None:
        """Believe nothing of a device that comes from now on."""
        self._record(now, kinds.DEVICE_REVOKED, {"device": device, "why": "lost"})

    def plan(self, movement: str, now: Moment) -> None:
        """Say which leg a movement goes."""
        leg = "road" if movement.startswith("bus") else "flight"
        self._record(now, kinds.MOVEMENT_PLANNED, {"movement": movement, "leg": leg, "vehicles": [_VEHICLE]})

    def forks(self) -> list[tuple[str, int]]:
        """The chains on which two hold one name, that nobody has judged."""
        found = self.writer.intake.chains.items()
        return sorted(key for key, chain in found if chain.tangled and not chain.believed and self.branches(chain))

    def branches(self, chain: Chain) -> tuple[chains.Branch, ...]:
        """The branches of a chain."""
        return chains.branches(chain, self._hashes_of)

    def _hashes_of(self, stretch: Stretch) -> Sequence[bytes]:
        frame = wire.unframe(self.store.raw(self.writer.intake.columns.batches.number[stretch.batch]))
        return wire.chain(frame.prev, frame.lines)

    def believe(self, device: str, epoch: int, head: bytes, now: Moment) -> None:
        """Judge a fork: this branch is believed."""
        body = {"device": device, "epoch": epoch, "head": head.hex(), "why": "the phone in the officer's hand"}
        self._record(now, kinds.BRANCH_BELIEVED, body)

    def reconcile(self, person: PersonId, target: AccountId, now: Moment) -> None:
        """Close a person's conflict: every record is judged, and the person is where they were found."""
        walk = self.view(now, now).path_of(person)
        assert walk is not None, "who is in suspense has records"
        records = [str(one) for one in (walk.conflict.records if walk.conflict else ())]
        draft = Draft(
            kind=kinds.RECONCILED,
            happened_at=now,
            by=UserId("duty"),
            persons=(person,),
            target=target,
            body={"records": records, "says": "asked"},
        )
        self.writer.record([draft], now)

    def keep_checkpoint(self) -> None:
        """Keep the book as read so far. Raises Killed or DiskFull."""
        self.store.keep_checkpoint(Checkpoint(self.store.count(), pack(self.writer.intake)))

    def _record(self, now: Moment, kind: str, body: dict[str, object]) -> None:
        self.writer.record([Draft(kind=kind, happened_at=now, by=UserId("duty"), body=body)], now)
