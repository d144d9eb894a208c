"""Where everybody must be, told by the drill from what it made and what headquarters' disk holds; not by the book.

Written differently from the book on purpose: no columns, no chains of intake, no walk. It knows the truth, and asks
only which of the records about it have arrived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

import msgspec

from corridor.base.ids import PersonId
from corridor.drill.trial.headquarters import NAME
from corridor.drill.trial.truth import SLIP_STAGE, Fact
from corridor.drill.trial.world import Made, World
from corridor.ledger import kinds
from corridor.ledger.stores import BatchRow


class Slot(NamedTuple):
    """A place on a device's chain."""

    device: str
    epoch: int
    seq: int


@dataclass(slots=True)
class OnDisk:
    """What headquarters' disk holds, read from the bytes line by line."""

    events: dict[bytes, Slot] = field(default_factory=dict)  # by hash, of every batch that some phone made
    accepted: set[bytes] = field(default_factory=set)  # of batches filed as accepted
    foreign: int = 0  # accepted lines that no phone and no headquarters ever made
    claims: dict[Slot, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    planned: set[str] = field(default_factory=set)  # movements whose leg is known
    judged: bool = False  # an officer believed some branch


class _Head(msgspec.Struct):
    device: str
    epoch: int
    first: int
    prev: str


def on_disk(rows: Iterable[BatchRow], made: dict[bytes, Made], held: Collection[int] = ()) -> OnDisk:
    """Read headquarters' disk; `held` are the numbers of the batches in quarantine now."""
    found = OnDisk()
    for row in rows:
        lines = row.raw.split(b"\n")
        try:
            head = msgspec.json.decode(lines[1], type=_Head)
            hash_ = bytes.fromhex(head.prev)
        except (IndexError, ValueError):  # cut or damaged; msgspec's errors are ValueErrors
            continue
        accepted = row.number not in held
        if accepted and head.device != NAME and head.first > 1:
            found.claims[Slot(head.device, head.epoch, head.first - 1)].add(hash_)  # what the batch says it follows
        for number, line in enumerate(lines[3:-1]):
            hash_ = sha256(b"corridor/event/1\n" + hash_ + line).digest()
            if head.device == NAME:
                _headquarters_own(found, line)
            elif hash_ in made:
                slot = found.events[hash_] = Slot(head.device, head.epoch, head.first + number)
                if accepted:
                    found.accepted.add(hash_)
                    found.claims[slot].add(hash_)
            elif accepted:
                found.foreign += 1
    return found


def _headquarters_own(found: OnDisk, line: bytes) -> None:
    said = msgspec.json.decode(line)
    if said["kind"] == kinds.MOVEMENT_PLANNED:
        found.planned.add(said["body"]["movement"])
    found.judged = found.judged or said["kind"] == kinds.BRANCH_BELIEVED


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be true of one person: in `account`; where `doubtful`, in suspense instead or in one of `others`."""

    account: str
    doubtful: bool
    others: frozenset[str]  # where somebody said they were by a slip
    sure: bool  # in the book at all: not only by records that may have been taken back


def expected(world: World, disk: OnDisk, believed: set[bytes]) -> dict[PersonId, Expected]:
    """Everybody who must be in the book, and where, from the records that are `believed` or not judged yet.

    A person is doubtful when one of their records is wrong, comes from a forked chain, or when a ride was not seen to
    its end: then they may be in suspense, and never anywhere that no record says.
    """
    forked = forked_from(disk)

    def disputed(hash_: bytes) -> bool:
        slot = disk.events[hash_]
        return slot.seq >= forked.get((slot.device, slot.epoch), slot.seq + 1)

    back = {world.made[one].corrects: disputed(one) for one in believed if world.made[one].corrects is not None}
    records: defaultdict[PersonId, list[tuple[Fact, bool]]] = defaultdict(list)
    arrived: set[str] = set()
    muddled = False  # a departure or arrival at a wrong time: rides that nobody saw begin or end cannot be inferred
    sure: set[PersonId] = set()
    for hash_ in believed:
        made = world.made[hash_]
        if made.fact is None or not back.get(hash_, True):
            continue
        doubt = made.wrong or disputed(hash_)
        if hash_ not in back:
            sure.update(made.fact.persons)
        for person in made.fact.persons:
            records[person].append((made.fact, doubt))
        muddled = muddled or (doubt and made.fact.kind in (kinds.DEPARTED, kinds.ARRIVED))
        if made.fact.kind == kinds.ARRIVED and not doubt:
            arrived.add(str(made.fact.movement))
    return {person: _of(found, arrived, disk, person in sure, muddled) for person, found in records.items()}


def _of(found: list[tuple[Fact, bool]], arrived: set[str], disk: OnDisk, sure: bool, muddled: bool) -> Expected:
    right = [fact for fact, doubt in found if not doubt]
    last = max(
        (fact for fact, _ in found if fact.stage != SLIP_STAGE), key=lambda fact: fact.stage, default=found[0][0]
    )
    doubtful = len(right) < len(found)
    stages = {fact.stage for fact in right}
    doubtful = doubtful or (muddled and bool(stages) and len(stages) <= max(stages) - min(stages))
    for fact in right:
        if fact.kind == "boarded" and fact.stage != last.stage and fact.stage + 1 not in stages:
            doubtful = doubtful or fact.movement not in arrived
        if fact.kind == "alighted" and fact.stage - 1 not in stages and len(stages) > 1:
            doubtful = doubtful or fact.movement not in disk.planned
    slips = frozenset(str(fact.target) for fact, _ in found if fact.stage == SLIP_STAGE)
    return Expected(str(last.target), doubtful, slips, sure)


def forked_from(disk: OnDisk) -> dict[tuple[str, int], int]:
    """The first number of each forked chain that two different events claim."""
    found: dict[tuple[str, int], int] = {}
    for slot, hashes in disk.claims.items():
        if len(hashes) > 1:
            key = (slot.device, slot.epoch)
            found[key] = min(found.get(key, slot.seq), slot.seq)
    return found
