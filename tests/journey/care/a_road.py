"""What the tests of care, documents, movements and arrivals share: orders played into a history, and tests of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.journey.register.a_history import History

from corridor.base.moments import datetime_of
from corridor.base.refusal import Refusal
from corridor.journey.kinds import Kind
from corridor.ledger.event import Draft

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"


def play(history: History, answer: tuple[Draft, ...] | Refusal) -> None:
    """Record what an order became, as headquarters would."""
    assert not isinstance(answer, Refusal), answer
    for draft in answer:
        when = datetime_of(draft.happened_at).strftime("%dT%H:%M")
        history.add(
            when, draft.kind, *draft.persons, by=draft.by, source=draft.source, target=draft.target, **draft.body
        )


def code_of(answer: tuple[Draft, ...] | Refusal) -> str:
    """The code of a refusal."""
    assert isinstance(answer, Refusal), "it was not refused"
    assert "{" not in str(answer), "a template was not filled"
    return answer.code


def not_in_page(page: str, kinds: Iterable[Kind], orders: Iterable[type], codes: Iterable[str]) -> list[str]:
    """The kinds, orders and codes that a page of the reference does not list, and the rows it lists beside them."""
    text = (REFERENCE / page).read_text()
    listed = re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)
    named = [*(kind.name for kind in kinds), *(order.__name__ for order in orders), *codes]
    return [f"missing: {name}" for name in named if name not in listed] + [
        f"unknown: {name}" for name in listed if name not in named
    ]
