"""What the process that plans is asked, and what it tells: one JSON object a line, either way."""

from __future__ import annotations

from msgspec import Struct
from msgspec.json import Decoder, Encoder

from corridor.journey.planning.counsel import Counsel
from corridor.plan.answer import Plan
from corridor.plan.problem import Problem

STOP = b"stop\n"
"""A line that ends the work: what was found so far is the answer."""


class Task(Struct, frozen=True, kw_only=True):
    """Make a plan for a problem, beginning from `warm`; or with `counsel` say of each flight of the plan `warm` what to
    do. `seconds` are of the processor, for the whole plan or for each one tried. `small`: a word by hand changes
    `warm` a little; else what a dispatcher would do is made too."""

    problem: Problem
    warm: Plan | None = None
    seconds: float
    seed: int = 1
    counsel: bool = False
    small: bool = False


class Told(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """News of the work, each line one: how good the plan is so far, then the whole answer or a fault.

    `value` and `bound` are those found by `seconds` of work. `plan` and `first_come` are proved by the checker.
    `counsel` is of one flight, `done` ends the answer. `fault` is a mistake of the program.
    """

    seconds: float = 0.0
    value: float | None = None
    bound: float | None = None
    plan: Plan | None = None
    first_come: Plan | None = None
    counsel: Counsel | None = None
    done: bool = False
    fault: str = ""


read_task = Decoder(Task).decode
read_told = Decoder(Told).decode
_encoder = Encoder()


def line(one: Task | Told) -> bytes:
    """One line of the conversation."""
    return _encoder.encode(one) + b"\n"
