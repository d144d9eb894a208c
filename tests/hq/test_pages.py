"""The pages show what the board says, at the two clocks of their address, to those who may see it."""

from __future__ import annotations

import html
import re

import pytest
from tests.hq.conftest import OpenRoad, Visit

NOON = "at=2030-05-02T12:00Z"
EVENING = "at=2030-05-02T20:00Z"


def term(text: str, code: str) -> int:
    """The number that the figures row shows for a figure."""
    found = re.search(rf'class="term {code}".*?class="number">([\d,]+)<', text, re.DOTALL)
    assert found, f"no {code} on the page"
    return int(found[1].replace(",", ""))


def rows(text: str) -> list[str]:
    """The people a list shows, by the addresses of their pages."""
    return re.findall(r'<th scope="row"><a href="/people/([^/]+)/', text)


def test_first_page_says_the_sum(visit: Visit) -> None:
    """What is out is the sum of its terms, on the page as on the board."""
    page = visit("alice", f"/?{EVENING}&known=now").text
    assert [term(page, code) for code in ("out", "received", "staging", "on_the_way")] == [3, 1, 1, 1]
    assert term(page, "applications_open") == 2


@pytest.mark.parametrize("figure", ["registered", "out", "received", "staging", "on_the_way", "applications_open"])
@pytest.mark.parametrize("known", ["now", "then", "2030-05-02T10:00Z"])
def test_figure_opens_into_as_many_people(visit: Visit, figure: str, known: str) -> None:
    """A number and the list behind it are the same set, whatever the clocks say (law 8)."""
    page = visit("alice", f"/?{EVENING}&known={known}").text
    link = re.search(rf'href="(/people/\?figure={figure}&amp;[^"]*)"', page)
    assert link
    opened = visit("alice", html.unescape(link[1]))
    assert opened.status == 200
    assert len(rows(opened.text)) == term(page, figure) == opened.context["count"]


def test_known_then_leaves_out_what_came_later(visit: Visit) -> None:
    """The sighting of 09:10 was received at 21:00: in camp as known now, at the gate as known then."""
    assert rows(visit("alice", f"/people/?place=camp&{NOON}&known=now").text) == ["camp-1", "home-1"]
    assert rows(visit("alice", f"/people/?place=camp&{NOON}&known=then").text) == ["home-1"]
    assert rows(visit("alice", f"/people/?place=gate&{NOON}&known=then").text) == ["camp-1"]


def test_people_aboard_and_planned(visit: Visit) -> None:
    """A movement opens into who is aboard; a movement nobody has heard of at that time is not found."""
    assert rows(visit("alice", f"/people/?movement=bus&{NOON}").text) == ["bus-1"]
    assert rows(visit("alice", f"/people/?planned=bus&{NOON}").text) == []
    assert visit("alice", "/people/?movement=bus&at=2030-05-02T07:00Z").status == 404


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/people/?figure=nonsense", "There is no such figure."),
        ("/people/?figure=out&among=nonsense", "There is no such figure."),
        ("/people/?place=atlantis", "This operation has no such place."),
        ("/people/nobody-9/", "Nobody with this number is in the book at this time."),
        ("/people/bus-1/?at=2030-05-01T00:00Z", "Nobody with this number is in the book at this time."),
    ],
)
def test_what_is_not_there_is_said(visit: Visit, address: str, says: str) -> None:
    """A page that cannot be is answered with a sentence."""
    answer = visit("alice", address)
    assert answer.status == 404
    assert says in answer.text


@pytest.mark.parametrize("clocks", ["at=nonsense", "known=sometimes", "hour=x", "at_local=7", "known=2030-13-01"])
def test_clocks_that_cannot_be_read_are_named(visit: Visit, clocks: str) -> None:
    """A wrong time is refused by name, never guessed."""
    for page in ("/", "/people/", "/people/home-1/", "/claims/"):
        answer = visit("alice", f"{page}?{clocks}")
        assert answer.status == 400
        assert clocks.split("=")[0] in answer.text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("hour=529284&known=now", "at=2030-05-19T12:00Z&known=now"),
        ("hour=529284&known=then", "at=2030-05-19T12:00Z&known=then"),
        ("at_local=2030-05-02T15:00&known=now", "at=2030-05-02T12:00Z&known=now"),
        ("at=2030-05-02T12:00Z&known=at&known_local=2030-05-02T13:30", "at=2030-05-02T12:00Z&known=2030-05-02T10:30Z"),
    ],
)
def test_form_without_scripts_ends_at_an_address_to_keep(visit: Visit, sent: str, kept: str) -> None:
    """The form's fields become the two clocks; local times are those of the operation's zone."""
    answer = visit("alice", f"/?{sent}")
    assert (answer.status, answer.headers["Location"]) == (302, f"/?{kept}")


def test_fragment_is_the_same_picture_without_the_frame(visit: Visit) -> None:
    """The script gets what the clocks move, word for word as in the whole page."""
    whole = visit("alice", f"/?{NOON}").text
    part = visit("alice", f"/?{NOON}", **{"X-Fragment": "picture"})
    assert "<html" not in part.text
    assert part.text.strip() in whole
    assert "X-Fragment" in part.headers["Vary"]


def test_timeline_tells_both_times_and_what_is_odd(road: OpenRoad, visit: Visit) -> None:
    """Late records are marked, a step nobody recorded is marked, one that was taken back is struck."""
    late = visit("alice", f"/people/camp-1/?{EVENING}&known=now").text
    assert re.search(r'<tr class="late">.*?2 May 2030, 12:10.*?3 May 2030, 00:00', late, re.DOTALL)
    road.add("sighted", "2030-05-02T18:00Z", "town-1", source="place:gate", target="place:camp")
    page = visit("alice", f"/people/town-1/?{EVENING}&known=now").text
    assert re.search(r'<tr class="inferred">.*?Town → Gate', page, re.DOTALL)
    road.add("corrected", "2030-05-02T19:00Z", of=f"hq/1/{len(road.raw)}", why="another person")
    page = visit("alice", f"/people/town-1/?{EVENING}&known=now").text
    assert re.search(r'<tr class="voided">.*?<s>Seen\.</s>', page, re.DOTALL)
    assert 'class="inferred"' not in page


def test_empty_book_says_what_to_do(visit: Visit) -> None:
    """Before the first record every page still answers."""
    page = visit("alice", "/?at=2030-05-01T00:00Z").text
    assert term(page, "registered") == 0
    assert "Next departure: not known." in page
    assert "Nobody is counted here at this time." in visit("alice", "/people/?at=2030-05-01T00:00Z").text


def test_departure_time_is_not_known_until_somebody_says(road: OpenRoad, visit: Visit) -> None:
    """A planned movement without a time is told as such."""
    road.add("movement_planned", "2030-05-02T18:00Z", movement="flight", leg="camp-home", name="Flight 1", vehicles=[])
    page = visit("alice", f"/?{EVENING}").text
    assert re.search(r"Flight 1</bdi></th>\s*<td data-name=\"Leaves\">not known</td>", page)
    road.add("movement_changed", "2030-05-02T19:00Z", movement="flight", departs_at=1904000400000)
    page = visit("alice", f"/?{EVENING}").text
    assert re.search(r"Flight 1</bdi></th>\s*<td data-name=\"Leaves\"><time", page)


def test_claims_stand_beside_our_own_figures(road: OpenRoad, visit: Visit) -> None:
    """A claim has its source, our figure of the time it speaks of and the difference."""
    said = {"at": 1903960800000, "said_by": "Agency", "certainty": "certain", "definition": "people out"}
    road.add("claimed", "2030-05-02T13:00Z", code="out", value=5, **said)
    page = visit("alice", f"/?{EVENING}").text
    assert re.search(r'data-name="Claimed">5</td>.*?figure=out[^>]*>3</a>.*?\+2</td>', page, re.DOTALL)
    assert "Agency" in visit("alice", f"/claims/?{EVENING}").text
    assert "Agency" not in visit("alice", f"/claims/?{NOON}").text


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("agency, https://example.org/a?b=1; page 2", "https://example.org/a?b=1"),
        ("javascript:alert(1)", ""),
        ("told by telephone", ""),
    ],
)
def test_source_is_linked_when_it_is_an_address_of_the_web(django: None, source: str, address: str) -> None:
    """The first address of a source can be opened; a script or plain words cannot."""
    from corridor.hq.pages.published import source_address  # noqa: PLC0415

    assert source_address(source) == address


def test_pages_of_a_long_list(road: OpenRoad, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long list comes in pages that together hold everybody once."""
    from corridor.hq.pages import people  # noqa: PLC0415

    monkeypatch.setattr(people, "PEOPLE_PER_PAGE", 2)
    pages = [rows(visit("alice", f"/people/?figure=registered&{EVENING}&page={page}").text) for page in (1, 2, 3, 99)]
    assert [len(page) for page in pages] == [2, 2, 1, 1]
    assert sorted(pages[0] + pages[1] + pages[2]) == ["bus-1", "camp-1", "guest-1", "home-1", "town-1"]


@pytest.mark.parametrize(("language", "direction", "says"), [("ru", "ltr", "Коридор"), ("ar", "rtl", "الممر")])
def test_pages_in_other_languages(visit: Visit, language: str, direction: str, says: str) -> None:
    """Russian and Arabic pages say so, Arabic from right to left."""
    page = visit("alice", f"/?{NOON}", **{"Accept-Language": language}).text
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert says in page


def test_figures_open_for_who_may_read_people(visit: Visit) -> None:
    """The press officer's figures are no links, since nobody's page would open; the duty officer's are."""
    asked = [f"/?{EVENING}", f"/claims/?{EVENING}"]
    pages = {who: "".join(visit(who, one).text for one in asked) for who in ("alice", "petra")}
    assert "/people/" in pages["alice"] and "/people/" not in pages["petra"]


@pytest.mark.parametrize(
    "address",
    ["/claims/?most={}", "/people/?page={}", "/?at_local={}", "/claims/?at={}", "/held-back/?hour={}", "/?known={}"],
)
@pytest.mark.parametrize("text", ["9" * 5_000, "²", "-1", "0001-01-01T00:00", "9999-12-31T23:59", "1969-12-31"])
def test_an_address_with_any_number_has_an_answer(visit: Visit, address: str, text: str) -> None:
    """A number that is none, or larger than any, and a time that no place has: a page, or what cannot be read."""
    assert visit("alice", address.format(text)).status in (200, 400)
