"""How a stage reads its events: each once, in one order, with typed bodies; what cannot be read is kept aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corridor.base.ids import EventId
from corridor.base.refusal import Refusal
from corridor.journey.kinds import Kind, body_of
from corridor.ledger.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An event whose body does not fit its kind: it stays in the ledger, and says why it was not understood."""

    event: EventId
    refusal: Refusal


def in_order(events: Iterable[Event]) -> Iterator[Event]:
    """Every event once, by corrected time: the same for any order and any number of repeats.

    Events voided by a correction are not given here; the book leaves them out.
    """
    last: EventId | None = None
    for event in sorted(events, key=lambda event: (event.order, event.hash)):
        if event.id != last:
            yield event
        last = event.id


def read(
    events: Iterable[Event], kinds: Mapping[str, Kind], unreadable: list[Unreadable]
) -> Iterator[tuple[Event, Any]]:
    """The events of these kinds in order, with their bodies; those that cannot be read go to `unreadable`."""
    for event in in_order(event for event in events if event.kind in kinds):
        kind = kinds[event.kind]
        body = body_of(kind.body, kind.name, event.body)
        if isinstance(body, Refusal):
            unreadable.append(Unreadable(event=event.id, refusal=body))
        else:
            yield event, body


def by_name(kinds: Iterable[Kind]) -> Mapping[str, Kind]:
    """The kinds by their names."""
    return {kind.name: kind for kind in kinds}
