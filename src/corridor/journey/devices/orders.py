"""What headquarters may want done about devices: the orders, and the facts by which they are decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corridor.base.ids import DeviceId, PlaceId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolDevice:
    """Admit a device's public key; a device that has one already begins a new epoch with the new key."""

    by: UserId
    device: DeviceId
    public_key: str  # 64 hex digits
    place: PlaceId | None = None  # None: it travels, or records for several places
    user: UserId | None = None  # whose records it makes; None: anybody's, as headquarters' own


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeDevice:
    """Believe a device no longer: what comes in from now on is held, and so is what it recorded after a record named.

    `after_epoch` and `after_seq` name the last record to believe; None: not known, and all that was received stays.
    """

    by: UserId
    device: DeviceId
    why: str
    after_epoch: int | None = None
    after_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BelieveBranch:
    """Believe one branch of a forked chain, by the hash of its last record; the other branches are set aside."""

    by: UserId
    device: DeviceId
    epoch: int
    head: str  # 64 hex digits
    why: str


DeviceOrder = EnrolDevice | RevokeDevice | BelieveBranch


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """What orders about devices are decided by.

    `keys` are the keys enrolled, in hex, each with the epoch from which it is good; `revoked` the last record to
    believe (epoch, number) of each revoked device, None: it names none; `last` the last record received of each
    device; `heads` the ends of the branches of each forked chain, in hex; `judged` the forked chains of which a branch
    is believed already.
    """

    headquarters: DeviceId
    places: frozenset[PlaceId]
    keys: Mapping[DeviceId, Mapping[str, int]]
    revoked: Mapping[DeviceId, tuple[int, int] | None]
    last: Mapping[DeviceId, tuple[int, int]]
    heads: Mapping[tuple[DeviceId, int], tuple[str, ...]]
    judged: frozenset[tuple[DeviceId, int]]
