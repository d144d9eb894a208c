"""Why is a whole file, or a saved mapping, not taken?"""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

TOO_BIG = RefusalKind(
    "sheet_too_big", "{file} has {bytes} bytes; at most {bytes_max} are read.", "Split the file and import the parts."
)
TOO_LONG = RefusalKind(
    "sheet_too_long", "{file} has more than {lines_max} rows.", "Split the file and import the parts."
)
TOO_WIDE = RefusalKind(
    "sheet_too_wide",
    'Sheet "{sheet}" of {file} holds something in column {column}, beyond the first {columns_max} columns.',
    "Take out the columns that are not needed.",
)
EMPTY = RefusalKind("sheet_empty", "{file} holds no rows.", "Check that this is the right file.")
NOT_A_TABLE = RefusalKind(
    "sheet_not_a_table",
    "{file} is neither CSV nor XLSX nor JSON lines.",
    "Save the table as XLSX or as CSV in UTF-8 and import that.",
)
OTHER_FORMAT = RefusalKind(
    "sheet_other_format", "{file} is {format}, which is not read.", "Save it as XLSX without a password, or as CSV."
)
BOMB = RefusalKind(
    "sheet_bomb",
    "{file} unpacks to more than is read: {what}.",
    "If the file is honest, open it and save only the table as XLSX or CSV.",
)
UNREADABLE_FILE = RefusalKind(
    "sheet_unreadable",
    "{file} is damaged: it cannot be read as {what} ({why}).",
    "Open it in a spreadsheet or editor, save it again as XLSX or CSV, and import that.",
)
MAPPING_UNREADABLE = RefusalKind(
    "mapping_unreadable", "The saved mapping cannot be read: {why}.", "Import without it and save the mapping again."
)
MAPPING_OTHER_KIND = RefusalKind(
    "mapping_other_kind",
    "The saved mapping is for {mapping_kind}, not for {kind}.",
    "Take the mapping saved for {kind}, or import without one.",
)
MAPPING_HEADER_MISSING = RefusalKind(
    "mapping_header_missing",
    "{where} has no column {missing}, which the mapping needs; it has {present}.",
    "Correct the header in the file, or change the mapping.",
)
MAPPING_LACKS = RefusalKind(
    "mapping_lacks",
    "No column of {where} was recognised as {lacking}; its columns are {present}.",
    "Name the column in a mapping file, or give it a header from the reference of import columns.",
)

CATALOGUE: tuple[RefusalKind, ...] = (
    TOO_BIG,
    TOO_LONG,
    TOO_WIDE,
    EMPTY,
    NOT_A_TABLE,
    OTHER_FORMAT,
    BOMB,
    UNREADABLE_FILE,
    MAPPING_UNREADABLE,
    MAPPING_OTHER_KIND,
    MAPPING_HEADER_MISSING,
    MAPPING_LACKS,
)
