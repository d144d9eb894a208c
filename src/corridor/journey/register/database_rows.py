"""The identity store on a database: one erasable row a person, and the log of who read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.register.access import Reading, ReadsAsked
from corridor.journey.register.identity import decode
from corridor.journey.register.search import Span, keys_of
from corridor.ledger.stores.database import Database

_TABLES = (
    "CREATE TABLE IF NOT EXISTS identity (person TEXT PRIMARY KEY, recorded_at NUMBER NOT NULL, data BYTES NOT NULL)",
    """CREATE TABLE IF NOT EXISTS reading (
        number NUMBER PRIMARY KEY, at NUMBER NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL,
        persons TEXT NOT NULL, why TEXT NOT NULL, refused TEXT)""",
    "CREATE INDEX IF NOT EXISTS identity_recorded_at ON identity (recorded_at)",
    "CREATE TABLE IF NOT EXISTS identity_key (key BYTES NOT NULL, person TEXT NOT NULL, PRIMARY KEY (key, person))",
)
_ASKED_AT_ONCE = 500
_PUT = """INSERT INTO identity (person, recorded_at, data) VALUES (?, ?, ?)
    ON CONFLICT (person) DO UPDATE SET recorded_at = excluded.recorded_at, data = excluded.data"""


class DatabaseIdentityRows:
    """`IdentityRows` on SQLite or PostgreSQL; persons stand in a reading as a JSON list of ids."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(*_TABLES)
        self._make_keys()

    def get(self, persons: Collection[PersonId]) -> Mapping[PersonId, bytes]:
        """The rows of these people; who has none is left out."""
        found: dict[PersonId, bytes] = {}
        asked = sorted(persons)
        for start in range(0, len(asked), _ASKED_AT_ONCE):
            slice_ = asked[start : start + _ASKED_AT_ONCE]
            marks = ", ".join("?" * len(slice_))
            query = f"SELECT person, data FROM identity WHERE person IN ({marks})"
            found |= {PersonId(person): bytes(data) for person, data in self._database.run(query, slice_)}
        return found

    def put(self, person: PersonId, data: bytes, recorded_at: Moment) -> None:
        """Write a person's row in place of the one before, with the keys it is found by."""
        self.put_many([(person, data, recorded_at)])

    def put_many(self, rows: Sequence[tuple[PersonId, bytes, Moment]]) -> None:
        """Write many rows in one commit."""
        with self._database.transaction():
            self._drop_keys([person for person, _, _ in rows])
            self._database.run_many(_PUT, [(person, recorded_at, data) for person, data, recorded_at in rows])
            self._add_keys([(person, data) for person, data, _ in rows])

    def forget(self, person: PersonId) -> None:
        """Delete a person's row and keys for good."""
        with self._database.transaction():
            self._drop_keys([person])
            self._database.run("DELETE FROM identity WHERE person = ?", (person,))

    def bearers(self, spans: Sequence[Span], most: int) -> Sequence[tuple[PersonId, int]]:
        """Who has keys in these spans, by the sum of what those are worth, greatest first."""
        if not spans:
            return ()
        each = " UNION ALL ".join(
            f"SELECT DISTINCT person, {span.worth:d} AS worth FROM identity_key WHERE key >= ? AND key < ?"
            for span in spans
        )
        query = f"SELECT person, SUM(worth) FROM ({each}) AS hit GROUP BY person ORDER BY 2 DESC, person LIMIT {most:d}"
        ends = [end for span in spans for end in (span.low, span.high)]
        return [(PersonId(person), int(worth)) for person, worth in self._database.run(query, ends)]

    def written_since(self, since: Moment) -> Iterator[tuple[PersonId, bytes]]:
        """The rows written at or after a moment, fetched in slices."""
        query = "SELECT person, data FROM identity WHERE recorded_at >= ? AND person > ? ORDER BY person LIMIT 500"
        last = ""
        while rows := self._database.run(query, (since, last)):
            yield from ((PersonId(person), bytes(data)) for person, data in rows)
            last = rows[-1][0]

    def count(self) -> int:
        """How many people have a row."""
        return int(self._database.run("SELECT COUNT(*) FROM identity")[0][0])

    def ids(self) -> frozenset[PersonId]:
        """Who has a row."""
        return frozenset(PersonId(person) for (person,) in self._database.run("SELECT person FROM identity"))

    def _make_keys(self) -> None:
        """The keys of a database that was written before there were any."""
        if self._database.run("SELECT 1 FROM identity_key LIMIT 1"):
            return
        with self._database.transaction():
            rows = self._database.run("SELECT person, data FROM identity")
            self._add_keys([(PersonId(person), bytes(data)) for person, data in rows])

    def _add_keys(self, rows: Sequence[tuple[PersonId, bytes]]) -> None:
        """A row that cannot be read has no keys; whoever reads it is told so. Sorted: so the index grows quickest."""
        keys = sorted((key, person) for person, data in rows for key in _keys_in(person, data))
        if keys:
            self._database.run_many("INSERT INTO identity_key (key, person) VALUES (?, ?)", keys)

    def _drop_keys(self, persons: Collection[PersonId]) -> None:
        """The keys are worked out from the row that has them, so that no second index is needed to find them."""
        keys = [(key, person) for person, data in self.get(persons).items() for key in _keys_in(person, data)]
        if keys:
            self._database.run_many("DELETE FROM identity_key WHERE key = ? AND person = ?", keys)

    def log_read(self, reading: Reading) -> None:
        """Keep the reading durably before returning."""
        self._database.run(
            """INSERT INTO reading (number, at, who, role, persons, why, refused)
            SELECT COALESCE(MAX(number), 0) + 1, ?, ?, ?, ?, ?, ? FROM reading""",
            (reading.at, reading.who, reading.role, json.dumps(reading.persons), reading.why, reading.refused),
        )

    def reads(self, person: PersonId | None = None) -> Sequence[Reading]:
        """Every reading, or every one that asked for this person, in order of their logging."""
        rows = self._database.run(f"SELECT {_READING} FROM reading ORDER BY number")
        return tuple(one for one in map(_reading, rows) if person is None or person in one.persons)

    def count_reads(self, asked: ReadsAsked) -> int:
        """How many readings there are of these."""
        where, facts = _asked(asked)
        return int(self._database.run(f"SELECT COUNT(*) FROM reading WHERE {where}", facts)[0][0])

    def reads_of(self, asked: ReadsAsked, first: int, most: int) -> Sequence[Reading]:
        """At most so many readings of these, the latest first."""
        where, facts = _asked(asked)
        query = f"SELECT {_READING} FROM reading WHERE {where} ORDER BY number DESC LIMIT {most:d} OFFSET {first:d}"
        return tuple(map(_reading, self._database.run(query, facts)))

    def read_reasons(self) -> Sequence[str]:
        """Every reason for which something was read, sorted."""
        return [str(row[0]) for row in self._database.run("SELECT DISTINCT why FROM reading ORDER BY why")]


_READING = "at, who, role, persons, why, refused"


def _reading(row: Sequence[Any]) -> Reading:
    at, who, role, persons, why, refused = row
    return Reading(
        at=Moment(at), who=UserId(who), role=role, persons=tuple(json.loads(persons)), why=why, refused=refused
    )


def _asked(asked: ReadsAsked) -> tuple[str, list[str | int]]:
    """The condition and its facts. A person is found as a word of the JSON list, which replacing it would change."""
    conditions: list[str] = ["1 = 1"]
    facts: list[str | int] = []
    plain = (("who = ?", asked.who), ("why = ?", asked.why), ("at >= ?", asked.since), ("at < ?", asked.until))
    for condition, fact in plain:
        if fact is not None:
            conditions, facts = [*conditions, condition], [*facts, fact]
    if asked.person is not None:
        conditions = [*conditions, "REPLACE(persons, ?, '') <> persons"]
        facts = [*facts, json.dumps(asked.person)]
    if asked.refused:
        conditions = [*conditions, "refused IS NOT NULL"]
    return " AND ".join(conditions), facts


def _keys_in(person: PersonId, data: bytes) -> list[bytes]:
    identity = decode(person, data)
    return [] if isinstance(identity, Refusal) else sorted(keys_of(identity))
