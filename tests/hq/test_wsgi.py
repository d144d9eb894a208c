"""The application that a web server loads serves the pages' files itself."""

from __future__ import annotations

import gzip
from wsgiref.util import setup_testing_defaults

import pytest


@pytest.mark.parametrize(
    ("path", "status", "type_"),
    [
        ("/static/hq/clocks.js", "200 OK", "text/javascript"),
        ("/static/hq/frame.css", "200 OK", "text/css"),
        ("/static/hq/none.css", "404 Not Found", "text/html"),
        ("/static/../settings.py", "404 Not Found", "text/html"),
        ("/alive/", "200 OK", "text/plain"),
    ],
)
def test_files_are_served(django: None, path: str, status: str, type_: str) -> None:
    """Styles and scripts come with their type and are never guessed; nothing outside their folder is given."""
    from corridor.hq.wsgi import application  # noqa: PLC0415 - the settings are not ready before

    environ: dict[str, object] = {"PATH_INFO": path, "HTTP_HOST": "127.0.0.1"}
    setup_testing_defaults(environ)
    answered = {}

    def start(said: str, headers: list[tuple[str, str]], error: object = None) -> None:
        answered.update({name.lower(): value for name, value in headers}, status=said)

    body = application(environ, start)
    getattr(body, "close", lambda: None)()
    assert answered["status"] == status
    assert answered["content-type"].startswith(type_)
    assert answered["x-content-type-options"] == "nosniff"


def test_an_exchange_goes_past_the_pages(django: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone's answer comes packed where it takes that, without cookie; a mistake in making it is told and logged."""
    from django.http import HttpResponse  # noqa: PLC0415 - the settings are not ready before

    from corridor.hq.exchange import front  # noqa: PLC0415

    def ask(method: str = "POST", path: str = front.ADDRESS) -> tuple[str, dict[str, str], bytes]:
        environ: dict[str, object] = {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_ACCEPT_ENCODING": "gzip"}
        setup_testing_defaults(environ)
        told: list[object] = []
        body = front.with_exchange(lambda _environ, _start: [b"pages"])(environ, lambda *said: told.extend(said))
        headers = {name: value for name, value in told[1]} if told else {}  # type: ignore[attr-defined]
        return str(told[0]) if told else "", headers, b"".join(body)

    monkeypatch.setattr(front, "exchange", lambda _request: HttpResponse(b"a" * 1_000, content_type="text/plain"))
    status, headers, body = ask()
    assert (status, gzip.decompress(body), headers["Content-Encoding"]) == ("200 OK", b"a" * 1_000, "gzip")
    assert int(headers["Content-Length"]) == len(body)
    assert "Set-Cookie" not in headers
    monkeypatch.setattr(front, "exchange", lambda _request: 1 // 0)
    assert ask()[0] == "500 Internal Server Error"
    assert ask("GET")[2] == ask(path="/field/enrol")[2] == b"pages"
