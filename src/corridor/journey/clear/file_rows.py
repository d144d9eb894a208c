"""Which rows a file holds that an authority sent as its list, by which columns, and which cells are bad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corridor.base.refusal import Refusal
from corridor.base.sheets.dates import BirthDate as ReadBirth
from corridor.base.sheets.mapping import Mapping, apply_mapping, guess_mapping, lacking
from corridor.base.sheets.model import Reading, Sheet
from corridor.base.sheets.reader import read_sheets
from corridor.base.sheets.rows import ListRowRead, read_list
from corridor.journey.clear.lists import ListRow
from corridor.journey.register.identity import BirthDate


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSheet:
    """One sheet of the file with the mapping it is read by.

    `lacks` says why no row can be read by it; `reading` is then None. `saved`: the mapping is one kept from an earlier
    list, else it was guessed.
    """

    sheet: Sheet
    mapping: Mapping
    saved: bool
    lacks: Refusal | None
    reading: Reading[ListRowRead] | None


def list_sheets(
    name: str, data: bytes, saved: Sequence[Mapping], for_date: date, *, guess: bool = True
) -> tuple[ListSheet, ...] | Refusal:
    """Every sheet of the file that is shown, read by the first saved mapping that fits it, else by a guessed one; not
    `guess`: sheets that no saved mapping fits are left out.

    `for_date` is the day of the list: nobody on it is born later. A refusal: the file holds no table.
    """
    headers = tuple(header for mapping in saved for header in mapping.headers())
    sheets = read_sheets(name, data, headers)
    if isinstance(sheets, Refusal):
        return sheets
    found = []
    for sheet in sheets:
        fitting = (one for mapping in saved if isinstance(one := apply_mapping(mapping, sheet), Mapping))
        kept = next((one for one in fitting if lacking(one, sheet) is None), None)
        if not sheet.hidden and (guess or kept is not None):
            mapping = guess_mapping(sheet, "list") if kept is None else kept
            found.append(_read(sheet, mapping, for_date, saved=kept is not None))
    return tuple(found)


def read_again(sheets: Sequence[ListSheet], mappings: Sequence[Mapping], for_date: date) -> tuple[ListSheet, ...]:
    """The same sheets read by these mappings, one each; a mapping that chooses nothing reads nothing."""
    return tuple(
        _read(one.sheet, mapping, for_date, saved=False) for one, mapping in zip(sheets, mappings, strict=True)
    )


def _read(sheet: Sheet, mapping: Mapping, for_date: date, *, saved: bool) -> ListSheet:
    lacks = lacking(mapping, sheet)
    reading = read_list(sheet, mapping, for_date) if lacks is None else None
    return ListSheet(sheet=sheet, mapping=mapping, saved=saved, lacks=lacks, reading=reading)


def rows_of(sheets: Sequence[ListSheet]) -> tuple[ListRow, ...]:
    """The good rows of all sheets, numbered."""
    return numbered([row for one in sheets if one.reading is not None for row in one.reading.rows])


def numbered(rows: Sequence[ListRowRead]) -> tuple[ListRow, ...]:
    """The rows with the numbers they have in the file; where those are missing or come twice, counted from 1."""
    numbers = [row.row_number for row in rows]
    own = all(number is not None and number >= 1 for number in numbers) and len(set(numbers)) == len(numbers)
    return tuple(
        ListRow(
            number=row.row_number if own and row.row_number is not None else turn,
            name=row.name.text,
            birth=birth_of(row.birth),
            citizenship=row.citizenships[0] if row.citizenships else None,
            document=row.document_number.written if row.document_number else None,
            remark=row.remark,
        )
        for turn, row in enumerate(rows, start=1)
    )


def birth_of(read: ReadBirth | None) -> BirthDate | None:
    """A birth date of a table as the identity store keeps it."""
    if read is None:
        return None
    return BirthDate(year=read.year, month=read.month, day=read.day, precision=read.precision)
