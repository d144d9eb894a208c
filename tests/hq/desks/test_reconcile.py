"""The desk that reconciles: what is open is seen by who may, given to somebody, and closed by its own order."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.hq.desks.conftest import SignIn
from tests.hq.desks.trouble import Trouble, make_trouble

from corridor.base.refusal import Refusal
from corridor.journey.reconcile.open import OpenDiscrepancy, open_discrepancies
from corridor.journey.register.identity import decode, full_names
from corridor.opening import OpenOperation

QUEUE = "/reconcile/"


@pytest.fixture
def trouble(practice: OpenOperation) -> Trouble:
    """Somebody in two places, somebody over the border without a list, a head count that differs, an overdue hold."""
    return make_trouble(practice)


def opened() -> dict[str, OpenDiscrepancy]:
    """What is open now, by code."""
    from corridor.hq.served import served  # noqa: PLC0415

    return {one.code: one for one in open_discrepancies(served().board_now())}


def shown(client: Client, address: str) -> str:
    """The text of a page, its tags left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


def test_the_list_says_what_is_open(trouble: Trouble, as_role: SignIn) -> None:
    """Every discrepancy with the names of whom it is about, by the clocks there, and whose it is; one link each."""
    from corridor.hq.served import served  # noqa: PLC0415

    page = as_role("duty_officer").get(QUEUE).content.decode()
    for one in opened().values():
        assert f'href="/reconcile/{one.id}/"' in page
    identity = decode(trouble.late, served().opened.identities.get([trouble.late])[trouble.late])
    assert not isinstance(identity, Refusal) and full_names(identity)[0] in page and "nobody" in page
    assert not {trouble.torn, trouble.late, trouble.unlisted} & set(re.findall(r"p\d{5}", page)), "no id for a name"
    assert '13:50 <span class="zone">EET</span>' in page, "the permit ran out at Cairo's clocks"
    side = shown(as_role("consul"), f"{QUEUE}{opened()['two_places'].id}/")
    assert "16:40 EET" in side and "17:50 MSK" in side, "happened by the clocks there, received by headquarters'"
    assert shown(as_role("duty_officer"), f"{QUEUE}?q={trouble.held}").count("Hold overdue") == 1


def test_a_movement_that_breaks_a_rule_shows_its_records(trouble: Trouble, as_role: SignIn) -> None:
    """Of a flight that left without offering seats the sides are its own records, and its manifest is one press off."""
    duty, missed = as_role("duty_officer"), opened()["seat_share_missed"]
    page = duty.get(f"{QUEUE}{missed.id}/").content.decode()
    assert not missed.records and page.count('<section class="side"') >= 2 and "No record that you may read" not in page
    assert f'href="/move/{missed.data["movement"]}/"' in page and "This record is wrong" not in page


def test_what_a_stage_keeps_to_itself_is_counted_and_not_told(trouble: Trouble, as_role: SignIn) -> None:
    """A gate officer reads no papers: the permit that ran out is a number on their list, and does not open by name."""
    permit, gate = opened()["permit_breached"], as_role("gate_officer")
    assert trouble.late in as_role("consul").get(f"{QUEUE}{permit.id}/").content.decode()
    page = gate.get(QUEUE).content.decode()
    assert trouble.late not in page and "1 more is of a stage that your role does not read" in page
    assert gate.get(f"{QUEUE}{permit.id}/").status_code == 404
    body = {"token": "a-token-of-a-form", "owner": "gate"}
    assert gate.post(f"{QUEUE}{permit.id}/assign/", body).status_code == 404
    assert opened()["permit_breached"].owner is None


def test_a_judgement_from_the_page(trouble: Trouble, as_role: SignIn) -> None:
    """Naming one record is refused beside the form, with what was typed; naming both brings the person out."""
    conflict = opened()["two_places"]
    duty, address = as_role("duty_officer"), f"{QUEUE}{opened()['two_places'].id}/"
    first, second = map(str, conflict.records)
    fields = {"account": "place:cairo", "says": "I saw them at breakfast"}

    def judge(*records: str) -> object:
        page = duty.get(address).content.decode()
        token = re.search(r'judge/".*?name="token" value="([^"]+)"', page, re.DOTALL)
        assert token is not None
        return duty.post(f"{address}judge/", {"token": token.group(1), "records": list(records), **fields})

    refused = judge(first)
    text = refused.content.decode()  # type: ignore[attr-defined]
    assert refused.status_code == 409 and second in text and "I saw them at breakfast" in text  # type: ignore[attr-defined]
    assert judge(first, second).status_code == 302  # type: ignore[attr-defined]
    assert "two_places" not in opened()
    assert duty.get(address).status_code == 404


def test_an_owner_from_the_page(trouble: Trouble, as_role: SignIn) -> None:
    """A discrepancy given to somebody is theirs on the list."""
    one = opened()["count_differs"]
    answer = as_role("gate_officer").post(
        f"{QUEUE}{one.id}/assign/", {"token": "a-token-of-a-form", "owner": "gate"}, follow=True
    )
    assert answer.status_code == 200
    assert opened()["count_differs"].owner == "gate"
    assert one.id in as_role("gate_officer").get(f"{QUEUE}?owner=gate").content.decode()


def test_a_crossing_is_not_explained_away(trouble: Trouble, as_role: SignIn) -> None:
    """What needs a second person's signature is refused an explanation, in the reader's language."""
    crossing = next(one for code, one in opened().items() if code.startswith("crossed_"))
    duty = as_role("duty_officer")
    body = {"token": "a-token-of-a-form", "why": "it was late"}
    assert duty.post(f"{QUEUE}{crossing.id}/explain/", body).status_code == 409
    duty.cookies["language"] = "ru"
    answer = duty.post(f"{QUEUE}{crossing.id}/explain/", body)
    assert answer.status_code == 409
    assert next(one for one in opened().values() if one.id == crossing.id).explained is None


def test_a_roll_call_from_the_page(trouble: Trouble, as_role: SignIn) -> None:
    """Scheduling, counting with a difference and its explanation, and a time that has passed, which is refused."""
    duty, address = as_role("duty_officer"), f"{QUEUE}roll-calls/"
    late = {"account": "place:cairo", "due_at": "2023-11-14T12:00", "every_hours": "24"}
    refused = posted_to(duty, address, "schedule/", late)
    assert refused.status_code == 409 and "2023-11-14T12:00" in refused.content.decode()  # type: ignore[attr-defined]
    due = {**late, "due_at": "2023-11-14T21:00"}
    assert posted_to(duty, address, "schedule/", due).status_code == 302  # type: ignore[attr-defined]
    assert "next" in shown(duty, address)
    counted = {"account": "place:rafah", "count": "36", "unidentified": "", "why": "Four are in the bus"}
    assert posted_to(duty, address, "count/", counted).status_code == 302  # type: ignore[attr-defined]
    assert opened()["count_differs"].explained == "Four are in the bus"
    assert "is not explained" not in shown(duty, address)


def test_a_roll_call_is_due_by_the_clocks_of_its_place(trouble: Trouble, as_role: SignIn) -> None:
    """Typed as nine in the evening it is due then in Cairo, an hour after nine in Moscow; the choices say whose."""
    duty, address = as_role("duty_officer"), f"{QUEUE}roll-calls/"
    page = duty.get(address).content.decode()
    assert "(Europe/Moscow)" in page and "(Africa/Cairo)" in page and "By the clocks of the place." in page
    fields = {"account": "place:cairo", "due_at": "2023-11-14T21:00", "every_hours": ""}
    assert posted_to(duty, address, "schedule/", fields).status_code == 302  # type: ignore[attr-defined]
    due = re.search(
        r'datetime="2023-11-14T19:00:00Z">([^<]+)<span class="zone">EET', duty.get(address).content.decode()
    )
    assert due is not None and "21:00" in due.group(1)


def posted_to(client: Client, page: str, form: str, fields: dict[str, str]) -> object:
    """What a form of a page answers, sent with a token of that page."""
    token = re.search(rf'{form}".*?name="token" value="([^"]+)"', client.get(page).content.decode(), re.DOTALL)
    assert token is not None
    return client.post(f"{page}{form}", {"token": token.group(1), **fields})


def test_an_auditor_reads_and_changes_nothing(trouble: Trouble, as_role: SignIn, practice: OpenOperation) -> None:
    """The auditor opens every discrepancy, is offered no form, and an order of theirs is refused and logged."""
    from corridor.hq.models import GivenOrder  # noqa: PLC0415

    auditor, one, before = as_role("auditor"), opened()["count_differs"], practice.store.count()
    page = auditor.get(f"{QUEUE}{one.id}/").content.decode()
    assert "data-work" not in page
    body = {"token": "a-token-of-a-form", "why": "no"}
    assert auditor.post(f"{QUEUE}{one.id}/explain/", body).status_code == 409
    assert practice.store.count() == before
    assert list(GivenOrder.objects.values_list("who", "refused")) == [("auditor", "not_yours")]


def test_nothing_new_costs_no_board(trouble: Trouble, as_role: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A region that asks again with its tag gets 304 without a board; after a record it gets the news."""
    from corridor.hq.served import Served, served  # noqa: PLC0415

    duty = as_role("duty_officer")
    start = served().now()
    monkeypatch.setattr(Served, "now", lambda self: start)
    first = duty.get(QUEUE, headers={"X-Fragment": "queue"})
    asked = {"X-Fragment": "queue", "If-None-Match": first.headers["ETag"]}

    def no_board(self: Served) -> None:
        raise AssertionError("a board was asked for")

    with monkeypatch.context() as without:
        without.setattr(Served, "board_now", no_board)
        assert duty.get(QUEUE, headers=asked).status_code == 304
    body = {"token": "a-token-of-a-form", "owner": "gate"}
    assert as_role("gate_officer").post(f"{QUEUE}{opened()['count_differs'].id}/assign/", body).status_code == 302
    news = duty.get(QUEUE, headers=asked)
    assert news.status_code == 200 and "Timur Aliev" in news.content.decode()


def test_columns_are_remembered(trouble: Trouble, as_role: SignIn) -> None:
    """Chosen columns stay chosen for their reader, and for nobody else; the first column cannot be hidden."""
    duty = as_role("duty_officer")
    assert "Found by<span" not in duty.get(QUEUE).content.decode()
    duty.get(f"{QUEUE}?columns=stage&columns=")
    page = duty.get(QUEUE).content.decode()
    assert "Found by<span" in page and "Open for" not in page.partition("<thead")[2] and "Discrepancy<span" in page
    assert "Found by<span" not in as_role("gate_officer").get(QUEUE).content.decode()


def test_alarms_lead_to_their_desks(trouble: Trouble, as_role: SignIn) -> None:
    """The alarms of now are numbers that open where they are seen to, for whoever may open it."""
    duty = as_role("duty_officer").get("/alarms/").content.decode()
    assert re.search(r'href="/reconcile/"><span class="number">6</span> discrepancies open', duty)
    assert "person on hold" in duty and "permit ends within 12 hours" in duty
    assert "unsigned" in as_role("gate_officer").get("/alarms/").content.decode()
    press = as_role("press_officer").get("/alarms/", headers={"X-Fragment": "alarms"}).content.decode()
    assert "<li>" not in press
