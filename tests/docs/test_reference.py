"""The reference says what the code does: every event, order, refusal, discrepancy, finding and limit."""

from __future__ import annotations

import importlib
import re

import pytest
from tests.docs.reference_tables import PAGES, REFERENCE, TABLE, TABLES, filled, findings, modules, refusals

from corridor.base.refusal import RefusalKind
from corridor.journey.catalogue import KINDS
from corridor.journey.findings import FindingKind
from corridor.journey.kinds import STAGES


@pytest.mark.parametrize("page", PAGES)
def test_an_index_page_holds_the_tables_of_the_code(page: str) -> None:
    """Word for word; `python -m tests.docs.reference_tables` writes them anew."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    assert text == filled(text), f"docs/reference/{page} is behind: python -m tests.docs.reference_tables"


def test_every_table_stands_on_a_page() -> None:
    """No table of the code is left out of the reference."""
    shown = [found[1] for page in PAGES for found in TABLE.findall((REFERENCE / page).read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(TABLES)


def test_a_changed_word_is_noticed() -> None:
    """A page that says one thing otherwise than the code is not taken for right."""
    text = (REFERENCE / "limits.md").read_text(encoding="utf-8")
    wrong = text.replace("| `BATCH_EVENTS_MAX` | 256 |", "| `BATCH_EVENTS_MAX` | 255 |")
    assert wrong != text
    assert filled(wrong) == text


def test_every_refusal_and_finding_is_on_the_page_of_its_stage() -> None:
    """Also one that is missing from its stage's catalogue, where the stage's own test would not see it."""
    absent = []
    for name in modules():
        stage = name.removeprefix("corridor.journey.").partition(".")[0]
        if stage not in STAGES:
            continue
        page = (REFERENCE / f"{stage}.md").read_text(encoding="utf-8")
        made = [
            one for one in vars(importlib.import_module(name)).values() if isinstance(one, RefusalKind | FindingKind)
        ]
        absent += [f"{stage}: {one.code}" for one in made if f"| `{one.code}` |" not in page and _of(one, stage)]
    assert absent == []


def test_every_kind_is_on_the_page_of_its_stage() -> None:
    """A kind of event is explained where its stage is."""
    pages = {stage: (REFERENCE / f"{stage}.md").read_text(encoding="utf-8") for stage in STAGES}
    assert [kind.name for kind in KINDS.values() if f"`{kind.name}`" not in pages[kind.stage]] == []


def _of(one: RefusalKind | FindingKind, stage: str) -> bool:
    """Whether it belongs to the stage: a later stage may import an earlier one's."""
    row = f"| `{one.code}` | [{stage}]({stage}.md) |"
    return row in [*refusals(), *findings()]


def test_no_link_of_the_documentation_is_broken() -> None:
    """Every relative link of every page leads to a file that is there."""
    docs = REFERENCE.parent
    pages = [*docs.rglob("*.md"), docs.parent / "README.md", docs.parent / "ARCHITECTURE.md"]
    broken = []
    for page in pages:
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in link and not (page.parent / link).exists():
                broken.append(f"{page.relative_to(docs.parent)}: {link}")
    assert broken == []
