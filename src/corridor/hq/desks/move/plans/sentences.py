"""How a plan's reasons are said in the reader's language: why a party is not on a flight, and what would change it."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from corridor.base.ids import MovementId, PartyId, PlaceId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.base.operation import name_in
from corridor.hq.served import served
from corridor.hq.templatetags.words import in_zone, movement_name, named, word
from corridor.journey.planning.changes import Change
from corridor.plan.answer import Relaxation, Unplaced
from corridor.plan.explain.explaining import Explanation
from corridor.plan.problem import Party, Problem

PATH = re.compile(r"^\$\.(\w+)\[(\d+)\](?:\.(\w+)(?:\[(\d+)\](?:\.(\w+))?)?)?$")
"""A path of a relaxation: a list, a number in it, a key, a number in that, a key."""


def moment_at(problem: Problem, minute: int) -> Moment:
    """The instant of a minute of a plan."""
    return Moment(problem.start + minute * MINUTE_MS)


def when(problem: Problem, minute: int, place: str = "") -> str:
    """A minute of a plan by the clocks of a place, else of the operation, inside a sentence."""
    operation = served().operation
    known = place and operation.has_place(PlaceId(place))
    zone = operation.place(PlaceId(place)).zone if known else operation.as_of_zone
    return in_zone(moment_at(problem, minute), zone)


def place_name(place: str) -> str:
    """What a place is called; its id where the operation has none such."""
    operation = served().operation
    return named(operation.place(PlaceId(place)).names) if operation.has_place(PlaceId(place)) else place


def fleet_name(fleet: str) -> str:
    """What a fleet is called; its id where the operation has none such."""
    found = (one.names for one in served().operation.fleets if one.id == fleet)
    return next((name_in(names, get_language() or "en") for names in found), fleet)


def escorts_name(pool: str) -> str:
    """What the escorts of a pool are called: their duty and where they are."""
    role, _, place = pool.partition("-")
    return f"{word(role)}, {place_name(place)}" if place else str(word(role))


def flight_name(movement: str) -> str:
    """What a movement of the book is called; its id where there is none such."""
    known = served().board_now().everybody.move.movements.get(MovementId(movement))
    return movement if known is None else movement_name(known)


def explained(problem: Problem, answer: Explanation) -> str:
    """Why a party is not on a flight (or any), as the model answers it, in one or two sentences."""
    if answer.reason == "aboard" and answer.flight is not None:
        return _("They are on %(flight)s.") % {"flight": flight_name(answer.flight)}
    if answer.reason == "room" and answer.flight is not None and answer.costs_more is not None:
        facts = {"flight": flight_name(answer.flight), "points": f"{round(abs(answer.costs_more)):,}"}
        if answer.costs_more >= 0:
            return _("There is room for them on %(flight)s; the plan would cost %(points)s points more.") % facts
        return _("There is room for them on %(flight)s; the plan would cost %(points)s points less.") % facts
    if answer.reason == "too_late":
        return _("They could not be there in time even with nothing in the way.")
    if answer.reason == "bond":
        return _("They go only with people who stand elsewhere: look at all of them together.")
    if answer.reason == "nothing" or answer.flight is None:
        return _("No small change that was tried would place them.")
    help_ = would_place(problem, answer.relaxations)
    facts = {"why": _why(problem, answer.party, answer.reason), "flight": flight_name(answer.flight), "help": help_}
    return _("%(why)s They would be on %(flight)s with: %(help)s.") % facts


def would_place(problem: Problem, relaxations: tuple[Relaxation, ...]) -> str:
    """What would have to be otherwise, all of it together."""
    return "; ".join(relaxed(problem, one) for one in relaxations)


def _why(problem: Problem, asked: PartyId, reason: str) -> str:
    """What binds, by the kind of the first change that would help."""
    if reason == "wait":
        party = next(one for one in problem.parties if one.id == asked)
        if party.waits:
            return _("They wait for %(what)s.") % {"what": waited_for(party.waits[0].for_what)}
        return _("Somebody who goes with them still waits.")
    said = {
        "seats": _("Too few seats are free."),
        "stretchers": _("No stretcher place is free."),
        "wheelchairs": _("No wheelchair place is free."),
        "laps": _("No lap is free."),
        "share": _("Too few aboard would be of the flight's own."),
        "allowed": _("The flight does not take their citizenship."),
        "beds": _("No bed is free until then."),
        "holding": _("The room before the gate is full."),
        "hall": _("The hall behind the gate is full."),
        "gate": _("Nobody more can cross in time."),
        "shift": _("The station's queue is too long to be ready in time."),
        "officers": _("The station's queue is too long to be ready in time."),
        "queue": _("The station's queue is full."),
        "pool": _("No escort is free."),
        "fleet": _("No vehicle is free."),
        "vehicles": _("The convoys that would be in time are full."),
        "validity": _("Their clearance runs out before."),
        "lock": _("It was settled by hand."),
    }
    return said.get(reason, reason)


def relaxed(problem: Problem, change: Relaxation) -> str:
    """One change of a problem as people would ask for it; as the engine says it where its path is of no known kind."""
    read = PATH.match(change.path)
    if read is None or not isinstance(change.to, int):
        return _("nothing settled by hand") if change.path.startswith("$.locks") else change.says
    those, number, key, turn, last = read.groups()
    one = getattr(problem, those)[int(number)]
    tell = _TOLD.get((those, last or key))
    if tell is None:
        return change.says
    part = getattr(one, key)[int(turn)] if turn is not None else one
    return tell(problem, one, part, change.to)


def _more(text: Callable[[], str], field: str, name: Callable[[str], str]) -> Callable[..., str]:
    def tell(_problem: Problem, one: Struct, _part: Struct, to: int) -> str:
        before = getattr(one, field) or 0
        return text() % {"number": to - before, "where": name(getattr(one, "id", ""))}

    return tell


def _wait_done(problem: Problem, one: Party, part: Struct, to: int) -> str:
    return _("%(what)s by %(time)s") % {"what": waited_for(getattr(part, "for_what", "")), "time": when(problem, to)}


def _valid(problem: Problem, one: Party, part: Struct, to: int) -> str:
    return _("their clearance valid to %(time)s") % {"time": when(problem, to, one.place)}


def _open_to(problem: Problem, one: Struct, part: Struct, to: int) -> str:
    service, staging = getattr(one, "service", ""), getattr(one, "staging", "")
    return _("the station %(station)s open to %(time)s") % {
        "station": word(service),
        "time": when(problem, to, staging),
    }


def _more_officers(problem: Problem, one: Struct, part: Struct, to: int) -> str:
    facts = {"number": to - getattr(part, "officers", 0), "station": word(getattr(one, "service", ""))}
    return _("officers more at the station %(station)s: %(number)d") % facts


def _an_hour_more(problem: Problem, one: Struct, part: Struct, to: int) -> str:
    facts = {"number": to - getattr(part, "persons_per_hour", 0), "where": place_name(getattr(one, "id", ""))}
    return _("people an hour more through the gate %(where)s: %(number)d") % facts


def _all_day_more(problem: Problem, one: Struct, part: Struct, to: int) -> str:
    facts = {"number": to - (getattr(part, "persons_max", None) or 0), "where": place_name(getattr(one, "id", ""))}
    return _("people a day more through the gate %(where)s: %(number)d") % facts


_TOLD: dict[tuple[str, str], Callable[..., str]] = {
    ("flights", "seats"): _more(lambda: _("seats more on %(where)s: %(number)d"), "seats", flight_name),
    ("flights", "stretchers"): _more(
        lambda: _("stretcher places more on %(where)s: %(number)d"), "stretchers", flight_name
    ),
    ("flights", "wheelchairs"): _more(
        lambda: _("wheelchair places more on %(where)s: %(number)d"), "wheelchairs", flight_name
    ),
    ("flights", "laps"): _more(lambda: _("infants on laps more on %(where)s: %(number)d"), "laps", flight_name),
    ("stagings", "beds"): _more(lambda: _("beds more at %(where)s: %(number)d"), "beds", place_name),
    ("gates", "holding_persons_max"): _more(
        lambda: _("people more waiting before the gate %(where)s: %(number)d"), "holding_persons_max", place_name
    ),
    ("gates", "hall_persons_max"): _more(
        lambda: _("people more in the hall of %(where)s: %(number)d"), "hall_persons_max", place_name
    ),
    ("fleets", "vehicles"): _more(lambda: _("vehicles more of %(where)s: %(number)d"), "vehicles", fleet_name),
    ("pools", "count"): _more(lambda: _("escorts more of %(where)s: %(number)d"), "count", escorts_name),
    ("legs", "vehicles_max"): _more(lambda: _("vehicles more in a convoy: %(number)d"), "vehicles_max", str),
    ("stations", "queue_persons_max"): _more(
        lambda: _("people more in the queue of a station: %(number)d"), "queue_persons_max", str
    ),
    ("stations", "until_minute"): _open_to,
    ("stations", "officers"): _more_officers,
    ("gates", "persons_per_hour"): _an_hour_more,
    ("gates", "persons_max"): _all_day_more,
    ("parties", "until_minute"): _wait_done,
    ("parties", "cross_until_minute"): _valid,
}
"""How a change is said, by the list of the problem it is in and the key that changes."""


def waited_for(what: str) -> str:
    """What a party waits for, as a thing."""
    said = {
        "list": _("their names on a list"),
        "clearance": _("their clearance"),
        "hold": _("the end of a hold"),
        "papers": _("their papers"),
        "wish": _("their own wish"),
        "company": _("somebody of the family of whom nobody knows where they are"),
    }
    return said.get(what, what)


def left_out(problem: Problem, party: Party, one: Unplaced) -> str:
    """Why somebody does not cross or does not fly; with what would place them where that was looked for."""
    if one.relaxations:
        help_ = would_place(problem, one.relaxations)
        return _("%(why)s They would fly with: %(help)s.") % {"why": _why(problem, party.id, one.reason), "help": help_}
    if one.reason in ("waits", "wait"):
        unknown = next((each for each in party.waits if each.until_minute is None), None)
        wait = unknown or next(iter(party.waits), None)
        what = waited_for(wait.for_what) if wait is not None else ""
        if unknown is not None:
            return _("They wait for %(what)s, and nobody knows until when.") % {"what": what}
        return _("They wait for %(what)s longer than the plan looks ahead.") % {"what": what}
    said = {
        "bond": _("They go only with people who are left out too."),
        "not_allowed": _("No flight takes their citizenship."),
        "no_places": _("No flight has enough places of the kinds they need."),
        "no_station": _("They need a station that is not there."),
        "too_late": _("They could not be ready for any flight even with nothing in the way."),
        "nothing": _("No small change that was tried would place them."),
        "room": _("There is room for them, and the plan is better without it."),
    }
    if one.reason in said:
        return said[one.reason]
    if one.missing == "crossing":
        return _("Every convoy, gate or bed they could take is full, or too late.")
    return _("Every flight they could take is full, or leaves before they are ready.")


def changed(one: Change) -> str:
    """One thing that has changed since a plan was made, without whom it is about."""
    said = {
        "gone": _("no longer to be planned: they left, are aboard, or nobody knows where they are"),
        "company": _("others belong to the family now"),
        "places": _("they need other places than planned"),
        "later": _("they are ready later than planned"),
        "flight_gone": _("the flight does not go or is closed"),
        "flight_moved": _("the flight leaves at another time"),
        "time_past": _("they should have set out by now"),
    }
    if one.code == "elsewhere":
        return _("they are at %(place)s now") % {"place": place_name(one.about)}
    if one.code == "waits":
        return _("they wait for %(what)s") % {"what": waited_for(one.detail)}
    if one.code == "rule":
        return _broken(one.detail)
    return said[one.code]


def _broken(rule: str) -> str:
    """What does not hold any more, by the code of the rule that the checker found broken."""
    if rule in ("seats", "places", "torn", "share"):
        return _("there is not enough room for the people of the plan any more")
    if rule in ("leave_early", "cross_early", "transfer_early", "fly_early", "visits"):
        return _("they cannot be ready in time any more")
    if rule in ("gate", "convoy_time"):
        return _("the way is closed then, or lets fewer through")
    if rule in ("holding", "hall", "beds", "station"):
        return _("more people would be there than there is room for")
    if rule in ("fleet", "vehicles", "pool", "escorts"):
        return _("vehicles or escorts of the plan are not free any more")
    if rule == "cross_late":
        return _("their clearance runs out before they would cross")
    if rule == "bond":
        return _("people they go with do not go with them any more")
    return _("what the plan has for it does not hold any more")
