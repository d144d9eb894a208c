"""What the phone's tests share: its files as headquarters serves them, and a page that runs its modules."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from corridor.field.shell import CONTENT_SECURITY_POLICY, media_type, shell

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
