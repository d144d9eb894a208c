"""How a sensitive body is closed: sealed with a key per person, so that forgetting the person destroys it everywhere.

A sealed text is base64 of: version byte 1, nonce of 24 bytes, ciphertext (XSalsa20-Poly1305, libsodium's secretbox).
The event carries only that text, so hashes and totals hold after the key is gone.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Protocol

import nacl.exceptions
from nacl.secret import SecretBox

from corridor.base.ids import PersonId
from corridor.base.moments import Moment
from corridor.ledger.stores.database import Database

_VERSION = b"\x01"
NONCE_BYTES = SecretBox.NONCE_SIZE
KEY_BYTES = SecretBox.KEY_SIZE
Draw = Callable[[int], bytes]
"""Draws that many unpredictable bytes; comes in as an argument, since the core draws none of its own."""


class PersonKeys(Protocol):
    """One secret key a person, erasable."""

    def key(self, person: PersonId) -> bytes | None:
        """The person's key; None when there is none, or it was destroyed."""

    def keep(self, person: PersonId, key: bytes, kept_at: Moment) -> None:
        """Keep a new key durably; asserts that the person has none."""

    def destroy(self, person: PersonId) -> None:
        """Delete the key for good: everything sealed with it stays closed."""


def seal(text: str, person: PersonId, keys: PersonKeys, draw: Draw, now: Moment) -> str:
    """Close a text so that only the person's key opens it; a person without a key gets one."""
    key = keys.key(person)
    if key is None:
        key = draw(KEY_BYTES)
        keys.keep(person, key, now)
    box = SecretBox(key)
    closed = box.encrypt(text.encode("utf-8"), draw(NONCE_BYTES))
    return base64.b64encode(_VERSION + bytes(closed)).decode("ascii")


def unseal(sealed: str, person: PersonId, keys: PersonKeys) -> str | None:
    """The text again; None when the key was destroyed, or the text was not sealed with it."""
    key = keys.key(person)
    if key is None:
        return None
    try:
        closed = base64.b64decode(sealed, validate=True)
        if closed[:1] != _VERSION:
            return None
        return SecretBox(key).decrypt(closed[1:]).decode("utf-8")
    except (binascii.Error, nacl.exceptions.CryptoError, ValueError):
        return None


class MemoryPersonKeys:
    """`PersonKeys` that last as long as the program runs."""

    def __init__(self) -> None:
        self._keys: dict[PersonId, bytes] = {}

    def key(self, person: PersonId) -> bytes | None:
        """The person's key, or None."""
        return self._keys.get(person)

    def keep(self, person: PersonId, key: bytes, kept_at: Moment) -> None:
        """Keep a new key."""
        assert person not in self._keys, "a person has one key"
        self._keys[person] = key

    def destroy(self, person: PersonId) -> None:
        """Delete the key for good."""
        self._keys.pop(person, None)


class DatabasePersonKeys:
    """`PersonKeys` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(
            """CREATE TABLE IF NOT EXISTS person_key (
                person TEXT PRIMARY KEY, kept_at NUMBER NOT NULL, key BYTES NOT NULL)"""
        )

    def key(self, person: PersonId) -> bytes | None:
        """The person's key, or None."""
        rows = self._database.run("SELECT key FROM person_key WHERE person = ?", (person,))
        return bytes(rows[0][0]) if rows else None

    def keep(self, person: PersonId, key: bytes, kept_at: Moment) -> None:
        """Keep a new key; the primary key refuses a second one."""
        self._database.run("INSERT INTO person_key (person, kept_at, key) VALUES (?, ?, ?)", (person, kept_at, key))

    def destroy(self, person: PersonId) -> None:
        """Delete the key for good."""
        self._database.run("DELETE FROM person_key WHERE person = ?", (person,))
