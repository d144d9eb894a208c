"""What `corridor run` refuses before anything is served."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--exercise"], "An exercise is part of a practice"),
        (["--speed", "10"], "An exercise is part of a practice"),
        (["--practice", "2023-11-14T12:00Z", "--exercise", "--keep"], "begins with a fresh practice"),
        (["--practice", "2023-11-14T12:00Z", "--exercise", "--leave", "atlantis"], "No phone stands at atlantis"),
    ],
)
def test_an_exercise_that_cannot_be_is_said(
    arguments: list[str], says: str, run: Run, gaza: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with the remedy, and no server."""
    monkeypatch.delenv("CORRIDOR_OPERATION", raising=False)
    ran = run("run", "--port", "0", *arguments)
    assert ran.code != 0
    assert says in ran.err
