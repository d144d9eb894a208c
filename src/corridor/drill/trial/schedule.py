"""What goes wrong in a drill and when: every step drawn beforehand from the seed, so that any can be left out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment
from corridor.drill.trial.truth import START, Fact, facts_of

Level = Literal["none", "light", "all"]
LEVELS: tuple[Level, ...] = ("none", "light", "all")
POSTS = ("gate", "camp", "town", "home")
"""Where devices stand, in this order; with more devices than posts, several stand at one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How large a drill is and how much goes wrong in it."""

    people: int = 8
    devices: int = 4
    days: int = 2
    faults: Level = "all"


class Step(NamedTuple):
    """One step: when, what (a method of `corridor.drill.trial.world.World`), to which device or fact, with what luck.

    All chance within the step is drawn from `luck`, so that leaving out other steps does not change it.
    """

    at: Moment
    name: str
    number: int
    luck: int


class Schedule(NamedTuple):
    """A whole drill: the truth, and the steps in the order of time."""

    setting: Setting
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]


_PER_DEVICE_DAY = {
    # how many a device and day there are of each: with light faults, and with all of them
    "jump_clock": (0.03, 0.1),
    "kill_phone": (0.2, 0.5),
    "cut_power": (0.05, 0.3),
    "fill_phone": (0.02, 0.1),
    "part": (0.1, 0.3),
    "copy_phone": (0.1, 0.4),
    "restore_phone": (0.0, 0.12),
    "clone_phone": (0.0, 0.08),
    "lose_phone": (0.0, 0.06),
}
_PER_DAY = {
    "kill_headquarters": (0.3, 2.0),
    "fill_headquarters": (0.1, 0.3),
    "restore_headquarters": (0.0, 0.2),
    "keep_checkpoint": (0.5, 0.7),
    "judge_fork": (0.1, 0.5),
    "look": (0.3, 0.6),
    "late_copies": (1.0, 2.0),
}
_EXCHANGES_PER_DEVICE_DAY = 5
_AT_DESKS_PER_DAY = {"order": 2, "read_names": 2}


def schedule_of(seed: int, setting: Setting) -> Schedule:
    """The drill of a seed; the same for the same arguments."""
    rng = random.Random(seed)
    facts = facts_of(rng, setting.people, setting.days)
    steps = sorted([*_happenings(rng, facts), *_backups(setting), *_chances(rng, setting)])
    return Schedule(setting, tuple(facts), tuple(steps))


def _happenings(rng: random.Random, facts: list[Fact]) -> Iterator[Step]:
    for number, fact in enumerate(facts):
        yield Step(fact.at, "happen", number, rng.getrandbits(48))


def _backups(setting: Setting) -> Iterator[Step]:
    for day in range(setting.days):
        yield Step(Moment(START + day * DAY_MS + 2 * HOUR_MS), "back_up", 0, 0)


def _chances(rng: random.Random, setting: Setting) -> Iterator[Step]:
    span = setting.days * DAY_MS
    for device in range(setting.devices):
        at = START + (rng.randrange(10 * HOUR_MS) if rng.random() < 0.3 else 0)  # some work before they are enrolled
        yield Step(Moment(at), "enrol", device, 0)
        for _ in range(_EXCHANGES_PER_DEVICE_DAY * setting.days):
            yield Step(Moment(START + rng.randrange(span)), "exchange", device, rng.getrandbits(48))
    for name, number in _AT_DESKS_PER_DAY.items():
        for _ in range(number * setting.days):
            yield Step(Moment(START + rng.randrange(span)), name, 0, rng.getrandbits(48))
    if setting.faults == "none":
        return
    column = LEVELS.index(setting.faults) - 1
    for name, rates in _PER_DEVICE_DAY.items():
        for device in range(setting.devices):
            yield from _draw(rng, name, device, rates[column], setting.days)
    for name, rates in _PER_DAY.items():
        yield from _draw(rng, name, 0, rates[column], setting.days)


def _draw(rng: random.Random, name: str, number: int, rate: float, days: int) -> Iterator[Step]:
    for day in range(days):
        for _ in range(int(rate) + (rng.random() < rate % 1)):
            at = Moment(START + day * DAY_MS + rng.randrange(DAY_MS // MINUTE_MS) * MINUTE_MS)
            yield Step(at, name, number, rng.getrandbits(48))
