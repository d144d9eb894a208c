"""Which surname and which given names does the name area of a zone hold?"""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.refusal import RefusalKind
from corridor.names.mrz.problems import NAME_CUT, NAME_GAPS, NO_NAME, NO_SURNAME, ONE_NAME


@dataclass(frozen=True, slots=True)
class ZoneNames:
    """Names with single blanks between their parts, in the zone's letters; `None`: the zone has none.

    `doubts` are problems that somebody must look at, `wrong` one that cannot be right.
    """

    surname: str | None
    given_names: str | None
    doubts: tuple[RefusalKind, ...]
    wrong: RefusalKind | None = None


def read_names(area: str) -> ZoneNames:
    """Divide a name area (ICAO Doc 9303 part 3, section 4.6): surname, `<<`, given names, single `<` between parts.

    A single name stands in place of the surname. Where there is no surname, `<<` stands first.
    """
    cut: tuple[RefusalKind, ...] = () if area.endswith("<") else (NAME_CUT,)
    text = area.rstrip("<")
    if not text:
        return ZoneNames(None, None, (), NO_NAME)
    surname, divided, given = text.partition("<<")
    if not surname:
        return ZoneNames(None, _parts(given), (NO_SURNAME, *cut))
    if not divided:
        return ZoneNames(_parts(surname), None, (ONE_NAME, *cut))
    gaps: tuple[RefusalKind, ...] = (NAME_GAPS,) if "<<" in given else ()
    return ZoneNames(_parts(surname), _parts(given), (*gaps, *cut))


def _parts(text: str) -> str:
    return " ".join(part for part in text.split("<") if part)
