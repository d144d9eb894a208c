"""One person as the reception's pages show them, and what they will need; names and ages as far as the role reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import CustodianId, PersonId, PlaceId
from corridor.base.moments import datetime_of
from corridor.base.operation import name_in
from corridor.hq.access.names import own_people, read_identities
from corridor.hq.pages.people import where_is
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.journey.arrive.forecast import Traveller, age_on
from corridor.journey.arrive.state import ArriveState
from corridor.journey.board.board import Board
from corridor.journey.care.state import PublicHold, public_view
from corridor.journey.register.identity import full_names
from corridor.journey.register.state import RegisterState
from corridor.ledger.accounts import parts, place_account


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One person of a page. `at_place`: the book has them at a place; `aboard`: not yet seen getting out."""

    person: PersonId
    names: tuple[str, ...]
    born: str  # '' not known
    age_years: int | None
    register: RegisterState
    arrive: ArriveState
    holds: tuple[PublicHold, ...]
    where: str
    at_place: bool
    aboard: bool
    received: bool

    @property
    def traveller(self) -> Traveller:
        """The person as the forecast takes them."""
        return Traveller(
            person=self.person,
            age_band=self.register.age_band,
            sex=self.register.sex,
            age_years=self.age_years,
            needs=self.register.needs,
        )


def guests(request: HttpRequest, board: Board, persons: Iterable[PersonId], why: str) -> dict[PersonId, Guest]:
    """These people, their names and birth dates read and logged; who is not in the book, or not the reader's to look
    after, is left out."""
    persons = tuple(persons)
    mine = own_people(request.user, board, frozenset(persons))
    return _guests(request, board, (person for person in persons if person in mine), why)


def travellers(request: HttpRequest, board: Board, persons: Iterable[PersonId], why: str) -> list[Traveller]:
    """Everybody of these as the forecast of needs takes them: a figure counts whoever comes, and of whom the reader
    does not look after no birth date is read for it."""
    return [one.traveller for one in _guests(request, board, persons, why).values()]


def _guests(request: HttpRequest, board: Board, persons: Iterable[PersonId], why: str) -> dict[PersonId, Guest]:
    everybody = board.everybody
    known = [person for person in dict.fromkeys(persons) if person in everybody.register]
    identities = read_identities(request, served(), board, known, why=why)
    language = get_language() or "en"
    today = datetime_of(board.at, board.operation.as_of_zone).date()
    found = {}
    for person in known:
        identity, account = identities.get(person), board.view.account_of(person)
        type_ = parts(account).type if account is not None else ""
        care = everybody.care.get(person)
        found[person] = Guest(
            person=person,
            names=full_names(identity) if identity is not None else (),
            born=born(identity),
            age_years=age_on(identity.birth, today) if identity is not None else None,
            register=everybody.register[person],
            arrive=everybody.arrive.get(person, ArriveState()),
            holds=public_view(care, board.at) if care is not None else (),
            where=where_is(board, account, language),
            at_place=type_ == "place",
            aboard=type_ == "aboard",
            received=type_ == "end",
        )
    return found


def group_of(board: Board, person: PersonId) -> tuple[PersonId, ...]:
    """The person and whoever belongs with them, sorted."""
    return tuple(sorted(board.everybody.group_of.get(person, frozenset((person,)))))


def custodians() -> list[tuple[str, str]]:
    """Who can receive people, by name."""
    language = get_language() or "en"
    return [(one.id, name_in(one.names, language)) for one in served().operation.custodians]


def custodian_name(board: Board, custodian: CustodianId | None) -> str:
    """A custodian in words; one that the operation does not name stays as it is; None is nobody."""
    if custodian is None:
        return _("nobody")
    names = {one.id: one.names for one in board.operation.custodians}
    return name_in(names[custodian], get_language() or "en") if custodian in names else custodian


def custodian_at(board: Board, place: PlaceId) -> CustodianId | None:
    """The first custodian at a place; None when nobody is named there."""
    return next((one.id for one in board.operation.custodians if one.place == place), None)


def place_name(board: Board, place: PlaceId) -> str:
    """A place in the reader's language."""
    known = board.operation.has_place(place)
    return name_in(board.operation.place(place).names, get_language() or "en") if known else place


def homes() -> list[tuple[str, str]]:
    """Where people are received, by name: homes first, then shelters."""
    operation, language = served().operation, get_language() or "en"
    return [(one.id, name_in(one.names, language)) for role in _RECEIVING for one in operation.places_of(role)]


_RECEIVING: tuple[Any, ...] = ("home", "shelter")


def to_receive(board: Board) -> tuple[PersonId, ...]:
    """Who stands at home and was not received yet, and who sits in a movement that has landed; sorted."""
    found = {
        person for place in board.operation.places_of("home") for person in board.view.people(place_account(place.id))
    }
    for landing in board.everybody.landings:
        if landing.landed:
            found |= set(landing.movement.aboard)
    return tuple(sorted(found))
