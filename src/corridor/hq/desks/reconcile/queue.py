"""The list of what contradicts: what to see to first, whose it is, how old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import Moment
from corridor.hq.access.names import read_names
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.reconcile.words import Said, may_see, said, told_in
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.hq.templatetags.words import stage_name, word
from corridor.hq.working import name_of
from corridor.journey.board.board import Board
from corridor.journey.reconcile.facts import board_roll_calls
from corridor.journey.reconcile.open import BOOK, OpenDiscrepancy, open_discrepancies

NAMED_MAX = 10
"""People of one discrepancy that its row names; of more the page behind it does."""


@dataclass(frozen=True)  # without slots: the words are found for the rows that are shown, and then kept
class Row:
    """One discrepancy of the list, with its words; `age_minutes` None: not known."""

    board: Board
    one: OpenDiscrepancy
    age_minutes: int | None
    owner: str
    names: Mapping[PersonId, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def said(self) -> Said:
        """What it says to the reader."""
        return said(self.board, self.one, self.names)

    @cached_property
    def place(self) -> PlaceId | None:
        """By whose clocks it is told; None: the operation's."""
        return told_in(self.board, self.one)


@require_safe
@live
def queue(request: HttpRequest) -> HttpResponse:
    """The desk's first page. Asked: `code`, `stage`, `owner` (a user, `nobody`), `with` (explained), `q`."""
    board = served().board_now()
    seen = seen_by(request.user, board)
    chosen = [one for one in seen if _asked(request, one)]
    table = cut(request, "reconcile", COLUMNS, _rows(board, chosen), by="since")
    # Of many people only the number is said: those are named whom the sentence names.
    few = (row.one.persons for row in table.rows if len(row.one.persons) <= NAMED_MAX)
    register = board.everybody.register
    told = sorted({person for persons in few for person in persons if person in register})
    names = read_names(request, served(), board, told, why="discrepancies")
    red = [one for one in seen if one.explained is None]
    facts = {
        "table": table.with_rows([replace(row, names=names) for row in table.rows]),
        "red": len(red),
        "explained": len(seen) - len(red),
        "codes": [(code, word(code), number) for code, number in Counter(one.code for one in red).most_common()],
        "roll_calls_red": sum(1 for one in board_roll_calls(board) if one.red),
        "asked": request.GET,
        "hidden": len(open_discrepancies(board)) - len(seen),
        "tag": tag_of(request),
    }
    return show(request, "hq/desks/reconcile/queue.html", facts, part="hq/desks/reconcile/_queue.html")


def seen_by(user: Any, board: Board) -> list[OpenDiscrepancy]:
    """What is open and this reader may see."""
    return [one for one in open_discrepancies(board) if may_see(user, one)]


def owner_name(user: str | None) -> str:
    """What an owner is called; '' when nobody has it."""
    return name_of(served().operation, user) if user else ""


def minutes_since(board: Board, since: Moment | None) -> int | None:
    """How long something has been open; None: not known."""
    return None if since is None else max(0, (board.at - since) // 60_000)


def _asked(request: HttpRequest, one: OpenDiscrepancy) -> bool:
    asked = request.GET
    if (one.explained is not None) != (asked.get("with") == "explained"):
        return False
    if asked.get("code") and one.code not in asked["code"].split(","):
        return False
    if asked.get("stage") and one.stage != asked["stage"]:
        return False
    if asked.get("owner") and (one.owner or "nobody") != asked["owner"]:
        return False
    words = asked.get("q", "").strip().lower()
    return not words or words in " ".join((one.id, one.says, *one.persons, *map(str, one.records))).lower()


def _rows(board: Board, chosen: Sequence[OpenDiscrepancy]) -> list[Row]:
    return [Row(board, one, minutes_since(board, one.since), owner_name(one.owner)) for one in chosen]


def stage_of(one: OpenDiscrepancy) -> str:
    """Who finds it: a stage, or the book itself."""
    return _("Book") if one.stage == BOOK else stage_name(one.stage)


COLUMNS = (
    Column(
        name="what",
        title=lambda: _("Discrepancy"),
        template="hq/desks/reconcile/_what.html",
        sort=lambda row: str(word(row.one.code)),
    ),
    Column(
        name="people",
        title=lambda: _("People"),
        value=lambda row: len(row.one.persons) or "–",
        sort=lambda row: len(row.one.persons),
        kind="count",
    ),
    Column(
        name="since",
        title=lambda: _("Open for"),
        template="hq/desks/reconcile/_age.html",
        sort=lambda row: row.one.since,
        kind="time",
    ),
    Column(
        name="owner",
        title=lambda: _("Owner"),
        template="hq/desks/reconcile/_owner.html",
        sort=lambda row: row.owner or None,
    ),
    Column(name="remedy", title=lambda: _("What to do"), value=lambda row: row.said.remedy),
    Column(
        name="stage",
        title=lambda: _("Found by"),
        value=lambda row: stage_of(row.one),
        sort=lambda row: row.one.stage,
        shown=False,
    ),
    Column(
        name="records",
        title=lambda: _("Records"),
        value=lambda row: ", ".join(map(str, row.one.records)) or "–",
        shown=False,
    ),
    Column(name="id", title=lambda: _("Name"), value=lambda row: row.one.id, sort=lambda row: row.one.id, shown=False),
)
