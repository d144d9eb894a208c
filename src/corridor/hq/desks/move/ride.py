"""What every page about one movement shows of it: where it goes, how full it is, what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import MovementId, PersonId
from corridor.base.moments import Moment
from corridor.base.operation import Leg, name_in
from corridor.base.refusal import Refusal
from corridor.hq.access.names import own_people, read_names
from corridor.hq.access.rights import may_give
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.refusals import said
from corridor.hq.served import served
from corridor.hq.templatetags.words import movement_name
from corridor.journey.board.board import Board
from corridor.journey.board.moving import escort_seats
from corridor.journey.move import orders
from corridor.journey.move.events import EscortDuty, PlaceType
from corridor.journey.move.manifest import TAKING, Columns, free_places, manifest_of, places, share_needed
from corridor.journey.move.state import Movement, Offer, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places of one type: how many there are, are taken, and are free (below zero: too many are taken)."""

    place_type: PlaceType
    have: int
    free: int

    @property
    def taken(self) -> int:
        """Places that somebody or something takes."""
        return self.have - self.free


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Escorts of one duty: assigned, and needed by the fleet's rule for the souls there are."""

    role: EscortDuty
    assigned: int
    needed: int
    ratio: int | None  # one for every so many people; None: no ratio

    @property
    def lacking(self) -> int:
        """How many are still to be assigned."""
        return max(0, self.needed - self.assigned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One movement as the pages need it. `leg` is None when its plan has not arrived; `rows` are those of the manifest
    that the reader may see; `late` when it is held open past the time at which it should have left."""

    movement: Movement
    title: str
    leg: Leg | None
    source: str
    target: str
    rows: tuple[Row, ...]
    columns: Columns
    places: tuple[Places, ...]
    laps: int
    held: int
    duties: tuple[Duty, ...]
    escort_seats: int
    share_needed: int
    share_offered: int
    late: bool
    offers: tuple[Offer, ...]

    @property
    def id(self) -> MovementId:
        """The movement's id."""
        return self.movement.movement

    @property
    def open(self) -> bool:
        """Whether people may still be put on it."""
        return self.movement.status in ("planned", "boarding")

    @property
    def to_leave(self) -> bool:
        """Whether it has neither left nor been called off."""
        return self.movement.status in ("planned", "boarding", "closed")

    @property
    def acts(self) -> bool:
        """Whether something is to be done with people on the manifest: board, take off, or get out."""
        return self.open or (self.movement.status in ("departed", "arrived") and bool(self.movement.aboard))

    @property
    def souls(self) -> int:
        """People aboard now, infants on laps among them."""
        return len(self.movement.aboard)

    @property
    def free_seats(self) -> int:
        """Seats that nobody takes."""
        return next(one.free for one in self.places if one.place_type == "seat")


def movement_of(board: Board, name: str) -> Movement:
    """The movement with this id. Raises Http404 when there is none."""
    found = board.everybody.move.movements.get(MovementId(name))
    if found is None:
        raise Http404(_("No such movement is known at this time."))
    return found


def ride_of(request: HttpRequest, board: Board, movement: Movement, now: Moment) -> Ride:
    """What a page shows of a movement; a liaison's rows and offers are those of the own state."""
    user: Any = request.user
    operation, language = board.operation, get_language() or "en"
    known = movement.leg is not None and operation.has_leg(movement.leg)
    leg = operation.leg(movement.leg) if known and movement.leg is not None else None
    seen = own_people(user, board, frozenset(row.person for row in movement.rows))
    rows = tuple(row for row in manifest_of(movement).rows if row.person in seen)
    seats_of_escorts = escort_seats(board, movement.movement)
    free, have = free_places(movement, now, seats_of_escorts), places(movement)
    offers = [one for one in movement.offers if user.role != "partner_liaison" or one.partner == user.partner]
    share = operation.seat_share.offered_to_partners_percent_min if leg is not None and leg.mode == "air" else None
    return Ride(
        movement=movement,
        title=movement_name(movement),
        leg=leg,
        source=name_in(operation.place(leg.source).names, language) if leg else "",
        target=name_in(operation.place(leg.target).names, language) if leg else "",
        rows=rows,
        columns=columns_of(rows),
        places=tuple(Places(place_type=one, have=have[one], free=free[one]) for one in TAKING),
        laps=sum(_berth(row) == "lap" for row in movement.rows),
        held=len(movement.held(now) - movement.planned - movement.boarded),
        duties=tuple(_duties(board, movement)),
        escort_seats=seats_of_escorts,
        share_needed=share_needed(movement, share)[1],
        share_offered=sum(offer.seats for offer in movement.offers),
        late=_is_late(movement, now),
        offers=tuple(offers),
    )


def _is_late(movement: Movement, now: Moment) -> bool:
    waits = movement.status in ("planned", "boarding", "closed")
    return waits and movement.departs_at is not None and movement.departs_at < now


def columns_of(rows: Iterable[Row]) -> Columns:
    """The three columns of some rows."""
    rows = list(rows)
    return Columns(
        sum(row.planned is not None for row in rows),
        sum(row.boarded is not None for row in rows),
        sum(row.alighted_at is not None for row in rows),
    )


def _berth(row: Row) -> str:
    berth = row.boarded or row.planned
    return berth.place_type if berth is not None and row.alighted_at is None else ""


def _duties(board: Board, movement: Movement) -> Iterable[Duty]:
    """What the fleet's rules ask for, then what is assigned beyond them."""
    fleet = board.everybody.fleet_for(movement.leg)
    needed = board.everybody.escorts_needed.get(movement.movement, {})
    rules = fleet.escorts if fleet is not None else ()
    ruled = {rule.role: rule for rule in rules} | {rule.role: rule for rule in rules if rule.counted == "persons"}
    for role in dict.fromkeys([*ruled, *movement.escorts]):
        yield Duty(
            role=role,
            assigned=movement.escorts.get(role, 0),
            needed=needed.get(role, 0),
            ratio=ruled[role].per_persons if role in ruled and ruled[role].counted == "persons" else None,
        )


def page_facts(request: HttpRequest, ride: Ride, part: str) -> dict[str, Any]:
    """What the head of every page about a movement needs; `part` is which of its pages this is."""
    gives = {order.__name__: True for order in orders.ORDERS if may_give(request.user, order)}
    return {"ride": ride, "part": part, "gives": gives}


def refuse_by_name(request: HttpRequest, board: Board, form: OrderForm, refusal: Refusal) -> None:
    """Show a no with names beside the ids it names, as far as the reader may read them."""
    says, remedy = said(refusal)
    register = board.everybody.register
    persons = {
        PersonId(one)
        for fact in refusal.data.values()
        if isinstance(fact, str)
        for one in fact.split(", ")
        if one in register
    }
    shown = sorted(own_people(request.user, board, frozenset(persons)))
    names = read_names(request, served(), board, shown, why=f"refusal {refusal.code}")
    for person in sorted(persons, key=len, reverse=True):
        written = names.get(person, ())
        if written:
            says = says.replace(person, f"{written[0]} ({person})")
    form.refusal = (says, remedy)
