"""Whose batches count: the keys headquarters has enrolled, and the devices it has revoked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from corridor.base.ids import DeviceId
from corridor.base.moments import Moment
from corridor.ledger.signing import PUBLIC_KEY_BYTES
from corridor.ledger.wire import valid_id


class DeviceKey(NamedTuple):
    """A public key of a device, good from `epoch` on, and since when headquarters' enrolment of it is known."""

    epoch: int
    public_key: bytes
    known_at: Moment


class Revocation(NamedTuple):
    """Everything a device recorded after this event of its chain is not believed; since when that is known."""

    epoch: int
    seq: int
    known_at: Moment


@dataclass(slots=True)
class Trust:
    """What intake knows of devices. The root device is headquarters' own; only its events enrol or revoke."""

    root_device: DeviceId
    keys: dict[str, list[DeviceKey]] = field(default_factory=dict)
    revocations: dict[str, Revocation] = field(default_factory=dict)

    def candidates(self, device: str, epoch: int) -> list[DeviceKey]:
        """The keys that may have signed a batch of this device and epoch."""
        return [key for key in self.keys.get(device, ()) if key.epoch <= epoch]

    def revoked(self, device: str, epoch: int, last: int) -> Revocation | None:
        """The revocation that a batch ending with this event falls under; None: it may be believed."""
        revocation = self.revocations.get(device)
        return revocation if revocation is not None and (epoch, last) > revocation[:2] else None

    def enrol(self, body: Mapping[str, Any], known_at: Moment) -> DeviceId | None:
        """Admit the key of a `device_enrolled` event; None, and nothing changes, when its body makes no sense."""
        device, epoch = body.get("device"), body.get("epoch", 1)
        key = _key_bytes(body.get("public_key"))
        if not isinstance(device, str) or not valid_id(device) or not isinstance(epoch, int) or key is None:
            return None
        if device == self.root_device:
            return None  # the root's key is part of the database's foundation and no event changes it
        self.keys.setdefault(device, []).append(DeviceKey(epoch, key, known_at))
        return DeviceId(device)

    def revoke(self, body: Mapping[str, Any], known_at: Moment) -> DeviceId | None:
        """Apply a `device_revoked` event: the earliest point of the chain that any revocation names holds."""
        device = body.get("device")
        if not isinstance(device, str) or device == self.root_device:
            return None
        epoch, seq = body.get("after_epoch", 0), body.get("after_seq", 0)
        if not isinstance(epoch, int) or not isinstance(seq, int):
            return None
        before = self.revocations.get(device)
        new = Revocation(epoch, seq, known_at)
        self.revocations[device] = new if before is None else min(before, new)
        return DeviceId(device)


def _key_bytes(text: object) -> bytes | None:
    try:
        key = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return None
    return key if len(key) == PUBLIC_KEY_BYTES else None
