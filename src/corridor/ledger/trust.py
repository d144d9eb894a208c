"""Whose batches count: the keys headquarters has enrolled, and the devices it has revoked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from corridor.base.ids import DeviceId
from corridor.base.moments import Moment
from corridor.ledger.device.signing import PUBLIC_KEY_BYTES
from corridor.ledger.device.wire import SEQ_MAX, valid_id


class DeviceKey(NamedTuple):
    """A public key of a device, good from `epoch` on, since when headquarters' enrolment of it is known, whose records
    it signs, and the number in the ledger of the batch that enrolled it."""

    epoch: int
    public_key: bytes
    known_at: Moment
    user: str | None = None  # None: anybody's
    number: int = 0  # 0: of the ledger's foundation


class Revocation(NamedTuple):
    """A device's batches that came after this one, by their numbers in the ledger, are held. Where a revocation names
    the last event to believe, what the device recorded after that event is not believed either, from `known_at` on, and
    what it recorded up to it is still taken in."""

    epoch: int | None  # None: it names no event
    seq: int  # 0 where it names no event
    known_at: Moment
    number: int  # of the batch that says so

    def covers(self, epoch: int, seq: int) -> bool:
        """Whether this event comes after the last to believe; false when none is named."""
        return self.epoch is not None and (epoch, seq) > (self.epoch, self.seq)


@dataclass(slots=True)
class Trust:
    """What intake knows of devices. The root device is headquarters' own; only its events enrol or revoke."""

    root_device: DeviceId
    keys: dict[str, list[DeviceKey]] = field(default_factory=dict)
    revocations: dict[str, list[Revocation]] = field(default_factory=dict)

    def candidates(self, device: str, epoch: int) -> list[DeviceKey]:
        """The keys that may have signed a batch of this device and epoch, the first enrolled first."""
        keys = (key for key in self.keys.get(device, ()) if key.epoch <= epoch)
        return sorted(keys, key=lambda key: key.number)

    def revoked(self, device: str, epoch: int, first: int, number: int) -> bool:
        """Whether the batch of this number, beginning with this event, came too late to be believed at all."""
        return any(
            number > revocation.number and (revocation.epoch is None or revocation.covers(epoch, first))
            for revocation in self.revocations.get(device, ())
        )

    def enrolled_later(self, device: str, number: int) -> bool:
        """Whether a key that the batch of this number enrolled for a device was enrolled again by a later one."""
        keys = self.keys.get(device, ())
        here = {key.public_key for key in keys if key.number == number}
        return any(key.number > number and key.public_key in here for key in keys)

    def enrol(self, body: Mapping[str, Any], known_at: Moment, number: int) -> DeviceId | None:
        """Admit the key of a `device_enrolled` event; None, and nothing changes, when its body makes no sense."""
        device, epoch = body.get("device"), body.get("epoch", 1)
        key = _key_bytes(body.get("public_key"))
        if not isinstance(device, str) or not valid_id(device) or not _is_number(epoch) or key is None:
            return None
        if device == self.root_device:
            return None  # the root's key is part of the database's foundation and no event changes it
        user = body.get("user")
        bound = user if isinstance(user, str) and valid_id(user) else None
        self.keys.setdefault(device, []).append(DeviceKey(epoch, key, known_at, bound, number))
        return DeviceId(device)

    def revoke(self, body: Mapping[str, Any], known_at: Moment, number: int) -> DeviceId | None:
        """Apply a `device_revoked` event; None, and nothing changes, when its body makes no sense."""
        device = body.get("device")
        if not isinstance(device, str) or device == self.root_device:
            return None
        epoch, seq = body.get("after_epoch"), body.get("after_seq", 0)
        if not (epoch is None or _is_number(epoch)) or not _is_number(seq):
            return None
        self.revocations.setdefault(device, []).append(Revocation(epoch, 0 if epoch is None else seq, known_at, number))
        return DeviceId(device)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= SEQ_MAX


def _key_bytes(text: object) -> bytes | None:
    try:
        key = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return None
    return key if len(key) == PUBLIC_KEY_BYTES else None
