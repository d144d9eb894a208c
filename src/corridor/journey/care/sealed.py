"""Who may open what care has sealed, and that they did: the one way to a note, a testimony, the words of a loss."""

from __future__ import annotations

from collections.abc import Sequence

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.care.refusals import NOT_FOR_CARE, SEALED_FOR_EVER, SEALED_NO_REASON
from corridor.journey.register.access import IdentityRows, Reading
from corridor.ledger.sealing import PersonKeys, unseal

CARE_READERS = frozenset({"medic", "psychologist", "auditor"})
"""Roles that may open what care has sealed; nobody else, whoever asks them to."""


def open_sealed(
    log: IdentityRows,
    keys: PersonKeys,
    who: UserId,
    role: str,
    person: PersonId,
    sealed: str,
    why: str,
    now: Moment,
    also: Sequence[PersonId] = (),
) -> str | Refusal:
    """The text that was sealed for a person; the reading is logged before anything is returned, a refused one too.

    `also` are the merged ids that are this person: what was sealed before the merge is closed with their keys.
    """
    refusal: Refusal | None = None
    if role not in CARE_READERS:
        refusal = NOT_FOR_CARE(role=role)
    elif not why.strip():
        refusal = SEALED_NO_REASON()
    code = refusal.code if refusal else None
    log.log_read(Reading(who=who, role=role, persons=(person, *also), why=f"sealed: {why}", at=now, refused=code))
    if refusal is not None:
        return refusal
    opened = (unseal(sealed, one, keys) for one in (person, *also))
    text = next((one for one in opened if one is not None), None)
    return SEALED_FOR_EVER(person=person) if text is None else text
