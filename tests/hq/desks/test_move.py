"""The desk of Move: a convoy from its plan to everybody out, families, standby, partners' seats and the papers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.hq.desks.conftest import posted

from corridor.base.ids import LegId, MovementId, PersonId
from corridor.hq.served import served
from corridor.journey.board.ready import ReadyGroup, ready_groups
from corridor.journey.move.state import Movement
from corridor.opening import OpenOperation

CONVOY = MovementId("convoy-1114")
BUS, FLIGHT = LegId("rafah-cairo"), LegId("cairo-domodedovo")
SignIn = Callable[[str], Client]


def movement(name: str = CONVOY) -> Movement:
    """A movement as headquarters knows it now."""
    return served().board_now().everybody.move.movements[MovementId(name)]


def ready(leg: LegId = BUS) -> list[ReadyGroup]:
    """The groups that can go on a leg now."""
    return [group for group in ready_groups(served().board_now().everybody, leg) if group.ready]


def text_of(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def put_on(client: Client, *groups: ReadyGroup, name: str = CONVOY) -> Any:
    """Put whole groups on a movement, as the page's form does."""
    persons = [person for group in groups for person in group.persons]
    return posted(client, f"/move/{name}/people/", {"persons": persons, "does": "add"})


def step(client: Client, does: str, name: str = CONVOY, **fields: Any) -> Any:
    """Send the form of the next step."""
    named = {f"step-{field}": value for field, value in fields.items()}
    return posted(client, f"/move/{name}/", {"does": does, **named})


def tick(client: Client, does: str, persons: list[PersonId], name: str = CONVOY, **fields: Any) -> Any:
    """Do something with people ticked on the manifest."""
    named = {f"rows-{field}": value for field, value in fields.items()}
    return posted(client, f"/move/{name}/", {"does": does, "rows-persons": persons, **named})


def test_a_convoy_from_its_plan_to_everybody_out(as_role: SignIn) -> None:
    """Plan, fill, board, close, depart, arrive, alight: each step through its form, and the columns meet at the end."""
    client = as_role("movement_officer")
    fields = {"leg": BUS, "name": "evening", "departs_at": "", "arrives_at": "", "fleet-coaches": 1}
    planned = posted(client, f"/move/plan/?leg={BUS}", {**fields, "fleet-small-buses": 0})
    assert planned.status_code == 302, text_of(planned)
    name = planned.headers["Location"].split("/")[2]
    assert movement(name).departs_at is None and "not known" in text_of(client.get(f"/move/{name}/"))
    first, second = ready()[:2]
    assert put_on(client, first, second, name=name).status_code == 302
    people = sorted({*first.persons, *second.persons})
    assert movement(name).planned == set(people)
    assert {row.planned.vehicle for row in movement(name).rows if row.planned} == {"coaches-1"}
    assert tick(client, "board", people, name).status_code == 302
    refused = step(client, "close", name, souls=len(people) + 1)
    assert refused.status_code == 409 and f"{len(people)} are recorded aboard" in text_of(refused)
    assert step(client, "close", name, souls=len(people)).status_code == 302
    refused = step(client, "depart", name)
    assert refused.status_code == 409 and "lacks 1 doctor" in text_of(refused)
    escorts = {
        "does": "escorts",
        **{f"escorts-{role}": 0 for role in ("psychologist", "guard", "interpreter", "consul")},
    }
    assert posted(client, f"/move/{name}/change/", {**escorts, "escorts-doctor": 1}).status_code == 302
    assert step(client, "depart", name).status_code == 302
    assert step(client, "arrive", name, place="cairo", souls=len(people)).status_code == 302
    page = text_of(client.get(f"/move/{name}/"))
    assert "boarded not alighted" in page  # named until each is seen getting out
    assert tick(client, "alight", people, name, place="cairo").status_code == 302
    done = movement(name)
    assert done.status == "arrived" and not done.aboard
    assert {row.person for row in done.rows if row.alighted_at} == set(people)
    assert "boarded not alighted" not in text_of(client.get(f"/move/{name}/"))
    board = served().board_now()
    assert {board.view.account_of(person) for person in people} == {"place:cairo"}


def test_a_vehicle_that_is_away_cannot_be_planned(as_role: SignIn) -> None:
    """More coaches than are free at that time: the page says which is on what, and keeps what was typed."""
    fields = {"leg": BUS, "departs_at": "2023-11-14T22:00", "fleet-coaches": 6, "fleet-small-buses": 0, "name": "big"}
    refused = posted(as_role("movement_officer"), f"/move/plan/?leg={BUS}", fields)
    assert refused.status_code == 409
    assert "coaches-1 is on Convoy 14 Nov, 19:30 at that time" in text_of(refused) and 'value="big"' in text_of(refused)


def family(size: int) -> ReadyGroup:
    """A ready family with at least so many people and two adults."""
    register = served().board_now().everybody.register
    return next(
        group
        for group in ready()
        if len(group.persons) >= size and sum(register[one].is_adult for one in group.persons) >= 2
    )


def test_a_family_is_not_split_unless_it_waives_it(as_role: SignIn) -> None:
    """One adult alone is refused with the others' names; after the family's waiver it is done."""
    client = as_role("movement_officer")
    group = family(3)
    register = served().board_now().everybody.register
    alone, speaker = [person for person in group.persons if register[person].is_adult][:2]
    refused = posted(client, f"/move/{CONVOY}/people/", {"persons": [alone], "does": "add"})
    page = text_of(refused)
    assert refused.status_code == 409 and "This would leave out" in page
    assert all(person in page for person in group.persons) and re.search(r"[А-Яа-яء-ي]{3,}[^<]*\(p\d+\)", page)
    assert f"/move/{CONVOY}/waiver/?persons={alone}" in page
    waiver = {"persons": alone, "said_by": speaker, "why": "works on at the hospital"}
    waived = posted(client, f"/move/{CONVOY}/waiver/?persons={alone}", waiver)
    assert waived.status_code == 302, text_of(waived)
    assert posted(client, f"/move/{CONVOY}/people/", {"persons": [alone], "does": "add"}).status_code == 302
    assert movement().planned == {alone}


def test_people_are_found_by_name_party_and_number(as_role: SignIn) -> None:
    """A part of a name in any of its scripts, a party's or a person's number; a search that finds nobody says so."""
    client = as_role("movement_officer")
    group = ready()[0]
    page = text_of(client.get(f"/move/{CONVOY}/people/?q={group.persons[0]}"))
    assert all(f'value="{person}"' in page for person in group.persons)
    names = re.findall(r'<bdi class="name[^>]*>([^<]+)</bdi>', page)
    assert names
    found = text_of(client.get(f"/move/{CONVOY}/people/", {"q": names[0]}))
    assert f'value="{group.persons[0]}"' in found
    party = served().board_now().everybody.register[group.persons[0]].party
    assert f'value="{group.persons[0]}"' in text_of(client.get(f"/move/{CONVOY}/people/", {"q": party}))
    assert "Nobody is found" in text_of(client.get(f"/move/{CONVOY}/people/", {"q": "Zzyzx"}))


def test_the_standby_list_is_offered_in_its_order(as_role: SignIn) -> None:
    """Two groups wait; the first is offered seats and passes, keeps its turn; then it takes them and is on board."""
    client = as_role("movement_officer")
    first, second = ready()[:2]
    for group in (first, second):
        fields = {"persons": list(group.persons), "does": "standby"}
        assert posted(client, f"/move/{CONVOY}/people/", fields).status_code == 302
    page, ids = f"/move/{CONVOY}/standby/", ", ".join(first.persons)
    said = text_of(client.get(page))
    assert said.index(first.persons[0]) < said.index(second.persons[0]) and "it is their turn" in said
    offered = posted(client, page, {"persons": ids, "does": "offer", "until": "2023-11-14T20:00"})
    assert offered.status_code == 302, text_of(offered)
    assert movement().holds.keys() == set(first.persons)
    assert posted(client, page, {"persons": ids, "does": "pass"}).status_code == 302
    assert not movement().holds and movement().standby.keys() == {*first.persons, *second.persons}
    assert posted(client, page, {"persons": ids, "does": "take"}).status_code == 302
    assert movement().planned == set(first.persons) and movement().standby.keys() == set(second.persons)
    refused = posted(client, page, {"persons": second.persons[0], "does": "leave", "why": "ill"})
    assert (refused.status_code == 409) == (len(second.persons) > 1)


def test_seats_are_offered_and_the_partner_answers(as_role: SignIn) -> None:
    """Too many are refused, a share is offered, its liaison takes part of it; nobody else's liaison sees the offer."""
    officer, page = as_role("movement_officer"), "/move/flight-2/seats/"
    offer = {"does": "offer", "offer-partner": "kazakhstan", "offer-answer_by": "2023-11-14T21:00"}
    assert posted(officer, page, {**offer, "offer-seats": 121}).status_code == 409
    assert posted(officer, page, {**offer, "offer-seats": 36}).status_code == 302
    assert posted(officer, page, {**offer, "offer-partner": "belarus", "offer-seats": 1}).status_code in (302, 409)
    made = next(one for one in movement("flight-2").offers if one.partner == "kazakhstan")
    liaison = as_role("partner_liaison")
    seen = text_of(liaison.get(page))
    assert "Kazakhstan" in seen and "Belarus" not in seen and "Offer seats to a partner state" not in seen
    answer = {"does": "take", "offer": made.offer}
    assert posted(liaison, page, {**answer, f"{made.offer}-seats": 37}).status_code == 409
    assert posted(liaison, page, {**answer, f"{made.offer}-seats": 10}).status_code == 302
    taken = next(one for one in movement("flight-2").offers if one.offer == made.offer)
    assert taken.taken == 10


def test_papers_hold_everybody_and_are_logged(as_role: SignIn, practice: OpenOperation) -> None:
    """The PDF and the spreadsheet: every person with name and columns; both readings are in the log."""
    client = as_role("movement_officer")
    people = {row.person for row in movement("convoy-1113").rows}
    pdf = client.get("/move/convoy-1113/manifest.pdf")
    assert pdf.content.startswith(b"%PDF") and pdf.headers["Content-Type"] == "application/pdf"
    sheet = client.get("/move/convoy-1113/manifest.xlsx")
    rows = list(load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True))
    written = {row[1]: row for row in rows if row[1] in people}
    assert set(written) == people and len(rows) > len(people)
    assert all(row[2] and row[-2] and row[-1] for row in written.values())
    whys = [reading.why for reading in practice.identities.reads(next(iter(people)))]
    assert {"manifest of convoy-1113 as PDF", "manifest of convoy-1113 as spreadsheet"} <= set(whys)


def test_a_liaison_reads_own_nationals_only(as_role: SignIn) -> None:
    """Neither the page nor the papers name anybody of another state."""
    client = as_role("partner_liaison")
    people = [row.person for row in movement("convoy-1113").rows]
    board = served().board_now()
    others = [one for one in people if board.particulars_of(one).citizenship != "KAZ"]
    page = text_of(client.get("/move/convoy-1113/"))
    assert others and not any(person in page for person in others)
    waiting = [person for group in ready() for person in group.persons]
    for address in (f"/move/{CONVOY}/people/", f"/move/{CONVOY}/people/?q={waiting[0]}", f"/move/{CONVOY}/standby/"):
        page = text_of(client.get(address))
        assert not any(f'name="persons" value="{person}"' in page for person in waiting)
    sheet = client.get("/move/convoy-1113/manifest.xlsx")
    cells = {
        cell
        for row in load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True)
        for cell in row
    }
    assert not cells & set(others)


@pytest.mark.parametrize(
    ("role", "status"),
    [("press_officer", 403), ("medic", 403), ("gate_officer", 403), ("auditor", 200), ("duty_officer", 200)],
)
def test_who_may_enter(as_role: SignIn, role: str, status: int) -> None:
    """The desk opens to the roles of its table, and to nobody else."""
    client = as_role(role)
    for page in ("/move/", f"/move/{CONVOY}/", f"/move/{CONVOY}/manifest.pdf"):
        assert client.get(page).status_code == status


def test_an_auditor_changes_nothing(as_role: SignIn) -> None:
    """An auditor's page has no buttons, and an order sent all the same is refused."""
    officer, auditor = as_role("movement_officer"), as_role("auditor")
    assert put_on(officer, ready()[0]).status_code == 302
    page = text_of(auditor.get(f"/move/{CONVOY}/"))
    assert 'value="board"' not in page and 'value="close"' not in page
    before = movement().rows
    refused = tick(auditor, "board", [row.person for row in before])
    assert refused.status_code == 409 and movement().rows == before


def test_a_movement_that_nobody_knows_is_not_found(as_role: SignIn) -> None:
    """An address with a wrong id."""
    assert as_role("movement_officer").get("/move/convoy-9/").status_code == 404


def test_the_lanes_show_vehicles_and_beds(as_role: SignIn) -> None:
    """The drawing has the planned vehicles, says whose time is not known, and the beds of staging."""
    client = as_role("movement_officer")
    page = text_of(client.get("/move/"))
    assert "coaches-1" in page and "il-76-1" in page and "450 beds" in page
    assert re.search(r"time not known:.*flight-3", page, re.DOTALL)
    tag = re.search(r"data-tag=\"([^\"]+)\"", page)
    assert tag is not None
    again = client.get(
        "/move/", headers={"X-Fragment": "movements", "If-None-Match": tag.group(1).replace("&quot;", '"')}
    )
    assert again.status_code == 304


def test_a_convoy_past_its_time_is_said_to_be_held_open(as_role: SignIn) -> None:
    """A departure time that has passed and nobody left: said on both pages; gone when the time is not known."""
    client = as_role("movement_officer")
    times = {"does": "times", "times-fleet-coaches": 2, "times-fleet-small-buses": 0, "times-arrives_at": ""}
    past = {**times, "times-departs_at": "2023-11-14T17:00", "times-why": "the gate was slow"}
    assert posted(client, f"/move/{CONVOY}/change/", past).status_code == 302
    for page in ("/move/", f"/move/{CONVOY}/"):
        assert "held open past its time" in text_of(client.get(page))
    assert posted(client, f"/move/{CONVOY}/change/", {**times, "times-departs_at": ""}).status_code == 302
    assert movement().departs_at is None and movement().arrives_at is None
    assert "held open past its time" not in text_of(client.get(f"/move/{CONVOY}/"))
