"""The application that a web server loads serves the pages' files itself."""

from __future__ import annotations

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
