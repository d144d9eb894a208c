"""Who read whose identity and why, and who gave which order: two logs that nobody can change, the latest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any, get_args, overload
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from corridor.base.ids import EventId, PersonId, UserId
from corridor.base.limits import AUDIT_ROWS_MAX
from corridor.base.moments import Moment, datetime_of, moment_of
from corridor.hq.access.accounts import role_names
from corridor.hq.access.rights import Right, needs, rights_of
from corridor.hq.desks.desk import show, titles
from corridor.hq.desks.door import fresh_token
from corridor.hq.desks.reasons import said as reason_said
from corridor.hq.desks.spreadsheet import as_text
from corridor.hq.desks.table import Column, cut
from corridor.hq.models import GivenOrder
from corridor.hq.pages.timeline import sentence
from corridor.hq.served import served
from corridor.hq.working import name_of, working
from corridor.journey import orders as journey
from corridor.journey.board.board import Board
from corridor.journey.register.access import Reading, ReadsAsked

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPERATION = "operation"
ORDER_WITHIN_MS = 60_000
"""How long after its records were received an order is in the log at the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of the log: its type's name, the records that carry it out, what the first of them says as far as the
    reader may know it, the code of the no ('': it was done)."""

    at: Moment
    who: str
    role: str
    name: str
    events: tuple[str, ...]
    says: str
    refused: str


class Fetched(Sequence[Any]):
    """A long log of which only the rows of the page are fetched."""

    def __init__(self, count: int, fetch: Callable[[int, int], Sequence[Any]]) -> None:
        """`fetch` answers the rows from the first number to before the second."""
        self._count, self._fetch = count, fetch

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            first, end, _step = index.indices(self._count)
            return self._fetch(first, end)
        return self._fetch(index, index + 1)[0]


@require_safe
@needs("audit")
def reads(request: HttpRequest, sheet: bool = False) -> HttpResponse:
    """Every reading of identities. Asked: `who` (a user), `person`, `why`, `since` and `until` (days), `refused`; and
    `sheet` for all of them as a spreadsheet."""
    identities, given = served().opened.identities, request.GET
    since, until = _days(request)
    asked = ReadsAsked(
        who=UserId(given["who"]) if given.get("who") else None,
        person=PersonId(given["person"].strip()) if given.get("person", "").strip() else None,
        why=given.get("why") or None,
        since=since,
        until=until,
        refused=given.get("refused") == "yes",
    )
    if sheet:
        rows = identities.reads_of(asked, 0, AUDIT_ROWS_MAX)
        note(request, "ExportReads")
        lines = ([*_line(row), " ".join(row.persons), row.why, row.refused or ""] for row in rows)
        return _sheet("reads", [_("Whose identity"), _("Why"), _("Answer")], lines)
    rows = Fetched(
        identities.count_reads(asked), lambda first, end: identities.reads_of(asked, first, max(0, end - first))
    )
    reasons = [(why, reason_said(why)) for why in identities.read_reasons()]
    facts = _facts(request, "operation-reads", READS, rows) | {"reasons": reasons}
    return show(request, "hq/desks/operation/reads.html", facts)


@require_safe
@needs("audit")
def orders(request: HttpRequest, sheet: bool = False) -> HttpResponse:
    """Every order given at headquarters, carried out or refused. Asked: `who` (a user), `desk`, `person`, `since` and
    `until` (days), `refused`; and `sheet` as above."""
    given = request.GET
    found = GivenOrder.objects.order_by("-id")
    if given.get("who"):
        found = found.filter(who=given["who"])
    if given.get("refused") == "yes":
        found = found.exclude(refused="")
    if given.get("desk") in _names_of():
        found = found.filter(order__regex=_names_of()[given["desk"]])
    since, until = _days(request)
    if since is not None:
        found = found.filter(at_ms__gte=since)
    if until is not None:
        found = found.filter(at_ms__lt=until)
    if given.get("person", "").strip():
        found = _about(found, PersonId(given["person"].strip()))
    if sheet:
        note(request, "ExportOrders")
        told = (_order(row) for row in found[:AUDIT_ROWS_MAX])
        lines = ([*_line(row), row.name, " ".join(row.events), row.refused] for row in told)
        return _sheet("orders", [_("Order"), _("Records"), _("Answer")], lines)
    board, rights = served().board_now(), rights_of(request.user)
    rows = Fetched(found.count(), lambda first, end: [_order(row, board, rights) for row in found[first:end]])
    desks = [(stage, title) for stage, title in titles().items() if stage in _names_of()]
    facts = _facts(request, "operation-orders", ORDERS, rows) | {"desks": desks}
    return show(request, "hq/desks/operation/orders.html", facts)


def _facts(request: HttpRequest, name: str, columns: Sequence[Column], rows: Fetched) -> dict[str, Any]:
    return {
        "table": cut(request, name, columns, rows),
        "asked": request.GET,
        "users": list(_users()),
        "sheet": f"{reverse(f'{name}-sheet')}?{request.GET.urlencode()}",
        "rows_max": AUDIT_ROWS_MAX if len(rows) > AUDIT_ROWS_MAX else None,
    }


def _days(request: HttpRequest) -> tuple[Moment | None, Moment | None]:
    """From the morning of one day to the end of another, in the operation's zone; a day that cannot be read is none."""
    found: list[Moment | None] = []
    zone = ZoneInfo(served().operation.as_of_zone)
    for name, more in (("since", 0), ("until", 1)):
        try:
            day = date.fromisoformat(request.GET.get(name, "")) + timedelta(days=more)
        except (ValueError, OverflowError):
            found.append(None)
        else:
            found.append(moment_of(datetime(day.year, day.month, day.day, tzinfo=zone)))
    return found[0], found[1]


@cache
def _names_of() -> dict[str, str]:
    """The orders of each desk as a pattern of what the log calls them: an order's name, then the step of its form.

    What is no order of a stage was done at the desk of the operation itself.
    """
    names: dict[str, list[str]] = {}
    for order in get_args(journey.Order):
        names.setdefault(order.__module__.split(".")[2], []).append(order.__name__)
    names["register"].append("keep_identity")
    every = [name for found in names.values() for name in found]
    patterns = {stage: _pattern(found, every) for stage, found in names.items() if stage in titles()}
    others = [name for stage, found in names.items() if stage in titles() for name in found]
    return patterns | {OPERATION: f"^(?!{_pattern(others, every)[1:]})"}


def _pattern(names: Sequence[str], every: Sequence[str]) -> str:
    """Any of these orders; a step follows its name at once, so a longer name of another order is ruled out."""
    found = []
    for name in names:
        rests = [re.escape(one.removeprefix(name)) for one in every if one.startswith(name) and one != name]
        found.append(re.escape(name) + (f"(?!{'|'.join(rests)})" if rests else ""))
    return f"^({'|'.join(found)})"


def _about(found: QuerySet[GivenOrder], person: PersonId) -> QuerySet[GivenOrder]:
    """The orders of which a record names a person: those given when headquarters recorded something about them."""
    headquarters = served()
    board = headquarters.board_now()
    own = board.view.book.intake.trust.root_device
    events = {event.id: event for event in board.view.events_of(person) if event.id.device == own}
    moments = {int(event.received_at) for event in events.values()}
    wanted = {tuple(id_) for id_ in events}
    last = max(moments, default=0) + ORDER_WITHIN_MS
    near = found.filter(at_ms__gte=min(moments, default=0), at_ms__lte=last)
    ids = [row.pk for row in near.only("events").iterator() if any(tuple(one) in wanted for one in row.events)]
    return found.filter(pk__in=ids)


def _line(row: Reading | Order) -> list[Any]:
    """The first cells of a row of either spreadsheet."""
    at = datetime_of(row.at, served().operation.as_of_zone).replace(tzinfo=None)
    return [at, user_name(row.who), row.who, _role(row)]


def _sheet(name: str, titles: Sequence[str], lines: Iterator[list[Any]]) -> HttpResponse:
    """A log as a spreadsheet; times are those of the operation's zone."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    zone = served().operation.as_of_zone
    sheet.append([f"{_('When')} ({zone})", _("Who"), _("Id"), _("Role"), *titles])
    for line in lines:
        sheet.append([as_text(one) for one in line])
    written = BytesIO()
    book.save(written)
    headers = {"Content-Disposition": f'attachment; filename="{served().operation.name}-{name}.xlsx"'}
    return HttpResponse(written.getvalue(), content_type=XLSX, headers=headers)


def note(request: HttpRequest, what: str, refused: str = "") -> None:
    """Put into the log of orders what the desk itself changed, such as a password, or did not let somebody change."""
    user: Any = request.user
    now, token = served().now(), fresh_token()
    GivenOrder.objects.create(at_ms=now, who=user.name, role=user.role, order=what[:64], token=token, refused=refused)


def user_name(user: str) -> str:
    """What a user is called; the id itself where nobody knows it."""
    return name_of(served().operation, user)


def _users() -> Iterator[tuple[str, str]]:
    """Whoever ever worked here can be asked for, in the order of their names."""
    return ((one.id, one.name) for one in sorted(working(served().operation).values(), key=lambda one: one.name))


def _role(row: Reading | Order) -> str:
    return role_names().get(row.role, row.role)


def _order(row: GivenOrder, board: Board | None = None, rights: frozenset[Right] = frozenset()) -> Order:
    """A row of the log; with a `board` what was recorded is said too."""
    name = row.order.partition(":")[0]
    events = [EventId(*event) for event in row.events]
    first = board.view.book.find(events[0]) if board is not None and events else None
    return Order(
        at=Moment(row.at_ms),
        who=row.who,
        role=row.role,
        name=name,
        events=tuple(map(str, events)),
        says=(sentence(board, first, rights) or "") if board is not None and first is not None else "",
        refused=row.refused,
    )


_WHO = (
    Column(name="at", title=lambda: _("When"), template="hq/desks/operation/_cell_at.html"),
    Column(name="who", title=lambda: _("Who"), value=lambda row: user_name(row.who)),
    Column(name="role", title=lambda: _("Role"), value=_role),
)
READS = (
    *_WHO,
    Column(name="persons", title=lambda: _("Whose identity"), template="hq/desks/operation/_cell_persons.html"),
    Column(name="why", title=lambda: _("Why"), value=lambda row: reason_said(row.why)),
    Column(name="refused", title=lambda: _("Answer"), template="hq/desks/operation/_cell_answer.html"),
)
ORDERS = (
    *_WHO,
    Column(name="order", title=lambda: _("Order"), template="hq/desks/operation/_cell_order.html"),
    Column(name="events", title=lambda: _("Records"), template="hq/desks/operation/_cell_events.html"),
    Column(name="refused", title=lambda: _("Answer"), template="hq/desks/operation/_cell_answer.html"),
)
