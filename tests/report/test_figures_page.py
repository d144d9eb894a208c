"""The page of figures says what the program counts."""

from __future__ import annotations

import re
from pathlib import Path

from corridor.journey.board.board import ADDENDS, DAY_FIGURES, FIGURES, GROUPS, MERGED_FIGURE
from corridor.report.figures import definition_of
from corridor.report.words import words

TREE = Path(__file__).resolve().parents[2]
PAGE = (TREE / "docs" / "reference" / "figures.md").read_text(encoding="utf-8")


def rows(text: str) -> dict[str, str]:
    """The rows of tables whose first cell is code."""
    return dict(re.findall(r"^\| `(\w+)` \| (.+?) \|$", text, re.MULTILINE))


def test_every_figure_with_its_definition() -> None:
    """The page has every code, in the order they are told, with the definition that the reports print."""
    said = rows(PAGE)
    codes = (*FIGURES, MERGED_FIGURE, *DAY_FIGURES)
    assert tuple(code for code in said if not code.startswith("_")) == codes
    assert {code: said[code] for code in codes} == {code: definition_of(code, words("en")) for code in codes}
    assert tuple(code for code in said if code.startswith("_")) == tuple(f"_{group}" for group in GROUPS)


def test_the_sum() -> None:
    """Page and ARCHITECTURE give the sum as the program takes it while no ids are merged."""
    for page in (PAGE, (TREE / "ARCHITECTURE.md").read_text(encoding="utf-8")):
        (line,) = re.findall(r"registered = ([\w +]+\w)", page)
        assert sorted(line.split(" + ")) == sorted(ADDENDS)
