"""How a page shows many rows with many facts: columns hidden until asked, sorted by a link, cut into pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.template import Engine
from django.template.loader import render_to_string

from corridor.base.limits import PEOPLE_PER_PAGE
from corridor.hq.asked import page_in
from corridor.hq.models import Choice

Kind = Literal["text", "count", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One fact of every row.

    `title` is said in the reader's language by a function. The cell is `value(row)`, printed as it is, or `template`
    with `row` (and the page's `extra`). `sort` gives what rows are ordered by, None: this column does not order; what
    it answers None for stands last. `shown` columns are there until the reader chooses others; the first column heads
    the row and cannot be hidden.
    """

    name: str
    title: Callable[[], str]
    value: Callable[[Any], object] | None = None
    template: str = ""
    sort: Callable[[Any], Any] | None = None
    shown: bool = True
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a shown column: where its link sorts, and how the rows stand by it now ('' when not by it)."""

    column: Column
    title: str
    query: str
    sorted: Literal["", "ascending", "descending"]


@dataclass(frozen=True, slots=True)
class Offered:
    """A column in the chooser."""

    name: str
    title: str
    shown: bool
    fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A cut of rows, ready for `hq/desks/_table.html`; `rows` may be put in place of those of the cut (`with_rows`)."""

    name: str
    rows: Sequence[Any]
    count: int
    page: int
    pages: int
    first: int
    headings: tuple[Heading, ...]
    offered: tuple[Offered, ...]
    earlier: str
    later: str
    kept: tuple[tuple[str, str], ...]
    request: HttpRequest
    extra: dict[str, Any]

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1

    def with_rows(self, rows: Sequence[Any]) -> Table:
        """The same cut with its rows told more fully, such as with names, which are read only for what is shown."""
        assert len(rows) == len(self.rows), "the same rows"
        return dataclasses.replace(self, rows=rows)

    @property
    def lines(self) -> list[list[tuple[Heading, object]]]:
        """Every row's cells."""
        # The frame's facts are asked once for the table: asking for each cell took three quarters of a page.
        frame = _frame_of(self.request)
        return [[(heading, self._cell(heading.column, row, frame)) for heading in self.headings] for row in self.rows]

    def _cell(self, column: Column, row: Any, frame: dict[str, Any]) -> object:
        if column.template:
            return render_to_string(column.template, {**frame, **self.extra, "row": row, "table": self})
        assert column.value is not None, f"{column.name} has neither a value nor a template"
        return column.value(row)


def _frame_of(request: HttpRequest) -> dict[str, Any]:
    """What every template of a page may use, as Django would give it to each."""
    found: dict[str, Any] = {}
    for processor in Engine.get_default().template_context_processors:
        found.update(processor(request))
    return found


def cut(
    request: HttpRequest,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Any],
    *,
    by: str = "",
    per_page: int = PEOPLE_PER_PAGE,
    extra: dict[str, Any] | None = None,
) -> Table:
    """The page of rows that the address asks for (`page`, `sort`, a dash before it for descending, `columns`).

    `by` is the order unless asked. Choosing columns is remembered for the reader under the table's `name`. `extra` is
    for the templates of cells.
    """
    shown = _shown(request, name, columns)
    sort = request.GET.get("sort") or by
    known = {column.name: column for column in columns if column.sort is not None}
    if sort.removeprefix("-") not in known:
        sort = by
    ordered = _ordered(rows, known.get(sort.removeprefix("-")), descending=sort.startswith("-"))
    pages = max(1, -(-len(ordered) // per_page))
    page = page_in(request.GET.get("page", "1"), pages)
    return Table(
        name=name,
        rows=ordered[(page - 1) * per_page : page * per_page],
        count=len(ordered),
        page=page,
        pages=pages,
        first=(page - 1) * per_page + 1,
        headings=tuple(_heading(request, column, sort) for column in columns if column.name in shown),
        offered=tuple(
            Offered(column.name, column.title(), column.name in shown, column is columns[0]) for column in columns
        ),
        earlier=_query(request, page=str(page - 1)) if page > 1 else "",
        later=_query(request, page=str(page + 1)) if page < pages else "",
        kept=tuple((key, str(value)) for key, value in request.GET.items() if key not in ("columns", "page")),
        request=request,
        extra=extra or {},
    )


def _shown(request: HttpRequest, name: str, columns: Sequence[Column]) -> frozenset[str]:
    """The columns to show: those just chosen, else those chosen before, else those shown to whoever chose none."""
    who, all_names = str(getattr(request.user, "name", "")), {column.name for column in columns}
    key = f"columns:{name}"
    if "columns" in request.GET:
        chosen = [one for one in request.GET.getlist("columns") if one in all_names]
        Choice.objects.update_or_create(who=who, name=key, defaults={"value": chosen})
    else:
        kept = Choice.objects.filter(who=who, name=key).first()
        chosen = [column.name for column in columns if column.shown] if kept is None else kept.value
    return frozenset(chosen) & all_names | {columns[0].name}


def _ordered(rows: Sequence[Any], column: Column | None, *, descending: bool) -> Sequence[Any]:
    """The rows in order; as they came, and not fetched, when no column orders them."""
    if column is None or column.sort is None:
        return rows
    keyed = [(column.sort(row), row) for row in rows]
    told = sorted((one for one in keyed if one[0] is not None), key=lambda one: one[0], reverse=descending)
    return [row for _, row in told] + [row for key, row in keyed if key is None]


def _heading(request: HttpRequest, column: Column, sort: str) -> Heading:
    if column.sort is None:
        return Heading(column, column.title(), "", "")
    here = sort.removeprefix("-") == column.name
    ascending = here and not sort.startswith("-")
    query = _query(request, sort=f"-{column.name}" if ascending else column.name, page="1")
    return Heading(column, column.title(), query, "" if not here else "ascending" if ascending else "descending")


def _query(request: HttpRequest, **changed: str) -> str:
    asked = request.GET.copy()
    asked.pop("columns", None)
    for key, value in changed.items():
        asked[key] = value
    return str(asked.urlencode())
