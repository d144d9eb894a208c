"""What the dispatchers and the generator make: feasible, the same again, and like what it says it is."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.a_road import DAY, HOUR, plan_for, problem

from corridor.base.ids import LegId, MovementId, PartyId, PlaceId
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import Rule, dispatch
from corridor.plan.dispatch.loaded import floor_of
from corridor.plan.faults import faults
from corridor.plan.generate import Escorts, Room, generate
from corridor.plan.problem import Bond, Lock, Party, Problem, Visit, Wait

ROAD = problem()

WHERE = st.sampled_from([("origin", "village"), ("gate", "gate"), ("hall", "gate"), ("staging", "city")])
HOURS = st.integers(0, 40).map(lambda hours: hours * HOUR)


@st.composite
def parties(draw: st.DrawFn) -> tuple[Party, ...]:
    """Up to a dozen parties of every kind, standing anywhere, waiting, bonded, visiting."""
    found: list[Party] = []
    for number in range(draw(st.integers(1, 12))):
        stands, place = draw(WHERE)
        known: dict[str, Any] = {name: draw(st.integers(0, most)) for name, most in PLACES.items()}
        known["seats"] = draw(st.integers(0 if any(known.values()) else 1, 12))
        persons = sum(known.values())
        services = draw(st.lists(st.sampled_from(["medical", "documents"]), max_size=2, unique=True))
        waits = draw(st.lists(st.tuples(st.sampled_from(["leave", "cross", "fly"]), st.none() | HOURS), max_size=2))
        others = draw(st.lists(st.sampled_from(found), max_size=1)) if found else []
        found.append(
            Party(
                id=PartyId(f"p{number}"),
                stands=stands,  # type: ignore[arg-type]
                place=PlaceId(place),
                citizenships=(draw(st.sampled_from(["RUS", "KAZ"])),),
                weight=draw(st.integers(1, 5)),
                from_minute=draw(st.sampled_from([0, 0, 90, 8 * HOUR])),
                waits=tuple(Wait(stops=stops, for_what="list", until_minute=until) for stops, until in waits),  # type: ignore[arg-type]
                cross_until_minute=draw(st.none() | HOURS),
                visits=tuple(Visit(service=service, persons=draw(st.integers(1, persons))) for service in services),
                bonds=tuple(Bond(party=other.id, kind="guardian") for other in others),
                **known,
            )
        )
    return tuple(found)


PLACES = {"laps": 2, "stretchers": 2, "wheelchairs": 1}


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """The small road with other people, rooms, bonds and locks."""
    people = draw(parties())
    lock = st.builds(
        Lock,
        party=st.sampled_from([party.id for party in people]),
        keep=st.booleans(),
        flight=st.just(MovementId("early")),
    )
    stagings = (
        msgspec.structs.replace(ROAD.stagings[0], beds=draw(st.integers(0, 30)), visits_wait=draw(st.booleans())),
    )
    gate = msgspec.structs.replace(ROAD.gates[0], holding_persons_max=draw(st.integers(0, 20)))
    return msgspec.structs.replace(
        ROAD, parties=people, stagings=stagings, gates=(gate,), locks=tuple(draw(st.lists(lock, max_size=2)))
    )


@settings(max_examples=80, deadline=None)
@given(problems(), st.sampled_from(["first_come", "priority"]))
def test_dispatchers_break_no_rule(made: Problem, rule: Rule) -> None:
    """Whatever stands in a problem, what the dispatchers make of it breaks no rule of the checker."""
    assert list(faults(made)) == []
    assert check(made, dispatch(made, rule)) == ()


@pytest.mark.parametrize("rule", ["first_come", "priority"])
def test_bonded_parties_queue_together(rule: Rule) -> None:
    """Bonded families who come to one desk at different hours, as one of them sees a doctor first, leave its promise
    to everybody behind them kept."""
    for seed in (2, 11):
        made = generate(200, seed, "tight", "scarce")
        assert check(made, dispatch(made, rule)) == ()


@settings(max_examples=40, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_floor_of_a_plan_is_the_floor_it_was_made_on(made: Problem, chance: random.Random) -> None:
    """Parties taken off a plan and put on again, one after the other, leave a feasible plan each time."""
    plan = plan_for(made)
    clusters = [party for party in made.parties if not party.bonds]
    bonded_to = {bond.party for party in made.parties for bond in party.bonds}
    alone = [party for party in clusters if party.id not in bonded_to]
    for party in chance.sample(alone, min(3, len(alone))):
        floor = floor_of(made, plan, {party.id})
        was_there = any(way.party == party.id for way in plan.ways)
        assert floor.place((party,)) or not was_there or party.stands in ("hall", "staging")


@pytest.mark.parametrize("room", ["tight", "loose"])
@pytest.mark.parametrize("escorts", ["ample", "scarce"])
def test_generated_problems(room: Room, escorts: Escorts) -> None:
    """A generated problem has no fault, is the same for the same seed, and has the people it was asked for."""
    made = generate(2000, 5, room, escorts)
    assert list(faults(made)) == []
    assert made == generate(2000, 5, room, escorts) != generate(2000, 6, room, escorts)
    persons = sum(party.persons for party in made.parties)
    assert 2000 <= persons < 2010
    assert 4.2 < persons / len(made.parties) < 5.2
    seats = sum(flight.seats for flight in made.flights)
    assert persons * (1.05 if room == "tight" else 1.5) < seats
    nights = Counter(wait.until_minute for party in made.parties for wait in party.waits if wait.stops == "leave")
    assert sorted(nights) == [6 * HOUR + night * DAY for night in range(4)]


def test_urgent_go_first() -> None:
    """On the whole, those who weigh most are out of danger sooner by priority than first come first served."""
    made = generate(600, 2, "tight", "scarce")
    weights = {party.id: party.weight for party in made.parties}

    def mean_crossing(rule: Rule) -> float:
        crossed = [way.crosses_minute or 0 for way in dispatch(made, rule).ways if weights[way.party] >= 3]
        return sum(crossed) / len(crossed)

    assert mean_crossing("priority") < mean_crossing("first_come")


def test_locks_are_kept() -> None:
    """A party locked to a later crossing and road takes them; one locked off its flight takes another or none."""
    first = PartyId("first")
    later = Lock(party=first, gate=PlaceId("gate"), minute=9 * HOUR)
    road = Lock(party=first, leg=LegId("road"), minute=5 * HOUR)
    other = Lock(party=PartyId("waiting"), flight=MovementId("early"), keep=False)
    plan = plan_for(msgspec.structs.replace(ROAD, locks=(later, road, other)))
    ways = {way.party: way for way in plan.ways}
    assert ways[first].crosses_minute == 9 * HOUR
    assert ways[first].approach == "road@300"
    assert ways[PartyId("waiting")].flight == "late"
