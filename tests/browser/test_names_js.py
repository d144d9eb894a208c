"""The phone's names in a real browser: by the same tables it makes of names what Python makes of them."""

from __future__ import annotations

import base64
import json
import random
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from corridor.names.mrz.spelling import may_be_arabic, originals, spelled
from corridor.names.normalise import fold, keys
from corridor.names.phone import phone_tables, search_keys
from corridor.names.skeleton import skeleton

GOLDEN = Path(__file__).parents[1] / "golden"
VECTORS = json.loads((GOLDEN / "names" / "normalise.json").read_text("utf-8"))["vectors"]
SPELLINGS = json.loads((GOLDEN / "mrz" / "spelling.json").read_text("utf-8"))["names"]
SCRIPTS = ("Latin", "Arabic", "Cyrillic")
RUN = """async ([source, tables, names]) => {
  const { namesBy } = await import(`data:text/javascript;base64,${source}`);
  const n = namesBy(tables);
  return names.map((name) => {
    const zone = n.spelled(name);
    return {
      fold: n.fold(name), keys: n.keys(name), bones: n.keys(name).map(n.skeleton), search: n.searchKeys(name),
      spelled: zone, ukrainian: n.spelled(name, "uk"), arabic: n.mayBeArabic(zone.text),
      originals: ["Latin", "Arabic", "Cyrillic"].map((script) => n.originals(zone.text, script)),
    };
  });
}"""


def in_browser(browser: Browser, names: list[str]) -> list[dict[str, Any]]:
    """What the phone's module makes of each name."""
    source = base64.b64encode(files("corridor").joinpath("field/names.js").read_bytes()).decode()
    page = browser.new_page()
    try:
        found: list[dict[str, Any]] = page.evaluate(RUN, [source, phone_tables(), names])
        return found
    finally:
        page.close()


def in_python(name: str) -> dict[str, Any]:
    """What headquarters makes of a name."""
    zone, ukrainian = spelled(name), spelled(name, "uk")
    return {
        "fold": fold(name),
        "keys": list(keys(name)),
        "bones": [skeleton(key) for key in keys(name)],
        "search": list(search_keys(name)),
        "spelled": {"text": zone.text, "leftOut": zone.left_out},
        "ukrainian": {"text": ukrainian.text, "leftOut": ukrainian.left_out},
        "arabic": may_be_arabic(zone.text),
        "originals": [list(originals(zone.text, script)) for script in SCRIPTS],
    }


def drawn(rng: random.Random) -> str:
    """A name nobody has: pieces of real ones with prefixes, marks, joints and letters of any script between."""
    blocks = ((0x20, 0x180), (0x300, 0x30A), (0x400, 0x460), (0x590, 0x700), (0x1EA0, 0x1EFA), (0x2010, 0x2016),
              (0xFB1D, 0xFB4F), (0xFE70, 0xFEFD), (0x1D400, 0x1D410))  # fmt: skip
    prefixes = ["abd", "Abdul", "al-", "عبدال", "ال", "аль-", "Абд", "sh", "ch", "ibn", "עבד", "'", "-", "\u200f"]
    some = []
    for _ in range(rng.randrange(1, 7)):
        name = rng.choice(VECTORS)["name"]
        block = rng.choice(blocks)
        some.append(rng.choice((rng.choice(prefixes), name[: rng.randrange(1, 9)], chr(rng.randrange(*block)), " ")))
    return "".join(some)


def test_the_golden_vectors_hold_in_the_browser(chromium: Browser) -> None:
    """Keys and skeletons of every golden name, and the spelling of every golden zone name, are as written there."""
    found = in_browser(chromium, [vector["name"] for vector in VECTORS])
    assert [(one["keys"], one["bones"]) for one in found] == [(one["keys"], one["skeletons"]) for one in VECTORS]
    plain = [case for case in SPELLINGS if case.get("language") is None]
    assert len(plain) >= 10
    zones = in_browser(chromium, [case["name"] for case in plain])
    assert [one["spelled"]["text"] for one in zones] == [case["zone"] for case in plain]


def test_drawn_names_come_out_as_in_python(chromium: Browser) -> None:
    """Two thousand names with prefixes, marks and mixed scripts give the same in both, back from zones too."""
    rng = random.Random(23)
    names = ["", " ", "-", "金", "x" * 500, *(drawn(rng) for _ in range(2_000))]
    for name, found in zip(names, in_browser(chromium, names), strict=True):
        assert found == in_python(name), repr(name)


def test_tables_of_another_format_are_refused(chromium: Browser) -> None:
    """A phone with an old module says so instead of finding nobody."""
    source = base64.b64encode(files("corridor").joinpath("field/names.js").read_bytes()).decode()
    page = chromium.new_page()
    with pytest.raises(Exception, match="reads tables of format 1, not 2"):
        page.evaluate(RUN, [source, {**phone_tables(), "format": 2}, []])
    page.close()
