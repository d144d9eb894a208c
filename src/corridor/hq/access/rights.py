"""What each role may see: one table, and nothing that is not in it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from corridor.base.operation import UserRole

Right = Literal["figures", "persons", "names", "clearance", "papers", "care"]
"""`figures`: numbers without persons. `persons`: who is behind a number, by id. The others: that part of a person."""

RIGHTS: Mapping[str, frozenset[Right]] = {
    "duty_officer": frozenset({"figures", "persons", "names", "clearance", "papers"}),
    "list_officer": frozenset({"figures", "persons", "names", "clearance", "papers"}),
    "gate_officer": frozenset({"figures", "persons", "names", "clearance"}),
    "medic": frozenset({"figures", "persons", "names", "care"}),
    "consul": frozenset({"figures", "persons", "names", "clearance", "papers"}),
    "movement_officer": frozenset({"figures", "persons", "names", "clearance"}),
    "reception_officer": frozenset({"figures", "persons", "names", "papers"}),
    "partner_liaison": frozenset({"figures", "persons", "names", "clearance"}),
    "press_officer": frozenset({"figures"}),
    "auditor": frozenset({"figures", "persons", "names", "clearance", "papers", "care"}),
}
"""Everything a role may see on these pages. A liaison sees the persons of the partner state only (`own_people`)."""

assert set(RIGHTS) == set(get_args(UserRole)), "every role of the operation file has its row"

NO_RIGHTS: frozenset[Right] = frozenset()


def rights_of(user: Any) -> frozenset[Right]:
    """What a signed-in user may see; nothing for a role that is not in the table."""
    return RIGHTS.get(str(getattr(user, "role", "")), NO_RIGHTS)


def needs(right: Right) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for roles with this right only; others get the page that says why not."""

    def wrap(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(page)
        def guarded(request: HttpRequest, *args: object, **facts: object) -> HttpResponse:
            if right not in rights_of(request.user):
                raise PermissionDenied(right)
            return page(request, *args, **facts)

        return guarded

    return wrap
