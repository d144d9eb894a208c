"""What may be done about devices: the rules by which an order becomes a draft or is refused."""

from __future__ import annotations

import re
from typing import Any

from corridor.base.ids import DeviceId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.devices import refusals as no
from corridor.journey.devices.orders import BelieveBranch, DeviceFacts, DeviceOrder, EnrolDevice, RevokeDevice
from corridor.journey.register.refusals import NO_REASON
from corridor.ledger import kinds
from corridor.ledger.device.wire import valid_id
from corridor.ledger.event import Draft

_KEY = re.compile(r"[0-9a-f]{64}")


def decide(order: DeviceOrder, facts: DeviceFacts, now: Moment) -> tuple[Draft, ...] | Refusal:
    """The draft that carries the order out at `now`, or why it may not be done."""
    if isinstance(order, EnrolDevice):
        refused, kind, body = _enrolling(order, facts), kinds.DEVICE_ENROLLED, _enrolled(order, facts)
    elif not order.why.strip():
        return NO_REASON()
    elif isinstance(order, RevokeDevice):
        refused, kind, body = _revoking(order, facts), kinds.DEVICE_REVOKED, _revoked(order)
    else:
        refused, kind = _believing(order, facts), kinds.BRANCH_BELIEVED
        body = {"device": order.device, "epoch": order.epoch, "head": order.head, "why": order.why.strip()}
    return refused or (Draft(kind=kind, happened_at=now, by=order.by, body=body),)


def next_epoch(device: DeviceId, facts: DeviceFacts) -> int:
    """The epoch that a device's next key begins: 1, or the one after all that are known of it."""
    epochs = [*facts.keys.get(device, {}).values(), *(epoch for epoch, _ in (facts.last.get(device, (0, 0)),))]
    return max(epochs, default=0) + 1 if device in facts.keys else 1


def _enrolled(order: EnrolDevice, facts: DeviceFacts) -> dict[str, Any]:
    epoch = next_epoch(order.device, facts)
    body: dict[str, Any] = {"device": order.device, "public_key": order.public_key.strip().lower()}
    body |= {"epoch": epoch} if epoch > 1 else {}
    body |= {} if order.place is None else {"place": order.place}
    return body | ({} if order.user is None else {"user": order.user})


def _revoked(order: RevokeDevice) -> dict[str, Any]:
    body: dict[str, Any] = {"device": order.device, "why": order.why.strip()}
    named = order.after_epoch is not None
    return body | ({"after_epoch": order.after_epoch, "after_seq": order.after_seq} if named else {})


def _enrolling(order: EnrolDevice, facts: DeviceFacts) -> Refusal | None:
    if not valid_id(order.device):
        return no.BAD_DEVICE_NAME(device=order.device)
    if order.device == facts.headquarters:
        return no.HEADQUARTERS_DEVICE(device=order.device)
    if order.device in facts.revoked:
        return no.DEVICE_REVOKED(device=order.device)
    key = order.public_key.strip().lower()
    if not _KEY.fullmatch(key):
        return no.BAD_PUBLIC_KEY()
    bearer = next((device for device, keys in facts.keys.items() if key in keys), None)
    if bearer is not None:
        return no.KEY_ENROLLED(device=bearer)
    return no.PLACE_NOT_KNOWN(place=order.place) if order.place not in (None, *facts.places) else None


def _revoking(order: RevokeDevice, facts: DeviceFacts) -> Refusal | None:
    if order.device == facts.headquarters:
        return no.HEADQUARTERS_DEVICE(device=order.device)
    if order.device not in facts.keys:
        return no.DEVICE_NOT_KNOWN(device=order.device)
    if (order.after_epoch is None) != (order.after_seq is None):
        return no.LAST_RECORD_HALF()
    named = None
    if order.after_epoch is not None and order.after_seq is not None:
        named = (order.after_epoch, order.after_seq)
        epoch, seq = facts.last.get(order.device, (0, 0))
        if named > (epoch, seq):
            return no.LAST_RECORD_NOT_RECEIVED(device=order.device, last_epoch=epoch, last_seq=seq)
    if order.device in facts.revoked:
        before = facts.revoked[order.device]
        if named is None or (before is not None and named >= before):
            return no.DEVICE_REVOKED(device=order.device)
    return None


def _believing(order: BelieveBranch, facts: DeviceFacts) -> Refusal | None:
    chain = (order.device, order.epoch)
    if chain not in facts.heads:
        return no.NOT_FORKED(device=order.device, epoch=order.epoch)
    if chain in facts.judged:
        return no.BRANCH_JUDGED(device=order.device, epoch=order.epoch)
    if order.head not in facts.heads[chain]:
        return no.BRANCH_NOT_KNOWN(device=order.device, epoch=order.epoch)
    return None
