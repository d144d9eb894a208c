"""The compiled engine, compiled once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.forecast import engine


@pytest.fixture(scope="session")
def fast(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Makes sure that the compiled engine is there."""
    cache: Path = tmp_path_factory.mktemp("compiled")
    assert engine.prepare(cache), "the extra `fast` is not installed"
    assert list(cache.rglob("*.nbi")), "machine code is kept where it was asked for"
