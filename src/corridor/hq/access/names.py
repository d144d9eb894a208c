"""How a page gets at names: for the roles that may, through the one door, which logs every reading."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from django.http import HttpRequest

from corridor.base.ids import PersonId, UserId
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import rights_of
from corridor.hq.served import Served
from corridor.journey.board.board import Board
from corridor.journey.register.access import see_persons
from corridor.journey.register.identity import Identity, full_names


def own_people(user: Any, board: Board, people: Set[PersonId]) -> Set[PersonId]:
    """Of these people, the ones a user may know of: for a liaison the partner state's nationals, else all of them."""
    if user.role != "partner_liaison":
        return people
    country = country_of(user, board)
    return frozenset(person for person in people if country and board.particulars_of(person).citizenship == country)


def country_of(user: Any, board: Board) -> str | None:
    """The country whose nationals a liaison looks after, alpha-3; None for everybody else."""
    return next((one.country for one in board.operation.partners if one.id == user.partner), None)


def read_identities(
    request: HttpRequest, headquarters: Served, board: Board, persons: Sequence[PersonId], why: str
) -> dict[PersonId, Identity]:
    """The identities of these people, read and logged; none for a role that may not read names."""
    user: Any = request.user
    if "names" not in rights_of(user) or not persons:
        return {}
    register = board.everybody.register
    citizenships = {person: register[person].citizenships for person in persons if person in register}
    seen = see_persons(
        headquarters.opened.identities,
        UserId(user.name),
        user.role,
        persons,
        why,
        headquarters.now(),
        country=country_of(user, board),
        citizenships=citizenships,
    )
    return {} if isinstance(seen, Refusal) else seen


def read_names(
    request: HttpRequest, headquarters: Served, board: Board, persons: Sequence[PersonId], why: str
) -> dict[PersonId, tuple[str, ...]]:
    """Every full name of these people as it was written, by person; read and logged as above."""
    identities = read_identities(request, headquarters, board, persons, why)
    return {person: full_names(identity) for person, identity in identities.items()}
