"""The one-time codes by which phones are enrolled: made by an officer, kept as a hash, used once by one key."""

from __future__ import annotations

import base64
import re
import secrets
from hashlib import sha256

from django.db import transaction

from corridor.base.ids import DeviceId, UserId
from corridor.base.limits import ENROL_CODE_SECONDS_MAX
from corridor.base.moments import SECOND_MS, Moment
from corridor.hq.models import EnrolCode

CODE_BYTES = 16
_CODE = re.compile(r"[A-Z2-7]{26}\Z")
_GROUP = 4


def make_code(device: DeviceId, user: UserId, place: str, by: UserId, now: Moment) -> str:
    """A new code for a phone; the ones made for it before are good no longer."""
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")
    with transaction.atomic():
        EnrolCode.objects.filter(device=device, used_key="").delete()
        EnrolCode.objects.create(
            hashed=_hashed(code),
            device=device,
            user=user,
            place=place,
            by=by,
            made_at_ms=now,
            until_ms=now + ENROL_CODE_SECONDS_MAX * SECOND_MS,
        )
    return code


def find_code(code: str, now: Moment) -> EnrolCode | None:
    """The code as it was made, while it is good. Found by its hash, so that no time tells how much of it was right."""
    if not _CODE.match(code):
        return None
    return EnrolCode.objects.filter(hashed=_hashed(code), until_ms__gt=now).first()


def shown(code: str) -> str:
    """A code in groups, for reading aloud and typing."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _hashed(code: str) -> str:
    return sha256(b"corridor/enrol/code\n" + code.encode()).hexdigest()
