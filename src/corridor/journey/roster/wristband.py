"""The signed code on a wristband or card, which a phone can check without network."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from corridor.base.ids import PartyId, PersonId
from corridor.base.refusal import Refusal
from corridor.journey.register.refusals import CODE_OF_ANOTHER, NOT_A_CODE
from corridor.ledger.device.signing import SigningKey, signed_by
from corridor.ledger.device.wire import valid_id

PREFIX = "C2"
_MAGIC = "corridor/wristband/1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wristband:
    """What a signed code says: who it is, in which party they were when it was printed (None: in none), and the second
    of printing since 1970."""

    person: PersonId
    party: PartyId | None
    printed: int

    @property
    def text(self) -> str:
        """What is signed, after the magic line and the operation's id."""
        return f"{self.person}/{self.party or ''}/{self.printed}"


def write_wristband(key: SigningKey, operation: str, band: Wristband) -> str:
    """What the QR code holds: ``C2/PERSON/PARTY/PRINTED/SIGNATURE``."""
    signature = base64.urlsafe_b64encode(key.sign(_message(operation, band))).decode().rstrip("=")
    return f"{PREFIX}/{band.text}/{signature}"


def read_wristband(headquarters_key: bytes, operation: str, text: str) -> Wristband | Refusal:
    """The code as scanned, if headquarters signed it for this operation."""
    parts = text.strip().split("/")  # no id holds a slash
    if len(parts) != 5 or parts[0].upper() != PREFIX or not valid_id(parts[1]) or not parts[3].isdecimal():
        return NOT_A_CODE()
    band = Wristband(person=PersonId(parts[1]), party=PartyId(parts[2]) if parts[2] else None, printed=int(parts[3]))
    try:
        signature = base64.b64decode(parts[4] + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return NOT_A_CODE()
    if band.text != "/".join(parts[1:4]) or not signed_by(headquarters_key, _message(operation, band), signature):
        return CODE_OF_ANOTHER()
    return band


def _message(operation: str, band: Wristband) -> bytes:
    return f"{_MAGIC}{operation}\n{band.text}".encode()
