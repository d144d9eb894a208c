"""What phones pull: the people near their place, page by page, then what has changed, as their account may read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.hq.exchange.conftest import Phone

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.limits import ROSTER_HOURS_MAX, ROSTER_SECONDS
from corridor.base.moments import HOUR_MS, SECOND_MS, Moment
from corridor.journey.register.identity import BirthDate, Document, Identity, NameAs, encode
from corridor.journey.roster.document_hash import hash_of
from corridor.journey.roster.wristband import Wristband, read_wristband
from corridor.ledger.device.request import RosterWanted
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation

REGISTERED: dict[str, Any] = {"party": "f1", "citizenships": ["RUS"], "age_band": "adult"}


class Clock:
    """Headquarters' clock, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from corridor.hq.served import served  # noqa: PLC0415

        self.at = served().now()
        monkeypatch.setattr(type(served()), "now", lambda _self: Moment(self.at))

    def pass_seconds(self, seconds: int) -> None:
        """Let time pass."""
        self.at = Moment(self.at + seconds * SECOND_MS)


@pytest.fixture
def clock(opened: OpenOperation, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until it is moved."""
    return Clock(monkeypatch)


def recorded(opened: OpenOperation, clock: Clock, kind: str, *persons: str, leave: str | None = None,
             enter: str | None = None, **body: Any) -> None:  # fmt: skip
    """Headquarters records something; `leave` and `enter` are the accounts."""
    drafted = Draft(
        kind=kind,
        happened_at=clock.at,
        by=UserId("alice"),
        persons=tuple(PersonId(one) for one in persons),
        source=None if leave is None else AccountId(leave),
        target=None if enter is None else AccountId(enter),
        body=body,
    )
    opened.writer.record([drafted], clock.at)
    clock.pass_seconds(1)


@pytest.fixture
def family(opened: OpenOperation, clock: Clock) -> list[str]:
    """A family of three in town, another person at home already; the first has names and a passport."""
    people = ["p1", "p2", "p3"]
    recorded(opened, clock, "registered", *people, leave="outside", enter="place:town", **REGISTERED)
    recorded(
        opened,
        clock,
        "registered",
        "p9",
        leave="outside",
        enter="place:home",
        party="f9",
        citizenships=["RUS"],
        age_band="adult",
    )
    row = Identity(
        names=tuple(
            NameAs(text=text, script=script, part="full", source="passport")  # type: ignore[arg-type]
            for text, script in (("Амаль Хасан", "cyrillic"), ("Amal Hassan", "latin"))
        ),
        birth=BirthDate(year=1984, month=2, day=3, precision="day"),
        documents=(Document(type="passport", number="75 1234567"),),
    )
    opened.identities.put(PersonId("p1"), encode(row), clock.at)
    recorded(opened, clock, "list_received", list="l1", authority="egy", for_date="2030-06-01", source="mail",
             sha256="0" * 64, rows=3, rows_sha256="0" * 64)  # fmt: skip
    recorded(opened, clock, "listed", "p1", list="l1", row=1, reason="same number")
    recorded(opened, clock, "hold_placed", "p3", hold="h1", reason="medical", instruction="Call the doctor.",
             owner="mark", review_at=clock.at + HOUR_MS)  # fmt: skip
    return people


def rows_of(roster: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of a page by person."""
    columns = roster["columns"]
    assert len({len(column) for column in columns.values()}) == 1, "all columns are of one length"
    return {person: {name: column[index] for name, column in columns.items()}
            for index, person in enumerate(columns["person"])}  # fmt: skip


def test_roster_tells_who_may_pass(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """The gate's phone gets the people within one leg, each with a colour, why, who said so and what to do."""
    told = phone.pull()
    roster = told["roster"]
    rows = rows_of(roster)
    assert sorted(rows) == family, "who is home already is nobody whom the gate meets"
    assert (roster["persons"], roster["more"], roster["full"], roster["gone"]) == (3, False, True, [])
    assert roster["expires_at"] == clock.at + ROSTER_HOURS_MAX * HOUR_MS
    one = rows["p1"]
    assert (one["colour"], one["why"], one["by"], one["party"]) == ("cleared", "cleared", ["egy"], "f1")
    assert [rows[person]["list"] for person in family] == ["l1", None, None]
    assert (one["names"], one["birth_year"]) == (["Амаль Хасан", "Amal Hassan"], 1984)
    salt = bytes.fromhex(roster["salt"])
    assert one["documents"] == [hash_of(salt, "751234567"), "567"]
    assert one["account"] == "place:town"
    assert (rows["p2"]["colour"], rows["p2"]["why"], rows["p2"]["by"]) == ("not", "waiting", ["egy"])
    assert (rows["p3"]["colour"], rows["p3"]["why"], rows["p3"]["says"]) == ("hold", "on_hold", "Call the doctor.")
    assert [one["id"] for one in told["instructions"]["authorities"]] == ["egy"]


def test_reading_is_logged(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """Each page is a reading by the account the phone is bound to, of the people on it."""
    phone.pull(rows=2)
    reading = opened.identities.reads()[-1]
    assert (reading.who, reading.role, reading.why) == ("gamal", "gate_officer", "roster of gate-1")
    assert set(reading.persons) < set(family)
    assert len(reading.persons) == 2


def test_pages_then_changes(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """A download in pages has everybody once; later only who changed is sent, and who has gone is named."""
    first = phone.pull(rows=2)["roster"]
    assert (first["more"], len(rows_of(first))) == (True, 2)
    second = phone.pull(first["cursor"], rows=2)["roster"]
    assert (second["more"], second["full"]) == (False, True)
    assert sorted([*rows_of(first), *rows_of(second)]) == family
    nothing = phone.pull(second["cursor"])["roster"]
    assert (rows_of(nothing), nothing["full"]) == ({}, False)
    recorded(opened, clock, "crossed", "p1", leave="place:town", enter="place:gate", gate="gate", list="l1", row=1)
    recorded(opened, clock, "withdrew", "p2", leave="place:town", enter="end:withdrawn", why="declined")
    soon = phone.pull(nothing["cursor"])["roster"]
    assert rows_of(soon) == {}, "phones share one making of the roster for a while"
    clock.pass_seconds(ROSTER_SECONDS)
    later = phone.pull(soon["cursor"])["roster"]
    assert {person: row["account"] for person, row in rows_of(later).items()} == {"p1": "place:gate"}
    assert (later["gone"], later["persons"]) == (["p2"], 2)


def test_a_restart_costs_no_download(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """Headquarters started again sends a phone what has changed since, whatever its roster's numbers were."""
    cursor = phone.pull()["roster"]["cursor"]
    generation = phone.pull(cursor)["roster"]["generation"]
    from corridor.hq.exchange import pulling  # noqa: PLC0415 - the settings are not ready before

    for turn in range(3):
        pulling._rosters.clear()
        phone.token = None
        assert rows_of(phone.pull(cursor)["roster"]) == {}, "nothing has changed"
        if turn == 0:
            recorded(opened, clock, "crossed", "p1", leave="place:town", enter="place:gate", gate="gate")
        if turn == 1:
            recorded(opened, clock, "withdrew", "p2", leave="place:town", enter="end:withdrawn", why="declined")
        clock.pass_seconds(ROSTER_SECONDS)
        pulling._rosters.clear()
        roster = phone.pull(cursor)["roster"]
        assert (roster["full"], roster["generation"]) == (False, generation)
        assert (list(rows_of(roster)), roster["gone"]) == ((["p1"], []), ([], ["p2"]), ([], []))[turn]
        cursor = roster["cursor"]


def test_many_steps_are_put_together(
    opened: OpenOperation, clock: Clock, family: list[str], phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps do not pile up from start to start; two that wrote at once are thrown away, and phones begin anew."""
    from corridor.hq.exchange import pulling, roster_steps  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.models import RosterStep  # noqa: PLC0415

    monkeypatch.setattr(roster_steps, "STEPS_MAX", 2)
    roster = phone.pull()["roster"]
    for place in ("gate", "town", "gate", "town"):
        leave = "town" if place == "gate" else "gate"
        recorded(opened, clock, "crossed", "p1", leave=f"place:{leave}", enter=f"place:{place}", gate="gate")
        clock.pass_seconds(ROSTER_SECONDS)
        roster = phone.pull(roster["cursor"])["roster"]
    assert RosterStep.objects.count() == 5
    pulling._rosters.clear()
    assert phone.pull(roster["cursor"])["roster"]["full"] is False
    assert RosterStep.objects.count() == 1
    step = RosterStep.objects.get()
    RosterStep.objects.create(place=step.place, packed=step.packed)
    pulling._rosters.clear()
    assert phone.pull(roster["cursor"])["roster"]["full"] is True


def test_colour_changes_with_time(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """What time changes is sent without anybody recording anything: a listing that is over."""
    until = clock.at + HOUR_MS
    recorded(opened, clock, "listed", "p2", list="l1", row=2, reason="same number", valid_until=until)
    told = phone.pull()["roster"]
    assert (rows_of(told)["p2"]["colour"], rows_of(told)["p2"]["until"]) == ("cleared", until)
    clock.pass_seconds(3_601)
    later = rows_of(phone.exchange() and phone.pull(told["cursor"])["roster"])
    assert (later["p2"]["colour"], later["p2"]["why"]) == ("not", "expired")


@pytest.mark.parametrize("cursor", ["", "elsewhere.5", "elsewhere.5f", "….1", "x" * 200])
def test_strange_cursor_begins_anew(
    opened: OpenOperation, clock: Clock, family: list[str], phone: Phone, cursor: str
) -> None:
    """A cursor of before a restart, or of nowhere, gets a full roster."""
    roster = phone.pull(cursor)["roster"]
    assert roster["full"]
    assert sorted(rows_of(roster)) == family


def test_roster_needs_a_fresh_token(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """A request that was recorded and is sent again gets no roster; nor does one with an old or another's token."""
    phone.exchange()
    raw, _nonce = phone.request(roster=RosterWanted(None, 10))
    assert b'"columns"' in phone.post(raw).content
    again = phone.post(raw).content
    assert b'"token_needed"' in again
    assert b'"columns"' not in again
    phone.exchange()
    clock.pass_seconds(601)
    late = phone.exchange(roster=RosterWanted(None, 10))
    assert (late["refusal"]["code"], late["roster"]) == ("token_needed", None)
    other = Phone("gate-2")
    other.enrol()
    other.exchange()
    phone.token = other.token
    assert phone.exchange(roster=RosterWanted(None, 10))["roster"] is None


def test_instructions_are_sent_once(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """A phone that has the instructions hears them again only when something has changed: a movement near it."""
    told = phone.pull()["instructions"]
    assert [one["id"] for one in told["places"]] == ["town", "gate", "camp", "home"]
    wanted = RosterWanted(None, 10)
    assert phone.exchange(roster=wanted, instructions=told["digest"])["instructions"] is None
    vehicles = [{"vehicle": "bus-1", "seats": 45, "stretchers": 0, "wheelchairs": 0}]
    recorded(opened, clock, "movement_planned", movement="c1", leg="gate-camp", name="Convoy 1", vehicles=vehicles)
    recorded(opened, clock, "planned_aboard", "p1", movement="c1", vehicle="bus-1", place_type="seat")
    recorded(opened, clock, "movement_planned", movement="f1", leg="camp-home", name="Flight", vehicles=[])
    clock.pass_seconds(ROSTER_SECONDS)
    answer = phone.exchange(roster=wanted, instructions=told["digest"])
    movements = answer["instructions"]["movements"]
    assert [(one["id"], one["status"], one["planned"]) for one in movements] == [("c1", "planned", 1)]
    assert movements[0]["vehicles"] == [{"id": "bus-1", "seats": 45, "type": None}]
    one = rows_of(answer["roster"])["p1"]
    assert (one["movement"], one["vehicle"]) == ("c1", "bus-1")


def test_medic_sees_holds_and_no_clearance(opened: OpenOperation, clock: Clock, family: list[str]) -> None:
    """A role gets the columns that it may read at headquarters, and no others."""
    phone = Phone("medic-1", user="mark")
    phone.enrol()
    rows = rows_of(phone.pull()["roster"])
    assert {one["colour"] for person, one in rows.items() if person != "p3"} == {"none"}
    assert rows["p1"]["by"] == []
    assert rows["p1"]["documents"] is None
    assert rows["p3"]["colour"] == "hold"


def test_forgotten_person_is_nameless(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """Whoever is forgotten loses names and documents on every phone with its next exchange."""
    before = phone.pull()["roster"]
    opened.identities.forget(PersonId("p1"))
    recorded(opened, clock, "forgotten", "p1", why="asked")
    clock.pass_seconds(ROSTER_SECONDS)
    row = rows_of(phone.pull(before["cursor"])["roster"])["p1"]
    assert (row["names"], row["birth_year"], row["documents"]) == ([], None, [])


def test_device_of_no_place_gets_who_is_on_the_road(opened: OpenOperation, clock: Clock, family: list[str]) -> None:
    """A phone that travels has everybody but those whose road has ended."""
    recorded(
        opened, clock, "received", "p9", leave="place:home", enter="end:received", custodian="ministry", place="home"
    )
    phone = Phone("bus-1", user="alice", place="")
    phone.enrol()
    assert sorted(rows_of(phone.pull()["roster"])) == family


@pytest.fixture
def merged(opened: OpenOperation, clock: Clock, family: list[str]) -> Iterator[None]:
    """p2 turned out to be p1."""
    recorded(opened, clock, "merged", "p1", "p2", kept="p1", dropped="p2", why="same passport")
    return


def test_merged_id_is_known(opened: OpenOperation, clock: Clock, merged: None, phone: Phone) -> None:
    """An older code of somebody whose ids were merged is found by the id kept."""
    rows = rows_of(phone.pull()["roster"])
    assert sorted(rows) == ["p1", "p3"]
    assert rows["p1"]["also"] == ["p2"]


def test_lost_card_is_revoked(opened: OpenOperation, clock: Clock, family: list[str], phone: Phone) -> None:
    """The register desk revokes what was printed for somebody; phones hear from which second on a code is good, and a
    card printed afterwards has one."""
    from django.test import Client  # noqa: PLC0415
    from tests.hq.desks.conftest import posted  # noqa: PLC0415

    from corridor.hq.desks.register.cards import signed_code  # noqa: PLC0415
    from corridor.hq.models import User  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415

    def printed() -> Wristband:
        text = signed_code(served().board_now(), PersonId("p1"))
        band = read_wristband(phone.headquarters_key, "small-road", text)
        assert isinstance(band, Wristband)
        assert served().read_code(text) == "p1", "the desks read it too"
        return band

    before = printed()
    assert rows_of(phone.pull()["roster"])["p1"]["codes_from"] is None
    duty = Client()
    duty.force_login(User.objects.get(name="alice"))
    page = posted(duty, "/register/p1/", {"does": "codes", "codes-why": "lost at the gate"})
    assert page.status_code == 302, page.content
    clock.pass_seconds(ROSTER_SECONDS)
    good_from = rows_of(phone.pull()["roster"])["p1"]["codes_from"]
    assert before.printed < good_from <= printed().printed
