"""The people behind a figure, a place or a movement: as many as the figure says, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import AccountId, MovementId, PersonId, PlaceId
from corridor.base.limits import PEOPLE_PER_PAGE
from corridor.base.moments import Moment
from corridor.base.operation import name_in
from corridor.hq.access.names import own_people, read_names
from corridor.hq.access.rights import needs
from corridor.hq.asked import page_in
from corridor.hq.desks.held_back import held_words
from corridor.hq.pages import clocks as clock
from corridor.hq.pages.facts import in_the_way
from corridor.hq.pages.page import page_or_fragment
from corridor.hq.served import Served, served
from corridor.hq.templatetags.words import movement_name
from corridor.journey.board.board import Board
from corridor.journey.board.held_back import held_back_at
from corridor.journey.register.state import RegisterState
from corridor.ledger.accounts import aboard_account, parts, place_account
from corridor.report.figures import definition_of, figure_name
from corridor.report.words import words


@dataclass(frozen=True, slots=True)
class Asked:
    """Which people a page shows: their set, what to call it and whom it counts."""

    people: Set[PersonId]
    title: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of a list. `names` is empty when the reader may not read them or none is written."""

    person: PersonId
    names: tuple[str, ...]
    register: RegisterState
    stage: str
    account: AccountId
    where: str
    since: Moment
    blocked_by: list[str]


@require_safe
@needs("persons")
def people(request: HttpRequest) -> HttpResponse:
    """The list behind a number."""
    headquarters = served()
    operation = headquarters.operation
    clocks = clock.read(
        request.GET, now=headquarters.now(), unless_at=headquarters.default_at(), zone=operation.as_of_zone
    )
    board = headquarters.board(clocks.at, clocks.known)
    asked = asked_for(board, request.GET)
    seen = own_people(request.user, headquarters.board_now(), asked.people)
    pages = max(1, -(-len(seen) // PEOPLE_PER_PAGE))
    page = page_in(request.GET.get("page", ""), pages)
    # Parties stay together in the list as on the road; who is in none comes last.
    shown = board.everybody.in_parties(seen, (page - 1) * PEOPLE_PER_PAGE, page * PEOPLE_PER_PAGE)
    kept = {
        key: request.GET[key]
        for key in ("figure", "among", "place", "held", "movement", "planned")
        if key in request.GET
    }
    facts = {
        "clocks": clocks,
        "zone": operation.as_of_zone,
        "asked": asked,
        "count": len(asked.people),
        "hidden": len(asked.people) - len(seen),
        "rows": _rows(request, headquarters, board, shown),
        "page": page,
        "pages": pages,
        "first": (page - 1) * PEOPLE_PER_PAGE + 1,
        "last": (page - 1) * PEOPLE_PER_PAGE + len(shown),
        "earlier": clocks.query(**kept, page=str(page - 1)) if page > 1 else "",
        "later": clocks.query(**kept, page=str(page + 1)) if page < pages else "",
    }
    return page_or_fragment(request, "hq/people.html", "hq/_people.html", facts)


def asked_for(board: Board, asked: Mapping[str, str]) -> Asked:
    """The people an address asks for: of a figure (and `among` another), at a place, aboard or planned aboard a
    movement, or those of a place whom one thing holds back (`held`). Raises Http404 for what there is not."""
    said = words(get_language() or "en")
    if "place" in asked:
        if not board.operation.has_place(asked["place"]):
            raise Http404(_("This operation has no such place."))
        place = board.operation.place(PlaceId(asked["place"]))
        here, name = board.view.inside(place_account(place.id)), name_in(place.names, said.language)
        if "held" not in asked:
            return Asked(here, name, _("people standing at this place"))
        words_of = held_words()
        if asked["held"] not in words_of:
            raise Http404(_("There is no such figure."))
        held = held_back_at(board.everybody, place.id)
        people = held.behind(asked["held"]) if held is not None else frozenset()
        return Asked(people, f"{name}: {words_of[asked['held']]}", _("people standing at this place"))
    if "movement" in asked or "planned" in asked:
        name = asked.get("movement") or asked.get("planned") or ""
        picture = next((one for one in board.movements if one.movement == name), None)
        if picture is None:
            raise Http404(_("No such movement is known at this time."))
        if "movement" in asked:
            aboard = frozenset(board.view.people(aboard_account(MovementId(name))))
            return Asked(aboard, movement_name(picture), _("people aboard, from boarding until each is seen alighting"))
        return Asked(picture.planned, movement_name(picture), _("people on the manifest of this movement as planned"))
    code, among = asked.get("figure", "registered"), asked.get("among", "")
    if not board.has_figure(code) or (among and not board.has_figure(among)):
        raise Http404(_("There is no such figure."))
    if not among:
        return Asked(board.people(code), figure_name(code, said), definition_of(code, said))
    both = board.people(code) & board.people(among)
    return Asked(both, f"{figure_name(code, said)} · {figure_name(among, said)}", definition_of(code, said))


def where_is(board: Board, account: AccountId | None, language: str) -> str:
    """An account in words: the place's name, the movement's, or the end."""
    if account is None:
        return _("not in the book at this time")
    type_, name = parts(account)
    if type_ == "place":
        if board.operation.has_place(name):
            return name_in(board.operation.place(PlaceId(name)).names, language)
        return name
    if type_ == "aboard":
        aboard = next((movement_name(one) for one in board.movements if one.movement == name), name)
        return _("aboard %(movement)s") % {"movement": aboard}
    code = name if type_ == "end" else type_
    return figure_name(code, words(language)) if board.has_figure(code) else code


def _rows(request: HttpRequest, headquarters: Served, board: Board, shown: Sequence[PersonId]) -> list[Row]:
    names = read_names(request, headquarters, board, shown, why="people list")
    language = get_language() or "en"
    rows = []
    for person in shown:
        standing = board.standing(person)
        assert standing is not None, "a figure counts people of the book only"
        rows.append(
            Row(
                person=person,
                names=names.get(person, ()),
                register=standing.register,
                stage=board.stage_of(person) or "",
                account=standing.account,
                where=where_is(board, standing.account, language),
                since=standing.entered_at,
                blocked_by=in_the_way(board, standing.blocked_by, person),
            )
        )
    return rows
