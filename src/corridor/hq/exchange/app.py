"""The phone's app as files: where they lie, and the headers that keep it safe. It holds nothing of anybody."""

from __future__ import annotations

from pathlib import Path
from wsgiref.headers import Headers

FIELD = Path(__file__).resolve().parents[2] / "field"
PREFIX = "field/"


def content_security_policy() -> str:
    """Nothing inline and nothing from elsewhere; compiled code only where the app ships some."""
    compiled = " 'wasm-unsafe-eval'" if any(FIELD.rglob("*.wasm")) else ""
    return (
        f"default-src 'none'; script-src 'self'{compiled}; style-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )


_POLICY = content_security_policy()


def app_headers(headers: Headers, path: str, url: str) -> None:
    """What every file of the app says beside its type: asked for anew each time, so that a new version is noticed."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = _POLICY
    headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    headers["Referrer-Policy"] = "no-referrer"  # the address that a code was scanned from goes nowhere
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Cache-Control"] = "no-cache"
