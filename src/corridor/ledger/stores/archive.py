"""Files as received (lists, imports), kept by the SHA-256 of their bytes, so that a source can always be shown."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Protocol

from corridor.base.moments import Moment
from corridor.ledger.stores.database import Database


class Archive(Protocol):
    """Bytes by their SHA-256. Files hold names, so a file can be erased; its hash stays in the ledger."""

    def put(self, data: bytes, name: str, kept_at: Moment) -> str:
        """Keep the bytes durably and answer their SHA-256 in hex; the same bytes twice are kept once."""

    def get(self, sha256_hex: str) -> bytes | None:
        """The bytes; None when they are not kept here or were erased."""

    def erase(self, sha256_hex: str) -> None:
        """Delete the bytes for good."""

    def hashes(self) -> Iterator[str]:
        """The SHA-256 of everything kept, sorted."""


class MemoryArchive:
    """An `Archive` that lasts as long as the program runs."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def put(self, data: bytes, name: str, kept_at: Moment) -> str:
        """Keep the bytes."""
        key = sha256(data).hexdigest()
        self._files.setdefault(key, data)
        return key

    def get(self, sha256_hex: str) -> bytes | None:
        """The bytes, or None."""
        return self._files.get(sha256_hex)

    def erase(self, sha256_hex: str) -> None:
        """Delete the bytes."""
        self._files.pop(sha256_hex, None)

    def hashes(self) -> Iterator[str]:
        """The SHA-256 of everything kept, sorted."""
        return iter(sorted(self._files))


class DatabaseArchive:
    """An `Archive` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(
            """CREATE TABLE IF NOT EXISTS archive (
                sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, kept_at NUMBER NOT NULL, data BYTES NOT NULL)"""
        )

    def put(self, data: bytes, name: str, kept_at: Moment) -> str:
        """Keep the bytes."""
        key = sha256(data).hexdigest()
        self._database.run(
            "INSERT INTO archive (sha256, name, kept_at, data) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
            (key, name, kept_at, data),
        )
        return key

    def get(self, sha256_hex: str) -> bytes | None:
        """The bytes, or None."""
        rows = self._database.run("SELECT data FROM archive WHERE sha256 = ?", (sha256_hex,))
        return bytes(rows[0][0]) if rows else None

    def erase(self, sha256_hex: str) -> None:
        """Delete the bytes."""
        self._database.run("DELETE FROM archive WHERE sha256 = ?", (sha256_hex,))

    def hashes(self) -> Iterator[str]:
        """The SHA-256 of everything kept, sorted."""
        return (row[0] for row in self._database.run("SELECT sha256 FROM archive ORDER BY sha256"))
