"""How good were earlier forecasts? The score card as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.forecast.scores import ENOUGH, Card
from corridor.journey.forecasting.kept import ScoreCards


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One score card: of what, how many have matured, how many of them the range held, and what follows."""

    title: str
    matured: int
    covered: str
    error: str
    says: str
    withdrawn: bool


def cards_of(cards: ScoreCards) -> list[CardRow]:
    """The cards, "all out" first."""
    homes = [
        _row(ngettext("home within %(days)d day", "home within %(days)d days", days) % {"days": days}, one, hours=False)
        for days, one in cards.home.items()
    ]
    return [_row(_("all out"), cards.all_out, hours=True), *homes]


def _row(title: str, card: Card, *, hours: bool) -> CardRow:
    covered = (
        "–" if card.covered is None else _("%(percent)d%% (80%% promised)") % {"percent": round(100 * card.covered)}
    )
    error = "–"
    if card.crps is not None:
        unit = _("%(number)d h") if hours else _("%(number)d people")
        error = unit % {"number": round(card.crps)}
    if card.withdrawn:
        says = _("not calibrated here")
    elif not card.judged:
        says = _("too few to judge: %(number)d of %(enough)d") % {"number": card.matured, "enough": ENOUGH}
    else:
        says = _("calibrated")
    return CardRow(title=title, matured=card.matured, covered=covered, error=error, says=says, withdrawn=card.withdrawn)
