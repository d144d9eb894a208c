"""The identity store on a database: one erasable row a person, and the log of who read."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.journey.register.access import Reading
from corridor.ledger.stores.database import Database

_TABLES = (
    "CREATE TABLE IF NOT EXISTS identity (person TEXT PRIMARY KEY, recorded_at NUMBER NOT NULL, data BYTES NOT NULL)",
    """CREATE TABLE IF NOT EXISTS reading (
        number NUMBER PRIMARY KEY, at NUMBER NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL,
        persons TEXT NOT NULL, why TEXT NOT NULL, refused TEXT)""",
)
_ASKED_AT_ONCE = 500
_PUT = """INSERT INTO identity (person, recorded_at, data) VALUES (?, ?, ?)
    ON CONFLICT (person) DO UPDATE SET recorded_at = excluded.recorded_at, data = excluded.data"""


class DatabaseIdentityRows:
    """`IdentityRows` on SQLite or PostgreSQL; persons stand in a reading as a JSON list of ids."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(*_TABLES)

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
        """Write a person's row in place of the one before."""
        self._database.run(_PUT, (person, recorded_at, data))

    def put_many(self, rows: Sequence[tuple[PersonId, bytes, Moment]]) -> None:
        """Write many rows in one commit."""
        with self._database.transaction():
            self._database.run_many(_PUT, [(person, recorded_at, data) for person, data, recorded_at in rows])

    def forget(self, person: PersonId) -> None:
        """Delete a person's row for good."""
        self._database.run("DELETE FROM identity WHERE person = ?", (person,))

    def log_read(self, reading: Reading) -> None:
        """Keep the reading durably before returning."""
        self._database.run(
            """INSERT INTO reading (number, at, who, role, persons, why, refused)
            SELECT COALESCE(MAX(number), 0) + 1, ?, ?, ?, ?, ?, ? FROM reading""",
            (reading.at, reading.who, reading.role, json.dumps(reading.persons), reading.why, reading.refused),
        )

    def reads(self, person: PersonId | None = None) -> Sequence[Reading]:
        """Every reading, or every one that asked for this person, in order of their logging."""
        rows = self._database.run("SELECT at, who, role, persons, why, refused FROM reading ORDER BY number")
        readings = (
            Reading(
                at=Moment(at), who=UserId(who), role=role, persons=tuple(json.loads(persons)), why=why, refused=refused
            )
            for at, who, role, persons, why, refused in rows
        )
        return tuple(reading for reading in readings if person is None or person in reading.persons)
