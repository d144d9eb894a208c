"""A batch whose lines only headquarters reads: what a locked phone sends, since it can no longer read them itself.

    corridor/sealed-batch/1
    {"device":"gate-1","epoch":1,"first":1,"count":2,…}          the batch's own header, byte for byte
    <its signature, 128 hex digits, as of the batch itself>
    {"to":"<130 hex>","keys":["<130 hex>"],"lines":[[0,123],[0,140]]}
    <the sealed lines, one after another>

The signature of a batch covers its header, which names the hash that the lines lead to; so whoever holds the hashes and
the key can sign it without a line. Each line was sealed when it was recorded, to headquarters' P-256 key for files,
with a key that the phone made when it was unlocked and threw away then: `keys` are their public points, and each line
says which one is its own and how long it is. Its first 12 bytes are the nonce; the AES key is HKDF-SHA-256 over the
ECDH secret, salt the point's 65 bytes, info `corridor/sealed-line/1`; additional data the event's id after that text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta

from corridor.base.limits import BATCH_EVENTS_MAX, EVENT_BYTES_MAX, SEALED_BATCH_KEYS_MAX
from corridor.ledger.device import wire
from corridor.ledger.device.sealed_file import Point, public_point

MAGIC = b"corridor/sealed-batch/1\n"
_INFO = b"corridor/sealed-line/1"
_NONCE_BYTES = 12
_SEAL_BYTES = _NONCE_BYTES + 16
_Which = Annotated[int, Meta(ge=0)]
_Length = Annotated[int, Meta(ge=_SEAL_BYTES, le=EVENT_BYTES_MAX + _SEAL_BYTES)]


class _Seals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fourth line: to whom the lines are sealed, with which keys, and of each line its key and its length."""

    to: Point
    keys: Annotated[list[Point], Meta(min_length=1, max_length=SEALED_BATCH_KEYS_MAX)]
    lines: Annotated[list[tuple[_Which, _Length]], Meta(min_length=1, max_length=BATCH_EVENTS_MAX)]


class SealedBatchError(ValueError):
    """Bytes that this headquarters cannot open; the text says why."""


def is_sealed(raw: bytes) -> bool:
    """Whether bytes say that they are a sealed batch."""
    return raw.startswith(MAGIC)


def open_batch(raw: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The batch, byte for byte as the phone would have sent it unlocked. Raises SealedBatchError.

    Nothing is believed by this: signature, chain and lines are checked as of any batch.
    """
    parts = raw.split(b"\n", 4)
    if not is_sealed(raw) or len(parts) < 5:
        raise SealedBatchError("this is no sealed batch")
    _magic, header, signature, said, sealed = parts
    try:
        facts = msgspec.json.decode(header, type=wire.Header)
        seals = msgspec.json.decode(said, type=_Seals)
        if bytes.fromhex(seals.to) != public_point(key):
            raise SealedBatchError("it is sealed to another headquarters")
        if sum(length for _, length in seals.lines) != len(sealed):
            raise SealedBatchError("the lines are not as long as it says")
        opening = [AESGCM(line_key(key, bytes.fromhex(one), bytes.fromhex(one))) for one in seals.keys]
        lines, start = [], 0
        for place, (which, length) in enumerate(seals.lines):
            one = sealed[start : start + length]
            start += length
            about = line_about(facts.device, facts.epoch, facts.first + place)
            lines.append(opening[which].decrypt(one[:_NONCE_BYTES], one[_NONCE_BYTES:], about))
    except SealedBatchError:
        raise
    except (ValueError, IndexError, InvalidTag) as error:  # no such key, a point on no curve, bytes that were changed
        raise SealedBatchError("it is damaged or was changed") from error
    return wire.MAGIC + b"\n".join([header, signature, *lines]) + b"\n"


def seal_batch(raw: bytes, to: bytes, fresh: ec.EllipticCurvePrivateKey, nonces: Sequence[bytes]) -> bytes:
    """A batch sealed to headquarters' point, as a phone does it line by line; `nonces` has 12 bytes for each line.

    Raises WireError when it is no batch.
    """
    frame = wire.unframe(raw)
    own = public_point(fresh)
    sealing = AESGCM(line_key(fresh, to, own))
    facts = frame.header
    sealed = [
        nonce + sealing.encrypt(nonce, line, line_about(facts.device, facts.epoch, facts.first + place))
        for place, (nonce, line) in enumerate(zip(nonces, frame.lines, strict=True))
    ]
    seals = _Seals(to=to.hex(), keys=[own.hex()], lines=[(0, len(one)) for one in sealed])
    _magic, header, signature, _lines = raw.split(b"\n", 3)
    return MAGIC + b"\n".join([header, signature, msgspec.json.encode(seals), b"".join(sealed)])


def line_key(own: ec.EllipticCurvePrivateKey, other: bytes, salt: bytes) -> bytes:
    """The AES key that both sides work out; `salt` is the point that the phone made."""
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), other)
    return HKDF(hashes.SHA256(), 32, salt=salt, info=_INFO).derive(own.exchange(ec.ECDH(), point))


def line_about(device: str, epoch: int, seq: int) -> bytes:
    """The additional data of a line: it opens in no other event's place."""
    return b"%s\n%s/%d/%d" % (_INFO, device.encode(), epoch, seq)
