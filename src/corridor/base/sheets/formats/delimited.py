"""What rows does a CSV text hold? Encoding and delimiter are guessed and the choice is stated."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from corridor.base.limits import (
    SHEET_CELL_CHARS_MAX,
    SHEET_COLUMNS_MAX,
    SHEET_LINES_MAX,
    SHEET_QUOTED_LINES_MAX,
    SHEET_ROWS_MAX,
)
from corridor.base.refusal import Refusal
from corridor.base.sheets.header import Grid, header_score, is_blank
from corridor.base.sheets.model import Fault, Row, Value
from corridor.base.sheets.refusals import NOT_A_TABLE, TOO_LONG
from corridor.base.sheets.text import UNREADABLE, cleaned

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_ROWS = 50
_FIELDS_MAX = 16_384
"""Fields of one line, empty ones too, that are looked at: what a spreadsheet has columns."""
_BROKEN_SHARE_MAX = 0.02
"""Share of broken characters among the non-ASCII ones up to which a file is still taken for damaged UTF-8."""

_LETTERS = {
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъ",
    "cp1256": "اليمونرتبةعدسفهكقحجشطصخءأإىزثذغظؤئآض",
}
"""Letters from the commonest down: a file is read in the page of codes that gives the commoner letters."""

_HIGH_RUNS = re.compile(rb"([A-Za-z]?)([\x80-\xff]+)([A-Za-z]?)")
_SEP_LINE = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)


def decoded(data: bytes) -> tuple[str, str]:
    """The text of the bytes, and the encoding with the reason it was chosen.

    Unreadable bytes become U+FFFD, so that the cells they stand in can be named.
    """
    for mark, codec, shown in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, errors="replace"), f"{shown} (it starts with its mark)"
    half = max(1, len(data) // 2)
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) > half * 0.3 and min(even, odd) < half * 0.1:
        return data.decode(
            "utf-16-le" if odd > even else "utf-16-be", errors="replace"
        ), "UTF-16 (every other byte is 0)"
    try:
        return data.decode("utf-8"), "UTF-8 (every byte fits)"
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", errors="replace")
    foreign = sum(char > "\x7f" for char in damaged)
    if damaged.count(UNREADABLE) <= foreign * _BROKEN_SHARE_MAX:
        return damaged, f"UTF-8 (all but {damaged.count(UNREADABLE)} characters fit)"
    if _accents_stand_alone(data):
        return data.decode("cp1252", errors="replace"), "Windows-1252 (not UTF-8; single accents in Latin words)"
    scores = {page: _letter_score(data, page) for page in _LETTERS}
    page = max(scores, key=lambda name: scores[name])
    shown = "Windows-1251" if page == "cp1251" else "Windows-1256"
    script = "Cyrillic" if page == "cp1251" else "Arabic"
    return data.decode(page, errors="replace"), f"{shown} (not UTF-8; its letters make {script} words)"


def _letter_score(data: bytes, page: str) -> float:
    """How common the letters are that these bytes give in a page of codes: 0 for none, 1 for only the commonest."""
    letters = _LETTERS[page]
    weights = {char: 1 - rank / len(letters) for rank, char in enumerate(letters)}
    high = bytes(byte for byte in data[:200_000] if byte > 0x7F)
    text = high.decode(page, errors="replace").casefold()
    return sum(weights.get(char, -0.5) for char in text) / max(1, len(text))


def _accents_stand_alone(data: bytes) -> bool:
    """Whether the non-ASCII bytes are one or two letters inside Latin words, as in José."""
    runs = _HIGH_RUNS.findall(data[:200_000])
    inside = sum(1 for before, run, after in runs if len(run) <= 2 and (before or after))
    return bool(runs) and inside >= len(runs) * 0.8


class _Lines:
    """The lines of a text, handed to the CSV reader one by one, able to go back after a quote never closed."""

    def __init__(self, text: str) -> None:
        self.lines = list(io.StringIO(text, newline=""))
        self.at = 0
        self.start = 0
        self.unclosed = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at - self.start >= SHEET_QUOTED_LINES_MAX:
            self.unclosed = True
            raise StopIteration
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def _never_closed(record: list[str], delimiter: str) -> bool:
    """Whether lines at the end of the text leave a quote open (the lenient reader does not say so)."""
    try:
        list(csv.reader(iter(record), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def csv_records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | Fault]]:
    """Every record with the number of the line it starts on, blank ones too; one that cannot be read is a fault."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    while lines.at < len(lines.lines):
        lines.start = lines.at
        number = lines.at + 1
        fault: Fault | None = None
        record: list[str] = []
        try:
            record = next(reader, [])
        except csv.Error as error:
            fault = Fault(f"the line cannot be read ({error})", "Correct the quotes of this line")
        many = lines.at - lines.start > 1
        if lines.unclosed or (
            many and lines.at == len(lines.lines) and _never_closed(lines.lines[lines.start :], delimiter)
        ):
            fault = Fault("a quote opens here and is not closed", "Close the quote or take it out")
        if fault is not None:
            # The lines after a broken one are read again on their own, so that one quote costs one line.
            lines.at, lines.unclosed = lines.start + 1, False
            reader = csv.reader(lines, delimiter=delimiter)
        yield number, fault if fault is not None else record


def _guessed_delimiter(text: str) -> tuple[str, str]:
    """The delimiter that gives most header words, then most rows of one width, and the reason."""
    first = text.partition("\n")[0]
    stated = _SEP_LINE.fullmatch(first)
    if stated and stated[1] in _DELIMITERS:
        return stated[1], "stated in the first line"
    sample = text[:200_000]
    best, best_score = ",", (0, 0, 0)
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        words = 0
        for _, record in islice(csv_records(sample, delimiter), 4 * _SAMPLE_ROWS):
            if isinstance(record, Fault) or not (len(record) > 1 or any(cell.strip() for cell in record)):
                continue
            widths[len(record)] += 1
            words = max(words, header_score(map(cleaned, record[:SHEET_COLUMNS_MAX])))
            if widths.total() >= _SAMPLE_ROWS:
                break
        width, rows = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
        score = (words, rows, width) if width > 1 else (words, 0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best, "it gives the best columns" if best_score > (0, 0, 0) else "by default"


def _cell(text: str) -> Value:
    if len(text) > SHEET_CELL_CHARS_MAX:
        return Fault(f"has {len(text)} characters", f"Keep a cell under {SHEET_CELL_CHARS_MAX} characters")
    return cleaned(text) or None


def read_delimited(name: str, data: bytes) -> Grid | Refusal:
    """The rows of a CSV file; a refusal when the bytes are no text or there is too much of it."""
    text, encoding = decoded(data)
    if not _is_text(text):
        return NOT_A_TABLE(file=name)
    if text.count("\n") + text.count("\r") > SHEET_LINES_MAX:
        return TOO_LONG(file=name, lines_max=SHEET_LINES_MAX)
    delimiter, why = _guessed_delimiter(text)
    rows: list[Row] = []
    blank = 0
    for number, record in csv_records(text, delimiter):
        if len(rows) > SHEET_ROWS_MAX:
            return TOO_LONG(file=name, lines_max=SHEET_ROWS_MAX)
        if isinstance(record, list) and len(record) > _FIELDS_MAX:
            record = Fault(f"has {len(record)} columns", f"Keep a table under {SHEET_COLUMNS_MAX} columns")
        if isinstance(record, Fault):
            rows.append(Row(number=number, values=(), fault=record))
            continue
        if number == 1 and len(record) <= 2 and _SEP_LINE.fullmatch(text.partition("\n")[0]):
            blank += 1
            continue
        values = [_cell(cell) for cell in record]
        while values and is_blank(values[-1]):
            values.pop()
        if not values:
            blank += 1
        elif len(values) > SHEET_COLUMNS_MAX:
            fault = Fault(f"has {len(values)} columns", f"Keep a table under {SHEET_COLUMNS_MAX} columns")
            rows.append(Row(number=number, values=(), fault=fault))
        else:
            rows.append(Row(number=number, values=tuple(values)))
    read_as = f"CSV, {encoding}, columns parted by {_DELIMITERS[delimiter]} ({why})"
    return Grid(file=name, name=None, counts="line", rows=tuple(rows), blank_rows=blank, read_as=read_as)


def _is_text(text: str) -> bool:
    """Whether the characters are mostly ones that people write."""
    sample = text[:50_000]
    strange = sum((char < " " and char not in "\t\r\n\x00") or char == UNREADABLE for char in sample)
    return strange <= len(sample) * 0.1
