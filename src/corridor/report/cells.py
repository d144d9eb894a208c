"""What a cell of a spreadsheet can hold of a text that somebody else wrote."""

from __future__ import annotations

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE


def written(text: str) -> str:
    """The text with a mark where it has a control character, which no spreadsheet can hold: one name must not keep a
    whole manifest from being written."""
    return str(ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text))
