"""The compiled engine, compiled once for all tests and kept beside its sources for the next run."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from corridor.forecast import engine, fast


def forget_older() -> None:
    """Drop machine code older than any source: numba looks at a function's own source only, not at what it calls."""
    folder = Path(fast.__file__).parent
    newest = max(path.stat().st_mtime for path in folder.glob("*.py"))
    for kept in (folder / "__pycache__").glob("*.nb?"):
        with suppress(FileNotFoundError):  # another process of this run has dropped it
            if kept.stat().st_mtime < newest:
                kept.unlink()


@pytest.fixture(scope="session", name="fast")
def the_fast_engine() -> None:
    """Makes sure that the compiled engine is there."""
    forget_older()
    assert engine.prepare(None), "the extra `fast` is not installed"
