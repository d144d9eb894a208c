"""How a page gets at names: for the roles that may, through the one door, which logs every reading."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from django.http import HttpRequest

from corridor.base.ids import PersonId, PlaceId, UserId
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import AT_THEIR_PLACE, rights_of
from corridor.hq.served import Served
from corridor.journey.board.board import Board
from corridor.journey.register.access import see_persons
from corridor.journey.register.identity import Identity, full_names
from corridor.journey.roster.near import accounts_near


def own_people(user: Any, board: Board, people: Set[PersonId]) -> Set[PersonId]:
    """Of these people, the ones a user may know of, on the board as it is now: who somebody may know of does not depend
    on the moment that a page tells of.

    For a liaison the partner state's nationals; for a role of `AT_THEIR_PLACE` bound to a place whoever stands there,
    one leg before it or after it, or is aboard between them; for everybody else all of them. A merged id is where the
    id kept is.
    """
    if user.role == "partner_liaison":
        country, merged = country_of(user, board), board.view.merged
        citizenships = ((person, board.particulars_of(merged.get(person, person)).citizenship) for person in people)
        return frozenset(person for person, citizenship in citizenships if country and citizenship == country)
    if user.role not in AT_THEIR_PLACE or not board.operation.has_place(user.place):
        return people
    near, merged = accounts_near(board, PlaceId(user.place)), board.view.merged
    if len(people) > _FEW:
        here: Set[PersonId] = frozenset().union(*(board.view.people(account) for account in near))
        return (here | {dropped for dropped, kept in merged.items() if kept in here}) & people
    return frozenset(person for person in people if board.view.account_of(merged.get(person, person)) in near)


_FEW = 200
"""Up to so many people are asked one by one where they are; more are found by account."""


def country_of(user: Any, board: Board) -> str | None:
    """The country whose nationals a liaison looks after, alpha-3; None for everybody else."""
    return next((one.country for one in board.operation.partners if one.id == user.partner), None)


def read_identities(
    request: HttpRequest, headquarters: Served, board: Board, persons: Sequence[PersonId], why: str
) -> dict[PersonId, Identity]:
    """The identities of these people, read and logged; none for a role that may not read names. `board` is the page's:
    where it is one of before, who is the reader's to look after is asked of the board as it is now."""
    user: Any = request.user
    now = headquarters.board_now()
    persons = sorted(own_people(user, now, frozenset(persons)))
    if "names" not in rights_of(user) or not persons:
        return {}
    register, merged = now.everybody.register, now.view.merged
    read_as = {person: merged.get(person, person) for person in persons}
    citizenships = {person: register[kept].citizenships for person, kept in read_as.items() if kept in register}
    seen = see_persons(
        headquarters.opened.identities,
        UserId(user.name),
        user.role,
        persons,
        why,
        headquarters.now(),
        country=country_of(user, now),
        citizenships=citizenships,
    )
    return {} if isinstance(seen, Refusal) else seen


def read_names(
    request: HttpRequest, headquarters: Served, board: Board, persons: Sequence[PersonId], why: str
) -> dict[PersonId, tuple[str, ...]]:
    """Every full name of these people as it was written, by person; read and logged as above."""
    identities = read_identities(request, headquarters, board, persons, why)
    return {person: full_names(identity) for person, identity in identities.items()}
