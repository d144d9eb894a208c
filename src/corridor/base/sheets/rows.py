"""Which people, list rows or events does a sheet hold, as typed rows?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from corridor.base.moments import Moment
from corridor.base.sheets.dates import (
    BirthDate,
    ReadDay,
    ReadMoment,
    parse_age,
    parse_birth_date,
    parse_day,
    parse_event_moment,
)
from corridor.base.sheets.header import is_blank
from corridor.base.sheets.mapping import Mapping
from corridor.base.sheets.model import Reading, Row, Sheet
from corridor.base.sheets.row_by_row import RowPosition, RowReader
from corridor.base.sheets.values import (
    DocumentNumber,
    DocumentType,
    Sex,
    WrittenName,
    country_code,
    no_name,
    parse_body,
    parse_citizenships,
    parse_document_number,
    parse_document_type,
    parse_email,
    parse_id,
    parse_ids,
    parse_kind,
    parse_name,
    parse_phones,
    parse_sex,
    parse_text,
    parse_whole_number,
    parse_yes_no,
    says_nothing,
)

_NO_PATRONYMIC = frozenset({"нет", "отсутствует", "без отчества", "none", "no", "n/a", "لا يوجد"})
_EXCHANGED = ("can also be read as another date", "Write it like 2015-03-01, or choose the order of day and month")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person of a registration table. None and empty tuples: not known.

    `digest` recognises the same row again; `reference` is our own number of the person and, where it is there,
    stronger than the digest, unless `reference_shared`: several rows of the sheet have it, so it names an
    application, not a person. `citizenships` are alpha-3, in the order written. `head`: head of the party.
    """

    position: RowPosition
    digest: str
    reference: str | None
    reference_shared: bool
    full_name: WrittenName | None
    surname: WrittenName | None
    given: WrittenName | None
    patronymic: WrittenName | None
    name_latin: WrittenName | None
    name_cyrillic: WrittenName | None
    name_arabic: WrittenName | None
    birth: BirthDate | None
    sex: Sex | None
    citizenships: tuple[str, ...]
    document_type: DocumentType | None
    document_number: DocumentNumber | None
    document_valid_until: date | None
    document_issuer: str | None
    party: str | None
    relation: str | None
    head: bool | None
    phones: tuple[str, ...]
    email: str | None
    needs: tuple[str, ...]
    place: str | None
    remark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRowRead:
    """One row of an authority's list. None and empty tuples: not known.

    `group` is the nationality group or the heading the row stands under, as written.
    """

    position: RowPosition
    digest: str
    row_number: int | None
    name: WrittenName
    birth: BirthDate | None
    citizenships: tuple[str, ...]
    document_number: DocumentNumber | None
    group: str | None
    remark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event of a table, taken whole or left out. None: not said; `persons` empty: the event names none."""

    position: RowPosition
    digest: str
    kind: str
    happened_at: Moment
    persons: tuple[str, ...]
    source: str | None
    target: str | None
    by: str | None
    body: dict[str, object] | None


def read_people(sheet: Sheet, mapping: Mapping, reference_date: date) -> Reading[PersonRow]:
    """The people of a sheet. A row without any name is left out; any other bad cell is noted and read as None.

    `reference_date`: the day of the table, on which ages hold and after which nobody is born.
    """
    reader: RowReader[PersonRow] = RowReader(sheet, mapping, "people")

    def build(position: RowPosition, digest: str) -> PersonRow | None:
        names = {
            field: reader.take(field, parse_name, no_name)
            for field in ("full_name", "surname", "given", "name_latin", "name_cyrillic", "name_arabic")
        }
        if not any(names.values()):
            reader.note_bad_row("has no name", "Write the person's name")
            return None
        return PersonRow(
            position=position,
            digest=digest,
            reference=reader.take("reference", parse_text),
            reference_shared=False,
            **names,
            patronymic=reader.take(
                "patronymic", parse_name, lambda value: no_name(value) or str(value).casefold() in _NO_PATRONYMIC
            ),
            birth=_birth(reader, reference_date),
            sex=reader.take("sex", parse_sex),
            citizenships=_citizenships(reader, "citizenships"),
            document_type=reader.take("document_type", parse_document_type),
            document_number=reader.take("document_number", parse_document_number),
            document_valid_until=_valid_until(reader),
            document_issuer=reader.take("document_issuer", parse_text),
            party=reader.take("party", parse_text),
            relation=reader.take("relation", parse_text),
            head=reader.take("head", parse_yes_no),
            phones=tuple(dict.fromkeys(phone for phones in reader.take_all("phone", parse_phones) for phone in phones)),
            email=reader.take("email", parse_email),
            needs=reader.take_all("needs", parse_text),
            place=reader.take("place", parse_text),
            remark=_remark(reader),
        )

    return _with_shared_references(reader.read(build))


def _with_shared_references(reading: Reading[PersonRow]) -> Reading[PersonRow]:
    counts = Counter(row.reference for row in reading.rows if row.reference is not None)
    rows = tuple(
        replace(row, reference_shared=True) if row.reference is not None and counts[row.reference] > 1 else row
        for row in reading.rows
    )
    return replace(reading, rows=rows)


def read_list(sheet: Sheet, mapping: Mapping, reference_date: date) -> Reading[ListRowRead]:
    """The rows of an authority's list; a row without a name is left out, headings between rows become the group."""
    reader: RowReader[ListRowRead] = RowReader(sheet, mapping, "list")
    heading: list[str] = []

    def skip(row: Row) -> str | None:
        text = _heading(sheet, mapping, row)
        if text is None:
            return None
        heading[:] = [text]
        return f"a heading: {text[:60]}"

    def build(position: RowPosition, digest: str) -> ListRowRead | None:
        name = reader.take("name", parse_name, no_name)
        if name is None:
            reader.note_bad_row("has no name", "Write the person's name")
            return None
        return ListRowRead(
            position=position,
            digest=digest,
            row_number=reader.take("row_number", parse_whole_number),
            name=name,
            birth=_birth(reader, reference_date),
            citizenships=_citizenships(reader, "citizenship"),
            document_number=reader.take("document_number", parse_document_number),
            group=reader.take("group", parse_text) or (heading[0] if heading else None),
            remark=_remark(reader),
        )

    return reader.read(build, skip)


def _heading(sheet: Sheet, mapping: Mapping, row: Row) -> str | None:
    """The text of a row that is a heading: one text alone, not in the column of names, or the name of a country."""
    filled = [(index, value) for index, value in enumerate(row.values) if not is_blank(value)]
    if len(filled) != 1 or len(sheet.columns) < 2:
        return None
    index, text = filled[0]
    if not isinstance(text, str):
        return None
    in_names = sheet.columns[index].label in mapping.labels("name")
    is_country = any(country_code(part) is not None for part in (text, text.rpartition(":")[2]))
    has_letters = any(char.isalpha() for char in text)
    return text if has_letters and (is_country or not in_names) else None


def read_events(sheet: Sheet, mapping: Mapping, kinds: Collection[str], zone: str) -> Reading[EventRow]:
    """The events of a sheet. A bad cell leaves its event out: one read in part would say what nobody saw.

    `kinds`: the kinds of event there are; `zone`: the operation's zone (IANA name) for times without one.
    """
    reader: RowReader[EventRow] = RowReader(sheet, mapping, "events")

    def build(position: RowPosition, digest: str) -> EventRow | None:
        bad_before = reader.bad_count
        kind = reader.take("kind", lambda value: parse_kind(value, kinds))
        happened_at = _happened_at(reader, zone)
        persons = reader.take_all("persons", parse_ids)
        source = reader.take("source", parse_id)
        target = reader.take("target", parse_id)
        by = reader.take("by", parse_id)
        body = reader.take("body", parse_body)
        if reader.bad_count > bad_before:
            return None
        if kind is None or happened_at is None:
            missing = "kind" if kind is None else "time"
            reader.note_bad_row(f"has no {missing}", f"Write the {missing} of the event")
            return None
        return EventRow(
            position=position,
            digest=digest,
            kind=kind,
            happened_at=happened_at,
            persons=tuple(dict.fromkeys(person for some in persons for person in some)),
            source=source,
            target=target,
            by=by,
            body=body,
        )

    return reader.read(build)


def _birth(reader: RowReader[PersonRow] | RowReader[ListRowRead], reference: date) -> BirthDate | None:
    """The date of birth, else the year reckoned from the age."""
    order = reader.mapping.day_order
    birth = reader.take("birth_date", lambda value: parse_birth_date(value, reference=reference, order=order))
    if birth is None:
        return reader.take("age", lambda value: parse_age(value, reference=reference))
    if birth.ambiguous:
        reader.note_doubt(reader.cells("birth_date")[0], *_EXCHANGED)
    return birth


def _valid_until(reader: RowReader[PersonRow]) -> date | None:
    order = reader.mapping.day_order
    read: ReadDay | None = reader.take("document_valid_until", lambda value: parse_day(value, order=order))
    if read is not None and read.ambiguous:
        reader.note_doubt(reader.cells("document_valid_until")[0], *_EXCHANGED)
    return None if read is None else read.day


def _happened_at(reader: RowReader[EventRow], zone: str) -> Moment | None:
    order = reader.mapping.day_order
    read: ReadMoment | None = reader.take(
        "happened_at", lambda value: parse_event_moment(value, zone=zone, order=order)
    )
    if read is not None and read.doubt is not None:
        reader.note_doubt(reader.cells("happened_at")[0], read.doubt, "Write it like 2023-11-14T07:30+02:00")
    return None if read is None else read.moment


def _citizenships(reader: RowReader[PersonRow] | RowReader[ListRowRead], field: str) -> tuple[str, ...]:
    """The known citizenships of all columns, each once; one that is not known is noted and the others stay."""
    codes: list[str] = []
    for cell in reader.cells(field):
        if says_nothing(cell.value):
            continue
        known, faults = parse_citizenships(cell.value)
        codes.extend(known)
        for fault in faults:
            reader.note_bad(cell, fault)
    return tuple(dict.fromkeys(codes))


def _remark(reader: RowReader[PersonRow] | RowReader[ListRowRead]) -> str | None:
    return "; ".join(reader.take_all("remark", parse_text)) or None
