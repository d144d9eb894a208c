"""The psychologist at care's desk: talks, losses, searches and their own holds; nothing that medics found."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hq.desks.conftest import SignIn, posted
from tests.hq.desks.test_care import in_cairo, local, record

from corridor.opening import OpenOperation

LOSS: Any = {"loss": "relative_killed", "consent": "given"}


def hold(reason: str, name: str) -> dict[str, Any]:
    """A hold as it is recorded, good until tomorrow."""
    from corridor.base.moments import DAY_MS  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415 - the settings are not ready before

    review = served().now() + DAY_MS
    return {"hold": name, "reason": reason, "instruction": "Do not board.", "owner": "medic", "review_at": review}


def test_the_desk_begins_with_the_talks(practice: OpenOperation, as_role: SignIn) -> None:
    """Who reported a loss waits there, until there was a talk."""
    person, desk = in_cairo(), as_role("psychologist")
    record(practice, "loss_reported", person, **LOSS)
    assert desk.get("/care/").headers["Location"] == "/care/talks/"
    page = desk.get("/care/talks/").content.decode()
    assert "reported a loss" in page and f"/care/{person}/first-aid/" in page
    answer = posted(desk, f"/care/{person}/first-aid/", {"place": "cairo", "next": "none", "note": "", "stay": "yes"})
    assert answer.status_code == 302
    assert f"/care/{person}/first-aid/" not in desk.get("/care/talks/").content.decode()


def test_whoever_is_home_waits_for_no_talk_here(practice: OpenOperation, as_role: SignIn) -> None:
    """Somebody received is seen to by follow-ups, whatever they reported on the way."""
    from tests.hq.desks.test_care import board  # noqa: PLC0415

    home = min(person for person in board().view.everybody() if board().view.account_of(person) == "end:received")
    record(practice, "loss_reported", home, **LOSS)
    assert home not in as_role("psychologist").get("/care/talks/").content.decode()


def test_what_medics_found_is_not_shown(practice: OpenOperation, as_role: SignIn) -> None:
    """No colour, code, fitness or reason of a medic's hold; that there is one, and what it asks of others."""
    person, desk = in_cairo(), as_role("psychologist")
    record(practice, "triaged", person, system="start", colour="yellow")
    record(practice, "encounter", person, encounter="e1", place="cairo", codes=["burn_moderate"], disposition="treated")
    record(practice, "hold_placed", person, **hold("infectious", "h-fever"))
    record(practice, "loss_reported", person, **LOSS)
    for address in (f"/care/{person}/", f"/people/{person}/"):
        page = desk.get(address).content.decode()
        assert "hold until" in page and "Do not board." in page, address
        for word in ("infectious", "yellow", "Triage", "Burn", "Encounter"):
            assert word not in page, (address, word)
    assert "relative killed" in desk.get(f"/care/{person}/").content.decode()
    assert "h-fever" not in desk.get("/care/holds/").content.decode()
    medic = as_role("medic").get(f"/care/{person}/").content.decode()
    assert "infectious" in medic and "relative killed" in medic


@pytest.mark.parametrize("page", ["flights/", "daily/", "daily.csv", "{person}/contacts/", "{person}/colour/"])
def test_pages_of_medicine_are_closed(practice: OpenOperation, as_role: SignIn, page: str) -> None:
    """Fitness, the day's form, contacts of the infected and triage are the medic's."""
    assert as_role("psychologist").get(f"/care/{page.format(person=in_cairo())}").status_code == 403


@pytest.mark.parametrize("task", ["triage", "encounter", "fitness"])
def test_tasks_of_medicine_are_closed(practice: OpenOperation, as_role: SignIn, task: str) -> None:
    """Neither the form nor what it sends."""
    desk, address = as_role("psychologist"), f"/care/{in_cairo()}/{task}/"
    assert desk.get(address).status_code == 403
    assert desk.post(address, {"token": "a-token-of-a-form"}).status_code == 403


def test_holds_of_their_own_reason_only(practice: OpenOperation, as_role: SignIn) -> None:
    """A psychological hold is placed and lifted; one for fever is neither offered nor lifted, whatever is sent."""
    person, desk = in_cairo(), as_role("psychologist")
    record(practice, "hold_placed", person, **hold("infectious", "h-fever"))
    asked = {"instruction": "Let her sleep first.", "owner": "psychologist", "review_at": local(20)}
    address = f"/care/{person}/hold/"
    assert posted(desk, address, {**asked, "reason": "infectious"}).status_code == 422
    assert posted(desk, address, {**asked, "reason": "psychological"}).status_code == 302
    assert posted(desk, f"/care/{person}/hold-lift/", {"hold": "h-fever", "why": "x"}).status_code == 422
    page = desk.get("/care/holds/").content.decode()
    assert "Let her sleep first." in page and "h-fever" not in page


def test_the_door_lifts_no_hold_of_medicine(practice: OpenOperation, as_role: SignIn) -> None:
    """An order that no form offers is refused by the door too."""
    from django.test import RequestFactory  # noqa: PLC0415

    from corridor.base.refusal import Refusal  # noqa: PLC0415
    from corridor.hq.desks import door  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415
    from corridor.journey.care.rules import LiftHold  # noqa: PLC0415

    person = in_cairo()
    record(practice, "hold_placed", person, **hold("infectious", "h-fever"))
    request: Any = RequestFactory().post("/", {"token": "a-token-of-a-form"})
    request.user = User.objects.get(name="psychologist")
    order: Any = LiftHold(person=person, by=door.by(request), hold="h-fever", why="x")  # type: ignore[arg-type]
    answer = door.give(request, order)
    assert isinstance(answer, Refusal) and answer.code == "not_yours"
