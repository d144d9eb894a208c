"""Which column feeds which field, why, and how is that choice shown, saved and used again?"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, get_args

from corridor.base.refusal import Refusal
from corridor.base.sheets.dates import DayOrder, parse_birth_date
from corridor.base.sheets.fields import FIELDS, Field, Kind, words_of
from corridor.base.sheets.header import header_variants
from corridor.base.sheets.model import Column, Fault, Sheet, Value, shown_value
from corridor.base.sheets.refusals import (
    MAPPING_HEADER_MISSING,
    MAPPING_LACKS,
    MAPPING_OTHER_KIND,
    MAPPING_UNREADABLE,
)
from corridor.base.sheets.text import ascii_digits, one_line, plain
from corridor.base.sheets.values import parse_citizenships, parse_email, parse_sex, says_nothing

Why = Literal["exact header", "part of the header", "near header", "by content", "saved mapping"]

NEAR_RATIO_MIN = 0.84
"""Least `difflib` similarity of a near header: lets one letter in six be wrong, keeps "number" from "member"."""

_SAMPLE_ROWS = 200
_CONTENT_SHARE_MIN = 0.7
_MAPPING_VERSION = 1
_STROKED_DATE = re.compile(r"(\d{1,2})[/\-](\d{1,2})[/\-](?:\d{4}|\d{2})\b")
_FAR_FUTURE = date(2100, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One column chosen for a field: its label (`model.Column.label`) and why; `matched` is the word or reason."""

    field: str
    label: str
    why: Why
    matched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Which columns feed which fields of a kind of table.

    `day_order` decides dates such as 1/3/2015, `day_order_why` says where that came from. `unused` are the
    labels of the columns that feed nothing.
    """

    kind: Kind
    chosen: tuple[Chosen, ...]
    unused: tuple[str, ...]
    day_order: DayOrder
    day_order_why: str

    def headers(self) -> tuple[str, ...]:
        """The header texts this mapping looks for; give them to `reader.read_sheets` to find the header row by."""
        return tuple(one.label for one in self.chosen)

    def labels(self, field: str) -> tuple[str, ...]:
        """The labels of the columns that feed a field."""
        return tuple(one.label for one in self.chosen if one.field == field)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    score: float
    field: Field
    column: Column
    why: Why
    matched: str


def guess_mapping(sheet: Sheet, kind: Kind, day_order: DayOrder | None = None) -> Mapping:
    """The likeliest mapping: exact headers first, then parts of headers, near headers, and content last.

    `day_order` None: month first if the sheet's own dates can only be that, else day first.
    """
    candidates = [candidate for column in sheet.columns if column.header for candidate in _by_header(column, kind)]
    taken = _assigned(sorted(candidates, key=lambda one: (-one.score, one.column.index)), {})
    spare = [column for column in sheet.columns if column.index not in taken]
    used = {one.field.name for one in taken.values()}
    taken = _assigned([one for column in spare for one in _by_content(sheet, column, kind, used)], taken)
    order, why = (day_order, "as asked") if day_order is not None else _seen_order(sheet, taken)
    return Mapping(
        kind=kind,
        chosen=tuple(
            Chosen(field=one.field.name, label=one.column.label, why=one.why, matched=one.matched)
            for field in FIELDS[kind]
            for _, one in sorted(taken.items())
            if one.field == field
        ),
        unused=tuple(column.label for column in sheet.columns if column.index not in taken),
        day_order=order,
        day_order_why=why,
    )


def _assigned(candidates: list[_Candidate], taken: dict[int, _Candidate]) -> dict[int, _Candidate]:
    """Each column to the best field still open; a field that takes one column is closed by its first."""
    taken = dict(taken)
    closed = {one.field.name for one in taken.values() if not one.field.many}
    for one in candidates:
        if one.column.index in taken or one.field.name in closed:
            continue
        taken[one.column.index] = one
        if not one.field.many:
            closed.add(one.field.name)
    return taken


@cache
def _near_words(kind: Kind) -> tuple[str, ...]:
    return tuple(word for word in words_of(kind) if len(word) >= 4)


def _by_header(column: Column, kind: Kind) -> list[_Candidate]:
    """What a header may mean; only the first way that finds something counts."""
    words = words_of(kind)
    variants = header_variants(column.header[:200])
    if not variants:
        return []
    if variants[0] in words:
        return [_candidate(1.0, variants[0], column, kind, "exact header")]
    exact = [word for word in variants if word in words]
    if exact:
        return [_candidate(0.97, word, column, kind, "exact header") for word in exact]
    parts = [word for word in _near_words(kind) if f" {word} " in f" {variants[0]} "]
    if parts:
        longest = sorted(parts, key=len, reverse=True)[:3]
        return [_candidate(0.9 + len(word) / 1000, word, column, kind, "part of the header") for word in longest]
    found = []
    for variant in variants[:4]:
        for word in difflib.get_close_matches(variant[:80], _near_words(kind), n=2, cutoff=NEAR_RATIO_MIN):
            ratio = difflib.SequenceMatcher(None, variant, word).ratio()
            found.append(_candidate(ratio * 0.89, word, column, kind, "near header"))
    return found


def _candidate(score: float, word: str, column: Column, kind: Kind, why: Why) -> _Candidate:
    return _Candidate(score=score, field=words_of(kind)[word], column=column, why=why, matched=word)


def _is_birth_date(value: Value) -> bool:
    read = parse_birth_date(value, reference=_FAR_FUTURE)
    return not isinstance(read, Fault) and read.precision == "day" and read.year < 2030


def _is_country(value: Value) -> bool:
    codes, faults = parse_citizenships(value)
    return bool(codes) and not faults and isinstance(value, str) and len(value) > 1


def _is_name(value: Value) -> bool:
    words = value.split() if isinstance(value, str) else []
    return (
        2 <= len(words) <= 7
        and all(any(char.isalpha() for char in word) for word in words)
        and not (any(char.isdigit() for char in str(value)) or _is_country(value))
    )


_CONTENTS: tuple[tuple[tuple[str, ...], str, Callable[[Value], bool]], ...] = (
    (("birth_date",), "dates", _is_birth_date),
    (("email",), "mail addresses", lambda value: not isinstance(parse_email(value), Fault)),
    (("citizenships", "citizenship"), "countries", _is_country),
    (("sex",), "sexes", lambda value: not isinstance(parse_sex(value), Fault)),
    (("full_name", "name"), "names of two words or more", _is_name),
)
"""By field: what its cells look like, for columns whose header says nothing."""


def _by_content(sheet: Sheet, column: Column, kind: Kind, used: set[str]) -> list[_Candidate]:
    """What the cells of a column with an unknown header may be, for fields that no header gave."""
    values = [row.value(column.index) for row in sheet.rows[:_SAMPLE_ROWS]]
    values = [value for value in values if not says_nothing(value) and not isinstance(value, Fault)]
    named = {"surname", "given", "name_latin", "name_cyrillic", "name_arabic", "full_name", "name"} & used
    for names, shown, fits in _CONTENTS:
        field = next((field for field in FIELDS[kind] if field.name in names), None)
        if field is None or field.name in used or not values or ("name" in shown and named):
            continue
        share = sum(map(fits, values)) / len(values)
        if share >= _CONTENT_SHARE_MIN:
            reason = f"{share:.0%} of its cells are {shown}"
            return [_Candidate(score=share / 2, field=field, column=column, why="by content", matched=reason)]
    return []


def _seen_order(sheet: Sheet, taken: dict[int, _Candidate]) -> tuple[DayOrder, str]:
    """Whether dates such as 1/3/2015 have the day first, told by dates such as 25/3/2015 in the same columns."""
    day_first = month_first = 0
    for index, one in taken.items():
        if one.field.name not in ("birth_date", "document_valid_until", "happened_at"):
            continue
        for row in sheet.rows[:5_000]:
            found = _STROKED_DATE.match(ascii_digits(shown_value(row.value(index))))
            if found is not None:
                day_first += int(found[1]) > 12 >= int(found[2])
                month_first += int(found[2]) > 12 >= int(found[1])
    if month_first and not day_first:
        return "month first", f"{month_first} dates of the sheet can only have the month first"
    if day_first and not month_first:
        return "day first", f"{day_first} dates of the sheet can only have the day first"
    return "day first", "the dates of the sheet have both orders" if day_first else "by default"


def lacking(mapping: Mapping, sheet: Sheet) -> Refusal | None:
    """Why no row could be read with this mapping: no column for what every row needs. None: nothing is lacking."""
    groups: dict[str, bool] = {}
    for field in FIELDS[mapping.kind]:
        if field.needed is not None:
            groups[field.needed] = groups.get(field.needed, False) or bool(mapping.labels(field.name))
    missing = [group for group, met in groups.items() if not met]
    if not missing:
        return None
    return MAPPING_LACKS(where=_where(sheet), lacking=" and ".join(missing), present=_present(sheet))


def apply_mapping(mapping: Mapping, sheet: Sheet) -> Mapping | Refusal:
    """A saved mapping fitted to a sheet by header text; a refusal names the headers the sheet does not have."""
    by_label = {_key(column.label): column for column in sheet.columns}
    missing = [one.label for one in mapping.chosen if _key(one.label) not in by_label]
    if missing:
        named = " and ".join(f'"{label}"' for label in missing)
        return MAPPING_HEADER_MISSING(where=_where(sheet), missing=named, present=_present(sheet))
    chosen = tuple(
        Chosen(field=one.field, label=by_label[_key(one.label)].label, why="saved mapping", matched=one.matched)
        for one in mapping.chosen
    )
    used = {one.label for one in chosen}
    return Mapping(
        kind=mapping.kind,
        chosen=chosen,
        unused=tuple(column.label for column in sheet.columns if column.label not in used),
        day_order=mapping.day_order,
        day_order_why=mapping.day_order_why,
    )


def _key(label: str) -> str:
    """A label for comparing; the number after a repeated header counts, a header of signs only stays as it is."""
    head, mark, number = label.rpartition(" #")
    return f"{plain(head)} #{number}" if mark and number.isdigit() else plain(label) or label


def _where(sheet: Sheet) -> str:
    return sheet.file if sheet.name is None else f'sheet "{sheet.name}" of {sheet.file}'


def _present(sheet: Sheet) -> str:
    shown = ", ".join(f'"{column.label[:40]}"' for column in sheet.columns[:30])
    return (shown or "no columns") + (", ..." if len(sheet.columns) > 30 else "")


def describe(mapping: Mapping, sheet: Sheet) -> str:
    """The mapping in lines for people: where the header was found, each field's column and why, what is not used."""
    columns = {column.label: _shown_column(column) for column in sheet.columns}
    hidden = " (hidden sheet)" if sheet.hidden else ""
    header = "no header row" if sheet.header_row is None else f"header in {sheet.counts} {sheet.header_row}"
    lines = [f"{_where(sheet)}{hidden}: {sheet.read_as}; {header}; {len(sheet.rows)} rows"]
    for one in mapping.chosen:
        lines.append(f"  {one.field:<22} {columns.get(one.label, one.label)} ({one.why}: {one.matched})")
    lines.append(f"  {'dates like 1/3/2015':<22} {mapping.day_order} ({mapping.day_order_why})")
    unused = ", ".join(columns.get(label, label) for label in mapping.unused)
    lines.append(f"  {'not used':<22} {unused or 'none'}")
    missing = [field.name for field in FIELDS[mapping.kind] if not mapping.labels(field.name)]
    lines.append(f"  {'no column for':<22} {', '.join(missing) or 'none'}")
    return "\n".join(lines)


def _shown_column(column: Column) -> str:
    letter = f"{column.letter} " if column.letter else ""
    return f'{letter}"{one_line(column.label)}"' if column.header else f"column {column.letter}"


def to_json(mapping: Mapping) -> str:
    """The mapping as JSON, to be kept in a file and edited by hand: field names with lists of headers."""
    columns = {
        field.name: list(mapping.labels(field.name)) for field in FIELDS[mapping.kind] if mapping.labels(field.name)
    }
    saved = {"version": _MAPPING_VERSION, "kind": mapping.kind, "day_order": mapping.day_order, "columns": columns}
    return json.dumps(saved, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str, kind: Kind) -> Mapping | Refusal:
    """A saved mapping for tables of `kind`; a refusal says what is wrong in it."""
    try:
        saved = json.loads(text)
    except (ValueError, RecursionError) as error:
        return MAPPING_UNREADABLE(why=f"it is not JSON ({error})")
    why = _wrong_in(saved)
    if why is not None:
        return MAPPING_UNREADABLE(why=why)
    if saved["kind"] != kind:
        return MAPPING_OTHER_KIND(mapping_kind=saved["kind"], kind=kind)
    chosen = tuple(
        Chosen(field=name, label=label, why="saved mapping", matched="as saved")
        for name, labels in saved["columns"].items()
        for label in labels
    )
    return Mapping(
        kind=kind, chosen=chosen, unused=(), day_order=saved["day_order"], day_order_why="as saved in the mapping"
    )


def _wrong_in(saved: object) -> str | None:
    """What is wrong in a saved mapping; None: nothing."""
    if not isinstance(saved, dict) or saved.get("version") != _MAPPING_VERSION:
        return f'it needs "version": {_MAPPING_VERSION}'
    if saved.get("kind") not in get_args(Kind):
        return f'"kind" must be one of {", ".join(get_args(Kind))}'
    if saved.get("day_order") not in get_args(DayOrder):
        return '"day_order" must be "day first" or "month first"'
    columns = saved.get("columns")
    if not isinstance(columns, dict):
        return '"columns" must be an object of field names with lists of headers'
    fields = {field.name: field for field in FIELDS[saved["kind"]]}
    seen: set[str] = set()
    for name, labels in columns.items():
        if name not in fields:
            near = difflib.get_close_matches(name, fields, n=1)
            return f'"columns" names {name!r}, which is no field' + (f"; did you mean {near[0]!r}?" if near else "")
        if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
            return f'"columns", {name!r} must be a list of headers'
        if len(labels) > 1 and not fields[name].many:
            return f'"columns", {name!r} takes one header only'
        for label in labels:
            if _key(label) in seen:
                return f'"columns" uses the header {label!r} twice'
            seen.add(_key(label))
    return None
