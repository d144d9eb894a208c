"""Invented people whose records are made with known chances, and short ways to write a record."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from corridor.base.sheets.dates import BirthDate
from corridor.names.records.record import Record, RecordId, Sex

SAME_BIRTH, SAME_SEX, HAS_DOCUMENT, SAME_DOCUMENT = 0.8, 0.98, 0.6, 0.7
"""How often a second record of a person agrees, or has a document at all: what learning must find again."""

_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"


def born(year: int, month: int | None = None, day: int | None = None) -> BirthDate:
    """A birth date as exact as it is given."""
    precision = "day" if day is not None else "month" if month is not None else "year"
    return BirthDate(year=year, month=month, day=day, precision=precision)


def person(
    id: str,
    *names: str,
    birth: BirthDate | None = None,
    sex: Sex | None = "m",
    citizenship: str | None = "RUS",
    document: str | None = None,
) -> Record:
    """A record."""
    return Record(
        id=RecordId(id),
        names=names,
        birth=birth,
        sex=sex,
        citizenships=() if citizenship is None else (citizenship,),
        documents=() if document is None else (document,),
    )


def _word(rng: Random, syllables: int) -> str:
    return "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(syllables)).title()


def register(people: int, twice: float, seed: int) -> tuple[list[Record], dict[RecordId, str]]:
    """A register in which a share of `twice` of the people stand twice, and the truth about it."""
    rng = Random(seed)
    given = [_word(rng, 3) for _ in range(150)]
    records: list[Record] = []
    truth: dict[RecordId, str] = {}
    for number in range(people):
        first = person(
            f"a{number}",
            f"{_word(rng, 4)} {rng.choice(given)}",
            birth=born(rng.randrange(1940, 2020), rng.randrange(1, 13), rng.randrange(2, 29)),
            sex=rng.choice(("f", "m")),
            citizenship=rng.choice(("RUS", "UKR", "PSE", "JOR", "EGY")),
            document=_document(rng) if rng.random() < HAS_DOCUMENT else None,
        )
        records.append(first)
        truth[first.id] = f"e{number}"
        if rng.random() < twice:
            second = _again(first, number, rng)
            records.append(second)
            truth[second.id] = f"e{number}"
    rng.shuffle(records)
    return records, truth


def _document(rng: Random) -> str:
    return f"{rng.choice('ABCDEF')}{rng.randrange(10**8):08}"


def _again(first: Record, number: int, rng: Random) -> Record:
    """The same person as another clerk wrote them down."""
    birth = first.birth
    assert birth is not None
    if rng.random() >= SAME_BIRTH:
        birth = born(birth.year, rng.randrange(1, 13), rng.randrange(2, 29))
    document: tuple[str, ...] = ()
    if rng.random() < HAS_DOCUMENT:
        document = first.documents if first.documents and rng.random() < SAME_DOCUMENT else (_document(rng),)
    flipped: Sex = "m" if first.sex == "f" else "f"
    name = first.names[0]
    if rng.random() < 0.2:
        name = " ".join(reversed(name.split()))
    return replace(
        first,
        id=RecordId(f"b{number}"),
        names=(name,),
        birth=birth,
        sex=first.sex if rng.random() < SAME_SEX else flipped,
        documents=document,
    )
