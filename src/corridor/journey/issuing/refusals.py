"""Every expected no about forecasts."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

BELIEF_NOT_KNOWN = RefusalKind(
    "belief_not_known", "The forecast believes nothing called {belief}.", "Choose a belief from the list."
)
BELIEF_VALUE = RefusalKind(
    "belief_value",
    "This value cannot be believed: it must be above 0 and at most {most}.",
    "Write the value in the unit that stands beside it.",
)
BELIEF_WORTH = RefusalKind(
    "belief_worth",
    "What a value is worth is counted in days or cases, from 0.5 to 1,000.",
    "Write how many days or cases seen it should weigh as much as.",
)
BELIEF_NOT_SET = RefusalKind(
    "belief_not_set", "Nobody has set {belief} by hand: it is as shipped.", "Choose a belief that is set by hand."
)
FORECAST_TOLD = RefusalKind(
    "forecast_told",
    "A forecast as of this moment is issued already.",
    "Wait until something new is recorded, or until the next full hour.",
)
FORECAST_AHEAD = RefusalKind(
    "forecast_ahead", "A forecast cannot speak from a moment to come.", "Look at the clock of this machine."
)

CATALOGUE: tuple[RefusalKind, ...] = (
    BELIEF_NOT_KNOWN,
    BELIEF_VALUE,
    BELIEF_WORTH,
    BELIEF_NOT_SET,
    FORECAST_TOLD,
    FORECAST_AHEAD,
)
