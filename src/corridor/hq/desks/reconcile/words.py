"""How a discrepancy is said in the reader's language, and which of them a reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from corridor.base.ids import PersonId, PlaceId
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may
from corridor.hq.desks.refusals import said as refusal_said
from corridor.hq.pages.facts import in_words, place_named
from corridor.hq.pages.timeline import STAGE_RIGHTS
from corridor.hq.templatetags.words import place_of, word
from corridor.journey.board.board import Board
from corridor.journey.care.findings import HOLD_OVERDUE
from corridor.journey.move.findings import BOARDED_ON_HOLD
from corridor.journey.reconcile.open import FINDING_KINDS, TEMPLATE, OpenDiscrepancy
from corridor.ledger.book.discrepancies import REMEDIES

OPEN_CODES = (HOLD_OVERDUE.code,)
"""What of care everybody at this desk may know: that a hold waits for its review, not why it was placed."""
RESTRICTED_CODES = (BOARDED_ON_HOLD.code,)
"""Found elsewhere, and telling what care knows."""


@dataclass(frozen=True, slots=True)
class Said:
    """A discrepancy in words: a title, what it says, what to do."""

    title: str
    says: str
    remedy: str


def said(board: Board, one: OpenDiscrepancy, names: Mapping[PersonId, tuple[str, ...]] | None = None) -> Said:
    """What a discrepancy says to the reader; people by name where `names` has them, else by id."""
    title = str(word(one.code))
    title = title[:1].upper() + title[1:]
    if one.code in FINDING_KINDS:
        kind = FINDING_KINDS[one.code][1]
        facts = in_words(board, one.data)
        if isinstance(because := one.data.get("because"), Refusal):  # an answer of care that the finding passes on
            facts["why"] = refusal_said(because)[0]
        found = Said(title, gettext(kind.says).format(**facts), gettext(kind.remedy).format(**facts))
    else:
        says = gettext(str(one.data[TEMPLATE]))
        found = Said(title, says.format(**in_words(board, one.data)), gettext(REMEDIES[one.code]))
    return _by_name(found, names or {})


def told_in(board: Board, one: OpenDiscrepancy) -> PlaceId | None:
    """By the clocks of which place a discrepancy is told: one that it names, else where its first person is; None: of
    none that is known."""
    named = place_named(board, {"account": one.account, **one.data})
    return named if named is not None or not one.persons else place_of(board, one.persons[0])


def may_see(user: Any, one: OpenDiscrepancy) -> bool:
    """Whether a reader may see a discrepancy: what a stage finds is as restricted as the stage itself."""
    if one.code in OPEN_CODES:
        return may(user, "hold_until")
    if one.code in RESTRICTED_CODES:
        return may(user, "care")
    right = STAGE_RIGHTS.get(one.stage)
    return right is None or may(user, right)


def _by_name(found: Said, names: Mapping[PersonId, tuple[str, ...]]) -> Said:
    says, remedy = found.says, found.remedy
    for person, written in names.items():
        if written:
            name = f"\u2068{written[0]}\u2069"  # kept apart from a sentence that is written the other way
            says, remedy = says.replace(person, name), remedy.replace(person, name)
    return Said(found.title, says, remedy)
