"""What a desk is: a stage's pages behind one tab, and which desks there are."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path, reverse
from django.urls.resolvers import URLResolver
from django.utils.translation import gettext as _

from corridor.base.ids import PlaceId
from corridor.hq.access.rights import DESKS, may_enter
from corridor.hq.desks.about import led_on
from corridor.hq.pages.page import page_or_fragment
from corridor.hq.served import served

STAGES = ("register", "clear", "cross", "care", "documents", "move", "arrive", "forecast", "reconcile", "operation")
"""Every desk there can be, in the order of the tabs; one appears when its module in this folder exists."""

assert set(STAGES) == set(DESKS), "every desk has its row in the table of rights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One desk: `stage` is its name and the start of its addresses; `urls` are relative to `/<stage>/`.

    The first page is named like the stage, so that `{% url 'move' %}` is the desk; all others begin with it and a
    dash: `move-manifest`. Who may enter stands in `rights.DESKS`; every page is guarded by that, whatever else it asks,
    and one whose address has a `<str:person>` by `about.led_on`, so that it is of somebody in the book.
    """

    stage: str
    urls: tuple[URLPattern, ...]

    def __post_init__(self) -> None:
        assert self.stage in STAGES, f"no such desk: {self.stage}"
        names = [str(one.name) for one in self.urls]
        assert self.stage in names, f"a page of {self.stage} must be named like the desk"
        assert all(name == self.stage or name.startswith(f"{self.stage}-") for name in names), names

    @property
    def title(self) -> str:
        """The desk in the reader's language."""
        return titles()[self.stage]


def titles() -> dict[str, str]:
    """Each desk's name in the reader's language."""
    return {
        "register": _("Register"),
        "clear": _("Clear"),
        "cross": _("Cross"),
        "care": _("Care"),
        "documents": _("Documents"),
        "move": _("Move"),
        "arrive": _("Arrive"),
        "forecast": _("Forecast"),
        "reconcile": _("Reconcile"),
        "operation": _("Operation"),
    }


@functools.cache
def desks() -> tuple[Desk, ...]:
    """The desks whose modules exist, in the order of the tabs."""
    specs = {name: importlib.util.find_spec(f"corridor.hq.desks.{name}") for name in STAGES}
    names = [name for name, spec in specs.items() if spec is not None and spec.origin is not None]
    found = tuple(importlib.import_module(f"corridor.hq.desks.{name}").DESK for name in names)
    assert [desk.stage for desk in found] == names, "a desk's module is named like its stage"
    return found


def addresses() -> list[URLResolver]:
    """The addresses of every desk, each page guarded."""
    return [path(f"{desk.stage}/", include([_guarded(desk, one) for one in desk.urls])) for desk in desks()]


def _guarded(desk: Desk, one: URLPattern) -> URLPattern:
    page: Callable[..., HttpResponse] = one.callback

    @functools.wraps(page)
    def entered(request: HttpRequest, *args: object, **facts: object) -> HttpResponse:
        if not may_enter(request.user, desk.stage):
            raise PermissionDenied(desk.stage)
        request.desk = desk  # type: ignore[attr-defined]
        if "person" in facts and (answer := led_on(request, str(facts["person"]))) is not None:
            return answer
        return page(request, *args, **facts)

    return URLPattern(one.pattern, entered, one.default_args, one.name)


@dataclass(frozen=True, slots=True)
class Tab:
    """One desk in the navigation."""

    stage: str
    title: str
    current: bool


def tabs(request: HttpRequest) -> tuple[Tab, ...]:
    """The desks that the reader may open."""
    user, here = getattr(request, "user", None), getattr(request, "desk", None)
    return tuple(Tab(one.stage, one.title, one is here) for one in desks() if may_enter(user, one.stage))


FINDERS = {"register": "q", "care": "person"}
"""The desks that find a person by whatever is known of them, with what their search field is called."""


@dataclass(frozen=True, slots=True)
class Finder:
    """The search that stands in the frame of every page: where it leads, and what its field is called."""

    address: str
    field: str


def finder(request: HttpRequest) -> Finder | None:
    """How the reader finds a person from any page; None: they may not, or stand at the desk that has its own field."""
    user, here = getattr(request, "user", None), getattr(request, "desk", None)
    offered = [one for one in desks() if one.stage in FINDERS and may_enter(user, one.stage)]
    if not offered or here in offered:
        return None
    first = min(offered, key=lambda one: list(FINDERS).index(one.stage))
    return Finder(reverse(first.stage), FINDERS[first.stage])


def show(
    request: HttpRequest, whole: str, facts: Mapping[str, Any], *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """A page of a desk. `part` is its live region, answered alone when the page asks for its own news."""
    response = page_or_fragment(request, whole, part or whole, facts)
    response.status_code = status
    return response


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs of the desks, for every template."""
    headquarters = served()
    return {
        "tabs": tabs(request),
        "finder": finder(request),
        "practice_from": headquarters.practice_from,
        "zone": headquarters.operation.as_of_zone,
        "own_zone": reader_zone(request),
    }


def reader_zone(request: HttpRequest) -> str:
    """By whose clocks what happens at no place is told: those of the reader's own place, where they work at one that
    the operation has; else the operation's."""
    operation, place = served().operation, PlaceId(getattr(getattr(request, "user", None), "place", ""))
    return operation.place(place).zone if operation.has_place(place) else operation.as_of_zone
