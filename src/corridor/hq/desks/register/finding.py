"""Whom somebody means by what they typed or scanned: the one seam through which every page of this desk searches.

Three ways lead to a person: the code of a wristband, an id of a person, party or application, and the keys of the
identity rows (`journey.register.search`). Where these find few, and before somebody is created, the engine of names is
asked too (`names.py` beside this).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import datetime_of
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may
from corridor.hq.desks.refusals import said
from corridor.hq.desks.register.duplicates.as_one import read_as_one
from corridor.hq.desks.register.names import kept_names
from corridor.hq.pages.people import where_is
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.register.access import find_persons
from corridor.journey.register.code import PREFIX
from corridor.journey.register.identity import Identity, NameAs, Script, full_names
from corridor.journey.register.search import Likeness, Question, likenesses, may_be_one, question, resembling
from corridor.journey.register.state import RegisterState
from corridor.journey.roster.wristband import PREFIX as SIGNED
from corridor.names.mrz.model import Reading
from corridor.names.mrz.reading import read

FOUND_MAX = 40
NEAR_MAX = 10
FEW = 5
"""With so few found by keys the engine of names is asked too: it hears what is spelt otherwise, and takes longer."""

SEARCH_LIKENESS_MIN, NEAR_LIKENESS_MIN = 0.5, 0.9
"""How likely the engine must hold two names for the same: to be shown, and to have to be looked at."""

CHARS_MAX = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One person found. `why` says what is like the person looked for; empty when the text itself was the question."""

    person: PersonId
    names: tuple[str, ...]
    identity: Identity | None
    register: RegisterState
    where: str
    why: tuple[Likeness, ...] = ()

    @property
    def born(self) -> str:
        """The birth date as far as it is known."""
        return born(self.identity)


def search(request: HttpRequest, board: Board, text: str) -> list[Found]:
    """Whom a text finds, the likeliest first, at most `FOUND_MAX`; nobody for an empty one. Reads are logged."""
    text = text.strip()[:CHARS_MAX]
    if not text:
        return []
    register = board.everybody.register
    persons = _by_id(board, text)
    if not persons:
        persons = _by_identity(request, _asked(text), FOUND_MAX)
        name = " ".join(
            word for word in text.split() if not any(letter.isdigit() or letter in "@<:" for letter in word)
        )
        if len(persons) < FEW and name:
            persons += [one for one in kept_names().near(request, name, SEARCH_LIKENESS_MIN) if one not in persons]
    there = _kept(board, [one for one in persons if one in register])
    return _told(request, board, there[:FOUND_MAX], why="search results")


def resembles(request: HttpRequest, board: Board, identity: Identity, *, but: PersonId | None = None) -> list[Found]:
    """Who may be the same person as this identity, and why, the likeliest first; `but` is the person themselves."""
    persons = _by_identity(request, resembling(identity), FOUND_MAX)
    near = {one for name in full_names(identity) for one in kept_names().near(request, name, NEAR_LIKENESS_MIN)}
    wanted = [one for one in dict.fromkeys([*persons, *sorted(near)]) if one in board.everybody.register]
    near |= set(_kept(board, near))
    found = []
    for one in _told(request, board, [one for one in _kept(board, wanted) if one != but], why="near persons"):
        why = likenesses(identity, one.identity, near=one.person in near) if one.identity is not None else ()
        if may_be_one(why):
            found.append(replace(one, why=why))
    return sorted(found, key=lambda one: (-len(set(one.why) - {"birth_differs"}), one.person))[:NEAR_MAX]


def bad_code(text: str) -> tuple[str, str] | None:
    """What to say of a text that looks like a wristband's code and does not fit this operation; None for any other."""
    read_as = served().read_code(text)
    looks = text.strip().upper().startswith((f"{PREFIX}:", f"{SIGNED}/"))
    return said(read_as) if looks and isinstance(read_as, Refusal) else None


def _by_id(board: Board, text: str) -> list[PersonId]:
    code = served().read_code(text)
    person = PersonId(text.casefold()) if isinstance(code, Refusal) else code
    if person in board.everybody.register:
        return [person]
    company, name = board.everybody.company, text.casefold()
    return list(company.members(name) or company.applicants(name))


def _asked(text: str) -> Question:
    """The question of a text; of a machine-readable zone its number and names are asked for."""
    if "<<" not in text:
        return question(text)
    reading = read(text, datetime_of(served().now()).date())
    if not isinstance(reading, Reading):
        return question(text.replace("<", " "))
    said = (reading.field("number"), reading.field("surname"), reading.field("given_names"))
    return question(" ".join(str(field.value) for field in said if field is not None and field.value))


def _by_identity(request: HttpRequest, asked: Question, most: int) -> list[PersonId]:
    user: Any = request.user
    headquarters = served()
    store, now = headquarters.opened.identities, headquarters.now()
    found = find_persons(store, UserId(user.name), user.role, asked, now, most=most)
    return [] if isinstance(found, Refusal) else list(found)


def _kept(board: Board, persons: Iterable[PersonId]) -> list[PersonId]:
    """The people whom these ids are, each once, in this order: of a merged id the one it is read as."""
    return list(dict.fromkeys(board.view.merged.get(person, person) for person in persons))


def _told(request: HttpRequest, board: Board, persons: Sequence[PersonId], why: str) -> list[Found]:
    identities = read_as_one(request, served(), board, persons, why=why)
    return [told(board, one, identities.get(one)) for one in persons]


def told(board: Board, person: PersonId, identity: Identity | None) -> Found:
    """One person of the book as a page of this desk shows them."""
    return Found(
        person=person,
        names=() if identity is None else full_names(identity),
        identity=identity,
        register=board.everybody.register[person],
        where=where_is(board, board.view.account_of(person), get_language() or "en"),
    )


@cache
def _ranges() -> tuple[tuple[Script, range], ...]:
    return (("arabic", range(0x600, 0x780)), ("cyrillic", range(0x400, 0x530)), ("latin", range(0x41, 0x250)))


def name_as(text: str, source: str) -> NameAs:
    """A full name as written, with the script of its first letter."""
    found = (script for letter in text for script, part in _ranges() if ord(letter) in part)
    script: Script = next(found, "other")
    return NameAs(text=text, script=script, part="full", source=source)


def may_read(request: HttpRequest) -> dict[str, bool]:
    """What of an identity the reader may see."""
    return {field: may(request.user, field) for field in ("names", "birth", "numbers", "contacts")}
