"""`corridor forecast` answers when all are out, what a change buys, and keeps and scores its forecasts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

AT = "2023-12-16T06:00Z"
FEW = ("--runs", 40, "--engine", "pure")


def kept_file(home: Path) -> Path:
    """Where the shipped operation's forecasts are kept."""
    return home / "gaza-2023" / "forecasts.jsonl"


def test_forecast_of_the_board(run: Run, gaza: str, loaded_home: Path) -> None:
    """Ranges are in order, stages end one after the other, luck is the seed's, and the forecast is stored once."""
    first = run("forecast", "--operation", gaza, "--at", AT, *FEW, "--json")
    assert first.code == 0, first.err
    told = first.json
    assert told["persons"] == 87
    assert told["at"] <= told["all_out"]["p10"] <= told["all_out"]["p50"]
    clear = [told["stages"][name]["p50"] for name in ("gate", "transfer", "hall", "documents", "medical", "flight")]
    assert clear == sorted(clear)
    week, fortnight = told["home_within_days"]["7"], told["home_within_days"]["14"]
    assert 0 <= week["p10"] <= week["p50"] <= week["p90"]
    assert week["p90"] <= fortnight["p90"]
    assert {one["name"] for one in told["beliefs"]} >= {"gate_pace", "closing", "opening", "flights", "withdrawing"}
    assert told["score_card"]["all_out"]["matured"] == 0
    first, second = told["departures"][:2]
    assert first["leaves"]["p50"] <= second["leaves"]["p50"]
    assert 0 < first["aboard"]["p10"] <= first["aboard"]["p50"] <= first["aboard"]["p90"]
    assert "arrivals" not in told
    assert run("forecast", "--operation", gaza, "--at", AT, "--runs", 40, "--json").json == told  # not compiled: pure
    assert not (loaded_home / "gaza-2023" / "engine").exists()
    arrivals = run("forecast", "--operation", gaza, "--at", AT, *FEW, "--no-keep", "--arrivals", "--json").json[
        "arrivals"
    ]
    assert sum(len(party["persons"]) for party in arrivals) == told["persons"]
    assert {party["stands"] for party in arrivals} <= {"origin", "gate", "hall", "staging"}
    assert all(0 <= party["gives_up"] <= 1 for party in arrivals)
    lines = kept_file(loaded_home).read_text(encoding="utf-8").splitlines()
    assert sum(json.loads(line)["at"] == "2023-12-16T06:00:00Z" for line in lines) == 1


def test_stored_forecasts_are_scored(run: Run, gaza: str, loaded_home: Path) -> None:
    """After the end every stored forecast has matured; a row that is none is named and passed over."""
    run("forecast", "--operation", gaza, "--at", AT, *FEW, "--json")
    with kept_file(loaded_home).open("a", encoding="utf-8") as file:
        file.write('{"at": "yesterday"}\n')
    ran = run("forecast", "--operation", gaza, "--at", "2024-01-02T06:00Z", *FEW, "--no-keep", "--json")
    assert "This is no stored forecast. Remove the row." in ran.err
    card = ran.json["score_card"]
    assert card["all_out"]["matured"] == 1
    assert card["home_within_days"]["7"]["matured"] == 1
    assert ran.json["persons"] == 0


def test_changes_are_paired(run: Run, gaza: str, tmp_path: Path) -> None:
    """More flights end it no later and a closed crossing no sooner; a file of changes is read, remarks left out."""
    ask = ("forecast", "--operation", gaza, "--at", "2023-12-10T06:00Z", *FEW, "--json")
    flights = run(*ask, "--what-if", "flights_more=1").json["what_if"]
    assert flights["edits"] == {"flights_more": 1}
    assert flights["difference"]["hours_sooner_p50"] > 0
    assert flights["difference"]["hours_sooner_p10"] >= 0
    file = tmp_path / "closed.txt"
    file.write_text("# a closure\ngate_closed_days=5  # announced\n", encoding="utf-8")
    closed = run(*ask, "--what-if", file).json["what_if"]
    assert closed["difference"]["hours_sooner_p90"] <= 1
    assert closed["difference"]["hours_sooner_p10"] < -24
    assert run(*ask, "--what-if", "gate_percent=100").json["what_if"]["difference"]["hours_sooner_p50"] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--what-if", "planes=2"), "'planes' is nothing that can be changed. Write one of: gate_closed_days,"),
        (("--what-if", "beds=many"), "'beds=many' has no whole number. Write it like beds=2."),
        (("--what-if", "none.txt"), "none.txt cannot be read"),
        (("--belief", "gate_pace.mean=2"), "has no number that can be, or no reason."),
        (("--belief", "luck=2:so"), "'luck' is no belief. Write one of: gate_pace.mean,"),
    ],
)
def test_what_cannot_be_asked(run: Run, gaza: str, arguments: tuple[str, ...], says: str) -> None:
    """What cannot be changed or believed is refused with what can; exit code 2."""
    ran = run("forecast", "--operation", gaza, "--at", AT, *arguments)
    assert ran.code == 2
    assert says in ran.err


def test_a_belief_by_hand_is_shown(run: Run, gaza: str, loaded_home: Path) -> None:
    """A prior set by hand changes the belief, is shown with its reason, and its forecast is not stored."""
    before = kept_file(loaded_home).read_text(encoding="utf-8") if kept_file(loaded_home).exists() else ""
    ask = ("forecast", "--operation", gaza, "--at", "2023-12-12T06:00Z", *FEW)
    ran = run(*ask, "--belief", "flights.cases=9:two aircraft stand ready")
    assert "departures home per day; " in ran.out
    assert "by hand: two aircraft stand ready" in ran.out
    after = kept_file(loaded_home).read_text(encoding="utf-8") if kept_file(loaded_home).exists() else ""
    assert after == before


def test_days_of_an_operation(run: Run, gaza: str) -> None:
    """Every twentieth day is forecast from what was known then, and scored by what happened."""
    told = run(
        "forecast", "backtest", "--operation", gaza, "--every", 20, "--runs", 40, "--engine", "pure", "--json"
    ).json
    assert told["all_out"][:10] == "2023-12-29"
    assert [row["at"][:10] for row in told["days"]] == ["2023-11-12", "2023-12-02", "2023-12-22"]
    assert told["days"][0]["home_within_days"]["7"]["happened"] == 408
    assert told["score_card"]["all_out"]["matured"] == 3
