"""How quick is the gate's phone in a real browser, without network: `python -m bench.phone`.

The roster is put on the phone's disk as an exchange would have put it; everything after that is the app as it is handed
out, opened by its PIN in a phone-sized Chromium without network. Times are the browser's own clock, on this machine;
CPU seconds are of all of Chromium's processes, from its start to the first search.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from playwright.sync_api import Browser, Page, sync_playwright

from bench.exchange import running, tree_cpu
from bench.search import OPERATION, identities
from corridor.base.refusal import Refusal
from corridor.drill.plan_file import load_replay
from corridor.field.serving import with_field

PEOPLE = (1_000, 10_000, 100_000)
PAGE_ROWS = 1_000
QUESTIONS = 200
RECORDS = 60
PIN = "135790"
DAY_MS = 86_400_000
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB"}

ENROL = """async ([pin, now]) => {
  const { openStore } = await import("/field/record/store.js");
  const { makeVault, makeSigningKey } = await import("/field/record/keys.js");
  const { keepPage } = await import("/field/people/pages.js");
  const store = await openStore();
  const { vault, dataKey } = await makeVault(pin);
  const { own, publicKey } = await makeSigningKey(true);
  const { hex } = await import("/field/record/bytes.js");
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const exportKey = hex(await crypto.subtle.exportKey("raw", pair.publicKey));
  await store.put("enrolments", { device: "bench-1", user: "gate", userName: "Timur Aliev", role: "gate_officer",
    place: "rafah", operation: "bench", titles: {}, languages: ["en"], zone: "UTC", headquartersKey: publicKey,
    exportKey, epoch: 1, keys: [{ from: 1, key: own, sealedSeed: null, publicKey }], vault, revoked: false });
  globalThis.keep = (page) => keepPage(store, "bench-1", dataKey, page, now);
}"""

ASK = """async (texts) => {
  const took = [];
  for (const text of texts) {
    const began = performance.now();
    await corridor.phone.people.ask("find", { text });
    took.push(performance.now() - began);
  }
  return took;
}"""

SOME_NAMES = """async (number) => {
  const all = await corridor.phone.people.ask("inAccount", { id: "place:gaza" });
  return Array.from({ length: number }, (_, at) => all[(at * 7919) % all.length].names);
}"""

RECORD = """async (records) => {
  const took = [];
  for (let at = 0; at < records; at += 1) {
    const began = performance.now();
    await corridor.phone.record([{ at: Date.now(), kind: "at_gate", persons: [`p${at}`], body: { gate: "rafah" } }]);
    took.push(performance.now() - began);
  }
  return took;
}"""


class _Quiet(WSGIRequestHandler):
    """Says nothing of every request."""

    def log_message(self, *_said: object) -> None:
        """Nothing: the table is the output."""


def answers(port: int) -> bool:
    """Whether headquarters answers at a port."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/alive/", timeout=30) as answer:
        return bool(answer.status == 200)


def serve() -> str:
    """The app's files on a port of their own, as long as the program runs."""

    def nothing(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("404 Not Found", [])
        return []

    server = make_server("127.0.0.1", 0, with_field(nothing), handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/field/"


def pages_of(names: list[tuple[str, ...]], people: int, now: int) -> Iterator[dict[str, Any]]:
    """The roster's pages as headquarters writes them, families of four."""
    rng = Random(people)
    for first in range(0, people, PAGE_ROWS):
        rows = range(first, min(first + PAGE_ROWS, people))
        columns = {
            "person": [f"p{row}" for row in rows],
            "party": [f"f{row // 4}" for row in rows],
            "names": [names[row] for row in rows],
            "birth_year": [rng.randrange(1940, 2023) for _ in rows],
            "documents": [[f"{rng.randrange(2**32):08x}", f"{rng.randrange(1000):03}"] for _ in rows],
            "account": ["place:gaza"] * len(rows),
            "colour": [rng.choice(("cleared", "not")) for _ in rows],
            "until": [None] * len(rows),
            "why": ["waiting"] * len(rows),
            "by": [["egypt", "israel"]] * len(rows),
            **{name: [None] * len(rows) for name in ("says", "movement", "vehicle", "codes_from")},
            "also": [[]] * len(rows),
        }
        more = rows[-1] + 1 < people
        facts = {"generation": "g", "full": True, "cursor": f"g.{rows[-1]}", "more": more, "persons": people}
        yield {**facts, "expires_at": now + 3 * DAY_MS, "salt": "00" * 16, "columns": columns, "gone": []}


def questions(names: list[tuple[str, ...]], people: int) -> list[str]:
    """What an officer types: whole names in any script, beginnings, one name, and names with a letter wrong."""
    rng = Random(7)
    asked = []
    for place in range(QUESTIONS):
        name = rng.choice(names[rng.randrange(people)])
        words = name.split()
        start = " ".join(word[:4] for word in words[:2])
        slip = name[:2] + name[3:] if len(name) > 6 else name
        asked.append((name, words[0], start, slip)[place % 4])
    return asked


def measure(browser: Browser, address: str, names: list[tuple[str, ...]], people: int) -> dict[str, float]:
    """One phone with so many people on its roster."""
    now = int(time.time() * 1000)
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.locator("#code").wait_for()
    while not page.evaluate("navigator.serviceWorker.controller !== null"):
        time.sleep(0.1)
    page.evaluate(ENROL, [PIN, now])
    wire = 0
    for one in pages_of(names, people, now):
        wire += len(gzip.compress(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode()))
        page.evaluate("(page) => keep(page).then(() => true)", one)
    context.set_offline(True)
    starts = [_start(page) for _ in range(3)]
    first = _first_search(page, "Amal")
    took = sorted(page.evaluate(ASK, questions(names, people)))
    green = sorted(page.evaluate(RECORD, RECORDS))
    context.close()
    return {
        "wire_kb": wire / 1000,
        "start_ms": median(starts),
        "first_search_s": first,
        "search_p50_ms": median(took),
        "search_p95_ms": took[int(len(took) * 0.95)],
        "green_p50_ms": median(green),
        "green_p95_ms": green[int(len(green) * 0.95)],
    }


def download(browser: Browser, people: int) -> dict[str, float]:
    """A phone enrolled at a real headquarters whose gate expects so many: from the code to the first search."""
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as made:
        folder = Path(made) / "bench"
        folder.mkdir()
        environ = {"CORRIDOR_HOME": made, "CORRIDOR_FORECAST": "off"}
        command = [sys.executable, "-m", "bench.roster", "--people", str(people), "--prepare", str(folder)]
        done = subprocess.run(command, env={**os.environ, **environ}, check=True, stdout=subprocess.PIPE, text=True)
        code = done.stdout.strip().split("\n")[-1]
        served = [sys.executable, "-m", "corridor", "run", "--operation", str(folder), "--port", "{port}"]
        with running(served, environ, answers) as (port, process):
            return _downloaded(browser, f"http://127.0.0.1:{port}/field/", code, people, process)


def _downloaded(browser: Browser, address: str, code: str, people: int, process: int) -> dict[str, float]:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    wire: list[float] = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda said: wire.append(said["encodedDataLength"]))
    page.goto(f"{address}#enrol={code}")
    page.fill("#pin", PIN)
    page.fill("#again", PIN)
    cpu = tree_cpu(process)
    wire.clear()  # the app itself
    page.locator("button[type=submit]").click()
    page.locator(".digits").wait_for()
    began = time.perf_counter()
    page.locator("button.go").click()
    page.locator("#find").wait_for()
    while not page.evaluate("corridor.phone.rosterState.complete && !corridor.phone.busy"):
        page.dispatch_event("body", "pointerdown")  # an officer at work: an idle phone locks itself after ten minutes
        time.sleep(0.2)
    took = time.perf_counter() - began
    cpu = tree_cpu(process) - cpu
    size = page.evaluate("corridor.phone.people.ask('more', {})")
    assert size == people, (size, people)
    names = page.evaluate(SOME_NAMES, QUESTIONS)
    asked = questions([tuple(one) for one in names], len(names))
    context.set_offline(True)
    starts = [_start(page) for _ in range(3)]
    first = _first_search(page, asked[0])
    found = sorted(page.evaluate(ASK, asked))
    context.close()
    return {
        "wire_kb": sum(wire) / 1000,
        "download_s": took,
        "headquarters_cpu_s": cpu,
        "start_ms": median(starts),
        "first_search_s": first,
        "search_p50_ms": median(found),
        "search_p95_ms": found[int(len(found) * 0.95)],
    }


def _first_search(page: Page, text: str) -> float:
    """Seconds from the PIN, typed on the lock screen, to the answer of the first search."""
    page.fill("#pin", PIN)
    began = time.perf_counter()
    page.press("#pin", "Enter")
    page.locator("#find").wait_for()
    page.evaluate("(text) => corridor.phone.people.ask('find', { text })", text)
    return time.perf_counter() - began


def _start(page: Page) -> float:
    """Milliseconds from the reload to the lock screen, by the browser's clock."""
    page.reload()
    page.locator("#pin").wait_for()
    ready: float = page.evaluate("performance.getEntriesByName('ready')[0]?.startTime ?? performance.now()")
    return ready


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, action="append", help="people on the roster; may be given again")
    parser.add_argument("--download", action="store_true", help="from a real headquarters, by enrolment")
    given = parser.parse_args()
    if given.download:
        with sync_playwright() as playwright:
            program = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            for people in given.people or PEOPLE:
                print(people, {name: round(value, 3) for name, value in download(browser, people).items()}, flush=True)
        return
    sizes = given.people or PEOPLE
    plan = load_replay(OPERATION)
    assert not isinstance(plan, Refusal), plan
    names = [tuple(one.text for one in identity.names) for _, identity in identities(plan.names, max(sizes))]
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "a Chromium is needed"
    print("people  roster, gzip kB  start ms  PIN to first search s  search p50/p95 ms  safe and green p50/p95 ms")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for people in sizes:
            found = measure(browser, serve(), names, people)
            print(
                f"{people:>7,} {found['wire_kb']:>15,.0f} {found['start_ms']:>9,.0f} {found['first_search_s']:>22,.2f} "
                f"{found['search_p50_ms']:>8,.1f} / {found['search_p95_ms']:,.1f} "
                f"{found['green_p50_ms']:>16,.1f} / {found['green_p95_ms']:,.1f}"
            )
        browser.close()


if __name__ == "__main__":
    main()
