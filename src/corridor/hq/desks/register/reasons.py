"""Why two names are taken for one, part by part, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corridor.names.reasons import Because

SAYS: Final[Mapping[str, Promise]] = {
    "same_spelling": _("spelled the same"),
    "same_sound_across_scripts": _("same sound in another script"),
    "spelling_variant": _("another spelling of the same sound"),
    "one_letter_differs": _("one letter differs"),
    "joined": _("written apart and together"),
    "abd_joined": _("Abd al- written together"),
    "abd_missing": _("Abd is missing on one side"),
    "al_dropped": _("al- is left out"),
    "initial": _("initial"),
    "nickname": _("short form of the name"),
    "family_ending": _("the family name of a man and of a woman"),
    "order_swapped": _("another order"),
    "patronymic_missing": _("the patronymic is missing"),
    "part_missing": _("a middle part is missing"),
    "first_missing": _("the first part is missing"),
    "last_missing": _("the last part is missing"),
    "sounds_apart": _("sounds different"),
    "different_patronymic": _("another patronymic"),
}
"""What each of the engine's reasons is called on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidReason:
    """One reason as a page shows it: what was asked for, what our name has ('' for nothing), and what it means."""

    query: str
    name: str
    says: str
    against: bool


def said_reasons(because: Iterable[Because]) -> tuple[SaidReason, ...]:
    """The reasons in the order of the name asked for; of several for the same parts, one line with all."""
    found: dict[tuple[str, str], list[Because]] = {}
    for place, one in enumerate(because):
        alone = "" if one.query or one.name else str(place)
        found.setdefault((one.query, one.name or alone), []).append(one)
    return tuple(
        SaidReason(
            query=some[0].query,
            name=some[0].name,
            says=", ".join(str(SAYS[one.code]) for one in some),
            against=any(one.against for one in some),
        )
        for some in found.values()
    )
