"""Do thirty people at their screens keep one server busy, and does it hold: `python -m bench.soak --people 100000`.

A real server process serves an operation like gaza-2023. Thirty browsers, each with a session of its own, have the
pages of six roles open and ask for their live regions every ten seconds as the pages' script does, with the tag of
what they have; now and then they open a list of people, and somebody on it. A thirty-first records a need of
somebody else every five seconds, so that what everybody has open grows old all the time. Everything goes over the
socket.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.databases import server
from bench.desks_workload import FLIGHT, NOW, SEED, fill
from bench.headquarters import TOKEN
from bench.measuring import arguments, cpu_of_tree, number, table
from corridor.base.moments import iso

COLUMNS = ("what", "asked", "304", "errors", "wall ms p50", "wall ms p95", "wall ms max")
BROWSERS, MINUTES, EVERY_SECONDS, WRITES_EVERY_SECONDS = 30, 10, 10, 5
OPEN_ANOTHER = 0.1
"""The part of a browser's turns on which its user opens another page."""
PERSON = re.compile(r'href="/people/(p\d{7})/')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

AT_DESK: dict[str, tuple[str, ...]] = {
    "duty": ("/", "/alarms/"),
    "lists": ("/", "/alarms/", "/clear/"),
    "movement": (f"/move/{FLIGHT}/", "/move/"),
    "medic": ("/care/",),
    "reception": ("/arrive/", "/"),
    "auditor": ("/", "/reconcile/"),
}
"""The live regions that a user of each role has open."""


@dataclass(slots=True)
class Told:
    """What came of the asking, by what was asked for."""

    took: dict[str, list[float]] = field(default_factory=dict)
    unchanged: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float, status: int, wanted: tuple[int, ...]) -> None:
        """One answer."""
        with self.lock:
            self.took.setdefault(what, []).append(seconds)
            self.unchanged[what] += status == 304
            if status not in wanted:
                self.errors.append(f"{what}: {status}")


class Browser:
    """One session of a user, over one connection that is kept."""

    def __init__(self, port: int, cookie: str, told: Told, patience: float = 120) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        self._cookies, self._told = dict(pair.split("=", 1) for pair in cookie.split("; ")), told
        self.tags: dict[str, str] = {}

    def ask(self, what: str, address: str, live: bool = False, data: dict[str, str] | None = None) -> str:
        """Ask for a page, or (live) for its region with the tag of the one that is shown; '' when nothing is new."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Host": "localhost"}
        if live:
            headers |= {"X-Fragment": "1", "X-News": "1"}
            if address in self.tags:
                headers["If-None-Match"] = self.tags[address]
        body = None
        if data is not None:
            body, headers["Content-Type"] = urlencode(data), "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            self._connection.request("GET" if data is None else "POST", address, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            with self._told.lock:
                self._told.errors.append(f"{what}: {error!r}")
            return ""
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        wanted = (200, 304) if data is None else (302,)
        self._told.note(what, time.perf_counter() - began, answer.status, wanted)
        if live and answer.headers["ETag"]:
            self.tags[address] = answer.headers["ETag"]
        return text


def browse(browser: Browser, user: str, people: int, until: float, seed: int) -> None:
    """One person at their screen, until the time is up."""
    rng = random.Random(seed)
    time.sleep(rng.uniform(0, EVERY_SECONDS))
    for address in AT_DESK[user]:
        browser.ask("page opened", address)
    while time.monotonic() < until:
        began = time.monotonic()
        for address in AT_DESK[user]:
            browser.ask(f"region {address}", address, live=True)
        if rng.random() < OPEN_ANOTHER and user != "medic":
            page = rng.randrange(1, people // 100 + 2)
            shown = PERSON.findall(browser.ask("people list", f"/people/?figure=registered&page={page}"))
            if shown:  # a role bound to a place may know nobody of whom it has not shown them
                browser.ask("person", f"/people/{rng.choice(shown)}/")
        time.sleep(max(0.0, began + EVERY_SECONDS - time.monotonic()))


def write(browser: Browser, people: int, until: float) -> None:
    """Somebody at the register desk who records what people need, by the page's own form."""
    someone_else = iter(random.Random(SEED).sample(range(people), people))  # a need is recorded once of anybody
    while time.monotonic() < until:
        began = time.monotonic()
        address = f"/register/p{next(someone_else):07}/"
        page = browser.ask("editor", address)
        token, csrf = TOKEN.search(page), CSRF.search(page)
        if token is not None and csrf is not None:
            given = {"token": token[1], "csrfmiddlewaretoken": csrf[1], **NEED}
            browser.ask("need recorded", address, data=given)
        time.sleep(max(0.0, began + WRITES_EVERY_SECONDS - time.monotonic()))


NEED = {"does": "need", "need-need": "interpreter"}


def sessions(environ: dict[str, str]) -> dict[str, list[str]]:
    """Cookies of as many sessions of each user as are needed, made in the server's own table of them."""
    os.environ.update(environ)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.test import Client

    from corridor.hq.access.accounts import ensure_demo_accounts
    from corridor.hq.models import User
    from corridor.opening import find_operation, read_found

    operation = read_found(find_operation(environ["CORRIDOR_OPERATION"], environ))  # type: ignore[arg-type]
    ensure_demo_accounts(operation)  # type: ignore[arg-type]
    found: dict[str, list[str]] = {}
    for user in AT_DESK:
        for _ in range(-(-BROWSERS // len(AT_DESK)) + 1):
            client = Client(SERVER_NAME="localhost")
            client.force_login(User.objects.get(name=user))
            pairs = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
            found.setdefault(user, []).append(pairs)
    return found


def memory_mb(process: int) -> float:
    """Resident memory of a process and its children."""
    found = 0.0
    for child in [process, *_tree(process)]:
        try:
            text = Path(f"/proc/{child}/status").read_text()
        except FileNotFoundError:
            continue
        resident = re.search(r"VmRSS:\s+(\d+)", text)
        found += int(resident[1]) / 1024 if resident else 0.0
    return found


def _cpu(process: int) -> float:
    """Processor seconds of a process and everything under it."""
    return max(cpu_of_tree(one) for one in (process, *_tree(process)))


def _tree(process: int) -> list[int]:
    children = [
        int(text)
        for task in Path(f"/proc/{process}/task").iterdir()
        for text in (task / "children").read_text().split()
    ]
    return [*children, *(one for child in children for one in _tree(child))]


def soak(folder: Path, people: int, minutes: float, url: str | None) -> str:
    """Serve, ask, and say how it went."""
    environ = {
        "CORRIDOR_OPERATION": str(folder),
        "CORRIDOR_PRACTICE": iso(NOW),
        "DJANGO_SETTINGS_MODULE": "corridor.hq.settings",
        "CORRIDOR_FORECAST": "off",  # it is walked beside, and measured by itself
    } | ({} if url is None else {"DATABASE_URL": url})
    cookies = sessions(environ)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "corridor", "run", "--port", str(port)]
    serving = subprocess.Popen(command, env={**os.environ, **environ}, stdout=subprocess.DEVNULL)
    try:
        told = Told()
        probe_browser = Browser(port, cookies["duty"][0], Told())
        while not probe_browser.ask("alive", "/alive/"):
            assert serving.poll() is None, "the server has ended"
            time.sleep(0.5)
        # A new process reads everybody once, beside its first pages; the browsers come when the alarms are known.
        for address in ("/", "/alarms/"):
            Browser(port, cookies["duty"][0], Told(), patience=1_800).ask("first of the process", address)
        before, cpu = memory_mb(serving.pid), _cpu(serving.pid)
        until = time.monotonic() + 60 * minutes
        users = [list(AT_DESK)[turn % len(AT_DESK)] for turn in range(BROWSERS)]
        threads = [
            threading.Thread(target=browse, args=(Browser(port, cookies[user].pop(), told), user, people, until, turn))
            for turn, user in enumerate(users)
        ]
        threads.append(
            threading.Thread(target=write, args=(Browser(port, cookies["lists"].pop(), told), people, until))
        )
        for thread in threads:
            thread.start()
        time.sleep(min(60.0, 30 * minutes))
        warm = memory_mb(serving.pid)
        for thread in threads:
            thread.join()
        after, used = memory_mb(serving.pid), _cpu(serving.pid) - cpu
    finally:
        serving.terminate()
        serving.wait()
    rows = [_row(what, told) for what in sorted(told.took)]
    title = (
        f"{BROWSERS} browsers and a writer for {minutes:g} minutes, {people:,} people: {len(told.errors)} errors; "
        f"ready after {cpu:.0f} CPU-s; "
        f"memory {before:.0f} MB before, {warm:.0f} a minute in, {after:.0f} at the end; "
        f"the server used {used:.0f} CPU-s of {60 * minutes:.0f} s."
    )
    wrong = "\n".join(f"    {count} x {text}" for text, count in Counter(told.errors).most_common(10))
    return table(title, COLUMNS, rows) + (f"\n\n{wrong}" if wrong else "")


def _row(what: str, told: Told) -> list[str]:
    took = sorted(told.took[what])
    at = [1000 * took[max(0, -(-len(took) * percent // 100) - 1)] for percent in (50, 95, 100)]
    wrong = sum(error.startswith(f"{what}: ") for error in told.errors)
    return [what, str(len(took)), str(told.unchanged[what]), str(wrong), *(number(ms) for ms in at)]


def main() -> None:
    """Fill an operation, serve it, ask, and print the table."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    given = parser.parse_args()
    people, minutes = (300, 0.1) if given.small else (given.people, given.minutes)
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as folder:
        operation = Path(folder) / "bench"
        operation.mkdir()
        if not given.postgresql:
            fill(operation, people, {})
            print(soak(operation, people, minutes, None))
            return
        with server() as running:
            assert running is not None, "PostgreSQL is not installed"
            fill(operation, people, {"DATABASE_URL": running.url})
            print(soak(operation, people, minutes, running.url))


if __name__ == "__main__":
    main()
