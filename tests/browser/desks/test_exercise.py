"""An exercise on a real server: the story goes on through the phones' door, and what is left to people is read out."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from tests.browser.conftest import running

from corridor.base.moments import parse_moment
from corridor.opening import OpenOperation, open_operation

BEGINS = "2023-11-14T12:25Z"  # a quarter of an hour before the first of the day cross
WITHIN_SECONDS = 300


def test_the_story_goes_on_around_people_who_train(loaded_home: Path, tmp_path: Path) -> None:
    """The invented phones' records come into the ledger; those of the gate are told, and nobody recorded them."""
    home = tmp_path / "home"
    shutil.copytree(loaded_home, home)
    log = home / "run.log"
    with running(home, "--practice", BEGINS, "--exercise", "--leave", "rafah", "--speed", "60"):
        until = time.monotonic() + WITHIN_SECONDS
        while "gate-1  crossed to rafah: " not in log.read_text() or len(_grown(home)) < 2:
            assert time.monotonic() < until, log.read_text()
            time.sleep(3)
    grown = _grown(home)
    assert grown >= {"headquarters"} and len(grown) > 1
    assert not grown & {"gate-1", "gate-2"}


def _grown(home: Path) -> set[str]:
    """The devices of which something was received since the exercise began."""
    opened = open_operation("gaza-2023", {"CORRIDOR_HOME": str(home / "practice")}, progress=lambda text: None)
    assert isinstance(opened, OpenOperation)
    began, chains = parse_moment(BEGINS), opened.writer.intake.chains
    opened.close()
    return {device for (device, _), chain in chains.items() if any(one.known_at > began for one in chain.stretches)}
