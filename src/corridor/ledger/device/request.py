"""What a phone sends to headquarters, version 1: the proof of an enrolment, and a request that pushes and pulls.

docs/reference/exchange.md says what the fields mean; golden vectors hold the bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from corridor.base.limits import (
    EXCHANGE_BATCHES_MAX,
    EXCHANGE_UNPACKED_BYTES_MAX,
    ID_CHARS_MAX,
    LAST_MOMENT_MS,
    ROSTER_ROWS_MAX,
)
from corridor.ledger.device.signing import SigningKey, signed_by
from corridor.ledger.device.wire import EPOCH_MAX, SEQ_MAX, valid_id

MAGIC = b"corridor/exchange/1\n"
_ENROL_MAGIC = b"corridor/enrol/1\n"
HEADER_BYTES_MAX = 4_096
SIGNATURE_DIGITS = 128

Hex16 = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Hex64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{128}\Z")]
Id = Annotated[str, Meta(min_length=1, max_length=ID_CHARS_MAX)]
Version = Annotated[str, Meta(max_length=32)]
Opaque = Annotated[str, Meta(max_length=200)]
Instant = Annotated[int, Meta(ge=0, le=LAST_MOMENT_MS)]


class RosterWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a phone is in its roster: None is from the beginning; and the most rows that it wants."""

    cursor: Opaque | None
    rows: Annotated[int, Meta(ge=1, le=ROSTER_ROWS_MAX)]


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second line of a request. None: not known, none, or not wanted."""

    device: Id
    epoch: Annotated[int, Meta(ge=1, le=EPOCH_MAX)]
    nonce: Hex16
    sent_at: Instant  # the phone's clock
    token: Opaque | None
    batches: Annotated[list[Annotated[int, Meta(ge=1)]], Meta(max_length=EXCHANGE_BATCHES_MAX)]
    body: Hex32
    roster: RosterWanted | None
    instructions: Opaque | None
    app: Version
    backlog: Annotated[int, Meta(ge=0, le=SEQ_MAX)]
    backlog_since: Instant | None
    offset_ms: Annotated[int, Meta(ge=-LAST_MOMENT_MS, le=LAST_MOMENT_MS)] | None
    uncertainty_ms: Instant | None
    battery: Annotated[int, Meta(ge=0, le=100)] | None


class EnrolRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a phone shows to be admitted."""

    code: Annotated[str, Meta(max_length=64)]
    public_key: Hex32
    proof: Hex64
    nonce: Hex16
    app: Version

    def proved(self) -> bool:
        """Whether who sent it holds the secret half of the key, and meant this code."""
        return signed_by(
            bytes.fromhex(self.public_key), enrol_message(self.code, self.public_key), bytes.fromhex(self.proof)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request taken apart but not yet believed: `signed` are the bytes under the signature."""

    header: Header
    signed: bytes
    signature: bytes
    batches: tuple[bytes, ...]

    def proved(self, public_key: bytes) -> bool:
        """Whether it was made with the secret half of this key."""
        return signed_by(public_key, self.signed, self.signature)


class RequestError(ValueError):
    """Bytes that are no request of version 1; the text says where."""


_header_decoder = msgspec.json.Decoder(Header)
_enrol_decoder = msgspec.json.Decoder(EnrolRequest)
_encoder = msgspec.json.Encoder()


def enrol_message(code: str, public_key: str) -> bytes:
    """What the proof of an enrolment signs."""
    return _ENROL_MAGIC + code.encode() + b"\n" + public_key.encode()


def read_enrolment(raw: bytes) -> EnrolRequest:
    """An enrolment as posted. Raises RequestError."""
    if len(raw) > HEADER_BYTES_MAX:
        raise RequestError(f"an enrolment of {len(raw)} bytes; at most {HEADER_BYTES_MAX}")
    try:
        return _enrol_decoder.decode(raw)
    except ValueError as error:  # msgspec's errors, and bytes that are no UTF-8
        raise RequestError(f"the enrolment cannot be read: {error}") from error


def read_request(raw: bytes) -> Request:
    """Take a request apart; lengths and the hash of the body are checked. Raises RequestError with what is wrong."""
    if len(raw) > EXCHANGE_UNPACKED_BYTES_MAX:
        raise RequestError(f"a request of {len(raw)} bytes; at most {EXCHANGE_UNPACKED_BYTES_MAX}")
    if not raw.startswith(MAGIC):
        raise RequestError("the first line is not corridor/exchange/1")
    end = raw.find(b"\n", len(MAGIC), len(MAGIC) + HEADER_BYTES_MAX + 1)
    start = end + 1 + SIGNATURE_DIGITS + 1
    if end < 0 or len(raw) < start or raw[start - 1 : start] != b"\n":
        raise RequestError("the header or the signature has the wrong length")
    try:
        header = _header_decoder.decode(raw[len(MAGIC) : end])
        signature = bytes.fromhex(raw[end + 1 : start - 1].decode("ascii"))
    except ValueError as error:  # msgspec's errors and those of hex and ASCII are all ValueErrors
        raise RequestError(f"the header or the signature cannot be read: {error}") from error
    if not valid_id(header.device):
        raise RequestError("the device's id is none")
    if sum(header.batches) != len(raw) - start:
        raise RequestError("the batches are not as long as the header says")
    if sha256(memoryview(raw)[start:]).hexdigest() != header.body:
        raise RequestError("the body is not the one that the header names")
    cuts = accumulate(header.batches, initial=start)
    batches = tuple(raw[from_:to] for from_, to in pairwise(cuts))
    return Request(header=header, signed=raw[: end + 1], signature=signature, batches=batches)


def write_request(
    key: SigningKey,
    batches: Sequence[bytes],
    *,
    device: str,
    epoch: int,
    nonce: str,
    sent_at: int,
    token: str | None = None,
    roster: RosterWanted | None = None,
    instructions: str | None = None,
    app: str = "",
    backlog: int = 0,
    backlog_since: int | None = None,
    offset_ms: int | None = None,
    uncertainty_ms: int | None = None,
    battery: int | None = None,
) -> bytes:
    """The bytes of a request, as a phone makes them; what the bench and the drill's phones send."""
    body = b"".join(batches)
    header = Header(
        device=device,
        epoch=epoch,
        nonce=nonce,
        sent_at=sent_at,
        token=token,
        batches=[len(batch) for batch in batches],
        body=sha256(body).hexdigest(),
        roster=roster,
        instructions=instructions,
        app=app,
        backlog=backlog,
        backlog_since=backlog_since,
        offset_ms=offset_ms,
        uncertainty_ms=uncertainty_ms,
        battery=battery,
    )
    signed = MAGIC + _encoder.encode(header) + b"\n"
    return signed + key.sign(signed).hex().encode("ascii") + b"\n" + body
