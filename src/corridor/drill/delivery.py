"""How notes reach headquarters: by device in signed batches on a chain, late, repeated, with clocks that are off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from corridor.base.ids import DeviceId, EventId
from corridor.base.moments import DAY_MS, MINUTE_MS, SECOND_MS, Moment
from corridor.base.operation import Device, Operation
from corridor.drill.plan import DeliveryPlan, ReplayPlan
from corridor.drill.story.diary import Note, resolved
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft

BATCH_NOTES_MAX = 100
MEASURED_WITHIN_MS = 400  # how well a device measures its clock; it says CLOCK_UNCERTAINTY_MS
CLOCK_UNCERTAINTY_MS = 1_000
DRIFT_SHARE_PER_DAY = 0.02  # of the clock's error; invented


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A batch's bytes and when headquarters received them."""

    received_at: Moment
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    device: DeviceId
    notes: tuple[Note, ...]
    received_at: Moment


def deliver(
    operation: Operation, plan: ReplayPlan, notes: Sequence[Note], keys: Mapping[DeviceId, SigningKey], rng: Random
) -> tuple[Delivery, ...]:
    """Every batch as received, in the order of receipt."""
    devices = {device.id: device for device in operation.devices}
    chains = chains_of(notes)
    ids: dict[str, EventId] = {}
    for device, chain in sorted(chains.items()):
        assert device in devices, f"the operation has no device {device}"
        ids |= {note.key: EventId(device, 1, seq) for seq, note in enumerate(chain, start=1) if note.key}
    deliveries: list[Delivery] = []
    for device, chain in sorted(chains.items()):
        batches = _batches(devices[device], plan, chain, rng)
        deliveries += _minted(batches, plan.delivery[devices[device].kind], plan, keys[device], ids, rng)
    return tuple(sorted(deliveries, key=lambda each: (each.received_at, each.raw)))


def chains_of(notes: Iterable[Note]) -> dict[DeviceId, list[Note]]:
    """Each device's notes in the order in which it records them: by time."""
    chains: dict[DeviceId, list[Note]] = {}
    for note in notes:
        chains.setdefault(note.device, []).append(note)
    for chain in chains.values():
        # Sorting is stable: what one stage noted at one moment stays in its order.
        chain.sort(key=lambda note: note.draft.happened_at)
    return chains


def _batches(device: Device, plan: ReplayPlan, chain: Sequence[Note], rng: Random) -> list[_Batch]:
    """The chain cut into batches, each with its time of receipt; a later batch is never received earlier."""
    how = plan.delivery[device.kind]
    cut: list[list[Note]] = []
    for note in chain:
        first = cut[-1][0].draft.happened_at if cut else 0
        full = not cut or len(cut[-1]) == BATCH_NOTES_MAX
        if full or note.draft.happened_at - first > how.batch_minutes * MINUTE_MS:
            cut.append([])
        cut[-1].append(note)
    batches = []
    before = Moment(0)
    for part in cut:
        delay_ms = rng.randint(how.delay_seconds.least, how.delay_seconds.most) * SECOND_MS
        received = Moment(part[-1].draft.happened_at + delay_ms)
        for out in plan.blackouts:
            if out.device == device.id and out.start <= received < out.until:
                received = out.until
        received = max(received, Moment(before + SECOND_MS))
        batches.append(_Batch(device=device.id, notes=tuple(part), received_at=received))
        before = received
    return batches


def _minted(
    batches: Sequence[_Batch],
    how: DeliveryPlan,
    plan: ReplayPlan,
    key: SigningKey,
    ids: Mapping[str, EventId],
    rng: Random,
) -> list[Delivery]:
    """The batches' bytes by the device's own clock; the plan's repeats come again."""
    device = batches[0].device
    recorder = Recorder(device, key)
    begun = batches[0].notes[0].draft.happened_at
    error_ms = rng.randint(-how.clock_error_seconds, how.clock_error_seconds) * SECOND_MS
    waiting = [repeat for repeat in plan.repeats if repeat.device == device]
    found: list[Delivery] = []
    for batch in batches:
        days = (batch.notes[0].draft.happened_at - begun) / DAY_MS
        off_ms = int(error_ms * (1 + DRIFT_SHARE_PER_DAY * days))
        measured_ms = -off_ms + (rng.randint(-MEASURED_WITHIN_MS, MEASURED_WITHIN_MS) if error_ms else 0)
        drafts = [_by_own_clock(note, off_ms, ids) for note in batch.notes]
        raw, _ = recorder.mint(
            drafts, clock_offset_ms=measured_ms, clock_uncertainty_ms=CLOCK_UNCERTAINTY_MS if error_ms else 0
        )
        found.append(Delivery(received_at=batch.received_at, raw=raw))
        for repeat in [each for each in waiting if each.after <= batch.received_at]:
            again = Moment(batch.received_at + repeat.again_after_minutes * MINUTE_MS)
            found.append(Delivery(received_at=again, raw=raw))
            waiting.remove(repeat)
    return found


def _by_own_clock(note: Note, off_ms: int, ids: Mapping[str, EventId]) -> Draft:
    """The note's draft at the time its device showed, with the id of the event it refers to."""
    made = resolved(note, ids)
    assert made is not None, "a story names only events that it tells"
    return replace(made, happened_at=Moment(made.happened_at + off_ms))
