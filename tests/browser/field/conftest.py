"""What the phone's tests share: its files as headquarters serves them, and a page that runs its modules."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.conftest import environ_of
from tests.conftest import free_port

from corridor.field.shell import CONTENT_SECURITY_POLICY, media_type, shell
from corridor.ledger.device.wire import read_lines, unframe

PIN = "246810"
PRACTICE = "2023-11-14T15:00Z"
PHONE_SCREEN = {"width": 390, "height": 844}
STARTED_WITHIN_SECONDS = 180

STARTED = "while (!globalThis.corridor) await new Promise((done) => setTimeout(done, 20));"
STOPPED = """() => {
  const [wall, lapse] = [Date.now(), performance.now()];
  globalThis.pass = (ms) => {
    Date.now = () => wall + ms;
    performance.now = () => lapse + ms;
  };
  pass(0);
}"""

BLANK = b"<!doctype html><title>modules</title>"


class _Files(BaseHTTPRequestHandler):
    """The app's files under /field/, and a blank page to run single modules in."""

    def do_GET(self) -> None:
        path = self.path.removeprefix("/field/").split("?")[0]
        found = BLANK if path == "blank.html" else shell().files.get(path or "index.html")
        self.send_response(200 if found is not None else 404)
        if found is not None:
            self.send_header("Content-Type", media_type(path or "index.html"))
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, *_said: object) -> None:
        """Nothing: a test's output is its own."""


@pytest.fixture(scope="session")
def app_address() -> Iterator[str]:
    """The app's files on a server of their own, without headquarters behind it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/field/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def modules(chromium: Browser, app_address: str) -> Iterator[Page]:
    """A blank page of the app's origin, under the app's own policy, in which its modules can be imported."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{app_address}blank.html")
    yield page
    context.close()


class Headquarters:
    """`corridor run --practice` on one port and in one home, to be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.home = home
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.duty: Any = None  # the duty officer's cookies, once they have signed in

    def start(self) -> None:
        """Serve; the practice goes on where it was left."""
        log = self.home / "run.log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "corridor", "run", "--port", str(self.port), "--practice", PRACTICE, "--keep"],
                env=environ_of(self.home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + STARTED_WITHIN_SECONDS
        while not self._answers():
            assert self.process.poll() is None, f"corridor run ended:\n{log.read_text()}"
            assert time.monotonic() < until, f"corridor run did not serve in time:\n{log.read_text()}"
            time.sleep(0.2)

    def kill(self) -> None:
        """As a power cut would: no process of it lives to the next instruction."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def recorded(self, device: str) -> list[dict[str, Any]]:
        """What the ledger holds of a device: every event of its accepted batches, with its id."""
        database = self.home / "practice" / "gaza-2023" / "corridor.sqlite3"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
            named = f'"device":"{device}"'.encode()
            raws = opened.execute(
                "SELECT raw FROM batch WHERE status = 'accepted' AND instr(raw, ?)", [named]
            ).fetchall()
        frames = [frame for (raw,) in raws if (frame := unframe(raw)).header.device == device]
        found = []
        for frame in frames:
            for place, line in enumerate(read_lines(frame.lines)):
                assert line is not None
                facts = msgspec.structs.asdict(line) | {"body": msgspec.json.decode(line.body)}
                found.append(facts | {"id": f"{device}/{frame.header.epoch}/{frame.header.first + place}"})
        return found

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/alive/", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Headquarters]:
    """Headquarters on the afternoon of 14 November: people wait in Gaza, some are cleared, some are in Cairo."""
    headquarters = Headquarters(tmp_path_factory.mktemp("practice"))
    headquarters.start()
    yield headquarters
    headquarters.kill()


@dataclass
class GatePhone:
    """A phone in somebody's hand: its browser, its page, and the device it became."""

    context: BrowserContext
    page: Page
    device: str
    complained: list[str] = field(default_factory=list)

    def ask(self, script: str, given: object = None) -> Any:
        """What a script says that looks into the open phone, as soon as the app has started."""
        return self.page.evaluate(f"async (given) => {{ {STARTED} const phone = corridor.phone; {script} }}", given)

    def until(self, script: str, *, seconds: float = 120) -> None:
        """Wait until a script says yes; the app's own policy allows no other way of waiting."""
        stop = time.monotonic() + seconds
        while not self.ask(script):
            assert time.monotonic() < stop, f"never came: {script}"
            time.sleep(0.1)

    def unlock(self, pin: str = PIN) -> None:
        """Type the PIN and wait for the first screen."""
        self.page.fill("#pin", pin)
        self.page.press("#pin", "Enter")
        expect(self.page.locator("#find")).to_be_visible()

    def open(self, text: str) -> None:
        """Type what is on a wristband, or a name's only hit, and open the person."""
        self.page.fill("#find", text)
        # A code opens its person by itself: Enter would come to nobody's field when the machine is slow.
        self.page.evaluate("() => document.querySelector('#find')?.form.requestSubmit()")
        expect(self.page.locator("section.party")).to_be_visible()

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button by its name."""
        self.page.get_by_role("button", name=name).first.click()

    def exchange(self) -> None:
        """An exchange that begins now, after one that may be under way, and has ended when this returns."""
        self.ask("while (phone.busy) await new Promise((done) => setTimeout(done, 20)); await phone.exchange();")

    def exchange_only_when_asked(self) -> None:
        """From here on the phone plans no exchange by itself, and the one it had planned is over."""
        self.ask("phone.planExchange = () => {};")
        self.exchange()

    def stop_clock(self) -> None:
        """The phone's clocks stand still, however slow the machine is; `pass_time` moves them on."""
        self.page.evaluate(STOPPED)

    def pass_time(self, ms: int) -> None:
        """As much later than when the clocks were stopped."""
        self.page.evaluate("(ms) => pass(ms)", ms)


Enrolled = Callable[..., GatePhone]


def enrolment_code(browser: Browser, headquarters: Headquarters, *, user: str, place: str, device: str) -> str:
    """What the duty officer's screen shows after "Enrol a phone"."""
    page = at_desk(browser, headquarters, "/operation/phones/")
    page.select_option("[name=user]", user)
    page.select_option("[name=place]", place)
    page.fill("[name=device]", device)
    page.get_by_role("button", name="Make the code").click()
    code = page.locator(".one-time").inner_text()
    page.context.close()
    return code


def at_desk(browser: Browser, headquarters: Headquarters, path: str) -> Page:
    """The duty officer at a page of headquarters, signed in the first time."""
    context = browser.new_context(locale="en-GB", storage_state=headquarters.duty)
    page = context.new_page()
    page.goto(f"{headquarters.address}{path}")
    if "sign-in" in page.url:
        page.fill("#id_username", "duty")
        page.fill("#id_password", "gaza-2023-duty")
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        headquarters.duty = context.storage_state()
    return page


@pytest.fixture
def enrolled(chromium: Browser, practice: Headquarters) -> Iterator[Enrolled]:
    """A phone enrolled at headquarters by its code, with its roster on it; no script of it may fail."""
    phones: list[GatePhone] = []

    def enrolled(
        device: str, *, user: str = "gate", place: str = "rafah", init: str | None = None, **looks: object
    ) -> GatePhone:
        code = enrolment_code(chromium, practice, user=user, place=place, device=device)
        usual: dict[str, Any] = {"viewport": PHONE_SCREEN, "locale": "en-GB", "has_touch": True, "timezone_id": "UTC"}
        context = chromium.new_context(**{**usual, **looks})
        if init:
            context.add_init_script(init)
        page = context.new_page()
        phone = GatePhone(context, page, device)
        page.on("pageerror", lambda error: phone.complained.append(str(error)))
        page.goto(f"{practice.address}/field/#enrol={code}")
        page.fill("#pin", PIN)
        page.fill("#again", PIN)
        page.locator("button[type=submit]").click()
        page.locator(".digits").wait_for()
        page.locator("button.go").click()
        expect(page.locator("#find")).to_be_visible()
        phone.until("return phone.rosterState.complete && !phone.busy && navigator.serviceWorker.controller !== null")
        phones.append(phone)
        return phone

    yield enrolled
    for phone in phones:
        phone.context.close()
        assert not phone.complained, phone.complained
