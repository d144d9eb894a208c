"""Which changes of the operation file need a second person's signature: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

from corridor.base.operation import Operation


def _who_may_come(operation: Operation) -> object:
    """The rules, and the partner states: their citizens may come too, and their liaisons see these people."""
    return operation.eligibility, frozenset((one.id, one.country) for one in operation.partners)


def _ways_out(operation: Operation) -> object:
    """The legs by which somebody leaves danger or a gate: a new one could lead around a rule."""
    return tuple(
        (leg.id, leg.source, leg.target)
        for leg in operation.legs
        if operation.place(leg.source).role in ("origin", "gate")
    )


def _escorts(operation: Operation) -> object:
    """Which fleet serves which legs with which escorts, in the order in which fleets are chosen."""
    return tuple((one.id, one.mode, one.partner, one.legs, one.escorts) for one in operation.fleets)


SIGNED: Mapping[str, Callable[[Operation], object]] = {
    "eligibility": _who_may_come,
    "authorities": lambda operation: operation.authorities,
    "clearance_rules": lambda operation: operation.clearance_rules,
    "paper_rules": lambda operation: operation.paper_rules,
    "permits": lambda operation: operation.permits,
    "ways_out": _ways_out,
    "place_roles": lambda operation: tuple((place.id, place.role) for place in operation.places),
    "users": lambda operation: operation.users,
    "escorts": _escorts,
}
"""What a second person signs, by name, and how it reads from an operation: who may come and pass, whose word counts,
which papers and permits are asked, by which legs people leave danger, which places count as out, who works here in
which role, and how many escorts go along. Everything else comes into force by the word of one."""

SECTIONS: tuple[str, ...] = tuple(part.name for part in fields(Operation) if part.init)
"""The sections of the operation file, in its order."""


def sections_changed(before: Operation, after: Operation) -> tuple[str, ...]:
    """The sections in which two operations differ, in the order of the file; none: only remarks do."""
    return tuple(name for name in SECTIONS if getattr(before, name) != getattr(after, name))


def to_be_signed(before: Operation, after: Operation) -> tuple[str, ...]:
    """The rows of `SIGNED` in which two operations differ; none: no signature is needed."""
    return tuple(name for name, read in SIGNED.items() if read(before) != read(after))
