"""The care desk: who is next, what is recorded, what stays sealed, and that nobody else reads any of it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from tests.hq.desks.conftest import TOKEN, USERS, SignIn, now, posted

from corridor.base.ids import PersonId, PlaceId, UserId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment, datetime_of
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.journey.register.code import code_of
from corridor.journey.register.identity import decode, full_names
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation

SECRET = "He was in the cellar when the house fell."
OTHERS = sorted(set(USERS) - {"medic", "psychologist", "auditor"})


def board() -> Board:
    """The board as it is now."""
    from corridor.hq.served import served  # noqa: PLC0415

    return served().board_now()


def record(practice: OpenOperation, kind: str, person: str, *, ago: int = 0, **body: Any) -> None:
    """A fact from the field, as many minutes ago."""
    at = Moment(now() - ago * MINUTE_MS)
    draft = Draft(
        kind=kind, happened_at=at, by=UserId("medic"), persons=(PersonId(person),), source=None, target=None, body=body
    )
    practice.writer.record([draft], now())


def text_of(response: Any) -> str:
    """A page's text."""
    return html.unescape(response.content.decode())


def in_cairo(number: int = 0) -> PersonId:
    """Somebody who stands in Cairo."""
    return board().view.people("place:cairo")[number]  # type: ignore[arg-type]


def local(hours: float) -> str:
    """A time so many hours from now, as it is typed for somebody in Cairo."""
    zone = board().operation.place(PlaceId("cairo")).zone
    return f"{datetime_of(Moment(int(now() + hours * HOUR_MS)), zone):%Y-%m-%dT%H:%M}"


def refused(response: Any) -> str:
    """What a refused form says."""
    assert response.status_code == 409, response.status_code
    found = re.search(r'<div class="wrong".*?</div>', response.content.decode(), re.DOTALL)
    assert found is not None
    return html.unescape(found[0])


def test_the_queue_has_the_red_first_and_goes_by_colour(as_role: SignIn, practice: OpenOperation) -> None:
    """A child triaged red stands before everybody, and the filters show one colour or place."""
    medic, person = as_role("medic"), in_cairo()
    record(practice, "triaged", person, ago=20, system="jumpstart", colour="red", breathing_per_minute=50, walks=False)
    page = medic.get("/care/")
    first = page.context["table"].rows[0]
    assert (first.waiting.person, first.waiting.colour, first.minutes) == (person, "red", 20)
    assert "20 min" in text_of(page)
    only_red = medic.get("/care/?colour=red").context["table"]
    assert [row.waiting.person for row in only_red.rows] == [person]
    elsewhere = medic.get("/care/?where=place:rafah").context["table"]
    assert person not in [row.waiting.person for row in elsewhere.rows]
    assert "Nobody waits like this" in text_of(medic.get("/care/?where=place:klin"))


def test_somebody_is_opened_by_number(as_role: SignIn) -> None:
    """The number on the wristband opens the person, its whole code too; one that is in no book is said."""
    medic, person = as_role("medic"), in_cairo()
    assert medic.get(f"/care/?person={person}").headers["Location"] == f"/care/{person}/"
    code = code_of("gaza-2023", person)
    assert medic.get("/care/", {"person": code}).headers["Location"] == f"/care/{person}/"
    assert "Nobody in the book is found by this." in text_of(medic.get("/care/?person=nobody-1"))
    assert medic.get("/care/nobody-1/").status_code == 404


def test_somebody_is_found_by_name_and_the_search_is_logged(as_role: SignIn, practice: OpenOperation) -> None:
    """A name in its own script or in Latin letters finds the person, who is then one press away; it is logged once."""
    medic, person = as_role("medic"), in_cairo()
    row = practice.identities.get([person])[person]
    identity = decode(person, row)
    assert not isinstance(identity, Refusal)
    name = full_names(identity)[0]
    before = len(practice.identities.reads(person))
    page = medic.get("/care/", {"person": name})
    assert f'href="/care/{person}/"' in page.content.decode() and person in [
        one.person for one in page.context["found"]
    ]
    logged = practice.identities.reads(person)[before:]
    assert logged and {one.role for one in logged} == {"medic"}
    again = len(practice.identities.reads(person))
    medic.get("/care/", {"person": name}, headers={"X-Fragment": "queue"})
    assert len([one for one in practice.identities.reads(person)[again:] if one.why != "care queue"]) == 0


def test_triage_gives_the_colour_and_its_reason(as_role: SignIn) -> None:
    """What was observed gives the colour; before it is sent the page already says it, or what is missing."""
    medic, person = as_role("medic"), in_cairo()
    seen = {"system": "start", "walks": "no", "breathing_per_minute": "40"}
    preview = text_of(medic.get(f"/care/{person}/colour/", seen))
    assert "red" in preview and "Breathes more than 30 times a minute." in preview
    assert "how often the person breathes" in text_of(medic.get(f"/care/{person}/colour/?system=start&walks=no"))
    answer = posted(medic, f"/care/{person}/triage/", seen | {"stay": "yes"}, follow=True)
    assert f"{person} is red. Breathes more than 30 times a minute." in text_of(answer)
    assert board().everybody.waiting[0].person == person


def test_triage_that_was_not_observed_is_refused(as_role: SignIn, practice: OpenOperation) -> None:
    """No colour is guessed: the form says what to observe, and nothing is recorded."""
    medic, person, before = as_role("medic"), in_cairo(), practice.store.count()
    answer = posted(medic, f"/care/{person}/triage/", {"system": "jumpstart", "walks": "no"})
    assert "how often the person breathes in a minute was not observed" in refused(answer)
    assert practice.store.count() == before


def test_an_encounter_leads_to_the_next_in_the_queue(as_role: SignIn, practice: OpenOperation) -> None:
    """The note is sealed, the codes count, and the next who waits is on the screen."""
    medic, person, other = as_role("medic"), in_cairo(0), in_cairo(1)
    for one in (person, other):
        record(practice, "triaged", one, ago=500, system="start", colour="red")
    fields = {"codes": ["fever", "dehydration"], "disposition": "treated", "place": "cairo", "note": SECRET}
    answer = posted(medic, f"/care/{person}/encounter/", fields)
    assert answer.headers["Location"] == f"/care/{other}/encounter/"
    (encounter,) = (one for one in board().everybody.care[person].encounters if "dehydration" in one.codes)
    assert encounter.note is not None and SECRET not in encounter.note
    assert all(SECRET.encode() not in row.raw for row in practice.store.batches())
    assert person not in [one.person for one in board().everybody.waiting]


def test_an_encounter_without_a_code_is_not_taken(as_role: SignIn) -> None:
    """The field is asked for, and what was typed stays."""
    medic, person = as_role("medic"), in_cairo()
    answer = posted(medic, f"/care/{person}/encounter/", {"disposition": "referred", "place": "cairo", "note": "kept"})
    assert answer.status_code == 422
    assert "kept" in text_of(answer) and "This field is required." in text_of(answer)


def test_a_hold_is_placed_reviewed_and_lifted(as_role: SignIn) -> None:
    """Each step is on the list of holds, which tells who reviews it; a review in the past is refused."""
    medic, person = as_role("medic"), in_cairo()
    hold = {"reason": "infectious", "instruction": "Own room.", "owner": "medic", "review_at": local(1)}
    assert "which is past" in refused(posted(medic, f"/care/{person}/hold/", hold | {"review_at": local(-1)}))
    posted(medic, f"/care/{person}/hold/", hold)
    ((held, placed),) = [one for one in board().everybody.holds if one[0] == person]
    listed = text_of(medic.get("/care/holds/"))
    assert person in listed and "Own room." in listed and "Elena Morozova" in listed
    posted(medic, f"/care/{person}/hold-review/", {"hold": placed.hold, "review_at": local(9), "instruction": ""})
    ((_held, reviewed),) = [one for one in board().everybody.holds if one[0] == held]
    assert reviewed.review_at > placed.review_at and reviewed.instruction == "Own room."
    posted(medic, f"/care/{person}/hold-lift/", {"hold": placed.hold, "why": "No fever for a day."})
    assert [one for one in board().everybody.holds if one[0] == person] == []


def test_an_overdue_hold_is_red(as_role: SignIn, practice: OpenOperation) -> None:
    """A hold whose review has passed is first, and says by how much."""
    person, review_at = in_cairo(), now() - 90 * MINUTE_MS
    record(
        practice, "hold_placed", person, ago=200, hold="h-late", reason="medical", instruction="Rest.", owner="medic",
        review_at=review_at,
    )  # fmt: skip
    page = text_of(as_role("medic").get("/care/holds/"))
    assert re.search(r'tag warn">overdue by 9\d min', page) and "1 overdue" in page


def test_who_flies_next_without_a_decision(as_role: SignIn, practice: OpenOperation) -> None:
    """The undecided are first; a decision leads to the next of them; on hold nobody is declared fit."""
    medic = as_role("medic")
    page = medic.get("/care/flights/?flight=flight-2")
    rows = page.context["table"].rows
    undecided = [row.person for row in rows if row.fit == "undecided"]
    assert undecided and [row.person for row in rows[: len(undecided)]] == undecided
    first, second = undecided[:2]
    address = f"/care/{first}/fitness/?flight=flight-2"
    record(
        practice, "hold_placed", first, hold="h-1", reason="medical", instruction="Rest.", owner="medic",
        review_at=now() + HOUR_MS,
    )  # fmt: skip
    assert "while the hold h-1 is active" in refused(posted(medic, address, {"decision": "fit", "until": local(30)}))
    record(practice, "hold_lifted", first, hold="h-1", why="well")
    answer = posted(medic, address, {"decision": "fit_with_escort", "until": local(30), "needs": ["escort"]})
    assert answer.headers["Location"] == f"/care/{second}/fitness/?flight=flight-2"
    rows = medic.get("/care/flights/?flight=flight-2").context["table"].rows
    assert {row.person: row.fit for row in rows}[first] == "fit_with_escort"


def test_a_decision_that_ends_before_the_flight_does_not_count(as_role: SignIn, practice: OpenOperation) -> None:
    """Fitness is judged at the departure, not now."""
    person = in_cairo()
    record(practice, "fitness_decided", person, decision="fit", until=now() + 10 * MINUTE_MS)
    rows = as_role("medic").get("/care/flights/?flight=flight-2").context["table"].rows
    assert {row.person: row.fit for row in rows}[person] == "expired"


def open_text(client: Client, person: str, what: str, **more: str) -> Any:
    """What pressing 'open' on a sealed entry answers."""
    return client.post(f"/care/{person}/sealed/", {"what": what, **more})


def test_testimony_is_sealed_and_each_opening_logged(as_role: SignIn, practice: OpenOperation) -> None:
    """Only with a reason it is opened; who read it and why is in the log; it is not on the page before."""
    medic, person = as_role("medic"), in_cairo()
    posted(medic, f"/care/{person}/testimony/", {"consent": "given", "words": SECRET})
    (told,) = board().everybody.care[person].testimonies
    assert SECRET not in text_of(medic.get(f"/care/{person}/"))
    assert "without a reason" in text_of(open_text(medic, person, f"testimony:{told.event}", why=" "))
    answer = open_text(medic, person, f"testimony:{told.event}", why="follow-up talk")
    assert SECRET in text_of(answer) and "no-store" in answer.headers["Cache-Control"]
    readings = [one for one in practice.identities.reads(person) if one.why.startswith("sealed:")]
    assert [(one.who, one.refused) for one in readings] == [("medic", "sealed_without_reason"), ("medic", None)]
    assert open_text(as_role("auditor"), person, "testimony:nothing", why="audit").status_code == 404


def test_words_are_not_kept_without_consent(as_role: SignIn) -> None:
    """With consent refused only the refusal is recorded; a text beside it is refused."""
    medic, person = as_role("medic"), in_cairo()
    answer = posted(medic, f"/care/{person}/testimony/", {"consent": "refused", "words": SECRET})
    assert "refused consent" in refused(answer)
    posted(medic, f"/care/{person}/testimony/", {"consent": "refused", "words": ""})
    assert [one.sealed for one in board().everybody.care[person].testimonies] == [""]


def test_the_missing_are_searched_until_the_search_ends(as_role: SignIn) -> None:
    """A loss without a search is red on the list, then the search is open, then it is among those over."""
    medic, person = as_role("medic"), in_cairo()
    loss = {"loss": "relative_missing", "consent": "given_for_tracing", "words": SECRET}
    posted(medic, f"/care/{person}/loss/", loss)
    rows = {row.person: row.state for row in medic.get("/care/searches/").context["table"].rows}
    assert rows[person] == "not_begun"
    posted(medic, f"/care/{person}/search/", {"words": SECRET})
    rows = {row.person: row.state for row in medic.get("/care/searches/").context["table"].rows}
    assert rows[person] == "open"
    (tracing,) = board().everybody.care[person].tracings
    posted(medic, f"/care/{person}/search-over/", {"tracing": tracing.tracing, "outcome": "reunited"})
    assert person not in [row.person for row in medic.get("/care/searches/").context["table"].rows]
    over = medic.get("/care/searches/?with=over").context["table"].rows
    assert [(row.person, row.state) for row in over if row.person == person] == [(person, "reunited")]


def test_first_aid_is_recorded(as_role: SignIn) -> None:
    """The next step and a sealed note are kept."""
    medic, person = as_role("medic"), in_cairo()
    fields = {"place": "cairo", "next": "follow_up", "note": SECRET, "stay": "yes"}
    answer = posted(medic, f"/care/{person}/first-aid/", fields)
    assert answer.headers["Location"] == f"/care/{person}/"
    aid = board().everybody.care[person].first_aid[-1]
    assert aid.next == "follow_up" and aid.note
    assert SECRET in text_of(open_text(medic, person, f"first_aid:{aid.encounter}"))


def test_contacts_in_one_click_and_on_paper(as_role: SignIn) -> None:
    """Who rode the same bus is listed with the times, and the list comes as PDF."""
    medic = as_role("medic")
    person = in_cairo()
    page = medic.get(f"/care/{person}/contacts/")
    rows = page.context["table"].rows
    bus = next(one for one in board().everybody.move.movements.values() if person in one.boarded)
    assert rows and {row.contact.movement for row in rows} == {bus.movement}
    assert {row.person for row in rows} <= bus.boarded - {person}
    assert page.context["persons"] == len(page.context["table"].rows) == page.context["table"].count
    made = medic.get(f"/care/{person}/contacts.pdf")
    assert made.headers["Content-Type"] == "application/pdf" and made.content.startswith(b"%PDF")


def test_the_days_form_counts_the_day_of_the_place(as_role: SignIn, practice: OpenOperation) -> None:
    """A new encounter is counted on its day at its place and nowhere else; the CSV has the same numbers."""
    medic, person = as_role("medic"), in_cairo()
    before = medic.get("/care/daily/?place=cairo&day=2023-11-14").context["items"]
    record(
        practice, "encounter", person, encounter="e-x", place="cairo", codes=["measles_suspected", "no_such_code"],
        disposition="referred",
    )  # fmt: skip
    after = medic.get("/care/daily/?place=cairo&day=2023-11-14").context["items"]
    grown = {
        new.number: new.count - old.count for old, new in zip(before, after, strict=True) if new.count != old.count
    }
    sex = {"male": {1: 1}, "female": {2: 1}}.get(board().everybody.register[person].sex or "", {})
    assert grown == {13: 1, 29: 1, 39: 1} | sex
    lines = text_of(medic.get("/care/daily.csv?place=cairo&day=2023-11-14")).splitlines()
    assert lines[0] == "day,place,item,name,count"
    assert {line.split(",")[2]: int(line.rsplit(",", 1)[1]) for line in lines[1:]} == {
        f"MDS{item.number}": item.count for item in after
    }
    assert "No encounter was recorded there" in text_of(medic.get("/care/daily/?place=rafah&day=2023-11-01"))


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_reads_care(as_role: SignIn, practice: OpenOperation, role: str) -> None:
    """Other roles see until when a hold is and what to do: no code, colour, reason, note or search, on no page."""
    medic, person = as_role("medic"), in_cairo()
    record(practice, "triaged", person, ago=9, system="start", colour="red", breathing_per_minute=40, walks=False)
    record(
        practice, "encounter", person, encounter="e-x", place="cairo", codes=["measles_suspected"],
        disposition="admitted", note="QQ==",
    )  # fmt: skip
    record(practice, "loss_reported", person, loss="relative_missing", consent="given")
    record(practice, "tracing_opened", person, tracing="t-secret")
    record(
        practice, "hold_placed", person, ago=5, hold="h-1", reason="infectious", instruction="Own room.", owner="medic",
        review_at=now() + HOUR_MS,
    )  # fmt: skip
    assert "infectious" in text_of(medic.get(f"/people/{person}/"))
    reader = as_role(role)
    assert reader.get("/care/").status_code == reader.get(f"/care/{person}/").status_code == 403
    assert reader.post(f"/care/{person}/sealed/", {"what": "encounter:e-x"}).status_code == 403
    page = reader.get(f"/people/{person}/")
    pages = text_of(page) + text_of(reader.get("/")) + text_of(reader.get("/people/?place=cairo"))
    for word in (
        "infectious",
        "measles",
        "Triaged",
        "admitted",
        "e-x",
        "t-secret",
        "relative_missing",
        "Breathes more",
    ):
        assert word not in pages, word
    if page.status_code == 200:
        assert "Own room." in pages and "hold until" in pages


def test_the_auditor_reads_and_records_nothing(as_role: SignIn, practice: OpenOperation) -> None:
    """The desk opens without a form, and what is sent all the same is refused."""
    auditor, person, before = as_role("auditor"), in_cairo(), practice.store.count()
    page = text_of(auditor.get(f"/care/{person}/hold/"))
    assert "You read this desk and record nothing at it." in page and not TOKEN.search(page)
    hold = {"reason": "infectious", "instruction": "Own room.", "owner": "medic", "review_at": local(4)}
    answer = auditor.post(f"/care/{person}/hold/", hold | {"token": "a-token-of-a-form"})
    assert answer.status_code == 409
    assert practice.store.count() == before


def test_names_are_read_for_the_page_only_and_logged(as_role: SignIn, practice: OpenOperation) -> None:
    """Reading a page of the queue logs exactly the people on it."""
    page = as_role("medic").get("/care/")
    shown = {row.waiting.person for row in page.context["table"].rows}
    (reading,) = [one for one in practice.identities.reads() if one.why == "care queue"]
    assert set(reading.persons) == shown and reading.who == "medic"


def test_every_code_and_item_has_its_words() -> None:
    """Codes, items of the form, reasons of triage and care's refusals are there in Russian and Arabic."""
    from corridor.hq import texts  # noqa: PLC0415
    from corridor.journey.arrive.refusals import CATALOGUE as ARRIVE  # noqa: PLC0415
    from corridor.journey.care import triage  # noqa: PLC0415
    from corridor.journey.care.codes import CODES, MDS_ITEMS  # noqa: PLC0415
    from corridor.journey.care.refusals import CATALOGUE  # noqa: PLC0415

    reasons = set()
    for walks, breaths, after, pulse, refill, obeys, avpu in _observations():
        seen = triage.Observation(
            walks=walks, breathing_per_minute=breaths, breathes_after=after, pulse=pulse, refill_seconds=refill,
            obeys=obeys, avpu=avpu,
        )  # fmt: skip
        for found in (triage.start(seen), triage.jumpstart(seen)):
            if isinstance(found, triage.Triage):
                reasons.add(("triage", found.reason))
    wanted = reasons | {("code", one.meaning) for one in CODES.values()} | {("mds", one) for one in MDS_ITEMS.values()}
    wanted |= {("word", one.group) for one in CODES.values()}
    plain = {text for kind in (*CATALOGUE, *ARRIVE) for text in (kind.says, kind.remedy)}
    for language in ("ru", "ar"):
        there = {(entry.msgctxt, entry.msgid) for entry in texts.merged(language) if entry.translated()}
        assert sorted(wanted - there) == []
        assert sorted(plain - {text for context, text in there if context is None}) == []


def _observations() -> list[tuple[Any, ...]]:
    import itertools  # noqa: PLC0415

    return list(
        itertools.product(
            (True, False), (0, 10, 40, 60, 20), ("airway", "rescue_breaths", "neither"), (True, False), (1, 5),
            (True, False), ("alert", "pain_inappropriate", "unresponsive"),
        )
    )  # fmt: skip
