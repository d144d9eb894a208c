"""Who recorded it: Ed25519 keys that sign batches and receipts, and the check of a signature."""

from __future__ import annotations

from dataclasses import dataclass

import nacl.bindings
import nacl.exceptions
import nacl.signing

SIGNATURE_BYTES = 64
PUBLIC_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A device's secret key; `seed` is its 32 secret bytes and never leaves the device."""

    _key: nacl.signing.SigningKey

    @staticmethod
    def from_seed(seed: bytes) -> SigningKey:
        """The key of 32 secret bytes."""
        assert len(seed) == 32, "an Ed25519 seed has 32 bytes"
        return SigningKey(nacl.signing.SigningKey(seed))

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes, which headquarters enrols."""
        return bytes(self._key.verify_key)

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes, for the file that only the device's owner can read."""
        return bytes(self._key)

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`, 64 bytes."""
        return self._key.sign(message).signature

    def __repr__(self) -> str:
        return f"SigningKey(public={self.public.hex()})"


def signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` was made with the secret half of `public_key`."""
    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        nacl.bindings.crypto_sign_open(signature + message, public_key)
    except (nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError):
        return False
    return True
