"""Who a person is: names as written somewhere, birth date as well as it is known, documents and contacts.

Identities never stand in events; they lie in the identity store, one erasable row a person, read through `access`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.journey.register.events import Channel
from corridor.journey.register.refusals import UNREADABLE_IDENTITY

Script = Literal["latin", "cyrillic", "arabic", "other"]
NamePart = Literal["full", "surname", "given", "patronymic"]
Precision = Literal["day", "month", "year", "age", "unknown"]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAs:
    """A name, or a part of one, exactly as `source` writes it (a passport, an application, a list)."""

    text: str
    script: Script
    part: NamePart
    source: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a name is empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthDate:
    """When a person was born, as precisely as is known; what is not known is None.

    With precision `age` the year was worked out from an age that was told and may be wrong by one. A document saying
    1 January often means that only the year is known: record `year` then.
    """

    year: int | None
    month: int | None = None
    day: int | None = None
    precision: Precision

    def __post_init__(self) -> None:
        known = (self.year is not None, self.month is not None, self.day is not None)
        wanted = {"day": (True, True, True), "month": (True, True, False), "unknown": (False, False, False)}
        if known != wanted.get(self.precision, (True, False, False)):
            raise ValueError(f"a birth date with precision {self.precision} has other parts")
        if self.year is not None:
            date(self.year, self.month or 1, self.day or 1)  # ValueError when the calendar has no such day


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that a person holds or held."""

    type: DocumentType
    number: str | None = None  # None: not known
    issuer: str | None = None  # alpha-3 code or an office; None: not known
    valid_until: date | None = None  # None: not known, or for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A way to reach a person: a number, an address, a name in a messenger."""

    channel: Channel
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What is known of who a person is. `version` grows by one with every writing."""

    version: int = 1
    names: tuple[NameAs, ...] = ()
    birth: BirthDate | None = None  # None: nobody asked; precision `unknown`: asked, and not known
    documents: tuple[Document, ...] = ()
    contacts: tuple[Contact, ...] = ()


def full_names(identity: Identity) -> tuple[str, ...]:
    """Every full name: those written as one, and those put together from the parts of one source and script."""
    whole = [name.text for name in identity.names if name.part == "full"]
    parts: dict[tuple[str, str], dict[str, list[str]]] = {}
    for name in identity.names:
        if name.part != "full":
            parts.setdefault((name.source, name.script), {}).setdefault(name.part, []).append(name.text)
    for found in parts.values():
        texts = [text for part in ("given", "patronymic", "surname") for text in found.get(part, ())]
        whole.append(" ".join(texts))
    return tuple(dict.fromkeys(whole))


def together(identities: Sequence[Identity]) -> Identity:
    """What several identities of one human being say: everything of each, of birth dates the first that is known."""
    if len(identities) == 1:
        return identities[0]
    births = [one.birth for one in identities if one.birth is not None and one.birth.precision != "unknown"]
    return Identity(
        version=identities[0].version,
        names=tuple(dict.fromkeys(name for one in identities for name in one.names)),
        birth=births[0] if births else identities[0].birth,
        documents=tuple(dict.fromkeys(document for one in identities for document in one.documents)),
        contacts=tuple(dict.fromkeys(contact for one in identities for contact in one.contacts)),
    )


def encode(identity: Identity) -> bytes:
    """The identity as JSON, for the store."""
    return msgspec.json.encode(identity)


def decode(person: PersonId, data: bytes) -> Identity | Refusal:
    """The identity from its JSON; a Refusal naming the person and the field when it cannot be read."""
    try:
        return msgspec.json.decode(data, type=Identity)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return UNREADABLE_IDENTITY(person=person, why=str(error))
