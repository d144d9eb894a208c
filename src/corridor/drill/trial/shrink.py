"""The least that still goes wrong: steps of a failing drill left out for as long as the same breach remains."""

from __future__ import annotations

from corridor.drill.trial.playing import Outcome, play
from corridor.drill.trial.schedule import Schedule, Step

PLAYS_MAX = 400
"""How often a failing drill is played again at most while steps are left out."""


def shrunk(schedule: Schedule, breach: str, plays_max: int = PLAYS_MAX) -> Schedule:
    """A schedule with as few of the steps as were found to break the same law in the same words but its numbers."""
    steps = list(schedule.steps)
    kind, plays, size = _kind(breach), 0, max(1, len(steps) // 2)
    while size and plays < plays_max:
        start = 0
        while start < len(steps) and plays < plays_max:
            fewer = steps[:start] + steps[start + size :]
            plays += 1
            if _breaks(schedule, fewer, kind):
                steps = fewer
            else:
                start += size
        size //= 2
    return schedule._replace(steps=tuple(steps))


def _breaks(schedule: Schedule, steps: list[Step], kind: str) -> bool:
    outcome: Outcome = play(schedule._replace(steps=tuple(steps)))
    return any(_kind(breach) == kind for breach in outcome.breaches)


def _kind(breach: str) -> str:
    """What a breach says before the first colon: its law, or the error's type."""
    return breach.partition(":")[0]
