"""Why a party is not on a flight: what is named does place it, and less of it does not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.plan.a_road import HOUR, party, plan_for, problem

from corridor.base.ids import MovementId, PartyId, PlaceId
from corridor.plan.answer import Plan, Relaxation
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch, floor_plan
from corridor.plan.dispatch.loaded import floor_of
from corridor.plan.explain.explaining import Explanation, explain
from corridor.plan.explain.left_out import with_relaxations
from corridor.plan.explain.relaxing import relaxed
from corridor.plan.generate import generate
from corridor.plan.problem import Lock, Party, Problem, Shift, Visit, Wait

ROAD = problem()
STAYS = PartyId("asked")
EARLY, LATE = MovementId("early"), MovementId("late")


def placed(made: Problem, plan: Plan, who: PartyId, relaxations: tuple[Relaxation, ...]) -> bool:
    """Whether the party flies, everybody else as in the plan, once the changes are made; by the checker's word."""
    other = relaxed(made, relaxations)
    group = tuple(one for one in other.parties if one.id == who)
    floor = floor_of(other, plan, {who})
    if not floor.place(group, {flight.id for flight in other.flights}):
        return False
    again = floor_plan(floor, made_by="test")
    assert check(other, again) == ()
    return any(way.party == who and way.flight for way in again.ways)


def part(made: Problem, name: str, id: str, **changed: Any) -> Problem:
    """The problem with one part changed."""
    those = tuple(msgspec.structs.replace(one, **changed) if one.id == id else one for one in getattr(made, name))
    return msgspec.structs.replace(made, **{name: those})


def asked(made: Problem, who: Party, flight: MovementId | None = None) -> tuple[Problem, Plan, Explanation]:
    """The road with one more party who comes last, its plan, and the answer about that party."""
    made = msgspec.structs.replace(made, parties=(*made.parties, who))
    plan = plan_for(made)
    return made, plan, explain(made, plan, who.id, flight)


ORIGIN = party(STAYS)
WIDE = part(part(ROAD, "stagings", "city", beds=90), "legs", "road", after_minutes=20 * HOUR)
WIDE = part(WIDE, "gates", "gate", holding_persons_max=None, hall_persons_max=None)
"""Beds and halls for everybody, and buses that come back too late for a second convoy."""
DESK = part(WIDE, "legs", "road", vehicles_max=None)
DESK = part(part(DESK, "fleets", "buses", vehicles=4), "fleets", "coaches", vehicles=4)
"""Vehicles for everybody."""


def city(**known: Any) -> Party:
    """A party of two who are in the city already, unless told otherwise."""
    return party(STAYS, **{"stands": "staging", "place": PlaceId("city"), "seats": 2, **known})


CASES: list[tuple[str, str, Problem, Party, MovementId | None]] = [
    ("seats", "more seat on early", part(ROAD, "flights", "early", seats=24), city(), EARLY),
    ("stretchers", "more stretcher place", part(ROAD, "flights", "early", stretchers=1), city(stretchers=1), EARLY),
    ("wheelchairs", "more wheelchair", part(ROAD, "flights", "early", wheelchairs=0), city(wheelchairs=1), EARLY),
    ("laps", "more lap", part(ROAD, "flights", "early", laps=1), city(laps=1), EARLY),
    ("share", "its own on", part(ROAD, "flights", "early", own_percent_min=92), city(citizenships=("KAZ",)), EARLY),
    ("allowed", "late taking KAZ", ROAD, city(citizenships=("KAZ",)), LATE),
    ("beds", "more beds at city", part(ROAD, "stagings", "city", beds=22), ORIGIN, EARLY),
    ("fleet", "more vehicle of buses", part(WIDE, "legs", "road", vehicles_max=None), party(STAYS, seats=9), EARLY),
    (
        "vehicles",
        "more vehicle in a convoy on road",
        part(part(WIDE, "pools", "guards", count=1), "fleets", "buses", vehicles=3),
        party(STAYS, seats=9),
        EARLY,
    ),
    ("gate", "an hour more through gate", DESK, party(STAYS, seats=9, stretchers=0, laps=4), EARLY),
    ("wait", "hold of asked done by", ROAD, party(STAYS, waits=(Wait(stops="leave", for_what="hold"),)), EARLY),
    ("wait", "papers of asked done by", ROAD, city(waits=(Wait(stops="fly", for_what="papers"),)), None),
    ("validity", "the clearance of asked valid to", ROAD, party(STAYS, cross_until_minute=2 * HOUR), None),
    (
        "shift",
        "documents open to",
        part(DESK, "stations", "documents", shifts=(Shift(from_minute=0, until_minute=15 * HOUR, officers=1),)),
        party(STAYS, seats=4, from_minute=5 * HOUR, visits=(Visit(service="documents", persons=4),)),
        EARLY,
    ),
]


@pytest.mark.parametrize(("reason", "words", "made", "who", "flight"), CASES, ids=[case[0] for case in CASES])
def test_what_binds_is_named(reason: str, words: str, made: Problem, who: Party, flight: MovementId | None) -> None:
    """The limit planted is named with how much more of it is needed; with that the party flies, without it not."""
    made, plan, answer = asked(made, who, flight)
    assert reason in {answer.reason, *(kind(one) for one in answer.relaxations)}, answer.says
    assert words in answer.says
    assert not placed(part_of(made, flight), plan, STAYS, ())
    assert placed(made, plan, STAYS, answer.relaxations)


def part_of(made: Problem, flight: MovementId | None) -> Problem:
    """The problem with only the flight asked about to be had by the party."""
    return made if flight is None else msgspec.structs.replace(made, locks=(Lock(party=STAYS, flight=flight),))


def kind(one: Relaxation) -> str:
    """The last key of a relaxation's path, by the words of the explanations."""
    field = one.path.rsplit(".", 1)[-1]
    names = {"own_percent_min": "share", "vehicles": "fleet", "vehicles_max": "vehicles", "persons_per_hour": "gate"}
    names |= {"until_minute": "wait" if ".waits" in one.path else "shift", "cross_until_minute": "validity"}
    return names.get(field, field)


def test_aboard_and_room() -> None:
    """Who flies is told on what and when; who could fly where there is room is told what that would cost."""
    plan = plan_for(ROAD)
    aboard = explain(ROAD, plan, PartyId("first"))
    assert (aboard.reason, aboard.flight) == ("aboard", EARLY)
    assert aboard.says == "first is on early, which leaves at 1970-01-02 00:00 UTC."
    later = explain(ROAD, plan, PartyId("first"), LATE)
    bonded = 3 + 4  # the second party does not go without the first
    assert (later.reason, later.flight) == ("room", LATE)
    assert later.costs_more == bonded * 20 + 3 - 3  # twenty hours more in staging; as many seats empty as before


def test_too_late_is_said() -> None:
    """A party that cannot reach the flight however much room there is, is told so and offered nothing."""
    _, _, answer = asked(ROAD, party(STAYS, from_minute=20 * HOUR), EARLY)
    assert (answer.reason, answer.relaxations) == ("too_late", ())


def test_seats_named_are_the_least() -> None:
    """One seat less than those named does not place the party."""
    made, plan, answer = asked(part(ROAD, "flights", "early", seats=24), city(seats=3), EARLY)
    (seats,) = answer.relaxations
    assert isinstance(seats.to, int)
    less = Relaxation(path=seats.path, to=seats.to - 1, says="")
    assert not placed(part_of(made, EARLY), plan, STAYS, (less,))
    assert placed(part_of(made, EARLY), plan, STAYS, (seats,))


def test_a_lock_can_be_what_binds() -> None:
    """A party locked off the only flight that takes it would fly without the lock."""
    locks = (Lock(party=STAYS, flight=EARLY, keep=False), Lock(party=STAYS, flight=LATE, keep=False))
    made, plan, answer = asked(msgspec.structs.replace(ROAD, locks=locks), city())
    assert answer.reason == "lock"
    assert relaxed(made, answer.relaxations).locks == ()
    assert placed(made, plan, STAYS, answer.relaxations)


@pytest.mark.parametrize(("seed", "most"), [(1, 100), (2, 2)])
def test_everybody_left_out_is_told_what_would_help(seed: int, most: int) -> None:
    """Of everybody a dispatcher leaves out, what the plan names does place them, by the checker's word; also of those
    who are told by what helped others."""
    made = generate(400, seed, "tight", "scarce")
    plan = with_relaxations(made, dispatch(made, "priority"), most)
    left = [one for one in plan.unplaced if one.reason != "bond"]
    assert left
    for one in left:
        assert one.relaxations, one.says
        assert placed(made, plan, one.party, one.relaxations)


def test_nobody_is_told_of_when_no_time_is_left() -> None:
    """Each answer is begun only where as long a one would end in time; whoever is not told of keeps the reason."""
    made = generate(400, 2, "tight", "scarce")
    plan = dispatch(made, "priority")
    ticks = iter(range(1_000))
    some = with_relaxations(made, plan, clock=lambda: float(next(ticks)), until=9.0)
    told = [one.party for one in some.unplaced if one.relaxations]
    assert 0 < len(told) < sum(one.reason == "no_room" for one in plan.unplaced)
    assert {one for one in some.unplaced if one.party not in told} <= set(plan.unplaced)
