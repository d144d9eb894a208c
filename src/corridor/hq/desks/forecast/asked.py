"""Which forecast does a page show: the one that stands now, or the one as of the clocks it was asked for?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language

from corridor.base.moments import Moment
from corridor.hq.forecasting.place import forecaster
from corridor.hq.forecasting.standing import Standing
from corridor.hq.pages import clocks as clock
from corridor.hq.pages.page import FRAGMENT_HEADER
from corridor.hq.served import served


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The forecast of a request. `standing` None: there is none yet. `off`: none is made here. `now`: it is the one
    that stands now, and not one of other clocks."""

    standing: Standing | None
    now: bool
    off: bool = False
    clocks: clock.Clocks | None = None


def asked_for(request: HttpRequest, *, walk: bool) -> Asked:
    """The forecast of the clocks in the address. `walk`: have one of another moment walked, where there is none yet."""
    keeper = forecaster()
    if keeper is None:
        return Asked(standing=None, now=True, off=True)
    if not request.GET.get("at") or request.GET.get(clock.LIVE) == "1":
        return Asked(standing=keeper.latest(), now=True)
    headquarters = served()
    zone = headquarters.operation.as_of_zone
    clocks = clock.read(request.GET, now=headquarters.now(), unless_at=headquarters.default_at(), zone=zone)
    # What came to be known after the moment is hindsight, which no forecast of then had.
    at, known = clocks.at, Moment(min(clocks.at, clocks.known))
    standing = keeper.want(at, known) if walk else keeper.at(at, known)
    return Asked(standing=standing, now=False, clocks=clocks)


def tag_for(request: HttpRequest, asked: Asked) -> str:
    """Changes when what the reader sees of this forecast does."""
    one = asked.standing
    of = "none" if one is None else f"{one.number}/{len(one.ranking)}"
    reader = f"{getattr(request.user, 'pk', '')}/{getattr(request.user, 'role', '')}/{get_language()}"
    text = f"{of}/{asked.off}/{asked.now}/{reader}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def unless_known(request: HttpRequest, tag: str) -> HttpResponse | None:
    """The short answer for a live region that has what there is already."""
    has = request.headers.get("If-None-Match", "").removeprefix("W/")
    if request.headers.get(FRAGMENT_HEADER) and has == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return None
