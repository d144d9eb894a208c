"""An exercise tells the rest of the story: phones send it over a bad network, and what is left to people is scored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from corridor.base.ids import DeviceId, EventId, PersonId, UserId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment, parse_moment
from corridor.base.operation import Operation
from corridor.base.operation_file import load_operation
from corridor.base.refusal import Refusal
from corridor.drill.exercise.playing import Exercise
from corridor.drill.exercise.score import scored
from corridor.drill.exercise.script import Script, script_of
from corridor.drill.plan_file import load_claims, load_replay
from corridor.drill.replay import Replay, generate
from corridor.drill.trial.schedule import Level
from corridor.journey.register.identity import Identity
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.device.answer import write_answer
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.request import read_request
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.kinds import DEVICE_ENROLLED
from corridor.ledger.stores.memory import MemoryStore
from corridor.ledger.writer import Writer
from corridor.opening import ways_of

GAZA = Path(__file__).resolve().parents[2] / "operations" / "gaza-2023"
BEGINS = parse_moment("2023-11-14T12:00Z")
ENDS = Moment(BEGINS + 20 * HOUR_MS)


@pytest.fixture(scope="module")
def operation() -> Operation:
    """gaza-2023."""
    read = load_operation(GAZA / "operation.toml")
    assert isinstance(read, Operation)
    return read


@pytest.fixture(scope="module")
def replay(operation: Operation) -> Replay:
    """Its whole story."""
    plan, claims = load_replay(GAZA), load_claims(GAZA)
    assert not isinstance(plan, Refusal) and not isinstance(claims, Refusal)
    return generate(operation, plan, claims)


class Practice:
    """A practice of the story's first part, with the door for phones as a function."""

    def __init__(self, operation: Operation, replay: Replay, until: Moment) -> None:
        self.root = DeviceId("headquarters")
        store = MemoryStore()
        Writer.found(store, operation.name, self.root, replay.headquarters_key.public)
        self.writer = Writer(store, replay.headquarters_key)
        for delivery in replay.deliveries:
            if delivery.received_at <= until:
                self.writer.receive((delivery.raw,), delivery.received_at)
        self.book = Book(ways_of(operation), self.writer.intake, store.raw)
        self.key, self.now, self.identities = replay.headquarters_key, until, 0

    def script(self, replay: Replay) -> Script:
        """The rest of the story."""
        return script_of(replay, self.root, self.writer.intake.chains, BEGINS)

    def record(self, drafts: Sequence[Draft]) -> Sequence[EventId]:
        """Headquarters records."""
        return self.writer.record(drafts, self.now).events

    def write(self, person: PersonId, identity: Identity) -> None:
        """An identity is written."""
        self.identities += 1

    def send(self, raw: bytes) -> bytes:
        """What the door for phones does with a request."""
        request = read_request(raw)
        verdicts = [{"status": one.status, "code": one.code} for one in self.writer.receive(request.batches, self.now)]
        return write_answer(self.key, {"nonce": request.header.nonce, "verdicts": verdicts})

    def view(self) -> View:
        """The book as it is."""
        return View(self.book, self.now, self.now)


def play(practice: Practice, exercise: Exercise) -> None:
    """Twenty hours in steps of ten minutes."""
    while practice.now < ENDS:
        practice.now = Moment(practice.now + 10 * MINUTE_MS)
        exercise.step(practice.now, practice, practice.send)
    exercise.finish(practice.now, practice.send)


@pytest.mark.parametrize("faults", ["none", "all"])
def test_nobody_trains_and_the_story_comes_true(operation: Operation, replay: Replay, faults: Level) -> None:
    """However bad the network, everybody stands in the end where the whole story has them, and nothing was refused."""
    practice = Practice(operation, replay, BEGINS)
    exercise = Exercise(practice.script(replay), practice.key.public, left=(), faults=faults, seed=7)
    play(practice, exercise)
    assert [problem for phone in exercise.phones for problem in phone.problems] == []
    whole = Practice(operation, replay, Moment(ENDS + 48 * HOUR_MS))
    whole.now = practice.now
    expected = View(whole.book, ENDS, Moment(ENDS + 48 * HOUR_MS))
    assert practice.view().accounts() == expected.accounts()
    assert practice.identities == sum(BEGINS < at <= ENDS for _, _, at in replay.identities)
    assert not exercise.over


def test_what_is_left_to_people_is_told_and_scored(operation: Operation, replay: Replay) -> None:
    """The gates' phones are left to people: what they do not record is missing, what somebody records is not."""
    left = (DeviceId("gate-1"), DeviceId("gate-2"))
    practice = Practice(operation, replay, BEGINS)
    exercise = Exercise(practice.script(replay), practice.key.public, left=left, faults="none", seed=7)
    play(practice, exercise)
    assert exercise.told and {note.device for note in exercise.told} <= set(left)
    story = frozenset(device.id for device in operation.devices) - {practice.root}
    nobody = scored(exercise.told, story, BEGINS, practice.view())
    moves = [note for note in exercise.told if note.draft.target is not None]
    assert nobody.happened == sum(len(note.draft.persons) for note in moves) > 0
    assert nobody.recorded == 0 and len(nobody.missing) == nobody.happened
    trained = SigningKey.from_seed(b"somebody who trains".ljust(32, b"\0"))
    body = {"device": "mine", "public_key": trained.public.hex()}
    practice.record([Draft(kind=DEVICE_ENROLLED, happened_at=practice.now, by=UserId("duty"), body=body)])
    raw, _ = Recorder(DeviceId("mine"), trained).mint([moves[0].draft])
    (verdict,) = practice.writer.receive([raw], practice.now)
    assert verdict.status == "accepted"
    once = scored(exercise.told, story, BEGINS, practice.view())
    assert once.recorded == len(moves[0].draft.persons)


def test_what_a_phone_sends_is_a_request_like_any_other(operation: Operation, replay: Replay) -> None:
    """A request proves itself by the device's key, and says how much waits."""
    practice = Practice(operation, replay, BEGINS)
    script = practice.script(replay)
    exercise = Exercise(script, practice.key.public, left=(), faults="none", seed=7)
    seen: list[bytes] = []

    def send(raw: bytes) -> bytes:
        seen.append(raw)
        return practice.send(raw)

    practice.now = Moment(BEGINS + 6 * HOUR_MS)
    exercise.step(practice.now, practice, send)
    requests = [read_request(raw) for raw in seen]
    assert requests
    for request in requests:
        assert request.proved(script.keys[DeviceId(request.header.device)].public)
        assert request.header.backlog >= len(request.batches) > 0
    assert json.loads(msgspec.json.encode(requests[0].header))["app"] == "exercise"
