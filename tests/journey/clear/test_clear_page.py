"""The reference page of the stage says what the code does."""

from __future__ import annotations

from tests.journey.register.a_page import missing

from corridor.journey.clear.events import KINDS
from corridor.journey.clear.findings import CATALOGUE as FINDINGS
from corridor.journey.clear.refusals import CATALOGUE as REFUSALS
from corridor.journey.clear.rules import Order


def test_the_page_has_every_event_order_refusal_and_finding() -> None:
    """With every field of every event, and every sentence word for word."""
    assert missing("clear.md", KINDS, Order, REFUSALS, FINDINGS) == []
