"""How the app reaches a phone: from memory, packed, and asked for anew each time so that a new version is noticed."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from corridor.field.shell import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY, media_type, shell

PREFIX = "/field/"
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Permissions-Policy", PERMISSIONS_POLICY),
    ("Referrer-Policy", "no-referrer"),  # the address that a code was scanned from goes nowhere
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-cache"),
    ("Vary", "Accept-Encoding"),
)
"""What every file of the app says beside its type."""

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def with_field(pages: Application) -> Application:
    """A WSGI application that hands out the app's files, and leaves every other request to `pages`."""
    plain = shell().files
    packed = {path: gzip.compress(content, mtime=0) for path, content in plain.items()}
    etag = f'"{shell().version}"'

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get("PATH_INFO", "")
        path = asked.removeprefix(PREFIX) or "index.html"
        method = environ.get("REQUEST_METHOD")
        if not asked.startswith(PREFIX) or path not in plain or method not in ("GET", "HEAD"):
            return pages(environ, start_response)
        headers = [("Content-Type", media_type(path)), ("ETag", etag), *HEADERS]
        if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return []
        small = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        body = (packed if small else plain)[path]
        if small:
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return _body(body if method == "GET" else b"")

    return application


def _body(content: bytes) -> Sequence[bytes]:
    return [content] if content else []
