"""What did a file of daily figures say on each day? Counts by day, each with the moment since when it was known.

Two shapes: `date,count,kind,note,source_url` (what happened on a day is known when the day ends), and
`date,individuals,cumsum,vintage` (the same days published again and again, each time as of `vintage`).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corridor.base.moments import DAY_MS, Moment, parse_moment

VALUE_COLUMNS = ("count", "individuals")
LEVEL_KINDS = ("cumulative",)
"""Kinds that are running totals: a day's count is the difference from the day before, where both are known."""
FLOW_KINDS = ("arrivals", "departures", "flight", *VALUE_COLUMNS)
"""Kinds that say how many came or went; others (stock, listed, planned, registered) are taken only when asked for."""
ROWS_MOST = 2_000_000
COUNT_MOST = 10**12
DAYS_MOST = 3_660
"""From the first day to the last, at most: ten years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in a file: the row (the header is row 1), the column (None: the whole row), one thing to do."""

    row: int
    column: str | None
    says: str
    remedy: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.column is None else f"row {self.row}, column {self.column}"
        return f"{where}: {self.says} {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many on a day, known since a moment. Days are numbers (`date.toordinal`)."""

    day: int
    count: int
    known: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """All figures of one kind, by the moment since when they were known. `revised`: days were published repeatedly."""

    kind: str
    figures: tuple[Figure, ...]
    revised: bool

    @property
    def last(self) -> dict[int, int]:
        """Each day's count as last published."""
        return {figure.day: figure.count for figure in self.figures}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file as read: the series, or None when there is none; everything that is wrong; the kinds there are."""

    series: Series | None
    faults: tuple[Fault, ...]
    kinds: tuple[str, ...]


def end_of(day: int) -> Moment:
    """The moment at which a day is over, UTC."""
    return Moment((day - date(1970, 1, 1).toordinal() + 1) * DAY_MS)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    day: int
    count: int
    kind: str
    vintage: Moment | None


def read_series(data: bytes, kind: str | None = None) -> Read:
    """The daily series of a file. `kind` chooses among the kinds of its rows; None: the one with the most days."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        return _none(Fault(row=row, column=None, says="This is not UTF-8 text.", remedy="Save the table as UTF-8."))
    reader = csv.reader(io.StringIO(text, newline=""))
    faults: list[Fault] = []
    rows: list[_Row] = []
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        wrong = _header_fault(header)
        if wrong is not None:
            return _none(wrong)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                read = _row(reader.line_num, header, cells)
                if isinstance(read, _Row):
                    rows.append(read)
                elif read is not None:
                    faults.append(read)
            if len(rows) > ROWS_MOST:
                return _none(Fault(row=reader.line_num, column=None, says="Too many rows.", remedy="Split the file."))
    except csv.Error as error:
        says = f"This is not a CSV row ({error})."
        faults.append(Fault(row=reader.line_num, column=None, says=says, remedy="Correct it; the rest is not read."))
    far = _far(rows)
    faults += far
    away = {fault.row for fault in far}
    rows = [row for row in rows if row.number not in away]
    series, more = _of_kind(rows, kind)
    kinds = tuple(sorted({row.kind for row in rows}))
    if kind is not None and kind not in kinds:
        here = ", ".join(kinds) or "none"
        more = [Fault(row=1, column="kind", says=f"No row is of the kind {kind}.", remedy=f"Name one of: {here}.")]
    return Read(series=series, faults=(*faults, *more), kinds=kinds)


def _far(rows: Sequence[_Row]) -> list[Fault]:
    """Rows whose day cannot belong to the same operation as most others."""
    days = sorted(row.day for row in rows)
    middle = days[len(days) // 2] if days else 0
    return [
        Fault(
            row=row.number,
            column="date",
            says=f"{date.fromordinal(row.day)} is years away from most others.",
            remedy="Correct it, or split the file.",
        )
        for row in rows
        if abs(row.day - middle) > DAYS_MOST // 2
    ]


def _none(fault: Fault) -> Read:
    return Read(series=None, faults=(fault,), kinds=())


def _header_fault(header: Sequence[str]) -> Fault | None:
    twice = [name for name, times in Counter(header).items() if times > 1 and name]
    if twice:
        return Fault(row=1, column=twice[0], says="The column is there twice.", remedy="Leave one.")
    if "date" not in header:
        return Fault(row=1, column="date", says="There is no such column.", remedy="Write days as YYYY-MM-DD in it.")
    if not any(name in header for name in VALUE_COLUMNS):
        return Fault(row=1, column="count", says="There is no such column.", remedy="Write whole numbers in it.")
    return None


def _row(number: int, header: Sequence[str], cells: Sequence[str]) -> _Row | Fault | None:
    """One row; None: it was published without a figure."""
    if len(cells) > len(header):
        says = f"It has {len(cells)} cells under {len(header)} headers."
        return Fault(row=number, column=None, says=says, remedy="Quote cells that hold commas.")
    values: Mapping[str, str] = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    column = next(name for name in VALUE_COLUMNS if name in header)
    raw = values.get(column, "")
    try:
        day = date.fromisoformat(values.get("date", "")).toordinal()
    except ValueError:
        says = f"{_short(values.get('date', ''))} is not a day."
        return Fault(row=number, column="date", says=says, remedy="Write it like 2023-11-17.")
    if raw == "":
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 13 and int(raw) <= COUNT_MOST):
        says = f"{_short(raw)} is not a count of people."
        return Fault(row=number, column=column, says=says, remedy="Write a whole number, 0 or more, without signs.")
    vintage: Moment | None = None
    if "vintage" in header:
        try:
            vintage = parse_moment(values.get("vintage", ""))
        except (ValueError, OverflowError):
            says = f"{_short(values.get('vintage', ''))} is not a time."
            return Fault(row=number, column="vintage", says=says, remedy="Write it like 2022-03-05T13:37:07+00:00.")
    return _Row(number, day, int(raw), values.get("kind", "").casefold() or column, vintage)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _of_kind(rows: Sequence[_Row], kind: str | None) -> tuple[Series | None, list[Fault]]:
    """The series of the kind asked for, or of the flow with the most days; else running totals."""
    days = {one: len({row.day for row in rows if row.kind == one}) for one in {row.kind for row in rows}}
    if kind is None:
        flows = {one: n for one, n in days.items() if one in FLOW_KINDS}
        choice = flows or {one: n for one, n in days.items() if one in LEVEL_KINDS}
        if not choice:
            return None, []
        kind = min(choice, key=lambda one: (-choice[one], one))
    chosen = [row for row in rows if row.kind == kind]
    if not chosen:
        return None, []
    if any(row.vintage is not None for row in chosen):
        return _published(kind, chosen)
    if kind in LEVEL_KINDS:
        return _differences(kind, chosen)
    total: Counter[int] = Counter()
    for row in chosen:  # several groups of one day are that day's people together
        total[row.day] += row.count
    figures = (Figure(day=day, count=count, known=end_of(day)) for day, count in sorted(total.items()))
    return Series(kind=kind, figures=tuple(figures), revised=False), []


def _published(kind: str, rows: Sequence[_Row]) -> tuple[Series, list[Fault]]:
    """Figures with the moment of their publication; what was said before the day was over is no figure of the day."""
    figures: dict[tuple[Moment, int], Figure] = {}
    faults: list[Fault] = []
    for row in rows:
        assert row.vintage is not None, "every row of a file with the column has one"
        at = (row.vintage, row.day)
        if at in figures and figures[at].count != row.count:
            says = "The same day has two figures in one vintage; the first is kept."
            faults.append(Fault(row=row.number, column="date", says=says, remedy="Leave one."))
        elif row.vintage >= end_of(row.day):
            figures[at] = Figure(day=row.day, count=row.count, known=row.vintage)
    return Series(kind=kind, figures=tuple(figures[at] for at in sorted(figures)), revised=True), faults


def _differences(kind: str, rows: Sequence[_Row]) -> tuple[Series, list[Fault]]:
    last: dict[int, _Row] = {row.day: row for row in rows}
    return Series(kind=kind, figures=tuple(_steps(last)), revised=False), list(_falls(last))


def _steps(last: Mapping[int, _Row]) -> Iterator[Figure]:
    for day in sorted(last):
        before = last.get(day - 1)
        if before is not None and last[day].count >= before.count:
            yield Figure(day=day, count=last[day].count - before.count, known=end_of(day))


def _falls(last: Mapping[int, _Row]) -> Iterator[Fault]:
    for day, row in sorted(last.items()):
        before = last.get(day - 1)
        if before is not None and row.count < before.count:
            says = f"The running total falls from {before.count:,} to {row.count:,}; the day is taken as not known."
            yield Fault(row=row.number, column="count", says=says, remedy="Correct it.")
