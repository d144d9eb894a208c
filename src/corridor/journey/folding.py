"""How the events of a stage are read: each once, in one order, with typed bodies; what cannot be read is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corridor.base.ids import EventId, PersonId
from corridor.base.refusal import Refusal
from corridor.journey.findings import Finding, FindingKind
from corridor.journey.kinds import Kind, body_of
from corridor.ledger.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An event of the stage whose body does not fit its kind: kept, and shown to a person."""

    event: EventId
    persons: tuple[PersonId, ...]
    why: Refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """The events of a stage with their typed bodies, in `Event.order`, and the ones that could not be read."""

    facts: tuple[tuple[Event, Any], ...]
    unreadable: tuple[Unreadable, ...]


UNREADABLE_RECORD = FindingKind(
    "unreadable_record",
    "The record {event} cannot be read: {why}",
    "Ask whoever recorded it, and correct it with a new record.",
)


def read(events: Iterable[Event], kinds: Iterable[Kind]) -> Reading:
    """Events of these kinds, each once and in one order: the answer depends on the set of events only."""
    by_name = {kind.name: kind for kind in kinds}
    chosen = {(event.id, event.hash): event for event in events if event.kind in by_name}
    facts: list[tuple[Event, Any]] = []
    unreadable: list[Unreadable] = []
    for event in sorted(chosen.values(), key=lambda event: (event.order, event.hash)):
        body = body_of(by_name[event.kind].body, event.kind, event.body)
        if isinstance(body, Refusal):
            unreadable.append(Unreadable(event=event.id, persons=event.persons, why=body))
        else:
            facts.append((event, body))
    return Reading(tuple(facts), tuple(unreadable))


def unreadable_records(unreadable: Iterable[Unreadable]) -> tuple[Finding, ...]:
    """A finding for every record that could not be read."""
    return tuple(UNREADABLE_RECORD(item.persons, event=item.event, why=item.why.says) for item in unreadable)
