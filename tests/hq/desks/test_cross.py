"""The cross desk: gates and devices, what is recorded by radio, exceptions and their second person, hazards."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from tests.hq.desks.conftest import SignIn, posted

from corridor.base.ids import PersonId, PlaceId, UserId
from corridor.base.moments import parse_moment
from corridor.journey.board.board import Board
from corridor.journey.cross.events import CALLED, Called
from corridor.journey.kinds import draft
from corridor.opening import OpenOperation

RAFAH = "/cross/people/rafah/"


def board() -> Board:
    """The board as it is now."""
    from corridor.hq.served import served  # noqa: PLC0415 - the settings are not ready before

    return served().board_now()


def gate(client: Client, name: str = "rafah") -> Any:
    """A gate as the first page shows it."""
    return next(one for one in client.get("/cross/").context["gates"] if one["day"].gate == name)


@pytest.fixture
def waiting(practice: OpenOperation) -> list[PersonId]:
    """Two people of one family who wait and were never called, and one of another family."""
    here = board()
    open_ = here.people("applications_open") - here.everybody.cross.keys() - here.everybody.clear.keys()
    groups = [sorted(group) for group in here.everybody.groups if len(group) >= 2 and group <= open_]
    return [groups[0][0], groups[0][1], groups[1][0]]


def test_the_gates_say_what_is_known(as_role: SignIn) -> None:
    """Rafah is open or closed, its devices were heard of, and what they hold back is not known."""
    client = as_role("duty_officer")
    one = gate(client)
    assert one["day"].state is not None
    assert {device.device.id for device in one["devices"]} == {"gate-1", "gate-2"}
    assert all(device.health is not None and device.health.well for device in one["devices"])
    text = client.get("/cross/").content.decode()
    assert "Last heard of" in text and text.count("not known") >= 2


def test_everybody_of_the_day_is_in_one_set(as_role: SignIn) -> None:
    """Crossed today is what the board says, and nobody is in two sets."""
    day = gate(as_role("gate_officer"))["day"]
    assert day.crossed == board().people("crossed_day")
    sets = [day.called, day.cleared, day.at_gate, day.crossed, day.turned_back]
    assert sum(map(len, sets)) == len(frozenset().union(*sets)) > 40
    assert sum(count for _, count in day.reasons) == len(day.turned_back)


def test_what_the_gate_tells_by_radio_is_recorded(as_role: SignIn, waiting: list[PersonId]) -> None:
    """A family is recorded at the gate and then turned back for its papers; each moves it from set to set."""
    client = as_role("gate_officer")
    done = posted(client, RAFAH, {"does": "at_gate", "persons": waiting[:2]})
    assert done.status_code == 302
    assert set(waiting[:2]) <= gate(client)["day"].at_gate
    posted(client, RAFAH, {"does": "turned_back", "persons": waiting[:2], "why": "papers"})
    day = gate(client)["day"]
    assert set(waiting[:2]) <= day.turned_back and ("papers", 2) in day.reasons
    listed = client.get(f"{RAFAH}?show=turned_back").context["people"]
    assert {one.why for one in listed if one.person in waiting} == {"papers"}


def test_people_who_are_not_on_the_list_are_found_and_recorded(as_role: SignIn, waiting: list[PersonId]) -> None:
    """A party's number finds its people with those who travel with them, to be ticked; or it is written as it is."""
    client = as_role("gate_officer")
    party = board().everybody.register[waiting[0]].party
    assert party is not None
    found = client.get(RAFAH, {"find": party})
    shown = {one.person for one in found.context["people"]}
    group = next(group for group in board().everybody.groups if waiting[0] in group)
    assert group <= shown and found.context["asked"] == party
    assert "Nobody in the book is found" in client.get(RAFAH, {"find": "nobody-1"}).content.decode()
    assert posted(client, f"{RAFAH}?find={party}", {"does": "at_gate", "others": party}).status_code == 302
    assert {one for one in group if board().everybody.register[one].party == party} <= gate(client)["day"].at_gate


def test_turned_back_needs_a_reason(as_role: SignIn, waiting: list[PersonId]) -> None:
    """Nothing is recorded, the ticks stay, and the page says what is missing."""
    refused = posted(as_role("gate_officer"), RAFAH, {"does": "turned_back", "persons": waiting[:2]})
    assert refused.status_code == 200 and refused.context["form"].errors["why"]
    assert refused.context["ticked"] == waiting[:2]
    assert waiting[0] not in board().everybody.cross


def test_a_time_to_come_and_nobody_ticked_are_refused(as_role: SignIn, waiting: list[PersonId]) -> None:
    """What is told happened; and it happened to somebody."""
    client = as_role("gate_officer")
    later = posted(client, RAFAH, {"does": "crossed", "persons": waiting[:1], "at": "2023-11-15T09:00"})
    assert later.status_code == 409 and "has not come yet" in later.content.decode()
    nobody = posted(client, RAFAH, {"does": "crossed"})
    assert nobody.status_code == 409


def test_an_exception_is_signed_by_a_second_person_only(as_role: SignIn, waiting: list[PersonId]) -> None:
    """Somebody on no list crosses: recorded, found, refused to the recorder, signed by the duty officer, and gone."""
    recorder, duty = as_role("gate_officer"), as_role("duty_officer")
    before = duty.get("/cross/").context["to_sign"]
    posted(recorder, RAFAH, {"does": "crossed", "others": waiting[2], "at": "2023-11-14T16:30"})
    crossing = board().everybody.cross[waiting[2]].crossings[-1]
    assert crossing.at == parse_moment("2023-11-14T14:30Z"), "times at a gate are typed by its own clocks"
    assert waiting[2] in board().people("out")
    page = recorder.get("/cross/exceptions/")
    (one,) = [line for line in page.context["waiting"] if line["people"][0][0] == waiting[2]]
    assert (one["code"], one["own"]) == ("crossed_without_list", True)
    assert page.context["to_sign"] == before + 1
    asked = {"token": "t" * 12, "crossing": one["id"], "why": "I saw it"}  # the page gives the recorder no form
    no = recorder.post("/cross/exceptions/", asked)
    assert no.status_code == 409 and "cannot sign for it too" in no.content.decode()
    yes = posted(duty, "/cross/exceptions/", {"crossing": one["id"], "why": "asked the consul"})
    assert yes.status_code == 302
    page = duty.get("/cross/exceptions/")
    assert page.context["to_sign"] == before
    assert page.context["signed"][0]["signature"].why == "asked the consul"


def test_somebody_is_seen_elsewhere(as_role: SignIn, waiting: list[PersonId]) -> None:
    """A sighting moves a person to the place, and needs one."""
    client = as_role("duty_officer")
    missing = posted(client, RAFAH, {"does": "sighted", "persons": waiting[:1]})
    assert missing.context["form"].errors["place"]
    posted(client, RAFAH, {"does": "sighted", "persons": waiting[:1], "place": "rafah"})
    assert board().view.account_of(waiting[0]) == "place:rafah"


def test_a_gate_closes_and_opens(as_role: SignIn) -> None:
    """What is done twice is refused with a sentence; the reason is shown."""
    client = as_role("gate_officer")
    first = "close" if gate(client)["day"].state.open else "open"
    other = {"close": "open", "open": "close"}[first]
    assert posted(client, "/cross/", {"does": first, "gate": "rafah", "reason": "shelling"}).status_code == 302
    assert gate(client)["day"].state.open is (first == "open")
    assert "shelling" in client.get("/cross/").content.decode()
    again = posted(client, "/cross/", {"does": first, "gate": "rafah"})
    assert again.status_code == 409 and "is already" in again.content.decode()
    posted(client, "/cross/", {"does": other, "gate": "rafah"})
    assert gate(client)["day"].state.open is (other == "open")


def test_a_hazard_begins_and_ends(as_role: SignIn) -> None:
    """It is on the gates' page while it is in force, and among those over afterwards."""
    client = as_role("gate_officer")
    before = client.get("/cross/").context["in_force"]
    fields = {"does": "begin", "type": "shelling", "place": "gaza"}
    assert posted(client, "/cross/hazards/", fields).status_code == 302
    page = client.get("/cross/hazards/")
    hazard = next(one["hazard"] for one in page.context["now_in_force"] if one["hazard"].type == "shelling")
    assert client.get("/cross/").context["in_force"] == before + 1
    posted(client, "/cross/hazards/", {"does": "end", "hazard": hazard.id})
    page = client.get("/cross/hazards/")
    assert hazard.id in [one["hazard"].id for one in page.context["over"]]
    past = posted(client, "/cross/hazards/", {**fields, "until": "2023-11-14T10:00"})
    assert past.status_code == 409 and "not after now" in past.content.decode()


@pytest.mark.parametrize("role", ["medic", "consul", "movement_officer", "reception_officer", "press_officer"])
def test_others_may_not_enter(as_role: SignIn, role: str) -> None:
    """The desk is of the gate and the duty officer, seen by lists and auditor."""
    assert as_role(role).get("/cross/").status_code == 403


def test_the_list_officer_sees_no_devices_and_records_nothing(as_role: SignIn, waiting: list[PersonId]) -> None:
    """Devices are absent from the page, and a record is refused."""
    client = as_role("list_officer")
    text = client.get("/cross/").content.decode()
    assert "Last heard of" not in text and "Close the gate" not in text and "Open the gate" not in text
    page = client.get(RAFAH)
    assert 'name="persons"' not in page.content.decode()
    refused = client.post(RAFAH, {"token": "t" * 12, "does": "crossed", "persons": waiting[:1]})
    assert refused.status_code == 409 and waiting[0] not in board().everybody.cross


TOMORROW = "2023-11-15"
CALLS = f"/cross/calls/?day={TOMORROW}&gate=rafah"


def told_to_come(persons: list[PersonId], day: str, hour: str) -> None:
    """Record that people were told to come to Rafah."""
    from corridor.hq.served import served  # noqa: PLC0415 - the settings are not ready before

    there_at = parse_moment(f"{day}T{hour}Z")
    body = Called(gate=PlaceId("rafah"), for_date=day, by_channel="phone", there_at=there_at)
    event = draft(CALLED, body, at=served().now(), by=UserId("lists"), persons=tuple(persons))
    served().opened.writer.record([event], served().now())


@pytest.fixture
def family(as_role: SignIn, waiting: list[PersonId]) -> list[PersonId]:
    """A whole family that waits and was never called."""
    return sorted(next(group for group in board().everybody.groups if waiting[0] in group))


@pytest.fixture
def called(family: list[PersonId]) -> list[PersonId]:
    """The family, told to come tomorrow at eight."""
    told_to_come(family, TOMORROW, "06:00")
    return family


def test_a_call_is_taken_back_and_the_family_is_told(as_role: SignIn, called: list[PersonId]) -> None:
    """Taken back with a reason, on the sheet with contacts until somebody has told them, and called again after all."""
    client = as_role("list_officer")
    assert {one.person for one in client.get(f"{CALLS}&show=called").context["people"]} >= set(called)
    done = posted(client, f"{CALLS}&show=called", {"does": "take_back", "persons": called, "why": "closed"})
    assert done.status_code == 302
    page = client.get(CALLS)
    assert (page.context["chosen"], page.context["to_tell"]) == ("to_tell", len(called))
    assert [(one.person, one.call.taken_back.why) for one in page.context["people"]] == [
        (one, "closed") for one in called
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/cross/calls/sheet/" + CALLS[13:]).content)).active
    assert sheet is not None and sheet.max_row == 1 + len(called)
    posted(client, CALLS, {"does": "told", "persons": called, "by_channel": "messenger"})
    page = client.get(f"{CALLS}&show=taken_back")
    assert page.context["to_tell"] == 0
    assert all(one.call.taken_back.told_at is not None for one in page.context["people"])
    assert posted(client, f"{CALLS}&show=taken_back", {"does": "call", "persons": called}).status_code == 409, "no list"
    assert dict(page.context["sets"])["called"] == 0


def test_a_call_is_not_taken_back_of_half_a_family_or_without_a_reason(as_role: SignIn, called: list[PersonId]) -> None:
    """Ticked alone, one of a family is refused by name and stays called; a reason has to be chosen."""
    client, address = as_role("duty_officer"), f"{CALLS}&show=called"
    without = posted(client, address, {"does": "take_back", "persons": called})
    assert without.context["form"].errors["why"]
    half = posted(client, address, {"does": "take_back", "persons": called[:1], "why": "mistake"})
    assert half.status_code == 409 and "must travel with the people whose call" in half.content.decode()
    assert board().everybody.cross[called[0]].standing_calls


def test_who_must_not_come_today_is_expected_no_more(as_role: SignIn, family: list[PersonId]) -> None:
    """Of today's gate: called, and late when their hour has passed; taken back they are in a set of their own, and in
    neither the expected nor the bar."""
    client = as_role("duty_officer")
    told_to_come(family, "2023-11-14", "14:00")
    assert set(family) <= gate(client)["day"].late
    address = "/cross/calls/?gate=rafah&show=called"
    assert posted(client, address, {"does": "take_back", "persons": family, "why": "security"}).status_code == 302
    day = gate(client)["day"]
    assert set(family) <= day.taken_back and not set(family) & (day.expected | day.late)
    assert day.why[family[0]] == "security" and "taken_back" not in {step for step, *_ in day.bar}
    assert "must not come" in client.get("/cross/").content.decode()
    assert {one.why for one in client.get(f"{RAFAH}?show=taken_back").context["people"]} == {"security"}


def test_who_serves_elsewhere_sees_numbers_and_nobody(as_role: SignIn) -> None:
    """A gate officer of a far place reads how many come to this gate, and not who, why, or whose child."""
    from corridor.hq.models import User  # noqa: PLC0415 - the settings are not ready before

    address = "/cross/people/rafah/?show=called"
    near = as_role("gate_officer").get(address).context
    User.objects.filter(name="gate").update(place="domodedovo")
    far = as_role("gate_officer").get(address)
    assert near["count"] > 0 and near["hidden"] == 0
    assert (far.context["count"], far.context["hidden"], far.context["people"]) == (0, near["count"], [])
    assert "not yours to look after" in far.content.decode() and far.context["steps"] == near["steps"]


@pytest.mark.parametrize("year", ["0001", "0203", "1899", "9999"])
def test_a_slip_in_the_year_is_not_recorded(practice: OpenOperation, as_role: SignIn, year: str) -> None:
    """A time that no record can hold is asked for again, in place of a record that nobody could read."""
    before = practice.store.count()
    sent = {"does": "begin", "type": "shelling", "until": f"{year}-11-14T15:00"}
    answer = posted(as_role("gate_officer"), "/cross/hazards/", sent)
    assert "Look at the year again." in answer.content.decode() and practice.store.count() == before
