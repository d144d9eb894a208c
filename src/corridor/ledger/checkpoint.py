"""The book as far as it has been read, packed so that opening a long ledger need not read it from zero.

A checkpoint is derived and can be dropped at any time: `corridor verify` compares it with a reading from zero.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable

import msgspec
import numpy as np

from corridor.base.ids import DeviceId, EventId
from corridor.base.moments import Moment
from corridor.ledger.chains import Chain, Stretch
from corridor.ledger.columns import ROW_TYPES, BatchColumns, Correction, Names, Standing
from corridor.ledger.intake import Held, Intake, Status
from corridor.ledger.trust import DeviceKey, Revocation

_VERSION = 4


class _Packed(msgspec.Struct):
    """What a checkpoint holds; `rows` are the arrays' own bytes, little-endian."""

    version: int
    persons: list[str]
    accounts: list[str]
    kinds: list[str]
    devices: list[str]
    batches: dict[str, list[int]]
    rows: dict[str, bytes]
    standing: list[tuple[int, int, Standing]]
    changes: int
    keys: dict[str, list[DeviceKey]]
    revocations: dict[str, list[Revocation]]
    chains: list[tuple[str, int, list[Stretch], dict[str, int], bool]]
    held: list[Held]
    tally: dict[Status, int]
    ignored: list[tuple[EventId, str]]
    by_another: list[tuple[int, int]]
    corrections: list[tuple[EventId, list[Correction]]]


def pack(intake: Intake) -> bytes:
    """The whole state of an intake as bytes."""
    columns = intake.columns
    rows = columns.rows()
    packed = _Packed(
        version=_VERSION,
        persons=columns.persons.texts,
        accounts=columns.accounts.texts,
        kinds=columns.kinds.texts,
        devices=columns.devices.texts,
        batches={name: getattr(columns.batches, name) for name in BatchColumns.__slots__},
        rows={
            name: rows[name].astype(np.dtype(type_).newbyteorder("<")).tobytes() for name, type_ in ROW_TYPES.items()
        },
        standing=[(batch, line, standing) for (batch, line), standing in columns.standing.items()],
        changes=columns.changes,
        keys=intake.trust.keys,
        revocations=intake.trust.revocations,
        chains=[
            (
                device,
                epoch,
                chain.stretches,
                {head.hex(): since for head, since in chain.believed.items()},
                chain.tangled,
            )
            for (device, epoch), chain in intake.chains.items()
        ],
        held=[held for all_held in intake.held.values() for held in all_held],
        tally=dict(intake.tally),
        ignored=intake.ignored,
        by_another=intake.by_another,
        corrections=[(event, sorted(found)) for event, found in intake.corrections.items()],
    )
    return zlib.compress(msgspec.msgpack.encode(packed), level=1)


def unpack(data: bytes, root_device: DeviceId, root_key: bytes, raw_of: Callable[[int], bytes]) -> Intake | None:
    """The intake that was packed; None when the bytes are not a checkpoint of this version."""
    try:
        packed = msgspec.msgpack.decode(zlib.decompress(data), type=_Packed)
    except (msgspec.MsgspecError, zlib.error):
        return None
    if packed.version != _VERSION:
        return None
    intake = Intake(root_device, root_key, raw_of)
    columns = intake.columns
    columns.persons, columns.accounts = Names(packed.persons), Names(packed.accounts)
    columns.kinds, columns.devices = Names(packed.kinds), Names(packed.devices)
    columns.batches = BatchColumns(**packed.batches)
    columns.standing = {(batch, line): standing for batch, line, standing in packed.standing}
    columns.changes = packed.changes
    rows = {
        name: np.frombuffer(packed.rows[name], dtype=np.dtype(type_).newbyteorder("<")).astype(type_)
        for name, type_ in ROW_TYPES.items()
    }
    columns.restore(rows)
    intake.trust.keys = packed.keys
    intake.trust.revocations = packed.revocations
    intake.chains = {
        (device, epoch): _chain(stretches, believed, tangled)
        for device, epoch, stretches, believed, tangled in packed.chains
    }
    intake.held = defaultdict(list)
    for held in packed.held:
        intake.held[held.device].append(held)
    intake.tally = Counter(packed.tally)
    intake.ignored = packed.ignored
    intake.by_another = packed.by_another
    intake.corrections = {event: set(found) for event, found in packed.corrections}
    return intake


def _chain(stretches: list[Stretch], believed: dict[str, int], tangled: bool) -> Chain:
    return Chain(
        stretches=stretches,
        believed={bytes.fromhex(head): Moment(since) for head, since in believed.items()},
        tangled=tangled,
        seen={(stretch.first, stretch.last, stretch.head) for stretch in stretches},
    )
