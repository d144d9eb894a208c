"""The explanations are held to the code: tests that are named exist, and log books end where the page says."""

from __future__ import annotations

import re

import pytest
from tests.docs.transcripts import TREE
from tests.ledger.test_path import walked

EXPLANATION = TREE / "docs" / "explanation"
LOGS = re.findall(r"```log\n(.*?)```", (EXPLANATION / "suspense.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("log", LOGS, ids=range(1, len(LOGS) + 1))
def test_a_log_book_ends_where_the_page_says(log: str) -> None:
    """The account, and for suspense the code of the contradiction."""
    *records, end = log.splitlines()
    found = walked(records)
    assert f"= {found.account}{f' {found.conflict.code}' if found.conflict else ''}" == end


def test_both_sides_of_suspense_are_shown() -> None:
    """Each kind of contradiction has its log book, beside some that are none."""
    ends = " ".join(log.splitlines()[-1] for log in LOGS)
    assert all(code in ends for code in ("two_places", "too_soon", "forked_record", "place:cairo", "aboard:bus"))


def test_every_test_that_a_law_names_exists() -> None:
    """A law is not held by a test that is gone."""
    text = (EXPLANATION / "laws.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) >= 15
    assert [f"{file}::{test}" for file, test in named if f"def {test}(" not in (TREE / file).read_text("utf-8")] == []


def test_the_laws_are_nine() -> None:
    """By number, without a gap, since `corridor verify` names them so."""
    text = (EXPLANATION / "laws.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\d+)\. ", text, re.MULTILINE) == [str(number) for number in range(1, 10)]
