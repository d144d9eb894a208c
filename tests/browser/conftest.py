"""What browser tests share: headquarters as `corridor run` serves it, with gaza-2023 loaded, and a page signed in."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from tests.conftest import free_port

TREE = Path(__file__).resolve().parents[2]
STARTED_WITHIN_SECONDS = 180  # loading gaza-2023 takes about ten on an idle machine


@dataclass(frozen=True)
class Running:
    """A headquarters that is up: its address, and the demo passwords it printed by name."""

    address: str
    passwords: dict[str, str]


def environ_of(home: Path, **chosen: str) -> dict[str, str]:
    """The environment of a server with this home: nothing that tests before have left in this process reaches it.

    Headquarters walks no futures beside it, which saves the processor, unless CORRIDOR_FORECAST is `chosen`.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CORRIDOR_", "DATABASE_URL"))}
    return {**clean, "CORRIDOR_FORECAST": "off", **chosen, "CORRIDOR_HOME": str(home), "PYTHONUNBUFFERED": "1"}


@contextmanager
def running(home: Path, *arguments: str, **chosen: str) -> Iterator[Running]:
    """`corridor run` with this home, until the block ends; `chosen` is of its environment."""
    port = free_port()
    log = home / "run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "corridor", "run", "--port", str(port), *arguments],
            env=environ_of(home, **chosen),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + STARTED_WITHIN_SECONDS
        while "Stop with Ctrl-C." not in log.read_text() or not _answers(f"{address}/alive/"):
            assert process.poll() is None, f"corridor run ended:\n{log.read_text()}"
            assert time.monotonic() < until, f"corridor run did not serve in time:\n{log.read_text()}"
            time.sleep(0.2)
        yield Running(address, dict(re.findall(r"(\S+)\s+password (\S+)", log.read_text())))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def headquarters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`corridor run` in a home of its own, as a newcomer starts it."""
    with running(tmp_path_factory.mktemp("running")) as started:
        yield started


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def press_key(page: Page, key: str) -> None:
    """Press a key on a page that is whole: its scripts are there to hear it."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def leave_by_key(page: Page, key: str) -> None:
    """Press a key that sends a form or follows a link; what it leads to is whole when this returns.

    A click waits by itself for the page that it leads to; the keyboard does not, and what is asked next would be
    answered by the page that is being left.
    """
    page.wait_for_load_state()
    with page.expect_navigation():
        page.keyboard.press(key)


@dataclass
class Watched:
    """What a browser asked for and complained about while somebody worked."""

    asked: list[str] = field(default_factory=list)
    complained: list[str] = field(default_factory=list)


SignedIn = Callable[..., Page]


@pytest.fixture
def watched() -> Watched:
    """Filled by every page that `signed_in` opens."""
    return Watched()


@pytest.fixture
def signed_in(chromium: Browser, headquarters: Running, watched: Watched) -> Iterator[SignedIn]:
    """Somebody signs in, in a fresh browser with whatever light, width and language is asked for."""
    contexts = []

    def signed_in(who: str, **looks: object) -> Page:
        context = chromium.new_context(
            **{"locale": "en-GB", "timezone_id": "UTC", "viewport": {"width": 1440, "height": 900}, **looks}  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()

        def asked(request: Request) -> None:
            watched.asked.append(request.url)

        def complained(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                watched.complained.append(message.text)

        page.on("request", asked)
        page.on("console", complained)
        page.on("pageerror", lambda error: watched.complained.append(str(error)))
        page.goto(f"{headquarters.address}/")
        page.fill("#id_username", who)
        page.fill("#id_password", headquarters.passwords[who])
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield signed_in
    for context in contexts:
        context.close()


@pytest.fixture
def artefacts() -> Path:
    """Where screenshots are kept for a person to look at; not part of the tree."""
    folder = TREE / "artefacts"
    folder.mkdir(exist_ok=True)
    return folder
