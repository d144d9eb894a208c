"""What does a cell mean: a name, a sex, a citizenship, a document, a telephone, a number, a yes?"""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from corridor.base.limits import EVENT_PERSONS_MAX, ID_CHARS_MAX, SHEET_NAME_CHARS_MAX
from corridor.base.sheets.model import Fault, Value, shown_value
from corridor.base.sheets.text import Script, ascii_digits, one_line, plain, script_of

Sex = Literal["f", "m"]
DocumentType = Literal[
    "passport",
    "national_id",
    "birth_certificate",
    "return_certificate",
    "laissez_passer",
    "icrc_etd",
    "eu_etd",
    "transit_permit",
    "other",
]

_SEX_WORDS: dict[Sex, str] = {
    "m": "m|male|man|boy|mr|м|муж|мужской|мужчина|мальчик|muzh|muzhskoy|ذكر|ذ|رجل|ولد|zakar|dhakar",
    "f": "f|female|woman|girl|mrs|ms|miss|ж|жен|женский|женщина|девочка|zhen|zhenskiy|أنثى|انثى|أ|ث|امرأة|"
    "بنت|untha|ontha",
}
_DOCUMENT_WORDS: dict[DocumentType, str] = {
    "passport": "passport|p|pp|ppt|travel passport|international passport|foreign passport|biometric passport|"
    "ordinary passport|паспорт|загранпаспорт|заграничный паспорт|зп|паспорт рф|паспорт гражданина рф|"
    "общегражданский паспорт|оп|pasport|جواز|جواز سفر|جواز السفر|باسبور",
    "national_id": "national id|id|id card|identity card|national identity card|internal passport|"
    "удостоверение личности|"
    "внутренний паспорт|ид карта|айди|هوية|بطاقة هوية|الهوية|هوية وطنية|بطاقة شخصية|بطاقة",
    "birth_certificate": "birth certificate|birth cert|bc|свидетельство о рождении|св во о рождении|св о рождении|"
    "свидетельство|شهادة ميلاد|شهادة الميلاد",
    "return_certificate": "return certificate|certificate of return|emergency travel document|"
    "свидетельство на возвращение|свидетельство на въезд возвращение|св во на возвращение|снв|شهادة عودة|وثيقة عودة",
    "laissez_passer": "laissez passer|laisser passer|lp|un laissez passer|лессе пассе|пропуск|مرور|تصريح مرور|"
    "وثيقة سفر مؤقتة",
    "icrc_etd": "icrc etd|icrc|icrc emergency travel document|icrc travel document|проездной документ мккк|мккк|"
    "وثيقة الصليب الأحمر|وثيقة سفر الصليب الأحمر",
    "eu_etd": "eu etd|eu emergency travel document|eu emergency document|проездной документ ес|وثيقة سفر أوروبية",
    "transit_permit": "transit permit|transit|transit visa|72h permit|72 h permit|транзитная виза|транзит|"
    "транзитное разрешение|تصريح عبور|تأشيرة عبور|ترانزيت",
    "other": "other|другой|другое|иной|иное|прочее|أخرى|اخرى|غير ذلك|travel document|вид на жительство|وثيقة سفر",
}
_YES = "yes|y|true|1|да|д|истина|x|v|نعم|صح|✓|✔|☑|+"
_NO = "no|n|false|0|нет|н|ложь|لا|خطأ|☐"
_NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "—",
        "–",
        "n/a",
        "na",
        "нет данных",
        "н/д",
        "unknown",
        "неизвестно",
        "لا يوجد",
        "غير معروف",
        "null",
        "none",
        "?",
        "??",
        "???",
        ".",
    }
)
"""Texts that say that a value is not known: read as empty, in every field but names ("Na" is one)."""

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;/|\n\r+&،؛]+|\s+(?:and|и|و)\s+")
_EMAIL = re.compile(r"[^\s@,;]{1,64}@[^\s@,;]+\.[^\s@,;.]{2,}")
_DIGIT = re.compile(r"\d")
_LOST_DIGITS = Fault(
    "was shortened by a spreadsheet, its digits are lost", "Format the column as text and write it again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenName:
    """A name exactly as written (NFC, edges trimmed) and the script most of its letters are in."""

    text: str
    script: Script


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNumber:
    """A document number as written, and `cleaned`: capital letters and digits only, for comparing."""

    written: str
    cleaned: str


def no_name(value: Value) -> bool:
    """Whether a cell meant for a name holds none and says so: empty, or strokes and points only."""
    return value is None or (isinstance(value, str) and not any(char.isalnum() for char in value))


def says_nothing(value: Value) -> bool:
    """Whether a cell is empty or says in words that the value is not known."""
    return value is None or (isinstance(value, str) and one_line(value).casefold() in _NOTHING)


def parse_name(value: Value) -> WrittenName | Fault:
    """A name: at least one letter, kept exactly as written."""
    if isinstance(value, Fault):
        return value
    text = shown_value(value)
    if not any(char.isalpha() for char in text) or isinstance(value, bool):
        return Fault("is not a name: it has no letter", "Write the name")
    if len(text) > SHEET_NAME_CHARS_MAX:
        return Fault("is too long for a name", f"Keep a name under {SHEET_NAME_CHARS_MAX} characters")
    return WrittenName(text=text, script=script_of(text))


def parse_text(value: Value) -> str | Fault:
    """Text as written."""
    return value if isinstance(value, Fault) else shown_value(value)


def parse_sex(value: Value) -> Sex | Fault:
    """`f` or `m` from words or letters in English, Russian or Arabic."""
    if isinstance(value, Fault):
        return value
    sex = _sex_words().get(plain(shown_value(value)))
    return sex or Fault("is not a sex", "Write m or f, or leave the cell empty")


@cache
def _sex_words() -> dict[str, Sex]:
    return {plain(word): sex for sex, words in _SEX_WORDS.items() for word in words.split("|")}


@cache
def countries() -> dict[str, str]:
    """Every known name, adjective and code of a country, made plain, with its ISO 3166 alpha-3 code.

    Names: Unicode CLDR in English, Russian and Arabic; XXA (stateless) and XXB (refugee) as in ICAO Doc 9303-3.
    """
    table = files("corridor.base.sheets").joinpath("tables/countries.csv").read_text(encoding="utf-8")
    known: dict[str, str] = {}
    rows = list(csv.DictReader(table.splitlines()))
    for column in ("alpha3", "alpha2", "en", "ru", "ar"):
        for row in rows:
            known.setdefault(plain(row[column]), row["alpha3"])
    for row in rows:
        for word in row["also"].split("|"):
            known.setdefault(plain(word), row["alpha3"])
    known.pop("", None)
    return known


def country_code(text: str) -> str | None:
    """The alpha-3 code of a country named in any way known; None: not known."""
    known = countries()
    word = plain(text)
    for tried in (word, word.replace(" ", ""), word.removeprefix("the "), word.removeprefix("ال")):
        if tried in known:
            return known[tried]
    return None


def parse_citizenships(value: Value) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """The citizenships of a cell as alpha-3 codes in the order written, and a fault for each that is not known."""
    if isinstance(value, Fault):
        return (), (value,)
    text = shown_value(value)
    whole = country_code(text)
    if whole is not None:
        return (whole,), ()
    codes: list[str] = []
    faults: list[Fault] = []
    for part in _BETWEEN.split(text):
        if not part or not part.strip():
            continue
        code = country_code(part)
        if code is None:
            alone = part.strip() == text.strip()
            faults.append(_unknown_country(part.strip(), alone))
        elif code not in codes:
            codes.append(code)
    return tuple(codes), tuple(faults)


@cache
def _unknown_country(text: str, alone: bool) -> Fault:
    known = countries()
    near = difflib.get_close_matches(plain(text)[:60], [word for word in known if len(word) > 3], n=3, cutoff=0.7)
    codes = list(dict.fromkeys(known[word] for word in near))
    hint = f"Did you mean {' or '.join(codes)}? Write the" if codes else "Write the"
    part = "" if alone else f"holds {text[:60]!r}, which "
    return Fault(f"{part}is no country that is known", f"{hint} country's name or its three-letter code")


@cache
def _document_words() -> dict[str, DocumentType]:
    known = {plain(word): kind for kind, words in _DOCUMENT_WORDS.items() for word in words.split("|")}
    return known | {plain(kind): kind for kind in _DOCUMENT_WORDS}


def parse_document_type(value: Value) -> DocumentType | Fault:
    """One of the closed list of types of document."""
    if isinstance(value, Fault):
        return value
    kind = _document_words().get(plain(shown_value(value)))
    return kind or Fault("is no type of document that is known", f"Write one of {', '.join(_DOCUMENT_WORDS)}")


def parse_document_number(value: Value) -> DocumentNumber | Fault:
    """A document number; the cleaned form keeps letters of any script and digits, as ASCII digits and capitals."""
    if isinstance(value, Fault):
        return value
    written = shown_value(value)
    if _SCIENTIFIC.fullmatch(written.strip()):
        return _LOST_DIGITS
    kept = "".join(char for char in ascii_digits(written) if char.isalnum()).upper()
    if not _DIGIT.search(kept) or len(kept) < 4:
        return Fault("is not a document number", "Write the number with its letters and digits")
    if len(kept) > 32:
        return Fault("is too long for one document number", "Write one number here and the others in the remark")
    return DocumentNumber(written=written, cleaned=kept)


def parse_phones(value: Value) -> tuple[str, ...] | Fault:
    """Telephone numbers: + and digits each; several may be parted by commas, semicolons, strokes or line breaks."""
    if isinstance(value, Fault):
        return value
    text = ascii_digits(shown_value(value)).strip()
    if _SCIENTIFIC.fullmatch(text):
        return _LOST_DIGITS
    phones: list[str] = []
    for part in re.split(r"[,;/\n\r|]+", text):
        digits = "".join(char for char in part if char in "0123456789")
        if not part.strip():
            continue
        if not 5 <= len(digits) <= 15:
            return Fault("is not a telephone number", "Write it with the code of the country, like +20 100 000 0000")
        phones.append(("+" if part.strip().lstrip("( \u202a\u200e").startswith("+") else "") + digits)
    return tuple(phones)


def parse_email(value: Value) -> str | Fault:
    """A mail address."""
    if isinstance(value, Fault):
        return value
    text = shown_value(value)
    return text if _EMAIL.fullmatch(text) else Fault("is not a mail address", "Write it like name@example.org")


def parse_whole_number(value: Value) -> int | Fault:
    """A whole number, not negative, under ten million; a point after it is allowed, as in ``12.``."""
    if isinstance(value, Fault):
        return value
    text = ascii_digits(shown_value(value)).strip(" .)№#")
    if re.fullmatch(r"[0-9]{1,7}", text) and not isinstance(value, bool):
        return int(text)
    return Fault("is not a whole number", "Write digits only")


def parse_yes_no(value: Value) -> bool | Fault:
    """Yes or no in English, Russian or Arabic, or a tick."""
    if isinstance(value, Fault | bool):
        return value
    text = one_line(shown_value(value)).casefold()
    if text in _YES.split("|"):
        return True
    return False if text in _NO.split("|") else Fault("is neither yes nor no", "Write yes or no")


def parse_id(value: Value) -> str | Fault:
    """An id of the program: no spaces inside, not longer than ids may be."""
    if isinstance(value, Fault):
        return value
    text = shown_value(value)
    if len(text) > ID_CHARS_MAX or not text.isprintable() or re.search(r"\s", text):
        return Fault("is not an id", f"Write an id without spaces, at most {ID_CHARS_MAX} characters")
    return text


def parse_ids(value: Value) -> tuple[str, ...] | Fault:
    """Ids parted by commas, semicolons, spaces or line breaks, each once, in the order written."""
    if isinstance(value, Fault):
        return value
    ids: list[str] = []
    for part in re.split(r"[,;\s،]+", shown_value(value)):
        read = parse_id(part)
        if isinstance(read, Fault):
            return read
        if read and read not in ids:
            ids.append(read)
    if len(ids) > EVENT_PERSONS_MAX:
        return Fault(f"names {len(ids)} persons", f"Split the event: one names at most {EVENT_PERSONS_MAX}")
    return tuple(ids)


def parse_kind(value: Value, kinds: Collection[str]) -> str | Fault:
    """One of `kinds`; case and spaces do not matter."""
    if isinstance(value, Fault):
        return value
    word = plain(shown_value(value)).replace(" ", "_")
    if word in kinds:
        return word
    near = difflib.get_close_matches(word[:60], sorted(kinds), n=3, cutoff=0.6)
    hint = f"Did you mean {' or '.join(near)}" if near else "Write a kind from the reference of events"
    return Fault("is no kind of event", f"{hint}?" if near else hint)


def parse_body(value: Value) -> dict[str, object] | Fault:
    """The body of an event: a JSON object."""
    if isinstance(value, Fault):
        return value
    try:
        read = json.loads(shown_value(value))
    except (ValueError, RecursionError):
        return Fault("is not JSON", 'Write a JSON object like {"gate": "rafah"}')
    return read if isinstance(read, dict) else Fault("is not a JSON object", 'Write one like {"gate": "rafah"}')
