"""Who shared a bus, a flight, a room or a shelter with a person: on screen and on paper."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import name_in
from corridor.hq.access.rights import needs
from corridor.hq.desks.care.people import Someone, everyone
from corridor.hq.desks.care.queue import tabs_of
from corridor.hq.desks.desk import show
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.hq.templatetags.words import movement_name
from corridor.journey.arrive.contacts import Contact, contacts_of
from corridor.journey.board.board import Board
from corridor.report.printing.typesetting import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """One contact in words; `someone` None until the names of the shown rows are read."""

    contact: Contact
    what: str
    someone: Someone | None = None

    @property
    def person(self) -> PersonId:
        """Who it was."""
        return self.contact.person


COLUMNS = (
    Column(
        name="person", title=lambda: _("Person"), template="hq/desks/care/_cell_flyer.html", sort=lambda one: one.person
    ),
    Column(
        name="shared", title=lambda: _("Shared"), template="hq/desks/care/_cell_shared.html", sort=lambda one: one.what
    ),
    Column(
        name="since",
        title=lambda: _("From"),
        template="hq/desks/care/_cell_met_since.html",
        sort=lambda one: one.contact.since,
        kind="time",
    ),
    Column(
        name="until",
        title=lambda: _("Until"),
        template="hq/desks/care/_cell_met_until.html",
        sort=lambda one: one.contact.until,
        kind="time",
    ),
    Column(name="seat", title=lambda: _("Seat"), value=lambda one: one.contact.seat or "–"),
    Column(name="where", title=lambda: _("Now"), value=lambda one: one.someone.where),
)


@require_safe
@needs("care")
def page(request: HttpRequest, person: str) -> HttpResponse:
    """Everybody a person met, the latest first."""
    board = served().board_now()
    who = PersonId(person)
    found = met(board, who)
    table = cut(request, "care-contacts", COLUMNS, found, extra={"zone": board.operation.as_of_zone})
    people = everyone(request, board, (who, *(row.person for row in table.rows)), why="contact tracing")
    facts: dict[str, Any] = {
        "someone": people[who],
        "table": table.with_rows([dataclasses.replace(row, someone=people[row.person]) for row in table.rows]),
        "persons": len({one.person for one in found}),
        "zone": board.operation.as_of_zone,
        "part": "person",
        **tabs_of(request, board),
    }
    return show(request, "hq/desks/care/contacts.html", facts)


@require_safe
@needs("care")
def as_pdf(request: HttpRequest, person: str) -> HttpResponse:
    """The list to take along: everybody of it, whose names are logged as read."""
    headquarters = served()
    board, now = headquarters.board_now(), headquarters.now()
    who = PersonId(person)
    found = met(board, who)
    people = everyone(request, board, (who, *(one.person for one in found)), why="contact tracing on paper")
    zone, language = board.operation.as_of_zone, get_language() or "en"
    count = len({one.person for one in found})
    facts = {
        "title": _("Contacts of %(person)s") % {"person": who},
        "under": [" · ".join(people[who].names), name_in(board.operation.titles, language)],
        "widths": [1, 3, 3, 2, 2, 1, 2],
        "headings": [_("Code"), _("Name"), _("Shared"), _("From"), _("Until"), _("Seat"), _("Seen")],
        "rows": [
            [
                one.person,
                list(people[one.person].names) if one.person in people else [],
                one.what,
                _time(one.contact.since, zone),
                _time(one.contact.until, zone) if one.contact.until is not None else _("still together"),
                one.contact.seat or "",
                "",
            ]
            for one in found
        ],
        "count": ngettext("%(number)d person", "%(number)d people", count) % {"number": count},
        "signatures": [_("Medic")],
        "made": _("As of %(time)s, %(zone)s") % {"time": _time(now, zone), "zone": zone},
    }
    made = typeset("listing", facts, language, now)
    name = f'attachment; filename="contacts-{who}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


def met(board: Board, person: PersonId) -> list[Met]:
    """The contacts of a person, from the manifests and placements of the board."""
    everybody = board.everybody
    found = contacts_of(person, everybody.move.movements.values(), everybody.arrive, everybody.stays)
    language = get_language() or "en"
    return [Met(contact=one, what=_what(board, one, language)) for one in found]


def _what(board: Board, one: Contact, language: str) -> str:
    """What was shared, in words."""
    if one.movement is not None:
        movement = board.everybody.move.movements.get(one.movement)
        name = movement_name(movement) if movement is not None else one.movement
        vehicle = one.vehicle if one.vehicle is not None else _("vehicle not known")
        return f"{name}, {vehicle}"
    assert one.shelter is not None, "a contact was on a movement or at a shelter"
    known = board.operation.has_place(one.shelter)
    name = name_in(board.operation.place(one.shelter).names, language) if known else one.shelter
    room = _("room %(room)s") % {"room": one.room} if one.room is not None else _("room not known")
    return f"{name}, {room}"


def _time(moment: Moment, zone: str) -> str:
    return formats.date_format(datetime_of(moment, zone), _("j M Y, H:i"))
