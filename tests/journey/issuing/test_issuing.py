"""Beliefs are set by hand and forecasts issued by order, each recorded by headquarters or refused with its reason."""

from __future__ import annotations

import math
from typing import Any

import pytest
from tests.a_road import small_operation
from tests.ledger.a_ledger import LATER, Ledger, draft, mint

from corridor.base.ids import DeviceId, UserId
from corridor.base.moments import HOUR_MS, Moment
from corridor.base.operation import Operation
from corridor.base.refusal import Refusal
from corridor.forecast.beliefs.priors import with_hands
from corridor.forecast.scores import LEVELS
from corridor.journey.board.board import Board
from corridor.journey.forecasting.hands import Scales, by_order
from corridor.journey.forecasting.kept import Issued, both_kept, issued_on, order_for
from corridor.journey.issuing.orders import SetBelief
from corridor.journey.issuing.state import BeliefSet, beliefs_set
from corridor.journey.orders import decide

OFFICER = UserId("officer")
SCALES = Scales(gate_persons_per_day=400.0, hall_minutes=600.0)


@pytest.fixture
def operation() -> Operation:
    """A small operation of four places."""
    return small_operation()


@pytest.fixture
def ledger() -> Ledger:
    """Headquarters' ledger, with nothing in it."""
    return Ledger()


def board(operation: Operation, ledger: Ledger) -> Board:
    """The board when everything has been received."""
    return Board(operation, ledger.view())


def given(operation: Operation, ledger: Ledger, order: Any) -> str:
    """The code of the no; '' when it is done, and then its event is in the ledger."""
    decided = decide(order, board(operation, ledger), LATER)
    if isinstance(decided, Refusal):
        assert decided.says and decided.remedy
        return decided.code
    for one in decided:
        ledger.take(mint(ledger.headquarters, one), "20:00")
    return ""


def setting(belief: str = "flights", typical: float | None = 2.0, worth: float | None = 10.0) -> SetBelief:
    """A belief set with a reason."""
    return SetBelief(by=OFFICER, belief=belief, why="two aircraft a day are promised", typical=typical, worth=worth)


def forecast(hours: int = 0) -> Issued:
    """A forecast as of some hours before now."""
    rows = tuple(LEVELS * days for days in (1.0, 7.0, 14.0))
    at = Moment(LATER - hours * HOUR_MS)
    return Issued(at=at, known=at, model="road-1", home=rows, own=rows, all_out_hours=LEVELS * 100.0)


def test_last_word_on_a_belief_holds(operation: Operation, ledger: Ledger) -> None:
    """A belief is set, set otherwise, and taken back to what is shipped; each with who said why."""
    assert given(operation, ledger, setting()) == ""
    assert given(operation, ledger, setting(typical=3.0)) == ""
    found = beliefs_set(board(operation, ledger).view)
    assert [(one.belief, one.typical, one.worth, one.why, one.by) for one in found.values()] == [
        ("flights", 3.0, 10.0, "two aircraft a day are promised", OFFICER)
    ]
    assert given(operation, ledger, setting(typical=None, worth=None)) == ""
    assert beliefs_set(board(operation, ledger).view) == {}


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (setting("luck"), "belief_not_known"),
        (setting(typical=0.0), "belief_value"),
        (setting(typical=math.nan), "belief_value"),
        (setting("withdrawing", 1.0), "belief_value"),
        (setting(worth=None), "belief_worth"),
        (setting(worth=0.1), "belief_worth"),
        (setting(typical=None, worth=None), "belief_not_set"),
        (SetBelief(by=OFFICER, belief="flights", why=" ", typical=1.0, worth=1.0), "no_reason"),
    ],
)
def test_what_cannot_be_believed(operation: Operation, ledger: Ledger, order: SetBelief, code: str) -> None:
    """A belief that is none, a value or a worth that cannot be, and a missing reason are refused."""
    assert given(operation, ledger, order) == code
    assert beliefs_set(board(operation, ledger).view) == {}


def test_no_phone_sets_what_headquarters_believes(operation: Operation, ledger: Ledger) -> None:
    """The same event on a phone's chain is kept and changes no belief."""
    phone = ledger.enrol(DeviceId("gate-1"))
    body = {"belief": "flights", "typical": 9.0, "worth": 100.0, "why": "so"}
    ledger.take(mint(phone, draft("belief_set", "09:00", body=body)), "09:10")
    assert [event.kind for event in board(operation, ledger).view.events(("belief_set",))] == ["belief_set"]
    assert beliefs_set(board(operation, ledger).view) == {}


def test_officers_words_become_parameters_of_laws() -> None:
    """A pace is told in logs beside what it is measured by, a rate and a part in cases."""

    def parameters(belief: str, typical: float) -> dict[str, float]:
        one = BeliefSet(belief=belief, typical=typical, worth=20.0, why="so", by=OFFICER, at=Moment(0))
        return {hand.belief: hand.value for hand in by_order([one], SCALES)}

    assert parameters("gate_pace", 200.0) == {"gate_pace.mean": math.log(0.5), "gate_pace.worth": 20.0}
    assert parameters("hall_minutes", 600.0) == {"hall_minutes.mean": 0.0, "hall_minutes.worth": 20.0}
    assert parameters("flights", 0.5) == {"flights.cases": 10.0, "flights.days": 20.0}
    assert parameters("withdrawing", 0.25) == {"withdrawing.cases": 5.0, "withdrawing.others": 15.0}
    set_so = BeliefSet(belief="closing", typical=0.1, worth=30.0, why="so", by=OFFICER, at=Moment(0))
    assert with_hands(by_order([set_so], SCALES))["closing"] == {"cases": 3.0, "days": 30.0}


def test_issued_forecast_comes_back(operation: Operation, ledger: Ledger) -> None:
    """What is issued is on record with its quantiles, once for a moment, and never from a moment to come."""
    order = order_for(forecast(3), by=OFFICER, runs=1_000, persons=87)
    assert given(operation, ledger, order) == ""
    assert given(operation, ledger, order) == "forecast_told"
    assert given(operation, ledger, order_for(forecast(-1), by=OFFICER, runs=1, persons=1)) == "forecast_ahead"
    (kept,) = issued_on(board(operation, ledger))
    assert (kept.at, kept.model) == (forecast(3).at, "road-1")
    assert [row.tolist() for row in kept.home] == [row.round(3).tolist() for row in forecast(3).home]
    assert kept.all_out_hours.tolist() == forecast(3).all_out_hours.round(3).tolist()


def test_forecasts_of_two_places_are_one_record() -> None:
    """The shell's and headquarters' forecasts stand in the order of time, each moment once."""
    one, other = forecast(3), forecast(5)
    assert [kept.at for kept in both_kept([one], [other, forecast(3)])] == [other.at, one.at]
