"""Papers for a whole flight at once: draw up for who lacks one, issue what is drawn up, print the list to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from corridor.base.ids import LegId, PaperId, PersonId
from corridor.base.moments import Moment
from corridor.base.operation import PaperType, name_in
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_identities
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.documents.forms import end_of
from corridor.hq.desks.documents.receipt import written
from corridor.hq.desks.form import Day, OrderForm
from corridor.hq.desks.refusals import said
from corridor.hq.desks.register.cards import pdf
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.hq.templatetags.words import movement_name, word
from corridor.journey.board.board import Board
from corridor.journey.board.movements import MovementPicture
from corridor.journey.board.papers import lacks
from corridor.journey.documents.rules import DocumentOrder, DrawUpPaper, IssuePaper
from corridor.journey.documents.state import DocumentState, Lack, Paper
from corridor.journey.register.identity import Identity, full_names
from corridor.ledger.accounts import place_account
from corridor.report.printing.typesetting import typeset

TYPES: tuple[PaperType, ...] = ("return_certificate", "laissez_passer")
"""What a consul draws up for a flight."""

SHOWN_MAX = 600
"""More than fit into any aircraft."""

Standing = Literal["lacks", "drawn_up", "in_hand", "not_needed"]
ORDER: tuple[Standing, ...] = get_args(Standing)
"""What is still to be done comes first."""


class BatchForm(OrderForm):
    """Until when the papers drawn up are valid."""

    valid_until = Day(required=False)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["valid_until"].label = _("Valid until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of the flight and their paper of the type chosen; `paper` None: there is none."""

    person: PersonId
    identity: Identity | None
    names: tuple[str, ...]
    party: str
    citizenship: str
    standing: Standing
    paper: Paper | None
    lacks: tuple[Lack, ...]

    @property
    def born(self) -> str:
        """The birth date as far as it is known."""
        return born(self.identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """A movement to prepare papers for: who is planned aboard, or who stands where it leaves from."""

    picture: MovementPicture
    leg: LegId
    people: tuple[PersonId, ...]
    planned: bool
    left_out: int  # people beyond `SHOWN_MAX`, when nobody is planned and many stand there


def flights(board: Board) -> list[MovementPicture]:
    """The movements still to leave on a leg that asks for a paper; on any leg when no rule does."""
    ruled = {rule.for_leg for rule in board.operation.paper_rules}
    coming = [one for one in board.movements if one.state in ("planned", "boarding") and one.leg is not None]
    return [one for one in coming if not ruled or one.leg in ruled]


def flight_of(request: HttpRequest, board: Board) -> Flight | None:
    """The movement that `movement` names, else the next one."""
    offered = flights(board)
    picture = next((one for one in offered if one.movement == request.GET.get("movement")), next(iter(offered), None))
    if picture is None or picture.leg is None:
        return None
    leg = board.operation.leg(picture.leg)
    people = picture.planned or frozenset(board.view.people(place_account(leg.source)))
    register = board.everybody.register
    ordered = sorted(people, key=lambda one: (register[one].party or "", one))
    return Flight(
        picture=picture,
        leg=leg.id,
        people=tuple(ordered[:SHOWN_MAX]),
        planned=bool(picture.planned),
        left_out=max(0, len(ordered) - SHOWN_MAX),
    )


def rows_of(request: HttpRequest, board: Board, flight: Flight, paper_type: PaperType, why: str) -> list[Row]:
    """Everybody of the flight with the state of their paper."""
    identities = read_identities(request, served(), board, flight.people, why=why)
    rows = [_row(board, person, identities.get(person), flight.leg, paper_type) for person in flight.people]
    return sorted(rows, key=lambda row: (ORDER.index(row.standing), row.party, row.person))


def _row(board: Board, person: PersonId, identity: Identity | None, leg: LegId, paper_type: PaperType) -> Row:
    state = board.everybody.documents.get(person, DocumentState())
    lack = lacks(board.everybody, person, leg)
    of_type = [one for one in state.papers if one.type == paper_type and one.standing != "void"]
    paper = next((one for one in of_type if one.valid(board.at)), next(iter(of_type), None))
    ruled = any(rule.for_leg == leg for rule in board.operation.paper_rules)
    standing: Standing = "lacks" if lack or (not ruled and "passport" in state.missing) else "not_needed"
    if paper is not None:
        standing = "in_hand" if paper.standing == "in_hand" else "drawn_up"
    register = board.everybody.register[person]
    return Row(
        person=person,
        identity=identity,
        names=() if identity is None else full_names(identity),
        party=register.party or "",
        citizenship=next(iter(register.citizenships), ""),
        standing=standing,
        paper=paper,
        lacks=lack,
    )


def _type(request: HttpRequest) -> PaperType:
    return next((one for one in TYPES if one == request.GET.get("type")), TYPES[0])


@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """The list of a flight, and the two buttons for those ticked: draw up, issue."""
    board, paper_type = served().board_now(), _type(request)
    flight = flight_of(request, board)
    form = BatchForm(request.POST or None)
    refused: list[tuple[PersonId, tuple[str, str]]] = []
    if request.method == "POST" and flight is not None and form.is_valid():
        orders = _orders(request, board, flight, paper_type, end_of(form.cleaned_data["valid_until"]))
        answers = door.give_all(request, orders) if orders else []
        refused = [(one.person, said(no)) for one, no in zip(orders, answers, strict=True) if isinstance(no, Refusal)]
        done = len(answers) - len(refused)
        if done:
            text = ngettext("%(done)d paper written down.", "%(done)d papers written down.", done)
            messages.success(request, text % {"done": done})
        if not orders:
            form.refusal = (_("Nobody is ticked for this."), _("Tick who is to get a paper."))
        if not refused and orders:
            query = urlencode({"movement": flight.picture.movement, "type": paper_type})
            return redirect(f"{reverse('documents-batch')}?{query}")
        board = served().board_now()
    rows = rows_of(request, board, flight, paper_type, why="papers of a flight") if flight is not None else []
    facts = {
        "part": "batch",
        "form": form,
        "flight": flight,
        "flights": flights(board),
        "type": paper_type,
        "types": TYPES,
        "rows": rows,
        "numbers": {name: sum(row.standing == name for row in rows) for name in ("lacks", "drawn_up", "in_hand")},
        "refused": refused,
        "gives": may_give(request.user, DrawUpPaper),
    }
    wrong = bool(refused) or form.refusal is not None
    return show(request, "hq/desks/documents/batch.html", facts, status=409 if wrong else 200)


def _orders(
    request: HttpRequest, board: Board, flight: Flight, paper_type: PaperType, valid_until: Moment | None
) -> Sequence[DocumentOrder]:
    """The orders for those ticked whose paper is in the state that the button is for."""
    ticked, does, by = set(request.POST.getlist("person")), request.POST.get("does"), door.by(request)
    rows = [_row(board, one, None, flight.leg, paper_type) for one in flight.people if one in ticked]
    if does == "draw_up":
        return [
            DrawUpPaper(
                person=row.person, by=by, paper=PaperId(door.fresh_id("d")), type=paper_type, valid_until=valid_until
            )
            for row in rows
            if row.paper is None
        ]
    if does == "issue":
        return [
            IssuePaper(person=row.person, by=by, paper=row.paper.paper)
            for row in rows
            if row.paper is not None and row.standing == "drawn_up"
        ]
    raise Http404(_("This page has no such form."))


@require_safe
def batch_print(request: HttpRequest) -> HttpResponse:
    """The list of papers of a flight as PDF, with a column to sign in; printing is a reading."""
    board, paper_type = served().board_now(), _type(request)
    flight = flight_of(request, board)
    if flight is None:
        raise Http404(_("No movement is planned that asks for papers."))
    rows = rows_of(request, board, flight, paper_type, why="list of papers printed")
    rows = [row for row in rows if row.paper is not None]
    language, zone = get_language() or "en", board.operation.as_of_zone
    leg = board.operation.leg(flight.leg)
    ends = [name_in(board.operation.place(one).names, language) for one in (leg.source, leg.target)]
    facts = {
        "title": f"{word(paper_type)} – {movement_name(flight.picture)}",
        "under": [name_in(board.operation.titles, language), " – ".join(ends)],
        "widths": [0.5, 3.2, 1.2, 1, 1.5, 1.4, 1.2, 2],
        "headings": [
            "№", _("Person"), _("Born"), _("Citizenship"), _("Number"), _("Standing"), _("Valid until"), _("Signature"),
        ],
        "rows": [_printed(number, row, zone) for number, row in enumerate(rows, start=1)],
        "count": ngettext("%(n)d paper", "%(n)d papers", len(rows)) % {"n": len(rows)},
        "signatures": [_("Consul"), _("Leader of the flight")],
        "made": written(board.at, zone),
    }  # fmt: skip
    return pdf(typeset("listing", facts, language, board.at), f"papers-{flight.picture.movement}.pdf")


def _printed(number: int, row: Row, zone: str) -> list[object]:
    assert row.paper is not None, "only papers are on the list"
    until = row.paper.valid_until
    return [
        str(number),
        list(row.names) or [row.person],
        row.born or "–",
        row.citizenship or "–",
        row.paper.paper,
        str(word(row.paper.standing)),
        written(until, zone, day_only=True) if until is not None else "–",
        "",
    ]
