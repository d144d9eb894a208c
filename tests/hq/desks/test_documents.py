"""The documents desk: permits by their clock, who lacks what, papers drawn up, issued and voided, receipts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hq.desks.conftest import SignIn, posted

from corridor.base.ids import MovementId, PersonId, UserId
from corridor.base.moments import HOUR_MS
from corridor.journey.board.board import Board
from corridor.journey.board.papers import lacks
from corridor.journey.documents.state import DocumentState, permit_clock
from corridor.ledger.accounts import place_account
from corridor.opening import OpenOperation


def board() -> Board:
    """The board as it is now."""
    from corridor.hq.served import served  # noqa: PLC0415

    return served().board_now()


def prepared() -> Any:
    """What the desk works from; its settings are not ready before a test begins."""
    from corridor.hq.desks.documents import papers  # noqa: PLC0415

    return papers


def papers_of(person: PersonId) -> DocumentState:
    """A person's documents as the book has them."""
    return board().everybody.documents.get(person, DocumentState())


def in_cairo() -> PersonId:
    """Somebody in Cairo with a permit that runs and a passport."""
    register = board().everybody.register
    here = sorted(board().view.people(place_account(board().operation.places_of("staging")[0].id)))
    return next(
        one
        for one in here
        if any(paper.type == "passport" for paper in papers_of(one).papers) and register[one].is_adult
    )


def without_papers() -> PersonId:
    """Somebody at home whose passport is missing and who has nothing else."""
    return next(
        one for one in sorted(board().people("applications_open"))
        if "passport" in papers_of(one).missing and not papers_of(one).papers
    )  # fmt: skip


def test_permits_are_soonest_first_and_each_open_stay_once(as_role: SignIn) -> None:
    """The page counts what the cases are; the clock of each is that of the stage."""
    page = as_role("consul").get("/documents/").content.decode()
    cases = prepared().permit_cases(board().everybody)
    assert len(cases) == 138 and [one.stay.ends_at for one in cases] == sorted(one.stay.ends_at for one in cases)
    for case in cases:
        clock = permit_clock(papers_of(case.person), case.stay.permit, board().at)
        assert case.clock == clock and case.leg == prepared().leg_of(board().everybody, case.person)
    assert cases[0].person in page and "h " in page and f"{len(cases)} permits are open" in page


@pytest.mark.parametrize(
    ("minutes", "standing"),
    [(-1, "over"), (0, "over"), (1, "late"), (359, "late"), (360, "soon"), (1439, "soon"), (1440, "fresh")],
)
def test_how_urgent_a_permit_is(django: None, minutes: int, standing: str) -> None:
    """Over at the minute it ends; under six hours late, under a day soon."""
    from corridor.hq.desks.documents.cases import standing_of  # noqa: PLC0415

    assert standing_of(minutes) == standing


def test_the_picture_counts_every_permit_once(as_role: SignIn) -> None:
    """Now, and when all have run out: the bars always add up, and the first one holds those over."""
    from corridor.hq.desks.documents.cases import bars  # noqa: PLC0415

    as_role("consul")
    cases = prepared().permit_cases(board().everybody)
    assert sum(bar.number for bar in bars(cases, board().at)) == len(cases)
    later = bars(cases, board().at + 80 * HOUR_MS)
    assert later[0].number == len(cases) and later[0].standing == "over"


def test_who_lacks_what(as_role: SignIn) -> None:
    """Whoever is listed has nothing of what the rule asks for; who has it is not listed."""
    client = as_role("consul")
    person, leg = without_papers(), board().operation.paper_rules[0].for_leg
    assert [one.why for one in lacks(board().everybody, person, leg)] == ["none"]
    assert lacks(board().everybody, in_cairo(), leg) == ()
    found: list[str] = []
    for page in range(1, 9):
        found.append(client.get(f"/documents/lacking/?whom=all&page={page}").content.decode())
    everywhere = "".join(found)
    assert person in everywhere and f'href="/documents/{in_cairo()}/"' not in everywhere


def test_a_paper_from_drawing_up_to_the_receipt(practice: OpenOperation, as_role: SignIn) -> None:
    """Draw up, issue, print, void: each stands in the book, and the second time of each is refused in words."""
    client, person = as_role("consul"), in_cairo()
    address = f"/documents/{person}/"
    drawn = posted(
        client, address, {"does": "draw_up", "draw_up-type": "return_certificate", "draw_up-valid_until": "2023-12-14"}
    )
    assert drawn.status_code == 302
    paper = papers_of(person).papers[-1]
    assert (paper.type, paper.standing) == ("return_certificate", "drawn_up")
    issue = {"does": "issue", "issue-which": paper.paper}
    assert posted(client, address, issue).status_code == 302
    assert papers_of(person).papers[-1].standing == "in_hand"
    again = posted(client, address, issue)
    assert again.status_code == 409 and "already in the person" in again.content.decode()
    for language in ("en", "ru", "ar"):
        client.cookies["language"] = language
        made = client.get(f"{address}receipt/?paper={paper.paper}")
        assert made.content.startswith(b"%PDF")
    client.cookies["language"] = "en"
    assert [one.why for one in practice.identities.reads(person)].count("receipt printed") == 3
    void = {"does": "void", "void-which": paper.paper, "void-why": "photograph missing"}
    assert posted(client, address, void).status_code == 302
    assert papers_of(person).papers[-1].standing == "void"
    twice = posted(client, address, void)
    assert twice.status_code == 409 and "is void" in twice.content.decode()


def test_nothing_in_hand_is_no_receipt(as_role: SignIn) -> None:
    """A receipt for nothing is not printed."""
    assert as_role("consul").get(f"/documents/{without_papers_of(as_role)}/receipt/").status_code == 400


def without_papers_of(as_role: SignIn) -> PersonId:
    """Somebody without papers, with the operation served."""
    as_role("auditor")
    return without_papers()


def test_two_citizens_vouch_for_who_has_no_photograph(as_role: SignIn) -> None:
    """Nothing and nobody: refused with the remedy; one citizen and a foreigner: refused; two citizens: drawn up."""
    client, person = as_role("consul"), without_papers_of(as_role)
    register = board().everybody.register
    own = [one for one in sorted(register) if "RUS" in register[one].citizenships and one != person][:2]
    other = next(one for one in sorted(register) if register[one].citizenships == ("PSE",))
    asked = {"does": "draw_up", "draw_up-type": "return_certificate"}
    for witnesses in ("", f"{own[0]}, {other}", f"{own[0]}, {person}"):
        refused = posted(client, f"/documents/{person}/", {**asked, "draw_up-witnesses": witnesses})
        assert refused.status_code == 409 and "two citizens who vouch" in refused.content.decode()
    drawn = posted(client, f"/documents/{person}/", {**asked, "draw_up-witnesses": ", ".join(own)})
    assert drawn.status_code == 302 and papers_of(person).papers[-1].standing == "drawn_up"
    event = board().view.events_of(person)[-1]
    assert (event.kind, event.body["witnesses"]) == ("paper_drawn_up", own)


def test_recorded_and_missing(as_role: SignIn) -> None:
    """A paper that is recorded is missing no more; one in hand cannot be reported missing."""
    client, person = as_role("consul"), without_papers_of(as_role)
    address = f"/documents/{person}/"
    record = {"does": "record", "record-type": "passport", "record-issuer": "RUS", "record-valid_until": "2030-01-01"}
    assert posted(client, address, record).status_code == 302
    assert "passport" not in papers_of(person).missing
    refused = posted(client, address, {"does": "missing", "missing-type": "passport"})
    assert refused.status_code == 409
    assert posted(client, address, {"does": "missing", "missing-type": "birth_certificate"}).status_code == 302
    assert "birth_certificate" in papers_of(person).missing


def test_permits_start_and_end(as_role: SignIn) -> None:
    """A running permit is not started twice; ended, it leaves the page; then it may start again."""
    client, person = as_role("consul"), in_cairo()
    address, start = f"/documents/{person}/", {"does": "start", "start-permit": "transit-72h"}
    refused = posted(client, address, start)
    assert refused.status_code == 409 and "already runs" in refused.content.decode()
    end = {"does": "end", "end-which": "transit-72h", "end-why": "extended"}
    assert posted(client, address, end).status_code == 302
    assert person not in {case.person for case in prepared().permit_cases(board().everybody)}
    twice = posted(client, address, end)
    assert twice.status_code == 409 and "not running" in twice.content.decode()
    assert posted(client, address, {**start, "start-starts_at": "2023-11-14T12:00"}).status_code == 302
    assert papers_of(person).stays[-1].ended_at is None


def test_papers_of_a_flight(practice: OpenOperation, as_role: SignIn) -> None:
    """Those ticked get a paper drawn up and then issued; who cannot is named with the reason; the list is printed."""
    from corridor.hq.desks.documents.batch import flights  # noqa: PLC0415

    client = as_role("consul")
    movement = flights(board())[0].movement
    here = sorted(board().view.people(place_account(board().operation.leg(flights(board())[0].leg).source)))  # type: ignore[arg-type]
    chosen = [one for one in here if any(paper.type == "passport" for paper in papers_of(one).papers)][:3]
    address = f"/documents/batch/?movement={movement}&type=laissez_passer"
    nobody = posted(client, address, {"does": "draw_up"})
    assert nobody.status_code == 409 and "Nobody is ticked" in nobody.content.decode()
    drawn = posted(client, address, {"does": "draw_up", "person": chosen, "valid_until": "2023-12-14"})
    assert drawn.status_code == 302, drawn.content.decode()[:2000]
    assert all(papers_of(one).papers[-1].standing == "drawn_up" for one in chosen)
    issued = posted(client, address, {"does": "issue", "person": chosen[:2]})
    assert issued.status_code == 302
    assert [papers_of(one).papers[-1].standing for one in chosen] == ["in_hand", "in_hand", "drawn_up"]
    for language in ("en", "ru", "ar"):
        client.cookies["language"] = language
        assert client.get(f"/documents/batch/print/?movement={movement}&type=laissez_passer").content.startswith(
            b"%PDF"
        )
    assert "list of papers printed" in {one.why for one in practice.identities.reads(chosen[0])}


def test_a_flight_with_people_planned_is_about_them(practice: OpenOperation, as_role: SignIn) -> None:
    """Once somebody is on the manifest the list is of those; one without papers and witnesses is refused by name."""
    from corridor.hq.desks.documents.batch import flights  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.journey.kinds import draft  # noqa: PLC0415
    from corridor.journey.move.events import PLANNED_ABOARD, PlannedAboard  # noqa: PLC0415

    client, person = as_role("consul"), without_papers_of(as_role)
    movement = MovementId(flights(board())[0].movement)
    body = PlannedAboard(movement=movement, place_type="seat")
    now = served().now()
    practice.writer.record([draft(PLANNED_ABOARD, body, at=now, by=UserId("test"), persons=(person,))], now)
    address = f"/documents/batch/?movement={movement}"
    assert person in client.get(address).content.decode()
    refused = posted(client, address, {"does": "draw_up", "person": [person, in_cairo()]})
    text = refused.content.decode()
    assert refused.status_code == 409 and person in text and "Nothing establishes who" in text


@pytest.mark.parametrize("role", ["list_officer", "gate_officer", "medic", "movement_officer", "press_officer"])
def test_other_roles_do_not_enter(as_role: SignIn, role: str) -> None:
    """No page of the desk answers to them."""
    person = without_papers_of(as_role)
    client = as_role(role)
    for page in ("", "lacking/", "batch/", "batch/print/", f"{person}/", f"{person}/receipt/"):
        assert client.get(f"/documents/{page}").status_code == 403, page


@pytest.mark.parametrize("role", ["duty_officer", "auditor"])
def test_who_reads_and_gives_no_order(practice: OpenOperation, as_role: SignIn, role: str) -> None:
    """The duty officer and the auditor see the page without forms, and an order sent all the same is refused."""
    person = without_papers_of(as_role)
    client, before = as_role(role), practice.store.count()
    page = client.get(f"/documents/{person}/").content.decode()
    assert "Draw up" not in page and "Start a permit" not in page
    fields: dict[str, Any] = {"token": "a-token-of-mine", "does": "missing", "missing-type": "other"}
    assert client.post(f"/documents/{person}/", fields).status_code == 409
    assert practice.store.count() == before
