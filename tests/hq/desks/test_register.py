"""The register desk: look before creating, parties and ties, zones confirmed field by field, the queue, cards."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from tests.hq.desks.conftest import TOKEN, SignIn, now, posted

from corridor.base.ids import DeviceId, PersonId, UserId
from corridor.journey.board.board import Board
from corridor.journey.register.access import see_persons
from corridor.journey.register.code import code_of
from corridor.journey.register.identity import Identity
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.sealing import DatabasePersonKeys, seal
from corridor.opening import OpenOperation

ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
"""The specimen of ICAO Doc 9303."""
FIELDS = (
    "document_type", "issuing_state", "surname", "given_names", "number", "nationality", "birth_date", "sex",
    "expiry_date", "optional",
)  # fmt: skip
NEW = {"name": "Ульяна Ветрова", "birth": "1991-05-06", "citizenships": "rus", "place": "gaza", "role": "head"}


def board() -> Board:
    """The board as it is now."""
    from corridor.hq.served import served  # noqa: PLC0415

    return served().board_now()


def identity_of(practice: OpenOperation, person: str) -> Identity:
    """The identity row of a person, read like everybody reads it."""
    seen = see_persons(practice.identities, UserId("test"), "auditor", [PersonId(person)], "test", now())
    assert isinstance(seen, dict)
    return seen[PersonId(person)]


def a_family() -> tuple[PersonId, list[PersonId]]:
    """A head and the rest of a party of at least four who are still at home."""
    register = board().everybody.register
    home = board().people("applications_open")
    for head, state in sorted(register.items()):
        members = [one for one, other in register.items() if other.party == state.party and one != head]
        adults = [one for one in members if register[one].is_adult]
        if state.party_role == "head" and len(members) >= 3 and adults and {head, *members} <= home and passport(head):
            return head, members
    raise AssertionError("gaza-2023 has families at home")


def passport(person: PersonId) -> bool:
    """Whether the book knows a passport of a person."""
    state = board().everybody.documents.get(person)
    return state is not None and any(paper.type == "passport" for paper in state.papers)


def created(answer: Any) -> PersonId:
    """The person of the page that a form led to."""
    found = re.fullmatch(r"/register/([^/]+)/", answer.headers.get("Location", ""))
    assert answer.status_code == 302 and found is not None, answer.content.decode()[:3000]
    return PersonId(found.group(1))


def test_nobody_is_created_without_a_search(as_role: SignIn) -> None:
    """The page of a new person without a search leads to the search, with a word why; after one it has a form."""
    client = as_role("list_officer")
    answer = client.get("/register/new/")
    assert answer.status_code == 302 and answer.headers["Location"] == "/register/"
    assert "Search first" in client.get("/register/").content.decode()
    assert TOKEN.search(client.get("/register/new/?q=Nobody").content.decode())


def test_a_new_person_and_the_same_again(practice: OpenOperation, as_role: SignIn) -> None:
    """A new person stands in the book with a name and an age; the same in another script must be looked at first."""
    client = as_role("list_officer")
    address = "/register/new/?q=%D0%92%D0%B5%D1%82%D1%80%D0%BE%D0%B2%D0%B0"
    person = created(posted(client, address, NEW))
    state = board().everybody.register[person]
    assert (state.age_band, state.citizenships, state.party_role) == ("adult", ("RUS",), "head")
    assert identity_of(practice, person).names[0].text == NEW["name"]
    again = {**NEW, "name": "Ulyana Vetrova"}
    before = practice.store.count()
    refused = posted(client, address, again)
    text = refused.content.decode()
    assert refused.status_code == 409 and person in text and "May be this person" in text
    assert practice.store.count() == before
    other = created(posted(client, address, {**again, "other": person}))
    assert other != person and other in board().everybody.register


def test_a_form_sent_twice_creates_one_person(practice: OpenOperation, as_role: SignIn) -> None:
    """The id comes from the form's token."""
    client = as_role("list_officer")
    token = TOKEN.search(client.get("/register/new/?q=x").content.decode())
    assert token is not None
    fields = {"token": token.group(1), **NEW}
    first = created(client.post("/register/new/?q=x", fields))
    before = practice.store.count()
    again = created(client.post("/register/new/?q=x", {**fields, "other": first}))
    assert (again, practice.store.count()) == (first, before)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"birth": "31.02.1990"}, "The calendar has no such day."),
        ({"birth": "yesterday"}, "Write a birth date like"),
        ({"birth": "2033-01-01"}, "Nobody alive was born then."),
        ({"birth": "", "age_band": ""}, "Give the birth date, or at least the age."),
        ({"citizenships": "Russia"}, "three letters"),
        ({"number": "7", "document_type": ""}, "Say which document"),
        ({"name": ""}, "required"),
    ],
)
def test_what_a_new_person_lacks_is_said_at_its_field(as_role: SignIn, fields: dict[str, str], says: str) -> None:
    """What was typed stays, and nothing is recorded."""
    answer = posted(as_role("list_officer"), "/register/new/?q=x", {**NEW, **fields})
    assert answer.status_code == 200 and says in answer.content.decode()


def test_the_search_finds_and_the_code_leads_on(practice: OpenOperation, as_role: SignIn) -> None:
    """By name in another script than written first, by number and party; a wristband's code is the person."""
    head, _ = a_family()
    identity, state, client = identity_of(practice, head), board().everybody.register[head], as_role("consul")
    for text in (identity.names[0].text, identity.names[1].text, identity.documents[0].number, state.party, head):
        assert head in client.get("/register/", {"q": text}, follow=True).content.decode(), text
    assert head in client.get("/register/", {"q": code_of("gaza-2023", head)}).content.decode()
    bad = client.get("/register/", {"q": code_of("another", head)}).content.decode()
    assert "does not fit this operation" in bad
    assert "Nobody in the book" in client.get("/register/", {"q": "Zzyzx Qwfp"}).content.decode()
    whys = {reading.why for reading in practice.identities.reads(head)}
    assert {"search", "search results"} <= whys


def test_needs_particulars_and_contacts(practice: OpenOperation, as_role: SignIn) -> None:
    """Each short form writes its fact; a second need of the same kind is refused in words, at its form."""
    head, _ = a_family()
    address, client = f"/register/{head}/", as_role("list_officer")
    for does, fields in {
        "need": {"need-need": "wheelchair"},
        "particulars": {
            "particulars-sex": "female",
            "particulars-age_band": "elder",
            "particulars-citizenships": "MAR",
        },
        "contact": {"contact-channel": "email", "contact-value": "a@example.org", "contact-reachable": "no"},
        "name": {"name-text": "Новое Имя", "name-source": "application"},
        "document": {"document-type": "national_id", "document-number": "N-77", "document-valid_until": "2030-01-31"},
        "birth": {"birth-birth": "1950"},
    }.items():
        assert posted(client, address, {"does": does, **fields}).status_code == 302, does
    state, identity = board().everybody.register[head], identity_of(practice, head)
    assert "wheelchair" in state.needs and (state.sex, state.citizenships) == ("female", ("MAR",))
    assert [(mark.channel, mark.reachable) for mark in state.contacts if mark.channel == "email"] == [("email", False)]
    assert (identity.names[-1].text, identity.names[-1].script) == ("Новое Имя", "cyrillic")
    assert identity.documents[-1].number == "N-77" and identity.birth is not None and identity.birth.precision == "year"
    assert identity.contacts[-1].value == "a@example.org"
    refused = posted(client, address, {"does": "need", "need-need": "wheelchair"})
    assert refused.status_code == 409 and "already recorded" in refused.content.decode()
    assert posted(client, address, {"does": "end_need", "which": "wheelchair"}).status_code == 302
    dropped = posted(client, address, {"does": "drop_document", "which": str(identity.documents[-1])})
    assert dropped.status_code == 302 and "N-77" not in str(identity_of(practice, head).documents)


def test_withdrawn_and_offered_again(as_role: SignIn) -> None:
    """Who withdrew stands on the list of the withdrawn, and after a new offer in the queue, marked."""
    head, members = a_family()
    address, client = f"/register/{head}/", as_role("list_officer")
    assert posted(client, address, {"does": "withdraw", "withdraw-why": "changed_mind"}).status_code == 302
    assert head in client.get("/register/withdrawn/").content.decode()
    again = posted(client, address, {"does": "withdraw", "withdraw-why": "changed_mind"})
    assert again.status_code == 409 and "Already withdrawn" in again.content.decode()
    assert posted(client, address, {"does": "reoffer", "reoffer-place": "gaza"}).status_code == 302
    assert head not in client.get("/register/withdrawn/").content.decode()
    party = board().everybody.register[members[0]].party
    assert party in client.get("/register/applications/?show=reoffered").content.decode()


def test_a_process_that_ended_between_forgetting_and_erasing(
    practice: OpenOperation, as_role: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one erases whoever is on record as forgotten, and nobody whom only a phone would have forgotten."""
    from corridor.hq.desks import door  # noqa: PLC0415
    from corridor.hq.erasing import erase_forgotten  # noqa: PLC0415

    (head, members), client = a_family(), as_role("duty_officer")
    other = members[-1]
    for who in (head, other):
        assert posted(client, f"/register/{who}/", {"does": "died"}).status_code == 302
    keys = DatabasePersonKeys(practice.database)
    seal("a note", head, keys, secrets.token_bytes, now())
    monkeypatch.setattr(door, "erase", lambda *_: 0)
    assert posted(client, f"/register/{head}/", {"does": "forget", "forget-why": "asked"}).status_code == 302
    assert practice.identities.get([head]) and keys.key(head) is not None
    key = SigningKey.from_seed(bytes(32))
    body = {"device": "gate-9", "public_key": key.public.hex()}
    enrolled = Draft(kind="device_enrolled", happened_at=now(), by=UserId("duty"), body=body)
    practice.writer.record([enrolled], now())
    joke = Draft(kind="forgotten", happened_at=now(), by=UserId("gate"), persons=(other,), body={"why": "a joke"})
    batch = Recorder(DeviceId("gate-9"), key).mint([joke], clock_offset_ms=0, clock_uncertainty_ms=10)[0]
    assert [one.status for one in practice.writer.receive([batch], now())] == ["accepted"]
    assert board().everybody.register[other].forgotten
    assert erase_forgotten(practice, board().view) == 1
    assert not practice.identities.get([head]) and keys.key(head) is None
    assert practice.identities.get([other])


def test_a_death_and_forgetting(practice: OpenOperation, as_role: SignIn) -> None:
    """A death is recorded; then who they were can be deleted, and a form that was open meanwhile writes nothing."""
    head, _ = a_family()
    address, client = f"/register/{head}/", as_role("duty_officer")
    assert "Forget this person" not in client.get(address).content.decode()
    assert posted(client, address, {"does": "died", "died-where": "in the town"}).status_code == 302
    assert board().view.account_of(head) == "end:died"
    again = posted(client, address, {"does": "died"})
    assert again.status_code == 409 and "Recorded as dead" in again.content.decode()
    assert identity_of(practice, head).names
    token = TOKEN.search(client.get(address).content.decode())
    assert token is not None and posted(client, address, {"does": "forget", "forget-why": "asked"}).status_code == 302
    assert not practice.identities.get([head]) and board().everybody.register[head].forgotten
    late = {"token": token.group(1), "does": "name", "name-text": "Someone", "name-source": "passport"}
    refused = client.post(address, late)
    assert refused.status_code == 409 and "was forgotten" in refused.content.decode()
    assert not practice.identities.get([head])
    words = {"consent": "given", "words": "She was at home."}
    sealed = posted(as_role("medic"), f"/care/{head}/testimony/", words)
    assert sealed.status_code == 409 and "was forgotten" in sealed.content.decode()
    assert DatabasePersonKeys(practice.database).key(head) is None, "a key made now nothing would destroy"
    assert "Forget this person" not in as_role("list_officer").get(address).content.decode()


def test_parties_and_ties(as_role: SignIn) -> None:
    """Join, tie, waive and leave; who would leave a child alone is refused."""
    head, members = a_family()
    register, client = board().everybody.register, as_role("list_officer")
    single = next(
        one for one in sorted(board().people("applications_open"))
        if register[one].is_adult and register[one].party_role == "head" and register[one].party != register[head].party
    )  # fmt: skip
    address = f"/register/{head}/party/"
    assert single in client.get(f"{address}?other={single}").content.decode()
    joined = posted(client, address, {"does": "join", "join-other": single, "join-role": "other"})
    if joined.status_code == 302:
        assert board().everybody.register[single].party == register[head].party
    tie = {"does": "tie", "tie-tie": "will_not_travel_without", "tie-other": members[0]}
    assert posted(client, address, tie).status_code == 302
    twice = posted(client, address, tie)
    assert twice.status_code == 409 and "already have the tie" in twice.content.decode()
    untied = posted(client, address, {"does": "untie", "which": f"will_not_travel_without:{members[0]}"})
    assert untied.status_code == 302
    strange = posted(client, address, {"does": "join", "join-other": "nobody"})
    assert strange.status_code == 200 and "Not in the book" in strange.content.decode()
    waive = {"does": "waive", "waive-said_by": head, "waive-why": "said so by telephone"}
    adult = next(one for one in members if register[one].is_adult)
    assert posted(client, f"/register/{adult}/party/", waive).status_code == 302
    left = posted(client, f"/register/{adult}/party/", {"does": "leave", "leave-why": "travels with friends"})
    assert left.status_code == 302 and board().everybody.register[adult].party is None


def test_a_zone_is_written_only_when_every_field_is_confirmed(practice: OpenOperation, as_role: SignIn) -> None:
    """Reading writes nothing; one field unconfirmed is refused; all confirmed, the document stands with its number."""
    head, _ = a_family()
    address, client = f"/register/{head}/zone/", as_role("consul")
    read = posted(client, address, {"does": "read", "zone": ZONE}).content.decode()
    assert "every digit fits" in read and 'value="ERIKSSON"' in read
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)" dir="ltr"', read))
    assert set(values) == set(FIELDS)
    ticks = {f"confirm_{name}": "on" for name in FIELDS}
    before = identity_of(practice, head)
    some = {name: on for name, on in ticks.items() if name != "confirm_number"}
    refused = posted(client, address, {"does": "keep", "zone": ZONE, **values, **some})
    assert refused.status_code == 409 and "Not every field is confirmed" in refused.content.decode()
    assert identity_of(practice, head) == before
    typed = {**values, "given_names": "ANNA MARYAM", "expiry_date": "2032-04-15"}
    assert posted(client, address, {"does": "keep", "zone": ZONE, **typed, **ticks}).status_code == 302
    identity = identity_of(practice, head)
    assert (identity.documents[-1].number, identity.documents[-1].issuer) == ("L898902C3", "UTO")
    assert identity.birth is not None and (identity.birth.year, identity.birth.day) == (1974, 12)
    assert {"ERIKSSON", "ANNA MARYAM"} <= {name.text for name in identity.names}
    papers = board().everybody.documents[head].papers
    assert papers[-1].type == "passport" and papers[-1].valid(board().at)


@pytest.mark.parametrize(
    ("zone", "says"),
    [
        (ZONE.replace("6UTO", "7UTO"), "The check digit is"),
        (ZONE.replace("<<10", "<<1O"), "cannot stand here"),
        ("hello", "no machine-readable zone"),
        (ZONE.replace("7408122", "7413122"), "is no date"),
    ],
)
def test_what_is_wrong_with_a_zone_is_said_with_its_place(as_role: SignIn, zone: str, says: str) -> None:
    """A digit that does not fit, a letter for a digit, a text that is none, a month that is none."""
    head, _ = a_family()
    answer = posted(as_role("consul"), f"/register/{head}/zone/", {"does": "read", "zone": zone})
    assert says in answer.content.decode()


def test_the_queue_is_oldest_first_and_adds_up(as_role: SignIn) -> None:
    """Applications hold everybody who is open once, the oldest first, and the picture counts each once."""
    from corridor.hq.desks.register.applications import bars, counts, queue  # noqa: PLC0415

    as_role("list_officer")
    waiting = queue(board())
    people = [person for one in waiting for person in one.people]
    assert len(people) == len(set(people)) and set(people) == board().people("applications_open")
    assert [one.since for one in waiting] == sorted(one.since for one in waiting)
    assert sum(bar.number for bar in bars(waiting)) == len(waiting) == counts(board())["all"]
    assert {one.standing for one in waiting} == {"fresh", "soon", "late"}


@pytest.mark.parametrize("form", ["cards", "wristbands"])
def test_cards_are_printed_and_logged(practice: OpenOperation, as_role: SignIn, form: str) -> None:
    """A PDF for a whole party in each language; the printing stands in the log of reads with everybody on it."""
    head, members = a_family()
    party, client = board().everybody.register[head].party, as_role("list_officer")
    for language in ("en", "ru", "ar"):
        client.cookies["language"] = language
        made = client.get("/register/cards/", {"form": form, "party": party})
        assert made.status_code == 200 and made.content.startswith(b"%PDF")
    reading = [one for one in practice.identities.reads(head) if one.why == f"printed {form}"]
    assert len(reading) == 3 and set(reading[0].persons) == {head, *members}
    assert client.get("/register/cards/", {"form": form}).status_code == 400


@pytest.mark.parametrize("role", ["gate_officer", "medic", "movement_officer", "reception_officer", "partner_liaison"])
def test_other_roles_do_not_enter(as_role: SignIn, role: str) -> None:
    """No page of the desk answers to them."""
    head, _ = a_family_of(as_role)
    client = as_role(role)
    for page in ("", "new/?q=x", "applications/", "withdrawn/", f"cards/?person={head}", f"{head}/", f"{head}/zone/"):
        assert client.get(f"/register/{page}").status_code == 403, page


def a_family_of(as_role: SignIn) -> tuple[PersonId, list[PersonId]]:
    """The family, with the operation served."""
    as_role("auditor")
    return a_family()


def test_the_auditor_reads_and_writes_nothing(practice: OpenOperation, as_role: SignIn) -> None:
    """No form for the auditor, and a form sent all the same is refused."""
    head, _ = a_family_of(as_role)
    client, before = as_role("auditor"), practice.store.count()
    page = client.get(f"/register/{head}/").content.decode()
    assert "Write down" not in page and "Take out" not in page
    refused = client.post(f"/register/{head}/", {"token": "a-token-of-mine", "does": "need", "need-need": "oxygen"})
    assert refused.status_code == 409 and practice.store.count() == before
    assert "register a new person" not in client.get("/register/?q=x").content.decode()


def test_possible_duplicates_say_why(practice: OpenOperation, as_role: SignIn) -> None:
    """Somebody with the same document number is shown on the person's page of duplicates."""
    head, _ = a_family_of(as_role)
    number, client = identity_of(practice, head).documents[0].number, as_role("list_officer")
    fields = {**NEW, "document_type": "passport", "number": number, "other": head}
    other = created(posted(client, "/register/new/?q=x", fields))
    page = client.get(f"/register/{head}/near/").content.decode()
    assert other in page and "same number" in page


def test_the_engine_of_names_follows_the_store(practice: OpenOperation, as_role: SignIn) -> None:
    """A short name in another script is near; what is written later is known, the forgotten are not."""
    from corridor.hq.desks.register.names import kept_names  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415

    client = as_role("list_officer")
    request: Any = type("Asked", (), {"user": User.objects.get(name="lists")})()
    assert kept_names().near(request, "Ульяна Ветрова", 0.9) == []
    person = created(posted(client, "/register/new/?q=x", NEW))
    assert kept_names().near(request, "Uliana Vetrova", 0.9) == [person]
    assert {reading.why for reading in practice.identities.reads()} >= {"index of names"}
    practice.identities.forget(person)
    assert kept_names().near(request, "Uliana Vetrova", 0.9) == []
