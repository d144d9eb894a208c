"""The world of a drill: devices, headquarters, the truth, and what the drill itself remembers of what was made."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from corridor.base.ids import DeviceId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.drill.trial.desk import DrillRows
from corridor.drill.trial.disk import DiskFull, Killed, PhoneDisk
from corridor.drill.trial.headquarters import Headquarters
from corridor.drill.trial.phone import Phone
from corridor.drill.trial.schedule import POSTS, Schedule
from corridor.drill.trial.truth import NO_MOMENT, Fact
from corridor.ledger.device.signing import SigningKey

_UNMEASURED_MS = 10 * MINUTE_MS  # said apart from the book's own limit, so that a slip there is seen
_KEY = SigningKey.from_seed(b"headquarters of every drill".ljust(32, b"\0"))
_PHONE_KEYS: dict[str, SigningKey] = {}


@dataclass(slots=True, kw_only=True)
class Made:
    """What the drill knows of one event that some phone made, whatever becomes of it."""

    device: DeviceId
    fact: Fact | None  # None: it takes another back
    wrong: bool  # it says what is not so, or its clock was further off than it says
    corrects: bytes | None = None  # the hash of the event it takes back; None: it takes none back


@dataclass(slots=True, kw_only=True)
class Handset:
    """A device in the drill: the phone, its true clock, and what is remembered of it."""

    name: DeviceId
    post: str
    key: SigningKey
    phone: Phone
    ahead_ms: int  # its clock minus the truth
    alive: bool = True
    apart_until: Moment = NO_MOMENT  # no network before
    copy: PhoneDisk | None = None  # a backup of it
    copied_green: frozenset[bytes] = frozenset()  # what was green when the backup was made
    green: set[bytes] = field(default_factory=set)  # what this phone showed as safe, and must still have or have sent


@dataclass(slots=True, kw_only=True)
class World:
    """Everything there is in one drill; its steps change it."""

    schedule: Schedule
    headquarters: Headquarters
    handsets: list[Handset]
    now: Moment = NO_MOMENT
    made: dict[bytes, Made] = field(default_factory=dict)  # by hash
    receipted: dict[bytes, Moment] = field(default_factory=dict)  # the events headquarters signed for, since when
    late: list[list[bytes]] = field(default_factory=list)  # requests that will come once more
    arrived: list[bytes] = field(default_factory=list)  # batches whose arrival headquarters confirmed, in this ledger
    arrived_at_backup: int = 0
    backed_up_at: Moment = NO_MOMENT
    rows: DrillRows = field(default_factory=DrillRows)  # names, beside headquarters' ledger
    looks: list[tuple[Moment, object]] = field(default_factory=list)  # what the book said at a moment
    counts: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)

    @property
    def faulty(self) -> bool:
        """Whether anything goes wrong at all."""
        return self.schedule.setting.faults != "none"

    def clock(self, handset: Handset) -> Moment:
        """What a device's clock shows."""
        return Moment(max(self.now + handset.ahead_ms, 0))

    def clock_wrong(self, handset: Handset) -> bool:
        """Whether an event recorded now would be further from the truth than it says."""
        offset, uncertainty = handset.phone.clock_offset_ms, handset.phone.clock_uncertainty_ms
        if offset is None or uncertainty is None:
            return abs(handset.ahead_ms) > _UNMEASURED_MS
        return abs(handset.ahead_ms + offset) > uncertainty

    def at_headquarters(self, act: Callable[[], None]) -> bool:
        """Do something at headquarters; False when it was killed in it, and was started again, or its disk is full."""
        try:
            act()
        except Killed:
            self.counts["headquarters killed"] += 1
            self.headquarters.restart()
            return False
        except DiskFull:
            self.counts["refused, headquarters' disk full"] += 1
            return False
        return True

    def start_again(self, handset: Handset) -> None:
        """A phone's process starts after it was killed; everything green must be there."""
        handset.phone.disk.fuse.writes_left = None
        handset.phone = Phone(handset.name, handset.key, self.headquarters.key.public, handset.phone.disk)
        kept = {hash_ for chain in handset.phone.epochs.values() for hash_ in chain.hashes}
        lost = handset.green - kept - self.receipted.keys()
        if lost:
            self.breaches.append(f"Law 6: {handset.name} showed {len(lost)} records green and lost them at a kill.")
            handset.green -= lost


def phone_key(name: str) -> SigningKey:
    """The key of a device; the same in every drill, so that it is made once."""
    if name not in _PHONE_KEYS:
        _PHONE_KEYS[name] = SigningKey.from_seed(name.encode().ljust(32, b"\0"))
    return _PHONE_KEYS[name]


def world_of(schedule: Schedule, rng: random.Random) -> World:
    """The world before the first step: devices at their posts, none enrolled, clocks a little or much off."""
    handsets = []
    for number in range(schedule.setting.devices):
        name = DeviceId(f"phone-{number}")
        key = phone_key(name)
        ahead_ms = 0 if schedule.setting.faults == "none" else rng.randint(-9, 9) * MINUTE_MS
        phone = Phone(name, key, _KEY.public, PhoneDisk())
        post = POSTS[number % len(POSTS)]
        handsets.append(Handset(name=name, post=post, key=key, phone=phone, ahead_ms=ahead_ms))
    return World(schedule=schedule, headquarters=Headquarters(_KEY), handsets=handsets)
