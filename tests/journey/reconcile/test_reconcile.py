"""What contradicts is one list with owners and ends, and each closes by its own order or says why not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.a_road import Road

from corridor.base.ids import AccountId, DeviceId, EventId, PersonId, UserId
from corridor.base.moments import parse_moment
from corridor.base.refusal import Refusal
from corridor.journey.orders import decide
from corridor.journey.reconcile import orders
from corridor.journey.reconcile.facts import board_roll_calls
from corridor.journey.reconcile.open import OpenDiscrepancy, id_of_count, open_discrepancies

NOW = "2030-05-02T12:00Z"
OFFICER = UserId("officer")


@pytest.fixture
def road() -> Road:
    """Two people at the gate; one of them is also recorded crossing from town an hour later, which cannot be."""
    road = Road()
    road.register("2030-05-02T06:00Z", "anna")
    road.register("2030-05-02T06:00Z", "boris")
    for person in ("anna", "boris"):
        road.add("sighted", "2030-05-02T07:00Z", person, source="place:town", target="place:gate")
    road.add("sighted", "2030-05-02T10:00Z", "boris", source="place:gate", target="place:camp")
    road.add("sighted", "2030-05-02T10:30Z", "boris", source="place:town", target="place:gate")
    return road


def opened(road: Road, at: str = NOW) -> dict[str, OpenDiscrepancy]:
    """What is open, by code; one of each in these tests."""
    found = open_discrepancies(road.board(at))
    by_code = {one.code: one for one in found}
    assert len(by_code) == len(found)
    return by_code


def refusal(road: Road, order: Any, at: str = NOW) -> str:
    """The code of the no to an order; '' when it is done, and then its events are in the ledger."""
    decided = decide(order, road.board(at), parse_moment(at))
    if isinstance(decided, Refusal):
        assert decided.says and decided.remedy
        return decided.code
    for draft in decided:
        road.add(draft.kind, at, *draft.persons, source=draft.source, target=draft.target, facts=dict(draft.body))
    return ""


def test_a_judgement_names_every_record(road: Road) -> None:
    """Naming one of two records is refused and says which is missing; naming both ends the suspense."""
    conflict = opened(road)["two_places"]
    assert conflict.persons == ("boris",) and len(conflict.records) == 2
    judged: dict[str, Any] = {"by": OFFICER, "person": PersonId("boris"), "account": AccountId("place:camp")}
    partly = orders.Reconcile(**judged, records=conflict.records[:1], says="seen by me")
    assert refusal(road, partly) == "records_missing"
    assert refusal(road, orders.Reconcile(**judged, records=conflict.records, says="  ")) == "no_reason"
    nowhere = {**judged, "account": AccountId("place:moon")}
    assert refusal(road, orders.Reconcile(**nowhere, records=conflict.records, says="seen")) == "account_not_known"
    assert road.board(NOW).view.account_of(PersonId("boris")) == "suspense"
    assert refusal(road, orders.Reconcile(**judged, records=conflict.records, says="seen by me")) == ""
    after = "2030-05-02T12:05Z"
    assert road.board(after).view.account_of(PersonId("boris")) == "place:camp"
    assert "two_places" not in opened(road, after)
    again = orders.Reconcile(**judged, records=conflict.records, says="seen by me")
    assert refusal(road, again, after) == "no_conflict"


def test_an_owner_is_one_of_the_users_and_stays_with_the_discrepancy(road: Road) -> None:
    """Who has a discrepancy is found again although a further record joined it."""
    conflict = opened(road)["two_places"]
    assert conflict.owner is None and conflict.since == parse_moment("2030-05-02T10:30Z")
    give = orders.AssignDiscrepancy(by=OFFICER, discrepancy=conflict.id, owner=UserId("stranger"))
    assert refusal(road, give) == "unknown_user"
    assert refusal(road, orders.AssignDiscrepancy(by=OFFICER, discrepancy="x-1", owner=OFFICER)) == (
        "discrepancy_not_open"
    )
    assert refusal(road, orders.AssignDiscrepancy(by=OFFICER, discrepancy=conflict.id, owner=OFFICER)) == ""
    road.add("sighted", "2030-05-02T12:10Z", "boris", source="place:town", target="place:gate")
    later = opened(road, "2030-05-02T12:20Z")["two_places"]
    assert (later.id, later.owner, len(later.records)) == (conflict.id, "officer", 3)


def test_words_do_not_close_what_must_be_judged(road: Road) -> None:
    """Suspense is not explained away; a head count that differs is, and is red no more."""
    conflict = opened(road)["two_places"]
    assert refusal(road, orders.ExplainDiscrepancy(by=OFFICER, discrepancy=conflict.id, why="fine")) == (
        "must_be_judged"
    )
    count = orders.CountHeads(by=OFFICER, account=AccountId("place:gate"), count=3)
    assert refusal(road, count, "2030-05-02T09:00Z") == ""
    differs = opened(road)["count_differs"]
    assert differs.explained is None and differs.id == id_of_count(differs.records[0])
    assert refusal(road, orders.ExplainDiscrepancy(by=OFFICER, discrepancy=differs.id, why="a driver")) == ""
    assert opened(road, "2030-05-02T12:05Z")["count_differs"].explained == "a driver"


def test_a_record_is_taken_back_once(road: Road) -> None:
    """Taking the wrong record back ends the conflict; the same record is not taken back twice, nor one unknown."""
    wrong = opened(road)["two_places"].records[-1]
    assert refusal(road, orders.CorrectRecord(by=OFFICER, record=wrong, why="another Boris")) == ""
    assert "two_places" not in opened(road, "2030-05-02T12:05Z")
    again = orders.CorrectRecord(by=OFFICER, record=wrong, why="another Boris")
    assert refusal(road, again, "2030-05-02T12:05Z") == "already_corrected"
    unknown = EventId(DeviceId("nobody"), 1, 7)
    assert refusal(road, orders.CorrectRecord(by=OFFICER, record=unknown, why="wrong")) == "record_not_known"


def test_a_roll_call_is_red_until_counted_and_explained(road: Road) -> None:
    """It waits, is overdue, differs, is explained; and is due again the next day."""
    gate = AccountId("place:gate")
    past = orders.ScheduleRollCall(by=OFFICER, roll_call="r-1", account=gate, due_at=parse_moment("2030-05-02T11:00Z"))
    assert refusal(road, past) == "roll_call_due_past"
    due = parse_moment("2030-05-02T14:00Z")
    daily = orders.ScheduleRollCall(by=OFFICER, roll_call="r-1", account=gate, due_at=due, every_hours=24)
    assert refusal(road, daily) == ""
    assert refusal(road, daily, "2030-05-02T12:05Z") == "roll_call_exists"

    def state(at: str) -> tuple[str, bool]:
        (call,) = board_roll_calls(road.board(at))
        return call.state, call.red

    assert state("2030-05-02T13:59Z") == ("waiting", False)
    assert state("2030-05-02T14:01Z") == ("overdue", True)
    assert refusal(road, orders.CountHeads(by=OFFICER, account=gate, count=5), "2030-05-02T14:10Z") == ""
    assert state("2030-05-02T14:11Z") == ("differs", True)
    differs = opened(road, "2030-05-02T14:11Z")["count_differs"].id
    explain = orders.ExplainDiscrepancy(by=OFFICER, discrepancy=differs, why="four drivers")
    assert refusal(road, explain, "2030-05-02T14:12Z") == ""
    assert state("2030-05-02T14:13Z") == ("explained", False)
    assert state("2030-05-03T14:01Z") == ("overdue", True)
    assert refusal(road, orders.CountHeads(by=OFFICER, account=gate, count=1), "2030-05-03T14:05Z") == ""
    assert state("2030-05-03T14:06Z") == ("met", False)
    end = orders.EndRollCall(by=OFFICER, roll_call="r-1", why="the gate is closed")
    assert refusal(road, end, "2030-05-03T14:10Z") == ""
    assert board_roll_calls(road.board("2030-05-03T14:11Z")) == ()
    assert refusal(road, end, "2030-05-03T14:12Z") == "roll_call_not_known"


def test_a_finding_of_a_stage_is_open_with_its_record(road: Road) -> None:
    """A hold past its review is red since its review, and its side is the record that placed it."""
    review = parse_moment("2030-05-02T08:00Z")
    hold = {"hold": "h", "reason": "medical", "instruction": "rest", "owner": "officer", "review_at": review}
    road.add("hold_placed", "2030-05-02T07:00Z", "anna", facts=hold)
    found = opened(road)["hold_overdue"]
    assert (found.stage, found.persons, found.since, found.explained) == ("care", ("anna",), review, None)
    (record,) = found.records
    event = road.board(NOW).view.book.find(record)
    assert event is not None and event.kind == "hold_placed"
