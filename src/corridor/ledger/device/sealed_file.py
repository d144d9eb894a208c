"""A request in a file instead of over the network: sealed to headquarters with P-256, HKDF and AES-GCM.

P-256 because every browser of the last ten years has it; X25519 is younger than many phones at a gate. The key for
files follows from headquarters' signing key: no second secret to keep, and a restored headquarters has it.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Meta

from corridor.base.limits import EXCHANGE_UNPACKED_BYTES_MAX
from corridor.ledger.device.signing import SigningKey

MAGIC = b"corridor/export/1\n"
_INFO = b"corridor/export/1"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HEADER_BYTES_MAX = 512
FILE_BYTES_MAX = EXCHANGE_UNPACKED_BYTES_MAX + 1_024
"""Bytes of a file: a request, its three lines and the seal's tag."""

Point = Annotated[str, Meta(pattern=r"^04[0-9a-f]{128}\Z")]


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second line: the key made for this file, and headquarters' key that it is sealed to."""

    key: Point
    to: Point


class SealedFileError(ValueError):
    """Bytes that are no file for this headquarters; the text says why."""


def opening_key(key: SigningKey) -> ec.EllipticCurvePrivateKey:
    """Headquarters' key for files, which follows from its signing key."""
    wide = HKDF(hashes.SHA256(), 48, salt=None, info=_INFO).derive(key.seed)
    # 48 bytes for a 32-byte order: the remainder is even to one part in 2^128 (FIPS 186-5, A.2.1).
    return ec.derive_private_key(int.from_bytes(wide, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as an uncompressed point, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal(request: bytes, to: bytes, fresh: ec.EllipticCurvePrivateKey) -> bytes:
    """The file of a request, sealed to headquarters' point; `fresh` is a key made for this file only."""
    own = public_point(fresh)
    head = MAGIC + msgspec.json.encode(_Header(key=own.hex(), to=to.hex())) + b"\n"
    key, nonce = _keys(fresh, to, own)
    return head + AESGCM(key).encrypt(nonce, request, head)


def open_file(raw: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The request in a file. Raises SealedFileError, saying what is wrong."""
    end = raw.find(b"\n", len(MAGIC), len(MAGIC) + _HEADER_BYTES_MAX)
    if len(raw) > FILE_BYTES_MAX or not raw.startswith(MAGIC) or end < 0:
        raise SealedFileError("this is no file of a phone")
    try:
        header = msgspec.json.decode(raw[len(MAGIC) : end], type=_Header)
        if bytes.fromhex(header.to) != public_point(key):
            raise SealedFileError("it is sealed to another headquarters")
        secret, nonce = _keys(key, bytes.fromhex(header.key), bytes.fromhex(header.key))
        return AESGCM(secret).decrypt(nonce, raw[end + 1 :], raw[: end + 1])
    except SealedFileError:
        raise
    except (ValueError, InvalidTag) as error:  # a point that is on no curve, JSON that is none, bytes that were changed
        raise SealedFileError("it is damaged or was changed") from error


def _keys(own: ec.EllipticCurvePrivateKey, other: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The AES key and nonce that both sides work out; `salt` is the point of the file's own key."""
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), other)
    derived = HKDF(hashes.SHA256(), 44, salt=salt, info=_INFO).derive(own.exchange(ec.ECDH(), point))
    return derived[:32], derived[32:]
