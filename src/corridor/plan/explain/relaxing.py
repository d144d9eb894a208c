"""What could be otherwise: changes of a problem, what each costs, how it reads, and the problem with them made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from corridor.base.moments import MINUTE_MS, Moment, datetime_of
from corridor.plan.answer import Relaxation
from corridor.plan.problem import Problem

EASE = {
    "seats": 1,
    "laps": 1,
    "beds": 1,
    "holding": 1,
    "hall": 1,
    "wheelchairs": 2,
    "stretchers": 2,
    "share": 2,
    "vehicles": 2,
    "queue": 2,
    "gate": 3,
    "shift": 4,
    "officers": 6,
    "pool": 6,
    "fleet": 8,
    "allowed": 10,
    "wait": 10,
    "validity": 10,
    "lock": 10,
}
"""How hard one unit of each change is to come by: a seat, a bed, a person an hour at a gate, an hour of a shift, an
officer, an escort, a vehicle, somebody's leave. Of several sets of changes that place a party the easiest is named."""

_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Change:
    """A relaxation with its kind in `EASE` and how many units of it."""

    kind: str
    units: int
    relaxation: Relaxation

    @property
    def cost(self) -> int:
        """How hard it is to come by."""
        return EASE[self.kind] * self.units


def change(kind: str, units: int, path: str, to: int | tuple[str, ...], says: str) -> Change:
    """A change of so many units."""
    return Change(kind, units, Relaxation(path=path, to=to, says=says))


def cost(changes: Iterable[Change]) -> int:
    """How hard all of them together are."""
    return sum(one.cost for one in changes)


def relaxed(problem: Problem, relaxations: Iterable[Relaxation]) -> Problem:
    """The problem with the changes made. A lock or wait is taken away by the value ``()``; those with the highest
    number in their list are taken away first, so that paths stay what they were."""
    for relaxation in sorted(relaxations, key=lambda one: _parts(one.path), reverse=True):
        changed = _set(problem, _parts(relaxation.path), relaxation.to)
        assert isinstance(changed, Problem), "the first part of a path is a key of the problem"
        problem = changed
    return problem


def _parts(path: str) -> tuple[tuple[str, int], ...]:
    """A path's keys and numbers, each with the other one empty."""
    return tuple((name, int(number or 0)) for name, number in _STEP.findall(path))


def _set(there: object, parts: tuple[tuple[str, int], ...], to: int | tuple[str, ...]) -> object:
    if not parts:
        return to
    (name, number), rest = parts[0], parts[1:]
    if name:
        assert isinstance(there, msgspec.Struct), "a key is of a part of the problem"
        return msgspec.structs.replace(there, **{name: _set(getattr(there, name), rest, to)})
    assert isinstance(there, tuple), "a number is of a list"
    if not rest and to == ():
        return there[:number] + there[number + 1 :]
    return (*there[:number], _set(there[number], rest, to), *there[number + 1 :])


def clock(problem: Problem, minute: int) -> str:
    """A minute of the plan as people read it, in UTC."""
    return datetime_of(Moment(problem.start + minute * MINUTE_MS)).strftime("%Y-%m-%d %H:%M UTC")


def counted(count: int, one: str, many: str) -> str:
    """``1 seat``, ``3 seats``."""
    return f"{count} {one if count == 1 else many}"
