"""Reading a batch all at once and event by event comes to the same rows."""

from __future__ import annotations

import numpy as np
import pytest
from bench.workload import ROOT_DEVICE, road, root_key

from corridor.base.ids import AccountId, DeviceId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.ledger.columns import ROW_TYPES, Columns
from corridor.ledger.device import wire
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.intake import Intake

SENSELESS = (
    {"target": "place:town-1"},  # a move of nobody
    {"persons": ["person-1", "person-2"], "source": "place:town-1"},  # a move to nowhere
    {"persons": ["person-1", "person-2"], "source": "place:town-1", "target": "place:town-1"},
    {"persons": ["person-1", "person-2"], "source": "place:town-1", "target": "outside"},
    {"persons": ["person-1", "person-1"], "source": "outside", "target": "place:town-1"},
    {"persons": ["a name with blanks", "person-1"]},
    {"persons": ["person-1"], "source": "no account", "target": "place:town-1"},
    {"offset_ms": None},  # a clock that was never compared
)


def rows_of(raws: list[bytes], quickly: bool, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Each row with its texts, since numbers are given at first sight."""
    with monkeypatch.context() as patch:
        if not quickly:
            patch.setattr(Intake, "_read_quickly", lambda *_: False)
        intake = Intake(ROOT_DEVICE, root_key().public, lambda number: raws[number - 1])
        for number, raw in enumerate(raws, start=1):
            assert intake.take(number, raw, Moment(10**12)).status in ("accepted", "duplicate")
    return _told(intake.columns)


def _told(columns: Columns) -> list[tuple[object, ...]]:
    rows = columns.rows()
    texts = {"person": columns.persons.texts, "kind": columns.kinds.texts}
    texts |= dict.fromkeys(("source", "target"), columns.accounts.texts)
    told = [
        [texts[name][number] if number >= 0 else None for number in rows[name].tolist()]
        if name in texts
        else rows[name].tolist()
        for name in ROW_TYPES
    ]
    assert all(len(column) == len(np.atleast_1d(rows["person"])) for column in told)
    return list(zip(*told, strict=True))


def test_road_reads_the_same_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events of nobody, one person and whole parties, late and repeated batches: the same rows both ways."""
    workload = road(3_000)
    raws = [*workload.enrolment, *(sent.raw for sent in workload.batches)]
    quickly = rows_of(raws, True, monkeypatch)
    assert len(quickly) >= workload.rows
    assert quickly == rows_of(raws, False, monkeypatch)


@pytest.mark.parametrize("senseless", SENSELESS, ids=lambda change: "-".join(map(str, change.values())))
def test_senseless_line_reads_the_same_both_ways(senseless: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """One senseless event between sensible ones is one row, unreadable where its move makes no sense."""
    key = SigningKey.from_seed(bytes([7]) * 32)
    draft = Draft(
        kind="crossed",
        happened_at=Moment(5_000),
        by=UserId("officer"),
        persons=(PersonId("person-1"), PersonId("person-2")),
        source=AccountId("outside"),
        target=AccountId("place:town-1"),
    )
    good = wire.write_line(draft, 0, 1000)
    bare = {"at": 5_000, "by": "officer", "kind": "sighted", "offset_ms": 0, "uncertainty_ms": 1000}
    odd = wire._encoder.encode(bare | senseless)
    raw, _ = wire.frame(DeviceId("device-x"), 1, 1, wire.ZERO_HASH, [good, odd, good], key)
    trusted = Draft(
        kind="device_enrolled",
        happened_at=Moment(0),
        by=UserId("root"),
        body={"device": "device-x", "public_key": key.public.hex()},
    )
    enrolment, _ = wire.frame(ROOT_DEVICE, 1, 1, wire.ZERO_HASH, [wire.write_line(trusted, 0, 0)], root_key())
    quickly = rows_of([enrolment, raw], True, monkeypatch)
    slowly = rows_of([enrolment, raw], False, monkeypatch)
    assert quickly == slowly
    odd_rows = [row for row in quickly if row[-1] == 1]
    assert len(odd_rows) == 1
    assert len(quickly) == 1 + 2 + 1 + 2
