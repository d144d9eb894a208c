"""What pages show of a forecast and of a change agrees with the futures behind it."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from tests.a_road import Road

from corridor.base.ids import PersonId
from corridor.forecast.road import NEVER
from corridor.journey.forecasting.answers import answer, ranked
from corridor.journey.forecasting.edits import Edits
from corridor.journey.forecasting.forecast import Forecast, asked_of, forecast
from corridor.journey.forecasting.kept import truth_on
from corridor.journey.forecasting.outlook import TWENTY, Outlook, outlook_of, twentieths
from corridor.journey.forecasting.road import road_in
from corridor.plan.problem import Wait

NOW = "2030-05-06T12:00Z"


@pytest.fixture(scope="module")
def road() -> Road:
    """Thirty families: some home, some in camp, most in town; one flight has gone."""
    road = Road()
    for number in range(30):
        road.register("2030-05-01T06:00Z", f"p{number}", party=f"family-{number}")
    for number in range(8):
        who = f"p{number}"
        road.add("crossed", "2030-05-02T07:00Z", who, source="place:town", target="place:gate", gate="gate")
        road.add("sighted", "2030-05-02T19:00Z", who, source="place:gate", target="place:camp")
    road.add("movement_planned", "2030-05-03T08:00Z", movement="flight", leg="camp-home", vehicles=[])
    for number in range(4):
        road.add(
            "boarded",
            "2030-05-04T08:00Z",
            f"p{number}",
            source="place:camp",
            target="aboard:flight",
            movement="flight",
            place_type="seat",
        )
    road.add("departed", "2030-05-04T09:00Z", movement="flight", place="camp")
    road.add("arrived", "2030-05-04T14:00Z", movement="flight", place="home")
    return road


@pytest.fixture(scope="module")
def base(road: Road) -> Forecast:
    """Eighty futures of the road as it is."""
    asked = asked_of(road.board(NOW), seed=1, runs=80, engine="pure")
    assert not isinstance(asked, str), asked
    return forecast(asked, Edits())


@pytest.fixture(scope="module")
def outlook(road: Road, base: Forecast) -> Outlook:
    """The same, as pages show it."""
    return outlook_of(base, [], truth_on(road.board(NOW)))


def test_twenty_stand_for_all() -> None:
    """Twenty values of a hundred: the middle of each five, in order."""
    assert twentieths(np.arange(100.0)[::-1]).tolist() == [5.0 * n + 2 for n in range(20)]


def test_dots_are_quantiles_of_the_futures(base: Forecast, outlook: Outlook) -> None:
    """Twenty futures in order of time; as many are late as the futures say."""
    times = [one for one in outlook.all_out.twenty if one is not None]
    assert len(outlook.all_out.twenty) == TWENTY
    assert times == sorted(times)
    assert abs(outlook.all_out.late - TWENTY * float((base.last_out_minutes == NEVER).mean())) <= 0.5
    assert outlook.all_out.range == base.all_out
    assert set(outlook.stages) == set(base.stages)


def test_fans_are_in_order_and_paths_lie_in_them(base: Forecast, outlook: Outlook) -> None:
    """Quantiles do not cross, people at home do not become fewer, and every sample path is one of the futures."""
    for fan in (outlook.home, outlook.staging):
        assert np.all(np.diff(fan.quantiles, axis=0) >= 0)
    assert np.all(np.diff(outlook.home.paths, axis=1) >= 0)
    for path in outlook.home.paths:
        assert (base.out_persons == path).all(axis=1).any()
    assert outlook.history[-1] == 4  # home before, on one flight
    assert outlook.history[0] == 0


def test_staging_begins_with_whom_the_board_has_there(outlook: Outlook) -> None:
    """Four stand in the camp now in every future, and nobody is counted there while in the air."""
    assert set(outlook.staging.quantiles[:, 0].tolist()) == {4.0}
    assert np.all(outlook.staging.quantiles >= 0)
    assert outlook.beds is None
    assert len(outlook.full) == 0


def test_next_departures_follow_each_other(base: Forecast, outlook: Outlook) -> None:
    """Departures are in order, carry somebody, and all who ever leave are home a flight later."""
    found = base.load_minutes < NEVER
    assert np.all(np.diff(np.where(found, base.load_minutes, 1e9), axis=1) >= 0)
    assert np.all((base.loads > 0) == found)
    assert np.all(base.left_persons >= base.out_persons)
    first = outlook.departing[0]
    assert 0 < first.load_p10 <= first.load_p50 <= first.load_p90


def test_every_person_on_the_road_has_an_arrival(base: Forecast, outlook: Outlook) -> None:
    """Whoever is on the road, and nobody else; nobody is home later than everybody."""
    assert set(outlook.arriving) == {PersonId(f"p{number}") for number in range(4, 30)}
    in_camp, in_town = outlook.arriving[PersonId("p5")], outlook.arriving[PersonId("p20")]
    assert in_camp.gives_up == 0
    assert in_camp.home.range.p50 is not None
    if in_town.home.range.p50 is not None:
        assert in_camp.home.range.p50 <= in_town.home.range.p50
    with np.errstate(invalid="ignore"):
        assert np.nanmax(np.where(np.isinf(base.party_out), -1, base.party_out), axis=1).max() <= 90 * 1440


def test_parts_of_a_day_are_a_whole(outlook: Outlook) -> None:
    """On each day one stage binds, or nobody waits: in all futures together."""
    for parts in outlook.binding:
        assert sum(parts.values()) == pytest.approx(1.0)


def test_no_change_changes_nothing(base: Forecast) -> None:
    """The same road with the same luck: twenty pairs without a difference."""
    same = answer(base, Edits())
    assert set(same.hours_sooner) <= {0.0}
    assert (same.sooner, same.later, same.only_with, same.only_without) == (0, 0, 0, 0)
    assert same.more_home == (0, 0, 0)


def test_changes_go_the_right_way(base: Forecast) -> None:
    """A closed crossing never brings anybody home sooner; more flights never later; the gain of one is ranked."""
    closed = answer(base, replace(Edits(), gate_closed_days=10))
    assert closed.sooner == 0
    assert closed.later == closed.only_without > 0
    assert closed.more_home[0] < 0
    assert closed.more_home[2] <= 0
    assert all(hours <= 0.01 for hours in closed.hours_sooner)
    more = answer(base, replace(Edits(), flights_more=1))
    assert more.later == 0
    assert more.more_home[0] >= 0
    assert len(more.hours_sooner) in (0, TWENTY)
    assert ranked(base, "flights_more=1", replace(Edits(), flights_more=1)).minutes > 0


def test_belief_by_order_moves_the_forecast() -> None:
    """An officer's word on the flights is what the next forecast of the board starts from."""

    spoken = Road()
    for number in range(10):
        spoken.register("2030-05-01T06:00Z", f"p{number}", party=f"family-{number}")
    before = asked_of(spoken.board(NOW), seed=1, runs=40, engine="pure")
    spoken.add("belief_set", "2030-05-06T10:00Z", belief="flights", typical=5, worth=100, why="five a day")
    after = asked_of(spoken.board(NOW), seed=1, runs=40, engine="pure")
    assert not isinstance(before, str)
    assert not isinstance(after, str)
    assert after.beliefs.flights.rate().mean == pytest.approx(5.0, rel=0.1)
    assert before.beliefs.flights.rate().mean < 1.0
    assert [one.why for one in after.by_hand] == ["five a day"] * 2


def test_nobody_knows_whom_a_list_names_next(base: Forecast) -> None:
    """Those not cleared stand behind those who are, in an order that each world has of its own; whoever joins moves
    nobody's place."""
    asked, waits = base.asked, (Wait(stops="cross", for_what="clearance"),)
    parties = [
        msgspec.structs.replace(party, waits=waits) if party.stands == "origin" and number % 2 else party
        for number, party in enumerate(asked.problem.parties)
    ]
    problem = msgspec.structs.replace(asked.problem, parties=tuple(parties))

    def ready(world: int, edits: Edits) -> list[float]:
        road = road_in(problem, asked.beliefs, edits, asked.home, seed=1, world=world)
        return list(road.parties.ready[: len(parties)])

    waiting = [number for number, party in enumerate(parties) if party.waits]
    cleared = [number for number, party in enumerate(parties) if party.stands == "origin" and not party.waits]
    first, second = ready(0, Edits()), ready(1, Edits())
    assert max(first[number] for number in cleared) < min(first[number] for number in waiting)
    assert sorted(waiting, key=first.__getitem__) != sorted(waiting, key=second.__getitem__)
    assert ready(0, replace(Edits(), join=78)) == first
