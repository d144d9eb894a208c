"""Two people who may be one: what speaks for it, side by side; same, different or unsure, and each taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.register.duplicates.as_one import read_as_one
from corridor.hq.desks.register.duplicates.pairs import kept_pairs
from corridor.hq.desks.register.finding import Found, told
from corridor.hq.desks.register.reasons import SaidReason, said_reasons
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.register.duplicates.comparing import Duplicate, Pair
from corridor.journey.register.identity import full_names
from corridor.journey.register.orders import JudgePair, Merge, Order, Part
from corridor.ledger import kinds

Stand = Literal["likely", "possible", "unsure", "different", "merged"]
STANDS: tuple[Stand, ...] = get_args(Stand)
OPEN: tuple[Stand, ...] = ("likely", "possible")
UNDO_MAX = 50
"""Decisions a reader can take back, the latest first."""
STEPS = "register:duplicates"
WHY = "possible duplicates"


@dataclass(frozen=True, slots=True)
class Line:
    """Two people and how they stand; `duplicate` None: nobody proposed them. Of merged ids the kept one comes first."""

    pair: Pair
    stand: Stand
    duplicate: Duplicate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two as the page shows them; `records` is how much was recorded of them, `keeps` whom the page offers
    to keep."""

    found: Found
    records: int
    keeps: bool


@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest) -> HttpResponse:
    """The proposals, one pair on top; a POST decides a pair, parts a merged one, or takes the last decision back."""
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _decide(request)
        if not isinstance(answer, Refusal):
            return redirect(answer)
        form.refuse(answer)
    board = served().board_now()
    percent = kept_pairs().percent(request)
    lines = _lines(board)
    line = _asked(request, board, lines)
    counts = {stand: sum(one.stand == stand for one in lines) for stand in STANDS}
    part = request.GET.get("show", "")
    if part not in STANDS:
        part = line.stand if line is not None else next((stand for stand in STANDS if counts[stand]), "likely")
    facts = {
        "part": "duplicates",
        "form": form,
        "percent": percent,
        "line": line,
        "sides": _sides(request, board, line) if line is not None else (),
        "reasons": _reasons(line),
        "stands": [(stand, counts[stand]) for stand in STANDS],
        "stand": part,
        "table": _table(request, board, lines, part),
        "undo": bool(_steps(request)),
        "may_merge": may_give(request.user, Merge),
    }
    return show(request, "hq/desks/register/duplicates.html", facts, status=409 if form.refusal else 200)


def _lines(board: Board) -> list[Line]:
    """Every pair that was proposed or decided, the open ones first."""
    register = board.everybody.register
    said = {
        one.pair: one.verdict
        for person in sorted(board.view.with_kind("pair_judged"))
        for one in register[person].pairs
    }
    proposed = {one.pair: one for one in kept_pairs().proposals(board)}
    lines = [Line(pair, one.tier, one) for pair, one in proposed.items() if pair not in said]
    lines += [Line(pair, verdict, proposed.get(pair)) for pair, verdict in said.items()]  # type: ignore[arg-type]
    named = board.view.with_kind(kinds.MERGED)
    lines += [
        Line((one.kept, one.dropped), "merged", None)
        for person in sorted(named)
        if person not in board.view.merged
        for one in register[person].merges
    ]
    return sorted(lines, key=lambda line: STANDS.index(line.stand))


def _asked(request: HttpRequest, board: Board, lines: list[Line]) -> Line | None:
    """The pair to look at: the one asked for, else the first that nobody has decided; None: there is none."""
    text = request.POST.get("pair") or request.GET.get("pair", "")
    if not text:
        return next((line for line in lines if line.stand in OPEN), None)
    pair = _pair(text)
    found = next((line for line in lines if set(line.pair) == set(pair)), None)
    if found is not None:
        return found
    merged = board.view.merged
    if pair[0] == pair[1] or any(one not in board.everybody.register or one in merged for one in pair):
        return None
    return Line(pair, "possible", None)


def _pair(text: str) -> Pair:
    one, _comma, other = text.partition(",")
    return (PersonId(min(one, other)), PersonId(max(one, other)))


def _decide(request: HttpRequest) -> str | Refusal:
    """Carry out what was pressed; the address to go on to, or why not."""
    does, board = request.POST.get("does", ""), served().board_now()
    address = reverse("register-duplicates")
    if does == "undo":
        return _undo(request) or address
    line = _asked(request, board, _lines(board))
    if line is None or does not in ("same", "different", "unsure", "part"):
        raise Http404(_("The pair is missing."))
    one, other = line.pair
    by = door.by(request)
    order: Order
    if does == "same":
        kept = PersonId(request.POST.get("kept", one))
        dropped = other if kept == one else one
        order = Merge(by=by, kept=kept, dropped=dropped, why=_why(line))
    elif does == "part":
        order = Part(by=by, kept=one, dropped=other, why="taken back")
    else:
        order = JudgePair(by=by, person=one, other=other, verdict=does)  # type: ignore[arg-type]
    given = door.give(request, order)
    if isinstance(given, Refusal):
        return given
    if isinstance(order, Merge):
        _remember(request, ["merge", order.kept, order.dropped])
    elif isinstance(order, JudgePair):
        _remember(request, ["judge", one, other])
    messages.success(request, _("Written down."))
    return address


def _why(line: Line) -> str:
    """Why two ids are held to be one person, for the record: what spoke for it, and what against it."""
    if line.duplicate is None:
        return "nothing but an officer's word"
    said = ", ".join(one.replace("_", " ") for one in line.duplicate.speaks)
    against = ", ".join(one.replace("_", " ") for one in line.duplicate.against)
    return f"{said}; against: {against}" if against else said


def _undo(request: HttpRequest) -> Refusal | None:
    """Take back the last decision of this reader."""
    steps = _steps(request)
    if not steps:
        messages.info(request, _("There is nothing to take back."))
        return None
    what, one, other = steps[-1]
    by = door.by(request)
    order: Order = JudgePair(by=by, person=PersonId(one), other=PersonId(other), verdict="open")
    if what == "merge":
        order = Part(by=by, kept=PersonId(one), dropped=PersonId(other), why="taken back")
    given = door.give(request, order, step="undo")
    request.session[STEPS] = steps[:-1]
    if isinstance(given, Given):
        messages.success(request, _("The decision was taken back."))
    return None if isinstance(given, Given) else given


def _steps(request: HttpRequest) -> list[list[str]]:
    return list(request.session.get(STEPS, []))


def _remember(request: HttpRequest, step: list[str]) -> None:
    request.session[STEPS] = [*_steps(request), step][-UNDO_MAX:]


def _sides(request: HttpRequest, board: Board, line: Line) -> list[Side]:
    """Both people with their names; whoever has more records is offered to be kept, then who was registered first."""
    identities = read_as_one(request, served(), board, line.pair, why=WHY)
    records = {person: len(board.view.events_of(person)) for person in line.pair}
    register = board.everybody.register

    def kept_first(person: PersonId) -> tuple[int, int, PersonId]:
        return (-records[person], register[person].registered_at or board.at, person)

    keeps = line.pair[0] if line.stand == "merged" else min(line.pair, key=kept_first)
    return [
        Side(found=told(board, person, identities.get(person)), records=records[person], keeps=person == keeps)
        for person in line.pair
    ]


def _reasons(line: Line | None) -> tuple[SaidReason, ...]:
    if line is None or line.duplicate is None or line.duplicate.match is None:
        return ()
    return said_reasons(line.duplicate.match.because)


def _table(request: HttpRequest, board: Board, lines: list[Line], part: str) -> Any:
    """The pairs that stand in one way, with names."""
    columns = (
        Column(name="pair", title=lambda: _("People"), template="hq/desks/register/_pair.html"),
        Column(
            name="alike",
            title=lambda: _("Alike"),
            value=lambda row: "" if row[0].duplicate is None else ", ".join(map(word, row[0].duplicate.speaks)),
        ),
        Column(
            name="against",
            title=lambda: _("Against"),
            value=lambda row: "" if row[0].duplicate is None else ", ".join(map(word, row[0].duplicate.against)),
        ),
    )
    rows: list[Any] = [(line, ()) for line in lines if line.stand == part]
    table = cut(request, "register-duplicates", columns, rows)
    persons = sorted({person for line, _names in table.rows for person in line.pair})
    identities = read_as_one(request, served(), board, persons, why=WHY) if persons else {}
    names = {person: full_names(identity) for person, identity in identities.items()}
    return table.with_rows(
        [
            (line, [(person, next(iter(names.get(person, ())), person)) for person in line.pair])
            for line, _names in table.rows
        ]
    )
