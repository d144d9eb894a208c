"""One person as care's pages show them: number, names as far as the role reads them, age, where, needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from corridor.base.ids import PersonId
from corridor.hq.access.names import read_identities
from corridor.hq.pages.people import where_is
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.register.identity import full_names
from corridor.journey.register.state import RegisterState


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """One person of a page; `names` is empty when none is written, `born` '' when it is not known."""

    person: PersonId
    names: tuple[str, ...]
    born: str
    register: RegisterState
    where: str


def everyone(request: HttpRequest, board: Board, persons: Iterable[PersonId], why: str) -> dict[PersonId, Someone]:
    """These people, their names read and logged; who is not in the book is left out."""
    known = [person for person in dict.fromkeys(persons) if person in board.everybody.register]
    identities = read_identities(request, served(), board, known, why=why)
    language = get_language() or "en"
    return {
        person: Someone(
            person=person,
            names=full_names(identities[person]) if person in identities else (),
            born=born(identities.get(person)),
            register=board.everybody.register[person],
            where=where_is(board, board.view.account_of(person), language),
        )
        for person in known
    }
