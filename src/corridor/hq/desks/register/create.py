"""A new person: only after a search, and only when nobody near them is the person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import PartyId, PersonId
from corridor.base.refusal import Refusal
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, OrderForm, Text, places
from corridor.hq.desks.register.fields import Birth, Citizenships, age_band_of
from corridor.hq.desks.register.finding import name_as, resembles
from corridor.hq.desks.register.finding import search as find
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.register.access import Part
from corridor.journey.register.events import AgeBand, PartyRole, Relation, Sex
from corridor.journey.register.identity import Contact, Document, DocumentType, Identity
from corridor.journey.register.orders import NewPerson, RecordContact, Register


def words_of(kind: Any) -> Any:
    """The words of a closed list, for a field."""
    return lambda: [(one, str(word(one))) for one in get_args(kind)]


class NewForm(OrderForm):
    """Who comes: what is left out is not known and can be written later."""

    name = Text()
    other_name = Text(required=False)
    birth = Birth(required=False)
    age_band = Chosen(words_of(AgeBand), optional=True)
    sex = Chosen(words_of(Sex), optional=True)
    citizenships = Citizenships(required=False)
    relation = Chosen(words_of(Relation), optional=True)
    document_type = Chosen(words_of(DocumentType), optional=True)
    number = Text(required=False, max_length=64)
    issuer = Text(required=False, max_length=64)
    phone = Text(required=False, max_length=64)
    place = Chosen(places)
    party = Text(required=False, max_length=64)
    role = Chosen(words_of(PartyRole), optional=True)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        labels: Mapping[str, str] = {
            "name": _("Full name, as written in one place"),
            "other_name": _("The same name in another script"),
            "birth": _("Birth date"),
            "age_band": _("Age"),
            "sex": _("Sex"),
            "citizenships": _("Citizenships"),
            "relation": _("Relation"),
            "document_type": _("Document"),
            "number": _("Number"),
            "issuer": _("Issued by"),
            "phone": _("Telephone"),
            "place": _("Place"),
            "party": _("Party"),
            "role": _("Role in the party"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["birth"].help_text = _("1984-03-09, 1984-03 or 1984: as much as is known.")
        self.fields["citizenships"].help_text = _("RUS, PSE: the first one is counted.")
        self.fields["party"].help_text = _("Leave it out for a new party.")

    def clean(self) -> dict[str, Any]:
        """Without an age nobody can tell whether the person needs an adult."""
        filled: dict[str, Any] = super().clean() or self.cleaned_data
        birth = filled.get("birth")
        if birth is not None and not filled.get("age_band"):
            filled["age_band"] = age_band_of(birth, served().now())
        if not filled.get("age_band") and "birth" not in self.errors:
            self.add_error("age_band", _("Give the birth date, or at least the age."))
        if filled.get("number") and not filled.get("document_type"):
            self.add_error("document_type", _("Say which document has this number."))
        return filled

    def identity(self) -> Identity:
        """What the identity row will hold."""
        filled = self.cleaned_data
        names = [name_as(text, "application") for text in (filled["name"], filled.get("other_name")) if text]
        documents: tuple[Document, ...] = ()
        if filled.get("document_type"):
            documents = (
                Document(type=filled["document_type"], number=filled.get("number"), issuer=filled.get("issuer")),
            )
        contacts = (Contact(channel="phone", value=filled["phone"]),) if filled.get("phone") else ()
        return Identity(names=tuple(names), birth=filled.get("birth"), documents=documents, contacts=contacts)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """The form of a new person. Without a search before it there is none; near persons must be looked at one by one."""
    board, text = served().board_now(), request.GET.get("q", "").strip()
    if not text:
        messages.info(request, _("Search first: whoever is in the book already must not be created again."))
        return redirect("register")
    near = find(request, board, text) if request.method == "GET" else []
    form = NewForm(request.POST or None, initial=_initial(request, board, text))
    if request.method == "POST" and form.is_valid():
        near = resembles(request, board, form.identity())
        looked_at = set(request.POST.getlist("other"))
        unlooked = [one for one in near if one.person not in looked_at]
        if not unlooked:
            made = _register(request, board, form)
            if not isinstance(made, Refusal):
                messages.success(request, _("Registered. Now type or paste the zone of the document."))
                return redirect("register-person", made)
            form.refuse(made)
        else:
            form.refusal = (
                _("Somebody in the book may be this person."),
                _("Look at each of them, and tick that it is somebody else, or open the person who is there."),
            )
    facts = {"part": "search", "q": text, "form": form, "near": near, "asks": request.method == "POST" and bool(near)}
    return show(request, "hq/desks/register/create.html", facts, status=409 if form.refusal else 200)


def _initial(request: HttpRequest, board: Board, text: str) -> dict[str, Any]:
    """What the search and the party say already."""
    party = request.GET.get("party", "")
    members = board.everybody.company.members(party)
    origin = board.operation.places_of("origin")
    start: dict[str, Any] = {"place": origin[0].id if origin else None, "role": "other" if members else "head"}
    if members:
        start["party"] = party
    digits = any(letter.isdigit() for letter in text)
    return start if digits or "<" in text or "@" in text else {**start, "name": text}


def _register(request: HttpRequest, board: Board, form: NewForm) -> PersonId | Refusal:
    """The person in the book, with their identity row. The id comes from the form, so that sending it twice is once."""
    filled = form.cleaned_data
    person = PersonId(_id_of("p", request))
    party = filled.get("party") or _id_of("f", request)
    new = NewPerson(
        person=person,
        citizenships=filled["citizenships"],
        age_band=filled["age_band"],
        role=filled.get("role"),
        sex=filled.get("sex"),
        relation=filled.get("relation"),
    )
    order = Register(
        by=door.by(request), party=PartyId(party), persons=(new,), place=filled["place"], channel="in_person"
    )
    given = door.give(request, order)
    if isinstance(given, Refusal) or given.again:
        return given if isinstance(given, Refusal) else person
    identity = form.identity()
    parts: frozenset[Part] = frozenset({"names", "birth", "documents", "contacts"})
    kept = door.keep_identity(request, person, parts, lambda before: replace(identity, version=before.version))
    if isinstance(kept, Refusal):
        return kept
    if identity.contacts:
        door.give(request, RecordContact(by=door.by(request), persons=(person,), channel="phone"))
    return person


def _id_of(prefix: str, request: HttpRequest) -> str:
    """An id that the form's token decides: nobody can guess it before the form is sent."""
    letters = "23456789abcdefghjkmnpqrstuvwxyz"
    drawn = hashlib.blake2b(f"{prefix}{request.POST.get(door.TOKEN_FIELD, '')}".encode(), digest_size=8).digest()
    return f"{prefix}-{''.join(letters[byte % len(letters)] for byte in drawn)}"
