"""Every expected no of making and issuing plans."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

BEING_MADE = RefusalKind(
    "plan_being_made", "Another plan is being made.", "Wait until it is made, or stop it with what it has found."
)
OVERTAKEN = RefusalKind(
    "plan_overtaken",
    "The board has moved since the plan was made: {changes} things in it do not hold any more.",
    "Look at them below, and make a new plan from here.",
)

CATALOGUE = (BEING_MADE, OVERTAKEN)
