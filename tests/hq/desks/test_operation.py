"""The desk of the operation: devices are enrolled, revoked and believed, and both logs say who did what and why."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client, RequestFactory
from openpyxl import load_workbook
from tests.hq.desks.conftest import SignIn, now

from corridor.base.ids import DeviceId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.journey.register.access import see_persons
from corridor.journey.register.orders import RecordNeed
from corridor.ledger.accounts import OUTSIDE
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation

PHONE = SigningKey.from_seed(b"\x07" * 32)


def shown(client: Client, address: str) -> str:
    """The text of a page, its tags left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


def logged(client: Client, address: str) -> str:
    """The text of a log's table, or of what stands in its place; what can be chosen above it is left out."""
    page = client.get(address).content.decode()
    log = page[max(page.find("</form>", page.find('class="search asked"')), 0) :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", log))


def sent(client: Client, page: str, form: str, fields: dict[str, Any]) -> Any:
    """What one form of a page answers, sent with the token that stands in that form."""
    found = re.search(rf'action="{form}".*?name="token" value="([^"]+)"', client.get(page).content.decode(), re.DOTALL)
    assert found is not None, f"{page} has no form to {form}"
    return client.post(form, {"token": found.group(1), **fields})


def seen(who: str, person: str) -> Draft:
    """Somebody registers a person in Gaza."""
    body = {"party": "p", "citizenships": ["RUS"], "age_band": "adult"}
    return Draft(
        kind="registered",
        happened_at=Moment(now() - 60_000),
        by=UserId(who),
        persons=(PersonId(person),),
        source=OUTSIDE,
        target="place:gaza",  # type: ignore[arg-type]
        body=body,
    )


def ordered(name: str, order: Any) -> None:
    """Somebody gives an order at a desk."""
    from corridor.hq.desks import door  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.models import User  # noqa: PLC0415

    request: Any = RequestFactory().post("/", {"token": "a-token-of-an-order"})
    request.user = User.objects.get(name=name)
    assert isinstance(door.give(request, order), door.Given)


def enrolled(duty: Client, device: str = "phone-9") -> Any:
    """Enrol the phone of these tests."""
    fields = {"device": device, "public_key": PHONE.public.hex(), "place": "rafah"}
    return sent(duty, "/operation/", "/operation/enrol/", fields)


def forked(practice: OpenOperation) -> tuple[Recorder, Recorder]:
    """The phone and its copy each record somebody else under one number."""
    chains = Recorder(DeviceId("phone-9"), PHONE), Recorder(DeviceId("phone-9"), PHONE)
    for chain, person in zip(chains, ("new-1", "new-2"), strict=True):
        raw, _ids = chain.mint((seen("gate", person),), clock_uncertainty_ms=0)
        (verdict,) = practice.writer.receive([raw], now())
        assert verdict.status == "accepted"
    return chains


def test_every_device_is_on_the_list(practice: OpenOperation, as_role: SignIn) -> None:
    """Those of the operation file with what they are, and where they stand; an unknown one has a page that says so."""
    page = shown(as_role("duty_officer"), "/operation/")
    assert all(device.id in page for device in practice.operation.devices)
    assert as_role("duty_officer").get("/operation/devices/nobody/").status_code == 404


def test_a_device_is_enrolled_and_its_records_count(practice: OpenOperation, as_role: SignIn) -> None:
    """A key that is too short is refused with what was typed; a good one lets the phone's batches in."""
    duty = as_role("duty_officer")
    short = {"device": "phone-9", "public_key": "abc", "place": ""}
    refused = sent(duty, "/operation/", "/operation/enrol/", short)
    assert refused.status_code == 409 and "This is no public key" in refused.content.decode()
    assert 'value="abc"' in refused.content.decode()
    raw, _ids = Recorder(DeviceId("phone-9"), PHONE).mint((seen("gate", "new-1"),), clock_uncertainty_ms=0)
    assert practice.writer.receive([raw], now())[0].status == "quarantined"
    assert "Held in quarantine" in shown(duty, "/operation/devices/phone-9/")
    assert enrolled(duty).status_code == 302
    page = shown(duty, "/operation/devices/phone-9/")
    assert "Held in quarantine" not in page and "number 1 of epoch 1" in page and PHONE.public.hex() in page
    assert "new-1" in practice.view(now(), now()).everybody()


def test_a_device_is_revoked_up_to_a_record(practice: OpenOperation, as_role: SignIn) -> None:
    """The form holds the last record received; one that never came is refused; then the page says it is revoked."""
    duty = as_role("duty_officer")
    assert enrolled(duty).status_code == 302
    raw, _ids = Recorder(DeviceId("phone-9"), PHONE).mint((seen("gate", "new-1"),), clock_uncertainty_ms=0)
    practice.writer.receive([raw], now())
    page, form = "/operation/devices/phone-9/", "/operation/devices/phone-9/revoke/"
    filled = duty.get(page).content.decode()
    assert re.search(r'name="revoke-after_seq" value="1"', filled)
    fields = {"revoke-why": "stolen", "revoke-after_epoch": "1", "revoke-after_seq": "9"}
    refused = sent(duty, page, form, fields)
    assert refused.status_code == 409 and "has been received" in refused.content.decode()
    assert sent(duty, page, form, {**fields, "revoke-after_seq": "0"}).status_code == 302
    assert "believed up to number 0 of epoch 1" in shown(duty, page)
    assert "new-1" not in practice.view(now(), now()).everybody()
    assert "data-work" not in duty.get(page).content.decode(), "it cannot be revoked again from here"


def test_one_branch_is_believed(practice: OpenOperation, as_role: SignIn) -> None:
    """Both branches are shown with their people; without a choice nothing happens; the other one is then set aside."""
    duty = as_role("duty_officer")
    assert enrolled(duty).status_code == 302
    first, _other = forked(practice)
    page, form = "/operation/devices/phone-9/", "/operation/devices/phone-9/believe/"
    text = shown(duty, page)
    assert "new-1" in text and "new-2" in text and "two devices under one name" in text
    fields = {"epoch": "1", "why": "The user has it in hand"}
    assert sent(duty, page, form, {**fields, "head": ""}).status_code == 422
    assert duty.post(form, {**fields, "epoch": "7", "head": "", "token": "a-token-of-a-form"}).status_code == 404
    assert sent(duty, page, form, {**fields, "head": first.head.hex()}).status_code == 302
    text = shown(duty, page)
    assert "believed" in text and "set aside" in text and "two devices under one name" not in text
    view = practice.view(now(), now())
    assert view.account_of(PersonId("new-1")) == "place:gaza" and view.account_of(PersonId("new-2")) is None


def test_an_auditor_is_offered_no_order(practice: OpenOperation, as_role: SignIn) -> None:
    """The auditor sees the devices and no form; an order they send is refused and stands in the log."""
    auditor, before = as_role("auditor"), practice.store.count()
    page = auditor.get("/operation/").content.decode()
    assert "data-work" not in page and "gate-1" in page
    fields = {"device": "phone-9", "public_key": PHONE.public.hex(), "place": "", "token": "a-token-of-a-form"}
    assert auditor.post("/operation/enrol/", fields).status_code == 409
    assert practice.store.count() == before
    log = shown(auditor, "/operation/orders/?who=auditor")
    assert "EnrolDevice" in log and "not_yours" in log


def test_the_log_of_readings(practice: OpenOperation, as_role: SignIn) -> None:
    """Who read whom and why, by user, by person and by what was refused; the log itself reads nobody."""
    first, second = sorted(practice.view(now(), now()).everybody())[:2]
    rows, auditor = practice.identities, as_role("auditor")
    see_persons(rows, UserId("medic"), "medic", (first,), "at the queue", now())
    see_persons(rows, UserId("press"), "press_officer", (second,), "curious", now())
    count = len(rows.reads())
    page = logged(auditor, "/operation/reads/")
    assert "at the queue" in page and "curious" in page and page.index("curious") < page.index("at the queue")
    assert "curious" not in logged(auditor, "/operation/reads/?who=medic")
    assert "at the queue" not in logged(auditor, f"/operation/reads/?person={second}")
    assert "at the queue" not in logged(auditor, "/operation/reads/?refused=yes")
    assert "Nobody has read an identity like this" in logged(auditor, "/operation/reads/?person=nobody-1")
    assert len(rows.reads()) == count


def test_the_logs_are_narrowed_and_taken_along(practice: OpenOperation, as_role: SignIn) -> None:
    """By reason, day, desk and person; the spreadsheet holds what is asked for, and taking it is in the log."""
    duty, auditor = as_role("duty_officer"), as_role("auditor")
    enrolled(duty)
    person = sorted(practice.view(now(), now()).everybody())[0]
    see_persons(practice.identities, UserId("medic"), "medic", (person,), "at the queue", now())
    assert "at the queue" in logged(auditor, "/operation/reads/?why=at+the+queue&since=2023-11-14&until=2023-11-14")
    for nothing in ("why=search", "since=2023-11-15", "until=2023-11-13"):
        assert "Nobody has read an identity like this" in logged(auditor, f"/operation/reads/?{nothing}")
    assert "EnrolDevice" in logged(auditor, "/operation/orders/?desk=operation")
    assert "No order like this was given" in logged(auditor, "/operation/orders/?desk=arrive")
    ordered("duty", RecordNeed(by=UserId("duty"), persons=(person,), need="wheelchair"))
    assert "RecordNeed" in logged(auditor, f"/operation/orders/?person={person}")
    assert "RecordNeed" in logged(auditor, "/operation/orders/?desk=register")
    assert "No order like this was given" in logged(auditor, "/operation/orders/?person=nobody-1")
    sheet = auditor.get("/operation/orders.xlsx?desk=operation")
    rows = list(load_workbook(BytesIO(sheet.content), read_only=True).active.iter_rows(values_only=True))
    assert [row[4] for row in rows[1:]] == ["ExportOrders", "EnrolDevice"]
    sheet = auditor.get("/operation/reads.xlsx?why=at+the+queue")
    rows = list(load_workbook(BytesIO(sheet.content), read_only=True).active.iter_rows(values_only=True))
    assert rows[1][2:7] == ("medic", "Medic", person, "at the queue", None)
    assert "ExportReads" in logged(auditor, "/operation/orders/?who=auditor")


def test_the_log_of_readings_is_cut_into_pages(practice: OpenOperation, as_role: SignIn) -> None:
    """The latest stand on the first page, the earliest on the last."""
    for number in range(130):
        see_persons(practice.identities, UserId("medic"), "medic", (PersonId("p"),), f"reason-{number:03}", now())
    duty = as_role("duty_officer")
    first, later = logged(duty, "/operation/reads/?person=p"), logged(duty, "/operation/reads/?person=p&page=2")
    assert "reason-129" in first and "reason-000" not in first and "/ 130" in first
    assert "reason-129" not in later and re.search(r"reason-0\d\d", later)


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_the_desk_speaks(practice: OpenOperation, as_role: SignIn, language: str) -> None:
    """The pages are in the reader's language."""
    duty = as_role("duty_officer")
    english = shown(duty, "/operation/")
    duty.cookies["language"] = language
    assert "Enrol a device" in english and "Enrol a device" not in shown(duty, "/operation/")


def test_the_same_form_enrols_once(practice: OpenOperation, as_role: SignIn) -> None:
    """A form sent twice is one record."""
    duty, before = as_role("duty_officer"), practice.store.count()
    fields = {"device": "phone-9", "public_key": PHONE.public.hex(), "place": "", "token": "a-token-of-a-form"}
    assert [duty.post("/operation/enrol/", fields).status_code for _ in range(2)] == [302, 302]
    assert practice.store.count() == before + 1
