"""The code on a wristband or card: the person's id and a short check, nothing else; and how it is read back."""

from __future__ import annotations

import base64
import hashlib

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.journey.register.refusals import CODE_OF_ANOTHER, NOT_A_CODE

PREFIX = "C1"
CHECK_CHARS = 4
"""20 bits: a slip of the pen or another operation's code passes once in a million. It is no signature: whoever knows an
id can print a code for it, so a gate always shows who the book says it is."""


def check_of(operation: str, person: PersonId) -> str:
    """The short check of a person's code in an operation: letters and digits that are not taken for one another."""
    hashed = hashlib.blake2b(f"{operation}\n{person}".encode(), digest_size=5, person=b"corridor-card").digest()
    return base64.b32encode(hashed).decode()[:CHECK_CHARS]


def code_of(operation: str, person: PersonId) -> str:
    """What the QR code of a wristband or card holds, e.g. ``C1:p12345:K7QF``."""
    return f"{PREFIX}:{person}:{check_of(operation, person)}"


def read_code(operation: str, text: str) -> PersonId | Refusal:
    """The person of a code as scanned or typed; whether they are in the book is asked elsewhere."""
    prefix, _, rest = text.strip().partition(":")
    person, _, check = rest.rpartition(":")
    if prefix.upper() != PREFIX or not person:
        return NOT_A_CODE()
    if check.upper() != check_of(operation, PersonId(person)):
        return CODE_OF_ANOTHER()
    return PersonId(person)
