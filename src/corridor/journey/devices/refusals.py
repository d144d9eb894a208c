"""Every expected no about devices."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

BAD_DEVICE_NAME = RefusalKind(
    "bad_device_name",
    "{device} cannot be the name of a device.",
    "Use up to 64 Latin letters, digits and dashes, without blanks.",
)
HEADQUARTERS_DEVICE = RefusalKind(
    "headquarters_device",
    "{device} is headquarters' own device; its key is the ledger's foundation.",
    "Choose another device.",
)
BAD_PUBLIC_KEY = RefusalKind(
    "bad_public_key",
    "This is no public key: 64 digits from 0 to 9 and a to f are needed.",
    "Read the key from the device again.",
)
KEY_ENROLLED = RefusalKind(
    "key_enrolled", "This key is enrolled already, for {device}.", "Make a new key on the device and read that."
)
DEVICE_REVOKED = RefusalKind(
    "device_is_revoked",
    "{device} is revoked, and a revoked name is never believed again.",
    "Enrol the device under a new name.",
)
PLACE_NOT_KNOWN = RefusalKind(
    "device_place_not_known", "The operation has no place {place}.", "Choose the place from the list."
)
DEVICE_NOT_KNOWN = RefusalKind(
    "device_not_known", "No device {device} is enrolled.", "Choose the device from the list."
)
LAST_RECORD_HALF = RefusalKind(
    "last_record_half",
    "The last record to believe needs its epoch and its number.",
    "Fill in both, or neither.",
)
LAST_RECORD_NOT_RECEIVED = RefusalKind(
    "last_record_not_received",
    "Nothing after record {last_seq} of epoch {last_epoch} of {device} has been received.",
    "Name that record or one before it.",
)
NOT_FORKED = RefusalKind(
    "not_forked", "The chain of {device}, epoch {epoch}, does not fork.", "Look at the device again."
)
BRANCH_JUDGED = RefusalKind(
    "branch_judged",
    "A branch of {device}, epoch {epoch}, is believed already.",
    "Revoke the device, and enrol it under a new name.",
)
BRANCH_NOT_KNOWN = RefusalKind(
    "branch_not_known",
    "No branch of {device}, epoch {epoch}, ends in this record.",
    "It may have grown meanwhile: look at the branches again.",
)

CATALOGUE: tuple[RefusalKind, ...] = (
    BAD_DEVICE_NAME,
    HEADQUARTERS_DEVICE,
    BAD_PUBLIC_KEY,
    KEY_ENROLLED,
    DEVICE_REVOKED,
    PLACE_NOT_KNOWN,
    DEVICE_NOT_KNOWN,
    LAST_RECORD_HALF,
    LAST_RECORD_NOT_RECEIVED,
    NOT_FORKED,
    BRANCH_JUDGED,
    BRANCH_NOT_KNOWN,
)
