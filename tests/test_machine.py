"""The machine behind the tests: database server and browser are real ones, and a missing one is said aloud."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_postgres_is_real_and_empty(postgres_url: str) -> None:
    """A test gets a PostgreSQL database of its own without any table, which keeps what is committed."""
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        connection.execute("CREATE TABLE kept (n integer)")
        connection.execute("INSERT INTO kept VALUES (28)")
    assert tables == (0,)
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (28,)


def test_each_test_gets_its_own_database(postgres_url: str) -> None:
    """What another test left behind is not seen."""
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_browser_runs_scripts(page: Page) -> None:
    """The browser is a real one: it runs a module and shows what it wrote, right to left too."""
    page.set_content("<p dir=rtl></p><script type=module>document.querySelector('p').textContent = 'رفح'</script>")
    assert page.inner_text("p") == "رفح"


@pytest.mark.parametrize(("no_skips", "code"), [("0", 0), ("1", 1)])
def test_missing_browser_is_said_aloud(no_skips: str, code: int, tmp_path: Path) -> None:
    """Without a Chromium the browser's tests are counted as not run, and fail the run where nothing may be skipped."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", f"{__file__}::{test_browser_runs_scripts.__name__}", "-p", "no:cacheprovider"],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PATH": str(tmp_path), "CORRIDOR_NO_SKIPS": no_skips},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NOT RUN HERE: 1 browser test (no Chromium found)" in run.stdout
    assert run.returncode == code
