"""The reception's desk: who lands and needs what, received, placed, handed over with two sides, followed up."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.hq.desks.conftest import TOKEN, SignIn, now, posted
from tests.hq.desks.test_care import board, in_cairo, local, record, refused, text_of

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation

RECEIVED = {"custodian": "domodedovo-headquarters", "place": "domodedovo", "relatives": "yes"}


def families(count: int) -> list[tuple[PersonId, ...]]:
    """Whole groups of two or more who all stand in Cairo."""
    here = set(board().view.people(AccountId("place:cairo")))
    found = sorted(tuple(sorted(group)) for group in board().everybody.groups if len(group) > 1 and group <= here)
    return found[:count]


def move(practice: OpenOperation, kind: str, persons: tuple[str, ...], source: str, target: str, **body: Any) -> None:
    """A fact that moves people, minutes ago."""
    minutes = {"boarded": 300, "alighted": 20, "sighted": 10}[kind]
    draft = Draft(
        kind=kind, happened_at=Moment(now() - minutes * MINUTE_MS), by=UserId("gate"),
        persons=tuple(PersonId(one) for one in persons), source=AccountId(source), target=AccountId(target), body=body,
    )  # fmt: skip
    practice.writer.record([draft], now())


def fact(practice: OpenOperation, kind: str, ago: int, **body: Any) -> None:
    """A fact that names nobody, minutes ago."""
    draft = Draft(
        kind=kind, happened_at=Moment(now() - ago * MINUTE_MS), by=UserId("gate"), persons=(), source=None, target=None,
        body=body,
    )  # fmt: skip
    practice.writer.record([draft], now())


@pytest.fixture
def flown(practice: OpenOperation) -> list[tuple[PersonId, ...]]:
    """Three families on flight-2, which has left Cairo and not landed."""
    aboard = families(3)
    for family in aboard:
        move(
            practice, "boarded", family, "place:cairo", "aboard:flight-2", movement="flight-2", place_type="seat"
        )  # fmt: skip
    fact(practice, "departed", 200, movement="flight-2", place="cairo")
    return aboard


def at_home(practice: OpenOperation, family: tuple[PersonId, ...]) -> None:
    """A family stands at Domodedovo."""
    move(practice, "sighted", family, "place:cairo", "place:domodedovo")


def test_the_landing_is_forecast_before_it_lands(as_role: SignIn, flown: Any) -> None:
    """The overview has the flight with its people and time; its list counts everybody once in every forecast."""
    reception = as_role("reception_officer")
    overview = reception.get("/arrive/")
    (coming,) = [one for one in overview.context["coming"] if one.landing.movement.movement == "flight-2"]
    assert coming.name.startswith("Flight 14 Nov, ")
    assert coming.persons == sum(map(len, flown)) and coming.landing.expected_at is not None
    page = reception.get("/arrive/flights/flight-2/")
    needs = page.context["needs"]
    assert needs.people == sum(needs.ages.values()) == sum(needs.sizes.values()) == coming.persons
    assert needs.nappies_a_day == 8 * needs.ages.get("infant", 0)
    assert [tuple(one.person for one in party.guests) for party in page.context["parties"]] == flown
    assert reception.get("/arrive/flights/convoy-1112/").status_code == 404


def test_the_list_on_paper_and_as_spreadsheet(as_role: SignIn, flown: Any, practice: OpenOperation) -> None:
    """Both hold everybody; the workbook has the needs on a second page, and names stay text; readings are logged."""
    reception = as_role("reception_officer")
    made = reception.get("/arrive/flights/flight-2/list.pdf")
    assert made.headers["Content-Type"] == "application/pdf" and made.content.startswith(b"%PDF")
    book = load_workbook(io.BytesIO(reception.get("/arrive/flights/flight-2/list.xlsx").content))
    people, needs = book["People"], book["Needs"]
    persons = {person for family in flown for person in family}
    assert persons <= {row[1].value for row in people.iter_rows()}
    assert needs["B2"].value == len(persons)
    assert all(cell.data_type != "f" for row in people.iter_rows() for cell in row)
    whys = {one.why for one in practice.identities.reads(min(persons))}
    assert {"reception list of flight-2 as PDF", "reception list of flight-2 as spreadsheet"} <= whys


def test_whole_parties_are_received_at_once(as_role: SignIn, flown: Any, practice: OpenOperation) -> None:
    """Whoever still sits in the landed plane gets out and is received with their party, in one sending."""
    fact(practice, "arrived", 5, movement="flight-2", place="domodedovo")
    reception, address = as_role("reception_officer"), "/arrive/flights/flight-2/"
    first, second, third = flown
    answer = posted(reception, address, {"party": [" ".join(first), " ".join(second)], **RECEIVED}, follow=True)
    assert f"{len(first) + len(second)} people received." in text_of(answer)
    now_home = board().people("received")
    assert set(first) | set(second) <= now_home and not set(third) & now_home
    state = board().everybody.arrive[first[0]].received
    assert state is not None and state.relatives is True and state.custodian == "domodedovo-headquarters"
    assert answer.context["coming"].left == len(third)


def test_who_has_not_landed_is_not_received(as_role: SignIn, flown: Any, practice: OpenOperation) -> None:
    """In the air nobody is received: the form says what must be recorded first, and nothing is."""
    before = practice.store.count()
    fields = {"party": [" ".join(flown[0])], **RECEIVED}
    answer = posted(as_role("reception_officer"), "/arrive/flights/flight-2/", fields)
    assert "does not know" in refused(answer)
    assert practice.store.count() == before
    nobody = posted(as_role("reception_officer"), "/arrive/flights/flight-2/", RECEIVED)
    assert nobody.status_code == 422 and "Tick the parties that were received." in text_of(nobody)


def test_a_party_is_placed_together(as_role: SignIn, practice: OpenOperation) -> None:
    """All of a family are ticked and placed; leaving one out is refused."""
    (family,) = families(1)
    at_home(practice, family)
    reception, address = as_role("reception_officer"), f"/arrive/people/{family[0]}/place/"
    page = reception.get(address)
    assert [one for one, _name in page.context["form"].fields["persons"].choices] == list(family)
    apart = posted(reception, address, {"persons": family[:1], "shelter": "kaluga"})
    assert "belong together" in refused(apart)
    posted(reception, address, {"persons": family, "shelter": "kaluga", "room": "12"})
    assert set(family) <= set(board().everybody.shelters["kaluga"].staying)  # type: ignore[index]
    rows = reception.get("/arrive/shelters/?shelter=kaluga").context["table"].rows
    assert {row.person for row in rows if row.stay.room == "12"} == set(family)
    posted(reception, f"/arrive/people/{family[0]}/leave/", {"persons": family, "why": "to relatives"})
    assert not set(family) & set(board().everybody.shelters["kaluga"].staying)  # type: ignore[index]


def test_a_full_shelter_says_where_else(as_role: SignIn, practice: OpenOperation) -> None:
    """With the beds of Kaluga taken, the no names the nearest other shelter; the drawn bar says full."""
    register = sorted(board().everybody.register)
    kaluga = board().everybody.shelters["kaluga"]  # type: ignore[index]
    beds = kaluga.beds
    assert beds is not None and kaluga.free is not None
    (family,) = families(1)
    taken = [one for one in register if one not in {*family, *kaluga.staying}][: kaluga.free]
    for first in range(0, len(taken), 60):
        draft = Draft(
            kind="placed", happened_at=Moment(now() - MINUTE_MS), by=UserId("reception"),
            persons=tuple(taken[first : first + 60]), source=None, target=None, body={"shelter": "kaluga"},
        )  # fmt: skip
        practice.writer.record([draft], now())
    reception = as_role("reception_officer")
    address = f"/arrive/people/{family[0]}/place/"
    said = refused(posted(reception, address, {"persons": family, "shelter": "kaluga"}))
    assert "0 free places" in said and "nearest other one is" in said
    assert f"full: {beds} of {beds}" in text_of(reception.get("/arrive/shelters/"))


def test_a_handover_has_two_sides(as_role: SignIn, practice: OpenOperation) -> None:
    """What one region gave stands open until the other has signed; a signature of somebody else is refused."""
    (family,) = families(1)
    at_home(practice, family)
    reception = as_role("reception_officer")
    fields = {"persons": family, "from_custodian": "domodedovo-headquarters", "to_custodian": "kaluga-shelter"}
    posted(reception, f"/arrive/people/{family[0]}/hand-over/", fields | {"receipt": 'РЦ "1"\n2'})
    (given,) = reception.get("/arrive/handovers/").context["waiting"]
    assert (set(given.persons), given.one.receipted_by) == (set(family), None)
    pdf = reception.get(f"/arrive/handovers.pdf?handover={given.key}")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''handover-%D0%A0%D0%A6")
    sign = {"handover": given.key, "receipt": given.one.receipt, "by_custodian": "klin-shelter"}
    assert "waits for the receipt" in refused(posted(reception, "/arrive/handovers/", sign))
    posted(reception, "/arrive/handovers/", sign | {"by_custodian": "kaluga-shelter"})
    page = reception.get("/arrive/handovers/")
    assert page.context["waiting"] == [] and page.context["signed"][0].one.receipted_by == "kaluga-shelter"
    assert "signed by Shelter in Kaluga" in text_of(page)


def test_follow_ups_are_due_overdue_and_done(as_role: SignIn, practice: OpenOperation) -> None:
    """One that is past is overdue in red, one to come is due, one with an outcome is done; the past is refused."""
    person, reception = in_cairo(), as_role("reception_officer")
    before = dict(reception.get("/arrive/follow-ups/").context["states"])
    record(
        practice, "follow_up_due", person, ago=600, follow_up="u-late", type="medical", due_at=now() - 2 * HOUR_MS
    )  # fmt: skip
    address = f"/arrive/people/{person}/follow-up/"
    assert "which is past" in refused(posted(reception, address, {"type": "medical", "due_at": local(-1)}))
    posted(reception, address, {"type": "psychological", "due_at": local(20)})
    page = reception.get("/arrive/follow-ups/")
    states = dict(page.context["states"])
    assert (states["overdue"], states["due"]) == (before["overdue"] + 1, before["due"] + 1)
    assert re.search(r'tag warn">overdue by', text_of(page))
    done = f"/arrive/people/{person}/follow-up-done/"
    posted(reception, done, {"follow_up": "u-late", "outcome": "treated"})
    states = dict(reception.get("/arrive/follow-ups/?state=done").context["states"])
    assert (states["overdue"], states["done"]) == (before["overdue"], before["done"] + 1)


def test_the_onward_journey_needs_somebody_received(as_role: SignIn, practice: OpenOperation) -> None:
    """Nobody goes on who was not received; then where to and how are on the page."""
    (family,) = families(1)
    at_home(practice, family)
    reception, address = as_role("reception_officer"), f"/arrive/people/{family[0]}/onward/"
    fields = {"persons": family, "to": "Voronezh", "mode": "rail"}
    assert "was not received yet" in refused(posted(reception, address, fields))
    posted(reception, f"/arrive/people/{family[0]}/receive/", {"persons": family, **RECEIVED})
    posted(reception, address, fields)
    assert "Voronezh" in text_of(reception.get(f"/arrive/people/{family[-1]}/"))


def test_somebody_is_opened_by_number(as_role: SignIn) -> None:
    """The number opens the person; a stranger's is said."""
    reception, person = as_role("reception_officer"), in_cairo()
    assert reception.get(f"/arrive/?person={person}").headers["Location"] == f"/arrive/people/{person}/"
    assert "Nobody in the book is found by this." in text_of(reception.get("/arrive/?person=nobody-1"))
    assert reception.get("/arrive/people/nobody-1/").status_code == 404
    assert reception.get(f"/arrive/people/{person}/no-such-task/").status_code == 404


def test_the_reception_reads_no_reason_of_a_hold(as_role: SignIn, practice: OpenOperation) -> None:
    """Until when, and what to do; not why."""
    person = in_cairo()
    record(
        practice, "hold_placed", person, ago=5, hold="h-1", reason="infectious", instruction="Own room.", owner="medic",
        review_at=now() + HOUR_MS,
    )  # fmt: skip
    page = text_of(as_role("reception_officer").get(f"/arrive/people/{person}/"))
    assert "Own room." in page and "hold until" in page and "infectious" not in page


def test_the_auditor_reads_and_records_nothing(as_role: SignIn, flown: Any, practice: OpenOperation) -> None:
    """Every page opens without a form; what is sent all the same is refused."""
    auditor, before = as_role("auditor"), practice.store.count()
    addresses = (
        "/arrive/flights/flight-2/", f"/arrive/people/{flown[0][0]}/", "/arrive/handovers/", "/arrive/follow-ups/"
    )  # fmt: skip
    for address in addresses:
        page = html.unescape(auditor.get(address).content.decode())
        assert not TOKEN.search(page), address
    fields = {"party": [" ".join(flown[0])], "token": "a-token-of-a-form", **RECEIVED}
    assert auditor.post("/arrive/flights/flight-2/", fields).status_code == 409
    assert practice.store.count() == before


@pytest.mark.parametrize("role", ["medic", "gate_officer", "press_officer", "partner_liaison"])
def test_others_may_not_enter(as_role: SignIn, role: str) -> None:
    """Roles without the desk get no page of it."""
    reader = as_role(role)
    assert reader.get("/arrive/").status_code == reader.get("/arrive/flights/flight-2/list.pdf").status_code == 403


def test_a_reception_elsewhere_reads_numbers_and_nobody(practice: OpenOperation, as_role: SignIn) -> None:
    """Who receives people at another place learns what a flight will need, and opens none of its people."""
    from corridor.hq.models import User  # noqa: PLC0415 - the settings are not ready before

    duty = as_role("duty_officer")
    landing = next(one for one in board().everybody.landings if one.persons)
    address, person = f"/arrive/flights/{landing.movement.movement}/", landing.persons[0]
    whole = duty.get(address).context
    assert duty.get(f"/arrive/people/{person}/").status_code == 200
    User.objects.filter(name="reception").update(place="gaza")
    far = as_role("reception_officer")
    page = far.get(address)
    assert page.context["parties"] == [] and page.context["needs"].people == whole["needs"].people > 0
    assert person not in page.content.decode()
    assert far.get(f"/arrive/people/{person}/").status_code == 404
    assert far.post(f"/arrive/people/{person}/place/", {"token": "a-token-of-a-form"}).status_code == 404
    assert far.get("/arrive/follow-ups/").status_code == far.get("/arrive/shelters/").status_code == 200
    assert far.get(f"{address}list.xlsx").status_code == 200
