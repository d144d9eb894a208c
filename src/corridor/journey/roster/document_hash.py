"""How a document's number stands in a roster: a short salted hash, and its last characters."""

from __future__ import annotations

import unicodedata
from hashlib import sha256

_MAGIC = b"corridor/document/1\n"
HASH_BYTES = 4
"""Enough that a number typed at a gate meets another of 100,000 once in 40,000 lookups; the last characters tell them
apart. More would only help whoever tries all numbers against a roster that they have opened."""
LAST_CHARS = 3


def folded(number: str) -> str:
    """A number as both sides hash it: NFKC, upper case, digits of every script as 0 to 9, letters and digits only."""
    text = unicodedata.normalize("NFKC", number).upper()
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text if letter.isalnum()
    )


def hash_of(salt: bytes, number: str) -> str:
    """The hash of a number, 8 hex digits."""
    return sha256(_MAGIC + salt + folded(number).encode()).hexdigest()[: 2 * HASH_BYTES]


def last_of(number: str) -> str:
    """The last characters of a number, which people read to each other."""
    return folded(number)[-LAST_CHARS:]
