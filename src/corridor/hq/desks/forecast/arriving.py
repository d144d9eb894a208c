"""When is somebody likely home? The words on the page of a person who is on the road."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from corridor.base.ids import PersonId
from corridor.hq.access.rights import may
from corridor.hq.desks.forecast.asked import asked_for
from corridor.hq.desks.forecast.sentences import between, middle
from corridor.hq.served import served


def arriving(request: HttpRequest, person: str) -> dict[str, Any]:
    """What the page says; empty for whoever is not on the road, where no forecast stands or its range is withdrawn."""
    if not may(request.user, "persons"):
        return {}
    asked = asked_for(request, walk=False)
    outlook = None if asked.standing is None else asked.standing.outlook
    found = None if outlook is None or outlook.cards.withdrawn else outlook.arriving.get(PersonId(person))
    if outlook is None or found is None:
        return {}
    zone = served().operation.as_of_zone
    return {
        "found": found,
        "middle": middle(found.home, outlook.at, zone),
        "between": between(found.home, outlook.at, zone),
        "as_of": outlook.at,
        "zone": zone,
    }
