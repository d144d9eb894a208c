"""How the forecast stands at the top of the first page, and on a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from corridor.hq.desks.forecast.arriving import arriving
from corridor.hq.desks.forecast.asked import asked_for, tag_for
from corridor.hq.desks.forecast.block import block_facts

register = template.Library()


@register.inclusion_tag("hq/desks/forecast/_region.html", takes_context=True)
def outlook_block(context: Mapping[str, Any]) -> dict[str, Any]:
    """The region of the block, with the clocks in the page's address and from what stands already."""
    asked = asked_for(context["request"], walk=False)
    return {
        "chosen_clocks": context.get("chosen_clocks", ""),
        "tag": tag_for(context["request"], asked),
        **block_facts(asked),
    }


@register.inclusion_tag("hq/desks/forecast/_arriving.html", takes_context=True)
def likely_home(context: Mapping[str, Any], person: str) -> dict[str, Any]:
    """When a person is likely home; nothing where that is not known."""
    return arriving(context["request"], person)
