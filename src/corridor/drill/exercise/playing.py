"""How an exercise goes on: what has happened by now is recorded by headquarters and phones, or left to the people.

The clock, the door for phones and the writer come in as arguments, so that a test plays a day in a second.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from typing import Protocol

from corridor.base.ids import DeviceId, EventId, PersonId
from corridor.base.moments import Moment
from corridor.drill.exercise.phones import ExercisePhone, Send
from corridor.drill.exercise.script import Script
from corridor.drill.story.diary import Note, resolved
from corridor.drill.trial.schedule import Level
from corridor.journey.register.identity import Identity
from corridor.ledger.event import Draft


class Desk(Protocol):
    """What an exercise may do at headquarters, in the place of officers."""

    def record(self, drafts: Sequence[Draft]) -> Sequence[EventId]:
        """Record what headquarters noted; the ids, in the order of the drafts."""

    def write(self, person: PersonId, identity: Identity) -> None:
        """Write who somebody is."""


class Exercise:
    """The story going on. What happens before the devices in `left` nobody records: it is told, for people to do."""

    def __init__(
        self, script: Script, headquarters_key: bytes, *, left: Collection[DeviceId], faults: Level, seed: int
    ) -> None:
        self._script = script
        self._ids = dict(script.ids)
        self._done = dict.fromkeys(script.rest, 0)
        self._written = 0
        self.left = frozenset(left)
        self.told: list[Note] = []
        self.phones = [
            ExercisePhone(
                recorder, script.keys[device], headquarters_key, faults, random.Random(f"exercise {seed} {device}")
            )
            for device, recorder in sorted(script.recorders.items())
            if device not in self.left
        ]

    def step(self, now: Moment, desk: Desk, send: Send) -> list[Note]:
        """Everything up to now; what happened before the people who train since the last step."""
        while self._written < len(self._script.identities) and self._script.identities[self._written][2] <= now:
            person, identity, _ = self._script.identities[self._written]
            desk.write(person, identity)
            self._written += 1
        self._at_headquarters(self._until(self._script.headquarters, now), desk)
        for phone in self.phones:
            self._ids |= phone.note(self._until(phone.device, now), self._ids)
            phone.exchange(now, send)
        told = [note for device in sorted(self.left) for note in self._until(device, now)]
        self.told += told
        return told

    def finish(self, now: Moment, send: Send) -> None:
        """The network is good, and every phone sends what it still has."""
        for phone in self.phones:
            while phone.owes and not phone.problems:
                phone.exchange(now, send, at_once=True)

    @property
    def over(self) -> bool:
        """Whether nothing is left to happen."""
        return all(self._done[device] == len(notes) for device, notes in self._script.rest.items())

    def _until(self, device: DeviceId, now: Moment) -> list[Note]:
        """What happened before a device since it was last asked."""
        notes, first = self._script.rest.get(device, ()), self._done.get(device, 0)
        last = first
        while last < len(notes) and notes[last].draft.happened_at <= now:
            last += 1
        self._done[device] = last
        return list(notes[first:last])

    def _at_headquarters(self, notes: list[Note], desk: Desk) -> None:
        """Headquarters' own notes, one commit for all between two that name each other."""
        waiting: list[tuple[Note, Draft]] = []

        def record() -> None:
            made = desk.record([draft for _, draft in waiting])
            self._ids.update({note.key: id_ for (note, _), id_ in zip(waiting, made, strict=True) if note.key})
            waiting.clear()

        for note in notes:
            if note.refers is not None and note.refers[1] not in self._ids and waiting:
                record()
            draft = resolved(note, self._ids)
            if draft is not None:
                waiting.append((note, draft))
        if waiting:
            record()
