"""A small history for tests of the stages: events written down one by one, with times one can read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from corridor.base.ids import AccountId, DeviceId, EventId, PersonId, UserId
from corridor.base.moments import Moment, parse_moment
from corridor.ledger.event import Event


def at(text: str) -> Moment:
    """A moment of 14 November 2023 from ``09:10``, or of another day from ``15T09:10``."""
    day, _, clock = text.rpartition("T")
    return parse_moment(f"2023-11-{day or '14'}T{clock}Z")


class History:
    """Events as one device recorded them, in the order of writing; the times may be in any order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(
        self,
        when: str,
        kind: str,
        *persons: str,
        by: str = "officer",
        source: str | None = None,
        target: str | None = None,
        told_by: str | None = None,
        **body: Any,
    ) -> Event:
        """Record one event; `told_by` is the body's `source`, which is not the account."""
        if told_by is not None:
            body["source"] = told_by
        number = len(self.events) + 1
        event = Event(
            id=EventId(DeviceId("desk"), 1, number),
            hash=hashlib.sha256(f"desk/1/{number}".encode()).digest(),
            happened_at=at(when),
            clock_offset_ms=0,
            clock_uncertainty_ms=0,
            by=UserId(by),
            kind=kind,
            persons=tuple(PersonId(person) for person in persons),
            source=None if source is None else AccountId(source),
            target=None if target is None else AccountId(target),
            body=body,
            received_at=at(when),
        )
        self.events.append(event)
        return event

    def register(
        self, when: str, person: str, party: str, age_band: str = "adult", country: str = "RUS", **body: Any
    ) -> Event:
        """Record that a person was registered in the town."""
        return self.add(
            when,
            "registered",
            person,
            source="outside",
            target="place:town",
            party=party,
            citizenships=[country],
            age_band=age_band,
            **body,
        )

    def of(self, person: str) -> list[Event]:
        """Everything that names the person."""
        return [event for event in self.events if person in event.persons]

    def persons(self) -> set[PersonId]:
        """Everybody whom any event names."""
        return {person for event in self.events for person in event.persons}


def histories(kinds: Iterable[tuple[str, dict[str, Any]]], persons: tuple[str, ...]) -> st.SearchStrategy[list[Event]]:
    """Strategy: up to twelve events of these kinds and bodies, at times that often meet, naming one or more people."""
    steps = st.tuples(
        st.sampled_from(list(kinds)),
        st.integers(min_value=0, max_value=5),
        st.lists(st.sampled_from(persons), min_size=1, max_size=len(persons), unique=True),
        st.sampled_from(("officer", "second")),
    )

    def written(steps: list[tuple[tuple[str, dict[str, Any]], int, list[str], str]]) -> list[Event]:
        history = History()
        for (kind, body), hour, named, by in steps:
            told_by = body.get("source")
            facts = {name: value for name, value in body.items() if name != "source"}
            history.add(f"{8 + hour:02}:00", kind, *named, by=by, told_by=told_by, **facts)
        return history.events

    return st.lists(steps, max_size=12).map(written)


@st.composite
def arrivals(draw: st.DrawFn, events: st.SearchStrategy[list[Event]]) -> tuple[list[Event], list[Event]]:
    """Strategy: a history, and the same as it may arrive: in any order, some of it more than once."""
    history = draw(events)
    again = draw(st.lists(st.sampled_from(history), max_size=4)) if history else []
    return history, draw(st.permutations([*history, *again]))
