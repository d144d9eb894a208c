"""How each device is doing, as far as headquarters sees: when it was last heard of, what of its chain is missing."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.ids import DeviceId
from corridor.base.moments import Moment
from corridor.ledger.book.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """One device at the view's `known`. What it has recorded and not sent yet cannot be seen from here.

    `heard_at` is when its last batch came, None: never; `events` how many of its events are in the ledger; `missing`
    how many it must have made, since it counted on, that have not arrived; `held` how many of its batches are in
    quarantine; `forked`: two devices write under its name, and no officer has judged which is believed.
    """

    device: DeviceId
    heard_at: Moment | None
    events: int
    missing: int
    held: int
    forked: bool

    @property
    def well(self) -> bool:
        """Whether nothing of what arrived speaks against it."""
        return not (self.missing or self.held or self.forked)


def device_health(view: View) -> dict[DeviceId, DeviceHealth]:
    """Every device that was ever heard of."""
    intake, known = view.book.intake, view.known
    found: dict[DeviceId, DeviceHealth] = {}
    with intake.lock:  # chains and quarantine change as batches come in
        devices = {device for device, _epoch in intake.chains} | {device for device in intake.held if device}
        for device in sorted(devices):
            chains = [chain for (name, _epoch), chain in sorted(intake.chains.items()) if name == device]
            stretches = [one for chain in chains for one in chain.stretches if one.known_at <= known]
            held = [one for one in intake.held.get(device, ()) if one.received_at <= known]
            heard = [*(one.known_at for one in stretches), *(one.received_at for one in held)]
            found[DeviceId(device)] = DeviceHealth(
                device=DeviceId(device),
                heard_at=max(heard, default=None),
                events=sum(one.last - one.first + 1 for one in stretches),
                missing=sum(gap.last - gap.first + 1 for chain in chains for gap in chain.gaps(known)),
                held=len(held),
                forked=any(
                    chain.tangled and not any(at <= known for at in chain.believed.values()) for chain in chains
                ),
            )
    return found
