"""What goes on around people who train? The rest of the story is recorded as it happens, and told where left to them.

CORRIDOR_EXERCISE, which `corridor run --exercise` sets, is JSON: this server's own address, the places that are left to
people, the faults of the network and the seed. The invented phones use the same door as real ones.
"""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from corridor.base.ids import EventId, PersonId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment, datetime_of
from corridor.base.refusal import Refusal
from corridor.drill.exercise.phones import Send
from corridor.drill.exercise.playing import Exercise
from corridor.drill.exercise.score import scored
from corridor.drill.exercise.script import script_of
from corridor.drill.plan_file import load_claims, load_replay
from corridor.drill.replay import generate
from corridor.drill.story.diary import Note
from corridor.hq.served import Served, served
from corridor.journey.register.identity import Identity, encode, full_names
from corridor.ledger.event import Draft
from corridor.opening import headquarters_device

_log = logging.getLogger("corridor.exercise")
_EVERY_SECONDS = 2.0
_SCORED_EVERY_MS = HOUR_MS
_ANSWER_SECONDS = 30.0
_MISSING_SHOWN = 5


class _Desk:
    """Officers at headquarters whom nobody plays."""

    def __init__(self, headquarters: Served) -> None:
        self._headquarters = headquarters

    def record(self, drafts: Sequence[Draft]) -> Sequence[EventId]:
        """Record what headquarters noted."""
        return self._headquarters.opened.writer.record(drafts, self._headquarters.now()).events

    def write(self, person: PersonId, identity: Identity) -> None:
        """Write who somebody is."""
        self._headquarters.opened.identities.put(person, encode(identity), self._headquarters.now())


def begin(environ: Mapping[str, str]) -> None:
    """Go on with the story in a thread of its own, where the environment asks for it."""
    asked = environ.get("CORRIDOR_EXERCISE")
    if asked:
        threading.Thread(target=_run, args=(json.loads(asked),), name="exercise", daemon=True).start()


def exercise_of(headquarters: Served, plan: Mapping[str, Any]) -> tuple[Exercise, dict[PersonId, str]]:
    """The exercise for a practice that has just been made, and the names of the people of the story."""
    operation, found = headquarters.operation, headquarters.opened.found
    story, claims = load_replay(found.folder), load_claims(found.folder)
    assert not isinstance(story, Refusal) and not isinstance(claims, Refusal), "it was loaded from these files"
    replay = generate(operation, story, claims)
    intake, after = headquarters.opened.writer.intake, headquarters.practice_from
    assert after is not None, "only a practice has an exercise"
    script = script_of(replay, headquarters_device(operation), intake.chains, after)
    left = [device.id for device in operation.devices if device.place in plan["left"] and device.kind != "headquarters"]
    key = headquarters.opened.writer.root_key
    names = {person: full_names(identity)[0] for person, identity, _ in replay.identities}
    return Exercise(script, key, left=left, faults=plan["faults"], seed=int(plan["seed"])), names


def sender(address: str) -> Send:
    """How a phone posts a request to the door of this address; None when no answer came."""

    def send(raw: bytes) -> bytes | None:
        request = urllib.request.Request(
            f"{address}/field/exchange", data=raw, headers={"Content-Type": "application/octet-stream"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            _log.warning("an invented phone was refused: %s", error.read(500).decode(errors="replace"))
        except (OSError, http.client.HTTPException) as error:
            _log.info("no answer to an invented phone: %s", error)
        return None

    return send


def _run(plan: Mapping[str, Any]) -> None:
    send = sender(plan["address"])
    while not _serves(plan["address"]):
        time.sleep(0.5)
    headquarters = served()
    exercise, names = exercise_of(headquarters, plan)
    desk = _Desk(headquarters)
    scored_at = headquarters.now()
    while not exercise.over:
        now = headquarters.now()
        for note in exercise.step(now, desk, send):
            _say(told(note, names, headquarters.operation.as_of_zone))
        if exercise.left and now - scored_at > _SCORED_EVERY_MS:
            scored_at = now
            _say(score_line(headquarters, exercise, now))
        time.sleep(_EVERY_SECONDS)
    exercise.finish(headquarters.now(), send)
    _say("The story is over." + (f" {score_line(headquarters, exercise, headquarters.now())}" if exercise.left else ""))


def told(note: Note, names: Mapping[PersonId, str], zone: str) -> str:
    """What happens before the people who train, in a line for whoever leads the exercise to read out."""
    draft = note.draft
    way = f" to {draft.target.partition(':')[2]}" if draft.target else ""
    who = ", ".join(f"{names.get(person, '?')} ({person})" for person in draft.persons)
    return f"{datetime_of(draft.happened_at, zone):%d %b %H:%M}  {note.device}  {draft.kind}{way}: {who or '-'}"


def score_line(headquarters: Served, exercise: Exercise, now: Moment) -> str:
    """How much of it is in the book by now; what happened in the last minutes may still be on its way."""
    assert headquarters.practice_from is not None, "only a practice has an exercise"
    story = frozenset(device.id for device in headquarters.operation.devices if device.kind != "headquarters")
    due = [note for note in exercise.told if note.draft.happened_at < now - 30 * MINUTE_MS]
    score = scored(due, story, headquarters.practice_from, headquarters.board_now().view)
    line = f"Score: {score.recorded} of {score.happened} moves recorded, {score.suspense} people in suspense."
    if score.missing:
        named = [f"{person} to {target.partition(':')[2]}" for _, person, target in score.missing[:_MISSING_SHOWN]]
        line += f" Missing: {', '.join(named)}{' and more' if len(score.missing) > _MISSING_SHOWN else ''}."
    return line


def _say(line: str) -> None:
    """To the terminal of `corridor run`: whoever leads the exercise stands there."""
    print(line, flush=True)


def _serves(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/alive/", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
