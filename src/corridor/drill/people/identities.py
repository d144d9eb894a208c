"""What the identity store holds of an invented person: names in the scripts of their papers, birth, documents."""

from __future__ import annotations

from random import Random

from corridor.drill.people.invented import Party, Person
from corridor.drill.people.names_pool import written
from corridor.journey.register.identity import BirthDate, Contact, Document, Identity, NameAs

CYRILLIC_APPLICATION_SHARE = 0.4  # of those without a Cyrillic paper whose relatives wrote the name so; invented


def identity_of(person: Person, party: Party, rng: Random) -> Identity:
    """The identity of a person; the head of the party has a way to be reached."""
    names = [
        NameAs(text=written(person.called, "arabic", rng), script="arabic", part="full", source="application"),
        NameAs(text=written(person.called, "latin", rng), script="latin", part="full", source="passport"),
    ]
    if person.called.patronymic is not None:
        text = written(person.called, "cyrillic", rng)
        names.append(NameAs(text=text, script="cyrillic", part="full", source="passport"))
    elif rng.random() < CYRILLIC_APPLICATION_SHARE:
        text = written(person.called, "cyrillic", rng)
        names.append(NameAs(text=text, script="cyrillic", part="full", source="application"))
    born = person.born
    documents: tuple[Document, ...] = ()
    if person.document_number is not None:
        documents = (Document(type="passport", number=person.document_number, issuer=person.citizenship),)
    contacts: tuple[Contact, ...] = ()
    if person == party.head:
        contacts = (Contact(channel="phone", value=f"+970 000 {rng.randrange(10**6):06d}"),)
    return Identity(
        names=tuple(names),
        birth=BirthDate(year=born.year, month=born.month, day=born.day, precision="day"),
        documents=documents,
        contacts=contacts,
    )
