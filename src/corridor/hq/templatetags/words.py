"""How templates write moments, names of places, words of closed lists, and links that keep the clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from corridor.base.ids import AccountId, MovementId, PersonId, PlaceId
from corridor.base.moments import Moment, datetime_of, iso
from corridor.base.operation import Leg, name_in
from corridor.hq.desks.cells import cell_said
from corridor.hq.pages.clocks import Clocks
from corridor.hq.served import served
from corridor.hq.working import name_of
from corridor.journey.board.board import Board
from corridor.journey.board.movements import MovementPicture
from corridor.journey.cross.hazards import Hazard
from corridor.journey.move.state import Movement
from corridor.ledger.accounts import parts
from corridor.report.figures import figure_name
from corridor.report.words import words

register = template.Library()
register.filter(cell_said)


@register.filter
def named(names: Mapping[str, str]) -> str:
    """A name in the reader's language."""
    return name_in(names, get_language() or "en")


_ENGLISH = {
    "icrc_etd": "ICRC travel document",
    "eu_etd": "EU travel document",
    "avpu": "AVPU",
    "to_tell": "to be told not to come",
    "taken_back": "call taken back",
}
"""Words of closed lists that English writes otherwise than with spaces."""


@register.filter
def word(text: object) -> str:
    """A word of a closed list in the reader's language: ``on_the_way``; a text that is in no list stays as it is."""
    plain = str(text)
    said = pgettext("word", plain)
    return said if said != plain else _ENGLISH.get(plain, plain.replace("_", " "))


@register.filter
def figure_title(code: str) -> str:
    """What a figure is called in the reader's language, the same as in reports."""
    return figure_name(code, words(get_language() or "en"))


@register.filter
def stage_name(stage: str) -> str:
    """A stage of the road in the reader's language, called as its desk is; '' is not known."""
    names = {
        "register": _("Register"),
        "clear": _("Clear"),
        "cross": _("Cross"),
        "care": _("Care"),
        "documents": _("Documents"),
        "move": _("Move"),
        "arrive": _("Arrive"),
    }
    return names.get(stage, _("not known"))


@register.filter
def local(moment: Moment | None, zone: str) -> SafeString | str:
    """An instant in a zone, day and minute, with the exact time for machines; not known is said."""
    if moment is None:
        return _("not known")
    when = datetime_of(moment, zone)
    return format_html('<time datetime="{}">{}</time>', iso(moment), _written(when))


@register.filter
def local_by(moment: Moment | None, zone: str) -> SafeString | str:
    """An instant by the clocks of a zone, with their letters: the reader's own (`own_zone`), for what happens at no
    place."""
    return _("not known") if moment is None else _by_clocks(moment, zone)


def in_zone(moment: Moment, zone: str) -> str:
    """An instant inside a sentence: day, minute and the zone's letters, since the place of it may have a zone of its
    own."""
    when = datetime_of(moment, zone)
    return f"{_written(when)} {when:%Z}"


def told_at(moment: Moment, place: PlaceId | None) -> str:
    """An instant inside a sentence or a choice, by the clocks of a place; None: by the operation's."""
    operation = served().operation
    known = place is not None and operation.has_place(place)
    return in_zone(moment, operation.place(place).zone if known and place is not None else operation.as_of_zone)


def place_of(board: Board, person: PersonId) -> PlaceId | None:
    """Where a person is: their place, or where the movement they are aboard began; None: not known, or at an end."""
    account = board.view.account_of(person)
    return None if account is None else place_of_account(board, account)


def place_of_account(board: Board, account: AccountId) -> PlaceId | None:
    """The place that an account is, of a movement the one where it began; None: not known, or an end."""
    type_, name = parts(account)
    if type_ == "aboard":
        found = board.everybody.move.movements.get(MovementId(name))
        leg = found.leg if found is not None else None
        return board.operation.leg(leg).source if leg is not None and board.operation.has_leg(leg) else None
    return PlaceId(name) if type_ == "place" and board.operation.has_place(name) else None


def calendar_day(text: str) -> str:
    """A day written as YYYY-MM-DD, as people write it."""
    return formats.date_format(date.fromisoformat(text), _("j M Y"))


@register.filter
def movement_name(movement: Movement | MovementPicture) -> str:
    """What people call a movement: the name it was given, else what it is and when it leaves by the clocks there."""
    if movement.name and movement.name != movement.movement:
        return movement.name
    leg = _leg_of(movement)
    if leg is None:
        return movement.movement
    kinds = _kinds()
    leaves = movement.departed_at if movement.departed_at is not None else movement.departs_at
    if leaves is None:
        return f"{kinds[leg.mode]}, {_('time not known')} ({movement.movement})"
    when = datetime_of(leaves, served().operation.place(leg.source).zone)
    return f"{kinds[leg.mode]} {formats.date_format(when, _('j M, H:i'))}"


@register.filter
def leaves(movement: Movement | MovementPicture) -> SafeString | str:
    """When a movement left, or is to leave, by the clocks there."""
    moment = movement.departed_at if movement.departed_at is not None else movement.departs_at
    leg = _leg_of(movement)
    return _there(moment, None if leg is None else leg.source)


@register.filter
def arrives(movement: Movement | MovementPicture) -> SafeString | str:
    """When a movement arrived, or is to arrive, by the clocks there."""
    moment = movement.arrived_at if movement.arrived_at is not None else movement.arrives_at
    leg = _leg_of(movement)
    return _there(moment, None if leg is None else leg.target)


@register.filter
def apart(text: str) -> str:
    """A text that the words beside it do not turn around, as Arabic ones would a date written in digits; '' stays."""
    return f"\u2066{text}\u2069" if text else ""


@register.filter
def leaving_clocks(moment: Moment | None, movement: Movement | MovementPicture) -> SafeString | str:
    """An instant by the clocks of where a movement leaves, with their letters."""
    leg = _leg_of(movement)
    return _there(moment, None if leg is None else leg.source)


@register.filter
def local_at(moment: Moment | None, place: PlaceId | str) -> SafeString | str:
    """An instant by the clocks of a place, with their letters."""
    return _there(moment, PlaceId(place))


@register.filter
def local_of(moment: Moment | None, person: PersonId | str) -> SafeString | str:
    """An instant by the clocks of where a person is now, with their letters; of who is at an end by the operation's."""
    return _there(moment, place_of(served().board_now(), PersonId(person)))


@register.filter
def local_in(moment: Moment | None, account: AccountId | str) -> SafeString | str:
    """An instant by the clocks of the place that an account is, of a movement by those of where it began; of any other
    account by the operation's."""
    return _there(moment, place_of_account(served().board_now(), AccountId(account)))


@register.filter
def local_near(moment: Moment | None, hazard: Hazard) -> SafeString | str:
    """An instant by the clocks of the place that a hazard is on, or where its leg begins."""
    operation = served().operation
    of_leg = operation.leg(hazard.leg).source if hazard.leg is not None and operation.has_leg(hazard.leg) else None
    return _there(moment, hazard.place if hazard.place is not None else of_leg)


@register.filter
def short_at(moment: Moment | None, place: PlaceId | str) -> SafeString | str:
    """An instant of these days by the clocks of a place, without the year."""
    return _there(moment, PlaceId(place), short=True)


@register.filter
def permit_name(permit: str) -> str:
    """What the operation calls a permit; its id when the operation has none such."""
    found = (one.names for one in served().operation.permits if one.id == permit)
    return next((named(names) for names in found), permit)


@register.filter
def user_name(user: str) -> str:
    """What somebody who works here is called; their id where nobody knows it."""
    return name_of(served().operation, user)


@register.filter
def movement_kind(movement: Movement | MovementPicture) -> str:
    """A movement's own name, else only what it is: where the rest is drawn beside it."""
    leg = _leg_of(movement)
    named_so = movement.name if movement.name != movement.movement else None
    return named_so or (movement.movement if leg is None else _kinds()[leg.mode])


@register.filter
def hazard_where(hazard: Hazard) -> str:
    """The place or the ends of the leg that a hazard is on, by their names; '' when it is everywhere."""
    operation = served().operation
    on = [hazard.place] if hazard.place is not None else []
    if hazard.leg is not None and operation.has_leg(hazard.leg):
        on = [operation.leg(hazard.leg).source, operation.leg(hazard.leg).target]
    return " – ".join(named(operation.place(one).names) if operation.has_place(one) else one for one in on)


def _kinds() -> dict[str, str]:
    return {"foot": _("Walk"), "bus": _("Convoy"), "air": _("Flight"), "sea": _("Sailing"), "rail": _("Train")}


def _there(moment: Moment | None, place: PlaceId | None, *, short: bool = False) -> SafeString | str:
    if moment is None:
        return _("not known")
    operation = served().operation
    zone = operation.place(place).zone if place is not None and operation.has_place(place) else operation.as_of_zone
    return _by_clocks(moment, zone, short=short)


def _by_clocks(moment: Moment, zone: str, *, short: bool = False) -> SafeString:
    when = datetime_of(moment, zone)
    letters = f"{when:%Z}"
    return format_html(
        '<time datetime="{}">{} <span class="zone">{}</span></time>',
        iso(moment),
        formats.date_format(when, _("j M, H:i")) if short else _written(when),
        letters,
    )


def _leg_of(movement: Movement | MovementPicture) -> Leg | None:
    operation = served().operation
    return operation.leg(movement.leg) if movement.leg is not None and operation.has_leg(movement.leg) else None


@register.filter
def lasting(minutes: int | None) -> str:
    """A length of time as people say it: minutes below two hours, hours below two days, else days."""
    if minutes is None:
        return _("not known")
    if minutes < 120:
        return _("%(number)d min") % {"number": minutes}
    if minutes < 48 * 60:
        return _("%(number)d h") % {"number": minutes // 60}
    return _("%(number)d d") % {"number": minutes // (24 * 60)}


@register.filter
def signed(number: int) -> str:
    """A difference with its sign, a true minus sign."""
    text = formats.number_format(abs(number), use_l10n=True, force_grouping=True)
    # The mark keeps the sign before its number where the page is read from the right.
    return f"\u200e+{text}" if number > 0 else f"\u200e\N{MINUS SIGN}{text}" if number < 0 else "0"


@register.filter
def points_more(number: float) -> str:
    """A difference of points with its sign, rounded."""
    return signed(round(number))


@register.filter
def plan_flight(movement: str) -> str:
    """What a flight of a plan is called; its id where the book has none such."""
    found = served().board_now().everybody.move.movements.get(MovementId(movement))
    return movement if found is None else movement_name(found)


@register.filter
def at(those: Sequence[str], number: int) -> str:
    """The text at a place of a list, counted from nothing."""
    return those[number]


@register.filter
def day(moment: Moment, zone: str) -> str:
    """The day and month of an instant in a zone."""
    return formats.date_format(datetime_of(moment, zone), _("j M"))


@register.filter
def clock(moment: Moment, zone: str) -> str:
    """The hour and minute of an instant in a zone."""
    return f"{datetime_of(moment, zone):%H:%M}"


@register.filter
def long_time(moment: Moment, zone: str) -> str:
    """An instant in a zone as the clock of the page says it."""
    return formats.date_format(datetime_of(moment, zone), _("D j F Y, H:i"))


@register.simple_tag
def clock_url(page: str, clocks: Clocks, *parts: object, **asked: object) -> str:
    """The address of a page at these clocks; what is asked and empty is left out."""
    more = {name: str(value) for name, value in asked.items() if value not in (None, "")}
    return f"{reverse(page, args=parts)}?{clocks.query(**more)}"


@register.simple_tag(takes_context=True)
def people_href(context: Mapping[str, Any], clocks: Clocks, **asked: object) -> SafeString | str:
    """Where a figure opens into its people, for who may read people; for others the figure is no link."""
    return format_html(' href="{}"', clock_url("people", clocks, **asked)) if may(context, "persons") else ""


@register.simple_tag(takes_context=True)
def may(context: Mapping[str, Any], right: str) -> bool:
    """Whether the reader's role has a right."""
    return right in context.get("rights", ())


def _written(when: datetime) -> str:
    return formats.date_format(when, _("j M Y, H:i"))
