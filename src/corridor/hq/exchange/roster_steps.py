"""What is kept of the rosters' numbers, so that a phone is sent changes, not everything, after a restart."""

from __future__ import annotations

import logging
import zlib
from hashlib import sha256

import msgspec
from django.db import Error, transaction

from corridor.base.ids import PersonId, PlaceId
from corridor.hq.access.rights import FIELDS
from corridor.hq.models import RosterStep
from corridor.journey.roster.changes import Change, Kept
from corridor.journey.roster.standing import RosterStanding

_FOLLOWS_FROM = (1, RosterStanding._fields, sorted((name, sorted(who)) for name, who in FIELDS.items()))
FORMAT = sha256(repr(_FOLLOWS_FROM).encode()).hexdigest()[:16]
"""What a row of a roster follows from beside the standing; with another program's rosters phones begin anew."""
STEPS_MAX = 200
"""Steps of a place that are read one by one; more are put together into one at the next start."""
RUNS_MAX = 50
"""Runs of headquarters of which cursors are good: a phone that was away for more of them begins anew."""
_log = logging.getLogger("corridor.hq.exchange")


class _Step(msgspec.Struct, frozen=True, array_like=True):
    """Some changes, and the runs that are known with them: in one that was just made its own run only."""

    format: str
    generation: str
    runs: dict[str, int]
    changes: list[Change]


def keep(place: PlaceId | None, generation: str, run: str, changes: list[Change]) -> None:
    """Keep what one bringing up changed. Where that fails phones are answered all the same: what is missing here is
    found to have changed at the next start, and their cursors of until then begin anew."""
    if not changes:
        return
    try:
        RosterStep.objects.create(
            place=place or "", packed=_packed(_Step(FORMAT, generation, {run: changes[-1].number}, changes))
        )
    except Error:
        _log.exception("the numbers of a roster could not be kept")


def load(place: PlaceId | None) -> Kept | None:
    """What is kept of a place's roster; None where there is nothing, or nothing that fits together."""
    rows = list(RosterStep.objects.filter(place=place or "").order_by("id"))
    steps = [_unpacked(bytes(row.packed)) for row in rows]
    kept = _together([step for step in steps if step is not None]) if None not in steps else None
    if rows and (kept is None or len(rows) > STEPS_MAX):
        with transaction.atomic():
            RosterStep.objects.filter(id__in=[row.pk for row in rows]).delete()
            if kept is not None:
                step = _Step(FORMAT, kept.generation, dict(kept.runs), list(kept.changes))
                RosterStep.objects.create(place=place or "", packed=_packed(step))
    return kept


def _together(steps: list[_Step]) -> Kept | None:
    """The steps as one, everybody's last change only; None where numbers do not ascend: two wrote at once."""
    runs: dict[str, int] = {}
    last: dict[PersonId, Change] = {}
    number = 0
    for step in steps:
        first = step.changes[0].number if step.changes else number + 1
        if step.generation != steps[0].generation or first <= number:
            return None
        number = max(step.runs.values())
        for run in step.runs:
            runs.pop(run, None)  # the latest stand last
        runs |= step.runs
        last |= {change.person: change for change in step.changes}
    if not steps:
        return None
    known = dict(list(runs.items())[-RUNS_MAX:])
    return Kept(steps[0].generation, known, sorted(last.values()))


def _packed(step: _Step) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(step), 1)


def _unpacked(packed: bytes) -> _Step | None:
    """A step of this program's rosters; None: it is of another's."""
    step = msgspec.msgpack.decode(zlib.decompress(packed), type=_Step)
    return step if step.format == FORMAT else None
