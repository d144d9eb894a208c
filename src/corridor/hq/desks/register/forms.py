"""The short forms of a person's page: what each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.operation import Need, name_in
from corridor.hq.desks.form import Chosen, Day, OrderForm, Text, YesNo, places
from corridor.hq.desks.register.create import words_of
from corridor.hq.desks.register.fields import Birth, Citizenships
from corridor.hq.served import served
from corridor.journey.register.access import Part
from corridor.journey.register.events import AgeBand, Channel, Relation, Sex, WithdrawalReason
from corridor.journey.register.identity import DocumentType

WRITES: tuple[Part, ...] = ("names", "birth", "documents", "contacts")


class Named(OrderForm):
    """A form whose fields are labelled in the reader's language."""

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        raise NotImplementedError

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        for name, label in self.labels().items():
            self.fields[name].label = label


class NameForm(Named):
    """A name as written somewhere."""

    text = Text(max_length=200)
    source = Text(max_length=64)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"text": _("Name as written"), "source": _("Written in")}


class BirthForm(Named):
    """A birth date."""

    birth = Birth()

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"birth": _("Birth date")}


class DocumentForm(Named):
    """A document with its number."""

    type = Chosen(words_of(DocumentType))
    number = Text(required=False, max_length=64)
    issuer = Text(required=False, max_length=64)
    valid_until = Day(required=False)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {
            "type": _("Document"),
            "number": _("Number"),
            "issuer": _("Issued by"),
            "valid_until": _("Valid until"),
        }


class ContactForm(Named):
    """A way to reach the person, and whether it was tried."""

    channel = Chosen(words_of(Channel))
    value = Text(max_length=200)
    reachable = YesNo(required=False)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"channel": _("By"), "value": _("Number or address"), "reachable": _("Reached")}


class ParticularsForm(Named):
    """What is known of a person besides the names; what is left empty stays as it was."""

    citizenships = Citizenships(required=False)
    age_band = Chosen(words_of(AgeBand), optional=True)
    sex = Chosen(words_of(Sex), optional=True)
    relation = Chosen(words_of(Relation), optional=True)
    category = Chosen(lambda: _categories(), optional=True)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {
            "citizenships": _("Citizenships"),
            "age_band": _("Age"),
            "sex": _("Sex"),
            "relation": _("Relation"),
            "category": _("Goes before others as"),
        }


class NeedForm(Named):
    """What the person needs from now on."""

    need = Chosen(words_of(Need))
    detail = Text(required=False, max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"need": _("Need"), "detail": _("More about it")}


class WithdrawForm(Named):
    """Why the person does not come."""

    why = Chosen(words_of(WithdrawalReason))

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"why": _("Reason")}


class ReofferForm(Named):
    """Where the person waits again."""

    place = Chosen(places)
    why = Text(required=False, max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"place": _("Place"), "why": _("Reason")}


class DeathForm(Named):
    """Where somebody died, as far as it is known."""

    where = Text(required=False, max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"where": _("Where, as it was told")}


class ForgetForm(Named):
    """Why somebody's identity is deleted for good."""

    why = Text(max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"why": _("Reason")}


class CodesForm(Named):
    """Why the cards printed for somebody are good no longer."""

    why = Text(max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"why": _("Reason")}


def _categories() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(one.id, name_in(one.names, language)) for one in served().operation.categories]


FORMS: Mapping[str, type[Named]] = {
    "name": NameForm,
    "birth": BirthForm,
    "document": DocumentForm,
    "contact": ContactForm,
    "particulars": ParticularsForm,
    "need": NeedForm,
    "withdraw": WithdrawForm,
    "reoffer": ReofferForm,
    "died": DeathForm,
    "forget": ForgetForm,
    "codes": CodesForm,
}
"""The forms by what they do."""
