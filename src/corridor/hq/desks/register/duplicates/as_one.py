"""What is known of a human being who has several ids: the identities of merged ids beside the one of the id kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.http import HttpRequest

from corridor.base.ids import PersonId
from corridor.hq.access.names import read_identities
from corridor.hq.served import Served
from corridor.journey.board.board import Board
from corridor.journey.register.identity import Identity, together


def read_as_one(
    request: HttpRequest, headquarters: Served, board: Board, persons: Iterable[PersonId], why: str
) -> dict[PersonId, Identity]:
    """The identities of these people with those of their merged ids, read and logged."""
    merged, asked = board.view.merged, set(persons)
    asked |= {dropped for dropped, kept in merged.items() if kept in asked}
    return as_one(board, read_identities(request, headquarters, board, sorted(asked), why=why))


def as_one(board: Board, identities: Mapping[PersonId, Identity]) -> dict[PersonId, Identity]:
    """The identities with those of merged ids taken into the one of the id kept."""
    merged = board.view.merged
    of_kept: dict[PersonId, list[PersonId]] = {}
    # The id kept comes first, so that its birth date stands.
    for person in sorted(identities, key=lambda person: (person in merged, person)):
        of_kept.setdefault(merged.get(person, person), []).append(person)
    return {kept: together([identities[person] for person in persons]) for kept, persons in of_kept.items()}
