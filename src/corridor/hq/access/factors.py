"""The second factors of a user: the app that makes codes, passkeys, recovery codes; each answer counts once."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import nacl.exceptions
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from nacl.secret import SecretBox

from corridor.base.limits import RECOVERY_CODES
from corridor.hq.access.rights import SECOND_FACTOR_OF
from corridor.hq.models import Factor, RecoveryCode, User
from corridor.hq.served import served

STEP_SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
"""RFC 6238 as every authenticator app reads it: SHA-1, 30 s, 6 digits, and a secret as long as the hash."""

STEPS_BESIDE = 1
"""A phone's clock may be one step away from ours, either way (RFC 6238, 5.2)."""

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_CHARS = 10  # of 31 letters: 49.5 bits


def demanded(user: Any) -> bool:
    """Whether somebody must show a second factor before they see anything: by every role they hold.

    Demo accounts, whose password everybody knows and which open from this machine only, and a practice need none.
    """
    if user.demo or served().practice_from is not None:
        return False
    return bool(SECOND_FACTOR_OF[settings.SECOND_FACTOR] & set(user.roles))


def has_factor(user: User) -> bool:
    """Whether somebody has set a second factor up, demanded or not: then it is always asked for."""
    return Factor.objects.filter(user=user).exists()


def fresh_secret() -> bytes:
    """A new secret for an app."""
    return secrets.token_bytes(SECRET_BYTES)


def seal(secret: bytes) -> bytes:
    """A secret as it is kept: only with headquarters' key does it make codes, not with a copy of the database."""
    return bytes(SecretBox(_sealing_key(settings.SECRET_KEY)).encrypt(secret))


def unseal(sealed: bytes) -> bytes | None:
    """The secret again; None when it was sealed with a key that headquarters has no more."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return bytes(SecretBox(_sealing_key(key)).decrypt(bytes(sealed)))
        except nacl.exceptions.CryptoError:
            continue
    return None


def _sealing_key(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=SecretBox.KEY_SIZE, person=b"corridor.factor").digest()


def app_address(name: str, secret: bytes, issuer: str) -> str:
    """What an authenticator app reads from the QR code: ``otpauth://totp/...``."""
    return str(_codes(secret).get_provisioning_uri(name, issuer))


def step_of(secret: bytes, code: str, now_ms: int) -> int | None:
    """The step of time that a code belongs to; None for a wrong one. Every step is tried, right or wrong."""
    given, now = code.encode("utf-8"), now_ms // 1000 // STEP_SECONDS
    found = None
    for step in range(now - STEPS_BESIDE, now + STEPS_BESIDE + 1):
        if bytes_eq(_codes(secret).generate(step * STEP_SECONDS), given):
            found = step
    return found


def digits_of(text: str) -> str:
    """A code as it was typed, in the digits of any script, as the app makes it; '' when it is no such code."""
    code = "".join(text.split())
    return "".join(str(int(one)) for one in code) if code.isdecimal() and len(code) == DIGITS else ""


def _codes(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)


def add_app(user: User, secret: bytes, step: int, title: str, now_ms: int) -> Factor:
    """Keep an app whose first code was right; that code counts no more. An earlier app of the user goes."""
    with transaction.atomic():
        Factor.objects.filter(user=user, type="app").delete()
        sealed = seal(secret)
        return Factor.objects.create(
            user=user, type="app", title=title, secret=sealed, counter=step, added_at_ms=now_ms, used_at_ms=now_ms
        )


def take_code(user: User, code: str, now_ms: int) -> bool:
    """Whether a code of the user's app is right and was not used; from now on it and earlier ones are."""
    for factor in Factor.objects.filter(user=user, type="app"):
        secret = unseal(factor.secret)
        step = step_of(secret, code, now_ms) if secret is not None else None
        if secret is not None and step is not None and count_up(factor, step, now_ms):
            # Sealed anew, so that an app that is used lives on when an earlier key is thrown away.
            Factor.objects.filter(pk=factor.pk).update(secret=seal(secret))
            return True
    return False


def count_up(factor: Factor, counter: int, now_ms: int) -> bool:
    """Move a factor's counter on, if it is still below: of two answers at once only one does."""
    later = Factor.objects.filter(pk=factor.pk, counter__lt=counter)
    return later.update(counter=counter, used_at_ms=now_ms) == 1


def fresh_recovery_codes(user: User) -> list[str]:
    """New recovery codes as they are shown once; those of earlier count no more."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_CHARS)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, hashed=_hashed(user, code, settings.SECRET_KEY)) for code in codes
        )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def take_recovery_code(user: User, text: str) -> bool:
    """Whether this is one of the user's recovery codes; it is gone then."""
    code = "".join(letter for letter in text.lower() if letter in _LETTERS)
    hashed = [_hashed(user, code, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    gone, _kinds = RecoveryCode.objects.filter(user=user, hashed__in=hashed).delete()
    return gone == 1


def _hashed(user: User, code: str, key: str) -> str:
    return salted_hmac("corridor.hq.recovery", f"{user.pk}:{code}", secret=key, algorithm="sha256").hexdigest()


def forget_factors(user: User) -> None:
    """All factors and recovery codes of a user are gone, and their open sessions end."""
    with transaction.atomic():
        Factor.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()
        end_sessions(user)


def end_sessions(user: User) -> None:
    """Every open session of a user is over; whoever asks for it keeps theirs with `update_session_auth_hash`."""
    User.objects.filter(pk=user.pk).update(sessions_began=F("sessions_began") + 1)
    user.refresh_from_db(fields=["sessions_began"])
