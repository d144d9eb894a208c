"""What tests share: a real PostgreSQL, a real browser, and a clear word about tests that could not run.

`postgres_url` gives an empty database, `page` a fresh browser page. Where PostgreSQL or Chromium is missing the tests
that ask for them are skipped and counted aloud; with CORRIDOR_NO_SKIPS=1 any skipped test makes the run fail.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NO_POSTGRES = "no PostgreSQL found"
NO_CHROMIUM = "no Chromium found"
SHOWN_WITHIN_MS = 30_000
"""How long anything may take to come on a browser's screen: nothing is wrong with a machine that is busy."""
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # it refuses to run as root otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Headquarters walks futures beside it: tests of the forecast ask for that themselves, all others save the processor.
os.environ.setdefault("CORRIDOR_FORECAST", "off")

# What was drawn is judged, not how fast: a machine that does other things too finds the same.
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("ci", derandomize=True, **PATIENT)
settings.register_profile("search", max_examples=2_000, **PATIENT)
settings.register_profile("drawn", **PATIENT)  # as many examples as in the check, of another seed every time
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


# --- Ports --------------------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port on which nobody listens, for a server to be started on it; no other test's process is given it.

    It lies below those that the kernel gives out by itself: one asked for with port 0 might go to anybody's connection
    before the server is up. A name that this process keeps as long as it lives says that the port is taken.
    """
    first = os.getpid() * 61 % 12_000
    for turn in range(12_000):
        port = 20_000 + (first + turn) % 12_000
        with socket.socket() as probe, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as name:
            try:
                name.bind(f"\0corridor-test-port-{port}")
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            name.detach()
            return port
    raise AssertionError("every port is taken")


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def _postgres_programs() -> Path | None:
    """The folder with initdb and pg_ctl: the one in PATH, else the newest of Debian's; None when there is none."""
    in_path = shutil.which("initdb")
    if in_path and shutil.which("pg_ctl"):
        return Path(in_path).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda initdb: int(initdb.parts[-3]))
    return versions[-1].parent if versions else None


@contextlib.contextmanager
def _own_postgres(programs: Path) -> Iterator[str]:
    """A PostgreSQL server in a temporary folder, as the URL of its first database; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="corridor-postgres-"))
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    account = pwd.getpwnam("postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    os.chown(folder, account.pw_uid, account.pw_gid)
    port = free_port()

    as_account: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )

    def run(program: str, *arguments: str) -> None:
        log = folder / f"{program}.log"  # a file, not a pipe: the server inherits it and would keep a pipe open
        with log.open("ab") as output:
            done = subprocess.run(
                [programs / program, *arguments],
                cwd=folder,
                env={**os.environ, "HOME": str(folder), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **as_account,
            )
        assert done.returncode == 0, f"{program} failed:\n{log.read_text()}"

    data = str(folder / "data")
    run("initdb", "--pgdata", data, "--username=corridor", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
    run(
        "pg_ctl",
        "start",
        "--wait",
        "--timeout=300",
        "--pgdata",
        data,
        "--log",
        str(folder / "server.log"),
        "--options",
        options,
    )
    try:
        yield f"postgresql://corridor@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "stop", "--pgdata", data, "--mode=immediate")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a database on a server where databases may be made: DATABASE_URL_TEST, or a server of our own."""
    given = os.environ.get("DATABASE_URL_TEST")
    if given:
        yield given
        return
    programs = _postgres_programs()
    if programs is None:
        pytest.skip(NO_POSTGRES)
    with _own_postgres(programs) as url:
        yield url


_database_numbers = itertools.count(1)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a new, empty PostgreSQL database, dropped after the test."""
    name = f"corridor_test_{os.getpid()}_{next(_database_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield urlunsplit(urlsplit(postgres_server)._replace(path=f"/{name}"))
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


# --- Browser ------------------------------------------------------------------------------------------------------


def _chromium_program() -> str | None:
    """A Chromium or Chrome of this machine; None when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium.

    It lives for one module, not the session: while it runs Django takes the thread for an asynchronous one.
    """
    program = _chromium_program()
    if program is None:
        pytest.skip(NO_CHROMIUM)
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - only where there is a browser

    expect.set_options(timeout=SHOWN_WITHIN_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page with nothing stored; an error that a script leaves uncaught fails the test."""
    context = chromium.new_context(locale="en-GB", timezone_id="UTC", viewport={"width": 1280, "height": 800})
    fresh = context.new_page()
    uncaught: list[str] = []
    fresh.on("pageerror", lambda error: uncaught.append(str(error)))
    yield fresh
    context.close()
    assert not uncaught, f"the page's scripts failed: {uncaught}"


# --- What was not run ---------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that ask for PostgreSQL or the browser, so that `-m "not browser"` and the count are right."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "postgres_server" in fixtures:
            item.add_marker("postgres")
        if "chromium" in fixtures:
            item.add_marker("browser")


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", ())) if reporter else []


def _not_run(skipped: list[pytest.TestReport]) -> str:
    """The skipped tests by sort and reason, e.g. ``5 browser tests (no Chromium found)``."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in skipped:
        sort = next((word for mark, word in SORTS.items() if mark in report.keywords), "other")
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        counts[sort, reason.removeprefix("Skipped: ")] += 1
    return ", ".join(f"{n} {sort} test{'s' if n > 1 else ''} ({reason})" for (sort, reason), n in counts.items())


SORTS = {"browser": "browser", "postgres": "PostgreSQL"}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the run when tests were skipped that had to run."""
    if os.environ.get("CORRIDOR_NO_SKIPS") == "1" and _skipped(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Says aloud which tests were not run here, and why."""
    skipped = _skipped(config)
    if not skipped:
        return
    terminalreporter.write_line(f"NOT RUN HERE: {_not_run(skipped)}", yellow=True, bold=True)
    if os.environ.get("CORRIDOR_NO_SKIPS") == "1":
        terminalreporter.write_line("FAILED: CORRIDOR_NO_SKIPS=1 allows no skipped test, and these were:", red=True)
        for report in skipped:
            terminalreporter.write_line(f"  {report.nodeid}", red=True)
