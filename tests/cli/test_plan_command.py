"""`corridor plan`: generated, solved, checked, explained; what is wrong is told with file and path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from corridor.plan.reading import read_plan


@pytest.fixture
def problem(run: Run, tmp_path: Path) -> Path:
    """The file of a small generated problem."""
    file = tmp_path / "problem.json"
    assert run("plan", "generate", "--people", 120, "--seed", 4, "--escorts", "scarce", "-o", file).code == 0
    return file


def test_generate_is_the_same_again(run: Run, problem: Path) -> None:
    """To the screen or to a file, the same arguments give the same problem."""
    arguments = ("plan", "generate", "--people", 120, "--seed", 4, "--escorts", "scarce")
    assert run(*arguments).out == problem.read_text()


@pytest.mark.parametrize("by", ["first_come", "priority", "solver"])
def test_solve_and_check(run: Run, problem: Path, tmp_path: Path, by: str) -> None:
    """A plan is written with value, bound and gap as told, and the checker finds nothing against it."""
    file = tmp_path / "plan.json"
    ran = run("plan", "solve", problem, "--by", by, "--seconds", 2, "-o", file, "--json")
    plan = read_plan(file.read_bytes())
    assert not isinstance(plan, tuple)
    assert (ran.code, ran.json["value"], ran.json["bound"]) == (0, plan.value, plan.bound)
    tree = json.loads(file.read_text())
    assert {"value", "bound", "gap"} <= set(tree)
    if by == "solver":
        assert plan.bound is not None and plan.gap is not None and 0 <= plan.gap < 1
    checked = run("plan", "check", problem, file)
    assert (checked.code, checked.out) == (0, f"Feasible, and worth {plan.value:,.1f} as it says.\n")


def test_check_names_what_is_broken(run: Run, problem: Path, tmp_path: Path) -> None:
    """A plan that says a better value than it is worth is told, with exit code 1."""
    file = tmp_path / "plan.json"
    run("plan", "solve", problem, "--by", "priority", "-o", file)
    tree = json.loads(file.read_text())
    file.write_text(json.dumps({**tree, "value": 1.0}))
    ran = run("plan", "check", problem, file)
    assert ran.code == 1
    assert ran.out.startswith("value generated-120-4-tight-scarce: It says 1.0 and is worth ")
    assert ran.out.endswith("1 rules broken.\n")


def test_explain(run: Run, problem: Path, tmp_path: Path) -> None:
    """The answer is one sentence, for a machine with the changes by path; who is not there is refused."""
    file = tmp_path / "plan.json"
    run("plan", "solve", problem, "--by", "priority", "-o", file)
    plan = read_plan(file.read_bytes())
    assert not isinstance(plan, tuple)
    flown = next(way for way in plan.ways if way.flight is not None)
    said = run("plan", "explain", problem, file, flown.party)
    assert said.out.startswith(f"{flown.party} is on {flown.flight}, which leaves at ")
    told = run("plan", "explain", problem, file, flown.party, "--flight", "flight-1", "--json").json
    assert set(told) == {"party", "reason", "says", "flight", "costs_more", "relaxations"}
    assert run("plan", "explain", problem, file, "nobody").err == (
        "corridor: There is no party nobody. Name one of the problem's parties.\n"
    )
    refused = run("plan", "explain", problem, file, flown.party, "--flight", "flight-99")
    assert (refused.code, refused.err) == (
        1,
        "corridor: There is no flight flight-99. Name one of the problem's flights.\n",
    )


def test_faults_are_told_with_file_and_path(run: Run, problem: Path, tmp_path: Path) -> None:
    """A wrong value, an unknown place and a file that is not there are each told with what to do."""
    tree = json.loads(problem.read_text())
    tree["parties"][3]["place"] = "moon"
    problem.write_text(json.dumps(tree))
    ran = run("plan", "solve", problem)
    assert (ran.code, ran.err.splitlines()[0].startswith(f"corridor: {problem} $.parties[3].place: ")) == (1, True)
    ran = run("plan", "solve", tmp_path / "none.json")
    assert ran.code == 2
    assert "cannot be read" in ran.err
    assert run("plan", "solve", problem, "--seconds", "soon").code == 2
    assert run("plan", "generate", "--people", "-5").code == 2


def test_a_place_that_cannot_be_written_is_told_before_the_work(run: Run, problem: Path, tmp_path: Path) -> None:
    """An hour of planning is not lost to a folder that is not there: the path and what to do come first."""
    for out in (tmp_path / "nowhere" / "plan.json", tmp_path):
        ran = run("plan", "solve", problem, "--seconds", 600, "-o", out)
        assert ran.code == 2
        assert f"{out} cannot be written" in ran.err and "give another path" in ran.err
        assert "value" not in ran.err
    ran = run("plan", "generate", "--people", 20, "--seed", "one")
    assert ran.code == 2 and "'one' is not a seed; write a whole number" in ran.err


def test_replay_of_the_first_days(run: Run, gaza: str) -> None:
    """Both scores are told over the same people: by 20 November 525 had flown on five aircraft."""
    ran = run("plan", "replay", "--operation", gaza, "--by", "first_come", "--until", "2023-11-20T12:00Z", "--json")
    told = ran.json
    assert (told["really"]["aircraft"], told["really"]["flown"]) == (5, 525 - told["not_flown"])
    assert told["planned"]["flown"] == told["really"]["flown"] <= sum(one["people"] for one in told["flights"])
    assert told["planned"]["aircraft"] == len(told["flights"])
    assert all(one["people"] <= 130 and one["planned_at"] < one["left_at"] for one in told["flights"])
    text = run("plan", "replay", "--operation", gaza, "--by", "first_come", "--until", "2023-11-14").out
    assert text.startswith(" " * 45 + "flown   planned\naircraft")
