"""Who works here: the users of the operation file and those made on screen, in one answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.signals import request_started

from corridor.base.operation import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """Somebody who works here or did, as their account says: `place` is '' for anywhere; `open`: they can sign in."""

    id: str
    name: str
    roles: tuple[str, ...]
    place: str
    open: bool


_read = threading.local()


def working(operation: Operation) -> Mapping[str, Working]:
    """Everybody who works or worked here, by id: the accounts, those made on screen too, and whoever of the operation
    file has none yet. Read once a request, since every line of a page may name somebody."""
    found: dict[str, Working] | None = getattr(_read, "found", None)
    if found is None:
        found = {
            one.id: Working(id=one.id, name=one.name, roles=(one.role,), place=one.place or "", open=True)
            for one in operation.users
        }
        found |= {
            one.name: Working(id=one.name, name=one.full_name, roles=one.roles, place=one.place, open=one.is_active)
            for one in apps.get_model("hq", "User").objects.all()  # words are said before models are loaded, too
        }
        _read.found = found
    return found


def at_work(operation: Operation) -> list[Working]:
    """Whoever can be given something to see to, in the order of their names."""
    return sorted((one for one in working(operation).values() if one.open), key=lambda one: (one.name, one.id))


def name_of(operation: Operation, user: str) -> str:
    """What somebody who works here or did is called; the id itself where nobody knows it."""
    found = working(operation).get(user)
    return user if found is None else found.name


def _forget_read(**_facts: Any) -> None:
    _read.found = None


request_started.connect(_forget_read)
