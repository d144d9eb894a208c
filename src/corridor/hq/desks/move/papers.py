"""The manifest to take along: as PDF for the door of the bus, as spreadsheet for the authority that asks for one."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import name_in
from corridor.hq.access.names import read_identities
from corridor.hq.desks.move.manifest import Line, Load, loads
from corridor.hq.desks.move.ride import Ride, movement_of, ride_of
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.register.identity import Identity, full_names
from corridor.report import manifest as report

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def as_pdf(request: HttpRequest, movement: str) -> HttpResponse:
    """The manifest as PDF; whose names it holds is logged as read."""
    sheet, at = _sheet(request, movement, "PDF")
    made = report.as_pdf(sheet, get_language() or "en", at)
    return _file(made, "application/pdf", f"manifest-{movement}.pdf")


@require_safe
def as_spreadsheet(request: HttpRequest, movement: str) -> HttpResponse:
    """The manifest as a workbook; whose names it holds is logged as read."""
    sheet, _at = _sheet(request, movement, "spreadsheet")
    return _file(report.as_spreadsheet(sheet, get_language() or "en"), SPREADSHEET, f"manifest-{movement}.xlsx")


def _file(made: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _sheet(request: HttpRequest, movement: str, written: str) -> tuple[report.ManifestSheet, Moment]:
    board, now = served().board_now(), served().now()
    ride = ride_of(request, board, movement_of(board, movement), now)
    persons = [row.person for row in ride.rows]
    identities = read_identities(request, served(), board, persons, why=f"manifest of {movement} as {written}")
    names = {person: full_names(identity) for person, identity in identities.items()}
    zone = board.operation.as_of_zone
    sheet = report.ManifestSheet(
        title=_("Manifest: %(movement)s") % {"movement": ride.title},
        operation=name_in(board.operation.titles, get_language() or "en"),
        code=ride.id,
        under=tuple(_under(board, ride)),
        headings=(
            "№",
            _("Code"),
            _("Name"),
            _("Party"),
            _("Born"),
            _("Citizenship"),
            _("Document"),
            _("Place"),
            _("Planned"),
            _("Boarded"),
            _("Alighted"),
        ),
        vehicle=_("Vehicle"),
        parts=tuple(_part(load, identities, zone) for load in loads(board, ride, names)),
        signatures=(_("Leader of the movement"), _("Handed over"), _("Taken over")),
        made=_("As of %(time)s, %(zone)s") % {"time": _time(now, zone), "zone": zone},
    )
    return sheet, now


def _under(board: Board, ride: Ride) -> list[str]:
    """The lines below the title: the way, the times, souls and escorts."""
    zone = board.operation.as_of_zone
    movement = ride.movement
    leaves = movement.departed_at if movement.departed_at is not None else movement.departs_at
    arrives = movement.arrived_at if movement.arrived_at is not None else movement.arrives_at
    columns = _("planned %(planned)d, boarded %(boarded)d, alighted %(alighted)d") % {
        "planned": ride.columns.planned,
        "boarded": ride.columns.boarded,
        "alighted": ride.columns.alighted,
    }
    escorts = ", ".join(f"{word(duty.role)} {duty.assigned}" for duty in ride.duties if duty.assigned)
    times = _("Leaves: %(leaves)s. Arrives: %(arrives)s.") % {
        "leaves": _time(leaves, zone),
        "arrives": _time(arrives, zone),
    }
    lines = [f"{ride.source} – {ride.target}", times, columns]
    return [*lines, _("Escorts: %(escorts)s") % {"escorts": escorts}] if escorts else lines


def _part(load: Load, identities: Mapping[PersonId, Identity], zone: str) -> report.SheetPart:
    people = ngettext("%(number)d person", "%(number)d people", len(load.lines)) % {"number": len(load.lines)}
    vehicle = load.vehicle.vehicle if load.vehicle is not None else _("no vehicle said")
    return report.SheetPart(
        title=f"{vehicle} · {people}",
        rows=tuple(_row(line, identities.get(line.row.person), zone) for line in load.lines),
    )


def _row(line: Line, identity: Identity | None, zone: str) -> report.SheetRow:
    row = line.row
    berth = row.boarded or row.planned
    seat = f" {berth.seat}" if berth is not None and berth.seat else ""
    return report.SheetRow(
        person=row.person,
        names=line.names,
        cells=(
            line.state.party or "",
            _born(identity) or word(line.state.age_band or "not_known"),
            ", ".join(line.state.citizenships),
            _document(identity),
            f"{word(berth.place_type)}{seat}" if berth is not None else "",
        ),
        columns=(
            _("yes") if row.planned is not None else "",
            _time(row.boarded_at, zone) if row.boarded_at is not None else "",
            _time(row.alighted_at, zone) if row.alighted_at is not None else "",
        ),
    )


def _born(identity: Identity | None) -> str:
    """The birth date as well as it is known; '' when it is not, or not for the reader's role."""
    birth = identity.birth if identity is not None else None
    if birth is None or birth.year is None:
        return ""
    known = [f"{part:02}" for part in (birth.day, birth.month) if part is not None]
    return ".".join([*known, str(birth.year)])


def _document(identity: Identity | None) -> str:
    """The first document with a number: the passport where there is one."""
    documents = [one for one in identity.documents if one.number] if identity is not None else []
    documents.sort(key=lambda one: one.type != "passport")
    return f"{word(documents[0].type)} {documents[0].number}" if documents else ""


def _time(moment: Moment | None, zone: str) -> str:
    return _("not known") if moment is None else formats.date_format(datetime_of(moment, zone), _("j M Y, H:i"))
