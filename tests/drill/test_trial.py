"""The drill: faulty worlds break no law, a seed is always the same drill, a planted bug is found and shrunk."""

from __future__ import annotations

from collections import Counter

import pytest
from bench.mutants import MUTANTS, planted

from corridor.cli import main
from corridor.drill.trial.playing import play, shrunk
from corridor.drill.trial.schedule import LEVELS, Level, Setting, schedule_of

SEEDS = 60
SEEDS_TO_CATCH_MAX = 300


@pytest.mark.parametrize("faults", LEVELS)
def test_no_law_is_broken(faults: Level) -> None:
    """Small worlds with nothing, little and everything going wrong keep every law and agree with the truth."""
    for seed in range(SEEDS if faults == "all" else 10):
        assert play(schedule_of(seed, Setting(faults=faults))).breaches == (), f"seed {seed}"


def test_everything_that_can_go_wrong_does() -> None:
    """In a few seeds with all faults each kind of misfortune happens, so that no law holds for want of trying."""
    counts: Counter[str] = Counter()
    for seed in range(1_000, 1_030):
        counts += play(schedule_of(seed, Setting(people=4))).counts
    for misfortune in (
        "answers lost",
        "batches cut",
        "batches damaged",
        "batches lost",
        "headquarters killed",
        "names asked for",
        "orders carried out",
        "orders refused",
        "headquarters restored from a backup",
        "phones cloned",
        "phones killed",
        "phones lost",
        "phones restored from a backup",
        "phones without power",
        "refused, a phone's disk full",
        "refused, headquarters' disk full",
        "requests lost",
        "requests that came again",
    ):
        assert counts[misfortune], misfortune


def test_a_seed_is_always_the_same_drill() -> None:
    """The same seed and size give the same steps and the same counts; another seed gives others."""
    setting = Setting(people=6, days=3)
    assert schedule_of(5, setting) == schedule_of(5, setting)
    assert play(schedule_of(5, setting)).counts == play(schedule_of(5, setting)).counts
    assert schedule_of(5, setting).steps != schedule_of(6, setting).steps


def test_a_larger_drill() -> None:
    """A longer evacuation with more people and phones, several at each post, keeps every law too."""
    assert play(schedule_of(3, Setting(people=40, devices=9, days=4))).breaches == ()


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_is_found(name: str) -> None:
    """Each bug planted into the ledger, the book or the phone breaks a law within so many seeds."""
    with planted(name):
        found = next((seed for seed in range(SEEDS_TO_CATCH_MAX) if play(schedule_of(seed, Setting())).breaches), None)
    assert found is not None


def test_a_failing_drill_is_shrunk() -> None:
    """Of a drill that fails, a fraction of the steps is kept that fails in the same way."""
    with planted("acknowledged before the commit"):
        seed = next(seed for seed in range(SEEDS_TO_CATCH_MAX) if play(schedule_of(seed, Setting())).breaches)
        whole = schedule_of(seed, Setting())
        (breach, *_) = play(whole).breaches
        least = shrunk(whole, breach, plays_max=60)
        assert 0 < len(least.steps) < len(whole.steps) / 2
        assert play(least).breaches
    assert play(least).breaches == ()


def test_the_command_says_what_was_played(capsys: pytest.CaptureFixture[str]) -> None:
    """`corridor drill` counts what went wrong and ends with one line; exit code 0 when every law holds."""
    assert main(["drill", "--seed", "3", "--seeds", "2", "--people", "4"]) == 0
    said = capsys.readouterr().out
    assert "batches sent" in said
    assert said.endswith("people 4, devices 4, days 2, faults all: drills 2; every law holds in each.\n")


def test_the_command_names_the_failing_seed(capsys: pytest.CaptureFixture[str]) -> None:
    """A law that does not hold is named with the seed, which plays the same drill again and names the steps."""
    with planted("people counted twice"):
        assert main(["drill", "--seed", "1", "--seeds", "2"]) == 1
        first = capsys.readouterr().out
        assert "Seed 1: Law " in first
        assert "corridor drill --seed 1 --people 8 --devices 4 --days 2 --faults all" in first
        assert main(["drill", "--seed", "1"]) == 1
        assert "steps are enough" in capsys.readouterr().out


def test_the_command_refuses_nonsense() -> None:
    """No people, and a level of faults that there is not, cannot be understood."""
    assert main(["drill", "--people", "0"]) == 2
    assert main(["drill", "--faults", "some"]) == 2
