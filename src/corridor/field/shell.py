"""Which files make up the phone's app, under which version; headquarters hands them out as they are.

There is no build step. Filled in when the files are read are the tables of names and the weights of a zone's letters,
which Python and the browser share, the version, and in the service worker the list of what it keeps for work without a
network.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from corridor.names.phone import phone_tables
from corridor.names.pictures.letters import shipped_table

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
"""The media type of every kind of file the app has."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' "
    "data: blob:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""What the app's pages may do: run and ask for what headquarters hands out, and run the vendored reader of codes."""

PERMISSIONS_POLICY = "camera=(self), microphone=(), geolocation=()"

_WORKER = "sw.js"
_TABLES = "names-tables.json"
_LETTERS = "zone-letters.json"
_VERSION = "version.js"
_UNFILLED = b'const VERSION = "unfilled";\nconst FILES = [];\n'


@dataclass(frozen=True, slots=True)
class Shell:
    """The app: its `version`, which changes with any byte of it, and every file by its path below ``/field/``."""

    version: str
    files: dict[str, bytes]


@cache
def shell() -> Shell:
    """The app as it is installed, read once."""
    found = dict(sorted(_files(files("corridor.field"), "")))
    found[_TABLES] = json.dumps(phone_tables(), ensure_ascii=False, separators=(",", ":")).encode()
    letters = {name: part for name, part in shipped_table().items() if name != "card"}
    found[_LETTERS] = json.dumps(letters, separators=(",", ":")).encode()
    hashed = hashlib.sha256()
    for path, content in sorted(found.items()):
        hashed.update(f"{path}\n{len(content)}\n".encode() + content)
    version = hashed.hexdigest()[:12]
    found[_VERSION] = f"export default {json.dumps(version)};\n".encode()
    kept = ["./", *sorted(path for path in found if path not in (_WORKER, "index.html") and not path.endswith(".txt"))]
    assert _UNFILLED in found[_WORKER], "the service worker has its two lines to fill in"
    filled = f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(kept)};\n".encode()
    found[_WORKER] = found[_WORKER].replace(_UNFILLED, filled)
    return Shell(version, found)


def media_type(path: str) -> str:
    """The media type of a file of the app."""
    return MEDIA_TYPES[path[path.rindex(".") :]]


def _files(folder: Traversable, before: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for one in folder.iterdir():
        if one.is_dir():
            if not one.name.startswith("_"):
                found += _files(one, f"{before}{one.name}/")
        elif not one.name.endswith((".py", ".pyc")):
            found.append((before + one.name, one.read_bytes()))
    return found
