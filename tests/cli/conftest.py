"""What tests of the shell share: the command run in this process, and the replay loaded once for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corridor.cli import main


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer to ``--json``."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `corridor` with these arguments."""

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def loaded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data home for all tests that only read the replay; its first use loads it."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def gaza(loaded_home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the shipped operation, in the shared home."""
    monkeypatch.setenv("CORRIDOR_HOME", str(loaded_home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return "gaza-2023"


@pytest.fixture
def own(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an operation of one's own, as `corridor new` writes it, with an empty ledger."""
    monkeypatch.setenv("CORRIDOR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert run("new", tmp_path / "own").code == 0
    return tmp_path / "own"
