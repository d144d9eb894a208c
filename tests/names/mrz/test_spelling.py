"""Names go into a zone's letters and come back as far as the table allows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.names.mrz.spelling import ORIGINALS_MAX, may_be_arabic, originals, spelled

NAMES = json.loads((Path(__file__).parents[2] / "golden/mrz/spelling.json").read_text(encoding="utf-8"))["names"]


@pytest.mark.parametrize("case", NAMES, ids=[case["zone"] for case in NAMES])
def test_golden_spellings(case: dict[str, Any]) -> None:
    """Every golden name is spelled as written there, and its original is among those offered."""
    made = spelled(case["name"], case.get("language"))
    assert (made.text, made.left_out) == (case["zone"], case.get("left_out", ""))
    for original in case.get("originals", []):
        assert original in originals(made.text, case["script"])


def test_cyrillic_offers_every_reading() -> None:
    """E comes back as Е and Ё, within the bound; a spelling that Cyrillic cannot make offers nothing."""
    assert {"СЕМЕНОВ", "СЕМЁНОВ", "СЁМЕНОВ"} <= set(originals("SEMENOV", "Cyrillic"))
    assert len(originals("EEEEEEEE", "Cyrillic")) == ORIGINALS_MAX
    assert originals("QXW", "Cyrillic") == ()


@pytest.mark.parametrize(
    ("spelling", "may"),
    [("MXHMWD<EBDALRXHYM", True), ("XHAFA", True), ("ALEXANDER", False), ("MAXBERG", False), ("ERIKSSON", False)],
)
def test_codes_are_told_from_latin(spelling: str, may: bool) -> None:
    """Arabic codes are seen; Latin names with an X are not taken for them, but for the few that look so."""
    assert may_be_arabic(spelling) is may


@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever the text, the spelling has only the zone's letters, stays short, and single gaps divide its parts."""
    made = spelled(text).text
    assert set(made) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    assert len(made) <= 300 * 4 and "<<" not in made and made.strip("<") == made
    for script in ("Latin", "Cyrillic", "Arabic"):
        assert len(originals(made, script)) <= ORIGINALS_MAX


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوىيءآأئ", min_size=1, max_size=12))
def test_arabic_comes_back_exactly(name: str) -> None:
    """A name of Arabic letters turned into codes is among the originals of its codes."""
    assert name in originals(spelled(name).text, "Arabic")
