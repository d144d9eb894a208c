"""What headquarters may want done about forecasts: the orders, and the facts by which they are decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corridor.base.ids import UserId
from corridor.base.moments import Moment
from corridor.journey.issuing.state import BeliefSet

Quantiles = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBelief:
    """Set by hand what the forecast believes, and say why.

    `typical` is a value in the unit in which the belief is shown, worth as much as `worth` days or cases seen. Both
    None: back to what is shipped.
    """

    by: UserId
    belief: str
    why: str
    typical: float | None = None
    worth: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueForecast:
    """Issue a forecast: it stays on record, and is scored when what it speaks of is over.

    `home` and `own` are quantiles of persons home within days, as issued and before recalibration, by days;
    `all_out_hours` quantiles of hours until all are out; `on_the_road` how many persons it speaks of. The levels are
    those of `corridor.forecast.scores`.
    """

    by: UserId
    as_of: Moment
    known: Moment
    model: str
    runs: int
    on_the_road: int
    home: Mapping[int, Quantiles]
    own: Mapping[int, Quantiles]
    all_out_hours: Quantiles


IssuingOrder = SetBelief | IssueForecast


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuingFacts:
    """What orders about forecasts are decided by: beliefs set by hand, and moments of which one was issued."""

    beliefs: Mapping[str, BeliefSet]
    issued: frozenset[Moment]
