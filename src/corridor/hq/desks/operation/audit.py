"""Who read whose identity and why, and who gave which order: two logs that nobody can change, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import EventId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.hq.access.accounts import role_names
from corridor.hq.access.rights import needs
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import fresh_token
from corridor.hq.desks.table import Column, cut
from corridor.hq.models import GivenOrder
from corridor.hq.served import served
from corridor.journey.register.access import Reading, ReadsAsked


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of the log: its type's name, the records that carry it out, the code of the no ('': it was done)."""

    at: Moment
    who: str
    role: str
    name: str
    events: tuple[str, ...]
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
def reads(request: HttpRequest) -> HttpResponse:
    """Every reading of identities. Asked: `who` (a user), `person`, `refused`."""
    identities, given = served().opened.identities, request.GET
    asked = ReadsAsked(
        who=UserId(given["who"]) if given.get("who") else None,
        person=PersonId(given["person"].strip()) if given.get("person", "").strip() else None,
        refused=given.get("refused") == "yes",
    )
    rows = Fetched(
        identities.count_reads(asked), lambda first, end: identities.reads_of(asked, first, max(0, end - first))
    )
    facts = {"table": cut(request, "operation-reads", READS, rows), "asked": given, "users": list(_users())}
    return show(request, "hq/desks/operation/reads.html", facts)


@require_safe
@needs("audit")
def orders(request: HttpRequest) -> HttpResponse:
    """Every order given at headquarters, carried out or refused. Asked: `who` (a user), `refused`."""
    given = request.GET
    found = GivenOrder.objects.order_by("-id")
    if given.get("who"):
        found = found.filter(who=given["who"])
    if given.get("refused") == "yes":
        found = found.exclude(refused="")
    rows = Fetched(found.count(), lambda first, end: [_order(row) for row in found[first:end]])
    facts = {"table": cut(request, "operation-orders", ORDERS, rows), "asked": given, "users": list(_users())}
    return show(request, "hq/desks/operation/orders.html", facts)


def note(request: HttpRequest, what: str, refused: str = "") -> None:
    """Put into the log of orders what the desk itself changed, such as a password, or did not let somebody change."""
    user: Any = request.user
    now, token = served().now(), fresh_token()
    GivenOrder.objects.create(at_ms=now, who=user.name, role=user.role, order=what[:64], token=token, refused=refused)


def user_name(user: str) -> str:
    """A user by the name in the operation file; whoever is not in it by id."""
    return next((one.name for one in served().operation.users if one.id == user), user)


def _users() -> Iterator[tuple[str, str]]:
    return ((one.id, one.name) for one in served().operation.users)


def _role(row: Reading | Order) -> str:
    return role_names().get(row.role, row.role)


def _order(row: GivenOrder) -> Order:
    name = row.order.partition(":")[0]
    events = tuple(str(EventId(*event)) for event in row.events)
    return Order(at=Moment(row.at_ms), who=row.who, role=row.role, name=name, events=events, refused=row.refused)


_WHO = (
    Column(name="at", title=lambda: _("When"), template="hq/desks/operation/_cell_at.html"),
    Column(name="who", title=lambda: _("Who"), value=lambda row: user_name(row.who)),
    Column(name="role", title=lambda: _("Role"), value=_role),
)
READS = (
    *_WHO,
    Column(name="persons", title=lambda: _("Whose identity"), template="hq/desks/operation/_cell_persons.html"),
    Column(name="why", title=lambda: _("Why"), template="hq/desks/operation/_cell_why.html"),
    Column(name="refused", title=lambda: _("Answer"), template="hq/desks/operation/_cell_answer.html"),
)
ORDERS = (
    *_WHO,
    Column(name="order", title=lambda: _("Order"), template="hq/desks/operation/_cell_order.html"),
    Column(name="events", title=lambda: _("Records"), template="hq/desks/operation/_cell_events.html"),
    Column(name="refused", title=lambda: _("Answer"), template="hq/desks/operation/_cell_answer.html"),
)
