"""People registered twice: proposed with reasons, decided, undone; what is recorded under either number is one's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import RequestFactory
from tests.hq.desks.conftest import SignIn, posted
from tests.hq.desks.test_register import NEW, board, created, identity_of

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.register.duplicates.comparing import AGAINST, SPEAKS
from corridor.ledger.accounts import MERGED
from corridor.ledger.event import Draft
from corridor.names.reasons import SAYS
from corridor.opening import OpenOperation

PAGE = "/register/duplicates/"


@pytest.fixture
def twice(practice: OpenOperation, as_role: SignIn) -> tuple[PersonId, PersonId]:
    """Uliana Vetrova, registered in Cyrillic with a passport and again in Latin letters."""
    client = as_role("list_officer")
    papers = {"document_type": "passport", "number": "RU 771 882"}
    one = created(posted(client, "/register/new/?q=x", {**NEW, **papers}))
    other = created(posted(client, "/register/new/?q=x", {**NEW, "name": "Uliana Vetrova", "other": one}))
    return one, other


def counts(client: Any) -> dict[str, int]:
    """How many pairs stand how."""
    page = client.get(PAGE)
    assert page.status_code == 200
    return dict(page.context["stands"])


def pair_of(one: PersonId, other: PersonId) -> str:
    """The pair as the page's form names it."""
    return f"{min(one, other)},{max(one, other)}"


def test_a_person_registered_twice_is_proposed_with_reasons(as_role: SignIn, twice: tuple[PersonId, PersonId]) -> None:
    """Another script and the same day of birth are likely one person, and the page says why part by part."""
    client = as_role("list_officer")
    page = client.get(PAGE, {"pair": pair_of(*twice)})
    line = page.context["line"]
    assert (set(line.pair), line.stand) == (set(twice), "likely")
    assert {"near_name", "same_birth"} <= set(line.duplicate.speaks)
    assert [reason.says for reason in page.context["reasons"]] == ["same sound in another script"] * 2
    assert "Are these one person?" in page.content.decode()


def test_a_merge_gathers_everything_and_is_taken_back(
    practice: OpenOperation, as_role: SignIn, twice: tuple[PersonId, PersonId]
) -> None:
    """Both numbers lead to one person, figures add up, a late record of the other number is theirs; undo restores."""
    client = as_role("list_officer")
    one, other = twice
    before = board()
    posted(client, PAGE, {"does": "same", "pair": pair_of(one, other), "kept": one})
    merged = board()
    assert merged.view.merged == {other: one}
    assert merged.people("merged") == {other} == set(merged.view.people(MERGED))
    assert len(merged.people("registered")) == len(before.people("registered"))
    assert sum(len(merged.people(code)) for code in merged.addends) == len(merged.people("registered"))
    home = client.get("/").content.decode()
    opens = re.search(r'href="([^"]*merged[^"]*)"', home)
    assert opens is not None and other in client.get(opens[1].replace("&amp;", "&")).content.decode()
    assert client.get(f"/register/{other}/")["Location"] == f"/register/{one}/"
    assert client.get(f"/people/{other}/")["Location"].startswith(f"/people/{one}/")
    page = client.get(f"/register/{one}/").content.decode()
    assert "Uliana Vetrova" in page and other in page
    found = client.get("/register/", {"q": "Uliana Vetrova"}).context["found"]
    assert [person.person for person in found].count(one) == 1 and other not in [person.person for person in found]
    late = Draft(
        kind="need_recorded",
        happened_at=merged.at,
        by=UserId("gate"),
        persons=(other,),
        body={"need": "wheelchair"},
    )
    practice.writer.record([late], Moment(merged.at + 2))
    assert board().everybody.register[one].needs == {"wheelchair"}
    assert [event.kind for event in board().view.events_of(one)].count("need_recorded") == 1
    posted(client, PAGE, {"does": "undo"})
    after = board()
    assert (after.view.merged, after.view.account_of(other)) == ({}, before.view.account_of(other))
    needs = [after.everybody.register[person].needs for person in (one, other)]
    assert needs == [frozenset(), {"wheelchair"}]
    assert [len(after.people(code)) for code in after.addends] == [len(before.people(code)) for code in before.addends]


def test_verdicts_move_a_pair_and_are_taken_back(as_role: SignIn, twice: tuple[PersonId, PersonId]) -> None:
    """Unsure and different each move the pair out of the open ones; undo brings it back, step by step."""
    client, pair = as_role("list_officer"), pair_of(*twice)
    start = counts(client)
    posted(client, PAGE, {"does": "unsure", "pair": pair})
    assert counts(client) == {**start, "likely": start["likely"] - 1, "unsure": start["unsure"] + 1}
    posted(client, PAGE, {"does": "different", "pair": pair})
    assert counts(client) == {**start, "likely": start["likely"] - 1, "different": start["different"] + 1}
    for _ in range(2):
        posted(client, PAGE, {"does": "undo"})
    assert counts(client) == start
    posted(client, PAGE, {"does": "undo"})
    assert counts(client) == start


def test_a_merged_pair_is_parted_later_by_anybody_who_may(as_role: SignIn, twice: tuple[PersonId, PersonId]) -> None:
    """The pair stays to be seen among the merged ones; parting needs no session of whoever merged."""
    posted(as_role("list_officer"), PAGE, {"does": "same", "pair": pair_of(*twice), "kept": twice[1]})
    client = as_role("duty_officer")
    assert counts(client)["merged"] == 1
    posted(client, PAGE, {"does": "part", "pair": f"{twice[1]},{twice[0]}"})
    assert counts(client)["merged"] == 0 and board().view.merged == {}


def test_orders_of_a_merged_number_are_refused(
    practice: OpenOperation, as_role: SignIn, twice: tuple[PersonId, PersonId]
) -> None:
    """Whoever still has the other number open is told whose it is, and nothing is recorded."""
    from corridor.hq.desks import door  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.models import User  # noqa: PLC0415

    client = as_role("list_officer")
    posted(client, PAGE, {"does": "same", "pair": pair_of(*twice), "kept": twice[0]})
    events = len(board().view.events_of(twice[0]))
    refused = posted(client, PAGE, {"does": "same", "pair": pair_of(*twice), "kept": twice[1]})
    assert refused.status_code == 409 and f"{twice[1]} is the same person as {twice[0]}" in refused.content.decode()
    assert len(board().view.events_of(twice[0])) == events
    request = RequestFactory().post("/", {"token": "long enough"})
    request.user = User.objects.get(name="lists")
    kept = door.keep_identity(request, twice[1], frozenset({"names"}), lambda one: replace(one, names=()))
    assert isinstance(kept, Refusal) and kept.code == "merged_into" and identity_of(practice, twice[1]).names


def test_a_merged_number_is_seen_where_the_kept_one_is(as_role: SignIn, twice: tuple[PersonId, PersonId]) -> None:
    """Who serves at a place knows of merged numbers of the people near it, not of everybody's anywhere."""
    from corridor.hq.access.names import own_people  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.models import User  # noqa: PLC0415

    posted(as_role("list_officer"), PAGE, {"does": "same", "pair": pair_of(*twice), "kept": twice[0]})
    now = board()
    here = now.view.account_of(twice[0])
    assert here is not None and here.startswith("place:")
    near = User(name="one", role="gate_officer", place=here.partition(":")[2])
    far = User(name="other", role="reception_officer", place=now.operation.places[-1].id)
    assert now.view.merged and len(now.view.everybody()) > 200
    for people in (frozenset(twice), frozenset(now.view.everybody())):
        assert own_people(near, now, people) >= set(twice)
        assert not own_people(far, now, people) & set(twice)


def test_forgetting_a_person_forgets_every_number(
    practice: OpenOperation, as_role: SignIn, twice: tuple[PersonId, PersonId]
) -> None:
    """The identity rows of merged numbers go with the one that is kept."""
    from corridor.hq.erasing import erase  # noqa: PLC0415

    client = as_role("duty_officer")
    posted(client, PAGE, {"does": "same", "pair": pair_of(*twice), "kept": twice[0]})
    assert identity_of(practice, twice[1]).names
    assert erase(practice, board().view, (twice[0],)) == 2
    assert not practice.identities.get(twice)


def test_a_merged_number_answers_a_list_by_the_kept_one(as_role: SignIn, twice: tuple[PersonId, PersonId]) -> None:
    """A list that writes the name or the passport of either number proposes the one person."""
    from corridor.hq.desks.clear.matched import StoreMatcher  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.journey.clear.lists import ListRow  # noqa: PLC0415
    from corridor.journey.clear.matching import propose  # noqa: PLC0415

    one, other = twice
    posted(as_role("list_officer"), PAGE, {"does": "same", "pair": pair_of(one, other), "kept": other})
    request: Any = type("Asked", (), {"user": User.objects.get(name="lists")})()
    rows = (ListRow(number=1, name="Ульяна Ветрова"), ListRow(number=2, name="Uliana VETROVA", document="ru771882"))
    found = propose(rows, StoreMatcher(request, served(), board()))
    assert {proposal.person for proposal in found if proposal.row == 2} == {other}
    assert other in {proposal.person for proposal in found if proposal.row == 1}
    assert one not in {proposal.person for proposal in found}


@pytest.mark.parametrize("role", ["auditor", "consul"])
def test_who_only_reads_is_shown_no_buttons(as_role: SignIn, twice: tuple[PersonId, PersonId], role: str) -> None:
    """The auditor sees the pairs and decides nothing; the consul decides."""
    page = as_role(role).get(PAGE, {"pair": pair_of(*twice)})
    assert page.status_code == 200
    assert bool(re.search(r'value="same"', page.content.decode())) is (role == "consul")


def test_every_word_of_a_reason_is_translated(practice: OpenOperation) -> None:
    """Each code of the engine and of the comparison is a phrase of its own in each language."""
    from django.utils import translation  # noqa: PLC0415

    from corridor.hq.desks.register import reasons  # noqa: PLC0415
    from corridor.hq.templatetags.words import word  # noqa: PLC0415

    assert set(reasons.SAYS) == set(SAYS)
    for language in ("ru", "ar"):
        with translation.override(language):
            assert all(str(says) != SAYS[code] for code, says in reasons.SAYS.items())
            assert all(word(code) != code.replace("_", " ") for code in (*SPEAKS, *AGAINST))


def test_what_was_sealed_before_a_merge_opens_after_it(as_role: SignIn, twice: tuple[PersonId, PersonId]) -> None:
    """A note of the number that was dropped is closed with that number's key, and still opens on the person's page."""
    words, kept = "She saw the house fall.", twice[0]
    for person in twice:
        told = {"consent": "given", "words": f"{person}: {words}"}
        assert posted(as_role("medic"), f"/care/{person}/testimony/", told).status_code == 302
    posted(as_role("list_officer"), PAGE, {"does": "same", "pair": pair_of(*twice), "kept": kept})
    testimonies = board().everybody.care[kept].testimonies
    assert len(testimonies) == 2
    asked = [{"what": f"testimony:{one.event}", "why": "a talk"} for one in testimonies]
    opened = [as_role("medic").post(f"/care/{kept}/sealed/", one).content.decode() for one in asked]
    assert sorted(person for person in twice for page in opened if f"{person}: {words}" in page) == sorted(twice)


def test_the_pages_of_a_dropped_number_lead_to_the_person(as_role: SignIn, twice: tuple[PersonId, PersonId]) -> None:
    """An old card shows at every desk whose it is: not an empty page on which a hold would be missing."""
    posted(as_role("list_officer"), PAGE, {"does": "same", "pair": pair_of(*twice), "kept": twice[0]})
    medic, duty = as_role("medic"), as_role("duty_officer")
    pages = ["/people/{}/", "/register/{}/party/", "/care/{}/hold/", "/documents/{}/", "/arrive/people/{}/place/"]
    answers = {page: (medic if "care" in page else duty).get(page.format(twice[1])) for page in pages}
    led_to = {page: answer.headers.get("Location") for page, answer in answers.items()}
    assert led_to == {page: page.format(twice[0]) for page in pages}
    sent = {"reason": "medical", "instruction": "Rest.", "owner": "medic", "review_at": "2023-11-15T09:00"}
    late = medic.post(f"/care/{twice[1]}/hold/", {"token": "a form of before", **sent})
    assert late.status_code == 409 and "Rest." in late.content.decode(), "what was typed stays"
    assert f"{twice[1]} is the same person as {twice[0]}" in late.content.decode()
