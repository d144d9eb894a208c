"""The reference page of the stage says what the code does."""

from __future__ import annotations

from tests.journey.register.a_page import missing

from corridor.journey.register.events import KINDS
from corridor.journey.register.findings import CATALOGUE as FINDINGS
from corridor.journey.register.orders import Order
from corridor.journey.register.refusals import CATALOGUE as REFUSALS


def test_the_page_has_every_event_order_refusal_and_finding() -> None:
    """With every field of every event, and every sentence word for word."""
    assert missing("register.md", KINDS, Order, REFUSALS, FINDINGS) == []
