"""What has changed since a plan was made, so that it cannot be issued: asked of the board as it is now, by the checker.

The plan's decisions are read against the problem of today's board. Who is not there any more, stands elsewhere or is
with others is told first; what is left of the plan is given to the independent checker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from corridor.base.ids import MovementId, PartyId, PersonId
from corridor.base.moments import MINUTE_MS
from corridor.journey.board.board import Board
from corridor.journey.planning.problem import problem_from
from corridor.plan.answer import Aboard, FlightRun, Plan, Way
from corridor.plan.check.checking import check
from corridor.plan.finish import finished
from corridor.plan.problem import Party, Problem

ChangeCode = Literal[
    "gone", "company", "elsewhere", "places", "waits", "later", "flight_gone", "flight_moved", "time_past", "rule"
]
"""What changed: somebody is not to be planned any more; a party has others in it; it stands elsewhere; it needs other
places; it waits for something new; it is there later; a flight does not go, or at another time; the time of a convoy or
crossing is past; anything else that breaks a rule of the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that has changed. `persons` are whom it is about (none: a flight, a convoy, a capacity, then `about`
    names it); `detail` is for what they wait, or the code of the rule; `says` tells it in English."""

    code: ChangeCode
    persons: tuple[PersonId, ...] = ()
    about: str = ""
    detail: str = ""
    says: str = ""


def cut_at(problem: Problem, plan: Plan, until_minute: int) -> Plan:
    """What of a plan sets out before a minute: steps from then on are taken out of everybody's way."""
    leaves = {convoy.id: convoy.departs_minute for convoy in plan.convoys}
    flies = {run.flight: run.departs_minute for run in plan.flights}
    ways: list[Way] = []
    for way in plan.ways:
        if way.flight is not None and (flies[way.flight] or 0) >= until_minute:
            way = msgspec.structs.replace(way, flight=None)
        if way.transfer is not None and leaves[way.transfer] >= until_minute:
            way = msgspec.structs.replace(way, transfer=None, visits_from_minute=None, flight=None)
        if way.crosses_minute is not None and way.crosses_minute >= until_minute:
            continue
        ways.append(way)
    return _with_ways(problem, plan, ways)


def changes_since(board: Board, problem: Problem, plan: Plan) -> tuple[Change, ...]:
    """Why the plan does not hold on the board as it is now; nothing: the checker passes it there."""
    today = problem_from(
        board,
        hours=problem.minutes // 60,
        start=problem.start,
        objective=problem.objective,
        locks=problem.locks,
    )
    before = {party.id: party for party in problem.parties}
    after = {person: party for party in today.parties for person in party.members}
    found: list[Change] = []
    dropped: set[PartyId] = set()
    for way in plan.ways:
        change = _other_party(before[way.party], after) or _past(board, problem, plan, way, before[way.party])
        if change is not None:
            found.append(change)
            dropped.add(way.party)
    gone = dict(_other_flights(problem, today, plan))
    found += gone.values()
    ways = [
        msgspec.structs.replace(way, flight=None) if way.flight in gone else way
        for way in plan.ways
        if way.party not in dropped
    ]
    today = msgspec.structs.replace(
        today, parties=tuple(_as_patient(party, before.get(party.id)) for party in today.parties)
    )
    found += _broken(problem, today, _with_ways(today, plan, ways, frozenset(gone)))
    return tuple(found)


def _other_party(party: Party, after: Mapping[PersonId, Party]) -> Change | None:
    """What about the party itself is not as it was when the plan was made."""
    missing = tuple(person for person in party.members if person not in after)
    if missing:
        return Change(code="gone", persons=missing, says="not to be planned any more")
    now = after[party.members[0]]
    different = set(now.members) ^ set(party.members)
    if different:
        return Change(code="company", persons=tuple(sorted(different)), says="the party has others in it")
    if (now.stands, now.place) != (party.stands, party.place):
        return Change(code="elsewhere", persons=party.members, about=now.place, says=f"now at {now.place}")
    places = [(one.seats, one.laps, one.stretchers, one.wheelchairs) for one in (party, now)]
    if places[0] != places[1]:
        return Change(code="places", persons=party.members, says="needs other places")
    return None


def _past(board: Board, problem: Problem, plan: Plan, way: Way, party: Party) -> Change | None:
    """Whether the party should have crossed or set out by now and has not."""
    now = (board.at - problem.start) / MINUTE_MS
    leaves = [convoy.departs_minute for convoy in plan.convoys if convoy.id in (way.approach, way.transfer)]
    crosses = [] if way.crosses_minute is None else [way.crosses_minute]
    if any(minute < now for minute in (*leaves, *crosses)):
        return Change(code="time_past", persons=party.members, says="should have set out by now")
    return None


def _other_flights(problem: Problem, today: Problem, plan: Plan) -> Iterator[tuple[MovementId, Change]]:
    """Flights with people that do not go any more, or not at the time the plan has them."""
    there = {flight.id: flight for flight in today.flights}
    before = {flight.id: flight for flight in problem.flights}
    for run in plan.flights:
        flight, was = there.get(run.flight), before[run.flight]
        if flight is None:
            if run.aboard:
                yield run.flight, Change(code="flight_gone", about=run.flight, says="it does not go")
            continue
        minute = run.departs_minute
        if not run.flies or minute is None:
            continue
        window = (flight.departs_from_minute, flight.departs_until_minute)
        moved = window != (was.departs_from_minute, was.departs_until_minute)
        if moved and not (window[0] <= minute <= window[1] and (minute - window[0]) % problem.slot_minutes == 0):
            yield run.flight, Change(code="flight_moved", about=run.flight, says="it leaves at another time")


def _as_patient(party: Party, before: Party | None) -> Party:
    """The party as being there since the plan was made, where it has not moved: its time before the flight has run."""
    if before is None or (party.stands, party.place) != (before.stands, before.place):
        return party
    return msgspec.structs.replace(party, from_minute=min(party.from_minute, before.from_minute))


def _with_ways(problem: Problem, plan: Plan, ways: list[Way], gone: frozenset[MovementId] = frozenset()) -> Plan:
    """The plan with only these ways, for this problem: convoys that carry nobody are left out, flights new to it fly
    empty where they must."""
    riding: dict[str, set[PartyId]] = {}
    for way in ways:
        for movement in (way.approach, way.transfer, way.flight):
            if movement is not None:
                riding.setdefault(movement, set()).add(way.party)

    def kept(movement: MovementId, rows: tuple[Aboard, ...]) -> tuple[Aboard, ...]:
        return tuple(row for row in rows if row.party in riding.get(movement, set()))

    runs = {run.flight: run for run in plan.flights if run.flight not in gone}
    there = {party.id for party in problem.parties}
    flights = []
    for flight in problem.flights:
        run = runs.get(flight.id)
        if run is None:
            minute = None if flight.optional else flight.departs_from_minute
            run = FlightRun(flight=flight.id, flies=not flight.optional, departs_minute=minute)
        aboard = kept(flight.id, run.aboard)
        standby = tuple(one for one in run.standby if one.party in there) if aboard else ()
        flights.append(msgspec.structs.replace(run, aboard=aboard, standby=standby))
    return finished(
        problem,
        made_by=plan.made_by,
        seed=plan.seed,
        convoys=(
            msgspec.structs.replace(convoy, aboard=kept(convoy.id, convoy.aboard))
            for convoy in plan.convoys
            if convoy.id in riding
        ),
        flights=flights,
        ways=ways,
    )


def _broken(problem: Problem, today: Problem, plan: Plan) -> Iterator[Change]:
    """What the checker finds, told by what is new about the party where it is about one."""
    before = {party.id: party for party in problem.parties}
    now = {party.id: party for party in today.parties}
    seen: set[str] = set()
    for violation in check(today, plan):
        party = now.get(PartyId(violation.subject))
        if party is None or party.id not in before:
            if violation.code != "standby":
                yield Change(code="rule", about=violation.subject, detail=violation.code, says=violation.says)
        elif party.id not in seen:
            seen.add(party.id)
            yield _about(before[party.id], party, violation.code, violation.says)


def _about(before: Party, party: Party, code: str, says: str) -> Change:
    waits = [wait for wait in party.waits if wait not in before.waits]
    if waits:
        what = waits[0].for_what
        return Change(code="waits", persons=party.members, detail=what, says=f"waits for {what}")
    later = party.from_minute > before.from_minute or party.visits != before.visits
    return Change(code="later" if later else "rule", persons=party.members, detail=code, says=says)
