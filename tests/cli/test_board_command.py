"""The shell tells the published figures of the replay, and the story around them."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Run

from corridor.journey.board.board import ADDENDS, FIGURES

MORNING = "2023-11-17 05:00 UTC"


def figures(run: Run, operation: str, at: str, *more: str) -> dict[str, int]:
    """The figures of a board by code."""
    ran = run("board", "--operation", operation, "--at", at, "--json", *more)
    assert ran.code == 0, ran.err
    return {figure["code"]: figure["value"] for figure in ran.json["figures"]}


def test_morning_of_17_november(run: Run, gaza: str) -> None:
    """328 had left = 288 received + 28 at the Cairo headquarters + 12 on the road, and 887 applications were open."""
    seen = figures(run, gaza, MORNING)
    parts = ("out", "received", "staging", "on_the_way", "applications_open")
    assert [seen[code] for code in parts] == [328, 288, 28, 12, 887]


@pytest.mark.parametrize(
    ("at", "received"), [("2023-11-14 06:00 UTC", 70), ("2023-12-19", 1_124), ("2023-12-30", 1_157)]
)
def test_received_at_published_times(run: Run, gaza: str, at: str, received: int) -> None:
    """The number received is the published one on the first morning, at the end, and after the extra flight."""
    assert figures(run, gaza, at)["received"] == received


@pytest.mark.parametrize("at", ["2023-11-10", "2023-11-14 15:00 UTC", MORNING, "2023-12-03 14:00 UTC", "2023-12-31"])
def test_figures_add_up(run: Run, gaza: str, at: str) -> None:
    """The addends make up the registered; so do accounts, citizenships and stages."""
    answer = run("board", "--operation", gaza, "--at", at, "--json").json
    seen = {figure["code"]: figure["value"] for figure in answer["figures"]}
    assert tuple(seen) == FIGURES
    for counted in (answer["by_account"], answer["by_citizenship"], answer["by_stage"]):
        assert sum(counted.values()) == seen["registered"]
    assert sum(seen[code] for code in ADDENDS) == seen["registered"]


def test_children_and_citizenships_of_the_received(run: Run, gaza: str) -> None:
    """Of the 1,124 received 518 were children, as published."""
    people = run("board", "--operation", gaza, "--at", "2023-12-19", "--people", "received_children").out.split()
    assert len(set(people)) == 518


def test_first_reports_of_14_november(run: Run, gaza: str) -> None:
    """At night: 70 received, 98 in the air, 41 crossed where 40 = 37 + 3 was told; 78 expected, no departure time."""
    at = "2023-11-14 22:30 UTC"
    answer = run("board", "--operation", gaza, "--at", at, "--json").json
    seen = {figure["code"]: figure["value"] for figure in answer["figures"]}
    assert (seen["received"], seen["out"]) == (70, 70 + 98 + 41)
    assert [ride["aboard"] for ride in answer["movements"] if ride["mode"] == "air"] == [98]
    told = {(claim["code"], claim["value"]): claim for claim in answer["claims"]}
    assert told["crossed_day", 40]["own"] == 41
    assert told["crossed_day", 40]["difference"] == -1
    assert ("crossed_citizens_day", 37) in told
    assert ("crossed_relatives_day", 3) in told
    assert told["partner_expected", 78]["certainty"] == "expected"
    assert told["partner_expected", 78]["own"] is None
    assert ("next_departure", None) in told
    assert [ride["departs_at"] for ride in answer["next_departures"]] == [None]
    text = run("board", "--operation", gaza, "--at", at).out
    assert "time not known" in text
    assert "differs by -1" in text


def test_second_group_is_in_cairo_before_it_flies(run: Run, gaza: str) -> None:
    """On the morning of 14 November the 98 are at the Cairo headquarters."""
    assert figures(run, gaza, "2023-11-14 06:00 UTC")["staging"] == 98


def test_both_sides_of_a_disagreement_are_kept(run: Run, gaza: str) -> None:
    """40 and 41, 88 and 107, 883 beside our 881: every claim stands, and says how far it is from our own figure."""
    answer = run("sitrep", "--operation", gaza, "--at", "2023-12-31", "--since", "2023-11-01", "--json").json
    claims = {(claim["code"], claim["value"]): claim for claim in answer["claims"]}
    assert claims["crossed_day", 40]["difference"] == -1
    assert claims["crossed_day", 41]["agrees"]
    assert claims["crossed_day", 88]["difference"] == -19
    assert claims["crossed_day", 107]["agrees"]
    assert claims["received", 883]["own"] == 881
    assert claims["received", 883]["difference"] == 2


def test_what_was_known_then_can_be_asked_again(run: Run, gaza: str) -> None:
    """By what was known on 12 November nobody had been received, whatever the moment asked about."""
    assert figures(run, gaza, "2023-12-19", "--known", "2023-11-12")["received"] == 0


def test_every_figure_opens_into_people(run: Run, gaza: str) -> None:
    """A figure lists exactly as many people as it says, and each of them has a timeline."""
    people = run("board", "--operation", gaza, "--at", MORNING, "--people", "staging").out.split()
    assert len(set(people)) == 28
    ran = run("person", people[0], "--operation", gaza, "--at", MORNING)
    assert ran.code == 0
    assert "place:cairo" in ran.out
    assert "Crossed at" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("board", "--operation", "atlantis"), 1, "There is no operation 'atlantis'"),
        (("board", "--operation", "gaza-2023", "--people", "heroes"), 2, "no figure"),
        (("board", "--operation", "gaza-2023", "--at", "yesterday"), 2, "is not a time"),
        (("board",), 2, "--operation"),
        (("sitrep", "--operation", "gaza-2023", "--at", "2023-11-17", "--since", "2023-11-18"), 2, "--since is after"),
        (("person", "nobody", "--operation", "gaza-2023"), 1, "not in the book"),
        (("load", "atlantis"), 1, "There is no operation 'atlantis'"),
        (("verify",), 2, "Name what to verify"),
    ],
)
def test_errors_say_what_is_wrong(run: Run, gaza: str, arguments: tuple[str, ...], code: int, says: str) -> None:
    """A mistake gives one clear sentence on standard error and its exit code, never a stack of calls."""
    ran = run(*arguments)
    assert ran.code == code
    assert says in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
