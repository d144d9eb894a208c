"""The identity store in memory, for drills and tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from corridor.base.ids import PersonId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.register.access import Reading, ReadsAsked
from corridor.journey.register.identity import decode
from corridor.journey.register.search import Span, keys_of


class MemoryIdentityRows:
    """`IdentityRows` that last as long as the program runs."""

    def __init__(self) -> None:
        self._rows: dict[PersonId, tuple[bytes, Moment]] = {}
        self._readings: list[Reading] = []

    def get(self, persons: Collection[PersonId]) -> Mapping[PersonId, bytes]:
        """The rows of these people; who has none is left out."""
        return {person: self._rows[person][0] for person in persons if person in self._rows}

    def put(self, person: PersonId, data: bytes, recorded_at: Moment) -> None:
        """Write a person's row in place of the one before."""
        self._rows[person] = (data, recorded_at)

    def forget(self, person: PersonId) -> None:
        """Delete a person's row for good."""
        self._rows.pop(person, None)

    def bearers(self, spans: Sequence[Span], most: int) -> Sequence[tuple[PersonId, int]]:
        """Who has keys in these spans, by the sum of what those are worth, greatest first."""
        found = []
        for person, (data, _) in self._rows.items():
            identity = decode(person, data)
            keys = frozenset[bytes]() if isinstance(identity, Refusal) else keys_of(identity)
            worth = sum(span.worth for span in spans if any(span.low <= key < span.high for key in keys))
            if worth:
                found.append((person, worth))
        return sorted(found, key=lambda one: (-one[1], one[0]))[:most]

    def written_since(self, since: Moment) -> Iterator[tuple[PersonId, bytes]]:
        """The rows written at or after a moment."""
        return ((person, data) for person, (data, at) in sorted(self._rows.items()) if at >= since)

    def count(self) -> int:
        """How many people have a row."""
        return len(self._rows)

    def ids(self) -> frozenset[PersonId]:
        """Who has a row."""
        return frozenset(self._rows)

    def log_read(self, reading: Reading) -> None:
        """Keep the reading."""
        self._readings.append(reading)

    def reads(self, person: PersonId | None = None) -> Sequence[Reading]:
        """Every reading, or every one that asked for this person, in order of their logging."""
        return tuple(reading for reading in self._readings if person is None or person in reading.persons)

    def count_reads(self, asked: ReadsAsked) -> int:
        """How many readings there are of these."""
        return sum(map(asked.meets, self._readings))

    def reads_of(self, asked: ReadsAsked, first: int, most: int) -> Sequence[Reading]:
        """At most so many readings of these, the latest first."""
        return tuple(filter(asked.meets, reversed(self._readings)))[first : first + most]

    def read_reasons(self) -> Sequence[str]:
        """Every reason for which something was read, sorted."""
        return sorted({reading.why for reading in self._readings})
