"""The letters to the authorities: every correction asked for, drafted in the authority's language, ready to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.operation import name_in
from corridor.hq.access.names import read_identities
from corridor.hq.desks.clear.changes import difference_of
from corridor.hq.desks.clear.evening import Evening, ListOfDay, asked_day
from corridor.hq.desks.clear.overview import frame
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.journey.clear.evening.corrections import Corrections, corrections
from corridor.journey.register.identity import Identity, full_names

LEFT_TO_RIGHT, AS_BEFORE = "\u2066", "\u2069"
"""Keep the parts of a date or a number in their order within Arabic text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter: to whom, in which language and direction, about how much, and its text."""

    one: ListOfDay
    language: str
    rtl: bool
    asked: Corrections
    text: str

    @property
    def lines(self) -> int:
        """How many lines the text has, for the field it stands in."""
        return self.text.count("\n") + 2


@live
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """One letter for each list that needs a correction; the lists that need none are named."""
    headquarters = served()
    evening = Evening(request, headquarters, headquarters.board_now(), asked_day(request.GET.get("day"), headquarters))
    asked = [(one, asked_of(evening, one)) for one in evening.lists]
    persons = sorted({person for _one, some in asked for person in _people(some)})
    who = read_identities(request, headquarters, evening.board, persons, why="evening run: correction requests")
    drafted = [_letter(evening, one, some, who) for one, some in asked if some.count]
    facts = {
        **frame(evening),
        "letters": drafted,
        "fine": [one for one, some in asked if not some.count],
        "undecided": len({person for _one, some in asked for person in some.undecided}),
        "tag": tag_of(request),
    }
    return show(request, "hq/desks/clear/letters.html", facts, part="hq/desks/clear/_letters.html")


def asked_of(evening: Evening, one: ListOfDay) -> Corrections:
    """Everything to ask the authority of one list."""
    found, held = difference_of(evening, one)
    # Where an authority's new lists add to the old, who is not written again is listed still.
    replaces = one.authority.list_policy == "replace"
    dropped = {row.number for row in found.dropped} if found is not None and replaces else set()
    statement = one.received.statement
    return corrections(
        statement.authority,
        statement.list,
        one.cases,
        splits=evening.splits,
        standings=evening.standings,
        minors=evening.minors,
        dropped={row: person for row, person in held.items() if row in dropped},
        gone=evening.gone,
    )


def _people(asked: Corrections) -> set[PersonId]:
    return {one.person for part in (asked.missing, asked.dropped, asked.miswritten) for one in part}


def _letter(evening: Evening, one: ListOfDay, asked: Corrections, who: dict[PersonId, Identity]) -> Letter:
    language = one.authority.language or translation.get_language() or "en"
    with translation.override(language):
        text = _text(evening, one, asked, who, language)
        rtl = translation.get_language_bidi()
    return Letter(one=one, language=language, rtl=rtl, asked=asked, text=text)


def _text(evening: Evening, one: ListOfDay, asked: Corrections, who: dict[PersonId, Identity], language: str) -> str:
    """The letter in the language that is active now."""
    day = formats.date_format(evening.day, "j E Y")
    opening = _("To: %(authority)s\nSubject: corrections to your list for %(day)s") % {
        "authority": name_in(one.authority.names, language),
        "day": day,
    }
    rows = {case.row.number: case.row.name for case in one.cases}
    blocks: list[Sequence[str]] = []
    if asked.missing:
        count = len(asked.missing)
        head = ngettext(
            "Please add %(count)d person, whose family is on the list:",
            "Please add %(count)d people, whose families are on the list:",
            count,
        )
        lines = []
        for turn, missing in enumerate(asked.missing, start=1):
            beside = ", ".join(_("row %(row)s %(name)s") % {"row": row, "name": rows[row]} for row in missing.beside)
            child = f" ({_('child')})" if missing.minor else ""
            same = f"\n   {_('of the family of')}: {beside}" if beside else ""
            lines.append(f"{turn}. {_who(who.get(missing.person), language)}{child}{same}")
        blocks.append([head % {"count": count}, *lines])
    if asked.dropped:
        count = len(asked.dropped)
        head = ngettext(
            "Please put %(count)d person back, who was on your list before and has not crossed:",
            "Please put %(count)d people back, who were on your list before and have not crossed:",
            count,
        )
        lines = [f"{turn}. {_who(who.get(two.person), language)}" for turn, two in enumerate(asked.dropped, start=1)]
        blocks.append([head % {"count": count}, *lines])
    if asked.miswritten:
        count = len(asked.miswritten)
        head = ngettext("Please correct %(count)d row:", "Please correct %(count)d rows:", count)
        right = _("row %(row)s %(name)s: the right entry is %(entry)s")
        lines = [
            right % {"row": two.row, "name": rows[two.row], "entry": _who(who.get(two.person), language)}
            for two in asked.miswritten
        ]
        blocks.append([head % {"count": count}, *lines])
    return "\n\n".join([opening, *("\n".join(block) for block in blocks), _("Thank you.")]) + "\n"


def _who(identity: Identity | None, language: str) -> str:
    """A person as an authority knows them: the name in its script first, birth date, documents."""
    if identity is None:
        return _("(the name is not kept any more)")
    script = {"ar": "arabic", "ru": "cyrillic"}.get(language, "latin")
    written = [one.text for one in identity.names if one.script == script and one.part == "full"]
    names = list(dict.fromkeys([*written, *full_names(identity)]))[:2]
    documents = ", ".join(one.number for one in identity.documents if one.number)
    parts = [" / ".join(names)]
    if identity.birth is not None and identity.birth.year is not None:
        parts.append(_("born %(day)s") % {"day": f"{LEFT_TO_RIGHT}{born(identity)}{AS_BEFORE}"})
    if documents:
        parts.append(_("document %(number)s") % {"number": f"{LEFT_TO_RIGHT}{documents}{AS_BEFORE}"})
    return ", ".join(parts)
