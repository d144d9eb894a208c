"""What headquarters answers a phone: one line of JSON under headquarters' signature, and how it is read back."""

from __future__ import annotations

from typing import Any

import msgspec

from corridor.ledger.device.signing import SIGNATURE_BYTES, SigningKey, signed_by

MAGIC = b"corridor/answer/1\n"
_encoder = msgspec.json.Encoder()


class AnswerError(ValueError):
    """Bytes that are no answer of this headquarters; the text says why."""


def write_answer(key: SigningKey, facts: object) -> bytes:
    """The signed answer: three lines, each ended by one line feed."""
    signed = MAGIC + _encoder.encode(facts) + b"\n"
    return signed + key.sign(signed).hex().encode("ascii") + b"\n"


def read_answer(raw: bytes, headquarters_key: bytes, nonce: str) -> dict[str, Any]:
    """The facts of an answer to the request with this nonce. Raises AnswerError: nothing in it is to be believed."""
    digits = 2 * SIGNATURE_BYTES
    signed, last = raw[: -digits - 1], raw[-digits - 1 :]
    if not signed.startswith(MAGIC) or not signed.endswith(b"\n") or not last.endswith(b"\n"):
        raise AnswerError("this is no answer of version 1")
    try:
        signature = bytes.fromhex(last[:-1].decode("ascii"))
        facts = msgspec.json.decode(signed[len(MAGIC) : -1], type=dict[str, Any])
    except ValueError as error:
        raise AnswerError(f"the answer cannot be read: {error}") from error
    if not signed_by(headquarters_key, signed, signature):
        raise AnswerError("headquarters did not sign it")
    if facts.get("nonce") != nonce:
        raise AnswerError("it answers another request")
    return facts
