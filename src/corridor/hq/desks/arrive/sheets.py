"""The reception list to take along: as PDF for the hall, as spreadsheet for whoever fetches clothes and nappies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import name_in
from corridor.hq.desks.arrive.flight import landing_of, needs_of
from corridor.hq.desks.arrive.people import Guest, guests, place_name
from corridor.hq.served import served
from corridor.hq.templatetags.words import movement_name, word
from corridor.journey.arrive.forecast import Forecast, size_of
from corridor.journey.arrive.landings import by_group
from corridor.report import reception as report

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def as_pdf(request: HttpRequest, movement: str) -> HttpResponse:
    """The list as PDF; whose names it holds is logged as read."""
    sheet, now = _sheet(request, movement, "PDF")
    return _file(report.as_pdf(sheet, get_language() or "en", now), "application/pdf", f"reception-{movement}.pdf")


@require_safe
def as_spreadsheet(request: HttpRequest, movement: str) -> HttpResponse:
    """The list as a workbook with the needs on a page of their own; whose names it holds is logged as read."""
    sheet, _now = _sheet(request, movement, "spreadsheet")
    return _file(report.as_spreadsheet(sheet, get_language() or "en"), SPREADSHEET, f"reception-{movement}.xlsx")


def _file(made: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _sheet(request: HttpRequest, movement: str, written: str) -> tuple[report.ReceptionSheet, Moment]:
    board, now = served().board_now(), served().now()
    landing = landing_of(board, movement)
    people = guests(request, board, landing.persons, why=f"reception list of {movement} as {written}")
    groups = (board.everybody.group_of.get(person) for person in landing.persons)
    parties = by_group(landing.persons, dict.fromkeys(group for group in groups if group is not None))
    rows = [
        _row(number, people[person])
        for number, party in enumerate(parties, start=1)
        for person in party
        if person in people
    ]
    zone, language = board.operation.as_of_zone, get_language() or "en"
    needs = needs_of(request, board, landing)
    sheet = report.ReceptionSheet(
        title=_("Reception list: %(movement)s") % {"movement": movement_name(landing.movement)},
        under=(
            name_in(board.operation.titles, language),
            _("Lands at %(place)s: %(time)s")
            % {"place": place_name(board, landing.place), "time": _time(landing.expected_at, zone)},
        ),
        headings=(_("Party"), _("Code"), _("Name"), _("Age"), _("Clothes"), _("Needs"), pgettext("person", "Received")),
        rows=tuple(rows),
        needs_title=_("Needs"),
        needs=tuple(needs_lines(needs)),
        count=ngettext("%(number)d person", "%(number)d people", len(rows)) % {"number": len(rows)},
        signatures=(_("Reception officer"),),
        made=_("As of %(time)s, %(zone)s") % {"time": _time(now, zone), "zone": zone},
    )
    return sheet, now


def _row(number: int, one: Guest) -> report.ReceptionRow:
    age = str(one.age_years) if one.age_years is not None else str(word(one.register.age_band or "not_known"))
    return report.ReceptionRow(
        party=number,
        person=one.person,
        names=one.names,
        cells=(
            age,
            str(word(size_of(one.traveller))),
            ", ".join(sorted(str(word(need)) for need in one.register.needs)),
        ),
    )


def needs_lines(needs: Forecast) -> list[tuple[str, int]]:
    """The forecast as words and numbers, in the order in which it is fetched."""
    found: list[tuple[str, int]] = [(_("People"), needs.people)]
    found += [(f"{_('Age')}: {word(band)}", number) for band, number in needs.ages.items()]
    found += [(f"{_('Clothes')}: {word(size)}", number) for size, number in needs.sizes.items()]
    found += [(_("Nappies a day"), needs.nappies_a_day)] if needs.nappies_a_day else []
    found += [(f"{_('Needs')}: {word(need)}", number) for need, number in needs.needs.items()]
    return found


def _time(moment: Moment | None, zone: str) -> Any:
    return _("not known") if moment is None else formats.date_format(datetime_of(moment, zone), _("j M Y, H:i"))
