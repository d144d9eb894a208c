"""The pages on importing say what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from corridor.base import limits
from corridor.base.sheets.fields import FIELDS, KINDS, Kind
from corridor.base.sheets.mapping import Mapping, from_json
from corridor.base.sheets.values import DocumentType

DOCS = Path(__file__).resolve().parents[3] / "docs"
HEADINGS = {"people": "People", "list": "List", "events": "Events"}


@pytest.mark.parametrize("kind", KINDS)
def test_reference_lists_every_field_and_word(kind: Kind) -> None:
    """The table of each kind has exactly the fields of the program, in order, each with exactly its headers."""
    page = (DOCS / "reference" / "import-columns.md").read_text(encoding="utf-8")
    section = page.partition(f"## {HEADINGS[kind]}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", section, re.MULTILINE)
    shown = [(name, means.removesuffix(" (several columns)"), tuple(words.split(", "))) for name, means, words in rows]
    assert shown == [(field.name, field.means, field.words) for field in FIELDS[kind]]


def test_reference_lists_every_document_type() -> None:
    """The closed list of types of document stands in the reference."""
    page = (DOCS / "reference" / "import-columns.md").read_text(encoding="utf-8")
    assert ", ".join(get_args(DocumentType)) in page
    assert f"at most {limits.EVENT_PERSONS_MAX}" in page and f"over {limits.SHEET_NAME_CHARS_MAX} characters" in page


def test_mapping_of_the_how_to_is_one() -> None:
    """The mapping printed in the how-to is read, and the limits it tells are those of the program."""
    page = (DOCS / "how-to" / "import.md").read_text(encoding="utf-8")
    shown = page[page.index("    {\n") : page.index("\n    }\n") + 6]
    assert isinstance(from_json(json.dumps(json.loads(shown)), "people"), Mapping)
    told = f"over {limits.SHEET_FILE_BYTES_MAX // 2**20} MiB, over {limits.SHEET_ROWS_MAX:,} rows"
    assert told in page and f"over {limits.SHEET_COLUMNS_MAX} columns" in page
