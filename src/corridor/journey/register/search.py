"""By what a person is found: keys of names in any script, of numbers, birth dates and contacts; and a question's spans.

The keys of a person stand beside their identity row and go with it. A name is found by its parts as written (their
beginnings are enough) and, in another script or spelling, by the consonants that every script writes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from corridor.journey.register.identity import BirthDate, Contact, Identity, full_names
from corridor.names.normalise import keys as parts_of
from corridor.names.normalise import part_of
from corridor.names.skeleton import skeleton

Likeness = Literal["same_number", "same_contact", "same_name", "near_name", "same_birth", "birth_differs"]
"""Why two identities may be one person, or may not be."""

EXACT, BEGINNING, CONSONANTS, NUMBER, CONTACT, BIRTH = 2, 4, 3, 40, 30, 5
"""What finding a key is worth. A part of a name spelt alike is found by all three of the first: 9."""
PHONE_DIGITS = 9
"""The last digits of a telephone number tell it, with or without the country's code before them."""
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{4})")


_PART_OF = {b"n": "names", b"s": "names", b"d": "documents", b"b": "birth", b"e": "contacts", b"p": "contacts"}
"""Which part of an identity a key tells, by its first letter."""


@dataclass(frozen=True, slots=True)
class Span:
    """Keys from `low` up to, and without, `high`; `worth` is added to who has one there."""

    low: bytes
    high: bytes
    worth: int


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: spans of keys, and how much a person must have found to be an answer."""

    spans: tuple[Span, ...]
    worth_min: int

    def spans_of(self, parts: Collection[str]) -> tuple[Span, ...]:
        """The spans that ask for these parts of an identity only: names, birth, documents, contacts."""
        return tuple(span for span in self.spans if _PART_OF[span.low[:1]] in parts)


def keys_of(identity: Identity) -> frozenset[bytes]:
    """Every key of an identity."""
    found = {f"n:{text}" for name in full_names(identity) for text, _ in parts_of_name(name)}
    found |= {f"s:{bones}" for name in full_names(identity) for _, bones in parts_of_name(name) if bones}
    found |= {f"d:{folded(one.number)}" for one in identity.documents if one.number and folded(one.number)}
    found |= {key for contact in identity.contacts if (key := _contact_key(contact))}
    if identity.birth is not None and (day := _day_of(identity.birth)):
        found.add(f"b:{day}")
    return frozenset(key.encode() for key in found)


def question(text: str) -> Question:
    """What somebody typed into the search: names, numbers, a birth date, a telephone number or an address, mixed."""
    spans: list[Span] = []
    names: list[str] = []
    for day in _DAY.finditer(text):
        year, month, date, *turned = day.groups()
        spans.append(
            _exactly(
                f"b:{year}{month:0>2}{date:0>2}" if year else f"b:{turned[2]}{turned[1]:0>2}{turned[0]:0>2}", BIRTH
            )
        )
    rest = _DAY.sub(" ", text)
    numbers: list[str] = []
    for word in rest.split():
        if "@" in word:
            spans.append(_beginning(f"e:{word.casefold()}", CONTACT))
        elif any(letter.isdigit() for letter in word):
            numbers.append(folded(word))
        else:
            names.append(word)
    for number in dict.fromkeys([*numbers, "".join(numbers)]):
        spans += _number_spans(number)
    parts = parts_of_name(" ".join(names))
    for part, bones in parts:
        spans += _part_spans(part, bones)
    telling = sum(bool(bones) for _, bones in parts)  # "al" narrows, it need not fit
    least = CONSONANTS * -(-telling * 3 // 5) if telling else 1
    return Question(tuple(spans), least)


def resembling(identity: Identity) -> Question:
    """Who may be the same person as this identity, for the look before somebody is created and for duplicates."""
    parts = dict.fromkeys(part for name in full_names(identity) for part in parts_of_name(name))
    spans = [span for part, bones in parts for span in _part_spans(part, bones, whole=True)]
    spans += [_exactly(f"d:{folded(one.number)}", NUMBER) for one in identity.documents if one.number]
    spans += [_exactly(key, CONTACT) for contact in identity.contacts if (key := _contact_key(contact))]
    if identity.birth is not None and (day := _day_of(identity.birth)):
        spans.append(_exactly(f"b:{day}", BIRTH))
    return Question(tuple(spans), CONSONANTS * 2)


def number_key(number: str) -> Span:
    """The key of a document's number."""
    return _exactly(f"d:{folded(number)}", NUMBER)


def birth_key(birth: BirthDate) -> Span:
    """The key of a birth date."""
    return _exactly(f"b:{_day_of(birth)}", BIRTH)


def likenesses(one: Identity, other: Identity, *, near: bool = False) -> tuple[Likeness, ...]:
    """Why two identities may be one person: what is the same, what is near; `birth_differs` speaks against it.

    `near`: an engine of names has found their names to be near.
    """
    found: list[Likeness] = []
    if numbers_of(one) & numbers_of(other):
        found.append("same_number")
    if _contacts(one) & _contacts(other):
        found.append("same_contact")
    pairs = [(parts_of_name(mine), parts_of_name(theirs)) for mine in full_names(one) for theirs in full_names(other)]
    if any(mine and {text for text, _ in mine} == {text for text, _ in theirs} for mine, theirs in pairs):
        found.append("same_name")
    elif near or any(_near(mine, theirs) for mine, theirs in pairs):
        found.append("near_name")
    days = [_day_of(identity.birth) for identity in (one, other) if identity.birth is not None]
    if len(days) == 2 and days[0] and days[1]:
        short = min(map(len, days))
        found.append("same_birth" if days[0][:short] == days[1][:short] else "birth_differs")
    return tuple(found)


def may_be_one(found: Iterable[Likeness]) -> bool:
    """Whether somebody should look before taking the two for different people."""
    have = set(found)
    return bool(have & {"same_number", "same_name"} or ("near_name" in have and "birth_differs" not in have)) or (
        {"same_contact", "same_birth"} <= have
    )


def folded(number: str) -> str:
    """A document's number without blanks, hyphens and case."""
    return "".join(letter for letter in number.upper() if letter.isalnum())


def parts_of_name(name: str) -> tuple[tuple[str, str], ...]:
    """Each part of a name as written, and its consonants ('' when they are too few to tell anything)."""
    found = ((part_of(key).text, skeleton(key)) for key in parts_of(name))
    return tuple((text, bones if len(bones) > 1 else "") for text, bones in found)


def _part_spans(text: str, bones: str, *, whole: bool = False) -> Iterator[Span]:
    yield _exactly(f"n:{text}", EXACT + BEGINNING if whole else EXACT)
    if not whole:
        yield _beginning(f"n:{text}", BEGINNING)
    if bones:
        yield _exactly(f"s:{bones}", CONSONANTS)


def _number_spans(number: str) -> Iterator[Span]:
    """A number typed may be a document's, from its beginning, or a telephone's, from its end."""
    if len(number) >= 4:
        yield _beginning(f"d:{number}", NUMBER)
    if len(number) >= 5 and number.isdigit():
        yield _beginning(f"p:{_from_the_end(number)}", CONTACT)


def _near(mine: tuple[tuple[str, str], ...], theirs: tuple[tuple[str, str], ...]) -> bool:
    """Whether two names share two parts by their consonants, or the only part that one of them has."""
    shared = len({bones for _, bones in mine if bones} & {bones for _, bones in theirs if bones})
    return shared >= 2 or (shared == 1 and 1 in (len(mine), len(theirs)))


def numbers_of(identity: Identity) -> set[str]:
    """The numbers of a person's documents as they are compared."""
    return {folded(one.number) for one in identity.documents if one.number} - {""}


def _contacts(identity: Identity) -> set[str]:
    return {key for contact in identity.contacts if (key := _contact_key(contact))}


def _contact_key(contact: Contact) -> str:
    """The key of a contact; '' for one that nobody is found by, such as an address."""
    digits = "".join(letter for letter in contact.value if letter.isdigit())
    if contact.channel == "email" or "@" in contact.value:
        return f"e:{contact.value.strip().casefold()}"
    return f"p:{_from_the_end(digits)}" if contact.channel != "address" and len(digits) >= 5 else ""


def _from_the_end(digits: str) -> str:
    return digits[-PHONE_DIGITS:][::-1]


def _day_of(birth: BirthDate) -> str:
    """A birth date as far as it is known and not guessed; '' when nothing is."""
    if birth.precision in ("age", "unknown") or birth.year is None:
        return ""
    return "".join(f"{part:02}" for part in (birth.year, birth.month, birth.day) if part is not None)


def _exactly(key: str, worth: int) -> Span:
    return Span(key.encode(), key.encode() + b"\x00", worth)


def _beginning(key: str, worth: int) -> Span:
    return Span(key.encode(), key.encode() + b"\xff", worth)
