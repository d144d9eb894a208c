"""The app's files: complete, of one version, packed where asked; its words: complete in three languages."""

from __future__ import annotations

import gzip
import json
import re
from itertools import chain
from typing import Any, get_args

from corridor.base.refusal import RefusalKind
from corridor.field.serving import PREFIX, with_field
from corridor.field.shell import media_type, shell
from corridor.hq.exchange import refusals
from corridor.journey.care.events import Colour
from corridor.journey.cross.events import TurnedBackReason
from corridor.journey.move.events import PlaceType
from corridor.journey.register.events import AgeBand

LANGUAGES = ("en", "ru", "ar")
WORD = re.compile(r'^  (\w+): (".*"),$', re.M)
LITERAL = re.compile(r"""\bt\(["`](\w+)["`]""")
MADE = re.compile(r"\bt\(`(\w+_)\$\{")
IN_TABLES = re.compile(r'"(\w+)"')


def words(language: str) -> dict[str, str]:
    """The table of one language."""
    text = shell().files[f"texts/{language}.js"].decode()
    return {key: json.loads(value) for key, value in WORD.findall(text)}


def own_modules() -> dict[str, str]:
    """The app's own modules by path, without vendored ones and tables of words."""
    found = shell().files.items()
    mine = {path: text for path, text in found if path.endswith(".js") and not path.startswith(("vendor/", "texts/e"))}
    return {path: text.decode() for path, text in mine.items() if path not in ("texts/ru.js", "texts/ar.js")}


def asked_for(path: str, **environ: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body of a request to the app, or what lies behind it."""
    said: list[Any] = []

    def behind(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 Behind", [])
        return [b"behind"]

    given = {"PATH_INFO": path, "REQUEST_METHOD": "GET", **environ}
    body = b"".join(with_field(behind)(given, lambda status, headers: said.extend((status, dict(headers)))))
    return said[0], said[1], body


def test_every_language_has_every_word() -> None:
    """The three tables have the same keys, the same facts to fill in, and no word is empty or left in English."""
    english, *others = (words(language) for language in LANGUAGES)
    assert len(english) > 250
    for other in others:
        assert other.keys() == english.keys()
        for key, text in other.items():
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[key])), key
            assert re.search(r"[\u0400-\u06ff]", text) or not re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", text)), key


def test_every_word_the_screens_say_is_there_and_used() -> None:
    """A key that a screen names is in the tables; a key that nothing names, whole or by its beginning, is not."""
    english = words("en")
    texts = "\n".join(own_modules().values())
    literal, made = set(LITERAL.findall(texts)), set(MADE.findall(texts))
    assert literal <= english.keys()
    named = literal | set(IN_TABLES.findall(texts))
    unused = [key for key in english if key not in named and not key.startswith(tuple(made))]
    assert not unused


def test_closed_lists_of_headquarters_have_their_words() -> None:
    """Every word that may come from the events and the exchange is said in the officer's language."""
    english = words("en")
    lists = {
        "turned_": get_args(TurnedBackReason),
        "type_": get_args(PlaceType),
        "band_": get_args(AgeBand),
        "triage_": get_args(Colour),
        "held_": ("malformed", "unknown_device", "bad_signature", "broken_chain", "revoked"),
        "refused_": [one.code for one in vars(refusals).values() if isinstance(one, RefusalKind)],
        "colour_": ("cleared", "not", "hold", "none"),
        "why_": ("on_hold", "unfit", "fitness_expired", "not_examined", "in_suspense", "cleared", "not_asked",
                 "waiting", "refused", "expired", "no_leg"),
        "status_": ("planned", "boarding", "closed", "departed", "arrived"),
        "end_": ("received", "handed_over", "withdrawn", "died"),
    }  # fmt: skip
    assert lists["refused_"]
    missing = [before + word for before, some in lists.items() for word in some if before + word not in english]
    assert not missing


def test_the_worker_keeps_every_file_of_one_version() -> None:
    """What the service worker keeps is everything a module, a page or a style names, under the app's version."""
    files = shell().files
    worker = files["sw.js"].decode()
    kept = json.loads(re.findall(r"const FILES = (.*);", worker)[0])
    assert json.loads(re.findall(r"const VERSION = (.*);", worker)[0]) == shell().version
    reader = "vendor/zxing/reader/zxing_reader.wasm"
    assert {"./", "names-tables.json", "zone-letters.json", "version.js", reader} <= set(kept)
    assert all(path == "./" or path in files for path in kept)
    imported = chain.from_iterable(
        re.findall(r'(?:from|import\() ?"(\.{1,2}/[\w./-]+)"', text) for text in own_modules().values()
    )
    assert {path.rsplit("/", 1)[-1] for path in imported} <= {path.rsplit("/", 1)[-1] for path in kept}
    assert not [path for path in kept if path.endswith((".py", ".txt"))]


def test_vendored_files_have_their_licences() -> None:
    """Every vendored library lies beside its licence."""
    vendored = {path for path in shell().files if path.startswith("vendor/")}
    assert {f"vendor/{name}-LICENSE.txt" for name in ("noble-ed25519", "zxing-wasm", "zxing-cpp")} <= vendored


def test_files_are_handed_out_packed_and_asked_for_anew() -> None:
    """The page by its address, a module packed, a version that is there already not again; all else to headquarters."""
    status, headers, body = asked_for(PREFIX)
    assert (status, body) == ("200 OK", shell().files["index.html"])
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-cache"
    status, headers, body = asked_for(f"{PREFIX}main.js", HTTP_ACCEPT_ENCODING="gzip, br")
    assert (headers["Content-Encoding"], gzip.decompress(body)) == ("gzip", shell().files["main.js"])
    status, _, body = asked_for(f"{PREFIX}main.js", HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (status, body) == ("304 Not Modified", b"")
    assert asked_for(f"{PREFIX}shell.py")[2] == b"behind"
    assert asked_for(f"{PREFIX}exchange", REQUEST_METHOD="POST")[2] == b"behind"
    assert asked_for("/")[2] == b"behind"


def test_every_file_has_a_type() -> None:
    """No file is left to be guessed at."""
    assert {media_type(path) for path in shell().files} >= {"text/html; charset=utf-8", "application/wasm"}
