"""The first page of the desk: what is on the road and what is planned, drawn over the days to come, and as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from corridor.hq.access.rights import may_give
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.move.ride import Ride, ride_of
from corridor.hq.desks.move.timeline import timeline
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.move.orders import PlanMovement

DAYS = (1, 3, 7)

COLUMNS = (
    Column(
        name="movement",
        title=lambda: _("Movement"),
        template="hq/desks/move/_cell_movement.html",
        sort=lambda ride: ride.title,
    ),
    Column(
        name="state",
        title=lambda: _("State"),
        template="hq/desks/move/_cell_state.html",
        sort=lambda ride: ride.movement.status,
    ),
    Column(
        name="leaves",
        title=lambda: _("Leaves"),
        template="hq/desks/move/_cell_leaves.html",
        sort=lambda ride: ride.movement.departed_at or ride.movement.departs_at,
        kind="time",
    ),
    Column(
        name="arrives",
        title=lambda: _("Arrives"),
        template="hq/desks/move/_cell_arrives.html",
        sort=lambda ride: ride.movement.arrived_at or ride.movement.arrives_at,
        kind="time",
    ),
    Column(
        name="columns",
        title=lambda: _("Planned, boarded, alighted"),
        template="hq/desks/move/_cell_columns.html",
        sort=lambda ride: ride.columns.planned,
    ),
    Column(
        name="free",
        title=lambda: _("Free seats"),
        value=lambda ride: ride.free_seats if ride.to_leave else "–",
        sort=lambda ride: ride.free_seats if ride.to_leave else None,
        kind="count",
    ),
    Column(
        name="escorts",
        title=lambda: _("Escorts lacking"),
        value=lambda ride: lacking(ride) or "–",
        sort=lambda ride: sum(duty.lacking for duty in ride.duties),
    ),
    Column(
        name="standby",
        title=lambda: _("Standby"),
        value=lambda ride: len(ride.movement.standby),
        sort=lambda ride: len(ride.movement.standby),
        kind="count",
    ),
    Column(
        name="offered",
        title=lambda: _("Seats offered"),
        value=lambda ride: sum(offer.seats for offer in ride.offers),
        sort=lambda ride: sum(offer.seats for offer in ride.offers),
        kind="count",
        shown=False,
    ),
    Column(
        name="vehicles",
        title=lambda: _("Vehicles"),
        value=lambda ride: ", ".join(one.vehicle for one in ride.movement.vehicles),
        shown=False,
    ),
)


@live
def overview(request: HttpRequest) -> HttpResponse:
    """Every movement that is planned or under way; those that are over when asked."""
    board, now = served().board_now(), served().now()
    every = request.GET.get("which") == "all"
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, DAYS) else 3
    movements = board.everybody.move.movements.values()
    over = {one.movement for one in movements if one.status in ("arrived", "cancelled") and not one.aboard}
    shown = [one for one in movements if every or one.movement not in over]
    rides = [ride_of(request, board, one, now) for one in shown]
    rides.sort(key=_soonest_first)
    facts = {
        "table": cut(request, "movements", COLUMNS, rides),
        "timeline": timeline(board, now, days),
        "choices": DAYS,
        "every": every,
        "over": len(over),
        "may_plan": may_give(request.user, PlanMovement),
        "tag": tag_of(request),
    }
    return show(request, "hq/desks/move/overview.html", facts, part="hq/desks/move/_overview.html")


def lacking(ride: Ride) -> str:
    """Escorts still to be assigned, in words."""
    return ", ".join(f"{duty.lacking} {word(duty.role)}" for duty in ride.duties if duty.lacking)


def _soonest_first(ride: Ride) -> tuple[bool, bool, int, str]:
    """Still to arrive first, then by departure, those without a time last."""
    when = ride.movement.departed_at if ride.movement.departed_at is not None else ride.movement.departs_at
    return (ride.movement.status in ("arrived", "cancelled"), when is None, when or 0, ride.id)
