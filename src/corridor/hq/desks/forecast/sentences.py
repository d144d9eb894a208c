"""What a forecast says in words: for the reader who wants the answer, and for the one who cannot see the drawing."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.base.moments import DAY_MS, HOUR_MS, Moment, datetime_of
from corridor.forecast.scores import ENOUGH
from corridor.journey.forecasting.answers import Answer
from corridor.journey.forecasting.outlook import TWENTY, Outlook, Stand
from corridor.journey.forecasting.road import DAYS

SAID_OF_TWENTY = 17
"""Futures of twenty that the sentence waits for: about the P85, a date that one can plan by."""
HOURS_SAID_DAYS = 10
"""Within so many days the hour is said as well; further away it would sound more exact than it is."""


def by_when(moment: Moment, at: Moment, zone: str) -> str:
    """A moment of the forecast, rounded up to the hour, said as exactly as it can be known."""
    when = datetime_of(Moment(-(-moment // HOUR_MS) * HOUR_MS), zone)
    near = moment - at < HOURS_SAID_DAYS * DAY_MS
    return formats.date_format(when, _("D j M, H:i") if near else _("D j M"))


def ends_by(stand: Stand, at: Moment, zone: str) -> str:
    """In how many of twenty futures all are out by when."""
    times = [one for one in stand.twenty if one is not None]
    if not times:
        return _("In none of 20 futures are all out within %(days)d days.") % {"days": DAYS}
    count = min(SAID_OF_TWENTY, len(times))
    facts = {"count": count, "time": by_when(times[count - 1], at, zone), "late": stand.late, "days": DAYS}
    if len(times) >= SAID_OF_TWENTY:
        return _("%(count)d of 20 futures are out by %(time)s.") % facts
    return _("%(count)d of 20 futures are out by %(time)s, %(late)d of 20 not within %(days)d days.") % facts


def headline(outlook: Outlook, zone: str) -> str:
    """The answer in one sentence: when all are out, or why that is not said."""
    if not outlook.persons and outlook.last_home is not None:
        time = formats.date_format(datetime_of(outlook.last_home, zone), _("j M Y, H:i"))
        return _("Nobody is on the road. The last came home on %(time)s.") % {"time": time}
    if not outlook.persons:
        return _("Nobody is on the road.")
    if outlook.cards.withdrawn:
        return _("When all are out: not calibrated here.")
    return ends_by(outlook.all_out, outlook.at, zone)


def why_withdrawn(outlook: Outlook) -> str:
    """Why a range is not shown; '' when it is."""
    if not outlook.cards.withdrawn:
        return ""
    return _(
        "Of the last %(number)d forecasts that could be judged, fewer than 12 of 20 held what happened between their "
        "P10 and P90, where 16 of 20 were promised. No range is shown until they do again."
    ) % {"number": ENOUGH}


def between(stand: Stand, at: Moment, zone: str) -> str:
    """From when to when something is over in eight of ten futures."""
    low, high = stand.range.p10, stand.range.p90
    if low is None:
        return _("not within %(days)d days in 18 of 20 futures") % {"days": DAYS}
    if high is None:
        return _("from %(low)s to later than %(days)d days") % {"low": by_when(low, at, zone), "days": DAYS}
    facts = {"low": by_when(low, at, zone), "high": by_when(high, at, zone)}
    if facts["low"] == facts["high"]:
        return facts["low"]
    return _("from %(low)s to %(high)s") % facts


def later() -> str:
    """What is said of a time beyond the forecast's last day."""
    return _("later than %(days)d days") % {"days": DAYS}


def middle(stand: Stand, at: Moment, zone: str) -> str:
    """By when in half of the futures."""
    p50 = stand.range.p50
    if p50 is None:
        return later()
    return by_when(p50, at, zone)


def lasting_hours(hours: float) -> str:
    """A length of time to the precision in which it is known: hours below two days, else days."""
    whole = abs(round(hours))
    if whole < 48:
        return ngettext("%(number)d hour", "%(number)d hours", whole) % {"number": whole}
    days = round(whole / 24)
    return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}


def signed_hours(hours: float) -> str:
    """A length of time that something comes sooner, or later where it is negative."""
    if abs(hours) < 0.5:
        return _("no change")
    said = lasting_hours(hours)
    return (_("%(time)s sooner") if hours > 0 else _("%(time)s later")) % {"time": said}


def answered(answer: Answer) -> list[str]:
    """What a change does, in sentences: the paired difference with its range, and what hours cannot say."""
    found = []
    difference = answer.difference
    low, middle_, high = (
        difference.hours_sooner_p10,
        difference.hours_sooner_p50,
        difference.hours_sooner_p90,
    )
    if low is not None and middle_ is not None and high is not None:
        facts = {"time": signed_hours(middle_), "low": signed_hours(low), "high": signed_hours(high)}
        if facts["low"] == facts["high"]:
            found.append(_("All are out: %(time)s.") % facts)
        else:
            found.append(_("All are out: %(time)s (in 8 of 10 futures between %(low)s and %(high)s).") % facts)
    neither = max(TWENTY - answer.both - answer.only_with - answer.only_without, 0)
    same = max(TWENTY - answer.sooner - answer.later - neither, 0)
    found.append(
        _("Of 20 futures %(sooner)d end sooner, %(later)d later, %(same)d at the same time.")
        % {"sooner": answer.sooner, "later": answer.later, "same": same}
    )
    if neither:
        found.append(_("%(number)d of 20 end within %(days)d days neither way.") % {"number": neither, "days": DAYS})
    if answer.only_with:
        found.append(
            _("%(number)d of 20 end within %(days)d days only with it.") % {"number": answer.only_with, "days": DAYS}
        )
    if answer.only_without:
        found.append(
            _("%(number)d of 20 end within %(days)d days only without it.")
            % {"number": answer.only_without, "days": DAYS}
        )
    low_, middle_home, high_ = answer.more_home
    found.append(
        _("Home within 14 days: %(middle)s people (%(low)s to %(high)s).")
        % {"middle": with_sign(middle_home), "low": with_sign(low_), "high": with_sign(high_)}
    )
    return found


def with_sign(number: int) -> str:
    """A difference in people, with its sign."""
    text = formats.number_format(abs(number), use_l10n=True, force_grouping=True)
    return f"+{text}" if number > 0 else f"\N{MINUS SIGN}{text}" if number < 0 else "±0"


def stage_titles() -> Mapping[str, str]:
    """What the stages of the forecast's road are called."""
    return {
        "gate": _("The crossing"),
        "transfer": _("Vehicles to staging"),
        "hall": _("On the way to staging"),
        "documents": _("Documents desk"),
        "medical": _("Medical desk"),
        "flight": _("Flight home"),
        "": _("nobody waits"),
    }


def belief_titles() -> Mapping[str, tuple[str, str]]:
    """What each belief is called, and the unit in which it is shown."""
    return {
        "gate_pace": (_("How many cross"), _("persons on a day on which anybody crosses")),
        "closing": (_("How readily the crossing closes"), _("closings per open day")),
        "opening": (_("How readily it opens again"), _("openings per closed day")),
        "hall_minutes": (_("From crossing to staging"), _("minutes")),
        "desk_pace": (_("Pace of the desks"), _("times their written rate")),
        "flights": (_("Flights home"), _("departures per day")),
        "withdrawing": (_("Who gives up"), _("part of parties that are to cross")),
        "joining_stops": (_("When new applicants stop coming"), _("chance per day")),
    }


def counted_of_twenty(part: float) -> str:
    """A part of the futures as a number of twenty."""
    return _("%(number)d of 20") % {"number": round(TWENTY * part)}
