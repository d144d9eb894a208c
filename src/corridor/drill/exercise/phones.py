"""What an invented phone does in an exercise: it records what happens before it, and sends over a bad network."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from corridor.base.ids import DeviceId, EventId
from corridor.base.limits import BATCH_EVENTS_MAX, EXCHANGE_BATCHES_MAX
from corridor.base.moments import MINUTE_MS, Moment
from corridor.drill.story.diary import Note, resolved
from corridor.drill.trial.schedule import LEVELS, Level
from corridor.ledger.device.answer import AnswerError, read_answer
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.request import write_request
from corridor.ledger.device.signing import SigningKey

Send = Callable[[bytes], bytes | None]
"""Posts a request to headquarters' door for phones; the answer's bytes, or None when none came."""

_LOST = dict(zip(LEVELS, (0.0, 0.1, 0.3), strict=True))
"""How often a request is lost on its way, and as often its answer; a third as often the network is away for long."""
_EVERY_MINUTES = (3, 15)
_AWAY_MINUTES = (20, 120)


class ExercisePhone:
    """One device of the story; `problems` are what headquarters did not take."""

    def __init__(
        self, recorder: Recorder, key: SigningKey, headquarters_key: bytes, faults: Level, rng: random.Random
    ) -> None:
        self.device: DeviceId = recorder.device
        self.problems: list[str] = []
        self._recorder, self._key, self._headquarters_key = recorder, key, headquarters_key
        self._lost, self._rng = _LOST[faults], rng
        self._waiting: list[bytes] = []
        self._next_at: Moment | None = None  # None: it exchanges at once

    @property
    def owes(self) -> bool:
        """Whether it has records that headquarters did not name as taken."""
        return bool(self._waiting)

    def note(self, notes: list[Note], ids: Mapping[str, EventId]) -> dict[str, EventId]:
        """Record what happened; the ids of keyed notes. A note about a record that nobody made is left out."""
        found: dict[str, EventId] = {}
        drafts, keys = [], []
        for note in notes:
            draft = resolved(note, {**ids, **found})
            if draft is not None:
                drafts.append(draft)
                keys.append(note.key)
        for start in range(0, len(drafts), BATCH_EVENTS_MAX):
            raw, made = self._recorder.mint(drafts[start : start + BATCH_EVENTS_MAX])
            self._waiting.append(raw)
            found |= {key: id_ for key, id_ in zip(keys[start:], made, strict=False) if key}
        return found

    def exchange(self, now: Moment, send: Send, *, at_once: bool = False) -> None:
        """Send what waits, when it is time; what gets lost comes again."""
        if not at_once and self._next_at is not None and now < self._next_at:
            return
        self._next_at = Moment(now + self._rng.randint(*_EVERY_MINUTES) * MINUTE_MS)
        lost = 0.0 if at_once else self._lost
        if self._rng.random() < lost / 3:
            self._next_at = Moment(now + self._rng.randint(*_AWAY_MINUTES) * MINUTE_MS)
            return
        if not self._waiting or self._rng.random() < lost:
            return
        batches = self._waiting[:EXCHANGE_BATCHES_MAX]
        nonce = self._rng.randbytes(16).hex()
        answer = send(
            write_request(
                self._key, batches, device=self.device, epoch=self._recorder.epoch, nonce=nonce, sent_at=now,
                app="exercise", backlog=len(self._waiting), offset_ms=0, uncertainty_ms=1_000,
            )
        )  # fmt: skip
        if answer is None or self._rng.random() < lost:
            return
        try:
            facts = read_answer(answer, self._headquarters_key, nonce)
        except AnswerError as error:
            self.problems.append(f"{self.device}: {error}")
            return
        self._hear(facts["verdicts"])

    def _hear(self, verdicts: list[dict[str, Any]]) -> None:
        """Keep only what headquarters neither took nor holds; what it set aside is said and not sent again."""
        for verdict in verdicts:
            if verdict["status"] == "quarantined":
                self.problems.append(f"{self.device}: a batch was set aside, {verdict['code']}")
        del self._waiting[: len(verdicts)]
