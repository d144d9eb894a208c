"""The app without headquarters behind it: new versions, two tabs, a full disk, a browser that is not safe enough."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.browser.field.conftest import PIN

from corridor.field.serving import with_field
from corridor.field.shell import shell

ENROLLED = """async (pin) => {
  const { openStore } = await import("/field/record/store.js");
  const { makeVault, makeSigningKey } = await import("/field/record/keys.js");
  const store = await openStore();
  const { vault } = await makeVault(pin, 1000);
  const { own, publicKey } = await makeSigningKey(true);
  const { hex } = await import("/field/record/bytes.js");
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const exportKey = hex(await crypto.subtle.exportKey("raw", pair.publicKey));
  await store.put("enrolments", { device: "alone-1", user: "gate", userName: "Timur Aliev", role: "gate_officer",
    place: "rafah", operation: "alone", titles: {}, languages: ["en"], zone: "UTC", headquartersKey: publicKey,
    exportKey, epoch: 1, keys: [{ from: 1, key: own, sealedSeed: null, publicKey }], vault, revoked: false });
  store.close();
}"""


CONTROLLED = """() => new Promise((done) => {
  const look = () => (navigator.serviceWorker.controller ? done() : setTimeout(look, 50));
  look();
})"""


class _Quiet(WSGIRequestHandler):
    """Says nothing of every request."""

    def log_message(self, *_said: object) -> None:
        """Nothing: a test's output is its own."""


class _Many(ThreadingMixIn, WSGIServer):
    """Answers each connection by itself: a browser opens one ahead and says nothing on it for a while."""

    daemon_threads = True


@dataclass
class Handed:
    """Where the app is handed out, and which version of its service worker it says it is."""

    address: str
    version: str


@pytest.fixture
def handed() -> Iterator[Handed]:
    """The app from a server whose version a test may raise, as an update of headquarters does."""
    told = Handed("", shell().version)

    def nothing(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("404 Not Found", [])
        return []

    plain = with_field(nothing)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/field/sw.js":
            return plain(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "no-cache")])
        return [shell().files["sw.js"].replace(shell().version.encode(), told.version.encode())]

    server = make_server("127.0.0.1", 0, application, server_class=_Many, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_port}/field/"
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh phone-sized browser."""
    fresh = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    yield fresh
    fresh.close()


def unlocked(context: BrowserContext, address: str) -> Page:
    """An enrolled phone, open; headquarters is nowhere."""
    page = context.new_page()
    page.goto(address)
    page.locator("#code").wait_for()
    page.evaluate(ENROLLED, PIN)
    page.reload()
    page.fill("#pin", PIN)
    page.press("#pin", "Enter")
    expect(page.locator("#find")).to_be_visible()
    return page


def kept(page: Page) -> list[str]:
    """The versions that the browser keeps."""
    names: list[str] = page.evaluate("caches.keys()")
    return names


def test_a_new_version_is_told_and_taken_over_by_touch(context: BrowserContext, handed: Handed) -> None:
    """An update waits until the officer says so; then the page runs the new one only, and records outlive it."""
    page = unlocked(context, handed.address)
    record = "corridor.phone.record([{ at: 1, kind: 'at_gate', persons: ['p1'], body: { gate: 'rafah' } }])"
    assert page.evaluate(record) == ["alone-1/1/1"]
    page.evaluate(CONTROLLED)
    handed.version = "0123456789ab"
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true)")
    expect(page.locator(".notice", has_text="A new version is here")).to_be_visible()
    assert page.evaluate("corridor.phone.outbox.waiting.count") == 1, "nothing was interrupted"
    with page.expect_navigation():
        page.get_by_role("button", name="Use it now").click()
    page.fill("#pin", PIN)
    page.press("#pin", "Enter")
    expect(page.locator(".strip .outbox")).to_contain_text("Waiting: 1")
    assert kept(page) == ["corridor-field-0123456789ab"]


def test_two_tabs_never_write_one_chain(context: BrowserContext, handed: Handed) -> None:
    """A second tab says that the app is open elsewhere, and shows nothing to record with."""
    unlocked(context, handed.address)
    second = context.new_page()
    second.goto(handed.address)
    expect(second.locator("h1")).to_have_text("Open in another tab")
    assert second.locator("input, button").count() == 0


def test_a_full_disk_is_red(context: BrowserContext, handed: Handed) -> None:
    """When the disk takes nothing more the bar is red, nothing is recorded, and the next record has its number."""
    page = unlocked(context, handed.address)
    page.evaluate("""() => {
      const { store } = corridor.phone;
      const write = store.write;
      store.write = function () {
        store.write = write;
        return Promise.reject(new DOMException("full", "QuotaExceededError"));
      };
    }""")
    page.get_by_role("button", name="Unknown person").click()
    page.fill("#form", "f-7k2m9qx4-h 3")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator(".said .red")).to_contain_text("Not recorded")
    expect(page.locator(".said .red")).to_contain_text("The phone is full")
    assert page.evaluate("corridor.phone.outbox.waiting.count") == 0
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator(".said .green")).to_contain_text("Unknown person")
    events = page.evaluate("corridor.phone.records.map(({ id, event }) => [id, event.persons, event.body.application])")
    assert events == [["alone-1/1/1", ["paper-F-7K2M9QX4-H-3"], "paper-F-7K2M9QX4-H-3"]]
    expect(page.locator("section.party")).to_be_visible()
    page.go_back()
    expect(page.locator("section.find")).to_be_visible()
    page.fill("#find", "F-7K2M9QX4-H-3")
    page.press("#find", "Enter")
    expect(page.locator("section.party h1")).to_contain_text("Unknown person, adult, paper-F-7K2M9QX4-H-3")


def test_records_wait_where_nobody_answers(context: BrowserContext, handed: Handed) -> None:
    """Against a server that is no headquarters nothing is believed, and the phone says so."""
    page = unlocked(context, handed.address)
    page.evaluate("corridor.phone.record([{ at: 1, kind: 'at_gate', persons: ['p1'], body: { gate: 'rafah' } }])")
    page.locator(".strip .outbox").click()
    page.get_by_role("button", name="Exchange now").click()
    expect(page.locator(".told")).to_contain_text("no answer of headquarters")
    expect(page.locator(".record .state")).to_have_text("waits")


def test_a_press_during_an_exchange_is_answered(context: BrowserContext, handed: Handed) -> None:
    """Pressing "Exchange now" while one is under way begins another after it; the outbox says what came of either."""
    under_way: list[Route] = []
    context.route("**/field/exchange", lambda route: under_way.append(route))
    page = unlocked(context, handed.address)
    page.locator(".strip .outbox").click()
    expect(page.locator(".strip .outbox")).to_contain_text("Exchanging")
    page.get_by_role("button", name="Exchange now").click()
    expect(page.locator(".told")).to_have_text("Exchanging …")
    assert len(under_way) == 1, "two at once would number batches twice"
    with page.expect_request("**/field/exchange"):
        under_way[0].continue_()
    expect(page.locator(".told")).to_have_text("Exchanging …")
    under_way[1].continue_()
    expect(page.locator(".told")).to_contain_text("no answer of headquarters")


def test_the_outbox_says_by_itself_what_came_of_an_exchange(context: BrowserContext, handed: Handed) -> None:
    """An open outbox shows a record made meanwhile, and why it waits; what is about to be pressed stays."""
    page = unlocked(context, handed.address)
    page.locator(".strip .outbox").click()
    expect(page.locator(".told")).to_contain_text("no answer of headquarters")
    export = page.get_by_role("button", name="Export to a file")
    export.focus()
    page.evaluate("corridor.phone.record([{ at: 1, kind: 'at_gate', persons: ['p1'], body: { gate: 'rafah' } }])")
    expect(page.locator(".record .state")).to_have_text("waits")
    expect(page.locator("section.list > p").first).to_contain_text("Waiting: 1")
    expect(export).to_be_focused()


def test_enter_behind_a_code_opens_its_person_once(context: BrowserContext, handed: Handed) -> None:
    """A reader that types Enter while the person it found is being drawn opens them once: one Back leads back."""
    page = unlocked(context, handed.address)
    page.evaluate("corridor.phone.record([{ at: 1, kind: 'at_gate', persons: ['p1'], body: { gate: 'rafah' } }])")
    page.evaluate("""async () => {
      const { phone } = corridor;
      const after = (ms) => new Promise((done) => setTimeout(done, ms));
      const read = phone.party.bind(phone);
      phone.party = (id) => after(300).then(() => read(id));
      const input = document.querySelector("#find");
      input.value = "p1";
      input.form.requestSubmit();
      while (history.state?.depth !== 2) await after(5);
      input.form.requestSubmit();
    }""")
    expect(page.locator("section.party")).to_be_visible()
    page.go_back()
    expect(page.locator("section.find")).to_be_visible()
