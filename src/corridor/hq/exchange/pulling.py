"""What a phone is told of people and of the road."""

from __future__ import annotations

from typing import Any

from corridor.base.ids import DeviceId
from corridor.hq.exchange.phones import Binding
from corridor.hq.served import Served
from corridor.ledger.device.request import RosterWanted


def roster_for(headquarters: Served, device: DeviceId, binding: Binding, wanted: RosterWanted) -> dict[str, Any] | None:
    return None


def instructions_for(headquarters: Served, binding: Binding, digest: str | None) -> dict[str, Any] | None:
    return None
