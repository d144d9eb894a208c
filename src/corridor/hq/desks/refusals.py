"""Every expected no of the desks' door, and how a no is said in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from corridor.base.refusal import Refusal, RefusalKind
from corridor.base.sheets.refusals import CATALOGUE as SHEETS
from corridor.hq.access.refusals import CATALOGUE as ACCOUNTS
from corridor.hq.exchange.refusals import CATALOGUE as EXCHANGE
from corridor.hq.pages.facts import in_words
from corridor.hq.planning.refusals import CATALOGUE as PLANNING
from corridor.hq.served import served
from corridor.journey.arrive.refusals import CATALOGUE as ARRIVE
from corridor.journey.care.refusals import CATALOGUE as CARE
from corridor.journey.clear.refusals import CATALOGUE as CLEAR
from corridor.journey.cross.refusals import CATALOGUE as CROSS
from corridor.journey.devices.refusals import CATALOGUE as DEVICES
from corridor.journey.documents.refusals import CATALOGUE as DOCUMENTS
from corridor.journey.issuing.refusals import CATALOGUE as ISSUING
from corridor.journey.kinds import UNREADABLE_BODY
from corridor.journey.move.refusals import CATALOGUE as MOVE
from corridor.journey.reconcile.refusals import CATALOGUE as RECONCILE
from corridor.journey.register.refusals import CATALOGUE as REGISTER
from corridor.journey.roster.paper import CATALOGUE as PAPER
from corridor.journey.versions.refusals import CATALOGUE as VERSIONS

NOT_YOURS = RefusalKind("not_yours", "Your role ({role}) does not give this order.", "Ask the duty officer to do it.")
NOT_RECORDING = RefusalKind(
    "not_recording",
    "This machine holds no key of {operation}, so it can show the book and record nothing.",
    "Work on the machine that holds headquarters' key.",
)
NOT_YOUR_PEOPLE = RefusalKind(
    "not_your_people",
    "Your role ({role}) gives orders for the people and offers you look after only.",
    "Leave the others out.",
)

OWN = (NOT_YOURS, NOT_RECORDING, NOT_YOUR_PEOPLE)


def catalogue() -> Iterator[RefusalKind]:
    """Every no that a page may have to show."""
    yield from OWN
    yield from ACCOUNTS
    yield from SHEETS
    yield from EXCHANGE
    yield from PAPER
    yield from PLANNING
    for stage in (REGISTER, CLEAR, CROSS, CARE, DOCUMENTS, MOVE, ARRIVE, RECONCILE, DEVICES, VERSIONS, ISSUING):
        yield from stage
    yield UNREADABLE_BODY


def said(refusal: Refusal) -> tuple[str, str]:
    """What a refusal says and its remedy, in the reader's language; in English where its kind is in no catalogue.

    What the facts name by id is called by its name, and times are told in the zone of the place they speak of.
    """
    kind = next((one for one in catalogue() if _is_of(one, refusal)), None)
    if kind is None:
        return refusal.says, refusal.remedy
    facts = in_words(served().board_now(), refusal.data)
    because = refusal.data.get("because")
    if isinstance(because, Refusal):  # an answer of another stage that this one passes on
        facts["why"], facts["remedy"] = said(because)
    return gettext(kind.says).format(**facts), gettext(kind.remedy).format(**facts)


def _is_of(kind: RefusalKind, refusal: Refusal) -> bool:
    """Whether a refusal was made of this kind: stages share some codes and say them in their own words."""
    try:
        return kind.code == refusal.code and kind(**refusal.data) == refusal
    except (KeyError, IndexError):
        return False
