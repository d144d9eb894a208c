"""What changed overnight: newly listed, dropped and renamed rows of each authority, and every family a list splits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.hq.access.names import read_names
from corridor.hq.desks.clear.evening import Evening, ListOfDay, asked_day
from corridor.hq.desks.clear.lists import as_list, list_before, rows_of_list
from corridor.hq.desks.clear.overview import frame, split_lines
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.served import served
from corridor.journey.clear.differences import ListDifference, difference

ROWS_SHOWN = 100
"""Rows of each kind of change on the page; the heading has the whole number."""


@live
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The differences, authority by authority, then the split families."""
    headquarters = served()
    evening = Evening(request, headquarters, headquarters.board_now(), asked_day(request.GET.get("day"), headquarters))
    compared = [_compared(evening, one) for one in evening.lists]
    persons = sorted({who for one in compared for line in one["shown"] if (who := line["person"]) is not None})
    names = read_names(request, headquarters, evening.board, persons, why="evening run: what changed")
    for one in compared:
        for line in one["shown"]:
            line["names"] = names.get(line["person"], ())
    facts = {**frame(evening), "compared": compared, "splits": split_lines(request, evening), "tag": tag_of(request)}
    return show(request, "hq/desks/clear/changes.html", facts, part="hq/desks/clear/_changes.html")


def difference_of(evening: Evening, one: ListOfDay) -> tuple[ListDifference | None, dict[int, PersonId]]:
    """How a list differs from its authority's one before, and who that one's rows are held to be; None: it is the
    first, or one of the two has no rows here."""
    before = list_before(evening.board, one.received.statement)
    earlier = None if before is None else rows_of_list(evening.headquarters, before)
    if before is None or earlier is None or earlier.gone or one.received.gone:
        return None, {}
    held = dict(evening.board.everybody.rows_held.get(before.list, {}))
    return difference(as_list(earlier), as_list(one.received)), held


def _compared(evening: Evening, one: ListOfDay) -> dict[str, Any]:
    found, held = difference_of(evening, one)
    facts: dict[str, Any] = {"one": one, "before": list_before(evening.board, one.received.statement), "shown": []}
    if found is None:
        return {**facts, "parts": None}
    whom = {case.row.number: case.held or (case.proposals[0].person if case.proposals else None) for case in one.cases}
    added = [_line(row.number, row.name, whom.get(row.number), "") for row in found.added]
    dropped = [_dropped(evening, row.number, row.name, held.get(row.number)) for row in found.dropped]
    renamed = [
        {**_line(two.later.number, two.later.name, whom.get(two.later.number), two.earlier.name), "why": two.why}
        for two in found.renamed
        # One who is written with the same words in another order is no news to anybody.
        if two.earlier.name != two.later.name or two.earlier.document != two.later.document
    ]
    # Who dropped and still waits is what the officer must see; who has left the danger since is not missed.
    dropped.sort(key=lambda line: (line["gone"], line["person"] is None))
    parts = [("added", len(added), added), ("dropped", len(dropped), dropped), ("renamed", len(renamed), renamed)]
    cut = [(name, count, lines[:ROWS_SHOWN]) for name, count, lines in parts]
    return {
        **facts,
        "parts": cut,
        "shown": [line for _, _, lines in cut for line in lines],
        "same": len(found.unchanged),
        "missed": sum(line["person"] is not None and not line["gone"] for line in dropped),
    }


def _line(row: int, name: str, person: PersonId | None, earlier: str) -> dict[str, Any]:
    return {"row": row, "name": name, "person": person, "earlier": earlier, "gone": False, "why": ""}


def _dropped(evening: Evening, row: int, name: str, person: PersonId | None) -> dict[str, Any]:
    return {**_line(row, name, person, ""), "gone": person in evening.gone}
