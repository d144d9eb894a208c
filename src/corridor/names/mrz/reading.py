"""What does a zone say, and which field of it is wrong, at which line and column?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from corridor.base.refusal import Refusal, RefusalKind
from corridor.names.mrz import problems as kinds
from corridor.names.mrz.checking import ALPHABET, LongNumber, digit_of, long_number
from corridor.names.mrz.dates import ZoneDate, read_date
from corridor.names.mrz.layouts import Alphabet, Area, Check, FieldName, Layout, Span, layout_of, nearest_layout
from corridor.names.mrz.model import CheckResult, FieldValue, ReadField, Reading
from corridor.names.mrz.names_area import read_names
from corridor.names.mrz.problems import FIELD_WORDS, Problem
from corridor.names.mrz.spelling import from_russian_passport
from corridor.names.mrz.states import state_of
from corridor.names.mrz.typed import ZONE_CHARS_MAX, TypedLine, split_whole, typed_lines

_ALLOWED: dict[Alphabet, frozenset[str]] = {
    "letters": frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ<"),
    "digits": frozenset("0123456789<"),
    "any": frozenset(ALPHABET),
}
_ALLOWED_WORDS: dict[Alphabet, str] = {
    "letters": "letters and <",
    "digits": "digits and <",
    "any": "letters, digits and <",
}


def read(text: str, reference: date) -> Reading | Refusal:
    """Read one zone as typed or scanned: any letter case, blanks anywhere, an empty line between lines or none.

    `reference` is the day on which the document is looked at: centuries are reckoned from it. A zone with faults
    is read as far as it goes; a refusal says that the text is no zone at all.
    """
    if len(text) > ZONE_CHARS_MAX:
        return kinds.TOO_LONG(found=len(text), most=ZONE_CHARS_MAX)
    typed = typed_lines(text)
    if len(typed) == 1:
        typed = split_whole(typed[0])
    lines = tuple(line.text for line in typed)
    layout = layout_of(lines)
    if layout is None:
        layout = nearest_layout(lines) if lines else None
    if layout is None:
        return kinds.NOT_A_ZONE(lines=len(lines), widths=", ".join(str(len(line)) for line in lines) or "no")
    return _Reader(layout, typed, reference).reading()


@dataclass(slots=True)
class _Reader:
    """One zone on its way to a reading."""

    layout: Layout
    typed: tuple[TypedLine, ...]
    reference: date
    lines: tuple[str, ...] = ()
    long: LongNumber | None = None
    russian: bool = False
    fields: list[ReadField] = field(default_factory=list)
    checks: list[CheckResult] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    misread: set[FieldName] = field(default_factory=set)

    def reading(self) -> Reading:
        """All of it."""
        width = self.layout.width
        self.lines = tuple(line.text[:width].ljust(width, "<") for line in self.typed)
        self._typing()
        self.russian = self.layout.format == "TD3" and self.lines[0].startswith("PNRUS")
        if self.russian:
            self._say("zone", Span(0, 0, 5), kinds.RUSSIAN_CODE, wrong=False)
        if self.layout.format.startswith("FRA"):
            self._say("zone", Span(0, 0, 5), kinds.NOT_ICAO, wrong=False)
        for area in self.layout.areas:
            self._characters(area)
        self._overflow()
        for area in self.layout.areas:
            self._area(area)
        for check in self.layout.checks:
            self._check(check)
        self._dates_agree()
        self.problems.sort(key=lambda problem: (not problem.wrong, problem.line, problem.column))
        return Reading(
            format=self.layout.format,
            lines=tuple(line.text for line in self.typed),
            fields=tuple(self.fields),
            checks=tuple(self.checks),
            problems=tuple(self.problems),
        )

    def _say(self, name: FieldName, span: Span, kind: RefusalKind, *, wrong: bool = True, **facts: object) -> None:
        facts.setdefault("field", FIELD_WORDS[name])
        columns = max(1, span.stop - span.start)
        found = Problem(
            field=name, line=span.line + 1, column=span.start + 1, columns=columns, wrong=wrong, refusal=kind(**facts)
        )
        self.problems.append(found)

    def _text(self, span: Span) -> str:
        return self.lines[span.line][span.start : span.stop]

    def _typing(self) -> None:
        """Widths, and what was read in place of what was typed."""
        width = self.layout.width
        for index, line in enumerate(self.typed):
            found = len(line.text)
            if found != width:
                at = Span(index, min(found, width), max(found, width))
                self._say("zone", at, kinds.LINE_WIDTH, found=found, width=width, format=self.layout.format)
            if line.filled:
                self._say("zone", Span(index, 0, width), kinds.BLANKS_FILLED, wrong=False)
            if line.look_alikes:
                self._say("zone", Span(index, 0, width), kinds.LOOK_ALIKES, wrong=False, letters=line.look_alikes)

    def _characters(self, area: Area) -> None:
        """Characters that cannot stand in a field; in a name area the right one of both names is named."""
        alphabet: Alphabet = "any" if self.russian and area.name == "surname" else area.alphabet
        text, allowed = self._text(area.span), _ALLOWED[alphabet]
        if allowed.issuperset(text):
            return
        divided = text.find("<<")
        for offset, character in enumerate(text):
            if character in allowed:
                continue
            name = area.name
            if self._both_names(area) and 0 <= divided < offset:
                name = "given_names"
            self.misread.add(name)
            start = area.span.start + offset
            at = Span(area.span.line, start, start + 1)
            self._say(name, at, kinds.CHARACTER, character=character, allowed=_ALLOWED_WORDS[area.alphabet])

    def _both_names(self, area: Area) -> bool:
        return area.name == "surname" and self.layout.area("given_names") is None

    def _overflow(self) -> None:
        """A document number that goes on in the optional data."""
        check = next(check for check in self.layout.checks if check.name == "number")
        optional = self.layout.area("optional")
        known = not {"number", "optional"} & self.misread
        if check.overflows and self._text(check.at) == "<" and optional is not None and known:
            self.long = long_number(self._text(check.over[0]), self._text(optional.span))

    def _add(self, area: Area, value: FieldValue | None, name: FieldName | None = None) -> None:
        said = ReadField(
            name=name or area.name,
            line=area.span.line + 1,
            column=area.span.start + 1,
            text=self._text(area.span),
            value=value,
        )
        self.fields.append(said)

    def _area(self, area: Area) -> None:
        text = self._text(area.span)
        match area.name:
            case "surname" if self._both_names(area):
                self._names(area, text)
            case "surname" | "given_names":
                names = read_names(text)
                self._add(area, " ".join(part for part in text.split("<") if part) or None)
                if area.name == "surname" and names.wrong is not None:
                    self._say("surname", area.span, names.wrong)
            case "issuing_state" | "nationality":
                self._state(area, text)
            case "birth_date" | "expiry_date":
                self._date(area, text)
            case "sex":
                self._sex(area, text)
            case "number":
                self._number(area, text)
            case "optional" if self.long is not None:
                self._add(area, text[self.long.rest :].strip("<") or None)
            case "document_type" if text[0] == "<":
                self._add(area, None)
                self._say("document_type", area.span, kinds.EMPTY)
            case _:
                self._add(area, text.strip("<") or None)

    def _names(self, area: Area, text: str) -> None:
        names = read_names(text)
        said = [names.surname, names.given_names]
        if self.russian:
            said = [None if name is None else from_russian_passport(name) for name in said]
        self._add(area, said[0])
        self._add(area, said[1], "given_names")
        if names.wrong is not None:
            self._say("surname", area.span, names.wrong)
        for kind in names.doubts:
            at = Span(area.span.line, area.span.stop - 1, area.span.stop) if kind is kinds.NAME_CUT else area.span
            self._say(
                "given_names" if names.given_names and kind is kinds.NAME_CUT else "surname", at, kind, wrong=False
            )

    def _number(self, area: Area, text: str) -> None:
        number = text.strip("<") if self.long is None else self.long.number
        optional = self.layout.area("optional")
        if self.russian and optional is not None:  # the last digit of the series stands in the optional data
            number = text[:3] + self._text(optional.span)[:1].strip("<") + text[3:].strip("<")
        self._add(area, number or None)
        if not number:
            self._say("number", area.span, kinds.EMPTY)

    def _state(self, area: Area, text: str) -> None:
        if area.name in self.misread:
            self._add(area, None)
            return
        state = state_of(text)
        self._add(area, state.iso or None)
        if not state.known:
            kind = kinds.STATE if state.code else kinds.EMPTY
            self._say(area.name, area.span, kind, wrong=False, code=text)
        elif state.specimen:
            self._say(area.name, area.span, kinds.SPECIMEN, wrong=False)

    def _sex(self, area: Area, text: str) -> None:
        sex = {"M": "m", "F": "f", "<": "x", "X": "x"}.get(text)
        self._add(area, sex)
        if text == "X":
            self._say("sex", area.span, kinds.SEX_X, wrong=False)
        elif sex is None and "sex" not in self.misread:
            self._say("sex", area.span, kinds.SEX, text=text)

    def _date(self, area: Area, text: str) -> None:
        when = None if area.name in self.misread else self._read_date(area.name, text)
        self._add(area, when)
        if when is None:
            if area.name not in self.misread:
                self._say(area.name, area.span, kinds.NO_DATE, text=text)
            return
        if when.zeroes:
            self._say(area.name, area.span, kinds.ZEROES, wrong=False)
        elif not when.known:
            self._say(area.name, area.span, kinds.DATE_UNKNOWN, wrong=False)
        if area.name == "expiry_date" and when.before(self.reference):
            self._say("expiry_date", area.span, kinds.EXPIRED, wrong=False, day=str(when))

    def _read_date(self, name: FieldName, text: str) -> ZoneDate | None:
        if self.layout.format == "FRA-DL" and name == "expiry_date":
            return read_date(text, "expiry", self.reference)
        return read_date(text, "birth" if name == "birth_date" else "expiry", self.reference)

    def _check(self, check: Check) -> None:
        text = "".join(self._text(span) for span in check.over)
        found = self._text(check.at)
        known = frozenset(ALPHABET).issuperset(text)
        expected = digit_of(text) if known else "?"
        fits = found == expected or (found == "<" and check.may_be_filler and not text.strip("<"))
        goes_on = check.overflows and found == "<" and not text.endswith("<")
        if goes_on:
            fits = self.long is not None and self.long.fits
            if self.long is not None:
                found, expected = self.long.digit, digit_of(self.long.number)
        result = CheckResult(
            name=check.name,
            line=check.at.line + 1,
            column=check.at.start + 1,
            found=found,
            expected=expected,
            fits=fits,
        )
        self.checks.append(result)
        if fits:
            if goes_on and self.long is not None and not self.long.standard:
                self._say("number", check.over[0], kinds.BELGIAN_DIGIT, wrong=False)
            return
        if check.name == "composite":
            self._composite(check, result)
            return
        if check.name in self.misread:
            return  # a character that cannot stand there says it more exactly
        first = check.over[0]
        at = Span(first.line, first.start, check.at.stop)
        if goes_on:
            self._say("number", at, kinds.NUMBER_GOES_ON)
        else:
            self._say(check.name, at, kinds.DIGIT, found=found, expected=expected)

    def _composite(self, check: Check, result: CheckResult) -> None:
        """The digit over several fields is at fault only where no field under it is: else it says nothing new."""
        if not result.found.isdigit():
            self._say("composite", check.at, kinds.CHARACTER, character=result.found, allowed="a digit")
            return
        if {problem.field for problem in self.problems if problem.wrong} & {
            area.name for area in self.layout.areas if self._covers(check, area)
        }:
            return
        digits = {own.name for own in self.layout.checks}
        bare = [area for area in self.layout.areas if self._covers(check, area) and area.name not in digits]
        bare = [area for area in bare if self._text(area.span).strip("<")]
        suspects = " and ".join([*(FIELD_WORDS[area.name] for area in bare), "the last digit"])
        self._say(
            "composite", check.at, kinds.COMPOSITE, found=result.found, expected=result.expected, suspects=suspects
        )

    @staticmethod
    def _covers(check: Check, area: Area) -> bool:
        return any(
            span.line == area.span.line and span.start <= area.span.start and area.span.stop <= span.stop
            for span in check.over
        )

    def _dates_agree(self) -> None:
        dates = {read.name: read for read in self.fields if isinstance(read.value, ZoneDate)}
        birth, expiry = dates.get("birth_date"), dates.get("expiry_date")
        if birth is None or expiry is None:
            return
        born, until = birth.value, expiry.value
        if not isinstance(born, ZoneDate) or not isinstance(until, ZoneDate) or born.year is None:
            return
        if until.before(date(born.year, born.month or 1, born.day or 1)):
            area = self.layout.area("expiry_date")
            assert area is not None, "an expiry date was read, so there is an area for it"
            self._say("expiry_date", area.span, kinds.BORN_AFTER, wrong=False)
