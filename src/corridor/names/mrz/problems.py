"""What can be wrong with a zone? Every problem with its place and one thing to do."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.refusal import Refusal, RefusalKind
from corridor.names.mrz.layouts import FieldName

LINE_WIDTH = RefusalKind(
    "zone_line_width",
    "The line has {found} characters; {format} has {width}.",
    "Count the < again, or type the line anew.",
)
CHARACTER = RefusalKind(
    "zone_character",
    "{character!r} cannot stand in {field}.",
    "Read the character off the document again; {field} has only {allowed}.",
)
DIGIT = RefusalKind(
    "zone_digit",
    "The check digit of {field} is {found!r}; {field} as read would have {expected!r}.",
    "Read {field} and the digit after it off the document again.",
)
COMPOSITE = RefusalKind(
    "zone_composite",
    "The check digit over several fields is {found!r}; the fields as read would have {expected!r}.",
    "Read {suspects} off the document again.",
)
NUMBER_GOES_ON = RefusalKind(
    "zone_number_goes_on",
    "`<` instead of the number's check digit says that the number goes on in the optional data, where no number with a "
    "fitting digit follows.",
    "Read the number and the optional data off the document again.",
)
NO_DATE = RefusalKind("zone_date", "{text!r} is no date (year, month, day).", "Read {field} off the document again.")
SEX = RefusalKind("zone_sex", "{text!r} is no sex; a zone has M, F or <.", "Read the sex off the document again.")
NO_NAME = RefusalKind("zone_no_name", "The zone has no name.", "Read the names off the document again.")
EMPTY = RefusalKind("zone_empty", "{field} is empty.", "Read {field} off the document again.")

NAME_CUT = RefusalKind(
    "zone_name_cut",
    "The name fills the zone to its last character, so it may be cut off.",
    "Take the full name from the page above the zone.",
)
ONE_NAME = RefusalKind(
    "zone_one_name",
    "There is no << between surname and given names: one name only, or a << was not read.",
    "Look at the page above the zone whether the person has one name.",
)
NO_SURNAME = RefusalKind(
    "zone_no_surname",
    "The zone has given names and no surname.",
    "Look at the page above the zone whether the person has a surname.",
)
NAME_GAPS = RefusalKind(
    "zone_name_gaps", "More than one << divides the name.", "Look at the page above the zone where the surname ends."
)
STATE = RefusalKind(
    "zone_state",
    "{code!r} is no code of a state that ICAO or ISO lists.",
    "Read it off the document again; where it stands there, confirm it.",
)
SPECIMEN = RefusalKind("zone_specimen", "Utopia issues specimens only.", "Do not take it for a real document.")
NOT_ICAO = RefusalKind(
    "zone_not_icao", "A national format, not one of ICAO's.", "Compare every field with the page it stands on."
)
RUSSIAN_CODE = RefusalKind(
    "zone_russian_code",
    "A Russian internal passport: its names are coded letter by letter and shown in Cyrillic, and its number is put "
    "together from two fields.",
    "Compare both with the page.",
)
BELGIAN_DIGIT = RefusalKind(
    "zone_digit_over_filler",
    "The number's digit is reckoned over the < inside it, as Belgium does and ICAO does not.",
    "Nothing, if the document is Belgian; else read the number again.",
)
LOOK_ALIKES = RefusalKind(
    "zone_look_alikes",
    "{letters!r} are letters of another alphabet that look Latin; they were read as Latin.",
    "Look whether these letters were meant.",
)
BLANKS_FILLED = RefusalKind(
    "zone_blanks", "Blanks were read as <.", "Look whether a < stands wherever a blank was typed."
)
DATE_UNKNOWN = RefusalKind(
    "zone_date_unknown", "{field} is not wholly known.", "Look at the page above the zone what is known of it."
)
ZEROES = RefusalKind(
    "zone_date_zeroes",
    "{field} has 00 for what is not known, where a zone should have <<.",
    "Compare it with the page.",
)
EXPIRED = RefusalKind("zone_expired", "The document expired on {day}.", "Look whether it was extended.")
BORN_AFTER = RefusalKind(
    "zone_born_after_expiry", "The document expired before its holder was born.", "Read both dates again."
)
SEX_X = RefusalKind("zone_sex_x", "X stands for the sex, where ICAO has <.", "Nothing, if it stands on the document.")

NOT_A_ZONE = RefusalKind(
    "not_a_zone",
    "{lines} lines of {widths} characters are no machine-readable zone.",
    "Type 3 lines of 30, or 2 lines of 36 or 44 characters, with < for every filler.",
)
TOO_LONG = RefusalKind(
    "zone_too_long", "The text has {found} characters; a zone has at most {most}.", "Give one zone at a time."
)

ALL_KINDS = tuple(value for value in globals().values() if isinstance(value, RefusalKind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something about a zone that a person must look at.

    `line` and `column` count from 1 as on the document (blanks not counted); `columns` is how many characters it is
    about. `wrong`: the zone contradicts itself or breaks its format; False: it may be right, and somebody must look.
    """

    field: FieldName
    line: int
    column: int
    columns: int
    wrong: bool
    refusal: Refusal

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.refusal}"


FIELD_WORDS: dict[FieldName, str] = {
    "document_type": "document type",
    "issuing_state": "issuing state",
    "surname": "surname",
    "given_names": "given names",
    "number": "document number",
    "nationality": "nationality",
    "birth_date": "birth date",
    "sex": "sex",
    "expiry_date": "expiry date",
    "optional": "optional data",
    "optional_2": "optional data 2",
    "issuing_office": "issuing office",
    "composite": "composite digit",
    "zone": "zone",
}
"""Names of fields for people, in English."""
