"""The operation file at its desk: changed part by part, told in words, signed by a second person, in force."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from tests.hq.desks.conftest import SignIn, now, posted
from tests.hq.desks.test_operation import shown

from corridor.opening import OpenOperation, file_of

FILE = "/operation/file/"
PARTS = f"{FILE}parts/"


def filled(client: Client, address: str, **changed: Any) -> Any:
    """What a form of the desk answers, with everything in it as it stands and only this changed."""
    form = client.get(address).context["form"]
    fields: dict[str, Any] = {}
    for one in (form, *(row for rows in getattr(form, "rows", {}).values() for row in rows)):
        for bound in one:
            if (value := bound.value()) is not None:
                fields[bound.html_name] = value
    return client.post(address, {**fields, **changed})


def proposed(client: Client, why: str = "The road is shorter now", **more: str) -> Any:
    """Propose the draft."""
    return posted(client, f"{FILE}draft/", {"why": why, **more})


def minutes(practice: OpenOperation, turn: int = 0) -> int:
    """The usual minutes of a leg by the file that is in force now."""
    return practice.operation_at(now(), now()).legs[turn].minutes


def test_a_part_is_changed_and_in_force_at_once(practice: OpenOperation, as_role: SignIn) -> None:
    """The leg as it was, changed in its form, is told in words and in force when proposed; remarks stay."""
    duty, before = as_role("duty_officer"), file_of(practice.found).read_text()
    assert "Gaza – Rafah, Egyptian side" in shown(duty, f"{PARTS}legs/")
    assert filled(duty, f"{PARTS}legs/0/", minutes="600").status_code == 302
    assert minutes(practice) == 780, "a draft is not in force"
    page = shown(duty, f"{FILE}draft/")
    assert "Gaza – Rafah, Egyptian side · Usual minutes 780 600" in page and "needs no second person" in page
    assert proposed(duty, why="").status_code == 422
    assert proposed(duty).status_code == 302
    assert minutes(practice) == 600
    assert duty.get(f"{FILE}draft/").status_code == 302, "the draft is gone"
    sent = duty.get(f"{FILE}versions/1/operation.toml").content.decode()
    assert sent == before.replace("minutes = 780\n", "minutes = 600\n", 1)
    assert file_of(practice.found).read_text() == before, "the first file is never written"
    assert "ProposeVersion" in shown(duty, "/operation/orders/?desk=operation")


def test_the_board_of_before_goes_by_the_file_of_before(practice: OpenOperation, as_role: SignIn) -> None:
    """The slider back brings the old rules back, and the page of a place shows it."""
    from corridor.hq.served import served  # noqa: PLC0415 - the settings are not ready before

    duty, before = as_role("duty_officer"), now()
    assert filled(duty, f"{PARTS}places/2/", names_en="Cairo, the new house").status_code == 302
    assert proposed(duty).status_code == 302
    assert "Cairo, the new house" in shown(duty, "/")
    assert served().board(before, now()).operation.place(practice.operation.places[2].id).names["en"] == (
        "Cairo headquarters"
    )


def test_who_may_come_is_signed_by_a_second_person(practice: OpenOperation, as_role: SignIn) -> None:
    """Who flips is counted and opens into people before it is signed; not the proposer, but the consul signs."""
    duty, consul, auditor = as_role("duty_officer"), as_role("consul"), as_role("auditor")
    assert filled(duty, f"{PARTS}eligibility/0/", relatives=["spouse", "child"]).status_code == 302
    page = shown(duty, f"{FILE}draft/")
    count = re.search(r"May come, to not known (\d+) of ([\d,]+)", page)
    assert count is not None and "A second person signs it" in page and "who may come" in page
    people = duty.get(f"{FILE}flipped/draft/?rule=eligibility&leg=&way=to_not_known")
    assert people.context["table"].count == int(count[1])
    assert proposed(duty).status_code == 302
    kept = practice.operation_at(now(), now()).eligibility.relatives
    assert len(kept) == 9
    assert "somebody else signs it" in shown(duty, f"{FILE}versions/1/")
    assert duty.post(f"{FILE}versions/1/sign/", {"token": "a-token-of-a-form"}).status_code == 409
    assert auditor.post(f"{FILE}versions/1/sign/", {"token": "a-token-of-a-form"}).status_code == 409
    assert filled(duty, f"{PARTS}legs/0/", minutes="600").status_code == 302
    assert proposed(duty).status_code == 409, "one version waits already"
    before_signing = len(practice.identities.reads())
    assert consul.get("/operation/").headers["Location"] == FILE
    assert consul.get(f"{FILE}flipped/1/?rule=eligibility&leg=&way=to_not_known").context["table"].count == int(
        count[1]
    )
    assert len(practice.identities.reads()) == before_signing + 1, "reading the names of who flips is logged"
    assert consul.post(f"{FILE}versions/1/sign/", {"token": "a-token-of-a-form"}).status_code == 302
    assert practice.operation_at(now(), now()).eligibility.relatives == ("spouse", "child")
    after = shown(auditor, f"{FILE}versions/1/")
    assert "Sergei Lukin" in after and "Anna Sokolova" in after and f"May come, to not known {count[1]} of" in after
    log = shown(auditor, "/operation/orders/?desk=operation")
    assert log.count("own_signature") == 1 and log.count("not_yours") == 1 and "version_waits" in log


def test_a_version_is_rejected_and_another_reverted_to(practice: OpenOperation, as_role: SignIn) -> None:
    """A rejected one never comes into force; going back is a new version of the older file."""
    duty, consul = as_role("duty_officer"), as_role("consul")
    assert filled(duty, f"{PARTS}permits/0/", hours="48").status_code == 302
    assert proposed(duty).status_code == 302
    assert consul.post(f"{FILE}versions/1/reject/", {"token": "a-token-of-a-form", "why": ""}).status_code == 422
    rejected = {"token": "a-token-of-a-form", "why": "Egypt did not say so"}
    assert consul.post(f"{FILE}versions/1/reject/", rejected).status_code == 302
    assert practice.operation_at(now(), now()).permits[0].hours == 72
    assert "Egypt did not say so" in shown(duty, f"{FILE}versions/1/")
    assert filled(duty, f"{PARTS}legs/0/", minutes="600").status_code == 302
    assert proposed(duty).status_code == 302
    assert duty.post(f"{FILE}versions/0/revert/").status_code == 302
    assert proposed(duty, why="It was a mistake").status_code == 302
    assert minutes(practice) == 780
    assert duty.get(f"{FILE}versions/3/operation.toml").content == file_of(practice.found).read_bytes()


def test_what_is_wrong_is_said_where_it_stands(practice: OpenOperation, as_role: SignIn) -> None:
    """In the entry's own form with the key; what is wrong elsewhere on the draft's page, which cannot be proposed."""
    duty = as_role("duty_officer")
    answer = filled(duty, f"{PARTS}legs/0/", minutes="4")
    assert answer.status_code == 409 and "legs[1].minutes_min" in answer.content.decode()
    fields = {"id": "tents", "names_en": "Tents", "role": "staging", "zone": "Africa/Cairo", "country": "EGY"}
    assert posted(duty, f"{PARTS}places/new/", fields).status_code == 302
    page = duty.get(f"{FILE}draft/").content.decode()
    assert "No legs lead from an origin to &#x27;tents&#x27;" in page and "disabled" in page
    refused = duty.post(f"{FILE}draft/", {"token": "a-token-of-a-form", "why": "tents"})
    assert refused.status_code == 409 and "The file cannot be used" in refused.content.decode()
    leg = {"id": "to-tents", "source": "cairo", "target": "tents", "mode": "bus", "minutes": "20", "minutes_min": "5"}
    assert posted(duty, f"{PARTS}legs/new/", leg).status_code == 302
    assert "No legs lead" not in shown(duty, f"{FILE}draft/")
    assert duty.post(f"{FILE}draft/throw-away/").status_code == 302
    assert "tents" not in shown(duty, f"{PARTS}places/")


def test_every_section_is_on_the_page(practice: OpenOperation, as_role: SignIn) -> None:
    """Each section of the file stands in one group, and has a title of its own."""
    from corridor.hq.desks.operation.draft import CLASSES  # noqa: PLC0415
    from corridor.hq.desks.operation.labels import GROUPS, section_title  # noqa: PLC0415 - as above

    shown_sections = [name for names in GROUPS.values() for name in names]
    assert sorted(shown_sections) == sorted([*CLASSES, "operation"])
    assert all(section_title(name) != name for name in shown_sections)
    assert all(as_role("auditor").get(f"{PARTS}{name}/").status_code == 200 for name in shown_sections)


def test_rows_inside_an_entry(practice: OpenOperation, as_role: SignIn) -> None:
    """A ratio of escorts is changed, one row is emptied and another filled in; it waits for a signature."""
    from corridor.hq.desks.operation.draft import draft_of  # noqa: PLC0415 - the settings are not ready before

    duty = as_role("duty_officer")
    emptied = {f"escorts-1-{name}": "" for name in ("role", "at_least", "per_persons", "takes_seat")}
    added = {"escorts-2-role": "guard", "escorts-2-at_least": "1"}
    changed = {"escorts-0-per_persons": "30", **emptied, **added}
    assert filled(duty, f"{PARTS}fleets/0/", **changed).status_code == 302
    kept = draft_of("duty")
    assert kept is not None
    assert kept.plain["fleets"][0]["escorts"] == [
        {"role": "doctor", "at_least": 2, "per_persons": 30, "takes_seat": False},
        {"role": "guard", "at_least": 1},
    ]
    assert "how many escorts go along" in shown(duty, f"{FILE}draft/")


@pytest.mark.parametrize("part", ["operation", "seat_share", "places", "stations", "categories", "users", "fleets"])
def test_a_form_sent_as_it_is_changes_nothing(practice: OpenOperation, as_role: SignIn, part: str) -> None:
    """Whatever the form does not show stays: the file is the same byte by byte, and there is no draft."""
    duty = as_role("duty_officer")
    assert filled(duty, f"{PARTS}{part}/0/").status_code == 302
    assert duty.get(f"{FILE}draft/").status_code == 302


def test_the_file_as_text_and_sent_whole(practice: OpenOperation, as_role: SignIn) -> None:
    """Text and upload both become the draft; only a duty officer has one."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    duty, auditor, text = as_role("duty_officer"), as_role("auditor"), file_of(practice.found).read_text()
    assert posted(duty, f"{FILE}text/", {"text": text.replace("minutes = 780\n", "minutes = 700\n")}).status_code == 302
    assert "780 700" in shown(duty, f"{FILE}draft/")
    assert duty.post(f"{FILE}draft/throw-away/").status_code == 302

    def upload(client: Client, content: bytes) -> Any:
        return posted(client, FILE, {"file": SimpleUploadedFile("operation.toml", content)})

    assert upload(duty, text.encode()).status_code == 422, "nothing differs"
    assert upload(duty, b"\xff\xfe").status_code == 422
    assert upload(duty, b"name = 3").status_code == 302
    assert "The file cannot be used" in shown(duty, f"{FILE}draft/")
    assert auditor.post(FILE, {"token": "a-token-of-a-form"}).status_code == 409
    assert auditor.get(f"{PARTS}legs/0/").status_code == 302
    assert "minutes = 780" in shown(auditor, f"{FILE}text/")
    assert as_role("medic").get(FILE).status_code == 403


@pytest.mark.parametrize(
    "broken", ["name = ", "places = 3\n", "places = [3]\n", 'legs = "x"\n', "eligibility = 1\n", "users = [[1]]\n"]
)
def test_a_draft_of_any_shape_can_be_looked_at_and_mended(
    practice: OpenOperation, as_role: SignIn, broken: str
) -> None:
    """Text that is no TOML, or a section that is none, is told on the draft's page; no page of the desk fails by it."""
    duty, text = as_role("duty_officer"), file_of(practice.found).read_text()
    name = broken.partition(" ")[0]
    cut = "" if name == "name" else re.sub(rf"(?ms)^\[+{name}\]+$.*?(?=^\[\[?(?!{name}\.)\w+\]\]?$|\Z)", "", text)
    assert posted(duty, f"{FILE}text/", {"text": broken + cut}).status_code == 302
    assert "The file cannot be used" in shown(duty, f"{FILE}draft/")
    for section in ("places", "legs", "users", "eligibility", "operation"):
        assert duty.get(f"{PARTS}{section}/").status_code == 200, section
    assert duty.get(f"{PARTS}legs/0/").status_code in (200, 404)
    more = {"token": "a-token-of-a-form", "id": "new-one", "name": "New One", "role": "auditor"}
    answer = duty.post(f"{PARTS}users/new/", more)
    assert answer.status_code == 302 if name not in ("name", "users") else "only the text" in answer.content.decode()
    assert duty.get(f"{PARTS}legs/new/").status_code == 200
    assert duty.post(f"{PARTS}legs/0/drop/").status_code in (302, 404)
    assert duty.post(f"{FILE}draft/throw-away/").status_code == 302


@pytest.mark.parametrize("which", ["²", "9" * 5000, "7", "x"])
def test_no_people_flip_by_what_is_no_version(practice: OpenOperation, as_role: SignIn, which: str) -> None:
    """An address with no number of a version in it is not found, whatever digits it is made of."""
    assert as_role("duty_officer").get(f"{FILE}flipped/{which}/").status_code == 404


def test_nobody_signs_by_way_of_an_account_they_opened(practice: OpenOperation, as_role: SignIn) -> None:
    """With a password that the proposer made, the consul's account signs nothing until a second person looked at it."""
    from corridor.hq.access import administering, agreeing  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.models import User  # noqa: PLC0415

    duty = as_role("duty_officer")
    assert filled(duty, f"{PARTS}eligibility/0/", relatives=["spouse", "child"]).status_code == 302
    assert proposed(duty).status_code == 302
    by, about, auditor = (User.objects.get(name=name) for name in ("duty", "consul", "auditor"))
    assert isinstance(administering.hand_password(by, about, "forgot it", 1), administering.Handed)
    about.set_password("chosen by whoever came in")
    about.save()
    consul = as_role("consul")
    answer = consul.post(f"{FILE}versions/1/sign/", {"token": "a-token-of-a-form"})
    assert answer.status_code == 409 and "your own waits" in answer.content.decode()
    assert len(practice.operation_at(now(), now()).eligibility.relatives) == 9
    assert "account_not_agreeing" in shown(duty, "/operation/orders/?desk=operation")
    assert agreeing.agree(auditor, about, agreeing.waiting(about)[-1].pk, "saw her", 2) is None
    assert consul.post(f"{FILE}versions/1/sign/", {"token": "a-token-of-a-form"}).status_code == 302
    assert practice.operation_at(now(), now()).eligibility.relatives == ("spouse", "child")
