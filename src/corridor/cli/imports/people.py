"""`corridor import people FILE`: applicants from a table, as events; their names go to the identity store only."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import get_args

from corridor.base.ids import PartyId, PersonId, PlaceId, UserId
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import Need, Operation
from corridor.base.sheets.rows import PersonRow, read_people
from corridor.cli.arguments import DONE, REFUSED, Stop, now, opened
from corridor.cli.imports.table import Table, complain, left_out, read_file, read_tables, stop_if_bad
from corridor.journey.clear.file_rows import birth_of
from corridor.journey.kinds import draft
from corridor.journey.register import events as happened
from corridor.journey.register.events import AgeBand, IdentityField
from corridor.journey.register.identity import Contact, Document, Identity, NameAs, NamePart, Script, encode
from corridor.ledger.accounts import OUTSIDE, place_account
from corridor.ledger.event import Draft

INFANT_UNTIL_YEARS, CHILD_UNTIL_YEARS, ELDER_FROM_YEARS = 2, 18, 65
_SCRIPTS: Mapping[str, Script] = {"Latin": "latin", "Cyrillic": "cyrillic", "Arabic": "arabic"}
_NAMED: tuple[tuple[str, NamePart], ...] = (
    ("full_name", "full"),
    ("surname", "surname"),
    ("given", "given"),
    ("patronymic", "patronymic"),
    ("name_latin", "full"),
    ("name_cyrillic", "full"),
    ("name_arabic", "full"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """One row as it becomes a person: the drafts, the identity, and what is in doubt about it."""

    row: PersonRow
    person: PersonId
    identity: Identity
    drafts: tuple[Draft, ...]
    doubts: tuple[str, ...]


def run(arguments: Namespace) -> int:
    """Import the people of a file; who is in the book already is left as they are."""
    data = read_file(arguments.file)
    operation = opened(arguments)
    at = now()
    today = datetime_of(at, operation.operation.as_of_zone).date()
    day = arguments.for_date or today
    tables: list[Table[PersonRow]] = read_tables(
        arguments, data, "people", lambda sheet, mapping: read_people(sheet, mapping, day)
    )
    for line in complain(tables):
        print(line)
    stop_if_bad(arguments, tables)
    in_book = set(operation.view(at, at).everybody())
    user = UserId(arguments.by or "import")
    applicants: dict[PersonId, Applicant] = {}
    known = repeated = 0
    for row in (row for table in tables for row in table.reading.rows):
        applicant = applicant_of(row, operation.operation, user, at, day)
        if applicant.person in in_book:
            known += 1
        elif applicant.person in applicants:
            repeated += 1
            print(f"Repeated: {row.position} says the same as {applicants[applicant.person].row.position}")
        else:
            applicants[applicant.person] = applicant
    for applicant in applicants.values():
        for doubt in applicant.doubts:
            print(f"In doubt: {applicant.row.position}: {doubt}")
    total = f"{len(applicants)} imported, {known} in the book already, {repeated} repeated, {left_out(tables)} left out"
    if arguments.dry_run:
        print(f"Dry run, nothing was written. It would be: {total}.")
        return REFUSED if left_out(tables) else DONE
    if not operation.records:
        raise Stop("Headquarters' signing key is not on this machine, so nothing can be recorded here.")
    operation.archive.put(data, arguments.file.name, at)
    # Names first: should the power fail between the two, repeating the import finds nobody in the book and goes on.
    with operation.database.transaction():
        for applicant in applicants.values():
            operation.identities.put(applicant.person, encode(applicant.identity), at)
    operation.writer.record([one for applicant in applicants.values() for one in applicant.drafts], at)
    print(f"Done: {total}.")
    return REFUSED if left_out(tables) else DONE


def applicant_of(row: PersonRow, operation: Operation, by: UserId, at: Moment, day: date) -> Applicant:
    """The person of a row. The same row, or the same unshared reference, gives the same person id every time."""
    doubts: list[str] = []
    recognised = f"ref:{row.reference}" if row.reference and not row.reference_shared else f"row:{row.digest}"
    person = PersonId(f"p-{_short(recognised)}")
    party = PartyId(f"f-{_short(f'{row.position.file}:{row.party}')}" if row.party else f"f-{person[2:]}")
    age_band = age_band_of(row, day)
    if age_band is None:
        doubts.append("no birth date and no age: counted as grown up until one is known")
    place = _place(row, operation, doubts)
    own = bool(row.citizenships) and row.citizenships[0] in operation.eligibility.own_citizenships
    registered = happened.Registered(
        party=party,
        citizenships=row.citizenships,
        age_band=age_band or "adult",
        sex=None if row.sex is None else {"f": "female", "m": "male"}[row.sex],  # type: ignore[arg-type]
        relation=None if not row.citizenships else "citizen" if own else "relative",
        channel="import",
        application=row.reference,
    )
    identity = identity_of(row)
    here = place_account(place)
    drafts = [draft(happened.REGISTERED, registered, at=at, by=by, persons=(person,), source=OUTSIDE, target=here)]
    identified = happened.Identified(fields=tuple(_written(identity)), version=1)
    drafts.append(draft(happened.IDENTIFIED, identified, at=at, by=by, persons=(person,)))
    if row.head:
        head = happened.JoinedParty(party=party, role="head")
        drafts.append(draft(happened.JOINED_PARTY, head, at=at, by=by, persons=(person,)))
    for need in row.needs:
        word = need.strip().lower().replace(" ", "_")
        if word in get_args(Need):
            body = happened.NeedRecorded(need=word)  # type: ignore[arg-type]  # just compared with the literals
            drafts.append(draft(happened.NEED_RECORDED, body, at=at, by=by, persons=(person,)))
        else:
            doubts.append(f"the need {need!r} is not one of {', '.join(get_args(Need))}: not taken")
    for channel in dict.fromkeys(contact.channel for contact in identity.contacts):
        reach = happened.ContactRecorded(channel=channel)
        drafts.append(draft(happened.CONTACT_RECORDED, reach, at=at, by=by, persons=(person,)))
    return Applicant(row=row, person=person, identity=identity, drafts=tuple(drafts), doubts=tuple(doubts))


def age_band_of(row: PersonRow, day: date) -> AgeBand | None:
    """The age band on a day, from the birth date as well as it is known; None when nothing is."""
    if row.birth is None:
        return None
    born = date(row.birth.year, row.birth.month or 1, 1 if row.birth.month is None else row.birth.day or 1)
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if years < INFANT_UNTIL_YEARS:
        return "infant"
    if years < CHILD_UNTIL_YEARS:
        return "child"
    return "elder" if years >= ELDER_FROM_YEARS else "adult"


def identity_of(row: PersonRow) -> Identity:
    """What the row says of who the person is."""
    source = str(row.position)
    names = tuple(
        NameAs(text=name.text, script=_SCRIPTS.get(name.script, "other"), part=part, source=source)
        for field, part in _NAMED
        if (name := getattr(row, field)) is not None
    )
    birth = birth_of(row.birth)
    documents: tuple[Document, ...] = ()
    if row.document_number or row.document_type:
        document = Document(
            type=row.document_type or "other",
            number=row.document_number.written if row.document_number else None,
            issuer=row.document_issuer,
            valid_until=row.document_valid_until,
        )
        documents = (document,)
    contacts = tuple(Contact(channel="phone", value=phone) for phone in row.phones)
    if row.email:
        contacts += (Contact(channel="email", value=row.email),)
    return Identity(names=names, birth=birth, documents=documents, contacts=contacts)


def _written(identity: Identity) -> Iterator[IdentityField]:
    yield "names"
    if identity.birth:
        yield "birth"
    if identity.documents:
        yield "documents"
    if identity.contacts:
        yield "contacts"


def _place(row: PersonRow, operation: Operation, doubts: list[str]) -> PlaceId:
    """Where the person is: the place the row names, else the first place of origin."""
    first = operation.places_of("origin")[0]
    if row.place is None:
        return first.id
    word = row.place.strip().casefold()
    for place in operation.places:
        if word in (place.id, *(name.casefold() for name in place.names.values())):
            return place.id
    doubts.append(f"{row.place!r} is no place of the operation: registered at {first.id}")
    return first.id


def _short(text: str) -> str:
    """Enough of a digest to tell people apart: among a million the chance that two share it is below 1 in 500,000."""
    return sha256(text.encode()).hexdigest()[:15]
