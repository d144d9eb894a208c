"""Plans at the desk of Move: asked for, watched and stopped, changed by hand, issued; who may read and who may give."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from tests.hq.desks.conftest import SignIn, posted
from tests.plan import a_road

from corridor.base.ids import HoldId, MovementId, PersonId, PlanId, UserId
from corridor.base.moments import DAY_MS, Moment
from corridor.hq.served import served
from corridor.journey.care.rules import PlaceHold
from corridor.journey.orders import decide
from corridor.plan.answer import Plan, Relaxation
from corridor.plan.check.checking import check
from corridor.plan.problem import Problem
from corridor.plan.reading import read_plan, read_problem

PATIENCE_S = 300


def text_of(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def wait_for(name: str) -> None:
    """Until nobody works on a plan any more."""
    from corridor.hq.planning import runs  # noqa: PLC0415 - the settings are not ready before

    until = time.monotonic() + PATIENCE_S
    while runs.running(name) is not None:
        assert time.monotonic() < until, f"{name} is still being made"
        time.sleep(0.05)


def asked(client: Client, seconds: int = 1) -> str:
    """A plan asked for on the page, and its name."""
    answer = posted(client, "/move/plans/", {"days": "2", "seconds": seconds, "seed": "1"})
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"].split("/")[3])


@pytest.fixture
def officer(as_role: SignIn) -> Client:
    """A movement officer."""
    return as_role("movement_officer")


@pytest.fixture
def plan(officer: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """A plan of the afternoon that is made; words by hand are worked on for a second."""
    from corridor.hq.desks.move.plans import party  # noqa: PLC0415 - the settings are not ready before

    monkeypatch.setattr(party, "REPLAN_SECONDS", 1)
    name = asked(officer)
    wait_for(name)
    return name


def made(name: str) -> Any:
    """A plan with its problem, as kept."""
    from corridor.hq.planning import kept  # noqa: PLC0415

    return kept.made(PlanId(name))


def moved_by_hand(client: Client, name: str, party: str, **word: str) -> Any:
    """The page that follows a word by hand."""
    answer = posted(client, f"/move/plans/{name}/party/{party}/", word)
    assert answer.status_code == 302, text_of(answer)
    wait_for(answer.headers["Location"].split("/")[3])
    return client.get(answer.headers["Location"])


def test_a_plan_is_made_changed_and_issued(officer: Client, as_role: SignIn, plan: str) -> None:
    """From the board to the book: proved and kept with its problem, moved by hand at a cost, issued; a second sending
    does nothing, and once the board has moved the next plan is refused with who it is about and why."""
    page = text_of(officer.get(f"/move/plans/{plan}/"))
    assert "points, fewer is better" in page and "passed by the checker" in page
    kept = made(plan)
    assert check(kept.problem, kept.plan) == () and kept.first_come.value >= kept.plan.value
    for what, read in (("problem", read_problem), ("plan", read_plan)):
        assert read(officer.get(f"/move/plans/{plan}/{what}.json").content) == getattr(kept, what)
    flight = next(run for run in kept.plan.flights if run.flies and run.aboard)
    party = flight.aboard[0].party
    manifest = text_of(officer.get(f"/move/plans/{plan}/movement/{flight.flight}/"))
    assert party in manifest

    by_hand = moved_by_hand(officer, plan, party, does="never", flight=flight.flight)
    page = text_of(by_hand)
    assert "Changed by hand" in page and "before" in page
    changed = by_hand.wsgi_request.path.split("/")[3]
    assert all(row.party != party for run in made(changed).plan.flights for row in run.aboard if run == flight)
    assert made(changed).plan.value >= kept.plan.value
    beside = text_of(officer.get(f"/move/plans/{changed}/beside/?other={plan}"))
    assert party in beside and "Whose way differs" in beside

    issue = f"/move/plans/{plan}/issue/"
    assert "The checker has passed the plan" in text_of(officer.get(issue))
    answer = posted(officer, issue, {"hours": "0"})
    assert answer.status_code == 302, text_of(answer)
    board = served().board_now()
    aboard = {person for row in flight.aboard for person in members(kept.problem, row.party)}
    assert board.everybody.move.movements[MovementId(flight.flight)].planned == aboard
    (event,) = board.view.events(("plan_issued",))
    assert (event.by, event.body["plan"]) == ("movement", plan)
    assert "issued by" in text_of(as_role("auditor").get(f"/move/plans/{plan}/"))
    the_called_are_told(as_role("list_officer"), kept.plan)

    held = next(iter(sorted(aboard)))
    place_hold(held)
    refused = posted(officer, issue, {"hours": "0"})
    assert refused.status_code == 409
    said = text_of(refused)
    assert "The board has moved since the plan was made" in said and held in said
    assert "they wait for the end of a hold" in said


def the_called_are_told(lists: Client, plan: Plan) -> None:
    """Whom the plan has cross is on the call-forward list of that day as not told, until somebody records it."""
    crossing = {way.party for way in plan.ways if way.crosses_minute is not None}
    assert crossing, "somebody is cleared that afternoon"
    person = PersonId(min(crossing))
    (call,) = [one for one in served().board_now().everybody.cross[person].calls if one.plan is not None]
    url = f"/clear/calls/?day={call.for_date}"
    page = text_of(lists.get(url))
    assert person in page and "called by the plan" in page
    assert "✓" not in page
    answer = posted(lists, url, {"slot": "0", "by_channel": "phone"})
    assert answer.status_code == 302, text_of(answer)
    told = served().board_now().everybody.cross[person].calls[-1]
    assert (told.told, told.by_channel, told.there_at) == (True, "phone", call.there_at)
    assert "✓" in text_of(lists.get(url))


def place_hold(person: PersonId) -> None:
    """A medic stops somebody from travelling for a week."""
    headquarters = served()
    board, now = headquarters.board_now(), headquarters.now()
    until = Moment(now + 7 * DAY_MS)
    order = PlaceHold(
        person=person,
        by=UserId("medic"),
        hold=HoldId("h-1"),
        reason="medical",
        instruction="rest",
        owner=UserId("medic"),
        review_at=until,
    )
    drafts = decide(order, board, now)
    assert isinstance(drafts, tuple), drafts
    headquarters.opened.writer.record(list(drafts), now)


def members(problem: Problem, party: str) -> tuple[PersonId, ...]:
    """The people of a party."""
    return next(one.members for one in problem.parties if one.id == party)


def test_a_plan_is_stopped_with_the_best_so_far(officer: Client, as_role: SignIn) -> None:
    """While one is made another is refused; the page tells how good it is so far; stopped, it is a whole plan, proved.
    An auditor reads it and asks for nothing, a liaison does not see it, and why a family is not on a flight is said in
    each language from the model."""
    from corridor.hq.planning import runs  # noqa: PLC0415

    name = asked(officer, seconds=600)
    again = posted(officer, "/move/plans/", {"days": "2", "seconds": "1", "seed": "1"})
    assert again.status_code == 409 and "Another plan is being made" in text_of(again)
    until = time.monotonic() + PATIENCE_S
    while (run := runs.running(name)) is not None and not run.news:
        assert time.monotonic() < until
        time.sleep(0.05)
    page = officer.get(f"/move/plans/{name}/")
    assert "Best so far" in text_of(page)
    news = {"HTTP_X_FRAGMENT": "plan", "HTTP_IF_NONE_MATCH": page.headers["ETag"]}
    assert posted(officer, f"/move/plans/{name}/", {"does": "stop"}).status_code == 302
    assert officer.get(f"/move/plans/{name}/", **news).status_code == 200, "it is stopping, which is news"
    wait_for(name)
    kept = made(name)
    assert check(kept.problem, kept.plan) == ()

    auditor, liaison = as_role("auditor"), as_role("partner_liaison")
    page = auditor.get(f"/move/plans/{name}/")
    assert page.status_code == 200 and "Make a new plan from here" not in text_of(page)
    for rest in ("", f"{name}/", f"{name}/issue/", f"{name}/flights/"):
        sent = {"token": "a-token-of-a-form", "hours": "0", "days": "2", "seconds": "1", "seed": "1", "does": "again"}
        auditor.post(f"/move/plans/{rest}", sent)
    assert runs.any_running() is None
    assert not list(served().board_now().view.events(("plan_issued",)))
    assert {liaison.get(f"/move/plans/{rest}").status_code for rest in ("", f"{name}/", f"{name}/out/")} == {403}

    left = next(one for one in kept.plan.unplaced if one.missing == "crossing")
    said = {}
    for language in ("en", "ru", "ar"):
        officer.cookies["language"] = language
        said[language] = text_of(officer.get(f"/move/plans/{name}/party/{left.party}/"))
    assert "their clearance" in said["en"] and "разрешение на переход" in said["ru"] and "تصريح عبورهم" in said["ar"]
    assert left.says not in said["ru"] + said["ar"], "nothing is said in the engine's own English"


def test_what_would_place_a_family_is_said_in_words(officer: Client) -> None:
    """Every change that the engine can name is told by what it is of, how many more, and until when."""
    from corridor.hq.desks.move.plans.sentences import escorts_name, relaxed  # noqa: PLC0415

    problem = a_road.problem()
    gate = problem.gates[0].hours[0]
    told = {
        "$.flights[0].seats": (43, "seats more on early: 3"),
        "$.flights[0].stretchers": (3, "stretcher places more on early: 1"),
        "$.stagings[0].beds": (30, "beds more at city: 5"),
        "$.gates[0].holding_persons_max": (24, "people more waiting before the gate gate: 4"),
        "$.gates[0].hall_persons_max": (21, "people more in the hall of gate: 1"),
        "$.gates[0].hours[0].persons_per_hour": (gate.persons_per_hour + 2, "people an hour more through the gate"),
        "$.gates[0].hours[0].persons_max": ((gate.persons_max or 0) + 7, "people a day more through the gate gate: 7"),
        "$.fleets[0].vehicles": (4, "vehicles more of buses: 2"),
        "$.pools[0].count": (3, "escorts more of guards: 1"),
        "$.legs[0].vehicles_max": (4, "vehicles more in a convoy: 1"),
        "$.stations[0].queue_persons_max": (6, "people more in the queue of a station: 2"),
        "$.stations[0].shifts[0].officers": (3, "officers more at the station medical: 2"),
        "$.stations[1].shifts[0].until_minute": (60, "the station documents open to 1 Jan 1970, 04:00 MSK"),
        "$.parties[8].waits[0].until_minute": (120, "the end of a hold by 1 Jan 1970, 05:00 MSK"),
        "$.parties[0].cross_until_minute": (180, "their clearance valid to 1 Jan 1970, 06:00 MSK"),
    }
    with override("en"):
        for path, (to, says) in told.items():
            assert says in relaxed(problem, Relaxation(path=path, to=to, says="in English")), path
        assert relaxed(problem, Relaxation(path="$.locks[0]", to=(), says="no lock")) == "nothing settled by hand"
        assert escorts_name("doctor-cairo") == "doctor, Cairo headquarters"
