"""The reference of the ledger says what the program does: the example is the frozen one, and no word is missing."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.ledger import golden_wire

from corridor.base import limits
from corridor.base.moments import Moment, datetime_of
from corridor.ledger import kinds
from corridor.ledger.book import path
from corridor.ledger.columns import Standing
from corridor.ledger.device import wire
from corridor.ledger.intake import Status

REFERENCE = Path(__file__).resolve().parent.parent.parent / "docs" / "reference"
WIRE = (REFERENCE / "wire.md").read_text(encoding="utf-8")
LEDGER = (REFERENCE / "ledger.md").read_text(encoding="utf-8")
GOLDEN: dict[str, Any] = json.loads(golden_wire.PATH.read_text(encoding="utf-8"))


def example(name: str) -> str:
    """The fenced text after the mark of that name."""
    found = re.search(rf"<!-- example {name} -->\n```\n(.*?)```\n", WIRE, re.DOTALL)
    assert found, name
    return found.group(1)


def first_cells(page: str) -> set[str]:
    """The words in code marks in the first cell of every table row."""
    return {
        word for row in page.splitlines() if row.startswith("| `") for word in re.findall(r"`(\w+)`", row.split("|")[1])
    }


def test_the_example_is_the_frozen_one() -> None:
    """The page's batch, head and receipt are those of the golden vectors, to the byte."""
    batch = GOLDEN["batches"][0]
    assert example("batch").encode() == bytes.fromhex(batch["bytes"])
    assert example("head") == batch["head"] + "\n"
    assert example("receipt") == GOLDEN["receipt"]["text"] + "\n"


@pytest.mark.parametrize("struct", [wire.Header, wire.Line])
def test_every_field_is_in_the_page(struct: type[wire.Header] | type[wire.Line]) -> None:
    """No field of a header or an event is missing."""
    assert set(struct.__struct_fields__) <= first_cells(WIRE)


def test_every_code_of_a_quarantine_is_in_both_pages() -> None:
    """Every reason for which a batch is held has its row."""
    codes = {vector["code"] for vector in GOLDEN["held"]} | {"revoked"}
    intake = (REFERENCE.parent.parent / "src" / "corridor" / "ledger" / "intake.py").read_text(encoding="utf-8")
    in_code = {"malformed", *re.findall(r'return "(\w+)", None$', intake, re.MULTILINE)}
    assert codes == in_code
    assert codes <= first_cells(LEDGER)
    assert all(f"| `{code}` |" in WIRE for code in codes)


def test_every_word_of_the_ledger_is_in_its_page() -> None:
    """Statuses, standings, postings, contradictions and the ledger's own kinds each have a row."""
    words = {*get_args(Status), *get_args(path.PostingType), *get_args(path.ConflictCode)}
    words |= {field.name for field in dataclasses.fields(Standing)} - {"hash"}
    own = {kinds.DEVICE_ENROLLED, kinds.DEVICE_REVOKED, kinds.CORRECTED, kinds.RECONCILED, kinds.BRANCH_BELIEVED}
    words |= own | {kinds.COUNTED, kinds.CLAIMED}
    assert words <= first_cells(LEDGER)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (WIRE, f"1 to {limits.BATCH_EVENTS_MAX} events"),
        (WIRE, f"At most {limits.EVENT_BYTES_MAX:,} bytes and {limits.EVENT_LEVELS_MAX} JSON levels"),
        (WIRE, f"at most {limits.EVENT_PERSONS_MAX}, none twice"),
        (WIRE, f"1 to {limits.ID_CHARS_MAX} printable ASCII"),
        (WIRE, f"1 to {wire.EPOCH_MAX};"),
        (WIRE, f"after the year {datetime_of(Moment(limits.LAST_MOMENT_MS)).year}"),
        (LEDGER, f"written after {limits.BOOK_CHECKPOINT_EVENTS:,} events"),
    ],
)
def test_bounds_in_the_pages_are_those_of_the_program(page: str, text: str) -> None:
    """Where a page names a bound in passing it is the bound."""
    assert text in page
