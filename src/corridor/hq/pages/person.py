"""One person: where they are, with whom, what holds them back, and the timeline of everything recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.operation import name_in
from corridor.hq.access.names import own_people, read_identities
from corridor.hq.access.rights import Right, may_enter, needs, rights_of
from corridor.hq.pages import clocks as clock
from corridor.hq.pages.facts import in_the_way
from corridor.hq.pages.page import page_or_fragment
from corridor.hq.pages.people import where_is
from corridor.hq.pages.timeline import timeline
from corridor.hq.served import served
from corridor.hq.templatetags.words import place_of
from corridor.journey.board.board import Board
from corridor.journey.board.standing import PersonStanding
from corridor.journey.care.state import active_holds, public_view
from corridor.journey.register.identity import Identity, full_names, together


@require_safe
@needs("persons")
def person(request: HttpRequest, person: str) -> HttpResponse:
    """The page of one person."""
    headquarters = served()
    operation = headquarters.operation
    clocks = clock.read(
        request.GET, now=headquarters.now(), unless_at=headquarters.default_at(), zone=operation.as_of_zone
    )
    board = headquarters.board(clocks.at, clocks.known)
    if (kept := board.view.merged.get(PersonId(person))) is not None:
        # A merged id is one human being with the id that is kept: their page tells of both, at the same clocks.
        query = request.GET.urlencode()
        return redirect(f"{reverse('person', args=[kept])}{'?' + query if query else ''}")
    standing, now = board.standing(PersonId(person)), headquarters.board_now()
    if standing is None:
        raise Http404(_("Nobody with this number is in the book at this time."))
    if not own_people(request.user, now, frozenset({standing.person})):
        raise Http404(_("This person is not among those you look after."))
    language = get_language() or "en"
    rights = rights_of(request.user)
    members = own_people(request.user, now, party_of(board, standing))
    tied = own_people(request.user, now, frozenset(tie.other for tie in standing.register.ties))
    also = board.view.also(standing.person)
    shown = sorted({standing.person} | members | tied | set(also))
    identities = read_identities(request, headquarters, board, shown, why="person page")
    own = [identities[one] for one in (standing.person, *also) if one in identities]
    identity = together(own) if own else None
    facts: dict[str, Any] = {
        "clocks": clocks,
        "zone": operation.as_of_zone,
        "person": standing.person,
        "also": also,
        "identity": identity,
        "names": full_names(identity) if identity is not None else (),
        "born": born(identity),
        "blocked_by": in_the_way(board, standing.blocked_by, standing.person),
        "register": standing.register,
        "where": where_is(board, standing.account, language),
        "since": standing.entered_at,
        "place": place_of(board, standing.person),
        "stage": board.stage_of(standing.person) or "",
        "members": [_member(board, member, identities, language) for member in sorted(members)],
        "ties": _ties(standing, identities),
        "desk_pages": desk_pages(request.user, standing.person),
        "lines": timeline(board, standing.person, rights),
        **_by_right(board, standing, rights, language),
    }
    return page_or_fragment(request, "hq/person.html", "hq/_person.html", facts)


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Where something can be done about a person: a stage's page of them, and the key that opens it."""

    stage: str
    address: str
    key: str


DESK_PAGES = {
    "register": ("register-person", "r"),
    "care": ("care-person", "c"),
    "documents": ("documents-person", "d"),
    "arrive": ("arrive-person", "a"),
}
"""The stages whose desk has a page for each person, by its name, with its key."""


def desk_pages(user: Any, person: PersonId) -> list[DeskPage]:
    """The pages of one person at the desks that the reader may enter."""
    return [
        DeskPage(stage, reverse(page, args=[person]), key)
        for stage, (page, key) in DESK_PAGES.items()
        if may_enter(user, stage)
    ]


def party_of(board: Board, standing: PersonStanding) -> frozenset[PersonId]:
    """The other members of a person's party."""
    party = standing.register.party
    if party is None:
        return frozenset()
    return frozenset(board.everybody.company.members(party)) - {standing.person}


def born(identity: Identity | None) -> str:
    """A birth date as precisely as it is known, '' when it is not."""
    if identity is None or identity.birth is None:
        return ""
    parts = (identity.birth.year, identity.birth.month, identity.birth.day)
    return "-".join(f"{part:02}" for part in parts if part is not None)


def _ties(standing: PersonStanding, identities: Mapping[PersonId, Identity]) -> list[dict[str, Any]]:
    """The ties this person has to others; those of others to them are on the others' pages."""
    own = sorted((tie for tie in standing.register.ties if tie.person == standing.person), key=lambda tie: tie.other)
    names = {person: full_names(identity) for person, identity in identities.items()}
    return [
        {"tie": tie.tie, "other": tie.other, "name": next(iter(names.get(tie.other, ())), tie.other)} for tie in own
    ]


def _member(board: Board, who: PersonId, identities: Mapping[PersonId, Identity], language: str) -> dict[str, Any]:
    return {
        "person": who,
        "names": full_names(identities[who]) if who in identities else (),
        "register": board.everybody.register[who],
        "where": where_is(board, board.view.account_of(who), language),
    }


def _by_right(board: Board, standing: PersonStanding, rights: frozenset[Right], language: str) -> dict[str, Any]:
    """The parts of a person that only some roles see; of care everybody sees that there is a hold, never why."""
    facts: dict[str, Any] = {"public_holds": public_view(standing.care, board.at)}
    if "care" in rights:
        facts |= {"holds": active_holds(standing.care, board.at), "fitness": standing.care.fitness}
    if "papers" in rights:
        facts |= {"documents": standing.documents}
    if "clearance" in rights and standing.clearance is not None:
        names = {one.id: name_in(one.names, language) for one in board.operation.authorities}
        words = [{"name": names.get(word.authority, word.authority), "said": word} for word in standing.clearance.words]
        facts |= {"clearance": standing.clearance, "authority_words": words}
    return facts
