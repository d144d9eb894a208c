"""Which operation a file describes, or everything that is wrong with the file.

`load_operation` and `read_operation` answer an `Operation`, or all problems found as a tuple of `OperationError`;
they raise nothing for bad content. Tell the two apart with ``isinstance(answer, Operation)``. Keys of the file are
the names of the fields in `corridor.base.operation`, so the types are the only description of the format.
"""

from __future__ import annotations

import re
import tomllib
import types
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from corridor.base.escorts import EscortRule
from corridor.base.ids import AuthorityId, LegId, PartnerId, PlaceId
from corridor.base.limits import FIRST_MOMENT_MS, ID_CHARS_MAX, OPERATION_ERRORS_MAX, OPERATION_FILE_BYTES_MAX
from corridor.base.moments import DAY_MS, Moment, parse_moment
from corridor.base.operation import Authority, Fleet, Operation, PaperRule, Partner, Place, SeatShare
from corridor.base.operation_checks import Problem, item_problems, road_problems
from corridor.base.operation_words import expected, found, hints, join, meant, short

FILE_NAME = "operation.toml"

SECTION_OF: Mapping[object, str] = {
    PlaceId: "places",
    LegId: "legs",
    AuthorityId: "authorities",
    PartnerId: "partners",
}
"""Where the things live that other sections name by id."""

ABSENT: Mapping[tuple[type, str], object] = {
    (Place, "order"): -1,
    (Authority, "list_policy"): "add",
    (Fleet, "stretchers"): 0,
    (Fleet, "wheelchairs"): 0,
    (Partner, "own_first"): False,
    (EscortRule, "at_least"): 0,
    (EscortRule, "takes_seat"): True,
    (EscortRule, "counted"): "persons",
    (PaperRule, "issued_by_own"): False,
    (Operation, "seat_share"): SeatShare(sponsor_first=True, offered_to_partners_percent_min=None),
}
"""What a key means that is left out. Other keys that may be None are None, and lists are empty."""

NEEDED_LISTS = frozenset(
    {
        "Operation.languages",
        "Operation.places",
        "Operation.legs",
        "Operation.custodians",
        "Operation.devices",
        "ClearanceRule.of",
        "Eligibility.own_citizenships",
        "PaperRule.any_of",
    }
)
"""Lists that must not be left out or empty: without them there is no road, or nobody to record it."""

BOUNDS: Mapping[str, tuple[float, float]] = {
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "minutes": (1, 60 * 24 * 60),
    "minutes_min": (1, 60 * 24 * 60),
    "hours": (1, 24 * 366),
    "back_hours": (1, 24 * 31),
    "valid_hours": (1, 24 * 366),
    "needed": (1, 100),
    "vehicles": (1, 10_000),
    "persons_per_hour": (1, 100_000),
    "priority": (1, 1_000),
    "per_persons": (1, 100_000),
    "seat_share_percent": (0, 100),
    "offered_to_partners_percent_min": (0, 100),
}
"""Least and greatest value by key; a count not named here is from 0 to `COUNT_MAX`."""

COUNT_MAX = 10_000_000
TEXT_CHARS_MAX = 500
LAST_MOMENT_MS = FIRST_MOMENT_MS + 200 * 366 * DAY_MS
"""Years 2000 to about 2200: outside it a date is a slip of the pen."""

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_COUNTRY = re.compile(r"[A-Z]{3}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationError:
    """One thing wrong with an operation file.

    `key` is the path to it, ``legs[2].target`` being the `target` of the second of `legs` (empty: the whole file);
    `says` is one sentence with the facts, `remedy` one thing to do.
    """

    file: str
    key: str
    says: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.key}" if self.key else self.file
        return f"{where}: {self.says} {self.remedy}"


def load_operation(path: Path) -> Operation | tuple[OperationError, ...]:
    """The operation of a file, or of the `operation.toml` in a folder; else every problem, the first first."""
    file = path / FILE_NAME if path.is_dir() else path
    try:
        if file.stat().st_size > OPERATION_FILE_BYTES_MAX:
            return (_too_big(str(file)),)
        content = file.read_bytes()
    except OSError as error:
        says = f"The file cannot be read: {error.strerror or error}."
        return (OperationError(file=str(file), key="", says=says, remedy="Check the path, or run `corridor new DIR`."),)
    return read_operation(content, str(file))


def read_operation(content: str | bytes, file: str = FILE_NAME) -> Operation | tuple[OperationError, ...]:
    """The operation that a text describes, or every problem in it; `file` is how the errors call the text."""
    if len(content) > OPERATION_FILE_BYTES_MAX:
        return (_too_big(file),)
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        says = f"Line {line} is not UTF-8 text."
        return (OperationError(file=file, key="", says=says, remedy="Save the file with encoding UTF-8."),)
    except RecursionError:
        says, remedy = "Brackets are nested too deeply to be an operation.", "Remove the nested brackets."
        return (OperationError(file=file, key="", says=says, remedy=remedy),)
    except ValueError as error:  # tomllib's own error, and Python's for a number of thousands of digits
        remedy = "Correct the line; texts stand in quotes, see docs/reference/operation-file.md."
        return (OperationError(file=file, key="", says=f"The file is not TOML: {error}.", remedy=remedy),)
    return _Reading(file=file).operation(table)


def _too_big(file: str) -> OperationError:
    says = f"The file is larger than {OPERATION_FILE_BYTES_MAX:,} bytes."
    return OperationError(file=file, key="", says=says, remedy="Keep people and events out of the operation file.")


class _TooMany(Exception):
    """Enough problems were found to stop reading."""


_BAD = object()
"""Stands for a value that could not be read; its error has been kept."""


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One reading of one file: the problems so far, the tables read, the ids given and the ids named."""

    file: str
    languages: tuple[str, ...] = ("en",)
    errors: list[OperationError] = field(default_factory=list)
    read: list[tuple[str, object]] = field(default_factory=list)
    given: dict[str, dict[str, str]] = field(default_factory=dict)
    named: list[tuple[str, str, str]] = field(default_factory=list)

    def operation(self, table: dict[str, Any]) -> Operation | tuple[OperationError, ...]:
        """Read the whole table, then what only shows when all of it is read."""
        languages = table.get("languages")
        if isinstance(languages, list):
            self.languages = tuple(text for text in languages if isinstance(text, str)) or self.languages
        try:
            parts = self.parts(Operation, table, "")
            self.check_named()
            self.keep(item_problems(self.read))
            if not self.errors:
                places = [
                    replace(place, order=turn) if place.order < 0 else place
                    for turn, place in enumerate(parts["places"], start=1)
                ]
                parts["places"] = tuple(sorted(places, key=lambda place: place.order))
                operation = Operation(**parts)
                self.keep(road_problems(operation))
                if not self.errors:
                    return operation
        except _TooMany:
            pass
        return tuple(self.errors)

    def no(self, key: str, says: str, remedy: str) -> object:
        """Keep a problem; answers `_BAD` so that a reader can return it."""
        self.errors.append(OperationError(file=self.file, key=key, says=says, remedy=remedy))
        if len(self.errors) >= OPERATION_ERRORS_MAX:
            raise _TooMany
        return _BAD

    def keep(self, problems: Sequence[Problem]) -> None:
        """Keep what the checks found."""
        for problem in problems:
            self.no(problem.key, problem.says, problem.remedy)

    def check_named(self) -> None:
        """Every id that is named must have been given in its section."""
        for section, key, text in self.named:
            given = self.given.get(section, {})
            if text not in given:
                self.no(
                    key, f"There is no {text!r} in {section}.", meant(text, given, f"Add it to {section}; there are")
                )

    def parts(self, cls: type, table: dict[str, Any], key: str) -> dict[str, Any]:
        """Every field of `cls` read from a table; fields that could not be read are `_BAD`."""
        keys = hints(cls)
        for name in table:
            if name not in keys:
                self.no(join(key, name), f"The key {short(name)} is not known here.", meant(name, keys, "Keys are"))
        return {
            name: self.value(hint, table[name], join(key, name), f"{cls.__name__}.{name}")
            if name in table
            else self.absent(cls, name, hint, key)
            for name, hint in keys.items()
        }

    def absent(self, cls: type, name: str, hint: Any, key: str) -> object:
        """What a field is that the file leaves out."""
        if (cls, name) in ABSENT:
            return ABSENT[cls, name]
        if type(None) in get_args(hint):
            return None
        if get_origin(hint) is tuple and f"{cls.__name__}.{name}" not in NEEDED_LISTS:
            return ()
        return self.no(join(key, name), "This key is missing.", f"Add {name}: {expected(hint)}.")

    def value(self, hint: Any, raw: object, key: str, form: str) -> object:
        """One value of the file as the type `hint` asks; `form` is ``Class.field``."""
        if get_origin(hint) in (Union, types.UnionType):
            hint = next(part for part in get_args(hint) if part is not type(None))
        if get_origin(hint) is tuple:
            return self.array(get_args(hint)[0], raw, key, form)
        if get_origin(hint) is Literal:
            return self.choice(get_args(hint), raw, key)
        if get_origin(hint) is not None:
            return self.names(raw, key)
        if is_dataclass(hint) and isinstance(hint, type):
            return self.table(hint, raw, key)
        if hint is Moment:
            return self.moment(raw, key)
        if hint in (int, float):
            return self.number(hint, raw, key, form.rpartition(".")[2])
        if hint is bool:
            return raw if isinstance(raw, bool) else self.wrong(hint, raw, key)
        if hint is time:
            return self.hour(raw, key)
        return self.text(hint, raw, key, form)

    def wrong(self, hint: Any, raw: object, key: str) -> object:
        """The problem that a value has the wrong type."""
        return self.no(key, f"This is {found(raw)}.", f"Write {expected(hint)}.")

    def table(self, cls: type, raw: object, key: str) -> object:
        """A table as a `cls`. Its id counts as given even if the rest is wrong, so that one slip is told once."""
        if not isinstance(raw, dict):
            return self.wrong(cls, raw, key)
        parts = self.parts(cls, raw, key)
        if isinstance(given := parts.get("id"), str):
            section = self.given.setdefault(key.partition("[")[0], {})
            if given in section:
                self.no(f"{key}.id", f"The id {given!r} is already used by {section[given]}.", "Give each its own id.")
            section.setdefault(given, key)
        if any(part is _BAD for part in parts.values()):
            return _BAD
        item: object = cls(**parts)
        self.read.append((key, item))
        return item

    def array(self, hint: Any, raw: object, key: str, form: str) -> object:
        """A list, in which every item is read even if one before it is bad."""
        if not isinstance(raw, list):
            wanted = f"[[{key}]] above each of them" if is_dataclass(hint) else f"a list: [{expected(hint)}, ...]"
            return self.no(key, f"This is {found(raw)}.", f"Write {wanted}.")
        if not raw and form in NEEDED_LISTS:
            return self.no(key, "The list is empty.", f"Name at least one: {expected(hint)}.")
        items = [self.value(hint, item, f"{key}[{turn}]", form) for turn, item in enumerate(raw, start=1)]
        if any(item is _BAD for item in items):
            return _BAD
        if not is_dataclass(hint) and len(set(items)) < len(items):
            again = next(item for turn, item in enumerate(items) if item in items[:turn])
            return self.no(key, f"{again!r} is in the list twice.", "Remove one of them.")
        return tuple(items)

    def choice(self, choices: tuple[str, ...], raw: object, key: str) -> object:
        """One word of a closed list."""
        if isinstance(raw, str) and raw in choices:
            return raw
        if not isinstance(raw, str):
            return self.no(key, f"This is {found(raw)}.", f"Choose one of {', '.join(choices)}.")
        return self.no(key, f"{short(raw)} is not one of the words allowed here.", meant(raw, choices, "Choose one of"))

    def names(self, raw: object, key: str) -> object:
        """A name by language; a bare text is the name in the operation's first language."""
        if isinstance(raw, str):
            return _BAD if self.text(str, raw, key, "names") is _BAD else {self.languages[0]: raw}
        if not isinstance(raw, dict) or not raw:
            return self.wrong(Mapping, raw, key)
        good = True
        for language, text in raw.items():
            if language not in self.languages:
                remedy = meant(language, self.languages, "Add it to languages; they are")
                self.no(join(key, language), f"{short(language)} is not one of the operation's languages.", remedy)
                good = False
            good = self.text(str, text, join(key, language), "names") is not _BAD and good
        return dict(raw) if good else _BAD

    def moment(self, raw: object, key: str) -> object:
        """An instant; a bare day is refused, for it would not say whether its morning or its evening is meant."""
        if isinstance(raw, (date, time)) and not isinstance(raw, datetime):
            return self.no(key, f"This is {found(raw)} only.", f"Write {expected(Moment)}.")
        if not isinstance(raw, (str, datetime)):
            return self.wrong(Moment, raw, key)
        text = raw if isinstance(raw, str) else raw.isoformat()
        if len(text) <= len("2023-11-12"):
            return self.no(key, f"{text!r} has no hour.", f"Write {expected(Moment)}.")
        try:
            moment = parse_moment(text)
        except (ValueError, OverflowError):
            return self.no(key, f"{short(text)} is not a time.", f"Write {expected(Moment)}.")
        if not FIRST_MOMENT_MS <= moment <= LAST_MOMENT_MS:
            return self.no(key, f"{text!r} is not between the years 2000 and 2200.", "Correct the year.")
        return moment

    def number(self, kind: type, raw: object, key: str, name: str) -> object:
        """A whole or a decimal number within the bounds of its key."""
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not isinstance(raw, (int, kind)):
            return self.wrong(kind, raw, key)
        low, high = BOUNDS.get(name, (0, COUNT_MAX))
        if not low <= raw <= high:  # also false for "not a number"
            shown = f"{raw:,}" if isinstance(raw, int) and abs(raw) < 10**15 else f"{str(raw)[:20]}"
            return self.no(key, f"{shown} is not between {low:,} and {high:,}.", "Correct the number.")
        return kind(raw)

    def hour(self, raw: object, key: str) -> object:
        """A local time of day."""
        if isinstance(raw, time):
            return raw.replace(second=0, microsecond=0)
        hour = _HOUR.fullmatch(raw) if isinstance(raw, str) else None
        return time(int(hour[1]), int(hour[2])) if hour else self.wrong(time, raw, key)

    def text(self, hint: Any, raw: object, key: str, form: str) -> object:
        """A text: an id, a name of an id given elsewhere, a zone, a country, a language, or words for people."""
        if not isinstance(raw, str):
            return self.wrong(hint, raw, key)
        if not raw.strip():
            return self.no(key, "The text is empty.", f"Write {expected(hint)}.")
        if len(raw) > TEXT_CHARS_MAX or any(unicodedata.category(char) in ("Cc", "Cs") for char in raw):
            return self.no(key, f"{short(raw)} is longer than a line.", f"Write at most {TEXT_CHARS_MAX} letters.")
        if hint is not str or form == "Operation.name":
            if len(raw) > ID_CHARS_MAX or not _ID.fullmatch(raw):
                remedy = f"Use a-z, 0-9, '-', '_' and '.', at most {ID_CHARS_MAX} of them, e.g. 'rafah' or 'gate-1'."
                return self.no(key, f"{short(raw)} cannot be an id.", remedy)
            if hint in SECTION_OF and not form.endswith(".id"):
                self.named.append((SECTION_OF[hint], key, raw))
        name = form.rpartition(".")[2]
        if name in ("zone", "as_of_zone") and not _is_zone(raw):
            return self.no(key, f"{short(raw)} is not a time zone.", meant(raw, _zones(), "An example is", shown=1))
        if name in (
            "country",
            "origin_country",
            "own_citizenships",
            "counts_for",
            "for_citizenships",
        ) and not _COUNTRY.fullmatch(raw):
            remedy = "Write three capital letters as passports do, e.g. EGY."
            return self.no(key, f"{short(raw)} is not a country code.", remedy)
        if name == "languages" and not _LANGUAGE.fullmatch(raw):
            return self.no(key, f"{short(raw)} is not a language code.", "Write two small letters, e.g. 'ar'.")
        return raw


def _is_zone(text: str) -> bool:
    """Whether the time zone data has this zone; it also has folders, and refuses odd paths in several ways."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones(), key=lambda zone: ("/" not in zone, zone != "Africa/Cairo", zone)))
