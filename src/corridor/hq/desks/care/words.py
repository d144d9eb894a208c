"""What care's own tables are called in the reader's language: codes, items of the WHO form, reasons of colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from django.utils.translation import pgettext

from corridor.base.refusal import Refusal
from corridor.hq.templatetags.words import word
from corridor.journey.care.codes import CODES, MDS_ITEMS, CodeGroup
from corridor.journey.care.events import Triaged
from corridor.journey.care.triage import SYSTEMS, observed

SYSTEM_NAMES: Mapping[str, str] = {"start": "START", "jumpstart": "JumpSTART"}
"""What the systems call themselves, in every language."""


@dataclass(frozen=True, slots=True)
class OfferedCode:
    """One code of the form: `words` is what a search looks through."""

    code: str
    meaning: str
    words: str


def meaning_of(code: str) -> str:
    """What a code means; a code that is in no table stays as it is."""
    return pgettext("code", CODES[code].meaning) if code in CODES else code


def item_name(item: int) -> str:
    """What an item of the WHO form is called."""
    return pgettext("mds", MDS_ITEMS[item])


def reason_of(reason: str) -> str:
    """Why a triage gives its colour."""
    return pgettext("triage", reason)


def recorded_reason(body: Triaged) -> str:
    """Why a recorded triage has its colour; '' when what was observed does not say."""
    found = SYSTEMS[body.system](observed(body))
    return "" if isinstance(found, Refusal) or found.colour != body.colour else reason_of(found.reason)


def code_groups() -> list[tuple[str, list[OfferedCode]]]:
    """Every code by group, in the order of the table."""
    return [
        (
            str(word(group)),
            [
                OfferedCode(one.code, meaning_of(one.code), f"{one.code} {one.meaning} {meaning_of(one.code)}".lower())
                for one in CODES.values()
                if one.group == group
            ],
        )
        for group in get_args(CodeGroup)
    ]
