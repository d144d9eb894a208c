"""What is still to happen in an exercise, by device, from where a practice's ledger ends?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corridor.base.ids import DeviceId, EventId, PersonId
from corridor.base.moments import Moment
from corridor.drill.delivery import chains_of
from corridor.drill.replay import Replay
from corridor.drill.story.diary import Note
from corridor.journey.register.identity import Identity
from corridor.ledger.chains import Chain
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The rest of a story.

    `rest` are the notes that the practice's ledger does not hold, by device in the order of time; `ids` the events that
    it holds, by the key under which later notes name them; `recorders` stand where each phone's chain ends.
    `identities` are those not written yet, in the order of time.
    """

    headquarters: DeviceId
    rest: Mapping[DeviceId, tuple[Note, ...]]
    ids: Mapping[str, EventId]
    recorders: Mapping[DeviceId, Recorder]
    keys: Mapping[DeviceId, SigningKey]
    identities: tuple[tuple[PersonId, Identity, Moment], ...]


def script_of(replay: Replay, headquarters: DeviceId, chains: Mapping[tuple[str, int], Chain], after: Moment) -> Script:
    """The rest of a replay, for a practice that holds what had been received `after`, with these chains."""
    rest: dict[DeviceId, tuple[Note, ...]] = {}
    ids: dict[str, EventId] = {}
    recorders: dict[DeviceId, Recorder] = {}
    for device, notes in sorted(chains_of(replay.notes).items()):
        seq, head = _end(chains.get((device, 1)))
        rest[device] = tuple(notes[seq:])
        ids |= {note.key: EventId(device, 1, n) for n, note in enumerate(notes[:seq], start=1) if note.key}
        if device != headquarters:
            key = replay.device_keys[device]
            recorders[device] = Recorder(device, key, seq=seq, head=head) if seq else Recorder(device, key)
    later = sorted((one for one in replay.identities if one[2] > after), key=lambda one: one[2])
    return Script(
        headquarters=headquarters,
        rest=rest,
        ids=ids,
        recorders=recorders,
        keys=replay.device_keys,
        identities=tuple(later),
    )


def _end(chain: Chain | None) -> tuple[int, bytes]:
    """Number and hash of the last event that is there without a gap; a replay's chains never fork."""
    return max(chain.tips(), default=(0, b"")) if chain is not None else (0, b"")
