"""The clear desk: an evening run from the file to the letters, each decision and its refusal, and who may do what."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from django.test import Client
from tests.hq.desks.conftest import SignIn, now, posted

from corridor.base.ids import PersonId
from corridor.journey.board.board import Board
from corridor.journey.register.identity import Identity, decode, encode, full_names
from corridor.opening import OpenOperation

DAY = "2023-11-15"
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def board() -> Board:
    """The board as it is now."""
    from corridor.hq.served import served  # noqa: PLC0415 - the settings are not ready before

    return served().board_now()


@pytest.fixture
def waiting(practice: OpenOperation) -> list[tuple[PersonId, Identity]]:
    """Everybody who still waits, with a passport that is known, families side by side."""
    here = board()
    people = sorted(here.people("applications_open"), key=lambda one: (str(here.everybody.register[one].party), one))
    rows = practice.identities.get(people)
    known = ((person, decode(person, rows[person])) for person in people if person in rows)
    return [
        (person, one)
        for person, one in known
        if isinstance(one, Identity) and one.documents and one.documents[0].number
    ]


def latin(identity: Identity) -> str:
    """The name in Latin letters."""
    return next((name.text for name in identity.names if name.script == "latin"), full_names(identity)[0])


def as_csv(people: list[tuple[PersonId, Identity]], heads: str = "No,Name,Passport,Nationality") -> bytes:
    """A list as an authority would send it."""
    lines = [f"{turn},{latin(one)},{one.documents[0].number},Russia" for turn, (_, one) in enumerate(people, start=1)]
    return "\r\n".join([heads, *lines]).encode()


def send(client: Client, data: bytes, authority: str = "egypt", name: str = "list.csv") -> str:
    """Send a file as the page's form does; the address of its columns."""
    file = io.BytesIO(data)
    file.name = name
    token = TOKEN.search(client.get("/clear/").content.decode())
    assert token is not None
    sent = client.post("/clear/file/", {"token": token[1], "authority": authority, "for_date": DAY, "file": file})
    assert sent.status_code == 302, sent.content.decode()[:2000]
    return str(sent["Location"])


def chosen(page: str) -> dict[str, str]:
    """What the selects of a page of columns hold."""
    found = {}
    for name, options in re.findall(r'<select[^>]*name="(s\d+(?:c\d+|days))"[^>]*>(.*?)</select>', page, re.DOTALL):
        picked = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = picked[1] if picked else ""
    return found


def take(client: Client, address: str, **changed: str) -> Any:
    """Take a list in by the columns as the page shows them, or changed."""
    page = client.get(address).content.decode()
    fields = {**chosen(page), "authority": "egypt", "for_date": DAY, "source": "embassy", "does": "take", **changed}
    return posted(client, address, fields)


Imported = Callable[..., str]


@pytest.fixture
def imported(as_role: SignIn) -> Imported:
    """A list that the list officer has taken in: its address."""

    def imported(data: bytes, authority: str = "egypt") -> str:
        client = as_role("list_officer")
        answer = take(client, send(client, data, authority), authority=authority)
        assert answer.status_code == 302, re.findall(r'class="wrong".*', answer.content.decode())
        return str(answer["Location"])

    return imported


def counts(client: Client, address: str) -> dict[str, int]:
    """How many rows of a list stand how."""
    return dict(client.get(address).context["parts"])


def test_an_empty_evening_says_what_to_do(as_role: SignIn) -> None:
    """Tomorrow's lists have not come: each authority is awaited, and the form to take one in is there."""
    page = as_role("list_officer").get("/clear/")
    text = page.content.decode()
    assert text.count("No list for this day yet") == 3
    assert page.context["day"].isoformat() == DAY
    assert "Look at its columns" in text


def test_columns_are_shown_changed_saved_and_used_again(as_role: SignIn, waiting: Any) -> None:
    """A file with a header nobody knows is refused until a column is chosen; the next file finds it chosen."""
    client = as_role("list_officer")
    strange = as_csv(waiting[:5], heads="Seq,Subject of transit,Papers held,State")
    address = send(client, strange)
    page = client.get(address).content.decode()
    assert "Subject of transit" in page
    columns = {**chosen(page), "s0c0": "row_number", "s0c1": "", "s0c2": "document_number", "s0c3": "citizenship"}
    refused = take(client, address, **columns)
    assert refused.status_code == 409 and "a name" in refused.content.decode()
    taken = take(client, address, **{**columns, "s0c1": "name"})
    assert taken.status_code == 302
    assert len(client.get(taken["Location"]).context["one"].cases) == 5
    again = client.get(send(client, as_csv(waiting[5:9], heads="Seq,Subject of transit,Papers held,State")))
    assert "columns as saved for this authority" in again.content.decode()
    assert chosen(again.content.decode())["s0c1"] == "name"


def test_bad_cells_are_named_by_file_row_and_column(as_role: SignIn) -> None:
    """A row without a name is left out and named; a birth date that is none too; the good row goes on."""
    client = as_role("list_officer")
    data = b"No,Name,Date of birth\r\n1,Anna Petrova,2015-13-45\r\n2,,2010-01-02\r\n"
    page = client.get(send(client, data, name="bad.csv"))
    text = page.content.decode()
    assert "bad.csv, line 2, column C" in text and "bad.csv, line 3" in text
    assert (page.context["rows"], page.context["left_out"]) == (1, 1)


def test_a_file_is_taken_in_once_and_may_be_put_away(as_role: SignIn, waiting: Any, practice: OpenOperation) -> None:
    """The same bytes for the same day lead to the same list; a file that became none leaves nothing behind."""
    client = as_role("list_officer")
    first = take(client, send(client, as_csv(waiting[:3])))
    again = take(client, send(client, as_csv(waiting[:3])))
    assert first["Location"] == again["Location"]
    address = send(client, b"No,Name\r\n1,Somebody\r\n")
    sha256 = address.split("/")[3]
    assert practice.archive.get(sha256) is not None
    posted(client, address, {"does": "away"})
    assert practice.archive.get(sha256) is None


def test_certain_rows_are_accepted_in_one_go_and_taken_back(as_role: SignIn, waiting: Any, imported: Imported) -> None:
    """Forty rows with known passports are certain; one press matches them to the right people, one takes all back."""
    address, client = imported(as_csv(waiting[:40])), as_role("list_officer")
    assert counts(client, address)["certain"] == 40
    posted(client, address, {"does": "accept"})
    assert counts(client, address)["same"] == 40
    held = board().everybody.rows_held[address.split("/")[3]]
    assert [held[turn] for turn in range(1, 41)] == [person for person, _ in waiting[:40]]
    posted(client, address, {"does": "undo"})
    assert counts(client, address)["certain"] == 40


def test_a_doubtful_row_is_decided_one_at_a_time(as_role: SignIn, waiting: Any, imported: Imported) -> None:
    """Names without documents wait for a human: same, unsure and different each move it, and undo brings it back."""
    rows = [f"{turn},{latin(one)}" for turn, (_, one) in enumerate(waiting[:3], start=1)]
    address, client = imported("\r\n".join(["No,Name", *rows]).encode()), as_role("list_officer")
    assert counts(client, address)["doubtful"] == 3
    person = waiting[0][0]
    posted(client, address, {"does": "unsure", "row": "1", "person": person})
    assert counts(client, address)["unsure"] == 1
    posted(client, address, {"does": "same", "row": "1", "person": person})
    assert counts(client, address) == {**counts(client, address), "same": 1, "unsure": 0, "doubtful": 2}
    posted(client, address, {"does": "none", "row": "2"})
    assert counts(client, address)["different"] == 1
    for left in (1, 0):
        posted(client, address, {"does": "undo"})
        assert counts(client, address)["same"] == left
    assert counts(client, address)["unsure"] == 1


def test_nobody_is_matched_twice_without_saying_so(as_role: SignIn, waiting: Any, imported: Imported) -> None:
    """Two rows with one passport are doubtful, the second says which is theirs already, and same is refused."""
    one = waiting[0]
    address, client = imported(as_csv([one, one])), as_role("list_officer")
    assert counts(client, address)["doubtful"] == 2
    posted(client, address, {"does": "same", "row": "1", "person": one[0]})
    page = client.get(f"{address}?row=2").content.decode()
    assert "Also row 1 of this list" in page
    refused = posted(client, address, {"does": "same", "row": "2", "person": one[0]})
    assert refused.status_code == 409 and "is already row 1" in refused.content.decode()
    assert counts(client, address)["same"] == 1


def test_somebody_else_is_found_by_what_is_typed(as_role: SignIn, waiting: Any, imported: Imported) -> None:
    """A row that is nobody's gets candidates from a name typed in another script."""
    address, client = imported(b"No,Name\r\n1,Xi Wong\r\n"), as_role("list_officer")
    person, identity = waiting[0]
    arabic = next(name.text for name in identity.names if name.script == "arabic")
    page = client.get(f"{address}?row=1", {"row": "1", "find": arabic})
    assert person in [one.person for one in page.context["candidates"]]
    posted(client, f"{address}?row=1", {"does": "same", "row": "1", "person": person})
    assert counts(client, address)["same"] == 1


def test_a_near_name_says_why_part_by_part(as_role: SignIn, waiting: Any, imported: Imported) -> None:
    """Beside a proposal the name is taken apart in the reader's language, with what speaks against it."""
    person, identity = waiting[0]
    first, *others = latin(identity).split()
    address, client = imported(f"No,Name\r\n1,Zzyzx {' '.join(others)}\r\n".encode()), as_role("list_officer")
    client.cookies["language"] = "ru"
    page = client.get(f"{address}?row=1", {"row": "1", "find": f"{first}x {' '.join(others)}"})
    candidate = next(one for one in page.context["candidates"] if one.person == person)
    assert len(candidate.parts) >= len(others) and {part.against for part in candidate.parts} <= {True, False}
    typed = f"{first}x {' '.join(others)}".lower()
    assert all(part.query.replace("-", " ") in typed for part in candidate.parts if part.query)
    assert any(part.name and not part.against for part in candidate.parts), "in whichever of their scripts is likest"
    said = next(part.says for part in candidate.parts if not part.against)
    assert said in page.content.decode() and re.search("[а-я]", said), "told in the reader's language"


def test_an_identity_written_meanwhile_changes_the_proposals(
    as_role: SignIn, practice: OpenOperation, waiting: Any, imported: Imported
) -> None:
    """A person whose passport is written while the list is open is proposed by it; the other rows stay as they were."""
    one, other = waiting[0], waiting[1]
    rows = [f"1,{latin(one[1])},XX 987654", f"2,{latin(other[1])},{other[1].documents[0].number}"]
    address, client = imported("\r\n".join(["No,Name,Passport", *rows]).encode()), as_role("list_officer")
    assert counts(client, address)["certain"] == 1
    document = replace(one[1].documents[0], number="xx987654")
    written = replace(one[1], version=one[1].version + 1, documents=(document,))
    practice.identities.put(one[0], encode(written), now())
    assert counts(client, address)["certain"] == 2
    practice.identities.forget(one[0])
    assert counts(client, address)["certain"] == 1


def test_while_names_are_read_rows_are_matched_by_document(
    as_role: SignIn, waiting: Any, imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says how far the names are; a known passport is proposed already, and is certain once they are there."""
    from corridor.hq.desks.register import names  # noqa: PLC0415

    read, builds = threading.Event(), names.KeptNames._build

    def build(kept: Any, who: Any, role: str) -> bool:
        read.wait(120)
        return builds(kept, who, role)

    monkeypatch.setattr(names, "AT_ONCE_MAX", 0)
    monkeypatch.setattr(names.KeptNames, "_build", build)
    monkeypatch.setattr(names, "_kept", None)
    person, identity = waiting[0]
    arabic = next(name.text for name in identity.names if name.script == "arabic")
    rows = f"No,Name,Passport\r\n1,{arabic} {arabic.split()[0]},{identity.documents[0].number}\r\n"
    address, client = imported(rows.encode()), as_role("list_officer")
    page = client.get(address)
    assert "Names are being read" in page.content.decode()
    assert [one.person for one in page.context["candidates"]] == [person]
    read.set()
    thread = names.kept_names()._building
    assert thread is not None
    thread.join(120)
    later = client.get(address, {"row": "1"})
    assert "Names are being read" not in later.content.decode()
    assert "near_name" in later.context["candidates"][0].proposal.reasons


@pytest.fixture
def family(waiting: Any) -> list[tuple[PersonId, Identity]]:
    """A family of four or more with a child, all with passports."""
    register = board().everybody.register
    parties: dict[Any, list[tuple[PersonId, Identity]]] = {}
    for person, identity in waiting:
        parties.setdefault(register[person].party, []).append((person, identity))
    whole = [
        people
        for party, people in parties.items()
        if len(people) >= 4
        and len(people) == sum(state.party == party for state in register.values())
        and any(register[person].is_minor for person, _ in people)
    ]
    return sorted(whole[0], key=lambda one: register[one[0]].is_minor)


def test_a_split_family_is_shown_and_its_letter_is_in_arabic(as_role: SignIn, family: Any, imported: Imported) -> None:
    """The child left out comes first with the authority that left it out; the letter asks for it in Arabic."""
    client = as_role("list_officer")
    address = imported(as_csv(family[:-1]))
    posted(client, address, {"does": "accept"})
    page = client.get("/clear/").context
    assert (page["left_out"], page["minors_left_out"]) == (1, 1)
    assert page["splits"][0]["left"][0]["person"] == family[-1][0]
    assert page["splits"][0]["left"][0]["by"] == ["Egypt"]
    (letter,) = client.get("/clear/letters/").context["letters"]
    assert letter.language == "ar" and letter.rtl
    assert "مصر" in letter.text and family[-1][1].documents[0].number in letter.text


def test_families_are_called_by_hour_and_told(as_role: SignIn, family: Any, imported: Imported) -> None:
    """When all three authorities list a family it is ready: called for seven, recorded as told, and on the sheet; its
    call taken back, it is to be called no more, until it is called again after all."""
    client = as_role("list_officer")
    for authority in ("egypt", "israel", "gaza-crossings"):
        posted(client, imported(as_csv(family, heads=f"No,Name,Passport,{authority}"), authority), {"does": "accept"})
    page = client.get("/clear/calls/")
    (hour,) = page.context["hours"]
    assert (hour["slot"].hour.hour, hour["count"], hour["told"]) == (7, len(family), 0)
    told = posted(client, "/clear/calls/", {"slot": "0", "by_channel": "phone"})
    assert told.status_code == 302
    assert client.get("/clear/calls/").context["called_people"] == len(family)
    calls = board().everybody.cross[family[0][0]].calls
    assert [(call.for_date.isoformat(), call.by_channel) for call in calls][-1] == (DAY, "phone")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/clear/calls/sheet/").content)).active
    assert sheet is not None and sheet.max_row == 1 + len(family)
    back = {"does": "take_back", "persons": [person for person, _ in family], "why": "closed"}
    assert posted(client, f"/cross/calls/?day={DAY}&gate=rafah&show=called", back).status_code == 302
    page = client.get("/clear/calls/")
    assert (page.context["hours"], page.context["taken_back"], page.context["ready_people"]) == ([], len(family), 0)
    again = {"does": "call", "persons": back["persons"], "by_channel": "phone"}
    assert posted(client, f"/cross/calls/?day={DAY}&gate=rafah&show=to_tell", again).status_code == 302
    (hour,) = client.get("/clear/calls/").context["hours"]
    assert (hour["slot"].hour.hour, hour["told"]) == (7, len(family))
    expected = client.get("/clear/").context["evening"].expected
    assert expected.listed == len(family) and (expected.days, expected.closed_days) == (3, 1)


def test_a_cell_that_begins_like_a_formula_is_text() -> None:
    """What somebody typed as a name is never run by a spreadsheet."""
    from corridor.hq.desks.spreadsheet import as_text  # noqa: PLC0415 - the settings are not ready before

    assert (as_text("=1+1"), as_text("Anna"), as_text(3)) == ("'=1+1", "Anna", 3)


def test_what_changed_since_the_list_before(as_role: SignIn, imported: Imported, practice: OpenOperation) -> None:
    """Beside Egypt's last list a new one with one of its rows has one row the same, and names who dropped and waits."""
    client = as_role("list_officer")
    last = board().everybody.lists.statements["egypt-2023-11-14"]  # type: ignore[index]
    data = practice.archive.get(last.sha256)
    assert data is not None
    imported(b"\r\n".join(data.split(b"\r\n")[:2]))
    (compared,) = client.get("/clear/changes/").context["compared"]
    assert compared["same"] == 1
    counted = {name: count for name, count, _ in compared["parts"]}
    assert counted == {"added": 0, "dropped": 60, "renamed": 0}
    dropped = next(lines for name, _, lines in compared["parts"] if name == "dropped")
    assert 0 < compared["missed"] == sum(line["person"] is not None and not line["gone"] for line in dropped) < 60


@pytest.mark.parametrize("role", ["gate_officer", "medic", "movement_officer", "partner_liaison", "press_officer"])
def test_others_may_not_enter(as_role: SignIn, role: str) -> None:
    """The desk is for those who work with lists, and read by the auditor."""
    assert as_role(role).get("/clear/").status_code == 403


def test_the_auditor_reads_and_decides_nothing(as_role: SignIn, waiting: Any, imported: Imported) -> None:
    """No button, and an order sent all the same is refused."""
    address, auditor = imported(as_csv(waiting[:2])), as_role("auditor")
    page = auditor.get(address).content.decode()
    assert 'value="accept"' not in page and 'value="same"' not in page
    refused = posted(auditor, address, {"does": "accept"})
    assert refused.status_code == 409 and counts(auditor, address)["certain"] == 2
    assert "Look at its columns" not in auditor.get("/clear/").content.decode()


def test_readings_are_logged(as_role: SignIn, waiting: Any, imported: Imported, practice: OpenOperation) -> None:
    """Whoever looks at a row has read its candidates, with a reason."""
    address = imported(as_csv(waiting[:1]))
    before = now()
    as_role("consul").get(f"{address}?row=1")
    read = [one for one in practice.identities.reads(waiting[0][0]) if one.role == "consul" and one.at >= before]
    assert {"evening run: a row of a list"} <= {one.why for one in read}


def test_nobody_chosen_is_said_where_one_works(as_role: SignIn) -> None:
    """A verdict without anybody chosen, and a file without a row, are refused on the page and record nothing."""
    client = as_role("list_officer")
    taken = take(client, send(client, b"name,passport\nSaad Aya,\n", name="tomorrow.csv"))
    statements = len(board().everybody.lists.statements)
    refused = posted(client, taken.headers["Location"], {"does": "same", "row": "1"})
    assert refused.status_code == 409 and "Nobody is chosen for row 1." in refused.content.decode()
    empty = take(client, send(client, b"name,passport\n", name="empty.csv"))
    assert empty.status_code == 409 and "names anybody" in empty.content.decode()
    assert len(board().everybody.lists.statements) == statements
