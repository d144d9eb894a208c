"""What a batch is worth: taken apart, signature and chain checked, events read into columns, their standing found.

Nothing is refused here. A batch is accepted, seen before, or quarantined: kept, counted, not believed, and looked at
again when the key that it waits for is enrolled. The outcome is a function of the set of batches with the numbers
under which they came, not of the order in which they are read.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from corridor.base.ids import DeviceId, EventId, parse_event_id
from corridor.base.limits import (
    CLOCK_UNMEASURED_UNCERTAINTY_MS,
    GROUP_COMMIT_BATCHES_MAX,
    LAST_MOMENT_MS,
)
from corridor.base.moments import Moment
from corridor.ledger import chains, kinds
from corridor.ledger.chains import Chain, Stretch
from corridor.ledger.columns import NEVER, RESERVED_KINDS, Columns, Correction, Standing
from corridor.ledger.device import wire
from corridor.ledger.device.signing import signed_by
from corridor.ledger.device.wire import Frame, Line, WireError
from corridor.ledger.sense import all_of_sense, is_account, sound
from corridor.ledger.trust import DeviceKey, Trust

Status = Literal["accepted", "duplicate", "quarantined"]
_ACTING = tuple(
    RESERVED_KINDS.index(kind)
    for kind in (kinds.DEVICE_ENROLLED, kinds.DEVICE_REVOKED, kinds.CORRECTED, kinds.BRANCH_BELIEVED)
)
_ACTING_END = max(_ACTING) + 1
assert tuple(range(_ACTING_END)) == _ACTING, "the kinds that act have the smallest numbers"
_NOBODY = (None,)

ONLY_HEADQUARTERS = "only headquarters enrols, revokes and judges branches"
NAMES_NO_EVENT = "it names no event"
OWN_RECORDS_ONLY = "a device corrects only its own records"
IGNORED = (ONLY_HEADQUARTERS, NAMES_NO_EVENT, OWN_RECORDS_ONLY)
"""Why an event that would act on the ledger is kept and not carried out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one batch. `code` says why it is in quarantine; ids are None when the header cannot be read."""

    status: Status
    code: str = ""
    device: DeviceId | None = None
    epoch: int | None = None
    first: int | None = None
    last: int | None = None
    head: bytes | None = None


class Held(NamedTuple):
    """A batch in quarantine: its number in the ledger, when it came, why it is held, how many events it claims."""

    number: int
    received_at: Moment
    code: str
    device: str
    events: int


class Intake:
    """The state that decides about the next batch, and the columns filled so far.

    `raw_of` fetches the bytes of an earlier batch by its number; it is asked only when chains tangle, a quarantined
    batch is looked at again, or batches read in another order than they came turn out to have been judged too early.
    """

    def __init__(self, root_device: DeviceId, root_key: bytes, raw_of: Callable[[int], bytes]) -> None:
        self.lock = threading.RLock()  # held by the writer until a call is durable, by readers while they read
        self._raw_of = raw_of
        self._taken: list[tuple[int, Moment]] = []  # number and receipt of every batch read, as they were read
        self._repeats = 0
        self._begin(root_device, root_key)

    def _begin(self, root_device: DeviceId, root_key: bytes) -> None:
        self.columns = Columns()
        self.trust = Trust(root_device)
        self.trust.keys[root_device] = [DeviceKey(1, root_key, Moment(0))]
        self.chains: dict[tuple[str, int], Chain] = {}
        self.held: dict[str, list[Held]] = defaultdict(list)
        self.tally: Counter[Status] = Counter()
        self.ignored: list[tuple[EventId, str]] = []
        self.by_another: list[tuple[int, int]] = []  # events (batch, line) by others than whom their key signs for
        self.corrections: dict[EventId, set[Correction]] = {}
        self._last_believed: dict[str, int] = {}  # the greatest number of a batch not held, by device
        self._turns: dict[int, tuple[int, int]] = {}  # of batches whose key came after them, by their index
        self._too_early = False

    def take(self, number: int, raw: bytes, received_at: Moment) -> Verdict:
        """Decide about one batch, the `number`-th of the ledger, and read it into the columns if it is accepted.

        They may be read in any order. Where one comes to light by which batches read before are to be judged otherwise
        (an enrolment, a revocation, the same events sent earlier), everything is read anew into new columns, of which a
        book is to be made anew; that never happens to a ledger that is read as it came.
        """
        self._taken.append((number, received_at))
        verdict = self._take(number, raw, received_at)
        return self._begin_anew()[number] if self._too_early else verdict

    def _begin_anew(self) -> dict[int, Verdict]:
        """Read everything again in the order in which it came: what became of each batch, by number."""
        assert len(self.columns.batches.number) <= len(self._taken), "behind a checkpoint a ledger is read as it came"
        self._begin(self.trust.root_device, self.trust.keys[self.trust.root_device][0].public_key)
        self.tally["duplicate"] = self._repeats
        found = {number: self._take(number, self._raw_of(number), at) for number, at in sorted(self._taken)}
        assert not self._too_early, "in the order in which they came nothing is judged too early"
        return found

    def _take(self, number: int, raw: bytes, received_at: Moment) -> Verdict:
        verdict, held = self._examine(number, raw, received_at)
        self.tally[verdict.status] += 1
        if held is not None:
            self.held[held.device].append(held)
        if number % GROUP_COMMIT_BATCHES_MAX == 0:
            self.columns.seal()
        return verdict

    @property
    def events_accepted(self) -> int:
        """How many events the accepted batches hold; one that stands in two overlapping batches counts in each."""
        return sum(self.columns.batches.count)

    def take_repeat(self) -> None:
        """Count a batch that the ledger knows to be an exact repeat; its bytes are in an earlier row."""
        self.tally["duplicate"] += 1
        self._repeats += 1

    def _examine(self, number: int, raw: bytes, received_at: Moment) -> tuple[Verdict, Held | None]:
        try:
            frame = wire.unframe(raw)
        except WireError:
            return Verdict("quarantined", "malformed"), Held(number, received_at, "malformed", "", 0)
        header = frame.header
        device, last = DeviceId(header.device), header.first + header.count - 1
        code, key = self._check(frame, number)
        if code:
            held = Held(number, received_at, code, device, header.count)
            return Verdict("quarantined", code, device, header.epoch, header.first, last, frame.head), held
        assert key is not None, "what is accepted was signed with a key"
        known_at, turn = max(received_at, key.known_at), (max(number, key.number), number)
        batches = self.columns.batches
        chain = self.chains.setdefault((device, header.epoch), Chain())
        stretch = Stretch(header.first, last, frame.prev, frame.head, len(batches.number), known_at)
        placement = chain.place(stretch)
        before = self._last_believed.get(device, 0)
        self._last_believed[device] = max(number, before)
        if placement == "duplicate":
            self._too_early |= number < before and turn < self._turn_of(chain, stretch)
            return Verdict("duplicate", "", device, header.epoch, header.first, last, frame.head), None
        if key.number > number:
            self._turns[stretch.batch] = turn
        batches.number.append(number)
        batches.device.append(self.columns.devices.number(device))
        batches.epoch.append(header.epoch)
        batches.first.append(header.first)
        batches.count.append(header.count)
        batches.known_at.append(known_at)
        batches.row.append(len(self.columns))
        lines = wire.read_lines(frame.lines)
        acting = self._read(lines, stretch.batch)
        if key.user is not None:
            others = (index for index, line in enumerate(lines) if line is not None and line.by != key.user)
            self.by_another += [(stretch.batch, index) for index in others]
        if placement == "tangled":
            self._untangle(chain, {stretch.batch: wire.chain(frame.prev, frame.lines)})
        if acting:
            self._act(lines, stretch.batch, known_at)
        if self.corrections:
            self._apply_corrections(device, header.epoch, stretch)
        if self.trust.revocations:
            self._apply_revocations(device, header.epoch, stretch)
        return Verdict("accepted", "", device, header.epoch, header.first, last, frame.head), None

    def _turn_of(self, chain: Chain, stretch: Stretch) -> tuple[int, int]:
        """When the accepted batch of exactly these events could be believed: of several the first is accepted."""
        same = (stretch.first, stretch.last, stretch.head)
        batch = next(one.batch for one in chain.stretches if (one.first, one.last, one.head) == same)
        return self._turns.get(batch, (self.columns.batches.number[batch],) * 2)

    def _check(self, frame: Frame, number: int) -> tuple[str, DeviceKey | None]:
        """Why the batch is to be held ('' if it is not), and the key that signed it; None where it is held."""
        header = frame.header
        candidates = self.trust.candidates(header.device, header.epoch)
        if not candidates:
            return "unknown_device", None
        key = next((key for key in candidates if signed_by(key.public_key, frame.signed, frame.signature)), None)
        if key is None:
            return "bad_signature", None
        starts_epoch = header.first == 1
        if wire.chain_head(frame.prev, frame.lines) != frame.head or (frame.prev == wire.ZERO_HASH) != starts_epoch:
            return "broken_chain", None
        if self.trust.revoked(header.device, header.epoch, header.first, number):
            return "revoked", None
        return "", key

    def _read(self, lines: Sequence[Line | None], batch: int) -> bool:
        """Add the rows of a batch. True when it holds events that act on the ledger itself."""
        read = [line or wire.UNREADABLE_LINE for line in lines]
        if self._read_quickly(read, batch):
            return False
        self._meet(read)
        return not self._read_quickly(read, batch) and self._read_slowly(read, batch)

    def _meet(self, read: Sequence[Line]) -> None:
        """Give numbers to the texts seen for the first time, as far as they are ids and accounts at all."""
        columns = self.columns
        for line in read:
            for person in line.persons:
                if person not in columns.persons.numbers and wire.valid_id(person):
                    columns.persons.number(person)
            if line.kind not in columns.kinds.numbers and wire.valid_id(line.kind):
                columns.kinds.number(line.kind)
            for account in (line.source, line.target):
                if account is not None and account not in columns.accounts.numbers and is_account(account):
                    columns.accounts.number(account)

    def _read_quickly(self, read: Sequence[Line], batch: int) -> bool:
        """Add the rows of a batch in the usual case: every text known, every move of sense, the clock measured.

        False, and nothing is added, when the case is not the usual one.
        """
        kind_of, account_of, person_of = (
            self.columns.kinds.numbers,
            self.columns.accounts.numbers,
            self.columns.persons.numbers,
        )
        waiting = self.columns.waiting
        try:
            codes = [kind_of[line.kind] for line in read]
            persons = [person_of[person] for line in read for person in line.persons or _NOBODY]
            sources = [account_of[line.source] for line in read]
            targets = [account_of[line.target] for line in read]
            times = [line.at + line.offset_ms for line in read]  # type: ignore[operator]  # None is a TypeError
            uncertainties = [line.uncertainty_ms + 0 for line in read]  # type: ignore[operator]
        except (KeyError, TypeError):
            return False
        count = len(read)
        if (
            min(codes) < _ACTING_END
            or min(times) < 0
            or max(times) > LAST_MOMENT_MS
            or min(uncertainties) < 0
            or max(uncertainties) > LAST_MOMENT_MS
        ):
            return False
        rows = [len(line.persons) for line in read]
        if min(rows) == max(rows) == 1:
            waiting.rows += rows
        elif all_of_sense(read):
            waiting.rows += [number or 1 for number in rows]
        else:
            return False
        waiting.person += persons
        waiting.at += times
        waiting.uncertainty += uncertainties
        waiting.source += sources
        waiting.target += targets
        waiting.kind += codes
        waiting.batch += [batch] * count
        waiting.line += range(count)
        return True

    def _read_slowly(self, read: Sequence[Line], batch: int) -> bool:
        """Add the rows of a batch with anything out of the ordinary; answers `_read`."""
        columns = self.columns
        waiting = columns.waiting
        acting = False
        for index, line in enumerate(read):
            readable = sound(line)
            code = columns.kinds.number(line.kind if readable else kinds.UNREADABLE)
            acting = acting or code in _ACTING
            at = line.at + (line.offset_ms or 0)
            uncertainty = line.uncertainty_ms if line.offset_ms is not None else None
            source = target = -1
            if readable and line.target is not None:
                source = columns.accounts.number(line.source) if line.source is not None else -1
                target = columns.accounts.number(line.target)
            persons = [columns.persons.number(person) for person in line.persons] if readable else []
            waiting.person += persons or [-1]
            waiting.rows.append(len(persons) or 1)
            waiting.at.append(min(max(at, 0), LAST_MOMENT_MS))
            waiting.uncertainty.append(
                CLOCK_UNMEASURED_UNCERTAINTY_MS if uncertainty is None else min(max(uncertainty, 0), LAST_MOMENT_MS)
            )
            waiting.source.append(source)
            waiting.target.append(target)
            waiting.kind.append(code)
            waiting.batch.append(batch)
            waiting.line.append(index)
        return acting

    def _untangle(self, chain: Chain, fresh: dict[int, Sequence[bytes]]) -> None:
        """Work out anew how the events of a tangled chain stand."""

        def hashes_of(stretch: Stretch) -> Sequence[bytes]:
            if stretch.batch in fresh:
                return fresh[stretch.batch]
            frame = wire.unframe(self._raw_of(self.columns.batches.number[stretch.batch]))
            return wire.chain(frame.prev, frame.lines)

        for event, found in chains.standings(chain, hashes_of).items():
            if event in self.columns.standing or found != Standing():

                def edit(standing: Standing, found: Standing = found) -> None:
                    standing.disputed, standing.believed = found.disputed, found.believed
                    standing.aside, standing.repeated, standing.hash = found.aside, found.repeated, found.hash

                self.columns.change(*event, edit)

    def _act(self, lines: Sequence[Line | None], batch: int, known_at: Moment) -> None:
        """Carry out the events of a batch that act on the ledger: enrol, revoke, correct, believe a branch."""
        for index, line in enumerate(lines):
            code = self.columns.kinds.numbers.get(line.kind) if line is not None else None
            if line is None or code not in _ACTING or not sound(line):
                continue
            id_ = self.columns.event_id(batch, index)
            body = wire.event_of(line, id_, wire.ZERO_HASH, known_at).body
            if line.kind == kinds.CORRECTED:
                self._correct(id_, body, Correction(batch, index, known_at))
            elif id_.device != self.trust.root_device:
                self.ignored.append((id_, ONLY_HEADQUARTERS))
            elif line.kind == kinds.DEVICE_ENROLLED:
                self._enrol(body, known_at, self.columns.batches.number[batch])
            elif line.kind == kinds.DEVICE_REVOKED:
                self._revoke(body, known_at, self.columns.batches.number[batch])
            else:
                self._believe(body, known_at)

    def _enrol(self, body: Any, known_at: Moment, number: int) -> None:
        """Admit a key, and take the quarantined batches of its device again. Of a key enrolled twice the first holds:
        batches accepted by the later enrolment, read before, were judged too early."""
        device = self.trust.enrol(body, known_at, number)
        if device is None:
            return
        if device in self._last_believed and self.trust.enrolled_later(device, number):
            self._too_early = True
        waiting = [held for held in self.held.get(device, ()) if held.code in ("unknown_device", "bad_signature")]
        for held in sorted(waiting):
            self.held[device].remove(held)
            self.tally["quarantined"] -= 1
            self._take(held.number, self._raw_of(held.number), held.received_at)

    def _revoke(self, body: Any, known_at: Moment, number: int) -> None:
        """Void what a revoked device recorded after the point named, as far as it was accepted before. Batches that
        came after the revocation and were read before it were judged too early."""
        device = self.trust.revoke(body, known_at, number)
        if device is None:
            return
        if self._last_believed.get(device, 0) > number:
            self._too_early = True
        for (name, epoch), chain in self.chains.items():
            if name == device:
                for stretch in chain.stretches:
                    self._apply_revocations(device, epoch, stretch)

    def _apply_revocations(self, device: DeviceId, epoch: int, stretch: Stretch) -> None:
        for revocation in self.trust.revocations.get(device, ()):
            for seq in range(stretch.first, stretch.last + 1):
                if revocation.covers(epoch, seq):

                    def edit(standing: Standing, known_at: Moment = revocation.known_at) -> None:
                        standing.revoked = min(standing.revoked, known_at)

                    self.columns.change(stretch.batch, seq - stretch.first, edit)

    def _believe(self, body: Any, known_at: Moment) -> None:
        """An officer believes a branch of a forked chain."""
        device, epoch, head = body.get("device"), body.get("epoch"), body.get("head")
        try:
            key = (str(device), int(epoch))
            hash_ = bytes.fromhex(head)
        except (TypeError, ValueError, OverflowError):
            return
        if not 1 <= key[1] <= wire.EPOCH_MAX:
            return
        chain = self.chains.setdefault(key, Chain())
        chain.believed[hash_] = min(chain.believed.get(hash_, NEVER), known_at)
        chain.tangled = True
        self._untangle(chain, {})

    def _correct(self, by: EventId, body: Any, correction: Correction) -> None:
        """A correction takes back one event of its own device, or of any device when headquarters makes it.

        Whether the correction itself is believed is asked when the book is read, since that may change.
        """
        try:
            of: EventId | None = parse_event_id(str(body.get("of")))
        except ValueError:
            of = None
        if of is None or of.epoch > wire.EPOCH_MAX or of.seq > wire.SEQ_MAX:
            self.ignored.append((by, NAMES_NO_EVENT))
            return
        if by.device not in (of.device, self.trust.root_device):
            self.ignored.append((by, OWN_RECORDS_ONLY))
            return
        self.corrections.setdefault(of, set()).add(correction)
        chain = self.chains.get((of.device, of.epoch))
        for stretch in chain.stretches if chain else ():
            self._apply_corrections(of.device, of.epoch, stretch)

    def _apply_corrections(self, device: DeviceId, epoch: int, stretch: Stretch) -> None:
        for seq in range(stretch.first, stretch.last + 1):
            found = self.corrections.get(EventId(device, epoch, seq))
            if found:

                def edit(standing: Standing, found: set[Correction] = found) -> None:
                    standing.corrections = tuple(sorted(found))

                self.columns.change(stretch.batch, seq - stretch.first, edit)
