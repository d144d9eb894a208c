"""One list row by row: accept what is certain in one go, and say same, different or unsure to each doubtful row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from corridor.base.ids import ListId, PersonId, PlaceId
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_identities
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.clear.evening import TO_DECIDE, ListOfDay
from corridor.hq.desks.clear.lists import rows_of_list
from corridor.hq.desks.clear.matched import cases_of, searched
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.register.duplicates.as_one import read_as_one
from corridor.hq.desks.register.names import kept_names
from corridor.hq.desks.register.reasons import SaidReason, said_reasons
from corridor.hq.desks.table import Column, cut
from corridor.hq.pages.person import born
from corridor.hq.served import Served, served
from corridor.journey.board.board import Board
from corridor.journey.clear.evening.cases import RowCase, reason_text
from corridor.journey.clear.matching import Proposal
from corridor.journey.clear.refusals import NOBODY_CHOSEN
from corridor.journey.clear.rules import JudgeRow, MatchRow, UnmatchRow
from corridor.journey.orders import Order
from corridor.journey.register.identity import Identity, full_names
from corridor.ledger.accounts import SUSPENSE, parts

SHOWN = ("doubtful", "unsure", "certain", "same", "different", "nobody")
"""The parts of a list, in the order of the page."""
UNDO_MAX = 50
"""Decisions a reader can take back, the latest first."""
CERTAIN_WHY = "accepted with all certain rows: "

Answer = Given | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody a row could be, as the page shows them; `family` are the rows of this list that are their group's."""

    person: PersonId
    proposal: Proposal
    names: tuple[str, ...]
    born: str
    documents: tuple[str, ...]
    verdict: str
    elsewhere: tuple[int, ...]
    family: tuple[int, ...]
    gone: bool
    held: bool
    parts: tuple[SaidReason, ...]


def accept_certain(request: HttpRequest, one: ListOfDay) -> Sequence[Answer]:
    """Match every certain row of a list; remembered as one step for undo."""
    matches = [(case.row.number, case.proposals[0]) for case in one.cases if case.stand == "certain"]
    orders = [
        MatchRow(
            by=door.by(request),
            list=ListId(one.id),
            row=row,
            person=proposal.person,
            why=CERTAIN_WHY + reason_text(proposal),
        )
        for row, proposal in matches
    ]
    answers = door.give_all(request, orders, step=one.id[:30]) if orders else []
    done = [
        [order.row, order.person, "same"]
        for order, answer in zip(orders, answers, strict=True)
        if isinstance(answer, Given)
    ]
    if done:
        _remember(request, one.id, done)
    return answers


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, list_id: str) -> HttpResponse:
    """One list; a POST decides one row, accepts the certain ones, or takes the last decision back."""
    headquarters = served()
    one = _list(request, headquarters, list_id)
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, one)
        if not isinstance(answer, Refusal):
            return redirect(answer)
        form.refuse(answer)
        one = _list(request, headquarters, list_id)
    board = headquarters.board_now()
    case = _asked(request, one)
    query = request.GET.get("find", "").strip()
    part = request.GET.get("show", "")
    part = part if part in SHOWN else case.stand if case else next((two for two in SHOWN if one.counts[two]), "same")
    facts = {
        "one": one,
        "list_statement": one.received.statement,
        "form": form,
        "case": case,
        "candidates": _candidates(request, board, one, case, query) if case else [],
        "find": query,
        "percent": kept_names().percent(request),
        "place": _place(one, case),
        "parts": [(stand, one.counts[stand]) for stand in SHOWN],
        "part": part,
        "table": _table(request, headquarters, board, one, part),
        "undo": bool(_steps(request, list_id)),
        "may_match": may_give(request.user, MatchRow),
        "day": one.received.statement.for_date,
    }
    return show(request, "hq/desks/clear/decide.html", facts, status=409 if form.refusal else 200)


def _list(request: HttpRequest, headquarters: Served, list_id: str) -> ListOfDay:
    board = headquarters.board_now()
    statement = board.everybody.lists.statements.get(ListId(list_id))
    authority = next((one for one in board.operation.authorities if statement and one.id == statement.authority), None)
    if statement is None or authority is None:
        raise Http404(_("No such list has come in."))
    received = rows_of_list(headquarters, statement)
    cases = cases_of(request, headquarters, board, received)
    return ListOfDay(authority=authority, received=received, cases=cases)


def _asked(request: HttpRequest, one: ListOfDay) -> RowCase | None:
    """The row to look at: the one asked for, else the first that waits for a human; None: none does."""
    number = request.POST.get("row") or request.GET.get("row", "")
    found = next((case for case in one.cases if str(case.row.number) == number), None)
    if found is not None:
        return found
    return next((case for stand in TO_DECIDE for case in one.cases if case.stand == stand), None)


def _decide(request: HttpRequest, one: ListOfDay) -> str | Refusal:
    """Carry out what was pressed; the address to go on to, or why not."""
    does, address = request.POST.get("does", ""), reverse("clear-list", args=[one.id])
    if does == "accept":
        answers = accept_certain(request, one)
        done = sum(isinstance(answer, Given) for answer in answers)
        said = ngettext("%(done)d row accepted.", "%(done)d rows accepted.", done)
        messages.success(request, said % {"done": done})
        return next((answer for answer in answers if isinstance(answer, Refusal)), address)
    if does == "undo":
        return _undo(request, one.id) or address
    case = _asked(request, one)
    person = PersonId(request.POST.get("person", ""))
    if case is None:
        messages.info(request, _("Every row is decided."))
        return address
    if not person and does != "none":
        return NOBODY_CHOSEN(row=case.row.number)
    after = f"{address}?row={_next(one, case)}" if _next(one, case) else address
    if does == "none":
        left = [two.person for two in case.proposals if case.verdicts.get(two.person) != "different"]
        return _judge(request, one.id, case, left, "different") or after
    if does in ("different", "unsure"):
        others = [
            two for two in case.proposals if two.person != person and case.verdicts.get(two.person) != "different"
        ]
        here = f"{address}?row={case.row.number}"
        return _judge(request, one.id, case, [person], does) or (here if others and does == "different" else after)
    proposal = next((two for two in case.proposals if two.person == person), None)
    why = reason_text(proposal) if proposal else "found by an officer"
    order = MatchRow(by=door.by(request), list=ListId(one.id), row=case.row.number, person=person, why=why)
    given = door.give(request, order)
    if isinstance(given, Refusal):
        return given
    _remember(request, one.id, [[case.row.number, person, "same"]])
    return after


def _judge(
    request: HttpRequest, list_id: str, case: RowCase, persons: Sequence[PersonId], verdict: str
) -> Refusal | None:
    orders = [
        JudgeRow(by=door.by(request), list=ListId(list_id), row=case.row.number, person=person, verdict=verdict)  # type: ignore[arg-type]
        for person in persons
    ]
    answers = door.give_all(request, orders)
    done = [
        [case.row.number, person, verdict]
        for person, answer in zip(persons, answers, strict=True)
        if isinstance(answer, Given)
    ]
    if done:
        _remember(request, list_id, done)
    return next((answer for answer in answers if isinstance(answer, Refusal)), None)


def _undo(request: HttpRequest, list_id: str) -> Refusal | None:
    """Take back the last step of this reader on this list."""
    steps = _steps(request, list_id)
    if not steps:
        messages.info(request, _("There is nothing to take back."))
        return None
    orders: list[Order] = []
    for row, person, verdict in steps[-1]:
        facts: dict[str, Any] = {
            "by": door.by(request),
            "list": ListId(list_id),
            "row": row,
            "person": PersonId(person),
        }
        taken = verdict == "same"
        orders.append(UnmatchRow(**facts, why="taken back") if taken else JudgeRow(**facts, verdict="open"))
    answers = door.give_all(request, orders, step="undo")
    request.session[f"clear:{list_id}"] = steps[:-1]
    done = sum(isinstance(answer, Given) for answer in answers)
    said = ngettext("%(done)d decision taken back.", "%(done)d decisions taken back.", done)
    messages.success(request, said % {"done": done})
    return next((answer for answer in answers if isinstance(answer, Refusal)), None)


def _steps(request: HttpRequest, list_id: str) -> list[list[list[Any]]]:
    return list(request.session.get(f"clear:{list_id}", []))


def _remember(request: HttpRequest, list_id: str, step: list[list[Any]]) -> None:
    request.session[f"clear:{list_id}"] = [*_steps(request, list_id), step][-UNDO_MAX:]


def _next(one: ListOfDay, case: RowCase) -> int | None:
    """The next row that waits for a human, after this one and then from the top; None: none but this one."""
    waits = [two.row.number for two in one.cases if two.stand in TO_DECIDE and two is not case]
    place = [two.row.number for two in one.cases].index(case.row.number)
    later = {two.row.number for two in one.cases[place:]}
    return next((number for number in waits if number in later), waits[0] if waits else None)


def _place(one: ListOfDay, case: RowCase | None) -> dict[str, int | None]:
    """The rows before and after this one among those of its part."""
    if case is None:
        return {"before": None, "after": None}
    same = [two.row.number for two in one.cases if two.stand == case.stand]
    here = same.index(case.row.number)
    return {
        "before": same[here - 1] if here else None,
        "after": same[here + 1] if here + 1 < len(same) else None,
        "number": here + 1,
        "of": len(same),
    }


def _candidates(request: HttpRequest, board: Board, one: ListOfDay, case: RowCase, query: str) -> list[Candidate]:
    """Everybody the row could be, whom an officer looked for, and who it is held to be, with names."""
    headquarters = served()
    proposals = {two.person: two for two in case.proposals}
    if query:
        found = searched(request, headquarters, board, case.row, query)
        proposals |= {two.person: two for two in found if two.person not in proposals}
    if case.held is not None and case.held not in proposals:
        proposals[case.held] = Proposal(row=case.row.number, person=case.held, reasons=(), doubts=())
    who = read_as_one(request, headquarters, board, proposals, why="evening run: a row of a list")
    family = _families(board, one, proposals)
    candidates = [
        Candidate(
            person=person,
            proposal=proposal,
            names=full_names(who[person]) if person in who else (),
            born=born(who.get(person)),
            documents=_documents(who.get(person)),
            verdict=case.verdicts.get(person, ""),
            elsewhere=case.elsewhere.get(person, ()),
            family=family[person],
            gone=_has_left(board, person),
            held=person == case.held,
            parts=said_reasons(proposal.near.because) if proposal.near else (),
        )
        for person, proposal in proposals.items()
    ]
    # Who is another row already is the least likely, and stays to be seen.
    return sorted(candidates, key=lambda two: bool(two.elsewhere))


def _families(board: Board, one: ListOfDay, persons: Iterable[PersonId]) -> dict[PersonId, tuple[int, ...]]:
    """For each person the rows of the list that are, or are certain to be, somebody who travels with them."""
    whom = [(case.row.number, case.held or (_shown(case) if case.stand == "certain" else None)) for case in one.cases]
    found = {}
    for person in persons:
        group = board.everybody.group_of.get(person, frozenset())
        found[person] = tuple(row for row, who in whom if who is not None and who != person and who in group)
    return found


def _has_left(board: Board, person: PersonId) -> bool:
    """Whether somebody needs no list any more: out, or at an end. Asked of the few on the page, not of everybody."""
    account = parts(board.view.account_of(person) or SUSPENSE)
    if account.type == "place":
        return board.operation.has_place(account.name) and board.operation.place(PlaceId(account.name)).out
    return account.type in ("end", "merged") or person in board.people("out")


def _documents(identity: Identity | None) -> tuple[str, ...]:
    return () if identity is None else tuple(one.number for one in identity.documents if one.number)


def _table(request: HttpRequest, headquarters: Served, board: Board, one: ListOfDay, part: str) -> Any:
    """The rows of one part, with who each is or could be."""
    columns = (
        Column(
            name="row",
            title=lambda: _("Row"),
            template="hq/desks/clear/_row.html",
            sort=lambda line: line[0].row.number,
        ),
        Column(
            name="name",
            title=lambda: _("Name on the list"),
            value=lambda line: line[0].row.name,
            sort=lambda line: line[0].row.name,
        ),
        Column(name="born", title=lambda: _("Born"), template="hq/desks/clear/_born.html"),
        Column(name="document", title=lambda: _("Document"), value=lambda line: line[0].row.document or ""),
        Column(name="whom", title=lambda: _("Our person"), template="hq/desks/clear/_whom.html"),
        Column(name="remark", title=lambda: _("Remark"), value=lambda line: line[0].row.remark or "", shown=False),
    )
    lines = [(case, ()) for case in one.cases if case.stand == part]
    table = cut(request, "clear-list", columns, lines, by="row", extra={"list_id": one.id, "part": part})
    persons = {who for case, _names in table.rows if (who := _shown(case)) is not None}
    identities = read_identities(request, headquarters, board, sorted(persons), why="evening run: rows of a list")
    names = {person: full_names(identity) for person, identity in identities.items()}
    return table.with_rows([(case, names.get(_shown(case) or PersonId(""), ())) for case, _names in table.rows])


def _shown(case: RowCase) -> PersonId | None:
    """Whom the table names beside a row: who it is, else who is likeliest."""
    return case.held or (case.proposals[0].person if case.proposals else None)
