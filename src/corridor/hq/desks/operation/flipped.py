"""Who flips by a version: counted before it is signed and after it came into force, and the people of each count."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.hq.access.names import own_people, read_names
from corridor.hq.access.rights import needs
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import legs
from corridor.hq.desks.operation.draft import draft_of, last_text, sha256_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.pages.people import where_is
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.versions.flips import Flip, flips
from corridor.journey.versions.state import Version

DRAFT = "draft"
COUNTS_KEPT_MAX = 16
_kept: OrderedDict[tuple[object, ...], tuple[Moment, tuple[Flip, ...]]] = OrderedDict()
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Counted:
    """One count as the page shows it: what flips, which way, how many of how many, and where its people are."""

    title: str
    way: str
    people: int
    asked: int
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person who flips."""

    person: PersonId
    names: tuple[str, ...] = ()
    citizenship: str
    where: str


def flips_between(
    before: Operation, after: Operation, mark: tuple[str, str], at: Moment | None
) -> tuple[Moment, tuple[Flip, ...]]:
    """Who flips between two files on the board of `at` (None: now), and when that was counted.

    Everybody is looked at, so a count is kept until the ledger grows; `mark` names the two files.
    """
    headquarters = served()
    key = (*mark, at, headquarters.version)
    with _one_at_a_time:
        if key not in _kept:
            now = headquarters.now()
            board = headquarters.board_now() if at is None else headquarters.board(at, now)
            _kept[key] = (now, flips(board, before, after))
            if len(_kept) > COUNTS_KEPT_MAX:
                _kept.popitem(last=False)
        return _kept[key]


def flips_of(version: Version) -> tuple[Moment, tuple[Flip, ...]]:
    """Who flips by a version: by the board of the moment when it came into force, until then by that of now."""
    files, start = served().opened.files, version.in_force_from
    before, after = files.operation(version.base_sha256), files.operation(version.sha256)
    past = None if start is None or start > served().now() else start
    return flips_between(before, after, (version.base_sha256, version.sha256), past)


def flips_of_draft(who: str) -> tuple[Moment, tuple[Flip, ...]] | None:
    """Who would flip by somebody's draft; None when there is none or it cannot be read yet."""
    draft = draft_of(who)
    read = None if draft is None else draft.read
    if draft is None or not isinstance(read, Operation):
        return None
    versions = served().opened.versions(served().now())
    last = versions.last(served().now())
    ground = served().opened.files.operation(last.sha256 if last else versions.first_sha256)
    return flips_between(ground, read, (sha256_of(last_text()), sha256_of(draft.text)), None)


def told(which: str, found: Sequence[Flip]) -> list[Counted]:
    """The counts in words, each with the address of its people."""
    names = dict(legs())
    rules = {"eligibility": _("May come"), "clearance": _("Cleared"), "papers": _("Has the papers")}
    ways = {"to_yes": _("from no to yes"), "to_no": _("from yes to no"), "to_not_known": _("to not known")}
    at = reverse("operation-flipped", args=[which])
    return [
        Counted(
            title=rules[one.rule] if one.leg is None else f"{rules[one.rule]}: {names.get(one.leg, one.leg)}",
            way=ways[one.way],
            people=len(one.people),
            asked=one.asked,
            link=f"{at}?{urlencode({'rule': one.rule, 'leg': one.leg or '', 'way': one.way})}",
        )
        for one in found
    ]


@require_safe
@needs("persons")
def people(request: HttpRequest, which: str) -> HttpResponse:
    """The people behind one count: of a version by number, or of the reader's own draft."""
    headquarters, asked = served(), request.GET
    versions = headquarters.opened.versions(headquarters.now())
    version = next((one for one in versions.all if str(one.number) == which), None)
    counted = flips_of(version) if version else flips_of_draft(door.by(request)) if which == DRAFT else None
    if counted is None:
        raise Http404(which)
    wanted = (asked.get("rule"), asked.get("leg") or None, asked.get("way"))
    flip = next((one for one in counted[1] if (one.rule, one.leg, one.way) == wanted), None)
    if flip is None:
        raise Http404(str(wanted))
    board = headquarters.board_now()
    mine = own_people(request.user, board, frozenset(flip.people))
    table = cut(request, "operation-flipped", COLUMNS, [person for person in flip.people if person in mine])
    names = read_names(request, headquarters, board, table.rows, why="flipped by a version")
    rows = [replace(_row(board, person), names=names.get(person, ())) for person in table.rows]
    facts = {
        "which": which,
        "counted": told(which, [flip])[0],
        "counted_at": counted[0],
        "version": version,
        "table": table.with_rows(rows),
    }
    return show(request, "hq/desks/operation/flipped.html", facts)


def _row(board: Board, person: PersonId) -> Row:
    state = board.everybody.register.get(person)
    where = where_is(board, board.view.account_of(person), get_language() or "en")
    return Row(person=person, citizenship=", ".join(state.citizenships) if state else "", where=where)


COLUMNS = (
    Column(name="person", title=lambda: _("Person"), template="hq/desks/operation/_cell_person.html"),
    Column(name="citizenship", title=lambda: _("Citizenship"), value=lambda row: row.citizenship),
    Column(name="where", title=lambda: _("Where"), value=lambda row: row.where),
)
